/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-bill - totals that add up, and every state of a bill with every event
 */
#include "domain/bill.h"

#include "testlib/checks.h"

#include "base/random.h"

#include <stdlib.h>
#include <string.h>

#define TODAY 20261122

static struct sugu_bill_line
insured(enum sugu_category category, int64_t points, uint32_t count)
{
    return (struct sugu_bill_line){
        .category = category, .act_code = "111000110", .points = {points}, .count = count};
}

static struct sugu_bill_line
self_pay(int64_t yen)
{
    return (struct sugu_bill_line){.category = SUGU_CATEGORY_SELF, .count = 1, .yen = {yen}};
}

/* 291 + 21 + 2 * 34 = 380 points and 3,300 yen. */
static struct sugu_bill
small_bill(void)
{
    struct sugu_bill bill = {.ratio_percent = 30, .line_count = 4};
    struct sugu_error error;

    bill.lines[0] = insured(SUGU_CATEGORY_A00, 291, 1);
    bill.lines[1] = insured(SUGU_CATEGORY_D00, 21, 1);
    bill.lines[2] = insured(SUGU_CATEGORY_D00, 34, 2);
    bill.lines[3] = self_pay(3300);
    sugu_assert_ok(sugu_bill_total(&bill, TODAY, &error), error);
    return bill;
}

START_TEST(totals_are_the_sums_of_the_lines)
{
    struct sugu_bill bill = small_bill();
    struct sugu_bill_sums sums;
    struct sugu_error error;

    ck_assert_int_eq(bill.totals.points.value, 380);
    ck_assert_int_eq(bill.totals.copay.value, 1140);
    ck_assert_int_eq(bill.totals.self_pay.value, 3300);
    ck_assert_int_eq(bill.totals.total.value, 4440);
    sugu_assert_ok(sugu_bill_sum(bill.lines, bill.line_count, &sums, &error), error);
    ck_assert_int_eq(sums.points[SUGU_CATEGORY_A00].value, 291);
    ck_assert_int_eq(sums.points[SUGU_CATEGORY_D00].value, 89);
    ck_assert_int_eq(sums.points[SUGU_CATEGORY_SELF].value, 0);
    sugu_assert_ok(sugu_bill_check(&bill, &error), error);
    sugu_assert_ok(sugu_bill_check_copay(&bill, TODAY, &error), error);
}
END_TEST

START_TEST(a_bill_that_does_not_add_up_is_refused)
{
    struct sugu_error error;
    struct sugu_bill good = small_bill(), bad;

#define REFUSED_WITH(code, change)                                                                 \
    do {                                                                                           \
        bad = good;                                                                                \
        change;                                                                                    \
        sugu_assert_fails(sugu_bill_check(&bad, &error), SUGU_REFUSED, code, error);               \
    } while (0)
    REFUSED_WITH("bill.does-not-add-up", bad.totals.points.value++);
    REFUSED_WITH("bill.does-not-add-up", bad.totals.self_pay.value--);
    REFUSED_WITH("bill.does-not-add-up", bad.totals.total.value++);
    REFUSED_WITH("bill.does-not-add-up", bad.totals.copay.value++);
    REFUSED_WITH("bill.does-not-add-up", bad.lines[1].count = 2);
    REFUSED_WITH("bill.does-not-add-up", bad.line_count--);
    REFUSED_WITH("bill.does-not-add-up", bad.ratio_percent = 101);
    REFUSED_WITH("bill.does-not-add-up", bad.totals.copay.value = -10;
                 bad.totals.total.value = 3290);
    REFUSED_WITH("bill.does-not-add-up", bad.totals.copay.value = INT64_MAX);
    REFUSED_WITH("bill.lines", bad.lines[0].count = 0);
    REFUSED_WITH("bill.lines", bad.lines[0].count = SUGU_BILL_COUNT_MAX + 1);
    REFUSED_WITH("bill.lines", bad.lines[0].yen.value = 1);
    REFUSED_WITH("bill.lines", bad.lines[3].points.value = 1);
    REFUSED_WITH("bill.lines", bad.lines[3].yen.value = -1);
    REFUSED_WITH("bill.lines", bad.lines[0].points.value = -1);
    REFUSED_WITH("bill.lines", bad.lines[0].points.value = SUGU_LINE_POINTS_MAX + 1);
    REFUSED_WITH("money.out-of-range", bad.lines[0] = insured(SUGU_CATEGORY_A00, 9999999, 11));
#undef REFUSED_WITH
}
END_TEST

START_TEST(a_copay_lowered_by_the_fee_module_adds_up_but_differs_from_the_rule)
{
    struct sugu_bill bill = small_bill();
    struct sugu_error error;

    bill.totals.copay.value = 500;
    bill.totals.total.value = 3800;
    sugu_assert_ok(sugu_bill_check(&bill, &error), error);
    sugu_assert_fails(sugu_bill_check_copay(&bill, TODAY, &error), SUGU_REFUSED,
                      "bill.copay-differs", error);
    bill.ratio_percent = 101;
    sugu_assert_fails(sugu_bill_total(&bill, TODAY, &error), SUGU_REFUSED, "bill.no-rule", error);
}
END_TEST

START_TEST(any_lines_give_totals_that_check_and_never_fall_with_another_line)
{
    struct sugu_random_seeded seeded;
    struct sugu_error error;
    struct sugu_bill *bill = calloc(1, sizeof *bill);

    ck_assert_ptr_nonnull(bill);
    sugu_random_seeded_init(&seeded, 20261122);
    for (int round = 0; round < 200; round++) {
        static const uint32_t ratios[] = {0, 10, 20, 30, 100};
        int64_t before = 0;
        bill->ratio_percent = ratios[sugu_random_below(&seeded.random, 5)];
        for (bill->line_count = 0; bill->line_count < SUGU_BILL_LINES_MAX;) {
            enum sugu_category category =
                (enum sugu_category)sugu_random_below(&seeded.random, SUGU_CATEGORY_COUNT);
            int64_t amount = (int64_t)sugu_random_below(&seeded.random, 3000);
            bill->lines[bill->line_count++] =
                category == SUGU_CATEGORY_SELF
                    ? self_pay(amount)
                    : insured(category, amount, 1 + (uint32_t)sugu_random_below(&seeded.random, 9));
            sugu_assert_ok(sugu_bill_total(bill, TODAY, &error), error);
            ck_assert_int_ge(bill->totals.total.value, before);
            before = bill->totals.total.value;
        }
        sugu_assert_ok(sugu_bill_check(bill, &error), error);
        sugu_assert_ok(sugu_bill_check_copay(bill, TODAY, &error), error);
    }
    free(bill);
}
END_TEST

START_TEST(categories_have_the_codes_of_the_receipt_in_its_order)
{
    static const char *const codes[] = {"A00", "A10", "B00", "C00", "D00", "E00", "F00", "G00",
                                        "H00", "I00", "J00", "K00", "L00", "M00", "N00", "SELF"};
    enum sugu_category category;

    ck_assert_uint_eq(SUGU_ARRAY_SIZE(codes), SUGU_CATEGORY_COUNT);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(codes); i++) {
        ck_assert_str_eq(sugu_category_code((enum sugu_category)i), codes[i]);
        ck_assert(sugu_category_find(codes[i], &category));
        ck_assert_uint_eq(category, i);
    }
    ck_assert(!sugu_category_find("Z00", &category));
    ck_assert(!sugu_category_find("", &category));
}
END_TEST

/* The whole table, written a second time: '.' is refused, else the first letter of the next state.
 */
START_TEST(every_state_answers_every_event_as_the_table_says)
{
    /* states in order:  A R W P S p r C D O (p, r: refunded in part, whole) */
    static const char letters[] = "ARWPSprCDO";
    /*
     * events in order: revised to more, to what was paid, to less, unproven; withdrawn, withdrawn
     * paid; begin; approved all, part, deposit, too much; declined, unknown, held; voided; refunded
     * excess, some of it, part, whole; counter, again
     */
    static const char *const table[SUGU_BILL_STATE_COUNT] = {
        [SUGU_BILL_ANNOUNCED] = "RSO.WCPSADO...A....C.",
        [SUGU_BILL_REVISED] = "RSO.WCPSRDO...R....C.",
        [SUGU_BILL_WITHDRAWN] = "R.........O..........",
        [SUGU_BILL_IN_PAYMENT] = ".......SADOAPC.......",
        [SUGU_BILL_SETTLED] = "RSO.WC....O...A..prC.",
        [SUGU_BILL_REFUNDED_IN_PART] = "RSO..C....O......prC.",
        [SUGU_BILL_REFUNDED] = "R...W.....O..........",
        [SUGU_BILL_TO_COUNTER] = "CSO.WC.SCDOC..CSCpr.A",
        [SUGU_BILL_DEPOSITED] = "RSOD.C....O...A.D..CA",
        [SUGU_BILL_OVERPAID] = "RSO..C....O...ASO.rC.",
    };
    struct sugu_error error;

    ck_assert_uint_eq(SUGU_BILL_EVENT_COUNT, 21);
    for (unsigned state = 0; state < SUGU_BILL_STATE_COUNT; state++)
        for (unsigned event = 0; event < SUGU_BILL_EVENT_COUNT; event++) {
            unsigned next = 99;
            uint32_t effects;
            if (table[state][event] == '.') {
                sugu_assert_fails(
                    sugu_machine_step(&sugu_bill_machine, state, event, &next, &effects, &error),
                    SUGU_REFUSED, "bill.not-allowed", error);
                ck_assert_uint_eq(next, 99);
                continue;
            }
            sugu_assert_ok(
                sugu_machine_step(&sugu_bill_machine, state, event, &next, &effects, &error),
                error);
            ck_assert_msg(letters[next] == table[state][event], "state %u event %u: %u", state,
                          event, next);
            /* the fee module hears of every settlement, and of nothing else */
            ck_assert_int_eq(next == SUGU_BILL_SETTLED, (effects & SUGU_BILL_DO_POST_TO_FEE) != 0);
        }
}
END_TEST

START_TEST(a_bill_in_payment_cannot_change_or_be_paid_twice)
{
    static const enum sugu_bill_event never[] = {SUGU_BILL_ON_REVISE, SUGU_BILL_ON_WITHDRAW,
                                                 SUGU_BILL_ON_BEGIN_PAYMENT,
                                                 SUGU_BILL_ON_SEND_TO_COUNTER};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(never); i++)
        ck_assert(!sugu_machine_allows(&sugu_bill_machine, SUGU_BILL_IN_PAYMENT, never[i]));
    ck_assert(
        !sugu_machine_allows(&sugu_bill_machine, SUGU_BILL_SETTLED, SUGU_BILL_ON_BEGIN_PAYMENT));
}
END_TEST

SUGU_TEST_MAIN("bill",
               totals_are_the_sums_of_the_lines,
               a_bill_that_does_not_add_up_is_refused,
               a_copay_lowered_by_the_fee_module_adds_up_but_differs_from_the_rule,
               any_lines_give_totals_that_check_and_never_fall_with_another_line,
               categories_have_the_codes_of_the_receipt_in_its_order,
               every_state_answers_every_event_as_the_table_says,
               a_bill_in_payment_cannot_change_or_be_paid_twice)
