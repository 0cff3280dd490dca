/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link - the one place that knows ZeroMQ's traps (domain/reliability-security.md 1.2–1.5)
 */
#include "client/link.h"

#include "base/text.h"

#include <zmq.h>

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PARTS_MAX 3
#define ZAP_ENFORCE_DOMAIN                                                                         \
    93 /* a draft option, hidden in Debian's zmq.h, honoured by its library */
#define SERVER_QUEUE_MAX     200
#define CLIENT_QUEUE_MAX     300 /* above the 256 requests that may be open */
#define SERVER_BACKLOG       4096
#define RECONNECT_MS         100
#define RECONNECT_MS_MAX     2000
#define HANDSHAKE_MS         3000
#define HEARTBEAT_MS         2000
#define HEARTBEAT_TIMEOUT_MS 6000

void
sugu_frame_done(struct sugu_frame *frame)
{
    if (frame->bytes) {
        explicit_bzero(frame->bytes, frame->size);
        free(frame->bytes);
        frame->bytes = NULL;
    }
}

/* Takes one part in; true when more follow. */
static bool
take_part(zmq_msg_t *part, int index, bool is_router, struct sugu_frame *frame)
{
    size_t size = zmq_msg_size(part);
    bool has_more = zmq_msg_more(part);

    if (is_router && index == 0 && size <= sizeof frame->route) {
        memcpy(frame->route, zmq_msg_data(part), size);
        frame->route_size = size;
    } else if (!has_more && !(is_router && index == 0)) {
        const char *user = zmq_msg_gets(part, "User-Id");
        frame->bytes = malloc(size ? size : 1);
        if (!frame->bytes)
            abort();
        memcpy(frame->bytes, zmq_msg_data(part), size);
        frame->size = size;
        sugu_text_copy(frame->user, sizeof frame->user, user);
        explicit_bzero(zmq_msg_data(part), size);
    }
    zmq_msg_close(part);
    return has_more;
}

enum sugu_link_got
sugu_link_receive(void *socket, bool is_router, struct sugu_frame *ret_frame)
{
    struct sugu_frame frame = {.route_size = 0};
    bool has_more = true;
    int parts = 0, expected = is_router ? 2 : 1;

    while (has_more) {
        zmq_msg_t part;
        zmq_msg_init(&part);
        if (zmq_msg_recv(&part, socket, parts ? 0 : ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&part);
            if (errno == EINTR)
                continue;
            sugu_frame_done(&frame);
            return SUGU_LINK_NOTHING;
        }
        has_more = take_part(&part, parts < PARTS_MAX ? parts : PARTS_MAX, is_router, &frame);
        parts++;
    }
    if (parts != expected || !frame.bytes || (is_router && frame.route_size == 0)) {
        sugu_frame_done(&frame);
        return SUGU_LINK_MALFORMED;
    }
    *ret_frame = frame;
    return SUGU_LINK_FRAME;
}

int
sugu_link_send(
    void *socket, const uint8_t *route, size_t route_size, const uint8_t *bytes, size_t size)
{
    int done;

    if (route_size > 0) {
        do
            done = zmq_send(socket, route, route_size, ZMQ_SNDMORE | ZMQ_DONTWAIT);
        while (done < 0 && errno == EINTR);
        if (done < 0)
            return errno;
    }
    do
        done = zmq_send(socket, bytes, size, ZMQ_DONTWAIT);
    while (done < 0 && errno == EINTR);
    return done < 0 ? errno : 0;
}

static bool
set_int(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

static bool
set_common(void *socket, int queue_max)
{
    int64_t size_max = SUGU_MESSAGE_SIZE_MAX;

    return set_int(socket, ZMQ_SNDHWM, queue_max) && set_int(socket, ZMQ_RCVHWM, queue_max) &&
           set_int(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS) &&
           set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS) &&
           set_int(socket, ZMQ_HEARTBEAT_TTL, HEARTBEAT_TIMEOUT_MS + HEARTBEAT_MS) &&
           set_int(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS) &&
           zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &size_max, sizeof size_max) == 0;
}

static void *
close_failed(void *socket)
{
    int error = errno;

    if (socket) {
        set_int(socket, ZMQ_LINGER, 0);
        zmq_close(socket);
    }
    errno = error;
    return NULL;
}

void *
sugu_link_dealer_unconnected(void *context, const struct sugu_client_settings *settings)
{
    void *socket = zmq_socket(context, ZMQ_DEALER);

    if (!socket || !set_common(socket, CLIENT_QUEUE_MAX) || !set_int(socket, ZMQ_LINGER, 0) ||
        !set_int(socket, ZMQ_IMMEDIATE, 1) || !set_int(socket, ZMQ_RECONNECT_IVL, RECONNECT_MS) ||
        !set_int(socket, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MS_MAX) ||
        !set_int(socket, ZMQ_CONNECT_TIMEOUT, HANDSHAKE_MS))
        return close_failed(socket);
    if (settings->has_curve &&
        (zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, settings->server_key, SUGU_KEY_SIZE) < 0 ||
         zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, settings->public_key, SUGU_KEY_SIZE) < 0 ||
         zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, settings->secret_key, SUGU_KEY_SIZE) < 0))
        return close_failed(socket);
    return socket;
}

void *
sugu_link_dealer(void *context, const struct sugu_client_settings *settings)
{
    void *socket = sugu_link_dealer_unconnected(context, settings);

    if (socket && zmq_connect(socket, settings->endpoint) < 0)
        return close_failed(socket);
    return socket;
}

void *
sugu_link_router(void *context, const char *endpoint, const uint8_t *server_secret)
{
    void *socket = zmq_socket(context, ZMQ_ROUTER);

    if (!socket || !set_common(socket, SERVER_QUEUE_MAX) || !set_int(socket, ZMQ_LINGER, 1000) ||
        !set_int(socket, ZMQ_ROUTER_MANDATORY, 1) || !set_int(socket, ZMQ_BACKLOG, SERVER_BACKLOG))
        return close_failed(socket);
    /* Without the domain being enforced, a missing ZAP handler would let every key in. */
    if (server_secret &&
        (!set_int(socket, ZMQ_CURVE_SERVER, 1) ||
         zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, server_secret, SUGU_KEY_SIZE) < 0 ||
         zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, "sugu", 4) < 0 ||
         !set_int(socket, ZAP_ENFORCE_DOMAIN, 1)))
        return close_failed(socket);
    if (zmq_bind(socket, endpoint) < 0)
        return close_failed(socket);
    return socket;
}

static bool
has_event(void *socket, int wanted)
{
    int events = 0;
    size_t size = sizeof events;

    return zmq_getsockopt(socket, ZMQ_EVENTS, &events, &size) == 0 && (events & wanted);
}

bool
sugu_link_is_readable(void *socket)
{
    return has_event(socket, ZMQ_POLLIN);
}

bool
sugu_link_is_writable(void *socket)
{
    return has_event(socket, ZMQ_POLLOUT);
}

int
sugu_link_fd(void *socket)
{
    int file = -1;
    size_t size = sizeof file;
    int failed = zmq_getsockopt(socket, ZMQ_FD, &file, &size);

    assert(!failed);
    return file;
}
