/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stored - the card is stored, or is not
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskStored, kiosk_stored, "stored")
