/* SPDX-License-Identifier: Apache-2.0 */
/*
 * still-there - a pause was long: go on, or the page is cleared
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskStillThere, kiosk_still_there, "still-there")
