/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sheet - pages to lay a paper out on: text that wraps and shrinks but is never cut, lines, boxes
 *
 * Lengths are points (1/72 inch) from the upper left corner. A layout runs twice: the first run
 * measures (pages, length of a ticket), the second draws; both see the same metrics because hinting
 * is off. Text is set in Noto Sans CJK JP with Japanese glyph forms.
 */
#pragma once

#include "base/status.h"

#include <cairo.h>
#include <pango/pango.h>
#include <stdbool.h>
#include <stdint.h>

#define SUGU_MM(length)      ((length)*72.0 / 25.4)
#define SUGU_SHEET_PAGES_MAX 60
#define SUGU_SHEET_FONT      "Noto Sans CJK JP"

enum sugu_align {
    SUGU_ALIGN_LEFT,
    SUGU_ALIGN_CENTER,
    SUGU_ALIGN_RIGHT,
};

struct sugu_type {
    double size; /* points */
    bool is_bold;
    enum sugu_align align;
};

struct sugu_box {
    double x, y, width;
    double height; /* 0 = as high as the text gets; else the text shrinks into it */
};

struct sugu_sheet {
    cairo_t *cr;
    double width, height; /* of a page; height 0 while a ticket is measured */
    double margin;
    double y;             /* where the next block begins */
    double foot;          /* kept free at the end of each page, above the margin */
    uint32_t page;        /* present page, from 1 */
    uint32_t pages_total; /* 0 while measuring */
    PangoContext *pango;
    bool is_too_long; /* more than SUGU_SHEET_PAGES_MAX pages were wanted */
    /* Called on every new page, the first included: heads that every page carries. */
    void (*on_page)(struct sugu_sheet *sheet, const void *user);
    const void *user;
    /* Ends the present page; of whoever owns the surface. */
    void (*end_page)(void *surface_owner, struct sugu_sheet *sheet);
    void *surface_owner;
};

/* The sheet draws on `cr` (not owned) until sugu_sheet_done. */
void sugu_sheet_init(struct sugu_sheet *sheet, cairo_t *cr);
void sugu_sheet_done(struct sugu_sheet *sheet);

/* Begins the first page: cursor at the margin, then on_page. */
void sugu_sheet_begin(struct sugu_sheet *sheet);
/* Goes to a new page where less than `height` is left on this one. */
void sugu_sheet_need(struct sugu_sheet *sheet, double height);

/* Width between the margins. */
double sugu_sheet_inner(const struct sugu_sheet *sheet);

/*
 * Draws the text and returns the height that it took. It wraps at the box's width; in a box with a
 * height it shrinks until it fits.
 */
double sugu_sheet_text(struct sugu_sheet *sheet,
                       const struct sugu_box *box,
                       const struct sugu_type *type,
                       const char *text);
/* The height that the text would take. */
double sugu_sheet_text_height(struct sugu_sheet *sheet,
                              double width,
                              const struct sugu_type *type,
                              const char *text);
/* As sugu_sheet_text, in one line that shrinks to the box's width. */
double sugu_sheet_one_line(struct sugu_sheet *sheet,
                           const struct sugu_box *box,
                           const struct sugu_type *type,
                           const char *text);

/* As sugu_sheet_one_line, with the ink's upper edge (not the line's) at the box's; returns the
 * height of the ink. For digits so large that the line's own space would be a hole. */
double sugu_sheet_ink_line(struct sugu_sheet *sheet,
                           const struct sugu_box *box,
                           const struct sugu_type *type,
                           const char *text);

/* A paragraph at the cursor between the margins; moves the cursor behind it and `gap`. */
void sugu_sheet_paragraph(struct sugu_sheet *sheet,
                          const struct sugu_type *type,
                          double gap,
                          const char *text);

void sugu_sheet_rule(struct sugu_sheet *sheet, double x, double y, double width, double thickness);
void sugu_sheet_frame(struct sugu_sheet *sheet, const struct sugu_box *box, double thickness);
/* `gray`: 0 black … 1 white. */
void sugu_sheet_fill(struct sugu_sheet *sheet, const struct sugu_box *box, double gray);

/* Is the font of the papers installed? BROKEN "printer.font-missing". */
enum sugu_status sugu_sheet_font_check(struct sugu_error *reterr) SUGU_MUST_CHECK;
