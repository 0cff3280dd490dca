/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk-house - an invented morning of a hospital, as the server tells it to a desk
 */
#pragma once

#include "protocol/message.h"

/* 2025-06-02, 10:41 in Tokyo. */
#define DESK_HOUSE_NOW INT64_C(1748828460000000)

#define DESK_HOUSE_QUEUES 8

/* One entry with the memory it points to. */
struct desk_house_entry {
    Sugu__QueueEntry message;
    struct sugu_id visit;
    char number[17], patient_number[33], name[201], desk[17];
};

/*
 * The i-th stage of the day: its queue, state, priority and times follow from i alone, so that
 * every test sees the same people. Most of them wait. `department` NULL = by i.
 */
void desk_house_fill(struct desk_house_entry *entry, unsigned i, const char *department);

/* The first page of a snapshot: queues, desks, calls for help and the first `count` entries (of all
 * queues). Free with desk_house_page_free. `is_last` is set. */
struct desk_house_page;
struct desk_house_page *desk_house_page_new(unsigned first, unsigned count, const char *department);
void desk_house_page_free(struct desk_house_page *page);
Sugu__Queues *desk_house_queues(struct desk_house_page *page);

/* The id of the i-th visit. */
struct sugu_id desk_house_visit(unsigned i);

/* Further replies; all of it is static. */
const Sugu__Kiosks *desk_house_kiosks(void);
const Sugu__Today *desk_house_today(void);
const Sugu__PatientsFound *desk_house_patients(void);
/* What is known of the number; the text is used, not copied. */
const Sugu__VisitFound *desk_house_known(const char *number);
/* The money of that person's bill: what a morning full of troubles leaves, with the longest texts.
 * `is_held`: the last attempt is held. */
const Sugu__Money *desk_house_money(bool is_held);
/* What waits because of money, of every kind; a person's bills of other days. */
#define DESK_HOUSE_TASKS      9
#define DESK_HOUSE_HELD_TASKS 6 /* from here on two without a bill: a hold, a registration */
const Sugu__MoneyTasks *desk_house_tasks(void);
const Sugu__PatientBills *desk_house_bills(void);
/* A card on file that was stopped. */
const Sugu__CardOnFile *desk_house_card(void);
/* The lines of that bill, with what its yen go by. */
void desk_house_fill_lines(Sugu__Bill *bill);
