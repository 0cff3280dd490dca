/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream - one visitor's connection, with a bound on what it may send and for how long
 *
 * A GIOStream around the socket's (or TLS's) stream. libsoup bounds neither the size of a request
 * nor its time; so each request may read `budget` bytes (then the connection breaks), and the door
 * ends what is past its time.
 */
#pragma once

#include "web/meter.h"

#include <gio/gio.h>

#define WEB_TYPE_STREAM (web_stream_get_type())
G_DECLARE_FINAL_TYPE(WebStream, web_stream, WEB, STREAM, GIOStream)

/* Both are kept; `socket` is the one below `base`. `on_closed` is called once, when the stream was
 * closed or let go. */
WebStream *web_stream_new(GIOStream *base,
                          GSocket *socket,
                          const struct web_address *address,
                          void (*on_closed)(void *user, WebStream *stream),
                          void *user);

const struct web_address *web_stream_address(WebStream *stream);
GSocket *web_stream_socket(WebStream *stream);

/* From here on `size` more bytes may be read. */
void web_stream_allow(WebStream *stream, size_t size);
/* Monotonic; the door ends the connection then. INT64_MAX = never. */
void web_stream_set_until(WebStream *stream, int64_t until_us);
int64_t web_stream_until(WebStream *stream);
/* Ends the connection below: whoever reads it finds its end. */
void web_stream_cut(WebStream *stream);

/* Its place in the door's list. */
GList *web_stream_link(WebStream *stream);
