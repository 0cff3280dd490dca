/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line - one DeskItem as a line of a list: sign, words, count; the level as a class
 */
#include "widgets/line.h"

#include "page.h"
#include "widgets/text.h"

struct _DeskLine {
    GtkWidget parent;
    DeskItem *item;
};

G_DEFINE_FINAL_TYPE(DeskLine, desk_line, GTK_TYPE_WIDGET)

enum { PROP_ITEM = 1 };

/* What the whole row says. */
static const char *
name_of(DeskLine *line)
{
    const char *tip = line->item ? desk_item_text(line->item, DESK_ITEM_TIP) : "";

    return tip[0] || !line->item ? tip : desk_item_text(line->item, DESK_ITEM_TITLE);
}

static void
show_level(DeskLine *line)
{
    const char *level = line->item ? desk_item_text(line->item, DESK_ITEM_LEVEL) : "";
    const char *classes[] = {level[0] ? level : "calm", NULL};

    gtk_widget_set_css_classes(GTK_WIDGET(line), classes);
    desk_page_name_row(GTK_WIDGET(line), 1, name_of(line));
}

static void
desk_line_map(GtkWidget *widget)
{
    GTK_WIDGET_CLASS(desk_line_parent_class)->map(widget);
    desk_page_name_row(widget, 1, name_of(DESK_LINE(widget)));
}

static void
set_item(DeskLine *line, DeskItem *item)
{
    if (line->item)
        g_signal_handlers_disconnect_by_data(line->item, line);
    g_set_object(&line->item, item);
    if (item) {
        g_signal_connect_swapped(item, "notify::level", G_CALLBACK(show_level), line);
        g_signal_connect_swapped(item, "notify::tip", G_CALLBACK(show_level), line);
        g_signal_connect_swapped(item, "notify::title", G_CALLBACK(show_level), line);
    }
    show_level(line);
}

static void
desk_line_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    if (id == PROP_ITEM)
        g_value_set_object(value, DESK_LINE(object)->item);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
desk_line_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    if (id == PROP_ITEM)
        set_item(DESK_LINE(object), g_value_get_object(value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
desk_line_dispose(GObject *object)
{
    DeskLine *line = DESK_LINE(object);
    GtkWidget *child;

    if (line->item)
        g_signal_handlers_disconnect_by_data(line->item, line);
    g_clear_object(&line->item);
    while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))))
        gtk_widget_unparent(child);
    G_OBJECT_CLASS(desk_line_parent_class)->dispose(object);
}

static void
desk_line_class_init(DeskLineClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);

    object_class->get_property = desk_line_get_property;
    object_class->set_property = desk_line_set_property;
    object_class->dispose = desk_line_dispose;
    g_object_class_install_property(
        object_class, PROP_ITEM,
        g_param_spec_object("item", NULL, NULL, DESK_TYPE_ITEM,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
    GTK_WIDGET_CLASS(class)->map = desk_line_map;
    gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "line");
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
    g_type_ensure(DESK_TYPE_TEXT);
    gtk_widget_class_set_template_from_resource(GTK_WIDGET_CLASS(class),
                                                DESK_RESOURCES "/widgets/line.ui");
}

static void
desk_line_init(DeskLine *line)
{
    gtk_widget_init_template(GTK_WIDGET(line));
}

static void
on_setup(GtkListItemFactory *factory, GtkListItem *item, void *user)
{
    (void)factory;
    (void)user;
    gtk_list_item_set_child(item, g_object_new(DESK_TYPE_LINE, NULL));
}

static void
on_bind(GtkListItemFactory *factory, GtkListItem *item, void *user)
{
    (void)factory;
    (void)user;
    g_object_set(gtk_list_item_get_child(item), "item", gtk_list_item_get_item(item), NULL);
}

static void
on_unbind(GtkListItemFactory *factory, GtkListItem *item, void *user)
{
    (void)factory;
    (void)user;
    g_object_set(gtk_list_item_get_child(item), "item", NULL, NULL);
}

GtkListItemFactory *
desk_line_factory_new(void)
{
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new();

    g_signal_connect(factory, "setup", G_CALLBACK(on_setup), NULL);
    g_signal_connect(factory, "bind", G_CALLBACK(on_bind), NULL);
    g_signal_connect(factory, "unbind", G_CALLBACK(on_unbind), NULL);
    return factory;
}
