/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock - the operating system's clocks and one that is moved by hand
 */
#include "base/clock.h"

#include <assert.h>
#include <time.h>

static int64_t
read_clock(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * SUGU_SECOND + now.tv_nsec / 1000;
}

static sugu_time_us
system_utc(const struct sugu_clock *clock)
{
    (void)clock;
    return read_clock(CLOCK_REALTIME);
}

static int64_t
system_monotonic(const struct sugu_clock *clock)
{
    (void)clock;
    return read_clock(CLOCK_MONOTONIC);
}

const struct sugu_clock *
sugu_clock_system(void)
{
    static const struct sugu_clock clock = {.utc_us = system_utc, .monotonic_us = system_monotonic};

    return &clock;
}

static sugu_time_us
manual_utc(const struct sugu_clock *clock)
{
    return ((const struct sugu_clock_manual *)clock)->utc;
}

static int64_t
manual_monotonic(const struct sugu_clock *clock)
{
    return ((const struct sugu_clock_manual *)clock)->monotonic;
}

void
sugu_clock_manual_init(struct sugu_clock_manual *manual, sugu_time_us utc)
{
    manual->clock.utc_us = manual_utc;
    manual->clock.monotonic_us = manual_monotonic;
    manual->utc = utc;
    manual->monotonic = 0;
}

void
sugu_clock_manual_advance(struct sugu_clock_manual *manual, int64_t step_us)
{
    assert(step_us >= 0);
    manual->utc += step_us;
    manual->monotonic += step_us;
}
