/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk-name - what a desk is called wherever a person is sent to it
 */
#include "domain/desk-name.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define LETTERS_MAX 4
#define DIGITS_MAX  4

enum language {
    JAPANESE,
    EASY_JAPANESE,
    ENGLISH,
    CHINESE,
    LANGUAGE_COUNT,
};

static const struct {
    const char *command, *clip, *names[LANGUAGE_COUNT];
} words[SUGU_DESK_WORD_COUNT] = {
#define SUGU_DESK_WORD_ROW(name, command, ja, easy, en, zh, clip)                                  \
    [SUGU_DESK_##name] = {command, clip, {ja, easy, en, zh}},
    SUGU_DESK_WORDS(SUGU_DESK_WORD_ROW)
#undef SUGU_DESK_WORD_ROW
};

static bool
is_letter(char character)
{
    return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z');
}

bool
sugu_desk_is_numbered(const char *desk)
{
    size_t letters = 0, digits;

    while (is_letter(desk[letters]))
        letters++;
    desk += letters;
    if (*desk == '-')
        desk++;
    digits = strspn(desk, "0123456789");
    return letters <= LETTERS_MAX && digits >= 1 && digits <= DIGITS_MAX && !desk[digits];
}

static enum language
find_language(const char *code)
{
    static const char *const codes[LANGUAGE_COUNT] = {"ja", "ja@easy", "en", "zh_CN"};

    for (unsigned i = 0; i < LANGUAGE_COUNT; i++)
        if (strcmp(codes[i], code) == 0)
            return (enum language)i;
    return ENGLISH;
}

void
sugu_desk_name(char to[static SUGU_DESK_NAME_SIZE],
               const char *language,
               enum sugu_desk_word word,
               const char *desk)
{
    const char *pattern =
        words[word < SUGU_DESK_WORD_COUNT ? word : 0].names[find_language(language)];
    size_t at = strcspn(pattern, "#");

    if (!sugu_desk_is_numbered(desk)) {
        sugu_text_copy(to, SUGU_DESK_NAME_SIZE, desk);
        return;
    }
    snprintf(to, SUGU_DESK_NAME_SIZE, "%.*s%s%s", (int)at, pattern, desk, pattern + at + 1);
}

enum sugu_desk_word
sugu_desk_word_find(const char *command)
{
    unsigned word = 0;

    while (word < SUGU_DESK_WORD_COUNT && strcmp(words[word].command, command) != 0)
        word++;
    return (enum sugu_desk_word)word;
}

const char *
sugu_desk_word_clip(enum sugu_desk_word word)
{
    return words[word < SUGU_DESK_WORD_COUNT ? word : 0].clip;
}
