/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-queue - who is called before whom, by the rule of the queue
 */
#include "domain/queue.h"
#include "testlib/checks.h"

#include <stdlib.h>
#include <string.h>

#define AT(hours, minutes) (((hours)*60 + (minutes)) * SUGU_MINUTE)

static const struct sugu_queue_rule rule = {
    .walk_in_after_min = 20, .grace_min = 15, .late_after_min = 30, .assist_before_min = 10};

static struct sugu_queue_place
place(enum sugu_priority priority, int64_t appointment, int64_t arrived, uint8_t id)
{
    struct sugu_queue_place made = {
        .priority = priority, .appointment_utc_us = appointment, .arrived_utc_us = arrived};

    made.visit.bytes[15] = id;
    made.due_utc_us = sugu_queue_due(&rule, &made);
    return made;
}

/* The table is the specification: what somebody goes by, and as of when. */
START_TEST(each_place_goes_by_its_time)
{
    static const struct {
        enum sugu_priority priority;
        int64_t appointment, arrived, due;
        enum sugu_queue_basis basis;
    } cases[] = {
        /* appointment 10:20: early, just in time, the last minute of grace, late */
        {SUGU_PRIORITY_ORDINARY, AT(10, 20), AT(9, 0), AT(10, 20), SUGU_QUEUE_BY_APPOINTMENT},
        {SUGU_PRIORITY_ORDINARY, AT(10, 20), AT(10, 20), AT(10, 20), SUGU_QUEUE_BY_APPOINTMENT},
        {SUGU_PRIORITY_ORDINARY, AT(10, 20), AT(10, 35), AT(10, 20), SUGU_QUEUE_BY_APPOINTMENT},
        {SUGU_PRIORITY_ORDINARY, AT(10, 20), AT(10, 36), AT(11, 6), SUGU_QUEUE_BY_LATE_ARRIVAL},
        /* nobody expected them */
        {SUGU_PRIORITY_ORDINARY, 0, AT(10, 0), AT(10, 20), SUGU_QUEUE_BY_ARRIVAL},
        /* a wheelchair is ten minutes earlier in each case */
        {SUGU_PRIORITY_ASSISTED, AT(10, 20), AT(10, 0), AT(10, 10), SUGU_QUEUE_BY_APPOINTMENT},
        {SUGU_PRIORITY_ASSISTED, 0, AT(10, 0), AT(10, 10), SUGU_QUEUE_BY_ARRIVAL},
        {SUGU_PRIORITY_URGENT, AT(10, 20), AT(10, 0), AT(10, 20), SUGU_QUEUE_BY_URGENCY},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(cases); i++) {
        struct sugu_queue_place made =
            place(cases[i].priority, cases[i].appointment, cases[i].arrived, 1);
        ck_assert_int_eq(made.due_utc_us, cases[i].due);
        ck_assert_int_eq(sugu_queue_basis(&rule, &made), cases[i].basis);
    }
}
END_TEST

START_TEST(the_urgent_come_first_then_the_earlier_then_the_older_visit)
{
    struct sugu_queue_place order[] = {
        place(SUGU_PRIORITY_URGENT, 0, AT(11, 0), 9),
        place(SUGU_PRIORITY_ORDINARY, AT(10, 20), AT(10, 5), 3),
        place(SUGU_PRIORITY_ORDINARY, AT(10, 25), AT(9, 0), 1),
        place(SUGU_PRIORITY_ORDINARY, 0, AT(10, 5), 2), /* 10:25 as well */
        place(SUGU_PRIORITY_ORDINARY, AT(10, 20), AT(10, 40), 0),
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(order); i++)
        for (size_t j = 0; j < SUGU_ARRAY_SIZE(order); j++) {
            int compared = sugu_queue_compare(&order[i], &order[j]);
            ck_assert_int_eq(compared < 0, i < j);
            ck_assert_int_eq(compared > 0, i > j);
        }
}
END_TEST

/* An order: nobody is before themselves, and before is passed on. */
START_TEST(the_comparison_is_an_order)
{
    struct sugu_random_seeded seeded;
    struct sugu_queue_place places[40];

    sugu_random_seeded_init(&seeded, 7);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(places); i++) {
        uint64_t appointment = sugu_random_below(&seeded.random, 4);
        places[i] = place((enum sugu_priority)sugu_random_below(&seeded.random, 3),
                          appointment ? AT(9, (int)appointment * 10) : 0,
                          AT(9, (int)sugu_random_below(&seeded.random, 60)), (uint8_t)i);
    }
    for (size_t a = 0; a < SUGU_ARRAY_SIZE(places); a++)
        for (size_t b = 0; b < SUGU_ARRAY_SIZE(places); b++)
            for (size_t c = 0; c < SUGU_ARRAY_SIZE(places); c++)
                if (sugu_queue_compare(&places[a], &places[b]) < 0 &&
                    sugu_queue_compare(&places[b], &places[c]) < 0)
                    ck_assert_int_lt(sugu_queue_compare(&places[a], &places[c]), 0);
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {
        each_place_goes_by_its_time,
        the_urgent_come_first_then_the_earlier_then_the_older_visit,
        the_comparison_is_an_order,
    };

    return sugu_run_tests("queue", tests, SUGU_ARRAY_SIZE(tests), 0);
}
