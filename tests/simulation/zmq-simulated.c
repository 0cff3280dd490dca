/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zmq-simulated - the functions of libzmq that Sugu calls, on the simulated network
 */
#include "simulation/lockstep.h"
#include "simulation/network-private.h"

#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define HEARTBEAT_FIELD 0x1a /* of Up: field 3, a message */
#define PULSE_FIELD     0x22 /* of Down: field 4, a message */

/* What stands in the 64 bytes of a zmq_msg_t. */
struct part {
    uint8_t *bytes;
    size_t size;
    bool has_more;
    char *user;
};
_Static_assert(sizeof(struct part) <= sizeof(zmq_msg_t), "a message part has its room");

static uint64_t socket_count;

/* ---- contexts and sockets */

void *
zmq_ctx_new(void)
{
    return sim_network_context(sim_running());
}

int
zmq_ctx_set(void *context, int option, int value)
{
    (void)context, (void)option, (void)value;
    return 0;
}

int
zmq_ctx_term(void *context)
{
    sim_network_drop(context);
    return 0;
}

void *
zmq_socket(void *user, int type)
{
    struct context *context = user;
    struct socket *socket = calloc(1, sizeof *socket);

    if (!socket)
        abort();
    socket->context = context;
    socket->number = ++socket_count;
    socket->type = type;
    socket->retry_us = 100 * SUGU_MS;
    socket->next = context->sockets;
    context->sockets = socket;
    return socket;
}

int
zmq_close(void *socket)
{
    network_close(socket);
    return 0;
}

int
zmq_setsockopt(void *user, int option, const void *value, size_t size)
{
    struct socket *socket = user;

    if (option == ZMQ_CURVE_PUBLICKEY && size == sizeof socket->public_key)
        memcpy(socket->public_key, value, size);
    if (option == ZMQ_CURVE_SERVER)
        socket->asks_zap = true;
    return 0;
}

int
zmq_getsockopt(void *user, int option, void *value, size_t *size)
{
    const struct socket *socket = user;

    if (option == ZMQ_EVENTS)
        *(int *)value = (socket->first ? ZMQ_POLLIN : 0) | (socket->connection ? ZMQ_POLLOUT : 0);
    else if (option == ZMQ_RCVMORE)
        *(int *)value = socket->part > 0;
    else if (option == ZMQ_LAST_ENDPOINT)
        snprintf(value, *size, "%s", socket->endpoint);
    else
        *(int *)value = -1;
    return 0;
}

int
zmq_bind(void *user, const char *endpoint)
{
    struct socket *socket = user;

    sugu_text_copy(socket->endpoint, sizeof socket->endpoint, endpoint);
    if (strchr(endpoint, '*')) /* any free one */
        snprintf(socket->endpoint, sizeof socket->endpoint, "tcp://free:%llu",
                 (unsigned long long)socket->number);
    if (socket->type == ZMQ_ROUTER && network_find_bound(socket->endpoint)) {
        errno = EADDRINUSE;
        return -1;
    }
    socket->is_bound = true;
    return 0;
}

int
zmq_connect(void *user, const char *endpoint)
{
    struct socket *socket = user;

    sugu_text_copy(socket->endpoint, sizeof socket->endpoint, endpoint);
    if (socket->type == ZMQ_DEALER)
        network_plan_connect(socket, sim_between(100, 2000));
    return 0;
}

int
zmq_socket_monitor(void *user, const char *endpoint, int events)
{
    (void)endpoint, (void)events;
    for (struct socket *other = ((struct socket *)user)->context->sockets; other;
         other = other->next)
        if (other->type == ZMQ_PAIR)
            other->watched = endpoint ? user : NULL;
    return 0;
}

const char *
zmq_strerror(int error)
{
    return strerror(error);
}

/* ---- keys: random ones, as text of 40 characters that say 32 bytes */

static const char digits[] =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

static void
random_key(char *text)
{
    for (int i = 0; i < 8; i++) {
        uint64_t value = sim_below(UINT64_C(1) << 32);
        for (int j = 4; j >= 0; j--, value /= 85)
            text[5 * i + j] = digits[value % 85];
    }
    text[40] = '\0';
}

int
zmq_curve_keypair(char *public_key, char *secret_key)
{
    random_key(public_key);
    random_key(secret_key);
    return 0;
}

uint8_t *
zmq_z85_decode(uint8_t *to, const char *text)
{
    for (size_t i = 0; i < strlen(text) / 5; i++) {
        uint32_t value = 0;
        for (int j = 0; j < 5; j++)
            value = value * 85 + (uint32_t)(strchr(digits, text[5 * i + j]) - digits);
        for (int j = 0; j < 4; j++)
            to[4 * i + j] = (uint8_t)(value >> (24 - 8 * j));
    }
    return to;
}

/* ---- sending */

static struct connection *
find_route(const struct socket *router)
{
    struct connection *connection = router->accepted;

    while (connection && memcmp(connection->route, router->route, ROUTE_SIZE) != 0)
        connection = connection->next;
    return connection;
}

/* The gate's answer in six parts: version, request, status, text, user, metadata. */
static int
send_zap(struct socket *gate, const void *bytes, size_t size, bool has_more)
{
    unsigned part = gate->answer_part++;
    struct zap *zap = gate->asked;

    assert(zap);
    if (part == 2)
        snprintf(gate->answer_status, sizeof gate->answer_status, "%.*s", (int)size,
                 (const char *)bytes);
    if (part == 4)
        snprintf(gate->answer_user, sizeof gate->answer_user, "%.*s", (int)size,
                 (const char *)bytes);
    if (has_more)
        return (int)size;
    gate->asked = zap->next;
    if (!gate->asked)
        gate->asked_last = NULL;
    gate->answer_part = 0;
    gate->part = 0;
    network_judge(zap->dealer, gate->answer_status, gate->answer_user);
    free(zap);
    return (int)size;
}

/*
 * A sign of life: dying before or behind it is the same as dying a little later, and there are a
 * thousand of them. The frame's kind is the second field of Up and Down (sugu.proto).
 */
static void
point(const char *name, const uint8_t *bytes, size_t size, uint8_t sign_of_life)
{
    if (size < 3 || bytes[0] != 0x08 || bytes[2] != sign_of_life)
        sim_point(name);
}

static int
send_routed(struct socket *router, const void *bytes, size_t size, bool has_more)
{
    struct connection *connection;

    if (has_more) {
        memcpy(router->route, bytes, size < ROUTE_SIZE ? size : ROUTE_SIZE);
        if (!find_route(router)) {
            errno = EHOSTUNREACH;
            return -1;
        }
        return (int)size;
    }
    point("send.before", bytes, size, PULSE_FIELD);
    connection = find_route(router);
    if (connection)
        network_transmit(connection, /* is_up= */ false, bytes, size);
    point("send.after", bytes, size, PULSE_FIELD);
    return (int)size;
}

int
zmq_send(void *user, const void *bytes, size_t size, int flags)
{
    struct socket *socket = user;
    bool has_more = flags & ZMQ_SNDMORE;

    if (socket->type == ZMQ_REP)
        return send_zap(socket, bytes, size, has_more);
    if (socket->type == ZMQ_ROUTER)
        return send_routed(socket, bytes, size, has_more);
    if (!socket->connection) {
        errno = EAGAIN;
        return -1;
    }
    point("send.before", bytes, size, HEARTBEAT_FIELD);
    network_transmit(socket->connection, /* is_up= */ true, bytes, size);
    point("send.after", bytes, size, HEARTBEAT_FIELD);
    return (int)size;
}

/* ---- receiving */

static int
copy_out(void *to, size_t room, const void *from, size_t size)
{
    memcpy(to, from, size < room ? size : room);
    return (int)size;
}

/* ZAP requests in seven parts, and events of a monitor in two. */
int
zmq_recv(void *user, void *bytes, size_t room, int flags)
{
    static const char *const words[] = {"1.0", "1", "sugu", "simulated", "", "CURVE"};
    struct socket *socket = user;
    size_t part = socket->part;

    (void)flags;
    if (socket->type == ZMQ_PAIR) {
        uint16_t event = (uint16_t)socket->watched_event;
        if (part == 0 && event == 0)
            return errno = EAGAIN, -1;
        socket->part = part == 0;
        if (part == 0)
            return copy_out(bytes, room, (uint16_t[4]){event}, 6);
        socket->watched_event = 0;
        return 0;
    }
    if (!socket->asked || socket->answer_part > 0)
        return errno = EAGAIN, -1;
    socket->part = part < 6 ? part + 1 : 0;
    if (part < 6)
        return copy_out(bytes, room, words[part], strlen(words[part]));
    return copy_out(bytes, room, socket->asked->key, sizeof socket->asked->key);
}

int
zmq_msg_init(zmq_msg_t *message)
{
    memset(message, 0, sizeof *message);
    return 0;
}

int
zmq_msg_recv(zmq_msg_t *message, void *user, int flags)
{
    struct socket *socket = user;
    struct part *part = (struct part *)message;
    struct message *first = socket->first;

    (void)flags;
    if (!first) {
        errno = EAGAIN;
        return -1;
    }
    if (socket->type == ZMQ_ROUTER && socket->part == 0) {
        *part = (struct part){.bytes = malloc(ROUTE_SIZE), .size = ROUTE_SIZE, .has_more = true};
        if (!part->bytes)
            abort();
        memcpy(part->bytes, first->route, ROUTE_SIZE);
        socket->part = 1;
        return ROUTE_SIZE;
    }
    socket->part = 0;
    socket->first = first->next;
    if (!socket->first)
        socket->last = NULL;
    *part = (struct part){.bytes = malloc(first->size + 1), .size = first->size};
    part->user = strdup(first->user);
    if (!part->bytes || !part->user)
        abort();
    memcpy(part->bytes, first->bytes, first->size);
    free(first);
    return (int)part->size;
}

void *
zmq_msg_data(zmq_msg_t *message)
{
    return ((struct part *)message)->bytes;
}

size_t
zmq_msg_size(const zmq_msg_t *message)
{
    return ((const struct part *)message)->size;
}

int
zmq_msg_more(const zmq_msg_t *message)
{
    return ((const struct part *)message)->has_more;
}

const char *
zmq_msg_gets(const zmq_msg_t *message, const char *name)
{
    const char *user = ((const struct part *)message)->user;

    return strcmp(name, "User-Id") == 0 && user && *user ? user : NULL;
}

int
zmq_msg_close(zmq_msg_t *message)
{
    struct part *part = (struct part *)message;

    free(part->bytes);
    free(part->user);
    memset(message, 0, sizeof *message);
    return 0;
}

/* ---- waiting */

static bool
is_readable(const zmq_pollitem_t *item)
{
    const struct socket *socket = item->socket;

    if (!socket)
        return false;
    return socket->first || (socket->type == ZMQ_REP && socket->asked) ||
           (socket->type == ZMQ_PAIR && socket->watched_event);
}

/* The server's loop waits for its database, too. */
static bool
has_file(const zmq_pollitem_t *items, int count)
{
    for (int i = 0; i < count; i++)
        if (!items[i].socket)
            return true;
    return false;
}

int
zmq_poll(zmq_pollitem_t *items, int count, long timeout_ms)
{
    int ready = 0;

    for (int i = 0; i < count; i++)
        items[i].revents = 0;
    if (lockstep_has_news() && has_file(items, count))
        return 0;
    for (int i = 0; i < count; i++)
        if (is_readable(&items[i])) {
            items[i].revents = ZMQ_POLLIN;
            ready++;
        }
    if (ready == 0)
        sim_wait(timeout_ms < 0 ? INT64_MAX : timeout_ms * SUGU_MS);
    return ready;
}
