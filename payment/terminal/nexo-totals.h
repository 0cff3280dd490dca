/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-totals - what the terminal says it took and gave back: the day's end
 *
 * Not of the terminal port: no attempt depends on it. Finance holds it against the ledger
 * (domain/payments.md 1.2 "Reconciliation / GetTotals"). READ is a question that may be repeated
 * (GetTotals: "without starting a new reconciliation period", docs.adyen.com/point-of-sale/
 * reconciling-totals/retrieve-totals-from-the-terminal). CLOSE ends the terminal's period
 * (Reconciliation, SaleReconciliation): once a day, after which the next period begins; where its
 * answer is lost, PREVIOUS says the totals of the period that was ended last.
 */
#pragma once

#include "payment/terminal/nexo-message.h"
#include "payment/terminal/terminal-nexo.h"

#define SUGU_NEXO_TOTALS_MAX 64

enum sugu_nexo_totals_kind {
    SUGU_NEXO_TOTALS_READ,
    SUGU_NEXO_TOTALS_CLOSE,
    SUGU_NEXO_TOTALS_PREVIOUS,
    SUGU_NEXO_TOTALS_KIND_COUNT,
};
/* "read", "close", "previous"; false where it is none of them. */
bool sugu_nexo_totals_kind_of(const char *name, enum sugu_nexo_totals_kind *ret_kind);

/* One sum: yen of one brand and one kind of transaction. */
struct sugu_nexo_total {
    char brand[33]; /* "" where the terminal does not tell brands apart */
    char type[33];  /* TransactionType: "Debit" taken, "Credit" and "ReverseDebit" given back … */
    int64_t count;
    int64_t yen;
};

struct sugu_nexo_totals {
    int64_t period; /* POIReconciliationID; 0 where it is not said */
    size_t count;
    struct sugu_nexo_total rows[SUGU_NEXO_TOTALS_MAX];
};

/*
 * Asks the terminal at `where`; logs in where it wants that. Must not run beside a job of the same
 * process. RETRY "terminal.away", "terminal.busy" (a payment runs); UNKNOWN "payment.no-answer"
 * with CLOSE where the answer is missing: ask for PREVIOUS. REFUSED "message.malformed".
 */
enum sugu_status sugu_terminal_nexo_totals(struct sugu_terminal *terminal,
                                           const char *where,
                                           enum sugu_nexo_totals_kind kind,
                                           struct sugu_nexo_totals *ret_totals,
                                           struct sugu_error *reterr) SUGU_MUST_CHECK;

/* ---- the messages; header->category has to be sugu_nexo_totals_category */

enum sugu_nexo_category sugu_nexo_totals_category(enum sugu_nexo_totals_kind kind);
bool sugu_nexo_write_totals(struct sugu_json_writer *writer,
                            const struct sugu_nexo_header *header,
                            enum sugu_nexo_totals_kind kind);
/* RETRY "terminal.logged-out", "terminal.busy", "terminal.away"; REFUSED "message.malformed". */
enum sugu_status sugu_nexo_read_totals(const struct sugu_json *json,
                                       enum sugu_nexo_totals_kind kind,
                                       struct sugu_nexo_totals *ret_totals,
                                       struct sugu_error *reterr) SUGU_MUST_CHECK;
