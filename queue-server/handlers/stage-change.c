/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stage-change - one change of a visit's stages: read, decided, written with its history, told
 */
#include "handlers/stage-change.h"

#include "domain/bill-machine.h"

#include <assert.h>
#include <string.h>

void
sugu_visit_change_send(struct sugu_batch *batch,
                       struct sugu_visit_change *change,
                       struct sugu_id visit)
{
    sugu_db_visit_lock(
        batch->db,
        &(struct sugu_visit_lock_params){.facility = batch->facility.facility, .visit = visit},
        &change->lock);
    sugu_visit_view_send(batch, &change->before, visit);
    sugu_house_send(batch, &change->house);
    change->write_count = 0;
    change->advanced = "";
}

void
sugu_visit_change_done(struct sugu_visit_change *change)
{
    sugu_visit_view_done(&change->before);
    sugu_visit_view_done(&change->after);
    sugu_house_done(&change->house);
}

/* ---- deciding */

static bool
is_over(unsigned state)
{
    return state == SUGU_STAGE_DONE || state == SUGU_STAGE_MOVED || state == SUGU_STAGE_DROPPED;
}

const struct sugu_stage_list_row *
sugu_visit_change_find_open(const struct sugu_visit_change *change, const char *department)
{
    for (size_t i = 0; i < change->before.stages.count; i++) {
        const struct sugu_stage_list_row *row = &change->before.stages.rows[i];
        if (strcmp(row->department, department) == 0 && !is_over((unsigned)row->state))
            return row;
    }
    return NULL;
}

bool
sugu_visit_change_has_open(const struct sugu_visit_change *change, const char *department)
{
    return sugu_visit_change_find_open(change, department) != NULL;
}

struct sugu_stage_write *
sugu_visit_change_stage(struct sugu_visit_change *change,
                        const struct sugu_stage_list_row *from,
                        unsigned to,
                        int64_t now_utc)
{
    struct sugu_stage_write *write = &change->writes[change->write_count++];

    assert(change->write_count <= SUGU_VISIT_STAGES_MAX);
    *write = (struct sugu_stage_write){
        .stage = from->stage,
        .from = from,
        .to = to,
        .desk = "",
        .waiting_at = from->waiting_at,
        .called_at = from->called_at,
        .done_at = is_over(to) ? now_utc : 0,
        .reason = from->reason,
    };
    if (from->state == SUGU_STAGE_WAITING)
        change->advanced = from->department;
    return write;
}

void
sugu_visit_change_place(const struct sugu_visit_change *change,
                        struct sugu_stage_write *write,
                        const struct sugu_department_list_row *department,
                        int64_t appointment_utc_us)
{
    write->department = department;
    write->place.appointment_utc_us = appointment_utc_us;
    write->place.priority = (enum sugu_priority)change->lock.priority;
    write->place.visit = change->before.visit;
    sugu_house_set_place(write->department, change->lock.arrived_at, write->waiting_at,
                         &write->place);
    write->is_enqueued = true;
}

struct sugu_stage_write *
sugu_visit_change_add(struct sugu_batch *batch,
                      struct sugu_visit_change *change,
                      const struct sugu_department_list_row *department,
                      int64_t waiting_at,
                      const char *reason)
{
    struct sugu_stage_write *write;
    int highest = 0, added = 0;

    (void)batch;
    for (size_t i = 0; i < change->before.stages.count; i++)
        if (change->before.stages.rows[i].stage > highest)
            highest = change->before.stages.rows[i].stage;
    for (size_t i = 0; i < change->write_count; i++)
        added += !change->writes[i].from;
    if (highest + added >= SUGU_VISIT_STAGES_MAX || change->write_count >= SUGU_VISIT_STAGES_MAX)
        return NULL;
    write = &change->writes[change->write_count++];
    *write = (struct sugu_stage_write){
        .stage = highest + added + 1,
        .to = SUGU_STAGE_WAITING,
        .desk = "",
        .waiting_at = waiting_at,
        .reason = reason,
    };
    sugu_visit_change_place(change, write, department, 0);
    return write;
}

void
sugu_visit_change_to_counter(struct sugu_batch *batch,
                             struct sugu_visit_change *change,
                             const char *reason)
{
    const struct sugu_department_list_row *counter = sugu_house_counter(&change->house);
    struct sugu_stage_write *write;

    if (!counter || change->lock.state >= SUGU_VISIT_LEFT ||
        sugu_visit_change_has_open(change, counter->department))
        return;
    write = sugu_visit_change_add(batch, change, counter, batch->now_utc, reason);
    if (write)
        write->to = SUGU_STAGE_PLANNED;
}

/* Codes that a stage at the counter for bills has as its reason. */
static bool
is_of_bill(const struct sugu_stage_list_row *row)
{
    return strcmp(row->reason, "bill.to-counter") == 0 ||
           strcmp(row->reason, "payment.held") == 0 ||
           strcmp(row->reason, "payment.partial") == 0 || strcmp(row->reason, "bill.revised") == 0;
}

void
sugu_visit_change_from_counter(struct sugu_batch *batch, struct sugu_visit_change *change)
{
    for (size_t i = 0; i < change->before.stages.count; i++) {
        const struct sugu_stage_list_row *row = &change->before.stages.rows[i];
        bool is_there = row->state == SUGU_STAGE_PRESENT;
        if (!is_over((unsigned)row->state) && is_of_bill(row))
            sugu_visit_change_stage(change, row, is_there ? SUGU_STAGE_DONE : SUGU_STAGE_DROPPED,
                                    batch->now_utc);
    }
}

void
sugu_visit_change_restore(struct sugu_batch *batch,
                          struct sugu_visit_change *change,
                          const struct sugu_stage_change_last_row *last)
{
    const struct sugu_stage_list_row *now = sugu_visit_view_stage(&change->before, last->stage);
    bool was_made = last->from_state < 0;
    struct sugu_stage_write *write = sugu_visit_change_stage(
        change, now, was_made ? SUGU_STAGE_DROPPED : (unsigned)last->from_state, batch->now_utc);

    if (!was_made)
        write->restores = last->change;
}

/* ---- settling: what follows */

/* The stages as they will be, in the order of `before` and then those made now. */
struct outlook {
    struct sugu_plan_stage stages[2 * SUGU_VISIT_STAGES_MAX];
    const struct sugu_stage_list_row *rows[2 * SUGU_VISIT_STAGES_MAX]; /* NULL: made now, by */
    struct sugu_stage_write *writes[2 * SUGU_VISIT_STAGES_MAX];
    size_t count;
};

static const struct sugu_stage_write *
find_write(const struct sugu_visit_change *change, int stage)
{
    for (size_t i = 0; i < change->write_count; i++)
        if (change->writes[i].stage == stage)
            return &change->writes[i];
    return NULL;
}

static void
look_out(struct sugu_visit_change *change, struct outlook *outlook)
{
    outlook->count = 0;
    for (size_t i = 0; i < change->before.stages.count; i++) {
        const struct sugu_stage_list_row *row = &change->before.stages.rows[i];
        const struct sugu_stage_write *write = find_write(change, row->stage);
        struct sugu_plan_stage *stage = &outlook->stages[outlook->count];
        outlook->rows[outlook->count++] = row;
        snprintf(stage->department, sizeof stage->department, "%s", row->department);
        stage->kind = (enum sugu_stage_kind)row->kind;
        stage->state = write ? (enum sugu_stage_state)write->to : (enum sugu_stage_state)row->state;
    }
    for (size_t i = 0; i < change->write_count; i++) {
        struct sugu_stage_write *write = &change->writes[i];
        struct sugu_plan_stage *stage = &outlook->stages[outlook->count];
        if (write->from)
            continue;
        outlook->writes[outlook->count] = write;
        outlook->rows[outlook->count++] = NULL;
        snprintf(stage->department, sizeof stage->department, "%s", write->department->department);
        stage->kind = (enum sugu_stage_kind)write->department->kind;
        stage->state = (enum sugu_stage_state)write->to;
    }
}

/* The planned stages that may wait now begin to. */
static void
ready_stages(struct sugu_batch *batch,
             struct sugu_visit_change *change,
             const struct outlook *outlook,
             const struct sugu_plan *plan)
{
    bool is_ready[2 * SUGU_VISIT_STAGES_MAX];

    if (sugu_plan_ready(plan, is_ready) == 0)
        return;
    for (size_t i = 0; i < outlook->count; i++) {
        struct sugu_stage_write *write;
        if (is_ready[i] && !outlook->rows[i])
            outlook->writes[i]->to = SUGU_STAGE_WAITING; /* its place is known already */
        if (!is_ready[i] || !outlook->rows[i] || change->write_count >= SUGU_VISIT_STAGES_MAX)
            continue;
        write =
            sugu_visit_change_stage(change, outlook->rows[i], SUGU_STAGE_WAITING, batch->now_utc);
        write->waiting_at = batch->now_utc;
        sugu_visit_change_place(change, write,
                                sugu_house_find(&change->house, outlook->rows[i]->department),
                                outlook->rows[i]->appointment_at);
    }
}

/* A wait that goes on at another place is measured anew: what was said of it does not hold. */
void
sugu_visit_change_reorder(struct sugu_batch *batch, struct sugu_visit_change *change)
{
    for (size_t i = 0; i < change->before.stages.count; i++) {
        const struct sugu_stage_list_row *row = &change->before.stages.rows[i];
        struct sugu_stage_write *write;
        if (is_over((unsigned)row->state) || find_write(change, row->stage))
            continue;
        write = sugu_visit_change_stage(change, row, (unsigned)row->state, batch->now_utc);
        sugu_visit_change_place(change, write, sugu_house_find(&change->house, row->department),
                                row->appointment_at);
        write->is_enqueued = row->state == SUGU_STAGE_WAITING;
        write->is_reordered = !write->is_enqueued;
    }
}

static bool
step_visit(struct sugu_visit_change *change, enum sugu_visit_event event)
{
    unsigned next;

    if (!sugu_machine_allows(&sugu_visit_machine, change->visit_state, event) ||
        sugu_machine_step(&sugu_visit_machine, change->visit_state, event, &next, NULL, NULL) !=
            SUGU_OK)
        return false;
    change->visit_state = next;
    return true;
}

/* The last stage is over: on to the bill, also to one that came, or was paid, before. */
static void
step_to_bill(struct sugu_visit_change *change)
{
    int bill = change->before.head.bill_state;
    bool has_bill = change->before.head.has_bill;

    step_visit(change, SUGU_VISIT_ON_STAGES_DONE);
    if (change->visit_state != SUGU_VISIT_AWAITING_BILL || !has_bill || bill == SUGU_BILL_WITHDRAWN)
        return;
    step_visit(change, SUGU_VISIT_ON_BILL_ANNOUNCED);
    if (bill == SUGU_BILL_SETTLED)
        step_visit(change, SUGU_VISIT_ON_BILL_SETTLED);
}

static bool
has_state(const struct outlook *outlook, enum sugu_stage_state a, enum sugu_stage_state b)
{
    for (size_t i = 0; i < outlook->count; i++)
        if (outlook->stages[i].state == a || outlook->stages[i].state == b)
            return true;
    return false;
}

bool
sugu_visit_change_settle(struct sugu_batch *batch,
                         struct sugu_visit_change *change,
                         struct sugu_work *work,
                         bool is_no_show)
{
    struct outlook outlook;
    struct sugu_plan plan;
    bool was_open, is_begun;

    change->visit_state = (unsigned)change->lock.state;
    look_out(change, &outlook);
    plan = sugu_house_plan(&change->house, outlook.stages, outlook.count,
                           change->visit_state == SUGU_VISIT_SETTLED);
    was_open =
        change->visit_state == SUGU_VISIT_ARRIVED || change->visit_state == SUGU_VISIT_IN_STAGES;
    is_begun = has_state(&outlook, SUGU_STAGE_CALLED, SUGU_STAGE_PRESENT);
    if (is_begun && !step_visit(change, SUGU_VISIT_ON_STAGE_BEGUN)) {
        sugu_work_refuse(work, "visit.not-allowed", "");
        return false;
    }
    if (is_no_show && !has_state(&outlook, SUGU_STAGE_DONE, SUGU_STAGE_DONE)) {
        step_visit(change, SUGU_VISIT_ON_NO_SHOW);
        return true;
    }
    ready_stages(batch, change, &outlook, &plan);
    if (was_open && !sugu_plan_has_open(&plan))
        step_to_bill(change);
    else if (!was_open && sugu_plan_has_open(&plan) && !is_begun)
        step_visit(change, SUGU_VISIT_ON_STAGE_ADDED);
    /* Who paid before the last stage ended, or fetched the medicines last, has nothing left. */
    if (change->visit_state == SUGU_VISIT_SETTLED && !sugu_plan_has_any(&plan))
        step_visit(change, SUGU_VISIT_ON_LEAVE);
    return true;
}

/* ---- writing */

static void
enqueue_stage(struct sugu_batch *batch,
              const struct sugu_visit_change *change,
              const struct sugu_stage_write *write)
{
    sugu_db_stage_enqueue(
        batch->db,
        &(struct sugu_stage_enqueue_params){.facility = batch->facility.facility,
                                            .visit = change->before.visit,
                                            .stage = (int16_t)write->stage,
                                            .day = change->lock.day,
                                            .department = write->department->department,
                                            .state = (int16_t)write->to,
                                            .reason = write->reason,
                                            .waiting_at = write->waiting_at,
                                            .rank = (int16_t)sugu_queue_rank(write->place.priority),
                                            .due_at = write->place.due_utc_us,
                                            .appointment_at = write->place.appointment_utc_us,
                                            .at = batch->now_utc},
        NULL);
}

static void
write_stage(struct sugu_batch *batch,
            const struct sugu_visit_change *change,
            const struct sugu_stage_write *write)
{
    int32_t facility = batch->facility.facility;

    if (write->is_enqueued) {
        enqueue_stage(batch, change, write);
        return;
    }
    if (write->is_reordered) {
        sugu_db_stage_reorder(batch->db,
                              &(struct sugu_stage_reorder_params){
                                  .facility = facility,
                                  .visit = change->before.visit,
                                  .stage = (int16_t)write->stage,
                                  .rank = (int16_t)sugu_queue_rank(write->place.priority),
                                  .due_at = write->place.due_utc_us},
                              NULL);
        return;
    }
    if (write->restores) {
        sugu_db_stage_restore(batch->db,
                              &(struct sugu_stage_restore_params){.facility = facility,
                                                                  .visit = change->before.visit,
                                                                  .stage = (int16_t)write->stage,
                                                                  .change = write->restores},
                              NULL);
        return;
    }
    sugu_db_stage_set(batch->db,
                      &(struct sugu_stage_set_params){.facility = facility,
                                                      .visit = change->before.visit,
                                                      .stage = (int16_t)write->stage,
                                                      .state = (int16_t)write->to,
                                                      .desk = write->desk,
                                                      .waiting_at = write->waiting_at,
                                                      .called_at = write->called_at,
                                                      .done_at = write->done_at,
                                                      .parked_until = write->parked_until,
                                                      .is_call = write->is_call,
                                                      .at = batch->now_utc},
                      NULL);
}

/* Before the stages themselves are written: it copies what is there. */
static void
write_history(struct sugu_batch *batch,
              const struct sugu_visit_change *change,
              const struct sugu_work *work,
              const struct sugu_verb *verb)
{
    int16_t stages[SUGU_VISIT_STAGES_MAX], to[SUGU_VISIT_STAGES_MAX];
    int16_t priority = change->before.head.priority;
    bool is_by_desk = verb->verb != SUGU_VERB_SETTLE;

    for (size_t i = 0; i < change->write_count; i++) {
        stages[i] = (int16_t)change->writes[i].stage;
        to[i] = (int16_t)change->writes[i].to;
    }
    sugu_db_stage_change_add(
        batch->db,
        &(struct sugu_stage_change_add_params){
            .count = change->write_count,
            .facility = batch->facility.facility,
            .visit = change->before.visit,
            .verb = (int16_t)verb->verb,
            .changed_at = batch->now_utc,
            .client = work->peer.client,
            .staff = work->staff,
            .desk = is_by_desk ? verb->desk : "",
            .visit_state = change->lock.state,
            .priority = change->lock.priority == priority ? (int16_t)-1 : priority,
            .stages = stages,
            .to_states = to},
        NULL);
    if (change->undone)
        sugu_db_stage_change_undo(
            batch->db,
            &(struct sugu_stage_change_undo_params){.facility = batch->facility.facility,
                                                    .visit = change->before.visit,
                                                    .change = change->undone},
            NULL);
}

void
sugu_visit_change_write(struct sugu_batch *batch,
                        struct sugu_visit_change *change,
                        const struct sugu_work *work,
                        const struct sugu_verb *verb)
{
    int32_t facility = batch->facility.facility;

    if (change->write_count > 0)
        write_history(batch, change, work, verb);
    for (size_t i = 0; i < change->write_count; i++)
        write_stage(batch, change, &change->writes[i]);
    if (change->lock.priority != change->before.head.priority)
        sugu_db_visit_set_priority(
            batch->db,
            &(struct sugu_visit_set_priority_params){.facility = facility,
                                                     .visit = change->before.visit,
                                                     .priority = change->lock.priority},
            NULL);
    if (change->visit_state != (unsigned)change->lock.state)
        sugu_db_visit_set_state(
            batch->db,
            &(struct sugu_visit_set_state_params){
                .facility = facility,
                .visit = change->before.visit,
                .state = (int16_t)change->visit_state,
                .left_at = change->visit_state == SUGU_VISIT_LEFT ? batch->now_utc : 0},
            NULL);
    if (change->visit_state == SUGU_VISIT_SETTLED || change->visit_state == SUGU_VISIT_LEFT)
        sugu_may_leave(batch, change->before.visit);
    sugu_audit(batch, work, sugu_request_name(work->request), &change->before.visit, verb->desk);
    if (*change->advanced)
        sugu_db_notice_soon(
            batch->db,
            &(struct sugu_notice_soon_params){
                .facility = facility,
                .day = change->lock.day,
                .department = change->advanced,
                .made_at = batch->now_utc,
                .expires_at = sugu_notice_expires(batch, SUGU__NOTICE_KIND__NOTICE_SOON)},
            NULL);
    sugu_visit_view_send(batch, &change->after, change->before.visit);
}

/* ---- telling */

static bool
was_on_board(const struct sugu_stage_write *write)
{
    return write->from &&
           (write->from->state == SUGU_STAGE_CALLED || write->from->state == SUGU_STAGE_PRESENT ||
            write->from->state == SUGU_STAGE_MISSED);
}

void
sugu_visit_change_publish(struct sugu_batch *batch, struct sugu_visit_change *change)
{
    for (size_t i = 0; i < change->write_count; i++) {
        const struct sugu_stage_list_row *row =
            sugu_visit_view_stage(&change->after, change->writes[i].stage);
        if (row)
            sugu_visit_view_publish(batch, &change->after, row, was_on_board(&change->writes[i]));
    }
    if ((change->lock.state == SUGU_VISIT_AWAITING_BILL) !=
        (change->visit_state == SUGU_VISIT_AWAITING_BILL))
        sugu_visit_view_publish_bill_wait(batch, &change->after);
    sugu_visit_changed_publish(batch, &change->before.visit, change->advanced);
}
