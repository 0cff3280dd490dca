/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue-page - the queues, one of them as a list, the verbs, and who is selected
 */
#include "pages/pages.h"

#include "widgets/cell.h"
#include "widgets/line.h"
#include "widgets/verb-bar.h"

#include <glib/gi18n.h>

struct _DeskQueuePage {
    DeskPage parent;
    GtkListView *queues;
    GtkColumnView *list;
    GtkScrolledWindow *scroller;
    GtkToggleButton *open, *missed, *parked, *all;
    DeskVerbBar *verbs;
};

G_DEFINE_FINAL_TYPE(DeskQueuePage, desk_queue_page, DESK_TYPE_PAGE)

/* ---------------------------------------------------------------- which queue, which part of it */

static void
on_queue_selected(GtkSingleSelection *selection, GParamSpec *spec, DeskQueuePage *page)
{
    DeskItem *item = gtk_single_selection_get_selected_item(selection);

    (void)spec;
    if (item)
        desk_model_choose_queue(desk_page_model(DESK_PAGE(page)), desk_item_key(item));
}

/* Somebody was looked for and is in another queue: the list at the side follows. */
static void
on_queue_chosen(DeskModel *model, GParamSpec *spec, DeskQueuePage *page)
{
    GtkSingleSelection *selection = GTK_SINGLE_SELECTION(gtk_list_view_get_model(page->queues));
    GListModel *items = G_LIST_MODEL(selection);

    (void)spec;
    for (guint i = 0; i < g_list_model_get_n_items(items); i++) {
        DeskItem *item = g_list_model_get_item(items, i);
        if (g_str_equal(desk_item_key(item), desk_model_queue(model)))
            gtk_single_selection_set_selected(selection, i);
        g_object_unref(item);
    }
}

static void
on_groups(GtkToggleButton *button, DeskQueuePage *page)
{
    unsigned groups = DESK_GROUPS_ALL;

    if (!gtk_toggle_button_get_active(button))
        return;
    if (button == page->open)
        groups = DESK_GROUPS_OPEN;
    else if (button == page->missed)
        groups = 1u << DESK_GROUP_MISSED;
    else if (button == page->parked)
        groups = 1u << DESK_GROUP_PARKED;
    desk_model_choose_groups(desk_page_model(DESK_PAGE(page)), groups);
}

/* ---------------------------------------------------------------- the list */

static void
on_show_row(DeskModel *model, guint position, DeskQueuePage *page)
{
    DeskRows *rows = desk_model_rows(model);

    gtk_toggle_button_set_active(page->open, desk_rows_filter(rows)->groups == DESK_GROUPS_OPEN);
    gtk_widget_activate_action(GTK_WIDGET(page->list), "list.scroll-to-item", "u", position);
}

static void
add_columns(DeskQueuePage *page)
{
    for (unsigned i = 0; i < DESK_COLUMN_COUNT; i++) {
        GtkColumnViewColumn *column =
            desk_cell_column_new(desk_page_model(DESK_PAGE(page)), (enum desk_column)i);
        gtk_column_view_append_column(page->list, column);
        g_object_unref(column);
    }
}

/* The header and the list inside are GTK's own, and have no names either. */
static void
name_parts(DeskQueuePage *page)
{
    GtkWidget *header = gtk_widget_get_first_child(GTK_WIDGET(page->list));
    GtkWidget *list = gtk_widget_get_last_child(GTK_WIDGET(page->list));

    desk_page_name_row(header, 0, _("Columns"));
    desk_page_name_row(list, 0, _("Numbers of the queue"));
}

/* Each page looks at whom it has selected itself. */
static void
on_map(GtkWidget *widget, void *user)
{
    (void)user;
    desk_model_look_at_selected(desk_page_model(DESK_PAGE(widget)));
}

static void
desk_queue_page_ready(DeskPage *base)
{
    DeskQueuePage *page = DESK_QUEUE_PAGE(base);
    DeskModel *model = desk_page_model(base);
    GtkListItemFactory *factory = desk_line_factory_new();
    GtkSingleSelection *selection;
    GListModel *queues;

    g_object_get(model, "queues", &queues, NULL);
    selection = gtk_single_selection_new(queues);
    gtk_single_selection_set_autoselect(selection, FALSE);
    g_signal_connect(selection, "notify::selected", G_CALLBACK(on_queue_selected), page);
    gtk_list_view_set_model(page->queues, GTK_SELECTION_MODEL(selection));
    gtk_list_view_set_factory(page->queues, factory);
    add_columns(page);
    name_parts(page);
    g_signal_connect(page, "map", G_CALLBACK(on_map), NULL);
    g_signal_connect(model, "notify::queue", G_CALLBACK(on_queue_chosen), page);
    g_signal_connect(model, "show-row", G_CALLBACK(on_show_row), page);
    on_queue_chosen(model, NULL, page);
    g_object_unref(selection);
    g_object_unref(factory);
}

bool
desk_queue_page_key(DeskQueuePage *page, guint key)
{
    enum desk_verb verb = desk_verb_bar_verb_of(key);

    if (key == GDK_KEY_Escape && desk_verb_bar_cancel(page->verbs))
        return true;
    if (verb == DESK_VERB_COUNT)
        return false;
    desk_verb_bar_press(page->verbs, verb);
    return true;
}

GtkColumnView *
desk_queue_page_list(DeskQueuePage *page)
{
    return page->list;
}

static void
desk_queue_page_class_init(DeskQueuePageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    DESK_PAGE_CLASS(class)->ready = desk_queue_page_ready;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                DESK_RESOURCES "/pages/queue-page.ui");
    gtk_widget_class_bind_template_child(widget_class, DeskQueuePage, queues);
    gtk_widget_class_bind_template_child(widget_class, DeskQueuePage, list);
    gtk_widget_class_bind_template_child(widget_class, DeskQueuePage, scroller);
    gtk_widget_class_bind_template_child(widget_class, DeskQueuePage, open);
    gtk_widget_class_bind_template_child(widget_class, DeskQueuePage, missed);
    gtk_widget_class_bind_template_child(widget_class, DeskQueuePage, parked);
    gtk_widget_class_bind_template_child(widget_class, DeskQueuePage, all);
    gtk_widget_class_bind_template_child(widget_class, DeskQueuePage, verbs);
}

static void
desk_queue_page_init(DeskQueuePage *page)
{
    gtk_widget_init_template(GTK_WIDGET(page));
    g_signal_connect(page->open, "toggled", G_CALLBACK(on_groups), page);
    g_signal_connect(page->missed, "toggled", G_CALLBACK(on_groups), page);
    g_signal_connect(page->parked, "toggled", G_CALLBACK(on_groups), page);
    g_signal_connect(page->all, "toggled", G_CALLBACK(on_groups), page);
}
