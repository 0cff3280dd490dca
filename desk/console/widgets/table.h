/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table - columns of a column view over DeskItem: each shows one text of the line
 */
#pragma once

#include "item.h"

#include <gtk/gtk.h>

struct desk_table_column {
    const char *title; /* in the staff's language */
    enum desk_item_text text;
    bool is_number; /* to the right, and never cut */
    bool is_whole;  /* never cut; the others end in dots, and are whole in the tip */
    bool expands;
};

/* Shows `list` with these columns and at most one line selected; `columns` is static. `name` is for
 * who hears it. */
void desk_table_start(GtkColumnView *view,
                      GListModel *list,
                      const struct desk_table_column *columns,
                      size_t count,
                      const char *name);
GtkSingleSelection *desk_table_selection(GtkColumnView *view);
/* Key of the selected line, "" where none is. */
const char *desk_table_key(GtkColumnView *view);
