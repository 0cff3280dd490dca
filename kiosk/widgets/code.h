/* SPDX-License-Identifier: Apache-2.0 */
/*
 * code - a QR code on the screen
 */
#pragma once

#include <gtk/gtk.h>

/*
 * Properties: "content" (text; "" hides the widget), "label" (what assistive programs say of it).
 * Black on white with the quiet zone of four modules in every contrast, as scanners want it.
 */
#define KIOSK_TYPE_CODE (kiosk_code_get_type())
G_DECLARE_FINAL_TYPE(KioskCode, kiosk_code, KIOSK, CODE, GtkWidget)
