/* SPDX-License-Identifier: Apache-2.0 */
/*
 * waiting - the requests that wait for a batch, in the order in which they came
 *
 * The line has an end: so many in all, and so many of one client, so that one that runs wild (or
 * was broken into) does not take the places of the others.
 */
#pragma once

#include "work.h"

#define SUGU_WAITING_MAX        8192
#define SUGU_WAITING_CLIENT_MAX 64 /* of one client; a kiosk has a handful */
#define SUGU_WAITING_BUCKETS    65536

struct sugu_waiting {
    struct sugu_work *first, **last;
    size_t count;
    /* Of each client, by a hash of its number: two clients may share one count, and then have fewer
     * places together; no client ever has more. */
    uint16_t of_client[SUGU_WAITING_BUCKETS];
};

void sugu_waiting_init(struct sugu_waiting *waiting);
/* Frees what still waits: its clients ask the next server. */
void sugu_waiting_done(struct sugu_waiting *waiting);

/* May another request of this client wait? */
bool sugu_waiting_has_room(const struct sugu_waiting *waiting, const struct sugu_peer *peer);
/* To the end; takes `work` over. Room or not: one that failed comes back to its place in line. */
void sugu_waiting_push(struct sugu_waiting *waiting, struct sugu_work *work);
/*
 * Takes *place out and gives it to the caller; *place is then the next one. Walk like this:
 *     struct sugu_work **place = &waiting->first;
 *     while (*place)
 *         if (…) take(waiting, place); else place = &(*place)->next;
 */
struct sugu_work *sugu_waiting_take(struct sugu_waiting *waiting, struct sugu_work **place);
/* Where to begin walking for a batch: at the first, or at the end where all of them wait for
 * company only (batch_at). */
struct sugu_work **sugu_waiting_begin(struct sugu_waiting *waiting, int64_t now_us);
