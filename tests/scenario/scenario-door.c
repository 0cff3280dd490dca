/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-door - who gets in, and what strangers, vandals and twins can do to the server
 *
 * Each trap of domain/reliability-security.md 1.5 has its test: keys that are unknown, revoked or
 * used twice, bytes that are no message, messages that are too large or of another facility.
 */
#include "testlib/checks.h"
#include "testlib/facts.h"
#include "testlib/raw.h"

#include <zmq.h>

#include <signal.h>
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
    sugu_hospital_expect_counts(&hospital, "malformed=4 refused=1");
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
    /* One of these is the server's own, at its start. */
    sugu_hospital_expect_counts(&hospital, "refused-handshakes=2");
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

/* Runs the client until the counter has the value; fails after `wait_s`. */
static void
run_until(struct sugu_test_client *client, const size_t *counter, size_t value, int wait_s)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t until = clock->monotonic_us(clock) + wait_s * SUGU_SECOND;

    while (*counter < value) {
        ck_assert_msg(clock->monotonic_us(clock) < until, "still %zu of %zu", *counter, value);
        sugu_test_client_run(client, 10 * SUGU_MS);
    }
    ck_assert_uint_eq(*counter, value);
}

/* Refusals are no sign of life. What the gate turns away leaves a dead socket behind, and so the
 * client knocks with a new one until it is let in. */
START_TEST(a_client_whose_key_is_revoked_knows_it_and_comes_back_with_a_valid_one)
{
    struct sugu_hospital hospital;
    struct sugu_test_client kiosk;
    struct sugu_facts facts;

    sugu_hospital_init(&hospital, NULL);
    sugu_facts_init(&facts, hospital.folder);
    sugu_test_client_init(&kiosk, &hospital, "kiosk-1", "kiosk", "kiosk-1");
    ck_assert_int_eq(kill(hospital.server.pid, SIGUSR1), 0); /* debug */
    sugu_hospital_admin(&hospital, 0, NULL, (const char *const[]){"revoke", "kiosk-1", NULL});
    run_until(&kiosk, &kiosk.refusals, 1, 5);
    ck_assert_str_eq(kiosk.refusal, "key.unknown");
    ck_assert_uint_eq(kiosk.stales, 1);
    ck_assert(!sugu_client_is_fresh(kiosk.client));
    for (int i = 0; i < 80; i++) { /* the new socket's handshake */
        if (sugu_process_has_said(&hospital.server, "handshake.refused status=400", NULL, NULL, 0))
            break;
        sugu_test_client_run(&kiosk, 100 * SUGU_MS);
    }
    sugu_process_expect(&hospital.server, "handshake.refused status=400", NULL, NULL, 0, 1);
    ck_assert(!sugu_client_is_fresh(kiosk.client));
    sugu_facts_run(&facts, "UPDATE client_key SET revoked_at = NULL");
    run_until(&kiosk, &kiosk.fresh, 2, 10);
    ck_assert(sugu_client_is_fresh(kiosk.client));
    ck_assert_uint_eq(kiosk.refusals, 1);
    ck_assert_uint_eq(kiosk.stales, 1);
    sugu_test_client_done(&kiosk);
    sugu_facts_done(&facts);
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

START_TEST(a_client_that_another_pushed_out_comes_back_and_its_twin_is_reported)
{
    struct sugu_hospital hospital;
    struct sugu_test_client kiosk;
    void *twin;

    sugu_hospital_init(&hospital, NULL);
    sugu_test_client_init(&kiosk, &hospital, "kiosk-1", "kiosk", "kiosk-1");
    for (size_t i = 1; i <= 2; i++) {
        twin = sugu_raw_dealer(&hospital, "kiosk-1");
        sugu_raw_send_heartbeat(twin, 0, /* is_new= */ false, /* is_repair= */ false);
        run_until(&kiosk, &kiosk.refusals, i, 5);
        ck_assert_str_eq(kiosk.refusal, "connection.replaced");
        ck_assert(!sugu_client_is_fresh(kiosk.client));
        zmq_close(twin);
        run_until(&kiosk, &kiosk.fresh, i + 1, 10);
        ck_assert(sugu_client_is_fresh(kiosk.client));
    }
    ck_assert_uint_eq(kiosk.stales, 2);
    sugu_process_expect(&hospital.server, "connection.flaps client=kiosk-1", NULL, NULL, 0, 5);
    sugu_test_client_done(&kiosk);
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
                       90,
                       vandals_are_refused_and_the_server_goes_on,
                       an_unknown_key_does_not_get_in,
                       a_revoked_key_stops_at_once_on_an_open_connection,
                       a_client_whose_key_is_revoked_knows_it_and_comes_back_with_a_valid_one,
                       a_client_that_another_pushed_out_comes_back_and_its_twin_is_reported,
                       two_connections_with_one_key_are_one_client,
                       a_kiosk_hears_only_of_its_own_session)
