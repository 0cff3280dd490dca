/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model-private - the inside of the model, shared by model*.c
 */
#pragma once

#include "model-money.h"
#include "model-tasks.h"

#include "item.h"
#include "cells.h"

/* Bounds are those of bounds.def. */
#define DESK_QUEUES_MAX 61 /* with that of who waits for the bill */
#define DESK_DESKS_MAX  200
#define DESK_HELPS_MAX  200
#define DESK_KIOSKS_MAX 150
#define DESK_PARTS_MAX  8
#define DESK_NAME_SIZE  101
#define DESK_PLACE_SIZE 65

struct desk_queue {
    char department[DESK_DEPARTMENT_SIZE], name[DESK_NAME_SIZE];
    Sugu__StageKind kind;
    enum sugu_desk_word desk_word;
    bool is_desk, is_open;
    struct sugu_queue_rule rule;
    uint32_t told, held;
    /* counted at each flush */
    unsigned groups[DESK_GROUP_COUNT];
    int longest_min;
    enum desk_level level; /* of the one whose wait is worst */
};

struct desk_place_of_work {
    char desk[DESK_DESK_SIZE], department[DESK_DEPARTMENT_SIZE];
};

struct desk_help {
    char place[DESK_PLACE_SIZE], reason[DESK_CODE_SIZE], number[SUGU_TICKET_NUMBER_SIZE];
    int64_t asked_utc_us;
};

struct desk_part {
    Sugu__Part part;
    Sugu__PartHealth health;
    char code[DESK_CODE_SIZE];
};

struct desk_kiosk {
    char place[DESK_PLACE_SIZE], client[65], role[17], page[33], last_error[DESK_CODE_SIZE];
    int64_t heard_utc_us, errored_utc_us;
    bool is_draining;
    struct desk_part parts[DESK_PARTS_MAX];
    unsigned part_count;
};

struct desk_patient {
    struct sugu_id patient;
    char patient_number[33], name[201], number[SUGU_TICKET_NUMBER_SIZE];
    char appointments[600]; /* in words */
    uint32_t birth_date;
};
#define DESK_PATIENTS_MAX 40

enum desk_list {
    DESK_LIST_QUEUES,
    DESK_LIST_CASES,
    DESK_LIST_PEOPLE,
    DESK_LIST_KIOSKS,
    DESK_LIST_DESKS,
    DESK_LIST_DEPARTMENTS,
    DESK_LIST_TASKS,
    DESK_LIST_ATTEMPTS,
    DESK_LIST_REFUNDS,
    DESK_LIST_BILL_LINES,
    DESK_LIST_BILLS,
    DESK_LIST_COUNT,
};

/* What tells one stage from another. */
struct desk_key {
    struct sugu_id visit;
    uint32_t stage;
};

struct _DeskModel {
    GObject parent;
    int64_t long_wait_min, late_wait_min;
    GTimeZone *zone;
    char *texts[DESK_MODEL_TEXT_COUNT];
    bool is_stale, has_snapshot, is_dirty;
    unsigned under_way;
    int64_t now_utc_us;

    GHashTable *entries; /* struct desk_key -> DeskRow, both owned */
    GHashTable *changed; /* set of DeskRow since the last flush, owned */
    GHashTable *gone;    /* likewise, not known any more */
    GHashTable *kept;    /* set of struct desk_key said since the snapshot began; NULL = there is
                            none */
    GHashTable *told;    /* those of them that an event brought: newer than any page */

    /* of DESK_…_MAX each: an object may not be as large as they are */
    struct desk_queue *queues;
    struct desk_place_of_work *desks;
    struct desk_help *helps;
    struct desk_kiosk *kiosks;
    struct desk_patient *patients;
    unsigned queue_count, desk_count, help_count, kiosk_count, patient_count;
    bool has_more_patients;
    Sugu__VisitFound *known; /* of `subject`, NULL = nothing yet */

    Sugu__Money *money; /* of the bill of `known`, NULL = nothing yet */
    bool wants_money;
    Sugu__MoneyTasks *tasks;   /* NULL = nothing yet */
    Sugu__PatientBills *bills; /* of `bills_of`; NULL = nobody is chosen, or nothing yet */
    struct sugu_id bills_of;
    struct sugu_id held_task; /* attempt of the task looked at, of no bill; none: it has none */
    Sugu__Attempt held;       /* the same, as the task says it */
    const char *held_person;  /* whose it is; with `held` */
    struct desk_money_form form;
    char attempt[SUGU_ID_TEXT_SIZE], refund[SUGU_ID_TEXT_SIZE]; /* chosen in the tables */

    GHashTable *dismissed; /* key of a case -> int64_t *, when it was asked for; both owned */

    GListStore *lists[DESK_LIST_COUNT];
    DeskRows *rows;
    struct desk_person person;
    char queue[DESK_DEPARTMENT_SIZE], desk[DESK_DESK_SIZE];
    unsigned groups; /* of the chosen queue, shown */
    char subject[DESK_SUBJECT_SIZE];
    struct sugu_id subject_visit; /* where it is not of today; none = the number says it */
    char kiosk[140], patient[SUGU_ID_TEXT_SIZE];
    /* to be selected as soon as it comes */
    char awaited_number[SUGU_TICKET_NUMBER_SIZE], awaited_department[DESK_DEPARTMENT_SIZE];
};

/* ---- model.c */

/* Something will have to be shown anew. */
void desk_model_touch(DeskModel *model);
/* What is possible may be another now. */
void desk_model_tell_rights(DeskModel *model);
struct desk_queue *desk_model_find_queue(DeskModel *model, const char *department);
const char *desk_model_queue_name(DeskModel *model, const char *department);
/* "Room 3", in the language of the desk, after the department's word. */
const char *desk_model_desk_name(DeskModel *model,
                                 const char *department,
                                 const char *desk,
                                 char to[static DESK_WORDS_SIZE]);
GPtrArray *desk_model_all_rows(DeskModel *model); /* not owned rows; free the array */

/* ---- model-money.c */

/* Another person is looked at, or nobody: nothing is known of the money, and nothing is shown. */
void desk_model_forget_money(DeskModel *model);
/* At the end: tells nobody. */
void desk_model_free_money(DeskModel *model);
void desk_model_show_money(DeskModel *model);
/* The attempt of the task that is looked at; none: it has none. What was asked about another one is
 * not a question any more. */
void desk_model_choose_held(DeskModel *model, const struct sugu_id *attempt);
/* It may be over now. */
void desk_model_check_held(DeskModel *model);

/* ---- model-tasks.c */

void desk_model_show_tasks(DeskModel *model);
void desk_model_show_bills(DeskModel *model);
void desk_model_forget_tasks(DeskModel *model);

/* ---- model-show.c */

void desk_model_show(DeskModel *model);
void desk_model_show_subject(DeskModel *model);
void desk_model_show_person(DeskModel *model);
void desk_model_show_people(DeskModel *model);
void desk_model_show_kiosks(DeskModel *model);
