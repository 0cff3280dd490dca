/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-kiosk - the kiosk's requests: start, fix, abort, what became of it
 */
#include "payment/agent-private.h"

#include "base/log.h"
#include "base/text.h"

#include <assert.h>

static void
reply_progress(struct sugu_agent *agent,
               const struct sugu_asker *asker,
               const struct sugu_attempt *attempt,
               const struct sugu_error *error)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__PaymentProgress progress;
    struct sugu_told told;

    if (attempt) {
        sugu_agent_put_progress(agent, attempt, &progress, &told);
        reply.body_case = SUGU__REPLY__BODY_PAYMENT_PROGRESS;
        reply.payment_progress = &progress;
    }
    if (error) {
        reply.status = (Sugu__Status)error->status;
        reply.code = (char *)error->code;
        reply.detail = (char *)error->detail;
    }
    agent->ways.reply(agent->ways.user, asker, &reply);
}

static void
refuse(struct sugu_agent *agent,
       const struct sugu_asker *asker,
       const struct sugu_attempt *attempt,
       enum sugu_status status,
       const char *code)
{
    struct sugu_error error = {.status = status, .code = code};

    reply_progress(agent, asker, attempt, &error);
}

/* ---- StartPayment */

static bool
is_amount_right(const Sugu__StartPayment *start)
{
    if (start->method == SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE ||
        start->kind == SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER)
        return start->amount_yen == 0;
    return start->amount_yen >= 1 && start->amount_yen <= SUGU_PAYMENT_YEN_MAX;
}

/* Does an attempt use the lane's device, or will it, or may it still? An order that waits does not:
 * patients go first. */
static bool
is_taken(struct sugu_agent *agent, const struct sugu_lane *lane)
{
    for (size_t i = 0; i < SUGU_AGENT_ATTEMPTS_MAX; i++) {
        const struct sugu_attempt *attempt = &agent->slots[i].attempt;
        bool waits = attempt->state == SUGU_ATTEMPT_INTENDED && sugu_attempt_is_order(attempt);

        if (agent->slots[i].is_used && !waits &&
            sugu_agent_lane_of(agent, attempt->method) == lane &&
            (attempt->state == SUGU_ATTEMPT_INTENDED || attempt->state == SUGU_ATTEMPT_SENT ||
             attempt->state == SUGU_ATTEMPT_UNKNOWN))
            return true;
    }
    return false;
}

/* Why a new attempt cannot begin now; NULL where it can. */
static const char *
find_obstacle(struct sugu_agent *agent, const Sugu__StartPayment *start)
{
    const struct sugu_lane *lane = sugu_agent_lane_of(agent, (uint32_t)start->method);

    if (start->method == SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE)
        return NULL;
    if (!lane)
        return "payment.no-such-way";
    if (!lane->ops->is_shared && is_taken(agent, lane))
        return "terminal.busy";
    return lane->state == SUGU_LANE_AWAY ? lane->code : NULL;
}

static enum sugu_status
make_attempt(struct sugu_agent *agent,
             const struct sugu_id *start_request,
             const Sugu__StartPayment *start,
             struct sugu_attempt *ret_attempt,
             struct sugu_error *reterr)
{
    struct sugu_attempt attempt = {
        .id = start->attempt.len ? sugu_id_of(&start->attempt)
                                 : sugu_id_new(agent->clock, agent->random),
        .start_request = *start_request,
        .session = sugu_id_of(&start->session),
        .bill = sugu_id_of(&start->bill),
        .revision = start->revision,
        .kind = (uint32_t)start->kind,
        .method = (uint32_t)start->method,
        .amount_yen = start->amount_yen,
    };
    enum sugu_status status = sugu_agent_insert(agent, &attempt, reterr);

    if (!status)
        *ret_attempt = attempt;
    return status;
}

static void
begin(struct sugu_agent *agent, const struct sugu_asker *asker, const Sugu__StartPayment *start)
{
    struct sugu_attempt attempt;
    struct sugu_slot *slot;
    struct sugu_error error;

    if (make_attempt(agent, &asker->request, start, &attempt, &error)) {
        sugu_log_error(SUGU_LOG_ERROR, "attempt.not-made", &error);
        reply_progress(agent, asker, NULL, &error);
        return;
    }
    slot = sugu_agent_slot_new(agent);
    assert(slot);
    slot->attempt = attempt;
    slot->first_asked_us = sugu_agent_now(agent);
    reply_progress(agent, asker, &slot->attempt, NULL);
    sugu_agent_publish(agent, &slot->attempt);
}

static bool
has_free_slot(const struct sugu_agent *agent)
{
    for (size_t i = 0; i < SUGU_AGENT_ATTEMPTS_MAX; i++)
        if (!agent->slots[i].is_used)
            return true;
    return false;
}

/* Sent again by a kiosk whose patient may have left long ago: money is not taken any more. */
static bool
is_too_late(const struct sugu_agent *agent, const Sugu__Request *request)
{
    return request->deadline_utc_us > 0 &&
           agent->clock->utc_us(agent->clock) > request->deadline_utc_us;
}

static void
on_start(struct sugu_agent *agent, const struct sugu_asker *asker, const Sugu__Request *request)
{
    const Sugu__StartPayment *start = request->start_payment;
    struct sugu_id bill = sugu_id_of(&start->bill);
    const struct sugu_slot *open = sugu_agent_slot_of_bill(agent, &bill);
    const char *obstacle = find_obstacle(agent, start);
    struct sugu_attempt known;
    struct sugu_error error;

    /* The same request again: the same attempt. */
    if (sugu_journal_find(agent->journal, SUGU_JOURNAL_BY_START, &asker->request, &known, &error) ==
        SUGU_OK)
        reply_progress(agent, asker, &known, NULL);
    else if (error.status == SUGU_BROKEN)
        reply_progress(agent, asker, NULL, &error);
    else if (is_too_late(agent, request))
        refuse(agent, asker, NULL, SUGU_REFUSED, "request.too-late");
    else if (!is_amount_right(start))
        refuse(agent, asker, NULL, SUGU_REFUSED, "payment.amount");
    else if (open)
        refuse(agent, asker, &open->attempt, SUGU_REFUSED, "payment.open");
    else if (obstacle)
        refuse(agent, asker, NULL, SUGU_RETRY, obstacle);
    else if (!has_free_slot(agent))
        refuse(agent, asker, NULL, SUGU_BROKEN, "payment.too-many-open");
    else
        begin(agent, asker, start);
}

/* ---- FixPayment, AbortPayment, GetPayment */

static void
reply_from_journal(struct sugu_agent *agent,
                   const struct sugu_asker *asker,
                   enum sugu_journal_key by,
                   const struct sugu_id *key)
{
    struct sugu_attempt attempt;
    struct sugu_error error;

    if (sugu_journal_find(agent->journal, by, key, &attempt, &error))
        reply_progress(agent, asker, NULL, &error);
    else
        reply_progress(agent, asker, &attempt, NULL);
}

static void
on_fix(struct sugu_agent *agent, const struct sugu_asker *asker, const struct sugu_id *id)
{
    struct sugu_slot *slot = sugu_agent_slot_of_attempt(agent, id);

    if (!slot)
        reply_from_journal(agent, asker, SUGU_JOURNAL_BY_ID, id);
    else if (sugu_agent_cash_fix(agent, slot))
        reply_progress(agent, asker, &slot->attempt, NULL);
    else
        refuse(agent, asker, &slot->attempt, SUGU_REFUSED, "cash.not-allowed");
}

static void
on_abort(struct sugu_agent *agent, const struct sugu_asker *asker, const struct sugu_id *id)
{
    struct sugu_slot *slot = sugu_agent_slot_of_attempt(agent, id);

    if (!slot) {
        reply_from_journal(agent, asker, SUGU_JOURNAL_BY_ID, id);
        return;
    }
    if (slot->attempt.state == SUGU_ATTEMPT_INTENDED)
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NOT_STARTED, "payment.cancelled");
    else if (slot->attempt.state == SUGU_ATTEMPT_SENT)
        sugu_agent_lane_of(agent, slot->attempt.method)->ops->cancel(agent, slot);
    reply_progress(agent, asker, &slot->attempt, NULL);
}

void
sugu_agent_on_request(struct sugu_agent *agent,
                      const struct sugu_asker *asker,
                      const Sugu__Request *request)
{
    struct sugu_id id;

    if (agent->has_failed)
        return;
    sugu_agent_reap(agent);
    if (request->body_case == SUGU__REQUEST__BODY_START_PAYMENT) {
        on_start(agent, asker, request);
    } else if (request->body_case == SUGU__REQUEST__BODY_ABORT_PAYMENT) {
        id = sugu_id_of(&request->abort_payment->attempt);
        on_abort(agent, asker, &id);
    } else if (request->body_case == SUGU__REQUEST__BODY_FIX_PAYMENT) {
        id = sugu_id_of(&request->fix_payment->attempt);
        on_fix(agent, asker, &id);
    } else if (request->body_case == SUGU__REQUEST__BODY_GET_PAYMENT) {
        id = sugu_id_of(&request->get_payment->bill);
        reply_from_journal(agent, asker, SUGU_JOURNAL_LAST_OF_BILL, &id);
    } else {
        refuse(agent, asker, NULL, SUGU_REFUSED, "message.unknown");
    }
}
