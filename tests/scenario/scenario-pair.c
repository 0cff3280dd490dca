/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-pair - two servers on one database: one queue, one truth, every listener hears all
 */
#include "testlib/checks.h"
#include "testlib/facts.h"
#include "testlib/load.h"
#include "testlib/raw.h"

#include <zmq.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>

struct pair {
    struct sugu_hospital hospital; /* with the first server */
    struct sugu_hospital other;    /* the same hospital, as the second server's clients see it */
    struct sugu_facts facts;
};

static void
pair_init(struct pair *pair)
{
    memset(pair, 0, sizeof *pair);
    sugu_hospital_init(&pair->hospital, NULL);
    sugu_hospital_join(&pair->other, &pair->hospital);
    sugu_facts_init(&pair->facts, pair->hospital.folder);
}

static void
pair_done(struct pair *pair)
{
    sugu_facts_done(&pair->facts);
    ck_assert_int_eq(sugu_process_end(&pair->other.server, SIGTERM), 0);
    sugu_hospital_done(&pair->hospital, /* keep= */ false);
}

/* ---- the same request at both */

static void
send_open(void *socket, const struct sugu_id *request_id, const struct sugu_id *session)
{
    static uint8_t serial[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    Sugu__Up up = SUGU__UP__INIT;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__OpenSession open = SUGU__OPEN_SESSION__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;

    card.kind = SUGU__CARD_KIND__CARD_FELICA;
    card.serial = (ProtobufCBinaryData){sizeof serial, serial};
    open.session = sugu_id_field(session);
    open.who_case = SUGU__OPEN_SESSION__WHO_HOSPITAL_CARD;
    open.hospital_card = &card;
    open.birthday = 1123;
    request.id = sugu_id_field(request_id);
    request.facility = SUGU_HOSPITAL_FACILITY;
    request.body_case = SUGU__REQUEST__BODY_OPEN_SESSION;
    request.open_session = &open;
    up.version = SUGU_PROTOCOL_VERSION;
    up.frame_case = SUGU__UP__FRAME_REQUEST;
    up.request = &request;
    sugu_raw_send_up(socket, &up);
}

/*
 * The first copy has opened the session and waits to store its answer; the second, which found no
 * answer, runs into what the first did. It must not say that this is broken.
 */
START_TEST(a_request_under_way_at_both_servers_is_answered_by_both)
{
    struct pair pair;
    struct sugu_id request = sugu_test_id(), session = sugu_test_id();
    void *first, *second;

    pair_init(&pair);
    sugu_hospital_add_client(&pair.hospital, "kiosk-1", "kiosk", "kiosk-1");
    first = sugu_raw_dealer(&pair.hospital, "kiosk-1");
    second = sugu_raw_dealer(&pair.other, "kiosk-1");
    sugu_facts_run(&pair.facts, "BEGIN; LOCK TABLE request IN SHARE MODE");
    send_open(first, &request, &session);
    sugu_facts_wait_blocked(&pair.facts, 1);
    send_open(first, &request, &session); /* a third copy waits behind the first */
    send_open(second, &request, &session);
    sugu_facts_wait_blocked(&pair.facts, 2);
    sugu_facts_run(&pair.facts, "COMMIT");
    sugu_raw_expect_code(first, "");
    sugu_raw_expect_code(first, "");
    sugu_raw_expect_code(second, "");
    ck_assert_int_eq(sugu_facts_number(&pair.facts, "SELECT count(*) FROM session"), 1);
    zmq_close(first);
    zmq_close(second);
    pair_done(&pair);
}
END_TEST

/* ---- listeners */

START_TEST(a_listener_that_was_told_more_elsewhere_is_not_thrown_back)
{
    struct pair pair;
    Sugu__Down *down;
    void *kiosk, *desk;

    pair_init(&pair);
    sugu_hospital_add_client(&pair.hospital, "kiosk-1", "kiosk", "kiosk-1");
    sugu_hospital_add_client(&pair.hospital, "desk-2", "desk", "desk-2");
    kiosk = sugu_raw_dealer(&pair.hospital, "kiosk-1");
    desk = sugu_raw_dealer(&pair.other, "desk-2");
    kill(pair.other.server.pid, SIGSTOP);
    for (int i = 0; i < 3; i++) {
        sugu_raw_send_check_in(kiosk, 1, SUGU_HOSPITAL_FACILITY, "internal");
        sugu_raw_expect_code(kiosk, "");
    }
    /* It has heard all three at the first server, and comes to the second, which knows of none. */
    sugu_raw_send_heartbeat(desk, 3, /* is_new= */ false, /* is_repair= */ false);
    kill(pair.other.server.pid, SIGCONT);
    sugu_raw_send_check_in(kiosk, 1, SUGU_HOSPITAL_FACILITY, "internal");
    sugu_raw_expect_code(kiosk, "");
    do { /* pulses come before it, none of them a reset */
        down = sugu_raw_receive(desk, 5000);
        ck_assert_ptr_nonnull(down);
        if (down->frame_case == SUGU__DOWN__FRAME_PULSE)
            ck_assert(!down->pulse->is_reset);
        else
            break;
        sugu__down__free_unpacked(down, NULL);
    } while (true);
    ck_assert_uint_eq(down->event->number, 4);
    ck_assert_uint_eq(down->event->previous, 3);
    sugu__down__free_unpacked(down, NULL);
    zmq_close(kiosk);
    zmq_close(desk);
    pair_done(&pair);
}
END_TEST

START_TEST(under_load_and_kills_every_listener_hears_all_of_both)
{
    static struct sugu_load load;
    static struct sugu_test_client desks[2];
    struct pair pair;

    pair_init(&pair);
    memset(&load, 0, sizeof load);
    sugu_test_client_init(&desks[0], &pair.hospital, "desk-1", "desk", "desk-1");
    sugu_test_client_init(&desks[1], &pair.other, "desk-2", "desk", "desk-2");
    for (int i = 0; i < 6; i++) {
        char name[16];
        snprintf(name, sizeof name, "kiosk-%d", i);
        sugu_load_add(&load, i % 2 ? &pair.other : &pair.hospital, name);
    }
    sugu_load_issue(&load, 100);
    ck_assert_int_eq(sugu_process_end(&pair.other.server, SIGKILL), -SIGKILL);
    sugu_hospital_join(&pair.other, &pair.hospital);
    sugu_load_issue(&load, 100);
    sugu_hospital_kill_server(&pair.hospital);
    sugu_hospital_start_server(&pair.hospital, NULL);
    sugu_load_issue(&load, 100);
    sugu_load_finish(&load);
    sugu_facts_are_gapless(&pair.facts, "visit", "number", (int64_t)load.acknowledged);
    sugu_facts_are_gapless(&pair.facts, "event", "event", (int64_t)load.acknowledged);
    for (int i = 0; i < 2; i++) {
        sugu_facts_were_heard(&pair.facts, &desks[i]);
        sugu_test_client_done(&desks[i]);
    }
    pair_done(&pair);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("pair",
                       120,
                       a_request_under_way_at_both_servers_is_answered_by_both,
                       a_listener_that_was_told_more_elsewhere_is_not_thrown_back,
                       under_load_and_kills_every_listener_hears_all_of_both)
