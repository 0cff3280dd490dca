/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fact - a caption and what it says; takes no room where it says nothing
 */
#include "widgets/fact.h"

#include "page.h"
#include "widgets/text.h"

struct _DeskFact {
    GtkWidget parent;
    char *caption, *value;
};

G_DEFINE_FINAL_TYPE(DeskFact, desk_fact, GTK_TYPE_WIDGET)

enum { PROP_CAPTION = 1, PROP_VALUE };

static void
desk_fact_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    DeskFact *fact = DESK_FACT(object);

    if (id == PROP_CAPTION)
        g_value_set_string(value, fact->caption);
    else if (id == PROP_VALUE)
        g_value_set_string(value, fact->value);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
desk_fact_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    DeskFact *fact = DESK_FACT(object);

    if (id == PROP_CAPTION) {
        g_free(fact->caption);
        fact->caption = g_value_dup_string(value);
    } else if (id == PROP_VALUE) {
        g_free(fact->value);
        fact->value = g_value_dup_string(value);
        gtk_widget_set_visible(GTK_WIDGET(fact), fact->value && fact->value[0]);
    } else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    gtk_accessible_update_property(
        GTK_ACCESSIBLE(fact), GTK_ACCESSIBLE_PROPERTY_LABEL, fact->caption ? fact->caption : "",
        GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, fact->value ? fact->value : "", -1);
}

static void
desk_fact_dispose(GObject *object)
{
    DeskFact *fact = DESK_FACT(object);
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))))
        gtk_widget_unparent(child);
    g_clear_pointer(&fact->caption, g_free);
    g_clear_pointer(&fact->value, g_free);
    G_OBJECT_CLASS(desk_fact_parent_class)->dispose(object);
}

static void
desk_fact_class_init(DeskFactClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

    object_class->get_property = desk_fact_get_property;
    object_class->set_property = desk_fact_set_property;
    object_class->dispose = desk_fact_dispose;
    g_object_class_install_property(object_class, PROP_CAPTION,
                                    g_param_spec_string("caption", NULL, NULL, "", flags));
    g_object_class_install_property(object_class, PROP_VALUE,
                                    g_param_spec_string("value", NULL, NULL, "", flags));
    gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "fact");
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
    g_type_ensure(DESK_TYPE_TEXT);
    gtk_widget_class_set_template_from_resource(GTK_WIDGET_CLASS(class),
                                                DESK_RESOURCES "/widgets/fact.ui");
}

static void
desk_fact_init(DeskFact *fact)
{
    gtk_widget_init_template(GTK_WIDGET(fact));
    gtk_widget_set_visible(GTK_WIDGET(fact), FALSE);
}
