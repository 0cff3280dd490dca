/* SPDX-License-Identifier: Apache-2.0 */
/*
 * already-paid - nothing is left to pay; the papers can be had again
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskAlreadyPaid, kiosk_already_paid, "already-paid")
