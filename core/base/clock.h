/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock - the time as an argument
 *
 * No file outside core/base asks the operating system for the time: programs hand a struct
 * sugu_clock down, so that tests and the simulation can hand down another.
 */
#pragma once

#include <stdint.h>

/* Microseconds since 1970-01-01T00:00:00Z, leap seconds not counted. */
typedef int64_t sugu_time_us;

#define SUGU_MS     INT64_C(1000)
#define SUGU_SECOND INT64_C(1000000)
#define SUGU_MINUTE (60 * SUGU_SECOND)

struct sugu_clock {
    /* Wall clock; may jump. For what is stored and shown. */
    sugu_time_us (*utc_us)(const struct sugu_clock *clock);
    /* Never goes back, starts anywhere. For time-outs and durations. */
    int64_t (*monotonic_us)(const struct sugu_clock *clock);
};

/* The operating system's clocks. */
const struct sugu_clock *sugu_clock_system(void);

/*
 * A clock for whoever dates things: it shows the source's time of day as long as that goes evenly.
 * Where it jumps by more than SUGU_CLOCK_JUMP_US against `uptime_us` (which counts on, also while
 * the machine sleeps), the steady clock counts on by itself and does not follow, until the time of
 * day is back. A day's numbers would begin anew in the middle of the day otherwise, and deadlines
 * would pass. Who set the clock on purpose starts the program again.
 */
#define SUGU_CLOCK_JUMP_US (10 * SUGU_MINUTE)

struct sugu_clock_steady {
    struct sugu_clock clock; /* hand &steady.clock down */
    const struct sugu_clock *source;
    int64_t (*uptime_us)(void);
    int64_t offset_us; /* of the time of day against the uptime, at the start */
};
/* `uptime_us`: sugu_clock_uptime_us, or a test's own. */
void sugu_clock_steady_init(struct sugu_clock_steady *steady,
                            const struct sugu_clock *source,
                            int64_t (*uptime_us)(void));
/* How far the source has jumped: microseconds that it shows too much, 0 = it goes evenly. */
int64_t sugu_clock_steady_jump_us(const struct sugu_clock_steady *steady);
/* Since the machine was started, sleep counted. */
int64_t sugu_clock_uptime_us(void);

/* A clock that a test or a simulation moves by hand. Both hands are shown as they are set. */
struct sugu_clock_manual {
    struct sugu_clock clock; /* hand &manual.clock down */
    sugu_time_us utc;
    int64_t monotonic;
};
void sugu_clock_manual_init(struct sugu_clock_manual *manual, sugu_time_us utc);
/* Moves both hands forward by `step_us` (>= 0). */
void sugu_clock_manual_advance(struct sugu_clock_manual *manual, int64_t step_us);
