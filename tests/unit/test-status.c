/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-status - the table of dotted codes and the filling of errors
 */
#include "base/status.h"

#include "testlib/checks.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* Areas whose failures come before a patient's eyes. */
static const char *const patient_areas[] = {
    "identity", "session",  "eligibility", "visit", "department", "bill",
    "payment",  "terminal", "card",        "pin",   "reader",     "printer",
};

static bool
is_of_patients(const char *code)
{
    size_t length = strcspn(code, ".");

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(patient_areas); i++)
        if (strlen(patient_areas[i]) == length && strncmp(patient_areas[i], code, length) == 0)
            return true;
    return false;
}

static bool
is_sentence(const char *text)
{
    size_t length = strlen(text);

    return length > 2 && isupper((unsigned char)text[0]) && strchr(".?", text[length - 1]) &&
           !strstr(text, "  ");
}

START_TEST(every_code_is_of_the_form_area_dot_what_happened)
{
    size_t count;
    const struct sugu_code *codes = sugu_codes(&count);

    ck_assert_uint_gt(count, 50);
    for (size_t i = 0; i < count; i++) {
        const char *code = codes[i].code, *dot = strchr(code, '.');
        ck_assert_msg(dot && dot > code && dot[1] && strlen(code) <= 64, "%s", code);
        ck_assert_msg(strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789.-") == strlen(code), "%s",
                      code);
        ck_assert_msg(strchr(dot + 1, '.') == NULL, "%s has two dots", code);
    }
}
END_TEST

START_TEST(no_code_stands_in_the_table_twice)
{
    size_t count;
    const struct sugu_code *codes = sugu_codes(&count);

    for (size_t i = 0; i < count; i++) {
        ck_assert_ptr_eq(sugu_code_find(codes[i].code), &codes[i]);
        for (size_t k = 0; k < i; k++)
            ck_assert_msg(strcmp(codes[i].code, codes[k].code) != 0, "%s", codes[i].code);
    }
}
END_TEST

START_TEST(every_code_tells_the_staff_what_happened_in_a_sentence)
{
    size_t count;
    const struct sugu_code *codes = sugu_codes(&count);

    for (size_t i = 0; i < count; i++) {
        ck_assert_msg(is_sentence(codes[i].staff), "%s: '%s'", codes[i].code, codes[i].staff);
        ck_assert_msg(!*codes[i].patient || is_sentence(codes[i].patient), "%s: '%s'",
                      codes[i].code, codes[i].patient);
        ck_assert_msg(codes[i].status >= SUGU_OK && codes[i].status <= SUGU_BROKEN, "%s",
                      codes[i].code);
    }
}
END_TEST

START_TEST(whatever_stops_a_patient_has_words_for_the_patient)
{
    size_t count, seen = 0;
    const struct sugu_code *codes = sugu_codes(&count);

    for (size_t i = 0; i < count; i++) {
        if (codes[i].status == SUGU_OK || !is_of_patients(codes[i].code))
            continue;
        seen++;
        ck_assert_msg(*codes[i].patient, "%s says nothing to the patient", codes[i].code);
    }
    ck_assert_uint_gt(seen, 40);
}
END_TEST

START_TEST(what_may_have_happened_never_sounds_like_a_failure)
{
    size_t count;
    const struct sugu_code *codes = sugu_codes(&count);

    for (size_t i = 0; i < count; i++) {
        if (codes[i].status != SUGU_UNKNOWN)
            continue;
        ck_assert_msg(*codes[i].patient, "%s says nothing to the patient", codes[i].code);
        ck_assert_msg(!strcasestr(codes[i].patient, "fail") &&
                          !strcasestr(codes[i].patient, "nothing was charged"),
                      "%s: '%s'", codes[i].code, codes[i].patient);
    }
}
END_TEST

START_TEST(a_code_that_does_not_exist_is_a_bug_with_a_code)
{
    ck_assert_str_eq(sugu_code_find("no.such-code")->code, "bug.unknown-code");
    ck_assert_str_eq(sugu_code_find("")->code, "bug.unknown-code");
    ck_assert_str_eq(sugu_code_find(NULL)->code, "bug.unknown-code");
}
END_TEST

START_TEST(failing_fills_the_error_and_returns_the_status)
{
    struct sugu_error error;
    char code[] = "bill.unknown";

    ck_assert_int_eq(sugu_fail(&error, SUGU_UNKNOWN, code, "silent for %u ms", 250u), SUGU_UNKNOWN);
    code[0] = 'x'; /* the error keeps the table's string, not the caller's */
    ck_assert_int_eq(error.status, SUGU_UNKNOWN);
    ck_assert_str_eq(error.code, "bill.unknown");
    ck_assert_str_eq(error.detail, "silent for 250 ms");
    ck_assert_int_eq(sugu_fail(NULL, SUGU_RETRY, "server.away", "nobody listens"), SUGU_RETRY);
}
END_TEST

START_TEST(a_detail_is_cut_at_a_character_and_holds_no_control_characters)
{
    struct sugu_error error;
    char text[400] = "a\n\x1b[0m";

    for (size_t i = strlen(text); i + 3 < sizeof text; i += 3)
        memcpy(text + i, "山", 4);
    sugu_fail(&error, SUGU_BROKEN, "bug.unexpected", "%s", text);
    ck_assert_uint_lt(strlen(error.detail), sizeof error.detail);
    ck_assert_uint_gt(strlen(error.detail), sizeof error.detail - 5);
    ck_assert_int_eq(strncmp(error.detail, "a??[0m山", 9), 0);
    ck_assert_str_eq(error.detail + strlen(error.detail) - 3, "山");
}
END_TEST

START_TEST(each_status_has_a_name)
{
    static const char *const names[] = {"OK", "RETRY", "REFUSED", "UNKNOWN", "BROKEN"};

    for (unsigned status = SUGU_OK; status <= SUGU_BROKEN; status++)
        ck_assert_str_eq(sugu_status_name((enum sugu_status)status), names[status]);
}
END_TEST

SUGU_TEST_MAIN("status",
               every_code_is_of_the_form_area_dot_what_happened,
               no_code_stands_in_the_table_twice,
               every_code_tells_the_staff_what_happened_in_a_sentence,
               whatever_stops_a_patient_has_words_for_the_patient,
               what_may_have_happened_never_sounds_like_a_failure,
               a_code_that_does_not_exist_is_a_bug_with_a_code,
               failing_fills_the_error_and_returns_the_status,
               a_detail_is_cut_at_a_character_and_holds_no_control_characters,
               each_status_has_a_name)
