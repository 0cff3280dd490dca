/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text - words of the window: wraps, and takes no room where there is nothing to say
 */
#pragma once

#include <gtk/gtk.h>

/* Properties: "label", "xalign", "is-single" (one line, cut with dots). */
#define DESK_TYPE_TEXT (desk_text_get_type())
G_DECLARE_FINAL_TYPE(DeskText, desk_text, DESK, TEXT, GtkWidget)
