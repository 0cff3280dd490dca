/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bill-read - the bill of an order as the domain knows it, checked
 */
#include "papers/layouts-private.h"

#include "base/text.h"
#include "domain/date.h"

#include <stdlib.h>
#include <string.h>

static enum sugu_status
read_line(const Sugu__BillLine *from, struct sugu_bill_line *line, struct sugu_error *reterr)
{
    if (!sugu_category_find(from->category, &line->category))
        return sugu_fail(reterr, SUGU_REFUSED, "bill.lines", "unknown category %s", from->category);
    sugu_text_copy(line->name, sizeof line->name, from->name);
    sugu_text_copy(line->act_code, sizeof line->act_code, from->act_code);
    line->points = sugu_points(from->points);
    line->count = from->count;
    line->yen = sugu_yen(from->yen);
    return SUGU_OK;
}

enum sugu_status
sugu_bill_read(const Sugu__Bill *from, struct sugu_bill_sums *ret_sums, struct sugu_error *reterr)
{
    struct sugu_bill *bill = calloc(1, sizeof *bill); /* large for a stack */
    enum sugu_status status = SUGU_OK;

    if (!bill)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    if (from->n_lines > SUGU_BILL_LINES_MAX)
        status = sugu_fail(reterr, SUGU_REFUSED, "bill.lines", "more than %d lines",
                           SUGU_BILL_LINES_MAX);
    for (size_t i = 0; i < from->n_lines && status == SUGU_OK; i++)
        status = read_line(from->lines[i], &bill->lines[bill->line_count++], reterr);
    bill->ratio_percent = from->ratio_percent;
    bill->totals =
        (struct sugu_bill_totals){sugu_points(from->total_points), sugu_yen(from->copay_yen),
                                  sugu_yen(from->self_pay_yen), sugu_yen(from->total_yen)};
    if (status == SUGU_OK)
        status = sugu_bill_check(bill, reterr);
    if (status == SUGU_OK)
        status = sugu_bill_sum(bill->lines, bill->line_count, ret_sums, reterr);
    free(bill);
    return status;
}

bool
sugu_line_is_of(const Sugu__BillLine *line, enum sugu_category category)
{
    return strcmp(line->category, sugu_category_code(category)) == 0;
}

uint32_t
sugu_day_in_japan(int64_t utc_us)
{
    uint32_t day;

    return sugu_date_of_utc(utc_us, SUGU_JAPAN_OFFSET_MINUTES, &day) ? day : 0;
}
