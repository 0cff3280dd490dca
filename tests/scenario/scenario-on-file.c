/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-on-file - leaving without stopping: the real server, the test is every other program
 *
 * Consent, registration, check-in, charge, and away without a cashier; declines and their calendar
 * with the clock moved; every exclusion; opt-out; revisions before and after the charge; a server
 * that is killed in between. After each story the sums of the ledger are those computed by hand,
 * every invariant holds, and so does the hash chain.
 */
#include "scenario/on-file-world.h"
#include "testlib/checks.h"

#include <string.h>

#define ANNOUNCED  SUGU__BILL_STATE__BILL_ANNOUNCED
#define IN_PAYMENT SUGU__BILL_STATE__BILL_IN_PAYMENT
#define SETTLED    SUGU__BILL_STATE__BILL_SETTLED
#define HOLD       SUGU__ATTEMPT_KIND__ATTEMPT_HOLD
#define PAYMENT    SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT
#define RELEASE    SUGU__ATTEMPT_KIND__ATTEMPT_RELEASE
#define REFUND     SUGU__ATTEMPT_KIND__ATTEMPT_REFUND
#define FORGET     SUGU__ATTEMPT_KIND__ATTEMPT_FORGET
#define SOFT       SUGU__DECLINE__DECLINE_SOFT
#define HARD       SUGU__DECLINE__DECLINE_HARD
#define NONE       SUGU__CARD_ON_FILE_STATE__ON_FILE_NONE
#define WAITS      SUGU__CARD_ON_FILE_STATE__ON_FILE_WAITING
#define ACTIVE     SUGU__CARD_ON_FILE_STATE__ON_FILE_ACTIVE
#define SUSPENDED  SUGU__CARD_ON_FILE_STATE__ON_FILE_SUSPENDED
#define LEFT       SUGU__VISIT_STATE__VISIT_LEFT
#define BILLED     SUGU__VISIT_STATE__VISIT_BILLED

/* ---- the way it should be */

START_TEST(who_consented_leaves_without_a_cashier)
{
    struct cards cards;
    const Sugu__PaymentOrder *order;
    struct sugu_id hold, original;

    cards_init(&cards, "3000");
    cards_session_says(&cards, NONE, "");
    cards_consent(&cards, 20001, "payment.amount");
    cards_consent(&cards, CARDS_CEILING, "");
    cards_register(&cards, SUGU__CARD_FUNDING__FUNDING_CREDIT, 203012);
    cards_session_says(&cards, WAITS, "");
    order = cards_hears(&cards, HOLD, 0);
    ck_assert_uint_eq(order->bill.len, 0);
    ck_assert_uint_gt(strlen(order->payer), 30);
    cards_approve(&cards, 0);
    cards_session_says(&cards, ACTIVE, "");
    cards_check_in(&cards, "B-001");
    cards_hears(&cards, HOLD, 3000);
    hold = cards.attempt;
    cards_approve(&cards, 3000);
    cards_announce(&cards, 1, 870);
    till_bill_is(&cards.till, IN_PAYMENT, 870, 0);
    order = cards_hears(&cards, PAYMENT, 870);
    original = sugu_id_of(&order->original);
    ck_assert(sugu_id_equal(&original, &hold));
    ck_assert_str_eq(order->network_id, "net-1");
    cards_open_work_is(&cards, 1, 0);
    cards_come(&cards);
    till_begin(&cards.till, PAYMENT, CARD, 870, "payment.open");
    sugu_day_close(&cards.till.day, BILLED);
    cards_approve(&cards, 870);
    till_bill_is(&cards.till, SETTLED, 870, 870);
    cards_visit_is(&cards, LEFT);
    till_fee_posts(&cards.till, 1, 870);
    cards_hears_nothing(&cards); /* the capture ended the hold */
    cards_open_work_is(&cards, 0, 0);
    cards_come(&cards);
    cards_bill_says(&cards, "");
    till_receipt_is(&cards.till, 1, 0, 1, 870, false);
    till_books_say(&cards.till, "on-file-clearing 870 revenue-clearing -870");
    ck_assert_int_eq(till_count(&cards.till, "consent WHERE language = 'en' AND text_version = 1"),
                     1);
    cards_done(&cards);
}
END_TEST

START_TEST(a_bill_above_the_hold_is_one_charge_and_the_hold_is_let_go)
{
    struct cards cards;
    const Sugu__PaymentOrder *order;

    cards_init_held(&cards, 500);
    cards_announce(&cards, 1, 870);
    order = cards_hears(&cards, PAYMENT, 870);
    ck_assert_uint_eq(order->original.len, 0);
    cards_approve(&cards, 870);
    cards_visit_is(&cards, LEFT);
    order = cards_hears(&cards, RELEASE, 500);
    ck_assert_uint_gt(strlen(order->original_provider_id), 30);
    cards_approve(&cards, 0);
    cards_open_work_is(&cards, 0, 0);
    till_books_say(&cards.till, "on-file-clearing 870 revenue-clearing -870");
    cards_done(&cards);
}
END_TEST

START_TEST(a_bill_of_nothing_keeps_nobody)
{
    struct cards cards;

    cards_init_held(&cards, 0);
    cards_announce(&cards, 1, 0);
    till_bill_is(&cards.till, SETTLED, 0, 0);
    cards_visit_is(&cards, LEFT);
    till_fee_posts(&cards.till, 1, 0);
    cards_hears_nothing(&cards);
    cards_done(&cards);
}
END_TEST

/* The acts come while the person is still with the doctor: the bill is there before its time. */
START_TEST(a_bill_that_came_early_is_charged_when_the_last_stage_is_over)
{
    struct cards cards;
    struct sugu_day *day = &cards.till.day;

    cards_init_held(&cards, 0);
    sugu_day_expect_code(sugu_day_send_move(day, "2", SUGU__TICKET_VERB__CALL_NEXT, ""), "");
    sugu_day_record_acts(day, "111000110");
    till_announce(&cards.till, 1, 870);
    cards_hears_nothing(&cards);
    sugu_day_expect_code(sugu_day_send_move(day, "2", SUGU__TICKET_VERB__FINISH, "B-001"), "");
    cards_hears(&cards, PAYMENT, 870);
    cards_approve(&cards, 870);
    cards_visit_is(&cards, LEFT);
    till_books_say(&cards.till, "on-file-clearing 870 revenue-clearing -870");
    cards_done(&cards);
}
END_TEST

/* ---- no */

START_TEST(a_soft_decline_is_tried_again_on_three_days_and_then_suspends)
{
    static const int64_t pauses[] = {1, 2, 4};
    struct cards cards;

    cards_init_held(&cards, 0);
    cards_announce(&cards, 1, 870);
    cards_hears(&cards, PAYMENT, 870);
    cards_decline(&cards, SOFT);
    till_bill_is(&cards.till, ANNOUNCED, 870, 0);
    cards_come(&cards);
    cards_bill_says(&cards, "later.declined");
    sugu_day_close(&cards.till.day, BILLED);
    for (size_t i = 0; i < 3; i++) {
        cards_days_pass(&cards, pauses[i]);
        cards_hears(&cards, PAYMENT, 870);
        till_bill_is(&cards.till, IN_PAYMENT, 870, 0);
        cards_decline(&cards, SOFT);
        till_bill_is(&cards.till, ANNOUNCED, 870, 0);
    }
    till_desk_hears(&cards.till, "later.declined");
    cards_days_pass(&cards, 10);
    cards_hears_nothing(&cards);
    cards_session_says(&cards, SUSPENDED, "later.suspended");
    cards_bill_says(&cards, "later.declined");
    till_pay(&cards.till, CARD, 870);
    till_bill_is(&cards.till, SETTLED, 870, 870);
    till_books_say(&cards.till, "card-clearing 870 revenue-clearing -870");
    cards_done(&cards);
}
END_TEST

START_TEST(a_retry_that_is_approved_settles_and_one_that_is_not_needed_is_dropped)
{
    struct cards cards;

    cards_init_held(&cards, 0);
    cards_announce(&cards, 1, 870);
    cards_hears(&cards, PAYMENT, 870);
    cards_decline(&cards, SOFT);
    cards_days_pass(&cards, 1);
    cards_hears(&cards, PAYMENT, 870);
    cards_approve(&cards, 870);
    till_bill_is(&cards.till, SETTLED, 870, 870);
    till_books_say(&cards.till, "on-file-clearing 870 revenue-clearing -870");

    till_announce(&cards.till, 2, 1470);
    cards_hears(&cards, PAYMENT, 600);
    cards_decline(&cards, SOFT);
    cards_come(&cards);
    till_pay(&cards.till, CARD, 600);
    till_bill_is(&cards.till, SETTLED, 1470, 1470);
    cards_days_pass(&cards, 9);
    cards_hears_nothing(&cards);
    ck_assert_int_eq(till_count(&cards.till, "dues WHERE state = 4"), 1);
    till_books_say(&cards.till, "card-clearing 600 on-file-clearing 870 revenue-clearing -1470");
    cards_done(&cards);
}
END_TEST

START_TEST(a_hard_decline_suspends_at_once)
{
    struct cards cards;

    cards_init_held(&cards, 0);
    cards_announce(&cards, 1, 870);
    cards_hears(&cards, PAYMENT, 870);
    cards_decline(&cards, HARD);
    till_bill_is(&cards.till, ANNOUNCED, 870, 0);
    till_desk_hears(&cards.till, "later.declined");
    cards_session_says(&cards, SUSPENDED, "later.suspended");
    cards_bill_says(&cards, "later.declined");
    till_pay(&cards.till, CARD, 870);
    till_books_say(&cards.till, "card-clearing 870 revenue-clearing -870");
    cards_done(&cards);
}
END_TEST

START_TEST(a_card_that_is_declined_at_check_in_pays_nothing)
{
    struct cards cards;

    cards_init(&cards, "3000");
    cards_have_card(&cards);
    cards_check_in(&cards, "B-001");
    cards_hears(&cards, HOLD, 3000);
    cards_decline(&cards, SOFT);
    cards_announce(&cards, 1, 870);
    cards_hears_nothing(&cards);
    till_bill_is(&cards.till, ANNOUNCED, 870, 0);
    cards_session_says(&cards, ACTIVE, "later.declined");
    cards_bill_says(&cards, "later.declined");
    cards_done(&cards);
}
END_TEST

START_TEST(a_bill_above_the_ceiling_is_paid_at_a_kiosk)
{
    struct cards cards;

    cards_init_held(&cards, 3000);
    cards_announce(&cards, 1, 6000);
    till_bill_is(&cards.till, ANNOUNCED, 6000, 0);
    cards_hears(&cards, RELEASE, 3000);
    cards_approve(&cards, 0);
    cards_come(&cards);
    cards_bill_says(&cards, "later.above-ceiling");
    till_pay(&cards.till, CARD, 6000);
    till_books_say(&cards.till, "card-clearing 6000 revenue-clearing -6000");
    cards_done(&cards);
}
END_TEST

/* ---- who may not */

START_TEST(debit_cards_are_forgotten_at_once)
{
    struct cards cards;

    cards_init(&cards, "0");
    cards_consent(&cards, CARDS_CEILING, "");
    cards_register(&cards, SUGU__CARD_FUNDING__FUNDING_DEBIT, 203012);
    cards_hears(&cards, FORGET, 0);
    cards_approve(&cards, 0);
    cards_hears_nothing(&cards);
    cards_use(&cards, true, false, "", "later.not-credit");
    cards_session_says(&cards, NONE, "");
    ck_assert_int_eq(till_count(&cards.till, "card_on_file WHERE token <> ''"), 0);
    cards_done(&cards);
}
END_TEST

START_TEST(a_token_that_comes_when_the_card_has_ended_is_forgotten)
{
    struct cards cards;

    cards_init(&cards, "0");
    cards_consent(&cards, CARDS_CEILING, "");
    cards_begin_register(&cards);
    cards_use(&cards, false, true, "", ""); /* while the card is looked at */
    cards_end_register(&cards, SUGU__CARD_FUNDING__FUNDING_CREDIT, 203012);
    cards_hears(&cards, FORGET, 0);
    cards_approve(&cards, 0);
    cards_hears_nothing(&cards);
    ck_assert_int_eq(till_count(&cards.till, "card_on_file WHERE token <> ''"), 0);
    cards_done(&cards);
}
END_TEST

START_TEST(nobody_registers_without_consent_to_the_present_text)
{
    struct cards cards;
    Sugu__BeginPayment begin = SUGU__BEGIN_PAYMENT__INIT;
    struct sugu_id nobody = sugu_test_id();

    cards_init(&cards, "0");
    begin.attempt = sugu_id_field(&nobody);
    begin.session = sugu_id_field(&cards.till.day.session);
    begin.kind = SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER;
    begin.method = CARD;
    sugu_day_expect_code(sugu_test_client_call(&cards.till.day.payment,
                                               SUGU__REQUEST__BODY_BEGIN_PAYMENT, &begin, NULL),
                         "later.no-consent");
    cards_consent(&cards, CARDS_CEILING, "");
    begin.attempt = sugu_id_field(&cards.card);
    cards_come(&cards); /* another session: of whoever stands there now */
    begin.session = sugu_id_field(&cards.till.day.session);
    sugu_day_expect_code(sugu_test_client_call(&cards.till.day.payment,
                                               SUGU__REQUEST__BODY_BEGIN_PAYMENT, &begin, NULL),
                         "later.no-consent");
    begin.kind = HOLD;
    begin.method = SUGU__PAYMENT_METHOD__METHOD_ON_FILE;
    sugu_day_expect_code(sugu_test_client_call(&cards.till.day.payment,
                                               SUGU__REQUEST__BODY_BEGIN_PAYMENT, &begin, NULL),
                         "payment.not-allowed");
    cards_done(&cards);
}
END_TEST

/* An earlier visit of the same person with a bill that nobody paid; or whose payment is open. */
static void
leave_old_bill(struct cards *cards, bool is_open)
{
    struct sugu_day *day = &cards->till.day;

    cards_use(cards, false, false, "", "later.not-this-time");
    cards_check_in(cards, "B-001");
    cards_announce(cards, 1, 870);
    cards_come(cards);
    if (is_open) {
        till_begin(&cards->till, PAYMENT, CARD, 870, "");
        till_end(&cards->till, SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN, 0, "");
    }
    sugu_day_close(day, BILLED);
    cards_days_pass(cards, 1);
    cards_book(cards);
    sugu_day_begin_visit(day);
}

/* Who is excluded hears it when the session opens, and with the bill. */
static void
be_excluded(struct cards *cards, const char *number, const char *code)
{
    cards_session_says(cards, ACTIVE, code);
    cards_check_in(cards, number);
    cards_announce(cards, 1, 870);
    cards_hears_nothing(cards);
    till_bill_is(&cards->till, ANNOUNCED, 870, 0);
    cards_come(cards);
    cards_bill_says(cards, code);
    till_pay(&cards->till, CARD, 870);
    cards_done(cards);
}

START_TEST(who_has_a_ceiling_sheet_pays_at_a_kiosk)
{
    struct cards cards;

    cards_init(&cards, "3000");
    cards_have_card(&cards);
    CARDS_SET(&cards, "ceiling-sheet", "0002", "yes");
    be_excluded(&cards, "B-001", "later.ceiling-sheet");
}
END_TEST

START_TEST(who_consented_to_an_older_text_pays_at_a_kiosk_until_the_new_one)
{
    struct cards cards;

    cards_init(&cards, "3000");
    cards_have_card(&cards);
    cards_new_text(&cards);
    cards_session_says(&cards, ACTIVE, "later.no-consent");
    cards_consent_again(&cards);
    cards_session_says(&cards, ACTIVE, "");
    cards_new_text(&cards);
    be_excluded(&cards, "B-001", "later.no-consent");
}
END_TEST

START_TEST(an_expired_card_pays_nothing)
{
    struct cards cards;

    cards_init(&cards, "3000");
    cards_consent(&cards, CARDS_CEILING, "");
    cards_register(&cards, SUGU__CARD_FUNDING__FUNDING_CREDIT, 202001);
    cards_hears(&cards, HOLD, 0);
    cards_approve(&cards, 0);
    be_excluded(&cards, "B-001", "later.card-expired");
}
END_TEST

START_TEST(where_the_house_has_stopped_it_nobody_is_charged)
{
    struct cards cards;

    cards_init(&cards, "3000");
    cards_have_card(&cards);
    CARDS_SET(&cards, "on-file", "off");
    be_excluded(&cards, "B-001", "later.not-offered");
}
END_TEST

START_TEST(who_owes_an_older_bill_pays_at_a_kiosk)
{
    struct cards cards;

    cards_init(&cards, "3000");
    cards_have_card(&cards);
    leave_old_bill(&cards, false);
    be_excluded(&cards, "B-002", "later.unpaid-bill");
}
END_TEST

START_TEST(while_a_payment_is_not_known_nothing_else_is_charged)
{
    struct cards cards;

    cards_init(&cards, "3000");
    cards_have_card(&cards);
    leave_old_bill(&cards, true);
    be_excluded(&cards, "B-002", "payment.open");
}
END_TEST

START_TEST(who_says_no_before_check_in_is_not_held)
{
    struct cards cards;

    cards_init(&cards, "3000");
    cards_have_card(&cards);
    cards_use(&cards, false, false, "", "later.not-this-time");
    cards_check_in(&cards, "B-001");
    cards_hears_nothing(&cards);
    cards_announce(&cards, 1, 870);
    cards_hears_nothing(&cards);
    cards_come(&cards);
    cards_bill_says(&cards, "later.not-this-time");
    till_pay(&cards.till, CARD, 870);
    cards_done(&cards);
}
END_TEST

/* ---- the person's word */

START_TEST(a_person_may_say_no_and_yes_again_and_end_it)
{
    struct cards cards;

    cards_init_held(&cards, 3000);
    cards_come(&cards);
    cards_use(&cards, false, false, "", "later.not-this-time");
    cards_hears(&cards, RELEASE, 3000);
    cards_approve(&cards, 0);
    cards_use(&cards, true, false, "", "");
    cards_hears(&cards, HOLD, 3000);
    cards_approve(&cards, 3000);
    sugu_day_close(&cards.till.day, SUGU__VISIT_STATE__VISIT_ARRIVED);
    cards_announce(&cards, 1, 870);
    cards_hears(&cards, PAYMENT, 870);
    cards_come(&cards);
    cards_use(&cards, false, false, "payment.open", ""); /* too late */
    sugu_day_close(&cards.till.day, BILLED);
    cards_approve(&cards, 870);
    cards_visit_is(&cards, LEFT);
    cards_come(&cards);
    cards_use(&cards, false, true, "", "");
    cards_session_says(&cards, NONE, "");
    cards_hears(&cards, FORGET, 0);
    cards_approve(&cards, 0);
    ck_assert_int_eq(till_count(&cards.till, "card_on_file WHERE state = 3 AND token = ''"), 1);
    cards_have_card(&cards); /* and another one, later */
    cards_session_says(&cards, ACTIVE, "");
    till_books_say(&cards.till, "on-file-clearing 870 revenue-clearing -870");
    cards_done(&cards);
}
END_TEST

/* ---- revisions, refunds */

START_TEST(a_revision_after_the_charge_is_charged_within_the_ceiling_or_given_back)
{
    struct cards cards;
    struct sugu_id first;

    cards_init_held(&cards, 3000);
    cards_announce(&cards, 1, 900);
    cards_hears(&cards, PAYMENT, 900);
    first = cards.attempt;
    sugu_day_expect_code(sugu_day_send_announce(&cards.till.day, 2, 400, 1200), "bill.in-payment");
    cards_approve(&cards, 900);
    till_announce(&cards.till, 2, 1200);
    cards_hears(&cards, PAYMENT, 300); /* of its own, not out of the hold */
    cards_approve(&cards, 300);
    till_bill_is(&cards.till, SETTLED, 1200, 1200);
    till_announce(&cards.till, 3, 5100);
    cards_hears_nothing(&cards);
    till_bill_is(&cards.till, SUGU__BILL_STATE__BILL_REVISED, 5100, 1200);
    cards_come(&cards);
    cards_bill_says(&cards, "later.above-ceiling");
    till_announce(&cards.till, 4, 600);
    till_bill_is(&cards.till, SUGU__BILL_STATE__BILL_OVERPAID, 600, 1200);
    till_order_refund(&cards.till, &cards.till.clerk, &first, ORDER(600, OVERPAID, ORDERED, ""));
    cards_hears(&cards, REFUND, 600);
    cards_approve(&cards, 600);
    till_bill_is(&cards.till, SETTLED, 600, 600);
    till_books_say(&cards.till, "on-file-clearing 600 revenue-clearing -600");
    cards_done(&cards);
}
END_TEST

/* ---- troubles */

START_TEST(a_keeper_that_was_away_finds_its_orders_and_does_each_once)
{
    struct cards cards;
    Sugu__GetOpenWork get = SUGU__GET_OPEN_WORK__INIT;
    Sugu__Reply *reply;
    const Sugu__PaymentOrder *order;

    cards_init(&cards, "3000");
    cards_have_card(&cards);
    cards_check_in(&cards, "B-001");
    cards_open_work_is(&cards, 1, 1);
    cards_announce(&cards, 1, 870); /* the hold was not taken: it is called off */
    sugu_hospital_kill_server(&cards.till.day.hospital);
    sugu_hospital_start_server(&cards.till.day.hospital, NULL);
    cards_open_work_is(&cards, 1, 1);
    reply = sugu_test_client_call(&cards.keeper, SUGU__REQUEST__BODY_GET_OPEN_WORK, &get, NULL);
    order = reply->open_work->payments[0]->order;
    ck_assert_int_eq(order->kind, PAYMENT);
    ck_assert_str_eq(order->token, "tok-1");
    ck_assert_uint_eq(order->original.len, 0);
    sugu__reply__free_unpacked(reply, NULL);
    cards.keeper_from++; /* the hold that was called off */
    cards_hears(&cards, PAYMENT, 870);
    cards_open_work_is(&cards, 1, 0);
    cards_end(&cards, SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN, SUGU__DECLINE__NOT_DECLINED, 0);
    sugu_hospital_kill_server(&cards.till.day.hospital);
    sugu_hospital_start_server(&cards.till.day.hospital, NULL);
    cards_days_pass(&cards, 1);
    cards_hears_nothing(&cards); /* one attempt, whatever it is */
    cards_approve(&cards, 870);
    cards_approve(&cards, 870); /* said again */
    till_bill_is(&cards.till, SETTLED, 870, 870);
    till_books_say(&cards.till, "on-file-clearing 870 revenue-clearing -870");
    cards_done(&cards);
}
END_TEST

START_TEST(a_hold_that_is_known_too_late_is_let_go)
{
    struct cards cards;
    struct sugu_id hold;

    cards_init(&cards, "3000");
    cards_have_card(&cards);
    cards_check_in(&cards, "B-001");
    cards_hears(&cards, HOLD, 3000);
    hold = cards.attempt;
    cards_end(&cards, SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN, SUGU__DECLINE__NOT_DECLINED, 0);
    cards_announce(&cards, 1, 870);
    cards_hears(&cards, PAYMENT, 870);
    cards_approve(&cards, 870);
    cards.attempt = hold;
    cards_approve(&cards, 3000);
    cards_hears(&cards, RELEASE, 3000);
    cards_approve(&cards, 0);
    cards_hears_nothing(&cards);
    till_books_say(&cards.till, "on-file-clearing 870 revenue-clearing -870");
    cards_done(&cards);
}
END_TEST

START_TEST(a_charge_that_a_person_has_to_find_out_is_settled_at_the_desk)
{
    struct cards cards;
    struct sugu_id held;

    cards_init_held(&cards, 0);
    cards_announce(&cards, 1, 870);
    cards_hears(&cards, PAYMENT, 870);
    held = cards.attempt;
    cards_end(&cards, SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN, SUGU__DECLINE__NOT_DECLINED, 0);
    cards_end(&cards, SUGU__ATTEMPT_STATE__ATTEMPT_HELD, SUGU__DECLINE__NOT_DECLINED, 0);
    till_bill_is(&cards.till, SUGU__BILL_STATE__BILL_TO_COUNTER, 870, 0);
    till_desk_hears(&cards.till, "payment.held");
    till_resolve(&cards.till, &cards.till.boss, &held, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, 0,
                 "");
    cards_days_pass(&cards, 1);
    cards_hears_nothing(&cards);
    cards_session_says(&cards, ACTIVE, "later.unpaid-bill");
    till_settle(&cards.till, 870, SUGU__DESK_MONEY__DESK_CARD, "");
    till_bill_is(&cards.till, SETTLED, 870, 870);
    cards_done(&cards);
}
END_TEST

/* The hold has lapsed at the provider: what was never in doubt is charged anew. */
START_TEST(a_capture_that_the_provider_refuses_becomes_a_charge)
{
    struct cards cards;
    const Sugu__PaymentOrder *order;

    cards_init_held(&cards, 3000);
    cards_announce(&cards, 1, 870);
    order = cards_hears(&cards, PAYMENT, 870);
    ck_assert_uint_eq(order->original.len, 16);
    cards_decline(&cards, SUGU__DECLINE__NOT_DECLINED);
    cards_hears(&cards, RELEASE, 3000);
    cards_approve(&cards, 0);
    order = cards_hears(&cards, PAYMENT, 870);
    ck_assert_uint_eq(order->original.len, 0);
    cards_approve(&cards, 870);
    cards_visit_is(&cards, LEFT);
    till_books_say(&cards.till, "on-file-clearing 870 revenue-clearing -870");
    cards_done(&cards);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("on-file",
                       90,
                       who_consented_leaves_without_a_cashier,
                       a_bill_above_the_hold_is_one_charge_and_the_hold_is_let_go,
                       a_bill_of_nothing_keeps_nobody,
                       a_bill_that_came_early_is_charged_when_the_last_stage_is_over,
                       a_soft_decline_is_tried_again_on_three_days_and_then_suspends,
                       a_retry_that_is_approved_settles_and_one_that_is_not_needed_is_dropped,
                       a_hard_decline_suspends_at_once,
                       a_card_that_is_declined_at_check_in_pays_nothing,
                       a_bill_above_the_ceiling_is_paid_at_a_kiosk,
                       debit_cards_are_forgotten_at_once,
                       a_token_that_comes_when_the_card_has_ended_is_forgotten,
                       nobody_registers_without_consent_to_the_present_text,
                       who_has_a_ceiling_sheet_pays_at_a_kiosk,
                       who_consented_to_an_older_text_pays_at_a_kiosk_until_the_new_one,
                       an_expired_card_pays_nothing,
                       where_the_house_has_stopped_it_nobody_is_charged,
                       who_owes_an_older_bill_pays_at_a_kiosk,
                       while_a_payment_is_not_known_nothing_else_is_charged,
                       who_says_no_before_check_in_is_not_held,
                       a_person_may_say_no_and_yes_again_and_end_it,
                       a_revision_after_the_charge_is_charged_within_the_ceiling_or_given_back,
                       a_keeper_that_was_away_finds_its_orders_and_does_each_once,
                       a_hold_that_is_known_too_late_is_let_go,
                       a_charge_that_a_person_has_to_find_out_is_settled_at_the_desk,
                       a_capture_that_the_provider_refuses_becomes_a_charge)
