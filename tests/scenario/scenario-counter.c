/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-counter - a desk sends a bill to the counter, and gives it back to the kiosks
 *
 * Outcome: with the bill goes the person. The counter for bills has the number in its queue, the
 * desks are called with number and reason, the kiosk and the phone send there and offer nothing;
 * the pharmacy goes on waiting. No desk's undo takes the place away while the bill is there. Given
 * back, the place is gone, the kiosk has the bill again and can be paid at. Who has other places to
 * go to first goes to them first; who has left is sent nowhere.
 */
#include "testlib/checks.h"
#include "testlib/day.h"
#include "testlib/facts.h"

#include <stdio.h>
#include <string.h>

struct house {
    struct sugu_day day;
    struct sugu_facts facts;
    struct sugu_test_client web;
    size_t heard_by_desk, heard_by_kiosk;
};

static void
admin(struct house *house, const char *const *words)
{
    sugu_hospital_admin(&house->day.hospital, 0, NULL, words);
}

static void
house_init(struct house *house)
{
    memset(house, 0, sizeof *house);
    sugu_day_init(&house->day);
    sugu_facts_init(&house->facts, house->day.hospital.folder);
    admin(house, (const char *const[]){"department", "counter", "会計", "K", "billing", NULL});
    admin(house, (const char *const[]){"desk", "k1", "counter", NULL});
    sugu_test_client_init(&house->web, &house->day.hospital, "web-1", "web", "");
}

static void
house_done(struct house *house)
{
    sugu_test_client_done(&house->web);
    sugu_facts_done(&house->facts);
    sugu_day_done(&house->day);
}

static Sugu__Reply *
send_assist(struct house *house, Sugu__BillVerb verb)
{
    Sugu__AssistBill body = SUGU__ASSIST_BILL__INIT;

    body.bill = sugu_id_field(&house->day.bill);
    body.verb = verb;
    body.desk = (char *)"9";
    return sugu_test_client_call(&house->day.desk, SUGU__REQUEST__BODY_ASSIST_BILL, &body, NULL);
}

static void
assist(struct house *house, Sugu__BillVerb verb)
{
    sugu_day_expect_code(send_assist(house, verb), "");
}

/* Stages of the counter in this state. */
static int64_t
places(struct house *house, Sugu__StageState state)
{
    char sql[200];

    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM stage WHERE department = 'counter' AND state = %d "
             "AND reason = 'bill.to-counter'",
             (int)state);
    return sugu_facts_number(&house->facts, sql);
}

static void
expect_visit(struct house *house, Sugu__VisitState state)
{
    ck_assert_int_eq(sugu_facts_number(&house->facts, "SELECT state FROM visit"), (int64_t)state);
}

/* What the phone page gets. */
static void
expect_phone(struct house *house, bool is_at_counter, bool is_bill_ready)
{
    Sugu__GetPhonePages get = SUGU__GET_PHONE_PAGES__INIT;
    Sugu__PhoneToken token = SUGU__PHONE_TOKEN__INIT, *tokens[] = {&token};
    PGresult *row = PQexecParams(house->facts.connection, "SELECT token FROM visit", 0, NULL, NULL,
                                 NULL, NULL, /* resultFormat= */ 1);
    Sugu__Reply *reply;

    ck_assert_int_eq(PQntuples(row), 1);
    token.token =
        (ProtobufCBinaryData){(size_t)PQgetlength(row, 0, 0), (uint8_t *)PQgetvalue(row, 0, 0)};
    get.n_tokens = 1;
    get.tokens = tokens;
    reply = sugu_test_client_call(&house->web, SUGU__REQUEST__BODY_GET_PHONE_PAGES, &get, NULL);
    ck_assert(reply->phone_pages->pages[0]->is_found);
    ck_assert(reply->phone_pages->pages[0]->is_at_counter == is_at_counter);
    ck_assert(reply->phone_pages->pages[0]->is_bill_ready == is_bill_ready);
    sugu__reply__free_unpacked(reply, NULL);
    PQclear(row);
}

/* The kiosk, whose session is open, hears of the bill in this state. */
static void
expect_kiosk(struct house *house, Sugu__BillState state)
{
    const Sugu__Event *event = sugu_test_client_event(
        &house->day.kiosk, SUGU__EVENT__BODY_BILL_CHANGED, &house->heard_by_kiosk);

    while (event->bill_changed->state != state)
        event = sugu_test_client_event(&house->day.kiosk, SUGU__EVENT__BODY_BILL_CHANGED,
                                       &house->heard_by_kiosk);
}

static void
expect_call(struct house *house)
{
    const Sugu__Event *event = sugu_test_client_event(
        &house->day.desk, SUGU__EVENT__BODY_HELP_WANTED, &house->heard_by_desk);

    ck_assert_str_eq(event->help_wanted->reason, "bill.to-counter");
    ck_assert_str_eq(event->help_wanted->number, "B-001");
}

START_TEST(with_the_bill_goes_the_person_there_and_back)
{
    struct house house;

    house_init(&house);
    sugu_day_until_billed(&house.day);
    assist(&house, SUGU__BILL_VERB__TO_COUNTER);
    expect_call(&house);
    expect_kiosk(&house, SUGU__BILL_STATE__BILL_TO_COUNTER);
    ck_assert_int_eq(places(&house, SUGU__STAGE_STATE__STAGE_WAITING), 1);
    expect_visit(&house, SUGU__VISIT_STATE__VISIT_IN_STAGES);
    expect_phone(&house, /* is_at_counter= */ true, /* is_bill_ready= */ false);
    sugu_day_expect_code(sugu_day_send_begin_payment(&house.day, 1, 870), "bill.not-allowed");
    sugu_day_expect_code(sugu_day_send_move(&house.day, "9", SUGU__TICKET_VERB__UNDO, "B-001"),
                         "ticket.undo-too-late");
    assist(&house, SUGU__BILL_VERB__OFFER_AGAIN);
    expect_kiosk(&house, SUGU__BILL_STATE__BILL_ANNOUNCED);
    ck_assert_int_eq(places(&house, SUGU__STAGE_STATE__STAGE_DROPPED), 1);
    expect_visit(&house, SUGU__VISIT_STATE__VISIT_BILLED);
    expect_phone(&house, /* is_at_counter= */ false, /* is_bill_ready= */ true);
    sugu_day_pay(&house.day, 1, 870);
    sugu_day_close(&house.day, SUGU__VISIT_STATE__VISIT_LEFT);
    ck_assert_int_eq(
        sugu_facts_number(&house.facts, "SELECT count(*) FROM audit WHERE detail = '9'"), 2);
    /* Whoever has left is not waited for. */
    assist(&house, SUGU__BILL_VERB__TO_COUNTER);
    ck_assert_int_eq(places(&house, SUGU__STAGE_STATE__STAGE_WAITING), 0);
    expect_visit(&house, SUGU__VISIT_STATE__VISIT_LEFT);
    house_done(&house);
}
END_TEST

START_TEST(who_is_at_the_counter_when_the_bill_goes_back_is_done_there)
{
    struct house house;

    house_init(&house);
    sugu_day_until_billed(&house.day);
    assist(&house, SUGU__BILL_VERB__TO_COUNTER);
    sugu_day_expect_code(sugu_day_send_move(&house.day, "k1", SUGU__TICKET_VERB__CALL_NEXT, ""),
                         "");
    sugu_day_expect_code(sugu_day_send_move(&house.day, "k1", SUGU__TICKET_VERB__PRESENT, "B-001"),
                         "");
    /* Pressed once more: it is there already. */
    sugu_day_expect_code(send_assist(&house, SUGU__BILL_VERB__TO_COUNTER), "bill.not-allowed");
    assist(&house, SUGU__BILL_VERB__OFFER_AGAIN);
    ck_assert_int_eq(places(&house, SUGU__STAGE_STATE__STAGE_DONE), 1);
    expect_visit(&house, SUGU__VISIT_STATE__VISIT_BILLED);
    sugu_day_pay(&house.day, 1, 870);
    house_done(&house);
}
END_TEST

/* What a kiosk gets that the patient comes to later; it is printed anew with the plan. */
static void
expect_plan(struct house *house, const char *expected)
{
    Sugu__FindVisit find = SUGU__FIND_VISIT__INIT;
    Sugu__Reply *replies[2];

    house->day.session = sugu_test_id();
    find.number = (char *)"B-001";
    replies[0] = sugu_day_send_open(&house->day, 1123);
    replies[1] =
        sugu_test_client_call(&house->day.desk, SUGU__REQUEST__BODY_FIND_VISIT, &find, NULL);
    for (int i = 0; i < 2; i++) {
        const Sugu__Ticket *ticket =
            i == 0 ? replies[i]->session_opened->ticket : replies[i]->visit_found->ticket;
        char text[200] = "";
        for (size_t j = 0; j < ticket->n_stages; j++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s:%d ",
                     ticket->stages[j]->department, ticket->stages[j]->state);
        ck_assert_str_eq(text, expected);
        sugu__reply__free_unpacked(replies[i], NULL);
    }
}

/* The bill came while the patient was still to be seen. */
START_TEST(who_has_other_places_to_go_to_first_goes_to_them_first)
{
    struct house house;

    house_init(&house);
    sugu_day_open_session(&house.day);
    sugu_day_verify_insurance(&house.day, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    sugu_day_check_in(&house.day, "B-001");
    sugu_day_record_acts(&house.day, "111000110");
    sugu_day_bill_arrives(&house.day, 1, 291, 870);
    assist(&house, SUGU__BILL_VERB__TO_COUNTER);
    ck_assert_int_eq(places(&house, SUGU__STAGE_STATE__STAGE_PLANNED), 1);
    expect_plan(&house, "eye:0 counter:7 ");
    sugu_day_expect_code(sugu_day_send_move(&house.day, "k1", SUGU__TICKET_VERB__CALL_NEXT, ""),
                         "ticket.none-waiting");
    sugu_day_expect_code(sugu_day_send_move(&house.day, "2", SUGU__TICKET_VERB__CALL_NEXT, ""), "");
    sugu_day_expect_code(sugu_day_send_move(&house.day, "2", SUGU__TICKET_VERB__FINISH, "B-001"),
                         "");
    ck_assert_int_eq(places(&house, SUGU__STAGE_STATE__STAGE_WAITING), 1);
    sugu_day_expect_code(sugu_day_send_move(&house.day, "k1", SUGU__TICKET_VERB__CALL_NEXT, ""),
                         "");
    house_done(&house);
}
END_TEST

/* What was paid counts: the rest is offered at once, and the staff know. */
START_TEST(who_has_paid_and_gets_a_larger_bill_pays_the_rest)
{
    struct house house;

    house_init(&house);
    sugu_day_until_billed(&house.day);
    sugu_day_pay(&house.day, 1, 870);
    sugu_day_record_acts(&house.day, "111000110");
    sugu_day_expect_code(sugu_day_send_announce(&house.day, 2, 2 * 291, SUGU_DAY_YEN), "");
    expect_kiosk(&house, SUGU__BILL_STATE__BILL_REVISED);
    ck_assert_int_eq(
        sugu_facts_number(&house.facts, "SELECT count(*) FROM help WHERE reason = 'bill.revised'"),
        1);
    expect_phone(&house, /* is_at_counter= */ false, /* is_bill_ready= */ true);
    sugu_day_expect_code(sugu_day_send_begin_payment(&house.day, 2, SUGU_DAY_YEN),
                         "payment.amount");
    sugu_day_expect_code(sugu_day_send_begin_payment(&house.day, 2, SUGU_DAY_YEN - 870), "");
    sugu_day_expect_code(sugu_day_send_end_payment(
                             &house.day, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, SUGU_DAY_YEN - 870),
                         "");
    expect_kiosk(&house, SUGU__BILL_STATE__BILL_SETTLED);
    house_done(&house);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("counter",
                       60,
                       with_the_bill_goes_the_person_there_and_back,
                       who_is_at_the_counter_when_the_bill_goes_back_is_done_there,
                       who_has_other_places_to_go_to_first_goes_to_them_first,
                       who_has_paid_and_gets_a_larger_bill_pays_the_rest)
