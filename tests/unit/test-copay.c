/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-copay - the published vectors, both sides of the rounding, and the ceilings as data
 */
#include "domain/copay.h"

#include "testlib/checks.h"

#include "domain/date.h"

#include <string.h>

#define TODAY 20261122

static int64_t
copay(int64_t points, uint32_t ratio)
{
    const struct sugu_copay_rule *rule = sugu_copay_rule_find(ratio, TODAY);
    struct sugu_error error;
    struct sugu_yen yen = {-1};

    ck_assert_ptr_nonnull(rule);
    sugu_assert_ok(sugu_copay_compute(rule, sugu_points(points), ratio, &yen, &error), error);
    return yen.value;
}

/* domain/fee-module.md 1.5 and 3.1: the first three are the receipt computer's own samples. */
START_TEST(the_published_vectors_hold)
{
    ck_assert_int_eq(copay(3522, 30), 10570);
    ck_assert_int_eq(copay(1750, 30), 5250);
    ck_assert_int_eq(copay(675, 5), 340);
    ck_assert_int_eq(copay(502, 20), 1000);
    ck_assert_int_eq(copay(502, 30), 1510);
    ck_assert_int_eq(copay(5000, 30), 15000);
}
END_TEST

START_TEST(below_five_yen_is_dropped_and_five_is_raised)
{
    static const struct {
        int64_t points, copay;
    } rows[] = {
        /* at 10 percent a point is one yen */
        {0, 0}, {1, 0}, {4, 0}, {5, 10}, {14, 10}, {15, 20}, {291, 290}, {295, 300}, {999, 1000},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        ck_assert_int_eq(copay(rows[i].points, 10), rows[i].copay);
    ck_assert_int_eq(copay(1, 30), 0);  /* 3 yen */
    ck_assert_int_eq(copay(2, 30), 10); /* 6 yen */
}
END_TEST

START_TEST(without_insurance_the_whole_cost_is_paid)
{
    ck_assert_int_eq(copay(291, 100), 2910);
    ck_assert_int_eq(copay(1, 100), 10);
    ck_assert_int_eq(copay(0, 100), 0);
    ck_assert_int_eq(copay(9999999, 100), 99999990);
    ck_assert_int_eq(copay(5000, 0), 0);
}
END_TEST

START_TEST(a_copay_is_a_multiple_of_ten_near_its_share_and_never_falls)
{
    struct sugu_error error;

    for (uint32_t ratio = 0; ratio <= 100; ratio++) {
        int64_t before = 0;
        for (int64_t points = 0; points <= 3000; points++) {
            struct sugu_yen yen = {-1};
            enum sugu_status status = sugu_copay_compute(sugu_copay_rule_find(ratio, TODAY),
                                                         sugu_points(points), ratio, &yen, &error);
            int64_t off = yen.value * 10 - points * ratio; /* tenths of a yen */
            if (status != SUGU_OK || yen.value % 10 || yen.value < before || off > 50 || off <= -50)
                ck_abort_msg("%d points at %u percent", (int)points, ratio);
            before = yen.value;
        }
    }
}
END_TEST

START_TEST(what_is_out_of_range_is_refused)
{
    const struct sugu_copay_rule *rule = sugu_copay_rule_find(30, TODAY);
    const struct sugu_copay_rule *whole = sugu_copay_rule_find(100, TODAY);
    struct sugu_error error;
    struct sugu_yen yen = {7};

    sugu_assert_fails(sugu_copay_compute(rule, sugu_points(-1), 30, &yen, &error), SUGU_REFUSED,
                      "money.out-of-range", error);
    sugu_assert_fails(sugu_copay_compute(rule, sugu_points(INT64_MAX), 30, &yen, &error),
                      SUGU_REFUSED, "money.out-of-range", error);
    sugu_assert_fails(sugu_copay_compute(rule, sugu_points(SUGU_POINTS_MAX + 1), 30, &yen, &error),
                      SUGU_REFUSED, "money.out-of-range", error);
    sugu_assert_fails(sugu_copay_compute(rule, sugu_points(1), 100, &yen, &error), SUGU_REFUSED,
                      "money.out-of-range", error);
    sugu_assert_fails(sugu_copay_compute(whole, sugu_points(10000000), 100, &yen, &error),
                      SUGU_REFUSED, "money.out-of-range", error);
    ck_assert_int_eq(yen.value, 7);
    ck_assert_ptr_null(sugu_copay_rule_find(101, TODAY));
    ck_assert_ptr_null(sugu_copay_rule_find(30, SUGU_DATE_FIRST - 1));
}
END_TEST

START_TEST(every_ratio_has_exactly_one_rule_with_a_source)
{
    size_t count;
    const struct sugu_copay_rule *rules = sugu_copay_rules(&count);

    for (uint32_t ratio = 0; ratio <= 100; ratio++) {
        int found = 0;
        for (size_t i = 0; i < count; i++)
            found += ratio >= rules[i].ratio_low && ratio <= rules[i].ratio_high;
        ck_assert_int_eq(found, 1);
    }
    for (size_t i = 0; i < count; i++)
        ck_assert(*rules[i].source && rules[i].valid_from <= rules[i].valid_until);
}
END_TEST

START_TEST(a_ceiling_adds_one_percent_above_its_free_cost)
{
    size_t count;
    const struct sugu_ceiling *rows = sugu_ceilings(&count), *u = NULL, *e = NULL;
    struct sugu_error error;
    struct sugu_yen yen;

    for (size_t i = 0; i < count; i++) {
        ck_assert(rows[i].valid_until == 20260731 && rows[i].valid_from < rows[i].valid_until);
        if (strcmp(rows[i].limit_class, "ウ") == 0)
            u = &rows[i];
        if (strcmp(rows[i].limit_class, "エ") == 0)
            e = &rows[i];
    }
    ck_assert(u && e);
    sugu_assert_ok(sugu_ceiling_compute(u, sugu_yen(1000000), &yen, &error), error);
    ck_assert_int_eq(yen.value, 87430);
    sugu_assert_ok(sugu_ceiling_compute(u, sugu_yen(267000), &yen, &error), error);
    ck_assert_int_eq(yen.value, 80100);
    sugu_assert_ok(sugu_ceiling_compute(e, sugu_yen(1000000), &yen, &error), error);
    ck_assert_int_eq(yen.value, 57600);
    sugu_assert_fails(sugu_ceiling_compute(u, sugu_yen(-1), &yen, &error), SUGU_REFUSED,
                      "money.out-of-range", error);
    sugu_assert_fails(sugu_ceiling_compute(u, sugu_yen(INT64_MIN), &yen, &error), SUGU_REFUSED,
                      "money.out-of-range", error);
}
END_TEST

SUGU_TEST_MAIN("copay",
               the_published_vectors_hold,
               below_five_yen_is_dropped_and_five_is_raised,
               without_insurance_the_whole_cost_is_paid,
               a_copay_is_a_multiple_of_ten_near_its_share_and_never_falls,
               what_is_out_of_range_is_refused,
               every_ratio_has_exactly_one_rule_with_a_source,
               a_ceiling_adds_one_percent_above_its_free_cost)
