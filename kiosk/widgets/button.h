/* SPDX-License-Identifier: Apache-2.0 */
/*
 * button - a large button: words, and a picture beside them where one helps
 */
#pragma once

#include <gtk/gtk.h>

/*
 * Properties: "text" (string, may have phrase marks), "picture" (name, see picture.h; "" = none).
 * Assistive programs get the text as the name. The action's state decides whether it can be
 * pressed.
 */
#define KIOSK_TYPE_BUTTON (kiosk_button_get_type())
G_DECLARE_FINAL_TYPE(KioskButton, kiosk_button, KIOSK, BUTTON, GtkButton)
