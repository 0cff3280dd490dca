/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slip - what slips of 80 mm have in common: head, rules, sentences in two languages
 */
#include "papers/slip-private.h"

#include "domain/era.h"
#include "papers/layouts-private.h"

#include <stdio.h>

#define GAP SUGU_SLIP_GAP

void
sugu_slip_say(struct sugu_sheet *sheet,
              const struct sugu_type *type,
              enum sugu_paper_text text,
              bool in_japanese,
              const char *value)
{
    static const struct sugu_type gloss = {8.5, false, SUGU_ALIGN_CENTER};
    char words[400];

    sugu_paper_text_with(text, in_japanese, value, words, sizeof words);
    sugu_sheet_paragraph(sheet, type, in_japanese ? GAP : SUGU_MM(0.3), words);
    if (!in_japanese) {
        sugu_paper_text_with(text, /* in_japanese= */ true, value, words, sizeof words);
        sugu_sheet_paragraph(sheet, &gloss, GAP, words);
    }
}

void
sugu_slip_rule(struct sugu_sheet *sheet)
{
    sugu_sheet_rule(sheet, sheet->margin, sheet->y, sugu_sheet_inner(sheet), 0.8);
    sheet->y += GAP;
}

void
sugu_slip_head(struct sugu_sheet *sheet,
               const char *facility_name,
               int64_t utc_us,
               bool in_japanese)
{
    static const struct sugu_type name = {12, true, SUGU_ALIGN_CENTER};
    static const struct sugu_type small = {8.5, false, SUGU_ALIGN_CENTER};
    char date[SUGU_DATE_TEXT_SIZE], line[SUGU_DATE_TEXT_SIZE + 16];
    uint32_t day = sugu_day_in_japan(utc_us);
    uint32_t minutes = sugu_minutes_of_utc(utc_us, SUGU_JAPAN_OFFSET_MINUTES);

    if (*facility_name)
        sugu_sheet_paragraph(sheet, &name, SUGU_MM(1), facility_name);
    if (in_japanese)
        sugu_era_text_both(day, date);
    else
        sugu_date_text_iso(day, date);
    snprintf(line, sizeof line, "%s　%u:%02u", date, minutes / 60, minutes % 60);
    sugu_sheet_paragraph(sheet, &small, GAP, line);
    sugu_slip_rule(sheet);
}
