/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layouts - the layouts behind paper.h
 *
 * Each lays its order out on a sheet whose size, margin and foot are set; called twice (sheet.h).
 */
#pragma once

#include "domain/receipt.h"
#include "papers/paper.h"

enum sugu_status sugu_ticket_layout(struct sugu_sheet *sheet,
                                    const Sugu__PrintPaper *order,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;
enum sugu_status sugu_receipt_layout(struct sugu_sheet *sheet,
                                     const Sugu__PrintPaper *order,
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;
enum sugu_status sugu_claim_layout(struct sugu_sheet *sheet,
                                   const Sugu__PrintPaper *order,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;
enum sugu_status sugu_statement_layout(struct sugu_sheet *sheet,
                                       const Sugu__PrintPaper *order,
                                       struct sugu_error *reterr) SUGU_MUST_CHECK;

/*
 * The sums of a bill's lines, held against the totals that the bill states. REFUSED
 * "bill.does-not-add-up" or "bill.lines": such a receipt must not be handed out.
 */
enum sugu_status sugu_bill_read(const Sugu__Bill *bill,
                                struct sugu_bill_sums *ret_sums,
                                struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Is this a line of the category? Lines of a bill that was read have known categories only. */
bool sugu_line_is_of(const Sugu__BillLine *line, enum sugu_category category);

/* The day in Japan on which something was issued, YYYYMMDD; 0 for a time before or after all days.
 */
uint32_t sugu_day_in_japan(int64_t utc_us);
