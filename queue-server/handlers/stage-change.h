/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stage-change - one change of a visit's stages: read under the visit's lock, decided, written with
 * its history, told to everybody
 *
 * Every verb of a desk and every change of a plan goes this way: send, (round,) change…, settle,
 * write, (round,) publish.
 */
#pragma once

#include "handlers/queue-view.h"

#include "domain/visit.h"

/* What becomes of one stage. */
struct sugu_stage_write {
    int stage;
    const struct sugu_stage_list_row *from; /* in `before`; NULL: made now */
    unsigned to;
    const char *desk; /* "" keeps it */
    int64_t waiting_at, called_at, done_at, parked_until;
    bool is_call;
    int32_t restores;  /* the change whose find is put back; 0 = none */
    bool is_reordered; /* does not wait at the moment: a place for later */
    /* a wait begins: the place in the queue */
    bool is_enqueued;
    const struct sugu_department_list_row *department;
    struct sugu_queue_place place;
    const char *reason;
};

struct sugu_visit_change {
    struct sugu_visit_lock_row lock; /* its priority may be changed: to be */
    struct sugu_visit_view before, after;
    struct sugu_house house;
    struct sugu_stage_write writes[SUGU_VISIT_STAGES_MAX];
    size_t write_count;
    unsigned visit_state; /* to be */
    int32_t undone;       /* number of the change that is taken back; 0 = none */
    const char *advanced; /* department whose queue moved on; "" = none */
};

/* The verb as history and audit trail name it: a number of TicketVerb, or one of these. What SETTLE
 * did follows from a bill: no desk can undo it. */
enum { SUGU_VERB_PLAN = 20, SUGU_VERB_SETTLE = 21 };
struct sugu_verb {
    int verb;
    const char *desk;
};

/* Locks the visit and reads it with its house. */
void sugu_visit_change_send(struct sugu_batch *batch,
                            struct sugu_visit_change *change,
                            struct sugu_id visit);
void sugu_visit_change_done(struct sugu_visit_change *change);

/* A stage goes into another state; the caller may fill in more. */
struct sugu_stage_write *sugu_visit_change_stage(struct sugu_visit_change *change,
                                                 const struct sugu_stage_list_row *from,
                                                 unsigned to,
                                                 int64_t now_utc);
/* A stage more, waiting in the department's queue since `waiting_at`. NULL: the visit has as many
 * as it can. */
struct sugu_stage_write *sugu_visit_change_add(struct sugu_batch *batch,
                                               struct sugu_visit_change *change,
                                               const struct sugu_department_list_row *department,
                                               int64_t waiting_at,
                                               const char *reason);
/* The stage of the department that is not over; NULL: there is none. */
const struct sugu_stage_list_row *
sugu_visit_change_find_open(const struct sugu_visit_change *change, const char *department);
bool sugu_visit_change_has_open(const struct sugu_visit_change *change, const char *department);
/* The write's stage waits in the department's queue from its waiting_at on, with this appointment
 * (0 = none). */
void sugu_visit_change_place(const struct sugu_visit_change *change,
                             struct sugu_stage_write *write,
                             const struct sugu_department_list_row *department,
                             int64_t appointment_utc_us);
/* The bill is settled by a person: one stage more, at the counter for bills, after the places that
 * come before it. Nothing for a visit that is over, or has an open stage there. */
void sugu_visit_change_to_counter(struct sugu_batch *batch,
                                  struct sugu_visit_change *change,
                                  const char *reason);
/* The kiosks have the bill again: what sugu_visit_change_to_counter made is over. */
void sugu_visit_change_from_counter(struct sugu_batch *batch, struct sugu_visit_change *change);
/* Every stage that is open gets a place by lock.priority, also one that gets it later; settled
 * before. */
void sugu_visit_change_reorder(struct sugu_batch *batch, struct sugu_visit_change *change);
/* What undo puts back. */
void sugu_visit_change_restore(struct sugu_batch *batch,
                               struct sugu_visit_change *change,
                               const struct sugu_stage_change_last_row *last);

/* What follows from the changes: stages that may wait now, and the state of the visit, up to the
 * bill that is there already. False after a refusal. */
bool sugu_visit_change_settle(struct sugu_batch *batch,
                              struct sugu_visit_change *change,
                              struct sugu_work *work,
                              bool is_no_show);

/* Writes stages, visit, history and audit trail, and reads the visit again. */
void sugu_visit_change_write(struct sugu_batch *batch,
                             struct sugu_visit_change *change,
                             const struct sugu_work *work,
                             const struct sugu_verb *verb);
/* The events of all of it. */
void sugu_visit_change_publish(struct sugu_batch *batch, struct sugu_visit_change *change);
