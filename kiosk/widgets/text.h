/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text - a label that breaks lines between phrases and shows the glyphs of its language
 *
 * Japanese has no spaces, and a line that ends inside a word is hard to read. Translators put '|'
 * between phrases; a text with such marks is broken there, at spaces and at line ends only. Hides
 * itself while it has nothing to show.
 */
#pragma once

#include <gtk/gtk.h>

/* Properties: "label" (string), "xalign" (float, 0 left … 1 right), "is-whole" (an amount, which
 * stands on one line), "is-said" (boolean: somebody's own words or names, shown as
 * they are), "spoken" (string, write only: what is read out instead of signs). */
#define KIOSK_TYPE_TEXT (kiosk_text_get_type())
G_DECLARE_FINAL_TYPE(KioskText, kiosk_text, KIOSK, TEXT, GtkWidget)

void kiosk_text_set_label(KioskText *text, const char *label);

/* The text without marks, as assistive programs and people read it; free with g_free(). */
char *kiosk_text_plain(const char *label);
