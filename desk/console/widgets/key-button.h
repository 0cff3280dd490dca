/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key-button - a verb's button: the cap of its key, and its words
 */
#pragma once

#include <gtk/gtk.h>

/* `key` is a letter, shown in upper case; both are told to screen readers. Floating. */
GtkWidget *desk_key_button_new(char key, const char *words);
