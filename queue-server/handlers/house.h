/* SPDX-License-Identifier: Apache-2.0 */
/*
 * house - the departments of a facility with the rules of their queues, as one transaction reads
 * them
 */
#pragma once

#include "handlers/handlers.h"

#include "domain/plan.h"
#include "domain/queue.h"

struct sugu_house {
    struct sugu_department_list_rows departments;
    struct sugu_order_rule_list_rows rules;
    struct sugu_order_rule *order_rules; /* the same as the domain has them */
};

/* Sends the reads; everything else is for after their round. */
void sugu_house_send(struct sugu_batch *batch, struct sugu_house *house);
void sugu_house_done(struct sugu_house *house);

const struct sugu_department_list_row *sugu_house_find(const struct sugu_house *house,
                                                       const char *department);
/* Where those go whom the kiosk cannot help; NULL where the facility has none that is open. */
const struct sugu_department_list_row *sugu_house_reception(const struct sugu_house *house);

/* Where bills are settled by a person: the department of bills, else the reception. */
const struct sugu_department_list_row *sugu_house_counter(const struct sugu_house *house);

struct sugu_queue_rule sugu_house_rule(const struct sugu_department_list_row *department);

/* The plan over `stages`, which are kept by reference. */
struct sugu_plan sugu_house_plan(struct sugu_house *house,
                                 const struct sugu_plan_stage *stages,
                                 size_t count,
                                 bool is_settled);

/*
 * The place of a visit in the queue of a department. Consultations and the reception go by the
 * arrival in the house, tests, bills and the pharmacy by the arrival at their queue. Of `place`,
 * priority, appointment and visit are given; arrived and due are set.
 */
void sugu_house_set_place(const struct sugu_department_list_row *department,
                          int64_t arrived_utc_us,
                          int64_t waiting_utc_us,
                          struct sugu_queue_place *place);
