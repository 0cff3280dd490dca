/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bill - what it costs, by category, and the one amount to pay
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskBill, kiosk_bill, "bill")
