/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-number - finding card numbers (PAN) in text, so that none is ever kept
 */
#include "domain/card-number.h"

#include <ctype.h>

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
