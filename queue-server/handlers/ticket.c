/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ticket - what a desk knows of a ticket
 */
#include "handlers/charge.h"
#include "handlers/on-file.h"
#include "handlers/queue-view.h"
#include "handlers/view.h"

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

/* ---- FindVisit */

struct find_visit {
    struct sugu_visit_by_number_row by_number;
    struct sugu_visit_by_id_row by_id; /* then taken as the other */
    struct sugu_ticket_view ticket;
    struct sugu_visit_view plan;
    struct sugu_bill_of_visit_row bill_of_visit;
    struct sugu_bill_view bill;
    struct sugu_paper_of_visit_rows papers;
    struct sugu_help_of_visit_rows helps;
    struct sugu_charge_report_of_visit_row charge;
    struct sugu_visit_person_row person;
    struct sugu_card_facts_rows cards;
};

static void
find_visit_done(void *state)
{
    struct find_visit *find = state;

    sugu_visit_view_done(&find->plan);
    sugu_bill_view_done(&find->bill);
    sugu_paper_of_visit_rows_done(&find->papers);
    sugu_help_of_visit_rows_done(&find->helps);
    sugu_card_facts_rows_done(&find->cards);
    explicit_bzero(&find->person, sizeof find->person);
}
const struct sugu_state sugu_state_find_visit = {sizeof(struct find_visit), find_visit_done};

static void
send_visit(struct sugu_batch *batch, const Sugu__FindVisit *body, struct find_visit *find)
{
    if (body->visit.len == 0) {
        sugu_visit_by_number_send(batch, body->number, &find->by_number);
        return;
    }
    sugu_db_visit_by_id(batch->db,
                        &(struct sugu_visit_by_id_params){.facility = batch->facility.facility,
                                                          .visit = sugu_id_of(&body->visit)},
                        &find->by_id);
}

static void
send_parts(struct sugu_batch *batch, struct find_visit *find)
{
    int32_t facility = batch->facility.facility;
    struct sugu_id visit = find->by_number.visit;

    sugu_ticket_view_send(batch, &find->ticket, visit);
    sugu_visit_view_send(batch, &find->plan, visit);
    sugu_db_bill_of_visit(batch->db,
                          &(struct sugu_bill_of_visit_params){.facility = facility, .visit = visit},
                          &find->bill_of_visit);
    sugu_db_paper_of_visit(
        batch->db, &(struct sugu_paper_of_visit_params){.facility = facility, .visit = visit},
        &find->papers);
    sugu_db_help_of_visit(batch->db,
                          &(struct sugu_help_of_visit_params){.facility = facility, .visit = visit},
                          &find->helps);
    sugu_db_charge_report_of_visit(
        batch->db,
        &(struct sugu_charge_report_of_visit_params){.facility = facility, .visit = visit},
        &find->charge);
    sugu_db_visit_person(batch->db,
                         &(struct sugu_visit_person_params){.facility = facility, .visit = visit},
                         &find->person);
    sugu_card_facts_send(batch, &(struct sugu_card_asked){.visit = visit}, 1, &find->cards);
}

static void
fill_charge(struct find_visit *find, Sugu__VisitFound *to, Sugu__ChargeReport *report)
{
    struct sugu_visit_ticket_row *ticket = &find->ticket.row;

    to->ratio_source = sugu_charge_ratio(ticket->eligibility_outcome, ticket->ratio_percent,
                                         ticket->stated_ratio, &to->ratio_percent);
    if (!find->charge.is_found)
        return;
    sugu__charge_report__init(report);
    report->acts_version = (uint32_t)find->charge.acts_version;
    report->code = find->charge.code;
    report->act_codes = find->charge.act_codes;
    report->reported_utc_us = find->charge.reported_at;
    to->charge_report = report;
}

static void
fill_person(struct find_visit *find, uint32_t day, Sugu__VisitFound *to, Sugu__CardOnFile *card)
{
    if (find->person.is_found) {
        to->patient_number = find->person.number;
        to->patient_name = find->person.name;
    }
    if (find->cards.count == 0)
        return;
    sugu_card_fill(&find->cards.rows[0], day, card);
    to->card_on_file = card;
}

static void
reply_found(struct sugu_batch *batch, struct sugu_work *work)
{
    struct find_visit *find = work->state;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__VisitFound found = SUGU__VISIT_FOUND__INIT;
    Sugu__PaperChange papers[50], *paper_list[50];
    Sugu__Help helps[50], *help_list[50];
    Sugu__ChargeReport charge;
    Sugu__CardOnFile card;
    Sugu__Ticket ticket;
    Sugu__Bill bill;

    sugu_ticket_view_fill(&find->ticket, &find->by_number.visit, /* with_token= */ false, &ticket);
    sugu_visit_view_fill_stages(&find->plan, &ticket);
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
    fill_charge(find, &found, &charge);
    fill_person(find, batch->day, &found, &card);
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
        send_visit(batch, work->request->find_visit, find);
        return true;
    }
    if (find->by_id.is_found) {
        find->by_number.is_found = true;
        find->by_number.visit = find->by_id.visit;
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
    reply_found(batch, work);
    return false;
}
