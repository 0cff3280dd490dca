/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wait - something is being done; nothing to press, nothing that moves
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskWait, kiosk_wait, "wait")
