/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slip - what slips of 80 mm have in common: head, rules, sentences in two languages
 */
#pragma once

#include "papers/sheet.h"
#include "papers/texts.h"

#include <stdint.h>

#define SUGU_SLIP_GAP SUGU_MM(2.5)

/* The hospital's name, day and time of the slip, a rule. */
void sugu_slip_head(struct sugu_sheet *sheet,
                    const char *facility_name,
                    int64_t utc_us,
                    bool in_japanese);
/* The sentence, and beneath it the Japanese one where the patient reads another language. */
void sugu_slip_say(struct sugu_sheet *sheet,
                   const struct sugu_type *type,
                   enum sugu_paper_text text,
                   bool in_japanese,
                   const char *value);
void sugu_slip_rule(struct sugu_sheet *sheet);
