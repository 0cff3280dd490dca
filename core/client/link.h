/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link - the one place that knows ZeroMQ's traps (domain/reliability-security.md 1.2–1.5)
 *
 * No client-chosen routing ids and no handover; the identity is read from the last part of a
 * message (Debian's libzmq 4.3.4 loses it on the first one after a poll); every queue is short;
 * nothing lingers for ever; a message larger than a frame may be drops its connection.
 */
#pragma once

#include "client/client.h"

#define SUGU_ROUTE_SIZE_MAX 64
#define SUGU_USER_SIZE_MAX  80

struct sugu_frame {
    uint8_t route[SUGU_ROUTE_SIZE_MAX]; /* of a ROUTER: whom it came from */
    size_t route_size;
    char user[SUGU_USER_SIZE_MAX]; /* what the ZAP handler called the key; "" where there is none */
    uint8_t *bytes;                /* free with sugu_frame_done */
    size_t size;
};

enum sugu_link_got {
    SUGU_LINK_NOTHING,
    SUGU_LINK_FRAME,     /* in *ret_frame */
    SUGU_LINK_MALFORMED, /* taken in and dropped */
};

/*
 * Receives one message without waiting. Malformed is one with too many or too few parts, or from a
 * peer that chose itself a routing id longer than a route may be; a caller counts it against what
 * it does in one turn, or a flood of them would hold it for ever.
 */
enum sugu_link_got sugu_link_receive(void *socket, bool is_router, struct sugu_frame *ret_frame);
/* Clears and frees the bytes. */
void sugu_frame_done(struct sugu_frame *frame);

/* Sends without waiting; `route_size` 0 for a DEALER. 0, or errno: EAGAIN full, EHOSTUNREACH gone.
 */
int sugu_link_send(
    void *socket, const uint8_t *route, size_t route_size, const uint8_t *bytes, size_t size);

/* A connected DEALER or a bound ROUTER with every option set; NULL with errno on failure. */
void *sugu_link_dealer(void *context, const struct sugu_client_settings *settings);
/* The same before it connects, for who wants to watch its first handshake. */
void *sugu_link_dealer_unconnected(void *context, const struct sugu_client_settings *settings);
/* `server_secret` NULL = no CURVE (ipc:// only). The ZAP handler has to run already. */
void *sugu_link_router(void *context, const char *endpoint, const uint8_t *server_secret);

/* Is something waiting to be received? */
bool sugu_link_is_readable(void *socket);
/* Would a message be taken? Of a DEALER: false while it has no connection, or its queue is full. */
bool sugu_link_is_writable(void *socket);
/* The edge-triggered descriptor: says only "look at sugu_link_is_readable". */
int sugu_link_fd(void *socket);
