/* SPDX-License-Identifier: Apache-2.0 */
/*
 * button - a large button: words, and a picture beside them where one helps
 */
#include "widgets/button.h"

#include "widgets/picture.h"
#include "widgets/text.h"

struct _KioskButton {
    GtkButton parent;
    GtkWidget *text, *picture;
};

G_DEFINE_FINAL_TYPE(KioskButton, kiosk_button, GTK_TYPE_BUTTON)

enum { PROP_TEXT = 1, PROP_PICTURE };

static void
set_text(KioskButton *button, const char *text)
{
    char *plain = kiosk_text_plain(text);

    kiosk_text_set_label(KIOSK_TEXT(button->text), text);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, plain,
                                   -1);
    g_free(plain);
}

static void
kiosk_button_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    KioskButton *button = KIOSK_BUTTON(object);

    if (id == PROP_TEXT)
        g_object_get_property(G_OBJECT(button->text), "label", value);
    else if (id == PROP_PICTURE)
        g_object_get_property(G_OBJECT(button->picture), "drawing", value);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
kiosk_button_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    KioskButton *button = KIOSK_BUTTON(object);

    if (id == PROP_TEXT)
        set_text(button, g_value_get_string(value));
    else if (id == PROP_PICTURE)
        g_object_set_property(G_OBJECT(button->picture), "drawing", value);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
kiosk_button_class_init(KioskButtonClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

    object_class->get_property = kiosk_button_get_property;
    object_class->set_property = kiosk_button_set_property;
    g_object_class_install_property(object_class, PROP_TEXT,
                                    g_param_spec_string("text", NULL, NULL, "", flags));
    g_object_class_install_property(object_class, PROP_PICTURE,
                                    g_param_spec_string("picture", NULL, NULL, "", flags));
}

static void
kiosk_button_init(KioskButton *button)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);

    button->picture = g_object_new(KIOSK_TYPE_PICTURE, NULL);
    button->text = g_object_new(KIOSK_TYPE_TEXT, "xalign", 0.5f, NULL);
    gtk_box_append(GTK_BOX(box), button->picture);
    gtk_box_append(GTK_BOX(box), button->text);
    /* Words on two lines are narrower than their box: in the middle of it, and no further. */
    gtk_widget_set_hexpand(button->text, TRUE);
    gtk_widget_set_hexpand(box, FALSE);
    gtk_widget_set_halign(box, GTK_ALIGN_CENTER);
    gtk_widget_set_valign(box, GTK_ALIGN_CENTER);
    gtk_widget_add_css_class(box, "button-content");
    gtk_button_set_child(GTK_BUTTON(button), box);
}
