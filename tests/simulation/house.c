/* SPDX-License-Identifier: Apache-2.0 */
/*
 * house - the change money of the simulated hospital, posted as sugu-admin's fill-cash does
 */
#include "simulation/cluster.h"

#include "base/clock.h"
#include "domain/ledger.h"
#include "statements.h"
#include "store/journal.h"

#include <stdio.h>

#define FACILITY      1
#define KIOSKS        48
#define PIECES        1000
#define DAY           20310402 /* before the first run's */
#define POSTED_UTC_US INT64_C(1932858000000000)

static const int32_t units[] = {10, 50, 100, 500, 1000, 5000};

static void
post_float(struct sugu_db *db, unsigned kiosk, const struct sugu_cash_pieces *pieces)
{
    char place[16];
    struct sugu_ledger_line lines[SUGU_LEDGER_LINES_MAX];
    struct sugu_posting_terms terms = {.posting = SUGU_POSTING_FLOAT_FILLED,
                                       .method = SUGU_MONEY_BY_CASH,
                                       .where = place,
                                       .other = "bag",
                                       .pieces = pieces,
                                       .pieces_count = SUGU_ARRAY_SIZE(units)};
    struct sugu_journal journal = {.kind = sugu_posting_kind(terms.posting),
                                   .lines = lines,
                                   .place = place,
                                   .pieces = pieces,
                                   .pieces_count = SUGU_ARRAY_SIZE(units)};

    snprintf(place, sizeof place, "kiosk-%u", kiosk);
    terms.yen = sugu_cash_net_yen(pieces, SUGU_ARRAY_SIZE(units));
    journal.count = sugu_posting_lines(&terms, lines);
    sugu_journal_write(db, FACILITY, DAY, POSTED_UTC_US, &journal);
}

/* A transaction for each: what a round may hold is bounded. */
static enum sugu_status
fill_one(struct sugu_db *db,
         unsigned kiosk,
         const struct sugu_cash_pieces *pieces,
         struct sugu_error *reterr)
{
    struct sugu_facility_enter_row entered;

    sugu_db_tx_begin(db, NULL);
    sugu_db_facility_enter(db, &(struct sugu_facility_enter_params){.facility = "1"}, &entered);
    post_float(db, kiosk, pieces);
    sugu_db_tx_commit(db, NULL);
    return sugu_db_wait_round(db, /* has_commit= */ true, reterr);
}

enum sugu_status
house_fill_machines(const char *owner, struct sugu_error *reterr)
{
    struct sugu_db *db = sugu_db_new(owner, sugu_clock_system());
    struct sugu_cash_pieces pieces[SUGU_ARRAY_SIZE(units)] = {{0}};
    enum sugu_status status = sugu_db_wait_ready(db, SUGU_MINUTE, reterr);

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(units); i++)
        pieces[i] = (struct sugu_cash_pieces){.unit = units[i], .pieces_in = PIECES};
    for (unsigned kiosk = 0; !status && kiosk < KIOSKS; kiosk++)
        status = fill_one(db, kiosk, pieces, reterr);
    sugu_db_free(db);
    return status;
}
