/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stable-read - a file that another machine may still be writing
 *
 * The qualification terminal writes its answers under their final name, so half an answer can be
 * seen. A file counts when two readings some 300 ms apart are the same bytes and the caller can
 * make sense of them; after 12 tries it is given up (domain/card-insurance.md 2.5). Nothing waits
 * here: the caller calls again when it is due.
 */
#pragma once

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define SUGU_STABLE_TRIES_MAX 12

struct sugu_stable_read {
    uint8_t *bytes; /* of the last reading */
    size_t size;
    unsigned tries; /* readings so far; 0 = nothing begun */
    bool is_same;   /* the last two readings were the same */
    int64_t due_us; /* monotonic time of the next reading */
};

/*
 * Reads once, if due. RETRY "eligibility.bad-answer": not yet, call again at `due_us`. OK: the same
 * bytes twice; they are in `read` until the next call. Where the caller finds them half-written, it
 * simply calls again at `due_us`. REFUSED: "file.missing" (gone again; begins anew),
 * "file.too-large", or "eligibility.bad-answer" after the last try.
 */
enum sugu_status sugu_stable_read_step(struct sugu_stable_read *read,
                                       const char *path,
                                       size_t size_max,
                                       int64_t now_us,
                                       int64_t gap_us,
                                       struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Forgets what was read, wiping it. */
void sugu_stable_read_done(struct sugu_stable_read *read);
