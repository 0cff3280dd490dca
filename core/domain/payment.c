/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payment - the table of an attempt's states, and the rules for doubtful answers
 */
#include "domain/payment.h"

#define SUGU_NAME(name) #name,
static const char *const states[] = {SUGU_ATTEMPT_STATES(SUGU_NAME)};
static const char *const events[] = {SUGU_ATTEMPT_EVENTS(SUGU_NAME)};
static const char *const effects[] = {SUGU_ATTEMPT_EFFECTS(SUGU_NAME)};

#define SUGU_RULE(from, event, to, effects_)                                                       \
    [SUGU_ATTEMPT_##from * SUGU_ATTEMPT_EVENT_COUNT + SUGU_ATTEMPT_ON_##                           \
        event] = {true, SUGU_ATTEMPT_##to, effects_},
static const struct sugu_rule rules[SUGU_ATTEMPT_STATE_COUNT * SUGU_ATTEMPT_EVENT_COUNT] = {
    SUGU_ATTEMPT_RULES(SUGU_RULE)};

const struct sugu_machine sugu_attempt_machine = {
    .name = "attempt",
    .refusal = "payment.not-allowed",
    .states = states,
    .events = events,
    .effects = effects,
    .state_count = SUGU_ATTEMPT_STATE_COUNT,
    .event_count = SUGU_ATTEMPT_EVENT_COUNT,
    .effect_count = SUGU_ATTEMPT_EFFECT_COUNT,
    .rules = rules,
};

bool
sugu_attempt_is_final(enum sugu_attempt_state state)
{
    return state == SUGU_ATTEMPT_APPROVED || state == SUGU_ATTEMPT_DECLINED ||
           state == SUGU_ATTEMPT_REVERSED;
}

enum sugu_amount_verdict
sugu_payment_judge_amount(int64_t asked_yen, int64_t approved_yen)
{
    if (approved_yen <= 0 || approved_yen > SUGU_PAYMENT_YEN_MAX)
        return SUGU_AMOUNT_MISSING;
    if (approved_yen < asked_yen)
        return SUGU_AMOUNT_PARTIAL;
    return approved_yen > asked_yen ? SUGU_AMOUNT_TOO_MUCH : SUGU_AMOUNT_EXACT;
}

enum sugu_attempt_event
sugu_payment_judge_not_found(struct sugu_not_found *seen,
                             bool is_idle,
                             int64_t now_us,
                             int64_t apart_us)
{
    if (!is_idle) {
        seen->was_seen = false;
        return SUGU_ATTEMPT_ON_STATUS_IN_PROGRESS;
    }
    if (!seen->was_seen) {
        seen->was_seen = true;
        seen->first_us = now_us;
        return SUGU_ATTEMPT_ON_STATUS_NOT_FOUND;
    }
    return now_us - seen->first_us >= apart_us ? SUGU_ATTEMPT_ON_STATUS_NOT_FOUND_AGAIN
                                               : SUGU_ATTEMPT_ON_STATUS_NOT_FOUND;
}
