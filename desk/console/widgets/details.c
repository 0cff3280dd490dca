/* SPDX-License-Identifier: Apache-2.0 */
/*
 * details - who is looked at: place in the queue and why, and what the kiosk already knows
 */
#include "widgets/details.h"

#include "widgets/fact.h"
#include "widgets/text.h"

#include <glib/gi18n.h>

struct _DeskDetails {
    DeskPage parent;
    GtkWidget *reason_box, *share_box, *bill_box, *plan_box;
    GtkDropDown *where;
    GtkButton *add, *drop;
};

G_DEFINE_FINAL_TYPE(DeskDetails, desk_details, DESK_TYPE_PAGE)

/* Frames and buttons go with their words. */
static void
show_boxes(DeskModel *model, GParamSpec *spec, DeskDetails *details)
{
    (void)spec;
    gtk_widget_set_visible(details->reason_box, desk_model_text(model, DESK_MODEL_REASON)[0]);
    gtk_widget_set_visible(details->share_box, desk_model_may_state_share(model));
    gtk_widget_set_visible(details->bill_box, desk_model_bill(model) != NULL);
    gtk_widget_set_visible(details->plan_box, desk_model_subject(model)[0]);
}

static void
on_plan(GtkButton *button, DeskDetails *details)
{
    const char *department = desk_page_chosen_key(details->where);

    if (department[0])
        desk_page_do(DESK_PAGE(details), button == details->add ? "add-stage" : "drop-stage",
                     g_variant_new_string(department));
}

static void
on_enabled(GActionGroup *actions, const char *name, gboolean is_enabled, DeskDetails *details)
{
    (void)actions;
    if (g_str_equal(name, "add-stage"))
        gtk_widget_set_sensitive(GTK_WIDGET(details->add), is_enabled);
    if (g_str_equal(name, "drop-stage"))
        gtk_widget_set_sensitive(GTK_WIDGET(details->drop), is_enabled);
}

static void
desk_details_ready(DeskPage *page)
{
    DeskDetails *details = DESK_DETAILS(page);
    DeskModel *model = desk_page_model(page);
    GListModel *departments;
    GActionGroup *actions;

    g_object_get(page, "actions", &actions, NULL);
    g_signal_connect(actions, "action-enabled-changed", G_CALLBACK(on_enabled), details);
    g_object_unref(actions);
    gtk_widget_set_sensitive(GTK_WIDGET(details->add), desk_page_can(page, "add-stage"));
    gtk_widget_set_sensitive(GTK_WIDGET(details->drop), desk_page_can(page, "drop-stage"));
    g_object_get(model, "departments", &departments, NULL);
    gtk_drop_down_set_model(details->where, departments);
    g_object_unref(departments);
    g_signal_connect(model, "notify::reason", G_CALLBACK(show_boxes), details);
    g_signal_connect(model, "notify::bill", G_CALLBACK(show_boxes), details);
    g_signal_connect(model, "notify::share", G_CALLBACK(show_boxes), details);
    g_signal_connect(model, "notify::number", G_CALLBACK(show_boxes), details);
    show_boxes(model, NULL, details);
}

static void
desk_details_class_init(DeskDetailsClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    DESK_PAGE_CLASS(class)->ready = desk_details_ready;
    g_type_ensure(DESK_TYPE_TEXT);
    g_type_ensure(DESK_TYPE_FACT);
    gtk_widget_class_set_template_from_resource(widget_class, DESK_RESOURCES "/widgets/details.ui");
    gtk_widget_class_bind_template_child(widget_class, DeskDetails, reason_box);
    gtk_widget_class_bind_template_child(widget_class, DeskDetails, share_box);
    gtk_widget_class_bind_template_child(widget_class, DeskDetails, bill_box);
    gtk_widget_class_bind_template_child(widget_class, DeskDetails, plan_box);
    gtk_widget_class_bind_template_child(widget_class, DeskDetails, where);
    gtk_widget_class_bind_template_child(widget_class, DeskDetails, add);
    gtk_widget_class_bind_template_child(widget_class, DeskDetails, drop);
    gtk_widget_class_set_css_name(widget_class, "details");
}

static void
desk_details_init(DeskDetails *details)
{
    GtkExpression *title = desk_page_title_expression();

    gtk_widget_init_template(GTK_WIDGET(details));
    gtk_drop_down_set_expression(details->where, title);
    desk_page_name_drop_down(details->where, _("Add a place, or drop one"));
    gtk_expression_unref(title);
    g_signal_connect(details->add, "clicked", G_CALLBACK(on_plan), details);
    g_signal_connect(details->drop, "clicked", G_CALLBACK(on_plan), details);
}
