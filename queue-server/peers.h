/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peers - the connections that are open now, and what each has been sent of the events
 *
 * One connection per client: a newer one with the same key replaces the older, whose messages are
 * refused from then on; a client that hears so and is the right one connects again. Two that do so
 * in turn are counted. Nothing here is truth; a client that comes back says what it knows.
 */
#pragma once

#include "client/link.h"
#include "sent.h"
#include "work.h"

struct sugu_connection {
    struct sugu_connection *next;            /* of the same hash */
    struct sugu_connection *later, *earlier; /* of all */
    uint8_t route[SUGU_ROUTE_SIZE_MAX];
    size_t route_size;
    struct sugu_peer peer;
    int64_t heard_at; /* monotonic */
    bool is_replaced;
    unsigned takeovers;      /* in a row, up to the one by this connection; 0 = it came alone */
    int64_t takeovers_since; /* monotonic */
    bool listens;
    bool wants_reset;    /* new, and the facility's last number is not known yet */
    uint64_t seen;       /* events up to this one have been looked at for it */
    uint64_t last_event; /* the last one sent to it */
    struct sugu_sent sent;
    bool inherits; /* seen and sent are of the client's earlier connection, up to the first beat */
    uint32_t stated; /* of what its last heartbeat that was stored said */
    int64_t stated_at;
    uint64_t
        ahead_at; /* reads of the facility that had begun when it said a number not known yet */
};

struct sugu_peers;

struct sugu_peers *sugu_peers_new(void);
struct sugu_peers *sugu_peers_free(struct sugu_peers *peers);

/* The connection of a route, NULL where there is none. */
struct sugu_connection *
sugu_peers_find(const struct sugu_peers *peers, const uint8_t *route, size_t route_size);
/* The same; made where it is new. *ret_takeovers: 0, or an older one of this
 * client lost just now, the n-th time within five minutes. */
struct sugu_connection *sugu_peers_take(struct sugu_peers *peers,
                                        const struct sugu_frame *frame,
                                        const struct sugu_peer *peer,
                                        int64_t now,
                                        unsigned *ret_takeovers);
void sugu_peers_remove(struct sugu_peers *peers, struct sugu_connection *connection);
/* Calls `each` for every connection; it may remove the one it was called with. */
void sugu_peers_each(struct sugu_peers *peers,
                     void (*each)(void *user, struct sugu_connection *connection),
                     void *user);
/* Removes those that were not heard since `before`. */
void sugu_peers_expire(struct sugu_peers *peers, int64_t before);
size_t sugu_peers_count(const struct sugu_peers *peers);
