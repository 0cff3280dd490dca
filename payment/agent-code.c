/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-code - the lane of codes on the screen: making one, watching it, taking it away
 */
#include "payment/agent-code.h"

#include "payment/agent-private.h"

#include "base/log.h"
#include "base/text.h"

#include <assert.h>

static struct sugu_lane *
lane_of(struct sugu_agent *agent)
{
    return &agent->lanes[SUGU_LANE_CODE];
}

static sugu_time_us
utc_now(const struct sugu_agent *agent)
{
    return agent->clock->utc_us(agent->clock);
}

/* A moment of the journal on the monotonic clock; 0 stays 0, and nothing else becomes it. */
static int64_t
monotonic_of(const struct sugu_agent *agent, int64_t utc_us)
{
    int64_t us = sugu_agent_now(agent) + utc_us - utc_now(agent);

    if (utc_us == 0)
        return 0;
    return us > 0 ? us : 1;
}

void
sugu_code_start(struct sugu_agent *agent, const struct sugu_code_job *job)
{
    assert(!lane_of(agent)->job_runs);
    lane_of(agent)->job_runs = true;
    agent->ways.start_code_job(agent->ways.user, job);
}

static void
plan_at(struct sugu_slot *slot, int64_t due_us)
{
    slot->wants_status = !sugu_attempt_is_final(slot->attempt.state);
    slot->status_due_us = due_us;
}

/* ---- what the journal says of a code */

/* Nobody can pay any more by what this program shows; false where the journal failed. */
static bool
note_left(struct sugu_agent *agent, struct sugu_slot *slot)
{
    struct sugu_attempt next = slot->attempt;
    struct sugu_code_watch *watch = &slot->code.watch;

    if (watch->left_us)
        return true;
    explicit_bzero(slot->code.payload, sizeof slot->code.payload);
    watch->left_us = sugu_agent_now(agent);
    next.left_utc_us = utc_now(agent);
    return sugu_agent_save(agent, slot, &next, "LEFT");
}

static bool
note_deleted(struct sugu_agent *agent, struct sugu_slot *slot)
{
    struct sugu_attempt next = slot->attempt;

    slot->code.watch.deleted_us = sugu_agent_now(agent);
    next.deleted_utc_us = utc_now(agent);
    return sugu_agent_save(agent, slot, &next, "DELETED");
}

/* Of an attempt that an earlier process began, or whose code never came: nobody reads it. */
static bool
set_up_watch(struct sugu_agent *agent, struct sugu_slot *slot)
{
    const struct sugu_attempt *attempt = &slot->attempt;

    slot->code = (struct sugu_slot_code){
        .is_watched = true,
        .watch = {.expires_us = monotonic_of(agent, attempt->code_expires_utc_us),
                  .left_us = monotonic_of(agent, attempt->left_utc_us),
                  .deleted_us = monotonic_of(agent, attempt->deleted_utc_us)},
    };
    if (!note_left(agent, slot))
        return false;
    return *attempt->code_id || attempt->deleted_utc_us || note_deleted(agent, slot);
}

/* ---- jobs */

static void
begin_payment(struct sugu_agent *agent, struct sugu_slot *slot)
{
    struct sugu_code_job job = {.kind = SUGU_CODE_JOB_CREATE, .attempt = slot->attempt.id};
    struct sugu_attempt next = slot->attempt;
    char id[SUGU_ID_TEXT_SIZE];

    next.code_expires_utc_us = utc_now(agent) + agent->settings.code_valid_us;
    slot->code = (struct sugu_slot_code){.is_watched = true};
    sugu_agent_apply(agent, slot, SUGU_ATTEMPT_ON_SENDING, &next, "");
    if (slot->attempt.state != SUGU_ATTEMPT_SENT)
        return;
    sugu_text_copy(job.order.payment_id, sizeof job.order.payment_id,
                   sugu_id_to_text(&slot->attempt.id, id));
    job.order.amount_yen = slot->attempt.amount_yen;
    job.order.expires = next.code_expires_utc_us + agent->code.ahead_us;
    sugu_code_start(agent, &job);
}

static void
begin(struct sugu_agent *agent, struct sugu_slot *slot)
{
    const struct sugu_attempt *attempt = &slot->attempt;
    bool is_order = sugu_attempt_is_order(attempt);

    if (attempt->kind == SUGU__ATTEMPT_KIND__ATTEMPT_REFUND && is_order)
        sugu_code_refund_begin(agent, slot);
    else if ((attempt->kind == SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT ||
              attempt->kind == SUGU__ATTEMPT_KIND__ATTEMPT_DEPOSIT) &&
             !is_order)
        begin_payment(agent, slot);
    else
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NOT_STARTED, "payment.no-such-way");
}

static void
start_ask(struct sugu_agent *agent, struct sugu_slot *slot)
{
    struct sugu_code_job job = {.kind = SUGU_CODE_JOB_ASK, .attempt = slot->attempt.id};
    char id[SUGU_ID_TEXT_SIZE];

    slot->code.watch.last_asked_us = sugu_agent_now(agent);
    sugu_text_copy(job.id, sizeof job.id, sugu_id_to_text(&slot->attempt.id, id));
    sugu_code_start(agent, &job);
}

static void
start_withdraw(struct sugu_agent *agent, struct sugu_slot *slot)
{
    struct sugu_code_job job = {.kind = SUGU_CODE_JOB_WITHDRAW, .attempt = slot->attempt.id};

    sugu_text_copy(job.id, sizeof job.id, slot->attempt.code_id);
    sugu_code_start(agent, &job);
}

/* A person becomes the owner; what is asked seldom from then on. */
static void
hold(struct sugu_agent *agent, struct sugu_slot *slot)
{
    if (slot->attempt.state == SUGU_ATTEMPT_SENT)
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NO_ANSWER, "payment.no-answer");
    if (slot->attempt.state == SUGU_ATTEMPT_UNKNOWN)
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_TRIES_USED_UP, "payment.held");
}

/* What the watch says next. A deletion that did not get through does not keep the question away. */
static enum sugu_code_duty
next_duty(const struct sugu_agent *agent, const struct sugu_slot *slot, int64_t *ret_due_us)
{
    struct sugu_code_watch watch = slot->code.watch;
    int64_t now_us = sugu_agent_now(agent);
    enum sugu_code_duty duty;

    if (watch.left_us && !watch.deleted_us && now_us < slot->code.delete_due_us)
        watch.deleted_us = now_us;
    duty = sugu_code_next(&watch, now_us, ret_due_us);
    if (slot->attempt.state != SUGU_ATTEMPT_HELD || duty == SUGU_CODE_DELETE)
        return duty;
    *ret_due_us = watch.last_asked_us + agent->settings.held_interval_us;
    return now_us >= *ret_due_us || !watch.last_asked_us ? SUGU_CODE_ASK : SUGU_CODE_WAIT;
}

/* When the watch wants something again. */
static void
plan(struct sugu_agent *agent, struct sugu_slot *slot)
{
    int64_t due_us;

    next_duty(agent, slot, &due_us);
    plan_at(slot, due_us);
}

static void
resolve_payment(struct sugu_agent *agent, struct sugu_slot *slot)
{
    int64_t due_us;

    if (!slot->code.is_watched && !set_up_watch(agent, slot))
        return;
    switch (next_duty(agent, slot, &due_us)) {
    case SUGU_CODE_WAIT:
        plan_at(slot, due_us);
        return;
    case SUGU_CODE_LEAVE:
        if (note_left(agent, slot))
            plan(agent, slot);
        return;
    case SUGU_CODE_DELETE:
        start_withdraw(agent, slot);
        return;
    case SUGU_CODE_ASK:
        start_ask(agent, slot);
        return;
    case SUGU_CODE_HOLD:
        hold(agent, slot);
        plan(agent, slot);
        return;
    }
}

static void
resolve(struct sugu_agent *agent, struct sugu_slot *slot)
{
    if (slot->attempt.kind == SUGU__ATTEMPT_KIND__ATTEMPT_REFUND)
        sugu_code_refund_resolve(agent, slot);
    else
        resolve_payment(agent, slot);
}

static void
check(struct sugu_agent *agent)
{
    sugu_code_start(agent, &(struct sugu_code_job){.kind = SUGU_CODE_JOB_CHECK});
}

/* The patient leaves: the code goes, and the payment is watched. */
static void
cancel(struct sugu_agent *agent, struct sugu_slot *slot)
{
    if (slot->attempt.kind == SUGU__ATTEMPT_KIND__ATTEMPT_REFUND || !note_left(agent, slot))
        return;
    /* Without a code its making is under way: the answer comes first. */
    if (*slot->attempt.code_id)
        plan(agent, slot);
}

const struct sugu_lane_ops sugu_lane_code = {
    .name = "code",
    .part = SUGU__PART__PART_CODE,
    .is_shared = true,
    .begin = begin,
    .resolve = resolve,
    .check = check,
    .cancel = cancel,
};

/* ---- results */

void
sugu_code_note_provider(struct sugu_agent *agent, const struct sugu_code_job_result *result)
{
    struct sugu_lane *lane = lane_of(agent);
    sugu_time_us provider_now = result->job.kind == SUGU_CODE_JOB_CREATE
                                    ? result->shown.provider_now
                                    : result->answer.provider_now;

    if (result->status == SUGU_OK && provider_now) {
        agent->code.knows_clock = true;
        agent->code.ahead_us = provider_now - utc_now(agent);
    }
    if (result->status == SUGU_OK || result->status == SUGU_REFUSED) {
        sugu_lane_set_ready(agent, lane);
        lane->check_due_us = sugu_agent_now(agent) + agent->settings.provider_check_us;
        return;
    }
    sugu_log_error(SUGU_LOG_WARNING, "code.no-answer", &result->error);
    sugu_lane_set_away(agent, lane,
                       result->status == SUGU_UNKNOWN ? "provider.away" : result->error.code);
}

void
sugu_code_take_paid(struct sugu_agent *agent,
                    struct sugu_attempt *row,
                    const struct sugu_code_answer *answer)
{
    enum sugu_amount_verdict verdict =
        sugu_payment_judge_amount(row->amount_yen, answer->amount_yen);

    row->approved_yen = answer->amount_yen;
    row->provider_utc_us = answer->paid;
    sugu_text_copy(row->provider_id, sizeof row->provider_id, answer->provider_id);
    sugu_text_copy(row->terminal, sizeof row->terminal, agent->settings.code_place);
    sugu_text_copy(row->brand, sizeof row->brand, agent->settings.code_brand);
    row->code[0] = '\0';
    if (verdict == SUGU_AMOUNT_PARTIAL)
        sugu_text_copy(row->code, sizeof row->code, "payment.partial");
    if (verdict == SUGU_AMOUNT_TOO_MUCH) {
        sugu_text_copy(row->code, sizeof row->code, "payment.differs");
        sugu_log(SUGU_LOG_ERROR, "attempt.alarm", "why=more-approved-than-asked service=%s",
                 row->service_id);
    }
}

/* The code is in the journal before anybody sees it: a program that dies can take it away. */
static void
take_code(struct sugu_agent *agent, struct sugu_slot *slot, const struct sugu_code_shown *shown)
{
    struct sugu_attempt next = slot->attempt;
    struct sugu_code_watch *watch = &slot->code.watch;

    sugu_text_copy(next.code_id, sizeof next.code_id, shown->code_id);
    if (shown->expires)
        next.code_expires_utc_us = shown->expires - agent->code.ahead_us;
    watch->shown_us = sugu_agent_now(agent);
    watch->expires_us = monotonic_of(agent, next.code_expires_utc_us);
    if (!watch->left_us)
        sugu_text_copy(slot->code.payload, sizeof slot->code.payload, shown->payload);
    if (sugu_agent_save(agent, slot, &next, "CODE_MADE"))
        plan(agent, slot);
}

static void
on_created(struct sugu_agent *agent,
           struct sugu_slot *slot,
           const struct sugu_code_job_result *result)
{
    if (slot->attempt.state != SUGU_ATTEMPT_SENT)
        return;
    if (result->status == SUGU_OK && !result->shown.is_known_already) {
        take_code(agent, slot, &result->shown);
        return;
    }
    if (result->status == SUGU_RETRY || result->status == SUGU_BROKEN) {
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NOT_SENT, result->error.code);
        return;
    }
    /* Nobody has seen it, so nobody pays with it; and nobody knows whether it was made. */
    slot->code.is_watched = false;
    sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NO_ANSWER, "payment.no-answer");
}

static const char *
code_of(const struct sugu_attempt *attempt, enum sugu_code_state state)
{
    if (state == SUGU_CODE_EXPIRED && attempt->left_utc_us &&
        attempt->left_utc_us < attempt->code_expires_utc_us)
        return "payment.cancelled";
    return state == SUGU_CODE_NOT_FOUND ? "payment.not-started" : sugu_code_reason(state);
}

/* A person was faster: what is final stays as it is; another amount is an alarm. */
static void
compare_final(const struct sugu_slot *slot, const struct sugu_code_answer *answer)
{
    if (answer->state == SUGU_CODE_COMPLETED && slot->attempt.approved_yen != answer->amount_yen)
        sugu_log(SUGU_LOG_ERROR, "attempt.alarm", "why=differs-from-staff service=%s",
                 slot->attempt.service_id);
}

/* The provider's word on a payment. */
static void
judge(struct sugu_agent *agent, struct sugu_slot *slot, const struct sugu_code_answer *answer)
{
    struct sugu_attempt row = slot->attempt;
    const char *code = NULL;
    enum sugu_attempt_event event;

    if (!sugu_code_judge(slot->attempt.state, answer->state, &slot->not_found,
                         sugu_agent_now(agent), &event))
        return;
    if (sugu_attempt_is_final(slot->attempt.state)) {
        compare_final(slot, answer);
    } else if (event == SUGU_ATTEMPT_ON_APPROVED_BY_DEVICE ||
               event == SUGU_ATTEMPT_ON_STATUS_APPROVED) {
        sugu_code_take_paid(agent, &row, answer);
    } else if (event == SUGU_ATTEMPT_ON_DECLINED_BY_DEVICE ||
               event == SUGU_ATTEMPT_ON_STATUS_DECLINED ||
               event == SUGU_ATTEMPT_ON_STATUS_NOT_FOUND_AGAIN) {
        sugu_text_copy(row.terminal, sizeof row.terminal, agent->settings.code_place);
        code = code_of(&row, answer->state);
    } else if (event == SUGU_ATTEMPT_ON_NO_ANSWER) {
        code = "payment.no-answer";
    } else if (event == SUGU_ATTEMPT_ON_TRIES_USED_UP) {
        code = "payment.held";
    }
    if (event == SUGU_ATTEMPT_ON_NO_ANSWER && !note_left(agent, slot))
        return;
    row.left_utc_us = slot->attempt.left_utc_us;
    sugu_agent_apply(agent, slot, event, &row, code);
}

static void
on_asked(struct sugu_agent *agent,
         struct sugu_slot *slot,
         const struct sugu_code_job_result *result)
{
    if (result->status == SUGU_OK)
        judge(agent, slot, &result->answer);
    else if (slot->attempt.state == SUGU_ATTEMPT_UNKNOWN ||
             slot->attempt.state == SUGU_ATTEMPT_HELD)
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_STATUS_NO_ANSWER, NULL);
    plan(agent, slot);
}

static void
on_withdrawn(struct sugu_agent *agent,
             struct sugu_slot *slot,
             const struct sugu_code_job_result *result)
{
    bool is_away = result->status == SUGU_OK || result->status == SUGU_REFUSED;

    slot->code.delete_due_us = sugu_agent_now(agent) + SUGU_CODE_ASK_US;
    slot->code.watch.last_asked_us = 0; /* a payment may have raced it: ask soon */
    if (!is_away || note_deleted(agent, slot))
        plan(agent, slot);
}

static void
on_payment_result(struct sugu_agent *agent,
                  struct sugu_slot *slot,
                  const struct sugu_code_job_result *result)
{
    if (result->job.kind == SUGU_CODE_JOB_CREATE)
        on_created(agent, slot, result);
    else if (result->job.kind == SUGU_CODE_JOB_ASK)
        on_asked(agent, slot, result);
    else if (result->job.kind == SUGU_CODE_JOB_WITHDRAW)
        on_withdrawn(agent, slot, result);
    else
        assert(!"not a job of a payment");
}

void
sugu_agent_on_code_result(struct sugu_agent *agent, const struct sugu_code_job_result *result)
{
    struct sugu_slot *slot = sugu_agent_slot_of_attempt(agent, &result->job.attempt);

    lane_of(agent)->job_runs = false;
    if (agent->has_failed)
        return;
    sugu_code_note_provider(agent, result);
    if (result->job.kind == SUGU_CODE_JOB_CHECK || !slot)
        return;
    if (slot->attempt.kind == SUGU__ATTEMPT_KIND__ATTEMPT_REFUND)
        sugu_code_refund_result(agent, slot, result);
    else
        on_payment_result(agent, slot, result);
}

/* ---- what is told */

void
sugu_agent_code_put_progress(struct sugu_agent *agent,
                             const struct sugu_attempt *attempt,
                             Sugu__PaymentProgress *progress,
                             struct sugu_code_told *told)
{
    struct sugu_slot *slot = sugu_agent_slot_of_attempt(agent, &attempt->id);

    if (attempt->method != SUGU__PAYMENT_METHOD__METHOD_CODE || !slot ||
        attempt->state != SUGU_ATTEMPT_SENT || !*slot->code.payload)
        return;
    sugu__code_offer__init(&told->offer);
    told->offer.payload = slot->code.payload;
    told->offer.until_utc_us = attempt->code_expires_utc_us;
    told->offer.brand = (char *)agent->settings.code_brand;
    progress->code_offer = &told->offer;
}
