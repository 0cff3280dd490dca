/* SPDX-License-Identifier: Apache-2.0 */
/*
 * charge - the patient's share, and what the fee module could not bill
 */
#pragma once

#include "handlers/handlers.h"

/*
 * The patient's share that acts are billed with: what a desk stated (`stated_ratio`, -1 = nothing),
 * else that of a verified answer (`ratio_percent`, 0 = not in it), else all of it.
 * *ret_ratio_percent is 0 … 100, and 100 with RATIO_UNKNOWN, where nobody may use it.
 */
Sugu__RatioSource
sugu_charge_ratio(int outcome, int ratio_percent, int stated_ratio, uint32_t *ret_ratio_percent);

/* A bill of these acts or newer acts came: the desk need not look any more. Publish after the next
 * round. */
void sugu_charge_report_clear(struct sugu_batch *batch,
                              struct sugu_id visit,
                              int32_t acts_version,
                              struct sugu_charge_report_remove_row *row);
void sugu_charge_report_publish_over(struct sugu_batch *batch,
                                     const struct sugu_charge_report_remove_row *row);
