/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peers - the connections that are open now, and what each has been sent of the events
 */
#include "peers.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS      8192 /* a power of two; ten thousand kiosks make short chains */
#define TAKEOVERS_US (5 * SUGU_MINUTE)

struct sugu_peers {
    struct sugu_connection *buckets[BUCKETS];
    struct sugu_connection *first; /* of all, by `later`: most buckets are empty */
    size_t count;
};

struct sugu_peers *
sugu_peers_new(void)
{
    struct sugu_peers *peers = calloc(1, sizeof *peers);

    if (!peers)
        abort();
    return peers;
}

static void
remove_any(void *user, struct sugu_connection *connection)
{
    sugu_peers_remove(user, connection);
}

struct sugu_peers *
sugu_peers_free(struct sugu_peers *peers)
{
    if (peers) {
        sugu_peers_each(peers, remove_any, peers);
        free(peers);
    }
    return NULL;
}

/* FNV-1a over the route that libzmq chose. */
static size_t
bucket_of(const uint8_t *route, size_t size)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ route[i]) * 16777619u;
    return hash & (BUCKETS - 1);
}

static bool
is_same_client(const struct sugu_peer *a, const struct sugu_peer *b)
{
    return a->facility == b->facility && a->client == b->client;
}

struct replace {
    const struct sugu_peer *peer;
    int64_t now;
    unsigned takeovers; /* with this one; 0 = nothing to take over */
    int64_t takeovers_since;
    struct sugu_connection *to;
};

/* What the client was sent over the earlier connection need not be sought again. */
static void
inherit(struct sugu_connection *to, const struct sugu_connection *from)
{
    to->stated = from->stated;
    to->stated_at = from->stated_at;
    to->inherits = (from->listens || from->inherits) && !from->wants_reset;
    to->seen = from->seen;
    to->last_event = from->last_event;
    to->sent = from->sent;
}

static void
replace_older(void *user, struct sugu_connection *connection)
{
    struct replace *replace = user;

    if (connection->is_replaced || !is_same_client(&connection->peer, replace->peer))
        return;
    inherit(replace->to, connection);
    connection->is_replaced = true;
    connection->listens = false;
    if (connection->takeovers > 0 && replace->now - connection->takeovers_since < TAKEOVERS_US) {
        replace->takeovers = connection->takeovers + 1;
        replace->takeovers_since = connection->takeovers_since;
    } else {
        replace->takeovers = 1;
        replace->takeovers_since = replace->now;
    }
}

struct sugu_connection *
sugu_peers_find(const struct sugu_peers *peers, const uint8_t *route, size_t route_size)
{
    struct sugu_connection *connection = peers->buckets[bucket_of(route, route_size)];

    while (connection && (connection->route_size != route_size ||
                          memcmp(connection->route, route, route_size) != 0))
        connection = connection->next;
    return connection;
}

struct sugu_connection *
sugu_peers_take(struct sugu_peers *peers,
                const struct sugu_frame *frame,
                const struct sugu_peer *peer,
                int64_t now,
                unsigned *ret_takeovers)
{
    struct sugu_connection **bucket = &peers->buckets[bucket_of(frame->route, frame->route_size)];
    struct sugu_connection *connection = sugu_peers_find(peers, frame->route, frame->route_size);
    struct replace replace = {.peer = peer, .now = now};

    *ret_takeovers = 0;
    if (!connection) {
        connection = calloc(1, sizeof *connection);
        if (!connection)
            abort();
        replace.to = connection;
        sugu_peers_each(peers, replace_older, &replace);
        *ret_takeovers = replace.takeovers;
        memcpy(connection->route, frame->route, frame->route_size);
        connection->route_size = frame->route_size;
        connection->takeovers = replace.takeovers;
        connection->takeovers_since = replace.takeovers_since;
        connection->next = *bucket;
        *bucket = connection;
        connection->later = peers->first;
        connection->earlier = NULL;
        if (peers->first)
            peers->first->earlier = connection;
        peers->first = connection;
        peers->count++;
    }
    connection->peer = *peer; /* role and place as they are now */
    connection->heard_at = now;
    return connection;
}

void
sugu_peers_remove(struct sugu_peers *peers, struct sugu_connection *connection)
{
    struct sugu_connection **place =
        &peers->buckets[bucket_of(connection->route, connection->route_size)];

    while (*place && *place != connection)
        place = &(*place)->next;
    if (*place) {
        *place = connection->next;
        if (connection->earlier)
            connection->earlier->later = connection->later;
        else
            peers->first = connection->later;
        if (connection->later)
            connection->later->earlier = connection->earlier;
        peers->count--;
        free(connection);
    }
}

void
sugu_peers_each(struct sugu_peers *peers,
                void (*each)(void *user, struct sugu_connection *connection),
                void *user)
{
    for (struct sugu_connection *connection = peers->first, *later; connection;
         connection = later) {
        later = connection->later;
        each(user, connection);
    }
}

struct expire {
    struct sugu_peers *peers;
    int64_t before;
};

static void
expire_one(void *user, struct sugu_connection *connection)
{
    struct expire *expire = user;

    if (connection->heard_at < expire->before)
        sugu_peers_remove(expire->peers, connection);
}

void
sugu_peers_expire(struct sugu_peers *peers, int64_t before)
{
    sugu_peers_each(peers, expire_one, &(struct expire){peers, before});
}

size_t
sugu_peers_count(const struct sugu_peers *peers)
{
    return peers->count;
}
