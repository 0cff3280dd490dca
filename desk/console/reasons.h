/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reasons - why people are sent to a desk: a fixed list, each with a short title and what to do
 *
 * What to do is the staff's text of core/base/error-codes.def, so that kiosk, log and desk mean the
 * same by a code. A code that is not in the list is shown by that text alone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What kind of help is wanted; told by a sign beside the words. */
enum desk_reason_kind {
    DESK_REASON_PERSON, /* somebody asked for a member of staff */
    DESK_REASON_IDENTITY,
    DESK_REASON_INSURANCE,
    DESK_REASON_MONEY, /* comes first: money may be under way */
    DESK_REASON_PAPER,
    DESK_REASON_MACHINE,
    DESK_REASON_OTHER,
};

struct desk_reason {
    const char *code;
    enum desk_reason_kind kind;
    const char *title; /* English message id, context "reason" */
};

/* NULL where the list has it not. */
const struct desk_reason *desk_reason_find(const char *code);
/* All of them, for tests. */
const struct desk_reason *desk_reasons(size_t *ret_count);

/* In the staff's language; for a code that is not in the list the kind's own name. */
const char *desk_reason_title(const char *code);
enum desk_reason_kind desk_reason_kind_of(const char *code);
/* One character that stands for the kind. */
const char *desk_reason_sign(enum desk_reason_kind kind);
