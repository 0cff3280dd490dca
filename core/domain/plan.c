/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan - the stages of a visit, and which of them may be gone to now
 */
#include "domain/plan.h"

#include <string.h>

static bool
is_over(enum sugu_stage_state state)
{
    return state == SUGU_STAGE_DONE || state == SUGU_STAGE_MOVED || state == SUGU_STAGE_DROPPED;
}

static const struct sugu_order_rule *
find_rule(const struct sugu_plan *plan, const char *first, const char *second)
{
    for (size_t i = 0; i < plan->rule_count; i++)
        if (strcmp(plan->rules[i].first, first) == 0 && strcmp(plan->rules[i].second, second) == 0)
            return &plan->rules[i];
    return NULL;
}

bool
sugu_plan_is_before(const struct sugu_plan *plan, size_t first, size_t second)
{
    const struct sugu_plan_stage *a = &plan->stages[first], *b = &plan->stages[second];
    const struct sugu_order_rule *rule = find_rule(plan, a->department, b->department);
    const struct sugu_order_rule *reverse = find_rule(plan, b->department, a->department);

    if (rule)
        return rule->is_required;
    if (reverse && reverse->is_required)
        return false;
    return a->kind < b->kind;
}

/* Has the pharmacy to wait for the money? Who comes for it alone gets no bill before: nothing else
 * would ever end, and they would wait for ever. */
static bool
pharmacy_waits_for_bill(const struct sugu_plan *plan)
{
    for (size_t i = 0; i < plan->stage_count && !plan->is_settled; i++)
        if (plan->stages[i].kind != SUGU_STAGE_PHARMACY &&
            plan->stages[i].state != SUGU_STAGE_MOVED &&
            plan->stages[i].state != SUGU_STAGE_DROPPED)
            return true;
    return false;
}

static bool
may_wait(const struct sugu_plan *plan, size_t stage)
{
    if (plan->stages[stage].kind == SUGU_STAGE_PHARMACY && pharmacy_waits_for_bill(plan))
        return false;
    for (size_t i = 0; i < plan->stage_count; i++)
        if (i != stage && !is_over(plan->stages[i].state) && sugu_plan_is_before(plan, i, stage))
            return false;
    return true;
}

bool
sugu_plan_has_open(const struct sugu_plan *plan)
{
    bool is_after = plan->is_settled || pharmacy_waits_for_bill(plan);

    for (size_t i = 0; i < plan->stage_count; i++)
        if (!is_over(plan->stages[i].state) &&
            !(is_after && plan->stages[i].kind == SUGU_STAGE_PHARMACY))
            return true;
    return false;
}

bool
sugu_plan_has_any(const struct sugu_plan *plan)
{
    for (size_t i = 0; i < plan->stage_count; i++)
        if (!is_over(plan->stages[i].state))
            return true;
    return false;
}

/* The planned stage that breaks a circle; stage_count where there is none, or where something
 * else is open and will end. */
static size_t
circle_breaker(const struct sugu_plan *plan)
{
    bool is_after = pharmacy_waits_for_bill(plan);
    size_t best = plan->stage_count;

    for (size_t i = 0; i < plan->stage_count; i++) {
        const struct sugu_plan_stage *stage = &plan->stages[i];
        if (!is_over(stage->state) && stage->state != SUGU_STAGE_PLANNED)
            return plan->stage_count;
        if (stage->state == SUGU_STAGE_PLANNED &&
            !(is_after && stage->kind == SUGU_STAGE_PHARMACY) &&
            (best == plan->stage_count || stage->kind < plan->stages[best].kind))
            best = i;
    }
    return best;
}

size_t
sugu_plan_ready(const struct sugu_plan *plan, bool *ret_ready)
{
    size_t count = 0, breaker;

    for (size_t i = 0; i < plan->stage_count; i++) {
        ret_ready[i] = plan->stages[i].state == SUGU_STAGE_PLANNED && may_wait(plan, i);
        count += ret_ready[i];
    }
    breaker = count == 0 ? circle_breaker(plan) : plan->stage_count;
    if (breaker == plan->stage_count)
        return count;
    ret_ready[breaker] = true;
    return 1;
}

/* Does a chain of required rules lead from `from` to `to`? No chain is longer than the list. */
static bool
leads_to(const struct sugu_order_rule *rules,
         size_t count,
         const char *from,
         const char *to,
         size_t steps)
{
    for (size_t i = 0; i < count && steps > 0; i++) {
        if (!rules[i].is_required || strcmp(rules[i].first, from) != 0)
            continue;
        if (strcmp(rules[i].second, to) == 0 ||
            leads_to(rules, count, rules[i].second, to, steps - 1))
            return true;
    }
    return false;
}

bool
sugu_order_rules_have_circle(const struct sugu_order_rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rules[i].is_required && leads_to(rules, count, rules[i].second, rules[i].first, count))
            return true;
    return false;
}
