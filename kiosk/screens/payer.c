/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payer - whose card it is
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskPayer, kiosk_payer, "payer")
