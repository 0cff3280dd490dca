/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-bill-due - what is due of a bill, and what revisions, payments and refunds mean for it
 *
 * The property test plays random stories with the rules and the bill's machine, beside a model that
 * only adds up what the patient gave and got.
 */
#include "domain/bill-due.h"

#include "testlib/checks.h"

#include <string.h>

#define STORIES 20000
#define STEPS   14

/* ---- single rules */

static const struct {
    struct sugu_bill_money money;
    int64_t due, excess;
} sums[] = {
    {{.total_yen = 870}, 870, 0},
    {{.total_yen = 870, .paid_yen = 300}, 570, 0},
    {{.total_yen = 870, .paid_yen = 870}, 0, 0},
    {{.total_yen = 500, .paid_yen = 870}, 0, 370},
    {{.total_yen = 870, .held_yen = 870}, 870, 0}, /* a deposit pays nothing before it is applied */
    {{.total_yen = 870, .waived_yen = 200, .paid_yen = 670}, 0, 0},
    {{.total_yen = 870, .waived_yen = 870, .paid_yen = 870}, 0, 870}, /* withdrawn */
};

START_TEST(due_and_excess_are_never_both)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(sums); i++) {
        ck_assert_int_eq(sugu_bill_due_yen(&sums[i].money), sums[i].due);
        ck_assert_int_eq(sugu_bill_excess_yen(&sums[i].money), sums[i].excess);
    }
}
END_TEST

static const struct {
    enum sugu_bill_state state;
    struct sugu_bill_money money;
    bool is_proven;
    enum sugu_bill_event event;
} revisions[] = {
    {SUGU_BILL_ANNOUNCED, {.total_yen = 870}, true, SUGU_BILL_ON_REVISE},
    {SUGU_BILL_SETTLED, {.total_yen = 0}, true, SUGU_BILL_ON_REVISE}, /* nothing was ever paid */
    {SUGU_BILL_SETTLED, {.total_yen = 900, .paid_yen = 870}, true, SUGU_BILL_ON_REVISE},
    {SUGU_BILL_SETTLED, {.total_yen = 870, .paid_yen = 870}, true, SUGU_BILL_ON_REVISE_PAID},
    {SUGU_BILL_SETTLED, {.total_yen = 869, .paid_yen = 870}, true, SUGU_BILL_ON_REVISE_LESS},
    {SUGU_BILL_DEPOSITED, {.total_yen = 900, .held_yen = 870}, false, SUGU_BILL_ON_REVISE_UNPROVEN},
    {SUGU_BILL_DEPOSITED, {.total_yen = 870, .paid_yen = 870}, true, SUGU_BILL_ON_REVISE_PAID},
    {SUGU_BILL_TO_COUNTER, {.total_yen = 900, .held_yen = 870}, false, SUGU_BILL_ON_REVISE},
};

START_TEST(a_revision_says_what_it_is)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(revisions); i++)
        ck_assert_int_eq(
            sugu_bill_revise_event(revisions[i].state, &revisions[i].money, revisions[i].is_proven),
            revisions[i].event);
}
END_TEST

static const struct {
    enum sugu_attempt_kind kind;
    struct sugu_bill_money money;
    int64_t approved;
    enum sugu_bill_event event;
} approvals[] = {
    {SUGU_ATTEMPT_IS_PAYMENT, {.total_yen = 870}, 870, SUGU_BILL_ON_PAYMENT_APPROVED},
    {SUGU_ATTEMPT_IS_PAYMENT, {.total_yen = 870}, 869, SUGU_BILL_ON_PART_APPROVED},
    {SUGU_ATTEMPT_IS_PAYMENT, {.total_yen = 870}, 871, SUGU_BILL_ON_MORE_APPROVED},
    {SUGU_ATTEMPT_IS_PAYMENT, {.total_yen = 0}, 0, SUGU_BILL_ON_PAYMENT_APPROVED},
    {SUGU_ATTEMPT_IS_PAYMENT, {.total_yen = 9, .paid_yen = 10}, 0, SUGU_BILL_ON_MORE_APPROVED},
    {SUGU_ATTEMPT_IS_DEPOSIT, {.total_yen = 870}, 500, SUGU_BILL_ON_DEPOSIT_APPROVED},
    {SUGU_ATTEMPT_IS_DEPOSIT, {.total_yen = 870}, 900, SUGU_BILL_ON_MORE_APPROVED},
};

START_TEST(an_approval_says_what_it_is)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(approvals); i++)
        ck_assert_int_eq(
            sugu_bill_approve_event(approvals[i].kind, &approvals[i].money, approvals[i].approved),
            approvals[i].event);
}
END_TEST

#define PAID(total, waived, paid, held)                                                            \
    {                                                                                              \
        .total_yen = (total), .waived_yen = (waived), .paid_yen = (paid), .held_yen = (held)       \
    }

static const struct {
    enum sugu_refund_reason reason;
    struct sugu_bill_money money;
    int64_t yen;
    bool may;
    enum sugu_bill_event event; /* where it may */
} refunds[] = {
    {SUGU_REFUND_OVERPAID, PAID(500, 0, 870, 0), 370, true, SUGU_BILL_ON_REFUND_EXCESS},
    {SUGU_REFUND_OVERPAID, PAID(500, 0, 870, 0), 369, true, SUGU_BILL_ON_REFUND_SOME},
    {SUGU_REFUND_OVERPAID, PAID(500, 0, 870, 0), 371, false, 0},
    {SUGU_REFUND_OVERPAID, PAID(870, 0, 870, 0), 1, false, 0},
    {SUGU_REFUND_OVERPAID, PAID(870, 870, 870, 0), 870, true, SUGU_BILL_ON_REFUND_WHOLE},
    {SUGU_REFUND_OVERPAID, PAID(0, 0, 870, 0), 870, true, SUGU_BILL_ON_REFUND_EXCESS},
    {SUGU_REFUND_VOID, PAID(870, 0, 870, 0), 870, true, SUGU_BILL_ON_PAYMENT_VOIDED},
    {SUGU_REFUND_VOID, PAID(870, 0, 870, 0), 871, false, 0},
    {SUGU_REFUND_VOID, PAID(500, 0, 870, 0), 100, true, SUGU_BILL_ON_REFUND_SOME},
    {SUGU_REFUND_VOID, PAID(500, 0, 870, 0), 370, true, SUGU_BILL_ON_REFUND_EXCESS},
    {SUGU_REFUND_VOID, PAID(500, 0, 870, 0), 870, true, SUGU_BILL_ON_PAYMENT_VOIDED},
    {SUGU_REFUND_VOID, PAID(870, 0, 0, 500), 500, true, SUGU_BILL_ON_PAYMENT_VOIDED},
    {SUGU_REFUND_VOID, PAID(870, 0, 0, 500), 499, true, SUGU_BILL_ON_REFUND_SOME},
    {SUGU_REFUND_CORRECTION, PAID(870, 0, 870, 0), 200, true, SUGU_BILL_ON_REFUND_IN_PART},
    {SUGU_REFUND_CORRECTION, PAID(870, 0, 870, 0), 870, true, SUGU_BILL_ON_REFUND_WHOLE},
    {SUGU_REFUND_CORRECTION, PAID(870, 200, 670, 0), 670, true, SUGU_BILL_ON_REFUND_WHOLE},
    {SUGU_REFUND_CORRECTION, PAID(870, 0, 300, 0), 100, false, 0}, /* the rest is due */
    {SUGU_REFUND_CORRECTION, PAID(500, 0, 870, 0), 100, false, 0}, /* the excess goes first */
    {SUGU_REFUND_CORRECTION, PAID(870, 870, 0, 300), 100, false, 0},
};

START_TEST(a_refund_says_what_it_is)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(refunds); i++) {
        ck_assert_msg(sugu_bill_may_refund(refunds[i].reason, &refunds[i].money, refunds[i].yen) ==
                          refunds[i].may,
                      "row %zu", i);
        if (refunds[i].may)
            ck_assert_msg(sugu_bill_refund_event(refunds[i].reason, &refunds[i].money,
                                                 refunds[i].yen) == refunds[i].event,
                          "row %zu", i);
    }
}
END_TEST

START_TEST(what_goes_back_is_taken_from_the_right_side)
{
    struct sugu_bill_money money = {.total_yen = 870, .held_yen = 500};

    ck_assert_int_eq(sugu_bill_apply_deposit(&money), 500);
    ck_assert_int_eq(sugu_bill_apply_deposit(&money), 0);
    ck_assert_int_eq(money.paid_yen, 500);
    sugu_bill_give_back(SUGU_REFUND_VOID, 100, &money);
    ck_assert_int_eq(sugu_bill_due_yen(&money), 470);
    sugu_bill_take(SUGU_ATTEMPT_IS_PAYMENT, 470, &money);
    sugu_bill_give_back(SUGU_REFUND_CORRECTION, 200, &money);
    ck_assert_int_eq(money.waived_yen, 200);
    ck_assert_int_eq(money.paid_yen, 670);
    ck_assert_int_eq(sugu_bill_due_yen(&money), 0);
    money = (struct sugu_bill_money){.total_yen = 870};
    sugu_bill_take(SUGU_ATTEMPT_IS_DEPOSIT, 500, &money);
    ck_assert_int_eq(money.paid_yen, 0);
    sugu_bill_give_back(SUGU_REFUND_VOID, 500, &money);
    ck_assert_int_eq(money.held_yen, 0);
}
END_TEST

/* ---- random stories */

struct story {
    struct sugu_bill_money money;
    unsigned state;
    bool is_proven;
    int64_t given, got; /* the model: by the patient, by the patient */
    int64_t wanted;     /* the model: what the hospital wants in the end */
    uint64_t random;
};

static uint64_t
roll(struct story *story, uint64_t below)
{
    story->random = story->random * 6364136223846793005u + 1442695040888963407u;
    return (story->random >> 33) % below;
}

/* Money is never refused: the machine has a rule, or the story is wrong. */
static bool
step(struct story *story, enum sugu_bill_event event)
{
    return sugu_machine_step(&sugu_bill_machine, story->state, event, &story->state, NULL, NULL) ==
           SUGU_OK;
}

static void
revise(struct story *story)
{
    struct sugu_bill_money money = {.total_yen = (int64_t)roll(story, 9) * 100,
                                    .paid_yen = story->money.paid_yen,
                                    .held_yen = story->money.held_yen};

    if (story->state == SUGU_BILL_DEPOSITED && roll(story, 2))
        story->is_proven = true;
    if (story->is_proven)
        sugu_bill_apply_deposit(&money);
    ck_assert_msg(step(story, sugu_bill_revise_event((enum sugu_bill_state)story->state, &money,
                                                     story->is_proven)),
                  "no revision in state %s", sugu_bill_machine.states[story->state]);
    story->money = money;
    story->wanted = money.total_yen;
}

static void
pay(struct story *story)
{
    int64_t due = sugu_bill_due_yen(&story->money);
    bool is_deposit = !story->is_proven && due > 300 && story->money.paid_yen == 0 &&
                      story->money.held_yen == 0 && roll(story, 2);
    enum sugu_attempt_kind kind = is_deposit ? SUGU_ATTEMPT_IS_DEPOSIT : SUGU_ATTEMPT_IS_PAYMENT;
    int64_t yen = is_deposit ? 300 : (int64_t)roll(story, (uint64_t)due / 100 + 1) * 100;
    enum sugu_bill_event event;

    if (roll(story, 12) == 0)
        yen = due + 100; /* a device that took more than it should, or was late */
    else if (yen == 0 && due > 0)
        yen = due;
    if (!step(story, SUGU_BILL_ON_BEGIN_PAYMENT))
        return;
    event = sugu_bill_approve_event(kind, &story->money, yen);
    ck_assert(step(story, event));
    sugu_bill_take(event == SUGU_BILL_ON_MORE_APPROVED ? SUGU_ATTEMPT_IS_PAYMENT : kind, yen,
                   &story->money);
    story->given += yen;
}

static void
refund(struct story *story)
{
    enum sugu_refund_reason reason = (enum sugu_refund_reason)roll(story, 3);
    int64_t kept = story->money.paid_yen + story->money.held_yen;
    int64_t yen = ((int64_t)roll(story, (uint64_t)kept / 100 + 1) + 1) * 100;

    if (!sugu_bill_may_refund(reason, &story->money, yen) ||
        !step(story, sugu_bill_refund_event(reason, &story->money, yen)))
        return;
    if (reason == SUGU_REFUND_CORRECTION)
        story->wanted -= yen;
    sugu_bill_give_back(reason, yen, &story->money);
    story->got += yen;
}

static void
withdraw(struct story *story)
{
    bool is_paid = story->money.paid_yen + story->money.held_yen > 0;

    if (!step(story, is_paid ? SUGU_BILL_ON_WITHDRAW_PAID : SUGU_BILL_ON_WITHDRAW))
        return;
    story->money.waived_yen = story->money.total_yen;
    story->wanted = 0;
}

static void
move(struct story *story)
{
    struct sugu_bill_money money = story->money;

    if (roll(story, 2)) {
        step(story, SUGU_BILL_ON_SEND_TO_COUNTER);
        return;
    }
    if (!sugu_machine_allows(&sugu_bill_machine, story->state, SUGU_BILL_ON_OFFER_AGAIN))
        return;
    sugu_bill_apply_deposit(&money);
    ck_assert(step(story, sugu_bill_offer_event(&money)));
    story->money = money;
}

/* What the state promises to whoever reads it. */
static void
check_state(const struct story *story)
{
    const struct sugu_bill_money *money = &story->money;
    int64_t due = sugu_bill_due_yen(money), excess = sugu_bill_excess_yen(money);

    switch ((enum sugu_bill_state)story->state) {
    case SUGU_BILL_ANNOUNCED:
    case SUGU_BILL_REVISED:
        ck_assert_int_eq(excess, 0);
        ck_assert_int_eq(money->held_yen, 0);
        ck_assert(due > 0 || money->paid_yen == 0);
        return;
    case SUGU_BILL_SETTLED:
        ck_assert(due == 0 && excess == 0 && money->held_yen == 0);
        ck_assert(money->waived_yen == 0 || money->paid_yen > 0);
        return;
    case SUGU_BILL_OVERPAID:
        ck_assert_int_gt(excess, 0);
        return;
    case SUGU_BILL_DEPOSITED:
        ck_assert(money->held_yen > 0 && money->paid_yen == 0);
        return;
    case SUGU_BILL_REFUNDED_IN_PART:
        ck_assert(due == 0 && excess == 0 && money->waived_yen > 0 && money->paid_yen > 0);
        return;
    case SUGU_BILL_WITHDRAWN:
    case SUGU_BILL_REFUNDED:
        ck_assert(due == 0 && money->paid_yen + money->held_yen == 0);
        return;
    case SUGU_BILL_TO_COUNTER: /* anything: a person is at it */
        return;
    case SUGU_BILL_IN_PAYMENT:
    case SUGU_BILL_STATE_COUNT:
        break;
    }
    ck_abort_msg("in state %u", story->state);
}

START_TEST(what_the_patient_gave_and_got_is_what_the_bill_says)
{
    static void (*const steps[])(struct story *) = {revise, pay,      pay, refund,
                                                    refund, withdraw, move};
    unsigned seen[SUGU_BILL_STATE_COUNT] = {0};

    for (uint64_t seed = 0; seed < STORIES; seed++) {
        struct story story = {.random = seed, .is_proven = seed % 3 != 0};
        story.money.total_yen = story.wanted = (int64_t)roll(&story, 9) * 100;
        for (int i = 0; i < STEPS; i++) {
            steps[roll(&story, SUGU_ARRAY_SIZE(steps))](&story);
            ck_assert_int_eq(story.money.paid_yen + story.money.held_yen, story.given - story.got);
            ck_assert_int_eq(sugu_bill_owed_yen(&story.money), story.wanted);
            check_state(&story);
            seen[story.state]++;
        }
    }
    for (unsigned state = 0; state < SUGU_BILL_STATE_COUNT; state++)
        ck_assert_msg(seen[state] > 100 || state == SUGU_BILL_IN_PAYMENT, "%s: seen %u times",
                      sugu_bill_machine.states[state], seen[state]);
}
END_TEST

SUGU_TEST_MAIN("bill-due",
               due_and_excess_are_never_both,
               a_revision_says_what_it_is,
               an_approval_says_what_it_is,
               a_refund_says_what_it_is,
               what_goes_back_is_taken_from_the_right_side,
               what_the_patient_gave_and_got_is_what_the_bill_says)
