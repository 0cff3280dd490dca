/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash - yen coins and notes: counts, stock, change, and what became of a payout
 *
 * Units are those of domain/payments.md 2.1. Everything is pure; a count is a number of pieces of
 * one unit. The change plan is exact: where there is a way to pay an amount out of a stock it is
 * found, and of all ways the one with the fewest pieces, of those the one that keeps small coins.
 */
#pragma once

#include "base/macros.h"

#include <stdbool.h>
#include <stdint.h>

#define SUGU_CASH_UNITS(X) X(1) X(5) X(10) X(50) X(100) X(500) X(1000) X(2000) X(5000) X(10000)

#define SUGU_UNIT(yen) SUGU_CASH_##yen,
enum sugu_cash_unit { SUGU_CASH_UNITS(SUGU_UNIT) SUGU_CASH_UNIT_COUNT };
#undef SUGU_UNIT

/* A set of units is a word with these bits. */
#define SUGU_CASH_BIT(unit) (UINT32_C(1) << (unit))
#define SUGU_CASH_COINS     (SUGU_CASH_BIT(SUGU_CASH_1000) - 1)
#define SUGU_CASH_NOTES     (SUGU_CASH_ALL & ~SUGU_CASH_COINS)
#define SUGU_CASH_ALL       (SUGU_CASH_BIT(SUGU_CASH_UNIT_COUNT) - 1)

/* Pieces of one unit in one place; more is a mistake somewhere. Sums then stay far below 2^63. */
#define SUGU_CASH_PIECES_MAX 1000000

/* Pieces by unit, each 0 … SUGU_CASH_PIECES_MAX. */
struct sugu_cash_counts {
    int32_t of[SUGU_CASH_UNIT_COUNT];
};

int64_t sugu_cash_unit_yen(enum sugu_cash_unit unit);
/* False where no coin or note has this value. */
bool sugu_cash_unit_find(int64_t yen, enum sugu_cash_unit *ret_unit) SUGU_MUST_CHECK;

int64_t sugu_cash_sum_yen(const struct sugu_cash_counts *counts);
int64_t sugu_cash_pieces(const struct sugu_cash_counts *counts);
/* Adds `pieces` (may be negative) of a unit; false, nothing changed, where the count leaves its
 * range. */
bool sugu_cash_add(struct sugu_cash_counts *counts,
                   enum sugu_cash_unit unit,
                   int32_t pieces) SUGU_MUST_CHECK;
/* All units at once, all or nothing. */
bool sugu_cash_add_all(struct sugu_cash_counts *counts,
                       const struct sugu_cash_counts *more) SUGU_MUST_CHECK;
bool sugu_cash_take_all(struct sugu_cash_counts *counts,
                        const struct sugu_cash_counts *less) SUGU_MUST_CHECK;

/* ---- levels (UnifiedPOS: empty, near empty, near full, full; 2.1) */

enum sugu_cash_level {
    SUGU_CASH_LEVEL_EMPTY,
    SUGU_CASH_LEVEL_NEAR_EMPTY,
    SUGU_CASH_LEVEL_OK,
    SUGU_CASH_LEVEL_NEAR_FULL,
    SUGU_CASH_LEVEL_FULL,
};

/* 0 <= near_empty < near_full <= full; a count at or below near_empty is near empty, at or above
 * the others near full and full. 0 is always empty. */
struct sugu_cash_marks {
    int32_t near_empty, near_full, full;
};
enum sugu_cash_level sugu_cash_level_of(int32_t pieces, const struct sugu_cash_marks *marks);

/* ---- change */

/*
 * How to pay `yen` (>= 0) out of `stock`; units outside of `gives` are not touched. False where it
 * cannot be done exactly. Why not greedy alone: 6,000 out of one 5,000 and three 2,000 has a way,
 * and taking the 5,000 first misses it.
 */
bool sugu_cash_plan(int64_t yen,
                    const struct sugu_cash_counts *stock,
                    uint32_t gives,
                    struct sugu_cash_counts *ret_plan) SUGU_MUST_CHECK;

/* As much of `yen` as can be paid; the plan's sum may be anything from 0 to `yen`. For the rest of
 * a payout that fell short: the rest of the rest is owed. */
void sugu_cash_plan_most(int64_t yen,
                         const struct sugu_cash_counts *stock,
                         uint32_t gives,
                         struct sugu_cash_counts *ret_plan);

/* What a machine can do at this moment. */
struct sugu_cash_drawer {
    struct sugu_cash_counts stock; /* what payouts hold now, this session's deposit included where
                                      it went there */
    uint32_t takes;                /* units that it accepts and has room for */
    uint32_t gives;                /* units that it can pay out */
    uint32_t recycles;             /* an accepted piece of these can be paid out again */
    int32_t coins_max;             /* of one unit in one session; 0 = any number. The duty to take
                                      coins ends at 20 of one kind (2.1) */
    bool must_repay;               /* take only what could be given back as well */
};

/*
 * The units of which one more piece may be taken, after `deposited`, for `due_yen`: afterwards the
 * change (what is above the due) can be paid, and, with must_repay, the whole deposit too. None
 * once the due is reached. For the masks of the acceptors and for a note in escrow.
 */
uint32_t sugu_cash_takeable(const struct sugu_cash_drawer *drawer,
                            const struct sugu_cash_counts *deposited,
                            int64_t due_yen);

/* ---- what became of a payout (2.2, "Hopper payout") */

/* The registers of a payout device: header 166. */
struct sugu_cash_payout_status {
    uint8_t counter; /* of dispense commands, also refused ones; 0 after a reset, 255 wraps to 1 */
    uint8_t remaining;
    uint8_t paid;
    uint8_t unpaid;
};

enum sugu_cash_payout_verdict {
    SUGU_CASH_PAYOUT_NOT_EXECUTED, /* the command never arrived; it may be given again */
    SUGU_CASH_PAYOUT_RUNNING,      /* wait for it */
    SUGU_CASH_PAYOUT_FINISHED,     /* `paid` pieces came out, the rest did not */
    SUGU_CASH_PAYOUT_UNSURE,       /* the registers cannot tell: a human counts */
};

/* One order to a payout device, as its intent's row has it. */
struct sugu_cash_order {
    uint8_t count;                         /* pieces, 1 … 255 */
    struct sugu_cash_payout_status before; /* the registers just before the command */
    bool was_taken;                        /* the device acknowledged it, or was seen running */
};

/*
 * The registers stand at `now`. Writes the pieces that came out with FINISHED, and those so far
 * with RUNNING. UNSURE is also the answer to registers that no run of this order explains.
 *
 * A refused command steps the counter too: then nothing remains and `paid` may still be the old
 * one, which looks like a payout that has finished. So without an acknowledgement equal registers
 * are UNSURE unless paid is 0. A counter of 0 is a reset: registers of an interrupted run survive
 * it (unpaid > 0 proves one), those of an idle device may have lost `unpaid`.
 */
enum sugu_cash_payout_verdict sugu_cash_judge_payout(const struct sugu_cash_order *order,
                                                     const struct sugu_cash_payout_status *now,
                                                     uint8_t *ret_paid);

/* The counter that follows: 255 wraps to 1. */
uint8_t sugu_cash_counter_next(uint8_t counter);

/* ---- event counters of acceptors (2.2, "Event buffer") */

/* Events that a device keeps; what is older is gone. */
#define SUGU_CASH_EVENTS_KEPT 5

enum sugu_cash_counter_verdict {
    SUGU_CASH_COUNTER_SAME,
    SUGU_CASH_COUNTER_NEW,       /* 1 … SUGU_CASH_EVENTS_KEPT new events, all in the buffer */
    SUGU_CASH_COUNTER_LOST,      /* more: what the missing ones were is not known */
    SUGU_CASH_COUNTER_RESTARTED, /* 0, or further back than a wrap explains: credit nothing */
};

/* From the last counter that was taken in to the present one. Writes the new events (NEW), or how
 * many there were at least (LOST); else 0. */
enum sugu_cash_counter_verdict
sugu_cash_counter_judge(uint8_t known, uint8_t now, uint8_t *ret_new);
