/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect - the server's own work: a visit's bill goes to the card on file that has to pay it
 *
 * For the visits that the chores found: the day of another try has come, or the visit came to its
 * bill after it was announced. Whatever changed meanwhile is seen under the locks.
 */
#include "handlers/collect.h"

#include "domain/date.h"
#include "handlers/money.h"

#define PATIENCE_DAYS 31

struct collect {
    struct sugu_visit_lock_row visit;
    struct sugu_bill_of_visit_row newest;
    struct sugu_bill_lock_row bill;
    struct sugu_card_lock_row card_lock;
    struct sugu_card_facts_rows cards;
    struct sugu_bill_view view;
    struct sugu_outcome outcome; /* of a bill of nothing */
    enum sugu_dues_answer dues;
};

static void
collect_done(void *state)
{
    struct collect *collect = state;

    sugu_card_facts_rows_done(&collect->cards);
    sugu_bill_view_done(&collect->view);
    sugu_outcome_done(&collect->outcome);
}
static const struct sugu_state collect_state = {sizeof(struct collect), collect_done};

static void
send_find(struct sugu_batch *batch, struct collect *collect, struct sugu_id visit)
{
    int32_t facility = batch->facility.facility;

    sugu_db_visit_lock(batch->db,
                       &(struct sugu_visit_lock_params){.facility = facility, .visit = visit},
                       &collect->visit);
    sugu_db_bill_of_visit(batch->db,
                          &(struct sugu_bill_of_visit_params){.facility = facility, .visit = visit},
                          &collect->newest);
}

static bool
send_locks(struct sugu_batch *batch, struct collect *collect, struct sugu_id visit)
{
    struct sugu_card_asked asked = {.visit = visit};

    if (!collect->visit.is_found)
        return false;
    if (collect->newest.is_found)
        sugu_db_bill_lock(batch->db,
                          &(struct sugu_bill_lock_params){.facility = batch->facility.facility,
                                                          .bill = collect->newest.bill},
                          &collect->bill);
    sugu_card_lock(batch, &asked, &collect->card_lock);
    sugu_card_facts_send(batch, &asked, 1, &collect->cards);
    return true;
}

/* No-show, cancelled, or without a bill for a month: a hold is let go. */
static bool
is_over(const struct sugu_batch *batch, const struct collect *collect)
{
    return collect->visit.state == SUGU_VISIT_NO_SHOW ||
           collect->visit.state == SUGU_VISIT_CANCELLED ||
           (!collect->newest.is_found &&
            sugu_date_to_days(batch->day) - sugu_date_to_days(collect->visit.day) > PATIENCE_DAYS);
}

static bool
is_time(const struct collect *collect)
{
    return collect->newest.is_found &&
           (collect->bill.state == SUGU_BILL_ANNOUNCED ||
            collect->bill.state == SUGU_BILL_REVISED) &&
           (collect->visit.state == SUGU_VISIT_BILLED || collect->visit.state == SUGU_VISIT_LEFT) &&
           collect->cards.count > 0;
}

/* False: nothing is written, and nothing follows. */
static bool
write_bill(struct sugu_batch *batch, struct collect *collect)
{
    struct sugu_bill_money money = sugu_bill_money_of(&collect->bill);
    struct sugu_dues_bill bill = {.bill = collect->newest.bill,
                                  .revision = collect->bill.revision,
                                  .due_yen = sugu_bill_due_yen(&money),
                                  .is_retry = true};

    if (collect->cards.count > 0 && is_over(batch, collect))
        sugu_dues_call_off(batch, &collect->cards.rows[0]);
    if (!is_time(collect))
        return false;
    collect->dues = sugu_dues_bill(batch, &collect->cards.rows[0], &bill);
    if (collect->dues == SUGU_DUES_ORDERED)
        sugu_bill_begin_payment(batch, bill.bill, (unsigned)collect->bill.state);
    sugu_bill_view_send(batch, &collect->view, bill.bill);
    return true;
}

/* As bill.c does it where the announcement itself finds nothing due. True while a round follows. */
static bool
settle_zero(struct sugu_batch *batch, struct sugu_work *work, int round)
{
    struct collect *collect = work->state;
    struct sugu_outcome *outcome = &collect->outcome;
    bool is_moved = true;

    switch (round) {
    case 3:
        outcome->where = (struct sugu_attempt_where_row){
            .is_found = true, .bill = collect->newest.bill, .visit = work->subject};
        return sugu_outcome_lock(batch, outcome, work);
    case 4:
        return sugu_outcome_nothing_due(batch, outcome, work);
    case 5:
        if (sugu_outcome_write_next(batch, outcome, work))
            return true;
        is_moved = false;
        break;
    default:
        break;
    }
    sugu_outcome_publish(batch, outcome, is_moved);
    return false;
}

static bool
step_collect(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct collect *collect = work->state;

    (void)count;
    switch (round) {
    case 0:
        send_find(batch, collect, work->subject);
        return true;
    case 1:
        if (send_locks(batch, collect, work->subject))
            return true;
        break;
    case 2:
        if (write_bill(batch, collect))
            return true;
        break;
    default:
        if (collect->dues != SUGU_DUES_ZERO)
            sugu_bill_view_publish(batch, &collect->view);
        else if (settle_zero(batch, work, round))
            return true;
        break;
    }
    if (!work->reply)
        sugu_work_reply_ok(work);
    return false;
}

const struct sugu_handler sugu_handler_collect = {
    .is_read = true, /* nobody asks for its reply */
    .state = &collect_state,
    .step = step_collect,
};
