/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-door - who gets in, and what strangers, vandals and twins can do to the server
 *
 * Each trap of domain/reliability-security.md 1.5 has its test: keys that are unknown, revoked or
 * used twice, bytes that are no message, messages that are too large or of another facility.
 */
#include "client/keys.h"
#include "client/link.h"
#include "testlib/checks.h"
#include "testlib/hospital.h"

#include <zmq.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A raw socket with the key of a registered client, or with a stranger's. */
static void *
raw_dealer(struct sugu_hospital *hospital, const char *name)
{
    struct sugu_client_settings settings = {.endpoint = hospital->endpoint, .has_curve = true};
    struct sugu_error error;
    char path[300];
    void *socket;

    snprintf(path, sizeof path, "%s.pub", hospital->server_key);
    sugu_assert_ok(sugu_key_file_read(path, settings.server_key, NULL, &error), error);
    if (name) {
        snprintf(path, sizeof path, "%s/%s.key", hospital->folder, name);
        sugu_assert_ok(sugu_key_file_read(path, settings.public_key, settings.secret_key, &error),
                       error);
    } else {
        sugu_key_pair_new(settings.public_key, settings.secret_key);
    }
    /* The server may not have read its keys again yet, and a socket that was refused stays dead. */
    for (int i = 0; i < 10; i++) {
        zmq_pollitem_t item = {NULL, 0, ZMQ_POLLOUT, 0};
        socket = sugu_link_dealer(hospital->zmq, &settings);
        ck_assert_ptr_nonnull(socket);
        item.socket = socket;
        if (!name || zmq_poll(&item, 1, 2000) > 0)
            return socket;
        zmq_close(socket);
    }
    ck_abort_msg("%s does not get in", name);
}

static void
send_raw(void *socket, const void *bytes, size_t size)
{
    int timeout = 5000;

    zmq_setsockopt(socket, ZMQ_SNDTIMEO, &timeout, sizeof timeout);
    ck_assert_int_eq(zmq_send(socket, bytes, size, 0), (int)size);
}

/* The next frame within `wait_ms`, or NULL. */
static Sugu__Down *
receive_raw(void *socket, int wait_ms)
{
    zmq_pollitem_t item = {socket, 0, ZMQ_POLLIN, 0};
    struct sugu_frame frame;
    Sugu__Down *down = NULL;

    if (zmq_poll(&item, 1, wait_ms) <= 0 ||
        !sugu_link_receive(socket, /* is_router= */ false, &frame, NULL))
        return NULL;
    down = sugu__down__unpack(NULL, frame.size, frame.bytes);
    sugu_frame_done(&frame);
    return down;
}

static void
expect_raw_code(void *socket, const char *code)
{
    Sugu__Down *down = receive_raw(socket, 5000);

    ck_assert_ptr_nonnull(down);
    ck_assert_int_eq(down->frame_case, SUGU__DOWN__FRAME_REPLY);
    ck_assert_str_eq(down->reply->code, code);
    sugu__down__free_unpacked(down, NULL);
}

/* A check-in of nobody to internal, as bytes. */
static uint8_t *
make_check_in(uint32_t version, uint32_t facility, const char *department, size_t *ret_size)
{
    Sugu__Up up = SUGU__UP__INIT;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__CheckIn body = SUGU__CHECK_IN__INIT;
    struct sugu_id id = sugu_test_id(), visit = sugu_test_id();
    uint8_t *bytes;

    body.visit = sugu_id_field(&visit);
    body.department = (char *)department;
    request.id = sugu_id_field(&id);
    request.facility = facility;
    request.body_case = SUGU__REQUEST__BODY_CHECK_IN;
    request.check_in = &body;
    up.version = version;
    up.frame_case = SUGU__UP__FRAME_REQUEST;
    up.request = &request;
    *ret_size = sugu__up__get_packed_size(&up);
    bytes = malloc(*ret_size);
    ck_assert_ptr_nonnull(bytes);
    sugu__up__pack(&up, bytes);
    return bytes;
}

static void
send_check_in(void *socket, uint32_t version, uint32_t facility, const char *department)
{
    size_t size;
    uint8_t *bytes = make_check_in(version, facility, department, &size);

    send_raw(socket, bytes, size);
    free(bytes);
}

START_TEST(vandals_are_refused_and_the_server_goes_on)
{
    static const char long_department[] = "a-department-with-a-name-past-its-bound";
    static uint8_t huge[SUGU_MESSAGE_SIZE_MAX + 1];
    struct sugu_hospital hospital;
    void *vandal, *honest;

    sugu_hospital_init(&hospital, NULL);
    sugu_hospital_add_client(&hospital, "vandal", "kiosk", "kiosk-9");
    sugu_hospital_add_client(&hospital, "honest", "kiosk", "kiosk-1");
    vandal = raw_dealer(&hospital, "vandal");
    honest = raw_dealer(&hospital, "honest");
    send_raw(vandal, "\xff\xff\xff\xff", 4);
    expect_raw_code(vandal, "message.malformed");
    send_raw(vandal, "", 0);
    expect_raw_code(vandal, "message.version"); /* an empty message has version 0 */
    send_check_in(vandal, 2, 1, "internal");
    expect_raw_code(vandal, "message.version");
    send_check_in(vandal, 1, 2, "internal");
    expect_raw_code(vandal, "request.wrong-facility");
    send_check_in(vandal, 1, 1, long_department);
    expect_raw_code(vandal, "message.out-of-bounds");
    send_check_in(vandal, 1, 1, "nowhere");
    expect_raw_code(vandal, "department.unknown");
    send_raw(vandal, huge, sizeof huge); /* drops the connection; libzmq makes a new one */
    send_check_in(honest, 1, 1, "internal");
    expect_raw_code(honest, "");
    zmq_close(vandal);
    zmq_close(honest);
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

/* The event of the first handshake that ended; 0 after `wait_ms`. */
static int
handshake_of(void *context, void *socket, int wait_ms)
{
    void *monitor = zmq_socket(context, ZMQ_PAIR);
    zmq_pollitem_t item = {monitor, 0, ZMQ_POLLIN, 0};
    uint8_t first[8] = {0}, second[256];
    uint16_t event = 0;

    zmq_socket_monitor(socket, "inproc://handshake",
                       ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
    zmq_connect(monitor, "inproc://handshake");
    if (zmq_poll(&item, 1, wait_ms) > 0) {
        zmq_recv(monitor, first, sizeof first, 0);
        zmq_recv(monitor, second, sizeof second, 0);
        memcpy(&event, first, sizeof event);
    }
    zmq_socket_monitor(socket, NULL, 0);
    zmq_close(monitor);
    return event;
}

START_TEST(an_unknown_key_does_not_get_in)
{
    struct sugu_hospital hospital;
    void *stranger;

    sugu_hospital_init(&hospital, NULL);
    stranger = raw_dealer(&hospital, NULL);
    ck_assert_int_eq(handshake_of(hospital.zmq, stranger, 5000), ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
    zmq_close(stranger);
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

START_TEST(a_revoked_key_stops_at_once_on_an_open_connection)
{
    struct sugu_hospital hospital;
    void *kiosk;

    sugu_hospital_init(&hospital, NULL);
    sugu_hospital_add_client(&hospital, "kiosk-1", "kiosk", "kiosk-1");
    kiosk = raw_dealer(&hospital, "kiosk-1");
    send_check_in(kiosk, 1, 1, "internal");
    expect_raw_code(kiosk, "");
    sugu_hospital_admin(&hospital, 0, NULL, (const char *const[]){"revoke", "kiosk-1", NULL});
    /* Whether the server has read its keys again by now or not: the transaction looks itself. */
    send_check_in(kiosk, 1, 1, "internal");
    expect_raw_code(kiosk, "key.unknown");
    sugu_hospital_admin(&hospital, 1, NULL, (const char *const[]){"revoke", "kiosk-1", NULL});
    zmq_close(kiosk);
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

START_TEST(two_connections_with_one_key_are_one_client)
{
    struct sugu_hospital hospital;
    void *older, *newer;

    sugu_hospital_init(&hospital, NULL);
    sugu_hospital_add_client(&hospital, "kiosk-1", "kiosk", "kiosk-1");
    older = raw_dealer(&hospital, "kiosk-1");
    send_check_in(older, 1, 1, "internal");
    expect_raw_code(older, "");
    newer = raw_dealer(&hospital, "kiosk-1");
    send_check_in(newer, 1, 1, "internal");
    expect_raw_code(newer, "");
    send_check_in(older, 1, 1, "internal");
    expect_raw_code(older, "connection.replaced");
    send_check_in(newer, 1, 1, "internal");
    expect_raw_code(newer, "");
    sugu_process_expect(&hospital.server, "connection.replaced client=kiosk-1", NULL, NULL, 0, 5);
    zmq_close(older);
    zmq_close(newer);
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

START_TEST(a_kiosk_hears_only_of_its_own_session)
{
    struct sugu_hospital hospital;
    struct sugu_test_client mine, other;
    Sugu__OpenSession open = SUGU__OPEN_SESSION__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;
    Sugu__AskEligibility ask = SUGU__ASK_ELIGIBILITY__INIT;
    Sugu__CheckIn check_in = SUGU__CHECK_IN__INIT;
    struct sugu_id session = sugu_test_id(), visit = sugu_test_id(), asked = sugu_test_id();
    uint8_t serial[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    Sugu__Reply *reply;
    size_t from = 0;

    sugu_hospital_init(&hospital, NULL);
    sugu_test_client_init(&mine, &hospital, "kiosk-1", "kiosk", "kiosk-1");
    sugu_test_client_init(&other, &hospital, "kiosk-11", "kiosk", "kiosk-11");
    sugu_hospital_add_client(&hospital, "desk-1", "desk", "desk-1");
    card.kind = SUGU__CARD_KIND__CARD_FELICA;
    card.serial = (ProtobufCBinaryData){sizeof serial, serial};
    open.session = sugu_id_field(&session);
    open.who_case = SUGU__OPEN_SESSION__WHO_HOSPITAL_CARD;
    open.hospital_card = &card;
    open.birthday = 1123;
    reply = sugu_test_client_call(&mine, SUGU__REQUEST__BODY_OPEN_SESSION, &open, NULL);
    ck_assert_str_eq(reply->code, "");
    sugu__reply__free_unpacked(reply, NULL);
    ask.session = sugu_id_field(&session);
    ask.eligibility = sugu_id_field(&asked);
    /* Another kiosk may not use the session. */
    reply = sugu_test_client_call(&other, SUGU__REQUEST__BODY_ASK_ELIGIBILITY, &ask, NULL);
    ck_assert_str_eq(reply->code, "session.unknown");
    sugu__reply__free_unpacked(reply, NULL);
    check_in.session = sugu_id_field(&session);
    check_in.visit = sugu_id_field(&visit);
    check_in.reason = (char *)"visit.wants-desk";
    reply = sugu_test_client_call(&mine, SUGU__REQUEST__BODY_CHECK_IN, &check_in, NULL);
    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->ticket->number, "R-001");
    sugu__reply__free_unpacked(reply, NULL);
    sugu_hospital_admin(&hospital, 0, NULL, (const char *const[]){"call", "9", "R-001", NULL});
    ck_assert_str_eq(
        sugu_test_client_event(&mine, SUGU__EVENT__BODY_STAGE_CHANGED, &from)->stage_changed->desk,
        "9");
    sugu_test_client_run(&other, 500 * SUGU_MS); /* two heartbeats: it is up to date */
    ck_assert_uint_eq(other.event_count, 0);
    sugu_test_client_done(&mine);
    sugu_test_client_done(&other);
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("door",
                       60,
                       vandals_are_refused_and_the_server_goes_on,
                       an_unknown_key_does_not_get_in,
                       a_revoked_key_stops_at_once_on_an_open_connection,
                       two_connections_with_one_key_are_one_client,
                       a_kiosk_hears_only_of_its_own_session)
