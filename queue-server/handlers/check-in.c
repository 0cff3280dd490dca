/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check-in - tickets for any number of people in one statement
 *
 * All check-ins of a batch are stepped together: one look at their sessions, one at their
 * insurance, one statement that takes the numbers. The order of the numbers is the order of arrival
 * at the server.
 */
#include "handlers/arrive.h"
#include "handlers/view.h"

#include <stdlib.h>
#include <string.h>

/* What the group reads together; lives in the first work's heap until the batch is over. */
struct shared {
    struct sugu_session_find_many_rows sessions;
    struct sugu_eligibility_find_many_rows eligibilities;
    struct sugu_arrivals arrivals;
};

struct check_in {
    struct sugu_id session;
    const char *departments[1]; /* that the request names */
    struct sugu_arrival arrival;
    struct shared *shared; /* of the group, owned by the first work */
};

static void
check_in_done(void *state)
{
    struct check_in *check_in = state;

    if (!check_in->shared)
        return;
    sugu_session_find_many_rows_done(&check_in->shared->sessions);
    sugu_eligibility_find_many_rows_done(&check_in->shared->eligibilities);
    sugu_arrivals_done(&check_in->shared->arrivals);
    free(check_in->shared);
}
const struct sugu_state sugu_state_check_in = {sizeof(struct check_in), check_in_done};

/* ---- round 0: sessions, insurance, the house */

static void
take_request(struct sugu_batch *batch, struct sugu_work *work)
{
    const Sugu__CheckIn *body = work->request->check_in;
    struct check_in *state = work->state;

    state->session = sugu_id_of(&body->session);
    state->arrival.visit = sugu_id_of(&body->visit);
    state->arrival.eligibility = sugu_id_of(&body->eligibility);
    state->arrival.priority = SUGU_PRIORITY_ORDINARY;
    state->arrival.reason = *body->reason ? sugu_code_find(body->reason)->code : "";
    state->arrival.language = "";
    state->departments[0] = body->department;
    state->arrival.departments = state->departments;
    state->arrival.department_count = *body->department ? 1 : 0;
    batch->random->fill(batch->random, state->arrival.token, sizeof state->arrival.token);
}

static void
send_reads(struct sugu_batch *batch, struct sugu_work **works, size_t count, struct shared *shared)
{
    struct sugu_id sessions[SUGU_BATCH_MAX], eligibilities[SUGU_BATCH_MAX];
    const char *places[SUGU_BATCH_MAX];
    int32_t facility = batch->facility.facility;
    size_t session_count = 0, eligibility_count = 0;

    for (size_t i = 0; i < count; i++) {
        const struct check_in *state = works[i]->state;
        take_request(batch, works[i]);
        if (!sugu_id_is_none(&state->session)) {
            sessions[session_count] = state->session;
            places[session_count++] = works[i]->peer.place;
        }
        if (!sugu_id_is_none(&state->arrival.eligibility))
            eligibilities[eligibility_count++] = state->arrival.eligibility;
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
    sugu_house_send(batch, &shared->arrivals.house);
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
find_eligibility(const struct shared *shared, const struct sugu_id *id)
{
    for (size_t i = 0; i < shared->eligibilities.count; i++)
        if (sugu_id_equal(&shared->eligibilities.rows[i].eligibility, id))
            return &shared->eligibilities.rows[i];
    return NULL;
}

/* Why a known patient has to go to the desk, "" where not. The answer has to be this patient's own.
 */
static const char *
judge_insurance(const struct shared *shared, const struct sugu_arrival *arrival)
{
    const struct sugu_eligibility_find_many_row *row;

    if (sugu_id_is_none(&arrival->eligibility))
        return "eligibility.no-insurance";
    row = find_eligibility(shared, &arrival->eligibility);
    if (!row || !sugu_id_equal(&row->patient, &arrival->patient))
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
    struct check_in *state = work->state;
    const struct sugu_session_find_many_row *session = find_session(shared, state);

    if (!sugu_id_is_none(&state->session) && !session) {
        sugu_work_refuse(work, "session.unknown", "");
        return;
    }
    if (session) {
        state->arrival.patient = session->patient;
        state->arrival.language = session->language;
        state->arrival.pays_otherwise = session->pays_otherwise;
    }
    if (!*state->arrival.reason && !sugu_id_is_none(&state->arrival.patient))
        state->arrival.reason = judge_insurance(shared, &state->arrival);
}

/* Those who have no answer yet, in the order of their arrival. */
static size_t
list_open(struct sugu_work **works, size_t count, struct sugu_arrival *list[SUGU_BATCH_MAX])
{
    size_t open = 0;

    for (size_t i = 0; i < count; i++)
        if (!works[i]->reply)
            list[open++] = &((struct check_in *)works[i]->state)->arrival;
    return open;
}

/* ---- round 3: the answers */

static void
answer(struct sugu_batch *batch, struct sugu_work *work, struct sugu_arrivals *arrivals)
{
    struct sugu_arrival *arrival = &((struct check_in *)work->state)->arrival;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    struct sugu_ticket_parts parts;
    Sugu__Ticket ticket;

    if (!arrival->is_issued) {
        sugu_work_refuse(work, arrival->refusal ? arrival->refusal : "department.unknown", "");
        return;
    }
    sugu_arrival_publish(batch, arrivals, arrival);
    sugu_arrival_ticket(batch, arrival, &parts, &ticket);
    ticket.token = (ProtobufCBinaryData){sizeof arrival->token, arrival->token};
    reply.body_case = SUGU__REPLY__BODY_TICKET;
    reply.ticket = &ticket;
    sugu_work_reply(work, &reply);
}

static void
answer_all(struct sugu_batch *batch, struct sugu_work **works, size_t count, struct shared *shared)
{
    struct sugu_id sessions[SUGU_BATCH_MAX], visits[SUGU_BATCH_MAX];
    struct sugu_arrival *list[SUGU_BATCH_MAX];
    size_t session_count = 0;

    sugu_arrivals_take(&shared->arrivals, list, list_open(works, count, list));
    for (size_t i = 0; i < count; i++) {
        const struct check_in *state = works[i]->state;
        if (works[i]->reply)
            continue;
        answer(batch, works[i], &shared->arrivals);
        if (!state->arrival.is_issued || sugu_id_is_none(&state->session))
            continue;
        sessions[session_count] = state->session;
        visits[session_count++] = state->arrival.visit;
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
    struct sugu_arrival *list[SUGU_BATCH_MAX];

    if (!first->shared && !(first->shared = calloc(1, sizeof *first->shared)))
        abort();
    switch (round) {
    case 0:
        send_reads(batch, works, count, first->shared);
        return true;
    case 1:
        for (size_t i = 0; i < count; i++)
            judge(works[i], first->shared);
        sugu_arrivals_send_sources(batch, &first->shared->arrivals, list,
                                   list_open(works, count, list));
        return true;
    case 2:
        sugu_arrivals_send_issue(batch, &first->shared->arrivals, list,
                                 list_open(works, count, list));
        return true;
    default:
        answer_all(batch, works, count, first->shared);
        return false;
    }
}
