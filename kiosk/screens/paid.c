/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paid - all is done: take the papers and go
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskPaid, kiosk_paid, "paid")
