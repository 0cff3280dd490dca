/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-clock - the operating system's clocks and the one that is moved by hand
 */
#include "base/clock.h"

#include "testlib/checks.h"

#include <time.h>

START_TEST(the_system_clock_tells_the_time_of_day)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t before = (int64_t)time(NULL), now = clock->utc_us(clock) / SUGU_SECOND;

    ck_assert_int_ge(now, before - 1);
    ck_assert_int_le(now, (int64_t)time(NULL) + 1);
}
END_TEST

START_TEST(the_monotonic_hand_never_goes_back)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t last = clock->monotonic_us(clock), first = last;

    for (int i = 0; i < 100000; i++) {
        int64_t now = clock->monotonic_us(clock);
        ck_assert_int_ge(now, last);
        last = now;
    }
    ck_assert_int_gt(last, first);
    ck_assert_int_lt(last - first, 30 * SUGU_SECOND);
}
END_TEST

START_TEST(a_clock_by_hand_moves_only_when_it_is_moved)
{
    struct sugu_clock_manual manual;
    const struct sugu_clock *clock = &manual.clock;

    sugu_clock_manual_init(&manual, INT64_C(1767225600) * SUGU_SECOND);
    ck_assert_int_eq(clock->utc_us(clock), INT64_C(1767225600000000));
    ck_assert_int_eq(clock->utc_us(clock), INT64_C(1767225600000000));
    ck_assert_int_eq(clock->monotonic_us(clock), 0);
    sugu_clock_manual_advance(&manual, 90 * SUGU_MS);
    sugu_clock_manual_advance(&manual, 0);
    ck_assert_int_eq(clock->utc_us(clock), INT64_C(1767225600090000));
    ck_assert_int_eq(clock->monotonic_us(clock), 90000);
}
END_TEST

START_TEST(the_wall_clock_may_jump_without_the_monotonic_hand)
{
    struct sugu_clock_manual manual;

    sugu_clock_manual_init(&manual, 5 * SUGU_MINUTE);
    sugu_clock_manual_advance(&manual, SUGU_SECOND);
    manual.utc -= SUGU_MINUTE; /* someone set the clock back */
    ck_assert_int_eq(manual.clock.utc_us(&manual.clock), 4 * SUGU_MINUTE + SUGU_SECOND);
    ck_assert_int_eq(manual.clock.monotonic_us(&manual.clock), SUGU_SECOND);
}
END_TEST

static int64_t uptime;

static int64_t
read_uptime(void)
{
    return uptime;
}

START_TEST(a_steady_clock_does_not_follow_a_jump_and_comes_back_by_itself)
{
    struct sugu_clock_manual wall;
    struct sugu_clock_steady steady;
    const struct sugu_clock *clock = &steady.clock;
    const int64_t start = 1000 * SUGU_MINUTE, day = 24 * 60 * SUGU_MINUTE;

    sugu_clock_manual_init(&wall, start);
    uptime = 7 * SUGU_MINUTE;
    sugu_clock_steady_init(&steady, &wall.clock, read_uptime);
    ck_assert_int_eq(clock->utc_us(clock), start);
    for (int sign = -1; sign <= 1; sign += 2) {
        wall.utc = start + sign * day;
        ck_assert_int_eq(clock->utc_us(clock), start);
        ck_assert_int_eq(sugu_clock_steady_jump_us(&steady), sign * day);
    }
    /* It counts on while the other is wrong, also over the machine's sleep. */
    uptime += 60 * SUGU_MINUTE;
    ck_assert_int_eq(clock->utc_us(clock), start + 60 * SUGU_MINUTE);
    /* What is set right by a little is followed. */
    wall.utc = start + 60 * SUGU_MINUTE - SUGU_CLOCK_JUMP_US;
    ck_assert_int_eq(clock->utc_us(clock), wall.utc);
    ck_assert_int_eq(sugu_clock_steady_jump_us(&steady), 0);
    wall.utc -= 1;
    ck_assert_int_eq(clock->utc_us(clock), start + 60 * SUGU_MINUTE);
}
END_TEST

SUGU_TEST_MAIN("clock",
               the_system_clock_tells_the_time_of_day,
               the_monotonic_hand_never_goes_back,
               a_clock_by_hand_moves_only_when_it_is_moved,
               the_wall_clock_may_jump_without_the_monotonic_hand,
               a_steady_clock_does_not_follow_a_jump_and_comes_back_by_itself)
