/* SPDX-License-Identifier: Apache-2.0 */
/*
 * entry - one stage of one visit as a desk knows it, and its place in the list
 */
#include "entry.h"

#include "base/text.h"

#include <string.h>

void
desk_entry_take(struct desk_entry *entry, const Sugu__QueueEntry *message)
{
    *entry = (struct desk_entry){
        .visit = sugu_id_of(&message->visit),
        .stage = message->stage,
        .state = (enum sugu_stage_state)message->state,
        .priority = (enum sugu_priority)message->priority,
        .visit_state = message->visit_state,
        .rank = message->rank,
        .calls = message->calls,
        .low_min = message->low_min,
        .high_min = message->high_min,
        .appointment_utc_us = message->appointment_utc_us,
        .arrived_utc_us = message->arrived_utc_us,
        .waiting_utc_us = message->waiting_utc_us,
        .due_utc_us = message->due_utc_us,
        .called_utc_us = message->called_utc_us,
        .parked_until_utc_us = message->parked_until_utc_us,
    };
    sugu_text_copy(entry->number, sizeof entry->number, message->number);
    sugu_text_copy(entry->department, sizeof entry->department,
                   desk_entry_waits_for_bill(entry) ? DESK_BILL_WAIT : message->department);
    if (desk_entry_waits_for_bill(entry))
        entry->state = entry->visit_state == SUGU__VISIT_STATE__VISIT_AWAITING_BILL
                           ? SUGU_STAGE_WAITING
                           : SUGU_STAGE_DONE;
    sugu_text_copy(entry->desk, sizeof entry->desk, message->desk);
    sugu_text_copy(entry->patient_number, sizeof entry->patient_number, message->patient_number);
    sugu_text_copy(entry->patient_name, sizeof entry->patient_name, message->patient_name);
    sugu_text_copy(entry->reason, sizeof entry->reason, message->reason);
    sugu_text_copy(entry->language, sizeof entry->language, message->language);
}

bool
desk_entry_waits_for_bill(const struct desk_entry *entry)
{
    return entry->stage == 0;
}

enum desk_group
desk_entry_group(const struct desk_entry *entry)
{
    switch (entry->state) {
    case SUGU_STAGE_CALLED:
    case SUGU_STAGE_PRESENT:
        return DESK_GROUP_AT_DESK;
    case SUGU_STAGE_WAITING:
        return DESK_GROUP_WAITING;
    case SUGU_STAGE_PARKED:
        return DESK_GROUP_PARKED;
    case SUGU_STAGE_MISSED:
        return DESK_GROUP_MISSED;
    case SUGU_STAGE_PLANNED:
        return DESK_GROUP_PLANNED;
    case SUGU_STAGE_DONE:
    case SUGU_STAGE_MOVED:
    case SUGU_STAGE_DROPPED:
    case SUGU_STAGE_STATE_COUNT:
        break;
    }
    return DESK_GROUP_OVER;
}

/* What a group is sorted by, before the place in the queue; the smaller comes first. */
static int64_t
group_key(const struct desk_entry *entry, enum desk_group group)
{
    switch (group) {
    case DESK_GROUP_AT_DESK:
    case DESK_GROUP_MISSED:
        return entry->called_utc_us;
    case DESK_GROUP_PARKED:
        return entry->parked_until_utc_us;
    case DESK_GROUP_OVER:
        return -entry->called_utc_us;
    case DESK_GROUP_WAITING:
    case DESK_GROUP_PLANNED:
    case DESK_GROUP_COUNT:
        break;
    }
    return 0;
}

static int
compare_numbers(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

int
desk_entry_compare(const struct desk_entry *a, const struct desk_entry *b)
{
    enum desk_group group = desk_entry_group(a), other = desk_entry_group(b);
    int order = compare_numbers(group, other);

    if (order == 0)
        order = compare_numbers(group_key(a, group), group_key(b, group));
    /* As the database and core/domain/queue.c sort: rank, due, visit. */
    if (order == 0)
        order = compare_numbers(a->rank, b->rank);
    if (order == 0)
        order = compare_numbers(a->due_utc_us, b->due_utc_us);
    if (order == 0)
        order = memcmp(a->visit.bytes, b->visit.bytes, sizeof a->visit.bytes);
    return order ? order : compare_numbers(a->stage, b->stage);
}

int
desk_entry_wait_min(const struct desk_entry *entry, int64_t now_utc_us)
{
    enum desk_group group = desk_entry_group(entry);
    bool waits = group == DESK_GROUP_WAITING || group == DESK_GROUP_PARKED;

    if (!waits || entry->waiting_utc_us == 0 || now_utc_us <= entry->waiting_utc_us)
        return 0;
    return (int)((now_utc_us - entry->waiting_utc_us) / SUGU_MINUTE);
}
