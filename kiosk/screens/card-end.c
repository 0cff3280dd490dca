/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-end - shall the stored card be forgotten?
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskCardEnd, kiosk_card_end, "card-end")
