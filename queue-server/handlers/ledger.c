/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger - journals of what happened to money
 */
#include "handlers/ledger.h"

#include "store/journal.h"

#include <assert.h>
#include <string.h>

static void
write_journal(struct sugu_batch *batch, const struct sugu_journal *journal)
{
    sugu_journal_write(batch->db, batch->facility.facility, batch->day, batch->now_utc, journal);
}

void
sugu_ledger_post(struct sugu_batch *batch,
                 const struct sugu_ledger_reference *reference,
                 const struct sugu_posting_terms *terms)
{
    struct sugu_ledger_line lines[SUGU_LEDGER_LINES_MAX];
    size_t count = sugu_posting_lines(terms, lines);

    write_journal(batch, &(struct sugu_journal){.kind = sugu_posting_kind(terms->posting),
                                                .bill = reference->bill,
                                                .visit = reference->visit,
                                                .attempt = reference->attempt,
                                                .original = reference->original,
                                                .lines = lines,
                                                .count = count,
                                                .place = terms->where,
                                                .pieces = terms->pieces,
                                                .pieces_count = terms->pieces_count});
}

void
sugu_ledger_correct(struct sugu_batch *batch, const struct sugu_ledger_correction *correction)
{
    write_journal(batch, &(struct sugu_journal){.kind = "correction",
                                                .bill = correction->reference.bill,
                                                .visit = correction->reference.visit,
                                                .attempt = correction->reference.attempt,
                                                .original = correction->reference.original,
                                                .lines = correction->lines,
                                                .count = correction->count,
                                                .place = correction->place,
                                                .pieces = correction->pieces,
                                                .pieces_count = correction->pieces_count});
}

/* ---- bills */

static void
post_for_bill(struct sugu_batch *batch, enum sugu_posting posting, struct sugu_id bill, int64_t yen)
{
    sugu_ledger_post(batch, &(struct sugu_ledger_reference){.bill = bill},
                     &(struct sugu_posting_terms){.posting = posting, .yen = yen});
}

void
sugu_ledger_bill(struct sugu_batch *batch, struct sugu_id bill, const char *kind, int64_t yen)
{
    if (strcmp(kind, "bill-withdrawn") == 0)
        post_for_bill(batch, SUGU_POSTING_BILL_WITHDRAWN, bill, -yen);
    else if (strcmp(kind, "bill-revised") == 0)
        post_for_bill(batch, SUGU_POSTING_BILL_REVISED, bill, yen);
    else
        post_for_bill(batch, SUGU_POSTING_BILL, bill, yen);
}

void
sugu_ledger_overpayment(struct sugu_batch *batch, struct sugu_id bill, int64_t yen)
{
    post_for_bill(batch, SUGU_POSTING_OVERPAYMENT, bill, yen);
}

void
sugu_ledger_deposit_applied(struct sugu_batch *batch, struct sugu_id bill, int64_t yen)
{
    post_for_bill(batch, SUGU_POSTING_DEPOSIT_APPLIED, bill, yen);
}

void
sugu_ledger_change_paid(struct sugu_batch *batch,
                        struct sugu_id bill,
                        const char *desk,
                        int64_t yen)
{
    sugu_ledger_post(batch, &(struct sugu_ledger_reference){.bill = bill},
                     &(struct sugu_posting_terms){
                         .posting = SUGU_POSTING_CHANGE_PAID, .yen = yen, .where = desk});
}

/* ---- money by one of the ways to pay */

static void
post_money(struct sugu_batch *batch,
           enum sugu_posting posting,
           const struct sugu_ledger_money *money)
{
    struct sugu_posting_terms terms = {.posting = posting,
                                       .yen = money->yen,
                                       .where = money->where,
                                       .pieces = money->pieces,
                                       .pieces_count = money->pieces_count};

    /* Money by a way that has no account is still money: a person has to look at it. */
    if (!sugu_money_method_find(money->method, &terms.method))
        terms.posting = SUGU_POSTING_SUSPENDED;
    sugu_ledger_post(batch,
                     &(struct sugu_ledger_reference){
                         .bill = money->bill, .visit = money->visit, .attempt = money->attempt},
                     &terms);
}

void
sugu_ledger_payment(struct sugu_batch *batch, const struct sugu_ledger_money *money)
{
    post_money(batch, SUGU_POSTING_PAYMENT, money);
}

void
sugu_ledger_cash_returned(struct sugu_batch *batch, const struct sugu_ledger_money *money)
{
    assert(money->yen == 0);
    post_money(batch, SUGU_POSTING_CASH_RETURNED, money);
}

void
sugu_ledger_refund(struct sugu_batch *batch,
                   enum sugu_posting posting,
                   const struct sugu_ledger_money *money)
{
    assert(strcmp(sugu_posting_kind(posting), "refund") == 0);
    post_money(batch, posting, money);
}

void
sugu_ledger_deposit_taken(struct sugu_batch *batch, const struct sugu_ledger_money *money)
{
    post_money(batch, SUGU_POSTING_DEPOSIT_TAKEN, money);
}

void
sugu_ledger_deposit_refunded(struct sugu_batch *batch, const struct sugu_ledger_money *money)
{
    post_money(batch, SUGU_POSTING_DEPOSIT_REFUNDED, money);
}
