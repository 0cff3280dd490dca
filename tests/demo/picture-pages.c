/* SPDX-License-Identifier: Apache-2.0 */
/*
 * picture-pages - preloaded into the kiosk: a picture of each page that was painted, for the demo
 *
 * Pages come and go within milliseconds, faster than anybody can photograph the display, and the
 * kiosk itself writes no picture of a patient's page for anybody. This listens to the window's own
 * signal "shown" and saves what was painted as SUGU_PICTURES/NN-PAGE.png, in a thread of its own,
 * and the time of each as a line "UTC_US PAGE" in SUGU_PICTURES/pages.
 */
#include <gtk/gtk.h>

static const char *folder;
static unsigned count;   /* pages so far */
static unsigned pending; /* pictures that are being written */
static GMutex mutex;     /* guards it */
static GCond written;

struct picture {
    GdkTexture *texture;
    char *path;
};

static void
picture_free(void *data)
{
    struct picture *picture = data;

    g_object_unref(picture->texture);
    g_free(picture->path);
    g_free(picture);
}

static void
save(GTask *task, void *source, void *data, GCancellable *cancellable)
{
    struct picture *picture = data;

    (void)source;
    (void)cancellable;
    if (!gdk_texture_save_to_png(picture->texture, picture->path))
        g_printerr("cannot write %s\n", picture->path);
    g_task_return_boolean(task, TRUE);
    g_mutex_lock(&mutex);
    pending--;
    g_cond_signal(&written);
    g_mutex_unlock(&mutex);
}

static GdkTexture *
paint(GtkWidget *window)
{
    GdkPaintable *paintable = gtk_widget_paintable_new(window);
    GtkSnapshot *snapshot = gtk_snapshot_new();
    int width = gtk_widget_get_width(window), height = gtk_widget_get_height(window);
    GskRenderNode *node;
    GdkTexture *texture = NULL;

    gdk_paintable_snapshot(paintable, snapshot, width, height);
    node = gtk_snapshot_free_to_node(snapshot);
    if (node) {
        texture =
            gsk_renderer_render_texture(gtk_native_get_renderer(GTK_NATIVE(window)), node,
                                        &GRAPHENE_RECT_INIT(0, 0, (float)width, (float)height));
        gsk_render_node_unref(node);
    }
    g_object_unref(paintable);
    return texture;
}

static void
note_time(gint64 utc_us, const char *page)
{
    char *path = g_strconcat(folder, "/pages", NULL);
    FILE *file = fopen(path, "ae");

    if (file) {
        fprintf(file, "%" G_GINT64_FORMAT " %s\n", utc_us, page);
        fclose(file);
    }
    g_free(path);
}

static gboolean
on_shown(GSignalInvocationHint *hint, guint value_count, const GValue *values, gpointer user)
{
    gint64 utc_us = g_get_real_time();
    const char *page = value_count == 2 ? g_value_get_string(&values[1]) : "";
    GdkTexture *texture = paint(g_value_get_object(&values[0]));
    struct picture *picture;
    GTask *task;

    (void)hint;
    (void)user;
    note_time(utc_us, page);
    if (!texture)
        return TRUE;
    picture = g_new0(struct picture, 1);
    picture->texture = texture;
    picture->path = g_strdup_printf("%s/%02u-%s.png", folder, ++count, page);
    g_mutex_lock(&mutex);
    pending++;
    g_mutex_unlock(&mutex);
    task = g_task_new(NULL, NULL, NULL, NULL);
    g_task_set_task_data(task, picture, picture_free);
    g_task_run_in_thread(task, save);
    g_object_unref(task);
    return TRUE; /* for the next page too */
}

/* Before the first frame; the window's class is there once the window is. */
static gboolean
listen(void *user)
{
    GType window = g_type_from_name("KioskWindow");

    (void)user;
    if (!window)
        return G_SOURCE_CONTINUE;
    g_signal_add_emission_hook(g_signal_lookup("shown", window), 0, on_shown, NULL, NULL);
    return G_SOURCE_REMOVE;
}

static void __attribute__((constructor)) begin(void)
{
    folder = g_getenv("SUGU_PICTURES");
    if (folder)
        g_idle_add_full(G_PRIORITY_HIGH, listen, NULL, NULL);
}

static void __attribute__((destructor)) finish(void)
{
    g_mutex_lock(&mutex);
    while (pending > 0)
        g_cond_wait(&written, &mutex);
    g_mutex_unlock(&mutex);
}
