/* SPDX-License-Identifier: Apache-2.0 */
/*
 * waiting - the requests that wait for a batch, in the order in which they came
 */
#include "waiting.h"

#include <string.h>

void
sugu_waiting_init(struct sugu_waiting *waiting)
{
    memset(waiting, 0, sizeof *waiting);
    waiting->last = &waiting->first;
}

void
sugu_waiting_done(struct sugu_waiting *waiting)
{
    while (waiting->first)
        sugu_work_free(sugu_waiting_take(waiting, &waiting->first));
}

/* Clients are numbered from 1 in each facility: neighbours do not meet. */
static size_t
bucket_of(const struct sugu_peer *peer)
{
    return ((uint32_t)peer->client + (uint32_t)peer->facility * 40503u) % SUGU_WAITING_BUCKETS;
}

bool
sugu_waiting_has_room(const struct sugu_waiting *waiting, const struct sugu_peer *peer)
{
    return waiting->count < SUGU_WAITING_MAX &&
           waiting->of_client[bucket_of(peer)] < SUGU_WAITING_CLIENT_MAX;
}

void
sugu_waiting_push(struct sugu_waiting *waiting, struct sugu_work *work)
{
    work->next = NULL;
    *waiting->last = work;
    waiting->last = &work->next;
    waiting->count++;
    waiting->of_client[bucket_of(&work->peer)]++;
}

struct sugu_work *
sugu_waiting_take(struct sugu_waiting *waiting, struct sugu_work **place)
{
    struct sugu_work *work = *place;

    *place = work->next;
    if (!*place)
        waiting->last = place;
    waiting->count--;
    waiting->of_client[bucket_of(&work->peer)]--;
    work->next = NULL;
    return work;
}

struct sugu_work **
sugu_waiting_begin(struct sugu_waiting *waiting, int64_t now_us)
{
    for (const struct sugu_work *work = waiting->first; work; work = work->next)
        if (work->batch_at <= now_us)
            return &waiting->first;
    return waiting->last;
}
