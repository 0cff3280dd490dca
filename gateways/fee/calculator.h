/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calculator - a bill out of acts, for sites without a receipt computer
 *
 * Adds up what was recorded by the prices of the master. It knows nothing of bundling, exclusions,
 * monthly limits or additions that follow from other acts: what is charged is what staff recorded.
 * An act whose price depends on a quantity (images, minutes …) is taken only once and only where
 * the master's price is that of quantity 1; percentages, deductions and acts for inpatients are
 * refused, never guessed.
 */
#pragma once

#include "fee/fee-module.h"
#include "fee/master.h"

/*
 * Lines in the order of the receipt's categories, one per act code. REFUSED "acts.unknown" (the
 * code is not in the master, or not in force on the business day), "acts.not-countable",
 * "bill.lines", "bill.no-rule" or "money.out-of-range", the detail names the act; or
 * "fee.ratio-unknown" where insured acts have no share that one could bill them with. `ret_bill` is
 * written in any case.
 */
enum sugu_status sugu_calculate(const struct sugu_master *master,
                                const struct sugu_charge *charge,
                                struct sugu_bill *ret_bill,
                                struct sugu_error *reterr) SUGU_MUST_CHECK;

/* The acts of the charge that are refused with this code each by itself, in its order: codes with a
 * blank between, each once, as many as there is room for. */
void sugu_calculate_refused(const struct sugu_master *master,
                            const struct sugu_charge *charge,
                            const char *code,
                            char ret_act_codes[SUGU_REFUSAL_CODES_SIZE]);
