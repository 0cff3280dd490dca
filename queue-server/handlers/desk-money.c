/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk-money - a person at a desk takes money, finds out what became of an attempt, sees it all
 */
#include "handlers/money.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- SettleBill */

struct settle_bill {
    struct sugu_outcome outcome;
    struct sugu_bill_view view; /* only to learn the visit, whose lock comes first */
    struct sugu_attempt_open_of_bill_row open;
};

static void
settle_bill_done(void *state)
{
    struct settle_bill *settle = state;

    sugu_outcome_done(&settle->outcome);
    sugu_bill_view_done(&settle->view);
}
const struct sugu_state sugu_state_settle_bill = {sizeof(struct settle_bill), settle_bill_done};

static const char *const desk_ways[] = {
    [SUGU__DESK_MONEY__DESK_CASH] = "cash",
    [SUGU__DESK_MONEY__DESK_CARD] = "card",
    [SUGU__DESK_MONEY__DESK_TRANSFER] = "transfer",
};

static bool
send_settle_locks(struct sugu_batch *batch, struct sugu_work *work)
{
    struct settle_bill *settle = work->state;
    int32_t facility = batch->facility.facility;

    if (!settle->view.row.is_found) {
        sugu_work_refuse(work, "bill.unknown", "");
        return false;
    }
    settle->outcome.where = (struct sugu_attempt_where_row){
        .is_found = true, .bill = settle->view.bill, .visit = settle->view.row.visit};
    if (!sugu_outcome_lock(batch, &settle->outcome, work))
        return false;
    sugu_db_attempt_open_of_bill(
        batch->db,
        &(struct sugu_attempt_open_of_bill_params){.facility = facility, .bill = settle->view.bill},
        &settle->open);
    return true;
}

static const char *
find_obstacle(const struct settle_bill *settle, const Sugu__SettleBill *body)
{
    const struct sugu_bill_lock_row *bill = &settle->outcome.bill;
    struct sugu_bill_money money = sugu_bill_money_of(bill);
    int64_t due;

    sugu_bill_apply_deposit(&money);
    due = sugu_bill_due_yen(&money);
    if (settle->open.is_open)
        return "payment.open";
    if ((int32_t)body->revision != bill->revision || bill->state == SUGU_BILL_WITHDRAWN)
        return "bill.revised";
    if (body->amount_yen > due || (body->amount_yen == 0 && due > 0))
        return "payment.amount";
    return NULL;
}

/* What is held for the bill is paid with it: the rest is what the person took. */
static int64_t
apply_deposit(struct sugu_outcome *outcome)
{
    struct sugu_bill_money money = sugu_bill_money_of(&outcome->bill);
    int64_t applied = sugu_bill_apply_deposit(&money);

    outcome->bill.paid_yen = money.paid_yen;
    outcome->bill.held_yen = money.held_yen;
    return applied;
}

/* The attempt of a person is over when it begins. */
static bool
write_settle(struct sugu_batch *batch, struct sugu_work *work)
{
    struct settle_bill *settle = work->state;
    struct sugu_outcome *outcome = &settle->outcome;
    const Sugu__SettleBill *body = work->request->settle_bill;
    const char *code = find_obstacle(settle, body);
    int64_t applied;

    if (code) {
        sugu_work_refuse(work, code, "");
        return false;
    }
    applied = apply_deposit(outcome);
    outcome->attempt = sugu_id_new(batch->clock, batch->random);
    outcome->state = SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED;
    outcome->approved_yen = body->amount_yen;
    outcome->code = "";
    outcome->provider_id = NULL;
    outcome->approval_code = outcome->last4 = "";
    outcome->brand =
        (size_t)body->by < SUGU_ARRAY_SIZE(desk_ways) ? desk_ways[body->by] : desk_ways[0];
    outcome->terminal = body->desk;
    outcome->was = (struct sugu_attempt_lock_row){.is_found = true,
                                                  .bill = outcome->where.bill,
                                                  .revision = outcome->bill.revision,
                                                  .kind = "payment",
                                                  .method = "desk",
                                                  .reason = -1};
    if (!sugu_outcome_decide(outcome, work))
        return false;
    sugu_db_attempt_add(batch->db,
                        &(struct sugu_attempt_add_params){.facility = batch->facility.facility,
                                                          .attempt = outcome->attempt,
                                                          .bill = outcome->where.bill,
                                                          .revision = outcome->bill.revision,
                                                          .client = work->peer.client,
                                                          .place = work->peer.place,
                                                          .kind = "payment",
                                                          .method = "desk",
                                                          .amount_yen = body->amount_yen,
                                                          .state = 0,
                                                          .begun_at = batch->now_utc},
                        NULL);
    if (applied > 0)
        sugu_ledger_deposit_applied(batch, outcome->where.bill, applied);
    sugu_audit(batch, work, "settle-bill", &outcome->where.visit, body->note);
    sugu_outcome_write(batch, outcome, work);
    return true;
}

/* The rounds behind the write, which both requests share. */
static bool
finish(struct sugu_batch *batch,
       struct sugu_outcome *outcome,
       struct sugu_work *work,
       bool is_first)
{
    bool is_moved = true;

    if (is_first) {
        if (sugu_outcome_write_next(batch, outcome, work))
            return true;
        is_moved = false;
    }
    sugu_outcome_publish(batch, outcome, is_moved);
    sugu_work_reply_ok(work);
    return false;
}

bool
sugu_step_settle_bill(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct settle_bill *settle = work->state;

    (void)count;
    switch (round) {
    case 0:
        sugu_bill_view_send(batch, &settle->view, sugu_id_of(&work->request->settle_bill->bill));
        return true;
    case 1:
        return send_settle_locks(batch, work);
    case 2:
        return write_settle(batch, work);
    default:
        return finish(batch, &settle->outcome, work, round == 3);
    }
}

/* ---- ResolvePayment */

struct resolve_payment {
    struct sugu_outcome outcome;
};

static void
resolve_payment_done(void *state)
{
    sugu_outcome_done(&((struct resolve_payment *)state)->outcome);
}
const struct sugu_state sugu_state_resolve_payment = {sizeof(struct resolve_payment),
                                                      resolve_payment_done};

/* The program that holds it hears of it too, so that it asks its device no longer. */
static void
publish_resolved(struct sugu_batch *batch, const struct sugu_outcome *outcome)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PaymentResolved resolved = SUGU__PAYMENT_RESOLVED__INIT;

    resolved.attempt = sugu_id_field(&outcome->attempt);
    resolved.state = outcome->state;
    resolved.approved_yen = outcome->approved_yen;
    event.body_case = SUGU__EVENT__BODY_PAYMENT_RESOLVED;
    event.payment_resolved = &resolved;
    sugu_batch_event(batch, SUGU_ROLE_PAYMENT, outcome->was.place, NULL, &event);
}

static bool
is_kind(const struct sugu_outcome *outcome, const char *kind)
{
    return strcmp(outcome->was.kind, kind) == 0;
}

/* Of a payment any amount; of a hold what is held, at most what was asked for; else none. */
static bool
is_amount_right(const struct sugu_outcome *outcome, const Sugu__ResolvePayment *body)
{
    bool is_approved = body->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED;
    bool has_bill = outcome->bill.is_found;
    bool has_yen = has_bill || (is_kind(outcome, "hold") && outcome->was.amount_yen > 0);

    if (!is_approved || !has_yen)
        return body->approved_yen == 0;
    return body->approved_yen > 0 && (has_bill || body->approved_yen <= outcome->was.amount_yen);
}

/* What is held is taken, or let go, by the number that the provider knows it by. */
static bool
lacks_id(const struct sugu_outcome *outcome, const Sugu__ResolvePayment *body)
{
    return is_kind(outcome, "hold") && body->approved_yen > 0 && !*body->provider_id &&
           !*outcome->was.provider_id;
}

static const char *
find_fault(const struct sugu_outcome *outcome, const Sugu__ResolvePayment *body)
{
    if (outcome->was.state != SUGU__ATTEMPT_STATE__ATTEMPT_HELD ||
        !sugu_attempt_state_is_final((int)body->state) || is_kind(outcome, "forget"))
        return "payment.not-allowed";
    if (!*body->reason)
        return "payment.reason-needed";
    if (!is_amount_right(outcome, body))
        return "payment.amount";
    return lacks_id(outcome, body) ? "payment.id-needed" : NULL;
}

/* What has no bill stands in no list of one: the trail says what it was. */
static void
audit_resolved(struct sugu_batch *batch, struct sugu_work *work, const struct sugu_outcome *outcome)
{
    static const char *const states[] = {[SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED] = "approved",
                                         [SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED] = "declined",
                                         [SUGU__ATTEMPT_STATE__ATTEMPT_REVERSED] = "reversed"};
    const Sugu__ResolvePayment *body = work->request->resolve_payment;
    char detail[300], id[SUGU_ID_TEXT_SIZE];

    if (outcome->bill.is_found)
        snprintf(detail, sizeof detail, "%s", body->reason);
    else
        snprintf(detail, sizeof detail, "%s %s %s: %s", outcome->was.kind,
                 sugu_id_to_text(&outcome->attempt, id), states[body->state], body->reason);
    sugu_audit(batch, work, "resolve-payment", &outcome->where.visit, detail);
}

static bool
write_resolved(struct sugu_batch *batch, struct sugu_work *work, struct sugu_outcome *outcome)
{
    const Sugu__ResolvePayment *body = work->request->resolve_payment;
    const char *fault = find_fault(outcome, body);

    if (fault) {
        sugu_work_refuse(work, fault, "");
        return false;
    }
    outcome->state = body->state;
    outcome->approved_yen = body->approved_yen;
    outcome->code = body->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED ? "" : "payment.resolved";
    outcome->provider_id = *body->provider_id          ? body->provider_id
                           : *outcome->was.provider_id ? outcome->was.provider_id
                                                       : NULL;
    outcome->approval_code = outcome->brand = outcome->last4 = "";
    outcome->terminal = outcome->was.terminal;
    if (!sugu_outcome_decide(outcome, work))
        return false;
    audit_resolved(batch, work, outcome);
    sugu_outcome_write(batch, outcome, work);
    publish_resolved(batch, outcome);
    return true;
}

bool
sugu_step_resolve_payment(struct sugu_batch *batch,
                          struct sugu_work **works,
                          size_t count,
                          int round)
{
    struct sugu_work *work = works[0];
    struct sugu_outcome *outcome = &((struct resolve_payment *)work->state)->outcome;

    (void)count;
    switch (round) {
    case 0:
        outcome->attempt = sugu_id_of(&work->request->resolve_payment->attempt);
        sugu_outcome_find(batch, outcome);
        return true;
    case 1:
        return sugu_outcome_lock(batch, outcome, work);
    case 2:
        return write_resolved(batch, work, outcome);
    default:
        return finish(batch, outcome, work, round == 3);
    }
}

/* ---- GetMoney */

struct get_money {
    struct sugu_bill_view view;
    struct sugu_attempt_list_rows attempts;
    struct sugu_refund_list_rows refunds;
};

static void
get_money_done(void *state)
{
    struct get_money *get = state;

    sugu_bill_view_done(&get->view);
    sugu_attempt_list_rows_done(&get->attempts);
    sugu_refund_list_rows_done(&get->refunds);
}
const struct sugu_state sugu_state_get_money = {sizeof(struct get_money), get_money_done};

static void
fill_attempt(struct sugu_attempt_list_row *row, Sugu__Attempt *to)
{
    sugu__attempt__init(to);
    to->attempt = sugu_id_field(&row->attempt);
    to->kind = sugu_attempt_kind_of(row->kind);
    to->method = sugu_method_of(row->method);
    to->state = (Sugu__AttemptState)row->state;
    to->amount_yen = row->amount_yen;
    to->approved_yen = row->approved_yen;
    to->refunded_yen = row->refunded_yen;
    to->code = row->code;
    to->brand = row->brand;
    to->last4 = row->last4;
    to->place = row->place;
    to->provider_id = row->provider_id;
    to->begun_utc_us = row->begun_at;
    if (!sugu_id_is_none(&row->original))
        to->original = sugu_id_field(&row->original);
}

static void
fill_refund(struct sugu_refund_list_row *row, const struct sugu_id *bill, Sugu__Refund *to)
{
    sugu__refund__init(to);
    to->refund = sugu_id_field(&row->attempt);
    to->bill = sugu_id_field(bill);
    to->original = sugu_id_field(&row->original);
    to->amount_yen = row->amount_yen;
    to->reason = (Sugu__RefundReason)row->reason;
    to->state = (Sugu__RefundState)row->state;
    to->note = row->note;
    to->ordered_by = row->ordered_by;
    to->is_by_hand = row->is_by_hand;
    to->decided_by = row->decided_by;
    to->ordered_utc_us = row->ordered_at;
}

static void
reply_money(struct sugu_work *work)
{
    struct get_money *get = work->state;
    size_t attempts = get->attempts.count, refunds = get->refunds.count;
    Sugu__Attempt *messages = calloc(attempts + 1, sizeof *messages),
                  **list = calloc(attempts + 1, sizeof(Sugu__Attempt *));
    Sugu__Refund *refund_messages = calloc(refunds + 1, sizeof *refund_messages),
                 **refund_list = calloc(refunds + 1, sizeof(Sugu__Refund *));
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Money money = SUGU__MONEY__INIT;

    if (!messages || !list || !refund_messages || !refund_list)
        abort();
    for (size_t i = 0; i < attempts; i++)
        fill_attempt(&get->attempts.rows[i], list[i] = &messages[i]);
    for (size_t i = 0; i < refunds; i++)
        fill_refund(&get->refunds.rows[i], &get->view.bill, refund_list[i] = &refund_messages[i]);
    money.bill = sugu_id_field(&get->view.bill);
    money.revision = (uint32_t)get->view.row.revision;
    money.state = (Sugu__BillState)get->view.row.state;
    money.total_yen = get->view.row.total_yen;
    money.paid_yen = get->view.row.paid_yen;
    money.waived_yen = get->view.row.waived_yen;
    money.held_yen = get->view.row.held_yen;
    money.change_owed_yen = get->view.row.change_owed_yen;
    money.n_attempts = attempts;
    money.attempts = list;
    money.n_refunds = refunds;
    money.refunds = refund_list;
    reply.body_case = SUGU__REPLY__BODY_MONEY;
    reply.money = &money;
    sugu_work_reply(work, &reply);
    free(messages);
    free(list);
    free(refund_messages);
    free(refund_list);
}

bool
sugu_step_get_money(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct get_money *get = work->state;
    struct sugu_id bill = sugu_id_of(&work->request->get_money->bill);
    int32_t facility = batch->facility.facility;

    (void)count;
    if (round == 0) {
        sugu_bill_view_send(batch, &get->view, bill);
        sugu_db_attempt_list(batch->db,
                             &(struct sugu_attempt_list_params){.facility = facility, .bill = bill},
                             &get->attempts);
        sugu_db_refund_list(batch->db,
                            &(struct sugu_refund_list_params){.facility = facility, .bill = bill},
                            &get->refunds);
        return true;
    }
    if (get->view.row.is_found)
        reply_money(work);
    else
        sugu_work_refuse(work, "bill.unknown", "");
    return false;
}
