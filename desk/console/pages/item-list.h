/* SPDX-License-Identifier: Apache-2.0 */
/*
 * item-list - a list view over one of the model's short lists, with at most one line selected
 */
#pragma once

#include "page.h"

/* `property` is the name of the list in the model. */
void desk_item_list_start(GtkListView *view, DeskModel *model, const char *property);
/* The selection, for "notify::selected"; not owned. */
GtkSingleSelection *desk_item_list_selection(GtkListView *view);
/* Key of the selected line, "" where none is. */
const char *desk_item_list_key(GtkListView *view);
