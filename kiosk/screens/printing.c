/* SPDX-License-Identifier: Apache-2.0 */
/*
 * printing - receipt and statement are coming out
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskPrinting, kiosk_printing, "printing")
