/* SPDX-License-Identifier: Apache-2.0 */
/*
 * closed - the server is away: the staff do it by hand
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskClosed, kiosk_closed, "closed")
