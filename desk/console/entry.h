/* SPDX-License-Identifier: Apache-2.0 */
/*
 * entry - one stage of one visit as a desk knows it, and its place in the list
 */
#pragma once

#include "domain/queue.h"
#include "domain/ticket.h"
#include "protocol/message.h"

/* The parts of a queue's list, in the order in which they stand there. */
enum desk_group {
    DESK_GROUP_AT_DESK, /* called or present, by the time of the call */
    DESK_GROUP_WAITING, /* as the queue calls them: rank, due, visit */
    DESK_GROUP_PARKED,  /* by the end of the pause */
    DESK_GROUP_MISSED,  /* by the time of the call */
    DESK_GROUP_PLANNED, /* something else has to be done before */
    DESK_GROUP_OVER,    /* done, moved or dropped, the last one first */
    DESK_GROUP_COUNT,
};

/* Sizes with the NUL are those of bounds.def. */
#define DESK_DEPARTMENT_SIZE 17
#define DESK_DESK_SIZE       17
#define DESK_CODE_SIZE       65

/* In the stead of a department: where those stand who wait for their bill. No code of a department
 * looks like it. */
#define DESK_BILL_WAIT "*bill"

/* What the wire says; times are microseconds UTC, 0 = there is none. */
struct desk_entry {
    struct sugu_id visit;
    uint32_t stage;
    enum sugu_stage_state state;
    enum sugu_priority priority;
    Sugu__VisitState visit_state;
    uint32_t rank, calls, low_min, high_min;
    int64_t appointment_utc_us, arrived_utc_us, waiting_utc_us, due_utc_us;
    int64_t called_utc_us, parked_until_utc_us;
    char number[SUGU_TICKET_NUMBER_SIZE];
    char department[DESK_DEPARTMENT_SIZE], desk[DESK_DESK_SIZE];
    char patient_number[33], patient_name[201]; /* personal: never logged */
    char reason[DESK_CODE_SIZE], language[17];
};

/* The message has been held to bounds.def. */
void desk_entry_take(struct desk_entry *entry, const Sugu__QueueEntry *message);
/* All places are done and the bill is awaited: no desk's verb is about it. */
bool desk_entry_waits_for_bill(const struct desk_entry *entry);
enum desk_group desk_entry_group(const struct desk_entry *entry);
/* Less than 0: a stands before b. Never 0 for two stages. */
int desk_entry_compare(const struct desk_entry *a, const struct desk_entry *b);
/* Whole minutes that the stage has been waiting; 0 where it does not wait, or the clocks differ. */
int desk_entry_wait_min(const struct desk_entry *entry, int64_t now_utc_us);
