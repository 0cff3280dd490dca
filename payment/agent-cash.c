/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-cash - the lane of coins and notes: its jobs, and what is told of a session
 */
#include "payment/agent-cash.h"

#include "payment/agent-private.h"

#include "base/log.h"
#include "base/text.h"

#include <assert.h>

#define ROUTE_AGAIN_US (2 * SUGU_SECOND) /* a note in escrow that did not move */

static struct sugu_lane *
lane_of(struct sugu_agent *agent)
{
    return &agent->lanes[SUGU_LANE_CASH];
}

/* ---- jobs */

static void
start(struct sugu_agent *agent, const struct sugu_cash_job *job)
{
    assert(!lane_of(agent)->job_runs);
    lane_of(agent)->job_runs = true;
    agent->ways.start_cash_job(agent->ways.user, job);
}

static void
start_command(struct sugu_agent *agent, const struct sugu_cash_command *command)
{
    start(agent, &(struct sugu_cash_job){.kind = SUGU_CASH_JOB_COMMAND, .command = *command});
}

static void
start_open(struct sugu_agent *agent)
{
    struct sugu_cash_job job = {.kind = SUGU_CASH_JOB_OPEN, .known_count = agent->cash.known_count};

    memcpy(job.known, agent->cash.known, sizeof job.known);
    start(agent, &job);
}

/* A note in escrow is taken where one more of its unit may be, else it goes back. */
static bool
route_note(struct sugu_agent *agent, uint32_t units)
{
    struct sugu_agent_cash *cash = &agent->cash;
    const struct sugu_cash_device *device = sugu_cash_escrow(cash);
    struct sugu_cash_command command;

    if (!device || sugu_agent_now(agent) - cash->routed_us < ROUTE_AGAIN_US)
        return false;
    command = (struct sugu_cash_command){
        .kind =
            units & SUGU_CASH_BIT(device->has_in_escrow - 1U) ? SUGU_CASH_STACK : SUGU_CASH_RETURN,
        .device = device->id,
    };
    cash->routed_us = sugu_agent_now(agent);
    start_command(agent, &command);
    return true;
}

static void
begin(struct sugu_agent *agent, struct sugu_slot *slot)
{
    struct sugu_agent_cash *cash = &agent->cash;
    bool is_payment = slot->attempt.kind == SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT ||
                      slot->attempt.kind == SUGU__ATTEMPT_KIND__ATTEMPT_DEPOSIT;

    if (!is_payment || slot->attempt.amount_yen < 1) {
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NOT_STARTED, "payment.no-such-way");
        return;
    }
    sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_SENDING, "");
    if (slot->attempt.state != SUGU_ATTEMPT_SENT || sugu_cash_is_live(cash))
        return;
    cash->session = (struct sugu_cash_session_row){
        .attempt = slot->attempt.id,
        .due_yen = slot->attempt.amount_yen,
        .state = SUGU_CASH_SESSION_IDLE,
        .begun_utc_us = agent->clock->utc_us(agent->clock),
    };
    cash->in = cash->out = (struct sugu_cash_counts){{0}};
    cash->has_session = true;
    memset(cash->is_used, 0, sizeof cash->is_used);
    sugu_cash_meet_devices(cash);
    cash->is_comparing = cash->has_payout = cash->is_inherited = cash->wants_plan = false;
    cash->failed_gives = 0;
    cash->retries = 0;
    if (sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_BEGIN, "", NULL))
        sugu_agent_publish(agent, &slot->attempt);
    lane_of(agent)->check_due_us = sugu_agent_now(agent);
}

/* The rows say what became of it: also of a session that ended just before the program did. */
static void
resolve(struct sugu_agent *agent, struct sugu_slot *slot)
{
    const struct sugu_id *id = &slot->attempt.id;
    struct sugu_cash_session_row session;
    struct sugu_cash_counts in = {{0}}, out = {{0}};
    struct sugu_error error;
    enum sugu_status status = sugu_journal_cash_session(agent->journal, id, &session, &error);

    if (status == SUGU_REFUSED) {
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_STATUS_NOT_FOUND_AGAIN,
                               "payment.not-started");
        return;
    }
    if (!status)
        status = sugu_journal_cash_sums(agent->journal, id, &in, &out, &error);
    if (status) {
        sugu_agent_fail(agent, &error);
    } else if (session.state == SUGU_CASH_SESSION_DONE) {
        sugu_cash_end_attempt(agent, slot, &session,
                              sugu_cash_sum_yen(&in) - sugu_cash_sum_yen(&out) -
                                  session.approved_yen);
    } else {
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_STATUS_IN_PROGRESS, NULL);
        sugu_agent_give_up(agent, slot);
    }
}

/* The next job: a note that waits, masks, a payout, else the next poll. */
static void
check(struct sugu_agent *agent)
{
    struct sugu_agent_cash *cash = &agent->cash;
    struct sugu_cash_command command;
    uint32_t units;

    sugu_cash_step_session(agent);
    if (agent->has_failed)
        return;
    if (!cash->is_open) {
        start_open(agent);
        return;
    }
    sugu_cash_judge_lane(agent);
    units = sugu_cash_units(agent);
    if (agent->has_failed || route_note(agent, units))
        return;
    if (units != cash->units_sent)
        start_command(agent, &(struct sugu_cash_command){.kind = SUGU_CASH_ACCEPT, .units = units});
    else if (sugu_cash_order_next(agent, &command))
        start_command(agent, &command);
    else if (cash->poll_due_us <= sugu_agent_now(agent))
        start(agent, &(struct sugu_cash_job){.kind = SUGU_CASH_JOB_POLL});
    else
        lane_of(agent)->check_due_us = cash->poll_due_us;
}

static void
cancel(struct sugu_agent *agent, struct sugu_slot *slot)
{
    struct sugu_agent_cash *cash = &agent->cash;

    if (cash->has_session && sugu_id_equal(&cash->session.attempt, &slot->attempt.id))
        sugu_cash_wish(agent, SUGU_CASH_WISH_CANCEL, SUGU_CASH_SESSION_ON_CANCEL,
                       "payment.cancelled");
    lane_of(agent)->check_due_us = sugu_agent_now(agent);
}

const struct sugu_lane_ops sugu_lane_cash = {
    .name = "cash",
    .part = SUGU__PART__PART_CASH,
    .begin = begin,
    .resolve = resolve,
    .check = check,
    .cancel = cancel,
};

bool
sugu_agent_cash_fix(struct sugu_agent *agent, struct sugu_slot *slot)
{
    struct sugu_agent_cash *cash = &agent->cash;

    if (!cash->has_session || !sugu_id_equal(&cash->session.attempt, &slot->attempt.id) ||
        slot->attempt.state != SUGU_ATTEMPT_SENT)
        return false;
    lane_of(agent)->check_due_us = sugu_agent_now(agent);
    /* Asked for twice, or on its way by itself: it is done. */
    if (cash->session.wish == SUGU_CASH_WISH_FIX)
        return true;
    return sugu_cash_wish(agent, SUGU_CASH_WISH_FIX, SUGU_CASH_SESSION_ON_FIX, NULL);
}

/* ---- results */

/*
 * A device was exchanged while the program did not run: whoever started it has counted the new one,
 * which is known from now on. A session that was open then is a person's matter. True where the
 * devices have to be opened again.
 */
static bool
adopt_exchanged(struct sugu_agent *agent)
{
    struct sugu_agent_cash *cash = &agent->cash;
    size_t kept = 0;

    for (size_t i = 0; i < cash->known_count; i++) {
        const struct sugu_cash_device *device = sugu_cash_device_of(cash, cash->known[i].id);

        if (device && device->trouble == SUGU_CASH_TROUBLE_OTHER_DEVICE)
            sugu_log(SUGU_LOG_WARNING, "cash.exchanged", "device=%u", device->id);
        else
            cash->known[kept++] = cash->known[i];
    }
    if (kept == cash->known_count)
        return false;
    cash->known_count = kept;
    if (sugu_cash_is_live(cash))
        sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_DIFFERS, "cash.other-device", NULL);
    return true;
}

static void
on_opened(struct sugu_agent *agent, const struct sugu_cash_job_result *result)
{
    struct sugu_agent_cash *cash = &agent->cash;

    if (result->status) {
        sugu_log_error(SUGU_LOG_WARNING, "cash.not-open", &result->error);
        sugu_lane_set_away(agent, lane_of(agent), result->error.code);
        return;
    }
    if (!cash->was_opened && adopt_exchanged(agent))
        return;
    cash->is_open = cash->was_opened = true;
    cash->units_sent = 0;
    cash->cycle = cash->noted_cycle = 0;
    cash->is_still = false;
    lane_of(agent)->away_wait_us = 0;
    sugu_cash_take_news(agent, &(struct sugu_cash_news){.count = 0});
}

static void
on_polled(struct sugu_agent *agent, const struct sugu_cash_job_result *result)
{
    struct sugu_agent_cash *cash = &agent->cash;

    cash->cycle = result->news.cycle;
    cash->is_still = result->news.is_still;
    cash->poll_due_us = sugu_agent_now(agent) + result->news.wait_us;
    sugu_cash_take_news(agent, &result->news);
}

static void
on_commanded(struct sugu_agent *agent, const struct sugu_cash_job_result *result)
{
    struct sugu_agent_cash *cash = &agent->cash;

    switch (result->job.command.kind) {
    case SUGU_CASH_ACCEPT: /* where it was not heard the polls say it again */
        cash->units_sent = result->job.command.units;
        cash->noted_cycle = cash->cycle;
        sugu_cash_publish(agent);
        return;
    case SUGU_CASH_PAY:
        sugu_cash_on_ordered(agent, result);
        return;
    case SUGU_CASH_STACK:
    case SUGU_CASH_RETURN:
    case SUGU_CASH_STOP:
        break;
    }
    if (result->status)
        sugu_log_error(SUGU_LOG_INFO, "cash.not-routed", &result->error);
}

void
sugu_agent_on_cash_result(struct sugu_agent *agent, const struct sugu_cash_job_result *result)
{
    struct sugu_lane *lane = lane_of(agent);

    lane->job_runs = false;
    if (agent->has_failed)
        return;
    lane->check_due_us = sugu_agent_now(agent);
    agent->cash.report = result->report;
    switch (result->job.kind) {
    case SUGU_CASH_JOB_OPEN:
        on_opened(agent, result);
        break;
    case SUGU_CASH_JOB_POLL:
        on_polled(agent, result);
        break;
    case SUGU_CASH_JOB_COMMAND:
        on_commanded(agent, result);
        break;
    }
    if (agent->cash.is_open && !agent->has_failed)
        sugu_cash_judge_inherited(agent);
}

/* ---- the start */

enum sugu_status
sugu_agent_cash_load(struct sugu_agent *agent, struct sugu_error *reterr)
{
    struct sugu_agent_cash *cash = &agent->cash;
    enum sugu_status status =
        sugu_journal_cash_devices(agent->journal, cash->known, &cash->known_count, reterr);

    cash->routed_us = INT64_MIN / 2;
    cash->moved_us = sugu_agent_now(agent);
    if (status)
        return status;
    status = sugu_journal_cash_session(agent->journal, NULL, &cash->session, reterr);
    if (status == SUGU_REFUSED)
        return SUGU_OK;
    if (!status)
        status = sugu_journal_cash_sums(agent->journal, &cash->session.attempt, &cash->in,
                                        &cash->out, reterr);
    if (!status)
        status = sugu_journal_cash_payout(agent->journal, &cash->session.attempt, &cash->payout,
                                          &cash->has_payout, reterr);
    if (status)
        return status;
    cash->has_session = true;
    memset(cash->is_used, 1, sizeof cash->is_used); /* which ones, the last program knew */
    cash->is_inherited = cash->has_payout;
    sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_FOUND_OPEN, NULL, NULL);
    return SUGU_OK;
}

/* ---- what is told */

static Sugu__CashStage
stage_of(enum sugu_cash_session_state state)
{
    switch (state) {
    case SUGU_CASH_SESSION_OPEN:
    case SUGU_CASH_SESSION_COUNTING:
        return SUGU__CASH_STAGE__CASH_TAKING;
    case SUGU_CASH_SESSION_PAUSED:
    case SUGU_CASH_SESSION_FIXING:
    case SUGU_CASH_SESSION_CLEARING:
    case SUGU_CASH_SESSION_KEEPING:
    case SUGU_CASH_SESSION_FIXED:
    case SUGU_CASH_SESSION_COMPARING:
        return SUGU__CASH_STAGE__CASH_COUNTING;
    case SUGU_CASH_SESSION_PAYING_OUT:
    case SUGU_CASH_SESSION_REPAYING:
        return SUGU__CASH_STAGE__CASH_GIVING;
    case SUGU_CASH_SESSION_DONE:
        return SUGU__CASH_STAGE__CASH_DONE;
    case SUGU_CASH_SESSION_FAULT:
        return SUGU__CASH_STAGE__CASH_FAULT;
    case SUGU_CASH_SESSION_IDLE:
    case SUGU_CASH_SESSION_STATE_COUNT:
        break;
    }
    return SUGU__CASH_STAGE__CASH_OPENING;
}

void
sugu_agent_cash_put_progress(struct sugu_agent *agent,
                             const struct sugu_attempt *attempt,
                             Sugu__PaymentProgress *progress,
                             struct sugu_cash_told *told)
{
    const struct sugu_agent_cash *cash = &agent->cash;
    Sugu__CashProgress *to = &told->progress;
    uint32_t units = cash->units_sent;

    if (!cash->has_session || !sugu_id_equal(&cash->session.attempt, &attempt->id))
        return;
    sugu__cash_progress__init(to);
    to->stage = stage_of(cash->session.state);
    to->in_yen = sugu_cash_sum_yen(&cash->in);
    to->out_yen = sugu_cash_sum_yen(&cash->out);
    to->owed_yen = cash->session.state == SUGU_CASH_SESSION_DONE ? sugu_cash_owed(&agent->cash) : 0;
    to->code = (char *)cash->session.code;
    to->units = told->unit_list;
    for (unsigned unit = 0; unit < SUGU_CASH_UNIT_COUNT; unit++) {
        if (!(units & SUGU_CASH_BIT(unit)))
            continue;
        sugu__cash_unit__init(&told->units[to->n_units]);
        told->units[to->n_units].yen = sugu_cash_unit_yen((enum sugu_cash_unit)unit);
        told->unit_list[to->n_units] = &told->units[to->n_units];
        to->n_units++;
    }
    progress->cash = to;
}

static void
put_counts(const struct sugu_cash_counts *in,
           const struct sugu_cash_counts *out,
           Sugu__EndPayment *end,
           struct sugu_cash_told *told)
{
    end->cash = told->count_list;
    for (unsigned unit = 0; unit < SUGU_CASH_UNIT_COUNT; unit++) {
        Sugu__CashCount *count = &told->counts[end->n_cash];

        if (in->of[unit] == 0 && out->of[unit] == 0)
            continue;
        sugu__cash_count__init(count);
        count->unit_yen = sugu_cash_unit_yen((enum sugu_cash_unit)unit);
        count->pieces_in = (uint32_t)in->of[unit];
        count->pieces_out = (uint32_t)out->of[unit];
        told->count_list[end->n_cash++] = count;
    }
}

/* Only what is final is posted, and only what the rows say: staff post what they have counted. */
void
sugu_agent_cash_put_end(struct sugu_agent *agent,
                        const struct sugu_attempt *attempt,
                        Sugu__EndPayment *end,
                        struct sugu_cash_told *told)
{
    struct sugu_cash_session_row session;
    struct sugu_cash_counts in, out;
    struct sugu_error error;
    enum sugu_status status;

    if (attempt->method != SUGU__PAYMENT_METHOD__METHOD_CASH ||
        (attempt->state != SUGU_ATTEMPT_APPROVED && attempt->state != SUGU_ATTEMPT_DECLINED))
        return;
    status = sugu_journal_cash_session(agent->journal, &attempt->id, &session, &error);
    if (status == SUGU_REFUSED ||
        (!status && (session.state != SUGU_CASH_SESSION_DONE || session.is_by_staff)))
        return;
    if (!status)
        status = sugu_journal_cash_sums(agent->journal, &attempt->id, &in, &out, &error);
    if (status) {
        sugu_agent_fail(agent, &error);
        return;
    }
    put_counts(&in, &out, end, told);
    if (!sugu_cash_session_owed(sugu_cash_sum_yen(&in), sugu_cash_sum_yen(&out),
                                session.approved_yen, &end->owed_yen))
        assert(!"more went out than came in");
}
