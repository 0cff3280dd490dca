/* SPDX-License-Identifier: Apache-2.0 */
/*
 * volume - how loud the board is at which time of day
 */
#pragma once

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define BOARD_VOLUMES_MAX 24

/* From each of the times on, until the next one; the last one holds over midnight. */
struct board_volume {
    struct {
        uint32_t from_minute; /* after local midnight; growing */
        uint32_t percent;     /* 0 = silent … 100 */
    } steps[BOARD_VOLUMES_MAX];
    size_t count; /* at least 1 */
};

/* "80", or "07:00=80 18:00=50 21:00=0". REFUSED "settings.invalid" for anything else. */
enum sugu_status board_volume_parse(const char *text,
                                    struct board_volume *ret_volume,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Percent at this minute after local midnight. */
uint32_t board_volume_at(const struct board_volume *volume, uint32_t minute);
