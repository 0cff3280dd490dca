/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-code-refund - money of a code payment goes back: cancelled on its day, else refunded
 *
 * What was sent and not answered is asked for before anything is sent again: first the refund of
 * our id, then the payment itself, which says CANCELED where a cancellation got through. The same
 * refund is carried out once by the provider.
 */
#include "payment/agent-private.h"

#include "base/log.h"
#include "base/text.h"

#include <assert.h>

/* May the whole payment be cancelled, by what the journal knows and the provider's clock says? */
static bool
can_cancel(struct sugu_agent *agent, const struct sugu_slot *slot)
{
    const struct sugu_attempt *attempt = &slot->attempt;
    sugu_time_us now_us = agent->clock->utc_us(agent->clock) + agent->code.ahead_us;
    struct sugu_attempt original;
    struct sugu_error error;

    if (slot->code.is_irreversible || !agent->code.knows_clock || attempt->original_utc_us <= 0 ||
        sugu_journal_find(agent->journal, SUGU_JOURNAL_BY_ID, &attempt->original, &original,
                          &error))
        return false;
    return sugu_code_way_back(attempt->original_utc_us, now_us,
                              original.approved_yen == attempt->amount_yen) == SUGU_CODE_CANCEL;
}

static void
give(struct sugu_agent *agent, struct sugu_slot *slot)
{
    const struct sugu_attempt *attempt = &slot->attempt;
    struct sugu_code_job job = {.kind = SUGU_CODE_JOB_REFUND, .attempt = attempt->id};
    char text[SUGU_ID_TEXT_SIZE];

    if (can_cancel(agent, slot)) {
        job.kind = SUGU_CODE_JOB_CANCEL;
        sugu_text_copy(job.id, sizeof job.id, sugu_id_to_text(&attempt->original, text));
    } else {
        sugu_text_copy(job.refund.refund_id, sizeof job.refund.refund_id,
                       sugu_id_to_text(&attempt->id, text));
        sugu_text_copy(job.refund.provider_id, sizeof job.refund.provider_id,
                       attempt->original_provider_id);
        job.refund.amount_yen = attempt->amount_yen;
    }
    sugu_code_start(agent, &job);
}

void
sugu_code_refund_begin(struct sugu_agent *agent, struct sugu_slot *slot)
{
    slot->code = (struct sugu_slot_code){0};
    sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_SENDING, "");
    if (slot->attempt.state == SUGU_ATTEMPT_SENT)
        give(agent, slot);
}

void
sugu_code_refund_resolve(struct sugu_agent *agent, struct sugu_slot *slot)
{
    bool looks_at_payment = slot->code.looks_at_payment;
    struct sugu_code_job job = {.kind =
                                    looks_at_payment ? SUGU_CODE_JOB_ASK : SUGU_CODE_JOB_ASK_REFUND,
                                .attempt = slot->attempt.id};
    char text[SUGU_ID_TEXT_SIZE];

    sugu_text_copy(
        job.id, sizeof job.id,
        sugu_id_to_text(looks_at_payment ? &slot->attempt.original : &slot->attempt.id, text));
    sugu_code_start(agent, &job);
}

/* ---- what it means for the order */

/* Provider's names of refunds are ours: the attempt's id. */
static void
tell_done(struct sugu_agent *agent, struct sugu_slot *slot, int64_t yen)
{
    struct sugu_attempt row = slot->attempt;
    char text[SUGU_ID_TEXT_SIZE];

    row.approved_yen = yen;
    row.provider_utc_us = agent->clock->utc_us(agent->clock) + agent->code.ahead_us;
    sugu_text_copy(row.provider_id, sizeof row.provider_id, sugu_id_to_text(&row.id, text));
    sugu_text_copy(row.terminal, sizeof row.terminal, agent->settings.code_place);
    sugu_text_copy(row.brand, sizeof row.brand, agent->settings.code_brand);
    if (sugu_payment_judge_amount(row.amount_yen, yen) != SUGU_AMOUNT_EXACT)
        sugu_log(SUGU_LOG_ERROR, "attempt.alarm", "why=another-amount-given-back service=%s",
                 row.service_id);
    sugu_agent_apply(agent, slot,
                     row.state == SUGU_ATTEMPT_SENT ? SUGU_ATTEMPT_ON_APPROVED_BY_DEVICE
                                                    : SUGU_ATTEMPT_ON_STATUS_APPROVED,
                     &row, "");
}

static void
tell_failed(struct sugu_agent *agent, struct sugu_slot *slot, const char *code)
{
    struct sugu_attempt row = slot->attempt;

    sugu_text_copy(row.terminal, sizeof row.terminal, agent->settings.code_place);
    sugu_agent_apply(agent, slot,
                     row.state == SUGU_ATTEMPT_SENT ? SUGU_ATTEMPT_ON_DECLINED_BY_DEVICE
                                                    : SUGU_ATTEMPT_ON_STATUS_DECLINED,
                     &row, code);
}

/* Asked again after a while; for too long, and a person becomes the owner. */
static void
tell_doubt(struct sugu_agent *agent, struct sugu_slot *slot, enum sugu_attempt_event event)
{
    if (slot->attempt.state == SUGU_ATTEMPT_SENT)
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NO_ANSWER, "payment.no-answer");
    else
        sugu_agent_apply_event(agent, slot, event, NULL);
    if (slot->attempt.state == SUGU_ATTEMPT_UNKNOWN &&
        sugu_agent_now(agent) - slot->unknown_since_us >= SUGU_CODE_HOLD_AFTER_US)
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_TRIES_USED_UP, "payment.held");
}

/* ---- results */

static void
on_refunded(struct sugu_agent *agent,
            struct sugu_slot *slot,
            const struct sugu_code_job_result *result)
{
    bool is_question = result->job.kind == SUGU_CODE_JOB_ASK_REFUND;

    if (result->status) {
        tell_doubt(agent, slot, SUGU_ATTEMPT_ON_STATUS_NO_ANSWER);
    } else if (result->answer.state == SUGU_CODE_REFUNDED) {
        tell_done(agent, slot, result->answer.amount_yen);
    } else if (result->answer.state == SUGU_CODE_FAILED) {
        tell_failed(agent, slot, "payment.declined");
    } else if (result->answer.state == SUGU_CODE_NOT_FOUND && is_question) {
        slot->code.looks_at_payment = true;
        slot->wants_status = true;
        slot->status_due_us = sugu_agent_now(agent);
    } else {
        tell_doubt(agent, slot, SUGU_ATTEMPT_ON_STATUS_IN_PROGRESS);
    }
}

/* The provider knows no refund of ours: the payment itself says what is still to be done. */
static void
on_payment_said(struct sugu_agent *agent, struct sugu_slot *slot, enum sugu_code_state state)
{
    bool is_ours = slot->attempt.state == SUGU_ATTEMPT_UNKNOWN;

    switch (state) {
    case SUGU_CODE_CANCELED:
        tell_done(agent, slot, slot->attempt.amount_yen);
        return;
    case SUGU_CODE_COMPLETED:
    case SUGU_CODE_REFUNDED:
        if (state == SUGU_CODE_REFUNDED)
            slot->code.is_irreversible = true;
        if (is_ours)
            give(agent, slot);
        else
            tell_doubt(agent, slot, SUGU_ATTEMPT_ON_STATUS_IN_PROGRESS);
        return;
    case SUGU_CODE_EXPIRED:
    case SUGU_CODE_FAILED:
    case SUGU_CODE_NOT_FOUND:
        tell_failed(agent, slot, "payment.original-unknown");
        return;
    case SUGU_CODE_CREATED:
    case SUGU_CODE_AUTHORIZED:
    case SUGU_CODE_STATE_COUNT:
        break;
    }
    tell_doubt(agent, slot, SUGU_ATTEMPT_ON_STATUS_IN_PROGRESS);
}

static void
on_cancelled(struct sugu_agent *agent,
             struct sugu_slot *slot,
             const struct sugu_code_job_result *result)
{
    if (result->status == SUGU_OK) {
        tell_done(agent, slot, slot->attempt.amount_yen);
        return;
    }
    /* A no may be to what an earlier cancellation has done: the next question says which. */
    if (result->status == SUGU_REFUSED)
        slot->code.is_irreversible = true;
    tell_doubt(agent, slot, SUGU_ATTEMPT_ON_STATUS_IN_PROGRESS);
}

void
sugu_code_refund_result(struct sugu_agent *agent,
                        struct sugu_slot *slot,
                        const struct sugu_code_job_result *result)
{
    slot->code.looks_at_payment = false;
    if (sugu_attempt_is_final(slot->attempt.state))
        return; /* a person was faster */
    if (result->job.kind == SUGU_CODE_JOB_CANCEL)
        on_cancelled(agent, slot, result);
    else if (result->job.kind == SUGU_CODE_JOB_ASK && result->status == SUGU_OK)
        on_payment_said(agent, slot, result->answer.state);
    else if (result->job.kind == SUGU_CODE_JOB_ASK)
        tell_doubt(agent, slot, SUGU_ATTEMPT_ON_STATUS_NO_ANSWER);
    else
        on_refunded(agent, slot, result);
}
