/* SPDX-License-Identifier: Apache-2.0 */
/*
 * window - a drawing area that holds the last view
 */
#include "window.h"

#include "paint.h"

struct _BoardWindow {
    GtkWindow parent;
    GtkDrawingArea *area;
    char *title;
    struct board_layout layout;
    struct board_view view;
    bool has_view;
};

G_DEFINE_FINAL_TYPE(BoardWindow, board_window, GTK_TYPE_WINDOW)

enum { RESIZED, SHOWN, SIGNAL_COUNT };
static guint signals[SIGNAL_COUNT];

static void
on_resize(GtkDrawingArea *area, int width, int height, BoardWindow *window)
{
    (void)area;
    g_signal_emit(window, signals[RESIZED], 0, width, height);
}

static void
draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, void *user)
{
    BoardWindow *window = user;

    (void)area;
    (void)width;
    (void)height;
    if (!window->has_view)
        return;
    board_paint(cr, &window->layout, &window->view, window->title);
    g_signal_emit(window, signals[SHOWN], 0);
}

static void
board_window_finalize(GObject *object)
{
    g_free(BOARD_WINDOW(object)->title);
    G_OBJECT_CLASS(board_window_parent_class)->finalize(object);
}

static void
board_window_class_init(BoardWindowClass *class)
{
    GType type = G_TYPE_FROM_CLASS(class);

    G_OBJECT_CLASS(class)->finalize = board_window_finalize;
    signals[RESIZED] = g_signal_new("resized", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
    signals[SHOWN] =
        g_signal_new("shown", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
board_window_init(BoardWindow *window)
{
    window->area = GTK_DRAWING_AREA(gtk_drawing_area_new());
    gtk_drawing_area_set_draw_func(window->area, draw, window, NULL);
    g_signal_connect(window->area, "resize", G_CALLBACK(on_resize), window);
    gtk_window_set_child(GTK_WINDOW(window), GTK_WIDGET(window->area));
}

BoardWindow *
board_window_new(const char *title, int width, int height)
{
    BoardWindow *window = g_object_new(BOARD_TYPE_WINDOW, "default-width", width, "default-height",
                                       height, "decorated", FALSE, NULL);

    window->title = g_strdup(title);
    gtk_window_set_title(GTK_WINDOW(window), "sugu-board");
    return window;
}

void
board_window_show(BoardWindow *window,
                  const struct board_layout *layout,
                  const struct board_view *view)
{
    window->layout = *layout;
    window->view = *view;
    window->has_view = true;
    gtk_widget_queue_draw(GTK_WIDGET(window->area));
}
