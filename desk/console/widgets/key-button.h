/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key-button - a verb's button: the cap of its key, and its words; and rows of such buttons
 */
#pragma once

#include <gtk/gtk.h>

/* `key` is a letter, shown in upper case; both are told to screen readers. Floating. */
GtkWidget *desk_key_button_new(char key, const char *words);

/* Puts the visible children of `grid` in rows of `columns`, in their order. Large text needs wider
 * buttons: then `columns_large` stand beside each other, so that words stay whole. */
void desk_key_grid_lay_out(GtkGrid *grid, int columns, int columns_large);
