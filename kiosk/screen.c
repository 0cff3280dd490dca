/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen - what every page of the kiosk is: properties in, actions out
 */
#include "screen.h"

typedef struct {
    KioskModel *model;
    GtkOrientation orientation;
} KioskScreenPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(KioskScreen, kiosk_screen, GTK_TYPE_WIDGET)

enum { PROP_MODEL = 1, PROP_ORIENTATION };

static void
kiosk_screen_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    KioskScreenPrivate *private = kiosk_screen_get_instance_private(KIOSK_SCREEN(object));

    if (id == PROP_MODEL)
        g_value_set_object(value, private->model);
    else if (id == PROP_ORIENTATION)
        g_value_set_enum(value, private->orientation);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
kiosk_screen_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    KioskScreenPrivate *private = kiosk_screen_get_instance_private(KIOSK_SCREEN(object));

    if (id == PROP_MODEL)
        g_set_object(&private->model, g_value_get_object(value));
    else if (id == PROP_ORIENTATION)
    private->orientation = (GtkOrientation)g_value_get_enum(value);
    else G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
kiosk_screen_dispose(GObject *object)
{
    KioskScreenPrivate *private = kiosk_screen_get_instance_private(KIOSK_SCREEN(object));
    GtkWidget *child;

    while ((child = gtk_widget_get_first_child(GTK_WIDGET(object))))
        gtk_widget_unparent(child);
    g_clear_object(&private->model);
    G_OBJECT_CLASS(kiosk_screen_parent_class)->dispose(object);
}

static KioskKeypad *
no_keypad(KioskScreen *screen)
{
    (void)screen;
    return NULL;
}

static void
kiosk_screen_class_init(KioskScreenClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

    object_class->get_property = kiosk_screen_get_property;
    object_class->set_property = kiosk_screen_set_property;
    object_class->dispose = kiosk_screen_dispose;
    class->keypad = no_keypad;
    g_object_class_install_property(
        object_class, PROP_MODEL,
        g_param_spec_object("model", NULL, NULL, KIOSK_TYPE_MODEL, flags));
    g_object_class_install_property(object_class, PROP_ORIENTATION,
                                    g_param_spec_enum("orientation", NULL, NULL,
                                                      GTK_TYPE_ORIENTATION,
                                                      GTK_ORIENTATION_VERTICAL, flags));
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "screen");
}

static void
kiosk_screen_init(KioskScreen *screen)
{
    KioskScreenPrivate *private = kiosk_screen_get_instance_private(screen);

    private->orientation = GTK_ORIENTATION_VERTICAL;
}

KioskKeypad *
kiosk_screen_keypad(KioskScreen *screen)
{
    return KIOSK_SCREEN_GET_CLASS(screen)->keypad(screen);
}
