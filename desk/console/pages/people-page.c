/* SPDX-License-Identifier: Apache-2.0 */
/*
 * people-page - finding a person, and checking in who stands before the desk
 */
#include "pages/pages.h"

#include "pages/item-list.h"
#include "widgets/line.h"

struct _DeskPeoplePage {
    DeskPage parent;
    GtkSearchEntry *search;
    GtkListView *list, *departments;
    GtkWidget *check_in_box;
    GtkCheckButton *assisted, *urgent;
    GtkButton *check_in, *show;
};

G_DEFINE_FINAL_TYPE(DeskPeoplePage, desk_people_page, DESK_TYPE_PAGE)

/* The ticket's number of the chosen person, "" where there is none. */
static const char *
number_of(DeskPeoplePage *page)
{
    DeskItem *item = gtk_single_selection_get_selected_item(desk_item_list_selection(page->list));

    return item ? desk_item_text(item, DESK_ITEM_COUNT) : "";
}

static void
on_search(GtkSearchEntry *search, DeskPeoplePage *page)
{
    desk_page_do(DESK_PAGE(page), "find",
                 g_variant_new_string(gtk_editable_get_text(GTK_EDITABLE(search))));
}

static void
on_selected(GtkSingleSelection *selection, GParamSpec *spec, DeskPeoplePage *page)
{
    DeskModel *model = desk_page_model(DESK_PAGE(page));

    (void)selection;
    (void)spec;
    desk_model_choose_patient(model, desk_item_list_key(page->list));
    desk_model_look_at(model, number_of(page));
    gtk_widget_set_sensitive(GTK_WIDGET(page->show), number_of(page)[0]);
}

/* The only one who was found is the one who was looked for. */
static void
on_found(GListModel *people, guint position, guint removed, guint added, DeskPeoplePage *page)
{
    (void)position;
    (void)removed;
    (void)added;
    if (g_list_model_get_n_items(people) == 1)
        gtk_single_selection_set_selected(desk_item_list_selection(page->list), 0);
}

/* Who has no number yet can be checked in. */
static void
show_boxes(DeskModel *model, GParamSpec *spec, DeskPeoplePage *page)
{
    (void)spec;
    gtk_widget_set_visible(page->check_in_box,
                           desk_model_text(model, DESK_MODEL_PATIENT)[0] && !number_of(page)[0]);
}

static void
on_map(DeskPeoplePage *page, void *user)
{
    (void)user;
    on_selected(desk_item_list_selection(page->list), NULL, page);
}

static void
show_in_queue(DeskPeoplePage *page)
{
    if (!number_of(page)[0])
        return;
    desk_model_go_to(desk_page_model(DESK_PAGE(page)), number_of(page), "");
    gtk_widget_activate_action(GTK_WIDGET(page), "view.page", "s", "queues");
}

static void
on_activate(GtkListView *list, guint position, DeskPeoplePage *page)
{
    (void)list;
    (void)position;
    show_in_queue(page);
}

static void
on_show(GtkButton *button, DeskPeoplePage *page)
{
    (void)button;
    show_in_queue(page);
}

static void
on_check_in(GtkButton *button, DeskPeoplePage *page)
{
    GtkSelectionModel *chosen = gtk_list_view_get_model(page->departments);
    GListModel *items = G_LIST_MODEL(chosen);
    GVariantBuilder departments;
    guint32 priority = gtk_check_button_get_active(page->urgent)     ? SUGU_PRIORITY_URGENT
                       : gtk_check_button_get_active(page->assisted) ? SUGU_PRIORITY_ASSISTED
                                                                     : SUGU_PRIORITY_ORDINARY;

    (void)button;
    g_variant_builder_init(&departments, G_VARIANT_TYPE_STRING_ARRAY);
    for (guint i = 0; i < g_list_model_get_n_items(items); i++) {
        DeskItem *item = g_list_model_get_item(items, i);
        if (gtk_selection_model_is_selected(chosen, i))
            g_variant_builder_add(&departments, "s", desk_item_key(item));
        g_object_unref(item);
    }
    desk_page_do(DESK_PAGE(page), "check-in",
                 g_variant_new("(u@as)", priority, g_variant_builder_end(&departments)));
    gtk_selection_model_unselect_all(chosen);
    gtk_check_button_set_active(page->urgent, FALSE);
    gtk_check_button_set_active(page->assisted, FALSE);
}

static void
on_enabled(GActionGroup *actions, const char *name, gboolean is_enabled, DeskPeoplePage *page)
{
    (void)actions;
    if (g_str_equal(name, "check-in"))
        gtk_widget_set_sensitive(GTK_WIDGET(page->check_in), is_enabled);
}

void
desk_people_page_search(DeskPeoplePage *page)
{
    gtk_widget_grab_focus(GTK_WIDGET(page->search));
    gtk_editable_select_region(GTK_EDITABLE(page->search), 0, -1);
}

static void
start_departments(DeskPeoplePage *page)
{
    GtkListItemFactory *factory = desk_line_factory_new();
    GtkSelectionModel *selection;
    GListModel *departments;

    g_object_get(desk_page_model(DESK_PAGE(page)), "departments", &departments, NULL);
    selection = GTK_SELECTION_MODEL(gtk_multi_selection_new(departments)); /* takes it over */
    gtk_list_view_set_model(page->departments, selection);
    gtk_list_view_set_factory(page->departments, factory);
    g_object_unref(selection);
    g_object_unref(factory);
}

static void
desk_people_page_ready(DeskPage *base)
{
    DeskPeoplePage *page = DESK_PEOPLE_PAGE(base);
    DeskModel *model = desk_page_model(base);
    GActionGroup *actions;

    desk_item_list_start(page->list, model, "people");
    start_departments(page);
    g_signal_connect_object(desk_item_list_selection(page->list), "notify::selected",
                            G_CALLBACK(on_selected), page, 0);
    g_signal_connect_object(desk_item_list_selection(page->list), "items-changed",
                            G_CALLBACK(on_found), page, G_CONNECT_AFTER);
    g_signal_connect(page, "map", G_CALLBACK(on_map), NULL);
    g_signal_connect(page->list, "activate", G_CALLBACK(on_activate), page);
    g_signal_connect(model, "notify::patient", G_CALLBACK(show_boxes), page);
    g_object_get(page, "actions", &actions, NULL);
    g_signal_connect(actions, "action-enabled-changed", G_CALLBACK(on_enabled), page);
    g_object_unref(actions);
    gtk_widget_set_sensitive(GTK_WIDGET(page->check_in), desk_page_can(base, "check-in"));
    gtk_widget_set_sensitive(GTK_WIDGET(page->show), FALSE);
    show_boxes(model, NULL, page);
}

static void
desk_people_page_class_init(DeskPeoplePageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    DESK_PAGE_CLASS(class)->ready = desk_people_page_ready;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                DESK_RESOURCES "/pages/people-page.ui");
    gtk_widget_class_bind_template_child(widget_class, DeskPeoplePage, search);
    gtk_widget_class_bind_template_child(widget_class, DeskPeoplePage, list);
    gtk_widget_class_bind_template_child(widget_class, DeskPeoplePage, departments);
    gtk_widget_class_bind_template_child(widget_class, DeskPeoplePage, check_in_box);
    gtk_widget_class_bind_template_child(widget_class, DeskPeoplePage, assisted);
    gtk_widget_class_bind_template_child(widget_class, DeskPeoplePage, urgent);
    gtk_widget_class_bind_template_child(widget_class, DeskPeoplePage, check_in);
    gtk_widget_class_bind_template_child(widget_class, DeskPeoplePage, show);
}

static void
desk_people_page_init(DeskPeoplePage *page)
{
    gtk_widget_init_template(GTK_WIDGET(page));
    g_signal_connect(page->search, "activate", G_CALLBACK(on_search), page);
    g_signal_connect(page->check_in, "clicked", G_CALLBACK(on_check_in), page);
    g_signal_connect(page->show, "clicked", G_CALLBACK(on_show), page);
}
