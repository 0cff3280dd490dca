/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream - one visitor's connection, with a bound on what it may send and for how long
 */
#include "web/stream.h"

/* ---- the reading side: counts bytes */

#define WEB_TYPE_INPUT (web_input_get_type())
G_DECLARE_FINAL_TYPE(WebInput, web_input, WEB, INPUT, GFilterInputStream)

struct _WebInput {
    GFilterInputStream parent;
    size_t budget;
};

static void web_input_pollable_init(GPollableInputStreamInterface *interface);
G_DEFINE_FINAL_TYPE_WITH_CODE(WebInput,
                              web_input,
                              G_TYPE_FILTER_INPUT_STREAM,
                              G_IMPLEMENT_INTERFACE(G_TYPE_POLLABLE_INPUT_STREAM,
                                                    web_input_pollable_init))

static GInputStream *
below(gpointer input)
{
    return g_filter_input_stream_get_base_stream(G_FILTER_INPUT_STREAM(input));
}

/* False where nothing may be read any more. */
static gboolean
bound(WebInput *input, gsize *count, GError **error)
{
    if (input->budget == 0) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "too much was sent");
        return FALSE;
    }
    if (*count > input->budget)
        *count = input->budget;
    return TRUE;
}

static gssize
count_read(WebInput *input, gssize size)
{
    if (size > 0)
        input->budget -= (size_t)size;
    return size;
}

static gssize
web_input_read(
    GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
    WebInput *input = WEB_INPUT(stream);

    if (!bound(input, &count, error))
        return -1;
    return count_read(input, g_input_stream_read(below(input), buffer, count, cancellable, error));
}

static gboolean
web_input_can_poll(GPollableInputStream *stream)
{
    return g_pollable_input_stream_can_poll(G_POLLABLE_INPUT_STREAM(below(stream)));
}

static gboolean
web_input_is_readable(GPollableInputStream *stream)
{
    return g_pollable_input_stream_is_readable(G_POLLABLE_INPUT_STREAM(below(stream)));
}

static GSource *
web_input_create_source(GPollableInputStream *stream, GCancellable *cancellable)
{
    GSource *child =
        g_pollable_input_stream_create_source(G_POLLABLE_INPUT_STREAM(below(stream)), cancellable);
    GSource *source = g_pollable_source_new_full(stream, child, /* cancellable= */ NULL);

    g_source_unref(child);
    return source;
}

static gssize
web_input_read_nonblocking(GPollableInputStream *stream, void *buffer, gsize count, GError **error)
{
    WebInput *input = WEB_INPUT(stream);

    if (!bound(input, &count, error))
        return -1;
    return count_read(
        input, g_pollable_input_stream_read_nonblocking(G_POLLABLE_INPUT_STREAM(below(stream)),
                                                        buffer, count, NULL, error));
}

static void
web_input_pollable_init(GPollableInputStreamInterface *interface)
{
    interface->can_poll = web_input_can_poll;
    interface->is_readable = web_input_is_readable;
    interface->create_source = web_input_create_source;
    interface->read_nonblocking = web_input_read_nonblocking;
}

static void
web_input_class_init(WebInputClass *class)
{
    G_INPUT_STREAM_CLASS(class)->read_fn = web_input_read;
}

static void
web_input_init(WebInput *input)
{
    (void)input;
}

/* ---- the stream */

struct _WebStream {
    GIOStream parent;
    GIOStream *base;
    GSocket *socket;
    WebInput *input;
    struct web_address address;
    int64_t until_us;
    GList link;
    void (*on_closed)(void *user, WebStream *stream);
    void *user;
};

G_DEFINE_FINAL_TYPE(WebStream, web_stream, G_TYPE_IO_STREAM)

static void
say_closed(WebStream *stream)
{
    void (*on_closed)(void *, WebStream *) = stream->on_closed;

    stream->on_closed = NULL;
    if (on_closed)
        on_closed(stream->user, stream);
}

static GInputStream *
web_stream_get_input(GIOStream *stream)
{
    return G_INPUT_STREAM(WEB_STREAM(stream)->input);
}

static GOutputStream *
web_stream_get_output(GIOStream *stream)
{
    return g_io_stream_get_output_stream(WEB_STREAM(stream)->base);
}

/* Never waits for the other side: TLS would, for its goodbye. */
static gboolean
web_stream_close(GIOStream *stream, GCancellable *cancellable, GError **error)
{
    WebStream *self = WEB_STREAM(stream);

    (void)cancellable;
    say_closed(self);
    return g_socket_is_closed(self->socket) || g_socket_close(self->socket, error);
}

static void
web_stream_dispose(GObject *object)
{
    WebStream *stream = WEB_STREAM(object);

    say_closed(stream);
    G_OBJECT_CLASS(web_stream_parent_class)->dispose(object);
    g_clear_object(&stream->input);
    g_clear_object(&stream->base);
    g_clear_object(&stream->socket);
}

static void
web_stream_class_init(WebStreamClass *class)
{
    G_OBJECT_CLASS(class)->dispose = web_stream_dispose;
    G_IO_STREAM_CLASS(class)->get_input_stream = web_stream_get_input;
    G_IO_STREAM_CLASS(class)->get_output_stream = web_stream_get_output;
    G_IO_STREAM_CLASS(class)->close_fn = web_stream_close;
}

static void
web_stream_init(WebStream *stream)
{
    stream->until_us = INT64_MAX;
    stream->link.data = stream;
}

WebStream *
web_stream_new(GIOStream *base,
               GSocket *socket,
               const struct web_address *address,
               void (*on_closed)(void *user, WebStream *stream),
               void *user)
{
    WebStream *stream = g_object_new(WEB_TYPE_STREAM, NULL);

    stream->base = g_object_ref(base);
    stream->socket = g_object_ref(socket);
    stream->address = *address;
    stream->input = g_object_new(WEB_TYPE_INPUT, "base-stream", g_io_stream_get_input_stream(base),
                                 "close-base-stream", FALSE, NULL);
    stream->on_closed = on_closed;
    stream->user = user;
    return stream;
}

const struct web_address *
web_stream_address(WebStream *stream)
{
    return &stream->address;
}

GSocket *
web_stream_socket(WebStream *stream)
{
    return stream->socket;
}

void
web_stream_allow(WebStream *stream, size_t size)
{
    stream->input->budget = size;
}

void
web_stream_set_until(WebStream *stream, int64_t until_us)
{
    stream->until_us = until_us;
}

int64_t
web_stream_until(WebStream *stream)
{
    return stream->until_us;
}

void
web_stream_cut(WebStream *stream)
{
    g_socket_shutdown(stream->socket, TRUE, TRUE, NULL);
}

GList *
web_stream_link(WebStream *stream)
{
    return &stream->link;
}
