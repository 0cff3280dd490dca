/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-code-payment - states, watching and the way back of a payment by a code
 */
#include "domain/code-payment.h"

#include "base/random.h"
#include "domain/date.h"
#include "testlib/checks.h"

#include <string.h>

/* Every state of the provider in every state of an attempt that may still change, as a table. */
static const struct {
    enum sugu_attempt_state attempt;
    enum sugu_code_state said;
    const char *event; /* NULL: nothing to tell */
} verdicts[] = {
    {SUGU_ATTEMPT_SENT, SUGU_CODE_CREATED, NULL},
    {SUGU_ATTEMPT_SENT, SUGU_CODE_AUTHORIZED, NULL},
    {SUGU_ATTEMPT_SENT, SUGU_CODE_COMPLETED, "APPROVED_BY_DEVICE"},
    {SUGU_ATTEMPT_SENT, SUGU_CODE_EXPIRED, "DECLINED_BY_DEVICE"},
    {SUGU_ATTEMPT_SENT, SUGU_CODE_CANCELED, "DECLINED_BY_DEVICE"},
    {SUGU_ATTEMPT_SENT, SUGU_CODE_FAILED, "DECLINED_BY_DEVICE"},
    {SUGU_ATTEMPT_SENT, SUGU_CODE_REFUNDED, "NO_ANSWER"},
    {SUGU_ATTEMPT_SENT, SUGU_CODE_NOT_FOUND, "NO_ANSWER"},
    {SUGU_ATTEMPT_UNKNOWN, SUGU_CODE_CREATED, "STATUS_IN_PROGRESS"},
    {SUGU_ATTEMPT_UNKNOWN, SUGU_CODE_AUTHORIZED, "STATUS_IN_PROGRESS"},
    {SUGU_ATTEMPT_UNKNOWN, SUGU_CODE_COMPLETED, "STATUS_APPROVED"},
    {SUGU_ATTEMPT_UNKNOWN, SUGU_CODE_EXPIRED, "STATUS_DECLINED"},
    {SUGU_ATTEMPT_UNKNOWN, SUGU_CODE_CANCELED, "STATUS_DECLINED"},
    {SUGU_ATTEMPT_UNKNOWN, SUGU_CODE_FAILED, "STATUS_DECLINED"},
    {SUGU_ATTEMPT_UNKNOWN, SUGU_CODE_REFUNDED, "TRIES_USED_UP"},
    {SUGU_ATTEMPT_UNKNOWN, SUGU_CODE_NOT_FOUND, "STATUS_NOT_FOUND"},
    {SUGU_ATTEMPT_HELD, SUGU_CODE_CREATED, "STATUS_IN_PROGRESS"},
    {SUGU_ATTEMPT_HELD, SUGU_CODE_COMPLETED, "STATUS_APPROVED"},
    {SUGU_ATTEMPT_HELD, SUGU_CODE_EXPIRED, "STATUS_DECLINED"},
    {SUGU_ATTEMPT_HELD, SUGU_CODE_REFUNDED, "STATUS_IN_PROGRESS"},
    {SUGU_ATTEMPT_APPROVED, SUGU_CODE_COMPLETED, "STATUS_APPROVED"},
    {SUGU_ATTEMPT_APPROVED, SUGU_CODE_FAILED, "STATUS_DECLINED"},
    {SUGU_ATTEMPT_APPROVED, SUGU_CODE_CREATED, NULL},
    {SUGU_ATTEMPT_APPROVED, SUGU_CODE_REFUNDED, NULL},
    {SUGU_ATTEMPT_DECLINED, SUGU_CODE_COMPLETED, "STATUS_APPROVED"},
    {SUGU_ATTEMPT_DECLINED, SUGU_CODE_NOT_FOUND, NULL},
};

START_TEST(what_the_provider_says_becomes_an_event_that_the_machine_takes)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(verdicts); i++) {
        struct sugu_not_found seen = {0};
        enum sugu_attempt_event event = SUGU_ATTEMPT_EVENT_COUNT;
        bool is_told =
            sugu_code_judge(verdicts[i].attempt, verdicts[i].said, &seen, SUGU_SECOND, &event);

        ck_assert_msg(is_told == (verdicts[i].event != NULL), "row %zu", i);
        if (!is_told)
            continue;
        ck_assert_str_eq(sugu_attempt_machine.events[event], verdicts[i].event);
        ck_assert_msg(sugu_machine_allows(&sugu_attempt_machine, verdicts[i].attempt, event),
                      "row %zu: the machine has no rule", i);
    }
}
END_TEST

START_TEST(not_found_is_final_only_when_the_request_cannot_arrive_any_more)
{
    struct sugu_not_found seen = {0};
    enum sugu_attempt_event event;
    int64_t now_us = 5 * SUGU_SECOND;

    for (int i = 0; i < 15; i++, now_us += 4 * SUGU_SECOND) {
        ck_assert(
            sugu_code_judge(SUGU_ATTEMPT_UNKNOWN, SUGU_CODE_NOT_FOUND, &seen, now_us, &event));
        ck_assert_int_eq(event, SUGU_ATTEMPT_ON_STATUS_NOT_FOUND);
    }
    ck_assert(sugu_code_judge(SUGU_ATTEMPT_UNKNOWN, SUGU_CODE_NOT_FOUND, &seen, now_us, &event));
    ck_assert_int_eq(event, SUGU_ATTEMPT_ON_STATUS_NOT_FOUND_AGAIN);
    /* Anything else in between begins it anew. */
    ck_assert(sugu_code_judge(SUGU_ATTEMPT_UNKNOWN, SUGU_CODE_CREATED, &seen, now_us, &event));
    ck_assert(sugu_code_judge(SUGU_ATTEMPT_UNKNOWN, SUGU_CODE_NOT_FOUND, &seen,
                              now_us + SUGU_MINUTE, &event));
    ck_assert_int_eq(event, SUGU_ATTEMPT_ON_STATUS_NOT_FOUND);
}
END_TEST

START_TEST(words_of_the_provider_are_states_or_nothing)
{
    enum sugu_code_state state = SUGU_CODE_STATE_COUNT;

    ck_assert(sugu_code_state_parse("COMPLETED", &state));
    ck_assert_int_eq(state, SUGU_CODE_COMPLETED);
    ck_assert(!sugu_code_state_parse("completed", &state));
    ck_assert(!sugu_code_state_parse("COMPLETE", &state));
    ck_assert(!sugu_code_state_parse("", &state));
    ck_assert_int_eq(state, SUGU_CODE_COMPLETED);
    ck_assert_str_eq(sugu_code_reason(SUGU_CODE_EXPIRED), "payment.code-expired");
    ck_assert_str_eq(sugu_code_reason(SUGU_CODE_CANCELED), "payment.cancelled");
    ck_assert_str_eq(sugu_code_reason(SUGU_CODE_FAILED), "payment.declined");
    ck_assert_str_eq(sugu_code_reason(SUGU_CODE_COMPLETED), "");
}
END_TEST

START_TEST(a_shown_code_is_asked_for_every_four_seconds_until_it_expires)
{
    struct sugu_code_watch watch = {.shown_us = SUGU_SECOND, .expires_us = 31 * SUGU_SECOND};
    int64_t now_us = SUGU_SECOND, due_us;
    int questions = 0;
    enum sugu_code_duty duty;

    while ((duty = sugu_code_next(&watch, now_us, &due_us)) != SUGU_CODE_LEAVE) {
        if (duty == SUGU_CODE_ASK) {
            watch.last_asked_us = now_us;
            questions++;
            continue;
        }
        ck_assert_int_eq(duty, SUGU_CODE_WAIT);
        ck_assert_int_gt(due_us, now_us);
        now_us = due_us;
    }
    ck_assert_int_eq(questions, 7);
    ck_assert_int_eq(now_us, 31 * SUGU_SECOND);
}
END_TEST

START_TEST(a_left_code_is_deleted_first_and_watched_until_a_person_has_to_look)
{
    struct sugu_code_watch watch = {.shown_us = SUGU_SECOND,
                                    .expires_us = 300 * SUGU_SECOND,
                                    .left_us = 20 * SUGU_SECOND,
                                    .last_asked_us = 19 * SUGU_SECOND};
    int64_t now_us = 20 * SUGU_SECOND, due_us, last_us = 0, longest_us = 0;
    enum sugu_code_duty duty;
    int questions = 0;

    ck_assert_int_eq(sugu_code_next(&watch, now_us, &due_us), SUGU_CODE_DELETE);
    watch.deleted_us = now_us;
    while ((duty = sugu_code_next(&watch, now_us, &due_us)) != SUGU_CODE_HOLD) {
        ck_assert(duty == SUGU_CODE_ASK || duty == SUGU_CODE_WAIT);
        if (duty == SUGU_CODE_WAIT) {
            now_us = due_us;
            continue;
        }
        if (last_us && now_us - last_us > longest_us)
            longest_us = now_us - last_us;
        last_us = watch.last_asked_us = now_us;
        questions++;
    }
    ck_assert_int_eq(longest_us, SUGU_CODE_ASK_SELDOM_US);
    ck_assert_int_gt(questions, 40);
    ck_assert_int_ge(now_us, 300 * SUGU_SECOND + SUGU_CODE_HOLD_AFTER_US);
}
END_TEST

/* 2026-06-01 00:00 in Japan. */
static sugu_time_us
japan(int day, int hour, int minute)
{
    return (INT64_C(1780239600) + ((day - 1) * 24 + hour) * 3600 + minute * 60) * SUGU_SECOND;
}

START_TEST(a_payment_is_cancelled_on_its_day_and_refunded_afterwards)
{
    uint32_t date;

    ck_assert(sugu_date_of_utc(japan(1, 0, 0), SUGU_JAPAN_OFFSET_MINUTES, &date));
    ck_assert_uint_eq(date, 20260601);
    ck_assert_int_eq(sugu_code_way_back(japan(1, 9, 0), japan(1, 9, 1), true), SUGU_CODE_CANCEL);
    ck_assert_int_eq(sugu_code_way_back(japan(1, 9, 0), japan(1, 23, 59) - 1, true),
                     SUGU_CODE_CANCEL);
    ck_assert_int_eq(sugu_code_way_back(japan(1, 9, 0), japan(1, 23, 59), true), SUGU_CODE_REFUND);
    ck_assert_int_eq(sugu_code_way_back(japan(1, 9, 0), japan(2, 0, 10), true), SUGU_CODE_REFUND);
    ck_assert_int_eq(sugu_code_way_back(japan(1, 9, 0), japan(2, 9, 0), true), SUGU_CODE_REFUND);
    ck_assert_int_eq(sugu_code_way_back(japan(1, 9, 0), japan(1, 9, 1), false), SUGU_CODE_REFUND);
    /* Paid in the last minute of a day: the next day it is too late for us. */
    ck_assert_int_eq(sugu_code_way_back(japan(1, 23, 59), japan(2, 0, 1), true), SUGU_CODE_REFUND);
}
END_TEST

START_TEST(we_never_cancel_when_the_provider_would_not)
{
    struct sugu_random_seeded seeded;

    sugu_random_seeded_init(&seeded, 20260601);
    for (int i = 0; i < 20000; i++) {
        sugu_time_us paid =
            japan(1, 0, 0) + (int64_t)sugu_random_below(&seeded.random, 86400) * SUGU_SECOND;
        sugu_time_us now =
            paid + (int64_t)sugu_random_below(&seeded.random, 3 * 86400) * SUGU_SECOND;
        sugu_time_us end = japan(2, 0, 15); /* the first moment that is too late */

        if (sugu_code_way_back(paid, now, true) == SUGU_CODE_CANCEL)
            ck_assert(now + 15 * SUGU_MINUTE < end);
    }
}
END_TEST

START_TEST(clocks_may_be_a_minute_and_a_half_apart)
{
    sugu_time_us now = japan(1, 9, 0);

    ck_assert(sugu_code_clocks_agree(now, now + 90 * SUGU_SECOND));
    ck_assert(sugu_code_clocks_agree(now, now - 90 * SUGU_SECOND));
    ck_assert(!sugu_code_clocks_agree(now, now + 91 * SUGU_SECOND));
    ck_assert(!sugu_code_clocks_agree(now, now - 91 * SUGU_SECOND));
}
END_TEST

SUGU_TEST_MAIN("code-payment",
               what_the_provider_says_becomes_an_event_that_the_machine_takes,
               not_found_is_final_only_when_the_request_cannot_arrive_any_more,
               words_of_the_provider_are_states_or_nothing,
               a_shown_code_is_asked_for_every_four_seconds_until_it_expires,
               a_left_code_is_deleted_first_and_watched_until_a_person_has_to_look,
               a_payment_is_cancelled_on_its_day_and_refunded_afterwards,
               we_never_cancel_when_the_provider_would_not,
               clocks_may_be_a_minute_and_a_half_apart)
