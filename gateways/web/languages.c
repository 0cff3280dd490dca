/* SPDX-License-Identifier: Apache-2.0 */
/*
 * languages - the languages of the phone page, and which of them a visitor gets
 */
#include "web/languages.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ACCEPT_SIZE_MAX 256 /* more of the header than this is not read */

enum { JAPANESE, EASY, ENGLISH, CHINESE };

static const struct web_language languages[WEB_LANGUAGE_COUNT] = {
    [JAPANESE] = {"ja", "ja", "ja", "日本語"},
    [EASY] = {"ja@easy", "ja-easy", "ja", "やさしい にほんご"},
    [ENGLISH] = {"en", "en", "en", "English"},
    [CHINESE] = {"zh_CN", "zh-CN", "zh-CN", "中文"},
};

const struct web_language *
web_language(size_t index)
{
    return &languages[index < WEB_LANGUAGE_COUNT ? index : JAPANESE];
}

/* The language of a range like "zh-Hant-TW"; -1 where it is none of ours. */
static int
find_range(const char *range, size_t size)
{
    static const struct {
        const char *primary;
        int index;
    } rows[] = {{"ja", JAPANESE}, {"en", ENGLISH}, {"zh", CHINESE}};
    size_t primary = 0;

    while (primary < size && range[primary] != '-')
        primary++;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (primary == strlen(rows[i].primary) && strncasecmp(range, rows[i].primary, primary) == 0)
            return rows[i].index;
    return -1;
}

/* Letters, digits and dashes: the form of a language tag. */
static int
is_tag(const char *range, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!isalnum((unsigned char)range[i]) && range[i] != '-')
            return 0;
    return size > 0;
}

/* Thousandths of a weight "0.8" or "1"; 0 for what is none. */
static int
read_weight(const char *text, size_t size)
{
    int weight = 0, unit = 1000;

    for (size_t i = 0; i < size; i++) {
        if (text[i] == '.' && i == 1)
            continue;
        if (!isdigit((unsigned char)text[i]) || i > 4)
            return 0;
        weight += (text[i] - '0') * unit;
        unit /= 10;
    }
    return weight > 1000 ? 1000 : weight;
}

/* One element of the list: "en-GB;q=0.8". Writes the length of its range. */
static int
weigh(const char *element, size_t size, size_t *ret_range_size)
{
    const char *semicolon = memchr(element, ';', size);
    size_t range = semicolon ? (size_t)(semicolon - element) : size;
    const char *rest = semicolon;

    *ret_range_size = range;
    while (*ret_range_size > 0 && element[*ret_range_size - 1] == ' ')
        (*ret_range_size)--;
    if (!semicolon)
        return 1000;
    for (rest++; rest < element + size && *rest == ' ';)
        rest++;
    if (element + size - rest < 3 || strncasecmp(rest, "q=", 2) != 0)
        return 1000;
    return read_weight(rest + 2, (size_t)(element + size - rest - 2));
}

/* -1 where the header says nothing. */
static int
choose_accepted(const char *accept)
{
    const char *end = accept + strnlen(accept, ACCEPT_SIZE_MAX);
    int best = -1, best_weight = 0;
    int names_any = 0;

    while (accept < end) {
        const char *comma = memchr(accept, ',', (size_t)(end - accept));
        const char *stop = comma ? comma : end;
        size_t range;
        while (accept < stop && *accept == ' ')
            accept++;
        int weight = weigh(accept, (size_t)(stop - accept), &range);
        int index = find_range(accept, range);
        if (index >= 0 && weight > best_weight) {
            best = index;
            best_weight = weight;
        }
        if (weight > 0 && is_tag(accept, range))
            names_any = 1;
        accept = comma ? comma + 1 : end;
    }
    return best < 0 && names_any ? EASY : best;
}

size_t
web_language_choose(const char *query, const char *kiosk, const char *accept)
{
    int accepted;

    for (size_t i = 0; query && i < WEB_LANGUAGE_COUNT; i++)
        if (strcasecmp(query, languages[i].query) == 0)
            return i;
    for (size_t i = JAPANESE + 1; kiosk && i < WEB_LANGUAGE_COUNT; i++)
        if (strcmp(kiosk, languages[i].code) == 0)
            return i;
    accepted = choose_accepted(accept ? accept : "");
    return accepted < 0 ? JAPANESE : (size_t)accepted;
}
