/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raw - a bare socket at the queue server's door
 */
#include "testlib/raw.h"

#include "client/keys.h"
#include "client/link.h"
#include "testlib/checks.h"

#include <zmq.h>

#include <stdio.h>
#include <stdlib.h>

static struct sugu_client_settings
settings_of(const struct sugu_hospital *hospital, const char *name)
{
    struct sugu_client_settings settings = {.endpoint = hospital->endpoint, .has_curve = true};
    struct sugu_error error;
    char path[300];

    snprintf(path, sizeof path, "%s.pub", hospital->server_key);
    sugu_assert_ok(sugu_key_file_read(path, settings.server_key, NULL, &error), error);
    if (name) {
        snprintf(path, sizeof path, "%s/%s.key", hospital->folder, name);
        sugu_assert_ok(sugu_key_file_read(path, settings.public_key, settings.secret_key, &error),
                       error);
    } else {
        sugu_key_pair_new(settings.public_key, settings.secret_key);
    }
    return settings;
}

void *
sugu_raw_dealer(struct sugu_hospital *hospital, const char *name)
{
    struct sugu_client_settings settings = settings_of(hospital, name);
    void *socket;

    for (int i = 0; i < 30; i++) {
        zmq_pollitem_t item = {NULL, 0, ZMQ_POLLOUT, 0};
        socket = sugu_link_dealer(hospital->zmq, &settings);
        ck_assert_ptr_nonnull(socket);
        item.socket = socket;
        if (!name || zmq_poll(&item, 1, 300) > 0)
            return socket;
        /* Refused: the server has not read the new key yet. A refused socket never recovers. */
        zmq_close(socket);
    }
    ck_abort_msg("%s is not let in", name);
}

void *
sugu_raw_dealer_called(struct sugu_hospital *hospital,
                       const char *name,
                       const void *route,
                       size_t route_size)
{
    struct sugu_client_settings settings = settings_of(hospital, name);
    int linger = 0;
    void *socket;

    zmq_close(sugu_raw_dealer(hospital, name)); /* the server knows the key by now */
    socket = zmq_socket(hospital->zmq, ZMQ_DEALER);
    ck_assert_ptr_nonnull(socket);
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, settings.server_key, SUGU_KEY_SIZE);
    zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, settings.public_key, SUGU_KEY_SIZE);
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, settings.secret_key, SUGU_KEY_SIZE);
    ck_assert_int_eq(zmq_setsockopt(socket, ZMQ_ROUTING_ID, route, route_size), 0);
    ck_assert_int_eq(zmq_connect(socket, settings.endpoint), 0);
    return socket;
}

void
sugu_raw_send(void *socket, const void *bytes, size_t size)
{
    int timeout = 5000;

    zmq_setsockopt(socket, ZMQ_SNDTIMEO, &timeout, sizeof timeout);
    ck_assert_int_eq(zmq_send(socket, bytes, size, 0), (int)size);
}

void
sugu_raw_send_up(void *socket, Sugu__Up *up)
{
    size_t size = sugu__up__get_packed_size(up);
    uint8_t *bytes = malloc(size ? size : 1);

    ck_assert_ptr_nonnull(bytes);
    sugu__up__pack(up, bytes); /* without the checks of an honest encoder */
    sugu_raw_send(socket, bytes, size);
    free(bytes);
}

Sugu__Down *
sugu_raw_receive(void *socket, int wait_ms)
{
    zmq_pollitem_t item = {socket, 0, ZMQ_POLLIN, 0};
    struct sugu_frame frame;
    Sugu__Down *down = NULL;

    if (zmq_poll(&item, 1, wait_ms) <= 0 ||
        sugu_link_receive(socket, /* is_router= */ false, &frame) != SUGU_LINK_FRAME)
        return NULL;
    down = sugu__down__unpack(NULL, frame.size, frame.bytes);
    sugu_frame_done(&frame);
    return down;
}

void
sugu_raw_expect_code(void *socket, const char *code)
{
    Sugu__Down *down = sugu_raw_receive(socket, 5000);

    ck_assert_ptr_nonnull(down);
    ck_assert_int_eq(down->frame_case, SUGU__DOWN__FRAME_REPLY);
    ck_assert_str_eq(down->reply->code, code);
    sugu__down__free_unpacked(down, NULL);
}

void
sugu_raw_send_check_in(void *socket, uint32_t version, uint32_t facility, const char *department)
{
    Sugu__Up up = SUGU__UP__INIT;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__CheckIn body = SUGU__CHECK_IN__INIT;
    struct sugu_id id = sugu_test_id(), visit = sugu_test_id();

    body.visit = sugu_id_field(&visit);
    body.department = (char *)department;
    request.id = sugu_id_field(&id);
    request.facility = facility;
    request.body_case = SUGU__REQUEST__BODY_CHECK_IN;
    request.check_in = &body;
    up.version = version;
    up.frame_case = SUGU__UP__FRAME_REQUEST;
    up.request = &request;
    sugu_raw_send_up(socket, &up);
}

void
sugu_raw_send_heartbeat(void *socket, uint64_t last_event, bool is_new, bool is_repair)
{
    Sugu__Up up = SUGU__UP__INIT;
    Sugu__Heartbeat heartbeat = SUGU__HEARTBEAT__INIT;

    heartbeat.last_event = last_event;
    heartbeat.is_new = is_new;
    heartbeat.is_repair = is_repair;
    up.version = SUGU_PROTOCOL_VERSION;
    up.frame_case = SUGU__UP__FRAME_HEARTBEAT;
    up.heartbeat = &heartbeat;
    sugu_raw_send_up(socket, &up);
}
