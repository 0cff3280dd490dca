/* SPDX-License-Identifier: Apache-2.0 */
/*
 * purger - clears away what the facility need not keep, or may not, a page at a time
 *
 * On a connection of its own, with a pause after each page, so that nobody who waits for an answer
 * notices. Every server does it; several at once do no harm. What it keeps for ever, and why,
 * stands in docs/ARCHITECTURE.md: ledger, bills, payments, receipts, visits, the ids of requests.
 */
#pragma once

#include "store/db.h"

/* Whole days that each kind is kept; the schema knows a least for each (0006), which wins. */
struct sugu_keep {
    int64_t answers_days; /* of requests: they hold names */
    int64_t events_days;
    int64_t notices_days; /* of the message hooks, since they were delivered */
    int64_t papers_days;  /* and calls for the staff */
    int64_t audit_days;   /* and who was at which kiosk or desk */
};

struct sugu_purger;

/* `interval_us` between the end of one round through everything and the next one; 0 (for tests)
 * also leaves the pauses after pages out. Borrows the clock. */
struct sugu_purger *sugu_purger_new(const char *conninfo,
                                    const struct sugu_keep *keep,
                                    int64_t interval_us,
                                    const struct sugu_clock *clock);
struct sugu_purger *sugu_purger_free(struct sugu_purger *purger);

/* For the poll loop: its connection, and when it wants to be stepped. */
struct sugu_db *sugu_purger_db(struct sugu_purger *purger);
int64_t sugu_purger_due_us(const struct sugu_purger *purger);
/* How often it has been through everything. */
uint64_t sugu_purger_rounds(const struct sugu_purger *purger);
void sugu_purger_step(struct sugu_purger *purger);
