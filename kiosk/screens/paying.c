/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paying - the card terminal has the word
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskPaying, kiosk_paying, "paying")
