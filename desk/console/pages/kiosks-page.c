/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosks-page - the machines: who is heard, what is shown, which part needs someone
 */
#include "pages/pages.h"

#include "pages/item-list.h"

struct _DeskKiosksPage {
    DeskPage parent;
    GtkListView *list;
    GtkEntry *message;
    GtkButton *send, *take_back, *restart, *restart_yes, *restart_no;
    GtkWidget *question, *commands;
};

G_DEFINE_FINAL_TYPE(DeskKiosksPage, desk_kiosks_page, DESK_TYPE_PAGE)

static void
on_selected(GtkSingleSelection *selection, GParamSpec *spec, DeskKiosksPage *page)
{
    (void)selection;
    (void)spec;
    gtk_widget_set_visible(page->question, FALSE);
    desk_model_choose_kiosk(desk_page_model(DESK_PAGE(page)), desk_item_list_key(page->list));
}

/* What can be done stands below what it is done to. */
static void
on_kiosk(DeskModel *model, GParamSpec *spec, DeskKiosksPage *page)
{
    (void)spec;
    gtk_widget_set_visible(page->commands, desk_model_kiosk(model)[0]);
}

/* On the buttons too: a grey one is asked by pointing at it. */
static void
on_why(DeskModel *model, GParamSpec *spec, DeskKiosksPage *page)
{
    const char *why = desk_model_text(model, DESK_MODEL_KIOSK_WHY);

    (void)spec;
    for (GtkWidget *child = gtk_widget_get_first_child(page->commands); child;
         child = gtk_widget_get_next_sibling(child))
        if (GTK_IS_BUTTON(child)) {
            gtk_widget_set_tooltip_text(child, why[0] ? why : NULL);
            gtk_accessible_update_property(GTK_ACCESSIBLE(child),
                                           GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, why, -1);
        }
}

static void
on_send(GtkWidget *from, DeskKiosksPage *page)
{
    const char *text = gtk_editable_get_text(GTK_EDITABLE(page->message));

    (void)from;
    if (text[0])
        desk_page_do(DESK_PAGE(page), "message", g_variant_new_string(text));
    gtk_editable_set_text(GTK_EDITABLE(page->message), "");
}

/* Nothing instead of it. */
static void
on_take_back(GtkButton *button, DeskKiosksPage *page)
{
    (void)button;
    desk_page_do(DESK_PAGE(page), "message", g_variant_new_string(""));
}

static void
on_restart(GtkButton *button, DeskKiosksPage *page)
{
    (void)button;
    gtk_widget_set_visible(page->question, TRUE);
    gtk_widget_grab_focus(GTK_WIDGET(page->restart_no));
}

static void
on_answer(GtkButton *button, DeskKiosksPage *page)
{
    if (button == page->restart_yes)
        desk_page_do(DESK_PAGE(page), "restart", NULL);
    gtk_widget_grab_focus(GTK_WIDGET(page->list));
    gtk_widget_set_visible(page->question, FALSE);
}

static void
on_enabled(GActionGroup *actions, const char *name, gboolean is_enabled, DeskKiosksPage *page)
{
    (void)actions;
    if (g_str_equal(name, "message")) {
        gtk_widget_set_sensitive(GTK_WIDGET(page->send), is_enabled);
        gtk_widget_set_sensitive(GTK_WIDGET(page->take_back), is_enabled);
    }
    if (g_str_equal(name, "restart"))
        gtk_widget_set_sensitive(GTK_WIDGET(page->restart), is_enabled);
}

static void
desk_kiosks_page_ready(DeskPage *base)
{
    DeskKiosksPage *page = DESK_KIOSKS_PAGE(base);
    GActionGroup *actions;

    desk_item_list_start(page->list, desk_page_model(base), "kiosks");
    g_signal_connect_object(desk_item_list_selection(page->list), "notify::selected",
                            G_CALLBACK(on_selected), page, 0);
    g_signal_connect(desk_page_model(base), "notify::kiosk", G_CALLBACK(on_kiosk), page);
    g_signal_connect(desk_page_model(base), "notify::kiosk-why", G_CALLBACK(on_why), page);
    g_object_get(page, "actions", &actions, NULL);
    g_signal_connect(actions, "action-enabled-changed", G_CALLBACK(on_enabled), page);
    g_object_unref(actions);
    gtk_widget_set_sensitive(GTK_WIDGET(page->send), desk_page_can(base, "message"));
    gtk_widget_set_sensitive(GTK_WIDGET(page->take_back), desk_page_can(base, "message"));
    gtk_widget_set_sensitive(GTK_WIDGET(page->restart), desk_page_can(base, "restart"));
}

static void
desk_kiosks_page_class_init(DeskKiosksPageClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    DESK_PAGE_CLASS(class)->ready = desk_kiosks_page_ready;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                DESK_RESOURCES "/pages/kiosks-page.ui");
    gtk_widget_class_bind_template_child(widget_class, DeskKiosksPage, list);
    gtk_widget_class_bind_template_child(widget_class, DeskKiosksPage, message);
    gtk_widget_class_bind_template_child(widget_class, DeskKiosksPage, send);
    gtk_widget_class_bind_template_child(widget_class, DeskKiosksPage, take_back);
    gtk_widget_class_bind_template_child(widget_class, DeskKiosksPage, restart);
    gtk_widget_class_bind_template_child(widget_class, DeskKiosksPage, restart_yes);
    gtk_widget_class_bind_template_child(widget_class, DeskKiosksPage, restart_no);
    gtk_widget_class_bind_template_child(widget_class, DeskKiosksPage, question);
    gtk_widget_class_bind_template_child(widget_class, DeskKiosksPage, commands);
}

static void
desk_kiosks_page_init(DeskKiosksPage *page)
{
    gtk_widget_init_template(GTK_WIDGET(page));
    gtk_widget_set_visible(page->commands, FALSE);
    g_signal_connect(page->send, "clicked", G_CALLBACK(on_send), page);
    g_signal_connect(page->take_back, "clicked", G_CALLBACK(on_take_back), page);
    g_signal_connect(page->message, "activate", G_CALLBACK(on_send), page);
    g_signal_connect(page->restart, "clicked", G_CALLBACK(on_restart), page);
    g_signal_connect(page->restart_yes, "clicked", G_CALLBACK(on_answer), page);
    g_signal_connect(page->restart_no, "clicked", G_CALLBACK(on_answer), page);
}
