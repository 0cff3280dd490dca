/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bill-machine - the table of a bill's states
 */
#include "domain/bill-machine.h"

#define SUGU_NAME(name) #name,
static const char *const states[] = {SUGU_BILL_STATES(SUGU_NAME)};
static const char *const events[] = {SUGU_BILL_EVENTS(SUGU_NAME)};
static const char *const effects[] = {SUGU_BILL_EFFECTS(SUGU_NAME)};

#define SUGU_RULE(from, event, to, effects_)                                                       \
    [SUGU_BILL_##from * SUGU_BILL_EVENT_COUNT + SUGU_BILL_ON_##                                    \
        event] = {true, SUGU_BILL_##to, effects_},
static const struct sugu_rule rules[SUGU_BILL_STATE_COUNT * SUGU_BILL_EVENT_COUNT] = {
    SUGU_BILL_RULES(SUGU_RULE)};

const struct sugu_machine sugu_bill_machine = {
    .name = "bill",
    .refusal = "bill.not-allowed",
    .states = states,
    .events = events,
    .effects = effects,
    .state_count = SUGU_BILL_STATE_COUNT,
    .event_count = SUGU_BILL_EVENT_COUNT,
    .effect_count = SUGU_BILL_EFFECT_COUNT,
    .rules = rules,
};
