/* SPDX-License-Identifier: Apache-2.0 */
/*
 * style - style.css in the size and the contrast that the patient chose
 *
 * GTK 4.8 knows pixels and no variables, a kiosk is built in millimetres: the style sheet says
 * mm(N) for lengths and text(N) for type (N = height of an em in millimetres, larger with large
 * text), and family() for the font of the language. They are filled in here.
 */
#pragma once

#include "model.h"

#include <gtk/gtk.h>

/*
 * Millimetres by which every em grows with large text: the smallest type, 7 mm, gets a capital H of
 * 7.5 mm (EN 301 549 5.1.4 wants 7.3 mm at 600 mm), and titles leave room for the rest.
 */
#define KIOSK_STYLE_LARGE_MM 3.2

struct kiosk_style {
    GtkCssProvider *provider;
    int64_t px_per_mm_x100;
};

/* Adds its provider to the display for as long as it lives. */
void kiosk_style_init(struct kiosk_style *style, GdkDisplay *display, int64_t px_per_mm_x100);
void kiosk_style_done(struct kiosk_style *style, GdkDisplay *display);
/* Fits the style to size, contrast and language of the model. */
void kiosk_style_apply(struct kiosk_style *style, KioskModel *model);

/* The sheet with everything filled in, for tests; free with g_free(). */
char *kiosk_style_text(int64_t px_per_mm_x100,
                       gboolean is_large,
                       gboolean has_contrast,
                       const char *family);
