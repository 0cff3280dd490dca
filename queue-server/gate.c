/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate - who may come in: the table of keys, and ZeroMQ's authentication (ZAP, RFC 27)
 */
#include "gate.h"

#include "base/log.h"
#include "base/text.h"
#include "client/keys.h"
#include "client/link.h"

#include <zmq.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ZAP_FRAMES_MAX 16
#define PROBE_US       (20 * SUGU_SECOND) /* only a machine that hardly moves needs it all */

struct sugu_gate {
    void *socket;
    struct sugu_peer *peers; /* sorted by key */
    size_t count;
    bool has_keys;
    uint64_t refused;
};

enum sugu_status
sugu_gate_new(void *zmq_context, struct sugu_gate **ret_gate, struct sugu_error *reterr)
{
    struct sugu_gate *gate = calloc(1, sizeof *gate);

    if (!gate)
        abort();
    gate->socket = zmq_socket(zmq_context, ZMQ_REP);
    if (!gate->socket || zmq_bind(gate->socket, "inproc://zeromq.zap.01") < 0) {
        sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "ZAP: %s", zmq_strerror(errno));
        sugu_gate_free(gate);
        return SUGU_BROKEN;
    }
    *ret_gate = gate;
    return SUGU_OK;
}

struct sugu_gate *
sugu_gate_free(struct sugu_gate *gate)
{
    if (gate) {
        if (gate->socket)
            zmq_close(gate->socket);
        free(gate->peers);
        free(gate);
    }
    return NULL;
}

static int
compare_keys(const void *a, const void *b)
{
    return memcmp(((const struct sugu_peer *)a)->public_key,
                  ((const struct sugu_peer *)b)->public_key, 32);
}

void
sugu_gate_set_keys(struct sugu_gate *gate, const struct sugu_peer *peers, size_t count)
{
    struct sugu_peer *copy = calloc(count ? count : 1, sizeof *copy);

    if (!copy)
        abort();
    memcpy(copy, peers, count * sizeof *copy);
    qsort(copy, count, sizeof *copy, compare_keys);
    free(gate->peers);
    gate->peers = copy;
    gate->count = count;
    gate->has_keys = true;
}

bool
sugu_gate_has_keys(const struct sugu_gate *gate)
{
    return gate->has_keys;
}

const struct sugu_peer *
sugu_gate_find_key(const struct sugu_gate *gate, const uint8_t key[32])
{
    struct sugu_peer wanted;

    memcpy(wanted.public_key, key, 32);
    return gate->count ? bsearch(&wanted, gate->peers, gate->count, sizeof wanted, compare_keys)
                       : NULL;
}

const struct sugu_peer *
sugu_gate_find(const struct sugu_gate *gate, const char *user)
{
    uint8_t key[32];

    return sugu_hex_to_bytes(key, sizeof key, user) ? sugu_gate_find_key(gate, key) : NULL;
}

void *
sugu_gate_socket(struct sugu_gate *gate)
{
    return gate->socket;
}

uint64_t
sugu_gate_refused(const struct sugu_gate *gate)
{
    return gate->refused;
}

struct zap_request {
    uint8_t frames[ZAP_FRAMES_MAX][256];
    size_t sizes[ZAP_FRAMES_MAX];
    int count;
};

static bool
receive_zap(struct sugu_gate *gate, struct zap_request *request)
{
    int more = 1;
    size_t size = sizeof more;

    request->count = 0;
    while (more) {
        uint8_t frame[256];
        int got =
            zmq_recv(gate->socket, frame, sizeof frame, request->count == 0 ? ZMQ_DONTWAIT : 0);
        if (got < 0)
            return false;
        if (request->count < ZAP_FRAMES_MAX) {
            size_t kept = (size_t)got < sizeof frame ? (size_t)got : sizeof frame;
            memcpy(request->frames[request->count], frame, kept);
            request->sizes[request->count++] = kept;
        }
        zmq_getsockopt(gate->socket, ZMQ_RCVMORE, &more, &size);
    }
    return true;
}

/* version, request id, domain, address, routing id, mechanism, credentials: the key */
static void
answer_zap(struct sugu_gate *gate, const struct zap_request *request)
{
    bool is_curve = request->count == 7 && request->sizes[5] == 5 &&
                    memcmp(request->frames[5], "CURVE", 5) == 0 && request->sizes[6] == 32;
    bool is_known = is_curve && sugu_gate_find_key(gate, request->frames[6]) != NULL;
    const char *status = is_known ? "200" : gate->has_keys ? "400" : "300";
    char user[65] = "";

    if (is_known)
        sugu_hex_from_bytes(user, request->frames[6], 32);
    else {
        gate->refused++;
        sugu_log(SUGU_LOG_DEBUG, "handshake.refused", "status=%s address=%.*s", status,
                 request->count > 3 ? (int)request->sizes[3] : 0, (const char *)request->frames[3]);
    }
    zmq_send(gate->socket, "1.0", 3, ZMQ_SNDMORE);
    zmq_send(gate->socket, request->frames[1], request->count > 1 ? request->sizes[1] : 0,
             ZMQ_SNDMORE);
    zmq_send(gate->socket, status, 3, ZMQ_SNDMORE);
    zmq_send(gate->socket, "", 0, ZMQ_SNDMORE);
    zmq_send(gate->socket, user, strlen(user), ZMQ_SNDMORE);
    zmq_send(gate->socket, "", 0, 0);
}

void
sugu_gate_step(struct sugu_gate *gate)
{
    struct zap_request request;

    while (receive_zap(gate, &request))
        answer_zap(gate, &request);
}

/* The event number of the first frame of a monitor message; 0 when there is none. */
static int
monitor_event(void *monitor)
{
    uint8_t first[8] = {0}, second[256];
    uint16_t event;

    if (zmq_recv(monitor, first, sizeof first, ZMQ_DONTWAIT) < 2)
        return 0;
    zmq_recv(monitor, second, sizeof second, 0);
    memcpy(&event, first, sizeof event);
    return event;
}

enum sugu_status
sugu_gate_probe(struct sugu_gate *gate,
                void *zmq_context,
                const char *endpoint,
                const uint8_t server_key[32],
                const struct sugu_clock *clock,
                struct sugu_error *reterr)
{
    struct sugu_client_settings settings = {.endpoint = endpoint, .has_curve = true};
    int64_t until = clock->monotonic_us(clock) + PROBE_US;
    void *stranger, *monitor;
    int event = 0;

    memcpy(settings.server_key, server_key, 32);
    sugu_key_pair_new(settings.public_key, settings.secret_key);
    stranger = sugu_link_dealer_unconnected(zmq_context, &settings);
    monitor = zmq_socket(zmq_context, ZMQ_PAIR);
    if (stranger && monitor &&
        zmq_socket_monitor(stranger, "inproc://sugu-probe",
                           ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) == 0 &&
        zmq_connect(monitor, "inproc://sugu-probe") == 0 &&
        /* Last: a handshake that nobody checks is over before a monitor that came later hears. */
        zmq_connect(stranger, endpoint) == 0) {
        while (event == 0 && clock->monotonic_us(clock) < until) {
            zmq_pollitem_t items[] = {{gate->socket, 0, ZMQ_POLLIN, 0},
                                      {monitor, 0, ZMQ_POLLIN, 0}};
            zmq_poll(items, 2, 100);
            sugu_gate_step(gate);
            event = monitor_event(monitor);
        }
        zmq_socket_monitor(stranger, NULL, 0);
    }
    if (monitor)
        zmq_close(monitor);
    if (stranger)
        zmq_close(stranger);
    if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
        return SUGU_OK;
    return sugu_fail(reterr, SUGU_BROKEN, "key.not-checked",
                     event ? "a random key was let in: this libzmq does not authenticate"
                           : "the authentication gave no answer");
}
