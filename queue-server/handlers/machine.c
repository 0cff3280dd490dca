/* SPDX-License-Identifier: Apache-2.0 */
/*
 * machine - the kiosks as the desk sees them, and what it tells them to do
 */
#include "handlers/view.h"

#include <stdlib.h>

#define KIOSKS_MAX 50

/* ---- GetKiosks */

struct get_kiosks {
    struct sugu_kiosk_state_list_rows rows;
    Sugu__Heartbeat *heartbeats[KIOSKS_MAX]; /* as they were stored */
};

static void
get_kiosks_done(void *state)
{
    struct get_kiosks *get = state;

    sugu_kiosk_state_list_rows_done(&get->rows);
    for (size_t i = 0; i < KIOSKS_MAX; i++)
        if (get->heartbeats[i])
            sugu__heartbeat__free_unpacked(get->heartbeats[i], NULL);
}
const struct sugu_state sugu_state_get_kiosks = {sizeof(struct get_kiosks), get_kiosks_done};

static void
fill_kiosk(struct get_kiosks *get, size_t index, Sugu__Kiosk *to)
{
    struct sugu_kiosk_state_list_row *row = &get->rows.rows[index];

    sugu__kiosk__init(to);
    to->place = row->place;
    to->client = row->client;
    to->role = row->role;
    to->heard_utc_us = row->heard_at;
    to->page = row->page;
    to->is_draining = row->is_draining;
    to->last_error = row->last_error;
    to->errored_utc_us = row->errored_at;
    get->heartbeats[index] = sugu__heartbeat__unpack(NULL, row->parts_size, row->parts);
    if (get->heartbeats[index]) {
        to->n_parts = get->heartbeats[index]->n_parts;
        to->parts = get->heartbeats[index]->parts;
    }
}

static void
reply_kiosks(struct sugu_work *work)
{
    struct get_kiosks *get = work->state;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Kiosks kiosks = SUGU__KIOSKS__INIT;
    Sugu__Kiosk kiosk[KIOSKS_MAX], *list[KIOSKS_MAX];

    for (size_t i = 0; i < get->rows.count; i++) {
        list[i] = &kiosk[i];
        fill_kiosk(get, i, list[i]);
    }
    kiosks.n_kiosks = get->rows.count;
    kiosks.kiosks = list;
    kiosks.is_last = get->rows.count < KIOSKS_MAX;
    reply.body_case = SUGU__REPLY__BODY_KIOSKS;
    reply.kiosks = &kiosks;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_get_kiosks(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct get_kiosks *get = works[0]->state;

    (void)count;
    if (round == 0) {
        sugu_db_kiosk_state_list(
            batch->db,
            &(struct sugu_kiosk_state_list_params){.facility = batch->facility.facility,
                                                   .after = works[0]->request->get_kiosks->after},
            &get->rows);
        return true;
    }
    reply_kiosks(works[0]);
    return false;
}

/* ---- ReportState */

#define PARTS_SIZE_MAX 1024 /* as stored; bounds.def allows less */

/* The state of the group's first work. */
struct report_state {
    struct sugu_kiosk_state_set_rows stored;
    uint8_t (*parts)[PARTS_SIZE_MAX];
    const struct sugu_work *told[SUGU_BATCH_MAX]; /* the newest of each client */
    size_t count;
};

static void
report_state_done(void *user)
{
    struct report_state *state = user;

    sugu_kiosk_state_set_rows_done(&state->stored);
    free(state->parts);
}

const struct sugu_state sugu_state_report_state = {sizeof(struct report_state), report_state_done};

/* The part that is worst off names the last error. */
static const char *
find_error(const Sugu__ReportState *body)
{
    for (size_t i = 0; i < body->n_parts; i++)
        if (body->parts[i]->health == SUGU__PART_HEALTH__PART_AWAY)
            return body->parts[i]->code;
    return "";
}

/* Later works are newer: what a client said before is of no interest any more. */
static void
choose_newest(struct report_state *state, struct sugu_work *const *works, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        while (at < state->count && state->told[at]->peer.client != works[i]->peer.client)
            at++;
        state->told[at] = works[i];
        state->count += at == state->count;
    }
}

static struct sugu_bytes
pack_parts(const Sugu__ReportState *body, uint8_t bytes[PARTS_SIZE_MAX])
{
    Sugu__Heartbeat heartbeat = SUGU__HEARTBEAT__INIT;

    heartbeat.n_parts = body->n_parts;
    heartbeat.parts = body->parts;
    if (sugu__heartbeat__get_packed_size(&heartbeat) > PARTS_SIZE_MAX)
        return (struct sugu_bytes){bytes, 0};
    return (struct sugu_bytes){bytes, sugu__heartbeat__pack(&heartbeat, bytes)};
}

static void
store_reports(struct sugu_batch *batch, struct report_state *state)
{
    int32_t clients[SUGU_BATCH_MAX];
    const char *pages[SUGU_BATCH_MAX], *errors[SUGU_BATCH_MAX];
    struct sugu_bytes parts[SUGU_BATCH_MAX];

    state->parts = calloc(state->count, sizeof *state->parts);
    if (!state->parts)
        abort();
    for (size_t i = 0; i < state->count; i++) {
        const Sugu__ReportState *body = state->told[i]->request->report_state;
        clients[i] = state->told[i]->peer.client;
        pages[i] = body->page;
        errors[i] = find_error(body);
        parts[i] = pack_parts(body, state->parts[i]);
    }
    sugu_db_kiosk_state_set(
        batch->db,
        &(struct sugu_kiosk_state_set_params){.count = state->count,
                                              .facility = batch->facility.facility,
                                              .heard_at = batch->now_utc,
                                              .clients = clients,
                                              .pages = pages,
                                              .parts = parts,
                                              .last_errors = errors},
        &state->stored);
}

static void
publish_report(struct sugu_batch *batch, const struct sugu_work *work, bool is_draining)
{
    const Sugu__ReportState *body = work->request->report_state;
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__Kiosk kiosk = SUGU__KIOSK__INIT;

    kiosk.place = (char *)work->peer.place;
    kiosk.client = (char *)work->peer.name;
    kiosk.role = work->peer.role == SUGU_ROLE_KIOSK     ? (char *)"kiosk"
                 : work->peer.role == SUGU_ROLE_PRINTER ? (char *)"printer"
                                                        : (char *)"payment";
    kiosk.heard_utc_us = batch->now_utc;
    kiosk.page = body->page;
    kiosk.n_parts = body->n_parts;
    kiosk.parts = body->parts;
    kiosk.is_draining = is_draining;
    event.body_case = SUGU__EVENT__BODY_KIOSK_CHANGED;
    event.kiosk_changed = &kiosk;
    sugu_batch_event(batch, SUGU_ROLE_DESK, "", NULL, &event);
}

bool
sugu_step_report_state(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct report_state *state = works[0]->state;

    if (round == 0) {
        choose_newest(state, works, count);
        store_reports(batch, state);
        return true;
    }
    for (size_t i = 0; i < state->stored.count && i < state->count; i++)
        if (state->stored.rows[i].is_news)
            publish_report(batch, state->told[i], state->stored.rows[i].is_draining);
    for (size_t i = 0; i < count; i++)
        sugu_work_reply_ok(works[i]);
    return false;
}

/* ---- CommandKiosk */

struct command_kiosk {
    struct sugu_kiosk_exists_row kiosk;
};
const struct sugu_state sugu_state_command_kiosk = {sizeof(struct command_kiosk), NULL};

/* What holds until it is taken back: the kiosk may be off, or begin anew. */
static void
store_orders(struct sugu_batch *batch, const Sugu__CommandKiosk *body)
{
    bool is_draining = body->verb == SUGU__KIOSK_VERB__DRAIN;

    if (is_draining || body->verb == SUGU__KIOSK_VERB__OPEN_AGAIN)
        sugu_db_kiosk_drain(batch->db,
                            &(struct sugu_kiosk_drain_params){.facility = batch->facility.facility,
                                                              .place = body->place,
                                                              .heard_at = batch->now_utc,
                                                              .is_draining = is_draining},
                            NULL);
    if (body->verb == SUGU__KIOSK_VERB__SHOW_MESSAGE)
        sugu_db_kiosk_message(
            batch->db,
            &(struct sugu_kiosk_message_params){.facility = batch->facility.facility,
                                                .place = body->place,
                                                .heard_at = batch->now_utc,
                                                .message = body->text},
            NULL);
}

static void
send_command(struct sugu_batch *batch, struct sugu_work *work)
{
    const Sugu__CommandKiosk *body = work->request->command_kiosk;
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__KioskCommand command = SUGU__KIOSK_COMMAND__INIT;

    store_orders(batch, body);
    sugu_audit(batch, work, "command-kiosk", NULL, body->place);
    command.verb = body->verb;
    command.text = body->text;
    event.body_case = SUGU__EVENT__BODY_KIOSK_COMMAND;
    event.kiosk_command = &command;
    sugu_batch_event(batch, SUGU_ROLE_KIOSK, body->place, NULL, &event);
    sugu_work_reply_ok(work);
}

bool
sugu_step_command_kiosk(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct command_kiosk *state = work->state;

    (void)count;
    if (round == 0) {
        sugu_db_kiosk_exists(
            batch->db,
            &(struct sugu_kiosk_exists_params){.facility = batch->facility.facility,
                                               .place = work->request->command_kiosk->place},
            &state->kiosk);
        return true;
    }
    if (!state->kiosk.is_found)
        sugu_work_refuse(work, "kiosk.unknown", work->request->command_kiosk->place);
    else
        send_command(batch, work);
    return false;
}
