/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clips - numbers and sentences in Japanese, English and Chinese
 */
#include "clips.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define LETTERS_MAX 4
#define DIGITS_MAX  4

/* "A-042": letters, then a number. */
struct label {
    char letters[LETTERS_MAX + 1]; /* lower case */
    unsigned value;                /* 0 … 9999 */
};

static bool
is_letter(char character)
{
    return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z');
}

static bool
take_apart(const char *text, struct label *ret_label)
{
    struct label label = {0};
    size_t letters = 0, digits = 0;

    for (; is_letter(*text); text++) {
        if (letters == LETTERS_MAX)
            return false;
        label.letters[letters++] = (char)(*text | 0x20);
    }
    if (*text == '-')
        text++;
    for (; *text >= '0' && *text <= '9'; text++) {
        if (++digits > DIGITS_MAX)
            return false;
        label.value = label.value * 10 + (unsigned)(*text - '0');
    }
    if (*text || digits == 0)
        return false;
    *ret_label = label;
    return true;
}

const char *
board_clips_language(const char *language)
{
    static const char *const known[] = {"ja", "en", "zh_CN"};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(known); i++)
        if (strcmp(known[i], language) == 0)
            return known[i];
    /* Easy Japanese is spoken as Japanese is. */
    return strncmp(language, "ja", 2) == 0 ? known[0] : NULL;
}

static void
say(struct board_clips *clips, const char *language, const char *word)
{
    assert(clips->count < BOARD_CLIPS_MAX); /* two sentences of the longest number are 30 */
    snprintf(clips->names[clips->count++], sizeof clips->names[0], "%s/%s", language, word);
}

static void
say_value(struct board_clips *clips, const char *language, unsigned value)
{
    char word[12];

    snprintf(word, sizeof word, "%u", value);
    say(clips, language, word);
}

static void
say_letters(struct board_clips *clips, const char *language, const char *letters)
{
    for (; *letters; letters++) {
        char word[] = {'l', 'e', 't', 't', 'e', 'r', '-', *letters, 0};
        say(clips, language, word);
    }
}

/* ---------------------------------------------------------------- numbers */

/* 3642: sanzen, roppyaku, yonjū, ni. Every place with its digit is one word. */
static void
say_japanese(struct board_clips *clips, unsigned value)
{
    if (value == 0)
        say_value(clips, "ja", 0);
    for (unsigned place = 1000; place > 0; place /= 10)
        if (value / place % 10)
            say_value(clips, "ja", value / place % 10 * place);
}

/* 3642: three, thousand, six, hundred, forty, two. */
static void
say_english(struct board_clips *clips, unsigned value)
{
    for (unsigned place = 1000; place >= 100; place /= 10)
        if (value / place % 10) {
            say_value(clips, "en", value / place % 10);
            say_value(clips, "en", place);
        }
    if (value % 100 >= 20)
        say_value(clips, "en", value % 100 / 10 * 10);
    if (value % 100 >= 20 ? value % 10 : value % 100 || value == 0)
        say_value(clips, "en", value % 100 >= 20 ? value % 10 : value % 100);
}

/*
 * 3642: 三千六百四十二. A hole between digits is one 零 (1002 一千零二, 1010 一千零一十), 2000 is
 * 两千, and 十 needs no 一 where nothing stands before it.
 */
static void
say_chinese(struct board_clips *clips, unsigned value)
{
    bool has_begun = false, has_hole = false;

    if (value == 0)
        say_value(clips, "zh_CN", 0);
    for (unsigned place = 1000; place > 0; place /= 10) {
        unsigned digit = value / place % 10;
        if (digit == 0) {
            has_hole = has_begun;
            continue;
        }
        if (has_hole)
            say_value(clips, "zh_CN", 0);
        if (digit == 2 && place == 1000)
            say(clips, "zh_CN", "liang");
        else if (digit != 1 || place != 10 || has_begun)
            say_value(clips, "zh_CN", digit);
        if (place > 1)
            say_value(clips, "zh_CN", place);
        has_begun = true;
        has_hole = false;
    }
}

static void
say_label(struct board_clips *clips, const char *language, const struct label *label)
{
    say_letters(clips, language, label->letters);
    if (strcmp(language, "ja") == 0)
        say_japanese(clips, label->value);
    else if (strcmp(language, "en") == 0)
        say_english(clips, label->value);
    else
        say_chinese(clips, label->value);
}

/* ---------------------------------------------------------------- sentences */

/* The words around number and desk; "" = none. After a '-' comes what the desk is called. */
struct sentence {
    const char *language;
    const char *before; /* the number */
    const char *after;  /* the number */
    const char *to;     /* before the desk */
    const char *desk;   /* after the desk */
    const char *screen, *bill;
};

static const struct sentence sentences[] = {
    {.language = "ja",
     .before = "",
     .after = "ban-no-kata",
     .to = "",
     .desk = "ban-",
     .screen = "see-screen",
     .bill = "bill"},
    {.language = "en",
     .before = "number",
     .after = "",
     .to = "to-",
     .desk = "",
     .screen = "see-screen",
     .bill = "bill"},
    {.language = "zh_CN",
     .before = "qing",
     .after = "hao",
     .to = "dao",
     .desk = "hao-",
     .screen = "see-screen",
     .bill = "bill"},
};

static const struct sentence *
find_sentence(const char *language)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(sentences); i++)
        if (strcmp(sentences[i].language, language) == 0)
            return &sentences[i];
    return NULL;
}

static void
say_word(struct board_clips *clips, const char *language, const char *word)
{
    if (*word)
        say(clips, language, word);
}

static void
say_desk_word(struct board_clips *clips,
              const char *language,
              const char *word,
              enum sugu_desk_word desk_word)
{
    char whole[BOARD_CLIP_NAME_MAX + 1];

    snprintf(whole, sizeof whole, "%s%s", word,
             *word && word[strlen(word) - 1] == '-' ? sugu_desk_word_clip(desk_word) : "");
    say_word(clips, language, whole);
}

static const struct sentence *
begin(struct board_clips *clips, const char *language, const char *number)
{
    const struct sentence *sentence = find_sentence(language);
    struct label label;

    if (!sentence || !take_apart(number, &label))
        return NULL;
    say_word(clips, language, sentence->before);
    say_label(clips, language, &label);
    say_word(clips, language, sentence->after);
    return sentence;
}

bool
board_clips_call(struct board_clips *clips,
                 const char *language,
                 const char *number,
                 const char *desk,
                 enum sugu_desk_word word)
{
    const struct sentence *sentence = begin(clips, language, number);
    struct label label;

    if (!sentence)
        return false;
    if (!sugu_desk_is_numbered(desk) || !take_apart(desk, &label)) {
        say_word(clips, language, sentence->screen);
        return true;
    }
    say_desk_word(clips, language, sentence->to, word);
    say_label(clips, language, &label);
    say_desk_word(clips, language, sentence->desk, word);
    return true;
}

bool
board_clips_bill(struct board_clips *clips, const char *language, const char *number)
{
    const struct sentence *sentence = begin(clips, language, number);

    if (!sentence)
        return false;
    say_word(clips, language, sentence->bill);
    return true;
}
