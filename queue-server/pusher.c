/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pusher - events from the database to whoever is entitled to them
 */
#include "pusher.h"

#include "failpoint.h"
#include "base/log.h"
#include "listener.h"
#include "statements.h"
#include "turns.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FACILITIES_MAX 4096
#define READ_MOST      500
#define CATCH_UP_MOST  4000  /* numbers looked at together; of them at most READ_MOST are sent */
#define LAG_MAX        20000 /* more than this behind: begin anew */
#define POLL_US        (1 * SUGU_SECOND)
#define KEYS_US        (1 * SUGU_SECOND)
#define NOTIFY_US      (5 * SUGU_MS) /* at most one NOTIFY per facility in this time */
#define RETRY_US       (200 * SUGU_MS)

struct facility_state {
    struct sugu_facility facility;
    uint64_t pushed; /* every listener that keeps up has seen up to this */
    bool knows_pushed, is_dirty, wants_notify;
    bool has_ahead; /* a listener said a number above `pushed` */
    uint64_t reads; /* begun so far */
    int64_t polled_at, notified_at;
};

enum job_kind {
    JOB_NONE,
    JOB_KEYS,
    JOB_LAST,
    JOB_READ,
    JOB_CATCH_UP,
    JOB_NOTIFY,
    JOB_LISTEN,
};

struct sugu_pusher {
    struct sugu_db *db;
    struct sugu_gate *gate;
    struct sugu_peers *peers;
    struct sugu_pusher_callbacks callbacks;
    const struct sugu_clock *clock;
    struct facility_state *facilities;
    size_t facility_count, next_read, next_notify;
    bool is_listening;
    bool wants_keys;
    int64_t keys_at, retry_at;
    /* the job that is under way */
    enum job_kind job;
    struct facility_state *job_facility;
    uint8_t job_route[SUGU_ROUTE_SIZE_MAX]; /* of the one that lags */
    size_t job_route_size;
    uint64_t job_after, job_until;
    struct sugu_facility_enter_row entered;
    struct sugu_event_after_rows events;
    struct sugu_event_is_there_row first; /* is what comes next for it still there? */
    struct sugu_event_last_row last;
    struct sugu_key_list_rows keys;
    struct sugu_facility_list_rows list;
    struct sugu_notify_commit_row notified;
};

static int64_t
now_us(const struct sugu_pusher *pusher)
{
    return pusher->clock->monotonic_us(pusher->clock);
}

static struct facility_state *
find_facility(const struct sugu_pusher *pusher, int32_t facility)
{
    for (size_t i = 0; i < pusher->facility_count; i++)
        if (pusher->facilities[i].facility.facility == facility)
            return &pusher->facilities[i];
    return NULL;
}

const struct sugu_facility *
sugu_pusher_facility(const struct sugu_pusher *pusher, int32_t facility)
{
    const struct facility_state *state = find_facility(pusher, facility);

    return state ? &state->facility : NULL;
}

const struct sugu_facility *
sugu_pusher_facility_at(const struct sugu_pusher *pusher, size_t index)
{
    return index < pusher->facility_count ? &pusher->facilities[index].facility : NULL;
}

/* "keys" or a facility's number. */
static void
on_notify(void *user, const char *payload)
{
    struct sugu_pusher *pusher = user;
    struct facility_state *state = find_facility(pusher, (int32_t)strtol(payload, NULL, 10));

    if (strcmp(payload, "keys") == 0)
        pusher->wants_keys = true;
    else if (state)
        state->is_dirty = true;
}

struct sugu_pusher *
sugu_pusher_new(struct sugu_db *db,
                struct sugu_gate *gate,
                struct sugu_peers *peers,
                const struct sugu_pusher_callbacks *callbacks,
                const struct sugu_clock *clock)
{
    struct sugu_pusher *pusher = calloc(1, sizeof *pusher);

    if (!pusher || !(pusher->facilities = calloc(FACILITIES_MAX, sizeof *pusher->facilities)))
        abort();
    pusher->db = db;
    pusher->gate = gate;
    pusher->peers = peers;
    pusher->callbacks = *callbacks;
    pusher->clock = clock;
    pusher->wants_keys = true;
    sugu_db_set_on_notify(db, on_notify, pusher);
    return pusher;
}

struct sugu_pusher *
sugu_pusher_free(struct sugu_pusher *pusher)
{
    if (pusher) {
        free(pusher->facilities);
        free(pusher);
    }
    return NULL;
}

void
sugu_pusher_wake(struct sugu_pusher *pusher, int32_t facility)
{
    struct facility_state *state = find_facility(pusher, facility);

    if (state)
        state->is_dirty = state->wants_notify = true;
}

/* ---- to the listeners */

static void
pulse(const struct sugu_pusher *pusher, struct sugu_connection *connection)
{
    sugu_listener_pulse(&pusher->callbacks, connection, pusher->clock->utc_us(pusher->clock));
}

static void
reset_listener(const struct sugu_pusher *pusher,
               struct sugu_connection *connection,
               const struct facility_state *state)
{
    sugu_listener_reset(&pusher->callbacks, connection, state->pushed,
                        pusher->clock->utc_us(pusher->clock));
}

void
sugu_pusher_heartbeat(struct sugu_pusher *pusher,
                      struct sugu_connection *connection,
                      const Sugu__Heartbeat *heartbeat)
{
    struct facility_state *state = find_facility(pusher, connection->peer.facility);

    sugu_listener_take_beat(connection, heartbeat);
    if (!state || !state->knows_pushed)
        return; /* the pulse comes when the last number is known */
    if (connection->seen > state->pushed) {
        /* It comes from another server that was quicker, or the database was put back and what it
         * knows is wrong: the next read tells. */
        connection->ahead_at = state->reads;
        state->has_ahead = state->is_dirty = true;
    } else if (connection->wants_reset || state->pushed - connection->seen > LAG_MAX)
        reset_listener(pusher, connection, state);
    else if (connection->seen == state->pushed)
        pulse(pusher, connection);
}

struct delivery {
    struct sugu_pusher *pusher;
    const struct sugu_event_after_row *row;
    Sugu__Event *event;
    int32_t facility;
    uint64_t after; /* those who have seen exactly this get it */
};

static void
deliver(void *user, struct sugu_connection *connection)
{
    struct delivery *delivery = user;

    if (!connection->listens || connection->peer.facility != delivery->facility ||
        connection->wants_reset || connection->seen != delivery->after)
        return;
    if (sugu_listener_may_get(connection, delivery->row) &&
        !sugu_listener_send(&delivery->pusher->callbacks, connection, delivery->row,
                            delivery->event))
        return; /* full: it lags from here on, and catches up */
    connection->seen = (uint64_t)delivery->row->event;
}

struct lagging {
    struct sugu_pusher *pusher;
    struct sugu_connection *found;
};

static void
answer_waiting(void *user, struct sugu_connection *connection)
{
    struct sugu_pusher *pusher = user;
    const struct facility_state *state = find_facility(pusher, connection->peer.facility);

    if (connection->listens && connection->wants_reset && state && state->knows_pushed)
        reset_listener(pusher, connection, state);
}

static void
find_lagging(void *user, struct sugu_connection *connection)
{
    struct lagging *lagging = user;
    const struct facility_state *state = find_facility(lagging->pusher, connection->peer.facility);

    if (!lagging->found && connection->listens && !connection->wants_reset && state &&
        state->knows_pushed && connection->seen < state->pushed)
        lagging->found = connection;
}

/* The read that ended began after the listener had said its number, and did not find it. */
static void
judge_ahead(void *user, struct sugu_connection *connection)
{
    struct sugu_pusher *pusher = user;
    struct facility_state *state = pusher->job_facility;

    if (!connection->listens || connection->peer.facility != state->facility.facility ||
        connection->seen <= state->pushed)
        return;
    if (connection->ahead_at < state->reads)
        reset_listener(pusher, connection, state);
    else
        state->has_ahead = state->is_dirty = true;
}

/* ---- jobs */

/* What the keys say now holds for the connections that are open. */
static void
refresh_peer(void *user, struct sugu_connection *connection)
{
    struct sugu_pusher *pusher = user;
    const struct sugu_peer *peer = sugu_gate_find_key(pusher->gate, connection->peer.public_key);

    if (peer)
        connection->peer = *peer;
    else
        sugu_peers_remove(pusher->peers, connection); /* revoked: hears nothing any more */
}

static void
take_keys(struct sugu_pusher *pusher)
{
    size_t count = pusher->keys.count;
    struct sugu_peer *peers = calloc(count ? count : 1, sizeof *peers);

    if (!peers)
        abort();
    for (size_t i = 0; i < count; i++) {
        const struct sugu_key_list_row *row = &pusher->keys.rows[i];
        memcpy(peers[i].public_key, row->public_key, 32);
        peers[i].facility = row->facility;
        peers[i].client = row->client;
        peers[i].role = sugu_role_find(row->role);
        snprintf(peers[i].place, sizeof peers[i].place, "%s", row->place);
        snprintf(peers[i].name, sizeof peers[i].name, "%s", row->name);
    }
    sugu_gate_set_keys(pusher->gate, peers, count);
    free(peers);
    sugu_peers_each(pusher->peers, refresh_peer, pusher);
    for (size_t i = 0; i < pusher->list.count; i++) {
        const struct sugu_facility_list_row *row = &pusher->list.rows[i];
        struct facility_state *state = find_facility(pusher, row->facility);
        if (!state && pusher->facility_count == FACILITIES_MAX)
            break;
        if (!state)
            state = &pusher->facilities[pusher->facility_count++];
        state->facility.facility = row->facility;
        state->facility.day_rule.offset_minutes = row->utc_offset_min;
        state->facility.day_rule.cutoff_minutes = row->cutoff_min;
    }
    sugu_key_list_rows_done(&pusher->keys);
    sugu_facility_list_rows_done(&pusher->list);
}

/* NULL where it cannot be sent: of a program with other bounds. Then it is passed over. */
static Sugu__Event *
unpack_event(const struct sugu_event_after_row *row)
{
    Sugu__Event *event = sugu__event__unpack(NULL, row->body_size, row->body);

    if (event && sugu_message_check(&event->base, NULL) == SUGU_OK)
        return event;
    sugu_log(SUGU_LOG_ERROR, "event.unreadable", "event=%ld", (long)row->event);
    if (event)
        sugu__event__free_unpacked(event, NULL);
    return NULL;
}

/* The next events of the facility; those who keep up get them. */
static void
take_events(struct sugu_pusher *pusher)
{
    struct facility_state *state = pusher->job_facility;
    struct sugu_event_after_rows *rows = &pusher->events;

    if (rows->count > 0)
        SUGU_FAILPOINT("events.read");
    for (size_t i = 0; i < rows->count; i++) {
        const struct sugu_event_after_row *row = &rows->rows[i];
        Sugu__Event *event = unpack_event(row);
        struct delivery delivery = {pusher, row, event, state->facility.facility, state->pushed};
        if (event)
            sugu_peers_each(pusher->peers, deliver, &delivery);
        if (event)
            sugu__event__free_unpacked(event, NULL);
        state->pushed = (uint64_t)row->event;
        SUGU_FAILPOINT("event.pushed");
    }
    if (rows->count == READ_MOST)
        state->is_dirty = true;
    else if (state->has_ahead) {
        state->has_ahead = false;
        sugu_peers_each(pusher->peers, judge_ahead, pusher);
    }
    sugu_event_after_rows_done(rows);
}

/* Sends what was read to the one that lags; false when it is full. */
static bool
send_missed(struct sugu_pusher *pusher, struct sugu_connection *connection)
{
    const struct sugu_event_after_rows *rows = &pusher->events;

    for (size_t i = 0; i < rows->count; i++) {
        const struct sugu_event_after_row *row = &rows->rows[i];
        Sugu__Event *event = sugu_listener_may_get(connection, row) ? unpack_event(row) : NULL;
        bool is_full = event && !sugu_listener_send(&pusher->callbacks, connection, row, event);
        if (event)
            sugu__event__free_unpacked(event, NULL);
        if (is_full)
            return false;
        connection->seen = (uint64_t)row->event;
    }
    if (rows->count < READ_MOST)
        connection->seen = pusher->job_until;
    return true;
}

static void
take_catch_up(struct sugu_pusher *pusher)
{
    struct sugu_connection *found =
        sugu_peers_find(pusher->peers, pusher->job_route, pusher->job_route_size);
    const struct facility_state *state = pusher->job_facility;

    if (!found || found->seen != pusher->job_after)
        ; /* it has gone, or has said another number since */
    else if (!pusher->first.is_found)
        reset_listener(pusher, found, state); /* what comes next was cleared away long ago */
    else if (!send_missed(pusher, found))
        found->listens = false; /* full: it will speak again and be served then */
    else if (found->seen == state->pushed)
        pulse(pusher, found);
    sugu_event_after_rows_done(&pusher->events);
}

static void on_job_done(void *user,
                        enum sugu_status status,
                        const struct sugu_error *error,
                        const struct sugu_db_failure *failure);

/* What was wanted is still wanted, after a pause. */
static void
fail_job(struct sugu_pusher *pusher, enum job_kind job, const struct sugu_db_failure *failure)
{
    sugu_event_after_rows_done(&pusher->events);
    sugu_key_list_rows_done(&pusher->keys);
    sugu_facility_list_rows_done(&pusher->list);
    pusher->retry_at = now_us(pusher) + RETRY_US;
    if (job == JOB_KEYS)
        pusher->wants_keys = true;
    else if (job == JOB_READ)
        pusher->job_facility->is_dirty = true;
    else if (job == JOB_NOTIFY)
        pusher->job_facility->wants_notify = true;
    if (failure->statement < 0) /* a new connection does not listen yet */
        pusher->is_listening = false;
}

static void
on_job_done(void *user,
            enum sugu_status status,
            const struct sugu_error *error,
            const struct sugu_db_failure *failure)
{
    struct sugu_pusher *pusher = user;
    enum job_kind job = pusher->job;

    pusher->job = JOB_NONE;
    if (status != SUGU_OK) {
        sugu_log_error(SUGU_LOG_WARNING, "events.failed", error);
        fail_job(pusher, job, failure);
        return;
    }
    switch (job) {
    case JOB_KEYS:
        take_keys(pusher);
        break;
    case JOB_LAST:
        pusher->job_facility->pushed = (uint64_t)(pusher->last.is_found ? pusher->last.last : 0);
        pusher->job_facility->knows_pushed = true;
        break;
    case JOB_READ:
        take_events(pusher);
        break;
    case JOB_CATCH_UP:
        take_catch_up(pusher);
        break;
    case JOB_LISTEN:
        pusher->is_listening = true;
        break;
    case JOB_NONE:
    case JOB_NOTIFY:
        break;
    }
    sugu_peers_each(pusher->peers, answer_waiting, pusher);
}

static void
begin_job(struct sugu_pusher *pusher, enum job_kind job, struct facility_state *state)
{
    pusher->job = job;
    pusher->job_facility = state;
}

/* A round is a transaction by itself: the facility is left at its end, also where it failed. */
static void
enter(struct sugu_pusher *pusher, const struct facility_state *state)
{
    char facility[16];

    snprintf(facility, sizeof facility, "%d", state->facility.facility);
    sugu_db_facility_enter(pusher->db, &(struct sugu_facility_enter_params){.facility = facility},
                           &pusher->entered);
}

static void
end_job(struct sugu_pusher *pusher)
{
    sugu_db_end_round(pusher->db, /* has_commit= */ false, on_job_done, pusher);
}

static void
send_read(struct sugu_pusher *pusher, struct facility_state *state)
{
    enter(pusher, state);
    sugu_db_event_after(pusher->db,
                        &(struct sugu_event_after_params){.facility = state->facility.facility,
                                                          .after = (int64_t)state->pushed,
                                                          .until = INT64_MAX,
                                                          .is_whole = true,
                                                          .place = "",
                                                          .most = READ_MOST},
                        &pusher->events);
    end_job(pusher);
}

/* Of what the others have seen, what is for this one: a house writes a hundred times as much. */
static void
send_catch_up(struct sugu_pusher *pusher, const struct sugu_connection *connection)
{
    struct facility_state *state = find_facility(pusher, connection->peer.facility);
    uint64_t until = connection->seen + CATCH_UP_MOST;

    begin_job(pusher, JOB_CATCH_UP, state);
    memcpy(pusher->job_route, connection->route, connection->route_size);
    pusher->job_route_size = connection->route_size;
    pusher->job_after = connection->seen;
    pusher->job_until = until < state->pushed ? until : state->pushed;
    enter(pusher, state);
    sugu_db_event_is_there(
        pusher->db,
        &(struct sugu_event_is_there_params){.facility = state->facility.facility,
                                             .event = (int64_t)pusher->job_after + 1},
        &pusher->first);
    sugu_db_event_after(
        pusher->db,
        &(struct sugu_event_after_params){.facility = state->facility.facility,
                                          .after = (int64_t)pusher->job_after,
                                          .until = (int64_t)pusher->job_until,
                                          .roles = (int32_t)connection->peer.role,
                                          .place = connection->peer.place,
                                          .is_of_visit = connection->peer.role == SUGU_ROLE_KIOSK,
                                          .most = READ_MOST},
        &pusher->events);
    end_job(pusher);
}

static void
send_keys(struct sugu_pusher *pusher)
{
    begin_job(pusher, JOB_KEYS, NULL);
    pusher->wants_keys = false;
    pusher->keys_at = now_us(pusher);
    sugu_db_key_list(pusher->db,
                     &(struct sugu_key_list_params){.at = pusher->clock->utc_us(pusher->clock)},
                     &pusher->keys);
    sugu_db_facility_list(pusher->db, &pusher->list);
    end_job(pusher);
}

static void
send_last(struct sugu_pusher *pusher, struct facility_state *state)
{
    begin_job(pusher, JOB_LAST, state);
    enter(pusher, state);
    sugu_db_event_last(pusher->db,
                       &(struct sugu_event_last_params){.facility = state->facility.facility},
                       &pusher->last);
    end_job(pusher);
}

static void
send_notify(struct sugu_pusher *pusher, struct facility_state *state, int64_t now)
{
    char facility[16];

    begin_job(pusher, JOB_NOTIFY, state);
    state->wants_notify = false;
    state->notified_at = now;
    snprintf(facility, sizeof facility, "%d", state->facility.facility);
    sugu_db_notify_commit(pusher->db, &(struct sugu_notify_commit_params){.facility = facility},
                          &pusher->notified);
    end_job(pusher);
}

struct moment {
    const struct sugu_pusher *pusher;
    int64_t now;
};

static bool
is_read_due(const void *user, size_t index)
{
    const struct moment *moment = user;
    const struct facility_state *state = &moment->pusher->facilities[index];

    return !state->knows_pushed || state->is_dirty || moment->now - state->polled_at >= POLL_US;
}

static bool
is_notify_due(const void *user, size_t index)
{
    const struct moment *moment = user;
    const struct facility_state *state = &moment->pusher->facilities[index];

    return state->wants_notify && moment->now - state->notified_at >= NOTIFY_US;
}

/* Work of a facility, most urgent first; true when a job was begun. */
static bool
step_facilities(struct sugu_pusher *pusher, int64_t now)
{
    const struct moment moment = {pusher, now};
    size_t count = pusher->facility_count;
    size_t at = sugu_turns_take(&pusher->next_read, count, is_read_due, &moment);

    if (at < count) {
        struct facility_state *state = &pusher->facilities[at];
        if (!state->knows_pushed) {
            send_last(pusher, state);
            return true;
        }
        state->is_dirty = false;
        state->polled_at = now;
        state->reads++;
        begin_job(pusher, JOB_READ, state);
        send_read(pusher, state);
        return true;
    }
    at = sugu_turns_take(&pusher->next_notify, count, is_notify_due, &moment);
    if (at < count)
        send_notify(pusher, &pusher->facilities[at], now);
    return at < count;
}

void
sugu_pusher_step(struct sugu_pusher *pusher)
{
    struct lagging lagging = {.pusher = pusher};
    int64_t now = now_us(pusher);

    if (pusher->job != JOB_NONE || !sugu_db_is_ready(pusher->db) || now < pusher->retry_at)
        return;
    if (!pusher->is_listening) {
        begin_job(pusher, JOB_LISTEN, NULL);
        sugu_db_listen_commits(pusher->db, NULL);
        end_job(pusher);
        return;
    }
    if (pusher->wants_keys || now - pusher->keys_at >= KEYS_US) {
        send_keys(pusher);
        return;
    }
    if (step_facilities(pusher, now))
        return;
    sugu_peers_each(pusher->peers, find_lagging, &lagging);
    if (lagging.found)
        send_catch_up(pusher, lagging.found);
}

int64_t
sugu_pusher_due_us(const struct sugu_pusher *pusher)
{
    int64_t now = now_us(pusher), due = pusher->keys_at + KEYS_US;

    if (pusher->job != JOB_NONE || !sugu_db_is_ready(pusher->db))
        return POLL_US;
    if (now < pusher->retry_at)
        return pusher->retry_at - now;
    if (!pusher->is_listening || pusher->wants_keys)
        return 0;
    for (size_t i = 0; i < pusher->facility_count; i++) {
        const struct facility_state *state = &pusher->facilities[i];
        int64_t at = state->polled_at + POLL_US;
        if (state->is_dirty || !state->knows_pushed)
            return 0;
        if (state->wants_notify && state->notified_at + NOTIFY_US < at)
            at = state->notified_at + NOTIFY_US;
        if (at < due)
            due = at;
    }
    return due > now ? due - now : 0;
}
