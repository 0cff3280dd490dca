/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crowd - the open pages that listen: each change of theirs is written to them at once
 */
#include "web/crowd.h"

#include <glib-unix.h>
#include <sys/epoll.h>

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EVENTS_MAX    64
#define SWEEP_S       1
#define RETRY_MS      3000 /* the browser comes back after this … */
#define RETRY_SPAN_MS 4000 /* … and up to so much more, so that not all come at once */

struct listener {
    struct web_crowd *crowd;
    SoupServerMessage *message;
    WebStream *stream;
    struct web_watch *watch;
    size_t language;
    bool is_writing; /* something was given to libsoup that it has not written yet */
    bool is_behind;  /* has changed meanwhile */
    bool is_over;    /* nothing more will be said */
    bool is_gone;    /* freed in the next sweep: never while it is being told something */
    int64_t tick_at_us, drain_until_us;
    GList link;
};

struct web_crowd {
    struct web_crowd_settings settings;
    struct web_book *book;
    const struct sugu_clock *clock;
    struct web_figures *figures;
    web_make_view make_view;
    void *user;
    int epoll;
    guint source, sweep;
    GQueue listeners;
    uint32_t joined;
};

static int64_t
now_us(const struct web_crowd *crowd)
{
    return crowd->clock->monotonic_us(crowd->clock);
}

/* ---- one listener */

/* Out of the book; libsoup has ended the message, or is about to. */
static void
leave(struct listener *listener)
{
    if (listener->is_gone)
        return;
    listener->is_gone = true;
    listener->watch = web_watch_free(listener->watch);
    epoll_ctl(listener->crowd->epoll, EPOLL_CTL_DEL,
              g_socket_get_fd(web_stream_socket(listener->stream)), NULL);
}

static void
free_listener(struct listener *listener)
{
    leave(listener);
    g_queue_unlink(&listener->crowd->listeners, &listener->link);
    g_signal_handlers_disconnect_by_data(listener->message, listener);
    g_object_unref(listener->message);
    g_object_unref(listener->stream);
    g_free(listener);
}

/* Ends the connection. A paused message does not notice: a word to write makes it. */
static void
cut(struct listener *listener)
{
    static const char word[] = ":\n\n";

    leave(listener);
    web_stream_cut(listener->stream);
    soup_message_body_append(soup_server_message_get_response_body(listener->message),
                             SOUP_MEMORY_STATIC, word, sizeof word - 1);
    soup_server_message_unpause(listener->message);
}

static void
give(struct listener *listener, GString *text)
{
    SoupMessageBody *body = soup_server_message_get_response_body(listener->message);
    GBytes *bytes = g_string_free_to_bytes(text);
    int64_t now = now_us(listener->crowd);

    soup_message_body_append_bytes(body, bytes);
    if (listener->is_over)
        soup_message_body_complete(body);
    g_bytes_unref(bytes);
    listener->is_writing = true;
    listener->drain_until_us = now + listener->crowd->settings.drain_us;
    listener->tick_at_us = now + listener->crowd->settings.tick_us;
}

/* The page as it is now, behind what is in `out` already. */
static void
give_change(struct listener *listener, GString *out)
{
    struct web_crowd *crowd = listener->crowd;
    struct web_sight sight;
    struct web_view view;

    listener->is_behind = false;
    web_watch_sight(listener->watch, &sight);
    if (sight.page) {
        crowd->make_view(crowd->user, &sight, listener->language, &view);
        g_string_append(out, "event: page\ndata: ");
        web_html_change(out, &view, sight.page);
        g_string_append(out, "\n\n");
    } else {
        g_string_append(out, "event: over\ndata: {}\n\n");
        listener->is_over = true;
    }
    give(listener, out);
}

static void
on_sight(void *user, const struct web_sight *sight)
{
    struct listener *listener = user;
    struct web_crowd *crowd = listener->crowd;

    if (listener->is_gone || listener->is_over)
        return;
    if (listener->is_writing) {
        listener->is_behind = true;
        return;
    }
    give_change(listener, g_string_sized_new(4096));
    soup_server_message_unpause(listener->message);
    crowd->figures->changes_sent++;
    if (sight->since_us)
        web_spread_add(&crowd->figures->shown_time, now_us(crowd) - sight->since_us);
}

/* libsoup looks for more after this, and pauses the message where there is none. */
static void
on_wrote(SoupServerMessage *message, gpointer user)
{
    struct listener *listener = user;

    (void)message;
    listener->is_writing = false;
    if (!listener->is_gone && !listener->is_over && listener->is_behind)
        give_change(listener, g_string_sized_new(4096));
}

static void
on_finished(SoupServerMessage *message, gpointer user)
{
    (void)message;
    leave(user);
}

static void
tick(struct listener *listener)
{
    struct web_crowd *crowd = listener->crowd;
    struct web_sight sight;
    struct web_view view;
    GString *out = g_string_new(NULL);

    web_watch_sight(listener->watch, &sight);
    if (sight.look == WEB_LOOK_FOUND) {
        crowd->make_view(crowd->user, &sight, listener->language, &view);
        g_string_append(out, "event: tick\ndata: ");
        web_html_tick(out, &view);
        g_string_append(out, "\n\n");
    } else {
        g_string_append(out, ":\n\n");
    }
    give(listener, out);
    soup_server_message_unpause(listener->message);
}

/* ---- all of them */

static gboolean
on_ready(gint fd, GIOCondition condition, gpointer user)
{
    struct web_crowd *crowd = user;
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(crowd->epoll, events, EVENTS_MAX, 0);

    (void)fd;
    (void)condition;
    for (int i = 0; i < count; i++) {
        struct listener *listener = events[i].data.ptr;
        if (!listener->is_gone)
            cut(listener);
    }
    return G_SOURCE_CONTINUE;
}

static gboolean
on_sweep(gpointer user)
{
    struct web_crowd *crowd = user;
    int64_t now = now_us(crowd);

    for (GList *link = crowd->listeners.head; link;) {
        struct listener *listener = link->data;
        link = link->next;
        if (listener->is_gone) {
            free_listener(listener);
        } else if (listener->is_writing && listener->drain_until_us <= now) {
            crowd->figures->listeners_slow++;
            cut(listener);
        } else if (!listener->is_writing && listener->tick_at_us <= now) {
            tick(listener);
        }
    }
    return G_SOURCE_CONTINUE;
}

struct web_crowd *
web_crowd_new(const struct web_crowd_settings *settings,
              struct web_book *book,
              const struct sugu_clock *clock,
              struct web_figures *figures)
{
    struct web_crowd *crowd = g_new0(struct web_crowd, 1);

    crowd->settings = *settings;
    crowd->book = book;
    crowd->clock = clock;
    crowd->figures = figures;
    crowd->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (crowd->epoll < 0)
        abort();
    crowd->source = g_unix_fd_add(crowd->epoll, G_IO_IN, on_ready, crowd);
    crowd->sweep = g_timeout_add_seconds(SWEEP_S, on_sweep, crowd);
    return crowd;
}

struct web_crowd *
web_crowd_free(struct web_crowd *crowd)
{
    if (!crowd)
        return NULL;
    while (crowd->listeners.head) /* it takes itself out of the list, which the analyzer misses */
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
        free_listener(crowd->listeners.head->data);
    g_source_remove(crowd->source);
    g_source_remove(crowd->sweep);
    close(crowd->epoll);
    g_free(crowd);
    return NULL;
}

void
web_crowd_set_view(struct web_crowd *crowd, web_make_view make_view, void *user)
{
    crowd->make_view = make_view;
    crowd->user = user;
}

bool
web_crowd_has_room(const struct web_crowd *crowd)
{
    return crowd->listeners.length < crowd->settings.listener_max;
}

size_t
web_crowd_count(const struct web_crowd *crowd)
{
    return crowd->listeners.length;
}

void
web_crowd_join(struct web_crowd *crowd,
               SoupServerMessage *message,
               WebStream *stream,
               const struct web_token *token,
               size_t language)
{
    struct listener *listener = g_new0(struct listener, 1);
    struct epoll_event event = {.events = EPOLLRDHUP, .data.ptr = listener};
    GString *out = g_string_sized_new(4096);

    *listener = (struct listener){.crowd = crowd,
                                  .message = g_object_ref(message),
                                  .stream = g_object_ref(stream),
                                  .language = language,
                                  .link = {.data = listener}};
    listener->watch = web_book_watch(crowd->book, token, on_sight, listener);
    assert(listener->watch); /* it was found a moment ago */
    g_queue_push_tail_link(&crowd->listeners, &listener->link);
    web_stream_set_until(stream, INT64_MAX);
    epoll_ctl(crowd->epoll, EPOLL_CTL_ADD, g_socket_get_fd(web_stream_socket(stream)), &event);
    g_signal_connect(message, "wrote-chunk", G_CALLBACK(on_wrote), listener);
    g_signal_connect(message, "finished", G_CALLBACK(on_finished), listener);
    soup_message_headers_set_encoding(soup_server_message_get_response_headers(message),
                                      SOUP_ENCODING_CHUNKED);
    soup_message_body_set_accumulate(soup_server_message_get_response_body(message), FALSE);
    g_string_append_printf(out, "retry: %" PRIu32 "\n\n",
                           RETRY_MS + crowd->joined++ * 977 % RETRY_SPAN_MS);
    give_change(listener, out);
}
