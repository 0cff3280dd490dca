/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-turns - nobody waits for ever behind those that always want something
 */
#include "turns.h"

#include "testlib/checks.h"

static bool
is_due(const void *user, size_t index)
{
    const char *wants = user;

    return wants[index] == 'Y';
}

START_TEST(each_that_is_always_due_gets_its_turn)
{
    size_t next = 0;

    for (size_t i = 0; i < 12; i++)
        ck_assert_uint_eq(sugu_turns_take(&next, 4, is_due, "YYYY"), i % 4);
}
END_TEST

START_TEST(those_that_want_nothing_are_passed_over)
{
    size_t next = 0;

    ck_assert_uint_eq(sugu_turns_take(&next, 4, is_due, "-Y-Y"), 1);
    ck_assert_uint_eq(sugu_turns_take(&next, 4, is_due, "-Y-Y"), 3);
    ck_assert_uint_eq(sugu_turns_take(&next, 4, is_due, "-Y-Y"), 1);
    ck_assert_uint_eq(sugu_turns_take(&next, 4, is_due, "-Y--"), 1);
    ck_assert_uint_eq(sugu_turns_take(&next, 4, is_due, "----"), 4);
    ck_assert_uint_eq(sugu_turns_take(&next, 0, is_due, ""), 0);
    ck_assert_uint_eq(sugu_turns_take(&next, 6, is_due, "Y-Y--Y"), 2); /* there are more now */
}
END_TEST

SUGU_TEST_MAIN("turns",
               each_that_is_always_due_gets_its_turn,
               those_that_want_nothing_are_passed_over)
