/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger - journals of what happened to money
 */
#include "handlers/ledger.h"

static void
post(struct sugu_batch *batch,
     const char *kind,
     struct sugu_id bill,
     struct sugu_id attempt,
     const char *const accounts[2],
     const char *detail,
     int64_t yen)
{
    /* One amount makes both lines, so that they cannot differ. */
    const int64_t yens[2] = {yen, -yen};
    const char *const details[2] = {detail, detail};
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
                                                          .kind = kind,
                                                          .bill = bill,
                                                          .attempt = attempt,
                                                          .accounts = accounts,
                                                          .details = details,
                                                          .yens = yens},
                        NULL);
}

void
sugu_ledger_bill(struct sugu_batch *batch, struct sugu_id bill, const char *kind, int64_t yen)
{
    static const char *const accounts[2] = {"receivable", "revenue-clearing"};

    post(batch, kind, bill, (struct sugu_id){{0}}, accounts, "", yen);
}

void
sugu_ledger_card_payment(struct sugu_batch *batch,
                         struct sugu_id bill,
                         struct sugu_id attempt,
                         const char *terminal,
                         int64_t yen)
{
    static const char *const accounts[2] = {"card-clearing", "receivable"};

    post(batch, "payment", bill, attempt, accounts, terminal, yen);
}
