/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payment - a payment program begins an attempt, or takes an order, and tells its outcome
 *
 * One open attempt per bill is a unique index; the rules here only say it more kindly. What an
 * outcome does stands in money.h.
 */
#include "handlers/money.h"

#include <string.h>

/* ---- BeginPayment */

struct begin_payment {
    struct sugu_session_find_row session;
    struct sugu_bill_lock_row bill;
    struct sugu_attempt_lock_row known; /* an order */
    struct sugu_attempt_open_of_bill_row open;
    struct sugu_facility_find_row facility;
    struct sugu_card_find_row card; /* of a registration */
    struct sugu_bill_view view;
    unsigned bill_state;
};

static void
begin_payment_done(void *state)
{
    sugu_bill_view_done(&((struct begin_payment *)state)->view);
}
const struct sugu_state sugu_state_begin_payment = {sizeof(struct begin_payment),
                                                    begin_payment_done};

static void
send_begin(struct sugu_batch *batch, struct begin_payment *begin, const struct sugu_work *work)
{
    const Sugu__BeginPayment *body = work->request->begin_payment;
    int32_t facility = batch->facility.facility;
    struct sugu_id bill = sugu_id_of(&body->bill);

    sugu_db_session_find(batch->db,
                         &(struct sugu_session_find_params){.facility = facility,
                                                            .session = sugu_id_of(&body->session),
                                                            .place = work->peer.place},
                         &begin->session);
    sugu_db_bill_lock(batch->db,
                      &(struct sugu_bill_lock_params){.facility = facility, .bill = bill},
                      &begin->bill);
    sugu_db_attempt_lock(batch->db,
                         &(struct sugu_attempt_lock_params){.facility = facility,
                                                            .attempt = sugu_id_of(&body->attempt)},
                         &begin->known);
    sugu_db_attempt_open_of_bill(
        batch->db, &(struct sugu_attempt_open_of_bill_params){.facility = facility, .bill = bill},
        &begin->open);
    sugu_db_facility_find(batch->db, &(struct sugu_facility_find_params){.facility = facility},
                          &begin->facility);
    if (body->kind == SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER)
        sugu_db_card_find(batch->db,
                          &(struct sugu_card_find_params){.facility = facility,
                                                          .card = sugu_id_of(&body->attempt)},
                          &begin->card);
}

/* May this much be asked of the patient? */
static bool
is_amount_right(const struct begin_payment *begin, const Sugu__BeginPayment *body)
{
    struct sugu_bill_money money = sugu_bill_money_of(&begin->bill);
    int64_t due = sugu_bill_due_yen(&money);

    if (body->method == SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE)
        return body->amount_yen == 0 && due == 0;
    if (body->kind == SUGU__ATTEMPT_KIND__ATTEMPT_DEPOSIT)
        return !begin->bill.is_proven && money.paid_yen + money.held_yen == 0 &&
               begin->facility.deposit_yen > 0 && body->amount_yen == begin->facility.deposit_yen &&
               body->amount_yen < due;
    return body->amount_yen >= 1 && body->amount_yen <= due;
}

/* A card is registered by whom has just consented to it, in the same session; once. */
static const char *
find_obstacle_to_register(const struct begin_payment *begin, const Sugu__BeginPayment *body)
{
    struct sugu_id session = sugu_id_of(&body->session);

    if (begin->known.is_found || body->method != SUGU__PAYMENT_METHOD__METHOD_CARD)
        return "payment.not-allowed";
    if (!begin->session.is_found)
        return "session.unknown";
    if (!begin->card.is_found || begin->card.state != SUGU_ON_FILE_OFFERED ||
        begin->card.has_token || !sugu_id_equal(&begin->card.session, &session) ||
        !sugu_id_equal(&begin->card.patient, &begin->session.patient))
        return "later.no-consent";
    return body->amount_yen == 0 && body->bill.len == 0 ? NULL : "payment.amount";
}

static const char *
find_obstacle(const struct begin_payment *begin, const Sugu__BeginPayment *body)
{
    bool is_kind = body->kind == SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT ||
                   body->kind == SUGU__ATTEMPT_KIND__ATTEMPT_DEPOSIT;

    if (body->kind == SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER)
        return find_obstacle_to_register(begin, body);
    if (begin->known.is_found || !is_kind ||
        body->method == SUGU__PAYMENT_METHOD__METHOD_ON_FILE) /* by order only */
        return "payment.not-allowed";
    if (!begin->session.is_found)
        return "session.unknown";
    if (!begin->bill.is_found || sugu_id_is_none(&begin->session.patient) ||
        !sugu_id_equal(&begin->bill.patient, &begin->session.patient))
        return "bill.unknown";
    if (begin->bill.state == SUGU_BILL_IN_PAYMENT || begin->open.is_open)
        return "payment.open";
    if ((int32_t)body->revision != begin->bill.revision || begin->bill.state == SUGU_BILL_WITHDRAWN)
        return "bill.revised";
    return is_amount_right(begin, body) ? NULL : "payment.amount";
}

static bool
decide_begin(struct sugu_work *work)
{
    struct begin_payment *begin = work->state;
    const char *code = find_obstacle(begin, work->request->begin_payment);
    struct sugu_error error;

    if (code) {
        sugu_work_refuse(work, code, "");
        return false;
    }
    if (work->request->begin_payment->kind == SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER)
        return true;
    if (sugu_machine_step(&sugu_bill_machine, (unsigned)begin->bill.state,
                          SUGU_BILL_ON_BEGIN_PAYMENT, &begin->bill_state, NULL,
                          &error) != SUGU_OK) {
        sugu_work_reply_error(work, &error);
        return false;
    }
    return true;
}

static void
write_begin(struct sugu_batch *batch, struct sugu_work *work)
{
    struct begin_payment *begin = work->state;
    const Sugu__BeginPayment *body = work->request->begin_payment;
    int32_t facility = batch->facility.facility;
    bool is_register = body->kind == SUGU__ATTEMPT_KIND__ATTEMPT_REGISTER;
    struct sugu_id bill = sugu_id_of(&body->bill), none = {{0}};

    sugu_db_attempt_add(
        batch->db,
        &(struct sugu_attempt_add_params){.facility = facility,
                                          .attempt = sugu_id_of(&body->attempt),
                                          .bill = bill,
                                          .revision = is_register ? 0 : (int32_t)body->revision,
                                          .client = work->peer.client,
                                          .place = work->peer.place,
                                          .kind = sugu_attempt_kind_name(body->kind),
                                          .method = sugu_method_name(body->method),
                                          .amount_yen = body->amount_yen,
                                          .state = 0,
                                          .card = is_register ? sugu_id_of(&body->attempt) : none,
                                          .patient = is_register ? begin->session.patient : none,
                                          .begun_at = batch->now_utc},
        NULL);
    if (is_register)
        return;
    sugu_db_bill_set_state(batch->db,
                           &(struct sugu_bill_set_state_params){.facility = facility,
                                                                .bill = bill,
                                                                .state = (int16_t)begin->bill_state,
                                                                .at = batch->now_utc},
                           NULL);
    sugu_bill_view_send(batch, &begin->view, bill);
}

/* The program has the order in its journal now: it is told once. */
static bool
take_order(struct sugu_batch *batch, struct sugu_work *work)
{
    const struct begin_payment *begin = work->state;
    const Sugu__BeginPayment *body = work->request->begin_payment;

    if (!begin->known.is_found || begin->known.client != work->peer.client ||
        begin->known.state > SUGU__ATTEMPT_STATE__ATTEMPT_SENT ||
        begin->known.amount_yen != body->amount_yen)
        return false;
    sugu_db_attempt_take(batch->db,
                         &(struct sugu_attempt_take_params){.facility = batch->facility.facility,
                                                            .attempt = sugu_id_of(&body->attempt)},
                         NULL);
    return true;
}

/* Who has ended the arrangement since the charge was ordered is not charged: the event with the
 * order, and the token in it, may come late. */
static bool
is_called_off(const struct begin_payment *begin, Sugu__AttemptKind kind)
{
    return begin->known.is_found && begin->known.is_card_over &&
           (kind == SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT ||
            kind == SUGU__ATTEMPT_KIND__ATTEMPT_HOLD);
}

static void
reply_begun(struct sugu_work *work)
{
    const Sugu__BeginPayment *body = work->request->begin_payment;
    bool has_bill = body->bill.len > 0;
    struct sugu_id id = sugu_id_of(has_bill ? &body->bill : &body->attempt);
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__PaymentBegun begun = SUGU__PAYMENT_BEGUN__INIT;
    char reference[SUGU_REFERENCE_SIZE];

    begun.attempt = body->attempt;
    /* Without a bill there is no revision: of a registration it is the card's payer. */
    begun.reference = (char *)sugu_payment_reference(&id, has_bill ? body->revision : 0, reference);
    begun.is_called_off = is_called_off(work->state, body->kind);
    reply.body_case = SUGU__REPLY__BODY_PAYMENT_BEGUN;
    reply.payment_begun = &begun;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_begin_payment(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct begin_payment *begin = work->state;

    (void)count;
    switch (round) {
    case 0:
        send_begin(batch, begin, work);
        return true;
    case 1:
        if (take_order(batch, work)) {
            reply_begun(work);
            return false;
        }
        if (!decide_begin(work))
            return false;
        write_begin(batch, work);
        return true;
    default:
        if (begin->view.row.is_found)
            sugu_bill_view_publish(batch, &begin->view);
        reply_begun(work);
        return false;
    }
}

/* ---- EndPayment */

#define CASH_UNITS_MAX 12

struct end_payment {
    struct sugu_outcome outcome;
    struct sugu_cash_pieces pieces[CASH_UNITS_MAX];
};

static void
end_payment_done(void *state)
{
    sugu_outcome_done(&((struct end_payment *)state)->outcome);
}
const struct sugu_state sugu_state_end_payment = {sizeof(struct end_payment), end_payment_done};

static void
take_end(struct end_payment *end, const Sugu__EndPayment *body)
{
    for (size_t i = 0; i < body->n_cash && i < CASH_UNITS_MAX; i++)
        end->pieces[i] =
            (struct sugu_cash_pieces){.unit = (int32_t)body->cash[i]->unit_yen,
                                      .pieces_in = (int32_t)body->cash[i]->pieces_in,
                                      .pieces_out = (int32_t)body->cash[i]->pieces_out};
    end->outcome.attempt = sugu_id_of(&body->attempt);
    end->outcome.state = body->state;
    end->outcome.approved_yen = body->approved_yen;
    end->outcome.code = body->code;
    end->outcome.provider_id = body->provider_id;
    end->outcome.approval_code = body->approval_code;
    end->outcome.brand = body->brand;
    end->outcome.last4 = body->last4;
    end->outcome.terminal = body->terminal;
    end->outcome.pieces = end->pieces;
    end->outcome.pieces_count = body->n_cash;
    end->outcome.owed_yen = body->owed_yen;
    end->outcome.paid_utc_us = body->paid_utc_us;
    end->outcome.decline = body->decline;
    end->outcome.token = body->token;
    end->outcome.network_id = body->network_id;
    end->outcome.expiry = body->expiry;
    end->outcome.funding = body->funding;
}

static void
reply_ended(struct sugu_work *work, const struct sugu_outcome *outcome)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__PaymentEnded ended = SUGU__PAYMENT_ENDED__INIT;

    ended.attempt = sugu_id_field(&outcome->attempt);
    ended.state = outcome->state;
    ended.bill_state = (Sugu__BillState)outcome->bill_state;
    if (outcome->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED)
        ended.approved_yen = outcome->approved_yen;
    reply.body_case = SUGU__REPLY__BODY_PAYMENT_ENDED;
    reply.payment_ended = &ended;
    sugu_work_reply(work, &reply);
}

/*
 * An outcome that is final already: the same one again is fine, another one is an alarm. A doubt is
 * none: the program was not there when a person found out, and is told what it has become.
 */
static void
answer_final(struct sugu_batch *batch, struct sugu_work *work, struct sugu_outcome *outcome)
{
    bool is_same = outcome->was.state == (int16_t)outcome->state &&
                   (outcome->state != SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED ||
                    outcome->was.approved_yen == outcome->approved_yen);

    outcome->bill_state = (unsigned)outcome->bill.state;
    if (strcmp(outcome->was.kind, "register") == 0 &&
        outcome->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED)
        sugu_dues_late_token(batch, outcome->cards.count > 0 ? &outcome->cards.rows[0] : NULL,
                             outcome->token);
    if (outcome->state == SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN ||
        outcome->state == SUGU__ATTEMPT_STATE__ATTEMPT_HELD) {
        outcome->state = (Sugu__AttemptState)outcome->was.state;
        outcome->approved_yen = outcome->was.approved_yen;
        is_same = true;
    }
    if (is_same) {
        reply_ended(work, outcome);
        return;
    }
    sugu_want_help(batch, work->peer.place, outcome->where.visit, "payment.differs", "");
    sugu_work_refuse(work, "payment.differs", "");
}

static bool
is_outcome(Sugu__AttemptState state)
{
    return sugu_attempt_state_is_final((int)state) ||
           state == SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN ||
           state == SUGU__ATTEMPT_STATE__ATTEMPT_HELD;
}

/* What came in, less what went out and what was taken, is what is owed: else nobody can believe
 * the rest of it either. */
static bool
adds_up(const struct sugu_outcome *outcome)
{
    int64_t taken =
        outcome->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED ? outcome->approved_yen : 0;

    return outcome->pieces_count == 0 ||
           sugu_cash_owed_yen(outcome->pieces, outcome->pieces_count, taken) == outcome->owed_yen;
}

/* Nobody can find out what became of a card that was to be forgotten, and nobody needs to: it is
 * ordered once more, and the program hears in the answer that this try is over. */
static void
end_doubt_of_forget(struct sugu_outcome *outcome)
{
    if (strcmp(outcome->was.kind, "forget") == 0 &&
        outcome->state == SUGU__ATTEMPT_STATE__ATTEMPT_HELD)
        outcome->state = SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED;
}

static bool
write_end(struct sugu_batch *batch, struct sugu_work *work, struct sugu_outcome *outcome)
{
    if (!is_outcome(outcome->state) || outcome->was.client != work->peer.client) {
        sugu_work_refuse(work, "payment.not-allowed", "");
        return false;
    }
    if (sugu_attempt_state_is_final(outcome->was.state)) {
        answer_final(batch, work, outcome);
        return false;
    }
    if (!adds_up(outcome)) {
        sugu_work_refuse(work, "payment.amount", "cash in, out, taken and owed do not add up");
        return false;
    }
    end_doubt_of_forget(outcome);
    if (!sugu_outcome_decide(outcome, work))
        return false;
    sugu_outcome_write(batch, outcome, work);
    return true;
}

bool
sugu_step_end_payment(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct sugu_outcome *outcome = &((struct end_payment *)work->state)->outcome;
    bool is_moved = true;

    (void)count;
    switch (round) {
    case 0:
        take_end(work->state, work->request->end_payment);
        sugu_outcome_find(batch, outcome);
        return true;
    case 1:
        return sugu_outcome_lock(batch, outcome, work);
    case 2:
        return write_end(batch, work, outcome);
    case 3:
        if (sugu_outcome_write_next(batch, outcome, work))
            return true;
        is_moved = false;
        break;
    default:
        break;
    }
    sugu_outcome_publish(batch, outcome, is_moved);
    reply_ended(work, outcome);
    return false;
}
