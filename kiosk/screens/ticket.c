/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ticket - the number of the day, so large that no paper is needed
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskTicket, kiosk_ticket, "ticket")
