/* SPDX-License-Identifier: Apache-2.0 */
/*
 * my-card - what the stored card does today; whether it shall
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskMyCard, kiosk_my_card, "my-card")
