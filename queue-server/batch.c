/* SPDX-License-Identifier: Apache-2.0 */
/*
 * batch - what is ready, in one transaction and one flush
 */
#include "batch.h"

#include "failpoint.h"
#include "handlers/view.h"
#include "protocol/right.h"
#include "statements.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Far more than a transaction can take, or the clocks of two servers differ. */
#define CUT_OFF_US (10 * SUGU_MINUTE)

struct sugu_batch_find {
    struct sugu_facility_enter_row entered;
    struct sugu_key_valid_rows keys;
    struct sugu_request_find_rows requests;
    struct sugu_sign_in_find_rows sign_ins;
    struct sugu_client_needs_sign_in_rows needing;
    struct sugu_event_add_row event;
    struct sugu_day_lock_row lock;
    struct sugu_day_share_row share;
    struct sugu_day_open_rows left;
    struct sugu_day_opened_row opened;
};

static void on_round(void *user,
                     enum sugu_status status,
                     const struct sugu_error *error,
                     const struct sugu_db_failure *failure);

bool
sugu_batch_is_idle(const struct sugu_batch *batch)
{
    return batch->phase == SUGU_BATCH_IDLE;
}

static void
drop_events(struct sugu_batch *batch)
{
    for (size_t i = 0; i < batch->event_count; i++)
        free(batch->events[i].bytes);
    batch->event_count = 0;
}

void
sugu_batch_done(struct sugu_batch *batch)
{
    drop_events(batch);
    free(batch->events);
    free(batch->find);
}

void
sugu_batch_event(struct sugu_batch *batch,
                 uint32_t roles,
                 const char *place,
                 const struct sugu_id *visit,
                 Sugu__Event *event)
{
    struct sugu_batch_event *to;

    batch->has_bug = batch->has_bug || sugu_message_check(&event->base, NULL) != SUGU_OK;
    if (batch->event_count == batch->event_room) {
        batch->event_room = batch->event_room ? 2 * batch->event_room : 16;
        batch->events = realloc(batch->events, batch->event_room * sizeof *batch->events);
        if (!batch->events)
            abort();
    }
    to = &batch->events[batch->event_count++];
    memset(to, 0, sizeof *to);
    to->roles = roles;
    snprintf(to->place, sizeof to->place, "%s", place);
    if (visit)
        to->visit = *visit;
    to->size = sugu__event__get_packed_size(event);
    to->bytes = malloc(to->size);
    if (!to->bytes)
        abort();
    sugu__event__pack(event, to->bytes);
}

static void
end_round(struct sugu_batch *batch, bool has_commit)
{
    sugu_db_end_round(batch->db, has_commit, on_round, batch);
}

static void
roll_back(struct sugu_batch *batch)
{
    drop_events(batch);
    batch->phase = SUGU_BATCH_ROLLBACK;
    sugu_db_tx_rollback(batch->db, NULL);
    end_round(batch, /* has_commit= */ false);
}

static void
finish(struct sugu_batch *batch)
{
    batch->phase = SUGU_BATCH_IDLE;
    batch->on_done(batch->user, batch);
}

/* ---- phase FIND: stored answers and revoked keys */

/* Who sits at the desks: asked only where a desk is among them. */
static void
send_find_staff(struct sugu_batch *batch)
{
    struct sugu_id sign_ins[SUGU_BATCH_MAX];
    int32_t facility = batch->facility.facility;
    size_t count = 0;
    bool has_desk = false;

    for (size_t i = 0; i < batch->count; i++) {
        const struct sugu_work *work = batch->works[i];
        has_desk = has_desk || work->peer.role == SUGU_ROLE_DESK;
        if (work->peer.role == SUGU_ROLE_DESK && work->request->sign_in.len > 0)
            sign_ins[count++] = sugu_id_of(&work->request->sign_in);
    }
    if (has_desk)
        sugu_db_client_needs_sign_in(
            batch->db, &(struct sugu_client_needs_sign_in_params){.facility = facility},
            &batch->find->needing);
    if (count > 0)
        sugu_db_sign_in_find(
            batch->db,
            &(struct sugu_sign_in_find_params){
                .count = count, .facility = facility, .sign_ins = sign_ins, .at = batch->now_utc},
            &batch->find->sign_ins);
}

/* The business day so long before or after now; 0 where there is none. */
static uint32_t
day_at(const struct sugu_batch *batch, int64_t from_now_us)
{
    uint32_t day;

    return sugu_business_day(&batch->facility.day_rule, batch->now_utc + from_now_us, &day) ? day
                                                                                            : 0;
}

/*
 * Before the first work of a day, whatever it is: its numbers begin after those that go over.
 * Around the cut-off, when one server may have opened the new day while another still works on the
 * old one, each waits for the other, and whoever is late works on the new day as well (take_day).
 */
static void
send_day(struct sugu_batch *batch)
{
    int32_t facility = batch->facility.facility;
    bool is_opened = batch->opened_day == batch->day && batch->opened_facility == facility;
    bool is_near = day_at(batch, -CUT_OFF_US) != day_at(batch, CUT_OFF_US);

    batch->find->opened.is_found = false;
    if (!is_opened)
        sugu_db_day_lock(batch->db, &(struct sugu_day_lock_params){.facility = facility},
                         &batch->find->lock);
    else if (is_near)
        sugu_db_day_share(batch->db, &(struct sugu_day_share_params){.facility = facility},
                          &batch->find->share);
    if (!is_opened)
        sugu_db_day_open(batch->db,
                         &(struct sugu_day_open_params){
                             .facility = facility, .day = batch->day, .at = batch->now_utc},
                         &batch->find->left);
    if (!is_opened || is_near)
        sugu_db_day_opened(batch->db, &(struct sugu_day_opened_params){.facility = facility},
                           &batch->find->opened);
}

static void
send_find(struct sugu_batch *batch)
{
    int32_t clients[SUGU_BATCH_MAX];
    struct sugu_id requests[SUGU_BATCH_MAX];
    struct sugu_bytes keys[SUGU_BATCH_MAX];
    char facility[16];

    for (size_t i = 0; i < batch->count; i++) {
        clients[i] = batch->works[i]->peer.client;
        requests[i] = batch->works[i]->id;
        keys[i] = (struct sugu_bytes){batch->works[i]->peer.public_key, 32};
    }
    snprintf(facility, sizeof facility, "%d", batch->facility.facility);
    sugu_db_set_owner(batch->db, NULL);
    sugu_db_tx_begin(batch->db, NULL);
    sugu_db_facility_enter(batch->db, &(struct sugu_facility_enter_params){.facility = facility},
                           &batch->find->entered);
    send_day(batch);
    sugu_db_key_valid(
        batch->db,
        &(struct sugu_key_valid_params){.count = batch->count, .keys = keys, .at = batch->now_utc},
        &batch->find->keys);
    sugu_db_request_find(batch->db,
                         &(struct sugu_request_find_params){.count = batch->count,
                                                            .facility = batch->facility.facility,
                                                            .clients = clients,
                                                            .requests = requests},
                         &batch->find->requests);
    send_find_staff(batch);
    end_round(batch, /* has_commit= */ false);
    SUGU_FAILPOINT_BATCH("find.sent", batch);
}

static bool
has_key(const struct sugu_batch *batch, const struct sugu_work *work)
{
    for (size_t i = 0; i < batch->find->keys.count; i++)
        if (memcmp(batch->find->keys.rows[i].public_key, work->peer.public_key, 32) == 0)
            return true;
    return false;
}

static void
take_stored(struct sugu_batch *batch, struct sugu_work *work)
{
    for (size_t i = 0; i < batch->find->requests.count; i++) {
        struct sugu_request_find_row *row = &batch->find->requests.rows[i];
        if (row->client != work->peer.client || !sugu_id_equal(&row->request, &work->id))
            continue;
        free(work->reply);
        work->reply = NULL;
        work->is_stored = true;
        if (memcmp(row->body_hash, work->body_hash, 32) != 0) {
            sugu_work_refuse(work, "request.id-reused", sugu_request_name(work->request));
            return;
        }
        if (row->reply_size == 0) { /* too long ago: it is not carried out again (purge.sql) */
            sugu_work_refuse(work, "request.answer-gone", sugu_request_name(work->request));
            return;
        }
        work->reply = malloc(row->reply_size);
        if (!work->reply)
            abort();
        memcpy(work->reply, row->reply, row->reply_size);
        work->reply_size = row->reply_size;
        return;
    }
}

/* Takes in who sits there. False: somebody has to sign in first. */
static bool
take_staff(struct sugu_batch *batch, struct sugu_work *work)
{
    struct sugu_id asked = sugu_id_of(&work->request->sign_in);
    bool needs = false;

    work->staff_role = -1;
    for (size_t i = 0; i < batch->find->sign_ins.count; i++) {
        const struct sugu_sign_in_find_row *row = &batch->find->sign_ins.rows[i];
        if (row->client != work->peer.client || !sugu_id_equal(&row->sign_in, &asked))
            continue;
        snprintf(work->staff, sizeof work->staff, "%s", row->staff);
        work->staff_role = row->role;
    }
    for (size_t i = 0; i < batch->find->needing.count; i++)
        needs = needs || batch->find->needing.rows[i].client == work->peer.client;
    return *work->staff || (!needs && work->request->sign_in.len == 0) ||
           work->request->body_case == SUGU__REQUEST__BODY_SIGN_IN_STAFF;
}

/* A program at which nobody is signed in acts by the right of its key. */
static bool
is_staff_allowed(const struct sugu_work *work, const char **ret_words)
{
    enum sugu_right right;
    bool is_known = sugu_right_of_request(work->request, &right);

    *ret_words = is_known ? sugu_right_row(right)->words : sugu_request_name(work->request);
    return work->staff_role < 0 ||
           (is_known && sugu_right_is_granted(right, (Sugu__StaffRole)work->staff_role));
}

/* Who tried stands in the audit trail, in the transaction that stores the refusal. */
static void
refuse_staff(struct sugu_batch *batch, struct sugu_work *work, const char *words)
{
    sugu_db_set_owner(batch->db, work);
    sugu_audit(batch, work, "refused", NULL, words);
    sugu_db_set_owner(batch->db, NULL);
    sugu_work_refuse(work, "staff.not-allowed", words);
}

static void
free_found(struct sugu_batch *batch)
{
    sugu_key_valid_rows_done(&batch->find->keys);
    sugu_request_find_rows_done(&batch->find->requests);
    sugu_sign_in_find_rows_done(&batch->find->sign_ins);
    sugu_client_needs_sign_in_rows_done(&batch->find->needing);
    sugu_day_open_rows_done(&batch->find->left);
}

/* Another server has opened the day that begins now, or in a moment by our clock: ours is over, and
 * what we put into it would be left behind. A day further away is the other one's wrong clock. */
static void
take_day(struct sugu_batch *batch)
{
    uint32_t opened = batch->find->opened.is_found ? batch->find->opened.day : 0;

    if (opened > batch->day && opened == day_at(batch, CUT_OFF_US))
        batch->day = opened;
}

/* Who still waited when the day was cut off, in departments that keep hours. */
static void
tell_left(struct sugu_batch *batch)
{
    char number[SUGU_TICKET_NUMBER_SIZE];

    sugu_db_set_owner(batch->db, NULL);
    for (size_t i = 0; i < batch->find->left.count; i++) {
        const struct sugu_day_open_row *row = &batch->find->left.rows[i];
        sugu_ticket_number_format(number, row->series, (uint32_t)row->number);
        sugu_want_help(batch, "", row->visit, "visit.day-over", number);
    }
}

static void
judge_found(struct sugu_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct sugu_work *work = batch->works[i];
        const char *words;
        bool is_late =
            work->request->deadline_utc_us > 0 && work->request->deadline_utc_us < batch->now_utc;
        take_stored(batch, work);
        if (work->reply)
            continue;
        if (!work->is_own && !has_key(batch, work)) {
            work->is_stored = true;
            sugu_work_refuse(work, "key.unknown", work->peer.name);
        } else if (is_late) {
            sugu_work_refuse(work, "request.too-late", sugu_request_name(work->request));
        } else if (work->peer.role == SUGU_ROLE_DESK && !take_staff(batch, work)) {
            work->is_stored = true; /* not the answer for ever: one signs in and tries again */
            sugu_work_refuse(work, "staff.sign-in-needed", "");
        } else if (!is_staff_allowed(work, &words)) {
            refuse_staff(batch, work, words);
        }
    }
    free_found(batch);
}

/* ---- phase STEP: the handlers */

/* The next group: all works of a grouped handler that have no reply, or one other work. */
static bool
next_group(struct sugu_batch *batch)
{
    const struct sugu_handler *handler = NULL;

    batch->group_count = 0;
    batch->round = 0;
    for (size_t i = 0; i < batch->count; i++) {
        struct sugu_work *work = batch->works[i];
        if (work->reply || (handler && work->handler != handler))
            continue;
        handler = work->handler;
        batch->group[batch->group_count++] = work;
        if (!handler->is_grouped)
            break;
    }
    return batch->group_count > 0;
}

static void
store_replies(struct sugu_batch *batch)
{
    size_t count = 0;
    int32_t clients[SUGU_BATCH_MAX];
    struct sugu_id requests[SUGU_BATCH_MAX];
    struct sugu_bytes hashes[SUGU_BATCH_MAX], replies[SUGU_BATCH_MAX];

    for (size_t i = 0; i < batch->count; i++) {
        const struct sugu_work *work = batch->works[i];
        if (work->is_stored || (work->handler->is_read && !work->is_forced))
            continue;
        clients[count] = work->peer.client;
        requests[count] = work->id;
        hashes[count] = (struct sugu_bytes){work->body_hash, 32};
        replies[count++] = (struct sugu_bytes){work->reply, work->reply_size};
    }
    if (count > 0)
        sugu_db_request_add(batch->db,
                            &(struct sugu_request_add_params){.count = count,
                                                              .facility = batch->facility.facility,
                                                              .made_at = batch->now_utc,
                                                              .clients = clients,
                                                              .requests = requests,
                                                              .hashes = hashes,
                                                              .replies = replies},
                            NULL);
}

static void *
new_array(size_t count, size_t size)
{
    void *array = calloc(count, size);

    if (!array)
        abort();
    return array;
}

/* Last before the commit: the facility's event counter is the hottest row of all. */
static void
store_events(struct sugu_batch *batch)
{
    size_t count = batch->event_count;
    int32_t *roles = new_array(count, sizeof *roles);
    const char **places = new_array(count, sizeof *places);
    struct sugu_id *visits = new_array(count, sizeof *visits);
    struct sugu_bytes *bodies = new_array(count, sizeof *bodies);

    for (size_t i = 0; i < count; i++) {
        roles[i] = (int32_t)batch->events[i].roles;
        places[i] = batch->events[i].place;
        visits[i] = batch->events[i].visit;
        bodies[i] = (struct sugu_bytes){batch->events[i].bytes, batch->events[i].size};
    }
    sugu_db_event_add(batch->db,
                      &(struct sugu_event_add_params){.count = count,
                                                      .facility = batch->facility.facility,
                                                      .made_at = batch->now_utc,
                                                      .roles = roles,
                                                      .places = places,
                                                      .visits = visits,
                                                      .bodies = bodies},
                      &batch->find->event);
    free(roles);
    free(places);
    free(visits);
    free(bodies);
}

static void
send_end(struct sugu_batch *batch)
{
    batch->phase = SUGU_BATCH_END;
    sugu_db_set_owner(batch->db, NULL);
    store_replies(batch);
    if (batch->event_count > 0)
        store_events(batch);
    sugu_db_tx_commit(batch->db, NULL);
    SUGU_FAILPOINT_BATCH("end.unsent", batch);
    end_round(batch, /* has_commit= */ true);
    SUGU_FAILPOINT_BATCH("end.sent", batch);
}

/* A handler made a message that may not be sent: nothing of it may stay. */
static bool
undo_bug(struct sugu_batch *batch)
{
    bool has_bug = batch->has_bug;

    for (size_t i = 0; i < batch->group_count; i++)
        has_bug = has_bug || batch->group[i]->has_bug;
    if (!has_bug)
        return false;
    batch->status =
        sugu_fail(&batch->error, SUGU_BROKEN, "bug.unexpected", "message out of bounds after %s",
                  sugu_request_name(batch->group[0]->request));
    batch->culprit = batch->group_count == 1 ? batch->group[0] : NULL;
    roll_back(batch);
    return true;
}

/* Lets groups work until one waits for a round, or all are done. */
static void
step_groups(struct sugu_batch *batch)
{
    batch->phase = SUGU_BATCH_STEP;
    for (;;) {
        bool wants_round;
        if (batch->group_count == 0 && !next_group(batch)) {
            send_end(batch);
            return;
        }
        sugu_db_set_owner(batch->db, batch->group_count == 1 ? batch->group[0] : NULL);
        wants_round =
            batch->group[0]->handler->step(batch, batch->group, batch->group_count, batch->round++);
        if (wants_round && sugu_db_is_round_empty(batch->db))
            continue;
        if (wants_round) {
            end_round(batch, /* has_commit= */ false);
            SUGU_FAILPOINT_BATCH("step.sent", batch);
            return;
        }
        for (size_t i = 0; i < batch->group_count; i++)
            assert(batch->group[i]->reply);
        if (undo_bug(batch))
            return;
        batch->group_count = 0;
    }
}

/* ---- rounds */

static void
on_failed_round(struct sugu_batch *batch,
                const struct sugu_error *error,
                const struct sugu_db_failure *failure)
{
    if (batch->phase != SUGU_BATCH_ROLLBACK) {
        batch->status = error->status;
        batch->error = *error;
        batch->culprit = failure->owner;
    }
    /* What the round had found before it failed. */
    free_found(batch);
    if (failure->statement >= 0 && failure->statement != SUGU_STATEMENT_TX_ROLLBACK) {
        roll_back(batch);
        return;
    }
    drop_events(batch);
    finish(batch);
}

static void
on_round(void *user,
         enum sugu_status status,
         const struct sugu_error *error,
         const struct sugu_db_failure *failure)
{
    struct sugu_batch *batch = user;

    if (status != SUGU_OK) {
        on_failed_round(batch, error, failure);
        return;
    }
    switch (batch->phase) {
    case SUGU_BATCH_FIND:
        take_day(batch);
        tell_left(batch);
        judge_found(batch);
        SUGU_FAILPOINT_BATCH("batch.found", batch);
        step_groups(batch);
        break;
    case SUGU_BATCH_STEP:
        SUGU_FAILPOINT_BATCH("step.answered", batch);
        step_groups(batch);
        break;
    case SUGU_BATCH_END:
        SUGU_FAILPOINT_BATCH("end.committed", batch);
        batch->opened_facility = batch->facility.facility;
        batch->opened_day = batch->day;
        batch->status = SUGU_OK;
        finish(batch);
        break;
    case SUGU_BATCH_ROLLBACK:
        finish(batch);
        break;
    case SUGU_BATCH_IDLE:
        abort(); /* a round of an idle batch */
    }
}

void
sugu_batch_start(struct sugu_batch *batch,
                 const struct sugu_facility *facility,
                 struct sugu_work *const *works,
                 size_t count,
                 void (*on_done)(void *user, struct sugu_batch *batch),
                 void *user)
{
    assert(batch->phase == SUGU_BATCH_IDLE && count > 0 && count <= SUGU_BATCH_MAX);
    if (!batch->find)
        batch->find = calloc(1, sizeof *batch->find);
    if (!batch->find)
        abort();
    drop_events(batch);
    memcpy(batch->works, works, count * sizeof *works);
    batch->count = count;
    batch->facility = *facility;
    batch->now_utc = batch->clock->utc_us(batch->clock);
    if (!sugu_business_day(&facility->day_rule, batch->now_utc, &batch->day))
        abort(); /* a clock outside 1868–2999 cannot date money */
    batch->on_done = on_done;
    batch->user = user;
    batch->group_count = 0;
    batch->culprit = NULL;
    batch->has_bug = false;
    batch->phase = SUGU_BATCH_FIND;
    SUGU_FAILPOINT_BATCH("batch.begun", batch);
    send_find(batch);
}
