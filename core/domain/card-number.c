/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-number - finding card numbers (PAN) in text, so that none is ever kept
 */
#include "domain/card-number.h"

#include <ctype.h>
#include <string.h>

#define RUN_MAX 64 /* digits of a run that are looked at; a longer run is hidden unseen */

/* The digits of one run and where they stand. */
struct run {
    char digits[RUN_MAX];
    char *places[RUN_MAX];
    size_t count;
};

bool
sugu_card_number_is_valid(const char *digits, size_t count)
{
    unsigned sum = 0;

    for (size_t i = 0; i < count; i++) {
        unsigned digit = (unsigned)(digits[count - 1 - i] - '0');
        if (i % 2 == 1)
            digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
        sum += digit;
    }
    return count > 0 && sum % 10 == 0;
}

/* Does a number with a first digit of the card brands (2 … 6) stand among the run's digits? */
static bool
has_card_number_inside(const struct run *run)
{
    for (size_t start = 0; start + SUGU_CARD_NUMBER_DIGITS_MIN <= run->count; start++) {
        if (run->digits[start] < '2' || run->digits[start] > '6')
            continue;
        for (size_t size = SUGU_CARD_NUMBER_DIGITS_MIN;
             size <= SUGU_CARD_NUMBER_DIGITS_MAX && start + size <= run->count; size++)
            if (sugu_card_number_is_valid(run->digits + start, size))
                return true;
    }
    return false;
}

/* No card number begins with 0 (ISO/IEC 7812-1), but terminals' own numbers do: "BV0q0016438…". */
static bool
may_be_card_number(const struct run *run)
{
    if (run->count < SUGU_CARD_NUMBER_DIGITS_MIN)
        return false;
    if (run->count == RUN_MAX)
        return true;
    return (run->digits[0] != '0' && run->count <= SUGU_CARD_NUMBER_DIGITS_MAX &&
            sugu_card_number_is_valid(run->digits, run->count)) ||
           has_card_number_inside(run);
}

/* Reads the run that begins at `at`; returns where it ends. */
static char *
read_run(char *at, struct run *ret_run)
{
    ret_run->count = 0;
    while (isdigit((unsigned char)*at) ||
           ((*at == ' ' || *at == '-') && isdigit((unsigned char)at[1]))) {
        if (isdigit((unsigned char)*at) && ret_run->count < RUN_MAX) {
            ret_run->digits[ret_run->count] = *at;
            ret_run->places[ret_run->count++] = at;
        }
        at++;
    }
    return at;
}

bool
sugu_card_number_hide(char *text)
{
    bool was_hidden = false;
    struct run run;

    while (*text) {
        char *end;

        if (!isdigit((unsigned char)*text)) {
            text++;
            continue;
        }
        end = read_run(text, &run);
        if (may_be_card_number(&run)) {
            for (size_t i = 0; i + 4 < run.count; i++)
                *run.places[i] = '*';
            was_hidden = true;
        }
        text = end;
    }
    return was_hidden;
}

/* ---- certainly one */

#define GROUPS_MAX 64 /* of a run that are looked at, from its beginning */

/* Groups of digits with single separators between them. */
struct groups {
    char digits[GROUPS_MAX * SUGU_CARD_NUMBER_DIGITS_MAX];
    size_t start[GROUPS_MAX], size[GROUPS_MAX], count;
};

/* The digit at *text, half or full width, which is passed; -1 where there is none. */
static int
take_digit(const char **text)
{
    const unsigned char *at = (const unsigned char *)*text;

    if (isdigit(*at)) {
        (*text)++;
        return *at - '0';
    }
    if (at[0] == 0xef && at[1] == 0xbc && at[2] >= 0x90 && at[2] <= 0x99) {
        *text += 3;
        return at[2] - 0x90;
    }
    return -1;
}

static bool
is_digit(const char *text)
{
    return take_digit(&text) >= 0;
}

/* What stands between two groups: spaces and dashes as keyboards of Japan make them. */
static bool
take_separator(const char **text)
{
    static const char *const separators[] = {
        " ",
        "-",
        "\xc2\xa0",
        "\xe3\x80\x80",
        "\xef\xbc\x8d",
        "\xe2\x80\x90",
        "\xe2\x80\x91",
        "\xe2\x80\x92",
        "\xe2\x80\x93",
        "\xe2\x80\x94",
        "\xe2\x88\x92",
        "\xe3\x83\xbc",
    };

    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
        size_t size = strlen(separators[i]);
        if (strncmp(*text, separators[i], size) == 0) {
            *text += size;
            return true;
        }
    }
    return false;
}

/* Reads one group; its digits beyond those of a card are counted, and not kept. */
static const char *
read_group(const char *text, struct groups *groups)
{
    size_t at =
        groups->count ? groups->start[groups->count - 1] + groups->size[groups->count - 1] : 0;
    size_t size = 0;
    int digit;

    while ((digit = take_digit(&text)) >= 0)
        if (size++ < SUGU_CARD_NUMBER_DIGITS_MAX)
            groups->digits[at + size - 1] = (char)('0' + digit);
    if (size > SUGU_CARD_NUMBER_DIGITS_MAX)
        size = 0; /* too long to be one, and parts of it are none */
    groups->start[groups->count] = at;
    groups->size[groups->count++] = size;
    return text;
}

/* A run of groups from `text`; returns where it ends. */
static const char *
read_groups(const char *text, struct groups *groups)
{
    groups->count = 0;
    for (;;) {
        const char *next;
        next = text = read_group(text, groups);
        if (groups->count == GROUPS_MAX || !take_separator(&next) || !is_digit(next))
            return text;
        text = next;
    }
}

/* Do the groups first … last have the shape of a card's number? */
static bool
is_card_shape(const struct groups *groups, size_t first, size_t last)
{
    const size_t *size = groups->size + first;
    size_t count = last - first + 1;

    if (count == 1)
        return true;
    if (count == 3 && size[0] == 4 && size[1] == 6 && (size[2] == 4 || size[2] == 5))
        return true;
    for (size_t i = 0; i + 1 < count; i++)
        if (size[i] != 4)
            return false;
    return size[count - 1] >= 1 && size[count - 1] <= 4;
}

static bool
is_card(const struct groups *groups, size_t first, size_t last)
{
    const char *digits = groups->digits + groups->start[first];
    size_t count = 0;

    for (size_t i = first; i <= last; i++)
        count += groups->size[i];
    return count >= SUGU_CARD_NUMBER_DIGITS_MIN && count <= SUGU_CARD_NUMBER_DIGITS_MAX &&
           digits[0] >= '2' && digits[0] <= '6' && is_card_shape(groups, first, last) &&
           sugu_card_number_is_valid(digits, count);
}

/* Is it one from the group `first` on? Groups that are too long have size 0. */
static bool
begins_card(const struct groups *groups, size_t first)
{
    for (size_t last = first; last < groups->count && last < first + 5; last++) {
        if (groups->size[last] == 0)
            return false;
        if (is_card(groups, first, last))
            return true;
    }
    return false;
}

bool
sugu_card_number_is_in(const char *text)
{
    struct groups groups;

    while (*text) {
        if (!is_digit(text)) {
            text++;
            continue;
        }
        text = read_groups(text, &groups);
        for (size_t first = 0; first < groups.count; first++)
            if (begins_card(&groups, first))
                return true;
    }
    return false;
}

bool
sugu_card_number_is_all(const char *text)
{
    char digits[SUGU_CARD_NUMBER_DIGITS_MAX];
    size_t count = 0;
    int digit;

    while (*text) {
        if (take_separator(&text))
            continue;
        digit = take_digit(&text);
        if (digit < 0 || count == SUGU_CARD_NUMBER_DIGITS_MAX)
            return false;
        digits[count++] = (char)('0' + digit);
    }
    return count >= SUGU_CARD_NUMBER_DIGITS_MIN && digits[0] >= '2' && digits[0] <= '6' &&
           sugu_card_number_is_valid(digits, count);
}
