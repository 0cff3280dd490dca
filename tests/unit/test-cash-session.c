/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-cash-session - what the table of a cash session has to say, whatever order things come in
 */
#include "domain/cash-session.h"

#include "base/random.h"
#include "testlib/checks.h"

#define STATE(name) SUGU_CASH_SESSION_##name
#define ON(name)    SUGU_CASH_SESSION_ON_##name
#define DO(name)    SUGU_CASH_SESSION_DO_##name

struct walk {
    unsigned state;
    uint32_t effects; /* of the last step */
};

static void
step(struct walk *walk, unsigned event, unsigned expected)
{
    struct sugu_error error;

    sugu_assert_ok(sugu_machine_step(&sugu_cash_session_machine, walk->state, event, &walk->state,
                                     &walk->effects, &error),
                   error);
    ck_assert_uint_eq(walk->state, expected);
}

START_TEST(a_bill_is_paid_with_change)
{
    struct walk walk = {STATE(IDLE), 0};

    step(&walk, ON(BEGIN), STATE(OPEN));
    ck_assert_uint_eq(walk.effects, DO(MASKS_ON));
    step(&walk, ON(ACCEPTED), STATE(COUNTING));
    step(&walk, ON(ACCEPTED), STATE(COUNTING));
    step(&walk, ON(FIX), STATE(FIXING));
    ck_assert(walk.effects & DO(MASKS_OFF));
    step(&walk, ON(STILL), STATE(FIXED));
    step(&walk, ON(SETTLE_WITH_CHANGE), STATE(PAYING_OUT));
    ck_assert_uint_eq(walk.effects, DO(POST) | DO(PLAN));
    step(&walk, ON(PAID_SHORT), STATE(PAYING_OUT)); /* another device gives the rest */
    ck_assert(walk.effects & DO(PLAN));
    step(&walk, ON(PAID_OUT), STATE(DONE));
    ck_assert_uint_eq(walk.effects, DO(REPORT));
}
END_TEST

START_TEST(cancel_gives_everything_back_and_leaving_keeps_it)
{
    struct walk walk = {STATE(COUNTING), 0};

    step(&walk, ON(CANCEL), STATE(CLEARING));
    ck_assert_uint_eq(walk.effects, DO(MASKS_OFF) | DO(RETURN_ESCROW));
    step(&walk, ON(ACCEPTED), STATE(CLEARING)); /* was on its way */
    step(&walk, ON(STILL), STATE(REPAYING));
    step(&walk, ON(NOTHING_MORE), STATE(DONE));
    ck_assert(walk.effects & DO(OWE) && walk.effects & DO(CALL_STAFF));

    walk.state = STATE(COUNTING);
    step(&walk, ON(PATIENT_GONE), STATE(KEEPING));
    ck_assert(walk.effects & DO(RETURN_ESCROW));
    step(&walk, ON(STILL), STATE(DONE));
    ck_assert_uint_eq(walk.effects, DO(KEEP) | DO(CALL_STAFF) | DO(REPORT));
}
END_TEST

START_TEST(a_session_found_open_is_compared_before_anything_else)
{
    static const unsigned taking[] = {STATE(OPEN),   STATE(COUNTING), STATE(PAUSED),
                                      STATE(FIXING), STATE(CLEARING), STATE(KEEPING),
                                      STATE(FIXED),  STATE(COMPARING)};
    static const unsigned paying[] = {STATE(PAYING_OUT), STATE(REPAYING)};
    struct walk walk;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(taking); i++) {
        walk.state = taking[i];
        step(&walk, ON(FOUND_OPEN), STATE(COMPARING));
        ck_assert(walk.effects & DO(COMPARE) && walk.effects & DO(MASKS_OFF));
        step(&walk, ON(SAME), STATE(PAUSED));
        walk.state = STATE(COMPARING);
        step(&walk, ON(DIFFERS), STATE(FAULT));
        ck_assert(walk.effects & DO(HOLD));
    }
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(paying); i++) {
        walk.state = paying[i];
        step(&walk, ON(FOUND_OPEN), paying[i]);
        ck_assert(walk.effects & DO(COMPARE) && !(walk.effects & DO(PLAN)));
        step(&walk, ON(SAME), paying[i]);
        ck_assert_uint_eq(walk.effects, DO(PLAN));
        step(&walk, ON(DIFFERS), STATE(FAULT));
    }
}
END_TEST

START_TEST(money_is_counted_in_every_state)
{
    for (unsigned state = 0; state < SUGU_CASH_SESSION_STATE_COUNT; state++) {
        struct sugu_error error;
        uint32_t effects;
        unsigned next;

        sugu_assert_ok(sugu_machine_step(&sugu_cash_session_machine, state, ON(ACCEPTED), &next,
                                         &effects, &error),
                       error);
        ck_assert(effects & DO(COUNT));
        /* Where the sum was final or gone, somebody has to know or it goes back. */
        if (state == STATE(DONE) || state == STATE(IDLE))
            ck_assert(effects & DO(KEEP) && effects & DO(CALL_STAFF));
        if (state == STATE(FIXED))
            ck_assert_uint_eq(next, STATE(FIXING));
    }
}
END_TEST

START_TEST(every_doubt_ends_in_a_fault_that_only_staff_end)
{
    for (unsigned state = 0; state < SUGU_CASH_SESSION_STATE_COUNT; state++) {
        struct sugu_error error;
        uint32_t effects;
        unsigned next;

        if (sugu_machine_step(&sugu_cash_session_machine, state, ON(UNSURE), &next, &effects,
                              &error) != SUGU_OK) {
            ck_assert(state == STATE(IDLE) || state == STATE(DONE) || state == STATE(FAULT));
            continue;
        }
        ck_assert_uint_eq(next, STATE(FAULT));
        ck_assert(effects & DO(MASKS_OFF) && effects & DO(HOLD) && effects & DO(CALL_STAFF));
    }
    for (unsigned event = 0; event < SUGU_CASH_SESSION_EVENT_COUNT; event++) {
        struct sugu_error error;
        unsigned next;

        if (sugu_machine_step(&sugu_cash_session_machine, STATE(FAULT), event, &next, NULL,
                              &error) == SUGU_OK)
            ck_assert(next == STATE(FAULT) || event == ON(STAFF_SETTLED));
    }
}
END_TEST

/* Whatever happens: masks are on in two states only, nothing is posted before all was still, and
 * nothing goes out before it was fixed. */
START_TEST(a_random_walk_posts_once_and_only_what_is_fixed)
{
    struct sugu_random_seeded seeded;
    unsigned posts = 0;

    sugu_random_seeded_init(&seeded, 77);
    for (int round = 0; round < 20000; round++) {
        struct walk walk = {STATE(IDLE), 0};
        bool masks_on = false, is_still = false, is_posted = false;

        for (int i = 0; i < 60 && walk.state != STATE(DONE); i++) {
            unsigned event =
                (unsigned)sugu_random_below(&seeded.random, SUGU_CASH_SESSION_EVENT_COUNT);
            struct sugu_error error;

            if (sugu_machine_step(&sugu_cash_session_machine, walk.state, event, &walk.state,
                                  &walk.effects, &error) != SUGU_OK)
                continue;
            if (walk.effects & DO(MASKS_ON))
                masks_on = true, is_still = false;
            if (walk.effects & DO(MASKS_OFF))
                masks_on = false;
            is_still |= event == ON(STILL);
            ck_assert_int_eq(masks_on, sugu_cash_session_takes_money(walk.state));
            if (walk.effects & DO(POST)) {
                ck_assert(!is_posted && is_still);
                is_posted = true;
                posts++;
            }
            if (walk.effects & DO(PLAN))
                ck_assert(is_still);
            if (is_posted)
                ck_assert(walk.state == STATE(PAYING_OUT) || walk.state == STATE(DONE) ||
                          walk.state == STATE(FAULT));
        }
    }
    ck_assert_uint_gt(posts, 20);
}
END_TEST

START_TEST(what_is_owed_is_never_negative)
{
    int64_t owed = 5;

    ck_assert(sugu_cash_session_owed(5000, 1700, 3240, &owed));
    ck_assert_int_eq(owed, 60);
    ck_assert(sugu_cash_session_owed(0, 0, 0, &owed) && owed == 0);
    ck_assert(!sugu_cash_session_owed(1000, 1, 1000, &owed));
    ck_assert(!sugu_cash_session_owed(INT64_MAX, -1, 0, &owed));
    ck_assert(!sugu_cash_session_owed(0, INT64_MAX, INT64_MAX, &owed));
    ck_assert_int_eq(owed, 0);
}
END_TEST

SUGU_TEST_MAIN("cash-session",
               a_bill_is_paid_with_change,
               cancel_gives_everything_back_and_leaving_keeps_it,
               a_session_found_open_is_compared_before_anything_else,
               money_is_counted_in_every_state,
               every_doubt_ends_in_a_fault_that_only_staff_end,
               a_random_walk_posts_once_and_only_what_is_fixed,
               what_is_owed_is_never_negative)
