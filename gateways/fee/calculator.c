/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calculator - a bill out of acts, for sites without a receipt computer
 */
#include "fee/calculator.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum sugu_status
not_countable(const struct sugu_act *act, const char *why, struct sugu_error *reterr)
{
    return sugu_fail(reterr, SUGU_REFUSED, "acts.not-countable", "act %09" PRIu32 ": %s", act->code,
                     why);
}

/* May the act be priced as amount times count? */
static enum sugu_status
check_act(const struct sugu_act *act, uint32_t count, struct sugu_error *reterr)
{
    bool is_self = act->has_category && act->category == SUGU_CATEGORY_SELF;

    if (act->kind == SUGU_ACT_OTHER)
        return not_countable(act, "a percentage, a deduction or a purchase price", reterr);
    if (!act->has_category)
        return not_countable(act, "a section without a column on the receipt", reterr);
    if ((act->kind == SUGU_ACT_YEN) != is_self)
        return not_countable(act, "insured, but priced in yen", reterr);
    if (!act->is_whole)
        return not_countable(act, "a price with a fraction", reterr);
    if (act->is_inpatient_only)
        return not_countable(act, "for inpatients only", reterr);
    if (act->wants_quantity && (count != 1 || act->quantity_from > 1))
        return not_countable(act, "needs a quantity", reterr);
    return SUGU_OK;
}

static enum sugu_status
find_act(const struct sugu_master *master,
         const struct sugu_charge_act *wanted,
         uint32_t date,
         const struct sugu_act **ret_act,
         struct sugu_error *reterr)
{
    int64_t code = 0;

    if (!sugu_text_to_int64(wanted->code, 1, 999999999, &code) || strlen(wanted->code) != 9)
        return sugu_fail(reterr, SUGU_REFUSED, "acts.unknown", "a code that has not 9 digits");
    *ret_act = sugu_master_find(master, (uint32_t)code, date);
    if (!*ret_act)
        return sugu_fail(reterr, SUGU_REFUSED, "acts.unknown", "act %s %s %" PRIu32, wanted->code,
                         sugu_master_has(master, (uint32_t)code)
                             ? "is not in force on"
                             : "is not in the master, asked for",
                         date);
    return SUGU_OK;
}

/* The line of this act, or a new one behind those of its category and before the later ones. */
static struct sugu_bill_line *
place_line(struct sugu_bill *bill, const struct sugu_act *act, const char *code)
{
    size_t place = 0;

    for (size_t i = 0; i < bill->line_count; i++)
        if (strcmp(bill->lines[i].act_code, code) == 0)
            return &bill->lines[i];
    while (place < bill->line_count && bill->lines[place].category <= act->category)
        place++;
    memmove(&bill->lines[place + 1], &bill->lines[place],
            (bill->line_count - place) * sizeof bill->lines[0]);
    bill->line_count++;
    bill->lines[place] = (struct sugu_bill_line){.category = act->category};
    sugu_text_copy(bill->lines[place].act_code, sizeof bill->lines[place].act_code, code);
    sugu_text_copy(bill->lines[place].name, sizeof bill->lines[place].name, act->name);
    return &bill->lines[place];
}

static enum sugu_status
add_act(struct sugu_bill *bill,
        const struct sugu_act *act,
        const struct sugu_charge_act *wanted,
        struct sugu_error *reterr)
{
    struct sugu_bill_line *line = place_line(bill, act, wanted->code);
    uint32_t count;

    if (__builtin_add_overflow(line->count, wanted->count, &count) || count > SUGU_BILL_COUNT_MAX)
        return sugu_fail(reterr, SUGU_REFUSED, "money.out-of-range", "count of act %s",
                         wanted->code);
    line->count = count;
    if (act->kind == SUGU_ACT_POINTS)
        line->points = sugu_points(act->amount);
    else if (!sugu_yen_multiply(sugu_yen(act->amount), count, &line->yen))
        return sugu_fail(reterr, SUGU_REFUSED, "money.out-of-range", "yen of act %s", wanted->code);
    return check_act(act, count, reterr);
}

/* Self-pay acts need no share; without one of them the share is all, so that no number is made up.
 */
static enum sugu_status
check_ratio(const struct sugu_charge *charge, struct sugu_bill *bill, struct sugu_error *reterr)
{
    if (!charge->is_ratio_unknown)
        return SUGU_OK;
    for (size_t i = 0; i < bill->line_count; i++)
        if (bill->lines[i].category != SUGU_CATEGORY_SELF)
            return sugu_fail(reterr, SUGU_REFUSED, "fee.ratio-unknown",
                             "insured, but the share is not in the answer");
    bill->ratio_percent = 100;
    return SUGU_OK;
}

enum sugu_status
sugu_calculate(const struct sugu_master *master,
               const struct sugu_charge *charge,
               struct sugu_bill *ret_bill,
               struct sugu_error *reterr)
{
    ret_bill->ratio_percent = charge->ratio_percent;
    ret_bill->totals = (struct sugu_bill_totals){.total = {0}};
    ret_bill->line_count = 0;
    for (size_t i = 0; i < charge->act_count; i++) {
        const struct sugu_act *act;
        enum sugu_status status =
            find_act(master, &charge->acts[i], charge->business_day, &act, reterr);
        if (status == SUGU_OK)
            status = add_act(ret_bill, act, &charge->acts[i], reterr);
        if (status != SUGU_OK)
            return status;
    }
    if (check_ratio(charge, ret_bill, reterr) != SUGU_OK)
        return reterr->status;
    return sugu_bill_total(ret_bill, charge->business_day, reterr);
}

/* What is wrong with this act for itself? */
static enum sugu_status
look_at_act(const struct sugu_master *master,
            const struct sugu_charge_act *wanted,
            uint32_t date,
            struct sugu_error *reterr)
{
    const struct sugu_act *act;
    enum sugu_status status = find_act(master, wanted, date, &act, reterr);

    return status == SUGU_OK ? check_act(act, wanted->count, reterr) : status;
}

void
sugu_calculate_refused(const struct sugu_master *master,
                       const struct sugu_charge *charge,
                       const char *code,
                       char ret_act_codes[SUGU_REFUSAL_CODES_SIZE])
{
    struct sugu_error error;
    size_t used = 0;

    ret_act_codes[0] = '\0';
    for (size_t i = 0; i < charge->act_count; i++) {
        const struct sugu_charge_act *act = &charge->acts[i];
        if (look_at_act(master, act, charge->business_day, &error) == SUGU_OK ||
            strcmp(error.code, code) != 0 || strlen(act->code) != 9 ||
            !sugu_text_is_digits(act->code, 9) || strstr(ret_act_codes, act->code) ||
            used + 11 > SUGU_REFUSAL_CODES_SIZE)
            continue;
        used += (size_t)snprintf(ret_act_codes + used, SUGU_REFUSAL_CODES_SIZE - used, "%s%s",
                                 used ? " " : "", act->code);
    }
}
