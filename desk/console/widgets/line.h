/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line - one DeskItem as a line of a list: sign, words, count; the level as a class
 */
#pragma once

#include "item.h"

#include <gtk/gtk.h>

/* Property: "item" (DeskItem, may be NULL). */
#define DESK_TYPE_LINE (desk_line_get_type())
G_DECLARE_FINAL_TYPE(DeskLine, desk_line, DESK, LINE, GtkWidget)

/* Makes DeskLine widgets for a list view. */
GtkListItemFactory *desk_line_factory_new(void);
