/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pin - the four digits of the My Number card, on keys of our own
 */
#include "screens/screens.h"

struct _KioskPin {
    KioskScreen parent;
    KioskKeypad *keypad;
};

G_DEFINE_FINAL_TYPE(KioskPin, kiosk_pin, KIOSK_TYPE_SCREEN)

static KioskKeypad *
own_keypad(KioskScreen *screen)
{
    return KIOSK_PIN(screen)->keypad;
}

static void
kiosk_pin_class_init(KioskPinClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    KIOSK_SCREEN_CLASS(class)->keypad = own_keypad;
    gtk_widget_class_set_template_from_resource(widget_class, KIOSK_RESOURCES "/screens/pin.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskPin, keypad);
}

static void
kiosk_pin_init(KioskPin *screen)
{
    gtk_widget_init_template(GTK_WIDGET(screen));
}
