/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assist-bill - a desk takes a bill away from the kiosks, or gives it back to them
 *
 * With the bill goes the person: to the counter for bills, and back to any kiosk.
 */
#include "handlers/money.h"

struct assist_bill {
    struct sugu_bill_view view;
    struct sugu_visit_lock_row visit;
    struct sugu_bill_lock_row bill;
    struct sugu_attempt_open_of_bill_row open;
    struct sugu_bill_money money;
    int64_t applied_yen; /* of a deposit */
    unsigned state;
    struct sugu_visit_change change; /* where the person goes next */
};

static void
assist_bill_done(void *state)
{
    sugu_bill_view_done(&((struct assist_bill *)state)->view);
    sugu_visit_change_done(&((struct assist_bill *)state)->change);
}
const struct sugu_state sugu_state_assist_bill = {sizeof(struct assist_bill), assist_bill_done};

static void
send_locks(struct sugu_batch *batch, struct assist_bill *assist)
{
    int32_t facility = batch->facility.facility;

    sugu_db_visit_lock(
        batch->db,
        &(struct sugu_visit_lock_params){.facility = facility, .visit = assist->view.row.visit},
        &assist->visit);
    sugu_db_bill_lock(
        batch->db, &(struct sugu_bill_lock_params){.facility = facility, .bill = assist->view.bill},
        &assist->bill);
    sugu_db_attempt_open_of_bill(
        batch->db,
        &(struct sugu_attempt_open_of_bill_params){.facility = facility, .bill = assist->view.bill},
        &assist->open);
}

static void
call_staff(struct sugu_batch *batch, const struct assist_bill *assist)
{
    char number[SUGU_TICKET_NUMBER_SIZE];

    sugu_ticket_number_format(number, assist->view.row.series, (uint32_t)assist->view.row.number);
    sugu_want_help(batch, "", assist->view.row.visit, "bill.to-counter", number);
}

/* What is not at the counter and holds no deposit is offered already, or over. */
static bool
may_be_offered(const struct assist_bill *assist, bool is_offered)
{
    return !is_offered || sugu_machine_allows(&sugu_bill_machine, (unsigned)assist->bill.state,
                                              SUGU_BILL_ON_OFFER_AGAIN);
}

/* What was deposited is paid towards it when it is offered again. */
static void
write_bill(struct sugu_batch *batch, const struct assist_bill *assist)
{
    const struct sugu_bill_lock_row *bill = &assist->bill;
    struct sugu_bill_money before = sugu_bill_money_of(bill);

    if (assist->applied_yen > 0)
        sugu_ledger_deposit_applied(batch, assist->view.bill, assist->applied_yen);
    sugu_bill_post_excess(batch, assist->view.bill, &before, &assist->money);
    sugu_bill_set_money(batch, assist->view.bill, assist->state, &assist->money);
    if (assist->state != SUGU_BILL_SETTLED || bill->is_settled)
        return;
    sugu_posting_settle(batch, &(struct sugu_posting_facts){.bill = assist->view.bill,
                                                            .visit = assist->view.row.visit,
                                                            .revision = bill->revision,
                                                            .yen = bill->total_yen,
                                                            .method = "mixed",
                                                            .day = assist->visit.day});
}

static bool
write_state(struct sugu_batch *batch, struct sugu_work *work)
{
    struct assist_bill *assist = work->state;
    bool is_offered = work->request->assist_bill->verb == SUGU__BILL_VERB__OFFER_AGAIN;
    enum sugu_bill_event event = SUGU_BILL_ON_SEND_TO_COUNTER;
    struct sugu_error error;

    if (is_offered && assist->open.is_open) {
        sugu_work_refuse(work, "payment.open", "nobody knows yet whether money was taken");
        return false;
    }
    assist->money = sugu_bill_money_of(&assist->bill);
    if (is_offered) {
        assist->applied_yen = sugu_bill_apply_deposit(&assist->money);
        event = sugu_bill_offer_event(&assist->money);
    }
    if (!may_be_offered(assist, is_offered) ||
        sugu_machine_step(&sugu_bill_machine, (unsigned)assist->bill.state, event, &assist->state,
                          NULL, &error) != SUGU_OK) {
        sugu_work_refuse(work, "bill.not-allowed", "");
        return false;
    }
    write_bill(batch, assist);
    if (assist->state == SUGU_BILL_TO_COUNTER)
        call_staff(batch, assist);
    sugu_visit_change_send(batch, &assist->change, assist->view.row.visit);
    return true;
}

/* False after a refusal. */
static bool
write_next_place(struct sugu_batch *batch, struct sugu_work *work)
{
    struct assist_bill *assist = work->state;
    const char *desk = work->request->assist_bill->desk;

    if (assist->state == SUGU_BILL_TO_COUNTER)
        sugu_visit_change_to_counter(batch, &assist->change, "bill.to-counter");
    else
        sugu_visit_change_from_counter(batch, &assist->change);
    if (!sugu_visit_change_settle(batch, &assist->change, work, /* is_no_show= */ false))
        return false;
    sugu_visit_change_write(batch, &assist->change, work,
                            &(struct sugu_verb){SUGU_VERB_SETTLE, desk});
    sugu_bill_view_send(batch, &assist->view, assist->view.bill);
    return true;
}

bool
sugu_step_assist_bill(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct assist_bill *assist = work->state;

    (void)count;
    switch (round) {
    case 0:
        sugu_bill_view_send(batch, &assist->view, sugu_id_of(&work->request->assist_bill->bill));
        return true;
    case 1:
        if (!assist->view.row.is_found) {
            sugu_work_refuse(work, "bill.unknown", "");
            return false;
        }
        send_locks(batch, assist);
        return true;
    case 2:
        return write_state(batch, work);
    case 3:
        return write_next_place(batch, work);
    default:
        sugu_visit_change_publish(batch, &assist->change);
        sugu_bill_view_publish(batch, &assist->view);
        sugu_work_reply_ok(work);
        return false;
    }
}
