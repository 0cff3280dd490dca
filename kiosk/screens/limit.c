/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limit - how much one visit may cost the stored card
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskLimit, kiosk_limit, "limit")
