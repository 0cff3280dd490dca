/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows - the stages of one queue as a sorted list for a column view, with its own selection
 *
 * A burst of changes is one merge and at most one items-changed over the part that differs; up to
 * four rows are moved one by one instead, which is less for a list view. The selection belongs to
 * the rows, not to positions: whatever comes, goes or moves, the same people stay selected.
 */
#pragma once

#include "row.h"

#include <gtk/gtk.h>

/* Implements GListModel of DeskRow and GtkSelectionModel. Signal "selected": the selection is
 * another. */
#define DESK_TYPE_ROWS (desk_rows_get_type())
G_DECLARE_FINAL_TYPE(DeskRows, desk_rows, DESK, ROWS, GObject)

/* What the list shows. */
struct desk_filter {
    char department[DESK_DEPARTMENT_SIZE];
    unsigned groups; /* bits: 1 << enum desk_group */
};
#define DESK_GROUPS_OPEN (~(1u << DESK_GROUP_OVER) & ((1u << DESK_GROUP_COUNT) - 1))
#define DESK_GROUPS_ALL  ((1u << DESK_GROUP_COUNT) - 1)

DeskRows *desk_rows_new(void);

/* Another queue: the list is made anew out of `all` (DeskRow). Nothing is selected then. */
void desk_rows_set_filter(DeskRows *rows, const struct desk_filter *filter, GPtrArray *all);
const struct desk_filter *desk_rows_filter(DeskRows *rows);

/* These rows are new, have changed or (in `gone`) are not known any more. Their marks are used. */
void desk_rows_update(DeskRows *rows, GPtrArray *changed, GPtrArray *gone);

/* Selected rows in the order of the list; free with g_ptr_array_unref. */
GPtrArray *desk_rows_selected(DeskRows *rows);
/* Selects this row alone; its position, or GTK_INVALID_LIST_POSITION where the list has it not. */
guint desk_rows_select_only(DeskRows *rows, DeskRow *row);
/* The row behind this one among those who wait; NULL where there is none. Not owned. */
DeskRow *desk_rows_behind(DeskRows *rows, DeskRow *row);
