/* SPDX-License-Identifier: Apache-2.0 */
/*
 * phone - a QR code to pay with a phone, and how long it can be read
 */
#include "screens/screens.h"

KIOSK_DEFINE_SCREEN(KioskPhone, kiosk_phone, "phone")
