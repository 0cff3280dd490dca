/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-yen - checked arithmetic, grouping and strict reading of amounts
 */
#include "domain/yen.h"

#include "testlib/checks.h"

#include <string.h>

START_TEST(sums_that_do_not_fit_are_refused_and_write_nothing)
{
    struct sugu_yen yen = {7};
    struct sugu_points points = {7};

    ck_assert(sugu_yen_add(sugu_yen(INT64_MAX - 1), sugu_yen(1), &yen));
    ck_assert_int_eq(yen.value, INT64_MAX);
    ck_assert(!sugu_yen_add(sugu_yen(INT64_MAX), sugu_yen(1), &yen));
    ck_assert(sugu_yen_subtract(sugu_yen(INT64_MIN + 1), sugu_yen(1), &yen));
    ck_assert(!sugu_yen_subtract(sugu_yen(INT64_MIN), sugu_yen(1), &yen));
    ck_assert_int_eq(yen.value, INT64_MIN);
    ck_assert(sugu_yen_multiply(sugu_yen(-370), 3, &yen));
    ck_assert_int_eq(yen.value, -1110);
    ck_assert(!sugu_yen_multiply(sugu_yen(INT64_MAX / 2 + 1), 2, &yen));
    ck_assert_int_eq(yen.value, -1110);
    ck_assert(!sugu_points_add(sugu_points(INT64_MAX), sugu_points(1), &points));
    ck_assert(!sugu_points_multiply(sugu_points(INT64_MIN), -1, &points));
    ck_assert_int_eq(points.value, 7);
    ck_assert(sugu_points_multiply(sugu_points(291), 2, &points));
    ck_assert(sugu_points_add(points, sugu_points(76), &points));
    ck_assert_int_eq(points.value, 658);
}
END_TEST

START_TEST(amounts_are_grouped_and_read_back)
{
    static const struct {
        int64_t value;
        const char *text;
    } rows[] = {
        {0, "0"},
        {7, "7"},
        {999, "999"},
        {1000, "1,000"},
        {12340, "12,340"},
        {123456, "123,456"},
        {1234567, "1,234,567"},
        {99999999, "99,999,999"},
        {-1, "-1"},
        {-370, "-370"},
        {-4970, "-4,970"},
        {-123456, "-123,456"},
        {INT64_MAX, "9,223,372,036,854,775,807"},
        {INT64_MIN, "-9,223,372,036,854,775,808"},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        char text[SUGU_YEN_TEXT_SIZE];
        struct sugu_yen back = {1};
        ck_assert_str_eq(sugu_yen_format(sugu_yen(rows[i].value), text), rows[i].text);
        ck_assert(sugu_yen_parse(text, &back));
        ck_assert_int_eq(back.value, rows[i].value);
    }
}
END_TEST

START_TEST(only_a_well_written_amount_is_read)
{
    static const char *const wrong[] = {
        "",         "-",      ",",    "1,23",   "12,34", "1,2345",
        "1234,567", "1,,234", ",123", "1,234,", "01",    "-0",
        "+5",       " 5",     "5 ",   "5.0",    "５",    "9,223,372,036,854,775,808",
        "0,123",    "1e3",    "0x10", "-,123",  "- 5",   "99999999999999999999999999999999",
    };
    struct sugu_yen yen = {7};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(wrong); i++)
        ck_assert_msg(!sugu_yen_parse(wrong[i], &yen), "\"%s\"", wrong[i]);
    ck_assert_int_eq(yen.value, 7);
    ck_assert(sugu_yen_parse("12340", &yen));
    ck_assert_int_eq(yen.value, 12340);
}
END_TEST

SUGU_TEST_MAIN("yen",
               sums_that_do_not_fit_are_refused_and_write_nothing,
               amounts_are_grouped_and_read_back,
               only_a_well_written_amount_is_read)
