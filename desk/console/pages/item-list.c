/* SPDX-License-Identifier: Apache-2.0 */
/*
 * item-list - a list view over one of the model's short lists, with at most one line selected
 */
#include "pages/item-list.h"

#include "widgets/line.h"

void
desk_item_list_start(GtkListView *view, DeskModel *model, const char *property)
{
    GtkListItemFactory *factory = desk_line_factory_new();
    GtkSingleSelection *selection;
    GListModel *items;

    g_object_get(model, property, &items, NULL);
    selection = gtk_single_selection_new(items); /* takes the list over */
    gtk_single_selection_set_autoselect(selection, FALSE);
    gtk_single_selection_set_can_unselect(selection, TRUE);
    gtk_single_selection_set_selected(selection, GTK_INVALID_LIST_POSITION);
    gtk_list_view_set_model(view, GTK_SELECTION_MODEL(selection));
    gtk_list_view_set_factory(view, factory);
    g_object_unref(selection);
    g_object_unref(factory);
}

GtkSingleSelection *
desk_item_list_selection(GtkListView *view)
{
    return GTK_SINGLE_SELECTION(gtk_list_view_get_model(view));
}

const char *
desk_item_list_key(GtkListView *view)
{
    DeskItem *item = gtk_single_selection_get_selected_item(desk_item_list_selection(view));

    return item ? desk_item_key(item) : "";
}
