/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue-view - a visit with all its stages, and the events that tell what became of them
 */
#include "handlers/queue-view.h"

#include <string.h>

void
sugu_range_minutes(int32_t low_s, int32_t high_s, uint32_t *ret_low_min, uint32_t *ret_high_min)
{
    int32_t low = low_s / 60, high = (high_s + 59) / 60;

    *ret_low_min = *ret_high_min = 0;
    if (high_s <= 0 || low_s < 0)
        return;
    *ret_low_min = low < 1439 ? (uint32_t)low : 1439;
    *ret_high_min = high <= low ? *ret_low_min + 1 : high < 1440 ? (uint32_t)high : 1440;
}

void
sugu_visit_view_send(struct sugu_batch *batch, struct sugu_visit_view *view, struct sugu_id visit)
{
    int32_t facility = batch->facility.facility;

    sugu_visit_view_done(view);
    view->visit = visit;
    sugu_db_visit_head(batch->db,
                       &(struct sugu_visit_head_params){.facility = facility, .visit = visit},
                       &view->head);
    sugu_db_stage_list(batch->db,
                       &(struct sugu_stage_list_params){.facility = facility, .visit = visit},
                       &view->stages);
}

void
sugu_visit_view_done(struct sugu_visit_view *view)
{
    sugu_stage_list_rows_done(&view->stages);
}

const struct sugu_stage_list_row *
sugu_visit_view_stage(const struct sugu_visit_view *view, int stage)
{
    for (size_t i = 0; i < view->stages.count; i++)
        if (view->stages.rows[i].stage == stage)
            return &view->stages.rows[i];
    return NULL;
}

static const char *
number_of(struct sugu_visit_view *view)
{
    sugu_ticket_number_format(view->number, view->head.series, (uint32_t)view->head.number);
    return view->number;
}

size_t
sugu_visit_view_list(struct sugu_visit_view *view)
{
    size_t count = 0;

    for (size_t i = 0; i < view->stages.count && count < SUGU_VISIT_STAGES_MAX; i++) {
        struct sugu_stage_list_row *row = &view->stages.rows[i];
        Sugu__TicketStage *part = &view->parts[count];
        if (row->state == SUGU_STAGE_MOVED || row->state == SUGU_STAGE_DROPPED)
            continue;
        sugu__ticket_stage__init(part);
        part->department = row->department;
        part->department_name = row->department_name;
        part->kind = (Sugu__StageKind)row->kind;
        part->state = (Sugu__StageState)row->state;
        part->before_you = (uint32_t)row->ahead_now;
        part->desk = row->desk;
        part->desk_word = (Sugu__DeskWord)row->desk_word;
        part->appointment_utc_us = row->appointment_at;
        if (row->state == SUGU_STAGE_WAITING)
            sugu_range_minutes(row->low_s, row->high_s, &part->low_min, &part->high_min);
        view->list[count++] = part;
    }
    return count;
}

void
sugu_visit_view_fill_stages(struct sugu_visit_view *view, Sugu__Ticket *to)
{
    to->n_stages = sugu_visit_view_list(view);
    to->stages = view->list;
}

void
sugu_queue_entry_publish(struct sugu_batch *batch, Sugu__QueueEntry *entry)
{
    Sugu__Event event = SUGU__EVENT__INIT;

    event.body_case = SUGU__EVENT__BODY_QUEUE_CHANGED;
    event.queue_changed = entry;
    sugu_batch_event(batch, SUGU_ROLE_DESK, "", NULL, &event);
}

/* What of an entry belongs to the visit as a whole. */
static void
fill_visit(struct sugu_visit_view *view, Sugu__QueueEntry *entry)
{
    sugu__queue_entry__init(entry);
    entry->visit = sugu_id_field(&view->visit);
    entry->number = (char *)number_of(view);
    entry->priority = (Sugu__Priority)view->head.priority;
    entry->arrived_utc_us = view->head.arrived_at;
    entry->patient_number = view->head.patient_number;
    entry->patient_name = view->head.patient_name;
    entry->visit_state = (Sugu__VisitState)view->head.state;
    entry->language = view->head.language;
}

void
sugu_visit_view_publish_bill_wait(struct sugu_batch *batch, struct sugu_visit_view *view)
{
    Sugu__QueueEntry entry;

    fill_visit(view, &entry);
    entry.waiting_utc_us = entry.due_utc_us = view->head.over_at;
    entry.rank = 2;
    sugu_queue_entry_publish(batch, &entry);
}

static void
publish_to_desks(struct sugu_batch *batch,
                 struct sugu_visit_view *view,
                 const struct sugu_stage_list_row *row)
{
    Sugu__QueueEntry entry;

    fill_visit(view, &entry);
    entry.stage = (uint32_t)row->stage;
    entry.department = (char *)row->department;
    entry.state = (Sugu__StageState)row->state;
    entry.desk = (char *)row->desk;
    entry.appointment_utc_us = row->appointment_at;
    entry.waiting_utc_us = row->waiting_at;
    entry.due_utc_us = row->due_at;
    entry.rank = (uint32_t)row->rank;
    entry.called_utc_us = row->called_at;
    entry.parked_until_utc_us = row->parked_until;
    entry.calls = (uint32_t)row->calls;
    entry.reason = (char *)row->reason;
    sugu_range_minutes(row->low_s, row->high_s, &entry.low_min, &entry.high_min);
    sugu_queue_entry_publish(batch, &entry);
}

static void
publish_to_boards(struct sugu_batch *batch,
                  struct sugu_visit_view *view,
                  const struct sugu_stage_list_row *row)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__NumberCalled called = SUGU__NUMBER_CALLED__INIT;

    called.number = (char *)number_of(view);
    called.department = (char *)row->department;
    called.department_name = (char *)row->department_name;
    called.state = (Sugu__StageState)row->state;
    called.desk = (char *)row->desk;
    called.desk_word = (Sugu__DeskWord)row->desk_word;
    called.called_utc_us = row->called_at;
    called.calls = (uint32_t)row->calls;
    called.language = view->head.language;
    event.body_case = SUGU__EVENT__BODY_NUMBER_CALLED;
    event.number_called = &called;
    sugu_batch_event(batch, SUGU_ROLE_BOARD, "", NULL, &event);
}

static void
publish_to_kiosk(struct sugu_batch *batch,
                 struct sugu_visit_view *view,
                 const struct sugu_stage_list_row *row)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__Stage stage = SUGU__STAGE__INIT;

    stage.visit = sugu_id_field(&view->visit);
    stage.number = (char *)number_of(view);
    stage.department = (char *)row->department;
    stage.state = (Sugu__StageState)row->state;
    stage.desk = (char *)row->desk;
    stage.desk_word = (Sugu__DeskWord)row->desk_word;
    stage.visit_state = (Sugu__VisitState)view->head.state;
    event.body_case = SUGU__EVENT__BODY_STAGE_CHANGED;
    event.stage_changed = &stage;
    sugu_batch_event(batch, SUGU_ROLE_KIOSK, "", &view->visit, &event);
}

static bool
is_on_board(int state)
{
    return state == SUGU_STAGE_CALLED || state == SUGU_STAGE_PRESENT || state == SUGU_STAGE_MISSED;
}

void
sugu_visit_view_publish(struct sugu_batch *batch,
                        struct sugu_visit_view *view,
                        const struct sugu_stage_list_row *stage,
                        bool was_on_board)
{
    publish_to_desks(batch, view, stage);
    if (was_on_board || is_on_board(stage->state))
        publish_to_boards(batch, view, stage);
    publish_to_kiosk(batch, view, stage);
}

void
sugu_visit_changed_publish(struct sugu_batch *batch,
                           const struct sugu_id *visit,
                           const char *department)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__VisitChanged changed = SUGU__VISIT_CHANGED__INIT;

    changed.visit = sugu_id_field(visit);
    changed.department = (char *)department;
    event.body_case = SUGU__EVENT__BODY_VISIT_CHANGED;
    event.visit_changed = &changed;
    sugu_batch_event(batch, SUGU_ROLE_WEB, "", NULL, &event);
}
