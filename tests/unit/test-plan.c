/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-plan - which stages of a visit may be gone to now, and that nobody is forgotten
 */
#include "domain/plan.h"
#include "base/random.h"
#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>

static const struct sugu_order_rule rules[] = {
    {"blood", "xray", true},     /* fasting: blood first */
    {"echo", "internal", false}, /* at any time */
};

static struct sugu_plan_stage
stage(const char *department, enum sugu_stage_kind kind, enum sugu_stage_state state)
{
    struct sugu_plan_stage made = {.kind = kind, .state = state};

    snprintf(made.department, sizeof made.department, "%s", department);
    return made;
}

/* A letter per stage: r ready, - not. */
static void
expect_ready(const struct sugu_plan_stage *stages, size_t count, bool is_settled, const char *text)
{
    struct sugu_plan plan = {.stages = stages,
                             .stage_count = count,
                             .rules = rules,
                             .rule_count = SUGU_ARRAY_SIZE(rules),
                             .is_settled = is_settled};
    bool is_ready[16];
    char letters[17] = "";
    size_t ready = sugu_plan_ready(&plan, is_ready), counted = 0;

    for (size_t i = 0; i < count; i++) {
        letters[i] = is_ready[i] ? 'r' : '-';
        counted += is_ready[i];
    }
    ck_assert_str_eq(letters, text);
    ck_assert_uint_eq(ready, counted);
}

START_TEST(tests_come_before_the_department_and_in_the_order_of_the_rules)
{
    struct sugu_plan_stage stages[] = {
        stage("blood", SUGU_STAGE_TEST, SUGU_STAGE_PLANNED),
        stage("xray", SUGU_STAGE_TEST, SUGU_STAGE_PLANNED),
        stage("urine", SUGU_STAGE_TEST, SUGU_STAGE_PLANNED),
        stage("internal", SUGU_STAGE_CONSULTATION, SUGU_STAGE_PLANNED),
        stage("pharmacy", SUGU_STAGE_PHARMACY, SUGU_STAGE_PLANNED),
    };

    expect_ready(stages, 5, false, "r-r--");
    stages[0].state = SUGU_STAGE_DONE;
    stages[2].state = SUGU_STAGE_WAITING;
    expect_ready(stages, 5, false, "-r---");
    stages[1].state = SUGU_STAGE_MISSED; /* somebody has to look first */
    expect_ready(stages, 5, false, "-----");
    stages[1].state = SUGU_STAGE_DROPPED;
    stages[2].state = SUGU_STAGE_DONE;
    expect_ready(stages, 5, false, "---r-");
    stages[3].state = SUGU_STAGE_DONE;
    expect_ready(stages, 5, false, "-----");
    expect_ready(stages, 5, true, "----r");
}
END_TEST

START_TEST(who_comes_for_the_pharmacy_alone_waits_there_at_once)
{
    struct sugu_plan_stage stages[] = {
        stage("pharmacy", SUGU_STAGE_PHARMACY, SUGU_STAGE_PLANNED),
        stage("internal", SUGU_STAGE_CONSULTATION, SUGU_STAGE_DROPPED),
    };
    struct sugu_plan plan = {.stages = stages, .stage_count = 2};

    expect_ready(stages, 1, false, "r");
    expect_ready(stages, 2, false, "r-");
    ck_assert(sugu_plan_has_open(&plan)); /* the bill, if any, comes after it */
    plan.is_settled = true;
    ck_assert(!sugu_plan_has_open(&plan));
    plan.is_settled = false;
    stages[0].state = SUGU_STAGE_DONE;
    ck_assert(!sugu_plan_has_open(&plan));
    stages[0].state = SUGU_STAGE_PLANNED;
    stages[1].state = SUGU_STAGE_DONE;
    expect_ready(stages, 2, false, "--"); /* that one is to be paid first */
    ck_assert(!sugu_plan_has_open(&plan));
    expect_ready(stages, 2, true, "r-");
}
END_TEST

START_TEST(two_pharmacies_that_wait_for_each_other_forget_nobody)
{
    static const struct sugu_order_rule circle[] = {{"a", "b", true}, {"b", "a", true}};
    struct sugu_plan_stage stages[] = {
        stage("a", SUGU_STAGE_PHARMACY, SUGU_STAGE_PLANNED),
        stage("b", SUGU_STAGE_PHARMACY, SUGU_STAGE_PLANNED),
    };
    struct sugu_plan plan = {.stages = stages, .stage_count = 2, .rules = circle, .rule_count = 2};
    bool is_ready[2];

    ck_assert_uint_eq(sugu_plan_ready(&plan, is_ready), 1);
    ck_assert(is_ready[0] && !is_ready[1]);
}
END_TEST

START_TEST(a_test_at_any_time_keeps_nobody_from_the_doctor)
{
    struct sugu_plan_stage stages[] = {
        stage("echo", SUGU_STAGE_TEST, SUGU_STAGE_PLANNED),
        stage("internal", SUGU_STAGE_CONSULTATION, SUGU_STAGE_PLANNED),
    };

    expect_ready(stages, 2, false, "rr");
}
END_TEST

START_TEST(a_circle_of_rules_is_seen_and_forgets_nobody)
{
    static const struct sugu_order_rule circle[] = {
        {"a", "b", true}, {"b", "c", true}, {"c", "a", true}};
    struct sugu_plan_stage stages[] = {
        stage("a", SUGU_STAGE_TEST, SUGU_STAGE_PLANNED),
        stage("b", SUGU_STAGE_TEST, SUGU_STAGE_PLANNED),
        stage("c", SUGU_STAGE_TEST, SUGU_STAGE_PLANNED),
    };
    struct sugu_plan plan = {.stages = stages, .stage_count = 3, .rules = circle, .rule_count = 3};
    bool is_ready[3];

    ck_assert(sugu_order_rules_have_circle(circle, 3));
    ck_assert(!sugu_order_rules_have_circle(circle, 2));
    ck_assert_uint_eq(sugu_plan_ready(&plan, is_ready), 1);
    ck_assert(is_ready[0] && !is_ready[1] && !is_ready[2]);
}
END_TEST

/* Whatever the plan: as long as something is planned before the bill, something can be done. */
START_TEST(every_plan_comes_to_its_end)
{
    static const char *const names[] = {"blood", "xray", "echo", "internal", "eye", "urine"};
    static const enum sugu_stage_kind kinds[] = {SUGU_STAGE_TEST,         SUGU_STAGE_TEST,
                                                 SUGU_STAGE_TEST,         SUGU_STAGE_CONSULTATION,
                                                 SUGU_STAGE_CONSULTATION, SUGU_STAGE_TEST};
    struct sugu_random_seeded seeded;

    sugu_random_seeded_init(&seeded, 11);
    for (int round = 0; round < 300; round++) {
        struct sugu_plan_stage stages[6];
        struct sugu_plan plan = {.stages = stages, .rules = rules, .rule_count = 2};
        size_t steps = 0;
        for (size_t i = 0; i < 6; i++)
            if (sugu_random_below(&seeded.random, 2))
                stages[plan.stage_count++] = stage(names[i], kinds[i], SUGU_STAGE_PLANNED);
        while (sugu_plan_has_open(&plan)) {
            bool is_ready[6];
            size_t chosen = 0;
            ck_assert_uint_gt(sugu_plan_ready(&plan, is_ready), 0);
            while (!is_ready[chosen])
                chosen++;
            stages[chosen].state = SUGU_STAGE_DONE;
            steps++;
        }
        ck_assert_uint_eq(steps, plan.stage_count);
    }
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {
        tests_come_before_the_department_and_in_the_order_of_the_rules,
        who_comes_for_the_pharmacy_alone_waits_there_at_once,
        two_pharmacies_that_wait_for_each_other_forget_nobody,
        a_test_at_any_time_keeps_nobody_from_the_doctor,
        a_circle_of_rules_is_seen_and_forgets_nobody,
        every_plan_comes_to_its_end,
    };

    return sugu_run_tests("plan", tests, SUGU_ARRAY_SIZE(tests), 0);
}
