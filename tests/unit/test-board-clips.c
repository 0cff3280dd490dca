/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-board-clips - numbers and desks as words, in three grammars; every word has its file
 */
#include "clips.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The words of a call without their language, with blanks between. */
static const char *
words(const char *language, const char *number, const char *desk, enum sugu_desk_word word)
{
    static char text[1024];
    struct board_clips clips = {.count = 0};
    size_t skip = strlen(language) + 1, used = 0;

    ck_assert(board_clips_call(&clips, language, number, desk, word));
    text[0] = '\0';
    for (size_t i = 0; i < clips.count; i++) {
        ck_assert(strncmp(clips.names[i], language, skip - 1) == 0);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i ? " " : "",
                                 clips.names[i] + skip);
    }
    return text;
}

START_TEST(japanese_says_each_place_as_one_word)
{
    static const struct {
        const char *number, *words;
    } rows[] = {
        {"1", "1"},
        {"10", "10"},
        {"11", "10 1"},
        {"42", "40 2"},
        {"100", "100"},
        {"300", "300"},
        {"303", "300 3"},
        {"600", "600"},
        {"642", "600 40 2"},
        {"800", "800"},
        {"811", "800 10 1"},
        {"999", "900 90 9"},
        {"1000", "1000"},
        {"3000", "3000"},
        {"3642", "3000 600 40 2"},
        {"8000", "8000"},
        {"8308", "8000 300 8"},
        {"0", "0"},
        {"007", "7"},
        {"A-042", "letter-a 40 2"},
        {"B300", "letter-b 300"},
        {"AB-7", "letter-a letter-b 7"},
        {"c-10", "letter-c 10"},
    };
    char expected[200];

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        snprintf(expected, sizeof expected, "%s ban-no-kata 3 ban-room", rows[i].words);
        ck_assert_str_eq(words("ja", rows[i].number, "3", SUGU_DESK_ROOM), expected);
    }
}
END_TEST

START_TEST(english_counts_hundreds_and_joins_tens)
{
    static const struct {
        const char *number, *words;
    } rows[] = {
        {"1", "1"},
        {"12", "12"},
        {"20", "20"},
        {"42", "40 2"},
        {"100", "1 100"},
        {"119", "1 100 19"},
        {"300", "3 100"},
        {"342", "3 100 40 2"},
        {"1000", "1 1000"},
        {"2005", "2 1000 5"},
        {"9999", "9 1000 9 100 90 9"},
        {"0", "0"},
        {"A-042", "letter-a 40 2"},
    };
    char expected[200];

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        snprintf(expected, sizeof expected, "number %s to-room 12", rows[i].words);
        ck_assert_str_eq(words("en", rows[i].number, "12", SUGU_DESK_ROOM), expected);
    }
}
END_TEST

START_TEST(chinese_fills_holes_and_drops_the_one_of_ten)
{
    static const struct {
        const char *number, *words;
    } rows[] = {
        {"2", "2"},
        {"10", "10"},
        {"12", "10 2"},
        {"20", "2 10"},
        {"42", "4 10 2"},
        {"100", "1 100"},
        {"105", "1 100 0 5"},
        {"110", "1 100 1 10"},
        {"112", "1 100 1 10 2"},
        {"200", "2 100"},
        {"1000", "1 1000"},
        {"1002", "1 1000 0 2"},
        {"1010", "1 1000 0 1 10"},
        {"2000", "liang 1000"},
        {"2020", "liang 1000 0 2 10"},
        {"0", "0"},
        {"A-042", "letter-a 4 10 2"},
    };
    char expected[200];

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        snprintf(expected, sizeof expected, "qing %s hao dao 3 hao-room", rows[i].words);
        ck_assert_str_eq(words("zh_CN", rows[i].number, "3", SUGU_DESK_ROOM), expected);
    }
}
END_TEST

START_TEST(a_counter_is_no_room)
{
    ck_assert_str_eq(words("ja", "7", "2", SUGU_DESK_TEST_ROOM), "7 ban-no-kata 2 ban-test");
    ck_assert_str_eq(words("en", "7", "2", SUGU_DESK_TEST_ROOM), "number 7 to-test 2");
    ck_assert_str_eq(words("zh_CN", "7", "2", SUGU_DESK_TEST_ROOM), "qing 7 hao dao 2 hao-test");
    ck_assert_str_eq(words("ja", "7", "12", SUGU_DESK_COUNTER), "7 ban-no-kata 10 2 ban-counter");
    ck_assert_str_eq(words("en", "7", "12", SUGU_DESK_COUNTER), "number 7 to-counter 12");
    ck_assert_str_eq(words("zh_CN", "7", "2", SUGU_DESK_COUNTER), "qing 7 hao dao 2 hao-counter");
}
END_TEST

START_TEST(a_desk_without_a_number_is_left_to_the_screen)
{
    ck_assert_str_eq(words("ja", "7", "処置室", SUGU_DESK_ROOM), "7 ban-no-kata see-screen");
    ck_assert_str_eq(words("ja", "7", "", SUGU_DESK_ROOM), "7 ban-no-kata see-screen");
    ck_assert_str_eq(words("en", "7", "X-ray", SUGU_DESK_ROOM), "number 7 see-screen");
    ck_assert_str_eq(words("ja", "7", "B3", SUGU_DESK_ROOM), "7 ban-no-kata letter-b 3 ban-room");
}
END_TEST

START_TEST(what_is_no_number_is_not_spoken)
{
    static const char *const odd[] = {"",      "A",      "-",   "12345", "A-12345", "ABCDE-1",
                                      "A 042", "A--042", "42A", "４２",  "A-042 ",  "甲-042"};
    struct board_clips clips = {.count = 0};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(odd); i++) {
        ck_assert(!board_clips_call(&clips, "ja", odd[i], "3", SUGU_DESK_ROOM));
        ck_assert(!board_clips_bill(&clips, "ja", odd[i]));
    }
    ck_assert(!board_clips_call(&clips, "vi", "42", "3", SUGU_DESK_ROOM));
    ck_assert_uint_eq(clips.count, 0);
}
END_TEST

START_TEST(a_language_without_clips_is_none)
{
    ck_assert_str_eq(board_clips_language("ja"), "ja");
    ck_assert_str_eq(board_clips_language("ja@easy"), "ja");
    ck_assert_str_eq(board_clips_language("en"), "en");
    ck_assert_str_eq(board_clips_language("zh_CN"), "zh_CN");
    ck_assert_ptr_null(board_clips_language("vi"));
    ck_assert_ptr_null(board_clips_language(""));
}
END_TEST

static void
assert_files(const struct board_clips *clips)
{
    for (size_t i = 0; i < clips->count; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/assets/voice/%s.opus", getenv("SUGU_SOURCE"),
                 clips->names[i]);
        ck_assert_msg(access(path, R_OK) == 0, "%s is missing", path);
    }
}

START_TEST(every_word_that_can_be_said_has_its_file)
{
    static const char *const languages[] = {"ja", "en", "zh_CN"};

    for (size_t l = 0; l < SUGU_ARRAY_SIZE(languages); l++) {
        for (unsigned value = 0; value <= 9999; value += value < 1200 ? 1 : 37) {
            struct board_clips clips = {.count = 0};
            char number[16];
            snprintf(number, sizeof number, "%c-%u", 'A' + (int)(value % 26), value);
            ck_assert(board_clips_call(&clips, languages[l], number, value % 4 ? "9999" : "MRI",
                                       (enum sugu_desk_word)(value % SUGU_DESK_WORD_COUNT)));
            assert_files(&clips);
            clips.count = 0;
            ck_assert(board_clips_bill(&clips, languages[l], number));
            assert_files(&clips);
        }
    }
}
END_TEST

SUGU_TEST_MAIN("board-clips",
               japanese_says_each_place_as_one_word,
               english_counts_hundreds_and_joins_tens,
               chinese_fills_holes_and_drops_the_one_of_ten,
               a_counter_is_no_room,
               a_desk_without_a_number_is_left_to_the_screen,
               what_is_no_number_is_not_spoken,
               a_language_without_clips_is_none,
               every_word_that_can_be_said_has_its_file)
