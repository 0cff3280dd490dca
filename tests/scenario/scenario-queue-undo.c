/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-queue-undo - what undo puts back, and since when a wait counts, by the real server
 *
 * Outcome: after undo a visit is to the last column what it was before the verb, priorities and the
 * place in a queue that was joined included; a range is measured from when it was said, up to a
 * call that stood; a no-show who is here again under another number is not brought back twice.
 */
#include "scenario/queue-world.h"
#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>

/* Everything about the visits but how often they were called. */
static const char remember_sql[] =
    "DROP TABLE IF EXISTS remembered; "
    "CREATE TABLE remembered AS SELECT to_jsonb(s) - 'calls' AS row, v.state AS visit_state, "
    "v.priority AS priority FROM stage s JOIN visit v USING (facility, visit)";
static const char differences_sql[] =
    "SELECT count(*) FROM (SELECT to_jsonb(s) - 'calls', v.state, v.priority "
    "FROM stage s JOIN visit v USING (facility, visit) WHERE s.state <> 8 "
    "EXCEPT SELECT row, visit_state, priority FROM remembered) AS differences";

static void
expect_as_remembered(struct ward *ward)
{
    ck_assert_int_eq(sugu_facts_number(&ward->facts, differences_sql), 0);
}

/* A range for everybody: ten minutes to an hour. */
static void
ward_init_told(struct ward *ward)
{
    ward_init(ward);
    sugu_facts_run(&ward->facts,
                   "INSERT INTO wait_range SELECT 1, department, 0, 600, 3600, 20, now(), 600, "
                   "1800, 3600 FROM department");
}

static void
let_time_pass(struct ward *ward)
{
    sugu_facts_run(&ward->facts,
                   "UPDATE visit SET arrived_at = arrived_at - interval '20 minutes'; "
                   "UPDATE stage SET waiting_at = waiting_at - interval '20 minutes', "
                   "due_at = due_at - interval '20 minutes', "
                   "said_at = said_at - interval '20 minutes', "
                   "called_at = called_at - interval '20 minutes', "
                   "first_called_at = first_called_at - interval '20 minutes', "
                   "parked_at = parked_at - interval '20 minutes'; "
                   "UPDATE stage_change SET from_said_at = from_said_at - interval '20 minutes', "
                   "from_waiting_at = from_waiting_at - interval '20 minutes', "
                   "from_due_at = from_due_at - interval '20 minutes'");
}

/* Minutes that the stage of the department was measured to wait; -1: it was not. */
static int64_t
measured_min(struct ward *ward, const char *department)
{
    char sql[300];

    snprintf(sql, sizeof sql,
             "SELECT coalesce((SELECT extract(epoch FROM first_called_at - said_at)::integer / 60 "
             "FROM stage WHERE department = '%s' AND first_called_at >= said_at), -1)",
             department);
    return sugu_facts_number(&ward->facts, sql);
}

static void
move_to(struct ward *ward, const char *desk, const char *number, const char *department)
{
    Sugu__Reply *reply =
        ward_send_verb(&ward->desk, SUGU__TICKET_VERB__MOVE, desk, number, department);

    ck_assert_str_eq(reply->code, "");
    sugu__reply__free_unpacked(reply, NULL);
}

START_TEST(a_wait_is_measured_from_what_was_said_to_a_call_that_stood)
{
    struct ward ward;

    ward_init_told(&ward);
    ward_arrive(&ward, "eye", "B-001");
    let_time_pass(&ward);
    /* By mistake: the wait goes on. */
    ward_verb(&ward, SUGU__TICKET_VERB__CALL, "2", "B-001", "eye:1 ");
    ck_assert_int_eq(measured_min(&ward, "eye"), 20);
    ward_verb(&ward, SUGU__TICKET_VERB__UNDO, "2", "B-001", "eye:0 ");
    ck_assert_int_eq(measured_min(&ward, "eye"), -1);
    let_time_pass(&ward);
    /* To another queue: what is said there is held against the time there. */
    move_to(&ward, "2", "B-001", "internal");
    let_time_pass(&ward);
    ward_verb(&ward, SUGU__TICKET_VERB__CALL, "1", "B-001", "internal:1 ");
    ck_assert_int_eq(measured_min(&ward, "eye"), -1);
    ck_assert_int_eq(measured_min(&ward, "internal"), 20);
    ck_assert_int_eq(sugu_facts_number(&ward.facts,
                                       "SELECT extract(epoch FROM first_called_at - waiting_at)"
                                       "::integer / 60 FROM stage WHERE department = 'internal'"),
                     60);
    ward_done(&ward);
}
END_TEST

START_TEST(who_is_sent_away_does_not_wait_meanwhile)
{
    struct ward ward;
    Sugu__GetToday get = SUGU__GET_TODAY__INIT;
    Sugu__Reply *reply;

    ward_init_told(&ward);
    ward_arrive(&ward, "eye", "B-001");
    let_time_pass(&ward);
    ward_verb(&ward, SUGU__TICKET_VERB__PARK, "2", "B-001", "eye:4 ");
    let_time_pass(&ward);
    ward_verb(&ward, SUGU__TICKET_VERB__UNPARK, "2", "B-001", "eye:0 ");
    let_time_pass(&ward);
    ward_verb(&ward, SUGU__TICKET_VERB__CALL, "2", "B-001", "eye:1 ");
    ck_assert_int_eq(measured_min(&ward, "eye"), 20);
    /* Sent away and called from there: nothing was said of that. */
    ward_arrive(&ward, "internal", "A-001");
    ward_verb(&ward, SUGU__TICKET_VERB__PARK, "1", "A-001", "internal:4 ");
    let_time_pass(&ward);
    ward_verb(&ward, SUGU__TICKET_VERB__CALL, "1", "A-001", "internal:1 ");
    ck_assert_int_eq(measured_min(&ward, "internal"), -1);
    /* The first waited twice twenty minutes, the second not at all. */
    reply = sugu_test_client_call(&ward.desk, SUGU__REQUEST__BODY_GET_TODAY, &get, NULL);
    ck_assert_uint_eq(reply->today->wait_p90_s / 60, 40);
    ck_assert_uint_le(reply->today->wait_median_s, 10);
    sugu__reply__free_unpacked(reply, NULL);
    ward_done(&ward);
}
END_TEST

static void
set_priority(struct ward *ward, Sugu__Priority priority)
{
    Sugu__ChangePlan body = SUGU__CHANGE_PLAN__INIT;
    Sugu__Reply *reply;

    body.number = (char *)"B-002";
    body.desk = (char *)"2";
    body.has_priority = true;
    body.priority = priority;
    reply = sugu_test_client_call(&ward->desk, SUGU__REQUEST__BODY_CHANGE_PLAN, &body, NULL);
    ck_assert_str_eq(reply->code, "");
    sugu__reply__free_unpacked(reply, NULL);
}

static int64_t
priority_now(struct ward *ward)
{
    return sugu_facts_number(&ward->facts, "SELECT priority FROM visit WHERE number = 2");
}

START_TEST(a_priority_is_taken_back_like_any_verb)
{
    struct ward ward;

    ward_init_told(&ward);
    ward_arrive(&ward, "eye", "B-001");
    ward_arrive(&ward, "eye", "B-002");
    let_time_pass(&ward);
    sugu_facts_run(&ward.facts, remember_sql);
    set_priority(&ward, SUGU__PRIORITY__PRIORITY_URGENT);
    ck_assert_int_eq(priority_now(&ward), SUGU__PRIORITY__PRIORITY_URGENT);
    ck_assert_int_eq(sugu_facts_number(&ward.facts, "SELECT rank FROM stage s JOIN visit v "
                                                    "USING (visit) WHERE v.number = 2"),
                     0);
    ward_verb(&ward, SUGU__TICKET_VERB__UNDO, "2", "B-002", "eye:0 ");
    expect_as_remembered(&ward);
    /* Of who is called, too; and the verb before it comes next. */
    ward_verb(&ward, SUGU__TICKET_VERB__CALL, "2", "B-002", "eye:1 ");
    set_priority(&ward, SUGU__PRIORITY__PRIORITY_URGENT);
    ward_verb(&ward, SUGU__TICKET_VERB__UNDO, "2", "B-002", "eye:1 ");
    ck_assert_int_eq(priority_now(&ward), SUGU__PRIORITY__PRIORITY_ORDINARY);
    ward_verb(&ward, SUGU__TICKET_VERB__UNDO, "2", "B-002", "eye:0 ");
    ck_assert_int_eq(
        sugu_facts_number(&ward.facts, "SELECT count(*) FROM stage WHERE first_called_at IS NULL"),
        2);
    ward_done(&ward);
}
END_TEST

START_TEST(undo_gives_a_joined_queue_its_place_back)
{
    struct ward ward;
    Sugu__Reply *reply;

    ward_init_told(&ward);
    WARD_SETUP(&ward, "order-rule", "blood", "any-time", "eye");
    WARD_SETUP(&ward, "order", "0002", "blood");
    reply = ward_send_arrive(&ward, "0002", NULL, SUGU__PRIORITY__PRIORITY_ORDINARY);
    ck_assert_str_eq(reply->code, "");
    sugu__reply__free_unpacked(reply, NULL);
    let_time_pass(&ward);
    /* Blood has waited longer than the eye department, which the move joins. */
    sugu_facts_run(&ward.facts, "UPDATE stage SET waiting_at = waiting_at - interval '1 hour' "
                                "WHERE department = 'blood'");
    sugu_facts_run(&ward.facts, remember_sql);
    move_to(&ward, "b1", "B-001", "eye");
    ck_assert_int_gt(sugu_facts_number(&ward.facts, differences_sql), 1);
    ward_verb(&ward, SUGU__TICKET_VERB__UNDO, "b1", "B-001", "blood:0 eye:0 ");
    expect_as_remembered(&ward);
    ward_done(&ward);
}
END_TEST

START_TEST(a_no_show_who_is_here_again_is_not_brought_back)
{
    struct ward ward;
    Sugu__Reply *reply;

    ward_init_told(&ward);
    reply = ward_send_arrive(&ward, "0002", NULL, SUGU__PRIORITY__PRIORITY_ORDINARY);
    sugu__reply__free_unpacked(reply, NULL);
    ward_verb(&ward, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "eye:1 ");
    ward_verb(&ward, SUGU__TICKET_VERB__MISS, "2", "B-001", "eye:5 ");
    ward_verb(&ward, SUGU__TICKET_VERB__NO_SHOW, "2", "B-001", "");
    reply = ward_send_arrive(&ward, "0002", NULL, SUGU__PRIORITY__PRIORITY_ORDINARY);
    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->ticket->number, "B-002");
    sugu__reply__free_unpacked(reply, NULL);
    reply = ward_send_verb(&ward.desk, SUGU__TICKET_VERB__UNDO, "2", "B-001", "");
    ck_assert_str_eq(reply->code, "ticket.undo-here-again");
    ck_assert_str_eq(reply->detail, "B-002");
    sugu__reply__free_unpacked(reply, NULL);
    ward_verb(&ward, SUGU__TICKET_VERB__CALL_NEXT, "2", "", "eye:1 ");
    ward_done(&ward);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("queue-undo",
                       60,
                       a_wait_is_measured_from_what_was_said_to_a_call_that_stood,
                       who_is_sent_away_does_not_wait_meanwhile,
                       a_priority_is_taken_back_like_any_verb,
                       undo_gives_a_joined_queue_its_place_back,
                       a_no_show_who_is_here_again_is_not_brought_back)
