/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-giving - coins and notes are counted, or come out
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskCashGiving, kiosk_cash_giving, "cash-giving")
