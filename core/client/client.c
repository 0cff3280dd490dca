/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client - one program's connection to a server: requests, events, heartbeats
 */
#include "client/client.h"

#include "base/text.h"
#include "client/link.h"
#include "protocol/card-rule.h"

#include <zmq.h>

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define OPEN_MAX          256
#define FRAMES_PER_STEP   64
#define RESEND_US         (1 * SUGU_SECOND)
#define RESEND_US_MAX     (10 * SUGU_SECOND)
#define HEARTBEAT_US      (1 * SUGU_SECOND)
#define NOT_SENT_AGAIN_US (50 * SUGU_MS) /* no connection yet */
#define SILENT_BEATS      3              /* without a word: stale, and a new socket */
#define REBUILD_US_MAX    (20 * SUGU_SECOND)
#define CALM_US           (60 * SUGU_SECOND) /* without a refusal: pauses are short again */

/* One request that has no reply yet. */
struct open_request {
    bool is_used;
    bool is_read;
    struct sugu_id id;
    uint8_t *bytes; /* the encoded Up */
    size_t size;
    int64_t send_at;        /* monotonic */
    int64_t resend_us;      /* doubles */
    int64_t wait_until;     /* monotonic; INT64_MAX = for ever */
    sugu_on_reply on_reply; /* NULL: nobody waits (any more) */
    void *user;
};

struct sugu_client {
    void *context, *socket;
    struct sugu_client_settings settings;
    char endpoint[512];
    struct sugu_client_callbacks callbacks;
    const struct sugu_clock *clock;
    struct sugu_random *random;
    struct sugu_request_store *store;
    struct open_request open[OPEN_MAX];
    size_t open_count;
    bool is_connected; /* when it was last looked at */
    /* events */
    uint64_t last_event;
    bool knows_last; /* last_event means something */
    bool is_fresh;
    bool needs_repair;
    sugu_time_us heard_utc;
    int64_t heard_at, heartbeat_at, rebuild_at, rebuild_us;
    /* refusals of the connection itself */
    char refusal[65];               /* code of the last one; "" once the server was heard again */
    bool is_shut;                   /* this socket was refused: nothing is sent over it any more */
    int64_t refused_at, refused_us; /* the last one, and the pause after the next; doubles */
    sugu_time_us pulse_utc;         /* the server's clock at its last pulse; 0 = none yet */
    int64_t pulse_at;               /* monotonic: when that came */
    Sugu__Heartbeat *heartbeat;     /* parts and page for the next ones; may be NULL */
};

static int64_t
now_us(const struct sugu_client *client)
{
    return client->clock->monotonic_us(client->clock);
}

static int64_t
silent_us(const struct sugu_client *client)
{
    return SILENT_BEATS * client->settings.heartbeat_us;
}

/* A new socket after the pause, which doubles. */
static void
plan_rebuild(struct sugu_client *client, int64_t *pause_us)
{
    /* A little disorder, so that a thousand kiosks do not come back in the same millisecond. */
    client->rebuild_at =
        now_us(client) + *pause_us + (int64_t)sugu_random_below(client->random, 500) * SUGU_MS;
    *pause_us = *pause_us * 2 < REBUILD_US_MAX ? *pause_us * 2 : REBUILD_US_MAX;
}

static enum sugu_status
build_socket(struct sugu_client *client, struct sugu_error *reterr)
{
    int64_t now = now_us(client);

    client->socket = sugu_link_dealer(client->context, &client->settings);
    if (!client->socket)
        return sugu_fail(reterr, SUGU_BROKEN, "settings.invalid", "endpoint %s: %s",
                         client->endpoint, zmq_strerror(errno));
    client->heartbeat_at = now;
    client->is_shut = false;
    plan_rebuild(client, &client->rebuild_us);
    for (size_t i = 0; i < OPEN_MAX; i++)
        if (client->open[i].is_used)
            client->open[i].send_at = now;
    return SUGU_OK;
}

static struct open_request *
free_place(struct sugu_client *client)
{
    for (size_t i = 0; i < OPEN_MAX; i++)
        if (!client->open[i].is_used)
            return &client->open[i];
    return NULL;
}

static void
open_done(struct sugu_client *client, struct open_request *open)
{
    explicit_bzero(open->bytes, open->size);
    free(open->bytes);
    memset(open, 0, sizeof *open);
    client->open_count--;
}

/* A request of an earlier process. */
static void
adopt(void *user, const struct sugu_id *id, const uint8_t *request, size_t size)
{
    struct sugu_client *client = user;
    struct open_request *open = free_place(client);

    if (!open)
        return; /* stays in the store for the next start */
    *open = (struct open_request){.is_used = true,
                                  .id = *id,
                                  .size = size,
                                  .resend_us = client->settings.resend_us,
                                  .send_at = now_us(client),
                                  .wait_until = INT64_MAX};
    open->bytes = malloc(size ? size : 1);
    if (!open->bytes)
        abort();
    memcpy(open->bytes, request, size);
    client->open_count++;
}

enum sugu_status
sugu_client_new(const struct sugu_client_settings *settings,
                const struct sugu_client_callbacks *callbacks,
                const struct sugu_client_means *means,
                struct sugu_client **ret_client,
                struct sugu_error *reterr)
{
    struct sugu_client *client = calloc(1, sizeof *client);

    if (!client)
        abort();
    client->context = means->zmq_context;
    client->settings = *settings;
    snprintf(client->endpoint, sizeof client->endpoint, "%s", settings->endpoint);
    client->settings.endpoint = client->endpoint;
    if (client->settings.resend_us == 0)
        client->settings.resend_us = RESEND_US;
    if (client->settings.heartbeat_us == 0)
        client->settings.heartbeat_us = HEARTBEAT_US;
    if (callbacks)
        client->callbacks = *callbacks;
    client->clock = means->clock;
    client->random = means->random;
    client->store = means->store;
    client->rebuild_us = client->refused_us = silent_us(client);
    client->refused_at = INT64_MIN / 2; /* never */
    client->heard_utc = client->clock->utc_us(client->clock);
    client->heard_at = now_us(client);
    client->store->list(client->store, adopt, client);
    if (build_socket(client, reterr) != SUGU_OK) {
        sugu_client_free(client);
        return SUGU_BROKEN;
    }
    *ret_client = client;
    return SUGU_OK;
}

struct sugu_client *
sugu_client_free(struct sugu_client *client)
{
    if (!client)
        return NULL;
    for (size_t i = 0; i < OPEN_MAX; i++)
        if (client->open[i].is_used)
            open_done(client, &client->open[i]);
    if (client->socket)
        zmq_close(client->socket);
    if (client->heartbeat)
        sugu__heartbeat__free_unpacked(client->heartbeat, NULL);
    explicit_bzero(client, sizeof *client);
    free(client);
    return NULL;
}

/* ---- sending */

static void
send_open(struct sugu_client *client, struct open_request *open, int64_t now)
{
    if (client->is_shut) {
        open->send_at = client->rebuild_at;
        return;
    }
    if (sugu_link_send(client->socket, NULL, 0, open->bytes, open->size) != 0) {
        open->send_at = now + NOT_SENT_AGAIN_US;
        return;
    }
    open->send_at = now + open->resend_us;
    open->resend_us = open->resend_us * 2 < RESEND_US_MAX ? open->resend_us * 2 : RESEND_US_MAX;
}

static void
send_heartbeat(struct sugu_client *client, int64_t now)
{
    Sugu__Up up = SUGU__UP__INIT;
    Sugu__Heartbeat heartbeat = SUGU__HEARTBEAT__INIT;
    uint8_t *bytes;
    size_t size;

    if (client->is_shut) {
        client->heartbeat_at = client->rebuild_at;
        return;
    }
    if (client->heartbeat)
        heartbeat = *client->heartbeat; /* shares its lists, only for the encoding */
    heartbeat.last_event = client->last_event;
    heartbeat.is_new = !client->knows_last;
    heartbeat.is_repair = client->needs_repair;
    up.version = SUGU_PROTOCOL_VERSION;
    up.frame_case = SUGU__UP__FRAME_HEARTBEAT;
    up.heartbeat = &heartbeat;
    bytes = sugu_up_encode(&up, &size);
    client->heartbeat_at = now + (sugu_link_send(client->socket, NULL, 0, bytes, size) == 0
                                      ? client->settings.heartbeat_us
                                      : NOT_SENT_AGAIN_US);
    free(bytes);
}

void
sugu_client_set_heartbeat(struct sugu_client *client, const Sugu__Heartbeat *heartbeat)
{
    if (client->heartbeat)
        sugu__heartbeat__free_unpacked(client->heartbeat, NULL);
    client->heartbeat = (Sugu__Heartbeat *)sugu_message_copy(&heartbeat->base);
}

static struct open_request *
find_open(struct sugu_client *client, const struct sugu_id *id)
{
    for (size_t i = 0; i < OPEN_MAX; i++)
        if (client->open[i].is_used && sugu_id_equal(&client->open[i].id, id))
            return &client->open[i];
    return NULL;
}

enum sugu_status
sugu_client_request(struct sugu_client *client,
                    Sugu__Request *request,
                    const struct sugu_ask *ask,
                    struct sugu_error *reterr)
{
    Sugu__Up up = SUGU__UP__INIT;
    struct sugu_id fresh = ask->id ? *ask->id : sugu_id_new(client->clock, client->random);
    struct open_request *open = find_open(client, &fresh); /* the same again: only a new waiter */
    int64_t now = now_us(client);
    bool is_again = open != NULL;
    char field[SUGU_CARD_FIELD_SIZE];

    /* Not even our own disk may keep it. */
    if (sugu_message_has_card_number(&request->base, field))
        return sugu_fail(reterr, SUGU_REFUSED, "message.card-number", "%s", field);
    if (!open)
        open = free_place(client);
    if (!open)
        return sugu_fail(reterr, SUGU_RETRY, "client.too-many", "%d open", OPEN_MAX);
    if (!is_again) {
        uint8_t *bytes;
        size_t size;
        request->id = sugu_id_field(&fresh);
        request->facility = client->settings.facility;
        up.version = SUGU_PROTOCOL_VERSION;
        up.frame_case = SUGU__UP__FRAME_REQUEST;
        up.request = request;
        bytes = sugu_up_encode(&up, &size);
        request->id = (ProtobufCBinaryData){0, NULL}; /* `fresh` ends with this function */
        if (!ask->is_read &&
            client->store->put(client->store, &fresh, bytes, size, reterr) != SUGU_OK) {
            free(bytes);
            return SUGU_BROKEN;
        }
        *open = (struct open_request){.is_used = true,
                                      .is_read = ask->is_read,
                                      .id = fresh,
                                      .bytes = bytes,
                                      .size = size,
                                      .resend_us = client->settings.resend_us};
        client->open_count++;
        open->send_at = now;
        if (client->is_connected || !client->settings.listens)
            send_open(client, open, now);
    }
    open->wait_until = ask->wait_us > 0 ? now + ask->wait_us : INT64_MAX;
    open->on_reply = ask->on_reply;
    open->user = ask->user;
    return SUGU_OK;
}

/* ---- receiving */

/* The server, not a rule, could not do it: the client itself tries on under the same id. */
static bool
is_passing(const Sugu__Reply *reply)
{
    bool may_repeat =
        reply->status == SUGU__STATUS__RETRY || reply->status == SUGU__STATUS__UNKNOWN;

    return may_repeat &&
           (strncmp(reply->code, "server.", 7) == 0 || strncmp(reply->code, "store.", 6) == 0);
}

static void
take_reply(struct sugu_client *client, const Sugu__Reply *reply)
{
    struct sugu_id id = sugu_id_of(&reply->id);
    struct open_request *open = find_open(client, &id);
    sugu_on_reply on_reply;
    void *user;
    bool is_read;

    if (!open || is_passing(reply))
        return; /* a second answer, or one that send_at will repeat the question for */
    on_reply = open->on_reply;
    user = open->user;
    is_read = open->is_read;
    open_done(client, open);
    if (on_reply)
        on_reply(user, reply);
    else if (client->callbacks.on_orphan_reply)
        client->callbacks.on_orphan_reply(client->callbacks.user, &id, reply);
    if (!is_read)
        client->store->remove(client->store, &id); /* last: a crash before this repeats the reply */
}

static void
become_fresh(struct sugu_client *client, bool was_reset)
{
    bool is_news = !client->is_fresh || was_reset;

    client->is_fresh = true;
    if (is_news && client->callbacks.on_fresh)
        client->callbacks.on_fresh(client->callbacks.user, was_reset);
}

static void
become_stale(struct sugu_client *client)
{
    if (!client->is_fresh)
        return;
    client->is_fresh = false;
    if (client->callbacks.on_stale)
        client->callbacks.on_stale(client->callbacks.user, client->heard_utc);
}

static void
ask_repair(struct sugu_client *client)
{
    if (!client->needs_repair)
        client->heartbeat_at = now_us(client);
    client->needs_repair = true;
}

static void
take_event(struct sugu_client *client, const Sugu__Event *event)
{
    if (!client->knows_last || event->number <= client->last_event)
        return; /* before the start, or a second time */
    if (event->previous != client->last_event) {
        ask_repair(client);
        return;
    }
    client->needs_repair = false;
    client->last_event = event->number;
    if (client->callbacks.on_event)
        client->callbacks.on_event(client->callbacks.user, event);
}

static void
take_pulse(struct sugu_client *client, const Sugu__Pulse *pulse)
{
    client->pulse_utc = pulse->utc_us;
    client->pulse_at = client->heard_at;
    if (pulse->is_reset) {
        client->last_event = pulse->last_event;
        client->knows_last = true;
        client->needs_repair = false;
        become_fresh(client, /* was_reset= */ true);
    } else if (pulse->last_event == client->last_event) {
        client->needs_repair = false;
        become_fresh(client, /* was_reset= */ false);
    } else if (pulse->last_event > client->last_event) {
        ask_repair(client);
    }
}

/* No answer to a request: whoever speaks over this connection is not listened to. */
static bool
is_refusal_of_link(const Sugu__Down *down)
{
    struct sugu_id id;

    if (down->frame_case != SUGU__DOWN__FRAME_REPLY || down->reply->status != SUGU__STATUS__REFUSED)
        return false;
    id = sugu_id_of(&down->reply->id);
    return sugu_id_is_none(&id) && (strncmp(down->reply->code, "key.", 4) == 0 ||
                                    strncmp(down->reply->code, "connection.", 11) == 0);
}

/*
 * The server lives and does not listen: that is no sign of life. Only a new connection can change
 * it, and not a hasty one: another program with the same key may be pushing this one out.
 */
static void
take_refusal(struct sugu_client *client, const char *code)
{
    bool is_news = strcmp(client->refusal, code) != 0;
    int64_t now = now_us(client);

    if (client->is_shut)
        return; /* one of several frames that were under way */
    if (now - client->refused_at > CALM_US)
        client->refused_us = silent_us(client);
    client->is_shut = true;
    client->refused_at = now;
    plan_rebuild(client, &client->refused_us);
    sugu_text_copy(client->refusal, sizeof client->refusal, code);
    become_stale(client);
    if (is_news && client->callbacks.on_refused)
        client->callbacks.on_refused(client->callbacks.user, client->refusal);
}

static void
note_heard(struct sugu_client *client)
{
    client->heard_at = now_us(client);
    client->heard_utc = client->clock->utc_us(client->clock);
    client->refusal[0] = '\0';
    client->rebuild_us = silent_us(client);
    client->rebuild_at = client->heard_at + client->rebuild_us;
}

static void
take_down(struct sugu_client *client, const Sugu__Down *down)
{
    if (!client->is_shut)
        note_heard(client);
    switch (down->frame_case) {
    case SUGU__DOWN__FRAME_REPLY: /* also a late one over a connection that was refused since */
        take_reply(client, down->reply);
        break;
    case SUGU__DOWN__FRAME_EVENT:
        if (!client->is_shut)
            take_event(client, down->event);
        break;
    case SUGU__DOWN__FRAME_PULSE:
        if (!client->is_shut)
            take_pulse(client, down->pulse);
        break;
    case SUGU__DOWN__FRAME__NOT_SET:
    case _SUGU__DOWN__FRAME__CASE_IS_INT_SIZE:
        break;
    }
}

static void
take_frame(struct sugu_client *client, const struct sugu_frame *frame)
{
    Sugu__Down *down;

    if (sugu_down_decode(frame->bytes, frame->size, &down, /* reterr= */ NULL) != SUGU_OK)
        return; /* of a newer version, or damaged: what it was about is asked for again */
    if (is_refusal_of_link(down))
        take_refusal(client, down->reply->code);
    else
        take_down(client, down);
    sugu__down__free_unpacked(down, NULL);
}

/* ---- time */

/* Nobody waits any longer for this one: tell its waiter. */
static void
give_up(struct sugu_client *client, struct open_request *open)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    struct sugu_id id = open->id;
    sugu_on_reply on_reply = open->on_reply;
    void *user = open->user;

    reply.id = sugu_id_field(&id);
    reply.status = open->is_read ? SUGU__STATUS__RETRY : SUGU__STATUS__UNKNOWN;
    reply.code = open->is_read ? (char *)"server.away" : (char *)"server.no-answer";
    reply.detail = client->refusal; /* why nobody answers, where that is known */
    open->wait_until = INT64_MAX;
    open->on_reply = NULL;
    if (open->is_read)
        open_done(client, open);
    if (on_reply)
        on_reply(user, &reply);
}

/* What was sent over a connection that is gone may be lost: over the new one it goes again at once,
 * however long the pauses between the tries have become. */
static void
step_connection(struct sugu_client *client, int64_t now)
{
    bool was_connected = client->is_connected;

    client->is_connected = sugu_link_is_writable(client->socket);
    if (was_connected || !client->is_connected)
        return;
    client->heartbeat_at = now; /* first of all: an answer may cause events that we want to hear */
    for (size_t i = 0, left = client->open_count; i < OPEN_MAX && left > 0; i++)
        if (client->open[i].is_used) {
            client->open[i].send_at = now;
            client->open[i].resend_us = client->settings.resend_us;
            left--;
        }
}

/* As many as were open when it began: a waiter who is told may ask for something new meanwhile. */
static void
step_requests(struct sugu_client *client, int64_t now)
{
    for (size_t i = 0, left = client->open_count; i < OPEN_MAX && left > 0; i++) {
        struct open_request *open = &client->open[i];
        if (!open->is_used)
            continue;
        left--;
        if (open->wait_until <= now)
            give_up(client, open);
        if (open->is_used && open->send_at <= now)
            send_open(client, open, now);
    }
}

/* Nothing heard for too long although something should have come: the socket may be dead for ever.
 */
static void
step_rebuild(struct sugu_client *client, int64_t now)
{
    bool expects = client->settings.listens || client->open_count > 0 || client->is_shut;

    if (!expects) {
        client->rebuild_at = now + silent_us(client);
        return;
    }
    if (now - client->heard_at > silent_us(client))
        become_stale(client);
    if (now < client->rebuild_at)
        return;
    become_stale(client);
    zmq_close(client->socket);
    if (build_socket(client, /* reterr= */ NULL) != SUGU_OK)
        abort(); /* the endpoint was good before: out of sockets, nothing sensible is left to do */
}

bool
sugu_client_step(struct sugu_client *client)
{
    int64_t now;
    int count = 0;

    for (; count < FRAMES_PER_STEP; count++) {
        struct sugu_frame frame;
        enum sugu_link_got got = sugu_link_receive(client->socket, /* is_router= */ false, &frame);
        if (got == SUGU_LINK_NOTHING)
            break;
        if (got == SUGU_LINK_MALFORMED)
            continue;
        take_frame(client, &frame);
        sugu_frame_done(&frame);
    }
    now = now_us(client);
    step_connection(client, now);
    if (client->settings.listens && client->heartbeat_at <= now)
        send_heartbeat(client, now);
    step_requests(client, now);
    step_rebuild(client, now);
    return count == FRAMES_PER_STEP;
}

int
sugu_client_fd(struct sugu_client *client)
{
    return sugu_link_fd(client->socket);
}

int64_t
sugu_client_due_us(struct sugu_client *client)
{
    int64_t due = client->rebuild_at, now = now_us(client);

    if (sugu_link_is_readable(client->socket))
        return 0;
    if (client->settings.listens && client->heartbeat_at < due)
        due = client->heartbeat_at;
    for (size_t i = 0, left = client->open_count; i < OPEN_MAX && left > 0; i++) {
        const struct open_request *open = &client->open[i];
        if (!open->is_used)
            continue;
        left--;
        if (open->send_at < due)
            due = open->send_at;
        if (open->wait_until < due)
            due = open->wait_until;
    }
    return due > now ? due - now : 0;
}

bool
sugu_client_is_fresh(const struct sugu_client *client)
{
    return !*client->refusal &&
           (client->is_fresh || now_us(client) - client->heard_at <= silent_us(client));
}

sugu_time_us
sugu_client_server_utc_us(const struct sugu_client *client)
{
    if (client->pulse_utc == 0)
        return client->clock->utc_us(client->clock);
    return client->pulse_utc + (now_us(client) - client->pulse_at);
}

bool
sugu_client_wait(struct sugu_client *client, const bool *is_done, int64_t wait_us)
{
    int64_t until = now_us(client) + wait_us;

    while (!*is_done) {
        struct pollfd file = {.fd = sugu_client_fd(client), .events = POLLIN};
        int64_t due = sugu_client_due_us(client), left = until - now_us(client);
        if (left <= 0)
            return false;
        if (due > left)
            due = left;
        poll(&file, 1, due <= 0 ? 0 : (int)(due / SUGU_MS) + 1);
        sugu_client_step(client);
    }
    return true;
}

struct call {
    bool is_done;
    Sugu__Reply *reply;
};

static void
on_call_reply(void *user, const Sugu__Reply *reply)
{
    struct call *call = user;

    call->reply = (Sugu__Reply *)sugu_message_copy(&reply->base);
    call->is_done = true;
}

enum sugu_status
sugu_client_call(struct sugu_client *client,
                 Sugu__Request *request,
                 const struct sugu_ask *ask,
                 Sugu__Reply **ret_reply,
                 struct sugu_error *reterr)
{
    struct call call = {.is_done = false};
    struct sugu_ask own = *ask;
    enum sugu_status status;

    own.on_reply = on_call_reply;
    own.user = &call;
    status = sugu_client_request(client, request, &own, reterr);
    if (status != SUGU_OK)
        return status;
    while (!call.is_done)
        sugu_client_wait(client, &call.is_done, SUGU_SECOND);
    status = (enum sugu_status)call.reply->status;
    if (status != SUGU_OK)
        sugu_fail(reterr, status, call.reply->code, "%s", call.reply->detail);
    *ret_reply = call.reply;
    return status;
}
