/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal - one journal of the ledger into the store: its lines, and the cash that was counted
 */
#pragma once

#include "domain/ledger.h"
#include "store/db.h"

struct sugu_journal {
    const char *kind;
    struct sugu_id bill, visit, attempt; /* none where it has none */
    int64_t original; /* journal that it corrects, or hold that it ends; 0 = none */
    const struct sugu_ledger_line *lines;
    size_t count;      /* 0: nothing is written */
    const char *place; /* where the pieces were counted; borrowed until the round is over */
    const struct sugu_cash_pieces *pieces;
    size_t pieces_count;
};

/* Into the business day or the next open one, in the caller's transaction. Asserts that the lines
 * sum to 0. */
void sugu_journal_write(struct sugu_db *db,
                        int32_t facility,
                        uint32_t day,
                        sugu_time_us posted_at,
                        const struct sugu_journal *journal);
