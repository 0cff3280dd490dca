/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paper - an order to print becomes a document that a printer takes
 */
#include "papers/paper.h"

#include "papers/layouts-private.h"
#include "papers/raster-private.h"
#include "papers/texts.h"

#include <assert.h>
#include <cairo-pdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICKET_WIDTH  SUGU_MM(80)
#define TICKET_MARGIN SUGU_MM(4) /* thermal heads of 80 mm printers are 72 mm wide */
#define A4_WIDTH      SUGU_MM(210)
#define A4_HEIGHT     SUGU_MM(297)
#define A4_MARGIN     SUGU_MM(12)
#define A4_FOOT       SUGU_MM(6)

typedef enum sugu_status (*layout_function)(struct sugu_sheet *sheet,
                                            const Sugu__PrintPaper *order,
                                            struct sugu_error *reterr);

/* On the 80 mm roll, as long as it needs to be. */
static bool
is_slip(const Sugu__PrintPaper *order)
{
    return order->kind == SUGU__PAPER_KIND__PAPER_TICKET ||
           order->kind == SUGU__PAPER_KIND__PAPER_CLAIM ||
           order->kind == SUGU__PAPER_KIND__PAPER_REFUND;
}

static void
set_sheet(struct sugu_sheet *sheet, const Sugu__PrintPaper *order)
{
    bool is_ticket = is_slip(order);

    *sheet = (struct sugu_sheet){
        .width = is_ticket ? TICKET_WIDTH : A4_WIDTH,
        .height = is_ticket ? 0 : A4_HEIGHT,
        .margin = is_ticket ? TICKET_MARGIN : A4_MARGIN,
        .foot = is_ticket ? 0 : A4_FOOT,
    };
}

/* The layout for the order's kind; NULL where the order lacks its content. */
static layout_function
find_layout(const Sugu__PrintPaper *order)
{
    bool has_ticket =
        order->content_case == SUGU__PRINT_PAPER__CONTENT_TICKET && order->ticket != NULL;
    bool has_receipt = order->content_case == SUGU__PRINT_PAPER__CONTENT_RECEIPT &&
                       order->receipt != NULL && order->receipt->bill != NULL;

    if (order->kind == SUGU__PAPER_KIND__PAPER_TICKET)
        return has_ticket ? sugu_ticket_layout : NULL;
    if (is_slip(order))
        return order->content_case == SUGU__PRINT_PAPER__CONTENT_CLAIM && order->claim
                   ? sugu_claim_layout
                   : NULL;
    if (order->kind == SUGU__PAPER_KIND__PAPER_RECEIPT)
        return has_receipt ? sugu_receipt_layout : NULL;
    return has_receipt ? sugu_statement_layout : NULL;
}

static void
end_measured_page(void *surface_owner, struct sugu_sheet *sheet)
{
    (void)surface_owner;
    (void)sheet;
}

static enum sugu_status
run_layout(layout_function layout,
           struct sugu_sheet *sheet,
           cairo_t *cr,
           const Sugu__PrintPaper *order,
           struct sugu_error *reterr)
{
    enum sugu_status status;

    sugu_sheet_init(sheet, cr);
    status = layout(sheet, order, reterr);
    sugu_sheet_done(sheet);
    if (status == SUGU_OK && sheet->is_too_long)
        status = sugu_fail(reterr, SUGU_BROKEN, "printer.layout", "more than %d pages",
                           SUGU_SHEET_PAGES_MAX);
    if (status == SUGU_OK && cairo_status(cr) != CAIRO_STATUS_SUCCESS)
        status = sugu_fail(reterr, SUGU_BROKEN, "printer.layout", "cairo: %s",
                           cairo_status_to_string(cairo_status(cr)));
    return status;
}

/* Runs the layout on nothing; leaves the page count and a ticket's length in `sheet`. */
static enum sugu_status
measure(layout_function layout,
        struct sugu_sheet *sheet,
        const Sugu__PrintPaper *order,
        struct sugu_error *reterr)
{
    cairo_surface_t *surface =
        cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, /* extents= */ NULL);
    cairo_t *cr = cairo_create(surface);
    enum sugu_status status;

    sheet->end_page = end_measured_page;
    status = run_layout(layout, sheet, cr, order, reterr);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    sheet->pages_total = sheet->page;
    if (sheet->height <= 0)
        sheet->height = sheet->y + sheet->margin;
    return status;
}

struct stream {
    uint8_t *bytes;
    size_t size, room;
};

static cairo_status_t
append(void *closure, const unsigned char *bytes, unsigned size)
{
    struct stream *stream = closure;

    if (stream->size + size > stream->room) {
        size_t room = (stream->size + size) * 2;
        uint8_t *larger = realloc(stream->bytes, room);
        if (!larger)
            return CAIRO_STATUS_NO_MEMORY;
        stream->bytes = larger;
        stream->room = room;
    }
    memcpy(stream->bytes + stream->size, bytes, size);
    stream->size += size;
    return CAIRO_STATUS_SUCCESS;
}

static void
end_pdf_page(void *surface_owner, struct sugu_sheet *sheet)
{
    (void)surface_owner;
    cairo_show_page(sheet->cr);
}

/*
 * What the file says of itself: which paper it is, of which hospital. A spool or a viewer shows it
 * to anybody, so nothing of the patient stands there. Official papers are Japanese ones.
 */
static void
set_title(cairo_surface_t *surface, const Sugu__PrintPaper *order)
{
    static const enum sugu_paper_text titles[] = {
        [SUGU__PAPER_KIND__PAPER_TICKET] = SUGU_TEXT_DOCUMENT_TICKET,
        [SUGU__PAPER_KIND__PAPER_RECEIPT] = SUGU_TEXT_DOCUMENT_RECEIPT,
        [SUGU__PAPER_KIND__PAPER_STATEMENT] = SUGU_TEXT_DOCUMENT_STATEMENT,
        [SUGU__PAPER_KIND__PAPER_CLAIM] = SUGU_TEXT_DOCUMENT_CLAIM,
        [SUGU__PAPER_KIND__PAPER_REFUND] = SUGU_TEXT_DOCUMENT_REFUND,
    };
    bool in_japanese = !is_slip(order) || sugu_language_is_japanese(order->language);
    char title[600]; /* longer than any name: cut inside a character it would be no text */

    assert((size_t)order->kind < sizeof titles / sizeof titles[0]);
    snprintf(title, sizeof title, "%s%s%s", sugu_paper_text(titles[order->kind], in_japanese),
             order->facility_name[0] ? " – " : "", order->facility_name);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "sugu-printer");
}

static enum sugu_status
render_pdf(layout_function layout,
           struct sugu_sheet *sheet,
           const Sugu__PrintPaper *order,
           struct sugu_paper *paper,
           struct sugu_error *reterr)
{
    struct stream stream = {.bytes = NULL};
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(append, &stream, sheet->width, sheet->height);
    cairo_t *cr = cairo_create(surface);
    enum sugu_status status;

    set_title(surface, order);
    sheet->end_page = end_pdf_page;
    status = run_layout(layout, sheet, cr, order, reterr);
    cairo_show_page(cr);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    if (status == SUGU_OK && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        status = sugu_fail(reterr, SUGU_BROKEN, "printer.layout", "cairo: %s",
                           cairo_status_to_string(cairo_surface_status(surface)));
    cairo_surface_destroy(surface);
    if (status != SUGU_OK) {
        free(stream.bytes);
        return status;
    }
    paper->bytes = stream.bytes;
    paper->size = stream.size;
    return SUGU_OK;
}

static enum sugu_status
render_raster(layout_function layout,
              struct sugu_sheet *sheet,
              const Sugu__PrintPaper *order,
              unsigned dots_per_inch,
              struct sugu_paper *paper,
              struct sugu_error *reterr)
{
    struct sugu_raster *raster =
        sugu_raster_new(sheet->width, sheet->height, dots_per_inch, sheet->pages_total);
    enum sugu_status status;

    if (!raster)
        return sugu_fail(reterr, SUGU_BROKEN, "printer.layout", "no memory for %u dpi",
                         dots_per_inch);
    sheet->end_page = sugu_raster_end_page;
    sheet->surface_owner = raster;
    status = run_layout(layout, sheet, sugu_raster_cairo(raster), order, reterr);
    if (status == SUGU_OK)
        sugu_raster_end_page(raster, sheet);
    if (sugu_raster_finish(raster, &paper->bytes, &paper->size) || status != SUGU_OK)
        return status;
    return sugu_fail(reterr, SUGU_BROKEN, "printer.layout", "the raster could not be written");
}

enum sugu_status
sugu_paper_render(const Sugu__PrintPaper *order,
                  enum sugu_paper_format format,
                  unsigned dots_per_inch,
                  struct sugu_paper *ret_paper,
                  struct sugu_error *reterr)
{
    layout_function layout = find_layout(order);
    struct sugu_sheet sheet;
    struct sugu_paper paper = {.bytes = NULL};
    enum sugu_status status;

    if (!layout)
        return sugu_fail(reterr, SUGU_BROKEN, "printer.layout", "an order without its content");
    set_sheet(&sheet, order);
    status = measure(layout, &sheet, order, reterr);
    if (status != SUGU_OK)
        return status;
    switch (format) {
    case SUGU_PAPER_PDF:
        status = render_pdf(layout, &sheet, order, &paper, reterr);
        break;
    case SUGU_PAPER_PWG_RASTER:
        status = render_raster(layout, &sheet, order, dots_per_inch, &paper, reterr);
        break;
    }
    if (status != SUGU_OK) {
        sugu_paper_done(&paper);
        return status;
    }
    assert(sheet.page == sheet.pages_total);
    paper.pages = sheet.page;
    paper.width = sheet.width;
    paper.height = sheet.height;
    *ret_paper = paper;
    return SUGU_OK;
}

void
sugu_paper_done(struct sugu_paper *paper)
{
    if (paper->bytes)
        explicit_bzero(paper->bytes, paper->size);
    free(paper->bytes);
    paper->bytes = NULL;
    paper->size = 0;
}
