/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session - who stands at the kiosk: opening and closing a session, asking for help
 */
#include "handlers/on-file.h"
#include "handlers/queue-view.h"
#include "handlers/view.h"

#include "domain/name.h"
#include "domain/visit.h"

#include <string.h>

#define BIRTHDAY_MISSES_MAX 5

/* ---- OpenSession */

struct open_session {
    struct sugu_patient_by_card_row by_card;
    struct sugu_patient_by_attributes_rows by_attributes;
    struct sugu_visit_by_token_row by_token;
    struct sugu_id patient, visit, bill;
    struct sugu_patient_find_row person;
    struct sugu_patient_tries_row tries;
    struct sugu_appointment_list_rows appointments;
    struct sugu_visit_of_patient_row today;
    struct sugu_session_leaving_rows leaving;
    struct sugu_bill_of_visit_row bill_of_visit;
    struct sugu_bill_of_old_rows old_bills;
    struct sugu_card_facts_rows cards;
    struct sugu_ticket_view ticket;
    struct sugu_visit_view plan; /* of the ticket: also what is printed again has it */
    struct sugu_bill_view view;
};

static void
open_session_done(void *state)
{
    struct open_session *open = state;

    sugu_patient_by_attributes_rows_done(&open->by_attributes);
    sugu_appointment_list_rows_done(&open->appointments);
    sugu_session_leaving_rows_done(&open->leaving);
    sugu_visit_view_done(&open->plan);
    sugu_bill_of_old_rows_done(&open->old_bills);
    sugu_card_facts_rows_done(&open->cards);
    sugu_bill_view_done(&open->view);
}
const struct sugu_state sugu_state_open_session = {sizeof(struct open_session), open_session_done};

/* Round 0: look for the person. False where the request itself cannot be. */
static bool
send_who(struct sugu_batch *batch, struct sugu_work *work)
{
    struct open_session *open = work->state;
    const Sugu__OpenSession *body = work->request->open_session;
    int32_t facility = batch->facility.facility;
    char name_key[SUGU_NAME_SIZE];

    switch (body->who_case) {
    case SUGU__OPEN_SESSION__WHO_HOSPITAL_CARD:
        sugu_db_patient_by_card(
            batch->db,
            &(struct sugu_patient_by_card_params){
                .facility = facility,
                .kind = (int16_t)body->hospital_card->kind,
                .serial = {body->hospital_card->serial.data, body->hospital_card->serial.len}},
            &open->by_card);
        return true;
    case SUGU__OPEN_SESSION__WHO_IDENTITY:
        if (!sugu_name_key(name_key, sizeof name_key, body->identity->name) ||
            !sugu_date_is_valid(body->identity->birth_date)) {
            sugu_work_refuse(work, "identity.not-found", "no name or birth date");
            return false;
        }
        sugu_db_patient_by_attributes(
            batch->db,
            &(struct sugu_patient_by_attributes_params){.facility = facility,
                                                        .name_key = name_key,
                                                        .birth_date = body->identity->birth_date},
            &open->by_attributes);
        return true;
    case SUGU__OPEN_SESSION__WHO_VISIT_TOKEN:
        sugu_db_visit_by_token(batch->db,
                               &(struct sugu_visit_by_token_params){
                                   .facility = facility,
                                   .day = batch->day,
                                   .token = {body->visit_token.data, body->visit_token.len}},
                               &open->by_token);
        return true;
    case SUGU__OPEN_SESSION__WHO__NOT_SET:
    case _SUGU__OPEN_SESSION__WHO__CASE_IS_INT_SIZE:
        break;
    }
    sugu_work_refuse(work, "identity.not-found", "nobody named");
    return false;
}

/* Round 1: one person, or a refusal. */
static bool
take_who(struct sugu_batch *batch, struct sugu_work *work)
{
    struct open_session *open = work->state;
    const Sugu__OpenSession *body = work->request->open_session;
    bool by_token = body->who_case == SUGU__OPEN_SESSION__WHO_VISIT_TOKEN;
    int32_t facility = batch->facility.facility;

    if (open->by_attributes.count > 1) {
        sugu_work_refuse(work, "identity.ambiguous", "");
        return false;
    }
    if (open->by_card.is_found)
        open->patient = open->by_card.patient;
    else if (open->by_attributes.count == 1)
        open->patient = open->by_attributes.rows[0].patient;
    else if (open->by_token.is_found)
        open->patient = open->by_token.patient;
    if (sugu_id_is_none(&open->patient)) {
        sugu_work_refuse(work, by_token ? "identity.ticket-unknown" : "identity.not-found", "");
        return false;
    }
    sugu_db_patient_find(
        batch->db,
        &(struct sugu_patient_find_params){.facility = facility, .patient = open->patient},
        &open->person);
    if (body->who_case != SUGU__OPEN_SESSION__WHO_IDENTITY)
        sugu_db_patient_tries(
            batch->db,
            &(struct sugu_patient_tries_params){.facility = facility, .patient = open->patient},
            &open->tries);
    sugu_db_appointment_list(batch->db,
                             &(struct sugu_appointment_list_params){
                                 .facility = facility, .patient = open->patient, .day = batch->day},
                             &open->appointments);
    sugu_db_visit_of_patient(batch->db,
                             &(struct sugu_visit_of_patient_params){
                                 .facility = facility, .day = batch->day, .patient = open->patient},
                             &open->today);
    return true;
}

/* A card or ticket can be found in the street: the birthday is the second fact. */
static bool
check_birthday(struct sugu_batch *batch, struct sugu_work *work)
{
    struct open_session *open = work->state;
    const Sugu__OpenSession *body = work->request->open_session;
    int16_t misses = open->tries.missed_on == batch->day ? open->tries.birthday_misses : 0;

    if (body->who_case == SUGU__OPEN_SESSION__WHO_IDENTITY)
        return true; /* proved it with the PIN of the card */
    if (misses >= BIRTHDAY_MISSES_MAX) {
        sugu_work_refuse(work, "identity.too-many-tries", "");
        return false;
    }
    if (body->birthday == 0) {
        sugu_work_refuse(work, "identity.birthday-needed", "");
        return false;
    }
    if (body->birthday == sugu_date_birthday(open->person.birth_date))
        return true;
    sugu_db_patient_miss_birthday(
        batch->db,
        &(struct sugu_patient_miss_birthday_params){
            .facility = batch->facility.facility, .patient = open->patient, .day = batch->day},
        NULL);
    sugu_work_refuse(work,
                     misses + 1 >= BIRTHDAY_MISSES_MAX ? "identity.too-many-tries"
                                                       : "identity.birthday-wrong",
                     "");
    return false;
}

/* Round 2: the visit of today, if there is one. A ticket opens its own visit, also one that was
 * left. */
static bool
take_person(struct sugu_batch *batch, struct sugu_work *work)
{
    struct open_session *open = work->state;
    int32_t facility = batch->facility.facility;

    if (!check_birthday(batch, work))
        return false;
    open->visit = open->by_token.is_found ? open->by_token.visit
                  : open->today.is_found  ? open->today.visit
                                          : (struct sugu_id){{0}};
    if (!sugu_id_is_none(&open->visit)) {
        sugu_ticket_view_send(batch, &open->ticket, open->visit);
        sugu_visit_view_send(batch, &open->plan, open->visit);
        sugu_db_bill_of_visit(
            batch->db,
            &(struct sugu_bill_of_visit_params){.facility = facility, .visit = open->visit},
            &open->bill_of_visit);
    }
    if (!sugu_id_is_none(&open->patient))
        sugu_card_facts_send(
            batch, &(struct sugu_card_asked){.patient = open->patient, .visit = open->visit}, 1,
            &open->cards);
    if (!sugu_id_is_none(&open->patient))
        sugu_db_bill_of_old(batch->db,
                            &(struct sugu_bill_of_old_params){.facility = facility,
                                                              .patient = open->patient,
                                                              .visit = open->visit},
                            &open->old_bills);
    sugu_db_session_leaving(batch->db,
                            &(struct sugu_session_leaving_params){.facility = facility,
                                                                  .place = work->peer.place,
                                                                  .visit = open->visit},
                            &open->leaving);
    sugu_db_session_add(batch->db,
                        &(struct sugu_session_add_params){
                            .facility = facility,
                            .session = sugu_id_of(&work->request->open_session->session),
                            .client = work->peer.client,
                            .place = work->peer.place,
                            .patient = open->patient,
                            .visit = open->visit,
                            .language = work->request->open_session->language,
                            .opened_at = batch->now_utc},
                        NULL);
    return true;
}

/* Who has paid and has nowhere else to go has left. */
static void
leave_visit(struct sugu_batch *batch, struct sugu_id visit, int state)
{
    unsigned next;

    if (sugu_machine_step(&sugu_visit_machine, (unsigned)state, SUGU_VISIT_ON_LEAVE, &next, NULL,
                          NULL) == SUGU_OK)
        sugu_db_visit_set_state(
            batch->db,
            &(struct sugu_visit_set_state_params){.facility = batch->facility.facility,
                                                  .visit = visit,
                                                  .state = (int16_t)next,
                                                  .left_at = batch->now_utc},
            NULL);
}

/* Whoever stood here before is gone, and their kiosk did not say so. */
static bool
leave_replaced(struct sugu_batch *batch, const struct open_session *open)
{
    for (size_t i = 0; i < open->leaving.count; i++)
        leave_visit(batch, open->leaving.rows[i].visit, open->leaving.rows[i].state);
    return open->leaving.count > 0;
}

/* At most ten, as the statement gives them. */
static size_t
fill_old_bills(struct sugu_bill_of_old_rows *rows, Sugu__OldBill *bills, Sugu__OldBill **list)
{
    for (size_t i = 0; i < rows->count; i++) {
        struct sugu_bill_of_old_row *row = &rows->rows[i];
        list[i] = &bills[i];
        sugu__old_bill__init(list[i]);
        list[i]->bill = sugu_id_field(&row->bill);
        list[i]->visit_date = row->day;
        list[i]->department_name = row->department_name;
        list[i]->due_yen = row->due_yen;
        list[i]->is_at_counter = row->is_at_counter;
    }
    return rows->count;
}

static void
reply_opened(const struct sugu_batch *batch, struct sugu_work *work)
{
    struct open_session *open = work->state;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__SessionOpened opened = SUGU__SESSION_OPENED__INIT;
    Sugu__Appointment appointments[10], *list[10];
    Sugu__OldBill old_bills[10], *old_list[10];
    Sugu__CardOnFile card;
    Sugu__Ticket ticket;
    Sugu__Bill bill;

    opened.n_old_bills = fill_old_bills(&open->old_bills, old_bills, old_list);
    opened.old_bills = old_list;
    opened.session = work->request->open_session->session;
    opened.patient = sugu_id_field(&open->patient);
    opened.patient_number = open->person.number;
    opened.name = open->person.name;
    opened.birth_date = open->person.birth_date;
    opened.insurer_number = open->person.insurer_number;
    for (size_t i = 0; i < open->appointments.count; i++) {
        struct sugu_appointment_list_row *row = &open->appointments.rows[i];
        list[i] = &appointments[i];
        sugu__appointment__init(list[i]);
        list[i]->department = row->department;
        list[i]->department_name = row->name;
        list[i]->minutes = (uint32_t)row->minutes;
    }
    opened.n_appointments = open->appointments.count;
    opened.appointments = list;
    if (open->ticket.row.is_found) {
        sugu_ticket_view_fill(&open->ticket, &open->visit, /* with_token= */ true, &ticket);
        sugu_visit_view_fill_stages(&open->plan, &ticket);
        opened.ticket = &ticket;
    }
    if (open->bill_of_visit.is_found) {
        sugu_bill_view_fill(&open->view, &bill);
        opened.bill = &bill;
    }
    if (open->cards.count > 0) {
        sugu_card_fill(&open->cards.rows[0], batch->day, &card);
        opened.card_on_file = &card;
    }
    reply.body_case = SUGU__REPLY__BODY_SESSION_OPENED;
    reply.session_opened = &opened;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_open_session(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct open_session *open = work->state;
    bool is_writing;

    (void)count;
    switch (round) {
    case 0:
        return send_who(batch, work);
    case 1:
        return take_who(batch, work);
    case 2:
        return take_person(batch, work);
    case 3:
        is_writing = leave_replaced(batch, open);
        if (open->bill_of_visit.is_found)
            sugu_bill_view_send(batch, &open->view, open->bill_of_visit.bill);
        if (is_writing || open->bill_of_visit.is_found)
            return true;
        break;
    default:
        break;
    }
    reply_opened(batch, work);
    return false;
}

/* ---- CloseSession */

struct close_session {
    struct sugu_session_find_row session;
    struct sugu_visit_lock_row visit;
};
const struct sugu_state sugu_state_close_session = {sizeof(struct close_session), NULL};

/* From the kiosk one goes away; to the pharmacy first, where that is still to be done. */
static void
leave(struct sugu_batch *batch, const struct close_session *close)
{
    if (close->visit.is_found && close->visit.state == SUGU_VISIT_SETTLED &&
        !close->visit.has_open_stage)
        leave_visit(batch, close->session.visit, close->visit.state);
}

bool
sugu_step_close_session(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct close_session *close = work->state;
    const Sugu__CloseSession *body = work->request->close_session;
    int32_t facility = batch->facility.facility;

    (void)count;
    if (round == 0) {
        sugu_db_session_find(
            batch->db,
            &(struct sugu_session_find_params){.facility = facility,
                                               .session = sugu_id_of(&body->session),
                                               .place = work->peer.place},
            &close->session);
        return true;
    }
    if (!close->session.is_found) {
        sugu_work_refuse(work, "session.unknown", "");
        return false;
    }
    if (round == 1 && !sugu_id_is_none(&close->session.visit)) {
        sugu_db_visit_lock(
            batch->db,
            &(struct sugu_visit_lock_params){.facility = facility, .visit = close->session.visit},
            &close->visit);
        return true;
    }
    leave(batch, close);
    sugu_db_session_close(batch->db,
                          &(struct sugu_session_close_params){.facility = facility,
                                                              .session = sugu_id_of(&body->session),
                                                              .place = work->peer.place,
                                                              .closed_at = batch->now_utc,
                                                              .outcome = body->outcome},
                          NULL);
    sugu_work_reply_ok(work);
    return false;
}

/* ---- AskForHelp */

struct ask_for_help {
    struct sugu_session_find_row session;
    struct sugu_id visit; /* of the session, else as the kiosk said */
    bool is_ticket_asked;
    struct sugu_ticket_view ticket;
};
const struct sugu_state sugu_state_ask_for_help = {sizeof(struct ask_for_help), NULL};

bool
sugu_step_ask_for_help(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct ask_for_help *ask = work->state;
    const Sugu__AskForHelp *body = work->request->ask_for_help;
    Sugu__Ticket ticket = SUGU__TICKET__INIT;

    (void)count;
    if (round == 0 && body->session.len > 0) {
        sugu_db_session_find(
            batch->db,
            &(struct sugu_session_find_params){.facility = batch->facility.facility,
                                               .session = sugu_id_of(&body->session),
                                               .place = work->peer.place},
            &ask->session);
        return true;
    }
    if (!ask->is_ticket_asked) {
        bool has_visit = !sugu_id_is_none(&ask->session.visit);
        ask->visit = has_visit ? ask->session.visit : sugu_id_of(&body->visit);
        ask->is_ticket_asked = true;
        if (!sugu_id_is_none(&ask->visit)) {
            sugu_ticket_view_send(batch, &ask->ticket, ask->visit);
            return true;
        }
    }
    if (ask->ticket.row.is_found)
        sugu_ticket_view_fill(&ask->ticket, &ask->visit, /* with_token= */ false, &ticket);
    else
        ask->visit = (struct sugu_id){{0}}; /* of no visit here */
    sugu_want_help(batch, work->peer.place, ask->visit, *body->reason ? body->reason : "help.asked",
                   ticket.number);
    sugu_work_reply_ok(work);
    return false;
}
