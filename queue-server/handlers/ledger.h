/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger - journals of what happened to money
 *
 * The accounts and lines of each posting are the table of domain/ledger.h (domain/payments.md 5.4;
 * docs/ledger.md); here they are written. The database seals each journal at the commit: it sums to
 * zero, its cash is what was counted, its day is open, an attempt is posted once, and its hash
 * follows the one before (schema 0010). Nothing is written where there is nothing to post.
 */
#pragma once

#include "handlers/handlers.h"

#include "domain/ledger.h"

/* receivable grows or shrinks by `yen` against revenue-clearing. `kind`: bill, bill-revised (by the
 * difference) or bill-withdrawn (by minus what was left). */
void sugu_ledger_bill(struct sugu_batch *batch, struct sugu_id bill, const char *kind, int64_t yen);

/* Money that came or went by one of the ways to pay, by an attempt. */
struct sugu_ledger_money {
    struct sugu_id bill;    /* whose: the bill, … */
    struct sugu_id visit;   /* … or, where there is none, the visit */
    struct sugu_id attempt; /* posted once; none only for deposits */
    const char *method;     /* of the attempt; "nothing-due" posts nothing */
    const char *where;      /* terminal, kiosk, brand, provider, desk: the account's detail */
    int64_t yen;            /* approved or counted, never what was asked */
    /* cash at a kiosk: what came in and went out by unit; the rest is owed as deposit "change" */
    const struct sugu_cash_pieces *pieces;
    size_t pieces_count;
};
void sugu_ledger_payment(struct sugu_batch *batch, const struct sugu_ledger_money *money);
/* A cash session that ended without a payment; `yen` is 0. */
void sugu_ledger_cash_returned(struct sugu_batch *batch, const struct sugu_ledger_money *money);
/* Back to the original means. `posting`: REFUND (of what an overpayment made payable),
 * REFUND_OF_BILL (the bill was made smaller or withdrawn) or REFUND_OF_REVENUE (it stays). */
void sugu_ledger_refund(struct sugu_batch *batch,
                        enum sugu_posting posting,
                        const struct sugu_ledger_money *money);
/* More was paid than is due now: receivable against refund-payable. */
void sugu_ledger_overpayment(struct sugu_batch *batch, struct sugu_id bill, int64_t yen);

/* A deposit for a visit without proof of insurance; its use for a bill; its return. */
void sugu_ledger_deposit_taken(struct sugu_batch *batch, const struct sugu_ledger_money *money);
void sugu_ledger_deposit_applied(struct sugu_batch *batch, struct sugu_id bill, int64_t yen);
void sugu_ledger_deposit_refunded(struct sugu_batch *batch, const struct sugu_ledger_money *money);
/* Change that a hopper could not pay, paid at a desk. */
void sugu_ledger_change_paid(struct sugu_batch *batch,
                             struct sugu_id bill,
                             const char *desk,
                             int64_t yen);

/* Whatever else the table has (holds, closes, banks, chargebacks), and what is known of it. */
struct sugu_ledger_reference {
    struct sugu_id bill, visit, attempt; /* none where it has none */
    int64_t original; /* journal that it corrects, or hold that it ends; 0 = none */
};
void sugu_ledger_post(struct sugu_batch *batch,
                      const struct sugu_ledger_reference *reference,
                      const struct sugu_posting_terms *terms);

/* Explicit lines for a journal that was wrong. Asserts that they sum to 0. `pieces` at `place` as
 * far as they move cash of a kiosk. */
struct sugu_ledger_correction {
    struct sugu_ledger_reference reference;
    const struct sugu_ledger_line *lines;
    size_t count;
    const char *place;
    const struct sugu_cash_pieces *pieces;
    size_t pieces_count;
};
void sugu_ledger_correct(struct sugu_batch *batch, const struct sugu_ledger_correction *correction);
