/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random - unpredictable bytes for keys and tokens, and seeded ones for the simulation
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct sugu_random {
    void (*fill)(struct sugu_random *random, void *bytes, size_t size);
};

/* The kernel's generator; ends the process if the kernel cannot give random bytes. */
struct sugu_random *sugu_random_system(void);

/* Repeatable: the same seed gives the same bytes (xoshiro256**, seeded by splitmix64). */
struct sugu_random_seeded {
    struct sugu_random random; /* hand &seeded.random down */
    uint64_t state[4];
};
void sugu_random_seeded_init(struct sugu_random_seeded *seeded, uint64_t seed);

/* A number in 0 … bound - 1, every one equally likely. `bound` > 0. */
uint64_t sugu_random_below(struct sugu_random *random, uint64_t bound);
