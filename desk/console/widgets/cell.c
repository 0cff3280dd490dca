/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cell - one cell of the queue's list: says what its column says about its row
 *
 * No template and no expressions: a screen has hundreds of cells, and scrolling binds them anew.
 */
#include "widgets/cell.h"

#include <string.h>

struct _DeskCell {
    GtkWidget parent;
    GtkLabel *label;
    DeskModel *model; /* the column keeps it alive */
    DeskRow *row;
    enum desk_column column;
};

G_DEFINE_FINAL_TYPE(DeskCell, desk_cell, GTK_TYPE_WIDGET)

static void
show(DeskCell *cell)
{
    char words[DESK_WORDS_SIZE];
    const char *text = desk_cell_text(words, cell->model, cell->row, cell->column);
    const char *classes[] = {desk_cell_class(cell->model, cell->row, cell->column), NULL};

    gtk_label_set_label(cell->label, text);
    if (!classes[0][0])
        classes[0] = NULL;
    gtk_widget_set_css_classes(GTK_WIDGET(cell), classes);
    /* What may be cut with dots can be read whole. */
    gtk_widget_set_tooltip_text(GTK_WIDGET(cell), cell->column == DESK_COLUMN_NOTE ||
                                                          cell->column == DESK_COLUMN_NAME
                                                      ? text
                                                      : NULL);
}

static void
set_row(DeskCell *cell, DeskRow *row)
{
    if (cell->row)
        g_signal_handlers_disconnect_by_data(cell->row, cell);
    g_set_object(&cell->row, row);
    if (!row)
        return;
    g_signal_connect_swapped(row, "changed", G_CALLBACK(show), cell);
    show(cell);
}

static void
desk_cell_dispose(GObject *object)
{
    DeskCell *cell = DESK_CELL(object);

    set_row(cell, NULL);
    if (cell->label)
        gtk_widget_unparent(GTK_WIDGET(cell->label));
    cell->label = NULL;
    G_OBJECT_CLASS(desk_cell_parent_class)->dispose(object);
}

static void
desk_cell_class_init(DeskCellClass *class)
{
    G_OBJECT_CLASS(class)->dispose = desk_cell_dispose;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "datum");
}

static void
desk_cell_init(DeskCell *cell)
{
    cell->label = GTK_LABEL(gtk_label_new(""));
    gtk_label_set_xalign(cell->label, 0);
    gtk_label_set_ellipsize(cell->label, PANGO_ELLIPSIZE_END);
    gtk_widget_set_parent(GTK_WIDGET(cell->label), GTK_WIDGET(cell));
}

/* ---------------------------------------------------------------- columns */

struct column {
    DeskModel *model;
    enum desk_column column;
};

/* Of text in each column, in characters: what fits the longest usual one; 0 takes the rest. */
static const int widths[DESK_COLUMN_COUNT] = {
    [DESK_COLUMN_NUMBER] = 7,  [DESK_COLUMN_NAME] = 16,    [DESK_COLUMN_STATE] = 11,
    [DESK_COLUMN_PRIORITY] = 9, [DESK_COLUMN_APPOINTMENT] = 6, [DESK_COLUMN_ARRIVED] = 6,
    [DESK_COLUMN_WAITING] = 10, [DESK_COLUMN_DESK] = 5,     [DESK_COLUMN_NOTE] = 0,
};

static void
on_setup(GtkListItemFactory *factory, GtkListItem *item, const struct column *column)
{
    DeskCell *cell = g_object_new(DESK_TYPE_CELL, NULL);

    (void)factory;
    cell->model = column->model;
    cell->column = column->column;
    if (widths[column->column] > 0) {
        gtk_label_set_width_chars(cell->label, widths[column->column]);
        gtk_label_set_max_width_chars(cell->label, widths[column->column]);
    }
    gtk_list_item_set_child(item, GTK_WIDGET(cell));
}

static void
on_bind(GtkListItemFactory *factory, GtkListItem *item, void *user)
{
    (void)factory;
    (void)user;
    set_row(DESK_CELL(gtk_list_item_get_child(item)), gtk_list_item_get_item(item));
}

static void
on_unbind(GtkListItemFactory *factory, GtkListItem *item, void *user)
{
    (void)factory;
    (void)user;
    set_row(DESK_CELL(gtk_list_item_get_child(item)), NULL);
}

static void
column_free(gpointer data, GClosure *closure)
{
    struct column *column = data;

    (void)closure;
    g_object_unref(column->model);
    g_free(column);
}

GtkColumnViewColumn *
desk_cell_column_new(DeskModel *model, enum desk_column which)
{
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
    struct column *column = g_new0(struct column, 1);
    GtkColumnViewColumn *made;

    column->model = g_object_ref(model);
    column->column = which;
    g_signal_connect_data(factory, "setup", G_CALLBACK(on_setup), column, column_free, 0);
    g_signal_connect(factory, "bind", G_CALLBACK(on_bind), NULL);
    g_signal_connect(factory, "unbind", G_CALLBACK(on_unbind), NULL);
    made = gtk_column_view_column_new(desk_column_title(which), factory);
    gtk_column_view_column_set_expand(made, widths[which] == 0);
    gtk_column_view_column_set_resizable(made, TRUE);
    return made;
}
