/* SPDX-License-Identifier: Apache-2.0 */
/*
 * derived-id - ids that follow from other ids, so that a restart makes the same ones
 *
 * A Feistel network of four rounds over the 16 bytes: for one purpose it maps different ids to
 * different ids (before the six bits of the UUID's form are set), and near ids to far ones. The
 * round function is the finaliser of splitmix64.
 */
#include "fee/derived-id.h"

#include <string.h>

static uint64_t
mix(uint64_t value)
{
    value += UINT64_C(0x9e3779b97f4a7c15);
    value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
    return value ^ value >> 31;
}

static uint64_t
read_word(const uint8_t *bytes)
{
    uint64_t word = 0;

    for (int i = 0; i < 8; i++)
        word = word << 8 | bytes[i];
    return word;
}

static void
write_word(uint8_t *bytes, uint64_t word)
{
    for (int i = 7; i >= 0; i--, word >>= 8)
        bytes[i] = (uint8_t)word;
}

struct sugu_id
sugu_id_derive(const struct sugu_id *from,
               enum sugu_derived what,
               uint32_t number,
               uint32_t attempt)
{
    uint64_t left = read_word(from->bytes), right = read_word(from->bytes + 8);
    uint64_t key = mix(mix((uint64_t)what) ^ ((uint64_t)number << 32 | attempt));
    struct sugu_id id;

    for (uint64_t round = 0; round < 4; round++) {
        uint64_t swap = left ^ mix(right ^ mix(key + round));
        left = right;
        right = swap;
    }
    write_word(id.bytes, left);
    write_word(id.bytes + 8, right);
    id.bytes[6] = (uint8_t)((id.bytes[6] & 0x0f) | 0x80); /* version 8 */
    id.bytes[8] = (uint8_t)((id.bytes[8] & 0x3f) | 0x80); /* variant of RFC 9562 */
    return id;
}
