/* SPDX-License-Identifier: Apache-2.0 */
/*
 * row - an entry as an object of list models; lives as long as its stage is known
 */
#include "row.h"

#include "base/text.h"

struct _DeskRow {
    GObject parent;
    struct desk_entry entry;
    int wait_min;
    unsigned under_way;
    bool is_selected, is_moved;
    char refusal[DESK_CODE_SIZE], detail[161];
};

G_DEFINE_FINAL_TYPE(DeskRow, desk_row, G_TYPE_OBJECT)

static guint changed_signal;

static void
desk_row_finalize(GObject *object)
{
    DeskRow *row = DESK_ROW(object);

    explicit_bzero(&row->entry, sizeof row->entry);
    G_OBJECT_CLASS(desk_row_parent_class)->finalize(object);
}

static void
desk_row_class_init(DeskRowClass *class)
{
    G_OBJECT_CLASS(class)->finalize = desk_row_finalize;
    changed_signal = g_signal_new("changed", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void
desk_row_init(DeskRow *row)
{
    (void)row;
}

DeskRow *
desk_row_new(const struct desk_entry *entry)
{
    DeskRow *row = g_object_new(DESK_TYPE_ROW, NULL);

    row->entry = *entry;
    return row;
}

const struct desk_entry *
desk_row_entry(DeskRow *row)
{
    return &row->entry;
}

void
desk_row_set_entry(DeskRow *row, const struct desk_entry *entry)
{
    row->entry = *entry;
}

void
desk_row_tell(DeskRow *row)
{
    /* Most rows are not on the screen. */
    if (g_signal_has_handler_pending(row, changed_signal, 0, FALSE))
        g_signal_emit(row, changed_signal, 0);
}

int
desk_row_wait_min(DeskRow *row)
{
    return row->wait_min;
}

void
desk_row_set_wait_min(DeskRow *row, int minutes)
{
    if (row->wait_min == minutes)
        return;
    row->wait_min = minutes;
    desk_row_tell(row);
}

void
desk_row_begin(DeskRow *row)
{
    row->under_way++;
    row->refusal[0] = '\0';
    row->detail[0] = '\0';
    desk_row_tell(row);
}

void
desk_row_end(DeskRow *row, const char *code, const char *detail)
{
    if (row->under_way > 0)
        row->under_way--;
    sugu_text_copy(row->refusal, sizeof row->refusal, code);
    sugu_text_copy(row->detail, sizeof row->detail, detail);
    desk_row_tell(row);
}

bool
desk_row_is_under_way(DeskRow *row)
{
    return row->under_way > 0;
}

const char *
desk_row_refusal(DeskRow *row)
{
    return row->refusal;
}

const char *
desk_row_detail(DeskRow *row)
{
    return row->detail;
}

bool
desk_row_is_selected(DeskRow *row)
{
    return row->is_selected;
}

void
desk_row_set_selected(DeskRow *row, bool is_selected)
{
    row->is_selected = is_selected;
}

bool
desk_row_is_moved(DeskRow *row)
{
    return row->is_moved;
}

void
desk_row_set_moved(DeskRow *row, bool is_moved)
{
    row->is_moved = is_moved;
}
