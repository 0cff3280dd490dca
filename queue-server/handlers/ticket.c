/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ticket - what a desk does with a ticket: call, finish, look up, record acts
 */
#include "handlers/view.h"

#include "domain/visit.h"

#include <string.h>

/* ---- MoveTicket */

struct move_ticket {
    struct sugu_desk_find_row desk;
    struct sugu_visit_by_number_row by_number;
    struct sugu_stage_next_row next;
    struct sugu_id visit;
    struct sugu_stage_lock_row stage;
    struct sugu_visit_lock_row visit_row;
    struct sugu_ticket_view ticket;
    unsigned stage_state, visit_state;
};
const struct sugu_state sugu_state_move_ticket = {sizeof(struct move_ticket), NULL};

static void
send_by_number(struct sugu_batch *batch, const char *number, struct sugu_visit_by_number_row *row)
{
    char series[2];
    uint32_t value;

    if (sugu_ticket_number_parse(number, series, &value))
        sugu_db_visit_by_number(
            batch->db,
            &(struct sugu_visit_by_number_params){.facility = batch->facility.facility,
                                                  .day = batch->day,
                                                  .series = series,
                                                  .number = (int32_t)value},
            row);
}

static bool
send_target(struct sugu_batch *batch, struct sugu_work *work)
{
    struct move_ticket *move = work->state;
    const Sugu__MoveTicket *body = work->request->move_ticket;
    int32_t facility = batch->facility.facility;

    if (!move->desk.is_found) {
        sugu_work_refuse(work, "desk.unknown", body->desk);
        return false;
    }
    if (body->verb == SUGU__TICKET_VERB__CALL_NEXT)
        sugu_db_stage_next(
            batch->db,
            &(struct sugu_stage_next_params){
                .facility = facility,
                .day = batch->day,
                .department = *body->department ? body->department : move->desk.department},
            &move->next);
    return true;
}

/* Locks the stage, then the visit: the order of every verb. */
static bool
send_locks(struct sugu_batch *batch, struct sugu_work *work)
{
    struct move_ticket *move = work->state;
    bool is_next = work->request->move_ticket->verb == SUGU__TICKET_VERB__CALL_NEXT;
    int32_t facility = batch->facility.facility;

    if (is_next ? !move->next.is_found : !move->by_number.is_found) {
        sugu_work_refuse(work, is_next ? "ticket.none-waiting" : "visit.unknown", "");
        return false;
    }
    move->visit = is_next ? move->next.visit : move->by_number.visit;
    sugu_db_stage_lock(batch->db,
                       &(struct sugu_stage_lock_params){.facility = facility, .visit = move->visit},
                       &move->stage);
    sugu_db_visit_lock(batch->db,
                       &(struct sugu_visit_lock_params){.facility = facility, .visit = move->visit},
                       &move->visit_row);
    return true;
}

static enum sugu_stage_event
event_of(Sugu__TicketVerb verb)
{
    switch (verb) {
    case SUGU__TICKET_VERB__CALL_NEXT:
    case SUGU__TICKET_VERB__CALL:
    case _SUGU__TICKET_VERB_IS_INT_SIZE:
        break;
    case SUGU__TICKET_VERB__CALL_AGAIN:
        return SUGU_STAGE_ON_CALL_AGAIN;
    case SUGU__TICKET_VERB__PRESENT:
        return SUGU_STAGE_ON_PRESENT;
    case SUGU__TICKET_VERB__FINISH:
        return SUGU_STAGE_ON_FINISH;
    case SUGU__TICKET_VERB__MISS:
        return SUGU_STAGE_ON_MISS;
    }
    return SUGU_STAGE_ON_CALL;
}

/* What the verb does to stage and visit, by the tables; false after a refusal. */
static bool
decide(struct sugu_work *work, enum sugu_stage_event event)
{
    struct move_ticket *move = work->state;
    struct sugu_error error;
    unsigned state = (unsigned)move->stage.state;
    bool is_taken =
        event == SUGU_STAGE_ON_CALL && (state == SUGU_STAGE_CALLED || state == SUGU_STAGE_PRESENT);
    enum sugu_visit_event visit_event;

    if (is_taken) {
        sugu_work_refuse(work, "ticket.already-called", move->stage.desk);
        return false;
    }
    if (sugu_machine_step(&sugu_stage_machine, state, event, &move->stage_state, NULL, &error) !=
        SUGU_OK) {
        sugu_work_reply_error(work, &error);
        return false;
    }
    move->visit_state = (unsigned)move->visit_row.state;
    if (event != SUGU_STAGE_ON_CALL && event != SUGU_STAGE_ON_FINISH)
        return true;
    visit_event =
        event == SUGU_STAGE_ON_CALL ? SUGU_VISIT_ON_STAGE_BEGUN : SUGU_VISIT_ON_STAGES_DONE;
    if (sugu_machine_step(&sugu_visit_machine, move->visit_state, visit_event, &move->visit_state,
                          NULL, &error) != SUGU_OK) {
        sugu_work_reply_error(work, &error);
        return false;
    }
    return true;
}

static void
write_move(struct sugu_batch *batch, struct sugu_work *work, enum sugu_stage_event event)
{
    struct move_ticket *move = work->state;
    int32_t facility = batch->facility.facility;
    bool is_call = event == SUGU_STAGE_ON_CALL || event == SUGU_STAGE_ON_CALL_AGAIN;

    sugu_db_stage_set_state(batch->db,
                            &(struct sugu_stage_set_state_params){
                                .facility = facility,
                                .visit = move->visit,
                                .stage = move->stage.stage,
                                .state = (int16_t)move->stage_state,
                                .desk = is_call ? work->request->move_ticket->desk : "",
                                .called_at = is_call ? batch->now_utc : 0,
                                .done_at = event == SUGU_STAGE_ON_FINISH ? batch->now_utc : 0},
                            NULL);
    if (move->visit_state != (unsigned)move->visit_row.state)
        sugu_db_visit_set_state(
            batch->db,
            &(struct sugu_visit_set_state_params){.facility = facility,
                                                  .visit = move->visit,
                                                  .state = (int16_t)move->visit_state,
                                                  .left_at = 0},
            NULL);
    sugu_ticket_view_send(batch, &move->ticket, move->visit);
}

static void
reply_moved(struct sugu_batch *batch, struct sugu_work *work)
{
    struct move_ticket *move = work->state;
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Stage stage = SUGU__STAGE__INIT;
    Sugu__Ticket ticket;

    sugu_ticket_view_fill(&move->ticket, &move->visit, /* with_token= */ false, &ticket);
    stage.visit = ticket.visit;
    stage.number = ticket.number;
    stage.department = ticket.department;
    stage.state = ticket.stage_state;
    stage.desk = ticket.desk;
    stage.visit_state = ticket.state;
    event.body_case = SUGU__EVENT__BODY_STAGE_CHANGED;
    event.stage_changed = &stage;
    sugu_batch_event(batch, SUGU_ROLE_DESK | SUGU_ROLE_BOARD | SUGU_ROLE_WEB | SUGU_ROLE_KIOSK, "",
                     &move->visit, &event);
    reply.body_case = SUGU__REPLY__BODY_STAGE;
    reply.stage = &stage;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_move_ticket(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct move_ticket *move = work->state;
    const Sugu__MoveTicket *body = work->request->move_ticket;
    enum sugu_stage_event event = event_of(body->verb);

    (void)count;
    switch (round) {
    case 0:
        sugu_db_desk_find(batch->db,
                          &(struct sugu_desk_find_params){.facility = batch->facility.facility,
                                                          .desk = body->desk},
                          &move->desk);
        send_by_number(batch, body->number, &move->by_number);
        return true;
    case 1:
        return send_target(batch, work);
    case 2:
        return send_locks(batch, work);
    case 3:
        if (!decide(work, event))
            return false;
        write_move(batch, work, event);
        return true;
    default:
        reply_moved(batch, work);
        return false;
    }
}

/* ---- RecordActs */

struct record_acts {
    struct sugu_visit_by_number_row by_number;
    struct sugu_visit_lock_row visit;
    struct sugu_ticket_view ticket;
};
const struct sugu_state sugu_state_record_acts = {sizeof(struct record_acts), NULL};

uint32_t
sugu_charge_ratio(int outcome, int ratio_percent)
{
    bool is_verified = outcome == SUGU__ELIGIBILITY_OUTCOME__VERIFIED ||
                       outcome == SUGU__ELIGIBILITY_OUTCOME__VERIFIED_WITH_CHANGE;

    return is_verified && ratio_percent > 0 ? (uint32_t)ratio_percent : 100;
}

static void
write_acts(struct sugu_batch *batch, const struct record_acts *record, const Sugu__RecordActs *body)
{
    const char *codes[300];
    int32_t counts[300];

    for (size_t i = 0; i < body->n_acts; i++) {
        codes[i] = body->acts[i]->code;
        counts[i] = (int32_t)body->acts[i]->count;
    }
    sugu_db_act_add(batch->db,
                    &(struct sugu_act_add_params){.count = body->n_acts,
                                                  .facility = batch->facility.facility,
                                                  .visit = record->by_number.visit,
                                                  .version = record->visit.acts_version + 1,
                                                  .codes = codes,
                                                  .counts = counts},
                    NULL);
}

static void
publish_acts(struct sugu_batch *batch, struct record_acts *record, const Sugu__RecordActs *body)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__ChargeOrder order = SUGU__CHARGE_ORDER__INIT;

    order.visit = sugu_id_field(&record->by_number.visit);
    order.acts_version = (uint32_t)record->visit.acts_version + 1;
    order.n_acts = body->n_acts;
    order.acts = body->acts;
    order.ratio_percent =
        sugu_charge_ratio(record->ticket.row.eligibility_outcome, record->ticket.row.ratio_percent);
    order.department = record->ticket.row.department;
    order.business_day = record->ticket.row.day;
    event.body_case = SUGU__EVENT__BODY_ACTS_RECORDED;
    event.acts_recorded = &order;
    sugu_batch_event(batch, SUGU_ROLE_FEE, "", NULL, &event);
}

static bool
may_record(struct sugu_work *work)
{
    const struct record_acts *record = work->state;
    bool is_over =
        record->visit.state == SUGU_VISIT_LEFT || record->visit.state == SUGU_VISIT_CANCELLED;

    if (is_over || work->request->record_acts->n_acts == 0) {
        sugu_work_refuse(work, "visit.not-allowed", is_over ? "the visit is over" : "no acts");
        return false;
    }
    for (size_t i = 0; i < work->request->record_acts->n_acts; i++)
        if (strlen(work->request->record_acts->acts[i]->code) != 9 ||
            strspn(work->request->record_acts->acts[i]->code, "0123456789") != 9) {
            sugu_work_refuse(work, "acts.unknown", work->request->record_acts->acts[i]->code);
            return false;
        }
    return true;
}

bool
sugu_step_record_acts(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct record_acts *record = work->state;
    const Sugu__RecordActs *body = work->request->record_acts;

    (void)count;
    if (round == 0) {
        send_by_number(batch, body->number, &record->by_number);
        return true;
    }
    if (!record->by_number.is_found) {
        sugu_work_refuse(work, "visit.unknown", "");
        return false;
    }
    if (round == 1) {
        sugu_db_visit_lock(batch->db,
                           &(struct sugu_visit_lock_params){.facility = batch->facility.facility,
                                                            .visit = record->by_number.visit},
                           &record->visit);
        sugu_ticket_view_send(batch, &record->ticket, record->by_number.visit);
        return true;
    }
    if (!may_record(work))
        return false;
    write_acts(batch, record, body);
    publish_acts(batch, record, body);
    sugu_work_reply_ok(work);
    return false;
}

/* ---- FindVisit */

struct find_visit {
    struct sugu_visit_by_number_row by_number;
    struct sugu_ticket_view ticket;
    struct sugu_bill_of_visit_row bill_of_visit;
    struct sugu_bill_view bill;
    struct sugu_paper_of_visit_rows papers;
    struct sugu_help_of_visit_rows helps;
};

static void
find_visit_done(void *state)
{
    struct find_visit *find = state;

    sugu_bill_view_done(&find->bill);
    sugu_paper_of_visit_rows_done(&find->papers);
    sugu_help_of_visit_rows_done(&find->helps);
}
const struct sugu_state sugu_state_find_visit = {sizeof(struct find_visit), find_visit_done};

static void
send_parts(struct sugu_batch *batch, struct find_visit *find)
{
    int32_t facility = batch->facility.facility;
    struct sugu_id visit = find->by_number.visit;

    sugu_ticket_view_send(batch, &find->ticket, visit);
    sugu_db_bill_of_visit(batch->db,
                          &(struct sugu_bill_of_visit_params){.facility = facility, .visit = visit},
                          &find->bill_of_visit);
    sugu_db_paper_of_visit(
        batch->db, &(struct sugu_paper_of_visit_params){.facility = facility, .visit = visit},
        &find->papers);
    sugu_db_help_of_visit(batch->db,
                          &(struct sugu_help_of_visit_params){.facility = facility, .visit = visit},
                          &find->helps);
}

static void
reply_found(struct sugu_work *work)
{
    struct find_visit *find = work->state;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__VisitFound found = SUGU__VISIT_FOUND__INIT;
    Sugu__PaperChange papers[50], *paper_list[50];
    Sugu__Help helps[50], *help_list[50];
    Sugu__Ticket ticket;
    Sugu__Bill bill;

    sugu_ticket_view_fill(&find->ticket, &find->by_number.visit, /* with_token= */ false, &ticket);
    found.ticket = &ticket;
    if (find->bill_of_visit.is_found) {
        sugu_bill_view_fill(&find->bill, &bill);
        found.bill = &bill;
    }
    for (size_t i = 0; i < find->papers.count; i++) {
        paper_list[i] = &papers[i];
        sugu__paper_change__init(&papers[i]);
        papers[i].paper = sugu_id_field(&find->papers.rows[i].paper);
        papers[i].kind = (Sugu__PaperKind)find->papers.rows[i].kind;
        papers[i].state = (Sugu__PaperState)find->papers.rows[i].state;
        papers[i].code = find->papers.rows[i].code;
    }
    for (size_t i = 0; i < find->helps.count; i++) {
        help_list[i] = &helps[i];
        sugu__help__init(&helps[i]);
        helps[i].place = find->helps.rows[i].place;
        helps[i].reason = find->helps.rows[i].reason;
        helps[i].number = ticket.number;
    }
    found.n_papers = find->papers.count;
    found.papers = paper_list;
    found.n_helps = find->helps.count;
    found.helps = help_list;
    found.eligibility = (Sugu__EligibilityOutcome)find->ticket.row.eligibility_outcome;
    found.eligibility_code = find->ticket.row.eligibility_code;
    reply.body_case = SUGU__REPLY__BODY_VISIT_FOUND;
    reply.visit_found = &found;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_find_visit(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct find_visit *find = work->state;

    (void)count;
    if (round == 0) {
        send_by_number(batch, work->request->find_visit->number, &find->by_number);
        return true;
    }
    if (!find->by_number.is_found) {
        sugu_work_refuse(work, "visit.unknown", "");
        return false;
    }
    if (round == 1) {
        send_parts(batch, find);
        return true;
    }
    if (round == 2 && find->bill_of_visit.is_found) {
        sugu_bill_view_send(batch, &find->bill, find->bill_of_visit.bill);
        return true;
    }
    reply_found(work);
    return false;
}
