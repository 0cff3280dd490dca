/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-desk-name - one word for a department's desks, in every language
 */
#include "domain/desk-name.h"

#include "testlib/checks.h"

#include <string.h>

START_TEST(a_desk_with_a_number_takes_the_word_of_its_department)
{
    static const struct {
        enum sugu_desk_word word;
        const char *language, *desk, *name;
    } rows[] = {
        {SUGU_DESK_ROOM, "ja", "3", "3番診察室"},
        {SUGU_DESK_TEST_ROOM, "ja", "12", "12番検査室"},
        {SUGU_DESK_COUNTER, "ja", "B3", "B3番窓口"},
        {SUGU_DESK_ROOM, "ja@easy", "3", "3ばん しんさつしつ"},
        {SUGU_DESK_ROOM, "en", "3", "Room 3"},
        {SUGU_DESK_TEST_ROOM, "en", "3", "Test room 3"},
        {SUGU_DESK_COUNTER, "en", "AB-12", "Counter AB-12"},
        {SUGU_DESK_COUNTER, "zh_CN", "3", "3号窗口"},
        {SUGU_DESK_ROOM, "vi", "3", "Room 3"},
        {SUGU_DESK_WORD_COUNT, "ja", "3", "3番診察室"},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        char name[SUGU_DESK_NAME_SIZE];
        sugu_desk_name(name, rows[i].language, rows[i].word, rows[i].desk);
        ck_assert_str_eq(name, rows[i].name);
    }
}
END_TEST

START_TEST(a_desk_with_a_name_of_its_own_keeps_it)
{
    static const char *const own[] = {
        "処置室", "MRI",  "",     "3A",  "A", "第1診察室", "12345",
        "ABCDE1", "A--1", "１番", "A 1", "-", "3 ",        "0123456789abcdef"};
    static const char *const languages[] = {"ja", "ja@easy", "en", "zh_CN"};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(own); i++) {
        ck_assert(!sugu_desk_is_numbered(own[i]));
        for (size_t l = 0; l < SUGU_ARRAY_SIZE(languages); l++) {
            char name[SUGU_DESK_NAME_SIZE];
            sugu_desk_name(name, languages[l], SUGU_DESK_ROOM, own[i]);
            ck_assert_str_eq(name, own[i]);
        }
    }
}
END_TEST

START_TEST(words_of_the_command_line_are_found)
{
    ck_assert_int_eq(sugu_desk_word_find("room"), SUGU_DESK_ROOM);
    ck_assert_int_eq(sugu_desk_word_find("test-room"), SUGU_DESK_TEST_ROOM);
    ck_assert_int_eq(sugu_desk_word_find("counter"), SUGU_DESK_COUNTER);
    ck_assert_int_eq(sugu_desk_word_find("test"), SUGU_DESK_WORD_COUNT);
    ck_assert_int_eq(sugu_desk_word_find(""), SUGU_DESK_WORD_COUNT);
    ck_assert_str_eq(sugu_desk_word_clip(SUGU_DESK_TEST_ROOM), "test");
}
END_TEST

SUGU_TEST_MAIN("desk-name",
               a_desk_with_a_number_takes_the_word_of_its_department,
               a_desk_with_a_name_of_its_own_keeps_it,
               words_of_the_command_line_are_found)
