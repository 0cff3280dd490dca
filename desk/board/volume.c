/* SPDX-License-Identifier: Apache-2.0 */
/*
 * volume - the setting's text, and the step that a minute falls into
 */
#include "volume.h"

#include <string.h>

/* Up to `digits` digits at *at; false where there is none or the number is above `high`. */
static bool
take_number(const char **at, size_t digits, uint32_t high, uint32_t *ret_number)
{
    uint32_t number = 0;
    size_t taken = 0;

    for (; taken < digits && **at >= '0' && **at <= '9'; taken++)
        number = number * 10 + (uint32_t)(*(*at)++ - '0');
    if (taken == 0 || number > high)
        return false;
    *ret_number = number;
    return true;
}

static bool
take_time(const char **at, uint32_t *ret_minute)
{
    uint32_t hour, minute;

    if (!take_number(at, 2, 23, &hour) || *(*at)++ != ':' || !take_number(at, 2, 59, &minute) ||
        *(*at)++ != '=')
        return false;
    *ret_minute = hour * 60 + minute;
    return true;
}

static bool
parse(const char *at, struct board_volume *volume)
{
    if (!strchr(at, '=')) {
        volume->count = 1;
        return take_number(&at, 3, 100, &volume->steps[0].percent) && !*at;
    }
    while (*at) {
        size_t i = volume->count;
        if (i == BOARD_VOLUMES_MAX || !take_time(&at, &volume->steps[i].from_minute) ||
            !take_number(&at, 3, 100, &volume->steps[i].percent))
            return false;
        if (i > 0 && volume->steps[i].from_minute <= volume->steps[i - 1].from_minute)
            return false;
        volume->count++;
        if (*at && *at != ' ')
            return false;
        at += strspn(at, " ");
    }
    return volume->count > 0;
}

enum sugu_status
board_volume_parse(const char *text, struct board_volume *ret_volume, struct sugu_error *reterr)
{
    struct board_volume volume = {.count = 0};

    if (!parse(text, &volume))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "volume: '%s' is neither a percentage nor HH:MM=PERCENT in growing order",
                         text);
    *ret_volume = volume;
    return SUGU_OK;
}

uint32_t
board_volume_at(const struct board_volume *volume, uint32_t minute)
{
    size_t at = volume->count - 1; /* before the first one it is still yesterday's last */

    for (size_t i = 0; i < volume->count; i++)
        if (volume->steps[i].from_minute <= minute)
            at = i;
    return volume->steps[at].percent;
}
