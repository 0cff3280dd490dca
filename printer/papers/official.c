/* SPDX-License-Identifier: Apache-2.0 */
/*
 * official - parts that receipt and statement share
 */
#include "papers/official-private.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#define LINE         0.6
#define PAD          4.0
#define LABEL_HEIGHT 15.0
#define LABEL_GRAY   0.93

void
sugu_official_label(enum sugu_paper_text text, bool with_english, char *to, size_t size)
{
    if (with_english)
        snprintf(to, size, "%s %s", sugu_paper_text(text, true), sugu_paper_text(text, false));
    else
        snprintf(to, size, "%s", sugu_paper_text(text, true));
}

void
sugu_official_cells(struct sugu_sheet *sheet,
                    const struct sugu_cell *cells,
                    size_t count,
                    double height,
                    bool with_english)
{
    static const struct sugu_type label_type = {8.5, false, SUGU_ALIGN_CENTER};
    double shares = 0, x = sheet->margin;

    sugu_sheet_need(sheet, height);
    for (size_t i = 0; i < count; i++)
        shares += cells[i].share;
    for (size_t i = 0; i < count; i++) {
        double width = sugu_sheet_inner(sheet) * cells[i].share / shares;
        struct sugu_box label = {x, sheet->y, width, LABEL_HEIGHT};
        struct sugu_box label_text = {x + 2, sheet->y, width - 4, LABEL_HEIGHT};
        struct sugu_box value = {x + PAD, sheet->y + LABEL_HEIGHT, width - 2 * PAD,
                                 height - LABEL_HEIGHT};
        char words[160];

        sugu_official_label(cells[i].label, with_english, words, sizeof words);
        sugu_sheet_fill(sheet, &label, LABEL_GRAY);
        sugu_sheet_frame(sheet, &label, LINE);
        sugu_sheet_one_line(sheet, &label_text, &label_type, words);
        sugu_sheet_frame(sheet, &(struct sugu_box){x, sheet->y, width, height}, LINE);
        sugu_sheet_text(sheet, &value, &cells[i].type, cells[i].value);
        x += width;
    }
    sheet->y += height;
}

void
sugu_official_heading(struct sugu_sheet *sheet, enum sugu_paper_text text, bool with_english)
{
    char words[160];

    sugu_official_label(text, with_english, words, sizeof words);
    sugu_sheet_paragraph(sheet, &(struct sugu_type){11, true, SUGU_ALIGN_LEFT}, 2, words);
}

void
sugu_official_row(struct sugu_sheet *sheet,
                  const struct sugu_column *columns,
                  size_t count,
                  const char *const *texts,
                  const struct sugu_type *type,
                  double gray)
{
    double shares = 0, widths[SUGU_COLUMNS_MAX], height = 0, x = sheet->margin;

    assert(count <= SUGU_COLUMNS_MAX);
    for (size_t i = 0; i < count; i++)
        shares += columns[i].share;
    for (size_t i = 0; i < count; i++) {
        double text_height;
        widths[i] = sugu_sheet_inner(sheet) * columns[i].share / shares;
        text_height = sugu_sheet_text_height(sheet, widths[i] - 2 * PAD, type, texts[i]);
        height = text_height > height ? text_height : height;
    }
    height += 2;
    sugu_sheet_need(sheet, height);
    if (gray < 1)
        sugu_sheet_fill(sheet, &(struct sugu_box){x, sheet->y, sugu_sheet_inner(sheet), height},
                        gray);
    for (size_t i = 0; i < count; i++) {
        struct sugu_type cell_type = {type->size, type->is_bold, columns[i].align};
        sugu_sheet_text(sheet,
                        &(struct sugu_box){x + PAD, sheet->y + 1, widths[i] - 2 * PAD, height - 2},
                        &cell_type, texts[i]);
        x += widths[i];
    }
    sheet->y += height;
    sugu_sheet_rule(sheet, sheet->margin, sheet->y, sugu_sheet_inner(sheet), 0.4);
}

void
sugu_official_copy_mark(struct sugu_sheet *sheet, uint32_t copy, bool with_english)
{
    struct sugu_box box = {sheet->width - sheet->margin - 92, sheet->margin, 92, 32};
    struct sugu_box text_box = {box.x + 3, box.y + 1, box.width - 6, box.height - 2};
    char words[64];

    if (copy == 0)
        return;
    sugu_official_label(SUGU_TEXT_REISSUED, with_english, words, sizeof words);
    sugu_sheet_frame(sheet, &box, 1.8);
    sugu_sheet_one_line(sheet, &text_box, &(struct sugu_type){19, true, SUGU_ALIGN_CENTER}, words);
}

void
sugu_official_page_number(struct sugu_sheet *sheet, uint64_t receipt_number)
{
    struct sugu_box box = {sheet->margin, sheet->height - sheet->margin - 8,
                           sugu_sheet_inner(sheet), 0};
    char words[80];

    /* The total is not known in the measuring run; its place takes no room in the text. */
    snprintf(words, sizeof words, "No. %" PRIu64 "　　%u / %u", receipt_number, sheet->page,
             sheet->pages_total);
    sugu_sheet_text(sheet, &box, &(struct sugu_type){9, false, SUGU_ALIGN_CENTER}, words);
}

void
sugu_official_ratio(uint32_t percent, char *to, size_t size)
{
    if (percent % 10 == 0)
        snprintf(to, size, "%u割（%u%%）", percent / 10, percent);
    else
        snprintf(to, size, "%u%%", percent);
}
