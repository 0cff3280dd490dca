/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-ledger - each row of the postings' table debits and credits what it should
 */
#include "domain/ledger.h"

#include "testlib/checks.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The lines as one text: "account detail yen, …". */
static const char *
lines_of(const struct sugu_posting_terms *terms)
{
    static char text[600];
    struct sugu_ledger_line lines[SUGU_LEDGER_LINES_MAX];
    size_t count = sugu_posting_lines(terms, lines), used = 0;

    *text = '\0';
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s%s%s %" PRId64,
                                 i ? ", " : "", sugu_account_name(lines[i].account),
                                 *lines[i].detail ? " " : "", lines[i].detail, lines[i].yen);
    ck_assert_int_eq(sugu_ledger_sum(lines, count), 0);
    return text;
}

/* domain/payments.md 5.4, row by row, and what the agreed way of the others is. */
static const struct {
    struct sugu_posting_terms terms;
    const char *kind, *lines;
} rows[] = {
    {{SUGU_POSTING_BILL, 3240}, "bill", "receivable 3240, revenue-clearing -3240"},
    {{SUGU_POSTING_BILL_REVISED, -260}, "bill-revised", "receivable -260, revenue-clearing 260"},
    {{SUGU_POSTING_BILL_WITHDRAWN, 2980},
     "bill-withdrawn",
     "revenue-clearing 2980, receivable -2980"},
    {{SUGU_POSTING_PAYMENT, 2980, SUGU_MONEY_BY_CARD, "POI-1"},
     "payment",
     "card-clearing POI-1 2980, receivable -2980"},
    {{SUGU_POSTING_PAYMENT, 2980, SUGU_MONEY_BY_CODE, "paypay"},
     "payment",
     "code-clearing paypay 2980, receivable -2980"},
    {{SUGU_POSTING_PAYMENT, 2980, SUGU_MONEY_BY_ON_FILE, "psp"},
     "payment",
     "on-file-clearing psp 2980, receivable -2980"},
    {{SUGU_POSTING_PAYMENT, 2980, SUGU_MONEY_BY_DESK, "9"},
     "payment",
     "cash-desk 9 2980, receivable -2980"},
    {{SUGU_POSTING_OVERPAYMENT, 370}, "overpayment", "receivable 370, refund-payable -370"},
    {{SUGU_POSTING_REFUND, 370, SUGU_MONEY_BY_CARD, "POI-1"},
     "refund",
     "refund-payable 370, card-clearing POI-1 -370"},
    {{SUGU_POSTING_REFUND, 370, SUGU_MONEY_BY_CODE, "paypay"},
     "refund",
     "refund-payable 370, code-clearing paypay -370"},
    {{SUGU_POSTING_REFUND, 370, SUGU_MONEY_BY_ON_FILE, "psp"},
     "refund",
     "refund-payable 370, on-file-clearing psp -370"},
    {{SUGU_POSTING_REFUND, 370, SUGU_MONEY_BY_DESK, "9"},
     "refund",
     "refund-payable 370, cash-desk 9 -370"},
    {{SUGU_POSTING_REFUND_OF_BILL, 370, SUGU_MONEY_BY_CARD, "POI-1"},
     "refund",
     "receivable 370, card-clearing POI-1 -370"},
    {{SUGU_POSTING_REFUND_OF_REVENUE, 370, SUGU_MONEY_BY_CARD, "POI-1"},
     "refund",
     "revenue-clearing 370, card-clearing POI-1 -370"},
    {{SUGU_POSTING_DEPOSIT_TAKEN, 5000, SUGU_MONEY_BY_DESK, "9"},
     "deposit-taken",
     "cash-desk 9 5000, deposit -5000"},
    {{SUGU_POSTING_DEPOSIT_APPLIED, 2980}, "deposit-applied", "deposit 2980, receivable -2980"},
    {{SUGU_POSTING_DEPOSIT_REFUNDED, 2020, SUGU_MONEY_BY_DESK, "9"},
     "deposit-refunded",
     "deposit 2020, cash-desk 9 -2020"},
    {{SUGU_POSTING_CHANGE_PAID, 20, .where = "9"},
     "change-paid",
     "deposit change 20, cash-desk 9 -20"},
    {{SUGU_POSTING_HOLD, 5000, .where = "psp"},
     "hold",
     "pending-clearing psp 5000, pending-deposit psp -5000"},
    {{SUGU_POSTING_HOLD_ENDED, 5000, .where = "psp"},
     "hold-ended",
     "pending-deposit psp 5000, pending-clearing psp -5000"},
    {{SUGU_POSTING_ACQUIRER_PAID, 2980, SUGU_MONEY_BY_CARD, "POI-1", "acquirer", 97},
     "bank",
     "bank 2883, fees acquirer 97, card-clearing POI-1 -2980"},
    {{SUGU_POSTING_CHARGEBACK, 2980, SUGU_MONEY_BY_CARD, "POI-1"},
     "chargeback",
     "receivable 2980, card-clearing POI-1 -2980"},
    {{SUGU_POSTING_CHARGEBACK_LOST, 2980, SUGU_MONEY_BY_CARD, "POI-1"},
     "chargeback",
     "losses 2980, card-clearing POI-1 -2980"},
    {{SUGU_POSTING_SHORT_AT_DESK, 50, .where = "9"},
     "over-short",
     "over-short 50, cash-desk 9 -50"},
    {{SUGU_POSTING_DESK_EMPTIED, 9000, .where = "9", .other = "bag-7"},
     "cash-moved",
     "cash-in-transit bag-7 9000, cash-desk 9 -9000"},
    {{SUGU_POSTING_BAG_BANKED, 9000, .other = "bag-7"},
     "bank",
     "bank 9000, cash-in-transit bag-7 -9000"},
    {{SUGU_POSTING_BAG_FROM_BANK, 9000, .other = "bag-8"},
     "bank",
     "cash-in-transit bag-8 9000, bank -9000"},
    {{SUGU_POSTING_SUSPENDED, 870}, "suspense", "suspense 870, receivable -870"},
    {{SUGU_POSTING_ROUNDED, 5}, "rounding", "rounding 5, receivable -5"},
};

START_TEST(each_posting_debits_and_credits_its_accounts)
{
    bool is_tried[SUGU_POSTING_COUNT] = {
        [SUGU_POSTING_CASH_RETURNED] = true,
        [SUGU_POSTING_SHORT] = true, /* cash: below */
        [SUGU_POSTING_FLOAT_FILLED] = true,
        [SUGU_POSTING_CASH_EMPTIED] = true,
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        ck_assert_str_eq(sugu_posting_kind(rows[i].terms.posting), rows[i].kind);
        ck_assert_str_eq(lines_of(&rows[i].terms), rows[i].lines);
        is_tried[rows[i].terms.posting] = true;
    }
    for (size_t i = 0; i < SUGU_POSTING_COUNT; i++)
        ck_assert_msg(is_tried[i], "posting %zu (%s) is not tried", i,
                      sugu_posting_kind((enum sugu_posting)i));
}
END_TEST

START_TEST(nothing_is_posted_for_nothing)
{
    ck_assert_str_eq(lines_of(&(struct sugu_posting_terms){SUGU_POSTING_BILL, 0}), "");
    ck_assert_str_eq(lines_of(&(struct sugu_posting_terms){SUGU_POSTING_PAYMENT, 0}), "");
    ck_assert_str_eq(lines_of(&(struct sugu_posting_terms){
                         SUGU_POSTING_CASH_RETURNED, .method = SUGU_MONEY_BY_CASH, .where = "k"}),
                     "");
}
END_TEST

/* What came in, what went out, what stays owed: 5.4 "cash in 10,000 then fixed" and below. */
START_TEST(cash_is_what_came_and_went_by_pieces)
{
    static const struct sugu_cash_pieces whole[] = {
        {10000, 1, 0}, {5000, 0, 1}, {1000, 0, 2}, {10, 0, 2}};
    static const struct sugu_cash_pieces short_by_20[] = {
        {10000, 1, 0}, {5000, 0, 1}, {1000, 0, 2}};
    static const struct sugu_cash_pieces too_much[] = {{1000, 3, 0}, {10, 0, 3}};
    static const struct sugu_cash_pieces back[] = {{1000, 1, 0}, {500, 0, 2}};
    static const struct sugu_cash_pieces out[] = {{100, 0, 3}, {10, 0, 7}};
    struct sugu_posting_terms terms = {SUGU_POSTING_PAYMENT, 2980,
                                       SUGU_MONEY_BY_CASH,   "kiosk-1",
                                       .pieces = whole,      .pieces_count = 4};

    ck_assert_int_eq(sugu_cash_owed_yen(whole, 4, 2980), 0);
    ck_assert_str_eq(lines_of(&terms), "cash kiosk-1 10000, cash kiosk-1 -7020, receivable -2980");
    terms.pieces = short_by_20;
    terms.pieces_count = 3;
    ck_assert_int_eq(sugu_cash_owed_yen(short_by_20, 3, 2980), 20);
    ck_assert_str_eq(
        lines_of(&terms),
        "cash kiosk-1 10000, cash kiosk-1 -7000, deposit change -20, receivable -2980");
    terms.pieces = too_much;
    terms.pieces_count = 2;
    ck_assert_str_eq(lines_of(&terms),
                     "cash kiosk-1 3000, cash kiosk-1 -30, over-short 10, receivable -2980");
    terms = (struct sugu_posting_terms){
        SUGU_POSTING_CASH_RETURNED, 0, SUGU_MONEY_BY_CASH, "kiosk-1", .pieces = back,
        .pieces_count = 2};
    ck_assert_str_eq(lines_of(&terms), "cash kiosk-1 1000, cash kiosk-1 -1000");
    terms = (struct sugu_posting_terms){SUGU_POSTING_REFUND, 390,           SUGU_MONEY_BY_CASH,
                                        "kiosk-1",           .pieces = out, .pieces_count = 2};
    ck_assert_str_eq(lines_of(&terms), "refund-payable 390, cash kiosk-1 -370, deposit change -20");
    terms.posting = SUGU_POSTING_DEPOSIT_REFUNDED;
    ck_assert_str_eq(lines_of(&terms), "deposit 390, cash kiosk-1 -370, deposit change -20");
}
END_TEST

START_TEST(a_kiosk_is_filled_emptied_and_found_short_or_over)
{
    static const struct sugu_cash_pieces filled[] = {{100, 50, 0}};
    static const struct sugu_cash_pieces emptied[] = {{1000, 0, 9}};
    static const struct sugu_cash_pieces fewer[] = {{50, 0, 1}};
    static const struct sugu_cash_pieces more[] = {{10, 3, 0}};

    ck_assert_str_eq(lines_of(&(struct sugu_posting_terms){SUGU_POSTING_FLOAT_FILLED, 5000,
                                                           .where = "kiosk-1", .other = "bag-8",
                                                           .pieces = filled, .pieces_count = 1}),
                     "cash-float kiosk-1 5000, cash-in-transit bag-8 -5000");
    ck_assert_str_eq(lines_of(&(struct sugu_posting_terms){SUGU_POSTING_CASH_EMPTIED, 9000,
                                                           .where = "kiosk-1", .other = "bag-9",
                                                           .pieces = emptied, .pieces_count = 1}),
                     "cash-in-transit bag-9 9000, cash kiosk-1 -9000");
    ck_assert_str_eq(
        lines_of(&(struct sugu_posting_terms){SUGU_POSTING_SHORT, 50, .where = "kiosk-1",
                                              .pieces = fewer, .pieces_count = 1}),
        "over-short 50, cash kiosk-1 -50");
    ck_assert_str_eq(
        lines_of(&(struct sugu_posting_terms){SUGU_POSTING_SHORT, -30, .where = "kiosk-1",
                                              .pieces = more, .pieces_count = 1}),
        "over-short -30, cash kiosk-1 30");
}
END_TEST

START_TEST(methods_are_those_of_the_attempts)
{
    enum sugu_money_method method = SUGU_MONEY_METHOD_COUNT;

    ck_assert(sugu_money_method_find("on-file", &method));
    ck_assert_int_eq(method, SUGU_MONEY_BY_ON_FILE);
    ck_assert(!sugu_money_method_find("nothing-due", &method));
    ck_assert(!sugu_money_method_find("", &method));
    ck_assert_str_eq(sugu_account_class(SUGU_ACCOUNT_DEPOSIT), "liabilities");
}
END_TEST

SUGU_TEST_MAIN("ledger",
               each_posting_debits_and_credits_its_accounts,
               nothing_is_posted_for_nothing,
               cash_is_what_came_and_went_by_pieces,
               a_kiosk_is_filled_emptied_and_found_short_or_over,
               methods_are_those_of_the_attempts)
