/* SPDX-License-Identifier: Apache-2.0 */
/*
 * money - what an attempt's outcome does to its bill, its visit and the ledger
 *
 * Shared by all that end attempts: the payment programs, people at desks, and people who find out
 * what became of one. Locks are taken in the order visit, bill, attempt.
 */
#pragma once

#include "handlers/dues.h"
#include "handlers/ledger.h"
#include "handlers/posting.h"
#include "handlers/stage-change.h"
#include "handlers/view.h"

#include "domain/bill-due.h"

/* Names of kinds and methods as the store has them; "" for what is none. */
const char *sugu_attempt_kind_name(Sugu__AttemptKind kind);
Sugu__AttemptKind sugu_attempt_kind_of(const char *name);
const char *sugu_method_name(Sugu__PaymentMethod method);
Sugu__PaymentMethod sugu_method_of(const char *name);

/* The bill's money as the domain's rules see it; and back, with its state. */
struct sugu_bill_money sugu_bill_money_of(const struct sugu_bill_lock_row *bill);
void sugu_bill_set_money(struct sugu_batch *batch,
                         struct sugu_id bill,
                         unsigned state,
                         const struct sugu_bill_money *money);
/* An attempt begins: the state that the bill has then; written. */
unsigned sugu_bill_begin_payment(struct sugu_batch *batch, struct sugu_id bill, unsigned state);
/* What is paid too much is a debt of the hospital: to the ledger by how much it grew. */
void sugu_bill_post_excess(struct sugu_batch *batch,
                           struct sugu_id bill,
                           const struct sugu_bill_money *before,
                           const struct sugu_bill_money *after);

/* One outcome on its way into the store. */
struct sugu_outcome {
    /* who says so */
    struct sugu_id attempt;
    Sugu__AttemptState state;
    int64_t approved_yen;
    const char *code, *provider_id, *approval_code, *brand, *last4, *terminal;
    sugu_time_us paid_utc_us;       /* by the device's or provider's clock; 0 = not known */
    Sugu__Decline decline;          /* of a card on file */
    const char *token, *network_id; /* of a registered card; NULL = not said */
    uint32_t expiry;
    Sugu__CardFunding funding;
    const struct sugu_cash_pieces *pieces; /* of a cash session */
    size_t pieces_count;
    int64_t owed_yen;

    /* what is there; read by sugu_outcome_lock */
    struct sugu_attempt_where_row where;
    struct sugu_visit_lock_row visit;
    struct sugu_bill_lock_row bill;
    struct sugu_attempt_lock_row was;
    struct sugu_card_lock_row card_lock;
    struct sugu_card_facts_rows cards;
    struct sugu_session_of_visit_row session;

    /* what becomes of it */
    struct sugu_bill_money money;
    unsigned bill_state, visit_state;
    bool is_newly_settled, calls_staff;
    const char *reason; /* for the staff */
    const char *place;  /* where it happened */
    struct sugu_bill_view view;
    struct sugu_visit_change change; /* where the person goes next */
};

void sugu_outcome_done(struct sugu_outcome *outcome);
/* Round 0: whose attempt it is. */
void sugu_outcome_find(struct sugu_batch *batch, struct sugu_outcome *outcome);
/* Round 1: locks. False after a refusal. */
bool
sugu_outcome_lock(struct sugu_batch *batch, struct sugu_outcome *outcome, struct sugu_work *work);
/* Is the outcome final? Then nothing changes any more. */
bool sugu_attempt_state_is_final(int state);
/* Round 2: what it does; false after a refusal. Money that was taken is never refused. */
bool sugu_outcome_decide(struct sugu_outcome *outcome, struct sugu_work *work);
void
sugu_outcome_write(struct sugu_batch *batch, struct sugu_outcome *outcome, struct sugu_work *work);
/* The same for a bill of nothing that a card on file would have paid; where and locks are there. */
bool sugu_outcome_nothing_due(struct sugu_batch *batch,
                              struct sugu_outcome *outcome,
                              struct sugu_work *work);
/* Round 3: where the person goes next; false where nothing follows. */
bool sugu_outcome_write_next(struct sugu_batch *batch,
                             struct sugu_outcome *outcome,
                             struct sugu_work *work);
/* The events of it all; `is_moved` is what write_next said. */
void sugu_outcome_publish(struct sugu_batch *batch, struct sugu_outcome *outcome, bool is_moved);

/* An attempt that a payment program has to carry out without a patient: row and event. */
struct sugu_order {
    struct sugu_id attempt, bill;
    int32_t revision, client;
    const char *place;
    Sugu__AttemptKind kind;
    Sugu__PaymentMethod method;
    int64_t amount_yen;
    struct sugu_id original;
    const char *original_provider_id;
    int64_t original_utc_us; /* 0 = not known */
    /* of a card on file; NULL = not said */
    const char *token, *payer, *network_id;
    struct sugu_id card, patient, visit; /* the latter two: where there is no bill */
};
/* Refund: what the device or provider calls the payment that goes back, and when it was. */
const char *sugu_refundable_id(const struct sugu_attempt_lock_row *original);
void sugu_order_payment(struct sugu_batch *batch, const struct sugu_order *order);
/* "01234567-…-3": the same for every try at one revision, so that finance sees twins. Where
 * there is no bill: of the attempt. */
#define SUGU_REFERENCE_SIZE 41
const char *sugu_payment_reference(const struct sugu_id *bill,
                                   uint32_t revision,
                                   char text[SUGU_REFERENCE_SIZE]);
