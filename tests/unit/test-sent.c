/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-sent - what a listener lost is read from there on, and never less than that
 */
#include "sent.h"

#include "testlib/checks.h"

static struct sugu_sent
sent_of(uint64_t since, const uint64_t *numbers, size_t count)
{
    struct sugu_sent sent = {0};

    sugu_sent_begin(&sent, since);
    for (size_t i = 0; i < count; i++)
        sugu_sent_add(&sent, numbers[i]);
    return sent;
}

START_TEST(what_was_lost_is_read_from_just_before_it)
{
    struct sugu_sent sent = sent_of(10, (uint64_t[]){20, 50, 90}, 3);

    ck_assert_uint_eq(sugu_sent_rewind(&sent, 20, 100), 49);
    ck_assert_uint_eq(sent.count, 1); /* 50 and 90 are sent again */
}
END_TEST

START_TEST(who_lost_nothing_goes_on_where_the_others_are)
{
    struct sugu_sent sent = sent_of(10, (uint64_t[]){20, 50}, 2);

    ck_assert_uint_eq(sugu_sent_rewind(&sent, 50, 100), 100);
    ck_assert_uint_eq(sent.count, 2);
    /* and who says more than was sent, but not more than was looked at */
    ck_assert_uint_eq(sugu_sent_rewind(&sent, 60, 100), 100);
}
END_TEST

START_TEST(an_old_word_is_believed)
{
    struct sugu_sent sent = sent_of(10, (uint64_t[]){20, 50}, 2);

    ck_assert_uint_eq(sugu_sent_rewind(&sent, 9, 100), 9);
    ck_assert_uint_eq(sent.since, 9);
    ck_assert_uint_eq(sent.count, 0);
}
END_TEST

START_TEST(a_number_from_elsewhere_is_believed)
{
    struct sugu_sent sent = sent_of(10, (uint64_t[]){20}, 1);

    ck_assert_uint_eq(sugu_sent_rewind(&sent, 120, 100), 120); /* another server was quicker */
    ck_assert_uint_eq(sent.since, 120);
}
END_TEST

START_TEST(a_listener_of_whom_nothing_is_known_is_believed)
{
    struct sugu_sent sent = sent_of(10, (uint64_t[]){20, 50}, 2);

    ck_assert_uint_eq(sugu_sent_rewind(&sent, 30, /* seen= */ 0), 30);
    ck_assert_uint_eq(sent.since, 30);
    ck_assert_uint_eq(sent.count, 0);
}
END_TEST

START_TEST(what_no_longer_fits_is_not_known)
{
    struct sugu_sent sent = sent_of(10, NULL, 0);

    for (uint64_t i = 1; i <= SUGU_SENT_MAX + 1; i++)
        sugu_sent_add(&sent, 100 * i);
    ck_assert_uint_eq(sent.since, 100); /* it was sent, and is forgotten */
    ck_assert_uint_eq(sugu_sent_rewind(&sent, 100, 5000), 199);
    sent = sent_of(10, NULL, 0);
    for (uint64_t i = 1; i <= SUGU_SENT_MAX + 1; i++)
        sugu_sent_add(&sent, 100 * i);
    ck_assert_uint_eq(sugu_sent_rewind(&sent, 10, 5000), 10); /* 100 was among what it lost */
}
END_TEST

SUGU_TEST_MAIN("sent",
               what_was_lost_is_read_from_just_before_it,
               who_lost_nothing_goes_on_where_the_others_are,
               an_old_word_is_believed,
               a_number_from_elsewhere_is_believed,
               a_listener_of_whom_nothing_is_known_is_believed,
               what_no_longer_fits_is_not_known)
