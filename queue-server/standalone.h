/* SPDX-License-Identifier: Apache-2.0 */
/*
 * standalone - a private PostgreSQL cluster in a folder, for sites without a database administrator
 *
 * Made with initdb on first use, with checksums; unix socket only, in a folder of mode 0700. The
 * cluster outlives a killed server and is found running by the next one.
 */
#pragma once

#include "base/status.h"

#include <stdbool.h>

struct sugu_standalone_settings {
    const char *folder;         /* made if missing; its path may have at most 80 characters */
    const char *programs;       /* folder of initdb, pg_ctl, postgres */
    const char *extra_settings; /* lines for postgresql.conf, or "" */
};

/*
 * Makes the cluster if it is not there, starts it if it does not run, makes the database. Blocking
 * (seconds on first use). `owner` and `server` receive conninfo strings for migrations and for the
 * queue server's role; *ret_did_start says that it did not run before, so that a program that
 * cannot go on stops what it started and nothing else. BROKEN "file.not-written", "store.away"
 * (with the log's place), "disk.full".
 */
enum sugu_status sugu_standalone_start(const struct sugu_standalone_settings *settings,
                                       char owner[512],
                                       char server[512],
                                       bool *ret_did_start,
                                       struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Stops it; connections are ended. Fine if it does not run. */
void sugu_standalone_stop(const struct sugu_standalone_settings *settings);
