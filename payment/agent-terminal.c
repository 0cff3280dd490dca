/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-terminal - which job the terminal gets next, and what its results mean for an attempt
 */
#include "payment/agent-private.h"

#include "base/log.h"
#include "base/text.h"

#include <assert.h>

#define LOOK_AGAIN_US SUGU_SECOND

/* Looked at again soon, because it may only have been slow, and then ever more seldom. */
static void
set_away(struct sugu_agent *agent, const char *code)
{
    int64_t wait = agent->away_wait_us ? 2 * agent->away_wait_us : LOOK_AGAIN_US;

    if (wait > agent->settings.check_interval_us)
        wait = agent->settings.check_interval_us;
    agent->away_wait_us = wait;
    agent->terminal_state = SUGU_TERMINAL_AWAY;
    sugu_text_copy(agent->terminal_code, sizeof agent->terminal_code, code);
    agent->check_due_us = sugu_agent_now(agent) + wait;
}

static void
set_ready(struct sugu_agent *agent)
{
    agent->terminal_state = SUGU_TERMINAL_READY;
    agent->away_wait_us = 0;
    agent->check_due_us = sugu_agent_now(agent) + agent->settings.check_interval_us;
}

/* A fresh session before the next patient. */
static void
set_resetting(struct sugu_agent *agent)
{
    agent->terminal_state = SUGU_TERMINAL_RESETTING;
    agent->check_due_us = sugu_agent_now(agent);
}

/* ---- the next job */

static void
start(struct sugu_agent *agent, const struct sugu_job *job)
{
    assert(!agent->job_runs);
    agent->job_runs = true;
    agent->ways.start_job(agent->ways.user, job);
}

static bool
wants_payment(const struct sugu_slot *slot)
{
    return slot->is_used && slot->attempt.state == SUGU_ATTEMPT_INTENDED &&
           slot->attempt.server_stage == SUGU_SERVER_BEGUN &&
           slot->attempt.method == SUGU__PAYMENT_METHOD__METHOD_CARD;
}

/* The mark first; only when it is on the disk may the first byte leave. */
static void
pay(struct sugu_agent *agent, struct sugu_slot *slot)
{
    const struct sugu_attempt *attempt = &slot->attempt;
    struct sugu_job job = {.kind = SUGU_JOB_PAY, .attempt = attempt->id};

    sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_SENDING, "");
    if (attempt->state != SUGU_ATTEMPT_SENT)
        return;
    sugu_text_copy(job.request.service_id, sizeof job.request.service_id, attempt->service_id);
    sugu_text_copy(job.request.transaction_id, sizeof job.request.transaction_id,
                   attempt->reference);
    job.request.amount_yen = attempt->amount_yen;
    job.request.utc_us = attempt->intended_utc_us;
    start(agent, &job);
}

static void
ask_status(struct sugu_agent *agent, struct sugu_slot *slot)
{
    struct sugu_job job = {
        .kind = SUGU_JOB_RESOLVE, .attempt = slot->attempt.id, .aborts_first = slot->aborts_first};

    slot->wants_status = false;
    slot->aborts_first = false;
    sugu_text_copy(job.request.service_id, sizeof job.request.service_id, slot->attempt.service_id);
    start(agent, &job);
}

/* Payments first: a patient stands there. Then what is in doubt, then the look at the terminal. */
void
sugu_agent_step_terminal(struct sugu_agent *agent)
{
    int64_t now = sugu_agent_now(agent);
    struct sugu_slot *slot, *end = agent->slots + SUGU_AGENT_ATTEMPTS_MAX;

    for (slot = agent->slots; slot < end && !agent->job_runs && !agent->has_failed; slot++) {
        if (!wants_payment(slot))
            continue;
        if (agent->terminal_state == SUGU_TERMINAL_READY)
            pay(agent, slot);
        else if (agent->terminal_state == SUGU_TERMINAL_AWAY)
            sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NOT_STARTED, agent->terminal_code);
    }
    for (slot = agent->slots; slot < end && !agent->job_runs && !agent->has_failed; slot++)
        if (slot->is_used && slot->wants_status && slot->status_due_us <= now)
            ask_status(agent, slot);
    if (!agent->job_runs && agent->check_due_us <= now && !agent->has_failed)
        start(agent, &(struct sugu_job){.kind = SUGU_JOB_OPEN});
}

int64_t
sugu_agent_terminal_due(const struct sugu_agent *agent)
{
    int64_t due = agent->check_due_us;

    if (agent->job_runs)
        return INT64_MAX;
    for (size_t i = 0; i < SUGU_AGENT_ATTEMPTS_MAX; i++) {
        const struct sugu_slot *slot = &agent->slots[i];
        if (wants_payment(slot))
            return 0;
        if (slot->is_used && slot->wants_status && slot->status_due_us < due)
            due = slot->status_due_us;
    }
    return due;
}

/* ---- results */

/*
 * An approval in the row, and its code: "" in full, else what is special about the amount. False
 * where there is no amount to post: then nothing is known.
 */
static bool
take_approval(struct sugu_agent *agent,
              struct sugu_attempt *row,
              const struct sugu_terminal_answer *answer)
{
    enum sugu_amount_verdict verdict =
        sugu_payment_judge_amount(row->amount_yen, answer->approved_yen);

    if (verdict == SUGU_AMOUNT_MISSING)
        return false;
    sugu_attempt_take_answer(row, answer, agent->settings.poi_id);
    if (verdict == SUGU_AMOUNT_PARTIAL)
        sugu_text_copy(row->code, sizeof row->code, "payment.partial");
    if (verdict == SUGU_AMOUNT_TOO_MUCH) {
        sugu_text_copy(row->code, sizeof row->code, "payment.differs");
        sugu_log(SUGU_LOG_ERROR, "attempt.alarm", "why=more-approved-than-asked service=%s",
                 row->service_id);
    }
    return true;
}

/* The payment's own answer. */
static void
on_answer(struct sugu_agent *agent,
          struct sugu_slot *slot,
          const struct sugu_terminal_answer *answer)
{
    struct sugu_attempt row = slot->attempt;
    enum sugu_attempt_event event = SUGU_ATTEMPT_ON_NO_ANSWER;
    const char *code = "payment.no-answer";

    switch (answer->result) {
    case SUGU_TERMINAL_APPROVED:
        if (take_approval(agent, &row, answer)) {
            event = SUGU_ATTEMPT_ON_APPROVED_BY_DEVICE;
            code = NULL;
        }
        break;
    case SUGU_TERMINAL_DECLINED:
        sugu_attempt_take_answer(&row, answer, agent->settings.poi_id);
        event = SUGU_ATTEMPT_ON_DECLINED_BY_DEVICE;
        code = NULL;
        break;
    case SUGU_TERMINAL_BUSY:
        event = SUGU_ATTEMPT_ON_BUSY;
        break;
    case SUGU_TERMINAL_IN_PROGRESS:
    case SUGU_TERMINAL_NOT_FOUND:
        break;
    }
    sugu_agent_apply(agent, slot, event, &row, code);
}

static void
on_paid(struct sugu_agent *agent, struct sugu_slot *slot, const struct sugu_job_result *result)
{
    set_resetting(agent);
    if (result->status == SUGU_OK) {
        on_answer(agent, slot, &result->answer);
        if (slot->attempt.state == SUGU_ATTEMPT_DECLINED &&
            strncmp(slot->attempt.code, "terminal.", 9) == 0)
            set_away(agent, slot->attempt.code);
        return;
    }
    sugu_log_error(SUGU_LOG_WARNING, "terminal.no-answer", &result->error);
    if (result->status == SUGU_UNKNOWN) {
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NO_ANSWER, "payment.no-answer");
        return;
    }
    sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NOT_SENT, result->error.code);
    set_away(agent, result->error.code);
}

/* The terminal's word on a payment in doubt, as an event; an approval goes into `row`. */
static enum sugu_attempt_event
judge_status(struct sugu_agent *agent,
             struct sugu_slot *slot,
             const struct sugu_job_result *result,
             struct sugu_attempt *row)
{
    struct sugu_not_found seen = slot->not_found;

    slot->not_found = (struct sugu_not_found){0};
    if (result->status)
        return SUGU_ATTEMPT_ON_STATUS_NO_ANSWER;
    switch (result->answer.result) {
    case SUGU_TERMINAL_APPROVED:
        if (take_approval(agent, row, &result->answer))
            return SUGU_ATTEMPT_ON_STATUS_APPROVED;
        return SUGU_ATTEMPT_ON_STATUS_NO_ANSWER;
    case SUGU_TERMINAL_DECLINED:
        sugu_attempt_take_answer(row, &result->answer, agent->settings.poi_id);
        return SUGU_ATTEMPT_ON_STATUS_DECLINED;
    case SUGU_TERMINAL_NOT_FOUND:
        slot->not_found = seen;
        return sugu_payment_judge_not_found(&slot->not_found, result->is_idle,
                                            sugu_agent_now(agent),
                                            agent->settings.status_interval_us);
    case SUGU_TERMINAL_IN_PROGRESS:
    case SUGU_TERMINAL_BUSY:
        break;
    }
    return SUGU_ATTEMPT_ON_STATUS_IN_PROGRESS;
}

static void
on_resolved(struct sugu_agent *agent, struct sugu_slot *slot, const struct sugu_job_result *result)
{
    struct sugu_attempt row = slot->attempt;
    enum sugu_attempt_event event = judge_status(agent, slot, result, &row);

    if (result->status)
        sugu_log_error(SUGU_LOG_WARNING, "terminal.no-status", &result->error);
    sugu_agent_apply(agent, slot, event, &row,
                     event == SUGU_ATTEMPT_ON_STATUS_NOT_FOUND_AGAIN ? "payment.not-started"
                                                                     : NULL);
    if (slot->attempt.state == SUGU_ATTEMPT_UNKNOWN &&
        sugu_agent_now(agent) - slot->unknown_since_us >= agent->settings.status_give_up_us)
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_TRIES_USED_UP, "payment.held");
}

void
sugu_agent_on_result(struct sugu_agent *agent, const struct sugu_job_result *result)
{
    struct sugu_slot *slot = sugu_agent_slot_of_attempt(agent, &result->job.attempt);

    agent->job_runs = false;
    switch (result->job.kind) {
    case SUGU_JOB_PAY:
        if (slot)
            on_paid(agent, slot, result);
        return;
    case SUGU_JOB_RESOLVE:
        if (result->is_idle)
            set_ready(agent);
        else
            set_away(agent, result->status ? result->error.code : "terminal.busy");
        if (slot)
            on_resolved(agent, slot, result);
        return;
    case SUGU_JOB_OPEN:
        if (result->status == SUGU_OK) {
            set_ready(agent);
            return;
        }
        sugu_log_error(SUGU_LOG_WARNING, "terminal.not-ready", &result->error);
        set_away(agent, result->error.code);
        return;
    case SUGU_JOB_ABORT:
        break;
    }
    assert(!"an abort is not a job of the agent's worker");
}
