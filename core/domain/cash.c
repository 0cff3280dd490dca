/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash - yen coins and notes: counts, stock, change, and what became of a payout
 */
#include "domain/cash.h"

#include <assert.h>

#define SUGU_YEN_OF(yen) [SUGU_CASH_##yen] = (yen),
static const int64_t unit_yen[SUGU_CASH_UNIT_COUNT] = {SUGU_CASH_UNITS(SUGU_YEN_OF)};

int64_t
sugu_cash_unit_yen(enum sugu_cash_unit unit)
{
    assert(unit < SUGU_CASH_UNIT_COUNT);
    return unit_yen[unit];
}

bool
sugu_cash_unit_find(int64_t yen, enum sugu_cash_unit *ret_unit)
{
    for (unsigned unit = 0; unit < SUGU_CASH_UNIT_COUNT; unit++) {
        if (unit_yen[unit] != yen)
            continue;
        *ret_unit = unit;
        return true;
    }
    return false;
}

int64_t
sugu_cash_sum_yen(const struct sugu_cash_counts *counts)
{
    int64_t sum = 0;

    for (unsigned unit = 0; unit < SUGU_CASH_UNIT_COUNT; unit++)
        sum += unit_yen[unit] * counts->of[unit];
    return sum;
}

int64_t
sugu_cash_pieces(const struct sugu_cash_counts *counts)
{
    int64_t pieces = 0;

    for (unsigned unit = 0; unit < SUGU_CASH_UNIT_COUNT; unit++)
        pieces += counts->of[unit];
    return pieces;
}

bool
sugu_cash_add(struct sugu_cash_counts *counts, enum sugu_cash_unit unit, int32_t pieces)
{
    int32_t sum;

    assert(unit < SUGU_CASH_UNIT_COUNT);
    if (__builtin_add_overflow(counts->of[unit], pieces, &sum) || sum < 0 ||
        sum > SUGU_CASH_PIECES_MAX)
        return false;
    counts->of[unit] = sum;
    return true;
}

/* `sign` 1 or -1. */
static bool
move_all(struct sugu_cash_counts *counts, const struct sugu_cash_counts *by, int32_t sign)
{
    struct sugu_cash_counts sum = *counts;

    for (unsigned unit = 0; unit < SUGU_CASH_UNIT_COUNT; unit++) {
        assert(by->of[unit] >= 0 && by->of[unit] <= SUGU_CASH_PIECES_MAX);
        if (!sugu_cash_add(&sum, unit, sign * by->of[unit]))
            return false;
    }
    *counts = sum;
    return true;
}

bool
sugu_cash_add_all(struct sugu_cash_counts *counts, const struct sugu_cash_counts *more)
{
    return move_all(counts, more, 1);
}

bool
sugu_cash_take_all(struct sugu_cash_counts *counts, const struct sugu_cash_counts *less)
{
    return move_all(counts, less, -1);
}

enum sugu_cash_level
sugu_cash_level_of(int32_t pieces, const struct sugu_cash_marks *marks)
{
    if (pieces <= 0)
        return SUGU_CASH_LEVEL_EMPTY;
    if (pieces <= marks->near_empty)
        return SUGU_CASH_LEVEL_NEAR_EMPTY;
    if (pieces >= marks->full)
        return SUGU_CASH_LEVEL_FULL;
    return pieces >= marks->near_full ? SUGU_CASH_LEVEL_NEAR_FULL : SUGU_CASH_LEVEL_OK;
}

/*
 * Largest first, with exactly `twos` notes of 2,000. Without the 2,000 every unit divides the next
 * one; then largest first finds a way where there is one, and the one with the fewest pieces:
 * whatever smaller pieces add up to one larger piece or more, some of them add up to it exactly and
 * could be exchanged for it. Returns the yen that are left.
 */
static int64_t
fill_plan(int64_t yen,
          int32_t twos,
          const struct sugu_cash_counts *stock,
          uint32_t gives,
          struct sugu_cash_counts *plan)
{
    *plan = (struct sugu_cash_counts){0};
    plan->of[SUGU_CASH_2000] = twos;
    yen -= twos * unit_yen[SUGU_CASH_2000];
    for (int unit = SUGU_CASH_UNIT_COUNT - 1; unit >= 0; unit--) {
        int64_t pieces = yen / unit_yen[unit];

        if (unit == SUGU_CASH_2000 || !(gives & SUGU_CASH_BIT(unit)))
            continue;
        plan->of[unit] = pieces < stock->of[unit] ? (int32_t)pieces : stock->of[unit];
        yen -= plan->of[unit] * unit_yen[unit];
    }
    return yen;
}

/* Fewer pieces; of as many, those that leave the small coins. */
static bool
is_better(const struct sugu_cash_counts *plan, const struct sugu_cash_counts *than)
{
    int64_t pieces = sugu_cash_pieces(plan), than_pieces = sugu_cash_pieces(than);

    if (pieces != than_pieces)
        return pieces < than_pieces;
    for (unsigned unit = 0; unit < SUGU_CASH_UNIT_COUNT; unit++)
        if (plan->of[unit] != than->of[unit])
            return plan->of[unit] < than->of[unit];
    return false;
}

/* The plan that leaves least, and of those the best; returns what it leaves. */
static int64_t
find_plan(int64_t yen,
          const struct sugu_cash_counts *stock,
          uint32_t gives,
          struct sugu_cash_counts *plan)
{
    int64_t twos_max = gives & SUGU_CASH_BIT(SUGU_CASH_2000) ? yen / unit_yen[SUGU_CASH_2000] : 0;
    int64_t left_least = fill_plan(yen, 0, stock, gives, plan);

    if (twos_max > stock->of[SUGU_CASH_2000])
        twos_max = stock->of[SUGU_CASH_2000];
    for (int32_t twos = 1; twos <= twos_max; twos++) {
        struct sugu_cash_counts other;
        int64_t left = fill_plan(yen, twos, stock, gives, &other);

        if (left < left_least || (left == left_least && is_better(&other, plan))) {
            left_least = left;
            *plan = other;
        }
    }
    return left_least;
}

bool
sugu_cash_plan(int64_t yen,
               const struct sugu_cash_counts *stock,
               uint32_t gives,
               struct sugu_cash_counts *ret_plan)
{
    struct sugu_cash_counts plan;

    if (yen < 0 || find_plan(yen, stock, gives, &plan) != 0)
        return false;
    *ret_plan = plan;
    return true;
}

void
sugu_cash_plan_most(int64_t yen,
                    const struct sugu_cash_counts *stock,
                    uint32_t gives,
                    struct sugu_cash_counts *ret_plan)
{
    struct sugu_cash_counts plan;

    find_plan(yen < 0 ? 0 : yen, stock, gives, &plan);
    *ret_plan = plan;
}

static bool
may_take(const struct sugu_cash_drawer *drawer,
         const struct sugu_cash_counts *deposited,
         int64_t due_yen,
         enum sugu_cash_unit unit)
{
    int64_t sum_yen = sugu_cash_sum_yen(deposited) + unit_yen[unit];
    struct sugu_cash_counts stock = drawer->stock, plan;

    if (!(drawer->takes & SUGU_CASH_BIT(unit)))
        return false;
    if (drawer->coins_max > 0 && SUGU_CASH_BIT(unit) & SUGU_CASH_COINS &&
        deposited->of[unit] >= drawer->coins_max)
        return false;
    if (drawer->recycles & SUGU_CASH_BIT(unit) && !sugu_cash_add(&stock, unit, 1))
        return false;
    if (sum_yen > due_yen && !sugu_cash_plan(sum_yen - due_yen, &stock, drawer->gives, &plan))
        return false;
    return !drawer->must_repay || sugu_cash_plan(sum_yen, &stock, drawer->gives, &plan);
}

uint32_t
sugu_cash_takeable(const struct sugu_cash_drawer *drawer,
                   const struct sugu_cash_counts *deposited,
                   int64_t due_yen)
{
    uint32_t units = 0;

    if (sugu_cash_sum_yen(deposited) >= due_yen)
        return 0;
    for (unsigned unit = 0; unit < SUGU_CASH_UNIT_COUNT; unit++)
        if (may_take(drawer, deposited, due_yen, unit))
            units |= SUGU_CASH_BIT(unit);
    return units;
}

uint8_t
sugu_cash_counter_next(uint8_t counter)
{
    return counter == 255 ? 1 : (uint8_t)(counter + 1);
}

static bool
are_equal(const struct sugu_cash_payout_status *a, const struct sugu_cash_payout_status *b)
{
    return a->paid == b->paid && a->unpaid == b->unpaid;
}

/* The device was reset since: only an interrupted run leaves a trace that proves itself. */
static enum sugu_cash_payout_verdict
judge_after_reset(const struct sugu_cash_order *order,
                  const struct sugu_cash_payout_status *now,
                  uint8_t *ret_paid)
{
    if (now->remaining > 0)
        return SUGU_CASH_PAYOUT_UNSURE;
    if (now->paid + now->unpaid == order->count &&
        (order->was_taken || (now->unpaid > 0 && !are_equal(&order->before, now)))) {
        *ret_paid = now->paid;
        return SUGU_CASH_PAYOUT_FINISHED;
    }
    if (!order->was_taken && order->before.counter == 0 && now->paid == 0 && now->unpaid == 0)
        return SUGU_CASH_PAYOUT_NOT_EXECUTED;
    return SUGU_CASH_PAYOUT_UNSURE;
}

enum sugu_cash_payout_verdict
sugu_cash_judge_payout(const struct sugu_cash_order *order,
                       const struct sugu_cash_payout_status *now,
                       uint8_t *ret_paid)
{
    if (now->counter == 0)
        return judge_after_reset(order, now, ret_paid);
    if (now->counter == order->before.counter)
        return now->remaining > 0 || order->was_taken ? SUGU_CASH_PAYOUT_UNSURE
                                                      : SUGU_CASH_PAYOUT_NOT_EXECUTED;
    if (now->counter != sugu_cash_counter_next(order->before.counter) ||
        now->paid + now->remaining > order->count || now->paid + now->unpaid > order->count)
        return SUGU_CASH_PAYOUT_UNSURE;
    if (now->remaining == 0 && !order->was_taken && now->paid > 0 && are_equal(&order->before, now))
        return SUGU_CASH_PAYOUT_UNSURE;
    *ret_paid = now->paid;
    return now->remaining > 0 ? SUGU_CASH_PAYOUT_RUNNING : SUGU_CASH_PAYOUT_FINISHED;
}

enum sugu_cash_counter_verdict
sugu_cash_counter_judge(uint8_t known, uint8_t now, uint8_t *ret_new)
{
    uint8_t steps;

    *ret_new = 0;
    if (now == known)
        return SUGU_CASH_COUNTER_SAME;
    if (now == 0)
        return SUGU_CASH_COUNTER_RESTARTED;
    steps = now > known ? (uint8_t)(now - known) : (uint8_t)(255 - known + now);
    if (steps > SUGU_CASH_EVENTS_KEPT && now < known)
        return SUGU_CASH_COUNTER_RESTARTED;
    *ret_new = steps;
    return steps > SUGU_CASH_EVENTS_KEPT ? SUGU_CASH_COUNTER_LOST : SUGU_CASH_COUNTER_NEW;
}
