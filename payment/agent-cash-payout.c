/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-cash-payout - what is owed goes out: an intent, an order, what became of it
 */
#include "payment/agent-private.h"

#include "base/log.h"

#include <assert.h>

#define PIECES_MAX  255 /* of one order */
#define RETRIES_MAX 3   /* of one unit, where a device would not hear */

/* ---- the end of an order */

/* The order with its outcome, and what that moves; the three live in the caller's frame. */
struct ending {
    struct sugu_cash_payout_row row;
    struct sugu_cash_movement movements[2];
    size_t count;
};

static void
put_ending(struct sugu_agent *agent,
           enum sugu_cash_payout_state state,
           uint8_t paid,
           struct ending *ending)
{
    const struct sugu_cash_payout_row *order = &agent->cash.payout;
    const struct sugu_cash_device *device = sugu_cash_device_of(&agent->cash, order->device);
    struct sugu_cash_counts held;
    struct sugu_error error;

    *ending = (struct ending){.row = *order};
    ending->row.state = state;
    ending->row.paid = paid;
    if (paid > 0)
        ending->movements[ending->count++] = (struct sugu_cash_movement){
            .device = order->device, .unit = order->unit, .pieces = -paid, .why = "paid"};
    if (!device || device->trouble != SUGU_CASH_TROUBLE_EMPTY || paid == order->order.count)
        return;
    /* It says that it is empty: what the books think is in it is not there. */
    if (sugu_journal_cash_stock(agent->journal, order->device, &held, &error)) {
        sugu_agent_fail(agent, &error);
        return;
    }
    if (held.of[order->unit] > paid)
        ending->movements[ending->count++] =
            (struct sugu_cash_movement){.device = order->device,
                                        .unit = order->unit,
                                        .pieces = paid - held.of[order->unit],
                                        .why = "short"};
}

/* In memory, after the row. */
static void
close_order(struct sugu_agent_cash *cash, const struct ending *ending)
{
    if (!sugu_cash_add(&cash->out, ending->row.unit, ending->row.paid))
        assert(!"more pieces than a machine holds");
    if (ending->row.paid < ending->row.order.count && ending->row.state == SUGU_CASH_ORDER_ENDED)
        cash->failed_gives |= SUGU_CASH_BIT(ending->row.unit);
    cash->has_payout = cash->is_inherited = false;
    cash->wants_plan = true;
}

static bool
write_ending(struct sugu_agent *agent, enum sugu_cash_payout_state state, uint8_t paid)
{
    struct ending ending;

    put_ending(agent, state, paid, &ending);
    if (!sugu_cash_write(agent, &(struct sugu_cash_entry){.payout = &ending.row,
                                                          .movements = ending.movements,
                                                          .movement_count = ending.count}))
        return false;
    close_order(&agent->cash, &ending);
    return true;
}

bool
sugu_cash_on_payout_news(struct sugu_agent *agent,
                         const struct sugu_cash_event *event,
                         struct sugu_cash_entry *entry)
{
    struct sugu_agent_cash *cash = &agent->cash;
    bool is_end = event->kind == SUGU_CASH_NEWS_PAID || event->kind == SUGU_CASH_NEWS_PAYOUT_UNSURE;
    struct ending ending;
    bool is_written;

    if (!is_end || !cash->has_payout || cash->payout.device != event->device || cash->is_inherited)
        return false;
    put_ending(agent,
               event->kind == SUGU_CASH_NEWS_PAID ? SUGU_CASH_ORDER_ENDED : SUGU_CASH_ORDER_UNSURE,
               event->kind == SUGU_CASH_NEWS_PAID ? event->paid : 0, &ending);
    entry->payout = &ending.row;
    entry->movements = ending.movements;
    entry->movement_count = ending.count;
    if (event->kind == SUGU_CASH_NEWS_PAYOUT_UNSURE)
        is_written = sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_UNSURE, "payment.held", entry);
    else if (event->unpaid > 0)
        is_written = sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_PAID_SHORT, NULL, entry);
    else
        is_written = false;
    if (!is_written && !sugu_cash_write(agent, entry))
        return true;
    close_order(cash, &ending);
    return true;
}

/* ---- orders */

/* The largest unit of the plan for what is owed; false where nothing can be given. */
static bool
choose(struct sugu_agent *agent, enum sugu_cash_unit *ret_unit, int32_t *ret_pieces)
{
    int64_t owed = sugu_cash_owed(&agent->cash);
    struct sugu_cash_drawer drawer;
    struct sugu_cash_counts plan;

    if (owed <= 0 || !sugu_cash_drawer(agent, &drawer))
        return false;
    if (!sugu_cash_plan(owed, &drawer.stock, drawer.gives, &plan))
        sugu_cash_plan_most(owed, &drawer.stock, drawer.gives, &plan);
    for (int unit = SUGU_CASH_UNIT_COUNT - 1; unit >= 0; unit--)
        if (plan.of[unit] > 0) {
            *ret_unit = (enum sugu_cash_unit)unit;
            *ret_pieces = plan.of[unit];
            return true;
        }
    return false;
}

/* The usable payout of the unit. */
static const struct sugu_cash_device *
payout_of(const struct sugu_agent_cash *cash, enum sugu_cash_unit unit)
{
    for (size_t i = 0; i < cash->report.count; i++) {
        const struct sugu_cash_device *device = &cash->report.devices[i];

        if (device->kind == SUGU_CASH_PAYOUT && device->gives == SUGU_CASH_BIT(unit) &&
            device->is_ready && device->trouble == SUGU_CASH_TROUBLE_NONE)
            return device;
    }
    return NULL;
}

bool
sugu_cash_order_next(struct sugu_agent *agent, struct sugu_cash_command *ret_command)
{
    struct sugu_agent_cash *cash = &agent->cash;
    bool is_paying = cash->session.state == SUGU_CASH_SESSION_PAYING_OUT ||
                     cash->session.state == SUGU_CASH_SESSION_REPAYING;
    struct sugu_cash_payout_row row = {.session = cash->session.attempt};
    const struct sugu_cash_device *device;
    int32_t pieces;

    if (!cash->has_session || !is_paying || cash->is_comparing || cash->has_payout ||
        !cash->wants_plan || sugu_cash_owed(cash) <= 0)
        return false;
    if (!choose(agent, &row.unit, &pieces) || !(device = payout_of(cash, row.unit))) {
        sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_NOTHING_MORE, "cash.change-owed", NULL);
        return false;
    }
    row.device = device->id;
    row.serial = device->serial;
    row.order = (struct sugu_cash_order){
        .count = (uint8_t)(pieces < PIECES_MAX ? pieces : PIECES_MAX),
        .before = {device->counter, device->remaining, device->paid, device->unpaid}};
    if (!sugu_cash_write(agent, &(struct sugu_cash_entry){.intent = &row}))
        return false;
    cash->payout = row;
    cash->has_payout = true;
    cash->wants_plan = false;
    cash->moved_us = sugu_agent_now(agent);
    *ret_command = (struct sugu_cash_command){.kind = SUGU_CASH_PAY,
                                              .device = row.device,
                                              .count = row.order.count,
                                              .counter = row.order.before.counter};
    return true;
}

void
sugu_cash_on_ordered(struct sugu_agent *agent, const struct sugu_cash_job_result *result)
{
    struct sugu_agent_cash *cash = &agent->cash;
    struct sugu_cash_payout_row row = cash->payout;

    if (!cash->has_payout || row.device != result->job.command.device)
        return;
    switch (result->status) {
    case SUGU_OK:
        row.order.was_taken = true;
        if (sugu_cash_write(agent, &(struct sugu_cash_entry){.payout = &row}))
            cash->payout = row;
        return;
    case SUGU_RETRY:
    case SUGU_REFUSED:
        sugu_log_error(SUGU_LOG_WARNING, "cash.not-paid", &result->error);
        if (result->status == SUGU_REFUSED || ++cash->retries >= RETRIES_MAX) {
            cash->failed_gives |= SUGU_CASH_BIT(row.unit);
            cash->retries = 0;
        }
        write_ending(agent, SUGU_CASH_ORDER_NOT_EXECUTED, 0);
        return;
    case SUGU_UNKNOWN:
    case SUGU_BROKEN:
        break; /* the polls tell */
    }
    sugu_log_error(SUGU_LOG_WARNING, "cash.order-unknown", &result->error);
}

/* ---- orders of an earlier process */

void
sugu_cash_judge_inherited(struct sugu_agent *agent)
{
    struct sugu_agent_cash *cash = &agent->cash;
    const struct sugu_cash_device *device = sugu_cash_device_of(cash, cash->payout.device);
    struct sugu_cash_payout_status now;
    enum sugu_cash_payout_verdict verdict = SUGU_CASH_PAYOUT_UNSURE;
    uint8_t paid = 0;

    if (!cash->has_payout || !cash->is_inherited || !device || !device->is_ready)
        return;
    now = (struct sugu_cash_payout_status){device->counter, device->remaining, device->paid,
                                           device->unpaid};
    if (device->serial == cash->payout.serial)
        verdict = sugu_cash_judge_payout(&cash->payout.order, &now, &paid);
    switch (verdict) {
    case SUGU_CASH_PAYOUT_RUNNING:
        cash->moved_us = sugu_agent_now(agent);
        return;
    case SUGU_CASH_PAYOUT_NOT_EXECUTED:
        write_ending(agent, SUGU_CASH_ORDER_NOT_EXECUTED, 0);
        return;
    case SUGU_CASH_PAYOUT_FINISHED:
        write_ending(agent, SUGU_CASH_ORDER_ENDED, paid);
        return;
    case SUGU_CASH_PAYOUT_UNSURE:
        if (write_ending(agent, SUGU_CASH_ORDER_UNSURE, 0))
            sugu_cash_apply(agent, SUGU_CASH_SESSION_ON_DIFFERS, "payment.held", NULL);
        return;
    }
}
