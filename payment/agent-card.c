/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-card - the jobs of the card terminal, and what their results mean for an attempt
 */
#include "payment/agent-private.h"

#include "base/log.h"
#include "base/text.h"

#include <assert.h>

/* ---- jobs */

static struct sugu_lane *
lane_of(struct sugu_agent *agent)
{
    return &agent->lanes[SUGU_LANE_CARD];
}

static void
start(struct sugu_agent *agent, const struct sugu_job *job)
{
    assert(!lane_of(agent)->job_runs);
    lane_of(agent)->job_runs = true;
    agent->ways.start_job(agent->ways.user, job);
}

static enum sugu_terminal_deed
deed_of(const struct sugu_attempt *attempt)
{
    switch (attempt->kind) {
    case SUGU__ATTEMPT_KIND__ATTEMPT_REFUND:
        return SUGU_TERMINAL_REVERSE;
    case SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER:
        return SUGU_TERMINAL_REGISTER;
    case SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT:
    case SUGU__ATTEMPT_KIND__ATTEMPT_DEPOSIT:
    case SUGU__ATTEMPT_KIND__ATTEMPT_HOLD:    /* of cards on file only */
    case SUGU__ATTEMPT_KIND__ATTEMPT_RELEASE: /* of cards on file only */
    case SUGU__ATTEMPT_KIND__ATTEMPT_FORGET:
    case _SUGU__ATTEMPT_KIND_IS_INT_SIZE:
        break;
    }
    return SUGU_TERMINAL_PAY;
}

static void
put_request(const struct sugu_attempt *attempt, struct sugu_terminal_request *request)
{
    request->deed = deed_of(attempt);
    sugu_text_copy(request->service_id, sizeof request->service_id, attempt->service_id);
    sugu_text_copy(request->transaction_id, sizeof request->transaction_id, attempt->reference);
    sugu_text_copy(request->original_id, sizeof request->original_id,
                   attempt->original_provider_id);
    request->original_utc_us = attempt->original_utc_us;
    request->amount_yen = attempt->amount_yen;
    request->utc_us = attempt->intended_utc_us;
}

/* The mark first; only when it is on the disk may the first byte leave. */
static void
begin(struct sugu_agent *agent, struct sugu_slot *slot)
{
    struct sugu_job job = {.kind = SUGU_JOB_CARRY_OUT, .attempt = slot->attempt.id};

    sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_SENDING, "");
    if (slot->attempt.state != SUGU_ATTEMPT_SENT)
        return;
    put_request(&slot->attempt, &job.request);
    start(agent, &job);
}

static void
resolve(struct sugu_agent *agent, struct sugu_slot *slot)
{
    struct sugu_job job = {
        .kind = SUGU_JOB_RESOLVE, .attempt = slot->attempt.id, .aborts_first = slot->aborts_first};

    slot->aborts_first = false;
    put_request(&slot->attempt, &job.request);
    start(agent, &job);
}

static void
check(struct sugu_agent *agent)
{
    start(agent, &(struct sugu_job){.kind = SUGU_JOB_OPEN});
}

static void
cancel(struct sugu_agent *agent, struct sugu_slot *slot)
{
    agent->ways.abort_job(agent->ways.user, slot->attempt.service_id);
}

const struct sugu_lane_ops sugu_lane_card = {
    .name = "card",
    .part = SUGU__PART__PART_TERMINAL,
    .begin = begin,
    .resolve = resolve,
    .check = check,
    .cancel = cancel,
};

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

    if (verdict == SUGU_AMOUNT_MISSING && row->kind != SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER)
        return false;
    sugu_attempt_take_answer(row, answer, agent->settings.poi_id);
    if (row->kind == SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER && !*row->token)
        return false;
    if (verdict == SUGU_AMOUNT_PARTIAL)
        sugu_text_copy(row->code, sizeof row->code, "payment.partial");
    /* A registration asks for nothing: any yen is too much. */
    if (verdict == SUGU_AMOUNT_TOO_MUCH) {
        sugu_text_copy(row->code, sizeof row->code, "payment.differs");
        sugu_log(SUGU_LOG_ERROR, "attempt.alarm", "why=more-approved-than-asked service=%s",
                 row->service_id);
    }
    return true;
}

/* A refusal in the terminal's own words; where our message was wrong, with what was asked. */
static void
log_refusal(const struct sugu_attempt *attempt, const struct sugu_terminal_answer *answer)
{
    bool is_our_mistake = strcmp(answer->code, "terminal.message-refused") == 0;

    sugu_log(is_our_mistake ? SUGU_LOG_ERROR : SUGU_LOG_INFO,
             is_our_mistake ? "attempt.alarm" : "terminal.declined",
             "service=%s kind=%u reference=%s original=%s code=%s detail=\"%s\"",
             attempt->service_id, attempt->kind, attempt->reference, attempt->original_provider_id,
             answer->code, answer->detail);
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
        log_refusal(&row, answer);
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
    sugu_lane_set_resetting(agent, lane_of(agent));
    if (result->status == SUGU_OK) {
        on_answer(agent, slot, &result->answer);
        if (slot->attempt.state == SUGU_ATTEMPT_DECLINED &&
            strncmp(slot->attempt.code, "terminal.", 9) == 0)
            sugu_lane_set_away(agent, lane_of(agent), slot->attempt.code);
        return;
    }
    sugu_log_error(SUGU_LOG_WARNING, "terminal.no-answer", &result->error);
    if (result->status == SUGU_UNKNOWN) {
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NO_ANSWER, "payment.no-answer");
        return;
    }
    sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NOT_SENT, result->error.code);
    sugu_lane_set_away(agent, lane_of(agent), result->error.code);
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
    /* A person was faster: what is final stays as it is; another amount is an alarm. */
    if (sugu_attempt_is_final(slot->attempt.state)) {
        if (event == SUGU_ATTEMPT_ON_STATUS_APPROVED &&
            row.approved_yen != slot->attempt.approved_yen)
            sugu_log(SUGU_LOG_ERROR, "attempt.alarm", "why=differs-from-staff service=%s",
                     slot->attempt.service_id);
        row = slot->attempt;
    }
    sugu_agent_apply(agent, slot, event, &row,
                     event == SUGU_ATTEMPT_ON_STATUS_NOT_FOUND_AGAIN ? "payment.not-started"
                                                                     : NULL);
    sugu_agent_give_up(agent, slot);
}

void
sugu_agent_on_result(struct sugu_agent *agent, const struct sugu_job_result *result)
{
    struct sugu_slot *slot = sugu_agent_slot_of_attempt(agent, &result->job.attempt);
    struct sugu_lane *lane = lane_of(agent);

    lane->job_runs = false;
    switch (result->job.kind) {
    case SUGU_JOB_CARRY_OUT:
        if (slot)
            on_paid(agent, slot, result);
        return;
    case SUGU_JOB_RESOLVE:
        if (result->is_idle)
            sugu_lane_set_ready(agent, lane);
        else
            sugu_lane_set_away(agent, lane, result->status ? result->error.code : "terminal.busy");
        if (slot)
            on_resolved(agent, slot, result);
        return;
    case SUGU_JOB_OPEN:
        if (result->status == SUGU_OK) {
            sugu_lane_set_ready(agent, lane);
            return;
        }
        sugu_log_error(SUGU_LOG_WARNING, "terminal.not-ready", &result->error);
        sugu_lane_set_away(agent, lane, result->error.code);
        return;
    case SUGU_JOB_ABORT:
        break;
    }
    assert(!"an abort is not a job of the agent's worker");
}
