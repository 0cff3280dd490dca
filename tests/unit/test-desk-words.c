/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-desk-words - how a desk says things: places, rules, reasons; and which keys it offers
 */
#include "reasons.h"
#include "verbs.h"
#include "words.h"

#include "testlib/checks.h"

#include <string.h>

static struct desk_entry
waiting(enum sugu_priority priority, int64_t appointment_min, int64_t arrived_min, int64_t due_min)
{
    /* Minutes after 10:00 in Tokyo. */
    const int64_t ten = INT64_C(1748826000000000);
    struct desk_entry entry = {.state = SUGU_STAGE_WAITING,
                               .priority = priority,
                               .arrived_utc_us = ten + arrived_min * SUGU_MINUTE,
                               .due_utc_us = ten + due_min * SUGU_MINUTE,
                               .number = "B-031"};

    if (appointment_min >= 0)
        entry.appointment_utc_us = ten + appointment_min * SUGU_MINUTE;
    return entry;
}

START_TEST(a_place_in_the_queue_is_explained)
{
    static const struct sugu_queue_rule rule = {10, 15, 30, 15};
    const struct {
        struct desk_entry entry;
        const char *words;
    } rows[] = {
        {waiting(SUGU_PRIORITY_ORDINARY, 20, 5, 20), "appointment 10:20, arrived 10:05"},
        {waiting(SUGU_PRIORITY_ORDINARY, 0, 20, 50),
         "too late for the appointment 10:00, arrived 10:20, counts as 10:50"},
        {waiting(SUGU_PRIORITY_ORDINARY, -1, 5, 15),
         "no appointment, arrived 10:05, counts as 10:15"},
        {waiting(SUGU_PRIORITY_URGENT, 20, 5, 20), "urgent, arrived 10:05"},
        {waiting(SUGU_PRIORITY_ASSISTED, 20, 5, 5),
         "appointment 10:20, arrived 10:05, wheelchair or infant: 15 min earlier"},
    };
    GTimeZone *zone = g_time_zone_new_identifier("Asia/Tokyo");
    char words[DESK_WORDS_SIZE];

    for (unsigned i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct desk_place place = {&rows[i].entry, &rule, zone};
        ck_assert_str_eq(desk_words_place(words, &place), rows[i].words);
    }
    ck_assert_str_eq(
        desk_words_why(words, &(struct desk_place){&rows[0].entry, &rule, zone}, &rows[1].entry),
        "before B-031: appointment 10:20, arrived 10:05");
    g_time_zone_unref(zone);
}
END_TEST

START_TEST(a_rule_is_said_in_words)
{
    char words[DESK_WORDS_SIZE];

    ck_assert_str_eq(
        desk_words_rule(words, &(struct sugu_queue_rule){10, 15, 30, 20}),
        "Urgent first, then by appointment. Without appointment: as if booked 10 min "
        "after arriving. An appointment holds for 15 min. Later than that: as if booked "
        "30 min after arriving. Wheelchair or infant: 20 min earlier.");
    ck_assert_str_eq(desk_words_rule(words, &(struct sugu_queue_rule){0}),
                     "Urgent first, then by appointment. Without appointment: from the time of "
                     "arrival.");
}
END_TEST

START_TEST(calibration_is_said_out_of_ten)
{
    char words[DESK_WORDS_SIZE];

    ck_assert_ptr_nonnull(strstr(desk_words_calibration(words, 10, 8), "8 of 10"));
    ck_assert_ptr_nonnull(strstr(desk_words_calibration(words, 412, 331), "8 of 10"));
    ck_assert_ptr_nonnull(strstr(desk_words_calibration(words, 3, 3), "10 of 10"));
    ck_assert_ptr_null(strstr(desk_words_calibration(words, 0, 0), "of 10"));
}
END_TEST

START_TEST(every_reason_has_a_title_and_something_to_do)
{
    size_t count;
    const struct desk_reason *reasons = desk_reasons(&count);
    char words[DESK_WORDS_SIZE];

    ck_assert_uint_gt(count, 30);
    for (size_t i = 0; i < count; i++) {
        /* The code stands in error-codes.def. */
        ck_assert_str_eq(sugu_code_find(reasons[i].code)->code, reasons[i].code);
        ck_assert_str_ne(desk_reason_title(reasons[i].code), "");
        ck_assert_str_ne(desk_words_code(words, reasons[i].code, NULL), "");
    }
}
END_TEST

/* Codes that a program asks the patient about or tells a program of: nobody is sent to a desk for
 * them. */
static bool
is_no_reason(const char *code)
{
    static const char *const codes[] = {
        "bill.unknown",      "card.taken",          "identity.birthday-needed",
        "payment.cancelled", "payment.open",        "payment.unknown-attempt",
        "pin.wrong",         "session.unknown",     "visit.already-here",
        "payment.amount",    "payment.not-allowed", "bill.lines",
        "bill.in-payment",   "visit.unknown",       "later.no-consent",
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(codes); i++)
        if (strcmp(codes[i], code) == 0)
            return true;
    return false;
}

/* Each "dotted.code" of a source file that has words for the patient has a row. */
static unsigned
check_source(const char *name)
{
    char *path = g_build_filename(getenv("SUGU_SOURCE"), name, NULL), *text, **pieces;
    unsigned seen = 0;

    ck_assert_msg(g_file_get_contents(path, &text, NULL, NULL), "%s", path);
    pieces = g_strsplit(text, "\"", 0);
    for (char **piece = pieces; *piece; piece++) {
        const struct sugu_code *code = sugu_code_find(*piece);
        if (strcmp(code->code, *piece) != 0 || !code->patient[0] || is_no_reason(*piece))
            continue;
        ck_assert_msg(desk_reason_find(*piece) != NULL, "%s: %s has no row", name, *piece);
        seen++;
    }
    g_strfreev(pieces);
    g_free(text);
    g_free(path);
    return seen;
}

START_TEST(every_reason_in_the_sources_has_a_row)
{
    static const char *const sources[] = {
        "kiosk/session-devices.c",
        "kiosk/session-payment.c",
        "kiosk/session-server.c",
        "kiosk/session-take.c",
        "kiosk/session.c",
        "queue-server/handlers/arrive.c",
        "queue-server/handlers/bill.c",
        "queue-server/handlers/check-in.c",
        "queue-server/handlers/dues.c",
        "queue-server/handlers/payment.c",
        "queue-server/handlers/session.c",
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(sources); i++)
        ck_assert_uint_gt(check_source(sources[i]), 0);
}
END_TEST

START_TEST(a_code_of_a_newer_server_is_shown_as_it_is)
{
    char words[DESK_WORDS_SIZE];

    ck_assert_str_eq(desk_words_code(words, "future.thing", "desk 3"), "future.thing: desk 3");
    ck_assert_str_eq(desk_words_code(words, "", "x"), "");
}
END_TEST

/* ---------------------------------------------------------------- verbs */

START_TEST(verbs_are_offered_as_the_ticket_s_machine_allows)
{
    ck_assert(desk_verb_is_possible(DESK_VERB_CALL, SUGU_STAGE_WAITING));
    ck_assert(desk_verb_is_possible(DESK_VERB_CALL, SUGU_STAGE_MISSED));
    ck_assert(!desk_verb_is_possible(DESK_VERB_CALL, SUGU_STAGE_DONE));
    ck_assert(!desk_verb_is_possible(DESK_VERB_FINISH, SUGU_STAGE_WAITING));
    ck_assert(desk_verb_is_possible(DESK_VERB_UNDO, SUGU_STAGE_DONE));
}
END_TEST

START_TEST(some_verbs_and_rights_need_a_supervisor)
{
    ck_assert(desk_verb_is_granted(DESK_VERB_NEXT, SUGU__STAFF_ROLE__CLERK));
    ck_assert(!desk_verb_is_granted(DESK_VERB_NO_SHOW, SUGU__STAFF_ROLE__CLERK));
    ck_assert(desk_verb_is_granted(DESK_VERB_NO_SHOW, SUGU__STAFF_ROLE__SUPERVISOR));
}
END_TEST

START_TEST(keys_and_actions_are_all_different)
{
    for (unsigned i = 0; i < DESK_VERB_COUNT; i++)
        for (unsigned j = 0; j < i; j++) {
            const struct desk_verb_row *a = desk_verb_find((enum desk_verb)i);
            const struct desk_verb_row *b = desk_verb_find((enum desk_verb)j);
            ck_assert_int_ne(a->key, b->key);
            ck_assert_str_ne(a->action, b->action);
        }
}
END_TEST

SUGU_TEST_MAIN("desk-words",
               a_place_in_the_queue_is_explained,
               a_rule_is_said_in_words,
               calibration_is_said_out_of_ten,
               every_reason_has_a_title_and_something_to_do,
               every_reason_in_the_sources_has_a_row,
               a_code_of_a_newer_server_is_shown_as_it_is,
               verbs_are_offered_as_the_ticket_s_machine_allows,
               some_verbs_and_rights_need_a_supervisor,
               keys_and_actions_are_all_different)
