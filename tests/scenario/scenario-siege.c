/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-siege - registered clients gone wrong, and a library that checks nothing
 *
 * Names that clients choose themselves, floods under one key, a start without authentication: the
 * traps of domain/reliability-security.md 1.5 that scenario-door leaves.
 */
#include "testlib/checks.h"
#include "testlib/facts.h"
#include "testlib/raw.h"

#include <zmq.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The second of two connections that call themselves the same gets nothing, least of all what is
 * meant for the first. */
START_TEST(a_name_of_its_own_choice_gives_no_client_the_answers_of_another)
{
    struct sugu_hospital hospital;
    Sugu__Down *down;
    void *honest, *first, *second;

    sugu_hospital_init(&hospital, NULL);
    sugu_hospital_add_client(&hospital, "kiosk-1", "kiosk", "kiosk-1");
    sugu_hospital_add_client(&hospital, "kiosk-2", "kiosk", "kiosk-2");
    sugu_hospital_add_client(&hospital, "kiosk-3", "kiosk", "kiosk-3");
    honest = sugu_raw_dealer(&hospital, "kiosk-1");
    first = sugu_raw_dealer_called(&hospital, "kiosk-2", "kiosk", 5);
    sugu_raw_send_check_in(first, 1, 1, "internal");
    sugu_raw_expect_code(first, "");
    second = sugu_raw_dealer_called(&hospital, "kiosk-3", "kiosk", 5);
    sugu_raw_send_check_in(second, 1, 1, "internal");
    for (int i = 0; i < 20; i++) {
        sugu_raw_send_check_in(first, 1, 1, "internal");
        sugu_raw_expect_code(first, "");
    }
    down = sugu_raw_receive(second, 0);
    ck_assert_ptr_null(down);
    sugu_raw_send_check_in(honest, 1, 1, "internal");
    sugu_raw_expect_code(honest, "");
    zmq_close(honest);
    zmq_close(first);
    zmq_close(second);
    sugu_hospital_expect_counts(&hospital, "requests=22 replies=22");
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

START_TEST(a_name_that_is_no_route_is_not_served_at_all)
{
    static char name[200];
    struct sugu_hospital hospital;
    void *called, *honest;
    long offset = 0;

    memset(name, 'x', sizeof name);
    sugu_hospital_init(&hospital, NULL);
    sugu_hospital_add_client(&hospital, "kiosk-1", "kiosk", "kiosk-1");
    sugu_hospital_add_client(&hospital, "kiosk-2", "kiosk", "kiosk-2");
    ck_assert_int_eq(kill(hospital.server.pid, SIGUSR1), 0); /* debug */
    called = sugu_raw_dealer_called(&hospital, "kiosk-2", name, sizeof name);
    for (int i = 0; i < 3; i++)
        sugu_raw_send_check_in(called, 1, 1, "internal");
    for (int i = 0; i < 3; i++)
        sugu_process_expect(&hospital.server, "message.dropped", &offset, NULL, 0, 5);
    honest = sugu_raw_dealer(&hospital, "kiosk-1");
    sugu_raw_send_check_in(honest, 1, 1, "internal");
    sugu_raw_expect_code(honest, "");
    zmq_close(called);
    zmq_close(honest);
    sugu_hospital_expect_counts(&hospital, "requests=1 replies=1");
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

START_TEST(a_key_that_runs_wild_leaves_the_places_of_the_others)
{
    struct sugu_hospital hospital;
    struct sugu_facts facts;
    void *wild, *honest;

    sugu_hospital_init(&hospital, NULL);
    sugu_facts_init(&facts, hospital.folder);
    sugu_hospital_add_client(&hospital, "kiosk-1", "kiosk", "kiosk-1");
    sugu_hospital_add_client(&hospital, "kiosk-2", "kiosk", "kiosk-2");
    wild = sugu_raw_dealer(&hospital, "kiosk-2");
    honest = sugu_raw_dealer(&hospital, "kiosk-1");
    sugu_facts_run(&facts, "BEGIN; LOCK TABLE request IN SHARE MODE");
    for (int i = 0; i < 200; i++) /* more than one batch and what may wait */
        sugu_raw_send_check_in(wild, 1, 1, "internal");
    sugu_raw_expect_code(wild, "server.busy");
    sugu_raw_send_check_in(honest, 1, 1, "internal");
    sugu_facts_run(&facts, "COMMIT");
    sugu_raw_expect_code(honest, "");
    zmq_close(wild);
    zmq_close(honest);
    sugu_facts_done(&facts);
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

#define GUESSERS 8

static void
send_guess(void *socket, uint32_t birthday)
{
    static uint8_t serial[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    Sugu__Up up = SUGU__UP__INIT;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__OpenSession open = SUGU__OPEN_SESSION__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;
    struct sugu_id id = sugu_test_id(), session = sugu_test_id();

    card.kind = SUGU__CARD_KIND__CARD_FELICA;
    card.serial = (ProtobufCBinaryData){sizeof serial, serial};
    open.session = sugu_id_field(&session);
    open.who_case = SUGU__OPEN_SESSION__WHO_HOSPITAL_CARD;
    open.hospital_card = &card;
    open.birthday = birthday;
    request.id = sugu_id_field(&id);
    request.facility = SUGU_HOSPITAL_FACILITY;
    request.body_case = SUGU__REQUEST__BODY_OPEN_SESSION;
    request.open_session = &open;
    up.version = SUGU_PROTOCOL_VERSION;
    up.frame_case = SUGU__UP__FRAME_REQUEST;
    up.request = &request;
    sugu_raw_send_up(socket, &up);
}

/* A found card, eight kiosks, eight transactions: still five guesses. The patient's row is held
 * until all of them have got as far as they get. */
START_TEST(guesses_at_many_kiosks_at_once_are_five_in_all)
{
    struct sugu_hospital hospital;
    struct sugu_facts facts;
    void *kiosks[GUESSERS];
    int wrong = 0, too_many = 0;

    sugu_hospital_init(&hospital, NULL);
    sugu_facts_init(&facts, hospital.folder);
    sugu_hospital_kill_server(&hospital);
    sugu_hospital_start_server(
        &hospital, (const char *const[]){"--workers", "8", "--facility-batches", "8", NULL});
    for (int i = 0; i < GUESSERS; i++) {
        char name[16];
        snprintf(name, sizeof name, "kiosk-%d", i);
        sugu_hospital_add_client(&hospital, name, "kiosk", name);
        kiosks[i] = sugu_raw_dealer(&hospital, name);
    }
    sugu_facts_run(&facts, "BEGIN; SELECT FROM patient WHERE number = '0002' FOR UPDATE");
    for (int i = 0; i < GUESSERS; i++) {
        send_guess(kiosks[i], 1122);
        sugu_facts_wait_blocked(&facts, i + 1); /* so that each has a transaction of its own */
    }
    sugu_facts_run(&facts, "COMMIT");
    for (int i = 0; i < GUESSERS; i++) {
        Sugu__Down *down = sugu_raw_receive(kiosks[i], 10000);
        ck_assert_ptr_nonnull(down);
        wrong += strcmp(down->reply->code, "identity.birthday-wrong") == 0;
        too_many += strcmp(down->reply->code, "identity.too-many-tries") == 0;
        sugu__down__free_unpacked(down, NULL);
        zmq_close(kiosks[i]);
    }
    ck_assert_int_eq(wrong, 4); /* the fifth is the last, and is told so */
    ck_assert_int_eq(too_many, GUESSERS - 4);
    ck_assert_int_eq(
        sugu_facts_number(&facts, "SELECT birthday_misses FROM patient WHERE number = '0002'"), 5);
    sugu_facts_done(&facts);
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

START_TEST(a_server_whose_library_checks_no_keys_does_not_start)
{
    struct sugu_hospital hospital;

    sugu_hospital_init(&hospital, NULL);
    sugu_hospital_kill_server(&hospital);
    hospital.has_database = true;
    setenv("LD_PRELOAD", OPEN_DOOR, 1);
    sugu_hospital_spawn_server(&hospital, NULL);
    unsetenv("LD_PRELOAD");
    ck_assert_int_eq(sugu_process_wait(&hospital.server, 30), 1);
    ck_assert(sugu_process_has_said(&hospital.server, "a random key was let in", NULL, NULL, 0));
    ck_assert(sugu_process_has_said(&hospital.server, "[key.not-checked]", NULL, NULL, 0));
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("siege",
                       60,
                       a_name_of_its_own_choice_gives_no_client_the_answers_of_another,
                       a_name_that_is_no_route_is_not_served_at_all,
                       a_key_that_runs_wild_leaves_the_places_of_the_others,
                       guesses_at_many_kiosks_at_once_are_five_in_all,
                       a_server_whose_library_checks_no_keys_does_not_start)
