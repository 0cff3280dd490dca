/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-insurance-number - layouts and check digits, on the published numbers and spoiled ones
 */
#include "domain/insurance-number.h"

#include "testlib/checks.h"

#include <string.h>

typedef enum sugu_status (*check_function)(const char *text, struct sugu_error *reterr);

struct row {
    check_function check;
    const char *number;
    const char *wrong; /* NULL = right, else what the detail says */
};

/* 33120015, 06130488, 54016027 and 0110113719: domain/card-insurance.md section 3. */
static const struct row rows[] = {
    {sugu_insurer_number_check, "33120015", NULL},
    {sugu_insurer_number_check, "06130488", NULL},
    {sugu_insurer_number_check, "138008", NULL},
    {sugu_insurer_number_check, "133017", NULL},
    {sugu_insurer_number_check, "470013", NULL},
    {sugu_insurer_number_check, "39130018", NULL},
    {sugu_insurer_number_check, "33120016", "check digit"},
    {sugu_insurer_number_check, "06130489", "check digit"},
    {sugu_insurer_number_check, "06130848", "check digit"}, /* two digits changed places */
    {sugu_insurer_number_check, "138009", "check digit"},
    {sugu_insurer_number_check, "6130488", "count of digits"},
    {sugu_insurer_number_check, "061304880", "count of digits"},
    {sugu_insurer_number_check, "0613048 ", "count of digits"},
    {sugu_insurer_number_check, " 138008", "count of digits"},
    {sugu_insurer_number_check, "06A30488", "count of digits"},
    {sugu_insurer_number_check, "", "count of digits"},
    {sugu_insurer_number_check, "54016027", "law code"},
    {sugu_insurer_number_check, "05480017", "law code"},
    {sugu_insurer_number_check, "01480011", "prefecture"},
    {sugu_insurer_number_check, "01000009", "prefecture"},
    {sugu_insurer_number_check, "480012", "prefecture"},
    {sugu_insurer_number_check, "000000", "prefecture"},
    {sugu_payer_number_check, "54016027", NULL},
    {sugu_payer_number_check, "54136015", NULL},
    {sugu_payer_number_check, "54016028", "check digit"},
    {sugu_payer_number_check, "06130488", "law code"},
    {sugu_payer_number_check, "5401602", "count of digits"},
    {sugu_recipient_number_check, "5123609", NULL},
    {sugu_recipient_number_check, "5123608", "check digit"},
    {sugu_recipient_number_check, "512360", "count of digits"},
    {sugu_institution_code_check, "0110113719", NULL},
    {sugu_institution_code_check, "1311111114", NULL},
    {sugu_institution_code_check, "0110113710", "check digit"},
    {sugu_institution_code_check, "0111013719", "check digit"},
    {sugu_institution_code_check, "011011371", "count of digits"},
    {sugu_institution_code_check, "4811234568", "prefecture"},
    {sugu_institution_code_check, "1300000005", "fee table"},
};

START_TEST(published_numbers_are_right_and_spoiled_ones_say_why)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_error error = {0};
        enum sugu_status status = rows[i].check(rows[i].number, &error);
        ck_assert_msg(status == (rows[i].wrong ? SUGU_REFUSED : SUGU_OK), "row %zu: %s", i,
                      error.detail);
        if (!rows[i].wrong)
            continue;
        ck_assert_str_eq(error.code, "eligibility.number-invalid");
        ck_assert_msg(strstr(error.detail, rows[i].wrong) != NULL, "row %zu: %s", i, error.detail);
    }
}
END_TEST

START_TEST(a_refusal_never_repeats_the_number)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_error error = {0};
        if (rows[i].check(rows[i].number, &error) != SUGU_OK && *rows[i].number)
            ck_assert_ptr_null(strstr(error.detail, rows[i].number));
    }
}
END_TEST

START_TEST(every_single_wrong_digit_is_noticed)
{
    char number[] = "06130488";

    for (size_t at = 0; at < 8; at++) {
        char right = number[at];
        for (int digit = '0'; digit <= '9'; digit++) {
            number[at] = (char)digit;
            ck_assert(sugu_check_digit_is_right(number) == (digit == right));
        }
        number[at] = right;
    }
}
END_TEST

START_TEST(a_check_digit_needs_something_to_check)
{
    ck_assert(!sugu_check_digit_is_right(""));
    ck_assert(!sugu_check_digit_is_right("0"));
    ck_assert(sugu_check_digit_is_right("00"));
    ck_assert(sugu_check_digit_is_right("18"));
    ck_assert_int_eq(sugu_check_digit("3312001", 7), '5');
}
END_TEST

START_TEST(prefectures_go_from_01_to_47)
{
    static const struct {
        const char *text;
        bool is_known;
    } prefectures[] = {{"00", false}, {"01", true}, {"47", true}, {"48", false},
                       {"99", false}, {"1", false}, {"", false},  {"4x", false}};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(prefectures); i++)
        ck_assert(sugu_prefecture_is_known(prefectures[i].text) == prefectures[i].is_known);
}
END_TEST

START_TEST(law_codes_are_found_in_their_own_table)
{
    ck_assert_str_eq(sugu_law_find(SUGU_LAW_INSURER, "06130488")->name, "組合健保");
    ck_assert_str_eq(sugu_law_find(SUGU_LAW_INSURER, "39")->name, "後期高齢者");
    ck_assert_str_eq(sugu_law_find(SUGU_LAW_PUBLIC_EXPENSE, "54")->name, "難病");
    ck_assert_ptr_null(sugu_law_find(SUGU_LAW_INSURER, "54"));
    ck_assert_ptr_null(sugu_law_find(SUGU_LAW_PUBLIC_EXPENSE, "06"));
    ck_assert_ptr_null(sugu_law_find(SUGU_LAW_PUBLIC_EXPENSE, "26"));
    ck_assert_ptr_null(sugu_law_find(SUGU_LAW_INSURER, "0"));
}
END_TEST

START_TEST(a_short_insurer_number_is_filled_with_spaces_not_zeros)
{
    char padded[SUGU_INSURER_NUMBER_SIZE];

    sugu_insurer_number_pad(padded, "138008");
    ck_assert_str_eq(padded, "  138008");
    sugu_insurer_number_pad(padded, "06130488");
    ck_assert_str_eq(padded, "06130488");
}
END_TEST

START_TEST(a_society_has_3_as_the_third_digit)
{
    ck_assert(sugu_insurer_number_is_society("133017"));
    ck_assert(!sugu_insurer_number_is_society("138008"));
    ck_assert(!sugu_insurer_number_is_society("06330488"));
}
END_TEST

SUGU_TEST_MAIN("insurance-number",
               published_numbers_are_right_and_spoiled_ones_say_why,
               a_refusal_never_repeats_the_number,
               every_single_wrong_digit_is_noticed,
               a_check_digit_needs_something_to_check,
               prefectures_go_from_01_to_47,
               law_codes_are_found_in_their_own_table,
               a_short_insurer_number_is_filled_with_spaces_not_zeros,
               a_society_has_3_as_the_third_digit)
