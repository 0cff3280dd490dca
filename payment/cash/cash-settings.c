/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-settings - which cash devices a kiosk has: a text of one line each
 */
#include "payment/cash/cash-settings.h"

#include "base/text.h"
#include "domain/cash.h"

#include <string.h>

#define WORDS_MAX 4

struct row {
    unsigned number;
    size_t count;
    char words[WORDS_MAX][128];
};

static enum sugu_status
refuse(const struct row *row, const char *why, struct sugu_error *reterr)
{
    return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "cash devices, line %u: %s",
                     row->number, why);
}

/* The words of a line, a comment left out. False: too many, or one too long. */
static bool
split(const char *line, size_t size, struct row *row)
{
    size_t at = 0;

    row->count = 0;
    size = strcspn(line, "#") < size ? strcspn(line, "#") : size;
    while (at < size) {
        size_t blanks = strspn(line + at, " \t\r"), length;

        at += blanks;
        length = strcspn(line + at, " \t\r\n");
        length = length < size - at ? length : size - at;
        if (at >= size || length == 0)
            break;
        if (row->count == WORDS_MAX || length >= sizeof row->words[0])
            return false;
        memcpy(row->words[row->count], line + at, length);
        row->words[row->count++][length] = '\0';
        at += length;
    }
    return true;
}

static bool
find_kind(const char *word, enum sugu_cash_kind *ret_kind)
{
    static const char *const names[] = {
        [SUGU_CASH_COIN_ACCEPTOR] = "coin",
        [SUGU_CASH_NOTE_ACCEPTOR] = "note",
        [SUGU_CASH_PAYOUT] = "payout",
    };

    for (unsigned kind = 0; kind < SUGU_ARRAY_SIZE(names); kind++) {
        if (strcmp(names[kind], word) != 0)
            continue;
        *ret_kind = kind;
        return true;
    }
    return false;
}

static const char *
check_twins(const struct sugu_cash_settings *settings, const struct sugu_cash_place *place)
{
    for (size_t i = 0; i < settings->count; i++) {
        const struct sugu_cash_place *other = settings->places + i;

        if (other->address == place->address)
            return "an address twice";
        if (other->kind != place->kind)
            continue;
        if (place->kind != SUGU_CASH_PAYOUT)
            return "a second acceptor of its kind";
        if (other->unit == place->unit)
            return "a second payout of the same unit";
    }
    return settings->count == SUGU_CASH_DEVICES_MAX ? "too many devices" : NULL;
}

/* NULL, or what is wrong. */
static const char *
read_device(struct sugu_cash_settings *settings, const struct row *row)
{
    struct sugu_cash_place place = {.check = SUGU_CCTALK_SUM};
    enum sugu_cash_unit unit;
    int64_t number;
    size_t words = 2;
    const char *twins;

    if (!find_kind(row->words[0], &place.kind))
        return "begins with none of line, coin, note, payout";
    if (row->count < 2 || !sugu_text_to_int64(row->words[1], 2, 250, &number))
        return "an address is a number from 2 to 250";
    place.address = (uint8_t)number;
    if (place.kind == SUGU_CASH_PAYOUT) {
        if (row->count < 3 || !sugu_text_to_int64(row->words[2], 1, 10000, &number) ||
            !sugu_cash_unit_find(number, &unit))
            return "a payout needs its unit, 1 5 10 50 100 500 1000 2000 5000 or 10000";
        place.unit = (uint8_t)unit;
        words = 3;
    }
    if (row->count == words + 1 && strcmp(row->words[words], "crc") == 0) {
        place.check = SUGU_CCTALK_CRC;
        words++;
    }
    if (row->count != words)
        return "has a word too many";
    twins = check_twins(settings, &place);
    if (!twins)
        settings->places[settings->count++] = place;
    return twins;
}

static enum sugu_status
read_row(struct sugu_cash_settings *settings, const struct row *row, struct sugu_error *reterr)
{
    const char *why = NULL;

    if (row->count == 0)
        return SUGU_OK;
    if (strcmp(row->words[0], "line") != 0)
        why = read_device(settings, row);
    else if (row->count != 2 || settings->line[0])
        why = "the line is named once, by one word";
    else
        sugu_text_copy(settings->line, sizeof settings->line, row->words[1]);
    return why ? refuse(row, why, reterr) : SUGU_OK;
}

enum sugu_status
sugu_cash_settings_parse(const char *text,
                         struct sugu_cash_settings *ret_settings,
                         struct sugu_error *reterr)
{
    struct sugu_cash_settings settings = {.count = 0};
    struct row row = {.number = 0};

    while (*text) {
        size_t size = strcspn(text, "\n");
        enum sugu_status status;

        row.number++;
        if (!split(text, size, &row))
            return refuse(&row, "has a word too many, or too long", reterr);
        status = read_row(&settings, &row, reterr);
        if (status)
            return status;
        text += size + (text[size] == '\n');
    }
    if (!settings.line[0] || settings.count == 0)
        return refuse(&row, "a line and at least one device are needed", reterr);
    *ret_settings = settings;
    return SUGU_OK;
}
