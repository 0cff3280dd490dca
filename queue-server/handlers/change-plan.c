/* SPDX-License-Identifier: Apache-2.0 */
/*
 * change-plan - orders that come and are dropped, the priority of a person, and check-in at a desk
 */
#include "handlers/arrive.h"
#include "handlers/stage-change.h"

#include <string.h>

/* ---- ChangePlan */

struct change_plan {
    struct sugu_visit_by_number_row by_number;
    struct sugu_visit_change change;
};

static void
change_plan_done(void *state)
{
    sugu_visit_change_done(&((struct change_plan *)state)->change);
}
const struct sugu_state sugu_state_change_plan = {sizeof(struct change_plan), change_plan_done};

/* A stage more is planned first; settling lets it wait where nothing comes before it. An order for
 * a department where the person is to go anyway changes nothing. */
static bool
add_orders(struct sugu_batch *batch, struct sugu_work *work)
{
    struct change_plan *plan = work->state;
    const Sugu__ChangePlan *body = work->request->change_plan;

    for (size_t i = 0; i < body->n_add; i++) {
        const struct sugu_department_list_row *department =
            sugu_house_find(&plan->change.house, body->add[i]->department);
        struct sugu_stage_write *write;
        if (!department || !department->is_open) {
            sugu_work_refuse(work, "department.unknown", body->add[i]->department);
            return false;
        }
        if (sugu_visit_change_has_open(&plan->change, body->add[i]->department))
            continue;
        write = sugu_visit_change_add(batch, &plan->change, department, batch->now_utc, "");
        if (!write) {
            sugu_work_refuse(work, "plan.full", "");
            return false;
        }
        write->to = SUGU_STAGE_PLANNED;
    }
    return true;
}

static bool
drop_orders(struct sugu_batch *batch, struct sugu_work *work)
{
    struct change_plan *plan = work->state;
    const Sugu__ChangePlan *body = work->request->change_plan;

    for (size_t i = 0; i < plan->change.before.stages.count; i++) {
        const struct sugu_stage_list_row *row = &plan->change.before.stages.rows[i];
        bool is_meant = false;
        for (size_t j = 0; j < body->n_drop; j++)
            is_meant = is_meant || strcmp(row->department, body->drop[j]->department) == 0;
        if (!is_meant || row->state == SUGU_STAGE_DONE || row->state == SUGU_STAGE_MOVED ||
            row->state == SUGU_STAGE_DROPPED)
            continue;
        if (row->state == SUGU_STAGE_CALLED || row->state == SUGU_STAGE_PRESENT) {
            sugu_work_refuse(work, "plan.not-allowed", row->department);
            return false;
        }
        sugu_visit_change_stage(&plan->change, row, SUGU_STAGE_DROPPED, batch->now_utc);
    }
    return true;
}

static bool
write_plan(struct sugu_batch *batch, struct sugu_work *work)
{
    struct change_plan *plan = work->state;
    const Sugu__ChangePlan *body = work->request->change_plan;
    int state = plan->change.lock.state;

    if (state == SUGU_VISIT_LEFT || state == SUGU_VISIT_NO_SHOW || state == SUGU_VISIT_CANCELLED) {
        sugu_work_refuse(work, "visit.not-allowed", "the visit is over");
        return false;
    }
    if (body->has_priority)
        plan->change.lock.priority = (int16_t)body->priority;
    if (!add_orders(batch, work) || !drop_orders(batch, work) ||
        !sugu_visit_change_settle(batch, &plan->change, work, /* is_no_show= */ false))
        return false;
    if (plan->change.lock.priority != plan->change.before.head.priority)
        sugu_visit_change_reorder(batch, &plan->change);
    sugu_visit_change_write(batch, &plan->change, work,
                            &(struct sugu_verb){SUGU_VERB_PLAN, body->desk});
    return true;
}

static void
reply_plan(struct sugu_batch *batch, struct sugu_work *work)
{
    struct change_plan *plan = work->state;
    struct sugu_visit_view *after = &plan->change.after;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Stage stage = SUGU__STAGE__INIT;

    sugu_visit_change_publish(batch, &plan->change);
    sugu_ticket_number_format(after->number, after->head.series, (uint32_t)after->head.number);
    stage.visit = sugu_id_field(&after->visit);
    stage.number = after->number;
    stage.visit_state = (Sugu__VisitState)after->head.state;
    stage.n_next = sugu_visit_view_list(after);
    stage.next = after->list;
    reply.body_case = SUGU__REPLY__BODY_STAGE;
    reply.stage = &stage;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_change_plan(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct change_plan *plan = work->state;

    (void)count;
    switch (round) {
    case 0:
        sugu_visit_by_number_send(batch, work->request->change_plan->number, &plan->by_number);
        return true;
    case 1:
        if (!plan->by_number.is_found) {
            sugu_work_refuse(work, "visit.unknown", "");
            return false;
        }
        sugu_visit_change_send(batch, &plan->change, plan->by_number.visit);
        return true;
    case 2:
        return write_plan(batch, work);
    default:
        reply_plan(batch, work);
        return false;
    }
}

/* ---- AssistCheckIn */

struct assist_check_in {
    struct sugu_arrivals arrivals;
    struct sugu_arrival arrival;
    struct sugu_patient_exists_row person;
    const char *departments[10];
};

static void
assist_check_in_done(void *state)
{
    sugu_arrivals_done(&((struct assist_check_in *)state)->arrivals);
}
const struct sugu_state sugu_state_assist_check_in = {sizeof(struct assist_check_in),
                                                      assist_check_in_done};

static void
take_assisted(struct sugu_batch *batch, struct sugu_work *work)
{
    struct assist_check_in *assist = work->state;
    const Sugu__AssistCheckIn *body = work->request->assist_check_in;
    struct sugu_arrival *arrival = &assist->arrival;

    arrival->visit = sugu_id_of(&body->visit);
    arrival->patient = sugu_id_of(&body->patient);
    arrival->reason = "";
    arrival->language = body->language;
    arrival->priority = (enum sugu_priority)body->priority;
    for (size_t i = 0; i < body->n_departments; i++)
        assist->departments[i] = body->departments[i]->department;
    arrival->departments = assist->departments;
    arrival->department_count = body->n_departments;
    batch->random->fill(batch->random, arrival->token, sizeof arrival->token);
    sugu_house_send(batch, &assist->arrivals.house);
    sugu_db_patient_exists(batch->db,
                           &(struct sugu_patient_exists_params){
                               .facility = batch->facility.facility, .patient = arrival->patient},
                           &assist->person);
}

static void
reply_assisted(struct sugu_batch *batch, struct sugu_work *work)
{
    struct assist_check_in *assist = work->state;
    struct sugu_arrival *arrival = &assist->arrival;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    struct sugu_ticket_parts parts;
    Sugu__Ticket ticket;

    sugu_arrivals_take(&assist->arrivals, &(struct sugu_arrival *){arrival}, 1);
    if (!arrival->is_issued) {
        sugu_work_refuse(work, arrival->refusal ? arrival->refusal : "department.unknown", "");
        return;
    }
    sugu_audit(batch, work, "assist-check-in", &arrival->visit,
               work->request->assist_check_in->desk);
    sugu_arrival_publish(batch, &assist->arrivals, arrival);
    sugu_arrival_ticket(batch, arrival, &parts, &ticket);
    ticket.token = (ProtobufCBinaryData){sizeof arrival->token, arrival->token};
    reply.body_case = SUGU__REPLY__BODY_TICKET;
    reply.ticket = &ticket;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_assist_check_in(struct sugu_batch *batch,
                          struct sugu_work **works,
                          size_t count,
                          int round)
{
    struct sugu_work *work = works[0];
    struct assist_check_in *assist = work->state;
    struct sugu_arrival *list[] = {&assist->arrival};

    (void)count;
    switch (round) {
    case 0:
        take_assisted(batch, work);
        return true;
    case 1:
        if (!assist->person.is_found && !sugu_id_is_none(&assist->arrival.patient)) {
            sugu_work_refuse(work, "patient.unknown", "");
            return false;
        }
        sugu_arrivals_send_sources(batch, &assist->arrivals, list, 1);
        return true;
    case 2:
        sugu_arrivals_send_issue(batch, &assist->arrivals, list, 1);
        return true;
    default:
        reply_assisted(batch, work);
        return false;
    }
}
