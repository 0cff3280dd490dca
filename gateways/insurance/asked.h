/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asked - which requests this gateway has written, over restarts
 *
 * One small file per request, written before the request itself: a restarted gateway goes on
 * waiting instead of asking twice, and an answer that comes late is still known as ours. The files
 * hold ids and times, nothing about the person.
 */
#pragma once

#include "base/clock.h"
#include "base/id.h"
#include "base/status.h"

#include "insurance/oqs-name.h"

#include <limits.h>

enum sugu_asked_phase {
    SUGU_ASKED_WAITING, /* the request was or may have been written; no verdict yet */
    SUGU_ASKED_CLOSED,  /* the verdict is in the request store or at the server */
};

struct sugu_asked_entry {
    struct sugu_id eligibility;
    char stem[SUGU_OQS_STEM_SIZE];
    sugu_time_us asked_utc;
    enum sugu_asked_phase phase;
};

struct sugu_asked {
    char folder[PATH_MAX];
    int lock; /* descriptor of the folder's lock file, -1 = none */
    struct sugu_asked_entry *entries;
    size_t count, room;
    uint32_t last_date; /* of the last stem, YYYYMMDD; 0 = none yet */
    uint32_t last_number;
};

/*
 * Reads what is there. Makes the folder. BROKEN "file.not-written" where it cannot be used, which
 * is so while another gateway uses it, or "file.not-readable" where a file in it is damaged.
 */
enum sugu_status sugu_asked_open(const char *folder,
                                 struct sugu_asked *ret_asked,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;
void sugu_asked_done(struct sugu_asked *asked);

/*
 * The next stem, made durable before it is given out, so that no name is ever used twice. The day
 * in a stem never goes back; `first` is the first number of a day (gateways that share a terminal
 * with other programs get a range of their own). REFUSED "eligibility.no-answer" when the day's
 * numbers are used up.
 */
enum sugu_status sugu_asked_next_stem(struct sugu_asked *asked,
                                      uint32_t date,
                                      uint32_t first,
                                      char ret_stem[SUGU_OQS_STEM_SIZE],
                                      struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Adds or replaces (by stem), durably. */
enum sugu_status sugu_asked_put(struct sugu_asked *asked,
                                const struct sugu_asked_entry *entry,
                                struct sugu_error *reterr) SUGU_MUST_CHECK;

/* NULL where there is none. Valid until the next put or prune. */
const struct sugu_asked_entry *sugu_asked_find(const struct sugu_asked *asked,
                                               const struct sugu_id *eligibility);
const struct sugu_asked_entry *sugu_asked_find_stem(const struct sugu_asked *asked,
                                                    const char *stem);

/* The request was surely not written and its name belongs to someone else: forget it. */
void sugu_asked_forget(struct sugu_asked *asked, const char *stem);

/* Forgets closed entries from before `before_utc`. */
void sugu_asked_prune(struct sugu_asked *asked, sugu_time_us before_utc);
