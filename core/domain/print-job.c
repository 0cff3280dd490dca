/* SPDX-License-Identifier: Apache-2.0 */
/*
 * print-job - the table of a paper's states
 */
#include "domain/print-job.h"

#define SUGU_NAME(name) #name,
static const char *const states[] = {SUGU_PRINT_JOB_STATES(SUGU_NAME)};
static const char *const events[] = {SUGU_PRINT_JOB_EVENTS(SUGU_NAME)};
static const char *const effects[] = {SUGU_PRINT_JOB_EFFECTS(SUGU_NAME)};

#define SUGU_RULE(from, event, to, effects_)                                                       \
    [SUGU_PRINT_JOB_##from * SUGU_PRINT_JOB_EVENT_COUNT + SUGU_PRINT_JOB_ON_##                     \
        event] = {true, SUGU_PRINT_JOB_##to, effects_},
static const struct sugu_rule rules[SUGU_PRINT_JOB_STATE_COUNT * SUGU_PRINT_JOB_EVENT_COUNT] = {
    SUGU_PRINT_JOB_RULES(SUGU_RULE)};

const struct sugu_machine sugu_print_job_machine = {
    .name = "print_job",
    .refusal = "paper.not-allowed",
    .states = states,
    .events = events,
    .effects = effects,
    .state_count = SUGU_PRINT_JOB_STATE_COUNT,
    .event_count = SUGU_PRINT_JOB_EVENT_COUNT,
    .effect_count = SUGU_PRINT_JOB_EFFECT_COUNT,
    .rules = rules,
};

bool
sugu_print_job_is_over(enum sugu_print_job_state state)
{
    return state == SUGU_PRINT_JOB_OUT || state == SUGU_PRINT_JOB_FAILED ||
           state == SUGU_PRINT_JOB_DOUBTFUL;
}
