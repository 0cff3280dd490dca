/* SPDX-License-Identifier: Apache-2.0 */
/*
 * date - arithmetic of the civil calendar
 */
#include "domain/date.h"

#include <assert.h>

#define DAYS_PER_ERA      146097 /* 400 years */
#define DAYS_BEFORE_EPOCH 719468 /* from 0000-03-01 to 1970-01-01 */
#define DAY_US            (INT64_C(1440) * SUGU_MINUTE)

bool
sugu_year_is_leap(uint32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

uint32_t
sugu_month_length(uint32_t month)
{
    static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    uint32_t number = month % 100;

    assert(number >= 1 && number <= 12);
    return number == 2 && sugu_year_is_leap(month / 100) ? 29 : lengths[number - 1];
}

bool
sugu_date_is_valid(uint32_t date)
{
    uint32_t month = date / 100 % 100, day = date % 100;

    return date >= SUGU_DATE_FIRST && date <= SUGU_DATE_LAST && month >= 1 && month <= 12 &&
           day >= 1 && day <= sugu_month_length(date / 100);
}

/*
 * Years are counted from March, so that the leap day is the last of its year; after that the
 * months repeat every five with 153 days.
 */
int32_t
sugu_date_to_days(uint32_t date)
{
    int32_t year = (int32_t)(date / 10000), month = (int32_t)(date / 100 % 100);
    int32_t era, year_of_era, day_of_year, day_of_era;

    assert(sugu_date_is_valid(date));
    year -= month <= 2;
    era = year / 400;
    year_of_era = year - era * 400;
    day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + (int32_t)(date % 100) - 1;
    day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_BEFORE_EPOCH;
}

bool
sugu_date_from_days(int64_t days, uint32_t *ret_date)
{
    int32_t shifted, day_of_era, year_of_era, day_of_year, month, year, day;

    if (days < sugu_date_to_days(SUGU_DATE_FIRST) || days > sugu_date_to_days(SUGU_DATE_LAST))
        return false;
    shifted = (int32_t)days + DAYS_BEFORE_EPOCH;
    day_of_era = shifted % DAYS_PER_ERA;
    year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    month = (5 * day_of_year + 2) / 153;
    day = day_of_year - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    year = shifted / DAYS_PER_ERA * 400 + year_of_era + (month <= 2);
    *ret_date = (uint32_t)(year * 10000 + month * 100 + day);
    return true;
}

bool
sugu_date_add_days(uint32_t date, int32_t days, uint32_t *ret_date)
{
    return sugu_date_from_days((int64_t)sugu_date_to_days(date) + days, ret_date);
}

enum sugu_weekday
sugu_date_weekday(uint32_t date)
{
    int32_t days = sugu_date_to_days(date) + 4; /* 1970-01-01 was a Thursday */

    return (enum sugu_weekday)(((days % 7) + 7) % 7);
}

uint32_t
sugu_date_month(uint32_t date)
{
    return date / 100;
}

uint32_t
sugu_date_month_last(uint32_t date)
{
    assert(sugu_date_is_valid(date));
    return date / 100 * 100 + sugu_month_length(date / 100);
}

uint32_t
sugu_date_birthday(uint32_t date)
{
    return date % 10000;
}

bool
sugu_birthday_is_valid(uint32_t birthday)
{
    return birthday <= 1231 && sugu_date_is_valid(20000000 + birthday);
}

uint32_t
sugu_date_age(uint32_t birth, uint32_t on)
{
    assert(sugu_date_is_valid(birth) && sugu_date_is_valid(on));
    return on > birth ? (on - birth) / 10000 : 0;
}

/* Rounds towards the past, also before 1970. */
static int64_t
divide_down(int64_t number, int64_t by)
{
    int64_t quotient = number / by;

    return number % by < 0 ? quotient - 1 : quotient;
}

bool
sugu_date_of_utc(sugu_time_us utc_us, int32_t offset_minutes, uint32_t *ret_date)
{
    int64_t local_us;

    if (__builtin_add_overflow(utc_us, offset_minutes * SUGU_MINUTE, &local_us))
        return false;
    return sugu_date_from_days(divide_down(local_us, DAY_US), ret_date);
}

uint32_t
sugu_minutes_of_utc(sugu_time_us utc_us, int32_t offset_minutes)
{
    int64_t minutes = divide_down(utc_us, SUGU_MINUTE) + offset_minutes;

    return (uint32_t)(minutes - divide_down(minutes, 1440) * 1440);
}

bool
sugu_business_day(const struct sugu_day_rule *rule, sugu_time_us utc_us, uint32_t *ret_date)
{
    return sugu_date_of_utc(utc_us, rule->offset_minutes - rule->cutoff_minutes, ret_date);
}
