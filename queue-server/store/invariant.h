/* SPDX-License-Identifier: Apache-2.0 */
/*
 * invariant - the sixteen things that must never be found in a ledger, and the looking for them
 *
 * The statements stand in query/invariant.sql, one for each of domain/payments.md 5.2, in its
 * order. `sugu-admin check-ledger` and every test with a server run all of them.
 */
#pragma once

#include "store/db.h"

/* number, statement invariant_…, what holds; P: has no time, T: has windows that end `at`. */
#define SUGU_INVARIANTS(P, T)                                                                      \
    P(1, journal_sum, "every journal sums to 0")                                                   \
    P(2, ledger_sum, "all entries sum to 0")                                                       \
    P(3, cached_balance, "the balances of a day are the sums of its entries")                      \
    P(4, cash_count, "no pieces of cash are missing, and they are its yen")                        \
    P(5, settled_once, "a bill is paid once, and no more than it says is kept")                    \
    P(6, one_open_attempt, "a bill has one open attempt at most")                                  \
    P(7, posted_once, "every approved attempt is posted once, and no other")                       \
    P(8, refund_limit, "no more is given back than was taken")                                     \
    T(9, pending_window, "what is pending is resolved once and in time")                           \
    P(10, closed_day, "nothing came to a closed day")                                              \
    P(11, provider_id, "a provider's transaction is one attempt")                                  \
    P(12, request_hash, "a request id is one request")                                             \
    T(13, outbox, "what has to be told is written down and told in time")                          \
    T(14, hash_chain, "the hash chain is unbroken and anchored each day")                          \
    P(15, receipt, "each settled payment has a receipt, or can have one")                          \
    P(16, device_step, "each step of a cash device is consumed once")
#define SUGU_INVARIANT_COUNT 16

/* One row that breaks an invariant; `what` names the culprit. */
struct sugu_invariant_row {
    char what[256];
};

struct sugu_invariant {
    int number;
    const char *name, *says;
    /* Asks in a round of its own, inside the caller's transaction in the facility. `rows` (at most
     * 100) are freed by the caller. */
    enum sugu_status (*ask)(struct sugu_db *db,
                            int32_t facility,
                            sugu_time_us at,
                            struct sugu_invariant_row **ret_rows,
                            size_t *ret_count,
                            struct sugu_error *reterr);
};
extern const struct sugu_invariant sugu_invariants[SUGU_INVARIANT_COUNT];
