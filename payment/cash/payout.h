/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payout - hoppers and note stores: one order at a time, never given twice
 *
 * domain/payments.md 2.2, "Hopper payout": status (166), test (163), enable (164), dispense (167).
 * A dispense that was not answered is looked up by the counter of 166 and never sent again.
 */
#pragma once

#include "payment/cash/cash-part.h"

/* Flags of header 163, first byte (Suzo Flow manual, table 6). */
enum {
    SUGU_HOPPER_OVER_CURRENT = 1 << 0,
    SUGU_HOPPER_TIMED_OUT = 1 << 1,
    SUGU_HOPPER_REVERSED = 1 << 2,
    SUGU_HOPPER_OPTO_FRAUD = 1 << 3,
    SUGU_HOPPER_OPTO_SHORT = 1 << 4,
    SUGU_HOPPER_OPTO_BLOCKED = 1 << 5,
    SUGU_HOPPER_POWER_UP = 1 << 6,
    SUGU_HOPPER_DISABLED = 1 << 7,
};

/* The next question of making a payout ready; OK with part->seen.is_ready at the end. */
enum sugu_status sugu_payout_prepare(struct sugu_cash_room *room,
                                     struct sugu_cash_part *part,
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Looks at the registers; tells how far an order is, and its end. Idle: looks at flags and sensor.
 */
enum sugu_status sugu_payout_poll(struct sugu_cash_room *room,
                                  struct sugu_cash_part *part,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Orders `count` pieces of a device that stands at `counter`. Errors as in the port's command. */
enum sugu_status sugu_payout_pay(struct sugu_cash_room *room,
                                 struct sugu_cash_part *part,
                                 uint8_t count,
                                 uint8_t counter,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Emergency stop (172). */
enum sugu_status sugu_payout_stop(struct sugu_cash_room *room,
                                  struct sugu_cash_part *part,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;
