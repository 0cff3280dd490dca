/* SPDX-License-Identifier: Apache-2.0 */
/*
 * window - the one window of a call board: a painted view, and nothing to touch
 */
#pragma once

#include "layout.h"
#include "view.h"

#include <gtk/gtk.h>

#define BOARD_TYPE_WINDOW (board_window_get_type())
G_DECLARE_FINAL_TYPE(BoardWindow, board_window, BOARD, WINDOW, GtkWindow)

/* Emits "resized" (int width, int height) when the picture has another size, before it is painted;
 * "shown" after each painted frame. */
BoardWindow *board_window_new(const char *title, int width, int height);

/* Paints this from now on; copied. */
void board_window_show(BoardWindow *window,
                       const struct board_layout *layout,
                       const struct board_view *view);
