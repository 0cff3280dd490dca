/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ticket - what a desk knows of a ticket: looking it up, recording its acts
 */
#include "handlers/view.h"

#include "domain/visit.h"

#include <string.h>

void
sugu_visit_by_number_send(struct sugu_batch *batch,
                          const char *number,
                          struct sugu_visit_by_number_row *row)
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
        sugu_visit_by_number_send(batch, body->number, &record->by_number);
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
        sugu_visit_by_number_send(batch, work->request->find_visit->number, &find->by_number);
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
