/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bill - sums of a bill's lines and the checks of its totals
 */
#include "domain/bill.h"

#include "domain/date.h"

#include <inttypes.h>
#include <string.h>

const char *
sugu_category_code(enum sugu_category category)
{
#define SUGU_NAME(name) #name,
    static const char *const codes[] = {SUGU_CATEGORIES(SUGU_NAME)};
#undef SUGU_NAME

    return codes[category];
}

bool
sugu_category_find(const char *code, enum sugu_category *ret_category)
{
    for (int i = 0; i < SUGU_CATEGORY_COUNT; i++)
        if (strcmp(code, sugu_category_code((enum sugu_category)i)) == 0) {
            *ret_category = (enum sugu_category)i;
            return true;
        }
    return false;
}

static bool
line_is_sound(const struct sugu_bill_line *line)
{
    bool is_self = line->category == SUGU_CATEGORY_SELF;
    bool is_in_range = line->points.value >= 0 && line->points.value <= SUGU_LINE_POINTS_MAX &&
                       line->yen.value >= 0 && line->yen.value <= SUGU_YEN_MAX &&
                       line->count >= 1 && line->count <= SUGU_BILL_COUNT_MAX;

    return is_in_range && (is_self ? line->points.value == 0 : line->yen.value == 0);
}

static bool
add_line(struct sugu_bill_sums *sums, const struct sugu_bill_line *line)
{
    struct sugu_points *of_category = &sums->points[line->category], points;

    return sugu_points_multiply(line->points, line->count, &points) &&
           sugu_points_add(*of_category, points, of_category) &&
           sugu_points_add(sums->all_points, points, &sums->all_points) &&
           sugu_yen_add(sums->self_pay, line->yen, &sums->self_pay) &&
           sums->all_points.value <= SUGU_POINTS_MAX && sums->self_pay.value <= SUGU_YEN_MAX;
}

enum sugu_status
sugu_bill_sum(const struct sugu_bill_line *lines,
              size_t count,
              struct sugu_bill_sums *ret_sums,
              struct sugu_error *reterr)
{
    struct sugu_bill_sums sums = {.self_pay = {0}};

    for (size_t i = 0; i < count; i++) {
        if (!line_is_sound(&lines[i]))
            return sugu_fail(reterr, SUGU_REFUSED, "bill.lines", "line %zu of %zu (%s)", i + 1,
                             count, sugu_category_code(lines[i].category));
        if (!add_line(&sums, &lines[i]))
            return sugu_fail(reterr, SUGU_REFUSED, "money.out-of-range", "sum at line %zu", i + 1);
    }
    *ret_sums = sums;
    return SUGU_OK;
}

static enum sugu_status
copay_of(uint32_t ratio_percent,
         struct sugu_points points,
         uint32_t date,
         struct sugu_yen *ret_copay,
         struct sugu_error *reterr)
{
    const struct sugu_copay_rule *rule = sugu_copay_rule_find(ratio_percent, date);

    if (!rule)
        return sugu_fail(reterr, SUGU_REFUSED, "bill.no-rule", "%" PRIu32 " percent on %" PRIu32,
                         ratio_percent, date);
    return sugu_copay_compute(rule, points, ratio_percent, ret_copay, reterr);
}

enum sugu_status
sugu_bill_total(struct sugu_bill *bill, uint32_t date, struct sugu_error *reterr)
{
    struct sugu_bill_sums sums;
    struct sugu_bill_totals totals;
    enum sugu_status status = sugu_bill_sum(bill->lines, bill->line_count, &sums, reterr);

    if (status == SUGU_OK)
        status = copay_of(bill->ratio_percent, sums.all_points, date, &totals.copay, reterr);
    if (status != SUGU_OK)
        return status;
    totals.points = sums.all_points;
    totals.self_pay = sums.self_pay;
    if (!sugu_yen_add(totals.copay, totals.self_pay, &totals.total) ||
        totals.total.value > SUGU_YEN_MAX)
        return sugu_fail(reterr, SUGU_REFUSED, "money.out-of-range", "total of the bill");
    bill->totals = totals;
    return SUGU_OK;
}

enum sugu_status
sugu_bill_check(const struct sugu_bill *bill, struct sugu_error *reterr)
{
    const struct sugu_bill_totals *said = &bill->totals;
    struct sugu_bill_sums sums;
    struct sugu_yen total;
    enum sugu_status status = sugu_bill_sum(bill->lines, bill->line_count, &sums, reterr);
    const char *wrong = NULL;

    if (status != SUGU_OK)
        return status;
    if (said->points.value != sums.all_points.value)
        wrong = "points";
    else if (said->self_pay.value != sums.self_pay.value)
        wrong = "self-pay";
    else if (said->copay.value < 0 || said->copay.value > SUGU_YEN_MAX ||
             said->total.value > SUGU_YEN_MAX)
        wrong = "range";
    else if (!sugu_yen_add(said->copay, said->self_pay, &total) || said->total.value != total.value)
        wrong = "total";
    else if (bill->ratio_percent > 100)
        wrong = "ratio";
    if (wrong) /* no amounts: the detail goes into logs */
        return sugu_fail(reterr, SUGU_REFUSED, "bill.does-not-add-up", "%s of %zu lines", wrong,
                         bill->line_count);
    return SUGU_OK;
}

enum sugu_status
sugu_bill_check_copay(const struct sugu_bill *bill, uint32_t date, struct sugu_error *reterr)
{
    struct sugu_yen copay;
    enum sugu_status status =
        copay_of(bill->ratio_percent, bill->totals.points, date, &copay, reterr);

    if (status != SUGU_OK)
        return status;
    if (copay.value != bill->totals.copay.value)
        return sugu_fail(reterr, SUGU_REFUSED, "bill.copay-differs", "at %" PRIu32 " percent",
                         bill->ratio_percent);
    return SUGU_OK;
}
