/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client - one program's connection to a server: requests, events, heartbeats
 *
 * ZeroMQ is a lossy link that reconnects; the promises are made here.
 *  - A request is put into the caller's store before it is sent, and sent again under its id until
 * a reply comes, with growing pauses and at once over a new connection; replies come exactly once.
 * What is still in the store at start is sent again.
 *  - Events arrive in order, each once. A hole, a new connection or a new server is repaired by
 * saying the last number again; `on_stale` and `on_fresh` tell when the view may be old and since
 * when.
 *  - A socket that a server refused never recovers by itself; the client builds a new one. So it
 * does, with growing pauses, where the server lives and refuses every word: a key that was revoked,
 * a connection that another one with the same key replaced.
 * Everything happens in sugu_client_step(), on the caller's thread; callbacks are called from
 * there. sugu_client_source() (client-source.h) and sugu_client_wait() run it from a GLib loop and
 * a plain one.
 *
 * The same client speaks to the queue server over tcp:// with CURVE and to the device programs of a
 * kiosk over ipc:// without.
 */
#pragma once

#include "protocol/message.h"

#define SUGU_KEY_SIZE 32 /* Curve25519 */

struct sugu_client;

/*
 * Where requests wait for their replies. A struct of four functions, all mandatory; `put` has to be
 * durable when it returns OK. sugu_store_folder() keeps files, sugu_store_memory() is for reads and
 * tests.
 */
struct sugu_request_store {
    enum sugu_status (*put)(struct sugu_request_store *store,
                            const struct sugu_id *id,
                            const uint8_t *request,
                            size_t size,
                            struct sugu_error *reterr);
    void (*remove)(struct sugu_request_store *store, const struct sugu_id *id);
    /* Calls `each` for what is stored; `request` is valid during the call only. */
    void (*list)(
        struct sugu_request_store *store,
        void (*each)(void *user, const struct sugu_id *id, const uint8_t *request, size_t size),
        void *user);
    void (*free)(struct sugu_request_store *store);
};

/* One file per request in `folder` (made if missing). Free with store->free(store). */
enum sugu_status sugu_store_folder(const char *folder,
                                   struct sugu_request_store **ret_store,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Keeps nothing over the end of the process. */
struct sugu_request_store *sugu_store_memory(void);

struct sugu_client_settings {
    const char *endpoint; /* "tcp://queue.hospital.example:7700" or "ipc:///run/sugu/reader" */
    uint32_t facility;    /* 0 over ipc:// */
    bool has_curve;       /* the three keys below are set */
    uint8_t server_key[SUGU_KEY_SIZE];
    uint8_t public_key[SUGU_KEY_SIZE];
    uint8_t secret_key[SUGU_KEY_SIZE]; /* copied, cleared by sugu_client_free */
    bool listens;                      /* wants events: sends heartbeats */
    int64_t resend_us;                 /* unanswered: send again after this; 0 = 2 s */
    int64_t heartbeat_us;              /* 0 = 1 s */
};

struct sugu_client_callbacks {
    /* One event; in order, each once. May be NULL where `listens` is false. */
    void (*on_event)(void *user, const Sugu__Event *event);
    /*
     * The view is right from here on: the first connection, or after a repaired gap. `was_reset`
     * means that the past could not be replayed: ask for the open work. May be NULL.
     */
    void (*on_fresh)(void *user, bool was_reset);
    /* Nothing has been heard from the server since `since_utc`, or it refuses to listen. May be
     * NULL. */
    void (*on_stale)(void *user, sugu_time_us since_utc);
    /*
     * The server refuses this connection, and `code` ("key.unknown", "connection.replaced") says
     * why: on_stale was called, if anything was fresh, and connecting goes on. Told once per code,
     * until the server is heard again. May be NULL.
     */
    void (*on_refused)(void *user, const char *code);
    /* Reply to a request of an earlier process, found in the store. May be NULL. */
    void (*on_orphan_reply)(void *user, const struct sugu_id *id, const Sugu__Reply *reply);
    void *user;
};

/*
 * `reply` is valid during the call. It is never NULL: where the deadline passed without an answer
 * it is one made here, with the request's id, status UNKNOWN and code "server.no-answer" (the
 * request stays in the store and goes on being sent) or, for reads, RETRY "server.away"; `detail`
 * is the code of on_refused, or "".
 */
typedef void (*sugu_on_reply)(void *user, const Sugu__Reply *reply);

/* What a client works with; all of it outlives the client. */
struct sugu_client_means {
    void *zmq_context; /* one per process */
    const struct sugu_clock *clock;
    struct sugu_random *random;
    struct sugu_request_store *store;
};

/*
 * Copies settings and means, owns none of them. Connects in the background. BROKEN
 * "settings.invalid" for an endpoint ZeroMQ does not know.
 */
enum sugu_status sugu_client_new(const struct sugu_client_settings *settings,
                                 const struct sugu_client_callbacks *callbacks,
                                 const struct sugu_client_means *means,
                                 struct sugu_client **ret_client,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Unanswered requests stay in the store; their on_reply is not called. NULL is fine. */
struct sugu_client *sugu_client_free(struct sugu_client *client);

/* How a request is made; all zero is fine. */
struct sugu_ask {
    const struct sugu_id *id; /* NULL: one is made */
    bool is_read;             /* changes nothing: is not stored, and given up when time is up */
    int64_t wait_us;          /* how long on_reply may wait; 0 = for ever */
    sugu_on_reply on_reply;   /* NULL: nobody waits */
    void *user;
};

/*
 * Sends `request` (its version, id and facility are filled in here; body and deadline are the
 * caller's). Unless it is a read it is stored first; BROKEN when it cannot be (nothing was sent).
 * At most 256 are open at once: RETRY "client.too-many".
 */
enum sugu_status sugu_client_request(struct sugu_client *client,
                                     Sugu__Request *request,
                                     const struct sugu_ask *ask,
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;

/* What the next heartbeats say about the devices and the page. Copied. */
void sugu_client_set_heartbeat(struct sugu_client *client, const Sugu__Heartbeat *heartbeat);

/* Is the server answering (a frame within three heartbeats, and no refusal of the connection)? */
bool sugu_client_is_fresh(const struct sugu_client *client);

/*
 * What the server's wall clock shows now, by its last pulse and our monotonic clock since; for
 * deadlines, which the server judges by its own clock. Our own wall clock before the first pulse
 * (and always where nobody listens).
 */
sugu_time_us sugu_client_server_utc_us(const struct sugu_client *client);

/* Takes frames in, sends what is due, calls back. Never blocks. Bounded work: true = call again
 * soon. */
bool sugu_client_step(struct sugu_client *client);
/* Descriptor that becomes readable when step has work (edge-triggered, changes when the socket is
 * rebuilt: ask before every wait), and microseconds until step is due anyway. */
int sugu_client_fd(struct sugu_client *client);
int64_t sugu_client_due_us(struct sugu_client *client);

/*
 * For programs that do one thing at a time (tools, gateways between two steps): steps until
 * `*is_done` or `wait_us` passed; false when it passed.
 */
bool sugu_client_wait(struct sugu_client *client, const bool *is_done, int64_t wait_us);

/*
 * Request and wait, whatever comes: *ret_reply is a copy, free with
 * sugu__reply__free_unpacked(reply, NULL), and is there unless nothing could be sent. The returned
 * status is that of the reply; reterr has its code and detail. on_reply and user are ours here.
 */
enum sugu_status sugu_client_call(struct sugu_client *client,
                                  Sugu__Request *request,
                                  const struct sugu_ask *ask,
                                  Sugu__Reply **ret_reply,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;
