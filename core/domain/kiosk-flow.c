/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kiosk-flow - the step of the kiosk's pages, with the warning page over the others
 */
#include "domain/kiosk-flow.h"

#include <assert.h>

#define SUGU_STATE_NAME(name, kind, page) #name,
#define SUGU_EVENT_NAME(name, by)         #name,
#define SUGU_EFFECT_NAME(name)            #name,
static const char *const states[] = {SUGU_KIOSK_STATES(SUGU_STATE_NAME)};
static const char *const events[] = {SUGU_KIOSK_EVENTS(SUGU_EVENT_NAME)};
static const char *const effects[] = {SUGU_KIOSK_EFFECTS(SUGU_EFFECT_NAME)};

#define SUGU_STATE_KIND(name, kind, page) SUGU_KIOSK_##kind,
#define SUGU_STATE_PAGE(name, kind, page) page,
#define SUGU_EVENT_CAUSE(name, by)        SUGU_KIOSK_BY_##by,
static const enum sugu_kiosk_kind kinds[] = {SUGU_KIOSK_STATES(SUGU_STATE_KIND)};
static const char *const pages[] = {SUGU_KIOSK_STATES(SUGU_STATE_PAGE)};
static const enum sugu_kiosk_cause causes[] = {SUGU_KIOSK_EVENTS(SUGU_EVENT_CAUSE)};

#define SUGU_RULE(from, event, to, effects_)                                                       \
    [SUGU_KIOSK_##from * SUGU_KIOSK_EVENT_COUNT + SUGU_KIOSK_ON_##                                 \
        event] = {true, SUGU_KIOSK_##to, effects_},
static const struct sugu_rule rules[SUGU_KIOSK_STATE_COUNT * SUGU_KIOSK_EVENT_COUNT] = {
    SUGU_KIOSK_RULES(SUGU_RULE)};

const struct sugu_machine sugu_kiosk_machine = {
    .name = "kiosk",
    .refusal = "flow.not-allowed",
    .states = states,
    .events = events,
    .effects = effects,
    .state_count = SUGU_KIOSK_STATE_COUNT,
    .event_count = SUGU_KIOSK_EVENT_COUNT,
    .effect_count = SUGU_KIOSK_EFFECT_COUNT,
    .rules = rules,
};

/* The state whose rule applies: that of the warning, else that of the page under it. */
static unsigned
ruling_state(const struct sugu_kiosk_flow *flow, enum sugu_kiosk_event event)
{
    if (flow->state == SUGU_KIOSK_STILL_THERE &&
        !sugu_machine_allows(&sugu_kiosk_machine, flow->state, event))
        return flow->resume;
    return flow->state;
}

enum sugu_status
sugu_kiosk_flow_step(struct sugu_kiosk_flow *flow,
                     enum sugu_kiosk_event event,
                     uint32_t *ret_effects,
                     struct sugu_error *reterr)
{
    unsigned from = ruling_state(flow, event);
    unsigned next = 0;
    enum sugu_status status =
        sugu_machine_step(&sugu_kiosk_machine, from, event, &next, ret_effects, reterr);

    if (status != SUGU_OK)
        return status;
    if (next == SUGU_KIOSK_RESUME)
        next = flow->resume;
    else if (from != flow->state && next == from)
        next = flow->state; /* something small happened under the warning: it stays */
    if (next != SUGU_KIOSK_STILL_THERE)
        flow->resume = (enum sugu_kiosk_state)next;
    else if (flow->state != SUGU_KIOSK_STILL_THERE)
        flow->resume = flow->state;
    flow->state = (enum sugu_kiosk_state)next;
    return SUGU_OK;
}

bool
sugu_kiosk_flow_allows(const struct sugu_kiosk_flow *flow, enum sugu_kiosk_event event)
{
    return sugu_machine_allows(&sugu_kiosk_machine, ruling_state(flow, event), event);
}

enum sugu_kiosk_kind
sugu_kiosk_kind_of(enum sugu_kiosk_state state)
{
    assert((unsigned)state < SUGU_ARRAY_SIZE(kinds));
    return kinds[state];
}

enum sugu_kiosk_cause
sugu_kiosk_cause_of(enum sugu_kiosk_event event)
{
    assert((unsigned)event < SUGU_ARRAY_SIZE(causes));
    return causes[event];
}

enum sugu_kiosk_event
sugu_kiosk_pause(enum sugu_kiosk_state state, unsigned pauses)
{
    if (sugu_kiosk_kind_of(state) == SUGU_KIOSK_WAITS)
        return SUGU_KIOSK_ON_NO_ANSWER;
    if (state != SUGU_KIOSK_UNCLEAR || pauses == SUGU_KIOSK_PAUSES_SILENT)
        return SUGU_KIOSK_ON_IDLE;
    return pauses < SUGU_KIOSK_PAUSES_MAX ? SUGU_KIOSK_ON_NO_ANSWER : SUGU_KIOSK_ON_PAYMENT_HELD;
}

const char *
sugu_kiosk_page(enum sugu_kiosk_state state)
{
    assert((unsigned)state < SUGU_ARRAY_SIZE(pages));
    return pages[state];
}
