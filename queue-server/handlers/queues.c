/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queues - what a desk asks for: the queues with everybody in them, the numbers of the day, people
 */
#include "handlers/queue-view.h"

#include "domain/name.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_MAX         60 /* entries of a page; bounds.def */
#define FOUND_MAX        40
#define APPOINTMENTS_MAX 10
#define HELP_SINCE       (12 * 60 * SUGU_MINUTE)

/* ---- GetQueues */

struct get_queues {
    bool is_first;
    struct sugu_house house;
    struct sugu_desk_list_rows desks;
    struct sugu_wait_calibration_rows calibration;
    struct sugu_queue_page_rows page;
    struct sugu_help_open_rows helps;
};

static void
get_queues_done(void *state)
{
    struct get_queues *get = state;

    sugu_house_done(&get->house);
    sugu_desk_list_rows_done(&get->desks);
    sugu_wait_calibration_rows_done(&get->calibration);
    sugu_queue_page_rows_done(&get->page);
    sugu_help_open_rows_done(&get->helps);
}
const struct sugu_state sugu_state_get_queues = {sizeof(struct get_queues), get_queues_done};

static void
send_queues(struct sugu_batch *batch, struct sugu_work *work)
{
    struct get_queues *get = work->state;
    const Sugu__GetQueues *body = work->request->get_queues;
    int32_t facility = batch->facility.facility;

    get->is_first = body->after_visit.len == 0;
    sugu_db_queue_page(
        batch->db,
        &(struct sugu_queue_page_params){.facility = facility,
                                         .day = batch->day,
                                         .after_visit = sugu_id_of(&body->after_visit),
                                         .after_stage = (int16_t)body->after_stage,
                                         .most = PAGE_MAX},
        &get->page);
    if (!get->is_first)
        return;
    sugu_house_send(batch, &get->house);
    sugu_db_desk_list(batch->db, &(struct sugu_desk_list_params){.facility = facility},
                      &get->desks);
    sugu_db_wait_calibration(
        batch->db, &(struct sugu_wait_calibration_params){.facility = facility, .day = batch->day},
        &get->calibration);
    sugu_db_help_open(batch->db,
                      &(struct sugu_help_open_params){.facility = facility,
                                                      .day = batch->day,
                                                      .since = batch->now_utc - HELP_SINCE},
                      &get->helps);
}

/* Memory of the messages of a reply. */
struct queues_message {
    Sugu__Queues queues;
    Sugu__Queue queue[60], *queue_list[60];
    Sugu__QueueRule rules[60];
    Sugu__Desk desk[200], *desk_list[200];
    Sugu__QueueEntry entry[PAGE_MAX], *entry_list[PAGE_MAX];
    Sugu__HelpWanted help[50], *help_list[50];
    char numbers[PAGE_MAX][SUGU_TICKET_NUMBER_SIZE], help_numbers[50][SUGU_TICKET_NUMBER_SIZE];
};

static void
fill_queue(struct get_queues *get, struct queues_message *to, size_t index)
{
    struct sugu_department_list_row *row = &get->house.departments.rows[index];
    Sugu__Queue *queue = to->queue_list[index] = &to->queue[index];
    Sugu__QueueRule *rule = &to->rules[index];

    sugu__queue__init(queue);
    sugu__queue_rule__init(rule);
    queue->department = row->department;
    queue->name = row->name;
    queue->kind = (Sugu__StageKind)row->kind;
    queue->is_desk = row->is_desk;
    queue->is_open = row->is_open;
    queue->desk_word = (Sugu__DeskWord)row->desk_word;
    rule->walk_in_after_min = (uint32_t)row->walk_in_after_min;
    rule->grace_min = (uint32_t)row->grace_min;
    rule->late_after_min = (uint32_t)row->late_after_min;
    rule->assist_before_min = (uint32_t)row->assist_before_min;
    queue->rule = rule;
    for (size_t i = 0; i < get->calibration.count; i++)
        if (strcmp(get->calibration.rows[i].department, row->department) == 0) {
            queue->told = (uint32_t)get->calibration.rows[i].told;
            queue->held = (uint32_t)get->calibration.rows[i].held;
        }
}

static void
fill_entry(struct sugu_queue_page_row *row, struct queues_message *to, size_t index)
{
    Sugu__QueueEntry *entry = to->entry_list[index] = &to->entry[index];

    sugu__queue_entry__init(entry);
    sugu_ticket_number_format(to->numbers[index], row->series, (uint32_t)row->number);
    entry->visit = sugu_id_field(&row->visit);
    entry->stage = (uint32_t)row->stage;
    entry->number = to->numbers[index];
    entry->department = row->department;
    entry->state = (Sugu__StageState)row->state;
    entry->desk = row->desk;
    entry->priority = (Sugu__Priority)row->priority;
    entry->appointment_utc_us = row->appointment_at;
    entry->arrived_utc_us = row->arrived_at;
    entry->waiting_utc_us = row->waiting_at;
    entry->due_utc_us = row->due_at;
    entry->rank = (uint32_t)row->rank;
    entry->called_utc_us = row->called_at;
    entry->parked_until_utc_us = row->parked_until;
    entry->calls = (uint32_t)row->calls;
    entry->patient_number = row->patient_number;
    entry->patient_name = row->patient_name;
    entry->reason = row->reason;
    entry->visit_state = (Sugu__VisitState)row->visit_state;
    entry->language = row->language;
    sugu_range_minutes(row->low_s, row->high_s, &entry->low_min, &entry->high_min);
}

static void
fill_first_page(struct get_queues *get, struct queues_message *to)
{
    for (size_t i = 0; i < get->house.departments.count; i++)
        fill_queue(get, to, i);
    for (size_t i = 0; i < get->desks.count; i++) {
        to->desk_list[i] = &to->desk[i];
        sugu__desk__init(&to->desk[i]);
        to->desk[i].desk = get->desks.rows[i].desk;
        to->desk[i].department = get->desks.rows[i].department;
    }
    for (size_t i = 0; i < get->helps.count; i++) {
        struct sugu_help_open_row *row = &get->helps.rows[i];
        Sugu__HelpWanted *help = to->help_list[i] = &to->help[i];
        sugu__help_wanted__init(help);
        if (row->number > 0)
            sugu_ticket_number_format(to->help_numbers[i], row->series, (uint32_t)row->number);
        help->place = row->place;
        help->reason = row->reason;
        help->number = to->help_numbers[i];
        help->asked_utc_us = row->asked_at;
    }
    to->queues.n_queues = get->house.departments.count;
    to->queues.queues = to->queue_list;
    to->queues.n_desks = get->desks.count;
    to->queues.desks = to->desk_list;
    to->queues.n_helps = get->helps.count;
    to->queues.helps = to->help_list;
}

static void
reply_queues(struct sugu_work *work)
{
    struct get_queues *get = work->state;
    struct queues_message *to = calloc(1, sizeof *to);
    Sugu__Reply reply = SUGU__REPLY__INIT;

    if (!to)
        abort();
    sugu__queues__init(&to->queues);
    if (get->is_first)
        fill_first_page(get, to);
    for (size_t i = 0; i < get->page.count; i++)
        fill_entry(&get->page.rows[i], to, i);
    to->queues.n_entries = get->page.count;
    to->queues.entries = to->entry_list;
    to->queues.is_last = get->page.count < PAGE_MAX;
    reply.body_case = SUGU__REPLY__BODY_QUEUES;
    reply.queues = &to->queues;
    sugu_work_reply(work, &reply);
    free(to);
}

bool
sugu_step_get_queues(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    (void)count;
    if (round == 0) {
        send_queues(batch, works[0]);
        return true;
    }
    reply_queues(works[0]);
    return false;
}

/* ---- GetToday */

struct get_today {
    struct sugu_today_find_row row;
};
const struct sugu_state sugu_state_get_today = {sizeof(struct get_today), NULL};

bool
sugu_step_get_today(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    struct get_today *get = works[0]->state;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__Today today = SUGU__TODAY__INIT;

    (void)count;
    if (round == 0) {
        sugu_db_today_find(batch->db,
                           &(struct sugu_today_find_params){.facility = batch->facility.facility,
                                                            .day = batch->day},
                           &get->row);
        return true;
    }
    today.arrived = (uint32_t)get->row.arrived;
    today.waiting = (uint32_t)get->row.waiting;
    today.called = (uint32_t)get->row.called;
    today.gone = (uint32_t)get->row.gone;
    today.missed = (uint32_t)get->row.missed;
    today.wait_median_s = (uint32_t)get->row.wait_median_s;
    today.wait_p90_s = (uint32_t)get->row.wait_p90_s;
    today.settled = (uint32_t)get->row.settled;
    today.settled_at_kiosk = (uint32_t)get->row.settled_at_kiosk;
    reply.body_case = SUGU__REPLY__BODY_TODAY;
    reply.today = &today;
    sugu_work_reply(works[0], &reply);
    return false;
}

/* ---- FindPatients */

struct find_patients {
    struct sugu_patient_search_rows rows;
    struct sugu_appointments_of_rows appointments;
};

static void
find_patients_done(void *state)
{
    struct find_patients *find = state;

    sugu_patient_search_rows_done(&find->rows);
    sugu_appointments_of_rows_done(&find->appointments);
}
const struct sugu_state sugu_state_find_patients = {sizeof(struct find_patients),
                                                    find_patients_done};

static void
send_search(struct sugu_batch *batch, struct sugu_work *work)
{
    struct find_patients *find = work->state;
    const char *text = work->request->find_patients->text;
    char key[SUGU_NAME_SIZE], series[2] = "";
    uint32_t birth_date = 0, ticket = 0;

    if (strlen(text) == 8 && strspn(text, "0123456789") == 8)
        birth_date = (uint32_t)strtoul(text, NULL, 10);
    if (!sugu_date_is_valid(birth_date))
        birth_date = 0;
    if (!sugu_name_key(key, sizeof key, text))
        key[0] = '\0';
    if (!sugu_ticket_number_parse(text, series, &ticket))
        ticket = 0;
    sugu_db_patient_search(
        batch->db,
        &(struct sugu_patient_search_params){.facility = batch->facility.facility,
                                             .day = batch->day,
                                             .number = text,
                                             .series = series,
                                             .ticket = (int32_t)ticket,
                                             .birth_date = birth_date,
                                             .name_key = key},
        &find->rows);
    sugu_audit(batch, work, "find-patients", NULL, "");
}

static void
send_appointments(struct sugu_batch *batch, struct sugu_work *work)
{
    struct find_patients *find = work->state;
    struct sugu_id patients[FOUND_MAX];
    size_t count = find->rows.count < FOUND_MAX ? find->rows.count : FOUND_MAX;

    for (size_t i = 0; i < count; i++)
        patients[i] = find->rows.rows[i].patient;
    sugu_db_appointments_of(
        batch->db,
        &(struct sugu_appointments_of_params){.count = count,
                                              .facility = batch->facility.facility,
                                              .patients = patients,
                                              .day = batch->day},
        &find->appointments);
}

/* Memory of the messages of a reply. */
struct patients_message {
    Sugu__PatientFound patients[FOUND_MAX], *list[FOUND_MAX];
    Sugu__Appointment appointments[FOUND_MAX][APPOINTMENTS_MAX];
    Sugu__Appointment *appointment_list[FOUND_MAX][APPOINTMENTS_MAX];
    char numbers[FOUND_MAX][SUGU_TICKET_NUMBER_SIZE];
};

static void
fill_appointments(const struct find_patients *find, struct patients_message *to, size_t index)
{
    Sugu__PatientFound *patient = &to->patients[index];

    for (size_t i = 0; i < find->appointments.count; i++) {
        struct sugu_appointments_of_row *row = &find->appointments.rows[i];
        Sugu__Appointment *appointment = &to->appointments[index][patient->n_appointments];
        if (!sugu_id_equal(&row->patient, &find->rows.rows[index].patient) ||
            patient->n_appointments == APPOINTMENTS_MAX)
            continue;
        sugu__appointment__init(appointment);
        appointment->department = row->department;
        appointment->department_name = row->name;
        appointment->minutes = (uint32_t)row->minutes;
        to->appointment_list[index][patient->n_appointments++] = appointment;
    }
    patient->appointments = to->appointment_list[index];
}

static void
reply_patients(struct sugu_work *work)
{
    struct find_patients *find = work->state;
    Sugu__Reply reply = SUGU__REPLY__INIT;
    Sugu__PatientsFound found = SUGU__PATIENTS_FOUND__INIT;
    struct patients_message *to = calloc(1, sizeof *to);
    size_t count = find->rows.count < FOUND_MAX ? find->rows.count : FOUND_MAX;

    if (!to)
        abort();
    for (size_t i = 0; i < count; i++) {
        struct sugu_patient_search_row *row = &find->rows.rows[i];
        Sugu__PatientFound *patient = to->list[i] = &to->patients[i];
        sugu__patient_found__init(patient);
        patient->patient = sugu_id_field(&row->patient);
        patient->patient_number = row->number;
        patient->name = row->name;
        patient->birth_date = row->birth_date;
        if (row->ticket > 0) {
            sugu_ticket_number_format(to->numbers[i], row->series, (uint32_t)row->ticket);
            patient->number = to->numbers[i];
        }
        fill_appointments(find, to, i);
    }
    found.n_patients = count;
    found.patients = to->list;
    found.has_more = find->rows.count > FOUND_MAX;
    reply.body_case = SUGU__REPLY__BODY_PATIENTS_FOUND;
    reply.patients_found = &found;
    sugu_work_reply(work, &reply);
    free(to);
}

bool
sugu_step_find_patients(struct sugu_batch *batch, struct sugu_work **works, size_t count, int round)
{
    (void)count;
    if (round == 0) {
        send_search(batch, works[0]);
        return true;
    }
    if (round == 1) {
        send_appointments(batch, works[0]);
        return true;
    }
    reply_patients(works[0]);
    return false;
}
