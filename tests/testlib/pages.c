/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages - for tests that draw the pages of a window: pictures, and what is wrong with them
 */
#include "testlib/pages.h"

#include "testlib/checks.h"

#include <stdarg.h>
#include <stdio.h>

static char *complaints;

GdkTexture *
sugu_page_texture(GtkWidget *window)
{
    GdkPaintable *paintable = gtk_widget_paintable_new(window);
    GtkSnapshot *snapshot = gtk_snapshot_new();
    int width = gtk_widget_get_width(window), height = gtk_widget_get_height(window);
    GskRenderNode *node;
    GdkTexture *texture;

    gdk_paintable_snapshot(paintable, snapshot, width, height);
    node = gtk_snapshot_free_to_node(snapshot);
    ck_assert_ptr_nonnull(node);
    texture = gsk_renderer_render_texture(gtk_native_get_renderer(GTK_NATIVE(window)), node,
                                          &GRAPHENE_RECT_INIT(0, 0, (float)width, (float)height));
    gsk_render_node_unref(node);
    g_object_unref(paintable);
    return texture;
}

void
sugu_page_complain(const char *page, const char *format, ...)
{
    va_list values;
    char *what, *all;

    va_start(values, format);
    what = g_strdup_vprintf(format, values);
    va_end(values);
    all = g_strdup_printf("%s  %s: %s\n", complaints ? complaints : "", page, what);
    g_free(complaints);
    g_free(what);
    complaints = all;
}

void
sugu_page_complaints_end(void)
{
    char *all = g_steal_pointer(&complaints); /* the next test begins with none */

    if (all)
        fputs(all, stderr);
    ck_assert_msg(!all, "pages are not as they should be, see standard error");
}
