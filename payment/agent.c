/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent - what sugu-payment decides: attempts, their events, and what is told about them
 */
#include "payment/agent-private.h"

#include "base/log.h"
#include "base/text.h"

#include <assert.h>

int64_t
sugu_agent_now(const struct sugu_agent *agent)
{
    return agent->clock->monotonic_us(agent->clock);
}

void
sugu_agent_fail(struct sugu_agent *agent, const struct sugu_error *error)
{
    if (agent->has_failed)
        return;
    agent->has_failed = true;
    agent->ways.fail(agent->ways.user, error);
}

/* ---- slots */

struct sugu_slot *
sugu_agent_slot_new(struct sugu_agent *agent)
{
    for (size_t i = 0; i < SUGU_AGENT_ATTEMPTS_MAX; i++)
        if (!agent->slots[i].is_used) {
            agent->slots[i] = (struct sugu_slot){.is_used = true};
            return &agent->slots[i];
        }
    return NULL;
}

struct sugu_slot *
sugu_agent_slot_of_attempt(struct sugu_agent *agent, const struct sugu_id *id)
{
    for (size_t i = 0; i < SUGU_AGENT_ATTEMPTS_MAX; i++)
        if (agent->slots[i].is_used && sugu_id_equal(&agent->slots[i].attempt.id, id))
            return &agent->slots[i];
    return NULL;
}

struct sugu_slot *
sugu_agent_slot_of_bill(struct sugu_agent *agent, const struct sugu_id *bill)
{
    for (size_t i = 0; i < SUGU_AGENT_ATTEMPTS_MAX && !sugu_id_is_none(bill); i++) {
        const struct sugu_attempt *attempt = &agent->slots[i].attempt;
        if (agent->slots[i].is_used && sugu_id_equal(&attempt->bill, bill) &&
            attempt->kind <= SUGU__ATTEMPT_KIND__ATTEMPT_DEPOSIT)
            return &agent->slots[i];
    }
    return NULL;
}

void
sugu_agent_reap(struct sugu_agent *agent)
{
    for (size_t i = 0; i < SUGU_AGENT_ATTEMPTS_MAX; i++)
        if (agent->slots[i].is_used && sugu_attempt_is_finished(&agent->slots[i].attempt))
            agent->slots[i].is_used = false;
}

/* ---- events of the machine */

void
sugu_agent_put_progress(struct sugu_agent *agent,
                        const struct sugu_attempt *attempt,
                        Sugu__PaymentProgress *ret_progress,
                        struct sugu_told *told)
{
    sugu_attempt_to_progress(attempt, ret_progress);
    sugu_agent_cash_put_progress(agent, attempt, ret_progress, &told->cash);
    sugu_agent_code_put_progress(agent, attempt, ret_progress, &told->code);
}

void
sugu_agent_publish(struct sugu_agent *agent, const struct sugu_attempt *attempt)
{
    Sugu__PaymentProgress progress;
    struct sugu_told told;
    Sugu__Event event = SUGU__EVENT__INIT;

    sugu_agent_put_progress(agent, attempt, &progress, &told);
    event.body_case = SUGU__EVENT__BODY_PAYMENT_CHANGED;
    event.payment_changed = &progress;
    agent->ways.publish(agent->ways.user, &event);
}

bool
sugu_agent_save(struct sugu_agent *agent,
                struct sugu_slot *slot,
                const struct sugu_attempt *next,
                const char *event)
{
    struct sugu_attempt saved = *next;
    struct sugu_error error;

    saved.changed_utc_us = agent->clock->utc_us(agent->clock);
    if (sugu_journal_save(agent->journal, &saved, event, slot->attempt.state, &error)) {
        sugu_agent_fail(agent, &error);
        return false;
    }
    slot->attempt = saved;
    sugu_agent_publish(agent, &slot->attempt);
    return true;
}

enum sugu_status
sugu_agent_insert(struct sugu_agent *agent, struct sugu_attempt *attempt, struct sugu_error *reterr)
{
    struct sugu_service_ids *ids = sugu_journal_service_ids(agent->journal);
    enum sugu_status status = ids->next(ids, attempt->service_id, reterr);

    attempt->state = SUGU_ATTEMPT_INTENDED;
    attempt->intended_utc_us = agent->clock->utc_us(agent->clock);
    attempt->changed_utc_us = attempt->intended_utc_us;
    return status ? status : sugu_journal_insert(agent->journal, attempt, reterr);
}

static void
log_event(const struct sugu_slot *slot, const char *event, uint32_t effects)
{
    const struct sugu_attempt *attempt = &slot->attempt;
    char id[SUGU_ID_TEXT_SIZE];
    bool is_alarm = effects & (SUGU_ATTEMPT_DO_ALARM | SUGU_ATTEMPT_DO_HOLD);

    sugu_log(is_alarm ? SUGU_LOG_ERROR : SUGU_LOG_INFO,
             effects & SUGU_ATTEMPT_DO_ALARM  ? "attempt.alarm"
             : effects & SUGU_ATTEMPT_DO_HOLD ? "attempt.held"
                                              : "attempt.changed",
             "attempt=%s event=%s state=%s code=%s service=%s%s", sugu_id_to_text(&attempt->id, id),
             event, sugu_attempt_machine.states[attempt->state], attempt->code, attempt->service_id,
             effects & SUGU_ATTEMPT_DO_REVERSE ? " reverse=by-staff" : "");
}

/* QUERY: at once where the doubt is new, else after the interval of the state. */
static void
plan_query(struct sugu_agent *agent,
           struct sugu_slot *slot,
           enum sugu_attempt_state before,
           enum sugu_attempt_event event)
{
    int64_t now = sugu_agent_now(agent);
    bool is_new = event == SUGU_ATTEMPT_ON_INTERRUPTED || slot->attempt.state != before;

    slot->wants_status = true;
    slot->status_due_us = now;
    if (slot->attempt.state == SUGU_ATTEMPT_HELD && event != SUGU_ATTEMPT_ON_INTERRUPTED)
        slot->status_due_us = now + agent->settings.held_interval_us;
    else if (!is_new)
        slot->status_due_us = now + agent->settings.status_interval_us;
    if (is_new)
        slot->unknown_since_us = now;
}

void
sugu_agent_apply(struct sugu_agent *agent,
                 struct sugu_slot *slot,
                 enum sugu_attempt_event event,
                 const struct sugu_attempt *next,
                 const char *code)
{
    enum sugu_attempt_state before = slot->attempt.state;
    const char *name = sugu_attempt_machine.events[event];
    struct sugu_attempt row = *next;
    struct sugu_error error;
    uint32_t effects;
    unsigned state;

    if (sugu_machine_step(&sugu_attempt_machine, before, event, &state, &effects, &error)) {
        sugu_log_error(SUGU_LOG_WARNING, "attempt.event-ignored", &error);
        return;
    }
    row.state = (enum sugu_attempt_state)state;
    if (code)
        sugu_text_copy(row.code, sizeof row.code, code);
    if (effects & SUGU_ATTEMPT_DO_REPORT)
        row.report_number++;
    if (row.server_stage == SUGU_SERVER_REFUSED)
        row.report_done = row.report_number;
    if (!sugu_agent_save(agent, slot, &row, name))
        return;
    log_event(slot, name, effects);
    if (effects & SUGU_ATTEMPT_DO_ABORT)
        slot->aborts_first = true;
    if (effects & SUGU_ATTEMPT_DO_QUERY)
        plan_query(agent, slot, before, event);
    else if (sugu_attempt_is_final(slot->attempt.state))
        slot->wants_status = false;
}

void
sugu_agent_apply_event(struct sugu_agent *agent,
                       struct sugu_slot *slot,
                       enum sugu_attempt_event event,
                       const char *code)
{
    struct sugu_attempt next = slot->attempt;

    sugu_agent_apply(agent, slot, event, &next, code);
}

/* ---- what is told */

void
sugu_agent_on_listener(struct sugu_agent *agent)
{
    sugu_agent_watch_health(agent, /* is_asked= */ true);
    for (size_t i = 0; i < SUGU_AGENT_ATTEMPTS_MAX; i++)
        if (agent->slots[i].is_used)
            sugu_agent_publish(agent, &agent->slots[i].attempt);
}

/* ---- life */

/* An order to a provider goes under an id of its own, and is carried out once however often it is
 * sent: one that was not sent yet need not be asked for. */
static bool
waits_unsent(struct sugu_agent *agent, const struct sugu_attempt *attempt)
{
    const struct sugu_lane *lane = sugu_agent_lane_of(agent, attempt->method);

    return attempt->state == SUGU_ATTEMPT_INTENDED && sugu_attempt_is_order(attempt) && lane &&
           lane->ops->is_shared;
}

/* What is open in the journal is in doubt: nobody saw what happened since. */
static void
resume(struct sugu_agent *agent, const struct sugu_attempt *attempt)
{
    struct sugu_slot *slot = sugu_agent_slot_new(agent);

    assert(slot);
    slot->attempt = *attempt;
    slot->first_asked_us = sugu_agent_now(agent);
    if (sugu_attempt_is_final(attempt->state) || waits_unsent(agent, attempt) ||
        attempt->method == SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE)
        return;
    sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_INTERRUPTED, NULL);
}

/* The ways that the settings name; none serves before it was looked at. */
static void
fit_lanes(struct sugu_agent *agent)
{
    static const char *const away[SUGU_LANE_COUNT] = {"terminal.away", "cash.away", "provider.away",
                                                      "provider.away"};

    if (agent->settings.has_terminal)
        agent->lanes[SUGU_LANE_CARD] = (struct sugu_lane){.ops = &sugu_lane_card};
    if (agent->settings.has_cash)
        agent->lanes[SUGU_LANE_CASH] = (struct sugu_lane){.ops = &sugu_lane_cash};
    if (agent->settings.has_code)
        agent->lanes[SUGU_LANE_CODE] = (struct sugu_lane){.ops = &sugu_lane_code};
    if (agent->settings.has_on_file)
        agent->lanes[SUGU_LANE_ON_FILE] = (struct sugu_lane){.ops = &sugu_lane_on_file};
    for (int kind = 0; kind < SUGU_LANE_COUNT; kind++)
        sugu_text_copy(agent->lanes[kind].code, sizeof agent->lanes[kind].code, away[kind]);
}

enum sugu_status
sugu_agent_new(const struct sugu_agent_settings *settings,
               const struct sugu_agent_ways *ways,
               struct sugu_agent **ret_agent,
               struct sugu_error *reterr)
{
    struct sugu_attempt *open = calloc(SUGU_AGENT_ATTEMPTS_MAX, sizeof *open);
    struct sugu_agent *agent = calloc(1, sizeof *agent);
    enum sugu_status status;
    size_t count = 0;

    if (!open || !agent)
        status = sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory for the agent");
    else
        status = sugu_journal_unfinished(settings->journal, open, SUGU_AGENT_ATTEMPTS_MAX, &count,
                                         reterr);
    if (!status) {
        agent->settings = *settings;
        agent->ways = *ways;
        agent->journal = settings->journal;
        agent->clock = settings->clock;
        agent->random = settings->random;
        fit_lanes(agent);
        if (settings->has_cash)
            status = sugu_agent_cash_load(agent, reterr);
    }
    if (!status) {
        for (size_t i = 0; i < count; i++)
            resume(agent, &open[i]);
        sugu_log(SUGU_LOG_INFO, "payment.resumed", "open=%zu", count);
        *ret_agent = agent;
    } else {
        free(agent);
    }
    free(open);
    return status;
}

struct sugu_agent *
sugu_agent_free(struct sugu_agent *agent)
{
    free(agent);
    return NULL;
}

int64_t
sugu_agent_step(struct sugu_agent *agent, int64_t wait_us_max)
{
    int64_t due = sugu_agent_now(agent) + wait_us_max;

    if (agent->has_failed)
        return wait_us_max;
    for (size_t i = 0; i < SUGU_AGENT_ATTEMPTS_MAX; i++)
        if (agent->slots[i].is_used)
            sugu_agent_step_server(agent, &agent->slots[i]);
    sugu_agent_step_lanes(agent);
    sugu_agent_watch_health(agent, /* is_asked= */ false);
    sugu_agent_reap(agent);
    for (size_t i = 0; i < SUGU_AGENT_ATTEMPTS_MAX; i++) {
        const struct sugu_slot *slot = &agent->slots[i];
        int64_t slot_due = slot->is_used ? sugu_agent_server_due(agent, slot) : INT64_MAX;

        due = slot_due < due ? slot_due : due;
    }
    if (sugu_agent_lanes_due(agent) < due)
        due = sugu_agent_lanes_due(agent);
    due -= sugu_agent_now(agent);
    return due > 0 ? due : 0;
}
