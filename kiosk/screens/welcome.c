/* SPDX-License-Identifier: Apache-2.0 */
/*
 * welcome - the first page: put the card down, hold the ticket, or go on without either
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskWelcome, kiosk_welcome, "welcome")
