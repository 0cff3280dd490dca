/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cases-page - who was sent to the desk: why, what to do, what is known already
 */
#include "pages/pages.h"

#include "base/text.h"
#include "pages/item-list.h"

#include <string.h>

struct _DeskCasesPage {
    DeskPage parent;
    GtkListView *list;
    GtkButton *show, *dismiss;
};

G_DEFINE_FINAL_TYPE(DeskCasesPage, desk_cases_page, DESK_TYPE_PAGE)

/* The key of a case is NUMBER/PLACE/REASON (model-show.c). */
static const char *
number_of(char to[static SUGU_TICKET_NUMBER_SIZE], const char *key)
{
    snprintf(to, SUGU_TICKET_NUMBER_SIZE, "%.*s", (int)strcspn(key, "/"), key);
    return to;
}

/* A call for help has a place; a number that stands in the queue of the desk is ended there. */
static bool
is_help(const char *key)
{
    const char *place = strchr(key, '/');

    return place && place[1] != '/';
}

static void
on_selected(GtkSingleSelection *selection, GParamSpec *spec, DeskCasesPage *page)
{
    char number[SUGU_TICKET_NUMBER_SIZE];

    (void)selection;
    (void)spec;
    desk_model_look_at(desk_page_model(DESK_PAGE(page)),
                       number_of(number, desk_item_list_key(page->list)));
    gtk_widget_set_sensitive(GTK_WIDGET(page->show), number[0]);
    gtk_widget_set_sensitive(GTK_WIDGET(page->dismiss), is_help(desk_item_list_key(page->list)));
}

static void
on_map(DeskCasesPage *page, void *user)
{
    (void)user;
    on_selected(desk_item_list_selection(page->list), NULL, page);
}

static void
show_in_queue(DeskCasesPage *page)
{
    char number[SUGU_TICKET_NUMBER_SIZE];

    if (!number_of(number, desk_item_list_key(page->list))[0])
        return;
    desk_model_go_to(desk_page_model(DESK_PAGE(page)), number, "");
    gtk_widget_activate_action(GTK_WIDGET(page), "view.page", "s", "queues");
}

static void
on_activate(GtkListView *list, guint position, DeskCasesPage *page)
{
    (void)list;
    (void)position;
    show_in_queue(page);
}

static void
on_show(GtkButton *button, DeskCasesPage *page)
{
    (void)button;
    show_in_queue(page);
}

static void
on_dismiss(GtkButton *button, DeskCasesPage *page)
{
    (void)button;
    gtk_widget_activate_action(GTK_WIDGET(page), "desk.close-help", "s",
                               desk_item_list_key(page->list));
}

static void
desk_cases_page_ready(DeskPage *base)
{
    DeskCasesPage *page = DESK_CASES_PAGE(base);

    desk_item_list_start(page->list, desk_page_model(base), "cases");
    g_signal_connect_object(desk_item_list_selection(page->list), "notify::selected",
                            G_CALLBACK(on_selected), page, 0);
    g_signal_connect(page, "map", G_CALLBACK(on_map), NULL);
    g_signal_connect(page->list, "activate", G_CALLBACK(on_activate), page);
    g_signal_connect(page->show, "clicked", G_CALLBACK(on_show), page);
    g_signal_connect(page->dismiss, "clicked", G_CALLBACK(on_dismiss), page);
    gtk_widget_set_sensitive(GTK_WIDGET(page->dismiss), FALSE);
    gtk_widget_set_sensitive(GTK_WIDGET(page->show), FALSE);
}

static void
desk_cases_page_class_init(DeskCasesPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    DESK_PAGE_CLASS(class)->ready = desk_cases_page_ready;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                DESK_RESOURCES "/pages/cases-page.ui");
    gtk_widget_class_bind_template_child(widget_class, DeskCasesPage, list);
    gtk_widget_class_bind_template_child(widget_class, DeskCasesPage, show);
    gtk_widget_class_bind_template_child(widget_class, DeskCasesPage, dismiss);
}

static void
desk_cases_page_init(DeskCasesPage *page)
{
    gtk_widget_init_template(GTK_WIDGET(page));
}
