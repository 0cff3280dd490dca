/* SPDX-License-Identifier: Apache-2.0 */
/*
 * row - an entry as an object of list models; lives as long as its stage is known
 */
#pragma once

#include "entry.h"

#include <glib-object.h>

/* Signal "changed": what the row says is another now. */
#define DESK_TYPE_ROW (desk_row_get_type())
G_DECLARE_FINAL_TYPE(DeskRow, desk_row, DESK, ROW, GObject)

DeskRow *desk_row_new(const struct desk_entry *entry);
const struct desk_entry *desk_row_entry(DeskRow *row);

/* Replaces what is known. "changed" is left to desk_row_tell, after the lists are in order. */
void desk_row_set_entry(DeskRow *row, const struct desk_entry *entry);
void desk_row_tell(DeskRow *row);

/* Minutes that it has been waiting; tells by itself. */
int desk_row_wait_min(DeskRow *row);
void desk_row_set_wait_min(DeskRow *row, int minutes);

/* A request for this row is under way; counted. Both tell. */
void desk_row_begin(DeskRow *row);
void desk_row_end(DeskRow *row, const char *code, const char *detail);
bool desk_row_is_under_way(DeskRow *row);
/* Why the last request was refused, "" where it was not; code, then the server's detail. */
const char *desk_row_refusal(DeskRow *row);
const char *desk_row_detail(DeskRow *row);

/* Marks of the lists that hold it. */
bool desk_row_is_selected(DeskRow *row);
void desk_row_set_selected(DeskRow *row, bool is_selected);
bool desk_row_is_moved(DeskRow *row);
void desk_row_set_moved(DeskRow *row, bool is_moved);
