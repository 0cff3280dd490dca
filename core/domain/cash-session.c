/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-session - the states of one cash session, from the first coin to the last
 */
#include "domain/cash-session.h"

#define SUGU_NAME(name) #name,
static const char *const states[] = {SUGU_CASH_SESSION_STATES(SUGU_NAME)};
static const char *const events[] = {SUGU_CASH_SESSION_EVENTS(SUGU_NAME)};
static const char *const effects[] = {SUGU_CASH_SESSION_EFFECTS(SUGU_NAME)};

#define SUGU_RULE(from, event, to, effects_)                                                       \
    [SUGU_CASH_SESSION_##from * SUGU_CASH_SESSION_EVENT_COUNT + SUGU_CASH_SESSION_ON_##            \
        event] = {true, SUGU_CASH_SESSION_##to, effects_},
static const struct sugu_rule rules[SUGU_CASH_SESSION_STATE_COUNT * SUGU_CASH_SESSION_EVENT_COUNT] =
    {SUGU_CASH_SESSION_RULES(SUGU_RULE)};

const struct sugu_machine sugu_cash_session_machine = {
    .name = "cash_session",
    .refusal = "cash.not-allowed",
    .states = states,
    .events = events,
    .effects = effects,
    .state_count = SUGU_CASH_SESSION_STATE_COUNT,
    .event_count = SUGU_CASH_SESSION_EVENT_COUNT,
    .effect_count = SUGU_CASH_SESSION_EFFECT_COUNT,
    .rules = rules,
};

bool
sugu_cash_session_takes_money(enum sugu_cash_session_state state)
{
    return state == SUGU_CASH_SESSION_OPEN || state == SUGU_CASH_SESSION_COUNTING;
}

bool
sugu_cash_session_owed(int64_t in_yen, int64_t out_yen, int64_t approved_yen, int64_t *ret_owed_yen)
{
    int64_t owed;

    if (in_yen < 0 || out_yen < 0 || approved_yen < 0 ||
        __builtin_sub_overflow(in_yen, out_yen, &owed) ||
        __builtin_sub_overflow(owed, approved_yen, &owed) || owed < 0)
        return false;
    *ret_owed_yen = owed;
    return true;
}
