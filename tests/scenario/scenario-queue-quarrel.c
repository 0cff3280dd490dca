/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-queue-quarrel - two who want different things of the same people at the same moment
 *
 * Outcomes. Two desks that do different things to one ticket at once: one verb is done, the other
 * is refused with a code that says that somebody was quicker, and the history has the one. Undo
 * takes back what the same desk did last, within its time, and never another desk's work. A
 * department that is closed while people wait for it: refused while anybody waits or is to go
 * there; then whoever comes with an appointment there gets the reception as the next place. Two
 * servers on one database, next pressed at both at once: never the same patient, and what happens
 * at one is told at both.
 */
#include "scenario/queue-world.h"
#include "testlib/checks.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define TRIES 64

/* ---- two desks, one ticket */

struct answer {
    bool is_there;
    char code[65], detail[161], number[17];
};

static void
on_answer(void *user, const Sugu__Reply *reply)
{
    struct answer *answer = user;

    answer->is_there = true;
    snprintf(answer->code, sizeof answer->code, "%s", reply->code);
    snprintf(answer->detail, sizeof answer->detail, "%s", reply->detail);
    if (reply->body_case == SUGU__REPLY__BODY_STAGE)
        snprintf(answer->number, sizeof answer->number, "%s", reply->stage->number);
}

static void
press(struct sugu_test_client *client, Sugu__MoveTicket *body, struct answer *answer)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    struct sugu_error error;

    memset(answer, 0, sizeof *answer);
    request.body_case = SUGU__REQUEST__BODY_MOVE_TICKET;
    request.move_ticket = body;
    sugu_assert_ok(sugu_client_request(client->client, &request,
                                       &(struct sugu_ask){.on_reply = on_answer, .user = answer},
                                       &error),
                   error);
}

static void
wait_both(struct sugu_test_client *const clients[2], const struct answer answers[2])
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t until = clock->monotonic_us(clock) + 20 * SUGU_SECOND;

    while (!answers[0].is_there || !answers[1].is_there) {
        ck_assert(clock->monotonic_us(clock) < until);
        for (int i = 0; i < 2; i++)
            sugu_test_client_run(clients[i], SUGU_MS / 2);
    }
}

/* What the other desk does while the first one calls the number, which both see waiting. */
static const Sugu__TicketVerb others[] = {
    SUGU__TICKET_VERB__MOVE,
    SUGU__TICKET_VERB__PARK,
    SUGU__TICKET_VERB__NO_SHOW,
    SUGU__TICKET_VERB__CALL,
};

static Sugu__MoveTicket
verb_of(Sugu__TicketVerb verb, const char *desk, const char *number)
{
    Sugu__MoveTicket body = SUGU__MOVE_TICKET__INIT;

    body.desk = (char *)desk;
    body.verb = verb;
    body.number = (char *)number;
    body.department = (char *)(verb == SUGU__TICKET_VERB__MOVE ? "internal" : "eye");
    body.park_minutes = 5;
    body.has_seen = true;
    body.seen = SUGU__STAGE_STATE__STAGE_WAITING;
    return body;
}

/* 0 where the first desk won, 1 where the second did. */
static int
judge_quarrel(struct ward *ward, const struct answer answers[2], int try)
{
    int winner = *answers[0].code ? 1 : 0;
    const char *lost = answers[!winner].code;
    char sql[200];

    ck_assert_msg(strcmp(answers[winner].code, "") == 0, "try %d: \"%s\" and \"%s\"", try,
                  answers[0].code, answers[1].code);
    ck_assert_msg(strcmp(lost, "ticket.changed") == 0 || strcmp(lost, "ticket.already-called") == 0,
                  "try %d: the loser is told \"%s\"", try, lost);
    /* It is told what happened, too: where the number is, or in which state. */
    ck_assert_msg(*answers[!winner].detail, "try %d: %s without a word", try, lost);
    snprintf(sql, sizeof sql,
             "SELECT count(DISTINCT change) FROM stage_change c JOIN visit v USING (visit) "
             "WHERE v.number = %d",
             try + 1);
    ck_assert_int_eq(sugu_facts_number(&ward->facts, sql), 1);
    return winner;
}

START_TEST(of_two_desks_that_disagree_one_wins_and_the_other_is_told)
{
    static struct sugu_test_client other;
    struct ward ward;
    struct answer answers[2];
    int wins[2] = {0, 0};

    ward_init(&ward);
    WARD_SETUP(&ward, "desk", "3", "eye");
    sugu_test_client_init(&other, &ward.hospital, "desk-3", "desk", "");
    for (int try = 0; try < TRIES; try++) {
        struct sugu_test_client *clients[] = {&ward.desk, &other};
        Sugu__MoveTicket bodies[2];
        char number[16];
        int first = (try / 4) % 2; /* each begins as often */
        snprintf(number, sizeof number, "B-%03d", try + 1);
        ward_arrive(&ward, "eye", number);
        bodies[0] = verb_of(SUGU__TICKET_VERB__CALL, "2", number);
        bodies[1] = verb_of(others[try % 4], "3", number);
        press(clients[first], &bodies[first], &answers[first]);
        press(clients[!first], &bodies[!first], &answers[!first]);
        wait_both(clients, answers);
        wins[judge_quarrel(&ward, answers, try)]++;
    }
    ck_assert_int_gt(wins[0], 0);
    ck_assert_int_gt(wins[1], 0);
    /* Everybody is somewhere: called, away for a while, in the other queue, or known not to be
     * here.
     */
    ck_assert_int_eq(
        sugu_facts_number(&ward.facts,
                          "SELECT count(*) FROM visit v WHERE v.state <> 7 AND NOT EXISTS "
                          "(SELECT FROM stage s WHERE s.visit = v.visit AND s.state IN (0, 1, 4))"),
        0);
    sugu_test_client_done(&other);
    ward_done(&ward);
}
END_TEST

/* ---- a row that is not true any more */

/* Both the row and the number are "called": at desk 2 as it is shown, at desk 3 by now. */
START_TEST(a_key_on_an_old_row_does_not_hit_another_desks_patient)
{
    static const Sugu__TicketVerb verbs[] = {
        SUGU__TICKET_VERB__FINISH, SUGU__TICKET_VERB__PRESENT, SUGU__TICKET_VERB__CALL_AGAIN,
        SUGU__TICKET_VERB__MISS,   SUGU__TICKET_VERB__PARK,    SUGU__TICKET_VERB__NO_SHOW,
    };
    struct ward ward;
    Sugu__MoveTicket body = SUGU__MOVE_TICKET__INIT;
    Sugu__Reply *reply;

    ward_init(&ward);
    WARD_SETUP(&ward, "desk", "3", "eye");
    ward_arrive(&ward, "eye", "B-001");
    ward_verb(&ward, SUGU__TICKET_VERB__CALL, "3", "B-001", "eye:1 ");
    body.desk = body.seen_desk = (char *)"2";
    body.number = (char *)"B-001";
    body.department = (char *)"eye";
    body.has_seen = true;
    body.seen = SUGU__STAGE_STATE__STAGE_CALLED;
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(verbs); i++) {
        body.verb = verbs[i];
        reply = sugu_test_client_call(&ward.desk, SUGU__REQUEST__BODY_MOVE_TICKET, &body, NULL);
        ck_assert_str_eq(reply->code, "ticket.changed");
        ck_assert_str_eq(reply->detail, "CALLED 3");
        sugu__reply__free_unpacked(reply, NULL);
    }
    /* Who sees that it is desk 3's may do it for them. */
    body.verb = SUGU__TICKET_VERB__PRESENT;
    body.seen_desk = (char *)"3";
    reply = sugu_test_client_call(&ward.desk, SUGU__REQUEST__BODY_MOVE_TICKET, &body, NULL);
    ck_assert_str_eq(reply->code, "");
    sugu__reply__free_unpacked(reply, NULL);
    ward_done(&ward);
}
END_TEST

/* ---- undo takes back one's own */

START_TEST(undo_takes_back_what_this_desk_did_just_now_and_nothing_else)
{
    struct ward ward;
    Sugu__MoveTicket stale = SUGU__MOVE_TICKET__INIT;
    Sugu__Reply *reply;

    ward_init(&ward);
    WARD_SETUP(&ward, "desk", "3", "eye");
    ward_arrive(&ward, "eye", "B-001");
    ward_verb(&ward, SUGU__TICKET_VERB__CALL, "2", "B-001", "eye:1 ");
    reply = ward_send_verb(&ward.desk, SUGU__TICKET_VERB__UNDO, "3", "B-001", "");
    ck_assert_str_eq(reply->code, "ticket.undo-other-desk");
    ck_assert_str_eq(reply->detail, "2"); /* who did it */
    sugu__reply__free_unpacked(reply, NULL);
    /* Nor is it another change than the one that was seen. */
    ward_verb(&ward, SUGU__TICKET_VERB__PRESENT, "2", "B-001", "eye:2 ");
    stale.desk = (char *)"2";
    stale.verb = SUGU__TICKET_VERB__UNDO;
    stale.number = (char *)"B-001";
    stale.has_seen = true;
    stale.seen = SUGU__STAGE_STATE__STAGE_CALLED;
    reply = sugu_test_client_call(&ward.desk, SUGU__REQUEST__BODY_MOVE_TICKET, &stale, NULL);
    ck_assert_str_eq(reply->code, "ticket.changed");
    sugu__reply__free_unpacked(reply, NULL);
    sugu_facts_run(&ward.facts,
                   "UPDATE stage_change SET changed_at = changed_at - interval '14 minutes 30 s'");
    ward_verb(&ward, SUGU__TICKET_VERB__UNDO, "2", "B-001", "eye:1 ");
    sugu_facts_run(&ward.facts,
                   "UPDATE stage_change SET changed_at = changed_at - interval '31 s'");
    ward_refused(&ward, SUGU__TICKET_VERB__UNDO, "2", "B-001", "ticket.undo-expired");
    ck_assert_int_eq(sugu_facts_number(&ward.facts, "SELECT state FROM stage"),
                     SUGU__STAGE_STATE__STAGE_CALLED);
    ward_done(&ward);
}
END_TEST

/* ---- a department goes away */

START_TEST(a_department_is_not_closed_over_the_heads_of_those_who_wait)
{
    struct ward ward;
    Sugu__Reply *reply;

    ward_init(&ward);
    ward_arrive(&ward, "eye", "B-001");
    sugu_hospital_admin(&ward.hospital, 1, NULL,
                        (const char *const[]){"department", "eye", "眼科", "B", "closed", NULL});
    ward_verb(&ward, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "eye:1 ");
    sugu_hospital_admin(&ward.hospital, 1, NULL,
                        (const char *const[]){"department", "eye", "眼科", "B", "closed", NULL});
    reply = ward_send_verb(&ward.desk, SUGU__TICKET_VERB__MOVE, "2", "B-001", "internal");
    ck_assert_str_eq(reply->code, "");
    sugu__reply__free_unpacked(reply, NULL);
    WARD_SETUP(&ward, "department", "eye", "眼科", "B", "closed");
    /* 0002 is booked there today: the reception knows why they come. */
    reply = ward_send_arrive(&ward, "0002", NULL, SUGU__PRIORITY__PRIORITY_ORDINARY);
    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->ticket->department, "reception");
    ck_assert_str_eq(reply->ticket->reason, "department.closed");
    sugu__reply__free_unpacked(reply, NULL);
    ward_verb(&ward, SUGU__TICKET_VERB__CALL_NEXT, "1", "", "internal:1 ");
    ck_assert_int_eq(sugu_facts_number(&ward.facts, "SELECT count(*) FROM visit v WHERE NOT EXISTS "
                                                    "(SELECT FROM stage s WHERE s.visit = v.visit "
                                                    "AND s.state IN (0, 1))"),
                     0);
    ward_done(&ward);
}
END_TEST

/* ---- two servers */

#define WAITING 40

START_TEST(two_servers_never_give_the_same_patient_and_tell_each_other)
{
    static struct sugu_test_client there;
    struct ward ward;
    struct sugu_hospital other = {.folder = ""};
    struct sugu_test_client *clients[] = {&ward.desk, &there};
    bool was_called[WAITING + 1] = {false};
    int calls = 0, of[2] = {0, 0};

    ward_init(&ward);
    WARD_SETUP(&ward, "desk", "3", "eye");
    sugu_hospital_join(&other, &ward.hospital);
    sugu_test_client_init(&there, &other, "desk-3", "desk", "");
    for (int i = 1; i <= WAITING; i++) {
        char number[16];
        snprintf(number, sizeof number, "B-%03d", i);
        ward_arrive(&ward, "eye", number);
    }
    while (calls < WAITING) {
        struct answer answers[2];
        for (int i = 0; i < 2; i++) {
            Sugu__MoveTicket body = SUGU__MOVE_TICKET__INIT;
            body.desk = (char *)(i ? "3" : "2");
            press(clients[i], &body, &answers[i]);
        }
        wait_both(clients, answers);
        for (int i = 0; i < 2; i++) {
            int number = 0;
            ck_assert_msg(strcmp(answers[i].code, "") == 0, "desk %d: %s", i, answers[i].code);
            ck_assert_int_eq(sscanf(answers[i].number, "B-%d", &number), 1);
            ck_assert_msg(!was_called[number], "%s was called twice", answers[i].number);
            was_called[number] = true;
            calls++;
            of[i]++;
        }
    }
    ck_assert_int_eq(of[0], of[1]);
    /* The queue is empty at both, and each desk, and the board, has been told of every call. */
    ward_refused(&ward, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "ticket.none-waiting");
    for (int i = 0; i < 2; i++)
        sugu_facts_were_heard(&ward.facts, clients[i]);
    sugu_facts_were_heard(&ward.facts, &ward.board);
    sugu_test_client_done(&there);
    ck_assert_int_eq(sugu_process_end(&other.server, SIGTERM), 0);
    ward_done(&ward);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("queue-quarrel",
                       90,
                       of_two_desks_that_disagree_one_wins_and_the_other_is_told,
                       a_key_on_an_old_row_does_not_hit_another_desks_patient,
                       undo_takes_back_what_this_desk_did_just_now_and_nothing_else,
                       a_department_is_not_closed_over_the_heads_of_those_who_wait,
                       two_servers_never_give_the_same_patient_and_tell_each_other)
