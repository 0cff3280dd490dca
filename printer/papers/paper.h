/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paper - an order to print becomes a document that a printer takes
 *
 * The same layout goes into PDF (text stays text, fonts embedded) or, for devices that take no PDF,
 * into PWG raster (PWG 5102.4, 8-bit gray). A ticket is 80 mm wide and as long as it needs to be;
 * receipt and statement are A4.
 */
#pragma once

#include "papers/sheet.h"

#include "sugu.pb-c.h"

enum sugu_paper_format {
    SUGU_PAPER_PDF,
    SUGU_PAPER_PWG_RASTER,
};

struct sugu_paper {
    uint8_t *bytes;
    size_t size;
    uint32_t pages;
    double width, height; /* of a page, points */
};

/*
 * Lays `order` out. `dots_per_inch` (100 … 1200) counts for raster only. REFUSED "bill.…"
 * where the lines of the bill do not add up to its totals: such a receipt must not be handed out.
 * BROKEN "printer.layout" for an order without content, or more than SUGU_SHEET_PAGES_MAX pages.
 */
enum sugu_status sugu_paper_render(const Sugu__PrintPaper *order,
                                   enum sugu_paper_format format,
                                   unsigned dots_per_inch,
                                   struct sugu_paper *ret_paper,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;
void sugu_paper_done(struct sugu_paper *paper);
