/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random - unpredictable bytes for keys and tokens, and seeded ones for the simulation
 */
#include "base/random.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void
system_fill(struct sugu_random *random, void *bytes, size_t size)
{
    uint8_t *at = bytes;

    (void)random;
    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            abort(); /* without randomness every key and token would be guessable */
        at += got;
        size -= (size_t)got;
    }
}

struct sugu_random *
sugu_random_system(void)
{
    static struct sugu_random random = {.fill = system_fill};

    return &random;
}

static uint64_t
rotate(uint64_t value, int bits)
{
    return value << bits | value >> (64 - bits);
}

static uint64_t
seeded_next(struct sugu_random_seeded *seeded)
{
    uint64_t *s = seeded->state;
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

static void
seeded_fill(struct sugu_random *random, void *bytes, size_t size)
{
    struct sugu_random_seeded *seeded = (struct sugu_random_seeded *)random;
    uint8_t *at = bytes;

    while (size > 0) {
        uint64_t word = seeded_next(seeded);
        size_t part = size < sizeof word ? size : sizeof word;
        memcpy(at, &word, part);
        at += part;
        size -= part;
    }
}

void
sugu_random_seeded_init(struct sugu_random_seeded *seeded, uint64_t seed)
{
    seeded->random.fill = seeded_fill;
    for (int i = 0; i < 4; i++) {
        uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);
        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        seeded->state[i] = z ^ z >> 31;
    }
}

uint64_t
sugu_random_below(struct sugu_random *random, uint64_t bound)
{
    uint64_t limit, value;

    assert(bound > 0);
    limit = UINT64_MAX - UINT64_MAX % bound; /* values from here on would favour small results */
    do
        random->fill(random, &value, sizeof value);
    while (value >= limit);
    return value % bound;
}
