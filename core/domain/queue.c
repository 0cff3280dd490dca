/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue - who is called before whom, and why
 */
#include "domain/queue.h"

#include "base/clock.h"

#include <string.h>

int32_t
sugu_queue_rank(enum sugu_priority priority)
{
    return priority == SUGU_PRIORITY_URGENT ? 0 : 1;
}

static bool
is_late(const struct sugu_queue_rule *rule, const struct sugu_queue_place *place)
{
    return place->arrived_utc_us > place->appointment_utc_us + rule->grace_min * SUGU_MINUTE;
}

enum sugu_queue_basis
sugu_queue_basis(const struct sugu_queue_rule *rule, const struct sugu_queue_place *place)
{
    if (place->priority == SUGU_PRIORITY_URGENT)
        return SUGU_QUEUE_BY_URGENCY;
    if (place->appointment_utc_us == 0)
        return SUGU_QUEUE_BY_ARRIVAL;
    return is_late(rule, place) ? SUGU_QUEUE_BY_LATE_ARRIVAL : SUGU_QUEUE_BY_APPOINTMENT;
}

int64_t
sugu_queue_due(const struct sugu_queue_rule *rule, const struct sugu_queue_place *place)
{
    int64_t due;

    if (place->appointment_utc_us == 0)
        due = place->arrived_utc_us + rule->walk_in_after_min * SUGU_MINUTE;
    else if (is_late(rule, place))
        due = place->arrived_utc_us + rule->late_after_min * SUGU_MINUTE;
    else
        due = place->appointment_utc_us;
    if (place->priority == SUGU_PRIORITY_ASSISTED)
        due -= rule->assist_before_min * SUGU_MINUTE;
    return due;
}

int
sugu_queue_compare(const struct sugu_queue_place *a, const struct sugu_queue_place *b)
{
    int32_t ranks = sugu_queue_rank(a->priority) - sugu_queue_rank(b->priority);

    if (ranks != 0)
        return ranks;
    if (a->due_utc_us != b->due_utc_us)
        return a->due_utc_us < b->due_utc_us ? -1 : 1;
    return memcmp(a->visit.bytes, b->visit.bytes, sizeof a->visit.bytes);
}
