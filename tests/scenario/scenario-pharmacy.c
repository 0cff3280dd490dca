/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-pharmacy - who has paid fetches the medicines, and only then may leave
 *
 * Outcome: the pharmacy waits for the money and begins with it; closing the session at the kiosk
 * does not send home who still has a place to go to; "you may leave" is written when nothing is
 * left. Who comes for the medicines alone waits for them at once. Nothing at all is written for the
 * message hooks where nobody asks for it.
 */
#include "testlib/checks.h"
#include "testlib/day.h"
#include "testlib/facts.h"

#include <stdio.h>
#include <string.h>

struct way_out {
    struct sugu_day day;
    struct sugu_facts facts;
    struct sugu_test_client web;
};

static void
way_out_init(struct way_out *way, bool has_hook)
{
    Sugu__GetNotices get = SUGU__GET_NOTICES__INIT;
    Sugu__Reply *reply;

    memset(way, 0, sizeof *way);
    sugu_day_init(&way->day);
    sugu_facts_init(&way->facts, way->day.hospital.folder);
    sugu_hospital_admin(
        &way->day.hospital, 0, NULL,
        (const char *const[]){"department", "pharmacy", "薬局", "P", "pharmacy", NULL});
    sugu_hospital_admin(&way->day.hospital, 0, NULL,
                        (const char *const[]){"desk", "p1", "pharmacy", NULL});
    sugu_test_client_init(&way->web, &way->day.hospital, "web-1", "web", "");
    if (!has_hook)
        return;
    reply = sugu_test_client_call(&way->web, SUGU__REQUEST__BODY_GET_NOTICES, &get, NULL);
    ck_assert_str_eq(reply->code, "");
    sugu__reply__free_unpacked(reply, NULL);
}

static void
way_out_done(struct way_out *way)
{
    sugu_test_client_done(&way->web);
    sugu_facts_done(&way->facts);
    sugu_day_done(&way->day);
}

static void
order_medicines(struct way_out *way)
{
    Sugu__ChangePlan body = SUGU__CHANGE_PLAN__INIT;
    Sugu__DepartmentCode pharmacy = SUGU__DEPARTMENT_CODE__INIT, *list[] = {&pharmacy};

    pharmacy.department = (char *)"pharmacy";
    body.number = (char *)"B-001";
    body.desk = (char *)"2";
    body.n_add = 1;
    body.add = list;
    sugu_day_expect_code(
        sugu_test_client_call(&way->day.desk, SUGU__REQUEST__BODY_CHANGE_PLAN, &body, NULL), "");
}

static int64_t
notices(struct way_out *way, Sugu__NoticeKind kind)
{
    char sql[100];

    snprintf(sql, sizeof sql, "SELECT count(*) FROM notice WHERE kind = %d", (int)kind);
    return sugu_facts_number(&way->facts, sql);
}

/* From the card to the money; the medicines are still to be fetched. */
static void
play_until_paid(struct way_out *way)
{
    sugu_day_open_session(&way->day);
    sugu_day_verify_insurance(&way->day, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    sugu_day_check_in(&way->day, "B-001");
    order_medicines(way);
    sugu_day_pass_stage(&way->day);
    sugu_day_record_acts(&way->day, "111000110");
    sugu_day_bill_arrives(&way->day, 1, 291, 870);
    /* Nobody fetches medicines that are not paid. */
    sugu_day_expect_code(sugu_day_send_move(&way->day, "p1", SUGU__TICKET_VERB__CALL_NEXT, ""),
                         "ticket.none-waiting");
    sugu_day_pay(&way->day, 1, 870);
}

START_TEST(medicines_are_fetched_after_paying_and_then_one_may_leave)
{
    struct way_out way;
    Sugu__Reply *reply;

    way_out_init(&way, /* has_hook= */ true);
    play_until_paid(&way);
    ck_assert_int_eq(notices(&way, SUGU__NOTICE_KIND__NOTICE_BILL_READY), 1);
    ck_assert_int_eq(notices(&way, SUGU__NOTICE_KIND__NOTICE_MAY_LEAVE), 0);
    sugu_day_close(&way.day, SUGU__VISIT_STATE__VISIT_SETTLED);
    reply = sugu_day_send_move(&way.day, "p1", SUGU__TICKET_VERB__CALL_NEXT, "");
    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->stage->number, "B-001");
    sugu__reply__free_unpacked(reply, NULL);
    ck_assert_int_eq(notices(&way, SUGU__NOTICE_KIND__NOTICE_MAY_LEAVE), 0);
    sugu_day_expect_code(sugu_day_send_move(&way.day, "p1", SUGU__TICKET_VERB__FINISH, "B-001"),
                         "");
    ck_assert_int_eq(notices(&way, SUGU__NOTICE_KIND__NOTICE_MAY_LEAVE), 1);
    ck_assert_int_eq(sugu_facts_number(&way.facts, "SELECT state FROM visit"),
                     SUGU__VISIT_STATE__VISIT_LEFT);
    way_out_done(&way);
}
END_TEST

START_TEST(who_has_nothing_to_fetch_may_leave_with_the_money)
{
    struct way_out way;

    way_out_init(&way, /* has_hook= */ true);
    sugu_day_until_billed(&way.day);
    ck_assert_int_eq(notices(&way, SUGU__NOTICE_KIND__NOTICE_MAY_LEAVE), 0);
    sugu_day_pay(&way.day, 1, 870);
    ck_assert_int_eq(notices(&way, SUGU__NOTICE_KIND__NOTICE_MAY_LEAVE), 1);
    way_out_done(&way);
}
END_TEST

/* The number of who may go to the pharmacy at once; the reply is freed. */
static void
expect_pharmacy(Sugu__Reply *reply, const char *number)
{
    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->ticket->number, number);
    ck_assert_str_eq(reply->ticket->department, "pharmacy");
    ck_assert_uint_eq(reply->ticket->n_stages, 1);
    ck_assert_int_eq(reply->ticket->stages[0]->state, SUGU__STAGE_STATE__STAGE_WAITING);
    sugu__reply__free_unpacked(reply, NULL);
}

static void
fetch_medicines(struct way_out *way, const char *number)
{
    Sugu__Reply *reply = sugu_day_send_move(&way->day, "p1", SUGU__TICKET_VERB__CALL_NEXT, "");

    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->stage->number, number);
    ck_assert_int_eq(reply->stage->visit_state, SUGU__VISIT_STATE__VISIT_IN_STAGES);
    sugu__reply__free_unpacked(reply, NULL);
    reply = sugu_day_send_move(&way->day, "p1", SUGU__TICKET_VERB__FINISH, number);
    ck_assert_str_eq(reply->code, "");
    ck_assert_int_eq(reply->stage->visit_state, SUGU__VISIT_STATE__VISIT_AWAITING_BILL);
    sugu__reply__free_unpacked(reply, NULL);
}

/* At a desk with only the pharmacy ticked, and at a kiosk with nothing but an order for it. */
START_TEST(who_comes_for_the_medicines_alone_waits_for_them_at_once)
{
    struct way_out way;
    Sugu__AssistCheckIn body = SUGU__ASSIST_CHECK_IN__INIT;
    Sugu__DepartmentCode pharmacy = SUGU__DEPARTMENT_CODE__INIT, *list[] = {&pharmacy};
    struct sugu_id visit = sugu_test_id();

    way_out_init(&way, /* has_hook= */ false);
    pharmacy.department = (char *)"pharmacy";
    body.visit = sugu_id_field(&visit);
    body.desk = (char *)"2";
    body.n_departments = 1;
    body.departments = list;
    expect_pharmacy(
        sugu_test_client_call(&way.day.desk, SUGU__REQUEST__BODY_ASSIST_CHECK_IN, &body, NULL),
        "P-001");
    sugu_hospital_admin(&way.day.hospital, 0, NULL,
                        (const char *const[]){"order", "0002", "pharmacy", NULL});
    sugu_day_open_session(&way.day);
    sugu_day_verify_insurance(&way.day, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    sugu_facts_run(&way.facts, "DELETE FROM appointment");
    expect_pharmacy(sugu_day_send_check_in(&way.day, NULL), "P-002");
    fetch_medicines(&way, "P-001");
    fetch_medicines(&way, "P-002");
    way_out_done(&way);
}
END_TEST

START_TEST(without_a_hook_no_notice_is_written)
{
    struct way_out way;

    way_out_init(&way, /* has_hook= */ false);
    play_until_paid(&way);
    sugu_day_expect_code(sugu_day_send_move(&way.day, "p1", SUGU__TICKET_VERB__CALL_NEXT, ""), "");
    sugu_day_expect_code(sugu_day_send_move(&way.day, "p1", SUGU__TICKET_VERB__FINISH, "B-001"),
                         "");
    ck_assert_int_eq(sugu_facts_number(&way.facts, "SELECT count(*) FROM notice"), 0);
    /* Nor where the gateway that asked has been gone for longer than a day. */
    sugu_facts_run(&way.facts, "UPDATE facility SET hook_asked_at = now() - interval '25 hours'");
    sugu_day_begin_visit(&way.day);
    sugu_day_open_session(&way.day);
    sugu_day_verify_insurance(&way.day, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    sugu_day_check_in(&way.day, "B-002");
    sugu_day_pass_stage(&way.day);
    ck_assert_int_eq(sugu_facts_number(&way.facts, "SELECT count(*) FROM notice"), 0);
    way_out_done(&way);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("pharmacy",
                       60,
                       medicines_are_fetched_after_paying_and_then_one_may_leave,
                       who_has_nothing_to_fetch_may_leave_with_the_money,
                       who_comes_for_the_medicines_alone_waits_for_them_at_once,
                       without_a_hook_no_notice_is_written)
