/* SPDX-License-Identifier: Apache-2.0 */
/*
 * take-card - the session is over, the card still lies on the reader
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskTakeCard, kiosk_take_card, "take-card")
