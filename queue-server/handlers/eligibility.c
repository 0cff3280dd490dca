/* SPDX-License-Identifier: Apache-2.0 */
/*
 * eligibility - asking the insurance gateway, and taking its answer in
 */
#include "handlers/view.h"

#include <string.h>

/* ---- AskEligibility */

struct ask_eligibility {
    struct sugu_session_find_row session;
    struct sugu_patient_find_row person;
};
const struct sugu_state sugu_state_ask_eligibility = {sizeof(struct ask_eligibility), NULL};

static void
publish_order(struct sugu_batch *batch,
              const Sugu__AskEligibility *body,
              struct sugu_patient_find_row *person)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__EligibilityOrder order = SUGU__ELIGIBILITY_ORDER__INIT;

    order.eligibility = body->eligibility;
    order.insurer_number = person->insurer_number;
    order.symbol = person->symbol;
    order.number = person->insured_number;
    order.branch = person->branch;
    order.birth_date = person->birth_date;
    order.confirm_date = batch->day;
    event.body_case = SUGU__EVENT__BODY_ELIGIBILITY_ASKED;
    event.eligibility_asked = &order;
    sugu_batch_event(batch, SUGU_ROLE_INSURANCE, "", NULL, &event);
}

static void
reply_asked(struct sugu_work *work)
{
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__EligibilityAsked asked = SUGU__ELIGIBILITY_ASKED__INIT;

    asked.eligibility = work->request->ask_eligibility->eligibility;
    reply.body_case = SUGU__REPLY__BODY_ELIGIBILITY_ASKED;
    reply.eligibility_asked = &asked;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_ask_eligibility(struct sugu_batch *batch,
                          struct sugu_work **works,
                          size_t count,
                          int round)
{
    struct sugu_work *work = works[0];
    struct ask_eligibility *ask = work->state;
    const Sugu__AskEligibility *body = work->request->ask_eligibility;
    int32_t facility = batch->facility.facility;

    (void)count;
    if (round == 0) {
        sugu_db_session_find(
            batch->db,
            &(struct sugu_session_find_params){.facility = facility,
                                               .session = sugu_id_of(&body->session),
                                               .place = work->peer.place},
            &ask->session);
        return true;
    }
    if (!ask->session.is_found || sugu_id_is_none(&ask->session.patient)) {
        sugu_work_refuse(work, "session.unknown", "");
        return false;
    }
    if (round == 1) {
        sugu_db_patient_find(batch->db,
                             &(struct sugu_patient_find_params){.facility = facility,
                                                                .patient = ask->session.patient},
                             &ask->person);
        return true;
    }
    if (!*ask->person.insurer_number) {
        sugu_work_refuse(work, "eligibility.no-insurance", "");
        return false;
    }
    sugu_db_eligibility_add(
        batch->db,
        &(struct sugu_eligibility_add_params){.facility = facility,
                                              .eligibility = sugu_id_of(&body->eligibility),
                                              .session = sugu_id_of(&body->session),
                                              .patient = ask->session.patient,
                                              .asked_at = batch->now_utc,
                                              .insurer_number = ask->person.insurer_number,
                                              .symbol = ask->person.symbol,
                                              .number = ask->person.insured_number,
                                              .branch = ask->person.branch,
                                              .birth_date = ask->person.birth_date,
                                              .confirm_date = batch->day},
        NULL);
    publish_order(batch, body, &ask->person);
    reply_asked(work);
    return false;
}

/* ---- AnswerEligibility */

struct answer_eligibility {
    struct sugu_eligibility_lock_row row;
};
const struct sugu_state sugu_state_answer_eligibility = {sizeof(struct answer_eligibility), NULL};

static void
publish_answer(struct sugu_batch *batch,
               const Sugu__AnswerEligibility *body,
               struct sugu_eligibility_lock_row *row)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__EligibilityAnswer answer = SUGU__ELIGIBILITY_ANSWER__INIT;

    answer.session = sugu_id_field(&row->session);
    answer.eligibility = body->eligibility;
    answer.outcome = body->outcome;
    answer.code = body->code;
    answer.ratio_percent = body->ratio_percent;
    answer.insurer_number = body->insurer_number;
    event.body_case = SUGU__EVENT__BODY_ELIGIBILITY_ANSWERED;
    event.eligibility_answered = &answer;
    sugu_batch_event(batch, SUGU_ROLE_KIOSK, row->place, NULL, &event);
}

static void
store_answer(struct sugu_batch *batch,
             const Sugu__AnswerEligibility *body,
             const struct sugu_eligibility_lock_row *row)
{
    int32_t facility = batch->facility.facility;

    sugu_db_eligibility_answer(
        batch->db,
        &(struct sugu_eligibility_answer_params){.facility = facility,
                                                 .eligibility = sugu_id_of(&body->eligibility),
                                                 .answered_at = batch->now_utc,
                                                 .outcome = (int16_t)body->outcome,
                                                 .code = body->code,
                                                 .ratio_percent = (int16_t)body->ratio_percent,
                                                 .valid_from = body->valid_from,
                                                 .valid_until = body->valid_until,
                                                 .limit_class = body->limit_class,
                                                 .evidence = body->evidence},
        NULL);
    /* The data on file follow what the only authority said. */
    if (body->outcome == SUGU__ELIGIBILITY_OUTCOME__VERIFIED_WITH_CHANGE)
        sugu_db_insurance_set(
            batch->db,
            &(struct sugu_insurance_set_params){.facility = facility,
                                                .patient = row->patient,
                                                .insurer_number = body->insurer_number,
                                                .symbol = body->symbol,
                                                .number = body->number,
                                                .branch = body->branch},
            NULL);
}

bool
sugu_step_answer_eligibility(struct sugu_batch *batch,
                             struct sugu_work **works,
                             size_t count,
                             int round)
{
    struct sugu_work *work = works[0];
    struct answer_eligibility *answer = work->state;
    const Sugu__AnswerEligibility *body = work->request->answer_eligibility;

    (void)count;
    if (round == 0) {
        sugu_db_eligibility_lock(
            batch->db,
            &(struct sugu_eligibility_lock_params){.facility = batch->facility.facility,
                                                   .eligibility = sugu_id_of(&body->eligibility)},
            &answer->row);
        return true;
    }
    if (!answer->row.is_found || body->outcome == SUGU__ELIGIBILITY_OUTCOME__ELIGIBILITY_OPEN) {
        sugu_work_refuse(work, "eligibility.bad-answer", "nothing was asked under this id");
        return false;
    }
    if (answer->row.outcome == 0) { /* a second answer changes nothing */
        store_answer(batch, body, &answer->row);
        publish_answer(batch, body, &answer->row);
    }
    sugu_work_reply_ok(work);
    return false;
}
