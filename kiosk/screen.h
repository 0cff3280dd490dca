/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen - what every page of the kiosk is: properties in, actions out
 *
 * A screen is a template of words, pictures and buttons bound to the model. It knows no other
 * screen, no timer and no network; its buttons name actions of the group `flow` (the patient's
 * events of domain/kiosk-flow.h, lower case with dashes).
 */
#pragma once

#include "model.h"
#include "widgets/keypad.h"

#include <gtk/gtk.h>

#define KIOSK_RESOURCES "/org/sugu/kiosk"

/* Properties: "model" (KioskModel), "orientation" (of the two halves of the page). */
#define KIOSK_TYPE_SCREEN (kiosk_screen_get_type())
G_DECLARE_DERIVABLE_TYPE(KioskScreen, kiosk_screen, KIOSK, SCREEN, GtkWidget)

struct _KioskScreenClass {
    GtkWidgetClass parent;
    /* The page's own keypad, for a numeric keypad beside the screen; NULL where it has none. */
    KioskKeypad *(*keypad)(KioskScreen *screen);
};

KioskKeypad *kiosk_screen_keypad(KioskScreen *screen);

/* Body of a screen that is its template alone. */
#define KIOSK_DEFINE_SCREEN(Type, type, file)                                                      \
    struct _##Type {                                                                               \
        KioskScreen parent;                                                                        \
    };                                                                                             \
    G_DEFINE_FINAL_TYPE(Type, type, KIOSK_TYPE_SCREEN)                                             \
    static void type##_class_init(Type##Class *class)                                              \
    {                                                                                              \
        gtk_widget_class_set_template_from_resource(GTK_WIDGET_CLASS(class),                       \
                                                    KIOSK_RESOURCES "/screens/" file ".ui");       \
    }                                                                                              \
    static void type##_init(Type *screen)                                                          \
    {                                                                                              \
        gtk_widget_init_template(GTK_WIDGET(screen));                                              \
    }
