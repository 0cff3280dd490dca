/* SPDX-License-Identifier: Apache-2.0 */
/*
 * id - 16-byte identifiers made before anything is sent
 *
 * UUID version 7 (RFC 9562): 48 bits of milliseconds, then random. New ids sort by time, which
 * keeps the indexes of PostgreSQL compact; nothing may rely on the order.
 */
#pragma once

#include "base/clock.h"
#include "base/random.h"

#include <stdbool.h>

#define SUGU_ID_SIZE      16
#define SUGU_ID_TEXT_SIZE 37 /* with the NUL */

struct sugu_id {
    uint8_t bytes[SUGU_ID_SIZE];
};

struct sugu_id sugu_id_new(const struct sugu_clock *clock, struct sugu_random *random);
bool sugu_id_equal(const struct sugu_id *a, const struct sugu_id *b);
/* All zero: "none". */
bool sugu_id_is_none(const struct sugu_id *id);
/* 8-4-4-4-12 lower-case form. Returns `to`. */
const char *sugu_id_to_text(const struct sugu_id *id, char to[SUGU_ID_TEXT_SIZE]);
bool sugu_id_from_text(const char *text, struct sugu_id *ret_id);
/* From bytes of a message; false unless `size` is 16 and the id is not "none". */
bool sugu_id_from_bytes(const uint8_t *bytes, size_t size, struct sugu_id *ret_id);
