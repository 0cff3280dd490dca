/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk-name - what a desk is called wherever a person is sent to it: "3番診察室", "Room 3"
 *
 * The one table of these words, in every language. Which word a department's desks have is a column
 * of the department (sugu-admin department … room|test-room|counter) and travels with everything
 * that names a desk, so that board, voice, phone, paper, kiosk and front desk say the same.
 *
 * A desk that is a number, or letters and a number ("12", "B3"), takes the word. Any other one
 * ("処置室") is a name of its own and stands as it is, in every language.
 */
#pragma once

#include "base/macros.h"

#include <stdbool.h>

/*
 * X(NAME, word for the command line, ja, ja@easy, en, zh_CN, word of the board's clips). '#' is the
 * desk. The numbers are those of the wire's DeskWord and of the column department.desk_word.
 */
#define SUGU_DESK_WORDS(X)                                                                         \
    X(ROOM, "room", "#番診察室", "#ばん しんさつしつ", "Room #", "#号诊室", "room")                \
    X(TEST_ROOM, "test-room", "#番検査室", "#ばん けんさしつ", "Test room #", "#号检查室", "test") \
    X(COUNTER, "counter", "#番窓口", "#ばん まどぐち", "Counter #", "#号窗口", "counter")

enum sugu_desk_word {
#define SUGU_DESK_WORD_VALUE(name, command, ja, easy, en, zh, clip) SUGU_DESK_##name,
    SUGU_DESK_WORDS(SUGU_DESK_WORD_VALUE)
#undef SUGU_DESK_WORD_VALUE
        SUGU_DESK_WORD_COUNT,
};

#define SUGU_DESK_NAME_SIZE 80 /* the longest word, a desk of 16 bytes, the NUL */

/* A desk that takes the word: up to four letters, a '-' or none, one to four digits. */
bool sugu_desk_is_numbered(const char *desk);

/*
 * What the desk is called. `language` is "ja", "ja@easy", "en" or "zh_CN"; any other one is taken
 * for English. "" for no desk. A word from outside that does not exist is taken for the first one.
 */
void sugu_desk_name(char to[static SUGU_DESK_NAME_SIZE],
                    const char *language,
                    enum sugu_desk_word word,
                    const char *desk);

/* "room", "test-room" or "counter"; SUGU_DESK_WORD_COUNT for anything else. */
enum sugu_desk_word sugu_desk_word_find(const char *command);
/* In the names of the board's clips: "room", "test", "counter". */
const char *sugu_desk_word_clip(enum sugu_desk_word word);
