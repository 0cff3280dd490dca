/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-random - golden values of the seeded generator, and numbers below a bound
 */
#include "base/random.h"

#include "testlib/checks.h"

#include <inttypes.h>
#include <string.h>

/* Computed by an independent program from the published xoshiro256** and splitmix64. */
START_TEST(a_seed_gives_the_published_sequence)
{
    static const struct {
        uint64_t seed;
        uint64_t words[4];
    } rows[] = {
        {0,
         {UINT64_C(0x99ec5f36cb75f2b4), UINT64_C(0xbf6e1f784956452a), UINT64_C(0x1a5f849d4933e6e0),
          UINT64_C(0x6aa594f1262d2d2c)}},
        {1,
         {UINT64_C(0xb3f2af6d0fc710c5), UINT64_C(0x853b559647364cea), UINT64_C(0x92f89756082a4514),
          UINT64_C(0x642e1c7bc266a3a7)}},
        {2026,
         {UINT64_C(0x92e011592e98ae15), UINT64_C(0x489f37946d6d18d8), UINT64_C(0xd0009e279d9cdeda),
          UINT64_C(0xe4c7dca786d56702)}},
        {UINT64_MAX,
         {UINT64_C(0x8f5520d52a7ead08), UINT64_C(0xc476a018caa1802d), UINT64_C(0x81de31c0d260469e),
          UINT64_C(0xbf658d7e065f3c2f)}},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_random_seeded seeded;
        sugu_random_seeded_init(&seeded, rows[i].seed);
        for (size_t k = 0; k < 4; k++) {
            uint64_t word;
            seeded.random.fill(&seeded.random, &word, sizeof word);
            ck_assert_msg(word == rows[i].words[k], "seed %" PRIu64 " word %zu: %" PRIx64,
                          rows[i].seed, k, word);
        }
    }
}
END_TEST

START_TEST(a_fill_of_odd_size_takes_whole_words_from_the_sequence)
{
    struct sugu_random_seeded a, b;
    uint8_t eleven[11], words[16];

    sugu_random_seeded_init(&a, 7);
    sugu_random_seeded_init(&b, 7);
    a.random.fill(&a.random, eleven, sizeof eleven);
    b.random.fill(&b.random, words, sizeof words);
    ck_assert_mem_eq(eleven, words, sizeof eleven);
    a.random.fill(&a.random, eleven, 8);
    b.random.fill(&b.random, words, 8);
    ck_assert_mem_eq(eleven, words, 8);
}
END_TEST

START_TEST(a_fill_writes_nothing_past_its_end)
{
    struct sugu_random_seeded seeded;
    uint8_t bytes[32];

    sugu_random_seeded_init(&seeded, 1);
    for (size_t size = 0; size <= 16; size++) {
        memset(bytes, 0xa5, sizeof bytes);
        seeded.random.fill(&seeded.random, bytes + 8, size);
        sugu_random_system()->fill(sugu_random_system(), bytes + 8, size);
        for (size_t i = 0; i < sizeof bytes; i++)
            ck_assert_msg((i >= 8 && i < 8 + size) || bytes[i] == 0xa5, "byte %zu of %zu", i, size);
    }
}
END_TEST

START_TEST(the_kernels_bytes_differ_each_time)
{
    static uint8_t a[100000], b[100000]; /* more than one getrandom gives */
    size_t zeros = 0;

    sugu_random_system()->fill(sugu_random_system(), a, sizeof a);
    sugu_random_system()->fill(sugu_random_system(), b, sizeof b);
    ck_assert_mem_ne(a, b, 16);
    ck_assert_mem_ne(a + sizeof a - 16, b + sizeof b - 16, 16);
    for (size_t i = 0; i < sizeof a; i++)
        zeros += a[i] == 0;
    ck_assert_uint_gt(zeros, 100); /* 391 expected; never so few or many by chance */
    ck_assert_uint_lt(zeros, 1000);
}
END_TEST

START_TEST(each_number_below_a_bound_comes_equally_often)
{
    static const uint64_t bounds[] = {2, 3, 7, 10, 64, 100};
    struct sugu_random_seeded seeded;

    sugu_random_seeded_init(&seeded, 2026);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(bounds); i++) {
        uint64_t bound = bounds[i];
        double expected = 2000, chi = 0;
        uint32_t counts[100] = {0};
        for (uint64_t k = 0; k < bound * 2000; k++) {
            uint64_t value = sugu_random_below(&seeded.random, bound);
            ck_assert_uint_lt(value, bound);
            counts[value]++;
        }
        for (uint64_t k = 0; k < bound; k++)
            chi += (counts[k] - expected) * (counts[k] - expected) / expected;
        /* Mean bound - 1, deviation sqrt(2 (bound - 1)): far outside is no chance. */
        ck_assert_msg(chi < (double)(bound - 1) + 6 * (double)bound, "bound %" PRIu64 ": %f", bound,
                      chi);
    }
}
END_TEST

/* Gives the words of a list, one a call. */
struct scripted_random {
    struct sugu_random random;
    const uint64_t *words;
    size_t at, count;
};

static void
scripted_fill(struct sugu_random *random, void *bytes, size_t size)
{
    struct scripted_random *scripted = (struct scripted_random *)random;

    ck_assert_uint_eq(size, sizeof(uint64_t));
    ck_assert_uint_lt(scripted->at, scripted->count);
    memcpy(bytes, &scripted->words[scripted->at++], size);
}

START_TEST(words_that_would_favour_small_numbers_are_thrown_away)
{
    /* With bound 2^63 + 1 only the words up to 2^63 may be used: below that each stands once. */
    static const uint64_t words[] = {UINT64_MAX, (UINT64_C(1) << 63) + 1, UINT64_C(1) << 63, 5};
    struct scripted_random scripted = {
        .random = {.fill = scripted_fill}, .words = words, .count = SUGU_ARRAY_SIZE(words)};

    ck_assert_uint_eq(sugu_random_below(&scripted.random, (UINT64_C(1) << 63) + 1), UINT64_C(1)
                                                                                        << 63);
    ck_assert_uint_eq(scripted.at, 3);
    ck_assert_uint_eq(sugu_random_below(&scripted.random, 1), 0);
}
END_TEST

SUGU_TEST_MAIN("random",
               a_seed_gives_the_published_sequence,
               a_fill_of_odd_size_takes_whole_words_from_the_sequence,
               a_fill_writes_nothing_past_its_end,
               the_kernels_bytes_differ_each_time,
               each_number_below_a_bound_comes_equally_often,
               words_that_would_favour_small_numbers_are_thrown_away)
