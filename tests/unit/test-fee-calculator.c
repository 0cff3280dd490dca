/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-fee-calculator - acts to a bill, and everything that the calculator does not dare to price
 */
#include "fee/calculator.h"

#include "testlib/checks.h"

#include "base/random.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define TODAY 20261122

struct world {
    struct sugu_master *master;
    struct sugu_charge charge;
    struct sugu_bill bill;
    struct sugu_error error;
};

static struct world *
new_world(uint32_t ratio)
{
    struct world *world = calloc(1, sizeof *world);

    ck_assert_ptr_nonnull(world);
    sugu_assert_ok(sugu_master_load(SUGU_FEE_ASSETS "/acts-sample.csv",
                                    SUGU_FEE_ASSETS "/own-prices-sample.csv", &world->master,
                                    &world->error),
                   world->error);
    world->charge.ratio_percent = ratio;
    world->charge.business_day = TODAY;
    return world;
}

static void
free_world(struct world *world)
{
    sugu_master_free(world->master);
    free(world);
}

static void
add_act(struct world *world, const char *code, uint32_t count)
{
    struct sugu_charge_act *act = &world->charge.acts[world->charge.act_count++];

    sugu_text_copy(act->code, sizeof act->code, code);
    act->count = count;
}

static enum sugu_status
calculate(struct world *world)
{
    return sugu_calculate(world->master, &world->charge, &world->bill, &world->error);
}

START_TEST(a_first_visit_with_tests_is_added_up_by_category)
{
    struct world *world = new_world(30);
    const struct sugu_bill *bill = &world->bill;

    add_act(world, "160008010", 1);
    add_act(world, "095000001", 1);
    add_act(world, "111000110", 1);
    add_act(world, "160061810", 1);
    add_act(world, "170000410", 1);
    add_act(world, "160008010", 1); /* the same once more: one line of two */
    sugu_assert_ok(calculate(world), world->error);
    ck_assert_uint_eq(bill->line_count, 5);
    ck_assert_str_eq(bill->lines[0].act_code, "111000110");
    ck_assert_str_eq(bill->lines[1].act_code, "160008010");
    ck_assert_uint_eq(bill->lines[1].count, 2);
    ck_assert_str_eq(bill->lines[2].act_code, "160061810");
    ck_assert_str_eq(bill->lines[3].act_code, "170000410");
    ck_assert_str_eq(bill->lines[4].act_code, "095000001");
    ck_assert_int_eq(bill->lines[4].yen.value, 3300);
    ck_assert_int_eq(bill->totals.points.value, 291 + 2 * 21 + 125 + 85); /* 543 */
    ck_assert_int_eq(bill->totals.copay.value, 1630);                     /* 1,629 yen */
    ck_assert_int_eq(bill->totals.total.value, 4930);
    sugu_assert_ok(sugu_bill_check(bill, &world->error), world->error);
    free_world(world);
}
END_TEST

START_TEST(without_insurance_the_whole_is_charged_and_nothing_is_nothing)
{
    struct world *world = new_world(100);

    sugu_assert_ok(calculate(world), world->error);
    ck_assert_int_eq(world->bill.totals.total.value, 0);
    add_act(world, "111000110", 1);
    sugu_assert_ok(calculate(world), world->error);
    ck_assert_int_eq(world->bill.totals.total.value, 2910);
    world->charge.ratio_percent = 0;
    sugu_assert_ok(calculate(world), world->error);
    ck_assert_int_eq(world->bill.totals.total.value, 0);
    world->charge.ratio_percent = 101;
    sugu_assert_fails(calculate(world), SUGU_REFUSED, "bill.no-rule", world->error);
    free_world(world);
}
END_TEST

START_TEST(what_is_insured_is_not_billed_with_a_share_that_nobody_knows)
{
    struct world *world = new_world(100);

    world->charge.is_ratio_unknown = true;
    add_act(world, "095000001", 1); /* self-pay needs no share */
    sugu_assert_ok(calculate(world), world->error);
    ck_assert_int_eq(world->bill.totals.total.value, 3300);
    add_act(world, "111000110", 1);
    sugu_assert_fails(calculate(world), SUGU_REFUSED, "fee.ratio-unknown", world->error);
    free_world(world);
}
END_TEST

START_TEST(all_acts_that_are_refused_for_the_same_reason_are_named_once)
{
    struct world *world = new_world(30);
    char codes[SUGU_REFUSAL_CODES_SIZE];

    add_act(world, "999999999", 1);
    add_act(world, "111000110", 1);
    add_act(world, "888888888", 2);
    add_act(world, "999999999", 1);
    sugu_calculate_refused(world->master, &world->charge, "acts.unknown", codes);
    ck_assert_str_eq(codes, "999999999 888888888");
    sugu_calculate_refused(world->master, &world->charge, "acts.not-countable", codes);
    ck_assert_str_eq(codes, "");
    for (unsigned i = 0; i < 40; i++) {
        char code[10];
        snprintf(code, sizeof code, "9876543%02u", i);
        add_act(world, code, 1);
    }
    sugu_calculate_refused(world->master, &world->charge, "acts.unknown", codes);
    ck_assert_uint_eq(strlen(codes), 20 * 10 - 1); /* twenty of them */
    free_world(world);
}
END_TEST

START_TEST(an_act_that_is_not_there_or_not_in_force_is_unknown)
{
    struct world *world = new_world(30);

    add_act(world, "111000110", 1);
    add_act(world, "999999999", 1);
    sugu_assert_fails(calculate(world), SUGU_REFUSED, "acts.unknown", world->error);
    ck_assert_str_eq(world->error.detail, "act 999999999 is not in the master, asked for 20261122");
    world->charge.act_count = 1;
    world->charge.business_day = 20260531;
    sugu_assert_fails(calculate(world), SUGU_REFUSED, "acts.unknown", world->error);
    ck_assert_str_eq(world->error.detail, "act 111000110 is not in force on 20260531");
    world->charge.business_day = 20260601;
    sugu_assert_ok(calculate(world), world->error);
    sugu_text_copy(world->charge.acts[0].code, sizeof world->charge.acts[0].code, "1110");
    sugu_assert_fails(calculate(world), SUGU_REFUSED, "acts.unknown", world->error);
    sugu_text_copy(world->charge.acts[0].code, sizeof world->charge.acts[0].code, "");
    sugu_assert_fails(calculate(world), SUGU_REFUSED, "acts.unknown", world->error);
    free_world(world);
}
END_TEST

START_TEST(a_price_by_quantity_is_taken_for_one_only)
{
    struct world *world = new_world(30);

    add_act(world, "170000410", 1);
    sugu_assert_ok(calculate(world), world->error);
    ck_assert_int_eq(world->bill.totals.points.value, 85);
    world->charge.acts[0].count = 2; /* the second image costs less: not ours to say */
    sugu_assert_fails(calculate(world), SUGU_REFUSED, "acts.not-countable", world->error);
    ck_assert_str_eq(world->error.detail, "act 170000410: needs a quantity");
    world->charge.acts[0].count = 1;
    add_act(world, "170000410", 1);
    sugu_assert_fails(calculate(world), SUGU_REFUSED, "acts.not-countable", world->error);
    free_world(world);
}
END_TEST

/* One changed column of the sample's first row. Columns count from 1. */
static struct sugu_master *
changed_master(int column, const char *value)
{
    static const char head[] = "\"0\",\"S\",\"111000110\",\"1\",\"x\"";
    struct sugu_master *master = sugu_master_new();
    struct sugu_error error;
    char line[2048];
    size_t at = (size_t)snprintf(line, sizeof line, "%s", head);

    for (int i = 6; i <= SUGU_MASTER_COLUMNS; i++) {
        const char *usual = i == 11   ? "3"
                            : i == 12 ? "291.00"
                            : i == 85 ? "A"
                            : i == 87 ? "20260601"
                            : i == 88 ? "99999999"
                            : i == 91 ? "01"
                                      : "0";
        at += (size_t)snprintf(line + at, sizeof line - at, ",\"%s\"", i == column ? value : usual);
    }
    at += (size_t)snprintf(line + at, sizeof line - at, "\n");
    sugu_assert_ok(sugu_master_add(master, (uint8_t *)line, at, "s.csv", false, &error), error);
    sugu_assert_ok(sugu_master_index(master, &error), error);
    return master;
}

START_TEST(what_cannot_be_counted_is_refused_and_never_guessed)
{
    static const struct {
        int column;
        const char *value, *said;
    } rows[] = {
        {11, "5", "act 111000110: a percentage, a deduction or a purchase price"},
        {11, "8", "act 111000110: a percentage, a deduction or a purchase price"},
        {11, "1", "act 111000110: insured, but priced in yen"},
        {12, "42.50", "act 111000110: a price with a fraction"},
        {13, "1", "act 111000110: for inpatients only"},
        {85, "O", "act 111000110: a section without a column on the receipt"},
        {91, "03", "act 111000110: a section without a column on the receipt"},
        {8, "6", NULL}, /* wants a quantity; its price is for 0 of it, so one is one */
        {13, "2", NULL},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct world *world = new_world(30);
        sugu_master_free(world->master);
        world->master = changed_master(rows[i].column, rows[i].value);
        add_act(world, "111000110", 1);
        if (rows[i].said) {
            sugu_assert_fails(calculate(world), SUGU_REFUSED, "acts.not-countable", world->error);
            ck_assert_str_eq(world->error.detail, rows[i].said);
        } else {
            sugu_assert_ok(calculate(world), world->error);
        }
        free_world(world);
    }
}
END_TEST

START_TEST(too_many_of_an_act_is_refused)
{
    struct world *world = new_world(100);

    add_act(world, "160008010", SUGU_BILL_COUNT_MAX);
    sugu_assert_ok(calculate(world), world->error);
    ck_assert_int_eq(world->bill.totals.total.value, INT64_C(9999) * 210);
    add_act(world, "160008010", 1);
    sugu_assert_fails(calculate(world), SUGU_REFUSED, "money.out-of-range", world->error);
    world->charge.act_count = 0;
    add_act(world, "160008010", UINT32_MAX);
    sugu_assert_fails(calculate(world), SUGU_REFUSED, "money.out-of-range", world->error);
    world->charge.acts[0].count = 0;
    sugu_assert_fails(calculate(world), SUGU_REFUSED, "bill.lines", world->error);
    free_world(world);
}
END_TEST

START_TEST(any_acts_in_any_order_give_the_same_bill_that_adds_up)
{
    static const char *const codes[] = {"111000110", "112007410", "160000310", "160008010",
                                        "140000610", "130003510", "095000001", "095000002"};
    struct world *world = new_world(30);
    struct sugu_random_seeded seeded;

    sugu_random_seeded_init(&seeded, 7);
    for (int round = 0; round < 300; round++) {
        struct sugu_bill_totals first;
        world->charge.act_count = 0;
        for (int i = 0; i < 20; i++)
            add_act(world, codes[sugu_random_below(&seeded.random, SUGU_ARRAY_SIZE(codes))],
                    1 + (uint32_t)sugu_random_below(&seeded.random, 5));
        sugu_assert_ok(calculate(world), world->error);
        sugu_assert_ok(sugu_bill_check(&world->bill, &world->error), world->error);
        sugu_assert_ok(sugu_bill_check_copay(&world->bill, TODAY, &world->error), world->error);
        first = world->bill.totals;
        for (size_t i = world->charge.act_count; i > 1; i--) {
            size_t j = sugu_random_below(&seeded.random, i);
            struct sugu_charge_act swap = world->charge.acts[i - 1];
            world->charge.acts[i - 1] = world->charge.acts[j];
            world->charge.acts[j] = swap;
        }
        sugu_assert_ok(calculate(world), world->error);
        ck_assert_mem_eq(&first, &world->bill.totals, sizeof first);
        for (size_t i = 1; i < world->bill.line_count; i++)
            ck_assert_int_ge(world->bill.lines[i].category, world->bill.lines[i - 1].category);
    }
    free_world(world);
}
END_TEST

START_TEST(a_full_list_of_acts_fits)
{
    struct world *world = new_world(30);

    for (size_t i = 0; i < SUGU_CHARGE_ACTS_MAX; i++)
        add_act(world, "160000310", 1);
    sugu_assert_ok(calculate(world), world->error);
    ck_assert_uint_eq(world->bill.line_count, 1);
    ck_assert_int_eq(world->bill.totals.points.value, 7800);
    free_world(world);
}
END_TEST

SUGU_TEST_MAIN("fee-calculator",
               a_first_visit_with_tests_is_added_up_by_category,
               without_insurance_the_whole_is_charged_and_nothing_is_nothing,
               what_is_insured_is_not_billed_with_a_share_that_nobody_knows,
               all_acts_that_are_refused_for_the_same_reason_are_named_once,
               an_act_that_is_not_there_or_not_in_force_is_unknown,
               a_price_by_quantity_is_taken_for_one_only,
               what_cannot_be_counted_is_refused_and_never_guessed,
               too_many_of_an_act_is_refused,
               any_acts_in_any_order_give_the_same_bill_that_adds_up,
               a_full_list_of_acts_fits)
