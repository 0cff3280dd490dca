/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arrive - from "this person is here" to a number and a plan, for any number of people at once
 *
 * Shared by the kiosk's check-in and the desk's. The caller fills who it is and why it may go
 * where; then: sources (a round), issue (a round), publish.
 */
#pragma once

#include "handlers/dues.h"
#include "handlers/house.h"

#define SUGU_ARRIVAL_STAGES_MAX 12

struct sugu_arrival_stage {
    const struct sugu_department_list_row *department;
    int64_t appointment_utc_us; /* 0 = none */
    unsigned state;             /* enum sugu_stage_state: waiting or planned */
    struct sugu_queue_place place;
    int32_t before_you;
    int32_t low_s, high_s; /* both 0 = not known */
};

struct sugu_arrival {
    struct sugu_id visit, patient, eligibility;
    uint8_t token[16];
    const char *reason; /* code: to the reception first, and why; "" = not */
    const char *language;
    const char *const *departments; /* asked for; none: of the appointments and orders */
    size_t department_count;
    bool pays_otherwise; /* said so before: no card on file for this visit */
    enum sugu_priority priority;
    /* made here */
    struct sugu_arrival_stage stages[SUGU_ARRIVAL_STAGES_MAX];
    size_t stage_count, main_stage; /* the one that gives the number its letter */
    const char *refusal;            /* code; NULL while all is well */
    bool is_issued;
    char number[SUGU_TICKET_NUMBER_SIZE];
    const struct sugu_patient_names_row *person; /* NULL = nobody knows who it is */
};

/* What the arrivals of one batch read together. */
struct sugu_arrivals {
    struct sugu_house house;
    struct sugu_plan_sources_rows sources;
    struct sugu_patient_names_rows names;
    struct sugu_ticket_issue_rows issued;
    struct sugu_card_facts_rows cards; /* on file, of those who have one */
};
void sugu_arrivals_done(struct sugu_arrivals *arrivals);

/* Reads appointments, orders and names of those who have a patient; the house has been read. */
void sugu_arrivals_send_sources(struct sugu_batch *batch,
                                struct sugu_arrivals *arrivals,
                                struct sugu_arrival *const *list,
                                size_t count);
/* Makes the plans and gives the numbers. An arrival that cannot be gets `refusal`. */
void sugu_arrivals_send_issue(struct sugu_batch *batch,
                              struct sugu_arrivals *arrivals,
                              struct sugu_arrival *const *list,
                              size_t count);
/* Takes the numbers in: number, before_you, ranges. */
void
sugu_arrivals_take(struct sugu_arrivals *arrivals, struct sugu_arrival *const *list, size_t count);

/* The ticket; points into arrival. `stages` and `list` have room for SUGU_ARRIVAL_STAGES_MAX. */
struct sugu_ticket_parts {
    Sugu__TicketStage stages[SUGU_ARRIVAL_STAGES_MAX];
    Sugu__TicketStage *list[SUGU_ARRIVAL_STAGES_MAX];
};
void sugu_arrival_ticket(const struct sugu_batch *batch,
                         struct sugu_arrival *arrival,
                         struct sugu_ticket_parts *parts,
                         Sugu__Ticket *to);
/* One event per stage to the desks. A card on file is held for the visit, or looked at. */
void sugu_arrival_publish(struct sugu_batch *batch,
                          struct sugu_arrivals *arrivals,
                          const struct sugu_arrival *arrival);
