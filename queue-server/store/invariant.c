/* SPDX-License-Identifier: Apache-2.0 */
/*
 * invariant - the sixteen things that must never be found in a ledger, and the looking for them
 */
#include "store/invariant.h"

#include "statements.h"

#include <stdlib.h>
#include <string.h>

/* The rows of each statement are a type of their own, and all the same: one text. */
#define ASK_WITH(name, ...)                                                                        \
    static enum sugu_status ask_##name(struct sugu_db *db, int32_t facility, sugu_time_us at,      \
                                       struct sugu_invariant_row **ret_rows, size_t *ret_count,    \
                                       struct sugu_error *reterr)                                  \
    {                                                                                              \
        struct sugu_invariant_##name##_rows rows = {.count = 0};                                   \
        enum sugu_status status;                                                                   \
        _Static_assert(sizeof rows.rows->what == sizeof((struct sugu_invariant_row *)0)->what,     \
                       "one text");                                                                \
                                                                                                   \
        (void)at;                                                                                  \
        sugu_db_invariant_##name(db, &(struct sugu_invariant_##name##_params){__VA_ARGS__},        \
                                 &rows);                                                           \
        status = sugu_db_wait_round(db, /* has_commit= */ false, reterr);                          \
        if (status == SUGU_OK) {                                                                   \
            *ret_rows = calloc(rows.count + 1, sizeof **ret_rows);                                 \
            if (!*ret_rows)                                                                        \
                abort();                                                                           \
            for (size_t i = 0; i < rows.count; i++)                                                \
                memcpy((*ret_rows)[i].what, rows.rows[i].what, sizeof rows.rows[i].what);          \
            *ret_count = rows.count;                                                               \
        }                                                                                          \
        sugu_invariant_##name##_rows_done(&rows);                                                  \
        return status;                                                                             \
    }
#define ASK_PLAIN(number, name, says) ASK_WITH(name, .facility = facility)
#define ASK_TIMED(number, name, says) ASK_WITH(name, .facility = facility, .at = at)
SUGU_INVARIANTS(ASK_PLAIN, ASK_TIMED)

#define ROW(number, name, says) [(number)-1] = {number, #name, says, ask_##name},
const struct sugu_invariant sugu_invariants[SUGU_INVARIANT_COUNT] = {SUGU_INVARIANTS(ROW, ROW)};
#undef ROW
