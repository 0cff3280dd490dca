/* SPDX-License-Identifier: Apache-2.0 */
/*
 * id - 16-byte identifiers made before anything is sent
 */
#include "base/id.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

struct sugu_id
sugu_id_new(const struct sugu_clock *clock, struct sugu_random *random)
{
    struct sugu_id id;
    uint64_t ms = (uint64_t)(clock->utc_us(clock) / SUGU_MS);

    random->fill(random, id.bytes, sizeof id.bytes);
    for (int i = 0; i < 6; i++)
        id.bytes[i] = (uint8_t)(ms >> (40 - 8 * i));
    id.bytes[6] = (uint8_t)(0x70 | (id.bytes[6] & 0x0f));
    id.bytes[8] = (uint8_t)(0x80 | (id.bytes[8] & 0x3f));
    return id;
}

bool
sugu_id_equal(const struct sugu_id *a, const struct sugu_id *b)
{
    return memcmp(a->bytes, b->bytes, SUGU_ID_SIZE) == 0;
}

bool
sugu_id_is_none(const struct sugu_id *id)
{
    static const struct sugu_id none;

    return sugu_id_equal(id, &none);
}

const char *
sugu_id_to_text(const struct sugu_id *id, char to[SUGU_ID_TEXT_SIZE])
{
    char hex[2 * SUGU_ID_SIZE + 1];

    sugu_hex_from_bytes(hex, id->bytes, SUGU_ID_SIZE);
    snprintf(to, SUGU_ID_TEXT_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
             hex + 20);
    return to;
}

bool
sugu_id_from_text(const char *text, struct sugu_id *ret_id)
{
    char hex[2 * SUGU_ID_SIZE + 1];
    size_t count = 0;

    if (strlen(text) != SUGU_ID_TEXT_SIZE - 1)
        return false;
    for (size_t i = 0; text[i]; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash != (text[i] == '-'))
            return false;
        if (!is_dash)
            hex[count++] = text[i];
    }
    hex[count] = '\0';
    return sugu_hex_to_bytes(ret_id->bytes, SUGU_ID_SIZE, hex);
}

bool
sugu_id_from_bytes(const uint8_t *bytes, size_t size, struct sugu_id *ret_id)
{
    struct sugu_id id;

    if (size != SUGU_ID_SIZE)
        return false;
    memcpy(id.bytes, bytes, SUGU_ID_SIZE);
    if (sugu_id_is_none(&id))
        return false;
    *ret_id = id;
    return true;
}
