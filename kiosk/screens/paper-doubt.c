/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paper-doubt - nobody knows whether the papers came out: the patient does
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskPaperDoubt, kiosk_paper_doubt, "paper-doubt")
