/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt - the official receipt (領収証) for an outpatient's payment
 *
 * Fields and categories: domain/fee-module.md section 4 (points per part of the fee table, what is
 * outside insurance by name and amount, the share, what was billed, received and is left, the tax
 * note, the mark of a reissued copy). A4, one page; more where very many items are outside
 * insurance.
 */
#include "papers/layouts-private.h"

#include "domain/era.h"
#include "papers/official-private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define GRID_COLUMNS    5
#define GRID_ROWS       ((SUGU_RECEIPT_COLUMN_COUNT + GRID_COLUMNS - 1) / GRID_COLUMNS)
#define CELL_HEIGHT     37.0
#define NAME_HEIGHT_MAX 40.0 /* a longer name gets smaller letters */
#define GAP             9.0

static const struct sugu_type value_type = {11, false, SUGU_ALIGN_CENTER};
static const struct sugu_type value_bold = {12, true, SUGU_ALIGN_CENTER};
static const struct sugu_type points_type = {12, false, SUGU_ALIGN_RIGHT};
static const struct sugu_type note_type = {9, false, SUGU_ALIGN_LEFT};

/* What the parts of the page need to know; lives during one layout. */
struct receipt_page {
    const Sugu__PrintPaper *order;
    const Sugu__Receipt *receipt;
    struct sugu_bill_sums sums;
    bool with_english;
    bool is_in_self_pay; /* the table goes on over the page */
};

static void
put_title(struct sugu_sheet *sheet, const struct receipt_page *page)
{
    enum sugu_paper_text title =
        page->receipt->is_deposit ? SUGU_TEXT_DEPOSIT_TITLE : SUGU_TEXT_RECEIPT_TITLE;

    sugu_sheet_paragraph(sheet, &(struct sugu_type){25, true, SUGU_ALIGN_CENTER}, 0,
                         sugu_paper_text(title, true));
    if (page->with_english)
        sugu_sheet_paragraph(sheet, &(struct sugu_type){10, false, SUGU_ALIGN_CENTER}, 0,
                             sugu_paper_text(title, false));
    sheet->y += GAP;
}

static void
put_name(struct sugu_sheet *sheet, const struct receipt_page *page)
{
    static const struct sugu_type name_type = {16, true, SUGU_ALIGN_LEFT};
    double width = sugu_sheet_inner(sheet) * 0.72, height;
    struct sugu_box box = {sheet->margin + 4, sheet->y, width - 8, 0};
    char words[240];

    snprintf(words, sizeof words, "%s　様", page->receipt->patient_name);
    height = sugu_sheet_text_height(sheet, box.width, &name_type, words);
    box.height = height > NAME_HEIGHT_MAX ? NAME_HEIGHT_MAX : height;
    sugu_sheet_text(sheet, &box, &name_type, words);
    sugu_sheet_rule(sheet, sheet->margin, sheet->y + box.height + 1, width, 0.8);
    sheet->y += box.height + GAP;
}

static void
put_particulars(struct sugu_sheet *sheet, const struct receipt_page *page)
{
    const Sugu__Receipt *receipt = page->receipt;
    char visit[SUGU_DATE_TEXT_SIZE], issued[SUGU_DATE_TEXT_SIZE], number[24], ratio[32];

    sugu_era_text_both(receipt->visit_date, visit);
    sugu_era_text_both(sugu_day_in_japan(receipt->issued_utc_us), issued);
    snprintf(number, sizeof number, "%" PRIu64, receipt->receipt_number);
    sugu_official_ratio(receipt->bill->ratio_percent, ratio, sizeof ratio);
    {
        const struct sugu_cell first[] = {
            {1.1, SUGU_TEXT_PATIENT_NUMBER, receipt->patient_number, value_type},
            {1.9, SUGU_TEXT_VISIT_DATE, visit, value_type},
            {1.4, SUGU_TEXT_DEPARTMENT, receipt->bill->department_name, value_type},
            {1.0, SUGU_TEXT_IN_OUT, sugu_paper_text(SUGU_TEXT_OUTPATIENT, true), value_type},
        };
        const struct sugu_cell second[] = {
            {1.5, SUGU_TEXT_INSURANCE, receipt->insurance, value_type},
            {0.9, SUGU_TEXT_RATIO, ratio, value_type},
            {1.9, SUGU_TEXT_ISSUED, issued, value_type},
            {1.0, SUGU_TEXT_RECEIPT_NUMBER, number, value_type},
            {0.9, SUGU_TEXT_TICKET, receipt->ticket_number, value_type},
        };
        sugu_official_cells(sheet, first, SUGU_ARRAY_SIZE(first), 35, page->with_english);
        sugu_official_cells(sheet, second, SUGU_ARRAY_SIZE(second), 35, page->with_english);
    }
    sheet->y += GAP;
}

/* One square of the grid: name of the category above its points. */
static void
put_square(struct sugu_sheet *sheet,
           const struct sugu_box *box,
           enum sugu_category category,
           struct sugu_points points,
           bool with_english)
{
    static const struct sugu_type name_type = {8.5, false, SUGU_ALIGN_CENTER};
    double strip = with_english ? 20 : 15;
    struct sugu_box label = {box->x, box->y, box->width, strip};
    struct sugu_box label_text = {box->x + 2, box->y, box->width - 4, strip};
    struct sugu_box value = {box->x + 5, box->y + strip, box->width - 10, box->height - strip};
    const struct sugu_category_name *text = sugu_category_name(category);
    char words[SUGU_AMOUNT_TEXT_SIZE], name[160];

    snprintf(name, sizeof name, "%s%s%s", text->ja, with_english ? "\n" : "",
             with_english ? text->en : "");
    sugu_sheet_fill(sheet, &label, 0.93);
    sugu_sheet_frame(sheet, &label, 0.5);
    sugu_sheet_text(sheet, &label_text, &name_type, name);
    sugu_sheet_frame(sheet, box, 0.5);
    if (points.value > 0)
        sugu_sheet_one_line(sheet, &value, &points_type, sugu_points_text(points, words));
}

static void
put_points(struct sugu_sheet *sheet, const struct receipt_page *page)
{
    double width = sugu_sheet_inner(sheet) / GRID_COLUMNS;
    double height = CELL_HEIGHT + (page->with_english ? 2 : 0);
    unsigned rows = GRID_ROWS;

    sugu_official_heading(sheet, SUGU_TEXT_INSURED, page->with_english);
    for (unsigned i = 0; i < SUGU_RECEIPT_COLUMN_COUNT; i++) {
        unsigned row = i / GRID_COLUMNS, column = i % GRID_COLUMNS;
        struct sugu_box box = {sheet->margin + column * width, sheet->y + row * height, width,
                               height};
        put_square(sheet, &box, (enum sugu_category)i, page->sums.points[i], page->with_english);
    }
    sheet->y += rows * height;
    {
        const struct sugu_column columns[] = {{4, SUGU_ALIGN_RIGHT}, {1, SUGU_ALIGN_RIGHT}};
        char total[SUGU_AMOUNT_TEXT_SIZE], label[100];
        const char *const texts[] = {label, total};
        sugu_official_label(SUGU_TEXT_POINTS_TOTAL, page->with_english, label, sizeof label);
        sugu_points_text(page->sums.all_points, total);
        sugu_official_row(sheet, columns, 2, texts, &value_bold, 1);
    }
    sheet->y += GAP;
}

static const struct sugu_column self_pay_columns[] = {{4, SUGU_ALIGN_LEFT},
                                                      {2.4, SUGU_ALIGN_RIGHT}};

static void
put_self_pay_head(struct sugu_sheet *sheet, bool with_english)
{
    char item[100], amount[100];
    const char *const heads[] = {item, amount};

    sugu_official_heading(sheet, SUGU_TEXT_SELF_PAY, with_english);
    sugu_official_label(SUGU_TEXT_SELF_PAY_ITEM, with_english, item, sizeof item);
    sugu_official_label(SUGU_TEXT_SELF_PAY_AMOUNT, with_english, amount, sizeof amount);
    sugu_official_row(sheet, self_pay_columns, 2, heads,
                      &(struct sugu_type){8.5, false, SUGU_ALIGN_LEFT}, 0.93);
}

/* What is outside insurance, by name and amount. */
static void
put_self_pay(struct sugu_sheet *sheet, struct receipt_page *page)
{
    static const struct sugu_type row_type = {10.5, false, SUGU_ALIGN_LEFT};
    const Sugu__Bill *bill = page->receipt->bill;
    bool is_none = true;

    sugu_sheet_need(sheet, 60);
    put_self_pay_head(sheet, page->with_english);
    page->is_in_self_pay = true;
    for (size_t i = 0; i < bill->n_lines; i++) {
        const Sugu__BillLine *line = bill->lines[i];
        char yen[SUGU_AMOUNT_TEXT_SIZE];
        const char *const texts[] = {line->name, yen};
        if (!sugu_line_is_of(line, SUGU_CATEGORY_SELF))
            continue;
        sugu_yen_text(sugu_yen(line->yen), /* in_japanese= */ true, yen);
        sugu_official_row(sheet, self_pay_columns, 2, texts, &row_type, 1);
        is_none = false;
    }
    page->is_in_self_pay = false;
    if (is_none) {
        char none[60];
        const char *const texts[] = {none, ""};
        sugu_official_label(SUGU_TEXT_SELF_PAY_NONE, page->with_english, none, sizeof none);
        sugu_official_row(sheet, self_pay_columns, 2, texts, &row_type, 1);
    }
    sheet->y += GAP;
}

static enum sugu_paper_text
method_text(Sugu__PaymentMethod method)
{
    switch (method) {
    case SUGU__PAYMENT_METHOD__METHOD_CARD:
        return SUGU_TEXT_BY_CARD;
    case SUGU__PAYMENT_METHOD__METHOD_CASH:
    case SUGU__PAYMENT_METHOD__METHOD_DESK:
        return method == SUGU__PAYMENT_METHOD__METHOD_CASH ? SUGU_TEXT_BY_CASH : SUGU_TEXT_BY_DESK;
    case SUGU__PAYMENT_METHOD__METHOD_CODE:
        return SUGU_TEXT_BY_CODE;
    case SUGU__PAYMENT_METHOD__METHOD_ON_FILE:
        return SUGU_TEXT_BY_ON_FILE;
    case SUGU__PAYMENT_METHOD__METHOD_NOTHING_DUE:
    case _SUGU__PAYMENT_METHOD_IS_INT_SIZE:
        break;
    }
    return SUGU_TEXT_BY_NOTHING;
}

/* "クレジットカード　VISA ****1234", with its yen where there are several ways; returns the bytes.
 */
static size_t
part_text(const struct receipt_page *page, const Sugu__ReceiptPart *part, char *to, size_t size)
{
    char method[100], yen[SUGU_AMOUNT_TEXT_SIZE] = "";
    bool is_card = part->method == SUGU__PAYMENT_METHOD__METHOD_CARD ||
                   part->method == SUGU__PAYMENT_METHOD__METHOD_ON_FILE;
    int length;

    sugu_official_label(method_text(part->method), page->with_english, method, sizeof method);
    if (page->receipt->n_parts > 1)
        sugu_yen_text(sugu_yen(part->yen), /* in_japanese= */ true, yen);
    if (is_card && (*part->brand || *part->last4))
        length = snprintf(to, size, "%s%s%s%s%s%s%s", method, *yen ? "　" : "\n", part->brand,
                          *part->last4 ? " ****" : "", part->last4, *yen ? "　" : "", yen);
    else
        length = snprintf(to, size, "%s%s%s", method, *yen ? "　" : "", yen);
    return length > 0 && (size_t)length < size ? (size_t)length : size - 1;
}

static void
payment_text(const struct receipt_page *page, char *to, size_t size)
{
    const Sugu__Receipt *receipt = page->receipt;
    size_t at = 0;

    if (receipt->paid_yen == 0) {
        sugu_official_label(SUGU_TEXT_BY_NOTHING, page->with_english, to, size);
        return;
    }
    for (size_t i = 0; i < receipt->n_parts && at + 2 < size; i++) {
        if (i > 0)
            to[at++] = '\n';
        at += part_text(page, receipt->parts[i], to + at, size - at);
    }
}

/* The sums on the left: what it cost and what was asked for. */
static double
put_amounts(struct sugu_sheet *sheet, const struct receipt_page *page, double width)
{
    const Sugu__Bill *bill = page->receipt->bill;
    int64_t remaining = bill->total_yen - bill->waived_yen - page->receipt->paid_yen;
    const struct {
        enum sugu_paper_text label;
        int64_t yen;
        bool is_bold;
    } rows[] = {
        {SUGU_TEXT_COPAY, bill->copay_yen, false},
        {SUGU_TEXT_SELF_PAY_YEN, bill->self_pay_yen, false},
        {SUGU_TEXT_BILLED_NOW, bill->total_yen, true},
        {bill->waived_yen > 0 ? SUGU_TEXT_WAIVED : SUGU_TEXT_BALANCE_BEFORE, -bill->waived_yen,
         false},
        {SUGU_TEXT_BILLED_TOTAL, bill->total_yen - bill->waived_yen, true},
        {SUGU_TEXT_REMAINING, remaining > 0 ? remaining : 0, false},
    };
    double height = 24, y = sheet->y;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++, y += height) {
        struct sugu_box box = {sheet->margin, y, width, height};
        struct sugu_box label_box = {box.x + 6, y, width * 0.6 - 6, height};
        struct sugu_box yen_box = {box.x + width * 0.6, y, width * 0.4 - 8, height};
        char label[160], yen[SUGU_AMOUNT_TEXT_SIZE];
        sugu_official_label(rows[i].label, page->with_english, label, sizeof label);
        sugu_yen_text(sugu_yen(rows[i].yen), /* in_japanese= */ true, yen);
        sugu_sheet_frame(sheet, &box, 0.5);
        sugu_sheet_text(sheet, &label_box,
                        &(struct sugu_type){10.5, rows[i].is_bold, SUGU_ALIGN_LEFT}, label);
        sugu_sheet_one_line(sheet, &yen_box,
                            &(struct sugu_type){12.5, rows[i].is_bold, SUGU_ALIGN_RIGHT}, yen);
    }
    return y - sheet->y;
}

/* The amount received, large, with how it was paid. */
static void
put_received(struct sugu_sheet *sheet,
             const struct receipt_page *page,
             double x,
             double width,
             double height)
{
    struct sugu_box box = {x, sheet->y, width, height};
    char label[100], yen[SUGU_AMOUNT_TEXT_SIZE], method[600];

    sugu_official_label(page->receipt->is_deposit ? SUGU_TEXT_DEPOSITED : SUGU_TEXT_RECEIVED,
                        page->with_english, label, sizeof label);
    sugu_yen_text(sugu_yen(page->receipt->paid_yen), /* in_japanese= */ true, yen);
    payment_text(page, method, sizeof method);
    sugu_sheet_fill(sheet, &box, 0.96);
    sugu_sheet_frame(sheet, &box, 1.6);
    sugu_sheet_one_line(sheet, &(struct sugu_box){x + 8, box.y + 8, width - 16, 20},
                        &(struct sugu_type){13, true, SUGU_ALIGN_CENTER}, label);
    sugu_sheet_one_line(sheet, &(struct sugu_box){x + 8, box.y + 32, width - 16, 50},
                        &(struct sugu_type){32, true, SUGU_ALIGN_CENTER}, yen);
    sugu_sheet_text(sheet, &(struct sugu_box){x + 8, box.y + 92, width - 16, height - 98},
                    &(struct sugu_type){11, false, SUGU_ALIGN_CENTER}, method);
}

/* The box for the seal, with the round mark that a paid receipt carries. */
static void
put_seal(struct sugu_sheet *sheet, const struct receipt_page *page, const struct sugu_box *box)
{
    double radius = 30, x = box->x + box->width / 2, y = box->y + 15 + (box->height - 15) / 2;
    struct sugu_box label = {box->x, box->y, box->width, 15};
    char words[80], date[48];
    uint32_t day = sugu_day_in_japan(page->receipt->issued_utc_us), year = 0;

    sugu_official_label(SUGU_TEXT_SEAL, page->with_english, words, sizeof words);
    sugu_sheet_fill(sheet, &label, 0.93);
    sugu_sheet_frame(sheet, &label, 0.5);
    sugu_sheet_one_line(sheet, &label, &(struct sugu_type){8.5, false, SUGU_ALIGN_CENTER}, words);
    sugu_sheet_frame(sheet, box, 0.5);
    if (page->receipt->is_deposit ||
        page->receipt->paid_yen + page->receipt->bill->waived_yen <
            page->receipt->bill->total_yen ||
        !sugu_era_find(day, &year))
        return; /* no seal under a receipt that leaves something to pay */
    snprintf(date, sizeof date, "%u.%u.%u", year, day / 100 % 100, day % 100);
    cairo_set_line_width(sheet->cr, 1.4);
    cairo_arc(sheet->cr, x, y, radius, 0, 6.2832);
    cairo_stroke(sheet->cr);
    sugu_sheet_rule(sheet, x - radius + 2.5, y - 9, 2 * radius - 5, 0.9);
    sugu_sheet_rule(sheet, x - radius + 2.5, y + 9, 2 * radius - 5, 0.9);
    sugu_sheet_one_line(sheet, &(struct sugu_box){x - 20, y - 27, 40, 18},
                        &(struct sugu_type){10, true, SUGU_ALIGN_CENTER},
                        sugu_paper_text(SUGU_TEXT_SEAL_DONE, true));
    sugu_sheet_one_line(sheet, &(struct sugu_box){x - 27, y - 9, 54, 18},
                        &(struct sugu_type){11, true, SUGU_ALIGN_CENTER}, date);
    sugu_sheet_one_line(sheet, &(struct sugu_box){x - 19, y + 9.5, 38, 15},
                        &(struct sugu_type){8, true, SUGU_ALIGN_CENTER}, "Sugu");
}

static void
put_facility(struct sugu_sheet *sheet, const struct receipt_page *page)
{
    const Sugu__Receipt *receipt = page->receipt;
    struct sugu_box seal = {sheet->width - sheet->margin - 100, sheet->y, 100, 90};
    double width = sugu_sheet_inner(sheet) - 112, y = sheet->y;
    const char *name =
        *receipt->facility_name ? receipt->facility_name : page->order->facility_name;
    char phone[40];

    y += sugu_sheet_text(sheet, &(struct sugu_box){sheet->margin, y, width, 0},
                         &(struct sugu_type){15, true, SUGU_ALIGN_LEFT}, name);
    y += sugu_sheet_text(sheet, &(struct sugu_box){sheet->margin, y + 2, width, 0},
                         &(struct sugu_type){10.5, false, SUGU_ALIGN_LEFT},
                         receipt->facility_address);
    snprintf(phone, sizeof phone, *receipt->facility_phone ? "TEL %s" : "%s",
             receipt->facility_phone);
    y += sugu_sheet_text(sheet, &(struct sugu_box){sheet->margin, y + 2, width, 0},
                         &(struct sugu_type){10.5, false, SUGU_ALIGN_LEFT}, phone);
    put_seal(sheet, page, &seal);
    sheet->y = y + 4 > seal.y + seal.height ? y + 4 : seal.y + seal.height;
    sheet->y += GAP;
}

static void
put_note(struct sugu_sheet *sheet, enum sugu_paper_text text, bool with_english, const char *value)
{
    char words[400], mark[410];

    sugu_paper_text_with(text, /* in_japanese= */ true, value, words, sizeof words);
    snprintf(mark, sizeof mark, "※%s", words);
    sugu_sheet_paragraph(sheet, &note_type, 0, mark);
    if (with_english) {
        sugu_paper_text_with(text, /* in_japanese= */ false, value, words, sizeof words);
        sugu_sheet_paragraph(sheet, &(struct sugu_type){8, false, SUGU_ALIGN_LEFT}, 1, words);
    }
}

static void
on_page(struct sugu_sheet *sheet, const void *user)
{
    const struct receipt_page *page = user;

    sugu_official_copy_mark(sheet, page->receipt->copy, page->with_english);
    if (sheet->pages_total > 1)
        sugu_official_page_number(sheet, page->receipt->receipt_number);
    put_title(sheet, page);
    put_name(sheet, page);
    if (page->is_in_self_pay)
        put_self_pay_head(sheet, page->with_english);
}

enum sugu_status
sugu_receipt_layout(struct sugu_sheet *sheet,
                    const Sugu__PrintPaper *order,
                    struct sugu_error *reterr)
{
    struct receipt_page page = {
        order, order->receipt, {.self_pay = {0}}, !sugu_language_is_japanese(order->language)};
    double left = sugu_sheet_inner(sheet) * 0.58, height;
    char copy[16];
    enum sugu_status status = sugu_bill_read(order->receipt->bill, &page.sums, reterr);

    if (status != SUGU_OK)
        return status;
    sheet->on_page = on_page;
    sheet->user = &page;
    sugu_sheet_begin(sheet);
    put_particulars(sheet, &page);
    put_points(sheet, &page);
    put_self_pay(sheet, &page);
    sugu_sheet_need(sheet, page.with_english ? 345 : 300); /* amounts to notes stay together */
    height = put_amounts(sheet, &page, left);
    put_received(sheet, &page, sheet->margin + left + 10, sugu_sheet_inner(sheet) - left - 10,
                 height);
    sheet->y += height + GAP * 1.5;
    put_facility(sheet, &page);
    snprintf(copy, sizeof copy, "%u", order->receipt->copy);
    if (order->receipt->copy > 0)
        put_note(sheet, SUGU_TEXT_COPY_NOTE, page.with_english, copy);
    put_note(sheet, order->receipt->is_deposit ? SUGU_TEXT_DEPOSIT_NOTE : SUGU_TEXT_KEEP_NOTE,
             page.with_english, "");
    put_note(sheet, SUGU_TEXT_TAX_NOTE, page.with_english, "");
    return SUGU_OK;
}
