/* SPDX-License-Identifier: Apache-2.0 */
/*
 * birthday - month and day of birth, the second fact beside a card or ticket
 */
#include "screens/screens.h"

struct _KioskBirthday {
    KioskScreen parent;
    KioskKeypad *keypad;
};

G_DEFINE_FINAL_TYPE(KioskBirthday, kiosk_birthday, KIOSK_TYPE_SCREEN)

static KioskKeypad *
own_keypad(KioskScreen *screen)
{
    return KIOSK_BIRTHDAY(screen)->keypad;
}

static void
kiosk_birthday_class_init(KioskBirthdayClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

    KIOSK_SCREEN_CLASS(class)->keypad = own_keypad;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                KIOSK_RESOURCES "/screens/birthday.ui");
    gtk_widget_class_bind_template_child(widget_class, KioskBirthday, keypad);
}

static void
kiosk_birthday_init(KioskBirthday *screen)
{
    gtk_widget_init_template(GTK_WIDGET(screen));
}
