/* SPDX-License-Identifier: Apache-2.0 */
/*
 * help - a call for staff is over: somebody has taken care of it
 */
#include "handlers/view.h"

#include <stdio.h>

struct close_help {
    struct sugu_visit_by_number_row by_number;
    struct sugu_help_is_known_row known;
    struct sugu_help_close_rows closed;
};

static void
close_help_done(void *state)
{
    sugu_help_close_rows_done(&((struct close_help *)state)->closed);
}
const struct sugu_state sugu_state_close_help = {sizeof(struct close_help), close_help_done};

static void
send_close(struct sugu_batch *batch, struct sugu_work *work)
{
    struct close_help *state = work->state;
    const Sugu__CloseHelp *body = work->request->close_help;

    sugu_db_help_close(batch->db,
                       &(struct sugu_help_close_params){.facility = batch->facility.facility,
                                                        .place = body->place,
                                                        .reason = body->reason,
                                                        .visit = state->by_number.visit,
                                                        .asked = body->asked_utc_us,
                                                        .closed_at = batch->now_utc,
                                                        .staff = work->staff,
                                                        .desk = body->desk},
                       &state->closed);
}

/* Each desk hides it: that of the same moment for all. */
static void
publish_closed(struct sugu_batch *batch, const struct sugu_work *work)
{
    const Sugu__CloseHelp *body = work->request->close_help;
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__HelpClosed closed = SUGU__HELP_CLOSED__INIT;

    closed.place = body->place;
    closed.reason = body->reason;
    closed.number = body->number;
    closed.asked_utc_us = body->asked_utc_us;
    event.body_case = SUGU__EVENT__BODY_HELP_CLOSED;
    event.help_closed = &closed;
    sugu_batch_event(batch, SUGU_ROLE_DESK, "", NULL, &event);
}

static void
finish_close(struct sugu_batch *batch, struct sugu_work *work)
{
    const struct close_help *state = work->state;
    const Sugu__CloseHelp *body = work->request->close_help;
    char detail[160];

    if (state->closed.count > 0) { /* else another desk has closed it: as it is wished */
        snprintf(detail, sizeof detail, "%s %s", body->place, body->reason);
        sugu_audit(batch, work, "close-help",
                   state->by_number.is_found ? &state->by_number.visit : NULL, detail);
        publish_closed(batch, work);
    }
    sugu_work_reply_ok(work);
}

bool
sugu_step_close_help(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct close_help *state = work->state;
    const Sugu__CloseHelp *body = work->request->close_help;

    (void)count;
    switch (round) {
    case 0:
        sugu_visit_by_number_send(batch, body->number, &state->by_number);
        sugu_db_help_is_known(
            batch->db,
            &(struct sugu_help_is_known_params){
                .facility = batch->facility.facility, .place = body->place, .reason = body->reason},
            &state->known);
        return true;
    case 1:
        if (!state->known.is_found || (*body->number && !state->by_number.is_found)) {
            sugu_work_refuse(work, "help.unknown", body->place);
            return false;
        }
        send_close(batch, work);
        return true;
    default:
        finish_close(batch, work);
        return false;
    }
}
