/* SPDX-License-Identifier: Apache-2.0 */
/*
 * official - parts that receipt and statement share: labelled cells, tables, the facility's block
 *
 * Labels are Japanese; where the patient's language is another one, English stands beside them in
 * small letters.
 */
#pragma once

#include "papers/sheet.h"
#include "papers/texts.h"

#include "sugu.pb-c.h"

struct sugu_cell {
    double share; /* of the row's width, relative to the other cells */
    enum sugu_paper_text label;
    const char *value;
    struct sugu_type type; /* of the value */
};

/* "領収証番号 Receipt no." as one line. */
void sugu_official_label(enum sugu_paper_text text, bool with_english, char *to, size_t size);

/* A framed row of cells, label above value, at the cursor; moves the cursor behind it. */
void sugu_official_cells(struct sugu_sheet *sheet,
                         const struct sugu_cell *cells,
                         size_t count,
                         double height,
                         bool with_english);

/* A heading over a table: bold, with the English behind it. */
void sugu_official_heading(struct sugu_sheet *sheet, enum sugu_paper_text text, bool with_english);

/* One column of a table's row. */
struct sugu_column {
    double share;
    enum sugu_align align;
};
#define SUGU_COLUMNS_MAX 6

/*
 * One row of a table at the cursor, as high as its highest text (each wraps in its column), with a
 * line beneath. Goes to a new page first where it does not fit. `gray` < 1 fills the row.
 */
void sugu_official_row(struct sugu_sheet *sheet,
                       const struct sugu_column *columns,
                       size_t count,
                       const char *const *texts,
                       const struct sugu_type *type,
                       double gray);

/* The mark of a reissued paper in the upper right corner; nothing where `copy` is 0. */
void sugu_official_copy_mark(struct sugu_sheet *sheet, uint32_t copy, bool with_english);

/* Number of the receipt and of the page in the foot, so that pages find each other again. */
void sugu_official_page_number(struct sugu_sheet *sheet, uint64_t receipt_number);

/* "3割(30%)", "25%". */
void sugu_official_ratio(uint32_t percent, char *to, size_t size);
