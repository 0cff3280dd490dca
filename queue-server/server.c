/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server - the queue server: requests in, batches through the database, replies and events out
 */
#include "server.h"

#include "base/log.h"
#include "base/text.h"
#include "chores.h"
#include "failpoint.h"
#include "protocol/state-times.h"
#include "pusher.h"
#include "waiting.h"

#include <zmq.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORKERS_MAX     16
#define FRAMES_PER_TURN 256
#define TRIES_MAX       6
#define QUEUED_US_MAX   (5 * SUGU_SECOND) /* then the client is told that the store is away */
#define SILENT_US_MAX   (15 * SUGU_SECOND)
#define REPORT_US       SUGU_MINUTE
#define TURN_MS_MAX     250
#define TAKEOVERS_ODD   3 /* a program that was started again is one */

struct worker {
    struct sugu_db *db;
    struct sugu_batch batch;
    struct sugu_server *server;
};

struct counters {
    uint64_t requests, replies, duplicates, refused_keys, malformed, retries, unknown, batches,
        refused, replaced, dropped;
};

struct sugu_server {
    void *context, *router;
    char endpoint[256];
    const struct sugu_clock *clock;
    struct sugu_random *random;
    struct sugu_gate *gate;
    struct sugu_peers *peers;
    struct sugu_db *pusher_db;
    struct sugu_pusher *pusher;
    struct sugu_chores *chores;
    struct sugu_purger *purger;
    struct worker workers[WORKERS_MAX];
    int worker_count, facility_batches;
    struct sugu_waiting waiting;
    struct counters counters;
    int64_t expired_at, reported_at;
};

static int64_t
now_us(const struct sugu_server *server)
{
    return server->clock->monotonic_us(server->clock);
}

/* ---- replies */

static bool
send_bytes(void *user, struct sugu_connection *connection, const uint8_t *bytes, size_t size)
{
    struct sugu_server *server = user;
    int error =
        sugu_link_send(server->router, connection->route, connection->route_size, bytes, size);

    if (error == EHOSTUNREACH) {
        connection->listens = false; /* gone; expires by itself */
        connection->heard_at = 0;
    }
    if (error)
        server->counters.dropped++;
    return error == 0;
}

static void
send_reply(struct sugu_server *server, struct sugu_work *work)
{
    if (work->route_size > 0 && sugu_link_send(server->router, work->route, work->route_size,
                                               work->reply, work->reply_size) != 0)
        server->counters.dropped++; /* the client asks again and gets the stored answer */
    SUGU_FAILPOINT_WORK("reply.sent", work);
    server->counters.replies++;
    sugu_work_free(work);
}

/* A refusal of something that never became work. `id` may be none. */
static void
send_refusal(struct sugu_server *server,
             const struct sugu_frame *frame,
             const struct sugu_id *id,
             const struct sugu_error *error)
{
    Sugu__Down down = SUGU__DOWN__INIT;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    size_t size;
    uint8_t *bytes;

    reply.id = sugu_id_field(id);
    reply.status = (Sugu__Status)error->status;
    reply.code = (char *)error->code;
    reply.detail = (char *)error->detail;
    down.version = SUGU_PROTOCOL_VERSION;
    down.frame_case = SUGU__DOWN__FRAME_REPLY;
    down.reply = &reply;
    bytes = sugu_down_encode(&down, &size);
    if (sugu_link_send(server->router, frame->route, frame->route_size, bytes, size) != 0)
        server->counters.dropped++;
    free(bytes);
}

/* ---- the queue */

static void
refuse_work(struct sugu_server *server,
            struct sugu_work *work,
            const char *code,
            const char *detail)
{
    free(work->reply);
    work->reply = NULL;
    sugu_work_refuse(work, code, detail);
    send_reply(server, work);
}

/* No further try. What may have happened once stays so, whatever the last try says. */
static void
give_up(struct sugu_server *server, struct sugu_work *work, const char *code, const char *detail)
{
    refuse_work(server, work, work->was_unknown ? "store.unknown" : code, detail);
}

/* Works that waited too long for the database are given back. */
static void
expire_queue(struct sugu_server *server, int64_t now)
{
    struct sugu_work **place = &server->waiting.first;

    while (*place) {
        struct sugu_work *work = *place;
        if (now - work->queued_at <= QUEUED_US_MAX)
            place = &work->next;
        else
            give_up(server, sugu_waiting_take(&server->waiting, place), "store.away", "");
    }
}

static int
running_batches(const struct sugu_server *server, int32_t facility)
{
    int count = 0;

    for (int i = 0; i < server->worker_count; i++)
        count += !sugu_batch_is_idle(&server->workers[i].batch) &&
                 server->workers[i].batch.facility.facility == facility;
    return count;
}

/*
 * Is the same request under way already, or among those that were just pulled? It was sent again
 * because its answer took long; it waits, and then gets the stored answer.
 */
static bool
has_running_twin(const struct sugu_server *server,
                 const struct sugu_work *work,
                 struct sugu_work *const *pulled,
                 size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (sugu_work_is_twin(pulled[i], work))
            return true;
    for (int i = 0; i < server->worker_count; i++) {
        const struct sugu_batch *batch = &server->workers[i].batch;
        for (size_t j = 0; j < batch->count && !sugu_batch_is_idle(batch); j++)
            if (sugu_work_is_twin(batch->works[j], work))
                return true;
    }
    return false;
}

/* Takes the next batch out of the queue: works of one facility that may run now. */
static size_t
pull_works(struct sugu_server *server, struct sugu_work *works[SUGU_BATCH_MAX])
{
    struct sugu_work **place = sugu_waiting_begin(&server->waiting, now_us(server));
    int32_t facility = 0;
    size_t count = 0;

    while (*place && count < SUGU_BATCH_MAX) {
        struct sugu_work *work = *place;
        bool may_run =
            facility ? work->peer.facility == facility
                     : running_batches(server, work->peer.facility) < server->facility_batches;
        if (!may_run || (work->is_alone && count > 0) ||
            has_running_twin(server, work, works, count)) {
            place = &work->next;
            continue;
        }
        facility = work->peer.facility;
        works[count++] = sugu_waiting_take(&server->waiting, place);
        if (work->is_alone)
            break;
    }
    return count;
}

/* ---- batches */

static void
requeue(struct sugu_server *server, struct sugu_work *work, bool is_alone)
{
    work->is_alone = is_alone;
    work->tries++;
    server->counters.retries++;
    if (!work->is_forced)
        sugu_work_reset(work);
    sugu_waiting_push(&server->waiting, work);
}

/* A constraint said no: the refusal is an answer like any other, and is stored. */
static void
force_refusal(struct sugu_server *server, struct sugu_work *work, const struct sugu_error *error)
{
    sugu_work_reset(work);
    sugu_work_reply_error(work, error);
    work->is_forced = true;
    requeue(server, work, /* is_alone= */ false);
}

static void
fail_work(struct sugu_server *server, struct sugu_work *work, const struct sugu_batch *batch)
{
    bool is_single = batch->count == 1;

    if (batch->status == SUGU_RETRY || batch->status == SUGU_UNKNOWN) {
        server->counters.unknown += batch->status == SUGU_UNKNOWN;
        work->was_unknown = work->was_unknown || batch->status == SUGU_UNKNOWN;
        /* Two batches that wait for each other's rows would do so again; a request by itself takes
         * its locks in order. */
        if (work->tries < TRIES_MAX)
            requeue(server, work,
                    work->is_alone ||
                        (work->tries > 0 && strcmp(batch->error.code, "store.conflict") == 0));
        else
            give_up(server, work, batch->error.code, batch->error.detail);
    } else if (!is_single) {
        requeue(server, work, !batch->culprit || work == batch->culprit);
    } else if (batch->status == SUGU_REFUSED && !work->is_forced) {
        force_refusal(server, work, &batch->error);
    } else if (!work->is_second) {
        /* Another server, or a connection that was given up, may have carried the same request out
         * behind our back: then its answer is stored by now. */
        work->is_second = true;
        requeue(server, work, /* is_alone= */ true);
    } else {
        sugu_log_error(SUGU_LOG_ERROR, "request.failed", &batch->error);
        give_up(server, work, batch->error.code, batch->error.detail);
    }
}

static void
on_batch_done(void *user, struct sugu_batch *batch)
{
    struct sugu_server *server = ((struct worker *)user)->server;

    server->counters.batches++;
    if (batch->status == SUGU_OK && batch->event_count > 0)
        sugu_pusher_wake(server->pusher, batch->facility.facility);
    for (size_t i = 0; i < batch->count; i++) {
        struct sugu_work *work = batch->works[i];
        if (batch->status != SUGU_OK) {
            fail_work(server, work, batch);
            continue;
        }
        server->counters.duplicates += work->is_stored;
        send_reply(server, work);
    }
    if (batch->status != SUGU_OK)
        sugu_log_error(SUGU_LOG_WARNING, "batch.failed", &batch->error);
}

static void
start_batches(struct sugu_server *server)
{
    for (int i = 0; i < server->worker_count && server->waiting.first; i++) {
        struct worker *worker = &server->workers[i];
        struct sugu_work *works[SUGU_BATCH_MAX];
        const struct sugu_facility *facility;
        size_t count;
        if (!sugu_batch_is_idle(&worker->batch) || !sugu_db_is_ready(worker->db))
            continue;
        count = pull_works(server, works);
        if (count == 0)
            return;
        facility = sugu_pusher_facility(server->pusher, works[0]->peer.facility);
        if (facility)
            sugu_batch_start(&worker->batch, facility, works, count, on_batch_done, worker);
        else
            for (size_t j = 0; j < count; j++)
                give_up(server, works[j], "store.away", "facility not loaded yet");
    }
}

/* ---- frames */

/* Why this request is refused whatever stands in it; NULL where it is not. */
static const char *
refusal_of(const struct sugu_work *work)
{
    if (!work->handler)
        return "message.unknown";
    if (work->request->facility != (uint32_t)work->peer.facility)
        return "request.wrong-facility";
    if (!(work->handler->roles & work->peer.role))
        return "request.not-allowed";
    return NULL;
}

static void
take_request(struct sugu_server *server, const struct sugu_connection *connection, Sugu__Up **up)
{
    struct sugu_work *work =
        sugu_work_new(&connection->peer, connection->route, connection->route_size, up);

    const char *code = refusal_of(work);

    server->counters.requests++;
    server->counters.refused += code != NULL;
    work->queued_at = now_us(server);
    if (code)
        refuse_work(server, work, code, sugu_request_name(work->request));
    else if (!sugu_waiting_has_room(&server->waiting, &work->peer))
        refuse_work(server, work, "server.busy", "");
    else {
        SUGU_FAILPOINT_WORK("request.taken", work);
        sugu_waiting_push(&server->waiting, work);
    }
}

static void
refuse_frame(struct sugu_server *server, const struct sugu_frame *frame, const char *code)
{
    struct sugu_id none = {{0}};
    struct sugu_error error;

    sugu_fail(&error, SUGU_REFUSED, code, "%s", "");
    send_refusal(server, frame, &none, &error);
}

/* Two programs with one key push each other out for ever; so does one behind a broken line. */
static void
note_takeover(struct sugu_server *server, const struct sugu_peer *peer, unsigned takeovers)
{
    server->counters.replaced++;
    sugu_log(SUGU_LOG_INFO, "connection.replaced", "client=%s facility=%d", peer->name,
             peer->facility);
    if (takeovers == TAKEOVERS_ODD)
        sugu_log(SUGU_LOG_WARNING, "connection.flaps",
                 "client=%s facility=%d takeovers=%u code=connection.replaced", peer->name,
                 peer->facility, takeovers);
}

/* What a kiosk says of itself goes into the database, for the desks of every server. */
static void
store_state(struct sugu_server *server,
            struct sugu_connection *connection,
            const Sugu__Heartbeat *heartbeat)
{
    uint32_t roles = SUGU_ROLE_KIOSK | SUGU_ROLE_PRINTER | SUGU_ROLE_PAYMENT;
    uint32_t hash = sugu_heartbeat_hash(heartbeat);
    bool is_news = hash != connection->stated;
    struct sugu_work *work;

    if (!SUGU_FAILPOINT_STATES || !(connection->peer.role & roles) ||
        !sugu_waiting_has_room(&server->waiting, &connection->peer) ||
        (!is_news && now_us(server) - connection->stated_at < SUGU_STATE_STORED_US))
        return;
    connection->stated = hash;
    connection->stated_at = now_us(server);
    work = sugu_work_of_heartbeat(&connection->peer, heartbeat,
                                  sugu_id_new(server->clock, server->random));
    work->queued_at = now_us(server);
    work->batch_at = is_news ? 0 : work->queued_at + SUGU_STATE_GATHERED_US;
    sugu_waiting_push(&server->waiting, work);
}

static void
take_frame(struct sugu_server *server, const struct sugu_frame *frame)
{
    const struct sugu_peer *peer = sugu_gate_find(server->gate, frame->user);
    struct sugu_connection *connection;
    struct sugu_id id = {{0}};
    struct sugu_error error;
    unsigned takeovers;
    Sugu__Up *up = NULL;

    if (!peer) { /* revoked, or a bug of the library: nothing of it is parsed */
        server->counters.refused_keys++;
        refuse_frame(server, frame, "key.unknown");
        return;
    }
    connection = sugu_peers_take(server->peers, frame, peer, now_us(server), &takeovers);
    if (takeovers > 0)
        note_takeover(server, peer, takeovers);
    if (connection->is_replaced) {
        refuse_frame(server, frame, "connection.replaced");
        return;
    }
    if (sugu_up_decode(frame->bytes, frame->size, &up, &id, &error) != SUGU_OK) {
        server->counters.malformed++;
        sugu_log(SUGU_LOG_WARNING, "message.refused", "client=%s code=%s detail=%s", peer->name,
                 error.code, error.detail);
        send_refusal(server, frame, &id, &error);
        return;
    }
    if (up->frame_case == SUGU__UP__FRAME_HEARTBEAT) {
        sugu_pusher_heartbeat(server->pusher, connection, up->heartbeat);
        store_state(server, connection, up->heartbeat);
    } else {
        take_request(server, connection, &up);
    }
    if (up)
        sugu__up__free_unpacked(up, NULL);
}

static void
take_frames(struct sugu_server *server)
{
    struct sugu_frame frame;

    for (int i = 0; i < FRAMES_PER_TURN; i++) {
        enum sugu_link_got got = sugu_link_receive(server->router, /* is_router= */ true, &frame);
        if (got == SUGU_LINK_NOTHING)
            return;
        if (got == SUGU_LINK_MALFORMED) {
            server->counters.malformed++;
            sugu_log(SUGU_LOG_DEBUG, "message.dropped", "code=message.malformed");
            continue;
        }
        take_frame(server, &frame);
        sugu_frame_done(&frame);
    }
}

/* ---- the loop */

static void
report(const struct sugu_server *server)
{
    const struct counters *c = &server->counters;

    sugu_log(SUGU_LOG_INFO, "server.counts",
             "connections=%zu requests=%lu replies=%lu duplicates=%lu batches=%lu retries=%lu "
             "unknown=%lu refused-keys=%lu refused-handshakes=%lu malformed=%lu refused=%lu "
             "replaced=%lu dropped=%lu",
             sugu_peers_count(server->peers), c->requests, c->replies, c->duplicates, c->batches,
             c->retries, c->unknown, c->refused_keys, sugu_gate_refused(server->gate), c->malformed,
             c->refused, c->replaced, c->dropped);
}

static void
step_all(struct sugu_server *server)
{
    int64_t now = now_us(server);

    sugu_gate_step(server->gate);
    if (server->router)
        take_frames(server);
    for (int i = 0; i < server->worker_count; i++)
        sugu_db_step(server->workers[i].db);
    sugu_db_step(server->pusher_db);
    start_batches(server);
    sugu_pusher_step(server->pusher);
    sugu_chores_step(server->chores);
    sugu_purger_step(server->purger);
    if (now - server->expired_at > SUGU_SECOND) {
        server->expired_at = now;
        expire_queue(server, now);
        sugu_peers_expire(server->peers, now - SILENT_US_MAX);
    }
    if (now - server->reported_at > REPORT_US) {
        server->reported_at = now;
        report(server);
    }
}

static long
wait_ms(const struct sugu_server *server)
{
    int64_t due = sugu_pusher_due_us(server->pusher), purge = sugu_purger_due_us(server->purger),
            chores = sugu_chores_due_us(server->chores);

    due = purge < due ? purge : due;
    due = chores < due ? chores : due;
    for (int i = 0; i < server->worker_count; i++) {
        int64_t at = sugu_db_due_us(server->workers[i].db);
        if (at < due)
            due = at;
    }
    due = due > TURN_MS_MAX * SUGU_MS ? TURN_MS_MAX * SUGU_MS - 1 : due;
    return due <= 0 ? 0 : (long)(due / SUGU_MS) + 1;
}

static void
add_db(zmq_pollitem_t *items, int *count, const struct sugu_db *db)
{
    short events = sugu_db_poll_events(db);

    if (sugu_db_fd(db) >= 0)
        items[(*count)++] = (zmq_pollitem_t){
            NULL, sugu_db_fd(db),
            (short)((events & 1 ? ZMQ_POLLIN : 0) | (events & 4 ? ZMQ_POLLOUT : 0)), 0};
}

/* Waits for something to do and does it; false when `stop_fd` (or -1) became readable. */
static bool
turn(struct sugu_server *server, int stop_fd)
{
    zmq_pollitem_t items[WORKERS_MAX + 6] = {{sugu_gate_socket(server->gate), 0, ZMQ_POLLIN, 0}};
    int count = 1, stop_at = -1;

    add_db(items, &count, server->pusher_db);
    add_db(items, &count, sugu_chores_db(server->chores));
    add_db(items, &count, sugu_purger_db(server->purger));
    if (server->router)
        items[count++] = (zmq_pollitem_t){server->router, 0, ZMQ_POLLIN, 0};
    for (int i = 0; i < server->worker_count; i++)
        add_db(items, &count, server->workers[i].db);
    if (stop_fd >= 0) {
        stop_at = count;
        items[count++] = (zmq_pollitem_t){NULL, stop_fd, ZMQ_POLLIN, 0};
    }
    zmq_poll(items, count, wait_ms(server));
    if (stop_at >= 0 && items[stop_at].revents)
        return false;
    step_all(server);
    return true;
}

void
sugu_server_run(struct sugu_server *server, int stop_fd)
{
    while (turn(server, stop_fd))
        continue;
    report(server);
}

/* ---- start and end */

static bool
is_loaded(const struct sugu_server *server)
{
    for (int i = 0; i < server->worker_count; i++)
        if (!sugu_db_is_ready(server->workers[i].db))
            return false;
    return sugu_gate_has_keys(server->gate);
}

/* Until every connection to the database stands and the keys are there. */
static enum sugu_status
wait_loaded(struct sugu_server *server, int64_t wait_us, struct sugu_error *reterr)
{
    int64_t until = now_us(server) + wait_us;

    while (!is_loaded(server)) {
        if (now_us(server) > until)
            return sugu_db_wait_ready(server->workers[0].db, 0, reterr) == SUGU_OK
                       ? sugu_fail(reterr, SUGU_RETRY, "store.away", "the keys cannot be read")
                       : reterr->status;
        turn(server, /* stop_fd= */ -1);
    }
    return SUGU_OK;
}

static enum sugu_status
open_door(struct sugu_server *server,
          const struct sugu_server_settings *settings,
          struct sugu_error *reterr)
{
    char probe[256] = "";
    size_t size = sizeof probe;
    void *door = sugu_link_router(server->context, "tcp://127.0.0.1:*", settings->secret_key);
    enum sugu_status status;

    if (!door)
        return sugu_fail(reterr, SUGU_BROKEN, "settings.invalid", "loopback: %s",
                         zmq_strerror(errno));
    zmq_getsockopt(door, ZMQ_LAST_ENDPOINT, probe, &size);
    status = sugu_gate_probe(server->gate, server->context, probe, settings->public_key,
                             server->clock, reterr);
    zmq_close(door);
    if (status != SUGU_OK)
        return status;
    server->router = sugu_link_router(server->context, settings->listen, settings->secret_key);
    if (!server->router)
        return sugu_fail(reterr, SUGU_BROKEN, "settings.invalid", "listen %s: %s", settings->listen,
                         zmq_strerror(errno));
    size = sizeof server->endpoint;
    zmq_getsockopt(server->router, ZMQ_LAST_ENDPOINT, server->endpoint, &size);
    return SUGU_OK;
}

static const struct sugu_facility *
list_facilities(const void *user, size_t index)
{
    return sugu_pusher_facility_at(user, index);
}

enum sugu_status
sugu_server_new(const struct sugu_server_settings *settings,
                int64_t wait_us,
                const struct sugu_clock *clock,
                struct sugu_random *random,
                struct sugu_server **ret_server,
                struct sugu_error *reterr)
{
    struct sugu_server *server = calloc(1, sizeof *server);
    struct sugu_pusher_callbacks callbacks = {.send = send_bytes, .user = server};
    enum sugu_status status;

    if (!server)
        abort();
    server->clock = clock;
    server->random = random;
    sugu_waiting_init(&server->waiting);
    server->context = zmq_ctx_new();
    zmq_ctx_set(server->context, ZMQ_MAX_SOCKETS, 64);
    status = sugu_gate_new(server->context, &server->gate, reterr);
    if (status == SUGU_OK) {
        server->peers = sugu_peers_new();
        server->worker_count = settings->workers;
        server->facility_batches = settings->facility_batches;
        for (int i = 0; i < server->worker_count; i++) {
            struct worker *worker = &server->workers[i];
            worker->server = server;
            worker->db = worker->batch.db = sugu_db_new(settings->conninfo, clock);
            worker->batch.clock = clock;
            worker->batch.random = random;
        }
        server->pusher_db = sugu_db_new(settings->conninfo, clock);
        server->pusher =
            sugu_pusher_new(server->pusher_db, server->gate, server->peers, &callbacks, clock);
        server->chores = sugu_chores_new(settings->conninfo, clock, settings->steady,
                                         list_facilities, server->pusher);
        sugu_chores_feed(server->chores, &server->waiting);
        server->purger = sugu_purger_new(settings->conninfo, &settings->keep,
                                         settings->purge_interval_us, clock);
        server->reported_at = now_us(server);
        status = wait_loaded(server, wait_us, reterr);
    }
    if (status == SUGU_OK)
        status = open_door(server, settings, reterr);
    if (status != SUGU_OK) {
        sugu_server_free(server);
        return status;
    }
    *ret_server = server;
    return SUGU_OK;
}

struct sugu_server *
sugu_server_free(struct sugu_server *server)
{
    if (!server)
        return NULL;
    sugu_waiting_done(&server->waiting);
    for (int i = 0; i < server->worker_count; i++) {
        struct worker *worker = &server->workers[i];
        if (!sugu_batch_is_idle(&worker->batch))
            for (size_t j = 0; j < worker->batch.count; j++)
                sugu_work_free(worker->batch.works[j]);
        sugu_batch_done(&worker->batch);
        sugu_db_free(worker->db);
    }
    sugu_chores_free(server->chores);
    sugu_pusher_free(server->pusher);
    sugu_db_free(server->pusher_db);
    sugu_purger_free(server->purger);
    sugu_peers_free(server->peers);
    if (server->router)
        zmq_close(server->router);
    sugu_gate_free(server->gate);
    zmq_ctx_term(server->context);
    free(server);
    return NULL;
}

const char *
sugu_server_endpoint(const struct sugu_server *server)
{
    return server->endpoint;
}
