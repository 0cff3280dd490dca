/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-server - the queue server over CURVE and PostgreSQL, with the test as every peer
 */
#include "testlib/checks.h"
#include "testlib/day.h"
#include "testlib/facts.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

START_TEST(one_day_goes_from_the_card_to_leaving)
{
    struct sugu_day day;

    sugu_day_init(&day);
    sugu_day_play(&day, 1);
    sugu_day_ledger_says(&day, "card-clearing 1750\nreceivable 0\nrevenue-clearing -1750\nsum 0\n");
    sugu_day_done(&day);
}
END_TEST

START_TEST(a_card_alone_opens_nothing)
{
    struct sugu_day day;

    sugu_day_init(&day);
    sugu_day_expect_code(sugu_day_send_open(&day, 0), "identity.birthday-needed");
    for (int i = 0; i < 4; i++)
        sugu_day_expect_code(sugu_day_send_open(&day, 1122), "identity.birthday-wrong");
    sugu_day_expect_code(sugu_day_send_open(&day, 1122), "identity.too-many-tries");
    sugu_day_expect_code(sugu_day_send_open(&day, 1123), "identity.too-many-tries");
    sugu_day_done(&day);
}
END_TEST

START_TEST(insurance_that_is_not_verified_leads_to_the_desk)
{
    struct sugu_day day;
    Sugu__Reply *reply;

    sugu_day_init(&day);
    sugu_day_open_session(&day);
    sugu_day_verify_insurance(&day, SUGU__ELIGIBILITY_OUTCOME__NOT_FOUND, "eligibility.not-found");
    reply = sugu_day_send_check_in(&day, NULL);
    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->ticket->number, "R-001");
    ck_assert(reply->ticket->is_to_desk);
    ck_assert_str_eq(reply->ticket->reason, "eligibility.not-found");
    sugu__reply__free_unpacked(reply, NULL);
    sugu_day_done(&day);
}
END_TEST

START_TEST(the_same_request_gets_the_same_answer_for_ever)
{
    struct sugu_day day;
    struct sugu_id request = sugu_test_id();
    Sugu__Reply *first, *second;

    sugu_day_init(&day);
    sugu_day_open_session(&day);
    sugu_day_verify_insurance(&day, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    first = sugu_day_send_check_in(&day, &request);
    ck_assert_str_eq(first->code, "");
    sugu_hospital_kill_server(&day.hospital);
    sugu_hospital_start_server(&day.hospital, NULL);
    second = sugu_day_send_check_in(&day, &request);
    ck_assert_uint_eq(sugu__reply__get_packed_size(first), sugu__reply__get_packed_size(second));
    ck_assert_str_eq(second->ticket->number, first->ticket->number);
    ck_assert_mem_eq(second->ticket->token.data, first->ticket->token.data, 16);
    sugu__reply__free_unpacked(first, NULL);
    sugu__reply__free_unpacked(second, NULL);
    day.visit = sugu_test_id(); /* another content under the same id */
    sugu_day_expect_code(sugu_day_send_check_in(&day, &request), "request.id-reused");
    sugu_day_expect_code(sugu_day_send_check_in(&day, NULL), "visit.already-here");
    sugu_day_done(&day);
}
END_TEST

/* The next server of this hospital lives on the next day. */
static void
start_tomorrow(struct sugu_hospital *hospital)
{
    sugu_hospital_kill_server(hospital);
    setenv("LD_PRELOAD", LATER, 1);
    setenv("SUGU_LATER_S", "86400", 1);
    sugu_hospital_start_server(hospital, NULL);
    unsetenv("LD_PRELOAD");
    unsetenv("SUGU_LATER_S");
}

static Sugu__Reply *
check_in_nobody(struct sugu_day *day, const char *department)
{
    Sugu__CheckIn body = SUGU__CHECK_IN__INIT;
    struct sugu_id visit = sugu_test_id();

    body.visit = sugu_id_field(&visit);
    body.department = (char *)department;
    return sugu_test_client_call(&day->kiosk, SUGU__REQUEST__BODY_CHECK_IN, &body, NULL);
}

START_TEST(a_request_repeated_a_day_later_gets_the_bytes_of_its_first_answer)
{
    struct sugu_day day;
    struct sugu_facts facts;
    struct sugu_id request = sugu_test_id();
    Sugu__Reply *first, *second, *fresh;
    uint8_t *was, *is;
    size_t size;

    sugu_day_init(&day);
    sugu_facts_init(&facts, day.hospital.folder);
    sugu_day_open_session(&day);
    sugu_day_verify_insurance(&day, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    first = sugu_day_send_check_in(&day, &request);
    ck_assert_str_eq(first->ticket->number, "B-001");
    start_tomorrow(&day.hospital);
    /* It is another day: the numbers begin anew, but for those that live on. */
    fresh = check_in_nobody(&day, "eye");
    ck_assert_str_eq(fresh->code, "");
    ck_assert_str_eq(fresh->ticket->number, "B-002");
    ck_assert_uint_gt(fresh->ticket->business_day, first->ticket->business_day);
    second = sugu_day_send_check_in(&day, &request);
    size = sugu__reply__get_packed_size(first);
    ck_assert_uint_eq(sugu__reply__get_packed_size(second), size);
    was = malloc(size);
    is = malloc(size);
    sugu__reply__pack(first, was);
    sugu__reply__pack(second, is);
    ck_assert_mem_eq(is, was, size);
    ck_assert_int_eq(sugu_facts_number(&facts, "SELECT count(*) FROM visit"), 2);
    free(was);
    free(is);
    sugu__reply__free_unpacked(first, NULL);
    sugu__reply__free_unpacked(second, NULL);
    sugu__reply__free_unpacked(fresh, NULL);
    sugu_facts_done(&facts);
    sugu_day_done(&day);
}
END_TEST

static int64_t left_us; /* until the deadline of what is sent */

static Sugu__Reply *
send_with_deadline(struct sugu_day *day,
                   struct sugu_test_client *client,
                   Sugu__Request__BodyCase body_case,
                   void *body,
                   const struct sugu_id *id)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__Reply *reply = NULL;
    struct sugu_error error;

    (void)day;
    request.body_case = body_case;
    request.check_in = body; /* every member of the union is a pointer */
    request.deadline_utc_us = sugu_client_server_utc_us(client->client) + left_us;
    if (sugu_client_call(client->client, &request,
                         &(struct sugu_ask){.id = id, .wait_us = 15 * SUGU_SECOND}, &reply,
                         &error) != SUGU_OK)
        ck_assert_msg(reply != NULL, "%s: %s", error.code, error.detail);
    return reply;
}

START_TEST(a_check_in_after_its_deadline_takes_no_number)
{
    struct sugu_day day;
    struct sugu_id request = sugu_test_id();
    Sugu__Reply *first, *second;

    sugu_day_init(&day);
    sugu_day_open_session(&day);
    sugu_day_verify_insurance(&day, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    day.call = send_with_deadline;
    left_us = -SUGU_SECOND;
    sugu_day_expect_code(sugu_day_send_check_in(&day, NULL), "request.too-late");
    left_us = 60 * SUGU_SECOND;
    first = sugu_day_send_check_in(&day, &request);
    ck_assert_str_eq(first->code, "");
    ck_assert_str_eq(first->ticket->number, "B-001");
    /* Answered in time once, it has the same answer for ever. */
    left_us = -SUGU_SECOND;
    second = sugu_day_send_check_in(&day, &request);
    ck_assert_str_eq(second->code, "");
    ck_assert_str_eq(second->ticket->number, "B-001");
    sugu__reply__free_unpacked(first, NULL);
    sugu__reply__free_unpacked(second, NULL);
    sugu_day_done(&day);
}
END_TEST

START_TEST(a_payment_that_is_open_lets_no_second_one_begin)
{
    struct sugu_day day;
    struct sugu_id first;

    sugu_day_init(&day);
    sugu_day_until_billed(&day);
    sugu_day_expect_code(sugu_day_send_begin_payment(&day, 1, 871), "payment.amount");
    sugu_day_expect_code(sugu_day_send_begin_payment(&day, 1, 870), "");
    first = day.attempt;
    day.attempt = sugu_test_id();
    sugu_day_expect_code(sugu_day_send_begin_payment(&day, 1, 870), "payment.open");
    sugu_day_expect_code(sugu_day_send_announce(&day, 2, 400, 1200), "bill.in-payment");
    day.attempt = first;
    sugu_day_expect_code(sugu_day_send_end_payment(&day, SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN, 0),
                         "");
    day.attempt = sugu_test_id();
    sugu_day_expect_code(sugu_day_send_begin_payment(&day, 1, 870), "payment.open");
    day.attempt = first;
    sugu_day_expect_code(sugu_day_send_end_payment(&day, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, 0),
                         "");
    sugu_day_expect_code(
        sugu_day_send_end_payment(&day, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, 870),
        "payment.differs");
    sugu_day_expect_code(sugu_day_send_announce(&day, 2, 400, 1200), "");
    day.attempt = sugu_test_id();
    sugu_day_expect_code(sugu_day_send_begin_payment(&day, 1, 870), "bill.revised");
    sugu_day_expect_code(sugu_day_send_begin_payment(&day, 2, 1200), "");
    sugu_day_expect_code(
        sugu_day_send_end_payment(&day, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, 1200), "");
    sugu_day_expect_code(
        sugu_day_send_end_payment(&day, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, 1200), "");
    sugu_day_ledger_says(&day, "card-clearing 1200\nreceivable 0\nrevenue-clearing -1200\nsum 0\n");
    sugu_day_done(&day);
}
END_TEST

START_TEST(a_bill_that_does_not_add_up_is_refused)
{
    struct sugu_day day;
    Sugu__AnnounceBill body = SUGU__ANNOUNCE_BILL__INIT;
    Sugu__Bill bill = SUGU__BILL__INIT;

    sugu_day_init(&day);
    sugu_day_until_billed(&day);
    bill.bill = sugu_id_field(&day.bill);
    bill.visit = sugu_id_field(&day.visit);
    bill.ratio_percent = 30;
    bill.total_points = 10; /* without a line */
    body.bill = &bill;
    body.acts_version = 2;
    sugu_day_expect_code(
        sugu_test_client_call(&day.fee, SUGU__REQUEST__BODY_ANNOUNCE_BILL, &body, NULL),
        "bill.does-not-add-up");
    sugu_day_expect_code(sugu_day_send_announce(&day, 1, 400, 1200), "bill.revised");
    sugu_day_done(&day);
}
END_TEST

START_TEST(a_role_may_send_its_own_requests_only)
{
    struct sugu_day day;
    Sugu__MoveTicket move_body = SUGU__MOVE_TICKET__INIT;
    Sugu__FindVisit find = SUGU__FIND_VISIT__INIT;

    sugu_day_init(&day);
    move_body.desk = (char *)"2";
    sugu_day_expect_code(
        sugu_test_client_call(&day.kiosk, SUGU__REQUEST__BODY_MOVE_TICKET, &move_body, NULL),
        "request.not-allowed");
    find.number = (char *)"A-001";
    sugu_day_expect_code(
        sugu_test_client_call(&day.fee, SUGU__REQUEST__BODY_FIND_VISIT, &find, NULL),
        "request.not-allowed");
    sugu_day_expect_code(sugu_day_send_move(&day, "77", SUGU__TICKET_VERB__CALL_NEXT, ""),
                         "desk.unknown");
    sugu_day_expect_code(sugu_day_send_move(&day, "2", SUGU__TICKET_VERB__CALL_NEXT, ""),
                         "ticket.none-waiting");
    sugu_day_expect_code(sugu_day_send_move(&day, "2", SUGU__TICKET_VERB__CALL, "Z-999"),
                         "visit.unknown");
    sugu_day_done(&day);
}
END_TEST

START_TEST(a_ticket_is_called_at_one_desk)
{
    struct sugu_day day;

    sugu_day_init(&day);
    sugu_day_open_session(&day);
    sugu_day_verify_insurance(&day, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    sugu_day_check_in(&day, "B-001");
    sugu_day_expect_code(sugu_day_send_move(&day, "2", SUGU__TICKET_VERB__CALL, "b1"), "");
    sugu_day_expect_code(sugu_day_send_move(&day, "1", SUGU__TICKET_VERB__CALL, "B-001"),
                         "ticket.already-called");
    sugu_day_expect_code(sugu_day_send_move(&day, "2", SUGU__TICKET_VERB__CALL_AGAIN, "B-001"), "");
    sugu_day_expect_code(sugu_day_send_move(&day, "2", SUGU__TICKET_VERB__PRESENT, "B-001"), "");
    sugu_day_expect_code(sugu_day_send_move(&day, "2", SUGU__TICKET_VERB__MISS, "B-001"),
                         "ticket.not-allowed");
    sugu_day_done(&day);
}
END_TEST

/* Ten thousand recordings of acts, a thousand copies of a receipt: more than a message can say. */
START_TEST(what_cannot_be_said_ends_the_request_and_not_the_server)
{
    struct sugu_day day;
    struct sugu_facts facts;
    Sugu__RecordActs body = SUGU__RECORD_ACTS__INIT;
    Sugu__Act act = SUGU__ACT__INIT, *acts[] = {&act};

    sugu_day_init(&day);
    sugu_facts_init(&facts, day.hospital.folder);
    sugu_day_until_billed(&day);
    act.code = (char *)"111000110";
    act.count = 1;
    body.number = day.number;
    body.n_acts = 1;
    body.acts = acts;
    sugu_facts_run(&facts, "UPDATE visit SET acts_version = 10000");
    sugu_day_expect_code(
        sugu_test_client_call(&day.desk, SUGU__REQUEST__BODY_RECORD_ACTS, &body, NULL),
        "bug.unexpected");
    ck_assert_int_eq(sugu_facts_number(&facts, "SELECT acts_version FROM visit"), 10000);
    ck_assert_int_eq(sugu_facts_number(&facts, "SELECT count(*) FROM act"), 1);
    ck_assert(sugu_process_is_running(&day.hospital.server));
    sugu_day_pay(&day, 1, 870);
    sugu_day_issue_receipt(&day, 1, 0, 870);
    sugu_facts_run(&facts, "UPDATE receipt SET copies = 999");
    sugu_day_issue_receipt(&day, 1, 1000, 870);
    sugu_day_expect_code(sugu_day_send_issue_receipt(&day), "bug.unexpected");
    ck_assert_int_eq(sugu_facts_number(&facts, "SELECT copies FROM receipt"), 1000);
    sugu_day_close(&day, SUGU__VISIT_STATE__VISIT_LEFT);
    sugu_facts_done(&facts);
    sugu_day_done(&day);
}
END_TEST

START_TEST(more_open_work_than_a_message_holds_comes_in_parts)
{
    struct sugu_day day;
    struct sugu_facts facts;
    Sugu__GetOpenWork body = SUGU__GET_OPEN_WORK__INIT;
    Sugu__Reply *reply;

    sugu_day_init(&day);
    sugu_facts_init(&facts, day.hospital.folder);
    sugu_facts_run(&facts,
                   "INSERT INTO visit (facility, visit, day, state, series, number, token, "
                   "acts_version, arrived_at) SELECT 1, lpad(n::text, 32, '0')::uuid, "
                   "'2026-04-01', 3, 'A', n, decode(lpad(n::text, 32, '0'), 'hex'), 1, now() "
                   "FROM generate_series(1, 30) n;"
                   "INSERT INTO stage (facility, visit, stage, day, department, state, "
                   "waiting_at, due_at) "
                   "SELECT 1, visit, 1, day, 'internal', 3, now(), now() FROM visit;"
                   "INSERT INTO act SELECT 1, visit, 1, n, '111000110', 9999 "
                   "FROM visit, generate_series(1, 300) n");
    reply = sugu_test_client_call(&day.fee, SUGU__REQUEST__BODY_GET_OPEN_WORK, &body, NULL);
    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_gt(reply->open_work->n_charges, 0);
    ck_assert_uint_lt(reply->open_work->n_charges, 10);
    for (size_t i = 0; i < reply->open_work->n_charges; i++)
        ck_assert_uint_eq(reply->open_work->charges[i]->n_acts, 300);
    sugu__reply__free_unpacked(reply, NULL);
    sugu_facts_done(&facts);
    sugu_day_done(&day);
}
END_TEST

static const char many_papers[] =
    "INSERT INTO help SELECT facility, gen_random_uuid(), 'kiosk-' || n, visit, 'help.asked',"
    " now() - interval '1 min' * n FROM visit, generate_series(1, 60) n;"
    "INSERT INTO paper SELECT facility, gen_random_uuid(), 'kiosk-1', visit, 0, 3, 'p' || n,"
    " now() - interval '1 min' * n FROM visit, generate_series(1, 60) n";

START_TEST(of_many_papers_and_calls_a_desk_sees_the_newest)
{
    struct sugu_day day;
    struct sugu_facts facts;
    Sugu__FindVisit find = SUGU__FIND_VISIT__INIT;
    Sugu__Reply *reply;

    sugu_day_init(&day);
    sugu_facts_init(&facts, day.hospital.folder);
    sugu_day_open_session(&day);
    sugu_day_verify_insurance(&day, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    sugu_day_check_in(&day, "B-001");
    sugu_facts_run(&facts, many_papers);
    find.number = day.number;
    reply = sugu_test_client_call(&day.desk, SUGU__REQUEST__BODY_FIND_VISIT, &find, NULL);
    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_eq(reply->visit_found->n_helps, 45);
    ck_assert_str_eq(reply->visit_found->helps[0]->place, "kiosk-1");
    ck_assert_str_eq(reply->visit_found->helps[44]->place, "kiosk-45");
    ck_assert_uint_eq(reply->visit_found->n_papers, 50);
    ck_assert_str_eq(reply->visit_found->papers[0]->code, "p1");
    ck_assert_str_eq(reply->visit_found->papers[49]->code, "p50");
    sugu__reply__free_unpacked(reply, NULL);
    sugu_facts_done(&facts);
    sugu_day_done(&day);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("server",
                       60,
                       one_day_goes_from_the_card_to_leaving,
                       a_card_alone_opens_nothing,
                       insurance_that_is_not_verified_leads_to_the_desk,
                       the_same_request_gets_the_same_answer_for_ever,
                       a_request_repeated_a_day_later_gets_the_bytes_of_its_first_answer,
                       a_check_in_after_its_deadline_takes_no_number,
                       a_payment_that_is_open_lets_no_second_one_begin,
                       a_bill_that_does_not_add_up_is_refused,
                       a_role_may_send_its_own_requests_only,
                       a_ticket_is_called_at_one_desk,
                       what_cannot_be_said_ends_the_request_and_not_the_server,
                       more_open_work_than_a_message_holds_comes_in_parts,
                       of_many_papers_and_calls_a_desk_sees_the_newest)
