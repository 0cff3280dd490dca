/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-id - identifiers: form, order by time, text and bytes
 */
#include "base/id.h"

#include "testlib/checks.h"

#include <string.h>

/* Made in 2026-01-01T00:00:00.123Z with the sequence of seed 1. */
static struct sugu_id
new_id(struct sugu_random_seeded *seeded, int64_t ms)
{
    struct sugu_clock_manual manual;

    sugu_clock_manual_init(&manual, (INT64_C(1767225600123) + ms) * SUGU_MS);
    return sugu_id_new(&manual.clock, &seeded->random);
}

START_TEST(a_new_id_is_a_uuid_of_version_7)
{
    struct sugu_random_seeded seeded;
    char text[SUGU_ID_TEXT_SIZE];
    struct sugu_id id;

    sugu_random_seeded_init(&seeded, 1);
    for (int i = 0; i < 1000; i++) {
        id = new_id(&seeded, 0);
        ck_assert_int_eq(id.bytes[6] >> 4, 7);
        ck_assert_int_eq(id.bytes[8] >> 6, 2);
    }
    sugu_id_to_text(&id, text);
    ck_assert_int_eq(strncmp(text, "019b76da-a87b-7", 15), 0); /* 1767225600123 ms in 48 bits */
    ck_assert_ptr_nonnull(strchr("89ab", text[19]));
}
END_TEST

START_TEST(ids_of_one_millisecond_differ_and_later_ones_sort_behind)
{
    struct sugu_random_seeded seeded;
    struct sugu_id last, next;

    sugu_random_seeded_init(&seeded, 1);
    last = new_id(&seeded, 0);
    next = new_id(&seeded, 0);
    ck_assert(!sugu_id_equal(&last, &next));
    for (int64_t ms = 1; ms < 100000; ms = ms * 3 + 1) {
        next = new_id(&seeded, ms);
        ck_assert_int_lt(memcmp(last.bytes, next.bytes, SUGU_ID_SIZE), 0);
        last = next;
    }
}
END_TEST

START_TEST(an_id_goes_to_text_and_back)
{
    struct sugu_random_seeded seeded;
    char text[SUGU_ID_TEXT_SIZE];
    struct sugu_id id, back;

    sugu_random_seeded_init(&seeded, 3);
    for (int i = 0; i < 100; i++) {
        id = new_id(&seeded, i);
        ck_assert_ptr_eq(sugu_id_to_text(&id, text), text);
        ck_assert_uint_eq(strlen(text), SUGU_ID_TEXT_SIZE - 1);
        ck_assert(sugu_id_from_text(text, &back));
        ck_assert(sugu_id_equal(&id, &back));
    }
}
END_TEST

START_TEST(text_that_is_no_id_is_refused_and_writes_nothing)
{
    static const char *const rows[] = {
        "",
        "019b76da-a87b-7000-8000-00000000000",
        "019b76da-a87b-7000-8000-0000000000000",
        "019b76e0 2cfb-7000-8000-000000000000",
        "019b76e02cfb-7000-8000-0000-00000000",
        "019b76da-a87b-7000-8000-00000000000g",
        "019b76da-a87b-7000-8000-00000000-000",
        "{19b76e0-2cfb-7000-8000-00000000000}",
    };
    struct sugu_id id, before;

    memset(&before, 0x5a, sizeof before);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        id = before;
        ck_assert_msg(!sugu_id_from_text(rows[i], &id), "'%s'", rows[i]);
        ck_assert_mem_eq(&id, &before, sizeof id);
    }
}
END_TEST

START_TEST(only_sixteen_bytes_that_are_not_all_zero_are_an_id)
{
    uint8_t bytes[17] = {[15] = 1};
    struct sugu_id id, before;

    memset(&before, 0x5a, sizeof before);
    id = before;
    ck_assert(!sugu_id_from_bytes(bytes, 15, &id));
    ck_assert(!sugu_id_from_bytes(bytes, 17, &id));
    ck_assert(!sugu_id_from_bytes(NULL, 0, &id));
    ck_assert_mem_eq(&id, &before, sizeof id);
    ck_assert(sugu_id_from_bytes(bytes, 16, &id));
    ck_assert_int_eq(id.bytes[15], 1);
    ck_assert(!sugu_id_is_none(&id));
    bytes[15] = 0;
    ck_assert(!sugu_id_from_bytes(bytes, 16, &id));
    ck_assert(sugu_id_is_none(&(struct sugu_id){{0}}));
}
END_TEST

SUGU_TEST_MAIN("id",
               a_new_id_is_a_uuid_of_version_7,
               ids_of_one_millisecond_differ_and_later_ones_sort_behind,
               an_id_goes_to_text_and_back,
               text_that_is_no_id_is_refused_and_writes_nothing,
               only_sixteen_bytes_that_are_not_all_zero_are_an_id)
