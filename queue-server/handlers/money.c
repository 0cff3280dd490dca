/* SPDX-License-Identifier: Apache-2.0 */
/*
 * money - what an attempt's outcome does to its bill, its visit and the ledger
 */
#include "handlers/money.h"

#include "domain/visit.h"

#include <stdio.h>
#include <string.h>

/* ---- the bill's money */

struct sugu_bill_money
sugu_bill_money_of(const struct sugu_bill_lock_row *bill)
{
    return (struct sugu_bill_money){.total_yen = bill->total_yen,
                                    .waived_yen = bill->waived_yen,
                                    .paid_yen = bill->paid_yen,
                                    .held_yen = bill->held_yen};
}

void
sugu_bill_set_money(struct sugu_batch *batch,
                    struct sugu_id bill,
                    unsigned state,
                    const struct sugu_bill_money *money)
{
    sugu_db_bill_set_money(
        batch->db,
        &(struct sugu_bill_set_money_params){.facility = batch->facility.facility,
                                             .bill = bill,
                                             .state = (int16_t)state,
                                             .paid_yen = money->paid_yen,
                                             .held_yen = money->held_yen,
                                             .waived_yen = money->waived_yen,
                                             .at = batch->now_utc},
        NULL);
}

unsigned
sugu_bill_begin_payment(struct sugu_batch *batch, struct sugu_id bill, unsigned state)
{
    unsigned next = state;

    if (sugu_machine_step(&sugu_bill_machine, state, SUGU_BILL_ON_BEGIN_PAYMENT, &next, NULL,
                          NULL) != SUGU_OK)
        return state;
    sugu_db_bill_set_state(
        batch->db,
        &(struct sugu_bill_set_state_params){.facility = batch->facility.facility,
                                             .bill = bill,
                                             .state = (int16_t)next,
                                             .at = batch->now_utc},
        NULL);
    return next;
}

void
sugu_bill_post_excess(struct sugu_batch *batch,
                      struct sugu_id bill,
                      const struct sugu_bill_money *before,
                      const struct sugu_bill_money *after)
{
    sugu_ledger_overpayment(batch, bill,
                            sugu_bill_excess_yen(after) - sugu_bill_excess_yen(before));
}

/* ---- reading */

void
sugu_outcome_done(struct sugu_outcome *outcome)
{
    sugu_bill_view_done(&outcome->view);
    sugu_visit_change_done(&outcome->change);
    sugu_card_facts_rows_done(&outcome->cards);
}

void
sugu_outcome_find(struct sugu_batch *batch, struct sugu_outcome *outcome)
{
    sugu_db_attempt_where(batch->db,
                          &(struct sugu_attempt_where_params){.facility = batch->facility.facility,
                                                              .attempt = outcome->attempt},
                          &outcome->where);
}

bool
sugu_outcome_lock(struct sugu_batch *batch, struct sugu_outcome *outcome, struct sugu_work *work)
{
    int32_t facility = batch->facility.facility;
    struct sugu_card_asked asked = {.patient = outcome->where.patient,
                                    .visit = outcome->where.visit,
                                    .card = outcome->where.card};

    if (!outcome->where.is_found) {
        sugu_work_refuse(work, "payment.unknown-attempt", "");
        return false;
    }
    sugu_db_visit_lock(
        batch->db,
        &(struct sugu_visit_lock_params){.facility = facility, .visit = outcome->where.visit},
        &outcome->visit);
    sugu_db_bill_lock(
        batch->db,
        &(struct sugu_bill_lock_params){.facility = facility, .bill = outcome->where.bill},
        &outcome->bill);
    sugu_db_attempt_lock(
        batch->db,
        &(struct sugu_attempt_lock_params){.facility = facility, .attempt = outcome->attempt},
        &outcome->was);
    sugu_card_lock(batch, &asked, &outcome->card_lock);
    sugu_card_facts_send(batch, &asked, 1, &outcome->cards);
    return true;
}

bool
sugu_attempt_state_is_final(int state)
{
    return state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED ||
           state == SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED ||
           state == SUGU__ATTEMPT_STATE__ATTEMPT_REVERSED;
}

/* ---- deciding */

static bool
is_refund(const struct sugu_outcome *outcome)
{
    return strcmp(outcome->was.kind, "refund") == 0;
}

static bool
is_approved(const struct sugu_outcome *outcome)
{
    return outcome->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED;
}

/* The event for the bill, and its money afterwards. */
static enum sugu_bill_event
approve(struct sugu_outcome *outcome)
{
    enum sugu_attempt_kind kind = (enum sugu_attempt_kind)sugu_attempt_kind_of(outcome->was.kind);
    enum sugu_refund_reason reason = (enum sugu_refund_reason)outcome->was.reason;
    int64_t yen = outcome->approved_yen;
    enum sugu_bill_event event;

    if (kind == SUGU_ATTEMPT_IS_REFUND) {
        event = sugu_bill_refund_event(reason, &outcome->money, yen);
        sugu_bill_give_back(reason, yen, &outcome->money);
        return event;
    }
    event = sugu_bill_approve_event(kind, &outcome->money, yen);
    /* Taken with more than was due: then it is no deposit any more. */
    if (event == SUGU_BILL_ON_MORE_APPROVED)
        kind = SUGU_ATTEMPT_IS_PAYMENT;
    sugu_bill_take(kind, yen, &outcome->money);
    return event;
}

/* Does the outcome concern the bill at all? A refund under way, or one that failed, does not. */
static bool
find_event(struct sugu_outcome *outcome, enum sugu_bill_event *ret_event)
{
    if (is_approved(outcome)) {
        *ret_event = approve(outcome);
        return true;
    }
    if (is_refund(outcome))
        return false;
    switch (outcome->state) {
    case SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED:
    case SUGU__ATTEMPT_STATE__ATTEMPT_REVERSED:
        *ret_event = SUGU_BILL_ON_PAYMENT_DECLINED;
        return true;
    case SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN:
        *ret_event = SUGU_BILL_ON_PAYMENT_UNKNOWN;
        return true;
    case SUGU__ATTEMPT_STATE__ATTEMPT_HELD:
        *ret_event = SUGU_BILL_ON_PAYMENT_HELD;
        return true;
    case SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED:
    case SUGU__ATTEMPT_STATE__ATTEMPT_INTENDED:
    case SUGU__ATTEMPT_STATE__ATTEMPT_SENT:
    case _SUGU__ATTEMPT_STATE_IS_INT_SIZE:
        break;
    }
    return false;
}

/* A payment of nothing, for who does not come to a kiosk to confirm it: over when it begins. */
bool
sugu_outcome_nothing_due(struct sugu_batch *batch,
                         struct sugu_outcome *outcome,
                         struct sugu_work *work)
{
    const struct sugu_card_facts_row *card = &outcome->cards.rows[0];

    outcome->attempt = sugu_id_new(batch->clock, batch->random);
    outcome->state = SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED;
    outcome->code = outcome->approval_code = outcome->brand = outcome->last4 = "";
    outcome->terminal = card->place;
    outcome->was = (struct sugu_attempt_lock_row){.is_found = true,
                                                  .bill = outcome->where.bill,
                                                  .revision = outcome->bill.revision,
                                                  .client = card->client,
                                                  .kind = "payment",
                                                  .method = "nothing-due",
                                                  .reason = -1};
    if (!sugu_outcome_decide(outcome, work))
        return false;
    sugu_db_attempt_add(batch->db,
                        &(struct sugu_attempt_add_params){.facility = batch->facility.facility,
                                                          .attempt = outcome->attempt,
                                                          .bill = outcome->where.bill,
                                                          .revision = outcome->bill.revision,
                                                          .client = card->client,
                                                          .place = card->place,
                                                          .kind = "payment",
                                                          .method = "nothing-due",
                                                          .begun_at = batch->now_utc},
                        NULL);
    sugu_outcome_write(batch, outcome, work);
    return true;
}

/* Why somebody has to look; NULL where nobody has to. */
static const char *
find_reason(const struct sugu_outcome *outcome, uint32_t effects)
{
    if (is_refund(outcome) && !is_approved(outcome))
        return outcome->state == SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN ? NULL : "refund.failed";
    if (outcome->owed_yen > 0)
        return "cash.change-owed";
    if (is_approved(outcome) && outcome->bill_state == SUGU_BILL_OVERPAID)
        return "bill.overpaid";
    if (outcome->state == SUGU__ATTEMPT_STATE__ATTEMPT_HELD)
        return "payment.held";
    return effects & SUGU_BILL_DO_CALL_STAFF ? "payment.held" : NULL;
}

static bool
step_bill(struct sugu_outcome *outcome, uint32_t *effects, struct sugu_work *work)
{
    enum sugu_bill_event event;
    struct sugu_error error;

    outcome->money = sugu_bill_money_of(&outcome->bill);
    outcome->bill_state = (unsigned)outcome->bill.state;
    if (!find_event(outcome, &event))
        return true;
    /* What a device does about a bill that went elsewhere meanwhile changes nothing there. */
    if (!is_approved(outcome) &&
        !sugu_machine_allows(&sugu_bill_machine, outcome->bill_state, event))
        return true;
    if (sugu_machine_step(&sugu_bill_machine, (unsigned)outcome->bill.state, event,
                          &outcome->bill_state, effects, &error) == SUGU_OK)
        return true;
    sugu_work_reply_error(work, &error);
    return false;
}

bool
sugu_outcome_decide(struct sugu_outcome *outcome, struct sugu_work *work)
{
    struct sugu_error ignored;
    uint32_t effects = 0;

    outcome->visit_state = (unsigned)outcome->visit.state;
    if (!outcome->bill.is_found) /* a registration */
        return true;
    if (is_refund(outcome) && is_approved(outcome) &&
        outcome->approved_yen > outcome->was.amount_yen) {
        sugu_work_refuse(work, "payment.amount", "more went back than was ordered");
        return false;
    }
    if (!step_bill(outcome, &effects, work))
        return false;
    outcome->is_newly_settled =
        outcome->bill_state == SUGU_BILL_SETTLED && !outcome->bill.is_settled;
    outcome->reason = find_reason(outcome, effects);
    outcome->calls_staff = outcome->reason != NULL;
    /* Money is never refused because a visit is elsewhere: then only the visit stays as it is. */
    if (is_approved(outcome) && !is_refund(outcome) &&
        (outcome->bill_state == SUGU_BILL_SETTLED || outcome->bill_state == SUGU_BILL_DEPOSITED ||
         outcome->bill_state == SUGU_BILL_OVERPAID) &&
        sugu_machine_allows(&sugu_visit_machine, outcome->visit_state, SUGU_VISIT_ON_BILL_SETTLED))
        return sugu_machine_step(&sugu_visit_machine, outcome->visit_state,
                                 SUGU_VISIT_ON_BILL_SETTLED, &outcome->visit_state, NULL,
                                 &ignored) == SUGU_OK;
    return true;
}

/* ---- writing */

static void
write_attempt(struct sugu_batch *batch, const struct sugu_outcome *outcome)
{
    bool is_final = sugu_attempt_state_is_final((int)outcome->state);

    sugu_db_attempt_set(
        batch->db,
        &(struct sugu_attempt_set_params){
            .facility = batch->facility.facility,
            .attempt = outcome->attempt,
            .state = (int16_t)outcome->state,
            .approved_yen = is_approved(outcome) ? outcome->approved_yen : INT64_MIN,
            .code = outcome->code,
            .provider_id = outcome->provider_id,
            .approval_code = outcome->approval_code,
            .brand = outcome->brand,
            .last4 = outcome->last4,
            .terminal = outcome->terminal,
            .decline = (int16_t)outcome->decline,
            .paid_at = outcome->paid_utc_us,
            .ended_at = is_final ? batch->now_utc : 0},
        NULL);
}

/* What is given back of an excess was owed to the patient already; what is given back beyond that
 * is due again. */
static void
write_refund_journal(struct sugu_batch *batch,
                     const struct sugu_outcome *outcome,
                     const struct sugu_ledger_money *journal)
{
    struct sugu_bill_money before = sugu_bill_money_of(&outcome->bill);

    if (outcome->was.reason == SUGU_REFUND_CORRECTION) {
        sugu_ledger_refund(batch, SUGU_POSTING_REFUND_OF_REVENUE, journal);
    } else if (outcome->approved_yen <= sugu_bill_excess_yen(&before)) {
        sugu_ledger_refund(batch, SUGU_POSTING_REFUND, journal);
    } else {
        sugu_ledger_refund(batch, SUGU_POSTING_REFUND_OF_BILL, journal);
        sugu_bill_post_excess(batch, outcome->where.bill, &before, &outcome->money);
    }
}

/* Coins lie where the program stands that is registered for them, whatever it calls its machine. */
static const char *
where_money_is(const struct sugu_outcome *outcome)
{
    return strcmp(outcome->was.method, "cash") == 0 ? outcome->was.place : outcome->terminal;
}

static void
write_journal(struct sugu_batch *batch, const struct sugu_outcome *outcome)
{
    struct sugu_bill_money before = sugu_bill_money_of(&outcome->bill);
    struct sugu_ledger_money money = {.bill = outcome->where.bill,
                                      .visit = outcome->where.visit,
                                      .attempt = outcome->attempt,
                                      .method = outcome->was.method,
                                      .where = where_money_is(outcome),
                                      .yen = outcome->approved_yen,
                                      .pieces = outcome->pieces,
                                      .pieces_count = outcome->pieces_count};

    if (!is_approved(outcome)) {
        money.yen = 0;
        if (outcome->pieces_count > 0)
            sugu_ledger_cash_returned(batch, &money);
    } else if (is_refund(outcome) && outcome->money.held_yen < outcome->bill.held_yen) {
        sugu_ledger_deposit_refunded(batch, &money);
    } else if (is_refund(outcome)) {
        write_refund_journal(batch, outcome, &money);
    } else if (outcome->money.held_yen > outcome->bill.held_yen) {
        sugu_ledger_deposit_taken(batch, &money);
    } else {
        sugu_ledger_payment(batch, &money);
        sugu_bill_post_excess(batch, outcome->where.bill, &before, &outcome->money);
    }
}

/* The fee side has posted what was paid: it hears of what moves afterwards, each time. */
static bool
changes_posting(const struct sugu_outcome *outcome)
{
    return is_approved(outcome) && outcome->approved_yen > 0 &&
           (is_refund(outcome) ? outcome->bill.was_settled : outcome->bill.is_settled);
}

static void
write_bill(struct sugu_batch *batch, struct sugu_outcome *outcome)
{
    sugu_bill_set_money(batch, outcome->where.bill, outcome->bill_state, &outcome->money);
    if (changes_posting(outcome))
        sugu_posting_change(batch,
                            &(struct sugu_posting_change_facts){
                                .change = outcome->attempt,
                                .bill = outcome->where.bill,
                                .visit = outcome->where.visit,
                                .revision = outcome->bill.revision,
                                .is_back = is_refund(outcome),
                                .yen = outcome->approved_yen,
                                .kept_yen = outcome->money.paid_yen + outcome->money.held_yen,
                                .reason = is_refund(outcome) ? outcome->was.reason : 0,
                                .method = outcome->was.method});
    if (!outcome->is_newly_settled)
        return;
    sugu_posting_settle(batch, &(struct sugu_posting_facts){.bill = outcome->where.bill,
                                                            .visit = outcome->where.visit,
                                                            .revision = outcome->bill.revision,
                                                            .yen = outcome->bill.total_yen,
                                                            .method = outcome->bill.paid_yen > 0
                                                                          ? "mixed"
                                                                          : outcome->was.method,
                                                            .day = outcome->visit.day});
}

static void
write_refund(struct sugu_batch *batch, const struct sugu_outcome *outcome)
{
    if (!is_refund(outcome) || !sugu_attempt_state_is_final((int)outcome->state))
        return;
    sugu_db_refund_set(batch->db,
                       &(struct sugu_refund_set_params){
                           .facility = batch->facility.facility,
                           .attempt = outcome->attempt,
                           .state = is_approved(outcome) ? SUGU__REFUND_STATE__REFUND_DONE
                                                         : SUGU__REFUND_STATE__REFUND_FAILED,
                           .decided_by = "",
                           .decided_at = 0},
                       NULL);
}

/* A bill that was paid otherwise meanwhile: what came too much goes back to where it came from,
 * without a person, who only hears of it. */
static void
give_back_excess(struct sugu_batch *batch, const struct sugu_outcome *outcome)
{
    int64_t excess = sugu_bill_excess_yen(&outcome->money);
    int64_t yen = excess < outcome->approved_yen ? excess : outcome->approved_yen;
    struct sugu_id refund = sugu_id_new(batch->clock, batch->random);
    bool can_go_back =
        strcmp(outcome->was.method, "cash") != 0 && strcmp(outcome->was.method, "desk") != 0;

    if (!is_approved(outcome) || is_refund(outcome) || outcome->bill_state != SUGU_BILL_OVERPAID ||
        !can_go_back)
        return;
    sugu_db_refund_add(batch->db,
                       &(struct sugu_refund_add_params){.facility = batch->facility.facility,
                                                        .attempt = refund,
                                                        .original = outcome->attempt,
                                                        .bill = outcome->where.bill,
                                                        .amount_yen = yen,
                                                        .reason = SUGU_REFUND_OVERPAID,
                                                        .state = SUGU__REFUND_STATE__REFUND_ORDERED,
                                                        .note = "paid otherwise meanwhile",
                                                        .ordered_by = "sugu",
                                                        .ordered_at = batch->now_utc},
                       NULL);
    sugu_order_payment(
        batch, &(struct sugu_order){.attempt = refund,
                                    .bill = outcome->where.bill,
                                    .revision = outcome->bill.revision,
                                    .client = outcome->was.client,
                                    .place = outcome->was.place,
                                    .kind = SUGU__ATTEMPT_KIND__ATTEMPT_REFUND,
                                    .method = sugu_method_of(outcome->was.method),
                                    .amount_yen = yen,
                                    .original = outcome->attempt,
                                    .original_provider_id = *outcome->was.hold_provider_id
                                                                ? outcome->was.hold_provider_id
                                                                : outcome->provider_id,
                                    .original_utc_us = outcome->paid_utc_us,
                                    .card = outcome->where.card});
}

static void
write_visit(struct sugu_batch *batch, const struct sugu_outcome *outcome)
{
    if (outcome->visit_state != (unsigned)outcome->visit.state)
        sugu_db_visit_set_state(
            batch->db,
            &(struct sugu_visit_set_state_params){.facility = batch->facility.facility,
                                                  .visit = outcome->where.visit,
                                                  .state = (int16_t)outcome->visit_state,
                                                  .left_at = 0},
            NULL);
}

/* What it means for a card on file: the attempt's own, or the one that was to pay the visit. */
static void
write_dues(struct sugu_batch *batch, struct sugu_outcome *outcome)
{
    sugu_dues_take(
        batch, outcome->cards.count > 0 ? &outcome->cards.rows[0] : NULL,
        &(struct sugu_dues_outcome){
            .attempt = outcome->attempt,
            .original = outcome->was.original,
            .kind = outcome->was.kind,
            .method = outcome->was.method,
            .provider_id = outcome->provider_id ? outcome->provider_id : "",
            .state = outcome->state,
            .state_before = outcome->was.state,
            .approved_yen = is_approved(outcome) ? outcome->approved_yen : 0,
            .decline = outcome->decline,
            .is_settled = outcome->bill.is_found && (outcome->bill_state == SUGU_BILL_SETTLED ||
                                                     outcome->bill_state == SUGU_BILL_OVERPAID),
            .is_at_counter = outcome->bill.is_found && outcome->bill.state == SUGU_BILL_TO_COUNTER,
            .token = outcome->token ? outcome->token : "",
            .brand = outcome->brand,
            .last4 = outcome->last4,
            .network_id = outcome->network_id,
            .expiry = outcome->expiry,
            .funding = outcome->funding});
}

void
sugu_outcome_write(struct sugu_batch *batch, struct sugu_outcome *outcome, struct sugu_work *work)
{
    write_attempt(batch, outcome);
    write_dues(batch, outcome);
    if (!outcome->bill.is_found)
        return;
    write_journal(batch, outcome);
    write_bill(batch, outcome);
    write_refund(batch, outcome);
    give_back_excess(batch, outcome);
    write_visit(batch, outcome);
    outcome->place = work->peer.place;
    sugu_bill_view_send(batch, &outcome->view, outcome->where.bill);
    sugu_visit_change_send(batch, &outcome->change, outcome->where.visit);
    sugu_db_session_of_visit(
        batch->db,
        &(struct sugu_session_of_visit_params){.facility = batch->facility.facility,
                                               .visit = outcome->where.visit},
        &outcome->session);
}

/*
 * With the bill settled the pharmacy may begin; a bill for the counter needs somebody there. Who
 * has nowhere to go leaves when the session at the kiosk ends, or now, where it was known late that
 * the money was taken and nobody stands at a kiosk any more.
 */
bool
sugu_outcome_write_next(struct sugu_batch *batch,
                        struct sugu_outcome *outcome,
                        struct sugu_work *work)
{
    if (!outcome->bill.is_found)
        return false;
    if (outcome->bill_state == SUGU_BILL_TO_COUNTER && outcome->bill.state != SUGU_BILL_TO_COUNTER)
        sugu_visit_change_to_counter(batch, &outcome->change, "payment.held");
    if (!sugu_visit_change_settle(batch, &outcome->change, work, /* is_no_show= */ false))
        return false;
    if (outcome->change.write_count == 0 &&
        (outcome->session.is_open || outcome->change.visit_state != SUGU_VISIT_LEFT))
        return false;
    sugu_visit_change_write(batch, &outcome->change, work,
                            &(struct sugu_verb){SUGU_VERB_SETTLE, ""});
    return true;
}

void
sugu_outcome_publish(struct sugu_batch *batch, struct sugu_outcome *outcome, bool is_moved)
{
    char number[SUGU_TICKET_NUMBER_SIZE];

    if (!outcome->bill.is_found)
        return;
    if (outcome->calls_staff) { /* with the number, as the kiosk says it: it is one matter */
        sugu_ticket_number_format(number, outcome->view.row.series,
                                  (uint32_t)outcome->view.row.number);
        sugu_want_help(batch, outcome->place, outcome->where.visit, outcome->reason, number);
    }
    if (is_moved)
        sugu_visit_change_publish(batch, &outcome->change);
    sugu_bill_view_publish(batch, &outcome->view);
}

/* ---- orders */

/* What a capture took goes back by the id of its hold: the provider knows one payment. */
const char *
sugu_refundable_id(const struct sugu_attempt_lock_row *original)
{
    return *original->hold_provider_id ? original->hold_provider_id : original->provider_id;
}

static char *
said(const char *text)
{
    return (char *)(text ? text : "");
}

static void
publish_order(struct sugu_batch *batch, const struct sugu_order *order)
{
    bool has_bill = !sugu_id_is_none(&order->bill);
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PaymentOrder message = SUGU__PAYMENT_ORDER__INIT;
    char reference[SUGU_REFERENCE_SIZE];

    message.attempt = sugu_id_field(&order->attempt);
    if (has_bill)
        message.bill = sugu_id_field(&order->bill);
    message.revision = (uint32_t)order->revision;
    message.kind = order->kind;
    message.method = order->method;
    message.amount_yen = order->amount_yen;
    message.reference = (char *)sugu_payment_reference(has_bill ? &order->bill : &order->attempt,
                                                       (uint32_t)order->revision, reference);
    if (!sugu_id_is_none(&order->original))
        message.original = sugu_id_field(&order->original);
    message.original_provider_id = said(order->original_provider_id);
    message.original_utc_us = order->original_utc_us;
    message.token = said(order->token);
    message.payer = said(order->payer);
    message.network_id = said(order->network_id);
    event.body_case = SUGU__EVENT__BODY_PAYMENT_ORDERED;
    event.payment_ordered = &message;
    sugu_batch_event(batch, SUGU_ROLE_PAYMENT, order->place, NULL, &event);
}

void
sugu_order_payment(struct sugu_batch *batch, const struct sugu_order *order)
{
    sugu_db_attempt_add(
        batch->db,
        &(struct sugu_attempt_add_params){.facility = batch->facility.facility,
                                          .attempt = order->attempt,
                                          .bill = order->bill,
                                          .revision = order->revision,
                                          .client = order->client,
                                          .place = order->place,
                                          .kind = sugu_attempt_kind_name(order->kind),
                                          .method = sugu_method_name(order->method),
                                          .amount_yen = order->amount_yen,
                                          .state = 0,
                                          .original = order->original,
                                          .card = order->card,
                                          .patient = order->patient,
                                          .visit = order->visit,
                                          .begun_at = batch->now_utc},
        NULL);
    publish_order(batch, order);
}
