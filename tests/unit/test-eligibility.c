/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-eligibility - each success rule on both sides, and what a verdict carries
 */
#include "domain/eligibility.h"

#include "testlib/checks.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define IDENTIFIER "0193f0c0a1b27c3d8e4f5a6b7c8d9e0f"

static struct sugu_eligibility_asked
good_asked(void)
{
    return (struct sugu_eligibility_asked){
        .identifier = IDENTIFIER,
        .institution = "0110113719",
        .insurer_number = "06130488",
        .symbol = "12",
        .number = "0345",
        .branch = "01",
        .birth_date = 19700401,
        .confirm_date = 20261122,
    };
}

static struct sugu_eligibility_answer
good_answer(void)
{
    return (struct sugu_eligibility_answer){
        .confirm_date = "20261122",
        .institution = "0110113719",
        .identifier = IDENTIFIER,
        .reference_class = "2",
        .segment = "1",
        .status = "1",
        .validity = "1",
        .searched_birth_date = "19700401",
        .result_count = 1,
        .result = {.card_class = "01",
                   .insurer_number = "06130488",
                   .symbol = "12",
                   .number = "0345",
                   .branch = "01",
                   .birth_date = "19700401",
                   .qualified_from = "20200401",
                   .card_from = "20200401",
                   .card_until = "20270331",
                   .ratio = "030"},
    };
}

/* One value of the good answer changed, and what comes of it. */
#define AT(field) offsetof(struct sugu_eligibility_answer, field)
static const struct {
    const char *says;
    size_t field;
    const char *value;
    enum sugu_eligibility_outcome outcome;
    const char *code;
} rows[] = {
#define YES     SUGU_ELIGIBILITY_VERIFIED
#define CHANGED SUGU_ELIGIBILITY_VERIFIED_WITH_CHANGE
#define NOT_NOW SUGU_ELIGIBILITY_NOT_VERIFIED_NOW
#define NOBODY  SUGU_ELIGIBILITY_NOT_FOUND
#define INVALID SUGU_ELIGIBILITY_INVALID
#define BAD     "eligibility.bad-answer"
    {"unchanged", AT(status), "1", YES, ""},
    {"our identifier is missing", AT(identifier), "", NOT_NOW, BAD},
    {"another patient's identifier", AT(identifier), "0193f0c0a1b27c3d8e4f5a6b7c8d9e0e", NOT_NOW,
     BAD},
    {"our identifier and more", AT(identifier), IDENTIFIER "0", NOT_NOW, BAD},
    {"another institution", AT(institution), "1311111114", NOT_NOW, BAD},
    {"no institution", AT(institution), "", NOT_NOW, BAD},
    {"another day", AT(confirm_date), "20261121", NOT_NOW, BAD},
    {"no day said", AT(confirm_date), "", YES, ""},
    {"still processing", AT(segment), "2", NOT_NOW, "eligibility.terminal-error"},
    {"abnormal end", AT(segment), "9", NOT_NOW, "eligibility.terminal-error"},
    {"no segment", AT(segment), "", NOT_NOW, "eligibility.terminal-error"},
    {"segment 01", AT(segment), "01", YES, ""},
    {"error status", AT(status), "2", NOT_NOW, "eligibility.terminal-error"},
    {"no status", AT(status), "", NOT_NOW, "eligibility.terminal-error"},
    {"searched another birth date", AT(searched_birth_date), "19700402", NOT_NOW, BAD},
    {"no echo of the search", AT(searched_birth_date), "", YES, ""},
    {"birth date differs", AT(result.birth_date), "19700402", NOT_NOW, BAD},
    {"no birth date", AT(result.birth_date), "", NOT_NOW, BAD},
    {"invalid", AT(validity), "2", INVALID, "eligibility.invalid"},
    {"newer exists", AT(validity), "3", INVALID, "eligibility.newer-exists"},
    {"newer exists, two digits", AT(validity), "03", INVALID, "eligibility.newer-exists"},
    {"none found", AT(validity), "4", NOBODY, "eligibility.not-found"},
    {"several match", AT(validity), "5", NOT_NOW, "eligibility.several"},
    {"valid, no ticket", AT(validity), "6", NOT_NOW, "eligibility.unregistered"},
    {"validity 7 does not exist", AT(validity), "7", NOT_NOW, BAD},
    {"validity 0 does not exist", AT(validity), "0", NOT_NOW, BAD},
    {"validity is a word", AT(validity), "yes", NOT_NOW, BAD},
    {"no validity", AT(validity), "", NOT_NOW, BAD},
    {"a date is no date", AT(result.qualified_from), "20200230", NOT_NOW, BAD},
    {"a date is too short", AT(result.card_until), "202703", NOT_NOW, BAD},
    {"a leap day", AT(result.qualified_from), "20200229", YES, ""},
    {"no leap day in 2100", AT(result.card_until), "21000229", NOT_NOW, BAD},
    {"ratio of one digit", AT(result.ratio), "3", NOT_NOW, BAD},
    {"ratio over 100", AT(result.ratio), "101", NOT_NOW, BAD},
    {"ratio is a word", AT(result.ratio), "abc", NOT_NOW, BAD},
    {"elderly ratio is a word", AT(result.elderly_ratio), "x20", NOT_NOW, BAD},
    {"no ratio", AT(result.ratio), "", YES, ""},
    {"special expense", AT(result.card_class), "05", NOT_NOW, "eligibility.special-certificate"},
    {"public assistance", AT(result.card_class), "A1", NOT_NOW, "eligibility.special-certificate"},
    {"retired", AT(result.card_class), "02", YES, ""},
    {"insurer's check digit", AT(result.insurer_number), "06130489", NOT_NOW, BAD},
    {"no insurer", AT(result.insurer_number), "", NOT_NOW, BAD},
    {"no number", AT(result.number), "", NOT_NOW, BAD},
    {"branch of three digits", AT(result.branch), "001", NOT_NOW, BAD},
    {"branch of one digit", AT(result.branch), "1", NOT_NOW, BAD},
    {"branch is a letter", AT(result.branch), "A", NOT_NOW, BAD},
    {"begins today", AT(result.qualified_from), "20261122", YES, ""},
    {"begins tomorrow", AT(result.qualified_from), "20261123", INVALID, "eligibility.invalid"},
    {"card begins tomorrow", AT(result.card_from), "20261123", INVALID, "eligibility.invalid"},
    {"card's last day", AT(result.card_until), "20261122", YES, ""},
    {"card ended yesterday", AT(result.card_until), "20261121", INVALID, "eligibility.invalid"},
    {"lost tomorrow", AT(result.disqualified_from), "20261123", YES, ""},
    {"lost today", AT(result.disqualified_from), "20261122", INVALID, "eligibility.invalid"},
    {"another insurer", AT(result.insurer_number), "33120015", CHANGED, ""},
    {"another symbol", AT(result.symbol), "13", CHANGED, ""},
    {"symbol gone", AT(result.symbol), "", CHANGED, ""},
    {"another number", AT(result.number), "345", CHANGED, ""},
    {"another branch", AT(result.branch), "02", CHANGED, ""},
    {"branch gone", AT(result.branch), "", CHANGED, ""},
    {"the same in full width", AT(result.symbol), "１２", YES, ""},
    {"the same number in full width", AT(result.number), "０３４５", YES, ""},
    {"the same branch in full width", AT(result.branch), "０１", YES, ""},
};

START_TEST(each_rule_decides_on_both_sides)
{
    struct sugu_eligibility_asked asked = good_asked();

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_eligibility_answer answer = good_answer();
        struct sugu_eligibility_verdict verdict;
        snprintf((char *)&answer + rows[i].field, SUGU_ANSWER_FIELD_SIZE, "%s", rows[i].value);
        sugu_eligibility_judge(&asked, &answer, &verdict);
        ck_assert_msg(verdict.outcome == rows[i].outcome, "%s: outcome %d", rows[i].says,
                      (int)verdict.outcome);
        ck_assert_msg(strcmp(verdict.code, rows[i].code) == 0, "%s: %s", rows[i].says,
                      verdict.code);
        ck_assert_msg((*verdict.reason == '\0') == sugu_eligibility_is_verified(&verdict), "%s",
                      rows[i].says);
        ck_assert_msg((*verdict.insurer_number != '\0') == sugu_eligibility_is_verified(&verdict),
                      "%s: data of the answer go on", rows[i].says);
    }
}
END_TEST

START_TEST(all_codes_stand_in_the_table_of_codes)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        if (*rows[i].code)
            ck_assert_str_eq(sugu_code_find(rows[i].code)->code, rows[i].code);
}
END_TEST

START_TEST(only_exactly_one_result_is_success)
{
    static const struct {
        uint32_t count;
        const char *validity;
        const char *code;
    } counts[] = {{0, "1", "eligibility.bad-answer"}, {1, "1", ""},
                  {2, "1", "eligibility.several"},    {2, "5", "eligibility.several"},
                  {0, "5", "eligibility.several"},    {0, "4", "eligibility.not-found"},
                  {0, "2", "eligibility.invalid"},    {0, "3", "eligibility.newer-exists"}};
    struct sugu_eligibility_asked asked = good_asked();

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(counts); i++) {
        struct sugu_eligibility_answer answer = good_answer();
        struct sugu_eligibility_verdict verdict;
        answer.result_count = counts[i].count;
        if (counts[i].count == 0)
            memset(&answer.result, 0, sizeof answer.result);
        snprintf(answer.validity, sizeof answer.validity, "%s", counts[i].validity);
        sugu_eligibility_judge(&asked, &answer, &verdict);
        ck_assert_msg(strcmp(verdict.code, counts[i].code) == 0, "row %zu: %s", i, verdict.code);
    }
}
END_TEST

START_TEST(an_empty_answer_is_never_anyones)
{
    struct sugu_eligibility_asked asked = good_asked();
    struct sugu_eligibility_answer answer = {0};
    struct sugu_eligibility_verdict verdict;

    sugu_eligibility_judge(&asked, &answer, &verdict);
    ck_assert_int_eq(verdict.outcome, SUGU_ELIGIBILITY_NOT_VERIFIED_NOW);
    memset(asked.identifier, 0, sizeof asked.identifier); /* two empty ones are not equal either */
    answer = good_answer();
    memset(answer.identifier, 0, sizeof answer.identifier);
    sugu_eligibility_judge(&asked, &answer, &verdict);
    ck_assert_int_eq(verdict.outcome, SUGU_ELIGIBILITY_NOT_VERIFIED_NOW);
}
END_TEST

START_TEST(a_verdict_carries_what_the_bill_needs)
{
    struct sugu_eligibility_asked asked = good_asked();
    struct sugu_eligibility_answer answer = good_answer();
    struct sugu_eligibility_verdict verdict;

    snprintf(answer.result.branch, sizeof answer.result.branch, "０２");
    snprintf(answer.result.disqualified_from, sizeof answer.result.disqualified_from, "20270101");
    sugu_eligibility_judge(&asked, &answer, &verdict);
    ck_assert_int_eq(verdict.outcome, SUGU_ELIGIBILITY_VERIFIED_WITH_CHANGE);
    ck_assert_str_eq(verdict.insurer_number, "06130488");
    ck_assert_str_eq(verdict.symbol, "12");
    ck_assert_str_eq(verdict.number, "0345");
    ck_assert_str_eq(verdict.branch, "02");
    ck_assert_uint_eq(verdict.ratio_percent, 30);
    ck_assert_uint_eq(verdict.valid_from, 20200401);
    ck_assert_uint_eq(verdict.valid_until, 20261231); /* the day before it is lost */
    ck_assert_str_eq(verdict.limit_class, "");
}
END_TEST

START_TEST(the_last_valid_day_is_the_earlier_one)
{
    static const struct {
        const char *card_until, *disqualified_from;
        uint32_t last;
    } days[] = {{"", "", 0},
                {"20270331", "", 20270331},
                {"", "20270401", 20270331},
                {"", "20270301", 20270228},
                {"", "20280301", 20280229},
                {"20270331", "20270401", 20270331},
                {"20270331", "20270201", 20270131},
                {"20270131", "20270301", 20270131}};
    struct sugu_eligibility_asked asked = good_asked();

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(days); i++) {
        struct sugu_eligibility_answer answer = good_answer();
        struct sugu_eligibility_verdict verdict;
        snprintf(answer.result.card_until, SUGU_ANSWER_FIELD_SIZE, "%s", days[i].card_until);
        snprintf(answer.result.disqualified_from, SUGU_ANSWER_FIELD_SIZE, "%s",
                 days[i].disqualified_from);
        sugu_eligibility_judge(&asked, &answer, &verdict);
        ck_assert_msg(verdict.valid_until == days[i].last, "row %zu: %u", i, verdict.valid_until);
    }
}
END_TEST

START_TEST(an_elderly_recipients_ratio_goes_first_while_in_force)
{
    static const struct {
        const char *ratio, *elderly, *from, *until;
        uint32_t percent;
    } ratios[] = {{"030", "", "", "", 30},
                  {"010", "", "", "", 10},
                  {"", "", "", "", 0},
                  {"030", "020", "20260801", "20270731", 20},
                  {"030", "020", "20261122", "20261122", 20},
                  {"030", "020", "20261123", "20270731", 30},
                  {"030", "020", "20250801", "20261121", 30},
                  {"030", "020", "", "", 20},
                  {"", "020", "20250801", "20261121", 0},
                  {"030", "000", "", "", 30},
                  {"100", "", "", "", 100}};
    struct sugu_eligibility_asked asked = good_asked();

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(ratios); i++) {
        struct sugu_eligibility_answer answer = good_answer();
        struct sugu_eligibility_verdict verdict;
        snprintf(answer.result.ratio, SUGU_ANSWER_FIELD_SIZE, "%s", ratios[i].ratio);
        snprintf(answer.result.elderly_ratio, SUGU_ANSWER_FIELD_SIZE, "%s", ratios[i].elderly);
        snprintf(answer.result.elderly_from, SUGU_ANSWER_FIELD_SIZE, "%s", ratios[i].from);
        snprintf(answer.result.elderly_until, SUGU_ANSWER_FIELD_SIZE, "%s", ratios[i].until);
        sugu_eligibility_judge(&asked, &answer, &verdict);
        ck_assert_int_eq(verdict.outcome, SUGU_ELIGIBILITY_VERIFIED);
        ck_assert_msg(verdict.ratio_percent == ratios[i].percent, "row %zu: %u", i,
                      verdict.ratio_percent);
    }
}
END_TEST

START_TEST(a_limit_class_counts_with_consent_and_in_force)
{
    static const struct {
        const char *consent, *class, *from, *until, *expected;
    } limits[] = {{"1", "A03", "20260801", "20270731", "A03"},
                  {"1", "B10", "", "", "B10"},
                  {"0", "A03", "20260801", "20270731", ""},
                  {"", "A03", "", "", ""},
                  {"1", "A03", "20261123", "", ""},
                  {"1", "A03", "", "20261121", ""},
                  {"1", "A03", "", "20261122", "A03"},
                  {"1", "C01", "", "", ""},
                  {"1", "A3", "", "", ""},
                  {"1", "", "", "", ""}};
    struct sugu_eligibility_asked asked = good_asked();

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(limits); i++) {
        struct sugu_eligibility_answer answer = good_answer();
        struct sugu_eligibility_verdict verdict;
        snprintf(answer.result.limit_consent, SUGU_ANSWER_FIELD_SIZE, "%s", limits[i].consent);
        snprintf(answer.result.limit_class, SUGU_ANSWER_FIELD_SIZE, "%s", limits[i].class);
        snprintf(answer.result.limit_from, SUGU_ANSWER_FIELD_SIZE, "%s", limits[i].from);
        snprintf(answer.result.limit_until, SUGU_ANSWER_FIELD_SIZE, "%s", limits[i].until);
        sugu_eligibility_judge(&asked, &answer, &verdict);
        ck_assert_int_eq(verdict.outcome, SUGU_ELIGIBILITY_VERIFIED);
        ck_assert_str_eq(verdict.limit_class, limits[i].expected);
    }
}
END_TEST

START_TEST(the_terminal_is_only_asked_with_possible_data)
{
    struct sugu_eligibility_asked asked = good_asked();
    struct sugu_error error = {0};

    sugu_assert_ok(sugu_eligibility_can_ask(&asked, &error), error);
    asked.branch[0] = asked.symbol[0] = '\0'; /* certificates of the elderly have neither */
    sugu_assert_ok(sugu_eligibility_can_ask(&asked, &error), error);
    asked.number[0] = '\0';
    sugu_assert_fails(sugu_eligibility_can_ask(&asked, &error), SUGU_REFUSED,
                      "eligibility.no-insurance", error);
    asked = good_asked();
    asked.insurer_number[0] = '\0';
    sugu_assert_fails(sugu_eligibility_can_ask(&asked, &error), SUGU_REFUSED,
                      "eligibility.no-insurance", error);
    asked = good_asked();
    asked.insurer_number[7] = '9';
    sugu_assert_fails(sugu_eligibility_can_ask(&asked, &error), SUGU_REFUSED,
                      "eligibility.number-invalid", error);
    asked = good_asked();
    asked.birth_date = 19700431;
    sugu_assert_fails(sugu_eligibility_can_ask(&asked, &error), SUGU_REFUSED,
                      "eligibility.number-invalid", error);
}
END_TEST

SUGU_TEST_MAIN("eligibility",
               each_rule_decides_on_both_sides,
               all_codes_stand_in_the_table_of_codes,
               only_exactly_one_result_is_success,
               an_empty_answer_is_never_anyones,
               a_verdict_carries_what_the_bill_needs,
               the_last_valid_day_is_the_earlier_one,
               an_elderly_recipients_ratio_goes_first_while_in_force,
               a_limit_class_counts_with_consent_and_in_force,
               the_terminal_is_only_asked_with_possible_data)
