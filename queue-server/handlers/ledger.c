/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger - journals of what happened to money
 */
#include "handlers/ledger.h"

#include <assert.h>
#include <string.h>

/* A journal that is about to be written. */
struct journal {
    const char *kind;
    struct sugu_ledger_reference reference;
    const struct sugu_ledger_line *lines;
    size_t count;
    const char *place;
    const struct sugu_cash_pieces *pieces;
    size_t pieces_count;
};

static void
write_pieces(struct sugu_batch *batch, const struct journal *journal)
{
    int32_t units[SUGU_CASH_UNITS], in[SUGU_CASH_UNITS], out[SUGU_CASH_UNITS];
    size_t count = 0;

    assert(journal->pieces_count <= SUGU_CASH_UNITS);
    for (size_t i = 0; i < journal->pieces_count; i++) {
        const struct sugu_cash_pieces *pieces = &journal->pieces[i];
        if (pieces->pieces_in == 0 && pieces->pieces_out == 0)
            continue;
        units[count] = pieces->unit;
        in[count] = pieces->pieces_in;
        out[count++] = pieces->pieces_out;
    }
    if (count > 0)
        sugu_db_cash_count_add(
            batch->db,
            &(struct sugu_cash_count_add_params){.count = count,
                                                 .facility = batch->facility.facility,
                                                 .place = journal->place,
                                                 .units = units,
                                                 .pieces_in = in,
                                                 .pieces_out = out},
            NULL);
}

static void
write_journal(struct sugu_batch *batch, const struct journal *journal)
{
    const char *accounts[SUGU_LEDGER_LINES_MAX], *details[SUGU_LEDGER_LINES_MAX];
    int64_t yens[SUGU_LEDGER_LINES_MAX];
    int32_t facility = batch->facility.facility;
    int64_t original = journal->reference.original;

    assert(journal->count <= SUGU_LEDGER_LINES_MAX);
    assert(sugu_ledger_sum(journal->lines, journal->count) == 0);
    if (journal->count == 0)
        return;
    for (size_t i = 0; i < journal->count; i++) {
        accounts[i] = sugu_account_name(journal->lines[i].account);
        details[i] = journal->lines[i].detail;
        yens[i] = journal->lines[i].yen;
    }
    sugu_db_business_day_open(
        batch->db, &(struct sugu_business_day_open_params){.facility = facility, .day = batch->day},
        NULL);
    sugu_db_journal_add(
        batch->db,
        &(struct sugu_journal_add_params){.count = journal->count,
                                          .facility = facility,
                                          .day = batch->day,
                                          .posted_at = batch->now_utc,
                                          .kind = journal->kind,
                                          .bill = journal->reference.bill,
                                          .visit = journal->reference.visit,
                                          .attempt = journal->reference.attempt,
                                          .original = original ? original : INT64_MIN,
                                          .accounts = accounts,
                                          .details = details,
                                          .yens = yens},
        NULL);
    write_pieces(batch, journal);
}

void
sugu_ledger_post(struct sugu_batch *batch,
                 const struct sugu_ledger_reference *reference,
                 const struct sugu_posting_terms *terms)
{
    struct sugu_ledger_line lines[SUGU_LEDGER_LINES_MAX];
    size_t count = sugu_posting_lines(terms, lines);

    write_journal(batch, &(struct journal){.kind = sugu_posting_kind(terms->posting),
                                           .reference = *reference,
                                           .lines = lines,
                                           .count = count,
                                           .place = terms->where,
                                           .pieces = terms->pieces,
                                           .pieces_count = terms->pieces_count});
}

void
sugu_ledger_correct(struct sugu_batch *batch, const struct sugu_ledger_correction *correction)
{
    write_journal(batch, &(struct journal){.kind = "correction",
                                           .reference = correction->reference,
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
