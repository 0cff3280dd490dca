/* SPDX-License-Identifier: Apache-2.0 */
/*
 * era - dates as they stand on a Japanese paper
 */
#include "domain/era.h"

#include <stdio.h>

/* Newest first, so that the first row not after the day is its era. */
static const struct sugu_era eras[] = {
    {"令和", "Reiwa", 'R', 20190501}, {"平成", "Heisei", 'H', 19890108},
    {"昭和", "Showa", 'S', 19261225}, {"大正", "Taisho", 'T', 19120730},
    {"明治", "Meiji", 'M', 18680125},
};

static uint32_t
year_of(uint32_t date)
{
    return date / 10000;
}

static uint32_t
month_of(uint32_t date)
{
    return date / 100 % 100;
}

static uint32_t
day_of(uint32_t date)
{
    return date % 100;
}

const struct sugu_era *
sugu_era_find(uint32_t date, uint32_t *ret_year)
{
    if (!sugu_date_is_valid(date))
        return NULL;
    for (size_t i = 0; i < sizeof eras / sizeof eras[0]; i++)
        if (date >= eras[i].first_day) {
            *ret_year = year_of(date) - year_of(eras[i].first_day) + 1;
            return &eras[i];
        }
    return NULL;
}

static bool
era_text(uint32_t date, bool with_western, char to[SUGU_DATE_TEXT_SIZE])
{
    uint32_t year = 0;
    const struct sugu_era *era = sugu_era_find(date, &year);
    char year_text[12] = "元", western[20] = "";

    to[0] = '\0';
    if (!era)
        return false;
    if (year > 1)
        snprintf(year_text, sizeof year_text, "%u", year);
    if (with_western)
        snprintf(western, sizeof western, "(%u年)", year_of(date) % 10000);
    snprintf(to, SUGU_DATE_TEXT_SIZE, "%s%s年%s%u月%u日", era->name, year_text, western,
             month_of(date), day_of(date));
    return true;
}

bool
sugu_era_text(uint32_t date, char to[SUGU_DATE_TEXT_SIZE])
{
    return era_text(date, /* with_western= */ false, to);
}

bool
sugu_era_text_both(uint32_t date, char to[SUGU_DATE_TEXT_SIZE])
{
    return era_text(date, /* with_western= */ true, to);
}

bool
sugu_date_text_iso(uint32_t date, char to[SUGU_DATE_TEXT_SIZE])
{
    to[0] = '\0';
    if (!sugu_date_is_valid(date))
        return false;
    snprintf(to, SUGU_DATE_TEXT_SIZE, "%04u-%02u-%02u", year_of(date), month_of(date),
             day_of(date));
    return true;
}
