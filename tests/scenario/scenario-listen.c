/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-listen - what listeners hear when something breaks, is taken away, or is not read
 */
#include "testlib/checks.h"
#include "testlib/facts.h"
#include "testlib/raw.h"

#include <zmq.h>

#include <stdio.h>
#include <string.h>

struct world {
    struct sugu_hospital hospital;
    struct sugu_facts facts;
    struct sugu_test_client desk;
    void *kiosk; /* raw: issues tickets, listens to nothing */
    size_t heard;
};

static void
world_init(struct world *world)
{
    memset(world, 0, sizeof *world);
    sugu_hospital_init(&world->hospital, NULL);
    sugu_facts_init(&world->facts, world->hospital.folder);
    sugu_test_client_init(&world->desk, &world->hospital, "desk-1", "desk", "desk-1");
    sugu_hospital_add_client(&world->hospital, "kiosk-1", "kiosk", "kiosk-1");
    world->kiosk = sugu_raw_dealer(&world->hospital, "kiosk-1");
}

static void
world_done(struct world *world)
{
    zmq_close(world->kiosk);
    sugu_test_client_done(&world->desk);
    sugu_facts_done(&world->facts);
    sugu_hospital_done(&world->hospital, /* keep= */ false);
}

static void
issue_ticket(struct world *world)
{
    sugu_raw_send_check_in(world->kiosk, 1, SUGU_HOSPITAL_FACILITY, "internal");
    sugu_raw_expect_code(world->kiosk, "");
}

static void
hear_ticket(struct world *world)
{
    sugu_test_client_event(&world->desk, SUGU__EVENT__BODY_QUEUE_CHANGED, &world->heard);
}

/* The next frame is a pulse; its last number. */
static uint64_t
expect_pulse(void *socket, bool is_reset)
{
    Sugu__Down *down = sugu_raw_receive(socket, 5000);
    uint64_t last;

    ck_assert_ptr_nonnull(down);
    ck_assert_int_eq(down->frame_case, SUGU__DOWN__FRAME_PULSE);
    ck_assert_int_eq(down->pulse->is_reset, is_reset);
    last = down->pulse->last_event;
    sugu__down__free_unpacked(down, NULL);
    return last;
}

/* A listener that begins now. */
static void *
raw_listener(struct world *world, const char *name, uint64_t *ret_last)
{
    void *socket = sugu_raw_dealer(&world->hospital, name);

    sugu_raw_send_heartbeat(socket, 0, /* is_new= */ true, /* is_repair= */ false);
    *ret_last = expect_pulse(socket, /* is_reset= */ true);
    return socket;
}

START_TEST(a_read_that_was_cancelled_is_made_again)
{
    struct world world;

    world_init(&world);
    sugu_facts_run(&world.facts, "BEGIN; LOCK TABLE event IN ACCESS EXCLUSIVE MODE");
    sugu_facts_wait_blocked(&world.facts, 1); /* the poll behind the notifications */
    sugu_facts_run(&world.facts, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity "
                                 "WHERE usename = 'sugu_server' AND wait_event_type = 'Lock'");
    sugu_process_expect(&world.hospital.server, "events.failed", NULL, NULL, 0, 5);
    sugu_facts_run(&world.facts, "COMMIT");
    issue_ticket(&world);
    hear_ticket(&world);
    world_done(&world);
}
END_TEST

START_TEST(who_lost_its_key_hears_nothing_more)
{
    struct world world;
    uint64_t last;
    void *other;

    world_init(&world);
    sugu_hospital_add_client(&world.hospital, "desk-2", "desk", "desk-2");
    other = raw_listener(&world, "desk-2", &last);
    issue_ticket(&world);
    hear_ticket(&world);
    sugu__down__free_unpacked(sugu_raw_receive(other, 5000), NULL);
    sugu_hospital_admin(&world.hospital, 0, NULL, (const char *const[]){"revoke", "desk-2", NULL});
    issue_ticket(&world);
    hear_ticket(&world);
    ck_assert_ptr_null(sugu_raw_receive(other, 300));
    sugu_raw_send_heartbeat(other, last + 1, /* is_new= */ false, /* is_repair= */ true);
    sugu_raw_expect_code(other, "key.unknown");
    ck_assert_ptr_null(sugu_raw_receive(other, 300));
    zmq_close(other);
    world_done(&world);
}
END_TEST

START_TEST(a_number_that_the_database_does_not_know_begins_anew)
{
    struct world world;
    uint64_t last;
    void *other;

    world_init(&world);
    sugu_hospital_add_client(&world.hospital, "desk-2", "desk", "desk-2");
    issue_ticket(&world);
    other = sugu_raw_dealer(&world.hospital, "desk-2");
    sugu_raw_send_heartbeat(other, 1000, /* is_new= */ false, /* is_repair= */ false);
    last = expect_pulse(other, /* is_reset= */ true);
    ck_assert_uint_eq(last, 1);
    zmq_close(other);
    world_done(&world);
}
END_TEST

START_TEST(what_was_cleared_away_is_not_skipped_in_silence)
{
    struct world world;
    void *other;

    world_init(&world);
    sugu_hospital_add_client(&world.hospital, "desk-2", "desk", "desk-2");
    for (int i = 0; i < 5; i++) {
        issue_ticket(&world);
        hear_ticket(&world);
    }
    sugu_facts_run(&world.facts, "DELETE FROM event WHERE event <= 3");
    other = sugu_raw_dealer(&world.hospital, "desk-2");
    sugu_raw_send_heartbeat(other, 1, /* is_new= */ false, /* is_repair= */ false);
    ck_assert_uint_eq(expect_pulse(other, /* is_reset= */ true), 5);
    sugu_facts_run(&world.facts, "DELETE FROM event");
    sugu_raw_send_heartbeat(other, 3, /* is_new= */ false, /* is_repair= */ true);
    ck_assert_uint_eq(expect_pulse(other, /* is_reset= */ true), 5);
    zmq_close(other);
    world_done(&world);
}
END_TEST

START_TEST(a_facility_that_is_added_is_served_without_a_restart)
{
    struct world world;
    char key[300], public_key[320];
    void *kiosk;

    world_init(&world);
    snprintf(key, sizeof key, "%s/other.key", world.hospital.folder);
    snprintf(public_key, sizeof public_key, "%s.pub", key);
    sugu_hospital_admin(&world.hospital, 0, NULL, (const char *const[]){"key", key, NULL});
    sugu_hospital_admin(&world.hospital, 0, NULL,
                        (const char *const[]){"--facility", "2", "facility", "1312345687",
                                              "第二病院", "東京都", "03-0000-0001", NULL});
    sugu_hospital_admin(
        &world.hospital, 0, NULL,
        (const char *const[]){"--facility", "2", "department", "internal", "内科", "A", NULL});
    sugu_hospital_admin(
        &world.hospital, 0, NULL,
        (const char *const[]){"--facility", "2", "client", "other", "kiosk", public_key, NULL});
    kiosk = sugu_raw_dealer(&world.hospital, "other");
    sugu_raw_send_check_in(kiosk, 1, 2, "internal");
    sugu_raw_expect_code(kiosk, "");
    issue_ticket(&world); /* both have their number 1 and their event 1 */
    hear_ticket(&world);
    ck_assert_int_eq(sugu_facts_number(&world.facts, "SELECT sum(number) FROM visit"), 2);
    ck_assert_int_eq(sugu_facts_number(&world.facts, "SELECT sum(event) FROM event"), 2);
    zmq_close(kiosk);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("listen",
                       60,
                       a_read_that_was_cancelled_is_made_again,
                       who_lost_its_key_hears_nothing_more,
                       a_number_that_the_database_does_not_know_begins_anew,
                       what_was_cleared_away_is_not_skipped_in_silence,
                       a_facility_that_is_added_is_served_without_a_restart)
