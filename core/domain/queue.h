/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue - who is called before whom, and why
 *
 * One pure comparison decides. What it compares is put together when a wait begins and stored with
 * the stage (rank, due_at), so that the database sorts by the same keys. Priorities are data: the
 * rule belongs to the queue, the priority to the visit.
 */
#pragma once

#include "base/id.h"

#include <stdbool.h>

/* Numbers are those of Priority in sugu.proto. */
enum sugu_priority {
    SUGU_PRIORITY_URGENT,   /* before everybody else */
    SUGU_PRIORITY_ASSISTED, /* wheelchair, infant: earlier by assist_before_min */
    SUGU_PRIORITY_ORDINARY,
    SUGU_PRIORITY_COUNT,
};

/* Of a queue (table department). All in minutes, 0 to 240. */
struct sugu_queue_rule {
    int32_t walk_in_after_min; /* no appointment: as if booked so long after arriving */
    int32_t grace_min;         /* so late an appointment still counts */
    int32_t late_after_min;    /* later than that: as if booked so long after arriving */
    int32_t assist_before_min; /* assisted: so long before the time they would have */
};

/* One who waits. */
struct sugu_queue_place {
    enum sugu_priority priority;
    int64_t appointment_utc_us; /* 0 = walk-in */
    int64_t arrived_utc_us; /* in the house; at this queue where it serves by the order of coming */
    int64_t due_utc_us;     /* sugu_queue_due */
    struct sugu_id visit;
};

/* What a place goes by: the words that a desk shows. */
enum sugu_queue_basis {
    SUGU_QUEUE_BY_URGENCY,
    SUGU_QUEUE_BY_APPOINTMENT,
    SUGU_QUEUE_BY_LATE_ARRIVAL, /* came too late for the appointment */
    SUGU_QUEUE_BY_ARRIVAL,
};

/* 0 before 1: the urgent and all others. */
int32_t sugu_queue_rank(enum sugu_priority priority);
/* The time the place counts as booked for; the smaller is called first within a rank. */
int64_t sugu_queue_due(const struct sugu_queue_rule *rule, const struct sugu_queue_place *place);
enum sugu_queue_basis sugu_queue_basis(const struct sugu_queue_rule *rule,
                                       const struct sugu_queue_place *place);
/* Less than 0: a is called before b; never 0 for two visits (their ids decide in the end, which
 * grow with time). */
int sugu_queue_compare(const struct sugu_queue_place *a, const struct sugu_queue_place *b);
