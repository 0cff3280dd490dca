/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-text - bounded UTF-8 strings, hexadecimal and numbers out of text
 */
#include "base/text.h"

#include "testlib/checks.h"

#include <string.h>

START_TEST(a_copy_that_is_cut_never_splits_a_character)
{
    char to[6];

    ck_assert(!sugu_text_copy(to, sizeof to, "山田"));
    ck_assert_str_eq(to, "山");
    ck_assert(sugu_text_copy(to, sizeof to, "abcde"));
    ck_assert_str_eq(to, "abcde");
    ck_assert(sugu_text_copy(to, sizeof to, NULL));
    ck_assert_str_eq(to, "");
}
END_TEST

START_TEST(only_well_formed_utf8_is_utf8)
{
    static const struct {
        const char *text;
        bool is_good;
    } rows[] = {
        {"", true},
        {"山田\xe3\x80\x80太郎", true},
        {"\xf0\x9f\x98\x80", true},
        {"\xc0\xaf", false},
        {"\xe0\x80\x80", false},
        {"\xed\xa0\x80", false},
        {"\xf4\x90\x80\x80", false},
        {"\xe5\xb1", false},
        {"\x80", false},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        ck_assert_msg(sugu_text_is_utf8(rows[i].text, strlen(rows[i].text)) == rows[i].is_good,
                      "row %zu", i);
    ck_assert(!sugu_text_is_utf8("a\0b", 3));
}
END_TEST

START_TEST(a_cleaned_line_has_no_control_characters)
{
    char line[] = "a\nb\x1b[31m\xff\xe5\xb1";

    sugu_text_clean(line);
    ck_assert_str_eq(line, "a?b?[31m?");
}
END_TEST

START_TEST(a_number_is_only_digits_in_range)
{
    int64_t value = 7;

    ck_assert(sugu_text_to_int64("-12", -12, 5, &value));
    ck_assert_int_eq(value, -12);
    ck_assert(!sugu_text_to_int64("-13", -12, 5, &value));
    ck_assert(!sugu_text_to_int64("6", -12, 5, &value));
    ck_assert(!sugu_text_to_int64(" 1", 0, 5, &value));
    ck_assert(!sugu_text_to_int64("1x", 0, 5, &value));
    ck_assert(!sugu_text_to_int64("", 0, 5, &value));
    ck_assert(!sugu_text_to_int64("-", -5, 5, &value));
    ck_assert(!sugu_text_to_int64("9999999999999999999", 0, INT64_MAX, &value));
    ck_assert_int_eq(value, -12);
}
END_TEST

START_TEST(hexadecimal_goes_there_and_back)
{
    static const uint8_t bytes[] = {0x00, 0x9f, 0xff};
    uint8_t back[3] = {1, 1, 1};
    char hex[7];

    sugu_hex_from_bytes(hex, bytes, sizeof bytes);
    ck_assert_str_eq(hex, "009fff");
    ck_assert(sugu_hex_to_bytes(back, sizeof back, "009FfF"));
    ck_assert_mem_eq(back, bytes, sizeof bytes);
    ck_assert(!sugu_hex_to_bytes(back, sizeof back, "009f"));
    ck_assert(!sugu_hex_to_bytes(back, sizeof back, "00zz00"));
}
END_TEST

SUGU_TEST_MAIN("text",
               a_copy_that_is_cut_never_splits_a_character,
               only_well_formed_utf8_is_utf8,
               a_cleaned_line_has_no_control_characters,
               a_number_is_only_digits_in_range,
               hexadecimal_goes_there_and_back)
