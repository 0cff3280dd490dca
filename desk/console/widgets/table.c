/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table - columns of a column view over DeskItem: each shows one text of the line
 */
#include "widgets/table.h"

#include "page.h"

#include <glib/gi18n.h>

#define CUT_CHARS_MIN 6

static const struct desk_table_column *
column_of(GtkWidget *label)
{
    return g_object_get_data(G_OBJECT(label), "column");
}

/* What the cell says of its item, and its level as a class where it is the state's. */
static void
show(GtkWidget *label, GParamSpec *spec, DeskItem *item)
{
    const struct desk_table_column *column = column_of(label);
    const char *text = desk_item_text(item, column->text);
    const char *level = desk_item_text(item, DESK_ITEM_LEVEL);
    bool is_state = column->text == DESK_ITEM_TEXT;
    const char *classes[] = {is_state && level[0] ? level : "plain", NULL};

    (void)spec;
    gtk_label_set_label(GTK_LABEL(label), text);
    gtk_widget_set_tooltip_text(label, text[0] && !column->is_number ? text : NULL);
    gtk_widget_set_css_classes(label, classes);
    if (column->text == DESK_ITEM_WHEN)
        desk_page_name_row(label, 2, desk_item_text(item, DESK_ITEM_TIP));
}

static void
on_setup(GtkListItemFactory *factory, GtkListItem *item, const struct desk_table_column *column)
{
    GtkWidget *label = gtk_label_new("");

    (void)factory;
    g_object_set_data(G_OBJECT(label), "column", (void *)column);
    gtk_label_set_xalign(GTK_LABEL(label), column->is_number ? 1 : 0);
    if (!column->is_number && !column->is_whole) {
        gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
        gtk_label_set_width_chars(GTK_LABEL(label), CUT_CHARS_MIN);
    }
    gtk_list_item_set_child(item, label);
}

static void
on_notify(DeskItem *item, GParamSpec *spec, GtkWidget *label)
{
    show(label, spec, item);
}

static void
on_bind(GtkListItemFactory *factory, GtkListItem *list_item, void *user)
{
    GtkWidget *label = gtk_list_item_get_child(list_item);
    DeskItem *item = gtk_list_item_get_item(list_item);

    (void)factory;
    (void)user;
    g_signal_connect(item, "notify", G_CALLBACK(on_notify), label);
    show(label, NULL, item);
}

static void
on_unbind(GtkListItemFactory *factory, GtkListItem *list_item, void *user)
{
    (void)factory;
    (void)user;
    g_signal_handlers_disconnect_by_data(gtk_list_item_get_item(list_item),
                                         gtk_list_item_get_child(list_item));
}

static GtkColumnViewColumn *
column_new(const struct desk_table_column *column)
{
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
    GtkColumnViewColumn *made;

    g_signal_connect(factory, "setup", G_CALLBACK(on_setup), (void *)column);
    g_signal_connect(factory, "bind", G_CALLBACK(on_bind), NULL);
    g_signal_connect(factory, "unbind", G_CALLBACK(on_unbind), NULL);
    made = gtk_column_view_column_new(g_dpgettext2(NULL, "column", column->title), factory);
    gtk_column_view_column_set_expand(made, column->expands);
    gtk_column_view_column_set_resizable(made, TRUE);
    return made;
}

void
desk_table_start(GtkColumnView *view,
                 GListModel *list,
                 const struct desk_table_column *columns,
                 size_t count,
                 const char *name)
{
    GtkSingleSelection *selection = gtk_single_selection_new(g_object_ref(list));

    gtk_single_selection_set_autoselect(selection, FALSE);
    gtk_single_selection_set_can_unselect(selection, TRUE);
    gtk_single_selection_set_selected(selection, GTK_INVALID_LIST_POSITION);
    for (size_t i = 0; i < count; i++) {
        GtkColumnViewColumn *column = column_new(&columns[i]);
        gtk_column_view_append_column(view, column);
        g_object_unref(column);
    }
    gtk_column_view_set_model(view, GTK_SELECTION_MODEL(selection));
    g_object_unref(selection);
    /* The header and the list inside are GTK's own, and have no names either. */
    desk_page_name_row(gtk_widget_get_first_child(GTK_WIDGET(view)), 0, _("Columns"));
    desk_page_name_row(gtk_widget_get_last_child(GTK_WIDGET(view)), 0, name);
}

GtkSingleSelection *
desk_table_selection(GtkColumnView *view)
{
    return GTK_SINGLE_SELECTION(gtk_column_view_get_model(view));
}

const char *
desk_table_key(GtkColumnView *view)
{
    DeskItem *item = gtk_single_selection_get_selected_item(desk_table_selection(view));

    return item ? desk_item_key(item) : "";
}
