/* SPDX-License-Identifier: Apache-2.0 */
/*
 * statement - the itemised statement (診療明細書)
 *
 * Every line of the bill under its category, with points, count and total; lines outside insurance
 * in yen. As many pages as it takes: each carries the heads, the patient and, where a category goes
 * on, its name again.
 */
#include "papers/layouts-private.h"

#include "domain/era.h"
#include "papers/official-private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define GAP 7.0

static const struct sugu_type row_type = {10.5, false, SUGU_ALIGN_LEFT};
static const struct sugu_type bold_type = {10.5, true, SUGU_ALIGN_LEFT};

static const struct sugu_column columns[] = {
    {5.2, SUGU_ALIGN_LEFT},  /* item */
    {1.3, SUGU_ALIGN_RIGHT}, /* points or yen of one */
    {1.3, SUGU_ALIGN_RIGHT}, /* count */
    {1.6, SUGU_ALIGN_RIGHT}, /* total */
};

struct statement_page {
    const Sugu__PrintPaper *order;
    const Sugu__Receipt *receipt;
    bool with_english;
    const char *carried; /* category that goes on over the page, NULL between two */
};

static void
put_category(struct sugu_sheet *sheet, const char *name)
{
    const char *const texts[] = {name, "", "", ""};

    sugu_official_row(sheet, columns, SUGU_ARRAY_SIZE(columns), texts, &bold_type, 0.96);
}

static void
put_head(struct sugu_sheet *sheet, const struct statement_page *page)
{
    const Sugu__Receipt *receipt = page->receipt;
    static const struct sugu_type value_type = {10.5, false, SUGU_ALIGN_CENTER};
    char visit[SUGU_DATE_TEXT_SIZE], number[24], ratio[32], name[240];

    sugu_era_text_both(receipt->visit_date, visit);
    snprintf(number, sizeof number, "%" PRIu64, receipt->receipt_number);
    sugu_official_ratio(receipt->bill->ratio_percent, ratio, sizeof ratio);
    snprintf(name, sizeof name, "%s　様", receipt->patient_name);
    {
        const struct sugu_cell first[] = {
            {1.0, SUGU_TEXT_PATIENT_NUMBER, receipt->patient_number, value_type},
            {2.6, SUGU_TEXT_PATIENT_NAME, name, {12, true, SUGU_ALIGN_CENTER}},
            {1.9, SUGU_TEXT_VISIT_DATE, visit, value_type},
        };
        const struct sugu_cell second[] = {
            {1.5, SUGU_TEXT_DEPARTMENT, receipt->bill->department_name, value_type},
            {1.6, SUGU_TEXT_INSURANCE, receipt->insurance, value_type},
            {1.0, SUGU_TEXT_RATIO, ratio, value_type},
            {1.0, SUGU_TEXT_RECEIPT_NUMBER, number, value_type},
        };
        sugu_official_cells(sheet, first, SUGU_ARRAY_SIZE(first), 36, page->with_english);
        sugu_official_cells(sheet, second, SUGU_ARRAY_SIZE(second), 36, page->with_english);
    }
    sheet->y += GAP;
}

static void
put_table_head(struct sugu_sheet *sheet, bool with_english)
{
    static const enum sugu_paper_text heads[] = {SUGU_TEXT_ITEM, SUGU_TEXT_POINTS, SUGU_TEXT_TIMES,
                                                 SUGU_TEXT_LINE_TOTAL};
    char words[SUGU_ARRAY_SIZE(heads)][60];
    const char *texts[SUGU_ARRAY_SIZE(heads)];

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(heads); i++) {
        sugu_official_label(heads[i], with_english, words[i], sizeof words[i]);
        texts[i] = words[i];
    }
    sugu_sheet_rule(sheet, sheet->margin, sheet->y, sugu_sheet_inner(sheet), 1);
    sugu_official_row(sheet, columns, SUGU_ARRAY_SIZE(columns), texts,
                      &(struct sugu_type){9, false, SUGU_ALIGN_LEFT}, 0.9);
}

static void
on_page(struct sugu_sheet *sheet, const void *user)
{
    const struct statement_page *page = user;
    char words[160];

    sugu_official_copy_mark(sheet, page->receipt->copy, page->with_english);
    sugu_official_page_number(sheet, page->receipt->receipt_number);
    sugu_sheet_paragraph(sheet, &(struct sugu_type){21, true, SUGU_ALIGN_CENTER}, 0,
                         sugu_paper_text(SUGU_TEXT_STATEMENT_TITLE, true));
    if (page->with_english)
        sugu_sheet_paragraph(sheet, &(struct sugu_type){9.5, false, SUGU_ALIGN_CENTER}, 0,
                             sugu_paper_text(SUGU_TEXT_STATEMENT_TITLE, false));
    sheet->y += GAP;
    put_head(sheet, page);
    put_table_head(sheet, page->with_english);
    if (page->carried) {
        sugu_paper_text_with(SUGU_TEXT_CONTINUED, true, page->carried, words, sizeof words);
        put_category(sheet, words);
    }
}

static void
put_line(struct sugu_sheet *sheet, const Sugu__BillLine *line, bool is_self_pay)
{
    char unit[SUGU_AMOUNT_TEXT_SIZE], count[SUGU_AMOUNT_TEXT_SIZE], total[SUGU_AMOUNT_TEXT_SIZE];
    const char *const texts[] = {line->name, unit, count, total};

    sugu_count_text(line->count, count);
    if (is_self_pay) {
        /* A unit price is shown only where the whole is made of equal yen. */
        if (line->count > 0 && line->yen % line->count == 0)
            sugu_yen_text(sugu_yen(line->yen / line->count), true, unit);
        else
            unit[0] = '\0';
        sugu_yen_text(sugu_yen(line->yen), true, total);
    } else {
        sugu_count_text(line->points, unit);
        sugu_count_text((int64_t)line->points * line->count, total);
    }
    sugu_official_row(sheet, columns, SUGU_ARRAY_SIZE(columns), texts, &row_type, 1);
}

/* A sum under the lines: `label` with `value` in it, the amount at the right. */
static void
put_sum(struct sugu_sheet *sheet, enum sugu_paper_text text, const char *value, const char *amount)
{
    static const struct sugu_column sum_columns[] = {{7.0, SUGU_ALIGN_RIGHT},
                                                     {2.4, SUGU_ALIGN_RIGHT}};
    char label[160];
    const char *const texts[] = {label, amount};

    sugu_paper_text_with(text, /* in_japanese= */ true, value, label, sizeof label);
    sugu_official_row(sheet, sum_columns, SUGU_ARRAY_SIZE(sum_columns), texts, &bold_type, 1);
}

static void
put_lines_of(struct sugu_sheet *sheet,
             struct statement_page *page,
             enum sugu_category category,
             const struct sugu_bill_sums *sums)
{
    const Sugu__Bill *bill = page->receipt->bill;
    const struct sugu_category_name *text = sugu_category_name(category);
    bool is_self_pay = category == SUGU_CATEGORY_SELF, is_begun = false;
    char name[120], amount[SUGU_AMOUNT_TEXT_SIZE];

    snprintf(name, sizeof name, page->with_english ? "%s %s" : "%s", text->ja, text->en);
    for (size_t i = 0; i < bill->n_lines; i++) {
        if (!sugu_line_is_of(bill->lines[i], category))
            continue;
        if (!is_begun) {
            sugu_sheet_need(sheet, 40); /* no name of a category alone at the foot of a page */
            put_category(sheet, name);
            page->carried = name;
            is_begun = true;
        }
        put_line(sheet, bill->lines[i], is_self_pay);
    }
    if (!is_begun)
        return;
    if (is_self_pay)
        sugu_yen_text(sums->self_pay, true, amount);
    else
        sugu_points_text(sums->points[category], amount);
    put_sum(sheet, SUGU_TEXT_CATEGORY_TOTAL, text->ja, amount);
    page->carried = NULL;
}

static void
put_end(struct sugu_sheet *sheet,
        const struct statement_page *page,
        const struct sugu_bill_sums *sums)
{
    const Sugu__Receipt *receipt = page->receipt;
    char amount[SUGU_AMOUNT_TEXT_SIZE], words[400];

    sheet->y += GAP;
    sugu_sheet_need(sheet, 130);
    sugu_sheet_rule(sheet, sheet->margin, sheet->y, sugu_sheet_inner(sheet), 1);
    sugu_points_text(sums->all_points, amount);
    put_sum(sheet, SUGU_TEXT_POINTS_TOTAL, "", amount);
    put_sum(sheet, SUGU_TEXT_COPAY, "",
            sugu_yen_text(sugu_yen(receipt->bill->copay_yen), true, amount));
    put_sum(sheet, SUGU_TEXT_SELF_PAY_YEN, "",
            sugu_yen_text(sugu_yen(receipt->bill->self_pay_yen), true, amount));
    put_sum(sheet, SUGU_TEXT_BILLED_TOTAL, "",
            sugu_yen_text(sugu_yen(receipt->bill->total_yen), true, amount));
    sheet->y += GAP;
    sugu_sheet_paragraph(sheet, &(struct sugu_type){12, true, SUGU_ALIGN_LEFT}, 1,
                         *receipt->facility_name ? receipt->facility_name
                                                 : page->order->facility_name);
    snprintf(words, sizeof words, *receipt->facility_phone ? "%s　TEL %s" : "%s%s",
             receipt->facility_address, receipt->facility_phone);
    sugu_sheet_paragraph(sheet, &(struct sugu_type){9.5, false, SUGU_ALIGN_LEFT}, 4, words);
    snprintf(words, sizeof words, "※%s", sugu_paper_text(SUGU_TEXT_TAX_NOTE, true));
    sugu_sheet_paragraph(sheet, &(struct sugu_type){9, false, SUGU_ALIGN_LEFT}, 0, words);
    snprintf(words, sizeof words, "※%s", sugu_paper_text(SUGU_TEXT_STATEMENT_NOTE, true));
    sugu_sheet_paragraph(sheet, &(struct sugu_type){9, false, SUGU_ALIGN_LEFT}, 0, words);
    if (page->with_english) {
        snprintf(words, sizeof words, "%s %s", sugu_paper_text(SUGU_TEXT_TAX_NOTE, false),
                 sugu_paper_text(SUGU_TEXT_STATEMENT_NOTE, false));
        sugu_sheet_paragraph(sheet, &(struct sugu_type){8, false, SUGU_ALIGN_LEFT}, 0, words);
    }
}

enum sugu_status
sugu_statement_layout(struct sugu_sheet *sheet,
                      const Sugu__PrintPaper *order,
                      struct sugu_error *reterr)
{
    struct statement_page page = {order, order->receipt,
                                  !sugu_language_is_japanese(order->language), NULL};
    struct sugu_bill_sums sums;
    enum sugu_status status = sugu_bill_read(order->receipt->bill, &sums, reterr);

    if (status != SUGU_OK)
        return status;
    sheet->on_page = on_page;
    sheet->user = &page;
    sugu_sheet_begin(sheet);
    for (unsigned i = 0; i < SUGU_CATEGORY_COUNT; i++)
        put_lines_of(sheet, &page, (enum sugu_category)i, &sums);
    put_end(sheet, &page, &sums);
    return SUGU_OK;
}
