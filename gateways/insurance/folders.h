/* SPDX-License-Identifier: Apache-2.0 */
/*
 * folders - the qualification terminal's shared folders and where Sugu keeps what it took from them
 *
 * domain/card-insurance.md 2.3 and 2.5. Only files of this gateway's own requests are ever moved;
 * those of the receipt computer, which may ask the same terminal, are left alone.
 */
#pragma once

#include "base/clock.h"
#include "base/status.h"

#include "insurance/oqs-name.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct sugu_folders {
    char request[PATH_MAX]; /* <OQS>/req */
    char answer[PATH_MAX];  /* <OQS>/res */
    char done[PATH_MAX];    /* answers that were used */
    char aside[PATH_MAX];   /* answers that staff should look at, each with a .txt */
    int watch;              /* inotify descriptor on `answer`, -1 where there is none */
};

/*
 * `oqs` has to hold req and res already, both writable: they belong to the terminal. Makes `kept`
 * and its done and aside. BROKEN "file.not-written" says which folder.
 */
enum sugu_status sugu_folders_open(const char *oqs,
                                   const char *kept,
                                   struct sugu_folders *ret_folders,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;
void sugu_folders_done(struct sugu_folders *folders);

/* A request or an answer of this stem is there already (of another program, or of an older time).
 */
bool sugu_folders_is_taken(const struct sugu_folders *folders, const char *stem);

/* Whole or not at all, never replacing. REFUSED "file.exists"; BROKEN otherwise. */
enum sugu_status sugu_folders_publish(const struct sugu_folders *folders,
                                      const char *stem,
                                      const uint8_t *bytes,
                                      size_t size,
                                      struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Path of the file `name` in res. False where it would be too long. */
bool
sugu_folders_answer_path(const struct sugu_folders *folders, const char *name, char to[PATH_MAX]);

/* Size of the file `name` in res in bytes; -1 where it is gone. */
int64_t sugu_folders_answer_size(const struct sugu_folders *folders, const char *name);

/*
 * Calls `each` for every file in res that is named like an answer to a single query. BROKEN
 * "file.not-readable" while the folder is away.
 */
enum sugu_status sugu_folders_scan(const struct sugu_folders *folders,
                                   void (*each)(void *user, const char *name, const char *stem),
                                   void *user,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Empties the watch; true where something had happened. */
bool sugu_folders_drain(const struct sugu_folders *folders);

/*
 * Moves an answer out of res, into done where `reason` is NULL, else into aside together with
 * <name>.txt that says code and reason. Under another name where that one is taken. BROKEN where it
 * cannot be moved; then it is still in res.
 */
enum sugu_status sugu_folders_keep(const struct sugu_folders *folders,
                                   const char *name,
                                   const char *code,
                                   const char *reason,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;

/*
 * Personal data are not kept for ever: removes what lies in done since before `before_utc`, and the
 * temporary names of requests that were killed in the making more than an hour before `now_utc`.
 */
void sugu_folders_prune(const struct sugu_folders *folders,
                        sugu_time_us before_utc,
                        sugu_time_us now_utc);
