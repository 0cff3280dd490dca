/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger - journals of what happened to money
 */
#include "handlers/ledger.h"

/* What is debited and what credited, and why. */
struct posting {
    const char *kind, *debit, *credit, *detail;
    struct sugu_id bill, attempt;
};

static void
post(struct sugu_batch *batch, const struct posting *posting, int64_t yen)
{
    /* One amount makes both lines, so that they cannot differ. */
    const int64_t yens[2] = {yen, -yen};
    const char *const accounts[2] = {posting->debit, posting->credit};
    const char *const details[2] = {posting->detail, posting->detail};
    int32_t facility = batch->facility.facility;

    if (yen == 0)
        return;
    sugu_db_business_day_open(
        batch->db, &(struct sugu_business_day_open_params){.facility = facility, .day = batch->day},
        NULL);
    sugu_db_journal_add(batch->db,
                        &(struct sugu_journal_add_params){.count = 2,
                                                          .facility = facility,
                                                          .day = batch->day,
                                                          .posted_at = batch->now_utc,
                                                          .kind = posting->kind,
                                                          .bill = posting->bill,
                                                          .attempt = posting->attempt,
                                                          .accounts = accounts,
                                                          .details = details,
                                                          .yens = yens},
                        NULL);
}

void
sugu_ledger_bill(struct sugu_batch *batch, struct sugu_id bill, const char *kind, int64_t yen)
{
    post(batch,
         &(struct posting){.kind = kind,
                           .debit = "receivable",
                           .credit = "revenue-clearing",
                           .detail = "",
                           .bill = bill},
         yen);
}

void
sugu_ledger_card_payment(struct sugu_batch *batch,
                         struct sugu_id bill,
                         struct sugu_id attempt,
                         const char *terminal,
                         int64_t yen)
{
    post(batch,
         &(struct posting){.kind = "payment",
                           .debit = "card-clearing",
                           .credit = "receivable",
                           .detail = terminal,
                           .bill = bill,
                           .attempt = attempt},
         yen);
}
