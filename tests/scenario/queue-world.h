/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue-world - a hospital with tests and a pharmacy, its desk, board and web client, and the verbs
 *
 * The hospital of testlib/hospital.h, with blood (T), xray (X; after blood), pharmacy (P) and the
 * desks b1, x1, p1. The clients are desk-1, board-1 and web-1.
 */
#pragma once

#include "testlib/facts.h"

struct ward {
    struct sugu_hospital hospital;
    struct sugu_test_client desk, board, web;
    struct sugu_facts facts;
};

void ward_init(struct ward *ward);
void ward_done(struct ward *ward);

/* sugu-admin with these words. */
void ward_setup(struct ward *ward, const char *const *words);
#define WARD_SETUP(ward, ...) ward_setup(ward, (const char *const[]){__VA_ARGS__, NULL})

/* By number or name; there has to be one. */
struct sugu_id ward_find_patient(struct ward *ward, const char *text);
/* Checked in at a desk. `patient` NULL: nobody known; `department` NULL: of appointments, orders.
 */
Sugu__Reply *
ward_send_arrive(struct ward *ward, const char *patient, const char *department, int priority);
/* Somebody comes, and has to get this number. */
void ward_arrive(struct ward *ward, const char *department, const char *number);

Sugu__Reply *ward_send_verb(struct sugu_test_client *client,
                            Sugu__TicketVerb verb,
                            const char *desk,
                            const char *number,
                            const char *department);
/* The verb is done; the stages that are open then, as "department:state " of those not over. */
void ward_verb(struct ward *ward,
               Sugu__TicketVerb verb,
               const char *desk,
               const char *number,
               const char *expected);
void ward_refused(struct ward *ward,
                  Sugu__TicketVerb verb,
                  const char *desk,
                  const char *number,
                  const char *code);

/* The request of whoever is signed in; NULL = nobody. The reply is freed by the caller. */
Sugu__Reply *ward_call_as(struct sugu_test_client *client,
                          const struct sugu_id *sign_in,
                          Sugu__Request__BodyCase body_case,
                          void *body);

int64_t ward_visit_state(struct ward *ward);
