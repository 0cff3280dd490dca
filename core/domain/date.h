/* SPDX-License-Identifier: Apache-2.0 */
/*
 * date - civil dates as the number YYYYMMDD, and the business day of a facility
 *
 * The Gregorian calendar, years 1868 to 2999 (those that the wire carries). A date is a plain
 * uint32_t, as in sugu.proto: larger is later. Functions that take a date want a valid one
 * (asserted), except those that ask. The era calendar (令和) is not here: see era.h.
 */
#pragma once

#include "base/clock.h"
#include "base/macros.h"

#include <stdbool.h>
#include <stdint.h>

#define SUGU_DATE_FIRST UINT32_C(18680101)
#define SUGU_DATE_LAST  UINT32_C(29991231)

/* Japan has had no daylight saving time since 1951; its clocks are 9 hours ahead of UTC. */
#define SUGU_JAPAN_OFFSET_MINUTES 540

enum sugu_weekday {
    SUGU_SUNDAY,
    SUGU_MONDAY,
    SUGU_TUESDAY,
    SUGU_WEDNESDAY,
    SUGU_THURSDAY,
    SUGU_FRIDAY,
    SUGU_SATURDAY,
};

/*
 * When a facility's day begins. A night clinic that closes its books at 02:00 has cutoff_minutes
 * 120: what happens before 02:00 belongs to the day before.
 */
struct sugu_day_rule {
    int32_t offset_minutes; /* local time minus UTC, -840 … 840 */
    int32_t cutoff_minutes; /* after local midnight, 0 … 1439 */
};

bool sugu_date_is_valid(uint32_t date);
/* Days since 1970-01-01; negative before. */
int32_t sugu_date_to_days(uint32_t date);
/* False where the day is outside the years above. */
bool sugu_date_from_days(int64_t days, uint32_t *ret_date) SUGU_MUST_CHECK;
bool sugu_date_add_days(uint32_t date, int32_t days, uint32_t *ret_date) SUGU_MUST_CHECK;
enum sugu_weekday sugu_date_weekday(uint32_t date);
bool sugu_year_is_leap(uint32_t year);
/* 28 … 31. `month` YYYYMM. */
uint32_t sugu_month_length(uint32_t month);
uint32_t sugu_date_month(uint32_t date);      /* YYYYMM */
uint32_t sugu_date_month_last(uint32_t date); /* last day of its month */
/* MMDD, what a person types as the second fact. */
uint32_t sugu_date_birthday(uint32_t date);
/* A day of some year: 0229 is one. */
bool sugu_birthday_is_valid(uint32_t birthday);

/*
 * Full years from birth to `on` by the calendar (somebody born on 29 February becomes older on 1
 * March of a common year); 0 where `on` is not after the birth.
 */
uint32_t sugu_date_age(uint32_t birth, uint32_t on);

/* The local calendar date. False where the time is outside the years above. */
bool
sugu_date_of_utc(sugu_time_us utc_us, int32_t offset_minutes, uint32_t *ret_date) SUGU_MUST_CHECK;
/* Minutes after local midnight, 0 … 1439. */
uint32_t sugu_minutes_of_utc(sugu_time_us utc_us, int32_t offset_minutes);
/* The business day that a moment belongs to. Stored beside the time, never computed a second time.
 */
bool sugu_business_day(const struct sugu_day_rule *rule,
                       sugu_time_us utc_us,
                       uint32_t *ret_date) SUGU_MUST_CHECK;
