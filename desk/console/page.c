/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page - what every page and pane of the desk's window is: properties in, actions out
 */
#include "page.h"

typedef struct {
    DeskModel *model;
    GActionGroup *actions;
} DeskPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(DeskPage, desk_page, GTK_TYPE_WIDGET)

enum { PROP_MODEL = 1, PROP_ACTIONS };

static void
desk_page_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    DeskPagePrivate *private = desk_page_get_instance_private(DESK_PAGE(object));

    if (id == PROP_MODEL)
        g_value_set_object(value, private->model);
    else if (id == PROP_ACTIONS)
        g_value_set_object(value, private->actions);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
desk_page_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    DeskPagePrivate *private = desk_page_get_instance_private(DESK_PAGE(object));
    bool was_ready = private->model && private->actions;

    if (id == PROP_MODEL)
        g_set_object(&private->model, g_value_get_object(value));
    else if (id == PROP_ACTIONS)
        g_set_object(&private->actions, g_value_get_object(value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    if (!was_ready && private->model && private->actions && DESK_PAGE_GET_CLASS(object)->ready)
        DESK_PAGE_GET_CLASS(object)->ready(DESK_PAGE(object));
}

static void
desk_page_dispose(GObject *object)
{
    DeskPagePrivate *private = desk_page_get_instance_private(DESK_PAGE(object));
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))))
        gtk_widget_unparent(child);
    if (private->model)
        g_signal_handlers_disconnect_by_data(private->model, object);
    if (private->actions)
        g_signal_handlers_disconnect_by_data(private->actions, object);
    g_clear_object(&private->model);
    g_clear_object(&private->actions);
    G_OBJECT_CLASS(desk_page_parent_class)->dispose(object);
}

static void
desk_page_class_init(DeskPageClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

    object_class->get_property = desk_page_get_property;
    object_class->set_property = desk_page_set_property;
    object_class->dispose = desk_page_dispose;
    g_object_class_install_property(
        object_class, PROP_MODEL, g_param_spec_object("model", NULL, NULL, DESK_TYPE_MODEL, flags));
    g_object_class_install_property(
        object_class, PROP_ACTIONS,
        g_param_spec_object("actions", NULL, NULL, G_TYPE_ACTION_GROUP, flags));
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "page");
}

static void
desk_page_init(DeskPage *page)
{
    (void)page;
}

DeskModel *
desk_page_model(DeskPage *page)
{
    DeskPagePrivate *private = desk_page_get_instance_private(page);

    return private->model;
}

bool
desk_page_can(DeskPage *page, const char *action)
{
    DeskPagePrivate *private = desk_page_get_instance_private(page);

    return private->actions && g_action_group_get_action_enabled(private->actions, action);
}

void
desk_page_do(DeskPage *page, const char *action, GVariant *value)
{
    DeskPagePrivate *private = desk_page_get_instance_private(page);
    GVariant *sunk = value ? g_variant_ref_sink(value) : NULL;

    if (desk_page_can(page, action))
        g_action_group_activate_action(private->actions, action, sunk);
    g_clear_pointer(&sunk, g_variant_unref);
}

const char *
desk_page_chosen_key(GtkDropDown *from)
{
    DeskItem *item = gtk_drop_down_get_selected_item(from);

    return item ? desk_item_key(item) : "";
}

GtkExpression *
desk_page_title_expression(void)
{
    return gtk_property_expression_new(DESK_TYPE_ITEM, NULL, "title");
}

void
desk_page_name_row(GtkWidget *widget, unsigned steps, const char *name)
{
    while (steps-- > 0 && widget)
        widget = gtk_widget_get_parent(widget);
    if (widget)
        gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                       -1);
}

void
desk_page_name_drop_down(GtkDropDown *drop_down, const char *name)
{
    gtk_accessible_update_property(
        GTK_ACCESSIBLE(gtk_widget_get_first_child(GTK_WIDGET(drop_down))),
        GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}
