/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cell - one cell of the queue's list: says what its column says about its row
 *
 * A list view keeps some 200 rows alive and lays all of them out after every change, so a cell is
 * as cheap as can be: its size is its column's, out of the style sheet, and it makes a layout only
 * where it is drawn.
 */
#include "widgets/cell.h"

#include "page.h"

#include <string.h>

/* What all cells of a column share. */
struct column {
    DeskModel *model;
    enum desk_column column;
};

struct _DeskCell {
    GtkWidget parent;
    const struct column *shared; /* the factory keeps it alive */
    DeskRow *row;
    char *text;
    const char *class;   /* static */
    PangoLayout *layout; /* NULL: not drawn since the text changed */
};

G_DEFINE_FINAL_TYPE(DeskCell, desk_cell, GTK_TYPE_WIDGET)

/* CSS classes: style.css says how wide each is. */
static const char *const columns[DESK_COLUMN_COUNT] = {
    [DESK_COLUMN_NUMBER] = "number-column",     [DESK_COLUMN_NAME] = "name-column",
    [DESK_COLUMN_STATE] = "state-column",       [DESK_COLUMN_PRIORITY] = "priority-column",
    [DESK_COLUMN_APPOINTMENT] = "clock-column", [DESK_COLUMN_ARRIVED] = "clock-column",
    [DESK_COLUMN_WAITING] = "waiting-column",   [DESK_COLUMN_DESK] = "desk-column",
    [DESK_COLUMN_NOTE] = "note-column",
};

/* The row as a whole, to who hears it: number, name, state … once for each row. */
static void
name_row(DeskCell *cell)
{
    char words[2 * DESK_WORDS_SIZE];

    if (cell->shared->column == DESK_COLUMN_NUMBER && cell->row)
        desk_page_name_row(
            GTK_WIDGET(cell), 2,
            desk_cells_row_text(words, sizeof words, cell->shared->model, cell->row));
}

static void
show(DeskCell *cell)
{
    char words[DESK_WORDS_SIZE];
    const struct column *shared = cell->shared;
    const char *text = desk_cell_text(words, shared->model, cell->row, shared->column);
    const char *class = desk_cell_class(shared->model, cell->row, shared->column);

    name_row(cell);
    if (class != cell->class) {
        const char *classes[] = {columns[shared->column], class[0] ? class : NULL, NULL};
        gtk_widget_set_css_classes(GTK_WIDGET(cell), classes);
        cell->class = class;
    }
    if (g_strcmp0(cell->text, text) == 0)
        return;
    g_free(cell->text);
    cell->text = g_strdup(text);
    g_clear_object(&cell->layout);
    gtk_accessible_update_property(GTK_ACCESSIBLE(cell), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
    /* What may be cut with dots can be read whole. */
    if (shared->column == DESK_COLUMN_NOTE || shared->column == DESK_COLUMN_NAME)
        gtk_widget_set_tooltip_text(GTK_WIDGET(cell), text[0] ? text : NULL);
    gtk_widget_queue_draw(GTK_WIDGET(cell));
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

/* ---------------------------------------------------------------- picture */

static void
desk_cell_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    DeskCell *cell = DESK_CELL(widget);
    int width = gtk_widget_get_width(widget) * PANGO_SCALE, height;

    if (!cell->text || !cell->text[0])
        return;
    if (!cell->layout) {
        cell->layout = gtk_widget_create_pango_layout(widget, cell->text);
        pango_layout_set_ellipsize(cell->layout, PANGO_ELLIPSIZE_END);
        pango_layout_set_single_paragraph_mode(cell->layout, TRUE);
    }
    if (pango_layout_get_width(cell->layout) != width)
        pango_layout_set_width(cell->layout, width);
    pango_layout_get_pixel_size(cell->layout, NULL, &height);
    gtk_snapshot_render_layout(snapshot, gtk_widget_get_style_context(widget), 0,
                               (gtk_widget_get_height(widget) - height) / 2, cell->layout);
}

static void
desk_cell_map(GtkWidget *widget)
{
    GTK_WIDGET_CLASS(desk_cell_parent_class)->map(widget);
    name_row(DESK_CELL(widget));
}

static void
desk_cell_dispose(GObject *object)
{
    DeskCell *cell = DESK_CELL(object);

    set_row(cell, NULL);
    g_clear_object(&cell->layout);
    g_clear_pointer(&cell->text, g_free);
    G_OBJECT_CLASS(desk_cell_parent_class)->dispose(object);
}

static void
desk_cell_class_init(DeskCellClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    G_OBJECT_CLASS(class)->dispose = desk_cell_dispose;
    widget_class->snapshot = desk_cell_snapshot;
    widget_class->map = desk_cell_map;
    gtk_widget_class_set_css_name(widget_class, "datum");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
desk_cell_init(DeskCell *cell)
{
    gtk_widget_set_overflow(GTK_WIDGET(cell), GTK_OVERFLOW_HIDDEN);
}

/* ---------------------------------------------------------------- columns */

static void
on_setup(GtkListItemFactory *factory, GtkListItem *item, const struct column *column)
{
    DeskCell *cell = g_object_new(DESK_TYPE_CELL, NULL);

    (void)factory;
    cell->shared = column;
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
    gtk_column_view_column_set_expand(made, which == DESK_COLUMN_NOTE);
    gtk_column_view_column_set_resizable(made, TRUE);
    return made;
}
