/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash - coins and notes are taken; what is in, what is missing
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskCash, kiosk_cash, "cash")
