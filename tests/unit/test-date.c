/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-date - the civil calendar and the business day on both sides of each edge
 */
#include "domain/date.h"

#include "testlib/checks.h"

/* A moment of UTC from its parts. */
static sugu_time_us
utc(uint32_t date, int hour, int minute, int second)
{
    return ((sugu_date_to_days(date) * INT64_C(24) + hour) * 60 + minute) * SUGU_MINUTE +
           second * SUGU_SECOND;
}

START_TEST(only_days_of_the_calendar_are_valid)
{
    static const struct {
        uint32_t date;
        bool is_valid;
    } rows[] = {
        {20260101, true},  {20261231, true},  {20260228, true},    {20260229, false},
        {20240229, true},  {20240230, false}, {20000229, true},    {19000228, true},
        {19000229, false}, {21000229, false}, {24000229, true},    {20260431, false},
        {20260430, true},  {20261301, false}, {20260001, false},   {20260100, false},
        {20260132, false}, {0, false},        {18680101, true},    {18671231, false},
        {29991231, true},  {30000101, false}, {UINT32_MAX, false},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        ck_assert_msg(sugu_date_is_valid(rows[i].date) == rows[i].is_valid, "%u", rows[i].date);
}
END_TEST

START_TEST(days_are_counted_as_the_unix_epoch_does)
{
    static const struct {
        uint32_t date;
        int32_t days;
        enum sugu_weekday weekday;
    } rows[] = {
        {19700101, 0, SUGU_THURSDAY},      {19691231, -1, SUGU_WEDNESDAY},
        {20000301, 11017, SUGU_WEDNESDAY}, {20240229, 19782, SUGU_THURSDAY},
        {20261122, 20779, SUGU_SUNDAY},    {18680101, -37255, SUGU_WEDNESDAY},
        {29991231, 376199, SUGU_TUESDAY},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        ck_assert_int_eq(sugu_date_to_days(rows[i].date), rows[i].days);
        ck_assert_int_eq(sugu_date_weekday(rows[i].date), rows[i].weekday);
    }
}
END_TEST

START_TEST(every_day_of_the_calendar_follows_the_one_before)
{
    uint32_t date = SUGU_DATE_FIRST, next;
    int32_t days = sugu_date_to_days(date);

    for (; date != SUGU_DATE_LAST; date = next, days++) {
        bool is_next = sugu_date_add_days(date, 1, &next) && sugu_date_is_valid(next) &&
                       next > date && sugu_date_to_days(next) == days + 1 &&
                       sugu_date_weekday(next) == (sugu_date_weekday(date) + 1) % 7;
        /* nothing is left out: the next number that is a date is the next day */
        for (uint32_t between = date + 1; is_next && between < next && between <= date + 2;)
            is_next = !sugu_date_is_valid(between++);
        if (!is_next) /* not an assertion a day: Check counts each of them, half a million */
            ck_abort_msg("%u is not followed by its next day", date);
    }
    ck_assert(!sugu_date_add_days(SUGU_DATE_LAST, 1, &next));
    ck_assert(!sugu_date_add_days(SUGU_DATE_FIRST, -1, &next));
    ck_assert(!sugu_date_from_days(INT64_MAX, &next));
    ck_assert(!sugu_date_from_days(INT64_MIN, &next));
}
END_TEST

START_TEST(months_end_where_they_end)
{
    ck_assert_uint_eq(sugu_date_month_last(20240201), 20240229);
    ck_assert_uint_eq(sugu_date_month_last(20260228), 20260228);
    ck_assert_uint_eq(sugu_date_month_last(20000215), 20000229);
    ck_assert_uint_eq(sugu_date_month_last(21000215), 21000228);
    ck_assert_uint_eq(sugu_date_month_last(20261231), 20261231);
    ck_assert_uint_eq(sugu_date_month(20261122), 202611);
    ck_assert_uint_eq(sugu_date_birthday(19580229), 229);
    ck_assert(sugu_birthday_is_valid(229));
    ck_assert(sugu_birthday_is_valid(1231));
    ck_assert(!sugu_birthday_is_valid(230));
    ck_assert(!sugu_birthday_is_valid(1301));
    ck_assert(!sugu_birthday_is_valid(0));
    ck_assert(!sugu_birthday_is_valid(431));
}
END_TEST

START_TEST(age_changes_on_the_birthday)
{
    static const struct {
        uint32_t birth, on, age;
    } rows[] = {
        {19581122, 20261121, 67}, {19581122, 20261122, 68},  {19581122, 20261123, 68},
        {20000229, 20010228, 0},  {20000229, 20010301, 1},   {20000229, 20040228, 3},
        {20000229, 20040229, 4},  {20261122, 20261122, 0},   {20261122, 20261121, 0},
        {20261122, 20251122, 0},  {19260101, 20261231, 100},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        ck_assert_msg(sugu_date_age(rows[i].birth, rows[i].on) == rows[i].age, "row %zu", i);
}
END_TEST

START_TEST(a_business_day_begins_at_the_cut_off)
{
    static const struct {
        int32_t cutoff;
        uint32_t utc_date;
        int hour, minute, second;
        uint32_t day;
    } rows[] = {
        /* midnight in Tokyo is 15:00 of the day before in UTC */
        {0, 20261122, 14, 59, 59, 20261122},
        {0, 20261122, 15, 0, 0, 20261123},
        /* cut-off 02:00 */
        {120, 20261122, 16, 59, 59, 20261122},
        {120, 20261122, 17, 0, 0, 20261123},
        /* the last day of a year lasts until the cut-off */
        {120, 20261231, 16, 59, 59, 20261231},
        {120, 20261231, 17, 0, 0, 20270101},
        {0, 20261231, 14, 59, 59, 20261231},
        {0, 20261231, 15, 0, 0, 20270101},
        /* the leap day */
        {0, 20240228, 15, 0, 0, 20240229},
        {0, 20240229, 14, 59, 59, 20240229},
        {0, 20240229, 15, 0, 0, 20240301},
        {1439, 20261123, 14, 58, 59, 20261122},
        {1439, 20261123, 14, 59, 0, 20261123},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_day_rule rule = {SUGU_JAPAN_OFFSET_MINUTES, rows[i].cutoff};
        uint32_t day = 0;
        ck_assert(sugu_business_day(
            &rule, utc(rows[i].utc_date, rows[i].hour, rows[i].minute, rows[i].second), &day));
        ck_assert_msg(day == rows[i].day, "row %zu: %u", i, day);
    }
}
END_TEST

START_TEST(a_facility_in_another_zone_has_its_own_day)
{
    uint32_t day = 0;

    ck_assert(sugu_date_of_utc(utc(20261122, 4, 59, 59), -300, &day));
    ck_assert_uint_eq(day, 20261121);
    ck_assert(sugu_date_of_utc(utc(20261122, 5, 0, 0), -300, &day));
    ck_assert_uint_eq(day, 20261122);
    ck_assert_uint_eq(sugu_minutes_of_utc(utc(20261122, 15, 1, 59), 540), 1);
    ck_assert_uint_eq(sugu_minutes_of_utc(utc(20261122, 14, 59, 0), 540), 1439);
    ck_assert_uint_eq(sugu_minutes_of_utc(-1, 0), 1439);
    /* before 1970 too, and never an overflow */
    ck_assert(sugu_date_of_utc(-1, 0, &day));
    ck_assert_uint_eq(day, 19691231);
    ck_assert(!sugu_date_of_utc(INT64_MAX, 840, &day));
    ck_assert(!sugu_date_of_utc(INT64_MIN, -840, &day));
    ck_assert_uint_eq(day, 19691231);
}
END_TEST

SUGU_TEST_MAIN("date",
               only_days_of_the_calendar_are_valid,
               days_are_counted_as_the_unix_epoch_does,
               every_day_of_the_calendar_follows_the_one_before,
               months_end_where_they_end,
               age_changes_on_the_birthday,
               a_business_day_begins_at_the_cut_off,
               a_facility_in_another_zone_has_its_own_day)
