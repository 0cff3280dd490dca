/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk-private - what the people at the desk have in common, whatever they are at
 */
#pragma once

#include "simulation/desk.h"

enum desk_person { DESK_BOSS, DESK_OTHER, DESK_PEOPLE };

#define DESK_NAME "9" /* as in house.sql */

struct desk_slip;
struct desk_state {
    struct world *world;
    void *context; /* NULL while the program is dead, as are client and reply */
    struct sugu_client *client;
    struct sugu_id sign_ins[DESK_PEOPLE]; /* none = not signed in */
    struct desk_slip *slips;
    unsigned count, open;
    int64_t tasks_us; /* the next look at what the books say is to do */
    bool has_tasks;   /* that somebody works off */
    char left[128];   /* one of them */
    bool has_reply;
    Sugu__Reply *reply;
};

/* Asks and waits; the reply stands until the next question. */
const Sugu__Reply *desk_ask(struct desk_state *desk,
                            enum desk_person who,
                            Sugu__Request__BodyCase body_case,
                            void *body);
bool desk_is_ok(const Sugu__Reply *reply);
/* Both people; false where it did not work now. */
bool desk_sign_in(struct desk_state *desk);
/* The bill's money, to be freed with sugu__money__free_unpacked; NULL = not now. */
Sugu__Money *desk_money(struct desk_state *desk, const struct sugu_id *bill);
/* By what the device really did; false where nobody can know it yet. */
bool desk_resolve(struct desk_state *desk, const Sugu__Attempt *attempt);
/* False where it was not taken. */
bool desk_order_refund(struct desk_state *desk,
                       const struct sugu_id *original,
                       int64_t yen,
                       Sugu__RefundReason reason,
                       bool is_too_much);
/* The other person agrees, or does not. */
void desk_decide_refund(struct desk_state *desk, const Sugu__Refund *refund);

/* desk-tasks.c: works off what GetMoneyTasks says; true while there is something of it left. */
bool desk_do_tasks(struct desk_state *desk);
