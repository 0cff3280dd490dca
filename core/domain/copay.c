/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copay - the rules and the ceilings as rows, and the arithmetic on them
 */
#include "domain/copay.h"

#include "domain/date.h"

#include <inttypes.h>

static const struct sugu_copay_rule rules[] = {
    {.ratio_low = 0,
     .ratio_high = 99,
     .point_yen = 10,
     .unit_yen = 10,
     .rounding = SUGU_ROUND_HALF_UP,
     .valid_from = SUGU_DATE_FIRST,
     .valid_until = SUGU_DATE_LAST,
     .source = "Health Insurance Act art. 75; National Health Insurance Act art. 42-2"},
    {.ratio_low = 100,
     .ratio_high = 100,
     .point_yen = 10,
     .unit_yen = 1,
     .rounding = SUGU_ROUND_DOWN,
     .valid_from = SUGU_DATE_FIRST,
     .valid_until = SUGU_DATE_LAST,
     .source = "insurance not proven: the whole cost, 1 point = 10 yen"},
};

const struct sugu_copay_rule *
sugu_copay_rules(size_t *ret_count)
{
    *ret_count = SUGU_ARRAY_SIZE(rules);
    return rules;
}

const struct sugu_copay_rule *
sugu_copay_rule_find(uint32_t ratio_percent, uint32_t date)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rules); i++)
        if (ratio_percent >= rules[i].ratio_low && ratio_percent <= rules[i].ratio_high &&
            date >= rules[i].valid_from && date <= rules[i].valid_until)
            return &rules[i];
    return NULL;
}

/* `number` / `unit`, both positive. */
static int64_t
divide_rounded(int64_t number, int64_t unit, enum sugu_rounding rounding)
{
    switch (rounding) {
    case SUGU_ROUND_HALF_UP:
        return (number + unit / 2) / unit;
    case SUGU_ROUND_DOWN:
        return number / unit;
    }
    return number / unit; /* not reached: every rounding has its case */
}

enum sugu_status
sugu_copay_compute(const struct sugu_copay_rule *rule,
                   struct sugu_points points,
                   uint32_t ratio_percent,
                   struct sugu_yen *ret_copay,
                   struct sugu_error *reterr)
{
    int64_t hundredths; /* of a yen: points * yen a point * percent */
    struct sugu_yen copay;

    if (points.value < 0 || points.value > SUGU_POINTS_MAX || ratio_percent < rule->ratio_low ||
        ratio_percent > rule->ratio_high)
        return sugu_fail(reterr, SUGU_REFUSED, "money.out-of-range",
                         "%" PRId64 " points at %" PRIu32 " percent", points.value, ratio_percent);
    /* At most 10^8 * 10 * 100: far from the end of int64_t. */
    hundredths = points.value * rule->point_yen * ratio_percent;
    copay.value =
        rule->unit_yen * divide_rounded(hundredths, INT64_C(100) * rule->unit_yen, rule->rounding);
    if (copay.value > SUGU_YEN_MAX)
        return sugu_fail(reterr, SUGU_REFUSED, "money.out-of-range",
                         "%" PRId64 " points at %" PRIu32 " percent are too many yen", points.value,
                         ratio_percent);
    *ret_copay = copay;
    return SUGU_OK;
}

/*
 * The figures in force to July 2026 (domain/fee-module.md 3.3). The beginning of the table for 70
 * and over (August 2018) is general knowledge and not in that file.
 */
#define TO_JULY_2026         .valid_from = 20150101, .valid_until = 20260731
#define ELDERLY_TO_JULY_2026 .valid_from = 20180801, .valid_until = 20260731

static const struct sugu_ceiling ceilings[] = {
    {"ア", false, {252600}, {842000}, {140100}, {0}, TO_JULY_2026},
    {"イ", false, {167400}, {558000}, {93000}, {0}, TO_JULY_2026},
    {"ウ", false, {80100}, {267000}, {44400}, {0}, TO_JULY_2026},
    {"エ", false, {57600}, {0}, {44400}, {0}, TO_JULY_2026},
    {"オ", false, {35400}, {0}, {24600}, {0}, TO_JULY_2026},
    {"現役並み III", true, {252600}, {842000}, {140100}, {0}, ELDERLY_TO_JULY_2026},
    {"現役並み II", true, {167400}, {558000}, {93000}, {0}, ELDERLY_TO_JULY_2026},
    {"現役並み I", true, {80100}, {267000}, {44400}, {0}, ELDERLY_TO_JULY_2026},
    {"一般", true, {57600}, {0}, {44400}, {18000}, ELDERLY_TO_JULY_2026},
    {"低所得 II", true, {24600}, {0}, {0}, {8000}, ELDERLY_TO_JULY_2026},
    {"低所得 I", true, {15000}, {0}, {0}, {8000}, ELDERLY_TO_JULY_2026},
};

const struct sugu_ceiling *
sugu_ceilings(size_t *ret_count)
{
    *ret_count = SUGU_ARRAY_SIZE(ceilings);
    return ceilings;
}

enum sugu_status
sugu_ceiling_compute(const struct sugu_ceiling *ceiling,
                     struct sugu_yen cost,
                     struct sugu_yen *ret_ceiling,
                     struct sugu_error *reterr)
{
    int64_t above;

    if (cost.value < 0 || cost.value > 10 * SUGU_POINTS_MAX)
        return sugu_fail(reterr, SUGU_REFUSED, "money.out-of-range", "a cost of %" PRId64 " yen",
                         cost.value);
    above = cost.value - ceiling->free_cost.value;
    ret_ceiling->value = ceiling->monthly.value;
    if (ceiling->free_cost.value > 0 && above > 0)
        ret_ceiling->value += above / 100;
    return SUGU_OK;
}
