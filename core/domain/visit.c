/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit - the table of a visit's states
 */
#include "domain/visit.h"

#define SUGU_NAME(name) #name,
static const char *const states[] = {SUGU_VISIT_STATES(SUGU_NAME)};
static const char *const events[] = {SUGU_VISIT_EVENTS(SUGU_NAME)};
static const char *const effects[] = {SUGU_VISIT_EFFECTS(SUGU_NAME)};

#define SUGU_RULE(from, event, to, effects_)                                                       \
    [SUGU_VISIT_##from * SUGU_VISIT_EVENT_COUNT + SUGU_VISIT_ON_##                                 \
        event] = {true, SUGU_VISIT_##to, effects_},
static const struct sugu_rule rules[SUGU_VISIT_STATE_COUNT * SUGU_VISIT_EVENT_COUNT] = {
    SUGU_VISIT_RULES(SUGU_RULE)};

const struct sugu_machine sugu_visit_machine = {
    .name = "visit",
    .refusal = "visit.not-allowed",
    .states = states,
    .events = events,
    .effects = effects,
    .state_count = SUGU_VISIT_STATE_COUNT,
    .event_count = SUGU_VISIT_EVENT_COUNT,
    .effect_count = SUGU_VISIT_EFFECT_COUNT,
    .rules = rules,
};
