/* SPDX-License-Identifier: Apache-2.0 */
/*
 * on-file-machine - the tables of a stored card's arrangement and of the dues of one visit
 */
#include "domain/on-file-machine.h"

#define SUGU_NAME(name) #name,
static const char *const states[] = {SUGU_ON_FILE_STATES(SUGU_NAME)};
static const char *const events[] = {SUGU_ON_FILE_EVENTS(SUGU_NAME)};
static const char *const effects[] = {SUGU_ON_FILE_EFFECTS(SUGU_NAME)};
static const char *const dues_states[] = {SUGU_DUES_STATES(SUGU_NAME)};
static const char *const dues_events[] = {SUGU_DUES_EVENTS(SUGU_NAME)};
static const char *const dues_effects[] = {SUGU_DUES_EFFECTS(SUGU_NAME)};

#define SUGU_RULE(from, event, to, effects_)                                                       \
    [SUGU_ON_FILE_##from * SUGU_ON_FILE_EVENT_COUNT + SUGU_ON_FILE_ON_##                           \
        event] = {true, SUGU_ON_FILE_##to, effects_},
static const struct sugu_rule rules[SUGU_ON_FILE_STATE_COUNT * SUGU_ON_FILE_EVENT_COUNT] = {
    SUGU_ON_FILE_RULES(SUGU_RULE)};
#undef SUGU_RULE

#define SUGU_RULE(from, event, to, effects_)                                                       \
    [SUGU_DUES_##from * SUGU_DUES_EVENT_COUNT + SUGU_DUES_ON_##                                    \
        event] = {true, SUGU_DUES_##to, effects_},
static const struct sugu_rule dues_rules[SUGU_DUES_STATE_COUNT * SUGU_DUES_EVENT_COUNT] = {
    SUGU_DUES_RULES(SUGU_RULE)};

const struct sugu_machine sugu_on_file_machine = {
    .name = "on_file",
    .refusal = "later.not-allowed",
    .states = states,
    .events = events,
    .effects = effects,
    .state_count = SUGU_ON_FILE_STATE_COUNT,
    .event_count = SUGU_ON_FILE_EVENT_COUNT,
    .effect_count = SUGU_ON_FILE_EFFECT_COUNT,
    .rules = rules,
};

const struct sugu_machine sugu_dues_machine = {
    .name = "dues",
    .refusal = "later.not-allowed",
    .states = dues_states,
    .events = dues_events,
    .effects = dues_effects,
    .state_count = SUGU_DUES_STATE_COUNT,
    .event_count = SUGU_DUES_EVENT_COUNT,
    .effect_count = SUGU_DUES_EFFECT_COUNT,
    .rules = dues_rules,
};
