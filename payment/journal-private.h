/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal-private - the journal's inside, shared by the files journal*.c
 */
#pragma once

#include "domain/cash.h"
#include "payment/journal.h"

#include "journal-cash-sql.h"
#include "journal-sql.h"

#include <pthread.h>
#include <sqlite3.h>

struct sugu_journal {
    struct sugu_service_ids ids;
    sqlite3 *database;
    sqlite3_stmt *statements[JOURNAL_SQL_COUNT];
    sqlite3_stmt *cash_statements[JOURNAL_CASH_SQL_COUNT];
    const struct sugu_clock *clock;
    pthread_mutex_t mutex;
    int lock_file;
    int64_t next_id, end_id;
    /* What each cash device holds, where it was asked for since something moved: the folder is
     * locked, nobody else writes. */
    struct sugu_cash_counts stock[UINT8_MAX + 1];
    bool knows_stock[UINT8_MAX + 1];
};

/* BROKEN with what the database said. */
enum sugu_status
sugu_journal_fail(struct sugu_journal *journal, const char *what, struct sugu_error *reterr);
/* The parameter has to be there. */
void sugu_journal_bind_number(sqlite3_stmt *statement, const char *name, int64_t value);
/* One statement with its parameters bound, no row wanted. */
enum sugu_status sugu_journal_run(struct sugu_journal *journal,
                                  sqlite3_stmt *statement,
                                  const char *name,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;
/* A transaction; `end` commits where `status` is OK, else rolls back and hands the failure on. The
 * caller holds the mutex. */
enum sugu_status sugu_journal_begin(struct sugu_journal *journal,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;
enum sugu_status sugu_journal_end(struct sugu_journal *journal,
                                  enum sugu_status status,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;
