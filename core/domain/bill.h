/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bill - one visit's bill as values: lines, categories of the receipt, totals that add up
 *
 * A line is either insured (points of one, count) or self-pay (category SELF: yen of all, tax
 * included). Amounts of an announced bill are the fee module's; what is checked here is that they
 * add up, and for bills of the built-in calculator that the copay is that of the rule. The states
 * are in bill-machine.h.
 */
#pragma once

#include "domain/bill-machine.h"
#include "domain/copay.h"

#include <stddef.h>

/* Limits of the wire (bounds.def). */
#define SUGU_BILL_LINES_MAX     300
#define SUGU_BILL_NAME_SIZE     121 /* with the NUL */
#define SUGU_BILL_CODE_SIZE     10
#define SUGU_BILL_COUNT_MAX     9999
#define SUGU_LINE_POINTS_MAX    INT64_C(9999999)
#define SUGU_CATEGORY_CODE_SIZE 5

/*
 * Categories of the receipt in the order of the printed form: parts of the fee table under the
 * codes that the receipt computer uses (domain/fee-module.md section 4), and what insurance does
 * not cover.
 */
#define SUGU_CATEGORIES(X)                                                                         \
    X(A00) /* initial and repeat visits */                                                         \
    X(A10) /* hospital stay */                                                                     \
    X(B00) /* medical management */                                                                \
    X(C00) /* home care */                                                                         \
    X(D00) /* tests */                                                                             \
    X(E00) /* imaging */                                                                           \
    X(F00) /* medication */                                                                        \
    X(G00) /* injection */                                                                         \
    X(H00) /* rehabilitation */                                                                    \
    X(I00) /* psychiatric therapy */                                                               \
    X(J00) /* treatment */                                                                         \
    X(K00) /* surgery */                                                                           \
    X(L00) /* anaesthesia */                                                                       \
    X(M00) /* radiotherapy */                                                                      \
    X(N00) /* pathology */                                                                         \
    X(SELF)

#define SUGU_CATEGORY(name) SUGU_CATEGORY_##name,
enum sugu_category { SUGU_CATEGORIES(SUGU_CATEGORY) SUGU_CATEGORY_COUNT };
#undef SUGU_CATEGORY

struct sugu_bill_line {
    enum sugu_category category;
    char act_code[SUGU_BILL_CODE_SIZE]; /* 9 digits; "" where the fee module gives none */
    char name[SUGU_BILL_NAME_SIZE];
    struct sugu_points points; /* of one; 0 on self-pay lines */
    uint32_t count;            /* 1 … SUGU_BILL_COUNT_MAX */
    struct sugu_yen yen;       /* of all; 0 on insured lines */
};

struct sugu_bill_totals {
    struct sugu_points points;
    struct sugu_yen copay, self_pay, total;
};

struct sugu_bill {
    uint32_t ratio_percent; /* patient's share of the insured lines */
    struct sugu_bill_totals totals;
    size_t line_count;
    struct sugu_bill_line lines[SUGU_BILL_LINES_MAX];
};

/* "A00" … "SELF". */
const char *sugu_category_code(enum sugu_category category);
bool sugu_category_find(const char *code, enum sugu_category *ret_category);

/*
 * Points and self-pay of the lines, per category of the receipt. REFUSED "bill.lines" for a line
 * that is not one of the two kinds, or "money.out-of-range".
 */
struct sugu_bill_sums {
    struct sugu_points points[SUGU_CATEGORY_COUNT];
    struct sugu_points all_points;
    struct sugu_yen self_pay;
};
enum sugu_status sugu_bill_sum(const struct sugu_bill_line *lines,
                               size_t count,
                               struct sugu_bill_sums *ret_sums,
                               struct sugu_error *reterr) SUGU_MUST_CHECK;

/*
 * Fills bill->totals from its lines and ratio by the copay rule of `date`. REFUSED as above, or
 * "bill.no-rule" for a ratio without a rule.
 */
enum sugu_status
sugu_bill_total(struct sugu_bill *bill, uint32_t date, struct sugu_error *reterr) SUGU_MUST_CHECK;

/*
 * Does an announced bill add up: points and self-pay are those of its lines, the total is copay and
 * self-pay, nothing is negative or too large? REFUSED "bill.does-not-add-up" with what differs. The
 * copay itself is believed: it may be lowered by a subsidy or a ceiling.
 */
enum sugu_status sugu_bill_check(const struct sugu_bill *bill,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;

/*
 * Is the copay the one of the rule of `date`? REFUSED "bill.copay-differs". For the built-in
 * calculator and for the staff's list of differences.
 */
enum sugu_status sugu_bill_check_copay(const struct sugu_bill *bill,
                                       uint32_t date,
                                       struct sugu_error *reterr) SUGU_MUST_CHECK;
