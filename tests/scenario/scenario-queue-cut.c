/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-queue-cut - the network between the server and a ward is cut, and mended
 *
 * The server stands in one network namespace, a desk and a board of a ward in another; a packet
 * filter drops everything between them, without a word to either side. Outcome: desk and board say
 * since when they know nothing; what is pressed there meanwhile is refused when the line is back,
 * never done late; the rest of the house works on; afterwards each has every event once and in
 * order, nobody was called twice, and nobody is forgotten.
 *
 * A minute is shortened to 12 seconds: longer than ZMTP's heartbeats, which give a peer up after 8
 * s, and than the deadline that the pressed keys carry here (8 s; the desk's is a minute).
 * SUGU_CUT_S=60 plays the whole minute, in which the server forgets the clients, too (15 s).
 */
#include "scenario/queue-world.h"
#include "testlib/checks.h"
#include "testlib/folder.h"
#include "testlib/networks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define DEADLINE_US (8 * SUGU_SECOND)
#define PRESSES     3

struct press {
    bool is_answered, was_told_unknown;
    char code[65];
};

struct cut {
    struct sugu_networks networks;
    struct ward ward;
    struct sugu_hospital far; /* the same one, as the ward beyond the cable sees it */
    struct sugu_test_client desk, board;
    struct press presses[PRESSES];
};

/* Its threads are born in the far network, and stay there. */
static void
start_far_clients(struct cut *cut)
{
    cut->far.zmq = zmq_ctx_new();
    sugu_networks_enter(&cut->networks, cut->networks.far);
    sugu_test_client_init(&cut->desk, &cut->far, "desk-2", "desk", "");
    sugu_test_client_init(&cut->board, &cut->far, "board-2", "board", "");
    sugu_networks_enter(&cut->networks, cut->networks.near);
}

static void
on_pressed(void *user, const Sugu__Reply *reply)
{
    struct press *press = user;

    press->is_answered = true;
    press->was_told_unknown = reply->status == SUGU__STATUS__UNKNOWN;
    snprintf(press->code, sizeof press->code, "%s", reply->code);
}

static void
press(struct cut *cut, size_t index, Sugu__TicketVerb verb, const char *number)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__MoveTicket body = SUGU__MOVE_TICKET__INIT;
    struct sugu_error error;

    body.desk = (char *)"2";
    body.verb = verb;
    body.number = (char *)number;
    request.body_case = SUGU__REQUEST__BODY_MOVE_TICKET;
    request.move_ticket = &body;
    request.deadline_utc_us = sugu_client_server_utc_us(cut->desk.client) + DEADLINE_US;
    sugu_assert_ok(sugu_client_request(
                       cut->desk.client, &request,
                       &(struct sugu_ask){.on_reply = on_pressed, .user = &cut->presses[index]},
                       &error),
                   error);
}

/* Everybody in the house runs for the time. */
static void
run_all(struct cut *cut, int64_t time_us)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t until = clock->monotonic_us(clock) + time_us;

    while (clock->monotonic_us(clock) < until) {
        sugu_test_client_run(&cut->desk, 20 * SUGU_MS);
        sugu_test_client_run(&cut->board, 20 * SUGU_MS);
        sugu_test_client_run(&cut->ward.desk, 20 * SUGU_MS);
        sugu_test_client_run(&cut->ward.board, 20 * SUGU_MS);
    }
}

static void
play_the_cut(struct cut *cut)
{
    struct ward *ward = &cut->ward;
    const struct sugu_clock *clock = sugu_clock_system();
    sugu_time_us cut_at = clock->utc_us(clock);

    sugu_networks_cut(&cut->networks);
    press(cut, 0, SUGU__TICKET_VERB__FINISH, "B-001");
    press(cut, 1, SUGU__TICKET_VERB__CALL_NEXT, "");
    run_all(cut, 2 * SUGU_SECOND);
    ck_assert_uint_eq(cut->desk.stales, 1);
    ck_assert_uint_eq(cut->board.stales, 1);
    ck_assert_int_le(llabs(cut->desk.stale_since - cut_at), 2 * SUGU_SECOND);
    ck_assert_int_le(llabs(cut->board.stale_since - cut_at), 2 * SUGU_SECOND);
    press(cut, 2, SUGU__TICKET_VERB__CALL, "B-002");
    /* The other desk works on. */
    ward_arrive(ward, "eye", "B-005");
    ward_verb(ward, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "eye:1 ");
    ward_verb(ward, SUGU__TICKET_VERB__FINISH, "2", "B-002", "");
    run_all(cut, sugu_networks_cut_us() - (clock->utc_us(clock) - cut_at));
    ck_assert_uint_eq(cut->desk.fresh, 1);
    sugu_networks_mend(&cut->networks);
}

static void
expect_the_truth(struct cut *cut)
{
    struct ward *ward = &cut->ward;
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t until = clock->monotonic_us(clock) + 30 * SUGU_SECOND;
    bool is_waiting = true;

    while (is_waiting) {
        ck_assert_msg(clock->monotonic_us(clock) < until, "not back");
        run_all(cut, 100 * SUGU_MS);
        is_waiting = cut->desk.fresh < 2 || cut->board.fresh < 2;
        for (size_t i = 0; i < PRESSES; i++)
            is_waiting = is_waiting || !cut->presses[i].is_answered;
    }
    for (size_t i = 0; i < PRESSES; i++) {
        ck_assert(!cut->presses[i].was_told_unknown);
        ck_assert_str_eq(cut->presses[i].code, "request.too-late");
    }
    sugu_facts_were_heard(&ward->facts, &cut->desk);
    sugu_facts_were_heard(&ward->facts, &cut->board);
    /* B-001 is where it was, and only the verbs that were done stand in the history. */
    ck_assert_int_eq(sugu_facts_number(&ward->facts,
                                       "SELECT s.state FROM stage s JOIN visit v USING (visit) "
                                       "WHERE v.number = 1"),
                     SUGU__STAGE_STATE__STAGE_CALLED);
    ck_assert_int_eq(
        sugu_facts_number(&ward->facts, "SELECT count(*) FROM stage_change WHERE to_state = 1"), 2);
}

/* From here on the far desk calls: each of those who wait once, in their order. */
static void
expect_nobody_forgotten(struct cut *cut)
{
    static const char *const rest[] = {"B-003", "B-004", "B-005"};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rest); i++) {
        Sugu__Reply *reply = ward_send_verb(&cut->desk, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "");
        ck_assert_str_eq(reply->code, "");
        ck_assert_str_eq(reply->stage->number, rest[i]);
        sugu__reply__free_unpacked(reply, NULL);
    }
    ck_assert_int_eq(sugu_facts_number(&cut->ward.facts,
                                       "SELECT max(n) FROM (SELECT count(*) AS n FROM stage_change "
                                       "WHERE to_state = 1 GROUP BY visit) AS calls"),
                     1);
}

START_TEST(a_cut_network_loses_nothing_and_does_nothing_late)
{
    static struct cut cut;
    char *folder = sugu_test_folder_new(), reason[200];

    memset(&cut, 0, sizeof cut);
    ck_assert_msg(sugu_networks_init(&cut.networks, folder, reason), "%s", reason);
    ward_init(&cut.ward);
    sugu_networks_open_hospital(&cut.ward.hospital, &cut.far);
    start_far_clients(&cut);
    for (int i = 1; i <= 4; i++) {
        char number[16];
        snprintf(number, sizeof number, "B-%03d", i);
        ward_arrive(&cut.ward, "eye", number);
    }
    {
        Sugu__Reply *reply = ward_send_verb(&cut.desk, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "");
        ck_assert_str_eq(reply->stage->number, "B-001");
        sugu__reply__free_unpacked(reply, NULL);
    }
    play_the_cut(&cut);
    expect_the_truth(&cut);
    expect_nobody_forgotten(&cut);
    sugu_test_client_done(&cut.board);
    sugu_test_client_done(&cut.desk);
    zmq_ctx_term(cut.far.zmq);
    ward_done(&cut.ward);
    sugu_test_folder_free(folder);
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {a_cut_network_loses_nothing_and_does_nothing_late};

    return sugu_networks_run_tests("queue-cut", tests, SUGU_ARRAY_SIZE(tests), 150);
}
