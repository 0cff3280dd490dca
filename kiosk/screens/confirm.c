/* SPDX-License-Identifier: Apache-2.0 */
/*
 * confirm - is this right? one look, two buttons
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskConfirm, kiosk_confirm, "confirm")
