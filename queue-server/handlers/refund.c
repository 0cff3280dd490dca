/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refund - money goes back to where it came from: ordered, agreed to by a second person, done
 *
 * What a card, a code or a registered card paid goes back by the program that took it; what was
 * paid in coins and notes is handed over at the desk that orders it. So is what could not go back
 * to where it came from (a card that is dead, say), when a second person agrees.
 */
#include "handlers/money.h"

#include <string.h>

struct refund_change {
    struct sugu_id refund;
    struct sugu_refund_find_row known;
    struct sugu_facility_find_row facility;
    struct sugu_outcome outcome; /* of the original; of the refund, where a person hands it over */
    struct sugu_attempt_open_of_bill_row open;
    struct sugu_refund_of_original_row before;
    int64_t amount_yen;
    enum sugu_refund_reason reason;
    const char *desk, *note;
    struct sugu_id original;
    bool is_granted, is_new;
    bool cannot_go_back; /* it was tried: a desk hands it over instead */
};

static void
refund_change_done(void *state)
{
    sugu_outcome_done(&((struct refund_change *)state)->outcome);
}
const struct sugu_state sugu_state_order_refund = {sizeof(struct refund_change),
                                                   refund_change_done};
const struct sugu_state sugu_state_decide_refund = {sizeof(struct refund_change),
                                                    refund_change_done};

static void
send_find(struct sugu_batch *batch, struct refund_change *change)
{
    int32_t facility = batch->facility.facility;

    sugu_db_refund_find(
        batch->db,
        &(struct sugu_refund_find_params){.facility = facility, .attempt = change->refund},
        &change->known);
    sugu_db_facility_find(batch->db, &(struct sugu_facility_find_params){.facility = facility},
                          &change->facility);
    change->outcome.attempt = change->original;
    sugu_outcome_find(batch, &change->outcome);
}

static bool
send_locks(struct sugu_batch *batch, struct refund_change *change, struct sugu_work *work)
{
    int32_t facility = batch->facility.facility;

    if (!sugu_outcome_lock(batch, &change->outcome, work))
        return false;
    sugu_db_attempt_open_of_bill(batch->db,
                                 &(struct sugu_attempt_open_of_bill_params){
                                     .facility = facility, .bill = change->outcome.where.bill},
                                 &change->open);
    sugu_db_refund_of_original(batch->db,
                               &(struct sugu_refund_of_original_params){
                                   .facility = facility, .original = change->original},
                               &change->before);
    return true;
}

/* ---- rules */

static bool
may_go_back(const struct refund_change *change)
{
    struct sugu_bill_money money = sugu_bill_money_of(&change->outcome.bill);
    enum sugu_bill_event event = sugu_bill_refund_event(change->reason, &money, change->amount_yen);

    return sugu_machine_allows(&sugu_bill_machine, (unsigned)change->outcome.bill.state, event);
}

static const char *
find_obstacle(const struct refund_change *change)
{
    const struct sugu_attempt_lock_row *original = &change->outcome.was;
    struct sugu_bill_money money = sugu_bill_money_of(&change->outcome.bill);
    int64_t left = original->approved_yen - (change->is_new ? change->before.yen : 0);

    if (original->state != SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED ||
        (strcmp(original->kind, "payment") != 0 && strcmp(original->kind, "deposit") != 0))
        return "refund.nothing-taken";
    if (change->amount_yen > left)
        return "refund.too-much";
    if (change->reason == SUGU_REFUND_OVERPAID && change->amount_yen > sugu_bill_excess_yen(&money))
        return "refund.not-overpaid";
    if (change->cannot_go_back && !change->before.has_failed)
        return "refund.not-tried";
    if (change->open.is_open)
        return "payment.open";
    if (!sugu_bill_may_refund(change->reason, &money, change->amount_yen))
        return "bill.not-allowed";
    return may_go_back(change) ? NULL : "bill.not-allowed";
}

/* ---- writing */

static bool
is_by_hand(const struct refund_change *change)
{
    return change->cannot_go_back || strcmp(change->outcome.was.method, "cash") == 0 ||
           strcmp(change->outcome.was.method, "desk") == 0;
}

/* The program that took it gives it back. */
static void
write_order(struct sugu_batch *batch, const struct refund_change *change)
{
    const struct sugu_attempt_lock_row *original = &change->outcome.was;

    sugu_order_payment(batch,
                       &(struct sugu_order){.attempt = change->refund,
                                            .bill = original->bill,
                                            .revision = original->revision,
                                            .client = original->client,
                                            .place = original->place,
                                            .kind = SUGU__ATTEMPT_KIND__ATTEMPT_REFUND,
                                            .method = sugu_method_of(original->method),
                                            .amount_yen = change->amount_yen,
                                            .original = change->original,
                                            .original_provider_id = sugu_refundable_id(original),
                                            .original_utc_us = original->paid_at,
                                            .card = change->outcome.where.card});
}

/* A person hands it over now: the attempt is over when it begins. */
static bool
write_by_hand(struct sugu_batch *batch, struct refund_change *change, struct sugu_work *work)
{
    struct sugu_outcome *outcome = &change->outcome;
    struct sugu_attempt_lock_row original = outcome->was;

    outcome->attempt = change->refund;
    outcome->state = SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED;
    outcome->approved_yen = change->amount_yen;
    outcome->code = outcome->approval_code = outcome->last4 = "";
    outcome->brand = "cash";
    outcome->provider_id = NULL;
    outcome->terminal = change->desk;
    outcome->was = (struct sugu_attempt_lock_row){.is_found = true,
                                                  .bill = original.bill,
                                                  .revision = original.revision,
                                                  .kind = "refund",
                                                  .method = "desk",
                                                  .amount_yen = change->amount_yen,
                                                  .reason = (int16_t)change->reason};
    if (!sugu_outcome_decide(outcome, work))
        return false;
    sugu_db_attempt_add(batch->db,
                        &(struct sugu_attempt_add_params){.facility = batch->facility.facility,
                                                          .attempt = change->refund,
                                                          .bill = original.bill,
                                                          .revision = original.revision,
                                                          .client = work->peer.client,
                                                          .place = work->peer.place,
                                                          .kind = "refund",
                                                          .method = "desk",
                                                          .amount_yen = change->amount_yen,
                                                          .state = 0,
                                                          .original = change->original,
                                                          .begun_at = batch->now_utc},
                        NULL);
    sugu_outcome_write(batch, outcome, work);
    return true;
}

static Sugu__RefundState
state_of(const struct refund_change *change)
{
    if (!change->is_granted)
        return change->is_new ? SUGU__REFUND_STATE__REFUND_WAITING
                              : SUGU__REFUND_STATE__REFUND_DENIED;
    return is_by_hand(change) ? SUGU__REFUND_STATE__REFUND_DONE
                              : SUGU__REFUND_STATE__REFUND_ORDERED;
}

static char *
orderer(const struct sugu_work *work)
{
    return (char *)(*work->staff ? work->staff : work->peer.name);
}

static void
write_refund_row(struct sugu_batch *batch, struct refund_change *change, struct sugu_work *work)
{
    int32_t facility = batch->facility.facility;
    /* By hand: ordered first, so that what the attempt does makes it done. */
    Sugu__RefundState state = state_of(change) == SUGU__REFUND_STATE__REFUND_DONE
                                  ? SUGU__REFUND_STATE__REFUND_ORDERED
                                  : state_of(change);

    if (change->is_new)
        sugu_db_refund_add(batch->db,
                           &(struct sugu_refund_add_params){.facility = facility,
                                                            .attempt = change->refund,
                                                            .original = change->original,
                                                            .bill = change->outcome.where.bill,
                                                            .amount_yen = change->amount_yen,
                                                            .reason = (int16_t)change->reason,
                                                            .state = (int16_t)state,
                                                            .note = change->note,
                                                            .ordered_by = orderer(work),
                                                            .ordered_at = batch->now_utc,
                                                            .is_by_hand = change->cannot_go_back},
                           NULL);
    else
        sugu_db_refund_set(batch->db,
                           &(struct sugu_refund_set_params){.facility = facility,
                                                            .attempt = change->refund,
                                                            .state = (int16_t)state,
                                                            .decided_by = work->staff,
                                                            .decided_at = batch->now_utc},
                           NULL);
}

static bool
write_change(struct sugu_batch *batch, struct refund_change *change, struct sugu_work *work)
{
    const char *code = change->is_granted || change->is_new ? find_obstacle(change) : NULL;

    if (code) {
        sugu_work_refuse(work, code, "");
        return false;
    }
    write_refund_row(batch, change, work);
    sugu_audit(batch, work, change->is_new ? "order-refund" : "decide-refund",
               &change->outcome.where.visit, change->note);
    if (change->is_granted && is_by_hand(change)) {
        if (!write_by_hand(batch, change, work))
            return false;
    } else if (change->is_granted) {
        write_order(batch, change);
    } else if (change->is_new) {
        sugu_want_help(batch, work->peer.place, change->outcome.where.visit, "refund.waiting", "");
    }
    return true;
}

/* ---- answering */

static void
reply_refund(struct sugu_batch *batch, struct refund_change *change, struct sugu_work *work)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__Refund refund = SUGU__REFUND__INIT;

    refund.refund = sugu_id_field(&change->refund);
    refund.bill = sugu_id_field(&change->outcome.where.bill);
    refund.original = sugu_id_field(&change->original);
    refund.amount_yen = change->amount_yen;
    refund.reason = (Sugu__RefundReason)change->reason;
    refund.state = state_of(change);
    refund.is_by_hand = change->cannot_go_back;
    refund.note = (char *)change->note;
    refund.ordered_by = change->is_new ? orderer(work) : change->known.ordered_by;
    refund.decided_by = change->is_new ? (char *)"" : work->staff;
    refund.ordered_utc_us = change->is_new ? batch->now_utc : change->known.ordered_at;
    event.body_case = SUGU__EVENT__BODY_REFUND_CHANGED;
    event.refund_changed = &refund;
    sugu_batch_event(batch, SUGU_ROLE_DESK, "", NULL, &event);
    reply.body_case = SUGU__REPLY__BODY_REFUND;
    reply.refund = &refund;
    sugu_work_reply(work, &reply);
}

/* The rounds behind the first, which both requests share. */
static bool
step(struct sugu_batch *batch, struct refund_change *change, struct sugu_work *work, int round)
{
    bool is_done_by_hand =
        change->is_granted && round > 2 && strcmp(change->outcome.was.kind, "refund") == 0;
    bool is_moved = true;

    switch (round) {
    case 2:
        if (!write_change(batch, change, work))
            return false;
        if (change->is_granted && strcmp(change->outcome.was.kind, "refund") == 0)
            return true;
        break;
    case 3:
        if (sugu_outcome_write_next(batch, &change->outcome, work))
            return true;
        is_moved = false;
        break;
    default:
        break;
    }
    if (is_done_by_hand)
        sugu_outcome_publish(batch, &change->outcome, is_moved);
    reply_refund(batch, change, work);
    return false;
}

bool
sugu_step_order_refund(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct refund_change *change = work->state;
    const Sugu__OrderRefund *body = work->request->order_refund;

    (void)count;
    if (round == 0) {
        change->is_new = true;
        change->refund = sugu_id_of(&body->refund);
        change->original = sugu_id_of(&body->original);
        change->amount_yen = body->amount_yen;
        change->reason = (enum sugu_refund_reason)body->reason;
        change->note = body->note;
        change->desk = body->desk;
        change->cannot_go_back = body->is_by_hand;
        send_find(batch, change);
        return true;
    }
    if (round == 1) {
        if (change->known.is_found || !*body->note) {
            sugu_work_refuse(
                work, change->known.is_found ? "payment.not-allowed" : "payment.reason-needed", "");
            return false;
        }
        /* Cash for what a card paid is how money is washed: never by one person alone. */
        change->is_granted =
            !body->is_by_hand && body->amount_yen <= change->facility.refund_limit_yen;
        return send_locks(batch, change, work);
    }
    return step(batch, change, work, round);
}

/* ---- DecideRefund */

static bool
may_decide(struct refund_change *change, struct sugu_work *work)
{
    const char *code = NULL;

    if (!change->known.is_found)
        code = "refund.unknown";
    else if (change->known.state != SUGU__REFUND_STATE__REFUND_WAITING)
        code = "payment.not-allowed";
    else if (!*work->staff || strcmp(work->staff, change->known.ordered_by) == 0)
        code = "refund.second-person";
    if (code)
        sugu_work_refuse(work, code, "");
    return !code;
}

bool
sugu_step_decide_refund(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct refund_change *change = work->state;
    const Sugu__DecideRefund *body = work->request->decide_refund;

    (void)count;
    switch (round) {
    case 0:
        change->refund = sugu_id_of(&body->refund);
        change->is_granted = body->is_granted;
        change->desk = body->desk;
        send_find(batch, change);
        return true;
    case 1:
        if (!may_decide(change, work))
            return false;
        change->original = change->known.original;
        change->amount_yen = change->known.amount_yen;
        change->reason = (enum sugu_refund_reason)change->known.reason;
        change->note = change->known.note;
        change->cannot_go_back = change->known.is_by_hand;
        change->outcome.attempt = change->original;
        change->outcome.where = (struct sugu_attempt_where_row){
            .is_found = true, .bill = change->known.bill, .visit = change->known.visit};
        return send_locks(batch, change, work);
    default:
        return step(batch, change, work, round);
    }
}
