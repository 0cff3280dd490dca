/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bill - the fee gateway announces, revises and withdraws bills, and confirms what it posted
 */
#include "handlers/charge.h"
#include "handlers/money.h"

#include "domain/bill-due.h"
#include "domain/bill.h"
#include "domain/visit.h"

#include <stdlib.h>
#include <string.h>

struct change {
    struct sugu_visit_lock_row visit;
    struct sugu_bill_lock_row bill;
    struct sugu_bill_view view;
    struct sugu_charge_report_remove_row report;
    struct sugu_attempt_refund_open_row refund; /* on its way back */
    struct sugu_bill_money money;
    struct sugu_card_lock_row card_lock;
    struct sugu_card_facts_rows cards; /* of one that may pay it */
    enum sugu_dues_answer dues;
    struct sugu_outcome outcome; /* of a bill of nothing */
    int64_t applied_yen;         /* of a deposit */
    unsigned bill_state, visit_state;
    uint32_t effects;
    struct sugu_visit_view waiting; /* read where the wait for the bill ends, or begins anew */
    struct sugu_visit_change next;  /* where the person goes with a bill for the counter */
    bool is_placed;
};

static void
change_done(void *state)
{
    struct change *change = state;

    sugu_bill_view_done(&change->view);
    sugu_visit_view_done(&change->waiting);
    sugu_visit_change_done(&change->next);
    sugu_card_facts_rows_done(&change->cards);
    sugu_outcome_done(&change->outcome);
}
const struct sugu_state sugu_state_announce_bill = {sizeof(struct change), change_done};

const struct sugu_state sugu_state_withdraw_bill = {sizeof(struct change), change_done};

/* An answer that is not kept: the same request may be made again later. */
static void
ask_again_later(struct sugu_work *work, const char *code)
{
    sugu_work_refuse(work, code, "");
    work->is_stored = true;
}

static bool
changes_wait(const struct change *change)
{
    return (change->visit.state == SUGU_VISIT_AWAITING_BILL) !=
           (change->visit_state == SUGU_VISIT_AWAITING_BILL);
}

/* Behind the writes: what follows for the visit. */
static void
send_after(struct sugu_batch *batch, struct change *change, struct sugu_id bill)
{
    sugu_bill_view_send(batch, &change->view, bill);
    if (changes_wait(change))
        sugu_visit_view_send(batch, &change->waiting, change->view.row.visit);
    if (change->bill_state == SUGU_BILL_TO_COUNTER)
        sugu_visit_change_send(batch, &change->next, change->view.row.visit);
}

/* Money was taken, and now the bill is another: the person is wanted at the counter. True where a
 * round follows. */
static bool
write_next_place(struct sugu_batch *batch, struct sugu_work *work)
{
    struct change *change = work->state;

    if (change->bill_state != SUGU_BILL_TO_COUNTER || change->is_placed)
        return false;
    change->is_placed = true;
    sugu_visit_change_to_counter(batch, &change->next, "bill.revised");
    if (change->next.write_count == 0 ||
        !sugu_visit_change_settle(batch, &change->next, work, /* is_no_show= */ false))
        return false;
    sugu_visit_change_write(batch, &change->next, work, &(struct sugu_verb){SUGU_VERB_SETTLE, ""});
    return true;
}

static void
publish(struct sugu_batch *batch, struct change *change)
{
    if (change->dues != SUGU_DUES_ZERO) /* else it is settled by now */
        sugu_bill_view_publish(batch, &change->view);
    if (changes_wait(change))
        sugu_visit_view_publish_bill_wait(batch, &change->waiting);
    if (change->next.write_count > 0)
        sugu_visit_change_publish(batch, &change->next);
}

/* ---- AnnounceBill */

/* The bill as the domain's value, so that its rules can look at it. */
static bool
adds_up(const Sugu__Bill *from, struct sugu_error *reterr)
{
    struct sugu_bill *bill = calloc(1, sizeof *bill);
    enum sugu_status status = SUGU_OK;

    if (!bill)
        abort();
    bill->ratio_percent = from->ratio_percent;
    bill->totals.points.value = from->total_points;
    bill->totals.copay.value = from->copay_yen;
    bill->totals.self_pay.value = from->self_pay_yen;
    bill->totals.total.value = from->total_yen;
    bill->line_count = from->n_lines;
    for (size_t i = 0; i < from->n_lines && status == SUGU_OK; i++) {
        struct sugu_bill_line *line = &bill->lines[i];
        if (!sugu_category_find(from->lines[i]->category, &line->category))
            status = sugu_fail(reterr, SUGU_REFUSED, "bill.lines", "category %s",
                               from->lines[i]->category);
        snprintf(line->act_code, sizeof line->act_code, "%s", from->lines[i]->act_code);
        snprintf(line->name, sizeof line->name, "%s", from->lines[i]->name);
        line->points.value = from->lines[i]->points;
        line->count = from->lines[i]->count;
        line->yen.value = from->lines[i]->yen;
    }
    if (status == SUGU_OK)
        status = sugu_bill_check(bill, reterr);
    free(bill);
    return status == SUGU_OK;
}

/* What the revision means for what was paid. */
static bool
decide_revision(struct sugu_work *work)
{
    struct change *change = work->state;
    enum sugu_bill_state state = (enum sugu_bill_state)change->bill.state;
    bool is_proven = change->bill.is_proven;
    struct sugu_error error;

    change->money.paid_yen = change->bill.paid_yen;
    change->money.held_yen = change->bill.held_yen;
    if (is_proven)
        change->applied_yen = sugu_bill_apply_deposit(&change->money);
    if (sugu_machine_step(&sugu_bill_machine, state,
                          sugu_bill_revise_event(state, &change->money, is_proven),
                          &change->bill_state, &change->effects, &error) == SUGU_OK)
        return true;
    sugu_work_reply_error(work, &error);
    return false;
}

/* A visit with nothing more to pay stays where it is. */
static bool
decide_visit(struct sugu_work *work)
{
    struct change *change = work->state;
    struct sugu_error error;

    change->visit_state = (unsigned)change->visit.state;
    if (change->bill_state == SUGU_BILL_SETTLED || change->bill_state == SUGU_BILL_OVERPAID ||
        change->bill_state == SUGU_BILL_DEPOSITED)
        return true;
    if (sugu_machine_step(&sugu_visit_machine, (unsigned)change->visit.state,
                          SUGU_VISIT_ON_BILL_ANNOUNCED, &change->visit_state, NULL,
                          &error) == SUGU_OK)
        return true;
    sugu_work_reply_error(work, &error);
    return false;
}

/* Then nobody knows what is paid of the bill. Held payments are with a person, and may stay so. */
static bool
is_money_moving(const struct change *change)
{
    return change->bill.state == SUGU_BILL_IN_PAYMENT || change->refund.is_open;
}

static void
send_bill_lock(struct sugu_batch *batch, struct change *change, struct sugu_id bill)
{
    int32_t facility = batch->facility.facility;

    sugu_db_bill_lock(batch->db,
                      &(struct sugu_bill_lock_params){.facility = facility, .bill = bill},
                      &change->bill);
    sugu_db_attempt_refund_open(
        batch->db, &(struct sugu_attempt_refund_open_params){.facility = facility, .bill = bill},
        &change->refund);
}

static bool
decide_announce(struct sugu_work *work)
{
    struct change *change = work->state;
    const Sugu__AnnounceBill *body = work->request->announce_bill;
    struct sugu_id visit = sugu_id_of(&body->bill->visit);
    struct sugu_error error;

    if (!change->visit.is_found ||
        (change->bill.is_found && !sugu_id_equal(&change->bill.visit, &visit))) {
        sugu_work_refuse(work, "visit.unknown", "");
        return false;
    }
    if (!adds_up(body->bill, &error)) {
        sugu_work_reply_error(work, &error);
        return false;
    }
    if (change->bill.is_found && (int32_t)body->acts_version <= change->bill.acts_version) {
        sugu_work_refuse(work, "bill.revised", "a bill of newer acts is there");
        return false;
    }
    if (change->bill.is_found && is_money_moving(change)) {
        ask_again_later(work, "bill.in-payment");
        return false;
    }
    change->money = (struct sugu_bill_money){.total_yen = body->bill->total_yen};
    change->bill_state = SUGU_BILL_ANNOUNCED;
    return (!change->bill.is_found || decide_revision(work)) && decide_visit(work);
}

static void
write_lines(struct sugu_batch *batch, const Sugu__Bill *bill, int32_t revision)
{
    const char *categories[SUGU_BILL_LINES_MAX], *codes[SUGU_BILL_LINES_MAX];
    const char *names[SUGU_BILL_LINES_MAX];
    int32_t points[SUGU_BILL_LINES_MAX], counts[SUGU_BILL_LINES_MAX];
    int64_t yens[SUGU_BILL_LINES_MAX];

    for (size_t i = 0; i < bill->n_lines; i++) {
        categories[i] = bill->lines[i]->category;
        codes[i] = bill->lines[i]->act_code;
        names[i] = bill->lines[i]->name;
        points[i] = (int32_t)bill->lines[i]->points;
        counts[i] = (int32_t)bill->lines[i]->count;
        yens[i] = bill->lines[i]->yen;
    }
    if (bill->n_lines > 0)
        sugu_db_bill_line_add(
            batch->db,
            &(struct sugu_bill_line_add_params){.count = bill->n_lines,
                                                .facility = batch->facility.facility,
                                                .bill = sugu_id_of(&bill->bill),
                                                .revision = revision,
                                                .categories = categories,
                                                .act_codes = codes,
                                                .names = names,
                                                .points = points,
                                                .counts = counts,
                                                .yens = yens},
            NULL);
}

static void
set_visit_state(struct sugu_batch *batch, const struct change *change, struct sugu_id visit)
{
    if (change->visit_state != (unsigned)change->visit.state)
        sugu_db_visit_set_state(
            batch->db,
            &(struct sugu_visit_set_state_params){.facility = batch->facility.facility,
                                                  .visit = visit,
                                                  .state = (int16_t)change->visit_state,
                                                  .left_at = 0},
            NULL);
}

/* A revision that what was paid covers is settled with its announcement. */
static void
write_money(struct sugu_batch *batch, struct sugu_work *work, int32_t revision)
{
    struct change *change = work->state;
    const Sugu__Bill *bill = work->request->announce_bill->bill;
    struct sugu_id id = sugu_id_of(&bill->bill), visit = sugu_id_of(&bill->visit);
    struct sugu_bill_money before = sugu_bill_money_of(&change->bill);

    if (change->applied_yen > 0)
        sugu_ledger_deposit_applied(batch, id, change->applied_yen);
    if (change->bill.is_found) {
        sugu_bill_post_excess(batch, id, &before, &change->money);
        sugu_bill_set_money(batch, id, change->bill_state, &change->money);
    }
    if (change->bill_state != SUGU_BILL_SETTLED)
        return;
    sugu_posting_settle(batch, &(struct sugu_posting_facts){.bill = id,
                                                            .visit = visit,
                                                            .revision = revision,
                                                            .yen = bill->total_yen,
                                                            .method = "mixed",
                                                            .day = change->visit.day});
}

/* Who may leave without stopping is charged; the bill is in payment then, so that nobody else pays
 * it meanwhile. While a stage is open other acts may come: then the server asks again when the
 * visit has come to its bill (collect.c). */
static void
offer_to_card(struct sugu_batch *batch, struct change *change, struct sugu_id id, int32_t revision)
{
    bool is_open =
        change->bill_state == SUGU_BILL_ANNOUNCED || change->bill_state == SUGU_BILL_REVISED;
    bool is_time =
        change->visit_state == SUGU_VISIT_BILLED || change->visit_state == SUGU_VISIT_LEFT;

    change->dues = SUGU_DUES_NOT_OURS;
    if (!is_open || !is_time || change->cards.count == 0)
        return;
    change->dues = sugu_dues_bill(
        batch, &change->cards.rows[0],
        &(struct sugu_dues_bill){
            .bill = id, .revision = revision, .due_yen = sugu_bill_due_yen(&change->money)});
    if (change->dues == SUGU_DUES_ORDERED)
        change->bill_state = sugu_bill_begin_payment(batch, id, change->bill_state);
}

static void
write_announce(struct sugu_batch *batch, struct sugu_work *work)
{
    struct change *change = work->state;
    const Sugu__AnnounceBill *body = work->request->announce_bill;
    const Sugu__Bill *bill = body->bill;
    int32_t facility = batch->facility.facility;
    int32_t revision = change->bill.is_found ? change->bill.revision + 1 : 1;
    int64_t before = change->bill.is_found ? change->bill.total_yen - change->bill.waived_yen : 0;
    struct sugu_id id = sugu_id_of(&bill->bill), visit = sugu_id_of(&bill->visit);

    sugu_db_bill_set(batch->db,
                     &(struct sugu_bill_set_params){.facility = facility,
                                                    .bill = id,
                                                    .visit = visit,
                                                    .state = (int16_t)change->bill_state,
                                                    .revision = revision,
                                                    .at = batch->now_utc},
                     NULL);
    sugu_db_bill_revision_add(
        batch->db,
        &(struct sugu_bill_revision_add_params){.facility = facility,
                                                .bill = id,
                                                .revision = revision,
                                                .acts_version = (int32_t)body->acts_version,
                                                .ratio_percent = (int16_t)bill->ratio_percent,
                                                .total_points = (int32_t)bill->total_points,
                                                .copay_yen = bill->copay_yen,
                                                .self_pay_yen = bill->self_pay_yen,
                                                .announced_at = batch->now_utc},
        NULL);
    write_lines(batch, bill, revision);
    set_visit_state(batch, change, visit);
    sugu_ledger_bill(batch, id, revision == 1 ? "bill" : "bill-revised", bill->total_yen - before);
    write_money(batch, work, revision);
    offer_to_card(batch, change, id, revision);
    if (change->effects & SUGU_BILL_DO_CALL_STAFF && change->dues != SUGU_DUES_ORDERED)
        sugu_want_help(batch, "", visit,
                       change->bill_state == SUGU_BILL_OVERPAID ? "bill.overpaid" : "bill.revised",
                       "");
    sugu_charge_report_clear(batch, visit, (int32_t)body->acts_version, &change->report);
    change->view.row.visit = visit;
    send_after(batch, change, id);
}

static void
send_cards(struct sugu_batch *batch, struct change *change, struct sugu_id visit)
{
    struct sugu_card_asked asked = {.visit = visit};

    sugu_card_lock(batch, &asked, &change->card_lock);
    sugu_card_facts_send(batch, &asked, 1, &change->cards);
}

/* Nothing is due, and who may leave without stopping does not come to a kiosk to say so. True while
 * a round follows. */
static bool
settle_zero(struct sugu_batch *batch, struct sugu_work *work, int round)
{
    struct change *change = work->state;
    struct sugu_outcome *outcome = &change->outcome;
    bool is_moved = true;

    switch (round) {
    case 0:
        outcome->where = (struct sugu_attempt_where_row){
            .is_found = true, .bill = change->view.bill, .visit = change->view.row.visit};
        return sugu_outcome_lock(batch, outcome, work);
    case 1:
        return sugu_outcome_nothing_due(batch, outcome, work);
    case 2:
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

static void
reply_announced(struct sugu_batch *batch, struct sugu_work *work)
{
    struct change *change = work->state;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__BillAccepted accepted = SUGU__BILL_ACCEPTED__INIT;

    publish(batch, change);
    sugu_charge_report_publish_over(batch, &change->report);
    accepted.bill = work->request->announce_bill->bill->bill;
    accepted.revision = (uint32_t)change->view.row.revision;
    reply.body_case = SUGU__REPLY__BODY_BILL_ACCEPTED;
    reply.bill_accepted = &accepted;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_announce_bill(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct change *change = work->state;
    const Sugu__Bill *bill = work->request->announce_bill->bill;
    int32_t facility = batch->facility.facility;

    (void)count;
    if (!bill) {
        sugu_work_refuse(work, "bill.unknown", "no bill in the message");
        return false;
    }
    switch (round) {
    case 0: /* locks in the order visit, bill */
        sugu_db_visit_lock(batch->db,
                           &(struct sugu_visit_lock_params){.facility = facility,
                                                            .visit = sugu_id_of(&bill->visit)},
                           &change->visit);
        send_bill_lock(batch, change, sugu_id_of(&bill->bill));
        send_cards(batch, change, sugu_id_of(&bill->visit));
        return true;
    case 1:
        if (!decide_announce(work))
            return false;
        write_announce(batch, work);
        return true;
    default:
        if (change->dues == SUGU_DUES_ZERO && settle_zero(batch, work, round - 2))
            return true;
        if (write_next_place(batch, work))
            return true;
        if (!work->reply)
            reply_announced(batch, work);
        return false;
    }
}

/* ---- WithdrawBill */

static bool
decide_withdraw(struct sugu_work *work)
{
    struct change *change = work->state;
    bool is_paid = change->bill.paid_yen + change->bill.held_yen > 0;
    struct sugu_error error;

    if (is_money_moving(change)) {
        ask_again_later(work, "bill.in-payment");
        return false;
    }
    if (sugu_machine_step(&sugu_bill_machine, (unsigned)change->bill.state,
                          is_paid ? SUGU_BILL_ON_WITHDRAW_PAID : SUGU_BILL_ON_WITHDRAW,
                          &change->bill_state, &change->effects, &error) != SUGU_OK) {
        sugu_work_reply_error(work, &error);
        return false;
    }
    change->visit_state = (unsigned)change->visit.state;
    if (sugu_machine_allows(&sugu_visit_machine, change->visit_state,
                            SUGU_VISIT_ON_BILL_WITHDRAWN) &&
        sugu_machine_step(&sugu_visit_machine, change->visit_state, SUGU_VISIT_ON_BILL_WITHDRAWN,
                          &change->visit_state, NULL, &error) != SUGU_OK)
        return false;
    return true;
}

static void
write_withdraw(struct sugu_batch *batch, struct sugu_work *work)
{
    struct change *change = work->state;
    struct sugu_id id = sugu_id_of(&work->request->withdraw_bill->bill);
    struct sugu_bill_money before = sugu_bill_money_of(&change->bill);

    /* Nothing of it is wanted any more; what was paid is due to the patient. */
    change->money = before;
    change->money.waived_yen = before.total_yen;
    sugu_ledger_bill(batch, id, "bill-withdrawn", -sugu_bill_owed_yen(&before));
    sugu_bill_post_excess(batch, id, &before, &change->money);
    sugu_bill_set_money(batch, id, change->bill_state, &change->money);
    set_visit_state(batch, change, change->bill.visit);
    if (change->effects & SUGU_BILL_DO_CALL_STAFF)
        sugu_want_help(batch, "", change->bill.visit, "bill.revised", "");
    send_after(batch, change, id);
}

bool
sugu_step_withdraw_bill(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct change *change = work->state;
    struct sugu_id id = sugu_id_of(&work->request->withdraw_bill->bill);
    int32_t facility = batch->facility.facility;

    (void)count;
    switch (round) {
    case 0: /* only to learn the visit, whose lock comes first */
        sugu_bill_view_send(batch, &change->view, id);
        return true;
    case 1:
        if (!change->view.row.is_found) {
            sugu_work_refuse(work, "bill.unknown", "");
            return false;
        }
        sugu_db_visit_lock(
            batch->db,
            &(struct sugu_visit_lock_params){.facility = facility, .visit = change->view.row.visit},
            &change->visit);
        send_bill_lock(batch, change, id);
        return true;
    case 2:
        if (!decide_withdraw(work))
            return false;
        write_withdraw(batch, work);
        return true;
    default:
        if (write_next_place(batch, work))
            return true;
        if (work->reply)
            return false;
        publish(batch, change);
        sugu_work_reply_ok(work);
        return false;
    }
}

/* ---- GetBill */

struct get_bill {
    struct sugu_session_find_row session;
    struct sugu_bill_view view;
};

static void
get_bill_done(void *state)
{
    sugu_bill_view_done(&((struct get_bill *)state)->view);
}
const struct sugu_state sugu_state_get_bill = {sizeof(struct get_bill), get_bill_done};

static void
reply_bill(struct sugu_work *work, struct get_bill *get)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Bill bill;

    if (!get->session.is_found || !get->view.row.is_found ||
        sugu_id_is_none(&get->session.patient) ||
        !sugu_id_equal(&get->view.row.patient, &get->session.patient)) {
        sugu_work_refuse(work, get->session.is_found ? "bill.unknown" : "session.unknown", "");
        return;
    }
    sugu_bill_view_fill(&get->view, &bill);
    reply.body_case = SUGU__REPLY__BODY_BILL;
    reply.bill = &bill;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_get_bill(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct get_bill *get = work->state;
    const Sugu__GetBill *body = work->request->get_bill;

    (void)count;
    if (round == 0) {
        sugu_db_session_find(
            batch->db,
            &(struct sugu_session_find_params){.facility = batch->facility.facility,
                                               .session = sugu_id_of(&body->session),
                                               .place = work->peer.place},
            &get->session);
        sugu_bill_view_send(batch, &get->view, sugu_id_of(&body->bill));
        return true;
    }
    reply_bill(work, get);
    return false;
}
