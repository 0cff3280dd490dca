/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows - the stages of one queue as a sorted list for a column view, with its own selection
 */
#include "rows.h"

#include <string.h>

#define FEW 4 /* rows that are moved one by one */

struct _DeskRows {
    GObject parent;
    struct desk_filter filter;
    GPtrArray *rows; /* DeskRow, owned, in order */
};

enum { SELECTED, SIGNAL_COUNT };
static guint signals[SIGNAL_COUNT];

/* ---------------------------------------------------------------- a list */

static GType
get_item_type(GListModel *model)
{
    (void)model;
    return DESK_TYPE_ROW;
}

static guint
get_n_items(GListModel *model)
{
    return DESK_ROWS(model)->rows->len;
}

static gpointer
get_item(GListModel *model, guint position)
{
    GPtrArray *rows = DESK_ROWS(model)->rows;

    return position < rows->len ? g_object_ref(g_ptr_array_index(rows, position)) : NULL;
}

static void
list_model_init(GListModelInterface *interface)
{
    interface->get_item_type = get_item_type;
    interface->get_n_items = get_n_items;
    interface->get_item = get_item;
}

/* ---------------------------------------------------------------- a selection */

static DeskRow *
row_at(DeskRows *rows, guint position)
{
    return g_ptr_array_index(rows->rows, position);
}

static gboolean
is_selected(GtkSelectionModel *model, guint position)
{
    DeskRows *rows = DESK_ROWS(model);

    return position < rows->rows->len && desk_row_is_selected(row_at(rows, position));
}

static GtkBitset *
get_selection_in_range(GtkSelectionModel *model, guint position, guint count)
{
    DeskRows *rows = DESK_ROWS(model);
    GtkBitset *set = gtk_bitset_new_empty();

    for (guint i = position; i < rows->rows->len && i - position < count; i++)
        if (desk_row_is_selected(row_at(rows, i)))
            gtk_bitset_add(set, i);
    return set;
}

/* The one way in which a selection changes: of the rows in `mask`, those in `selected` are. */
static gboolean
set_selection(GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
    DeskRows *rows = DESK_ROWS(model);
    guint first = GTK_INVALID_LIST_POSITION, last = 0;

    for (guint i = 0; i < rows->rows->len; i++) {
        bool is_meant = gtk_bitset_contains(selected, i);
        if (!gtk_bitset_contains(mask, i) || desk_row_is_selected(row_at(rows, i)) == is_meant)
            continue;
        desk_row_set_selected(row_at(rows, i), is_meant);
        first = MIN(first, i);
        last = i;
    }
    if (first != GTK_INVALID_LIST_POSITION) {
        gtk_selection_model_selection_changed(model, first, last - first + 1);
        g_signal_emit(rows, signals[SELECTED], 0);
    }
    return TRUE;
}

static gboolean
select_range(GtkSelectionModel *model, guint position, guint count, gboolean unselect_rest)
{
    GtkBitset *selected = gtk_bitset_new_range(position, count);
    GtkBitset *mask = unselect_rest ? gtk_bitset_new_range(0, DESK_ROWS(model)->rows->len)
                                    : gtk_bitset_copy(selected);

    set_selection(model, selected, mask);
    gtk_bitset_unref(selected);
    gtk_bitset_unref(mask);
    return TRUE;
}

static gboolean
select_item(GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
    return select_range(model, position, 1, unselect_rest);
}

static gboolean
unselect_range(GtkSelectionModel *model, guint position, guint count)
{
    GtkBitset *selected = gtk_bitset_new_empty();
    GtkBitset *mask = gtk_bitset_new_range(position, count);

    set_selection(model, selected, mask);
    gtk_bitset_unref(selected);
    gtk_bitset_unref(mask);
    return TRUE;
}

static gboolean
unselect_item(GtkSelectionModel *model, guint position)
{
    return unselect_range(model, position, 1);
}

static gboolean
select_all(GtkSelectionModel *model)
{
    return select_range(model, 0, DESK_ROWS(model)->rows->len, TRUE);
}

static gboolean
unselect_all(GtkSelectionModel *model)
{
    return unselect_range(model, 0, DESK_ROWS(model)->rows->len);
}

static void
selection_model_init(GtkSelectionModelInterface *interface)
{
    interface->is_selected = is_selected;
    interface->get_selection_in_range = get_selection_in_range;
    interface->select_item = select_item;
    interface->unselect_item = unselect_item;
    interface->select_range = select_range;
    interface->unselect_range = unselect_range;
    interface->select_all = select_all;
    interface->unselect_all = unselect_all;
    interface->set_selection = set_selection;
}

G_DEFINE_FINAL_TYPE_WITH_CODE(DeskRows,
                              desk_rows,
                              G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_model_init)
                                  G_IMPLEMENT_INTERFACE(GTK_TYPE_SELECTION_MODEL,
                                                        selection_model_init))

static void
desk_rows_finalize(GObject *object)
{
    g_ptr_array_unref(DESK_ROWS(object)->rows);
    G_OBJECT_CLASS(desk_rows_parent_class)->finalize(object);
}

static void
desk_rows_class_init(DeskRowsClass *class)
{
    G_OBJECT_CLASS(class)->finalize = desk_rows_finalize;
    signals[SELECTED] = g_signal_new("selected", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
desk_rows_init(DeskRows *rows)
{
    rows->rows = g_ptr_array_new_with_free_func(g_object_unref);
    rows->filter.groups = DESK_GROUPS_OPEN;
}

DeskRows *
desk_rows_new(void)
{
    return g_object_new(DESK_TYPE_ROWS, NULL);
}

/* ---------------------------------------------------------------- changes */

static bool
is_wanted(const struct desk_filter *filter, DeskRow *row)
{
    const struct desk_entry *entry = desk_row_entry(row);

    return strcmp(entry->department, filter->department) == 0 &&
           (filter->groups & (1u << desk_entry_group(entry))) != 0;
}

static gint
compare_rows(gconstpointer a, gconstpointer b)
{
    DeskRow *const *first = a, *const *second = b;

    return desk_entry_compare(desk_row_entry(*first), desk_row_entry(*second));
}

/* Puts `fresh` in the place of the list and says once what differs. */
static void
replace(DeskRows *rows, GPtrArray *fresh, bool has_lost)
{
    GPtrArray *old = rows->rows;
    guint before = 0, behind = 0, least = MIN(old->len, fresh->len);

    while (before < least && g_ptr_array_index(old, before) == g_ptr_array_index(fresh, before))
        before++;
    while (behind < least - before && g_ptr_array_index(old, old->len - 1 - behind) ==
                                          g_ptr_array_index(fresh, fresh->len - 1 - behind))
        behind++;
    rows->rows = fresh;
    if (before + behind < MAX(old->len, fresh->len))
        g_list_model_items_changed(G_LIST_MODEL(rows), before, old->len - before - behind,
                                   fresh->len - before - behind);
    if (has_lost)
        g_signal_emit(rows, signals[SELECTED], 0);
    g_ptr_array_unref(old);
}

/* Merges two sorted arrays; what is marked as moved is left out of the first. */
static GPtrArray *
merge(GPtrArray *old, GPtrArray *fresh)
{
    GPtrArray *all = g_ptr_array_new_full(old->len + fresh->len, g_object_unref);
    guint j = 0;

    for (guint i = 0; i < old->len; i++) {
        DeskRow *row = g_ptr_array_index(old, i);
        if (desk_row_is_moved(row))
            continue;
        while (j < fresh->len && desk_entry_compare(desk_row_entry(g_ptr_array_index(fresh, j)),
                                                    desk_row_entry(row)) < 0)
            g_ptr_array_add(all, g_object_ref(g_ptr_array_index(fresh, j++)));
        g_ptr_array_add(all, g_object_ref(row));
    }
    while (j < fresh->len)
        g_ptr_array_add(all, g_object_ref(g_ptr_array_index(fresh, j++)));
    return all;
}

static GPtrArray *
wanted_of(const struct desk_filter *filter, GPtrArray *rows)
{
    GPtrArray *wanted = g_ptr_array_new();

    for (guint i = 0; i < rows->len; i++)
        if (is_wanted(filter, g_ptr_array_index(rows, i)))
            g_ptr_array_add(wanted, g_ptr_array_index(rows, i));
    g_ptr_array_sort(wanted, compare_rows);
    return wanted;
}

void
desk_rows_set_filter(DeskRows *rows, const struct desk_filter *filter, GPtrArray *all)
{
    GPtrArray *none = g_ptr_array_new(), *wanted;
    bool is_same = strcmp(rows->filter.department, filter->department) == 0;
    bool has_lost = false;

    rows->filter = *filter;
    wanted = wanted_of(filter, all);
    for (guint i = 0; i < rows->rows->len; i++) {
        DeskRow *row = row_at(rows, i);
        bool stays = is_same && is_wanted(filter, row);
        has_lost = has_lost || (desk_row_is_selected(row) && !stays);
        if (!stays)
            desk_row_set_selected(row, false);
    }
    replace(rows, merge(none, wanted), has_lost);
    g_ptr_array_unref(none);
    g_ptr_array_unref(wanted);
}

const struct desk_filter *
desk_rows_filter(DeskRows *rows)
{
    return &rows->filter;
}

static void
mark(GPtrArray *rows, bool is_moved)
{
    for (guint i = 0; i < rows->len; i++)
        desk_row_set_moved(g_ptr_array_index(rows, i), is_moved);
}

/* Does the row at the position stand right among those that are in order for certain? */
static bool
stands_right(DeskRows *rows, guint position)
{
    GPtrArray *all = rows->rows;
    const struct desk_entry *entry = desk_row_entry(g_ptr_array_index(all, position));
    guint before = position, behind = position + 1;

    while (before > 0 && desk_row_is_moved(g_ptr_array_index(all, before - 1)))
        before--;
    while (behind < all->len && desk_row_is_moved(g_ptr_array_index(all, behind)))
        behind++;
    return (before == 0 ||
            desk_entry_compare(desk_row_entry(row_at(rows, before - 1)), entry) < 0) &&
           (behind == all->len ||
            desk_entry_compare(entry, desk_row_entry(row_at(rows, behind))) < 0);
}

/* Where the row has to stand, in a list that is in order. */
static guint
place_of(DeskRows *rows, DeskRow *row)
{
    guint low = 0, high = rows->rows->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (desk_entry_compare(desk_row_entry(row_at(rows, middle)), desk_row_entry(row)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A row that does not stand right is taken out; it stays marked, and is put in again below. */
static void
take_out(DeskRows *rows, DeskRow *row, bool is_gone)
{
    guint position;

    if (!g_ptr_array_find(rows->rows, row, &position))
        return;
    if (!is_gone && is_wanted(&rows->filter, row) && stands_right(rows, position)) {
        desk_row_set_moved(row, false);
        return;
    }
    g_ptr_array_remove_index(rows->rows, position);
    g_list_model_items_changed(G_LIST_MODEL(rows), position, 1, 0);
}

/* One row moves: for a list view two splices of one row are far less work than one of thousands. */
static void
move_few(DeskRows *rows, GPtrArray *changed, GPtrArray *gone)
{
    for (guint i = 0; i < gone->len; i++)
        take_out(rows, g_ptr_array_index(gone, i), /* is_gone= */ true);
    for (guint i = 0; i < changed->len; i++)
        take_out(rows, g_ptr_array_index(changed, i), /* is_gone= */ false);
    for (guint i = 0; i < changed->len; i++) {
        DeskRow *row = g_ptr_array_index(changed, i);
        guint position;
        if (!desk_row_is_moved(row) || !is_wanted(&rows->filter, row))
            continue;
        position = place_of(rows, row);
        g_ptr_array_insert(rows->rows, (gint)position, g_object_ref(row));
        g_list_model_items_changed(G_LIST_MODEL(rows), position, 0, 1);
    }
}

void
desk_rows_update(DeskRows *rows, GPtrArray *changed, GPtrArray *gone)
{
    GPtrArray *wanted;
    bool has_lost = false;

    mark(changed, true);
    mark(gone, true);
    for (guint i = 0; i < rows->rows->len; i++) {
        DeskRow *row = row_at(rows, i);
        if (!desk_row_is_moved(row) || !desk_row_is_selected(row))
            continue;
        if (!is_wanted(&rows->filter, row) || g_ptr_array_find(gone, row, NULL)) {
            desk_row_set_selected(row, false);
            has_lost = true;
        }
    }
    if (changed->len + gone->len <= FEW) {
        move_few(rows, changed, gone);
        if (has_lost)
            g_signal_emit(rows, signals[SELECTED], 0);
    } else {
        wanted = wanted_of(&rows->filter, changed);
        replace(rows, merge(rows->rows, wanted), has_lost);
        g_ptr_array_unref(wanted);
    }
    mark(changed, false);
    mark(gone, false);
}

GPtrArray *
desk_rows_selected(DeskRows *rows)
{
    GPtrArray *selected = g_ptr_array_new_with_free_func(g_object_unref);

    for (guint i = 0; i < rows->rows->len; i++)
        if (desk_row_is_selected(row_at(rows, i)))
            g_ptr_array_add(selected, g_object_ref(row_at(rows, i)));
    return selected;
}

guint
desk_rows_select_only(DeskRows *rows, DeskRow *row)
{
    guint position;

    if (!g_ptr_array_find(rows->rows, row, &position))
        return GTK_INVALID_LIST_POSITION;
    select_range(GTK_SELECTION_MODEL(rows), position, 1, TRUE);
    return position;
}

DeskRow *
desk_rows_behind(DeskRows *rows, DeskRow *row)
{
    guint position;
    DeskRow *next;

    if (!g_ptr_array_find(rows->rows, row, &position) || position + 1 >= rows->rows->len)
        return NULL;
    next = row_at(rows, position + 1);
    return desk_row_entry(row)->state == SUGU_STAGE_WAITING &&
                   desk_row_entry(next)->state == SUGU_STAGE_WAITING
               ? next
               : NULL;
}
