/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text - words of the window: wraps, and takes no room where there is nothing to say
 */
#include "widgets/text.h"

struct _DeskText {
    GtkWidget parent;
    GtkLabel *label;
};

G_DEFINE_FINAL_TYPE(DeskText, desk_text, GTK_TYPE_WIDGET)

enum { PROP_LABEL = 1, PROP_XALIGN, PROP_IS_SINGLE };

static void
desk_text_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    DeskText *text = DESK_TEXT(object);

    if (id == PROP_LABEL)
        g_value_set_string(value, gtk_label_get_label(text->label));
    else if (id == PROP_XALIGN)
        g_value_set_float(value, gtk_label_get_xalign(text->label));
    else if (id == PROP_IS_SINGLE)
        g_value_set_boolean(value, !gtk_label_get_wrap(text->label));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
set_single(DeskText *text, gboolean is_single)
{
    gtk_label_set_wrap(text->label, !is_single);
    gtk_label_set_ellipsize(text->label, is_single ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
    /* Words that wrap do not decide how wide a pane is. */
    gtk_label_set_width_chars(text->label, is_single ? -1 : 4);
    gtk_label_set_max_width_chars(text->label, is_single ? -1 : 20);
}

static void
desk_text_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    DeskText *text = DESK_TEXT(object);

    if (id == PROP_LABEL) {
        const char *words = g_value_get_string(value);
        gtk_label_set_label(text->label, words ? words : "");
        gtk_widget_set_visible(GTK_WIDGET(text), words && words[0]);
    } else if (id == PROP_XALIGN)
        gtk_label_set_xalign(text->label, g_value_get_float(value));
    else if (id == PROP_IS_SINGLE)
        set_single(text, g_value_get_boolean(value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
desk_text_dispose(GObject *object)
{
    DeskText *text = DESK_TEXT(object);

    if (text->label)
        gtk_widget_unparent(GTK_WIDGET(text->label));
    text->label = NULL;
    G_OBJECT_CLASS(desk_text_parent_class)->dispose(object);
}

static void
desk_text_class_init(DeskTextClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

    object_class->get_property = desk_text_get_property;
    object_class->set_property = desk_text_set_property;
    object_class->dispose = desk_text_dispose;
    g_object_class_install_property(object_class, PROP_LABEL,
                                    g_param_spec_string("label", NULL, NULL, "", flags));
    g_object_class_install_property(object_class, PROP_XALIGN,
                                    g_param_spec_float("xalign", NULL, NULL, 0, 1, 0, flags));
    g_object_class_install_property(object_class, PROP_IS_SINGLE,
                                    g_param_spec_boolean("is-single", NULL, NULL, FALSE, flags));
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "words");
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
desk_text_init(DeskText *text)
{
    text->label = GTK_LABEL(gtk_label_new(""));
    gtk_label_set_xalign(text->label, 0);
    gtk_label_set_wrap_mode(text->label, PANGO_WRAP_WORD_CHAR);
    set_single(text, FALSE);
    gtk_widget_set_parent(GTK_WIDGET(text->label), GTK_WIDGET(text));
    gtk_widget_set_visible(GTK_WIDGET(text), FALSE);
}
