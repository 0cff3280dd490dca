/* SPDX-License-Identifier: Apache-2.0 */
/*
 * work - one request on its way through the server: who sent it, its handler, its reply
 */
#pragma once

#include "protocol/message.h"
#include "store/db.h"

/* Roles as bits; names are those of the table client. */
#define SUGU_ROLES(X)                                                                              \
    X(KIOSK, "kiosk")                                                                              \
    X(PRINTER, "printer")                                                                          \
    X(PAYMENT, "payment")                                                                          \
    X(DESK, "desk")                                                                                \
    X(BOARD, "board")                                                                              \
    X(FINANCE, "finance")                                                                          \
    X(FEE, "fee")                                                                                  \
    X(INSURANCE, "insurance")                                                                      \
    X(WEB, "web")

#define SUGU_ROLE(name, text) SUGU_ROLE_BIT_##name,
enum sugu_role_bit { SUGU_ROLES(SUGU_ROLE) SUGU_ROLE_COUNT };
#undef SUGU_ROLE
#define SUGU_ROLE(name, text) SUGU_ROLE_##name = 1 << SUGU_ROLE_BIT_##name,
enum sugu_role { SUGU_ROLES(SUGU_ROLE) SUGU_ROLE_ALL = (1 << SUGU_ROLE_COUNT) - 1 };
#undef SUGU_ROLE

/* The bit of a role's name, 0 where there is no such role. */
uint32_t sugu_role_find(const char *name);

/* A client as its key tells; nothing of it comes out of a message. */
struct sugu_peer {
    uint8_t public_key[32];
    int32_t facility, client;
    uint32_t role;
    char place[65], name[65];
};

struct sugu_batch;
struct sugu_work;

/* What a handler remembers of one request between its rounds. */
struct sugu_state {
    size_t size;
    void (*done)(void *state); /* frees what it owns; may be NULL */
};

struct sugu_handler {
    Sugu__Request__BodyCase body;
    uint32_t roles;  /* who may send it */
    bool is_read;    /* changes nothing: its reply is not stored */
    bool is_grouped; /* those of one batch are stepped together; they may not touch the same rows
                        in a way that a constraint does not catch */
    const struct sugu_state *state; /* of the memory in work->state, zeroed */
    /*
     * Called again after each round of statements until it returns false; then every work has its
     * reply. Reads and locks come in early rounds, decisions after them, writes last: a
     * refusal never follows a write.
     */
    bool (*step)(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round);
};

/* The handler of a request, or NULL. */
const struct sugu_handler *sugu_handler_find(Sugu__Request__BodyCase body);
const struct sugu_handler *sugu_handlers(size_t *ret_count);

struct sugu_work {
    struct sugu_work *next; /* in a queue */
    struct sugu_peer peer;
    uint8_t route[64];
    size_t route_size;
    Sugu__Up *up;
    const Sugu__Request *request; /* inside up */
    struct sugu_id id;
    uint8_t body_hash[32];
    const struct sugu_handler *handler;
    void *state;
    char staff[33];    /* who is signed in at the desk; "" = the program acts by itself */
    int staff_role;    /* of that person, StaffRole of sugu.proto; -1 = nobody */
    int64_t queued_at; /* monotonic */
    int64_t batch_at;  /* monotonic: from when on it is worth a batch of its own; 0 = at once */
    int tries;
    bool was_unknown;       /* one of them was lost in its commit: it may have happened */
    bool is_alone;          /* may not share a batch: one failed on it */
    bool is_second;         /* failed for no reason that a rule knows; it is given a second look */
    bool is_stored;         /* the reply came out of the request table, or may not go into it */
    bool is_forced;         /* the reply stands already (a constraint refused): only store it */
    bool is_own;            /* the server's: nobody sent it, and it has no key */
    struct sugu_id subject; /* of an own work: what it is about */
    bool has_bug;           /* its handler made a reply that may not be sent: the batch is undone */
    uint8_t *reply;         /* the encoded Down; NULL until there is one */
    size_t reply_size;
};

/* Takes `up` over. The handler may be NULL: the caller refuses then. */
struct sugu_work *
sugu_work_new(const struct sugu_peer *peer, const uint8_t *route, size_t route_size, Sugu__Up **up);
/* What a program of a kiosk says of itself with its heartbeat, as a request without an asker. */
struct sugu_work *sugu_work_of_heartbeat(const struct sugu_peer *peer,
                                         const Sugu__Heartbeat *heartbeat,
                                         struct sugu_id id);
/* What the server does by itself, as a work of no client. */
struct sugu_work *sugu_work_of_server(int32_t facility,
                                      const struct sugu_handler *handler,
                                      struct sugu_id subject,
                                      struct sugu_id id);
/* Of what it says of page and parts: another number, other news. */
uint32_t sugu_heartbeat_hash(const Sugu__Heartbeat *heartbeat);
struct sugu_work *sugu_work_free(struct sugu_work *work);
/* Forgets reply and state of a batch that failed. */
void sugu_work_reset(struct sugu_work *work);

/* Is it the same request, sent twice? */
bool sugu_work_is_twin(const struct sugu_work *a, const struct sugu_work *b);

/* Encodes the reply; id is filled in. Once per work. One that is out of bounds becomes BROKEN
 * "bug.unexpected": a bug ends a request, not the server. */
void sugu_work_reply(struct sugu_work *work, Sugu__Reply *reply);
void sugu_work_reply_error(struct sugu_work *work, const struct sugu_error *error);
/* sugu_fail and reply in one: for handlers. */
void sugu_work_refuse(struct sugu_work *work, const char *code, const char *detail);
/* An OK without a body. */
void sugu_work_reply_ok(struct sugu_work *work);
