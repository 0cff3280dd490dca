/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ticket - the table of a ticket's states, and the number on it
 */
#include "domain/ticket.h"

#include "base/text.h"

#include <ctype.h>

#define SUGU_NAME(name) #name,
static const char *const states[] = {SUGU_STAGE_STATES(SUGU_NAME)};
static const char *const events[] = {SUGU_STAGE_EVENTS(SUGU_NAME)};
static const char *const effects[] = {SUGU_STAGE_EFFECTS(SUGU_NAME)};

#define SUGU_RULE(from, event, to, effects_)                                                       \
    [SUGU_STAGE_##from * SUGU_STAGE_EVENT_COUNT + SUGU_STAGE_ON_##                                 \
        event] = {true, SUGU_STAGE_##to, effects_},
static const struct sugu_rule rules[SUGU_STAGE_STATE_COUNT * SUGU_STAGE_EVENT_COUNT] = {
    SUGU_STAGE_RULES(SUGU_RULE)};

const struct sugu_machine sugu_stage_machine = {
    .name = "ticket",
    .refusal = "ticket.not-allowed",
    .states = states,
    .events = events,
    .effects = effects,
    .state_count = SUGU_STAGE_STATE_COUNT,
    .event_count = SUGU_STAGE_EVENT_COUNT,
    .effect_count = SUGU_STAGE_EFFECT_COUNT,
    .rules = rules,
};

void
sugu_ticket_number_format(char to[SUGU_TICKET_NUMBER_SIZE], const char *series, uint32_t number)
{
    snprintf(to, SUGU_TICKET_NUMBER_SIZE, "%.1s%s%03u", series, *series ? "-" : "", number);
}

bool
sugu_ticket_number_parse(const char *text, char ret_series[2], uint32_t *ret_number)
{
    char series[2] = "";
    int64_t number;

    if (isalpha((unsigned char)*text)) {
        series[0] = (char)toupper((unsigned char)*text++);
        text += *text == '-';
    }
    if (!sugu_text_is_digits(text, 9) || !sugu_text_to_int64(text, 1, 999999999, &number))
        return false;
    ret_series[0] = series[0];
    ret_series[1] = '\0';
    *ret_number = (uint32_t)number;
    return true;
}
