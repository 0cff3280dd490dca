/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pusher - events from the database to whoever is entitled to them
 *
 * The database is read, never a server's memory: what this server committed and what another one
 * committed take the same way. Woken by this server's commits, by NOTIFY of the others, and by a
 * poll behind both. A client that lags (came back, saw a hole) is brought up to date with the same
 * statement. The same connection keeps the table of keys fresh.
 */
#pragma once

#include "batch.h"
#include "gate.h"
#include "peers.h"

struct sugu_pusher_callbacks {
    /* Sends bytes to a connection; false when it is gone or full. */
    bool (*send)(void *user, struct sugu_connection *connection, const uint8_t *bytes, size_t size);
    void *user;
};

struct sugu_pusher;

struct sugu_pusher *sugu_pusher_new(struct sugu_db *db,
                                    struct sugu_gate *gate,
                                    struct sugu_peers *peers,
                                    const struct sugu_pusher_callbacks *callbacks,
                                    const struct sugu_clock *clock);
struct sugu_pusher *sugu_pusher_free(struct sugu_pusher *pusher);

/* A commit of this server: its events go out now, other servers are told. */
void sugu_pusher_wake(struct sugu_pusher *pusher, int32_t facility);
/* The index-th of the facilities, in the order of their numbers; NULL behind the last one. */
const struct sugu_facility *sugu_pusher_facility_at(const struct sugu_pusher *pusher, size_t index);
/* The facility's settings; NULL where it is not known (yet). */
const struct sugu_facility *sugu_pusher_facility(const struct sugu_pusher *pusher,
                                                 int32_t facility);
/* A heartbeat: registers the listener, answers with a pulse. */
void sugu_pusher_heartbeat(struct sugu_pusher *pusher,
                           struct sugu_connection *connection,
                           const Sugu__Heartbeat *heartbeat);

/* Starts what is due, if the connection to the database is free; microseconds until it is due
 * again. */
void sugu_pusher_step(struct sugu_pusher *pusher);
int64_t sugu_pusher_due_us(const struct sugu_pusher *pusher);
