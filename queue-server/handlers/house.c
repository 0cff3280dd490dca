/* SPDX-License-Identifier: Apache-2.0 */
/*
 * house - the departments of a facility with the rules of their queues
 */
#include "handlers/house.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
sugu_house_send(struct sugu_batch *batch, struct sugu_house *house)
{
    int32_t facility = batch->facility.facility;

    sugu_house_done(house);
    sugu_db_department_list(batch->db, &(struct sugu_department_list_params){.facility = facility},
                            &house->departments);
    sugu_db_order_rule_list(batch->db, &(struct sugu_order_rule_list_params){.facility = facility},
                            &house->rules);
}

void
sugu_house_done(struct sugu_house *house)
{
    sugu_department_list_rows_done(&house->departments);
    sugu_order_rule_list_rows_done(&house->rules);
    free(house->order_rules);
    house->order_rules = NULL;
}

const struct sugu_department_list_row *
sugu_house_find(const struct sugu_house *house, const char *department)
{
    for (size_t i = 0; i < house->departments.count; i++)
        if (strcmp(house->departments.rows[i].department, department) == 0)
            return &house->departments.rows[i];
    return NULL;
}

const struct sugu_department_list_row *
sugu_house_reception(const struct sugu_house *house)
{
    for (size_t i = 0; i < house->departments.count; i++)
        if (house->departments.rows[i].is_desk && house->departments.rows[i].is_open)
            return &house->departments.rows[i];
    return NULL;
}

const struct sugu_department_list_row *
sugu_house_counter(const struct sugu_house *house)
{
    for (size_t i = 0; i < house->departments.count; i++)
        if (house->departments.rows[i].kind == SUGU_STAGE_BILLING &&
            house->departments.rows[i].is_open)
            return &house->departments.rows[i];
    return sugu_house_reception(house);
}

struct sugu_queue_rule
sugu_house_rule(const struct sugu_department_list_row *department)
{
    return (struct sugu_queue_rule){
        .walk_in_after_min = department->walk_in_after_min,
        .grace_min = department->grace_min,
        .late_after_min = department->late_after_min,
        .assist_before_min = department->assist_before_min,
    };
}

/* The rules of the house as the domain has them, made at the first use. */
static const struct sugu_order_rule *
order_rules(struct sugu_house *house)
{
    if (house->order_rules || house->rules.count == 0)
        return house->order_rules;
    house->order_rules = calloc(house->rules.count, sizeof *house->order_rules);
    if (!house->order_rules)
        abort();
    for (size_t i = 0; i < house->rules.count; i++) {
        struct sugu_order_rule *rule = &house->order_rules[i];
        snprintf(rule->first, sizeof rule->first, "%s", house->rules.rows[i].first);
        snprintf(rule->second, sizeof rule->second, "%s", house->rules.rows[i].second);
        rule->is_required = house->rules.rows[i].is_required;
    }
    return house->order_rules;
}

struct sugu_plan
sugu_house_plan(struct sugu_house *house,
                const struct sugu_plan_stage *stages,
                size_t count,
                bool is_settled)
{
    return (struct sugu_plan){
        .stages = stages,
        .stage_count = count,
        .rules = order_rules(house),
        .rule_count = house->rules.count,
        .is_settled = is_settled,
    };
}

void
sugu_house_set_place(const struct sugu_department_list_row *department,
                     int64_t arrived_utc_us,
                     int64_t waiting_utc_us,
                     struct sugu_queue_place *place)
{
    struct sugu_queue_rule rule = sugu_house_rule(department);
    bool is_by_house =
        department->kind == SUGU_STAGE_RECEPTION || department->kind == SUGU_STAGE_CONSULTATION;

    place->arrived_utc_us = is_by_house ? arrived_utc_us : waiting_utc_us;
    place->due_utc_us = sugu_queue_due(&rule, place);
}
