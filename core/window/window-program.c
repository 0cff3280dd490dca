/* SPDX-License-Identifier: Apache-2.0 */
/*
 * window-program - how each of our programs with a window begins and comes to its end
 */
#include "window/window-program.h"

#include "base/process.h"

#include <glib-unix.h>

void
sugu_window_start(const char *program)
{
    struct sugu_error error;

    /* Without a GPU the GL renderers cost a core (domain/screens.md section 3). */
    g_setenv("GSK_RENDERER", "cairo", /* overwrite= */ FALSE);
    /* Nor is libGL looked for then: it took half of the start and of the memory. */
    if (g_strcmp0(g_getenv("GSK_RENDERER"), "cairo") == 0)
        g_setenv("GDK_DEBUG", "gl-disable", /* overwrite= */ FALSE);
    gtk_disable_setlocale();
    g_set_prgname(program);
    if (!gtk_init_check()) {
        sugu_fail(&error, SUGU_BROKEN, "device.no-display", "no display can be opened");
        sugu_process_die(program, &error);
    }
    g_object_set(gtk_settings_get_default(), "gtk-enable-animations", FALSE, "gtk-theme-name",
                 "Default", "gtk-application-prefer-dark-theme", FALSE, NULL);
}

static gboolean
on_close_request(GtkWindow *window, GMainLoop *loop)
{
    (void)window;
    g_main_loop_quit(loop);
    return TRUE;
}

static gboolean
on_stop(int fd, GIOCondition condition, void *loop)
{
    (void)fd;
    (void)condition;
    g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
}

GMainLoop *
sugu_window_loop_new(GtkWindow *window, int stop_fd)
{
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);

    g_signal_connect(window, "close-request", G_CALLBACK(on_close_request), loop);
    g_unix_fd_add(stop_fd, G_IO_IN, on_stop, loop);
    return loop;
}
