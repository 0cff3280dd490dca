/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check-in - tickets for any number of people in one statement
 *
 * All check-ins of a batch are stepped together: one look at their sessions, one at their
 * insurance, one statement that takes the numbers. The order of the numbers is the order of arrival
 * at the server.
 */
#include "handlers/view.h"

#include "domain/visit.h"

#include <stdlib.h>
#include <string.h>

struct check_in {
    struct sugu_id session, visit, patient;
    const char *department;
    const char *reason; /* to the desk, and why; "" = to the department */
    uint8_t token[16];
    char number[SUGU_TICKET_NUMBER_SIZE];
    struct shared *shared; /* of the group, owned by the first work */
};

/* What the group reads and writes together; lives in the first work's heap until the batch is over.
 */
struct shared {
    struct sugu_session_find_many_rows sessions;
    struct sugu_eligibility_find_many_rows eligibilities;
    struct sugu_appointment_first_rows appointments;
    struct sugu_department_desk_row desk;
    struct sugu_ticket_issue_rows tickets;
};

static void
free_shared(struct shared *shared)
{
    sugu_session_find_many_rows_done(&shared->sessions);
    sugu_eligibility_find_many_rows_done(&shared->eligibilities);
    sugu_appointment_first_rows_done(&shared->appointments);
    sugu_ticket_issue_rows_done(&shared->tickets);
    free(shared);
}

static void
check_in_done(void *state)
{
    struct check_in *check_in = state;

    if (check_in->shared)
        free_shared(check_in->shared);
}
const struct sugu_state sugu_state_check_in = {sizeof(struct check_in), check_in_done};

/* ---- round 0: sessions, insurance, the reception desk */

static void
send_reads(struct sugu_batch *batch, struct sugu_work **works, size_t count, struct shared *shared)
{
    struct sugu_id sessions[SUGU_BATCH_MAX], eligibilities[SUGU_BATCH_MAX];
    const char *places[SUGU_BATCH_MAX];
    int32_t facility = batch->facility.facility;
    size_t session_count = 0, eligibility_count = 0;
    bool may_need_desk = false;

    for (size_t i = 0; i < count; i++) {
        const Sugu__CheckIn *body = works[i]->request->check_in;
        struct check_in *state = works[i]->state;
        state->visit = sugu_id_of(&body->visit);
        state->session = sugu_id_of(&body->session);
        batch->random->fill(batch->random, state->token, sizeof state->token);
        if (body->session.len > 0) {
            sessions[session_count] = state->session;
            places[session_count++] = works[i]->peer.place;
        }
        if (body->eligibility.len > 0)
            eligibilities[eligibility_count++] = sugu_id_of(&body->eligibility);
        may_need_desk =
            may_need_desk || body->session.len > 0 || *body->reason || !*body->department;
    }
    if (session_count > 0)
        sugu_db_session_find_many(batch->db,
                                  &(struct sugu_session_find_many_params){.count = session_count,
                                                                          .facility = facility,
                                                                          .sessions = sessions,
                                                                          .places = places},
                                  &shared->sessions);
    if (eligibility_count > 0)
        sugu_db_eligibility_find_many(
            batch->db,
            &(struct sugu_eligibility_find_many_params){
                .count = eligibility_count, .facility = facility, .eligibilities = eligibilities},
            &shared->eligibilities);
    if (may_need_desk)
        sugu_db_department_desk(
            batch->db, &(struct sugu_department_desk_params){.facility = facility}, &shared->desk);
}

/* ---- round 1: who is it, and is the insurance good */

static const struct sugu_session_find_many_row *
find_session(const struct shared *shared, const struct check_in *state)
{
    for (size_t i = 0; i < shared->sessions.count; i++)
        if (sugu_id_equal(&shared->sessions.rows[i].session, &state->session))
            return &shared->sessions.rows[i];
    return NULL;
}

static const struct sugu_eligibility_find_many_row *
find_eligibility(const struct shared *shared, const Sugu__CheckIn *body)
{
    struct sugu_id id = sugu_id_of(&body->eligibility);

    for (size_t i = 0; i < shared->eligibilities.count; i++)
        if (sugu_id_equal(&shared->eligibilities.rows[i].eligibility, &id))
            return &shared->eligibilities.rows[i];
    return NULL;
}

/* Why a known patient has to go to the desk, "" where not. The answer has to be this patient's own.
 */
static const char *
judge_insurance(const struct shared *shared,
                const Sugu__CheckIn *body,
                const struct sugu_id *patient)
{
    const struct sugu_eligibility_find_many_row *row;

    if (body->eligibility.len == 0)
        return "eligibility.no-insurance";
    row = find_eligibility(shared, body);
    if (!row || !sugu_id_equal(&row->patient, patient))
        return "eligibility.bad-answer";
    switch ((Sugu__EligibilityOutcome)row->outcome) {
    case SUGU__ELIGIBILITY_OUTCOME__VERIFIED:
    case SUGU__ELIGIBILITY_OUTCOME__VERIFIED_WITH_CHANGE:
        return "";
    case SUGU__ELIGIBILITY_OUTCOME__ELIGIBILITY_OPEN:
        return "eligibility.no-answer";
    case SUGU__ELIGIBILITY_OUTCOME__NOT_VERIFIED_NOW:
    case SUGU__ELIGIBILITY_OUTCOME__NOT_FOUND:
    case SUGU__ELIGIBILITY_OUTCOME__INVALID:
    case _SUGU__ELIGIBILITY_OUTCOME_IS_INT_SIZE:
        break;
    }
    return *row->code ? sugu_code_find(row->code)->code : "eligibility.bad-answer";
}

static void
judge(struct sugu_work *work, const struct shared *shared)
{
    const Sugu__CheckIn *body = work->request->check_in;
    struct check_in *state = work->state;
    const struct sugu_session_find_many_row *session = find_session(shared, state);
    unsigned next;

    if (body->session.len > 0 && !session) {
        sugu_work_refuse(work, "session.unknown", "");
        return;
    }
    if (sugu_machine_step(&sugu_visit_machine, SUGU_VISIT_EXPECTED, SUGU_VISIT_ON_CHECK_IN, &next,
                          NULL, NULL) != SUGU_OK) {
        sugu_work_refuse(work, "visit.not-allowed", "");
        return;
    }
    state->department = body->department;
    state->reason = *body->reason ? sugu_code_find(body->reason)->code : "";
    if (session)
        state->patient = session->patient;
    if (!*state->reason && !sugu_id_is_none(&state->patient))
        state->reason = judge_insurance(shared, body, &state->patient);
}

/* Those who did not say where to go follow their first appointment. */
static void
send_appointments(struct sugu_batch *batch,
                  struct sugu_work **works,
                  size_t count,
                  struct shared *shared)
{
    struct sugu_id patients[SUGU_BATCH_MAX];
    size_t wanted = 0;

    for (size_t i = 0; i < count; i++) {
        const struct check_in *state = works[i]->state;
        if (!works[i]->reply && !*state->reason && !*state->department &&
            !sugu_id_is_none(&state->patient))
            patients[wanted++] = state->patient;
    }
    if (wanted > 0)
        sugu_db_appointment_first(
            batch->db,
            &(struct sugu_appointment_first_params){.count = wanted,
                                                    .facility = batch->facility.facility,
                                                    .patients = patients,
                                                    .day = batch->day},
            &shared->appointments);
}

/* ---- round 2: the numbers */

static void
choose_department(struct sugu_work *work, const struct shared *shared)
{
    struct check_in *state = work->state;

    for (size_t i = 0; i < shared->appointments.count && !*state->department; i++)
        if (sugu_id_equal(&shared->appointments.rows[i].patient, &state->patient))
            state->department = shared->appointments.rows[i].department;
    if (!*state->reason && !*state->department)
        state->reason = "visit.no-department";
    if (*state->reason)
        state->department = shared->desk.department;
}

static void
send_issue(struct sugu_batch *batch, struct sugu_work **works, size_t count, struct shared *shared)
{
    struct sugu_id visits[SUGU_BATCH_MAX], patients[SUGU_BATCH_MAX], eligibilities[SUGU_BATCH_MAX];
    const char *departments[SUGU_BATCH_MAX], *reasons[SUGU_BATCH_MAX];
    struct sugu_bytes tokens[SUGU_BATCH_MAX];
    int16_t states[SUGU_BATCH_MAX];
    size_t wanted = 0;

    for (size_t i = 0; i < count; i++) {
        struct check_in *state = works[i]->state;
        if (works[i]->reply)
            continue;
        choose_department(works[i], shared);
        visits[wanted] = state->visit;
        patients[wanted] = state->patient;
        departments[wanted] = state->department;
        tokens[wanted] = (struct sugu_bytes){state->token, sizeof state->token};
        eligibilities[wanted] = sugu_id_of(&works[i]->request->check_in->eligibility);
        reasons[wanted] = state->reason;
        states[wanted++] = SUGU_VISIT_ARRIVED;
    }
    if (wanted > 0)
        sugu_db_ticket_issue(
            batch->db,
            &(struct sugu_ticket_issue_params){.count = wanted,
                                               .facility = batch->facility.facility,
                                               .day = batch->day,
                                               .at = batch->now_utc,
                                               .visits = visits,
                                               .patients = patients,
                                               .departments = departments,
                                               .tokens = tokens,
                                               .eligibilities = eligibilities,
                                               .reasons = reasons,
                                               .states = states},
            &shared->tickets);
}

/* ---- round 3: the answers */

static void
fill_ticket(struct sugu_batch *batch,
            struct check_in *state,
            struct sugu_ticket_issue_row *row,
            Sugu__Ticket *ticket)
{
    sugu_ticket_number_format(state->number, row->series, (uint32_t)row->number);
    sugu__ticket__init(ticket);
    ticket->visit = sugu_id_field(&state->visit);
    ticket->number = state->number;
    ticket->department = row->department;
    ticket->department_name = row->department_name;
    ticket->before_you = (uint32_t)row->before_you;
    ticket->business_day = batch->day;
    ticket->issued_utc_us = batch->now_utc;
    ticket->state = SUGU__VISIT_STATE__VISIT_ARRIVED;
    ticket->is_to_desk = row->is_desk;
    ticket->reason = (char *)state->reason;
}

static void
answer(struct sugu_batch *batch, struct sugu_work *work, struct sugu_ticket_issue_row *row)
{
    struct check_in *state = work->state;
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Ticket ticket;

    fill_ticket(batch, state, row, &ticket);
    event.body_case = SUGU__EVENT__BODY_TICKET_ISSUED;
    event.ticket_issued = &ticket; /* without the token: that is the patient's */
    sugu_batch_event(batch, SUGU_ROLE_DESK | SUGU_ROLE_WEB, "", NULL, &event);
    ticket.token = (ProtobufCBinaryData){sizeof state->token, state->token};
    reply.body_case = SUGU__REPLY__BODY_TICKET;
    reply.ticket = &ticket;
    sugu_work_reply(work, &reply);
}

static void
answer_all(struct sugu_batch *batch, struct sugu_work **works, size_t count, struct shared *shared)
{
    struct sugu_id sessions[SUGU_BATCH_MAX], visits[SUGU_BATCH_MAX];
    size_t session_count = 0;

    for (size_t i = 0; i < count; i++) {
        struct check_in *state = works[i]->state;
        for (size_t j = 0; j < shared->tickets.count && !works[i]->reply; j++)
            if (sugu_id_equal(&shared->tickets.rows[j].visit, &state->visit)) {
                answer(batch, works[i], &shared->tickets.rows[j]);
                if (!sugu_id_is_none(&state->session)) {
                    sessions[session_count] = state->session;
                    visits[session_count++] = state->visit;
                }
            }
        if (!works[i]->reply)
            sugu_work_refuse(works[i], "department.unknown", state->department);
    }
    if (session_count > 0)
        sugu_db_session_set_visits(
            batch->db,
            &(struct sugu_session_set_visits_params){.count = session_count,
                                                     .facility = batch->facility.facility,
                                                     .sessions = sessions,
                                                     .visits = visits},
            NULL);
}

bool
sugu_step_check_in(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct check_in *first = works[0]->state;

    if (!first->shared && !(first->shared = calloc(1, sizeof *first->shared)))
        abort();
    switch (round) {
    case 0:
        send_reads(batch, works, count, first->shared);
        return true;
    case 1:
        for (size_t i = 0; i < count; i++)
            judge(works[i], first->shared);
        send_appointments(batch, works, count, first->shared);
        return true;
    case 2:
        send_issue(batch, works, count, first->shared);
        return true;
    default:
        answer_all(batch, works, count, first->shared);
        return false;
    }
}
