/* SPDX-License-Identifier: Apache-2.0 */
/*
 * no-card - ways to go on without a card
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskNoCard, kiosk_no_card, "no-card")
