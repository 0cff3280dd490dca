/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payment - an attempt to take money begins, and ends in one of its outcomes
 *
 * Locks are taken in the order visit, bill, attempt. One open attempt per bill and one approved one
 * per revision are unique indexes; the rules here only say it more kindly.
 */
#include "handlers/ledger.h"
#include "handlers/stage-change.h"
#include "handlers/view.h"

#include "domain/bill-machine.h"
#include "domain/visit.h"

#include <stdio.h>
#include <string.h>

static const char *
method_name(Sugu__PaymentMethod method)
{
    return method == SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE ? "nothing-due" : "card";
}

/* ---- BeginPayment */

struct begin_payment {
    struct sugu_session_find_row session;
    struct sugu_bill_lock_row bill;
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

static bool
decide_begin(struct sugu_work *work)
{
    struct begin_payment *begin = work->state;
    const Sugu__BeginPayment *body = work->request->begin_payment;
    bool is_nothing = body->method == SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE;
    struct sugu_error error;
    const char *code = NULL;

    if (!begin->session.is_found)
        code = "session.unknown";
    else if (!begin->bill.is_found || !sugu_id_equal(&begin->bill.visit, &begin->session.visit))
        code = "bill.unknown";
    else if (begin->bill.state == SUGU_BILL_IN_PAYMENT)
        code = "payment.open";
    else if ((int32_t)body->revision != begin->bill.revision ||
             begin->bill.state == SUGU_BILL_WITHDRAWN)
        code = "bill.revised";
    else if (body->amount_yen != begin->bill.total_yen || is_nothing != (body->amount_yen == 0))
        code = "payment.amount";
    if (code) {
        sugu_work_refuse(work, code, "");
        return false;
    }
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
    struct sugu_id bill = sugu_id_of(&body->bill);

    sugu_db_attempt_add(batch->db,
                        &(struct sugu_attempt_add_params){.facility = facility,
                                                          .attempt = sugu_id_of(&body->attempt),
                                                          .bill = bill,
                                                          .revision = (int32_t)body->revision,
                                                          .client = work->peer.client,
                                                          .place = work->peer.place,
                                                          .method = method_name(body->method),
                                                          .amount_yen = body->amount_yen,
                                                          .begun_at = batch->now_utc},
                        NULL);
    sugu_db_bill_set_state(
        batch->db,
        &(struct sugu_bill_set_state_params){
            .facility = facility, .bill = bill, .state = (int16_t)begin->bill_state},
        NULL);
    sugu_bill_view_send(batch, &begin->view, bill);
}

/* The same for every try at one revision, so that finance sees twins; nothing personal in it. */
static void
reply_begun(struct sugu_batch *batch, struct sugu_work *work)
{
    struct begin_payment *begin = work->state;
    const Sugu__BeginPayment *body = work->request->begin_payment;
    struct sugu_id bill = sugu_id_of(&body->bill);
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__PaymentBegun begun = SUGU__PAYMENT_BEGUN__INIT;
    char reference[64], text[SUGU_ID_TEXT_SIZE];

    snprintf(reference, sizeof reference, "%.36s-%u", sugu_id_to_text(&bill, text), body->revision);
    begun.attempt = body->attempt;
    begun.reference = reference;
    sugu_bill_view_publish(batch, &begin->view);
    reply.body_case = SUGU__REPLY__BODY_PAYMENT_BEGUN;
    reply.payment_begun = &begun;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_begin_payment(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct begin_payment *begin = work->state;
    const Sugu__BeginPayment *body = work->request->begin_payment;
    int32_t facility = batch->facility.facility;

    (void)count;
    switch (round) {
    case 0:
        sugu_db_session_find(
            batch->db,
            &(struct sugu_session_find_params){.facility = facility,
                                               .session = sugu_id_of(&body->session),
                                               .place = work->peer.place},
            &begin->session);
        sugu_db_bill_lock(
            batch->db,
            &(struct sugu_bill_lock_params){.facility = facility, .bill = sugu_id_of(&body->bill)},
            &begin->bill);
        return true;
    case 1:
        if (!decide_begin(work))
            return false;
        write_begin(batch, work);
        return true;
    default:
        reply_begun(batch, work);
        return false;
    }
}

/* ---- EndPayment */

struct end_payment {
    struct sugu_attempt_where_row where;
    struct sugu_visit_lock_row visit;
    struct sugu_bill_lock_row bill;
    struct sugu_attempt_lock_row attempt;
    struct sugu_bill_view view;
    unsigned bill_state, visit_state;
    bool is_settled, is_partial, calls_staff;
    struct sugu_session_of_visit_row session;
    struct sugu_visit_change change; /* where the person goes next */
};

static void
end_payment_done(void *state)
{
    sugu_bill_view_done(&((struct end_payment *)state)->view);
    sugu_visit_change_done(&((struct end_payment *)state)->change);
}
const struct sugu_state sugu_state_end_payment = {sizeof(struct end_payment), end_payment_done};

static bool
is_final(int state)
{
    return state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED ||
           state == SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED ||
           state == SUGU__ATTEMPT_STATE__ATTEMPT_REVERSED;
}

static bool
event_of(Sugu__AttemptState state, enum sugu_bill_event *ret_event)
{
    switch (state) {
    case SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED:
        *ret_event = SUGU_BILL_ON_PAYMENT_APPROVED;
        return true;
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
    case SUGU__ATTEMPT_STATE__ATTEMPT_INTENDED:
    case SUGU__ATTEMPT_STATE__ATTEMPT_SENT:
    case _SUGU__ATTEMPT_STATE_IS_INT_SIZE:
        break;
    }
    return false;
}

/* An outcome that is final already: the same one again is fine, another one is an alarm. */
static void
answer_final(struct sugu_batch *batch, struct sugu_work *work)
{
    struct end_payment *end = work->state;
    const Sugu__EndPayment *body = work->request->end_payment;
    bool is_same = end->attempt.state == (int16_t)body->state &&
                   (body->state != SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED ||
                    end->attempt.approved_yen == body->approved_yen);
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__PaymentEnded ended = SUGU__PAYMENT_ENDED__INIT;

    if (!is_same) {
        sugu_want_help(batch, work->peer.place, end->where.visit, "payment.differs", "");
        sugu_work_refuse(work, "payment.differs", "");
        return;
    }
    ended.attempt = body->attempt;
    ended.state = body->state;
    ended.bill_state = (Sugu__BillState)end->bill.state;
    reply.body_case = SUGU__REPLY__BODY_PAYMENT_ENDED;
    reply.payment_ended = &ended;
    sugu_work_reply(work, &reply);
}

/* What the outcome does to bill and visit; false after an answer. */
static bool
decide_end(struct sugu_batch *batch, struct sugu_work *work)
{
    struct end_payment *end = work->state;
    const Sugu__EndPayment *body = work->request->end_payment;
    struct sugu_error error;
    enum sugu_bill_event event;
    uint32_t effects = 0;

    if (!event_of(body->state, &event) || end->attempt.client != work->peer.client) {
        sugu_work_refuse(work, "payment.not-allowed", "");
        return false;
    }
    if (is_final(end->attempt.state)) {
        answer_final(batch, work);
        return false;
    }
    if (sugu_machine_step(&sugu_bill_machine, (unsigned)end->bill.state, event, &end->bill_state,
                          &effects, &error) != SUGU_OK) {
        sugu_work_reply_error(work, &error);
        return false;
    }
    end->visit_state = (unsigned)end->visit.state;
    end->is_settled = body->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED;
    end->is_partial = end->is_settled && body->approved_yen != end->attempt.amount_yen;
    end->calls_staff = (effects & SUGU_BILL_DO_CALL_STAFF) || end->is_partial;
    if (end->is_partial) { /* what was taken is posted; what is missing needs a person */
        end->bill_state = SUGU_BILL_TO_COUNTER;
        end->is_settled = false;
    }
    /* Money is never refused because a visit is elsewhere: then only the visit stays as it is. */
    if (end->is_settled &&
        sugu_machine_allows(&sugu_visit_machine, end->visit_state, SUGU_VISIT_ON_BILL_SETTLED) &&
        sugu_machine_step(&sugu_visit_machine, end->visit_state, SUGU_VISIT_ON_BILL_SETTLED,
                          &end->visit_state, NULL, &error) != SUGU_OK)
        return false;
    return true;
}

static void
write_attempt(struct sugu_batch *batch, const Sugu__EndPayment *body)
{
    bool is_approved = body->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED;

    sugu_db_attempt_set(batch->db,
                        &(struct sugu_attempt_set_params){
                            .facility = batch->facility.facility,
                            .attempt = sugu_id_of(&body->attempt),
                            .state = (int16_t)body->state,
                            .approved_yen = is_approved ? body->approved_yen : INT64_MIN,
                            .code = body->code,
                            .provider_id = body->provider_id,
                            .approval_code = body->approval_code,
                            .brand = body->brand,
                            .last4 = body->last4,
                            .terminal = body->terminal,
                            .ended_at = is_final((int)body->state) ? batch->now_utc : 0},
                        NULL);
}

static void
publish_posting(struct sugu_batch *batch, const struct end_payment *end)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PostingOrder order = SUGU__POSTING_ORDER__INIT;

    order.bill = sugu_id_field(&end->where.bill);
    order.visit = sugu_id_field(&end->where.visit);
    order.revision = (uint32_t)end->attempt.revision;
    order.amount_yen = end->bill.total_yen;
    order.method = (char *)end->attempt.method;
    order.business_day = end->visit.day;
    event.body_case = SUGU__EVENT__BODY_BILL_SETTLED;
    event.bill_settled = &order;
    sugu_batch_event(batch, SUGU_ROLE_FEE, "", NULL, &event);
}

/* Why a person has to look. */
static const char *
reason_of(const struct end_payment *end)
{
    return end->is_partial ? "payment.partial" : "payment.held";
}

static void
write_end(struct sugu_batch *batch, struct sugu_work *work)
{
    struct end_payment *end = work->state;
    const Sugu__EndPayment *body = work->request->end_payment;
    int32_t facility = batch->facility.facility;

    write_attempt(batch, body);
    sugu_db_bill_set_state(batch->db,
                           &(struct sugu_bill_set_state_params){.facility = facility,
                                                                .bill = end->where.bill,
                                                                .state = (int16_t)end->bill_state},
                           NULL);
    if (body->state == SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED)
        sugu_ledger_payment(batch,
                            &(struct sugu_ledger_money){.bill = end->where.bill,
                                                        .attempt = sugu_id_of(&body->attempt),
                                                        .method = end->attempt.method,
                                                        .where = body->terminal,
                                                        .yen = body->approved_yen});
    if (end->is_settled) {
        sugu_db_bill_settle(batch->db,
                            &(struct sugu_bill_settle_params){.facility = facility,
                                                              .bill = end->where.bill,
                                                              .revision = end->attempt.revision,
                                                              .settled_at = batch->now_utc},
                            NULL);
        publish_posting(batch, end);
    }
    if (end->visit_state != (unsigned)end->visit.state)
        sugu_db_visit_set_state(
            batch->db,
            &(struct sugu_visit_set_state_params){.facility = facility,
                                                  .visit = end->where.visit,
                                                  .state = (int16_t)end->visit_state,
                                                  .left_at = 0},
            NULL);
    if (end->calls_staff)
        sugu_want_help(batch, work->peer.place, end->where.visit, reason_of(end), "");
    sugu_bill_view_send(batch, &end->view, end->where.bill);
    sugu_visit_change_send(batch, &end->change, end->where.visit);
    sugu_db_session_of_visit(
        batch->db,
        &(struct sugu_session_of_visit_params){.facility = facility, .visit = end->where.visit},
        &end->session);
}

/*
 * With the bill settled the pharmacy may begin; a bill for the counter needs somebody there. Who
 * has nowhere to go leaves when the session at the kiosk ends, or now, where it was known late that
 * the money was taken and nobody stands at a kiosk any more.
 */
static bool
write_next_place(struct sugu_batch *batch, struct sugu_work *work)
{
    struct end_payment *end = work->state;

    if (end->bill_state == SUGU_BILL_TO_COUNTER)
        sugu_visit_change_to_counter(batch, &end->change, reason_of(end));
    if (!sugu_visit_change_settle(batch, &end->change, work, /* is_no_show= */ false))
        return false;
    if (end->change.write_count == 0 &&
        (end->session.is_open || end->change.visit_state != SUGU_VISIT_LEFT))
        return false;
    sugu_visit_change_write(batch, &end->change, work, &(struct sugu_verb){SUGU_VERB_SETTLE, ""});
    return true;
}

static void
reply_ended(struct sugu_batch *batch, struct sugu_work *work)
{
    struct end_payment *end = work->state;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__PaymentEnded ended = SUGU__PAYMENT_ENDED__INIT;

    sugu_bill_view_publish(batch, &end->view);
    ended.attempt = work->request->end_payment->attempt;
    ended.state = work->request->end_payment->state;
    ended.bill_state = (Sugu__BillState)end->bill_state;
    reply.body_case = SUGU__REPLY__BODY_PAYMENT_ENDED;
    reply.payment_ended = &ended;
    sugu_work_reply(work, &reply);
}

static void
send_end_locks(struct sugu_batch *batch, struct end_payment *end, struct sugu_id attempt)
{
    int32_t facility = batch->facility.facility;

    sugu_db_visit_lock(
        batch->db,
        &(struct sugu_visit_lock_params){.facility = facility, .visit = end->where.visit},
        &end->visit);
    sugu_db_bill_lock(
        batch->db, &(struct sugu_bill_lock_params){.facility = facility, .bill = end->where.bill},
        &end->bill);
    sugu_db_attempt_lock(
        batch->db, &(struct sugu_attempt_lock_params){.facility = facility, .attempt = attempt},
        &end->attempt);
}

bool
sugu_step_end_payment(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct end_payment *end = work->state;
    struct sugu_id attempt = sugu_id_of(&work->request->end_payment->attempt);

    (void)count;
    switch (round) {
    case 0:
        sugu_db_attempt_where(batch->db,
                              &(struct sugu_attempt_where_params){
                                  .facility = batch->facility.facility, .attempt = attempt},
                              &end->where);
        return true;
    case 1:
        if (!end->where.is_found) {
            sugu_work_refuse(work, "payment.unknown-attempt", "");
            return false;
        }
        send_end_locks(batch, end, attempt);
        return true;
    case 2:
        if (!decide_end(batch, work))
            return false;
        write_end(batch, work);
        return true;
    case 3:
        if (write_next_place(batch, work))
            return true;
        break;
    default:
        sugu_visit_change_publish(batch, &((struct end_payment *)work->state)->change);
        break;
    }
    reply_ended(batch, work);
    return false;
}
