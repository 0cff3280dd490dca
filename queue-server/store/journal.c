/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal - one journal of the ledger into the store: its lines, and the cash that was counted
 */
#include "store/journal.h"

#include "statements.h"

#include <assert.h>

static void
write_pieces(struct sugu_db *db, int32_t facility, const struct sugu_journal *journal)
{
    int32_t units[SUGU_CASH_PIECES_UNITS], in[SUGU_CASH_PIECES_UNITS], out[SUGU_CASH_PIECES_UNITS];
    size_t count = 0;

    assert(journal->pieces_count <= SUGU_CASH_PIECES_UNITS);
    for (size_t i = 0; i < journal->pieces_count; i++) {
        const struct sugu_cash_pieces *pieces = &journal->pieces[i];
        if (pieces->pieces_in == 0 && pieces->pieces_out == 0)
            continue;
        units[count] = pieces->unit;
        in[count] = pieces->pieces_in;
        out[count++] = pieces->pieces_out;
    }
    if (count > 0)
        sugu_db_cash_count_add(db,
                               &(struct sugu_cash_count_add_params){.count = count,
                                                                    .facility = facility,
                                                                    .place = journal->place,
                                                                    .units = units,
                                                                    .pieces_in = in,
                                                                    .pieces_out = out},
                               NULL);
}

void
sugu_journal_write(struct sugu_db *db,
                   int32_t facility,
                   uint32_t day,
                   sugu_time_us posted_at,
                   const struct sugu_journal *journal)
{
    const char *accounts[SUGU_LEDGER_LINES_MAX], *details[SUGU_LEDGER_LINES_MAX];
    int64_t yens[SUGU_LEDGER_LINES_MAX];

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
        db, &(struct sugu_business_day_open_params){.facility = facility, .day = day}, NULL);
    sugu_db_journal_add(db,
                        &(struct sugu_journal_add_params){
                            .count = journal->count,
                            .facility = facility,
                            .day = day,
                            .posted_at = posted_at,
                            .kind = journal->kind,
                            .bill = journal->bill,
                            .visit = journal->visit,
                            .attempt = journal->attempt,
                            .original = journal->original ? journal->original : INT64_MIN,
                            .accounts = accounts,
                            .details = details,
                            .yens = yens},
                        NULL);
    write_pieces(db, facility, journal);
}
