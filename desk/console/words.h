/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words - states, times, rules and reasons as the staff's language says them
 *
 * Functions with `to` write into it and return it; the others return static or translated text that
 * is never NULL.
 */
#pragma once

#include "entry.h"

#include "domain/desk-name.h"

#include <glib.h>

#define DESK_WORDS_SIZE 640

/* "10:05" in the facility's zone; "" for 0. */
const char *desk_words_clock(char to[static DESK_WORDS_SIZE], GTimeZone *zone, int64_t utc_us);
/* With seconds. */
const char *desk_words_clock_s(char to[static DESK_WORDS_SIZE], GTimeZone *zone, int64_t utc_us);
/* "14 s", "12 min", "3 h": how long ago, or how long it takes; 0 and less are "0 s". */
const char *desk_words_duration(char to[static DESK_WORDS_SIZE], int64_t us);
/* "2025-06-01" as the language writes it, "" for 0. */
const char *desk_words_date(char to[static DESK_WORDS_SIZE], uint32_t date);
/* The same with the clock: "2025-06-01 10:41". */
const char *desk_words_moment(char to[static DESK_WORDS_SIZE], GTimeZone *zone, int64_t utc_us);
const char *desk_words_yen(char to[static DESK_WORDS_SIZE], int64_t yen);

/* "Room 3", in the language of the desk; any other name as it is. */
const char *
desk_words_desk(char to[static DESK_WORDS_SIZE], enum sugu_desk_word word, const char *desk);

const char *desk_words_state(enum sugu_stage_state state);
/* "" for an ordinary one. */
const char *desk_words_priority(enum sugu_priority priority);
const char *desk_words_visit(Sugu__VisitState state);
const char *desk_words_bill(Sugu__BillState state);
const char *desk_words_paper(Sugu__PaperKind kind);
const char *desk_words_paper_state(Sugu__PaperState state);
const char *desk_words_eligibility(Sugu__EligibilityOutcome outcome);
const char *desk_words_kind(Sugu__StageKind kind);
const char *desk_words_role(Sugu__StaffRole role);
const char *desk_words_part(Sugu__Part part);
const char *desk_words_health(Sugu__PartHealth health);
/* A sign beside the colour: what is well, low or away is told by its form too. */
const char *desk_words_health_sign(Sugu__PartHealth health);
/* A language of patients in the staff's words; the code itself where it is not known. */
const char *desk_words_language(const char *code);
/* A page of the kiosk; its id where it is not known. */
const char *desk_words_page(const char *page);

/* The staff's text of a code; with a code that this program does not know, code and detail. */
const char *desk_words_code(char to[static DESK_WORDS_SIZE], const char *code, const char *detail);

/* "about 10-25 min", "" where both are 0. */
const char *desk_words_range(char to[static DESK_WORDS_SIZE], uint32_t low_min, uint32_t high_min);
/* "8 of 10 fell within", of the ranges that were said. */
const char *desk_words_calibration(char to[static DESK_WORDS_SIZE], uint32_t told, uint32_t held);
/* How the queue decides, in sentences. */
const char *desk_words_rule(char to[static DESK_WORDS_SIZE], const struct sugu_queue_rule *rule);

/* One who waits, and the rule and the zone that go with it. */
struct desk_place {
    const struct desk_entry *entry;
    const struct sugu_queue_rule *rule;
    GTimeZone *zone;
};
/* What the place goes by: "appointment 10:20, arrived 10:05". */
const char *desk_words_place(char to[static DESK_WORDS_SIZE], const struct desk_place *place);
/* Why this one is called before the next: "before B-031: appointment 10:20, arrived 10:05". */
const char *desk_words_why(char to[static DESK_WORDS_SIZE],
                           const struct desk_place *place,
                           const struct desk_entry *next);
