/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-lane - the ways to take money side by side: which attempt each serves next, and how it is
 */
#include "payment/agent-private.h"

#include "base/log.h"
#include "base/text.h"

#define LOOK_AGAIN_US SUGU_SECOND

/* ---- how a lane is */

/* Looked at again soon, because it may only have been slow, and then ever more seldom. */
void
sugu_lane_set_away(struct sugu_agent *agent, struct sugu_lane *lane, const char *code)
{
    int64_t wait = lane->away_wait_us ? 2 * lane->away_wait_us : LOOK_AGAIN_US;

    if (wait > agent->settings.check_interval_us)
        wait = agent->settings.check_interval_us;
    lane->away_wait_us = wait;
    lane->state = SUGU_LANE_AWAY;
    sugu_text_copy(lane->code, sizeof lane->code, code);
    lane->check_due_us = sugu_agent_now(agent) + wait;
}

void
sugu_lane_set_ready(struct sugu_agent *agent, struct sugu_lane *lane)
{
    lane->state = SUGU_LANE_READY;
    lane->away_wait_us = 0;
    lane->check_due_us = sugu_agent_now(agent) + agent->settings.check_interval_us;
}

void
sugu_lane_set_resetting(struct sugu_agent *agent, struct sugu_lane *lane)
{
    lane->state = SUGU_LANE_RESETTING;
    lane->check_due_us = sugu_agent_now(agent);
}

/* ---- which attempt is whose */

static int
kind_of(uint32_t method)
{
    switch ((Sugu__PaymentMethod)method) {
    case SUGU__PAYMENT_METHOD__METHOD_CARD:
        return SUGU_LANE_CARD;
    case SUGU__PAYMENT_METHOD__METHOD_CASH:
        return SUGU_LANE_CASH;
    case SUGU__PAYMENT_METHOD__METHOD_CODE:
        return SUGU_LANE_CODE;
    case SUGU__PAYMENT_METHOD__METHOD_ON_FILE:
        return SUGU_LANE_ON_FILE;
    case SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE:
    case SUGU__PAYMENT_METHOD__METHOD_DESK:
    case _SUGU__PAYMENT_METHOD_IS_INT_SIZE:
        break;
    }
    return -1;
}

struct sugu_lane *
sugu_agent_lane_of(struct sugu_agent *agent, uint32_t method)
{
    int kind = kind_of(method);

    return kind >= 0 && agent->lanes[kind].ops ? &agent->lanes[kind] : NULL;
}

static bool
is_of(const struct sugu_slot *slot, enum sugu_lane_kind kind)
{
    return slot->is_used && kind_of(slot->attempt.method) == (int)kind;
}

bool
sugu_agent_lane_is_offered(const struct sugu_agent *agent, enum sugu_lane_kind kind)
{
    const struct sugu_lane *lane = &agent->lanes[kind];

    if (!lane->ops || lane->state == SUGU_LANE_AWAY)
        return false;
    for (size_t i = 0; i < SUGU_AGENT_ATTEMPTS_MAX && !lane->ops->is_shared; i++)
        if (is_of(&agent->slots[i], kind) && agent->slots[i].attempt.state == SUGU_ATTEMPT_UNKNOWN)
            return false;
    return true;
}

/* ---- the next job */

static bool
wants_to_begin(const struct sugu_slot *slot)
{
    return slot->attempt.state == SUGU_ATTEMPT_INTENDED &&
           slot->attempt.server_stage == SUGU_SERVER_BEGUN;
}

/* Does another attempt need the device first: one in doubt, or one whose patient stands there? */
static bool
is_in_use(const struct sugu_agent *agent, enum sugu_lane_kind kind, const struct sugu_slot *but)
{
    for (size_t i = 0; i < SUGU_AGENT_ATTEMPTS_MAX; i++) {
        const struct sugu_slot *slot = &agent->slots[i];

        if (slot == but || !is_of(slot, kind))
            continue;
        if (slot->attempt.state == SUGU_ATTEMPT_SENT ||
            slot->attempt.state == SUGU_ATTEMPT_UNKNOWN ||
            (slot->attempt.state == SUGU_ATTEMPT_INTENDED &&
             !sugu_attempt_is_order(&slot->attempt)))
            return true;
    }
    return false;
}

/* An order: nobody stands there whom a later try would surprise. It waits until the lane serves and
 * has nothing better to do. */
static bool
has_to_wait(const struct sugu_agent *agent, enum sugu_lane_kind kind, const struct sugu_slot *slot)
{
    const struct sugu_lane *lane = &agent->lanes[kind];

    return sugu_attempt_is_order(&slot->attempt) &&
           (lane->state == SUGU_LANE_AWAY ||
            (!lane->ops->is_shared && is_in_use(agent, kind, slot)));
}

/* Attempts first: a patient stands there. Then what is in doubt, then the look at the device. */
static void
step_lane(struct sugu_agent *agent, enum sugu_lane_kind kind)
{
    struct sugu_lane *lane = &agent->lanes[kind];
    struct sugu_slot *slot, *end = agent->slots + SUGU_AGENT_ATTEMPTS_MAX;
    int64_t now = sugu_agent_now(agent);

    for (slot = agent->slots; slot < end && !lane->job_runs && !agent->has_failed; slot++) {
        if (!is_of(slot, kind) || !wants_to_begin(slot) || has_to_wait(agent, kind, slot))
            continue;
        if (lane->state == SUGU_LANE_READY)
            lane->ops->begin(agent, slot);
        else if (lane->state == SUGU_LANE_AWAY)
            sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NOT_STARTED, lane->code);
    }
    for (slot = agent->slots; slot < end && !lane->job_runs && !agent->has_failed; slot++) {
        if (!is_of(slot, kind) || !slot->wants_status || slot->status_due_us > now)
            continue;
        slot->wants_status = false;
        lane->ops->resolve(agent, slot);
    }
    if (!lane->job_runs && lane->check_due_us <= now && !agent->has_failed)
        lane->ops->check(agent);
}

void
sugu_agent_step_lanes(struct sugu_agent *agent)
{
    for (int kind = 0; kind < SUGU_LANE_COUNT; kind++)
        if (agent->lanes[kind].ops)
            step_lane(agent, (enum sugu_lane_kind)kind);
}

static int64_t
lane_due(const struct sugu_agent *agent, enum sugu_lane_kind kind)
{
    const struct sugu_lane *lane = &agent->lanes[kind];
    int64_t due = lane->check_due_us;

    if (!lane->ops || lane->job_runs)
        return INT64_MAX;
    for (size_t i = 0; i < SUGU_AGENT_ATTEMPTS_MAX; i++) {
        const struct sugu_slot *slot = &agent->slots[i];
        if (!is_of(slot, kind))
            continue;
        if (wants_to_begin(slot) && !has_to_wait(agent, kind, slot))
            return 0;
        if (slot->wants_status && slot->status_due_us < due)
            due = slot->status_due_us;
    }
    return due;
}

int64_t
sugu_agent_lanes_due(const struct sugu_agent *agent)
{
    int64_t due = INT64_MAX;

    for (int kind = 0; kind < SUGU_LANE_COUNT; kind++)
        if (lane_due(agent, (enum sugu_lane_kind)kind) < due)
            due = lane_due(agent, (enum sugu_lane_kind)kind);
    return due;
}

void
sugu_agent_give_up(struct sugu_agent *agent, struct sugu_slot *slot)
{
    if (slot->attempt.state == SUGU_ATTEMPT_UNKNOWN &&
        sugu_agent_now(agent) - slot->unknown_since_us >= agent->settings.status_give_up_us)
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_TRIES_USED_UP, "payment.held");
}

/* ---- what kiosk and server are told */

static const char *
health_code(const struct sugu_agent *agent, enum sugu_lane_kind kind)
{
    const struct sugu_lane *lane = &agent->lanes[kind];

    if (sugu_agent_lane_is_offered(agent, kind))
        return lane->low_code ? lane->low_code : "";
    return lane->state == SUGU_LANE_AWAY ? lane->code : "payment.no-answer";
}

/* True where it differs from what was told before. */
static bool
take_health(struct sugu_agent *agent, enum sugu_lane_kind kind, Sugu__PartState *ret_state)
{
    struct sugu_lane *lane = &agent->lanes[kind];
    bool is_offered = sugu_agent_lane_is_offered(agent, kind);
    bool is_news = !agent->is_health_known || is_offered != lane->was_offered ||
                   strcmp(lane->shown_code, health_code(agent, kind)) != 0;

    lane->was_offered = is_offered;
    sugu_text_copy(lane->shown_code, sizeof lane->shown_code, health_code(agent, kind));
    if (is_news)
        sugu_log(is_offered ? SUGU_LOG_INFO : SUGU_LOG_WARNING, "lane.health",
                 "lane=%s is_offered=%s code=%s", lane->ops->name, is_offered ? "yes" : "no",
                 lane->shown_code);
    sugu__part_state__init(ret_state);
    ret_state->part = lane->ops->part;
    ret_state->health = !is_offered      ? SUGU__PART_HEALTH__PART_AWAY
                        : lane->low_code ? SUGU__PART_HEALTH__PART_LOW
                                         : SUGU__PART_HEALTH__PART_OK;
    ret_state->code = lane->shown_code;
    return is_news;
}

void
sugu_agent_watch_health(struct sugu_agent *agent, bool is_asked)
{
    Sugu__PartState states[SUGU_LANE_COUNT], *parts[SUGU_LANE_COUNT];
    bool is_news = is_asked;
    size_t count = 0;

    if (is_asked && !agent->is_health_known)
        return;
    for (int kind = 0; kind < SUGU_LANE_COUNT; kind++)
        if (agent->lanes[kind].ops) {
            is_news |= take_health(agent, (enum sugu_lane_kind)kind, &states[count]);
            parts[count] = &states[count];
            count++;
        }
    agent->is_health_known = true;
    if (!is_news)
        return;
    agent->ways.set_health(agent->ways.user, parts, count);
    for (size_t i = 0; i < count; i++) {
        Sugu__Event event = SUGU__EVENT__INIT;
        event.body_case = SUGU__EVENT__BODY_PART_CHANGED;
        event.part_changed = parts[i];
        agent->ways.publish(agent->ways.user, &event);
    }
}
