/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages - for tests that draw the pages of a window: pictures, and what is wrong with them
 */
#pragma once

#include "base/macros.h"

#include <gtk/gtk.h>

/* What a window that is shown looks like; the caller unrefs it. */
GdkTexture *sugu_page_texture(GtkWidget *window);

/* Notes what is wrong with a page, so that one run shows all of it. */
void sugu_page_complain(const char *page, const char *format, ...) SUGU_PRINTF(2, 3);
/* Prints what was noted and fails the test if it is anything. */
void sugu_page_complaints_end(void);
