/* SPDX-License-Identifier: Apache-2.0 */
/*
 * no-bill - checked in, and nothing to pay yet
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskNoBill, kiosk_no_bill, "no-bill")
