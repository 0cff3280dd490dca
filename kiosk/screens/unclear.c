/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unclear - the result of a payment is being asked for; nobody may pay twice
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskUnclear, kiosk_unclear, "unclear")
