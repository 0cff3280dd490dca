/* SPDX-License-Identifier: Apache-2.0 */
/*
 * door - takes connections in, bounded in number, size and time, with or without TLS
 */
#pragma once

#include "web/figures.h"
#include "web/stream.h"

#include "base/status.h"

#include <libsoup/soup.h>

struct web_door;

struct web_door_settings {
    const char *listen;          /* "127.0.0.1:7780", "[::]:443"; port 0 = any */
    const char *certificate;     /* PEM files; "" = no TLS */
    const char *certificate_key; /* "" = in the certificate's file */
    size_t connection_max, connection_max_per_address;
    size_t request_size_max; /* bytes of one request */
    int64_t request_us;      /* a request has to be there after this, and an answer be read */
};

/* Hands connections to `server`. REFUSED "settings.invalid", BROKEN "web.not-listening". */
enum sugu_status web_door_new(const struct web_door_settings *settings,
                              SoupServer *server,
                              const struct sugu_clock *clock,
                              struct web_figures *figures,
                              struct web_door **ret_door,
                              struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Takes nothing in any more; what is open goes on. Before the server is let go. */
struct web_door *web_door_free(struct web_door *door);

/* The port it listens on. */
uint16_t web_door_port(const struct web_door *door);
size_t web_door_count(const struct web_door *door);

/* The connection of a message, a new reference; NULL where it is gone. */
WebStream *web_door_stream(SoupServerMessage *message);
/* Its request was read: the answer has as long again. */
void web_door_on_request(struct web_door *door, WebStream *stream);
