/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample-orders - orders to print as a hospital's day brings them, and the extreme ones
 *
 * Everything an order points at lives in the sample itself: keep it while the order is used.
 */
#pragma once

#include "protocol/message.h"

#define SAMPLE_LINES_MAX 300

struct sample_order {
    Sugu__PrintPaper order; /* hand &sample.order on */
    Sugu__Ticket ticket;
    Sugu__Receipt receipt;
    Sugu__Claim claim;
    Sugu__Bill bill;
    Sugu__BillLine lines[SAMPLE_LINES_MAX];
    Sugu__BillLine *line_places[SAMPLE_LINES_MAX];
    char names[SAMPLE_LINES_MAX][128];
    Sugu__ReceiptPart part, *part_list[1];
    struct sugu_id paper, visit, bill_id, token;
};

/* A ticket for department 内科 with three people before. `language` "ja", "en" … */
void sample_ticket(struct sample_order *sample, const char *language, uint64_t seed);
/* A receipt or statement of a usual visit: nine acts, one item outside insurance, paid by card. */
void sample_receipt(struct sample_order *sample,
                    Sugu__PaperKind kind,
                    const char *language,
                    uint64_t seed);

/* A slip over 940 yen, PAPER_CLAIM or PAPER_REFUND. */
void sample_claim(struct sample_order *sample,
                  Sugu__PaperKind kind,
                  const char *language,
                  uint64_t seed);

/* Takes all lines away; add others, then sample_bill_total. */
void sample_bill_clear(struct sample_order *sample);
void sample_bill_add(struct sample_order *sample,
                     const char *category,
                     const char *name,
                     uint32_t points,
                     uint32_t count,
                     int64_t yen);
/* Totals from the lines at 30 %, rounded to 10 yen; everything counts as paid. */
void sample_bill_total(struct sample_order *sample);
