/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words - amounts, dates and names as the present language says them
 */
#include "words.h"

#include "base/status.h"
#include "base/text.h"

#include <glib/gi18n.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Bytes of the UTF-8 character at `text`. */
static size_t
character_size(const char *text)
{
    return (size_t)(g_utf8_next_char(text) - text);
}

const char *
kiosk_words_name(char to[static KIOSK_WORDS_SIZE], const char *name)
{
    const char *rest = name + strcspn(name, " ");
    const char *wide = strstr(name, "\xe3\x80\x80"); /* the full-width space of Japanese forms */
    size_t kept;

    if (wide && wide < rest)
        rest = wide;
    if (!*rest && *name)
        rest = name + character_size(name);
    kept = (size_t)(rest - name);
    if (kept >= KIOSK_WORDS_SIZE)
        kept = 0;
    memcpy(to, name, kept);
    to[kept] = '\0';
    if (rest == wide)
        rest += strlen("\xe3\x80\x80");
    else if (*rest == ' ')
        rest++;
    if (*rest)
        g_strlcat(to, " ", KIOSK_WORDS_SIZE);
    for (; *rest; rest += character_size(rest))
        g_strlcat(to, "●", KIOSK_WORDS_SIZE);
    return to;
}

/* Digits in groups of three. */
static void
group(char to[static 32], int64_t value)
{
    char digits[24];
    size_t length, out = 0;

    snprintf(digits, sizeof digits, "%" PRId64, value < 0 ? -value : value);
    length = strlen(digits);
    if (value < 0)
        to[out++] = '-';
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            to[out++] = ',';
        to[out++] = digits[i];
    }
    to[out] = '\0';
}

const char *
kiosk_words_yen(char to[static KIOSK_WORDS_SIZE], int64_t yen)
{
    char grouped[32];

    group(grouped, yen);
    /* TRANSLATORS: an amount in Japanese yen, %s is like 12,340 */
    snprintf(to, KIOSK_WORDS_SIZE, C_("amount", "¥%s"), grouped);
    return to;
}

const char *
kiosk_words_points(char to[static KIOSK_WORDS_SIZE], int64_t points)
{
    char grouped[32];

    group(grouped, points);
    /* TRANSLATORS: points of the medical fee table, %s is like 1,234 */
    snprintf(to, KIOSK_WORDS_SIZE, C_("amount", "%s points"), grouped);
    return to;
}

/* Era and its year; the era's name is written in kanji in every language that uses it. */
static bool
find_era(uint32_t date, const char **ret_name, unsigned *ret_year)
{
    static const struct {
        uint32_t from;
        const char *name;
    } eras[] = {
        {20190501, "令和"}, {19890108, "平成"}, {19261225, "昭和"},
        {19120730, "大正"}, {18680125, "明治"},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(eras); i++)
        if (date >= eras[i].from) {
            *ret_name = eras[i].name;
            *ret_year = date / 10000 - eras[i].from / 10000 + 1;
            return true;
        }
    return false;
}

/* Puts the values of {names} into a translated pattern. */
static void
fill_in(char to[static KIOSK_WORDS_SIZE],
        const char *pattern,
        const char *const *names,
        const char *const *values,
        size_t count)
{
    size_t out = 0;

    while (*pattern && out + 64 < KIOSK_WORDS_SIZE) {
        size_t i;
        for (i = 0; i < count; i++)
            if (g_str_has_prefix(pattern, names[i]))
                break;
        if (i == count) {
            to[out++] = *pattern++;
            continue;
        }
        out += (size_t)snprintf(to + out, KIOSK_WORDS_SIZE - out, "%s", values[i]);
        pattern += strlen(names[i]);
    }
    to[out] = '\0';
}

const char *
kiosk_words_date(char to[static KIOSK_WORDS_SIZE], uint32_t date)
{
    static const char *const names[] = {"{era}", "{year}", "{month}", "{day}"};
    unsigned era_year = 0;
    const char *era = "";
    char era_text[48] = "", year[12], month[12], day[12];
    const char *const values[] = {era_text, year, month, day};

    to[0] = '\0';
    if (date == 0)
        return to;
    snprintf(year, sizeof year, "%u", date / 10000);
    snprintf(month, sizeof month, "%u", date / 100 % 100);
    snprintf(day, sizeof day, "%u", date % 100);
    if (find_era(date, &era, &era_year)) {
        if (era_year == 1)
            snprintf(era_text, sizeof era_text, "%s元年", era);
        else
            snprintf(era_text, sizeof era_text, "%s%u年", era, era_year);
    }
    /* TRANSLATORS: a date; {era} is like 昭和30年 and may be left out */
    fill_in(to, C_("date", "{year}-{month}-{day} ({era})"), names, values, SUGU_ARRAY_SIZE(names));
    return to;
}

const char *
kiosk_words_day(char to[static KIOSK_WORDS_SIZE], uint32_t date)
{
    static const char *const names[] = {"{year}", "{month}", "{day}"};
    char year[12], month[12], day[12];
    const char *const values[] = {year, month, day};

    snprintf(year, sizeof year, "%u", date / 10000);
    snprintf(month, sizeof month, "%u", date / 100 % 100);
    snprintf(day, sizeof day, "%u", date % 100);
    /* TRANSLATORS: a day of this year or the last one */
    fill_in(to, C_("day", "{year}-{month}-{day}"), names, values, SUGU_ARRAY_SIZE(names));
    return to;
}

const char *
kiosk_words_time(char to[static KIOSK_WORDS_SIZE], uint32_t minutes)
{
    snprintf(to, KIOSK_WORDS_SIZE, "%u:%02u", minutes / 60, minutes % 60);
    return to;
}

const char *
kiosk_words_category(const char *code)
{
    /* The parts of the fee table, domain/fee-module.md section 4. */
    static const struct {
        const char *code, *name;
    } rows[] = {
        {"A00", NC_("category", "Consultation")},
        {"A10", NC_("category", "Hospital stay")},
        {"B00", NC_("category", "Medical management")},
        {"C00", NC_("category", "Home care")},
        {"D00", NC_("category", "Tests")},
        {"E00", NC_("category", "Imaging")},
        {"F00", NC_("category", "Medication")},
        {"G00", NC_("category", "Injections")},
        {"H00", NC_("category", "Rehabilitation")},
        {"I00", NC_("category", "Specialised therapy")},
        {"J00", NC_("category", "Treatment")},
        {"K00", NC_("category", "Surgery")},
        {"L00", NC_("category", "Anaesthesia")},
        {"M00", NC_("category", "Radiotherapy")},
        {"N00", NC_("category", "Pathology")},
        {"SELF", NC_("category", "Not covered by insurance")},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        if (strcmp(rows[i].code, code) == 0)
            return g_dpgettext2(NULL, "category", rows[i].name);
    return code;
}

const char *
kiosk_words_code(const char *code)
{
    const char *text;

    if (!code[0])
        return "";
    text = sugu_code_find(code)->patient;
    return text[0] ? gettext(text) : "";
}
