/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt - how categories and amounts of a bill are written on an official receipt
 *
 * Pure. The categories, their order and their sums are those of bill.h; here are their names on the
 * printed form (domain/fee-module.md section 4).
 */
#pragma once

#include "domain/bill.h"

/* All columns of the form that carry points; what follows them is outside insurance. */
#define SUGU_RECEIPT_COLUMN_COUNT SUGU_CATEGORY_SELF

struct sugu_category_name {
    const char *ja; /* 初・再診料 */
    const char *en; /* First and repeat visits */
};

/* Never NULL. */
const struct sugu_category_name *sugu_category_name(enum sugu_category category);

#define SUGU_AMOUNT_TEXT_SIZE (SUGU_YEN_TEXT_SIZE + 8)

/* "12,340円" / "¥12,340" (domain/screens.md section 8). Returns `to`. */
const char *sugu_yen_text(struct sugu_yen yen, bool in_japanese, char to[SUGU_AMOUNT_TEXT_SIZE]);
/* "1,234" and "1,234点". Return `to`. */
const char *sugu_count_text(int64_t count, char to[SUGU_AMOUNT_TEXT_SIZE]);
const char *sugu_points_text(struct sugu_points points, char to[SUGU_AMOUNT_TEXT_SIZE]);
