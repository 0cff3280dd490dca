/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registering - the card terminal looks at the card that is to be stored
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskRegistering, kiosk_registering, "registering")
