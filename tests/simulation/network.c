/* SPDX-License-Identifier: Apache-2.0 */
/*
 * network - connections between simulated sockets, and what happens to frames on their way
 */
#include "simulation/network-private.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define RETRY_US     (100 * SUGU_MS)
#define RETRY_US_MAX (2 * SUGU_SECOND)
#define NEAR_US      50
#define NEAR_US_MAX  400
#define FAR_US       200
#define FAR_US_MAX   4000
#define LATE_US_MAX  (3 * SUGU_SECOND)

struct flight {
    struct connection *connection;
    bool is_up;
    struct message *message;
};

static struct {
    struct sim_network_faults far, near;
    struct context *contexts;
    uint64_t socket_count;
    uint32_t route_count;
} network;

void
sim_network_begin(const struct sim_network_faults *far, const struct sim_network_faults *near)
{
    memset(&network, 0, sizeof network);
    network.far = *far;
    network.near = *near;
}

void
sim_network_end(void)
{
    while (network.contexts) {
        struct context *context = network.contexts;
        sim_network_drop(context);
        network.contexts = context->next;
        free(context);
    }
}

void *
sim_network_context(struct sim_program *program)
{
    struct context *context = calloc(1, sizeof *context);

    if (!context)
        abort();
    context->program = program;
    context->next = network.contexts;
    network.contexts = context;
    return context;
}

void
sim_network_drop(void *user)
{
    struct context *context = user;

    while (context->sockets)
        network_close(context->sockets);
}

struct socket *
network_find(uint64_t number)
{
    for (struct context *context = network.contexts; context; context = context->next)
        for (struct socket *socket = context->sockets; socket; socket = socket->next)
            if (socket->number == number)
                return socket;
    return NULL;
}

struct socket *
network_find_bound(const char *endpoint)
{
    for (struct context *context = network.contexts; context; context = context->next)
        for (struct socket *socket = context->sockets; socket; socket = socket->next)
            if (socket->is_bound && strcmp(socket->endpoint, endpoint) == 0)
                return socket;
    return NULL;
}

void
network_wake(const struct socket *socket)
{
    const struct sim_program *program = socket->context->program;

    if (program && program->is_alive)
        sim_wake(program->main_thread);
}

/* ---- connecting */

static void
release(struct connection *connection)
{
    if (!connection->is_open && !connection->dealer && !connection->router &&
        connection->in_flight == 0)
        free(connection);
}

static void
establish(struct socket *dealer, struct socket *router, const char *user)
{
    struct connection *connection = calloc(1, sizeof *connection);
    uint32_t number = ++network.route_count;

    if (!connection)
        abort();
    connection->dealer = dealer;
    connection->router = router;
    connection->is_open = true;
    memcpy(connection->route + 1, &number, sizeof number);
    sugu_text_copy(connection->user, sizeof connection->user, user);
    connection->next = router->accepted;
    router->accepted = connection;
    dealer->connection = connection;
    dealer->retry_us = RETRY_US;
    sim_note("connected", (int64_t)dealer->number, number);
    network_wake(dealer);
}

void
network_break(struct connection *connection)
{
    struct socket *dealer = connection->dealer, *router = connection->router;

    if (!connection->is_open)
        return;
    connection->is_open = false;
    for (struct connection **place = &router->accepted; *place; place = &(*place)->next)
        if (*place == connection) {
            *place = connection->next;
            break;
        }
    connection->dealer = connection->router = NULL;
    dealer->connection = NULL;
    network_plan_connect(dealer, dealer->retry_us);
    network_wake(dealer);
    release(connection);
}

static void
ask_gate(const struct socket *dealer, const struct socket *router)
{
    struct socket *gate = router->context->sockets;
    struct zap *zap = calloc(1, sizeof *zap);

    while (gate && gate->type != ZMQ_REP)
        gate = gate->next;
    if (!gate || !zap)
        abort(); /* the server binds it before its door */
    zap->dealer = dealer->number;
    memcpy(zap->key, dealer->public_key, sizeof zap->key);
    if (gate->asked_last)
        gate->asked_last->next = zap;
    else
        gate->asked = zap;
    gate->asked_last = zap;
    network_wake(gate);
}

static void
try_connect(void *user)
{
    struct socket *dealer = network_find((uint64_t)(uintptr_t)user), *router;

    if (!dealer || dealer->connection)
        return;
    router = network_find_bound(dealer->endpoint);
    if (!router) {
        dealer->retry_us =
            dealer->retry_us * 2 < RETRY_US_MAX ? dealer->retry_us * 2 : RETRY_US_MAX;
        network_plan_connect(dealer, dealer->retry_us);
    } else if (router->asks_zap) {
        ask_gate(dealer, router);
    } else {
        establish(dealer, router, "");
    }
}

void
network_plan_connect(struct socket *dealer, int64_t wait_us)
{
    sim_at(sim_now() + wait_us, try_connect, (void *)(uintptr_t)dealer->number);
}

static void
tell_watcher(const struct socket *dealer, int event)
{
    for (struct socket *socket = dealer->context->sockets; socket; socket = socket->next)
        if (socket->watched == dealer) {
            socket->watched_event = event;
            network_wake(socket);
        }
}

void
network_judge(uint64_t number, const char *status, const char *user)
{
    struct socket *dealer = network_find(number);
    struct socket *router = dealer ? network_find_bound(dealer->endpoint) : NULL;

    if (!dealer || dealer->connection)
        return;
    if (router && strcmp(status, "200") == 0) {
        tell_watcher(dealer, ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
        establish(dealer, router, user);
    } else if (strcmp(status, "400") == 0) {
        tell_watcher(dealer, ZMQ_EVENT_HANDSHAKE_FAILED_AUTH); /* and it never tries again */
    } else {
        network_plan_connect(dealer, RETRY_US);
    }
}

/* ---- frames on their way */

static void
arrive(void *user)
{
    struct flight *flight = user;
    struct connection *connection = flight->connection;
    struct socket *to = flight->is_up ? connection->router : connection->dealer;

    connection->in_flight--;
    if (connection->is_open) {
        if (to->last)
            to->last->next = flight->message;
        else
            to->first = flight->message;
        to->last = flight->message;
        network_wake(to);
    } else {
        free(flight->message);
    }
    release(connection);
    free(flight);
}

static struct message *
new_message(const struct connection *connection, const void *bytes, size_t size)
{
    struct message *message = malloc(sizeof *message + size);

    if (!message)
        abort();
    message->next = NULL;
    memcpy(message->route, connection->route, sizeof message->route);
    memcpy(message->user, connection->user, sizeof message->user);
    message->size = size;
    memcpy(message->bytes, bytes, size);
    return message;
}

static void
fly(struct connection *connection, bool is_up, int64_t at_us, const void *bytes, size_t size)
{
    struct flight *flight = calloc(1, sizeof *flight);

    if (!flight)
        abort();
    *flight = (struct flight){connection, is_up, new_message(connection, bytes, size)};
    connection->in_flight++;
    sim_at(at_us, arrive, flight);
}

/* When it arrives: behind what was sent before it, unless it overtakes or is overtaken. */
static int64_t
plan_arrival(struct connection *connection,
             bool is_up,
             const struct sim_network_faults *faults,
             bool is_near)
{
    int64_t at =
        sim_now() + (is_near ? sim_between(NEAR_US, NEAR_US_MAX) : sim_between(FAR_US, FAR_US_MAX));
    int64_t *last = &connection->arrivals[is_up];

    if (sim_happens(faults->overtaking_percent))
        return at;
    if (sim_happens(faults->late_percent)) {
        sim_count(SIM_COUNT_frames_late);
        at += sim_between(5 * SUGU_MS, LATE_US_MAX);
        if (sim_happens(50))
            return at; /* alone: what comes later passes it */
    }
    if (at < *last)
        at = *last;
    *last = at;
    return at;
}

void
network_transmit(struct connection *connection, bool is_up, const void *bytes, size_t size)
{
    bool is_near = strncmp(connection->dealer->endpoint, "ipc://", 6) == 0;
    const struct sim_network_faults *faults = is_near ? &network.near : &network.far;

    sim_count(SIM_COUNT_frames);
    sim_note_bytes(is_up ? "frame up" : "frame down", bytes, size);
    if (sim_is_stormy() && faults->cut_per_million > sim_below(1000000)) {
        sim_count(SIM_COUNT_links_cut);
        network_break(connection);
        return;
    }
    if (sim_happens(faults->lost_percent)) {
        sim_count(SIM_COUNT_frames_lost);
        return;
    }
    fly(connection, is_up, plan_arrival(connection, is_up, faults, is_near), bytes, size);
    if (sim_happens(faults->doubled_percent)) {
        sim_count(SIM_COUNT_frames_doubled);
        fly(connection, is_up, plan_arrival(connection, is_up, faults, is_near), bytes, size);
    }
}

/* ---- ends */

static void
forget(struct socket *socket)
{
    while (socket->first) {
        struct message *message = socket->first;
        socket->first = message->next;
        free(message);
    }
    while (socket->asked) {
        struct zap *zap = socket->asked;
        struct socket *dealer = network_find(zap->dealer);
        socket->asked = zap->next;
        if (dealer)
            network_plan_connect(dealer, RETRY_US);
        free(zap);
    }
}

void
network_close(struct socket *socket)
{
    for (struct socket **place = &socket->context->sockets; *place; place = &(*place)->next)
        if (*place == socket) {
            *place = socket->next;
            break;
        }
    socket->is_bound = false;
    while (socket->accepted)
        network_break(socket->accepted);
    if (socket->connection)
        network_break(socket->connection);
    forget(socket);
    free(socket);
}
