/* SPDX-License-Identifier: Apache-2.0 */
/*
 * window-program - how each of our programs with a window begins and comes to its end
 */
#pragma once

#include <gtk/gtk.h>

/*
 * Opens the display, without animations and without a GPU; `program` is the name on the bus of
 * assistive programs and the app id for the compositor. Where no display can be opened the program
 * ends with device.no-display.
 */
void sugu_window_start(const char *program);

/*
 * A main loop that ends when the window is closed or `stop_fd` (sugu_process_stop_fd) is readable;
 * the program may quit it too. Closing does not destroy the window: its owner does. Both have to
 * live as long as the loop runs. The caller unrefs it.
 */
GMainLoop *sugu_window_loop_new(GtkWindow *window, int stop_fd);
