/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model-tasks - what waits because of money, and the bills of one patient: lists "tasks" and
 * "bills"
 */
#pragma once

#include "model.h"

#define DESK_SUBJECT_SIZE 48
/* The visit looked at where it is of an earlier day, which its subject names beside the number;
 * false where the number says it. */
bool desk_model_subject_visit(DeskModel *model, struct sugu_id *ret_visit);

/* What waits because of money, all of it. */
void desk_model_take_tasks(DeskModel *model, const Sugu__MoneyTasks *tasks);
/* The bills of a patient; NULL: they are asked for. */
void desk_model_take_bills(DeskModel *model,
                           const struct sugu_id *patient,
                           const Sugu__PatientBills *bills);

/* What a task or a bill of the lists is about; false where the key is of none. */
struct desk_subject {
    char words[DESK_SUBJECT_SIZE];
    struct sugu_id visit; /* none: of today */
    /* Of no bill, whose end a person has to find out; none: there is none. */
    struct sugu_id attempt;
};
bool desk_model_find_task(DeskModel *model, const char *key, struct desk_subject *ret_subject);
bool desk_model_find_bill(DeskModel *model, const char *key, struct desk_subject *ret_subject);
void desk_model_look_at_subject(DeskModel *model, const struct desk_subject *subject);
/* The attempt of the task looked at, as far as the task says; NULL where it is about a bill, or
 * over. It lasts until the next call. */
const Sugu__Attempt *desk_model_held(DeskModel *model);
