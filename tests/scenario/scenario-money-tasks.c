/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-money-tasks - what waits for a person because of money, and what ends it: the real
 * server, the test as desk, kiosk and payment programs; the real sugu-fee where it has to hear
 *
 * Every task is a state of the books: it comes with them and goes with them, whatever a desk closes
 * or forgets.
 */
#include "base/files.h"
#include "base/text.h"
#include "scenario/fee-gateway.h"
#include "scenario/on-file-world.h"
#include "testlib/checks.h"
#include "testlib/process.h"
#include "testlib/sql.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAYMENT   SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT
#define HOLD      SUGU__ATTEMPT_KIND__ATTEMPT_HOLD
#define RELEASE   SUGU__ATTEMPT_KIND__ATTEMPT_RELEASE
#define FORGET    SUGU__ATTEMPT_KIND__ATTEMPT_FORGET
#define HELD      SUGU__ATTEMPT_STATE__ATTEMPT_HELD
#define APPROVED  SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED
#define DECLINED  SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED
#define ANNOUNCED SUGU__BILL_STATE__BILL_ANNOUNCED
#define SETTLED   SUGU__BILL_STATE__BILL_SETTLED
#define CASH      SUGU__PAYMENT_METHOD__METHOD_CASH
#define BILL_YEN  870

/* ---- the desk */

/* "code number yen; …", the oldest first. */
static void
tasks_are(struct till *till, const char *expected)
{
    Sugu__GetMoneyTasks get = SUGU__GET_MONEY_TASKS__INIT;
    Sugu__Reply *reply =
        ward_call_as(&till->day.desk, &till->clerk, SUGU__REQUEST__BODY_GET_MONEY_TASKS, &get);
    char said[600] = "";
    size_t length = 0;

    ck_assert_str_eq(reply->code, "");
    ck_assert(!reply->money_tasks->has_more);
    for (size_t i = 0; i < reply->money_tasks->n_tasks; i++) {
        const Sugu__MoneyTask *task = reply->money_tasks->tasks[i];
        length += (size_t)snprintf(said + length, sizeof said - length, "%s%s %s %ld%s",
                                   i ? "; " : "", task->code, task->number, (long)task->yen,
                                   task->is_earlier ? " earlier" : "");
        ck_assert_int_gt(task->since_utc_us, 0);
        ck_assert_uint_eq(task->visit.len, SUGU_ID_SIZE);
        ck_assert_str_eq(task->patient_number, "0002");
    }
    ck_assert_str_eq(said, expected);
    sugu__reply__free_unpacked(reply, NULL);
}

static void
pay_change(struct till *till, int64_t yen, const char *code)
{
    Sugu__PayChange body = SUGU__PAY_CHANGE__INIT;

    body.bill = sugu_id_field(&till->day.bill);
    body.amount_yen = yen;
    body.note = (char *)"slip 3";
    body.desk = (char *)"9";
    sugu_day_expect_code(
        ward_call_as(&till->day.desk, &till->clerk, SUGU__REQUEST__BODY_PAY_CHANGE, &body), code);
}

static void
change_card(struct cards *cards,
            const struct sugu_id *who,
            Sugu__CardVerb verb,
            const char *reason,
            const char *code)
{
    Sugu__ChangeCard body = SUGU__CHANGE_CARD__INIT;

    body.card = sugu_id_field(&cards->card);
    body.verb = verb;
    body.reason = (char *)reason;
    body.desk = (char *)"9";
    sugu_day_expect_code(
        ward_call_as(&cards->till.day.desk, who, SUGU__REQUEST__BODY_CHANGE_CARD, &body), code);
}

/* The bills that a desk finds of the person; the last one's visit in ret_visit. */
static size_t
find_bills(struct till *till, struct sugu_id *ret_visit, int64_t *ret_due, bool *ret_is_earlier)
{
    Sugu__GetPatientBills get = SUGU__GET_PATIENT_BILLS__INIT;
    struct sugu_id patient;
    Sugu__Reply *reply;
    size_t count;

    ck_assert(sugu_id_from_text(sugu_sql_text(till->facts.connection,
                                              "SELECT patient::text FROM patient WHERE "
                                              "number = '0002'"),
                                &patient));
    get.patient = sugu_id_field(&patient);
    reply =
        ward_call_as(&till->day.desk, &till->clerk, SUGU__REQUEST__BODY_GET_PATIENT_BILLS, &get);
    ck_assert_str_eq(reply->code, "");
    count = reply->patient_bills->n_bills;
    if (count > 0) {
        const Sugu__PatientBill *bill = reply->patient_bills->bills[count - 1];
        *ret_visit = sugu_id_of(&bill->visit);
        *ret_due = bill->due_yen;
        *ret_is_earlier = bill->is_earlier;
    }
    sugu__reply__free_unpacked(reply, NULL);
    return count;
}

/* A visit of any day, by its id: its bill. */
static void
find_visit(struct till *till, const struct sugu_id *visit, Sugu__BillState state)
{
    Sugu__FindVisit find = SUGU__FIND_VISIT__INIT;
    struct sugu_id bill;
    Sugu__Reply *reply;

    find.visit = sugu_id_field(visit);
    reply = ward_call_as(&till->day.desk, &till->clerk, SUGU__REQUEST__BODY_FIND_VISIT, &find);
    ck_assert_str_eq(reply->code, "");
    ck_assert_int_eq(reply->visit_found->bill->state, state);
    ck_assert_str_eq(reply->visit_found->patient_number, "0002");
    bill = sugu_id_of(&reply->visit_found->bill->bill);
    ck_assert(sugu_id_equal(&bill, &till->day.bill));
    sugu__reply__free_unpacked(reply, NULL);
}

/* ---- the payment program */

/* 1,000 yen in, only so much out. */
static void
pay_note(struct till *till, uint32_t tens_out, int64_t owed, const char *code)
{
    Sugu__EndPayment body = SUGU__END_PAYMENT__INIT;
    Sugu__CashCount counts[] = {SUGU__CASH_COUNT__INIT, SUGU__CASH_COUNT__INIT};
    Sugu__CashCount *list[] = {&counts[0], &counts[1]};

    till_begin(till, PAYMENT, CASH, BILL_YEN, "");
    counts[0].unit_yen = 1000;
    counts[0].pieces_in = 1;
    counts[1].unit_yen = 10;
    counts[1].pieces_out = tens_out;
    body.attempt = sugu_id_field(&till->day.attempt);
    body.state = APPROVED;
    body.approved_yen = BILL_YEN;
    body.terminal = (char *)"kiosk-1";
    body.cash = list;
    body.n_cash = 2;
    body.owed_yen = owed;
    sugu_day_expect_code(
        sugu_test_client_call(&till->day.payment, SUGU__REQUEST__BODY_END_PAYMENT, &body, NULL),
        code);
}

/* ---- tasks */

START_TEST(what_is_held_waits_until_a_person_found_out)
{
    struct till till;
    struct sugu_id attempt;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    tasks_are(&till, "");
    till_begin(&till, PAYMENT, CARD, BILL_YEN, "");
    till_end(&till, SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN, 0, "");
    tasks_are(&till, "payment.no-answer B-001 870");
    till_end(&till, HELD, 0, "");
    tasks_are(&till, "payment.held B-001 870"); /* and not the counter, too */
    attempt = till.day.attempt;
    till_resolve(&till, &till.boss, &attempt, DECLINED, 0, "");
    tasks_are(&till, "bill.to-counter B-001 870");
    till_settle(&till, BILL_YEN, SUGU__DESK_MONEY__DESK_CASH, "");
    tasks_are(&till, "");
    till_done(&till);
}
END_TEST

START_TEST(change_is_owed_until_it_is_handed_over)
{
    struct till till;

    till_init(&till);
    sugu_hospital_admin(&till.day.hospital, 0, NULL,
                        (const char *const[]){"fill-cash", "kiosk-1", "bag-1", "10*50", NULL});
    sugu_day_until_billed(&till.day);
    pay_note(&till, 11, 20, "");
    till_desk_hears(&till, "cash.change-owed");
    tasks_are(&till, "cash.change-owed B-001 20");
    pay_change(&till, 21, "payment.amount");
    pay_change(&till, 15, "");
    tasks_are(&till, "cash.change-owed B-001 5");
    pay_change(&till, 5, "");
    tasks_are(&till, "");
    pay_change(&till, 1, "payment.amount");
    till_books_say(&till, "cash 890 cash-desk -20 cash-float 500 cash-in-transit -500 "
                          "revenue-clearing -870");
    ck_assert_int_eq(till_count(&till, "audit WHERE verb = 'pay-change' AND detail = 'slip 3'"), 2);
    till_done(&till);
}
END_TEST

START_TEST(what_was_paid_too_much_waits_until_it_is_back)
{
    struct till till;
    struct sugu_id paid, refund;

    till_init(&till);
    till_set_money(&till, "0", "300");
    sugu_day_until_billed(&till.day);
    paid = till_pay(&till, CARD, BILL_YEN);
    till_announce(&till, 2, 500);
    tasks_are(&till, "bill.overpaid B-001 370");
    refund = till_order_refund(&till, &till.boss, &paid, ORDER(370, OVERPAID, WAITING, ""));
    tasks_are(&till, "refund.waiting B-001 370");
    till_decide(&till, &till.other, &refund, true, ORDERED, "");
    tasks_are(&till, "refund.ordered B-001 370");
    till_carry_out(&till, &refund, 370, DECLINED, "");
    tasks_are(&till, "refund.failed B-001 370");
    refund = till_order_refund(&till, &till.clerk, &paid, ORDER(300, OVERPAID, ORDERED, ""));
    till_carry_out(&till, &refund, 300, APPROVED, "");
    tasks_are(&till, "bill.overpaid B-001 70");
    refund = till_order_refund(&till, &till.clerk, &paid, ORDER(70, OVERPAID, ORDERED, ""));
    till_carry_out(&till, &refund, 70, APPROVED, "");
    tasks_are(&till, "");
    till_bill_is(&till, SETTLED, 500, 500);
    till_done(&till);
}
END_TEST

/* Nothing is owed by the bill; the money that was promised is still here. */
START_TEST(a_correction_that_did_not_go_back_waits_for_another)
{
    struct till till;
    struct sugu_id paid, refund;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    paid = till_pay(&till, CARD, BILL_YEN);
    refund = till_order_refund(&till, &till.clerk, &paid, ORDER(300, CORRECTION, ORDERED, ""));
    till_carry_out(&till, &refund, 300, DECLINED, "");
    till_bill_is(&till, SETTLED, BILL_YEN, BILL_YEN);
    tasks_are(&till, "refund.failed B-001 300");
    refund = till_order_refund(&till, &till.clerk, &paid, ORDER(300, CORRECTION, ORDERED, ""));
    tasks_are(&till, "");
    till_carry_out(&till, &refund, 300, APPROVED, "");
    tasks_are(&till, "");
    till_done(&till);
}
END_TEST

/* The card is dead, say. However little it is, nobody hands out cash for a card alone. */
START_TEST(what_cannot_go_back_is_handed_over_when_two_agree)
{
    struct till till;
    struct sugu_id paid, refund;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    paid = till_pay(&till, CARD, BILL_YEN);
    till_order_refund(&till, &till.boss, &paid,
                      ORDER(BILL_YEN, VOID, REFUSED, "refund.not-tried", true));
    refund = till_order_refund(&till, &till.clerk, &paid, ORDER(BILL_YEN, VOID, ORDERED, ""));
    till_carry_out(&till, &refund, BILL_YEN, DECLINED, "");
    till_order_refund(&till, &till.boss, &paid,
                      ORDER(BILL_YEN + 1, VOID, REFUSED, "refund.too-much", true));
    refund = till_order_refund(&till, &till.boss, &paid, ORDER(BILL_YEN, VOID, WAITING, "", true));
    tasks_are(&till, "refund.waiting B-001 870");
    till_open_work_is(&till, 0, 0);
    till_books_say(&till, "card-clearing 870 revenue-clearing -870");
    till_decide(&till, &till.boss, &refund, true, REFUSED, "refund.second-person");
    till_decide(&till, &till.other, &refund, true, DONE, "");
    till_bill_is(&till, ANNOUNCED, BILL_YEN, 0);
    till_open_work_is(&till, 0, 0);
    tasks_are(&till, "");
    till_books_say(&till, "card-clearing 870 cash-desk -870 receivable 870 revenue-clearing -870");
    till_order_refund(&till, &till.boss, &paid,
                      ORDER(1, CORRECTION, REFUSED, "refund.too-much", true));
    till_done(&till);
}
END_TEST

/* ---- another day */

START_TEST(a_bill_of_an_earlier_day_is_found_paid_and_given_back)
{
    struct cards cards;
    struct till *till = &cards.till;
    struct sugu_id visit, seen = {{0}}, paid, refund;
    bool is_earlier = false;
    int64_t due = 0;

    cards_init(&cards, "0");
    cards_check_in(&cards, "B-001");
    cards_announce(&cards, 1, BILL_YEN);
    visit = till->day.visit;
    cards_days_pass(&cards, 2);
    ck_assert_uint_eq(find_bills(till, &seen, &due, &is_earlier), 1);
    ck_assert(sugu_id_equal(&seen, &visit));
    ck_assert(!is_earlier); /* who has money open goes over to the next day with the number */
    ck_assert_int_eq(due, BILL_YEN);
    find_visit(till, &visit, ANNOUNCED);
    till->revision = 1;
    till_settle(till, BILL_YEN, SUGU__DESK_MONEY__DESK_CASH, "");
    find_visit(till, &visit, SETTLED);
    paid = till_bill_is(till, SETTLED, BILL_YEN, BILL_YEN);
    ck_assert_uint_eq(find_bills(till, &seen, &due, &is_earlier), 1); /* it can go back */
    ck_assert_int_eq(due, 0);
    cards_days_pass(&cards, 100);
    ck_assert_uint_eq(find_bills(till, &seen, &due, &is_earlier), 1);
    ck_assert(is_earlier);
    find_visit(till, &visit, SETTLED);
    refund = till_order_refund(till, &till->clerk, &paid, ORDER(300, VOID, DONE, ""));
    (void)refund;
    till_bill_is(till, ANNOUNCED, BILL_YEN, 570);
    /* The fee side books it on the day of the refund; that of the visit is closed. */
    ck_assert_int_eq(till_count(till, "posting_change c, visit v WHERE c.day > v.day + 99"), 1);
    ck_assert_uint_eq(find_bills(till, &seen, &due, &is_earlier), 1);
    ck_assert_int_eq(due, 300);
    till_settle(till, 300, SUGU__DESK_MONEY__DESK_CASH, "");
    cards_days_pass(&cards, 200); /* nothing is open, and nothing can go back any more */
    ck_assert_uint_eq(find_bills(till, &seen, &due, &is_earlier), 0);
    till_books_say(till, "cash-desk 870 revenue-clearing -870");
    cards_done(&cards);
}
END_TEST

/* ---- a card on file at the desk */

START_TEST(a_card_is_stopped_released_and_ended_at_the_desk)
{
    struct cards cards;
    struct till *till = &cards.till;

    cards_init(&cards, "0");
    cards_have_card(&cards);
    change_card(&cards, &till->clerk, SUGU__CARD_VERB__CARD_SUSPEND, "", "payment.reason-needed");
    change_card(&cards, &till->clerk, SUGU__CARD_VERB__CARD_SUSPEND, "asked by phone", "");
    cards_session_says(&cards, SUGU__CARD_ON_FILE_STATE__ON_FILE_SUSPENDED, "later.suspended");
    ck_assert_int_eq(till_count(till, "audit WHERE verb = 'suspend-card' AND detail = "
                                      "'asked by phone' AND staff <> ''"),
                     1);
    change_card(&cards, &till->clerk, SUGU__CARD_VERB__CARD_SUSPEND, "again", "later.not-allowed");
    change_card(&cards, &till->clerk, SUGU__CARD_VERB__CARD_RELEASE, "x", "staff.not-allowed");
    change_card(&cards, &till->boss, SUGU__CARD_VERB__CARD_RELEASE, "nothing is owed", "");
    cards_session_says(&cards, SUGU__CARD_ON_FILE_STATE__ON_FILE_ACTIVE, "");
    change_card(&cards, &till->clerk, SUGU__CARD_VERB__CARD_END, "taken back by letter", "");
    cards_session_says(&cards, SUGU__CARD_ON_FILE_STATE__ON_FILE_NONE, "");
    change_card(&cards, &till->clerk, SUGU__CARD_VERB__CARD_END, "again", "later.not-allowed");
    cards_done(&cards);
}
END_TEST

/* Another card that was consented to and never registered: the one in force pays the visit. */
START_TEST(a_card_that_was_only_offered_ends_alone)
{
    struct cards cards;
    struct till *till = &cards.till;

    cards_init_held(&cards, 0);
    cards_come(&cards);
    cards_consent(&cards, CARDS_CEILING, "");
    change_card(&cards, &till->clerk, SUGU__CARD_VERB__CARD_END, "changed her mind", "");
    ck_assert_int_eq(till_count(till, "card_on_file WHERE state = 1"), 1);
    ck_assert_int_eq(till_count(till, "dues JOIN card_on_file USING (facility, card) "
                                      "WHERE dues.state = 0 AND card_on_file.state = 1"),
                     1);
    cards_done(&cards);
}
END_TEST

START_TEST(a_token_stays_until_its_provider_has_forgotten_it)
{
    struct cards cards;
    struct till *till = &cards.till;
    const Sugu__PaymentOrder *order;

    cards_init(&cards, "0");
    cards_have_card(&cards);
    cards_use(&cards, false, true, "", "");
    ck_assert_int_eq(till_count(till, "card_on_file WHERE state = 3 AND token <> ''"), 1);
    order = cards_hears(&cards, FORGET, 0);
    ck_assert_str_eq(order->token, "tok-1");
    ck_assert_uint_gt(strlen(order->payer), 3);
    cards_end(&cards, DECLINED, SUGU__DECLINE__NOT_DECLINED, 0);
    ck_assert_int_eq(till_count(till, "card_on_file WHERE state = 3 AND token <> ''"), 1);
    cards_days_pass(&cards, 1);
    order = cards_hears(&cards, FORGET, 0); /* once more */
    ck_assert_str_eq(order->token, "tok-1");
    cards_end(&cards, HELD, SUGU__DECLINE__NOT_DECLINED, 0); /* its journal was lost, say */
    tasks_are(till, "");
    cards_days_pass(&cards, 2);
    order = cards_hears(&cards, FORGET, 0);
    ck_assert_str_eq(order->token, "tok-1");
    cards_end(&cards, SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN, SUGU__DECLINE__NOT_DECLINED, 0);
    tasks_are(till, ""); /* the program goes on asking, for days */
    sugu_sql_run(till->facts.connection, "UPDATE attempt SET begun_at = begun_at - interval "
                                         "'40 days' WHERE kind = 'forget' AND state = 4");
    sugu_hospital_admin(&till->day.hospital, 0, NULL, (const char *const[]){"check-ledger", NULL});
    cards_approve(&cards, 0);
    ck_assert_int_eq(till_count(till, "card_on_file WHERE token <> ''"), 0);
    cards_open_work_is(&cards, 0, 0);
    cards_done(&cards);
}
END_TEST

/* A hold of another visit, say, which nothing is to be charged to any more. */
START_TEST(an_ended_card_lets_go_what_it_holds_before_it_is_forgotten)
{
    struct cards cards;
    struct till *till = &cards.till;

    cards_init_held(&cards, 3000);
    sugu_sql_run(till->facts.connection, "UPDATE dues SET state = 3, hold = NULL");
    change_card(&cards, &till->clerk, SUGU__CARD_VERB__CARD_END, "changed her mind", "");
    cards_hears(&cards, RELEASE, 3000);
    cards_approve(&cards, 0);
    cards_hears(&cards, FORGET, 0);
    cards_approve(&cards, 0);
    ck_assert_int_eq(till_count(till, "card_on_file WHERE token <> ''"), 0);
    cards_open_work_is(&cards, 0, 0);
    cards_done(&cards);
}
END_TEST

/* Ended while it lay in the terminal: the provider has made a token all the same. */
START_TEST(a_token_that_comes_when_its_card_has_ended_is_forgotten)
{
    struct cards cards;
    struct till *till = &cards.till;

    cards_init(&cards, "0");
    cards_consent(&cards, CARDS_CEILING, "");
    cards_begin_register(&cards);
    change_card(&cards, &till->clerk, SUGU__CARD_VERB__CARD_END, "changed her mind", "");
    cards_end_register(&cards, SUGU__CARD_FUNDING__FUNDING_CREDIT, 203012);
    ck_assert_int_eq(till_count(till, "card_on_file WHERE state = 3 AND token = 'tok-1'"), 1);
    cards_hears(&cards, FORGET, 0);
    cards_approve(&cards, 0);
    ck_assert_int_eq(till_count(till, "card_on_file WHERE token <> ''"), 0);
    cards_done(&cards);
}
END_TEST

/* The program was away when the charge was ordered. */
START_TEST(a_charge_that_nobody_took_up_finds_no_token_of_an_ended_card)
{
    struct cards cards;
    struct till *till = &cards.till;
    Sugu__GetOpenWork get = SUGU__GET_OPEN_WORK__INIT;
    Sugu__BeginPayment begin = SUGU__BEGIN_PAYMENT__INIT;
    Sugu__Reply *reply, *begun;

    cards_init_held(&cards, 0);
    cards_announce(&cards, 1, BILL_YEN);
    change_card(&cards, &till->clerk, SUGU__CARD_VERB__CARD_END, "changed her mind", "");
    reply = sugu_test_client_call(&cards.keeper, SUGU__REQUEST__BODY_GET_OPEN_WORK, &get, NULL);
    ck_assert_uint_eq(reply->open_work->n_payments, 1);
    ck_assert_int_eq(reply->open_work->payments[0]->order->kind, PAYMENT);
    ck_assert_str_eq(reply->open_work->payments[0]->order->token, "");
    /* The event that said it with the token comes late: it is taken up, and called off. */
    begin.attempt = reply->open_work->payments[0]->attempt;
    begin.bill = reply->open_work->payments[0]->order->bill;
    begin.revision = 1;
    begin.method = SUGU__PAYMENT_METHOD__METHOD_ON_FILE;
    begin.amount_yen = BILL_YEN;
    begun = sugu_test_client_call(&cards.keeper, SUGU__REQUEST__BODY_BEGIN_PAYMENT, &begin, NULL);
    ck_assert(begun->payment_begun->is_called_off);
    sugu__reply__free_unpacked(begun, NULL);
    sugu__reply__free_unpacked(reply, NULL);
    cards_done(&cards);
}
END_TEST

START_TEST(a_card_that_ended_while_it_was_charged_is_not_tried_again)
{
    struct cards cards;
    struct till *till = &cards.till;

    cards_init_held(&cards, 0);
    cards_announce(&cards, 1, BILL_YEN);
    cards_hears(&cards, PAYMENT, BILL_YEN);
    change_card(&cards, &till->clerk, SUGU__CARD_VERB__CARD_END, "changed her mind", "");
    cards_decline(&cards, SUGU__DECLINE__DECLINE_SOFT);
    tasks_are(till, "later.declined B-001 870");
    ck_assert_int_eq(till_count(till, "dues WHERE state = 3 AND next_day IS NULL"), 1);
    cards_hears(&cards, FORGET, 0); /* nobody is at it any more */
    cards_approve(&cards, 0);
    cards_done(&cards);
}
END_TEST

START_TEST(a_card_that_did_not_pay_is_a_task_until_the_bill_is_paid)
{
    struct cards cards;
    struct till *till = &cards.till;

    cards_init_held(&cards, 0);
    cards_announce(&cards, 1, BILL_YEN);
    cards_hears(&cards, PAYMENT, BILL_YEN);
    tasks_are(till, "");
    cards_decline(&cards, SUGU__DECLINE__DECLINE_HARD);
    tasks_are(till, "later.declined B-001 870; later.suspended B-001 0");
    till->revision = 1;
    till_settle(till, BILL_YEN, SUGU__DESK_MONEY__DESK_CARD, "");
    tasks_are(till, "later.suspended B-001 0");
    change_card(&cards, &till->boss, SUGU__CARD_VERB__CARD_RELEASE, "another limit", "");
    tasks_are(till, "");
    cards_done(&cards);
}
END_TEST

/* ---- the fee side */

static void
fee_hears(struct till *till, bool is_back, int64_t yen, int64_t kept)
{
    const Sugu__PostingChange *change =
        sugu_test_client_event(&till->day.fee, SUGU__EVENT__BODY_POSTING_CHANGED, &till->fee_from)
            ->posting_changed;

    ck_assert_int_eq(change->is_back, is_back);
    ck_assert_int_eq(change->amount_yen, yen);
    ck_assert_int_eq(change->kept_yen, kept);
    ck_assert_uint_eq(change->revision, till->revision);
}

/* Σ of amount-yen over the files of changes; how many they are. */
static size_t
sum_changes(const char *folder, int64_t *ret_yen)
{
    DIR *files = opendir(folder);
    struct dirent *entry;
    size_t count = 0;

    ck_assert_ptr_nonnull(files);
    *ret_yen = 0;
    while ((entry = readdir(files))) {
        struct sugu_error error;
        char path[700];
        uint8_t *bytes;
        size_t size;
        const char *amount;
        if (!strstr(entry->d_name, ".change"))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        sugu_assert_ok(sugu_file_read(path, 4096, &bytes, &size, &error), error);
        amount = strstr((char *)bytes, "amount-yen ");
        ck_assert_ptr_nonnull(amount);
        *ret_yen += strtol(amount + 11, NULL, 10);
        free(bytes);
        count++;
    }
    closedir(files);
    return count;
}

/* The file of the revision says so: what came after it was settled changes no word of it. */
static void
check_posting(const struct till *till, const char *folder, const char *says)
{
    char path[700], id[SUGU_ID_TEXT_SIZE], day[16];
    struct sugu_error error;
    uint8_t *bytes;
    size_t size;

    sugu_text_copy(day, sizeof day,
                   sugu_sql_text(till->facts.connection,
                                 "SELECT to_char(day, 'YYYYMMDD') FROM visit v JOIN bill b USING "
                                 "(facility, visit)"));
    snprintf(path, sizeof path, "%s/%s-%s-r1.posting", folder, day,
             sugu_id_to_text(&till->day.bill, id));
    sugu_assert_ok(sugu_file_read(path, 4096, &bytes, &size, &error), error);
    ck_assert_ptr_nonnull(strstr((char *)bytes, says));
    free(bytes);
}

static void
await_posted(struct till *till)
{
    sugu_time_us begin = sugu_clock_system()->monotonic_us(sugu_clock_system());

    while (till_count(till, "posting_change WHERE posted_at IS NULL") > 0) {
        ck_assert_msg(sugu_clock_system()->monotonic_us(sugu_clock_system()) - begin <
                          60 * SUGU_SECOND,
                      "the fee side did not confirm");
        sugu_test_client_run(&till->day.desk, 100 * SUGU_MS);
    }
}

START_TEST(the_fee_side_hears_of_what_goes_back_and_comes_again)
{
    struct till till;
    struct sugu_process fee;
    struct sugu_id paid, refund;
    char postings[300];
    int64_t yen;

    till_init(&till);
    sugu_hospital_add_client(&till.day.hospital, "fee-1", "fee", "");
    sugu_day_until_billed(&till.day);
    paid = till_pay(&till, CARD, BILL_YEN);
    till_fee_posts(&till, 1, BILL_YEN);
    refund = till_order_refund(&till, &till.clerk, &paid, ORDER(BILL_YEN, VOID, ORDERED, ""));
    till_carry_out(&till, &refund, BILL_YEN, APPROVED, "");
    fee_hears(&till, true, BILL_YEN, 0);
    till_settle(&till, 300, SUGU__DESK_MONEY__DESK_CASH, "");
    fee_hears(&till, false, 300, 300);
    paid = till_pay(&till, CARD, 570);
    fee_hears(&till, false, 570, BILL_YEN);
    till_fee_posts_no_more(&till); /* of this revision once */
    refund = till_order_refund(&till, &till.clerk, &paid, ORDER(100, CORRECTION, ORDERED, ""));
    till_carry_out(&till, &refund, 100, APPROVED, "");
    fee_hears(&till, true, 100, 770);
    ck_assert_int_eq(till_count(&till, "posting_change WHERE posted_at IS NULL"), 4);

    fee_gateway_postings(&till.day.hospital, postings);
    fee_gateway_start(&till.day.hospital, &fee); /* from the store: it heard none of the events */
    await_posted(&till);
    check_posting(&till, postings, "method card\n"); /* as it was told first */
    ck_assert_uint_eq(sum_changes(postings, &yen), 4);
    ck_assert_int_eq(yen, -100);
    ck_assert_int_eq(sugu_process_end(&fee, SIGTERM), 0);

    refund = till_order_refund(&till, &till.clerk, &paid, ORDER(70, CORRECTION, ORDERED, ""));
    till_carry_out(&till, &refund, 70, APPROVED, "");
    fee_gateway_start(&till.day.hospital, &fee); /* what is posted is not posted again */
    await_posted(&till);
    ck_assert_uint_eq(sum_changes(postings, &yen), 5);
    ck_assert_int_eq(yen, -170);
    ck_assert_int_eq(sugu_process_end(&fee, SIGTERM), 0);
    till_done(&till);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("scenario-money-tasks",
                       250,
                       what_is_held_waits_until_a_person_found_out,
                       change_is_owed_until_it_is_handed_over,
                       what_was_paid_too_much_waits_until_it_is_back,
                       a_correction_that_did_not_go_back_waits_for_another,
                       what_cannot_go_back_is_handed_over_when_two_agree,
                       a_bill_of_an_earlier_day_is_found_paid_and_given_back,
                       a_card_is_stopped_released_and_ended_at_the_desk,
                       a_card_that_was_only_offered_ends_alone,
                       a_token_stays_until_its_provider_has_forgotten_it,
                       an_ended_card_lets_go_what_it_holds_before_it_is_forgotten,
                       a_token_that_comes_when_its_card_has_ended_is_forgotten,
                       a_charge_that_nobody_took_up_finds_no_token_of_an_ended_card,
                       a_card_that_ended_while_it_was_charged_is_not_tried_again,
                       a_card_that_did_not_pay_is_a_task_until_the_bill_is_paid,
                       the_fee_side_hears_of_what_goes_back_and_comes_again)
