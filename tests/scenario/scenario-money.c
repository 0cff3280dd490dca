/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-money - a bill's money from every side: the real server, the test is every other program
 *
 * Parts, revisions, refunds, deposits, desks, held payments, old bills. After each story the sums
 * of the ledger are those computed by hand, every invariant holds, and so does the hash chain.
 */
#include "scenario/money-world.h"
#include "testlib/checks.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define ANNOUNCED        SUGU__BILL_STATE__BILL_ANNOUNCED
#define SETTLED          SUGU__BILL_STATE__BILL_SETTLED
#define APPROVED         SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED
#define BEGIN(till, ...) till_begin(till, SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT, __VA_ARGS__)

/* ---- the stories */

START_TEST(a_bill_is_paid_in_parts_by_different_ways)
{
    struct till till;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    BEGIN(&till, CARD, 871, "payment.amount");
    BEGIN(&till, SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE, 0, "payment.amount");
    till_pay(&till, CARD, 300);
    till_bill_is(&till, ANNOUNCED, 870, 300);
    BEGIN(&till, CARD, 571, "payment.amount");
    sugu_day_expect_code(sugu_day_send_issue_receipt(&till.day), "bill.not-settled");
    BEGIN(&till, SUGU__PAYMENT_METHOD__METHOD_CODE, 570, "");
    BEGIN(&till, CARD, 100, "payment.open");
    till_settle(&till, 100, SUGU__DESK_MONEY__DESK_CASH, "payment.open");
    till_end(&till, APPROVED, 270, ""); /* less than was asked */
    till_bill_is(&till, ANNOUNCED, 870, 570);
    BEGIN(&till, CARD, 300, "");
    till_end(&till, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, 0, "");
    till_bill_is(&till, ANNOUNCED, 870, 570);
    till_pay_cash(&till, 3);
    till_bill_is(&till, SETTLED, 870, 870);
    till_fee_posts(&till, 1, 870);
    BEGIN(&till, CARD, 1, "payment.amount");
    till_receipt_is(&till, 1, 0, 3, 870, false);
    till_receipt_is(&till, 1, 1, 3, 870, false);
    till_fee_posts_no_more(&till);
    till_books_say(&till, "card-clearing 300 cash 300 code-clearing 270 revenue-clearing -870");
    till_done(&till);
}
END_TEST

START_TEST(what_a_revision_changes_is_due_or_given_back)
{
    struct till till;
    struct sugu_id first, refund;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    first = till_pay(&till, CARD, 870);
    till_fee_posts(&till, 1, 870);
    till_announce(&till, 2, 870);
    till_bill_is(&till, SETTLED, 870, 870);
    till_fee_posts(&till, 2, 870);
    till_announce(&till, 3, 1200);
    till_bill_is(&till, SUGU__BILL_STATE__BILL_REVISED, 1200, 870);
    till_books_say(&till, "card-clearing 870 receivable 330 revenue-clearing -1200");
    till_pay(&till, CARD, 330);
    till_fee_posts(&till, 3, 1200);
    till_announce(&till, 4, 900);
    till_bill_is(&till, SUGU__BILL_STATE__BILL_OVERPAID, 900, 1200);
    till_desk_hears(&till, "bill.overpaid");
    till_books_say(&till, "card-clearing 1200 refund-payable -300 revenue-clearing -900");
    till_order_refund(&till, &till.clerk, &first,
                      ORDER(301, OVERPAID, REFUSED, "refund.not-overpaid"));
    till_order_refund(&till, &till.clerk, &first, ORDER(871, OVERPAID, REFUSED, "refund.too-much"));
    till_order_refund(&till, &till.clerk, &first,
                      ORDER(100, CORRECTION, REFUSED, "bill.not-allowed"));
    till_order_refund(&till, &till.clerk, &first, ORDER(300, OVERPAID, ORDERED, ""));
    till_open_work_is(&till, 1, 1);
    sugu_day_expect_code(sugu_day_send_announce(&till.day, 5, 300, 900), "bill.in-payment");
    till_withdraw(&till, "bill.in-payment");
    till_order_refund(&till, &till.boss, &first, ORDER(10, OVERPAID, REFUSED, "payment.open"));
    refund = till_hears_order(&till, &first, 300);
    till_carry_out(&till, &refund, 300, SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN, "");
    till_open_work_is(&till, 1, 0);
    till_end(&till, APPROVED, 301, "payment.amount");
    till_end(&till, APPROVED, 300, "");
    till_open_work_is(&till, 0, 0);
    till_bill_is(&till, SETTLED, 900, 900);
    till_fee_posts(&till, 4, 900);
    till_receipt_is(&till, 1, 0, 2, 900, false);
    till_fee_posts_no_more(&till);
    till_books_say(&till, "card-clearing 900 revenue-clearing -900");
    till_done(&till);
}
END_TEST

START_TEST(above_the_limit_a_second_person_decides)
{
    struct till till;
    struct sugu_id paid, refund;

    till_init(&till);
    till_set_money(&till, "0", "500");
    sugu_day_until_billed(&till.day);
    paid = till_pay(&till, CARD, 870);
    till_fee_posts(&till, 1, 870);
    refund = till_order_refund(&till, &till.boss, &paid, ORDER(870, VOID, WAITING, ""));
    till_desk_hears(&till, "refund.waiting");
    till_order_refund(&till, &till.clerk, &paid, ORDER(1, VOID, REFUSED, "refund.too-much"));
    till_decide(&till, &till.clerk, &refund, true, REFUSED, "staff.not-allowed");
    till_decide(&till, &till.boss, &refund, true, REFUSED, "refund.second-person");
    till_decide(&till, NULL, &refund, true, REFUSED, "refund.second-person");
    till_decide(&till, &till.other, &refund, false, DENIED, "");
    till_decide(&till, &till.other, &refund, true, REFUSED, "payment.not-allowed");
    till_open_work_is(&till, 0, 0);

    refund = till_order_refund(&till, &till.boss, &paid, ORDER(870, VOID, WAITING, ""));
    till_decide(&till, &till.other, &refund, true, ORDERED, "");
    till_hears_order(&till, &paid, 870);
    till_carry_out(&till, &refund, 870, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, "");
    till_desk_hears(&till, "refund.failed");
    till_bill_is(&till, SETTLED, 870, 870);

    refund = till_order_refund(&till, &till.boss, &paid, ORDER(870, VOID, WAITING, ""));
    till_decide(&till, &till.other, &refund, true, ORDERED, "");
    till_carry_out(&till, &refund, 870, APPROVED, "");
    till_bill_is(&till, ANNOUNCED, 870, 0);
    till_books_say(&till, "receivable 870 revenue-clearing -870");
    till_order_refund(&till, &till.clerk, &paid, ORDER(1, VOID, REFUSED, "refund.too-much"));
    till_pay(&till, CARD, 870);
    till_bill_is(&till, SETTLED, 870, 870);
    till_fee_posts_no_more(&till); /* it was posted once */
    ck_assert_int_eq(till_count(&till, "refund WHERE state = 2 AND ordered_by = 'boss' "
                                       "AND decided_by = 'other'"),
                     1);
    till_books_say(&till, "card-clearing 870 revenue-clearing -870");
    till_done(&till);
}
END_TEST

START_TEST(what_a_correction_gives_back_is_not_due_again)
{
    struct till till;
    struct sugu_id paid, refund;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    paid = till_pay(&till, CARD, 870);
    refund = till_order_refund(&till, &till.clerk, &paid, ORDER(200, CORRECTION, ORDERED, ""));
    till_carry_out(&till, &refund, 200, APPROVED, "");
    till_bill_is(&till, SUGU__BILL_STATE__BILL_REFUNDED_IN_PART, 870, 670);
    till_books_say(&till, "card-clearing 670 revenue-clearing -670");
    till_receipt_is(&till, 1, 0, 1, 670, false);
    till_order_refund(&till, &till.clerk, &paid,
                      ORDER(671, CORRECTION, REFUSED, "refund.too-much"));
    refund = till_order_refund(&till, &till.clerk, &paid, ORDER(670, CORRECTION, ORDERED, ""));
    till_carry_out(&till, &refund, 670, APPROVED, "");
    till_bill_is(&till, SUGU__BILL_STATE__BILL_REFUNDED, 870, 0);
    till_books_say(&till, "");
    /* Another revision says anew what the bill is. */
    till_announce(&till, 2, 300);
    till_bill_is(&till, SUGU__BILL_STATE__BILL_REVISED, 300, 0);
    till_settle(&till, 300, SUGU__DESK_MONEY__DESK_TRANSFER, "");
    till_books_say(&till, "cash-desk 300 revenue-clearing -300");

    /* A revision to what a correction left is not given back twice. */
    till_announce_another(&till, 900);
    paid = till_pay(&till, CARD, 900);
    refund = till_order_refund(&till, &till.clerk, &paid, ORDER(300, CORRECTION, ORDERED, ""));
    till_carry_out(&till, &refund, 300, APPROVED, "");
    till_announce(&till, 2, 600);
    till_bill_is(&till, SETTLED, 600, 600);
    till_books_say(&till, "card-clearing 600 cash-desk 300 revenue-clearing -900");
    till_done(&till);
}
END_TEST

struct presser {
    struct sugu_test_client client;
    struct sugu_id original, refund;
    Sugu__Reply *reply;
};

static void *
press(void *context)
{
    struct presser *presser = context;
    Sugu__OrderRefund body = SUGU__ORDER_REFUND__INIT;

    body.refund = sugu_id_field(&presser->refund);
    body.original = sugu_id_field(&presser->original);
    body.amount_yen = 600;
    body.reason = VOID;
    body.note = (char *)"slip 3";
    body.desk = (char *)"9";
    presser->reply =
        sugu_test_client_call(&presser->client, SUGU__REQUEST__BODY_ORDER_REFUND, &body, NULL);
    return NULL;
}

START_TEST(two_desks_that_press_at_once_give_back_once)
{
    struct till till;
    struct presser pressers[2] = {0};
    pthread_t threads[2];
    struct sugu_id paid;
    int done = 0;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    paid = till_pay(&till, CARD, 870);
    for (int i = 0; i < 2; i++) {
        sugu_test_client_init(&pressers[i].client, &till.day.hospital, i ? "desk-b" : "desk-a",
                              "desk", i ? "desk-b" : "desk-a");
        pressers[i].original = paid;
        pressers[i].refund = sugu_test_id();
    }
    sugu_facts_run(&till.facts, "BEGIN; SELECT FROM bill FOR UPDATE");
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, press, &pressers[i]), 0);
    sugu_facts_wait_blocked(&till.facts, 1);
    sugu_facts_run(&till.facts, "COMMIT");
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        if (!*pressers[i].reply->code)
            done++;
        else
            ck_assert_str_eq(pressers[i].reply->code, "refund.too-much");
        sugu__reply__free_unpacked(pressers[i].reply, NULL);
        sugu_test_client_done(&pressers[i].client);
    }
    ck_assert_int_eq(done, 1);
    ck_assert_int_eq(till_count(&till, "refund"), 1);
    ck_assert_int_eq(till_count(&till, "attempt WHERE kind = 'refund'"), 1);
    till_books_say(&till, "card-clearing 870 revenue-clearing -870");
    till_done(&till);
}
END_TEST

START_TEST(money_at_a_desk_is_taken_and_given_by_hand)
{
    struct till till;
    struct sugu_id coins, desk;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    coins = till_pay_cash(&till, 2);
    till_settle(&till, 671, SUGU__DESK_MONEY__DESK_CASH, "payment.amount");
    till_settle(&till, 170, SUGU__DESK_MONEY__DESK_CASH, "");
    till_bill_is(&till, ANNOUNCED, 870, 370);
    till_settle(&till, 500, SUGU__DESK_MONEY__DESK_CARD, "");
    desk = till_bill_is(&till, SETTLED, 870, 870);
    till_fee_posts(&till, 1, 870);
    till_receipt_is(&till, 1, 0, 3, 870, false);
    till_announce(&till, 2, 300);
    till_order_refund(&till, &till.clerk, &desk, ORDER(400, OVERPAID, DONE, ""));
    till_bill_is(&till, SUGU__BILL_STATE__BILL_OVERPAID, 300, 470);
    till_order_refund(&till, &till.clerk, &coins, ORDER(170, OVERPAID, DONE, ""));
    till_bill_is(&till, SETTLED, 300, 300);
    till_fee_posts(&till, 2, 300);
    ck_assert_int_eq(till_count(&till, "audit WHERE verb = 'order-refund' AND staff = 'clerk'"), 2);
    /* The coins stay in the kiosk; what went back came from the drawer. */
    till_books_say(&till, "cash 200 cash-desk 100 revenue-clearing -300");

    till_set_money(&till, "0", "100");
    desk = till_order_refund(&till, &till.boss, &coins, ORDER(30, VOID, DONE, ""));
    till_bill_is(&till, ANNOUNCED, 300, 270);
    till_settle(&till, 30, SUGU__DESK_MONEY__DESK_CASH, "");
    till_books_say(&till, "cash 200 cash-desk 100 revenue-clearing -300");
    till_done(&till);
}
END_TEST

/* A visit without proof of insurance, and its bill. */
static void
begin_unproven(struct till *till, int64_t yen)
{
    sugu_day_open_session(&till->day);
    sugu_day_verify_insurance(&till->day, SUGU__ELIGIBILITY_OUTCOME__NOT_VERIFIED_NOW, "");
    sugu_day_check_in(&till->day, "R-001");
    till_announce(till, 1, yen);
}

static void
prove(struct till *till)
{
    Sugu__StateRatio state = SUGU__STATE_RATIO__INIT;

    state.number = till->day.number;
    state.ratio_percent = 30;
    state.desk = (char *)"9";
    sugu_day_expect_code(
        ward_call_as(&till->day.desk, &till->clerk, SUGU__REQUEST__BODY_STATE_RATIO, &state), "");
}

static struct sugu_id
deposit(struct till *till, int64_t yen, const char *code)
{
    till_begin(till, SUGU__ATTEMPT_KIND__ATTEMPT_DEPOSIT, CARD, yen, code);
    if (!*code)
        till_end(till, APPROVED, yen, "");
    return till->day.attempt;
}

#define DEPOSITED SUGU__BILL_STATE__BILL_DEPOSITED

START_TEST(a_deposit_is_held_until_insurance_is_proven)
{
    struct till till;
    struct sugu_id held, refund;

    till_init(&till);
    till.day.answered_ratio = 0;
    begin_unproven(&till, 1200);
    deposit(&till, 500, "payment.amount"); /* no deposit is taken here */
    till_set_money(&till, "500", "10000");
    deposit(&till, 499, "payment.amount");
    held = deposit(&till, 500, "");
    till_bill_is(&till, DEPOSITED, 1200, 500);
    BEGIN(&till, CARD, 700, "bill.not-allowed");
    till_receipt_is(&till, 1, 0, 1, 500, true);
    till_books_say(&till, "card-clearing 500 deposit -500 receivable 1200 revenue-clearing -1200");
    till_announce(&till, 2, 900);
    till_bill_is(&till, DEPOSITED, 900, 500);
    prove(&till);
    till_announce(&till, 3, 600);
    till_bill_is(&till, SUGU__BILL_STATE__BILL_REVISED, 600, 500);
    till_books_say(&till, "card-clearing 500 receivable 100 revenue-clearing -600");
    deposit(&till, 500, "payment.amount");
    till_pay(&till, CARD, 100);
    till_fee_posts(&till, 3, 600);
    till_receipt_is(&till, 2, 0, 2, 600, false);
    till_announce(&till, 4, 300); /* less than the deposit */
    till_bill_is(&till, SUGU__BILL_STATE__BILL_OVERPAID, 300, 600);
    refund = till_order_refund(&till, &till.clerk, &held, ORDER(300, OVERPAID, ORDERED, ""));
    till_carry_out(&till, &refund, 300, APPROVED, "");
    till_bill_is(&till, SETTLED, 300, 300);
    till_fee_posts(&till, 4, 300);
    till_books_say(&till, "card-clearing 300 revenue-clearing -300");
    till_done(&till);
}
END_TEST

START_TEST(a_deposit_is_used_or_given_back_without_proof)
{
    struct till till;
    struct sugu_id held, refund;

    till_init(&till);
    till.day.answered_ratio = 0;
    till_set_money(&till, "500", "10000");
    begin_unproven(&till, 1200);
    held = deposit(&till, 500, "");
    refund = till_order_refund(&till, &till.clerk, &held, ORDER(200, VOID, ORDERED, ""));
    till_carry_out(&till, &refund, 200, APPROVED, "");
    till_bill_is(&till, DEPOSITED, 1200, 300);
    refund = till_order_refund(&till, &till.clerk, &held, ORDER(300, VOID, ORDERED, ""));
    till_carry_out(&till, &refund, 300, APPROVED, "");
    till_bill_is(&till, ANNOUNCED, 1200, 0);
    till_books_say(&till, "receivable 1200 revenue-clearing -1200");

    deposit(&till, 500, "");
    till_receipt_is(&till, 1, 0, 1, 500, true);
    till_assist(&till, SUGU__BILL_VERB__OFFER_AGAIN, "");
    till_bill_is(&till, ANNOUNCED, 1200, 500);
    deposit(&till, 500, "payment.amount");
    till_pay(&till, CARD, 700);
    till_receipt_is(&till, 2, 0, 2, 1200, false);
    till_books_say(&till, "card-clearing 1200 revenue-clearing -1200");

    till_announce_another(&till, 900); /* at the counter it counts as paid */
    deposit(&till, 500, "");
    till_assist(&till, SUGU__BILL_VERB__TO_COUNTER, "");
    till_bill_is(&till, SUGU__BILL_STATE__BILL_TO_COUNTER, 900, 500);
    till_settle(&till, 401, SUGU__DESK_MONEY__DESK_CASH, "payment.amount");
    till_settle(&till, 400, SUGU__DESK_MONEY__DESK_CASH, "");
    till_bill_is(&till, SETTLED, 900, 900);

    till_announce_another(&till, 900); /* became less than what is held */
    deposit(&till, 500, "");
    till_announce(&till, 2, 300);
    till_bill_is(&till, DEPOSITED, 300, 500);
    till_assist(&till, SUGU__BILL_VERB__OFFER_AGAIN, "");
    till_bill_is(&till, SUGU__BILL_STATE__BILL_OVERPAID, 300, 500);
    till_books_say(&till,
                   "card-clearing 2200 cash-desk 400 refund-payable -200 revenue-clearing -2400");
    till_done(&till);
}
END_TEST

static struct sugu_id
hold(struct till *till, int64_t yen)
{
    BEGIN(till, CARD, yen, "");
    till_end(till, SUGU__ATTEMPT_STATE__ATTEMPT_HELD, 0, "");
    till_bill_is(till, SUGU__BILL_STATE__BILL_TO_COUNTER, yen, 0);
    return till->day.attempt;
}

START_TEST(a_supervisor_finds_out_what_became_of_a_held_payment)
{
    struct till till;
    struct sugu_id held;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    held = hold(&till, 870);
    till_desk_hears(&till, "payment.held");
    till_settle(&till, 870, SUGU__DESK_MONEY__DESK_CASH, "payment.open");
    till_resolve(&till, &till.clerk, &held, APPROVED, 870, "staff.not-allowed");
    till_resolve(&till, &till.boss, &held, APPROVED, 0, "payment.amount");
    till_resolve(&till, &till.boss, &held, APPROVED, 870, "");
    till_hears_resolved(&till, &held, APPROVED);
    till_bill_is(&till, SETTLED, 870, 870);
    till_fee_posts(&till, 1, 870);
    till_resolve(&till, &till.boss, &held, APPROVED, 870, "payment.not-allowed");
    till_end(&till, APPROVED, 870, ""); /* the program says the same afterwards */
    till_books_say(&till, "card-clearing 870 revenue-clearing -870");

    till_announce_another(&till, 900);
    held = hold(&till, 900);
    till_resolve(&till, &till.boss, &held, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, 0, "");
    till_hears_resolved(&till, &held, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED);
    till_bill_is(&till, SUGU__BILL_STATE__BILL_TO_COUNTER, 900, 0);
    till_settle(&till, 900, SUGU__DESK_MONEY__DESK_CASH, "");
    till_end(&till, APPROVED, 900, "payment.differs"); /* and a person has to look */
    till_desk_hears(&till, "payment.differs");
    till_books_say(&till, "card-clearing 870 cash-desk 900 revenue-clearing -1770");
    till_done(&till);
}
END_TEST

START_TEST(money_that_comes_late_is_taken_in_and_goes_back_by_itself)
{
    struct till till;
    struct sugu_id held, refund;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    held = hold(&till, 870);
    till_announce(&till, 2, 600); /* while nobody knows */
    till_end(&till, APPROVED, 870, "");
    till_bill_is(&till, SUGU__BILL_STATE__BILL_OVERPAID, 600, 870);
    till_desk_hears(&till, "bill.overpaid");
    refund = till_hears_order(&till, &held, 270);
    till_books_say(&till, "card-clearing 870 refund-payable -270 revenue-clearing -600");
    till_carry_out(&till, &refund, 270, APPROVED, "");
    till_bill_is(&till, SETTLED, 600, 600);
    till_fee_posts(&till, 2, 600);

    till_announce_another(&till, 900);
    held = hold(&till, 900);
    till_withdraw(&till, "");
    till_resolve(&till, &till.boss, &held, APPROVED, 900, "");
    refund = till_hears_order(&till, &held, 900);
    till_bill_is(&till, SUGU__BILL_STATE__BILL_OVERPAID, 900, 900);
    till_carry_out(&till, &refund, 900, APPROVED, "");
    till_bill_is(&till, SUGU__BILL_STATE__BILL_REFUNDED, 900, 0);
    till_fee_posts_no_more(&till);
    till_books_say(&till, "card-clearing 600 revenue-clearing -600");
    till_done(&till);
}
END_TEST

START_TEST(a_paid_bill_that_is_withdrawn_is_given_back)
{
    struct till till;
    struct sugu_id paid, refund;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    paid = till_pay(&till, CARD, 870);
    till_withdraw(&till, "");
    till_bill_is(&till, SUGU__BILL_STATE__BILL_TO_COUNTER, 870, 870);
    till_books_say(&till, "card-clearing 870 refund-payable -870");
    refund = till_order_refund(&till, &till.clerk, &paid, ORDER(300, OVERPAID, ORDERED, ""));
    till_carry_out(&till, &refund, 300, APPROVED, "");
    till_bill_is(&till, SUGU__BILL_STATE__BILL_TO_COUNTER, 870, 570);
    refund = till_order_refund(&till, &till.clerk, &paid, ORDER(570, OVERPAID, ORDERED, ""));
    till_carry_out(&till, &refund, 570, APPROVED, "");
    till_bill_is(&till, SUGU__BILL_STATE__BILL_REFUNDED, 870, 0);
    till_books_say(&till, "");
    till_announce(&till, 2, 300);
    till_pay(&till, CARD, 300);
    till_bill_is(&till, SETTLED, 300, 300);
    till_books_say(&till, "card-clearing 300 revenue-clearing -300");
    till_done(&till);
}
END_TEST

static void
get_bill(struct till *till, const char *code)
{
    Sugu__GetBill get = SUGU__GET_BILL__INIT;
    Sugu__Reply *reply;

    get.session = sugu_id_field(&till->day.session);
    get.bill = sugu_id_field(&till->day.bill);
    reply = sugu_test_client_call(&till->day.kiosk, SUGU__REQUEST__BODY_GET_BILL, &get, NULL);
    ck_assert_str_eq(reply->code, code);
    if (!*code)
        ck_assert_int_eq(reply->bill->total_yen, 870);
    sugu__reply__free_unpacked(reply, NULL);
}

START_TEST(an_old_bill_is_shown_and_paid_on_another_day)
{
    struct till till;
    Sugu__Reply *reply;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    till_pay(&till, CARD, 300);
    sugu_day_close(&till.day, SUGU__VISIT_STATE__VISIT_BILLED);
    get_bill(&till, "session.unknown");
    /* It was a fortnight ago. */
    sugu_facts_run(&till.facts,
                   "SET session_replication_role = replica; "
                   "UPDATE visit SET day = day - 14, state = 6; UPDATE stage SET day = day - 14; "
                   "SET session_replication_role = origin");
    till.day.session = sugu_test_id();
    reply = sugu_day_send_open(&till.day, 1123);
    ck_assert_str_eq(reply->code, "");
    ck_assert_ptr_null(reply->session_opened->bill);
    ck_assert_uint_eq(reply->session_opened->n_old_bills, 1);
    ck_assert_int_eq(reply->session_opened->old_bills[0]->due_yen, 570);
    ck_assert(!reply->session_opened->old_bills[0]->is_at_counter);
    sugu__reply__free_unpacked(reply, NULL);
    get_bill(&till, "");
    till_pay(&till, CARD, 570);
    till_bill_is(&till, SETTLED, 870, 870);
    till_fee_posts(&till, 1, 870);
    till_receipt_is(&till, 1, 0, 2, 870, false);
    till.day.session = sugu_test_id();
    reply = sugu_day_send_open(&till.day, 1123);
    ck_assert_uint_eq(reply->session_opened->n_old_bills, 0);
    sugu__reply__free_unpacked(reply, NULL);
    till_books_say(&till, "card-clearing 870 revenue-clearing -870");
    till_done(&till);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("money",
                       60,
                       a_bill_is_paid_in_parts_by_different_ways,
                       what_a_revision_changes_is_due_or_given_back,
                       above_the_limit_a_second_person_decides,
                       what_a_correction_gives_back_is_not_due_again,
                       two_desks_that_press_at_once_give_back_once,
                       money_at_a_desk_is_taken_and_given_by_hand,
                       a_deposit_is_held_until_insurance_is_proven,
                       a_deposit_is_used_or_given_back_without_proof,
                       a_supervisor_finds_out_what_became_of_a_held_payment,
                       money_that_comes_late_is_taken_in_and_goes_back_by_itself,
                       a_paid_bill_that_is_withdrawn_is_given_back,
                       an_old_bill_is_shown_and_paid_on_another_day)
