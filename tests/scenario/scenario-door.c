/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-door - who gets in, and what strangers, vandals and twins can do to the server
 *
 * Each trap of domain/reliability-security.md 1.5 has its test: keys that are unknown, revoked or
 * used twice, bytes that are no message, messages that are too large or of another facility.
 */
#include "testlib/checks.h"
#include "testlib/raw.h"

#include <zmq.h>

#include <string.h>

START_TEST(vandals_are_refused_and_the_server_goes_on)
{
    static const char long_department[] = "a-department-with-a-name-past-its-bound";
    static uint8_t huge[SUGU_MESSAGE_SIZE_MAX + 1];
    struct sugu_hospital hospital;
    void *vandal, *honest;

    sugu_hospital_init(&hospital, NULL);
    sugu_hospital_add_client(&hospital, "vandal", "kiosk", "kiosk-9");
    sugu_hospital_add_client(&hospital, "honest", "kiosk", "kiosk-1");
    vandal = sugu_raw_dealer(&hospital, "vandal");
    honest = sugu_raw_dealer(&hospital, "honest");
    sugu_raw_send(vandal, "\xff\xff\xff\xff", 4);
    sugu_raw_expect_code(vandal, "message.malformed");
    sugu_raw_send(vandal, "", 0);
    sugu_raw_expect_code(vandal, "message.version"); /* an empty message has version 0 */
    sugu_raw_send_check_in(vandal, 2, 1, "internal");
    sugu_raw_expect_code(vandal, "message.version");
    sugu_raw_send_check_in(vandal, 1, 2, "internal");
    sugu_raw_expect_code(vandal, "request.wrong-facility");
    sugu_raw_send_check_in(vandal, 1, 1, long_department);
    sugu_raw_expect_code(vandal, "message.out-of-bounds");
    sugu_raw_send_check_in(vandal, 1, 1, "nowhere");
    sugu_raw_expect_code(vandal, "department.unknown");
    sugu_raw_send(vandal, huge, sizeof huge); /* drops the connection; libzmq makes a new one */
    sugu_raw_send_check_in(honest, 1, 1, "internal");
    sugu_raw_expect_code(honest, "");
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
    stranger = sugu_raw_dealer(&hospital, NULL);
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
    kiosk = sugu_raw_dealer(&hospital, "kiosk-1");
    sugu_raw_send_check_in(kiosk, 1, 1, "internal");
    sugu_raw_expect_code(kiosk, "");
    sugu_hospital_admin(&hospital, 0, NULL, (const char *const[]){"revoke", "kiosk-1", NULL});
    /* Whether the server has read its keys again by now or not: the transaction looks itself. */
    sugu_raw_send_check_in(kiosk, 1, 1, "internal");
    sugu_raw_expect_code(kiosk, "key.unknown");
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
    older = sugu_raw_dealer(&hospital, "kiosk-1");
    sugu_raw_send_check_in(older, 1, 1, "internal");
    sugu_raw_expect_code(older, "");
    newer = sugu_raw_dealer(&hospital, "kiosk-1");
    sugu_raw_send_check_in(newer, 1, 1, "internal");
    sugu_raw_expect_code(newer, "");
    sugu_raw_send_check_in(older, 1, 1, "internal");
    sugu_raw_expect_code(older, "connection.replaced");
    sugu_raw_send_check_in(newer, 1, 1, "internal");
    sugu_raw_expect_code(newer, "");
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
