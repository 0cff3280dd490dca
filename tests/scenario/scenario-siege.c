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
#include <stdlib.h>
#include <string.h>

/* The second of two connections that call themselves the same gets nothing, least of all what is
 * meant for the first. */
START_TEST(a_name_of_its_own_choice_gives_no_client_the_answers_of_another)
{
    struct sugu_hospital hospital;
    struct sugu_test_client honest;
    Sugu__Down *down;
    void *first, *second;

    sugu_hospital_init(&hospital, NULL);
    sugu_test_client_init(&honest, &hospital, "kiosk-1", "kiosk", "kiosk-1");
    sugu_hospital_add_client(&hospital, "kiosk-2", "kiosk", "kiosk-2");
    sugu_hospital_add_client(&hospital, "kiosk-3", "kiosk", "kiosk-3");
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
    sugu_test_client_run(&honest, SUGU_SECOND); /* five heartbeats */
    ck_assert_uint_eq(honest.stales, 0);
    sugu_test_client_done(&honest);
    zmq_close(first);
    zmq_close(second);
    sugu_hospital_expect_counts(&hospital, "requests=21 replies=21");
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
                       a_server_whose_library_checks_no_keys_does_not_start)
