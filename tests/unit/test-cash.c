/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-cash - change out of any stock against a search of everything, levels, doubtful registers
 */
#include "domain/cash.h"

#include "base/random.h"
#include "testlib/checks.h"

#include <string.h>

static int64_t
yen_of(unsigned unit)
{
    return sugu_cash_unit_yen(unit);
}

START_TEST(units_are_the_coins_and_notes_of_japan)
{
    static const int64_t yen[] = {1, 5, 10, 50, 100, 500, 1000, 2000, 5000, 10000};
    enum sugu_cash_unit unit = SUGU_CASH_1;

    ck_assert_uint_eq(SUGU_ARRAY_SIZE(yen), SUGU_CASH_UNIT_COUNT);
    for (unsigned i = 0; i < SUGU_CASH_UNIT_COUNT; i++) {
        ck_assert_int_eq(yen_of(i), yen[i]);
        ck_assert(sugu_cash_unit_find(yen[i], &unit) && unit == i);
    }
    ck_assert(!sugu_cash_unit_find(0, &unit) && !sugu_cash_unit_find(20, &unit));
    ck_assert_uint_eq(SUGU_CASH_COINS, 0x3f);
    ck_assert_uint_eq(SUGU_CASH_NOTES, 0x3c0);
}
END_TEST

START_TEST(counts_stay_in_their_range)
{
    struct sugu_cash_counts counts = {0}, one = {.of = {[SUGU_CASH_1] = 1}};

    ck_assert(!sugu_cash_add(&counts, SUGU_CASH_10, -1));
    ck_assert(sugu_cash_add(&counts, SUGU_CASH_10, SUGU_CASH_PIECES_MAX));
    ck_assert(!sugu_cash_add(&counts, SUGU_CASH_10, 1));
    ck_assert_int_eq(sugu_cash_sum_yen(&counts), 10 * SUGU_CASH_PIECES_MAX);
    ck_assert(sugu_cash_add_all(&counts, &one));
    ck_assert(!sugu_cash_take_all(&one, &counts)); /* all or nothing */
    ck_assert_int_eq(one.of[SUGU_CASH_1], 1);
    ck_assert(sugu_cash_take_all(&counts, &one));
    ck_assert_int_eq(sugu_cash_pieces(&counts), SUGU_CASH_PIECES_MAX);
}
END_TEST

START_TEST(levels_change_at_their_marks)
{
    static const struct sugu_cash_marks marks = {20, 400, 500};
    static const struct {
        int32_t pieces;
        enum sugu_cash_level level;
    } rows[] = {
        {0, SUGU_CASH_LEVEL_EMPTY},       {1, SUGU_CASH_LEVEL_NEAR_EMPTY},
        {20, SUGU_CASH_LEVEL_NEAR_EMPTY}, {21, SUGU_CASH_LEVEL_OK},
        {399, SUGU_CASH_LEVEL_OK},        {400, SUGU_CASH_LEVEL_NEAR_FULL},
        {499, SUGU_CASH_LEVEL_NEAR_FULL}, {500, SUGU_CASH_LEVEL_FULL},
        {100000, SUGU_CASH_LEVEL_FULL},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        ck_assert_int_eq(sugu_cash_level_of(rows[i].pieces, &marks), rows[i].level);
}
END_TEST

/* ---- change: every combination of a small stock is tried */

struct search {
    const struct sugu_cash_counts *stock;
    uint32_t gives;
    struct sugu_cash_counts now, best;
    int64_t left_least, best_pieces;
};

static bool
keeps_small(const struct sugu_cash_counts *a, const struct sugu_cash_counts *b)
{
    for (unsigned unit = 0; unit < SUGU_CASH_UNIT_COUNT; unit++)
        if (a->of[unit] != b->of[unit])
            return a->of[unit] < b->of[unit];
    return false;
}

static void
look_at(struct search *search, int64_t left)
{
    int64_t pieces = sugu_cash_pieces(&search->now);

    if (left > search->left_least)
        return;
    if (left == search->left_least &&
        (pieces > search->best_pieces ||
         (pieces == search->best_pieces && !keeps_small(&search->now, &search->best))))
        return;
    search->left_least = left;
    search->best_pieces = pieces;
    search->best = search->now;
}

static void
search_all(struct search *search, unsigned unit, int64_t left)
{
    int32_t most;

    if (unit == SUGU_CASH_UNIT_COUNT) {
        look_at(search, left);
        return;
    }
    most = search->gives & SUGU_CASH_BIT(unit) ? search->stock->of[unit] : 0;
    for (int32_t pieces = 0; pieces <= most && pieces * yen_of(unit) <= left; pieces++) {
        search->now.of[unit] = pieces;
        search_all(search, unit + 1, left - pieces * yen_of(unit));
    }
    search->now.of[unit] = 0;
}

static struct search
brute(int64_t yen, const struct sugu_cash_counts *stock, uint32_t gives)
{
    struct search search = {.stock = stock, .gives = gives, .left_least = INT64_MAX};

    search_all(&search, 0, yen);
    return search;
}

static struct sugu_cash_counts
any_stock(struct sugu_random *random, uint64_t bound)
{
    struct sugu_cash_counts stock = {0};

    /* Some units are missing, as in a machine late in the day. */
    for (unsigned unit = 0; unit < SUGU_CASH_UNIT_COUNT; unit++)
        stock.of[unit] =
            sugu_random_below(random, 3) ? (int32_t)sugu_random_below(random, bound) : 0;
    return stock;
}

/* Half of the amounts are sums of what lies there. */
static int64_t
any_amount(struct sugu_random *random, const struct sugu_cash_counts *stock, int round)
{
    int64_t yen = 0;

    if (round % 4 == 0)
        return (int64_t)sugu_random_below(random, 12000);
    if (round % 4 == 1)
        return (int64_t)sugu_random_below(random, 40) * 1000;
    for (unsigned unit = 0; unit < SUGU_CASH_UNIT_COUNT; unit++)
        yen += yen_of(unit) * (int64_t)sugu_random_below(random, (uint64_t)stock->of[unit] + 1);
    return yen;
}

START_TEST(change_is_found_where_there_is_any_and_is_the_best)
{
    struct sugu_random_seeded seeded;
    unsigned possible = 0, impossible = 0, beyond_greedy = 0;

    sugu_random_seeded_init(&seeded, 41);
    for (int round = 0; round < 6000; round++) {
        struct sugu_cash_counts stock = any_stock(&seeded.random, 4), plan = {.of = {77}}, most;
        uint32_t gives = (uint32_t)sugu_random_below(&seeded.random, SUGU_CASH_ALL + 1) |
                         (round % 2 ? SUGU_CASH_ALL : 0);
        int64_t yen = any_amount(&seeded.random, &stock, round);
        struct search best = brute(yen, &stock, gives);
        bool is_found = sugu_cash_plan(yen, &stock, gives, &plan);

        ck_assert_msg(is_found == (best.left_least == 0), "%lld yen", (long long)yen);
        if (is_found)
            ck_assert_mem_eq(&plan, &best.best, sizeof plan);
        else
            ck_assert_int_eq(plan.of[0], 77);
        sugu_cash_plan_most(yen, &stock, gives, &most);
        ck_assert_int_eq(sugu_cash_sum_yen(&most), yen - best.left_least);
        ck_assert_mem_eq(&most, &best.best, sizeof most);
        possible += is_found && yen > 0;
        impossible += !is_found;
        beyond_greedy += is_found && plan.of[SUGU_CASH_2000] > 1;
    }
    ck_assert_uint_gt(possible, 1000);
    ck_assert_uint_gt(impossible, 1000);
    ck_assert_uint_gt(beyond_greedy, 50);
}
END_TEST

START_TEST(six_thousand_out_of_one_five_and_three_twos)
{
    struct sugu_cash_counts stock = {.of = {[SUGU_CASH_2000] = 3, [SUGU_CASH_5000] = 1}}, plan;

    ck_assert(sugu_cash_plan(6000, &stock, SUGU_CASH_ALL, &plan));
    ck_assert_int_eq(plan.of[SUGU_CASH_2000], 3);
    ck_assert_int_eq(plan.of[SUGU_CASH_5000], 0);
    ck_assert(!sugu_cash_plan(-1, &stock, SUGU_CASH_ALL, &plan));
    ck_assert(sugu_cash_plan(0, &stock, 0, &plan));
    ck_assert_int_eq(sugu_cash_pieces(&plan), 0);
}
END_TEST

START_TEST(what_is_taken_can_always_be_changed)
{
    struct sugu_random_seeded seeded;
    unsigned taken = 0, refused = 0;

    sugu_random_seeded_init(&seeded, 43);
    for (int round = 0; round < 4000; round++) {
        struct sugu_cash_drawer drawer = {
            .stock = any_stock(&seeded.random, 4),
            .takes = (uint32_t)sugu_random_below(&seeded.random, SUGU_CASH_ALL + 1),
            .gives = (uint32_t)sugu_random_below(&seeded.random, SUGU_CASH_ALL + 1),
            .recycles = (uint32_t)sugu_random_below(&seeded.random, SUGU_CASH_ALL + 1),
            .must_repay = round % 2,
        };
        struct sugu_cash_counts deposited = {0};
        int64_t due = 1 + (int64_t)sugu_random_below(&seeded.random, 15000);
        uint32_t units = sugu_cash_takeable(&drawer, &deposited, due);

        for (unsigned unit = 0; unit < SUGU_CASH_UNIT_COUNT; unit++) {
            struct sugu_cash_counts stock = drawer.stock;
            bool is_recycled = drawer.recycles & SUGU_CASH_BIT(unit);
            int64_t over = yen_of(unit) - due;
            bool can;

            stock.of[unit] += is_recycled;
            can = drawer.takes & SUGU_CASH_BIT(unit) &&
                  (over <= 0 || brute(over, &stock, drawer.gives).left_least == 0) &&
                  (!drawer.must_repay || brute(yen_of(unit), &stock, drawer.gives).left_least == 0);
            ck_assert_int_eq(!!(units & SUGU_CASH_BIT(unit)), can);
            taken += can;
            refused += !can;
        }
    }
    ck_assert_uint_gt(taken, 1000);
    ck_assert_uint_gt(refused, 1000);
}
END_TEST

START_TEST(nothing_is_taken_once_the_due_is_reached_nor_a_twenty_first_coin)
{
    struct sugu_cash_drawer drawer = {.takes = SUGU_CASH_ALL, .gives = 0, .coins_max = 20};
    struct sugu_cash_counts deposited = {.of = {[SUGU_CASH_10] = 20}};

    ck_assert_uint_eq(sugu_cash_takeable(&drawer, &deposited, 200), 0);
    ck_assert_uint_eq(sugu_cash_takeable(&drawer, &deposited, 300),
                      SUGU_CASH_BIT(SUGU_CASH_1) | SUGU_CASH_BIT(SUGU_CASH_5) |
                          SUGU_CASH_BIT(SUGU_CASH_50) | SUGU_CASH_BIT(SUGU_CASH_100));
}
END_TEST

/* ---- registers of a payout */

START_TEST(registers_tell_what_became_of_an_order)
{
    static const struct {
        uint8_t count;
        struct sugu_cash_payout_status before;
        bool was_taken;
        struct sugu_cash_payout_status now;
        enum sugu_cash_payout_verdict verdict;
        uint8_t paid;
    } rows[] = {
        /* never arrived */
        {3, {7, 0, 2, 0}, false, {7, 0, 2, 0}, SUGU_CASH_PAYOUT_NOT_EXECUTED, 99},
        {3, {7, 0, 2, 0}, true, {7, 0, 2, 0}, SUGU_CASH_PAYOUT_UNSURE, 99},
        /* runs, done, short; the wrap; Suzo clears unpaid */
        {3, {7, 0, 2, 0}, false, {8, 2, 1, 0}, SUGU_CASH_PAYOUT_RUNNING, 1},
        {3, {7, 0, 2, 0}, true, {8, 0, 3, 0}, SUGU_CASH_PAYOUT_FINISHED, 3},
        {3, {7, 0, 2, 0}, true, {8, 0, 2, 1}, SUGU_CASH_PAYOUT_FINISHED, 2},
        {3, {255, 0, 2, 0}, true, {1, 0, 1, 0}, SUGU_CASH_PAYOUT_FINISHED, 1},
        {3, {0, 0, 0, 0}, false, {1, 3, 0, 0}, SUGU_CASH_PAYOUT_RUNNING, 0},
        /* equal registers: only an acknowledgement makes them believable */
        {2, {7, 0, 2, 0}, true, {8, 0, 2, 0}, SUGU_CASH_PAYOUT_FINISHED, 2},
        {2, {7, 0, 2, 0}, false, {8, 0, 2, 0}, SUGU_CASH_PAYOUT_UNSURE, 99},
        {2, {7, 0, 2, 0}, false, {8, 0, 0, 2}, SUGU_CASH_PAYOUT_FINISHED, 0},
        /* somebody else's order, or more than was ordered */
        {2, {7, 0, 2, 0}, true, {9, 0, 2, 0}, SUGU_CASH_PAYOUT_UNSURE, 99},
        {2, {7, 0, 0, 0}, true, {8, 0, 3, 0}, SUGU_CASH_PAYOUT_UNSURE, 99},
        {2, {7, 0, 0, 0}, true, {8, 2, 1, 0}, SUGU_CASH_PAYOUT_UNSURE, 99},
        /* reset: an interrupted run proves itself by its sum */
        {5, {7, 0, 2, 0}, true, {0, 0, 3, 2}, SUGU_CASH_PAYOUT_FINISHED, 3},
        {5, {7, 0, 2, 0}, false, {0, 0, 3, 2}, SUGU_CASH_PAYOUT_FINISHED, 3},
        {5, {7, 0, 3, 2}, false, {0, 0, 3, 2}, SUGU_CASH_PAYOUT_UNSURE, 99},
        {5, {7, 0, 2, 0}, true, {0, 0, 5, 0}, SUGU_CASH_PAYOUT_FINISHED, 5},
        {5, {7, 0, 2, 0}, false, {0, 0, 5, 0}, SUGU_CASH_PAYOUT_UNSURE, 99},
        {5, {7, 0, 2, 0}, true, {0, 0, 3, 0}, SUGU_CASH_PAYOUT_UNSURE, 99},
        {5, {0, 0, 0, 0}, false, {0, 0, 0, 0}, SUGU_CASH_PAYOUT_NOT_EXECUTED, 99},
        {5, {0, 0, 0, 0}, false, {0, 0, 0, 5}, SUGU_CASH_PAYOUT_FINISHED, 0},
        {5, {0, 0, 4, 0}, false, {0, 0, 4, 0}, SUGU_CASH_PAYOUT_UNSURE, 99},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_cash_order order = {rows[i].count, rows[i].before, rows[i].was_taken};
        uint8_t paid = 99;
        enum sugu_cash_payout_verdict verdict = sugu_cash_judge_payout(&order, &rows[i].now, &paid);

        ck_assert_msg(verdict == rows[i].verdict && paid == rows[i].paid, "row %zu: %d, paid %u", i,
                      (int)verdict, paid);
    }
}
END_TEST

/* ---- event counters: the regression of 2.2, a difference without the wrap */

START_TEST(a_counter_wraps_from_255_to_1)
{
    static const struct {
        uint8_t known, now;
        enum sugu_cash_counter_verdict verdict;
        uint8_t count;
    } rows[] = {
        {0, 0, SUGU_CASH_COUNTER_SAME, 0},        {9, 9, SUGU_CASH_COUNTER_SAME, 0},
        {0, 1, SUGU_CASH_COUNTER_NEW, 1},         {0, 5, SUGU_CASH_COUNTER_NEW, 5},
        {0, 6, SUGU_CASH_COUNTER_LOST, 6},        {250, 255, SUGU_CASH_COUNTER_NEW, 5},
        {255, 1, SUGU_CASH_COUNTER_NEW, 1},       {253, 2, SUGU_CASH_COUNTER_NEW, 4},
        {254, 4, SUGU_CASH_COUNTER_NEW, 5},       {255, 0, SUGU_CASH_COUNTER_RESTARTED, 0},
        {9, 0, SUGU_CASH_COUNTER_RESTARTED, 0},   {9, 8, SUGU_CASH_COUNTER_RESTARTED, 0},
        {200, 3, SUGU_CASH_COUNTER_RESTARTED, 0}, {10, 16, SUGU_CASH_COUNTER_LOST, 6},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        uint8_t count = 99;
        enum sugu_cash_counter_verdict verdict =
            sugu_cash_counter_judge(rows[i].known, rows[i].now, &count);

        ck_assert_msg(verdict == rows[i].verdict && count == rows[i].count, "%u to %u: %d, %u",
                      rows[i].known, rows[i].now, (int)verdict, count);
    }
    for (unsigned counter = 0; counter < 256; counter++)
        ck_assert_uint_eq(sugu_cash_counter_next((uint8_t)counter),
                          counter == 255 ? 1 : counter + 1);
}
END_TEST

SUGU_TEST_MAIN("cash",
               units_are_the_coins_and_notes_of_japan,
               counts_stay_in_their_range,
               levels_change_at_their_marks,
               change_is_found_where_there_is_any_and_is_the_best,
               six_thousand_out_of_one_five_and_three_twos,
               what_is_taken_can_always_be_changed,
               nothing_is_taken_once_the_due_is_reached_nor_a_twenty_first_coin,
               registers_tell_what_became_of_an_order,
               a_counter_wraps_from_255_to_1)
