/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client-source - a client or a device service inside a GLib main loop
 */
#include "client/client-source.h"

/* Both kinds look the same from here: a descriptor, a due time, a step. */
struct link_source {
    GSource source;
    void *peer;
    int (*fd)(void *peer);
    int64_t (*due_us)(void *peer);
    bool (*step)(void *peer);
    int watched_fd;
    gpointer tag;
};

/* The client builds a new socket, and so gets a new descriptor, after a long silence. */
static void
watch_fd(struct link_source *link)
{
    int fd = link->fd(link->peer);

    if (fd == link->watched_fd)
        return;
    if (link->tag)
        g_source_remove_unix_fd(&link->source, link->tag);
    link->tag = g_source_add_unix_fd(&link->source, fd, G_IO_IN);
    link->watched_fd = fd;
}

static gboolean
link_prepare(GSource *source, gint *timeout_ms)
{
    struct link_source *link = (struct link_source *)source;
    int64_t due = link->due_us(link->peer);

    watch_fd(link);
    *timeout_ms = due <= 0 ? 0 : (gint)(due / SUGU_MS) + 1;
    return due <= 0;
}

static gboolean
link_check(GSource *source)
{
    struct link_source *link = (struct link_source *)source;

    return link->due_us(link->peer) <= 0;
}

static gboolean
link_dispatch(GSource *source, GSourceFunc callback, gpointer user)
{
    struct link_source *link = (struct link_source *)source;

    (void)callback, (void)user;
    link->step(link->peer);
    return G_SOURCE_CONTINUE;
}

static GSource *
attach(void *peer, int (*fd)(void *), int64_t (*due_us)(void *), bool (*step)(void *))
{
    static GSourceFuncs functions = {
        .prepare = link_prepare, .check = link_check, .dispatch = link_dispatch};
    GSource *source = g_source_new(&functions, sizeof(struct link_source));
    struct link_source *link = (struct link_source *)source;

    link->peer = peer;
    link->fd = fd;
    link->due_us = due_us;
    link->step = step;
    link->watched_fd = -1;
    watch_fd(link);
    g_source_attach(source, g_main_context_get_thread_default());
    return source;
}

static int
client_fd(void *peer)
{
    return sugu_client_fd(peer);
}

static int64_t
client_due_us(void *peer)
{
    return sugu_client_due_us(peer);
}

static bool
client_step(void *peer)
{
    return sugu_client_step(peer);
}

GSource *
sugu_client_source_attach(struct sugu_client *client)
{
    return attach(client, client_fd, client_due_us, client_step);
}

static int
service_fd(void *peer)
{
    return sugu_service_fd(peer);
}

static int64_t
service_due_us(void *peer)
{
    return sugu_service_due_us(peer);
}

static bool
service_step(void *peer)
{
    return sugu_service_step(peer);
}

GSource *
sugu_service_source_attach(struct sugu_service *service)
{
    return attach(service, service_fd, service_due_us, service_step);
}
