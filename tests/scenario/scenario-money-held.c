/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-money-held - attempts that nobody knows the end of, most without a bill: the real
 * server, the test as the keeper of the cards, kiosk and desk
 *
 * A hold, its release, a registration, and a card that its provider keeps: each is a task until a
 * person has said what became of it, and goes on from there as if the program had said so.
 */
#include "base/text.h"
#include "scenario/on-file-world.h"
#include "testlib/checks.h"
#include "testlib/sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PAYMENT  SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT
#define HOLD     SUGU__ATTEMPT_KIND__ATTEMPT_HOLD
#define RELEASE  SUGU__ATTEMPT_KIND__ATTEMPT_RELEASE
#define REGISTER SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER
#define FORGET   SUGU__ATTEMPT_KIND__ATTEMPT_FORGET
#define HELD     SUGU__ATTEMPT_STATE__ATTEMPT_HELD
#define APPROVED SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED
#define DECLINED SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED
#define REVERSED SUGU__ATTEMPT_STATE__ATTEMPT_REVERSED
#define LEFT     SUGU__VISIT_STATE__VISIT_LEFT
#define NONE     SUGU__CARD_ON_FILE_STATE__ON_FILE_NONE
#define ACTIVE   SUGU__CARD_ON_FILE_STATE__ON_FILE_ACTIVE
#define BILL_YEN 870

/* ---- the desk */

/* The only task there is; "" = there is none. Its attempt, where it is of one. */
static struct sugu_id
task_is(struct cards *cards, const char *code, int64_t yen, int kind)
{
    Sugu__GetMoneyTasks get = SUGU__GET_MONEY_TASKS__INIT;
    Sugu__Reply *reply = ward_call_as(&cards->till.day.desk, &cards->till.clerk,
                                      SUGU__REQUEST__BODY_GET_MONEY_TASKS, &get);
    struct sugu_id attempt = {{0}};

    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_eq(reply->money_tasks->n_tasks, *code ? 1 : 0);
    if (*code) {
        const Sugu__MoneyTask *task = reply->money_tasks->tasks[0];
        ck_assert_str_eq(task->code, code);
        ck_assert_int_eq(task->yen, yen);
        ck_assert_str_eq(task->patient_number, "0002");
        ck_assert_uint_eq(task->bill.len, 0);
        ck_assert_uint_eq(task->attempt.len, kind >= 0 ? SUGU_ID_SIZE : 0);
        if (kind >= 0) {
            ck_assert_int_eq((int)task->kind, kind);
            ck_assert_int_eq(task->method,
                             kind == (int)REGISTER ? CARD : SUGU__PAYMENT_METHOD__METHOD_ON_FILE);
            attempt = sugu_id_of(&task->attempt);
        }
    }
    sugu__reply__free_unpacked(reply, NULL);
    return attempt;
}

static void
no_task(struct cards *cards)
{
    task_is(cards, "", 0, -1);
}

/* What a person says of it, with the number that the provider's list has for it. */
static void
resolve(struct cards *cards,
        const struct sugu_id *attempt,
        Sugu__AttemptState state,
        int64_t yen,
        const char *provider_id,
        const char *code)
{
    Sugu__ResolvePayment body = SUGU__RESOLVE_PAYMENT__INIT;

    body.attempt = sugu_id_field(attempt);
    body.state = state;
    body.approved_yen = yen;
    body.provider_id = (char *)provider_id;
    body.reason = (char *)"list of the provider";
    body.desk = (char *)"9";
    sugu_day_expect_code(ward_call_as(&cards->till.day.desk, &cards->till.boss,
                                      SUGU__REQUEST__BODY_RESOLVE_PAYMENT, &body),
                         code);
}

static void
end_card(struct cards *cards)
{
    Sugu__ChangeCard body = SUGU__CHANGE_CARD__INIT;

    body.card = sugu_id_field(&cards->card);
    body.verb = SUGU__CARD_VERB__CARD_END;
    body.reason = (char *)"changed her mind";
    body.desk = (char *)"9";
    sugu_day_expect_code(ward_call_as(&cards->till.day.desk, &cards->till.clerk,
                                      SUGU__REQUEST__BODY_CHANGE_CARD, &body),
                         "");
}

/* Who resolved it, and why, stands in the trail. */
static void
trail_says(struct cards *cards, const char *words)
{
    ck_assert_str_eq(
        sugu_sql_text(cards->till.facts.connection,
                      "SELECT staff || ' ' || regexp_replace(detail, ' [0-9a-f-]{36} ',"
                      " ' ') FROM audit WHERE verb = 'resolve-payment' ORDER BY "
                      "made_at DESC LIMIT 1"),
        words);
}

/* ---- the keeper and the kiosk's program */

/* Nobody knows: without a number of the provider's. */
static void
end_held(struct sugu_test_client *client, const struct sugu_id *attempt, const char *token)
{
    Sugu__EndPayment end = SUGU__END_PAYMENT__INIT;

    end.attempt = sugu_id_field(attempt);
    end.state = *token ? APPROVED : HELD;
    end.code = (char *)(*token ? "" : "payment.held");
    end.token = (char *)token;
    end.terminal = (char *)"checkout";
    sugu_day_expect_code(sugu_test_client_call(client, SUGU__REQUEST__BODY_END_PAYMENT, &end, NULL),
                         "");
}

static void
keeper_hears_resolved(struct cards *cards, const struct sugu_id *attempt, int64_t yen)
{
    size_t from = 0;
    const Sugu__PaymentResolved *resolved =
        sugu_test_client_event(&cards->keeper, SUGU__EVENT__BODY_PAYMENT_RESOLVED, &from)
            ->payment_resolved;
    struct sugu_id is = sugu_id_of(&resolved->attempt);

    ck_assert(sugu_id_equal(&is, attempt));
    ck_assert_int_eq(resolved->approved_yen, yen);
}

/* A card in force, a check-in as B-001, and a hold that ended as held. */
static struct sugu_id
init_with_held_hold(struct cards *cards)
{
    cards_init(cards, "3000");
    cards_have_card(cards);
    cards_check_in(cards, "B-001");
    cards_hears(cards, HOLD, 3000);
    end_held(&cards->keeper, &cards->attempt, "");
    return task_is(cards, "payment.held", 3000, HOLD);
}

/* ---- a hold */

START_TEST(a_hold_that_a_person_found_pays_the_bill)
{
    struct cards cards;
    struct sugu_id hold = init_with_held_hold(&cards), original;
    const Sugu__PaymentOrder *order;

    ck_assert(sugu_id_equal(&hold, &cards.attempt));
    till_resolve(&cards.till, &cards.till.clerk, &hold, APPROVED, 3000, "staff.not-allowed");
    resolve(&cards, &hold, APPROVED, 0, "psp-7", "payment.amount");
    resolve(&cards, &hold, APPROVED, 3001, "psp-7", "payment.amount");
    resolve(&cards, &hold, DECLINED, 3000, "psp-7", "payment.amount");
    resolve(&cards, &hold, APPROVED, 3000, "", "payment.id-needed");
    resolve(&cards, &hold, APPROVED, 3000, "psp-7", "");
    trail_says(&cards, "boss hold approved: list of the provider");
    keeper_hears_resolved(&cards, &hold, 3000);
    no_task(&cards);
    resolve(&cards, &hold, DECLINED, 0, "", "payment.not-allowed");
    cards_announce(&cards, 1, BILL_YEN);
    order = cards_hears(&cards, PAYMENT, BILL_YEN);
    original = sugu_id_of(&order->original);
    ck_assert(sugu_id_equal(&original, &hold));
    ck_assert_str_eq(order->original_provider_id, "psp-7");
    cards_approve(&cards, BILL_YEN);
    cards_visit_is(&cards, LEFT);
    cards_hears_nothing(&cards);
    cards_open_work_is(&cards, 0, 0);
    till_books_say(&cards.till, "on-file-clearing 870 revenue-clearing -870");
    cards_done(&cards);
}
END_TEST

START_TEST(a_hold_that_did_not_happen_leaves_the_bill_to_a_kiosk)
{
    struct cards cards;
    struct sugu_id hold = init_with_held_hold(&cards);

    resolve(&cards, &hold, DECLINED, 0, "", "");
    trail_says(&cards, "boss hold declined: list of the provider");
    no_task(&cards);
    cards_announce(&cards, 1, BILL_YEN);
    cards_hears_nothing(&cards);
    cards_come(&cards);
    cards_bill_says(&cards, "later.declined");
    cards_session_says(&cards, ACTIVE, "later.declined"); /* of this visit; the card stays good */
    ck_assert_int_eq(till_count(&cards.till, "card_on_file WHERE state = 1"), 1);
    cards_open_work_is(&cards, 0, 0);
    cards_done(&cards);
}
END_TEST

START_TEST(a_hold_that_is_found_after_the_bill_was_paid_is_let_go)
{
    struct cards cards;
    struct sugu_id hold = init_with_held_hold(&cards);
    const Sugu__PaymentOrder *order;

    cards_announce(&cards, 1, BILL_YEN);
    order = cards_hears(&cards, PAYMENT, BILL_YEN);
    ck_assert_uint_eq(order->original.len, 0); /* nobody knows of a hold: a charge */
    cards_approve(&cards, BILL_YEN);
    cards_visit_is(&cards, LEFT);
    resolve(&cards, &hold, APPROVED, 2500, "psp-7", "");
    order = cards_hears(&cards, RELEASE, 2500);
    ck_assert_str_eq(order->original_provider_id, "psp-7");
    cards_approve(&cards, 0);
    no_task(&cards);
    till_books_say(&cards.till, "on-file-clearing 870 revenue-clearing -870");
    cards_done(&cards);
}
END_TEST

/* The look at a new card holds nothing: it was good, or it was not. */
START_TEST(a_look_at_a_card_that_a_person_found_puts_it_in_force)
{
    struct cards cards;
    struct sugu_id look;

    cards_init(&cards, "0");
    cards_consent(&cards, CARDS_CEILING, "");
    cards_register(&cards, SUGU__CARD_FUNDING__FUNDING_CREDIT, 203012);
    cards_hears(&cards, HOLD, 0);
    end_held(&cards.keeper, &cards.attempt, "");
    look = task_is(&cards, "payment.held", 0, HOLD);
    resolve(&cards, &look, APPROVED, 1, "", "payment.amount");
    resolve(&cards, &look, APPROVED, 0, "", "");
    no_task(&cards);
    cards_session_says(&cards, ACTIVE, "");
    cards_done(&cards);
}
END_TEST

/* ---- a release */

START_TEST(a_release_that_a_person_found_lets_the_card_go)
{
    struct cards cards;
    struct sugu_id release;

    cards_init_held(&cards, 3000);
    end_card(&cards);
    cards_hears(&cards, RELEASE, 3000);
    end_held(&cards.keeper, &cards.attempt, "");
    release = task_is(&cards, "payment.held", 3000, RELEASE);
    resolve(&cards, &release, APPROVED, 3000, "", "payment.amount"); /* it moves no money */
    resolve(&cards, &release, APPROVED, 0, "", "");
    no_task(&cards);
    cards_hears(&cards, FORGET, 0); /* nobody is at the card any more */
    cards_approve(&cards, 0);
    ck_assert_int_eq(till_count(&cards.till, "card_on_file WHERE token <> ''"), 0);
    cards_open_work_is(&cards, 0, 0);
    cards_done(&cards);
}
END_TEST

/* ---- a registration */

static struct sugu_id
init_with_held_registration(struct cards *cards)
{
    cards_init(cards, "0");
    cards_consent(cards, CARDS_CEILING, "");
    cards_begin_register(cards);
    end_held(&cards->till.day.payment, &cards->card, "");
    return task_is(cards, "payment.held", 0, REGISTER);
}

START_TEST(a_card_whose_token_nobody_has_ends_and_another_is_registered)
{
    struct cards cards;
    struct sugu_id registration = init_with_held_registration(&cards);

    resolve(&cards, &registration, APPROVED, 0, "", "");
    trail_says(&cards, "boss register approved: list of the provider");
    no_task(&cards);
    ck_assert_int_eq(till_count(&cards.till, "card_on_file WHERE state = 3 AND token = ''"), 1);
    cards_session_says(&cards, NONE, "");
    cards_have_card(&cards);
    cards_session_says(&cards, ACTIVE, "");
    cards_done(&cards);
}
END_TEST

/* The terminal told it after the person had: nobody counts on it, and the provider forgets it. */
START_TEST(a_token_that_comes_after_a_person_s_word_is_forgotten)
{
    static const Sugu__AttemptState words[] = {APPROVED, DECLINED};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(words); i++) {
        struct cards cards;
        struct sugu_id registration = init_with_held_registration(&cards);
        Sugu__EndPayment end = SUGU__END_PAYMENT__INIT;

        resolve(&cards, &registration, words[i], 0, "", "");
        no_task(&cards);
        end.attempt = sugu_id_field(&registration);
        end.state = APPROVED;
        end.token = (char *)"tok-1";
        end.terminal = (char *)"terminal-1";
        sugu_day_expect_code(sugu_test_client_call(&cards.till.day.payment,
                                                   SUGU__REQUEST__BODY_END_PAYMENT, &end, NULL),
                             words[i] == APPROVED ? "" : "payment.differs");
        ck_assert_int_eq(till_count(&cards.till, "card_on_file WHERE state = 3 AND token <> ''"),
                         1);
        cards_hears(&cards, FORGET, 0);
        cards_approve(&cards, 0);
        ck_assert_int_eq(till_count(&cards.till, "card_on_file WHERE token <> ''"), 0);
        cards_done(&cards);
    }
}
END_TEST

/* ---- coins that nobody believes */

static void
decline_cash(struct till *till, Sugu__AttemptState state, const char *code)
{
    Sugu__EndPayment body = SUGU__END_PAYMENT__INIT;
    Sugu__CashCount count = SUGU__CASH_COUNT__INIT;
    Sugu__CashCount *list[] = {&count};

    count.unit_yen = 1000;
    count.pieces_in = 1; /* and nothing came out, or is owed */
    body.attempt = sugu_id_field(&till->day.attempt);
    body.state = state;
    body.terminal = (char *)"kiosk-1";
    body.cash = list;
    body.n_cash = state == DECLINED ? 1 : 0;
    sugu_day_expect_code(
        sugu_test_client_call(&till->day.payment, SUGU__REQUEST__BODY_END_PAYMENT, &body, NULL),
        code);
}

/* As the program does it: what is not believed, a person has; what is over, is over. */
START_TEST(a_decline_that_does_not_add_up_is_a_person_s)
{
    struct till till;

    till_init(&till);
    sugu_day_until_billed(&till.day);
    till_begin(&till, PAYMENT, SUGU__PAYMENT_METHOD__METHOD_CASH, BILL_YEN, "");
    decline_cash(&till, DECLINED, "payment.amount");
    decline_cash(&till, HELD, "");
    till_resolve(&till, &till.boss, &till.day.attempt, DECLINED, 0, "");
    decline_cash(&till, DECLINED, "");
    till_bill_is(&till, SUGU__BILL_STATE__BILL_TO_COUNTER, BILL_YEN, 0);
    till_done(&till);
}
END_TEST

/* ---- a card that its provider keeps */

START_TEST(a_card_that_its_provider_keeps_is_a_task_after_a_week)
{
    struct cards cards;

    cards_init(&cards, "0");
    cards_have_card(&cards);
    cards_use(&cards, false, true, "", "");
    cards_hears(&cards, FORGET, 0);
    cards_decline(&cards, SUGU__DECLINE__NOT_DECLINED);
    cards_days_pass(&cards, 6);
    no_task(&cards);
    cards_hears(&cards, FORGET, 0);
    cards_decline(&cards, SUGU__DECLINE__NOT_DECLINED);
    cards_days_pass(&cards, 2);
    task_is(&cards, "later.not-forgotten", 0, -1);
    cards_hears(&cards, FORGET, 0); /* a day after the last no: somebody may have called it */
    end_held(&cards.keeper, &cards.attempt, "");
    task_is(&cards, "later.not-forgotten", 0, -1);
    cards_days_pass(&cards, 2);
    cards_hears(&cards, FORGET, 0);
    cards_approve(&cards, 0);
    no_task(&cards);
    cards_done(&cards);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("scenario-money-held",
                       250,
                       a_hold_that_a_person_found_pays_the_bill,
                       a_hold_that_did_not_happen_leaves_the_bill_to_a_kiosk,
                       a_hold_that_is_found_after_the_bill_was_paid_is_let_go,
                       a_look_at_a_card_that_a_person_found_puts_it_in_force,
                       a_release_that_a_person_found_lets_the_card_go,
                       a_card_whose_token_nobody_has_ends_and_another_is_registered,
                       a_token_that_comes_after_a_person_s_word_is_forgotten,
                       a_decline_that_does_not_add_up_is_a_person_s,
                       a_card_that_its_provider_keeps_is_a_task_after_a_week)
