/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue-world - a hospital with tests and a pharmacy, its desk, board and web client, and the verbs
 */
#include "scenario/queue-world.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>

void
ward_setup(struct ward *ward, const char *const *words)
{
    sugu_hospital_admin(&ward->hospital, 0, NULL, words);
}

void
ward_init(struct ward *ward)
{
    memset(ward, 0, sizeof *ward);
    sugu_hospital_init(&ward->hospital, NULL);
    WARD_SETUP(ward, "department", "blood", "採血", "T", "test");
    WARD_SETUP(ward, "department", "xray", "X線", "X", "test");
    WARD_SETUP(ward, "department", "pharmacy", "薬局", "P", "pharmacy");
    WARD_SETUP(ward, "desk", "b1", "blood");
    WARD_SETUP(ward, "desk", "x1", "xray");
    WARD_SETUP(ward, "desk", "p1", "pharmacy");
    WARD_SETUP(ward, "order-rule", "blood", "before", "xray");
    sugu_test_client_init(&ward->desk, &ward->hospital, "desk-1", "desk", "");
    sugu_test_client_init(&ward->board, &ward->hospital, "board-1", "board", "");
    sugu_test_client_init(&ward->web, &ward->hospital, "web-1", "web", "");
    sugu_facts_init(&ward->facts, ward->hospital.folder);
}

void
ward_done(struct ward *ward)
{
    sugu_facts_done(&ward->facts);
    sugu_test_client_done(&ward->web);
    sugu_test_client_done(&ward->board);
    sugu_test_client_done(&ward->desk);
    sugu_hospital_done(&ward->hospital, /* keep= */ false);
}

struct sugu_id
ward_find_patient(struct ward *ward, const char *text)
{
    Sugu__FindPatients body = SUGU__FIND_PATIENTS__INIT;
    Sugu__Reply *reply;
    struct sugu_id patient;

    body.text = (char *)text;
    reply = sugu_test_client_call(&ward->desk, SUGU__REQUEST__BODY_FIND_PATIENTS, &body, NULL);
    ck_assert_str_eq(reply->code, "");
    ck_assert_uint_eq(reply->patients_found->n_patients, 1);
    patient = sugu_id_of(&reply->patients_found->patients[0]->patient);
    sugu__reply__free_unpacked(reply, NULL);
    return patient;
}

Sugu__Reply *
ward_send_arrive(struct ward *ward, const char *patient, const char *department, int priority)
{
    Sugu__AssistCheckIn body = SUGU__ASSIST_CHECK_IN__INIT;
    Sugu__DepartmentCode code = SUGU__DEPARTMENT_CODE__INIT, *list[] = {&code};
    struct sugu_id visit = sugu_test_id(), who = {{0}};

    if (patient)
        who = ward_find_patient(ward, patient);
    body.visit = sugu_id_field(&visit);
    if (patient)
        body.patient = sugu_id_field(&who);
    if (department) {
        code.department = (char *)department;
        body.n_departments = 1;
        body.departments = list;
    }
    body.priority = (Sugu__Priority)priority;
    body.desk = (char *)"9";
    return sugu_test_client_call(&ward->desk, SUGU__REQUEST__BODY_ASSIST_CHECK_IN, &body, NULL);
}

void
ward_arrive(struct ward *ward, const char *department, const char *number)
{
    Sugu__Reply *reply =
        ward_send_arrive(ward, NULL, department, SUGU__PRIORITY__PRIORITY_ORDINARY);

    ck_assert_str_eq(reply->code, "");
    ck_assert_str_eq(reply->ticket->number, number);
    sugu__reply__free_unpacked(reply, NULL);
}

Sugu__Reply *
ward_send_verb(struct sugu_test_client *client,
               Sugu__TicketVerb verb,
               const char *desk,
               const char *number,
               const char *department)
{
    Sugu__MoveTicket body = SUGU__MOVE_TICKET__INIT;

    body.desk = (char *)desk;
    body.verb = verb;
    body.number = (char *)number;
    body.department = (char *)department;
    body.park_minutes = verb == SUGU__TICKET_VERB__PARK ? 5 : 0;
    return sugu_test_client_call(client, SUGU__REQUEST__BODY_MOVE_TICKET, &body, NULL);
}

void
ward_verb(struct ward *ward,
          Sugu__TicketVerb verb_,
          const char *desk,
          const char *number,
          const char *expected)
{
    Sugu__Reply *reply = ward_send_verb(&ward->desk, verb_, desk, number, "");
    char text[300] = "";

    ck_assert_msg(strcmp(reply->code, "") == 0, "verb %d on %s: %s", (int)verb_, number,
                  reply->code);
    for (size_t i = 0; i < reply->stage->n_next; i++) {
        const Sugu__TicketStage *stage = reply->stage->next[i];
        size_t at = strlen(text);
        if (stage->state != SUGU__STAGE_STATE__STAGE_DONE)
            snprintf(text + at, sizeof text - at, "%s:%d ", stage->department, stage->state);
    }
    ck_assert_str_eq(text, expected);
    sugu__reply__free_unpacked(reply, NULL);
}

void
ward_refused(struct ward *ward,
             Sugu__TicketVerb verb_,
             const char *desk,
             const char *number,
             const char *code)
{
    Sugu__Reply *reply = ward_send_verb(&ward->desk, verb_, desk, number, "");

    ck_assert_str_eq(reply->code, code);
    sugu__reply__free_unpacked(reply, NULL);
}

int64_t
ward_visit_state(struct ward *ward)
{
    return sugu_facts_number(&ward->facts, "SELECT max(state) FROM visit");
}

Sugu__Reply *
ward_call_as(struct sugu_test_client *client,
             const struct sugu_id *sign_in,
             Sugu__Request__BodyCase body_case,
             void *body)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__Reply *reply = NULL;
    struct sugu_error error = {.code = ""};

    request.body_case = body_case;
    request.check_in = body; /* every member of the union is a pointer */
    if (sign_in)
        request.sign_in = sugu_id_field(sign_in);
    if (sugu_client_call(client->client, &request, &(struct sugu_ask){.wait_us = 15 * SUGU_SECOND},
                         &reply, &error) != SUGU_OK)
        ck_assert_msg(reply != NULL, "%s: %s", error.code, error.detail);
    return reply;
}
