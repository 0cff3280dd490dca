/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keypad - ten keys for four digits that never become text
 *
 * What is pressed goes digit by digit into the secret (secret.h) and nowhere else. For a PIN only
 * the count of digits is shown; a birthday is shown as month and day. "Enter" activates the action
 * `flow.digits` once all four are there.
 */
#pragma once

#include "secret.h"

#include <gtk/gtk.h>

/*
 * Properties: "secret" (pointer, struct kiosk_secret, not owned), "shuffle" (pointer, struct
 * sugu_random: keys in random order, against onlookers; NULL = in their own), "is-date" (shows a
 * birthday).
 */
#define KIOSK_TYPE_KEYPAD (kiosk_keypad_get_type())
G_DECLARE_FINAL_TYPE(KioskKeypad, kiosk_keypad, KIOSK, KEYPAD, GtkWidget)

/* As if the key had been touched; for a numeric keypad beside the screen. */
void kiosk_keypad_press(KioskKeypad *keypad, unsigned digit);
void kiosk_keypad_erase(KioskKeypad *keypad);
void kiosk_keypad_enter(KioskKeypad *keypad);
