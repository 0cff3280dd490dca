/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pay-trouble - the payment did not go through; nothing was charged
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskPayTrouble, kiosk_pay_trouble, "pay-trouble")
