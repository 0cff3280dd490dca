/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arrive - from "this person is here" to a number and a plan, for any number of people at once
 */
#include "handlers/arrive.h"

#include "handlers/queue-view.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void
sugu_arrivals_done(struct sugu_arrivals *arrivals)
{
    sugu_house_done(&arrivals->house);
    sugu_plan_sources_rows_done(&arrivals->sources);
    sugu_patient_names_rows_done(&arrivals->names);
    sugu_ticket_issue_rows_done(&arrivals->issued);
    sugu_card_facts_rows_done(&arrivals->cards);
}

void
sugu_arrivals_send_sources(struct sugu_batch *batch,
                           struct sugu_arrivals *arrivals,
                           struct sugu_arrival *const *list,
                           size_t count)
{
    struct sugu_card_asked cards[SUGU_BATCH_MAX];
    struct sugu_id patients[SUGU_BATCH_MAX];
    size_t known = 0;

    for (size_t i = 0; i < count; i++) {
        if (sugu_id_is_none(&list[i]->patient))
            continue;
        cards[known] =
            (struct sugu_card_asked){.patient = list[i]->patient, .visit = list[i]->visit};
        patients[known++] = list[i]->patient;
    }
    if (known == 0)
        return;
    sugu_card_facts_send(batch, cards, known, &arrivals->cards);
    sugu_db_plan_sources(batch->db,
                         &(struct sugu_plan_sources_params){.count = known,
                                                            .facility = batch->facility.facility,
                                                            .patients = patients,
                                                            .day = batch->day},
                         &arrivals->sources);
    sugu_db_patient_names(batch->db,
                          &(struct sugu_patient_names_params){.count = known,
                                                              .facility = batch->facility.facility,
                                                              .patients = patients},
                          &arrivals->names);
}

/* ---- the plan */

/* A department twice is one stage; one that is closed leads to the reception, which knows. */
static void
add_stage(const struct sugu_house *house,
          struct sugu_arrival *arrival,
          const char *department,
          int64_t appointment_utc_us)
{
    const struct sugu_department_list_row *row = sugu_house_find(house, department);

    if (!row || !row->is_open) {
        arrival->refusal = "department.unknown";
        return;
    }
    for (size_t i = 0; i < arrival->stage_count; i++)
        if (arrival->stages[i].department == row)
            return;
    if (arrival->stage_count < SUGU_ARRIVAL_STAGES_MAX)
        arrival->stages[arrival->stage_count++] = (struct sugu_arrival_stage){
            .department = row, .appointment_utc_us = appointment_utc_us};
}

/* Minutes after midnight of the business day; before the cut-off they are of the next morning. */
static int64_t
appointment_time(const struct sugu_batch *batch, int32_t minutes)
{
    const struct sugu_day_rule *rule = &batch->facility.day_rule;
    int64_t day_us = sugu_date_to_days(batch->day) * 24 * 60 * SUGU_MINUTE;

    if (minutes < 0)
        return 0;
    if (minutes < rule->cutoff_minutes)
        minutes += 24 * 60;
    return day_us + (minutes - rule->offset_minutes) * SUGU_MINUTE;
}

static void
add_sources(struct sugu_batch *batch, struct sugu_arrivals *arrivals, struct sugu_arrival *arrival)
{
    const struct sugu_plan_sources_rows *sources = &arrivals->sources;

    for (size_t i = 0; i < sources->count; i++) {
        const struct sugu_department_list_row *row;
        if (!sugu_id_equal(&sources->rows[i].patient, &arrival->patient))
            continue;
        row = sugu_house_find(&arrivals->house, sources->rows[i].department);
        if (row && row->is_open)
            add_stage(&arrivals->house, arrival, sources->rows[i].department,
                      appointment_time(batch, sources->rows[i].minutes));
        else if (!*arrival->reason)
            arrival->reason = "department.closed";
    }
}

static int
compare_stages(const void *a, const void *b)
{
    const struct sugu_arrival_stage *x = a, *y = b;

    if (x->department->kind != y->department->kind)
        return x->department->kind - y->department->kind;
    if (x->appointment_utc_us != y->appointment_utc_us)
        return x->appointment_utc_us < y->appointment_utc_us ? -1 : 1;
    return strcmp(x->department->department, y->department->department);
}

static void
add_reception(struct sugu_house *house, struct sugu_arrival *arrival)
{
    const struct sugu_department_list_row *reception = sugu_house_reception(house);

    if (reception)
        add_stage(house, arrival, reception->department, 0);
    else
        arrival->refusal = "department.unknown";
}

/* The letter on the ticket: of the reception for who is sent there, else of the consultation. */
static size_t
choose_main(const struct sugu_arrival *arrival)
{
    for (size_t i = 0; i < arrival->stage_count && !*arrival->reason; i++)
        if (arrival->stages[i].department->kind == SUGU_STAGE_CONSULTATION)
            return i;
    return 0;
}

/* False where there would be no place to go to now. */
static bool
decide_states(struct sugu_batch *batch, struct sugu_house *house, struct sugu_arrival *arrival)
{
    struct sugu_plan_stage stages[SUGU_ARRIVAL_STAGES_MAX];
    bool is_ready[SUGU_ARRIVAL_STAGES_MAX];
    struct sugu_plan plan;

    for (size_t i = 0; i < arrival->stage_count; i++) {
        snprintf(stages[i].department, sizeof stages[i].department, "%s",
                 arrival->stages[i].department->department);
        stages[i].kind = (enum sugu_stage_kind)arrival->stages[i].department->kind;
        stages[i].state = SUGU_STAGE_PLANNED;
    }
    plan = sugu_house_plan(house, stages, arrival->stage_count, /* is_settled= */ false);
    if (sugu_plan_ready(&plan, is_ready) == 0)
        return false;
    for (size_t i = 0; i < arrival->stage_count; i++) {
        struct sugu_arrival_stage *stage = &arrival->stages[i];
        stage->state = is_ready[i] ? SUGU_STAGE_WAITING : SUGU_STAGE_PLANNED;
        stage->place = (struct sugu_queue_place){.priority = arrival->priority,
                                                 .appointment_utc_us = stage->appointment_utc_us,
                                                 .visit = arrival->visit};
        sugu_house_set_place(stage->department, batch->now_utc, batch->now_utc, &stage->place);
    }
    return true;
}

static void
make_plan(struct sugu_batch *batch, struct sugu_arrivals *arrivals, struct sugu_arrival *arrival)
{
    arrival->stage_count = 0;
    arrival->refusal = NULL;
    for (size_t i = 0; i < arrivals->names.count; i++)
        if (sugu_id_equal(&arrivals->names.rows[i].patient, &arrival->patient))
            arrival->person = &arrivals->names.rows[i];
    for (size_t i = 0; i < arrival->department_count; i++)
        add_stage(&arrivals->house, arrival, arrival->departments[i], 0);
    if (arrival->department_count == 0)
        add_sources(batch, arrivals, arrival);
    if (arrival->stage_count == 0 && !*arrival->reason)
        arrival->reason = "visit.no-department";
    if (*arrival->reason)
        add_reception(&arrivals->house, arrival);
    if (arrival->refusal)
        return;
    qsort(arrival->stages, arrival->stage_count, sizeof *arrival->stages, compare_stages);
    arrival->main_stage = choose_main(arrival);
    if (!decide_states(batch, &arrivals->house, arrival))
        arrival->refusal = "visit.no-department";
}

/* ---- the numbers */

/* The arrays of ticket_issue, one element per stage. */
struct issue {
    size_t count;
    struct sugu_id *visits, *patients, *eligibilities;
    bool *is_first;
    struct sugu_bytes *tokens;
    int16_t *priorities, *stages, *states, *ranks;
    const char **languages, **departments, **reasons;
    int64_t *dues, *appointments;
};

static void *
new_array(size_t count, size_t size)
{
    void *array = calloc(count, size);

    if (!array)
        abort();
    return array;
}

static void
issue_init(struct issue *issue, size_t room)
{
    *issue = (struct issue){
        .visits = new_array(room, sizeof *issue->visits),
        .patients = new_array(room, sizeof *issue->patients),
        .eligibilities = new_array(room, sizeof *issue->eligibilities),
        .is_first = new_array(room, sizeof *issue->is_first),
        .tokens = new_array(room, sizeof *issue->tokens),
        .priorities = new_array(room, sizeof *issue->priorities),
        .stages = new_array(room, sizeof *issue->stages),
        .states = new_array(room, sizeof *issue->states),
        .ranks = new_array(room, sizeof *issue->ranks),
        .languages = new_array(room, sizeof *issue->languages),
        .departments = new_array(room, sizeof *issue->departments),
        .reasons = new_array(room, sizeof *issue->reasons),
        .dues = new_array(room, sizeof *issue->dues),
        .appointments = new_array(room, sizeof *issue->appointments),
    };
}

static void
issue_done(struct issue *issue)
{
    free(issue->visits);
    free(issue->patients);
    free(issue->eligibilities);
    free(issue->is_first);
    free(issue->tokens);
    free(issue->priorities);
    free(issue->stages);
    free(issue->states);
    free(issue->ranks);
    free(issue->languages);
    free(issue->departments);
    free(issue->reasons);
    free(issue->dues);
    free(issue->appointments);
}

static void
issue_add(struct issue *issue, struct sugu_arrival *arrival, size_t index)
{
    const struct sugu_arrival_stage *stage = &arrival->stages[index];
    size_t at = issue->count++;

    issue->visits[at] = arrival->visit;
    issue->is_first[at] = index == arrival->main_stage;
    issue->patients[at] = arrival->patient;
    issue->tokens[at] = (struct sugu_bytes){arrival->token, sizeof arrival->token};
    issue->eligibilities[at] = arrival->eligibility;
    issue->priorities[at] = (int16_t)arrival->priority;
    issue->languages[at] = arrival->language;
    issue->stages[at] = (int16_t)(index + 1);
    issue->departments[at] = stage->department->department;
    issue->states[at] = (int16_t)stage->state;
    issue->reasons[at] = stage->department->is_desk ? arrival->reason : "";
    issue->ranks[at] = (int16_t)sugu_queue_rank(arrival->priority);
    issue->dues[at] = stage->place.due_utc_us;
    issue->appointments[at] = stage->appointment_utc_us;
}

void
sugu_arrivals_send_issue(struct sugu_batch *batch,
                         struct sugu_arrivals *arrivals,
                         struct sugu_arrival *const *list,
                         size_t count)
{
    struct issue issue;

    issue_init(&issue, count * SUGU_ARRIVAL_STAGES_MAX);
    for (size_t i = 0; i < count; i++) {
        make_plan(batch, arrivals, list[i]);
        for (size_t j = 0; j < list[i]->stage_count && !list[i]->refusal; j++)
            issue_add(&issue, list[i], j);
    }
    if (issue.count > 0)
        sugu_db_ticket_issue(
            batch->db,
            &(struct sugu_ticket_issue_params){.count = issue.count,
                                               .facility = batch->facility.facility,
                                               .day = batch->day,
                                               .at = batch->now_utc,
                                               .visits = issue.visits,
                                               .is_first = issue.is_first,
                                               .patients = issue.patients,
                                               .tokens = issue.tokens,
                                               .eligibilities = issue.eligibilities,
                                               .priorities = issue.priorities,
                                               .languages = issue.languages,
                                               .stages = issue.stages,
                                               .departments = issue.departments,
                                               .states = issue.states,
                                               .reasons = issue.reasons,
                                               .ranks = issue.ranks,
                                               .dues = issue.dues,
                                               .appointments = issue.appointments},
            &arrivals->issued);
    issue_done(&issue);
}

/* ---- what came of it */

static void
take_row(struct sugu_arrival *arrival, const struct sugu_ticket_issue_row *row)
{
    struct sugu_arrival_stage *stage = &arrival->stages[row->stage - 1];

    sugu_ticket_number_format(arrival->number, row->series, (uint32_t)row->number);
    arrival->is_issued = true;
    stage->before_you = row->before_you;
    stage->low_s = row->low_s;
    stage->high_s = row->high_s;
}

/* The rows come in the order of the elements. */
void
sugu_arrivals_take(struct sugu_arrivals *arrivals, struct sugu_arrival *const *list, size_t count)
{
    size_t row = 0;

    for (size_t i = 0; i < count; i++)
        for (; row < arrivals->issued.count &&
               sugu_id_equal(&arrivals->issued.rows[row].visit, &list[i]->visit);
             row++)
            take_row(list[i], &arrivals->issued.rows[row]);
}

void
sugu_arrival_ticket(const struct sugu_batch *batch,
                    struct sugu_arrival *arrival,
                    struct sugu_ticket_parts *parts,
                    Sugu__Ticket *to)
{
    const struct sugu_arrival_stage *first = NULL;

    for (size_t i = 0; i < arrival->stage_count; i++) {
        const struct sugu_arrival_stage *stage = &arrival->stages[i];
        Sugu__TicketStage *part = parts->list[i] = &parts->stages[i];
        if (!first && stage->state == SUGU_STAGE_WAITING)
            first = stage;
        sugu__ticket_stage__init(part);
        part->department = (char *)stage->department->department;
        part->department_name = (char *)stage->department->name;
        part->kind = (Sugu__StageKind)stage->department->kind;
        part->desk_word = (Sugu__DeskWord)stage->department->desk_word;
        part->state = (Sugu__StageState)stage->state;
        part->before_you = (uint32_t)stage->before_you;
        part->appointment_utc_us = stage->appointment_utc_us;
        sugu_range_minutes(stage->low_s, stage->high_s, &part->low_min, &part->high_min);
    }
    assert(first); /* make_plan has refused any other */
    sugu__ticket__init(to);
    to->visit = sugu_id_field(&arrival->visit);
    to->number = arrival->number;
    to->department = (char *)first->department->department;
    to->department_name = (char *)first->department->name;
    to->before_you = (uint32_t)first->before_you;
    to->business_day = batch->day;
    to->issued_utc_us = batch->now_utc;
    to->state = SUGU__VISIT_STATE__VISIT_ARRIVED;
    to->is_to_desk = first->department->is_desk;
    to->desk_word = (Sugu__DeskWord)first->department->desk_word;
    to->reason = (char *)arrival->reason;
    to->n_stages = arrival->stage_count;
    to->stages = parts->list;
    sugu_range_minutes(first->low_s, first->high_s, &to->low_min, &to->high_min);
}

void
sugu_arrival_publish(struct sugu_batch *batch,
                     struct sugu_arrivals *arrivals,
                     const struct sugu_arrival *arrival)
{
    struct sugu_card_facts_row *card = sugu_card_facts_find(&arrivals->cards, &arrival->visit);

    if (card)
        card->is_declined = arrival->pays_otherwise;
    sugu_dues_begin(batch, card);
    for (size_t i = 0; i < arrival->stage_count; i++) {
        const struct sugu_arrival_stage *stage = &arrival->stages[i];
        Sugu__QueueEntry entry = SUGU__QUEUE_ENTRY__INIT;
        entry.visit = sugu_id_field(&arrival->visit);
        entry.stage = (uint32_t)i + 1;
        entry.number = (char *)arrival->number;
        entry.department = (char *)stage->department->department;
        entry.state = (Sugu__StageState)stage->state;
        entry.priority = (Sugu__Priority)arrival->priority;
        entry.appointment_utc_us = stage->appointment_utc_us;
        entry.arrived_utc_us = entry.waiting_utc_us = batch->now_utc;
        entry.due_utc_us = stage->place.due_utc_us;
        entry.rank = (uint32_t)sugu_queue_rank(arrival->priority);
        entry.patient_number = arrival->person ? (char *)arrival->person->number : (char *)"";
        entry.patient_name = arrival->person ? (char *)arrival->person->name : (char *)"";
        entry.reason = stage->department->is_desk ? (char *)arrival->reason : (char *)"";
        entry.visit_state = SUGU__VISIT_STATE__VISIT_ARRIVED;
        entry.language = (char *)arrival->language;
        sugu_range_minutes(stage->low_s, stage->high_s, &entry.low_min, &entry.high_min);
        sugu_queue_entry_publish(batch, &entry);
    }
}
