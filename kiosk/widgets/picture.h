/* SPDX-License-Identifier: Apache-2.0 */
/*
 * picture - plain line drawings in the colour of the text, always beside words
 *
 * Drawn here, so that they follow size and contrast of the page and need no image loader.
 */
#pragma once

#include <gtk/gtk.h>

/*
 * Property "drawing": "card", "ticket", "terminal", "desk", "wait", "paper", "check", "question",
 * "help", "back", "large", "contrast"; "" hides the widget. Its size is that of the style's
 * min-width and min-height.
 */
#define KIOSK_TYPE_PICTURE (kiosk_picture_get_type())
G_DECLARE_FINAL_TYPE(KioskPicture, kiosk_picture, KIOSK, PICTURE, GtkWidget)
