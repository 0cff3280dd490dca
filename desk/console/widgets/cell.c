/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cell - one cell of the queue's list: says what its column says about its row
 *
 * A list view keeps some 200 rows alive and lays all of them out after every change, so a cell is as
 * cheap as can be: it knows its size from its column, and makes a layout only where it is drawn.
 */
#include "widgets/cell.h"

#include <string.h>

/* What all cells of a column share. */
struct column {
    DeskModel *model;
    enum desk_column column;
    /* of text in the size below, in pixels; measured once a size */
    int font_size, char_width, height;
    double resolution;
};

struct _DeskCell {
    GtkWidget parent;
    const struct column *shared; /* the factory keeps it alive */
    DeskRow *row;
    char *text;
    const char *class; /* static */
    PangoLayout *layout; /* NULL: not drawn since the text changed */
};

G_DEFINE_FINAL_TYPE(DeskCell, desk_cell, GTK_TYPE_WIDGET)

/* Of each column, in characters: what fits the longest usual text; 0 takes the rest. */
static const int widths[DESK_COLUMN_COUNT] = {
    [DESK_COLUMN_NUMBER] = 7,   [DESK_COLUMN_NAME] = 17,       [DESK_COLUMN_STATE] = 13,
    [DESK_COLUMN_PRIORITY] = 10, [DESK_COLUMN_APPOINTMENT] = 6, [DESK_COLUMN_ARRIVED] = 7,
    [DESK_COLUMN_WAITING] = 12, [DESK_COLUMN_DESK] = 5,        [DESK_COLUMN_NOTE] = 0,
};
#define NOTE_CHARS      6
#define NOTE_CHARS_WISH 18

static void
show(DeskCell *cell)
{
    char words[DESK_WORDS_SIZE];
    const struct column *shared = cell->shared;
    const char *text = desk_cell_text(words, shared->model, cell->row, shared->column);
    const char *class = desk_cell_class(shared->model, cell->row, shared->column);

    if (class != cell->class) {
        const char *classes[] = {class[0] ? class : NULL, NULL};
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

/* ---------------------------------------------------------------- size and picture */

/* The size of text, measured anew when fonts or their scale changed. */
static void
measure_font(DeskCell *cell, struct column *shared)
{
    PangoContext *context = gtk_widget_get_pango_context(GTK_WIDGET(cell));
    int size = pango_font_description_get_size(pango_context_get_font_description(context));
    double resolution = pango_cairo_context_get_resolution(context);
    PangoLayout *sample;
    int width;

    if (shared->height > 0 && shared->font_size == size && shared->resolution == resolution)
        return;
    shared->font_size = size;
    shared->resolution = resolution;
    /* A kanji, for its height; a digit, for the width of a column. */
    sample = gtk_widget_create_pango_layout(GTK_WIDGET(cell), "呼");
    pango_layout_get_pixel_size(sample, NULL, &shared->height);
    pango_layout_set_text(sample, "0000000000", -1);
    pango_layout_get_pixel_size(sample, &width, NULL);
    shared->char_width = (width + 9) / 10;
    g_object_unref(sample);
}

static void
desk_cell_measure(GtkWidget *widget,
                  GtkOrientation orientation,
                  int for_size,
                  int *minimum,
                  int *natural,
                  int *minimum_baseline,
                  int *natural_baseline)
{
    DeskCell *cell = DESK_CELL(widget);
    struct column *shared = (struct column *)cell->shared;
    int chars = widths[shared->column];

    (void)for_size;
    measure_font(cell, shared);
    if (orientation == GTK_ORIENTATION_VERTICAL)
        *minimum = *natural = shared->height;
    else {
        *minimum = (chars ? chars : NOTE_CHARS) * shared->char_width;
        *natural = (chars ? chars : NOTE_CHARS_WISH) * shared->char_width;
    }
    *minimum_baseline = *natural_baseline = -1;
}

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
    widget_class->measure = desk_cell_measure;
    widget_class->snapshot = desk_cell_snapshot;
    gtk_widget_class_set_css_name(widget_class, "datum");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
desk_cell_init(DeskCell *cell)
{
    cell->class = "";
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
    gtk_column_view_column_set_expand(made, widths[which] == 0);
    gtk_column_view_column_set_resizable(made, TRUE);
    return made;
}
