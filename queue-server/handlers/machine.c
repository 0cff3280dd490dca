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

struct report_state {
    struct sugu_kiosk_state_set_row stored;
};
const struct sugu_state sugu_state_report_state = {sizeof(struct report_state), NULL};

/* The part that is worst off names the last error. */
static const char *
find_error(const Sugu__ReportState *body)
{
    for (size_t i = 0; i < body->n_parts; i++)
        if (body->parts[i]->health == SUGU__PART_HEALTH__PART_AWAY)
            return body->parts[i]->code;
    return "";
}

static void
store_report(struct sugu_batch *batch, struct sugu_work *work)
{
    struct report_state *state = work->state;
    const Sugu__ReportState *body = work->request->report_state;
    Sugu__Heartbeat heartbeat = SUGU__HEARTBEAT__INIT;
    uint8_t bytes[1024];
    size_t size;

    heartbeat.n_parts = body->n_parts;
    heartbeat.parts = body->parts;
    size = sugu__heartbeat__get_packed_size(&heartbeat);
    if (size > sizeof bytes)
        return; /* bounds.def allows less */
    sugu__heartbeat__pack(&heartbeat, bytes);
    sugu_db_kiosk_state_set(
        batch->db,
        &(struct sugu_kiosk_state_set_params){.facility = batch->facility.facility,
                                              .client = work->peer.client,
                                              .heard_at = batch->now_utc,
                                              .page = body->page,
                                              .parts = {bytes, size},
                                              .last_error = find_error(body)},
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
    const struct report_state *state = works[0]->state;

    (void)count;
    if (round == 0) {
        store_report(batch, works[0]);
        return true;
    }
    if (state->stored.is_news)
        publish_report(batch, works[0], state->stored.is_draining);
    sugu_work_reply_ok(works[0]);
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
