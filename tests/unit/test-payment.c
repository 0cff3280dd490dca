/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-payment - the attempt machine, doubtful answers, amounts, card numbers in text
 */
#include "domain/payment.h"

#include "base/random.h"
#include "domain/card-number.h"
#include "testlib/checks.h"

#include <string.h>

/* The specification: every allowed step; all other pairs are refused. */
static const struct {
    const char *state, *event, *next;
} allowed[] = {
    {"INTENDED", "SENDING", "SENT"},
    {"INTENDED", "NOTHING_DUE", "APPROVED"},
    {"INTENDED", "NOT_STARTED", "DECLINED"},
    {"INTENDED", "INTERRUPTED", "UNKNOWN"},
    {"SENT", "NOT_SENT", "DECLINED"},
    {"SENT", "APPROVED_BY_DEVICE", "APPROVED"},
    {"SENT", "DECLINED_BY_DEVICE", "DECLINED"},
    {"SENT", "BUSY", "UNKNOWN"},
    {"SENT", "NO_ANSWER", "UNKNOWN"},
    {"SENT", "INTERRUPTED", "UNKNOWN"},
    {"UNKNOWN", "INTERRUPTED", "UNKNOWN"},
    {"UNKNOWN", "STATUS_APPROVED", "APPROVED"},
    {"UNKNOWN", "STATUS_DECLINED", "DECLINED"},
    {"UNKNOWN", "STATUS_IN_PROGRESS", "UNKNOWN"},
    {"UNKNOWN", "STATUS_NOT_FOUND", "UNKNOWN"},
    {"UNKNOWN", "STATUS_NOT_FOUND_AGAIN", "DECLINED"},
    {"UNKNOWN", "STATUS_NO_ANSWER", "UNKNOWN"},
    {"UNKNOWN", "TRIES_USED_UP", "HELD"},
    {"UNKNOWN", "REPORT_REFUSED", "UNKNOWN"},
    {"HELD", "INTERRUPTED", "HELD"},
    {"HELD", "STATUS_APPROVED", "APPROVED"},
    {"HELD", "STATUS_DECLINED", "DECLINED"},
    {"HELD", "STATUS_IN_PROGRESS", "HELD"},
    {"HELD", "STATUS_NOT_FOUND", "HELD"},
    {"HELD", "STATUS_NOT_FOUND_AGAIN", "DECLINED"},
    {"HELD", "STATUS_NO_ANSWER", "HELD"},
    {"HELD", "REPORT_REFUSED", "HELD"},
    {"HELD", "STAFF_APPROVED", "APPROVED"},
    {"HELD", "STAFF_DECLINED", "DECLINED"},
    {"HELD", "STAFF_REVERSED", "REVERSED"},
    {"APPROVED", "STATUS_APPROVED", "APPROVED"},
    {"APPROVED", "STATUS_DECLINED", "APPROVED"},
    {"APPROVED", "REPORT_REFUSED", "HELD"},
    {"APPROVED", "PAID_OTHERWISE", "HELD"},
    {"DECLINED", "STATUS_DECLINED", "DECLINED"},
    {"DECLINED", "STATUS_APPROVED", "DECLINED"},
    {"DECLINED", "REPORT_REFUSED", "HELD"},
    {"REVERSED", "REPORT_REFUSED", "HELD"},
};

static const char *
expected_next(const char *state, const char *event)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(allowed); i++)
        if (strcmp(allowed[i].state, state) == 0 && strcmp(allowed[i].event, event) == 0)
            return allowed[i].next;
    return NULL;
}

START_TEST(every_pair_of_state_and_event_is_as_specified)
{
    const struct sugu_machine *machine = &sugu_attempt_machine;
    size_t count = 0;

    for (unsigned state = 0; state < machine->state_count; state++)
        for (unsigned event = 0; event < machine->event_count; event++) {
            const char *wanted = expected_next(machine->states[state], machine->events[event]);
            struct sugu_error error;
            unsigned next = 99;

            if (!wanted) {
                sugu_assert_fails(sugu_machine_step(machine, state, event, &next, NULL, &error),
                                  SUGU_REFUSED, "payment.not-allowed", error);
                continue;
            }
            count++;
            sugu_assert_ok(sugu_machine_step(machine, state, event, &next, NULL, &error), error);
            ck_assert_str_eq(machine->states[next], wanted);
        }
    ck_assert_uint_eq(count, SUGU_ARRAY_SIZE(allowed));
}
END_TEST

/* Whatever happens in whatever order: silence never declines, and what was approved is never
 * quietly declined. */
START_TEST(a_random_walk_never_loses_an_approval)
{
    struct sugu_random_seeded seeded;

    sugu_random_seeded_init(&seeded, 1234);
    for (int walk = 0; walk < 2000; walk++) {
        unsigned state = SUGU_ATTEMPT_INTENDED, next;
        bool was_sent = false;

        for (int step = 0; step < 60; step++) {
            unsigned event = (unsigned)sugu_random_below(&seeded.random, SUGU_ATTEMPT_EVENT_COUNT);
            uint32_t effects;
            struct sugu_error error;

            if (sugu_machine_step(&sugu_attempt_machine, state, event, &next, &effects, &error))
                continue;
            was_sent |= event == SUGU_ATTEMPT_ON_SENDING;
            if (next == SUGU_ATTEMPT_DECLINED && state != SUGU_ATTEMPT_DECLINED)
                ck_assert(event != SUGU_ATTEMPT_ON_NO_ANSWER && event != SUGU_ATTEMPT_ON_BUSY &&
                          event != SUGU_ATTEMPT_ON_STATUS_NOT_FOUND &&
                          event != SUGU_ATTEMPT_ON_INTERRUPTED && state != SUGU_ATTEMPT_APPROVED);
            if (next != state)
                ck_assert_msg(event == SUGU_ATTEMPT_ON_SENDING || effects != 0,
                              "a new state without an effect");
            if (state == SUGU_ATTEMPT_INTENDED && next == SUGU_ATTEMPT_APPROVED)
                ck_assert(!was_sent && event == SUGU_ATTEMPT_ON_NOTHING_DUE);
            state = next;
        }
    }
}
END_TEST

START_TEST(what_is_unknown_is_asked_about_and_told)
{
    const struct sugu_machine *machine = &sugu_attempt_machine;

    for (unsigned state = 0; state < machine->state_count; state++)
        for (unsigned event = 0; event < machine->event_count; event++) {
            struct sugu_error error;
            uint32_t effects;
            unsigned next;

            if (sugu_machine_step(machine, state, event, &next, &effects, &error))
                continue;
            if (next == SUGU_ATTEMPT_UNKNOWN && event != SUGU_ATTEMPT_ON_REPORT_REFUSED)
                ck_assert_msg(effects & SUGU_ATTEMPT_DO_QUERY, "%s", machine->events[event]);
            if (next != state && sugu_attempt_is_final(next))
                ck_assert_msg(effects & SUGU_ATTEMPT_DO_REPORT, "%s", machine->events[event]);
            if (next == SUGU_ATTEMPT_HELD && state != next)
                ck_assert_msg(effects & SUGU_ATTEMPT_DO_HOLD, "%s", machine->events[event]);
        }
}
END_TEST

START_TEST(what_was_approved_is_what_counts)
{
    ck_assert_int_eq(sugu_payment_judge_amount(3240, 3240), SUGU_AMOUNT_EXACT);
    ck_assert_int_eq(sugu_payment_judge_amount(3240, 3239), SUGU_AMOUNT_PARTIAL);
    ck_assert_int_eq(sugu_payment_judge_amount(3240, 1), SUGU_AMOUNT_PARTIAL);
    ck_assert_int_eq(sugu_payment_judge_amount(3240, 3241), SUGU_AMOUNT_TOO_MUCH);
    ck_assert_int_eq(sugu_payment_judge_amount(3240, 0), SUGU_AMOUNT_MISSING);
    ck_assert_int_eq(sugu_payment_judge_amount(3240, -1), SUGU_AMOUNT_MISSING);
    ck_assert_int_eq(sugu_payment_judge_amount(3240, 100000000), SUGU_AMOUNT_MISSING);
}
END_TEST

START_TEST(not_found_counts_twice_idle_and_apart)
{
    const int64_t apart = 5 * 1000000;
    struct sugu_not_found seen = {0};

    ck_assert_int_eq(sugu_payment_judge_not_found(&seen, true, 100, apart),
                     SUGU_ATTEMPT_ON_STATUS_NOT_FOUND);
    ck_assert_int_eq(sugu_payment_judge_not_found(&seen, true, 99 + apart, apart),
                     SUGU_ATTEMPT_ON_STATUS_NOT_FOUND);
    ck_assert_int_eq(sugu_payment_judge_not_found(&seen, true, 100 + apart, apart),
                     SUGU_ATTEMPT_ON_STATUS_NOT_FOUND_AGAIN);

    /* A device that is not idle may be working on it: from the beginning. */
    seen = (struct sugu_not_found){0};
    ck_assert_int_eq(sugu_payment_judge_not_found(&seen, true, 0, apart),
                     SUGU_ATTEMPT_ON_STATUS_NOT_FOUND);
    ck_assert_int_eq(sugu_payment_judge_not_found(&seen, false, 2 * apart, apart),
                     SUGU_ATTEMPT_ON_STATUS_IN_PROGRESS);
    ck_assert_int_eq(sugu_payment_judge_not_found(&seen, true, 3 * apart, apart),
                     SUGU_ATTEMPT_ON_STATUS_NOT_FOUND);
}
END_TEST

START_TEST(card_numbers_are_hidden_but_for_four_digits)
{
    static const struct {
        const char *text, *hidden;
    } rows[] = {
        {"5413330089099999", "************9999"},
        {"x4111111111111111y", "x************1111y"},
        {"4111 1111 1111 1111", "**** **** **** 1111"},
        {"4111-1111-1111-1111.", "****-****-****-1111."},
        {"4111111111111113", "4111111111111113"}, /* wrong check digit */
        {"411111111111", "411111111111"},         /* too short */
        {"tx 0000A17C", "tx 0000A17C"},
        /* The terminal's own number: the check digit holds by chance, but no card begins with 0. */
        {"BV0q001643892070000.VK9D", "BV0q001643892070000.VK9D"},
        {"0005413330089099999", "***************9999"},
        {"", ""},
    };
    char text[64];

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        bool is_hidden = strcmp(rows[i].text, rows[i].hidden) != 0;
        strncpy(text, rows[i].text, sizeof text - 1);
        ck_assert_int_eq(sugu_card_number_hide(text), is_hidden);
        ck_assert_str_eq(text, rows[i].hidden);
    }
    /* A number inside a longer run is found as well, however long. */
    strncpy(text, "15413330089099999", sizeof text - 1);
    ck_assert(sugu_card_number_hide(text));
    ck_assert_str_eq(text, "*************9999");
    strncpy(text, "99411111111111111199991", sizeof text - 1);
    ck_assert(sugu_card_number_hide(text));
    ck_assert_ptr_null(strstr(text, "41111111"));
}
END_TEST

SUGU_TEST_MAIN("payment",
               every_pair_of_state_and_event_is_as_specified,
               a_random_walk_never_loses_an_approval,
               what_is_unknown_is_asked_about_and_told,
               what_was_approved_is_what_counts,
               not_found_counts_twice_idle_and_apart,
               card_numbers_are_hidden_but_for_four_digits)
