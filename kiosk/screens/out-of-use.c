/* SPDX-License-Identifier: Apache-2.0 */
/*
 * out-of-use - the staff have closed this kiosk: where to go instead
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskOutOfUse, kiosk_out_of_use, "out-of-use")
