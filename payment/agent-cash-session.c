/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-cash-session - a cash session's events and clock, and what they mean for its attempt
 */
#include "payment/agent-private.h"

#include "base/log.h"
#include "base/text.h"

bool
sugu_cash_is_live(const struct sugu_agent_cash *cash)
{
    return cash->has_session && cash->session.state != SUGU_CASH_SESSION_DONE;
}

int64_t
sugu_cash_owed(const struct sugu_agent_cash *cash)
{
    return sugu_cash_sum_yen(&cash->in) - sugu_cash_sum_yen(&cash->out) -
           cash->session.approved_yen;
}

/* ---- events of the machine */

bool
sugu_cash_write(struct sugu_agent *agent, const struct sugu_cash_entry *entry)
{
    struct sugu_error error;

    if (agent->has_failed)
        return false;
    if (sugu_journal_cash_write(agent->journal, entry, &error) == SUGU_OK)
        return true;
    sugu_agent_fail(agent, &error);
    return false;
}

static void
log_event(const struct sugu_agent_cash *cash, const char *event, uint32_t effects)
{
    char id[SUGU_ID_TEXT_SIZE];
    bool calls = effects & SUGU_CASH_SESSION_DO_CALL_STAFF;

    sugu_log(calls ? SUGU_LOG_WARNING : SUGU_LOG_DEBUG,
             calls ? "cash.staff-needed" : "cash.changed", "attempt=%s event=%s state=%s code=%s",
             sugu_id_to_text(&cash->session.attempt, id), event,
             sugu_cash_session_machine.states[cash->session.state], cash->session.code);
}

/* The approved yen are final with this event: never more than is due, never more than is in. */
static void
post(const struct sugu_agent_cash *cash, struct sugu_cash_session_row *row)
{
    int64_t in_yen = sugu_cash_sum_yen(&cash->in);

    row->approved_yen = in_yen < row->due_yen ? in_yen : row->due_yen;
}

bool
sugu_cash_apply(struct sugu_agent *agent,
                enum sugu_cash_session_event event,
                const char *code,
                struct sugu_cash_entry *entry)
{
    struct sugu_agent_cash *cash = &agent->cash;
    struct sugu_cash_session_row next = cash->session;
    struct sugu_cash_entry empty = {0};
    struct sugu_error error;
    uint32_t effects;
    unsigned state;

    if (agent->has_failed ||
        sugu_machine_step(&sugu_cash_session_machine, next.state, event, &state, &effects, &error))
        return false;
    entry = entry ? entry : &empty;
    next.state = (enum sugu_cash_session_state)state;
    next.changed_utc_us = agent->clock->utc_us(agent->clock);
    if (code)
        sugu_text_copy(next.code, sizeof next.code, code);
    if (effects & SUGU_CASH_SESSION_DO_POST)
        post(cash, &next);
    entry->session = &next;
    if (!sugu_cash_write(agent, entry))
        return false;
    if (next.state != cash->session.state)
        cash->noted_cycle = cash->cycle;
    cash->session = next;
    cash->moved_us = sugu_agent_now(agent);
    if (effects & SUGU_CASH_SESSION_DO_PLAN)
        cash->wants_plan = true;
    if (effects & SUGU_CASH_SESSION_DO_COMPARE)
        cash->is_comparing = true;
    log_event(cash, sugu_cash_session_machine.events[event], effects);
    return true;
}

void
sugu_cash_publish(struct sugu_agent *agent)
{
    struct sugu_slot *slot = sugu_agent_slot_of_attempt(agent, &agent->cash.session.attempt);

    if (slot && sugu_cash_is_live(&agent->cash) && !agent->has_failed)
        sugu_agent_publish(agent, &slot->attempt);
}

bool
sugu_cash_wish(struct sugu_agent *agent,
               enum sugu_cash_wish wish,
               enum sugu_cash_session_event event,
               const char *code)
{
    enum sugu_cash_wish before = agent->cash.session.wish;

    agent->cash.session.wish = wish;
    if (sugu_cash_apply(agent, event, code, NULL))
        return true;
    agent->cash.session.wish = before;
    return false;
}

/* ---- what is due by itself */

/* Masks off, a full cycle without news, nothing moves. The port leaves out a device that it has not
 * met since it was opened; what an acceptor of the journal still has to say is waited for. */
static bool
is_still(const struct sugu_agent_cash *cash)
{
    return cash->is_open && cash->units_sent == 0 && cash->is_still &&
           cash->cycle > cash->noted_cycle && !sugu_cash_escrow(cash) &&
           !sugu_cash_is_acceptor_away(cash);
}

static bool
has_waited(const struct sugu_agent *agent, int64_t us)
{
    return sugu_agent_now(agent) - agent->cash.moved_us >= us;
}

static bool
is_stuck(struct sugu_agent *agent)
{
    return has_waited(agent, agent->settings.cash_stuck_us) &&
           sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_DEVICE_FAULT, "cash.away", NULL);
}

static bool
step_taking(struct sugu_agent *agent)
{
    struct sugu_agent_cash *cash = &agent->cash;

    if (sugu_cash_sum_yen(&cash->in) >= cash->session.due_yen && !sugu_cash_escrow(cash))
        return sugu_cash_wish(agent, SUGU_CASH_WISH_FIX, SUGU_CASH_SESSION_ON_FIX, NULL);
    if (has_waited(agent, agent->settings.cash_idle_us))
        return sugu_cash_wish(agent, SUGU_CASH_WISH_KEEP, SUGU_CASH_SESSION_ON_PATIENT_GONE,
                              "payment.cancelled");
    if (sugu_cash_is_acceptor_away(cash))
        return sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_PAUSE, NULL, NULL);
    return false;
}

/* After a restart what was asked before is done; what nobody asked for goes back, unless the
 * program was away so long that nobody stands there any more. */
static bool
go_on(struct sugu_agent *agent)
{
    const struct sugu_cash_session_row *session = &agent->cash.session;

    switch (session->wish) {
    case SUGU_CASH_WISH_FIX:
        return sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_FIX, NULL, NULL);
    case SUGU_CASH_WISH_CANCEL:
        return sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_CANCEL, NULL, NULL);
    case SUGU_CASH_WISH_KEEP:
        return sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_PATIENT_GONE, NULL, NULL);
    case SUGU_CASH_WISH_NONE:
        break;
    }
    return sugu_cash_wish(agent, SUGU_CASH_WISH_CANCEL, SUGU_CASH_SESSION_ON_CANCEL,
                          "payment.cancelled");
}

static bool
step_paused(struct sugu_agent *agent)
{
    struct sugu_agent_cash *cash = &agent->cash;

    if (cash->is_comparing) {
        cash->is_comparing = false;
        return go_on(agent);
    }
    if (cash->is_open && !sugu_cash_is_acceptor_away(cash))
        return sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_RESUME, NULL, NULL);
    return is_stuck(agent);
}

/* The devices agree with the rows when they are still and no order is open. */
static bool
step_comparing(struct sugu_agent *agent)
{
    struct sugu_agent_cash *cash = &agent->cash;

    if (cash->has_payout || !is_still(cash))
        return is_stuck(agent);
    if (!sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_SAME, NULL, NULL))
        return false;
    if (cash->session.state != SUGU_CASH_SESSION_PAUSED)
        cash->is_comparing = false;
    return true;
}

/* The sum is final: can what is above the due be given back? */
static bool
step_fixed(struct sugu_agent *agent)
{
    struct sugu_agent_cash *cash = &agent->cash;
    int64_t in_yen = sugu_cash_sum_yen(&cash->in);
    struct sugu_cash_drawer drawer;
    struct sugu_cash_counts plan;

    if (in_yen == 0)
        return sugu_cash_wish(agent, SUGU_CASH_WISH_CANCEL, SUGU_CASH_SESSION_ON_REPAY,
                              "payment.cancelled");
    if (in_yen <= cash->session.due_yen)
        return sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_SETTLE_EXACT, NULL, NULL);
    if (!sugu_cash_drawer(agent, &drawer))
        return false;
    if (sugu_cash_plan(in_yen - cash->session.due_yen, &drawer.stock, drawer.gives, &plan))
        return sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_SETTLE_WITH_CHANGE, NULL, NULL);
    return sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_REPAY, "cash.no-change", NULL);
}

static bool
step_paying(struct sugu_agent *agent)
{
    struct sugu_agent_cash *cash = &agent->cash;

    if (cash->is_comparing)
        return step_comparing(agent);
    if (cash->has_payout)
        return is_stuck(agent);
    if (!cash->wants_plan || sugu_cash_owed(cash) != 0)
        return false;
    return sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_PAID_OUT, NULL, NULL);
}

/* One thing that is due; false where there is none. */
static bool
step_once(struct sugu_agent *agent)
{
    struct sugu_agent_cash *cash = &agent->cash;

    switch (cash->session.state) {
    case SUGU_CASH_SESSION_OPEN:
    case SUGU_CASH_SESSION_COUNTING:
        return step_taking(agent);
    case SUGU_CASH_SESSION_PAUSED:
        return step_paused(agent);
    case SUGU_CASH_SESSION_FIXING:
    case SUGU_CASH_SESSION_CLEARING:
    case SUGU_CASH_SESSION_KEEPING:
        if (is_still(cash))
            return sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_STILL, NULL, NULL);
        return is_stuck(agent);
    case SUGU_CASH_SESSION_FIXED:
        return step_fixed(agent);
    case SUGU_CASH_SESSION_PAYING_OUT:
    case SUGU_CASH_SESSION_REPAYING:
        return step_paying(agent);
    case SUGU_CASH_SESSION_COMPARING:
        return step_comparing(agent);
    case SUGU_CASH_SESSION_IDLE:
    case SUGU_CASH_SESSION_DONE:
    case SUGU_CASH_SESSION_FAULT:
    case SUGU_CASH_SESSION_STATE_COUNT:
        break;
    }
    return false;
}

/* ---- the attempt */

void
sugu_cash_end_attempt(struct sugu_agent *agent,
                      struct sugu_slot *slot,
                      const struct sugu_cash_session_row *session,
                      int64_t owed_yen)
{
    struct sugu_attempt row = slot->attempt;
    bool is_asked = row.state != SUGU_ATTEMPT_SENT, is_paid = session->approved_yen > 0;
    const char *code = *session->code ? session->code : "payment.cancelled";
    enum sugu_attempt_event event =
        is_asked ? SUGU_ATTEMPT_ON_STATUS_DECLINED : SUGU_ATTEMPT_ON_DECLINED_BY_DEVICE;

    if (is_paid) {
        event = is_asked ? SUGU_ATTEMPT_ON_STATUS_APPROVED : SUGU_ATTEMPT_ON_APPROVED_BY_DEVICE;
        code = session->approved_yen < session->due_yen ? "payment.partial" : "";
    }
    row.approved_yen = session->approved_yen;
    sugu_text_copy(row.terminal, sizeof row.terminal, agent->settings.cash_place);
    sugu_agent_apply(agent, slot, event, &row, owed_yen > 0 ? "cash.change-owed" : code);
}

/* A human has to find out: at once, because no device will say more. */
static void
hold_attempt(struct sugu_agent *agent, struct sugu_slot *slot)
{
    if (slot->attempt.state == SUGU_ATTEMPT_SENT)
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_NO_ANSWER, "payment.no-answer");
    if (slot->attempt.state == SUGU_ATTEMPT_UNKNOWN)
        sugu_agent_apply_event(agent, slot, SUGU_ATTEMPT_ON_TRIES_USED_UP, "payment.held");
}

static void
settle_attempt(struct sugu_agent *agent)
{
    struct sugu_agent_cash *cash = &agent->cash;
    struct sugu_slot *slot = sugu_agent_slot_of_attempt(agent, &cash->session.attempt);
    bool is_over = !slot || sugu_attempt_is_final(slot->attempt.state);

    if (cash->session.state == SUGU_CASH_SESSION_FAULT && is_over) {
        cash->session.is_by_staff = true;
        sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_STAFF_SETTLED, NULL, NULL);
    } else if (cash->session.state == SUGU_CASH_SESSION_FAULT) {
        hold_attempt(agent, slot);
    } else if (cash->session.state == SUGU_CASH_SESSION_DONE && !is_over &&
               slot->attempt.state != SUGU_ATTEMPT_HELD) {
        sugu_cash_end_attempt(agent, slot, &cash->session, sugu_cash_owed(cash));
    }
}

void
sugu_cash_step_session(struct sugu_agent *agent)
{
    enum sugu_cash_session_state before = agent->cash.session.state;
    bool has_stepped = false;

    if (!agent->cash.has_session)
        return;
    while (!agent->has_failed && step_once(agent))
        has_stepped = true;
    if (has_stepped && agent->cash.session.state != before)
        sugu_cash_publish(agent);
    settle_attempt(agent);
}
