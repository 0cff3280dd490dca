/* SPDX-License-Identifier: Apache-2.0 */
/*
 * old-bills - unpaid bills of earlier visits, payable one by one
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskOldBills, kiosk_old_bills, "old-bills")
