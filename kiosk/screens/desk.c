/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk - a number and the desk that it leads to, and why
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskDesk, kiosk_desk, "desk")
