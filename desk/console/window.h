/* SPDX-License-Identifier: Apache-2.0 */
/*
 * window - the one window of a desk: signs in, then shows its pages; hears the keys
 */
#pragma once

#include "model.h"

#include <gtk/gtk.h>

/*
 * Signals: "sign-in" (user name, password; valid during the call). Actions of its group "view":
 * "page" (s: queues, cases, people, kiosks, today), "larger", "smaller", "search".
 */
#define DESK_TYPE_WINDOW (desk_window_get_type())
G_DECLARE_FINAL_TYPE(DeskWindow, desk_window, DESK, WINDOW, GtkWindow)

/* Text in per cent of its usual size. */
#define DESK_TEXT_PERCENT_MIN 80
#define DESK_TEXT_PERCENT_MAX 200

/* Shares both. Needs desk_window_start() before. */
DeskWindow *desk_window_new(DeskModel *model, GActionGroup *actions);
/* The style sheet and the types, once. */
void desk_window_start(GdkDisplay *display);
void desk_window_show_page(DeskWindow *window, const char *page);
/* For all windows: the toolkit's own setting. */
void desk_window_set_text_percent(int percent);
/* The list of the chosen queue, for measuring. */
GtkColumnView *desk_window_list(DeskWindow *window);
