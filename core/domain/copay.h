/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copay - what the patient pays of the points, by rules that are data
 *
 * One point is 10 yen. The share is rounded once per bill: below 5 yen dropped, 5 and more raised
 * to 10 (Health Insurance Act art. 75, National Health Insurance Act art. 42-2;
 * domain/fee-module.md 3.1). In whole numbers, with n percent of p points: 10 * floor((p * 10 * n +
 * 500) / 1000).
 *
 * The ratio comes from the eligibility answer, never from the age. The amount of a bill is the fee
 * module's; this is a check of it, and the built-in calculator for sites without a module.
 *
 * Monthly ceilings are rows with dates, for the staff's information. No program applies one to a
 * bill: that needs the month so far, other institutions and the household, which only the insurer
 * knows. A patient below a ceiling pays the copay and gets the rest back, or the fee module has
 * already lowered the bill.
 */
#pragma once

#include "base/status.h"
#include "domain/yen.h"

enum sugu_rounding {
    SUGU_ROUND_HALF_UP, /* below half a unit dropped, half a unit and more raised */
    SUGU_ROUND_DOWN,    /* what does not fill a unit is dropped */
};

struct sugu_copay_rule {
    uint32_t ratio_low, ratio_high; /* percent that the row is for */
    uint32_t point_yen;             /* yen of one point */
    uint32_t unit_yen;              /* the copay is a multiple of this */
    enum sugu_rounding rounding;
    uint32_t valid_from, valid_until; /* dates, both included */
    const char *source;
};

/* All rows, for documents and tests. */
const struct sugu_copay_rule *sugu_copay_rules(size_t *ret_count);

/* The row for a ratio on a day; NULL where there is none (a ratio over 100). */
const struct sugu_copay_rule *sugu_copay_rule_find(uint32_t ratio_percent, uint32_t date);

/*
 * `points` 0 … SUGU_POINTS_MAX and a ratio of the row, else REFUSED "money.out-of-range" (also
 * where the result is above SUGU_YEN_MAX).
 */
enum sugu_status sugu_copay_compute(const struct sugu_copay_rule *rule,
                                    struct sugu_points points,
                                    uint32_t ratio_percent,
                                    struct sugu_yen *ret_copay,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;

/* One row of 高額療養費: what a month costs at most. 0 where the row has no such figure. */
struct sugu_ceiling {
    const char *limit_class;      /* "ア" … "オ"; for 70 and over the words of the table */
    bool is_elderly;              /* 70 and over */
    struct sugu_yen monthly;      /* of the household; the fixed part */
    struct sugu_yen free_cost;    /* 1 % of the cost above this is added; 0 = nothing is added */
    struct sugu_yen fourth_month; /* from the fourth month within twelve on */
    struct sugu_yen outpatient;   /* of the person, 70 and over */
    uint32_t valid_from, valid_until;
};

/* All rows, for the desk. domain/fee-module.md 3.3; rows that are not confirmed are not here. */
const struct sugu_ceiling *sugu_ceilings(size_t *ret_count);

/*
 * The month's ceiling for a total cost (points times 10 yen), to one yen, what is below it dropped.
 * For information only. REFUSED "money.out-of-range" for a negative or huge cost.
 */
enum sugu_status sugu_ceiling_compute(const struct sugu_ceiling *ceiling,
                                      struct sugu_yen cost,
                                      struct sugu_yen *ret_ceiling,
                                      struct sugu_error *reterr) SUGU_MUST_CHECK;
