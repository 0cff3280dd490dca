/* SPDX-License-Identifier: Apache-2.0 */
/*
 * money-task - what waits for a person because of money, and change that a person hands over
 *
 * Nothing is kept of a task: it is a state of the books, and over when they say so.
 */
#include "handlers/money.h"
#include "handlers/queue-view.h"

#include <stdlib.h>
#include <string.h>

#define TASKS_MAX 100 /* bounds.def; the statement gives one more, so that more are seen */
/* A provider has so long to delete an ended card before somebody calls it. */
#define FORGOTTEN_WITHIN_US (7 * 24 * 60 * SUGU_MINUTE)

/* ---- GetMoneyTasks */

struct get_money_tasks {
    struct sugu_money_task_list_rows rows;
};

static void
get_money_tasks_done(void *state)
{
    sugu_money_task_list_rows_done(&((struct get_money_tasks *)state)->rows);
}
const struct sugu_state sugu_state_get_money_tasks = {sizeof(struct get_money_tasks),
                                                      get_money_tasks_done};

/* Memory of the messages of a reply. */
struct tasks_message {
    Sugu__MoneyTasks tasks;
    Sugu__MoneyTask task[TASKS_MAX], *list[TASKS_MAX];
    char numbers[TASKS_MAX][SUGU_TICKET_NUMBER_SIZE];
};

static void
fill_task(struct tasks_message *to, size_t index, struct sugu_money_task_list_row *row)
{
    Sugu__MoneyTask *task = to->list[index] = &to->task[index];

    sugu__money_task__init(task);
    task->code = row->code;
    task->since_utc_us = row->since;
    if (!sugu_id_is_none(&row->visit))
        task->visit = sugu_id_field(&row->visit);
    if (!sugu_id_is_none(&row->bill))
        task->bill = sugu_id_field(&row->bill);
    if (row->number > 0) {
        sugu_ticket_number_format(to->numbers[index], row->series, (uint32_t)row->number);
        task->number = to->numbers[index];
    }
    task->visit_date = row->day;
    task->is_earlier = row->is_earlier;
    task->yen = row->yen;
    task->place = row->place;
    task->patient_number = row->patient_number;
    task->patient_name = row->patient_name;
    if (sugu_id_is_none(&row->attempt))
        return;
    task->attempt = sugu_id_field(&row->attempt);
    task->kind = sugu_attempt_kind_of(row->kind);
    task->method = sugu_method_of(row->method);
}

static void
reply_tasks(struct sugu_work *work)
{
    struct get_money_tasks *get = work->state;
    struct tasks_message *to = calloc(1, sizeof *to);
    Sugu__Reply reply = SUGU__REPLY__INIT;

    if (!to)
        abort();
    sugu__money_tasks__init(&to->tasks);
    to->tasks.has_more = get->rows.count > TASKS_MAX;
    to->tasks.n_tasks = to->tasks.has_more ? TASKS_MAX : get->rows.count;
    to->tasks.tasks = to->list;
    for (size_t i = 0; i < to->tasks.n_tasks; i++)
        fill_task(to, i, &get->rows.rows[i]);
    reply.body_case = SUGU__REPLY__BODY_MONEY_TASKS;
    reply.money_tasks = &to->tasks;
    sugu_work_reply(work, &reply);
    free(to);
}

bool
sugu_step_get_money_tasks(struct sugu_batch *batch,
                          struct sugu_work **works,
                          size_t count,
                          int round)
{
    struct get_money_tasks *get = works[0]->state;

    (void)count;
    if (round == 0) {
        sugu_db_money_task_list(batch->db,
                                &(struct sugu_money_task_list_params){
                                    .facility = batch->facility.facility,
                                    .day = batch->day,
                                    .asked_long_ago = batch->now_utc - FORGOTTEN_WITHIN_US},
                                &get->rows);
        return true;
    }
    reply_tasks(works[0]);
    return false;
}

/* ---- PayChange */

struct pay_change {
    /* First to learn the visit, whose lock comes before the bill's; then as it is. */
    struct sugu_bill_view view;
    struct sugu_visit_lock_row visit;
    struct sugu_bill_lock_row bill;
};

static void
pay_change_done(void *state)
{
    sugu_bill_view_done(&((struct pay_change *)state)->view);
}
const struct sugu_state sugu_state_pay_change = {sizeof(struct pay_change), pay_change_done};

static bool
send_change_locks(struct sugu_batch *batch, struct sugu_work *work)
{
    struct pay_change *pay = work->state;
    int32_t facility = batch->facility.facility;
    struct sugu_id bill = pay->view.bill;

    if (!pay->view.row.is_found) {
        sugu_work_refuse(work, "bill.unknown", "");
        return false;
    }
    sugu_db_visit_lock(
        batch->db,
        &(struct sugu_visit_lock_params){.facility = facility, .visit = pay->view.row.visit},
        &pay->visit);
    sugu_db_bill_lock(
        batch->db, &(struct sugu_bill_lock_params){.facility = facility, .bill = bill}, &pay->bill);
    return true;
}

static bool
write_change(struct sugu_batch *batch, struct sugu_work *work)
{
    struct pay_change *pay = work->state;
    const Sugu__PayChange *body = work->request->pay_change;

    if (body->amount_yen > pay->bill.change_owed_yen) {
        sugu_work_refuse(work, "payment.amount", "so much change is not owed");
        return false;
    }
    sugu_ledger_change_paid(batch, pay->view.bill, body->desk, body->amount_yen);
    sugu_audit(batch, work, "pay-change", &pay->view.row.visit, body->note);
    sugu_bill_view_send(batch, &pay->view, pay->view.bill);
    return true;
}

bool
sugu_step_pay_change(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct sugu_work *work = works[0];
    struct pay_change *pay = work->state;

    (void)count;
    switch (round) {
    case 0:
        sugu_bill_view_send(batch, &pay->view, sugu_id_of(&work->request->pay_change->bill));
        return true;
    case 1:
        return send_change_locks(batch, work);
    case 2:
        return write_change(batch, work);
    default:
        sugu_bill_view_publish(batch, &pay->view);
        sugu_work_reply_ok(work);
        return false;
    }
}

/* ---- GetPatientBills */

#define BILLS_MAX 60 /* bounds.def */
/* Money goes back to where it came from for so long: acquirers and providers take a refund for
 * about half a year. */
#define REFUNDABLE_US (180 * 24 * 60 * SUGU_MINUTE)

struct get_patient_bills {
    struct sugu_patient_bills_rows rows;
};

static void
get_patient_bills_done(void *state)
{
    sugu_patient_bills_rows_done(&((struct get_patient_bills *)state)->rows);
}
const struct sugu_state sugu_state_get_patient_bills = {sizeof(struct get_patient_bills),
                                                        get_patient_bills_done};

static void
fill_bill(struct sugu_patient_bills_row *row,
          char number[SUGU_TICKET_NUMBER_SIZE],
          Sugu__PatientBill *to)
{
    sugu__patient_bill__init(to);
    sugu_ticket_number_format(number, row->series, (uint32_t)row->number);
    to->visit = sugu_id_field(&row->visit);
    to->bill = sugu_id_field(&row->bill);
    to->visit_date = row->day;
    to->number = number;
    to->department_name = row->department_name;
    to->state = (Sugu__BillState)row->state;
    to->total_yen = row->total_yen;
    to->due_yen = row->due_yen;
    to->refund_due_yen = row->refund_due_yen;
    to->is_earlier = row->is_earlier;
}

static void
reply_bills(struct sugu_work *work)
{
    struct get_patient_bills *get = work->state;
    Sugu__PatientBill bill[BILLS_MAX], *list[BILLS_MAX];
    char numbers[BILLS_MAX][SUGU_TICKET_NUMBER_SIZE];
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__PatientBills bills = SUGU__PATIENT_BILLS__INIT;

    bills.has_more = get->rows.count > BILLS_MAX;
    bills.n_bills = bills.has_more ? BILLS_MAX : get->rows.count;
    bills.bills = list;
    for (size_t i = 0; i < bills.n_bills; i++)
        fill_bill(&get->rows.rows[i], numbers[i], list[i] = &bill[i]);
    reply.body_case = SUGU__REPLY__BODY_PATIENT_BILLS;
    reply.patient_bills = &bills;
    sugu_work_reply(work, &reply);
}

bool
sugu_step_get_patient_bills(struct sugu_batch *batch,
                            struct sugu_work **works,
                            size_t count,
                            int round)
{
    struct sugu_work *work = works[0];
    struct get_patient_bills *get = work->state;

    (void)count;
    if (round == 0) {
        sugu_db_patient_bills(batch->db,
                              &(struct sugu_patient_bills_params){
                                  .facility = batch->facility.facility,
                                  .patient = sugu_id_of(&work->request->get_patient_bills->patient),
                                  .day = batch->day,
                                  .since = batch->now_utc - REFUNDABLE_US},
                              &get->rows);
        return true;
    }
    reply_bills(work);
    return false;
}
