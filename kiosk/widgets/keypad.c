/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keypad - ten keys for four digits that never become text
 */
#include "widgets/keypad.h"

#include "base/random.h"
#include "widgets/button.h"
#include "widgets/text.h"

#include <glib/gi18n.h>

struct _KioskKeypad {
    GtkWidget parent;
    GtkWidget *shown, *grid, *keys[10], *erase, *enter;
    GtkWidget *places[SUGU_PIN_DIGITS];
    struct kiosk_secret *secret;
    struct sugu_random *shuffle;
    gboolean is_date;
};

G_DEFINE_FINAL_TYPE(KioskKeypad, kiosk_keypad, GTK_TYPE_WIDGET)

enum { PROP_SECRET = 1, PROP_SHUFFLE, PROP_IS_DATE };

/* A birthday is shown as it is typed; of a PIN only how many digits there are. */
static void
show_places(KioskKeypad *keypad)
{
    unsigned count = keypad->secret ? keypad->secret->count : 0;
    char *spoken;

    for (unsigned i = 0; i < SUGU_PIN_DIGITS; i++) {
        GtkWidget *place = keypad->places[i];
        if (i < count)
            gtk_widget_add_css_class(place, "filled");
        else
            gtk_widget_remove_css_class(place, "filled");
        if (keypad->is_date) {
            char digit[2] = {i < count ? keypad->secret->packet.digits[i] : ' ', '\0'};
            gtk_label_set_text(GTK_LABEL(gtk_widget_get_first_child(place)), digit);
        }
    }
    spoken = g_strdup_printf(ngettext("%u digit entered", "%u digits entered", count), count);
    gtk_accessible_update_property(GTK_ACCESSIBLE(keypad->shown), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   spoken, -1);
    g_free(spoken);
    gtk_widget_set_sensitive(keypad->enter, count == SUGU_PIN_DIGITS);
    gtk_widget_set_sensitive(keypad->erase, count > 0);
}

void
kiosk_keypad_press(KioskKeypad *keypad, unsigned digit)
{
    if (keypad->secret)
        kiosk_secret_add(keypad->secret, digit);
    show_places(keypad);
}

void
kiosk_keypad_erase(KioskKeypad *keypad)
{
    if (keypad->secret)
        kiosk_secret_drop_last(keypad->secret);
    show_places(keypad);
}

void
kiosk_keypad_enter(KioskKeypad *keypad)
{
    if (keypad->secret && kiosk_secret_is_full(keypad->secret))
        gtk_widget_activate_action(GTK_WIDGET(keypad), "flow.digits", NULL);
}

static void
on_key_clicked(GtkButton *key, KioskKeypad *keypad)
{
    for (unsigned digit = 0; digit < SUGU_ARRAY_SIZE(keypad->keys); digit++)
        if (keypad->keys[digit] == GTK_WIDGET(key))
            kiosk_keypad_press(keypad, digit);
}

static void
on_erase_clicked(GtkButton *key, KioskKeypad *keypad)
{
    (void)key;
    kiosk_keypad_erase(keypad);
}

static void
on_enter_clicked(GtkButton *key, KioskKeypad *keypad)
{
    (void)key;
    kiosk_keypad_enter(keypad);
}

/* Where digits stand, row by row: 1 … 9, then 0 in the middle of the last row. */
static void
place_keys(KioskKeypad *keypad)
{
    unsigned order[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 0};

    for (unsigned left = 10; keypad->shuffle && left > 1; left--) {
        unsigned other = (unsigned)sugu_random_below(keypad->shuffle, left);
        unsigned last = order[left - 1];
        order[left - 1] = order[other];
        order[other] = last;
    }
    for (int i = 0; i < 10; i++) {
        GtkWidget *key = keypad->keys[order[i]];
        g_object_ref_sink(key);
        if (gtk_widget_get_parent(key))
            gtk_grid_remove(GTK_GRID(keypad->grid), key);
        gtk_grid_attach(GTK_GRID(keypad->grid), key, i == 9 ? 1 : i % 3, i == 9 ? 3 : i / 3, 1, 1);
        g_object_unref(key);
    }
}

static GtkWidget *
make_key(KioskKeypad *keypad, const char *text, const char *class, GCallback on_clicked)
{
    GtkWidget *key = g_object_new(KIOSK_TYPE_BUTTON, "text", text, NULL);

    gtk_widget_add_css_class(key, class);
    g_signal_connect_object(key, "clicked", on_clicked, keypad, 0);
    return key;
}

static void
make_places(KioskKeypad *keypad)
{
    keypad->shown = g_object_new(GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS,
                                 "halign", GTK_ALIGN_CENTER, NULL);
    gtk_widget_add_css_class(keypad->shown, "places");
    for (unsigned i = 0; i < SUGU_PIN_DIGITS; i++) {
        keypad->places[i] = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
        gtk_widget_add_css_class(keypad->places[i], "place");
        gtk_box_append(GTK_BOX(keypad->shown), keypad->places[i]);
    }
}

/* The places of a birthday hold digits, with "month" and "day" between them. */
static void
show_as_date(KioskKeypad *keypad)
{
    /* TRANSLATORS: stands behind the two digits of a month in a birthday, like 月; may be "/" */
    const char *names[] = {C_("birthday", "month"), C_("birthday", "day")};

    for (unsigned i = 0; i < SUGU_PIN_DIGITS; i++) {
        GtkWidget *digit = gtk_label_new("");
        gtk_widget_set_hexpand(digit, TRUE);
        gtk_box_append(GTK_BOX(keypad->places[i]), digit);
        gtk_widget_add_css_class(keypad->places[i], "digit");
    }
    for (unsigned i = 0; i < 2; i++) {
        GtkWidget *name = g_object_new(KIOSK_TYPE_TEXT, "label", names[i], NULL);
        gtk_widget_set_valign(name, GTK_ALIGN_END);
        gtk_box_insert_child_after(GTK_BOX(keypad->shown), name, keypad->places[2 * i + 1]);
    }
}

static void
kiosk_keypad_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    KioskKeypad *keypad = KIOSK_KEYPAD(object);

    if (id == PROP_SECRET)
        g_value_set_pointer(value, keypad->secret);
    else if (id == PROP_SHUFFLE)
        g_value_set_pointer(value, keypad->shuffle);
    else if (id == PROP_IS_DATE)
        g_value_set_boolean(value, keypad->is_date);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
}

static void
kiosk_keypad_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    KioskKeypad *keypad = KIOSK_KEYPAD(object);

    if (id == PROP_SECRET)
        keypad->secret = g_value_get_pointer(value);
    else if (id == PROP_SHUFFLE) {
        keypad->shuffle = g_value_get_pointer(value);
        place_keys(keypad);
    } else if (id == PROP_IS_DATE) {
        keypad->is_date = g_value_get_boolean(value);
        if (keypad->is_date)
            show_as_date(keypad);
    } else
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
    show_places(keypad);
}

static void
kiosk_keypad_dispose(GObject *object)
{
    KioskKeypad *keypad = KIOSK_KEYPAD(object);

    keypad->secret = NULL;
    keypad->shuffle = NULL;
    g_clear_pointer(&keypad->shown, gtk_widget_unparent);
    g_clear_pointer(&keypad->grid, gtk_widget_unparent);
    G_OBJECT_CLASS(kiosk_keypad_parent_class)->dispose(object);
}

static void
kiosk_keypad_class_init(KioskKeypadClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS(class);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

    object_class->get_property = kiosk_keypad_get_property;
    object_class->set_property = kiosk_keypad_set_property;
    object_class->dispose = kiosk_keypad_dispose;
    g_object_class_install_property(object_class, PROP_SECRET,
                                    g_param_spec_pointer("secret", NULL, NULL, flags));
    g_object_class_install_property(object_class, PROP_SHUFFLE,
                                    g_param_spec_pointer("shuffle", NULL, NULL, flags));
    g_object_class_install_property(object_class, PROP_IS_DATE,
                                    g_param_spec_boolean("is-date", NULL, NULL, FALSE, flags));
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BOX_LAYOUT);
    gtk_widget_class_set_css_name(widget_class, "keypad");
}

static void
kiosk_keypad_init(KioskKeypad *keypad)
{
    gtk_orientable_set_orientation(
        GTK_ORIENTABLE(gtk_widget_get_layout_manager(GTK_WIDGET(keypad))),
        GTK_ORIENTATION_VERTICAL);
    make_places(keypad);
    keypad->grid = gtk_grid_new();
    gtk_grid_set_column_homogeneous(GTK_GRID(keypad->grid), TRUE);
    gtk_widget_add_css_class(keypad->grid, "keys");
    for (unsigned digit = 0; digit < 10; digit++) {
        char text[2] = {(char)('0' + digit), '\0'};
        keypad->keys[digit] = make_key(keypad, text, "key", G_CALLBACK(on_key_clicked));
    }
    place_keys(keypad);
    keypad->erase = make_key(keypad, C_("key", "Erase"), "key-word", G_CALLBACK(on_erase_clicked));
    keypad->enter = make_key(keypad, C_("key", "Enter"), "key-word", G_CALLBACK(on_enter_clicked));
    gtk_widget_add_css_class(keypad->enter, "primary");
    gtk_grid_attach(GTK_GRID(keypad->grid), keypad->erase, 0, 3, 1, 1);
    gtk_grid_attach(GTK_GRID(keypad->grid), keypad->enter, 2, 3, 1, 1);
    gtk_widget_set_parent(keypad->shown, GTK_WIDGET(keypad));
    gtk_widget_set_parent(keypad->grid, GTK_WIDGET(keypad));
    gtk_widget_set_hexpand(keypad->grid, TRUE);
}
