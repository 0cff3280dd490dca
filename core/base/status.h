/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status - what a caller has to do next, and a stable word for why
 *
 * Every function that can fail in more than one way returns enum sugu_status and fills a
 * struct sugu_error. The status tells what to do; the dotted code tells which text a patient and
 * the staff see, which field the log carries and which word goes over the wire. All codes stand in
 * error-codes.def; a code that is not there is a bug.
 */
#pragma once

#include "base/macros.h"

enum sugu_status {
    SUGU_OK,      /* it happened */
    SUGU_RETRY,   /* nothing happened; the same request may be made again */
    SUGU_REFUSED, /* a rule said no; tell the person */
    SUGU_UNKNOWN, /* it may have happened; ask by the id of the request, never repeat blindly */
    SUGU_BROKEN,  /* call a human */
};

/* No allocation; copied freely. `detail` is for staff and logs and never holds personal data. */
struct sugu_error {
    enum sugu_status status;
    const char *code; /* static string out of error-codes.def, never NULL once filled */
    char detail[160];
};

/* One row of error-codes.def. */
struct sugu_code {
    const char *code;
    enum sugu_status status; /* the status that normally goes with the code */
    const char *patient; /* English message id for the patient's screen; translated by the kiosk */
    const char *staff;   /* English message id for staff: what happened and what to do */
};

/*
 * Fills *reterr (may be NULL) and returns `status`, so that a function can end in
 * `return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "silent for %u ms", waited_ms);`
 * `code` has to stand in error-codes.def. A detail that is too long is cut at a character.
 */
enum sugu_status sugu_fail(struct sugu_error *reterr,
                           enum sugu_status status,
                           const char *code,
                           const char *format,
                           ...) SUGU_PRINTF(4, 5);

#ifdef __clang_analyzer__
/* The analyzer cannot know that a failure never returns SUGU_OK, and would follow that path. */
#define sugu_fail(reterr, status, ...) ((void)sugu_fail(reterr, status, __VA_ARGS__), (status))
#endif

/* "OK", "RETRY" … as it stands in logs. Never NULL. */
const char *sugu_status_name(enum sugu_status status);

/* The row of a code, or the row of "bug.unknown-code" where there is none. Never NULL. */
const struct sugu_code *sugu_code_find(const char *code);

/* All rows, for documents and tests. */
const struct sugu_code *sugu_codes(size_t *ret_count);
