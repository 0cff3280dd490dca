/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server - the queue server: requests in, batches through the database, replies and events out
 *
 * Keeps no truth in memory: any number of servers may run against one database, and any may be
 * killed.
 */
#pragma once

#include "purger.h"
#include "work.h"

struct sugu_server_settings {
    const char *listen;   /* "tcp://HOST:PORT"; port 0 or * chooses a free one */
    const char *conninfo; /* of the role sugu_server */
    uint8_t public_key[32], secret_key[32];
    const struct sugu_clock_steady
        *steady;          /* the clock below, where a jump is to be told; or NULL */
    int workers;          /* connections to the database for batches, 1 … 16 */
    int facility_batches; /* batches of one facility at the same time, 1 … 16 */
    struct sugu_keep keep;
    int64_t purge_interval_us;
};

struct sugu_server;

/*
 * Waits for the database, loads the keys, tries its own door (see gate.h) and listens. Blocking up
 * to `wait_us`. RETRY "store.away", BROKEN otherwise.
 */
enum sugu_status sugu_server_new(const struct sugu_server_settings *settings,
                                 int64_t wait_us,
                                 const struct sugu_clock *clock,
                                 struct sugu_random *random,
                                 struct sugu_server **ret_server,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;
struct sugu_server *sugu_server_free(struct sugu_server *server);

/* The address that clients connect to. */
const char *sugu_server_endpoint(const struct sugu_server *server);

/* Runs until `stop_fd` becomes readable. */
void sugu_server_run(struct sugu_server *server, int stop_fd);
