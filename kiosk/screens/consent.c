/* SPDX-License-Identifier: Apache-2.0 */
/*
 * consent - the text of paying later, to agree to or not
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskConsent, kiosk_consent, "consent")
