/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan - the stages of a visit, and which of them may be gone to now
 *
 * A stage waits as soon as nothing has to be done before it; so a visit may wait in several queues
 * at once. What comes first follows from the kinds (reception, test, consultation, billing,
 * pharmacy) unless a rule of the facility says otherwise for two departments.
 */
#pragma once

#include "domain/ticket.h"

#include <stddef.h>

#define SUGU_DEPARTMENT_SIZE 17 /* code with the NUL */

/* Numbers are those of StageKind in sugu.proto, and the order of a day. */
enum sugu_stage_kind {
    SUGU_STAGE_RECEPTION,
    SUGU_STAGE_TEST,
    SUGU_STAGE_CONSULTATION,
    SUGU_STAGE_BILLING,
    SUGU_STAGE_PHARMACY, /* not before the bill is settled, but where it is all there is */
    SUGU_STAGE_KIND_COUNT,
};

/* is_required: `first` has to be done before `second`. Otherwise `first` may be done at any time
 * although its kind says "before". */
struct sugu_order_rule {
    char first[SUGU_DEPARTMENT_SIZE], second[SUGU_DEPARTMENT_SIZE];
    bool is_required;
};

struct sugu_plan_stage {
    char department[SUGU_DEPARTMENT_SIZE];
    enum sugu_stage_kind kind;
    enum sugu_stage_state state;
};

struct sugu_plan {
    const struct sugu_plan_stage *stages;
    size_t stage_count;
    const struct sugu_order_rule *rules;
    size_t rule_count;
    bool is_settled; /* the bill, if there is one */
};

/* Has `first` to be done before `second`? */
bool sugu_plan_is_before(const struct sugu_plan *plan, size_t first, size_t second);

/*
 * Which of the planned stages may wait now: sets ret_ready[i] for each stage, returns how many. A
 * circle of rules cannot forget a patient: where nothing is open and nothing may wait, the planned
 * stage that comes first by kind and place in the list is ready.
 */
size_t sugu_plan_ready(const struct sugu_plan *plan, bool *ret_ready);

/* Is a stage still to come before the bill (waiting, called, present, parked, missed, planned)?
 * The pharmacy comes after it, but where it is all there is. */
bool sugu_plan_has_open(const struct sugu_plan *plan);
/* Is any stage still to come, the pharmacy included? */
bool sugu_plan_has_any(const struct sugu_plan *plan);

/* Would the rules make a circle? For sugu-admin, before a rule is taken. */
bool sugu_order_rules_have_circle(const struct sugu_order_rule *rules, size_t count);
