/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal - what sugu-payment did and is about to do, on its own disk (SQLite, WAL, FULL)
 *
 * Every change is durable when its call returns, and only then is it acted on or told. One process
 * at a time (a lock file beside the database). The functions may be called from several threads.
 * Failures: BROKEN "disk.full" or "payment.journal"; nothing was changed then.
 */
#pragma once

#include "payment/attempt.h"
#include "payment/terminal/terminal-nexo.h"

struct sugu_journal;

/* Opens or makes FOLDER/payment.sqlite. REFUSED "file.locked" where another process has it. */
enum sugu_status sugu_journal_open(const char *folder,
                                   const struct sugu_clock *clock,
                                   struct sugu_journal **ret_journal,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;
struct sugu_journal *sugu_journal_close(struct sugu_journal *journal);

/* A new attempt. REFUSED "payment.open" where the bill has an open one. */
enum sugu_status sugu_journal_insert(struct sugu_journal *journal,
                                     const struct sugu_attempt *attempt,
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;

/* The attempt as it is now, and why: `event` goes into the history with the state before. */
enum sugu_status sugu_journal_save(struct sugu_journal *journal,
                                   const struct sugu_attempt *attempt,
                                   const char *event,
                                   enum sugu_attempt_state before,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;

enum sugu_journal_key {
    SUGU_JOURNAL_BY_ID,
    SUGU_JOURNAL_BY_START, /* the id of the StartPayment request */
    SUGU_JOURNAL_LAST_OF_BILL,
};
/* REFUSED "payment.unknown-attempt" where there is none. */
enum sugu_status sugu_journal_find(struct sugu_journal *journal,
                                   enum sugu_journal_key by,
                                   const struct sugu_id *key,
                                   struct sugu_attempt *ret_attempt,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Oldest first, at most `max`: every attempt that is not final or not yet acknowledged. */
enum sugu_status sugu_journal_unfinished(struct sugu_journal *journal,
                                         struct sugu_attempt *attempts,
                                         size_t max,
                                         size_t *ret_count,
                                         struct sugu_error *reterr) SUGU_MUST_CHECK;

/*
 * Service ids out of this journal: ten characters, each higher than any before. They start at the
 * clock's milliseconds, so that a journal that was lost or restored does not repeat itself either.
 */
struct sugu_service_ids *sugu_journal_service_ids(struct sugu_journal *journal);
