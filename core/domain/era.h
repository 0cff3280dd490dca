/* SPDX-License-Identifier: Apache-2.0 */
/*
 * era - dates as they stand on a Japanese paper: 令和8年11月22日
 *
 * Pure. Dates are YYYYMMDD as a number, as on the wire. First days of the eras: domain/screens.md
 * section 8 (those of 明治 and 大正 were not confirmed there; no paper of today needs them). Before
 * the first era there is none and the functions say so. The first year of an era is written 元年.
 */
#pragma once

#include "domain/date.h"

#define SUGU_DATE_TEXT_SIZE 40 /* "令和8年11月22日" with its NUL, and every other date text */

struct sugu_era {
    const char *name;    /* "令和" */
    const char *english; /* "Reiwa" */
    char letter;         /* 'R', as forms abbreviate it */
    uint32_t first_day;  /* YYYYMMDD */
};

/* The era of a day and the year in it (1 is 元年); NULL where the date is none or before all eras.
 */
const struct sugu_era *sugu_era_find(uint32_t date, uint32_t *ret_year);

/* "令和8年11月22日" / "令和元年5月1日"; "" and false where there is no era. Returns true else. */
bool sugu_era_text(uint32_t date, char to[SUGU_DATE_TEXT_SIZE]);
/* "令和8年(2026年)11月22日": era and western year side by side. */
bool sugu_era_text_both(uint32_t date, char to[SUGU_DATE_TEXT_SIZE]);
/* "2026-11-22"; for papers that are not in Japanese. "" and false for no date. */
bool sugu_date_text_iso(uint32_t date, char to[SUGU_DATE_TEXT_SIZE]);
