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

int64_t
sugu_clock_uptime_us(void)
{
    return read_clock(CLOCK_BOOTTIME);
}

static sugu_time_us
steady_utc(const struct sugu_clock *clock)
{
    const struct sugu_clock_steady *steady = (const struct sugu_clock_steady *)clock;
    sugu_time_us shown = steady->source->utc_us(steady->source);
    sugu_time_us counted = steady->offset_us + steady->uptime_us();
    int64_t jump = shown - counted;

    return jump > SUGU_CLOCK_JUMP_US || jump < -SUGU_CLOCK_JUMP_US ? counted : shown;
}

static int64_t
steady_monotonic(const struct sugu_clock *clock)
{
    const struct sugu_clock_steady *steady = (const struct sugu_clock_steady *)clock;

    return steady->source->monotonic_us(steady->source);
}

void
sugu_clock_steady_init(struct sugu_clock_steady *steady,
                       const struct sugu_clock *source,
                       int64_t (*uptime_us)(void))
{
    steady->clock.utc_us = steady_utc;
    steady->clock.monotonic_us = steady_monotonic;
    steady->source = source;
    steady->uptime_us = uptime_us;
    steady->offset_us = source->utc_us(source) - uptime_us();
}

int64_t
sugu_clock_steady_jump_us(const struct sugu_clock_steady *steady)
{
    int64_t jump = steady->source->utc_us(steady->source) - steady->offset_us - steady->uptime_us();

    return jump > SUGU_CLOCK_JUMP_US || jump < -SUGU_CLOCK_JUMP_US ? jump : 0;
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
