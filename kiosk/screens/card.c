/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card - the card cannot be read, or is gone: what to do
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskCard, kiosk_card, "card")
