/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sheet - pages to lay a paper out on
 */
#include "papers/sheet.h"

#include <assert.h>
#include <pango/pangocairo.h>
#include <string.h>

#define SHRINK_STEP   0.96
#define TYPE_SIZE_MIN 2.0 /* nothing that the bounds of the wire allow gets this small */

void
sugu_sheet_init(struct sugu_sheet *sheet, cairo_t *cr)
{
    cairo_font_options_t *options = cairo_font_options_create();

    sheet->cr = cr;
    sheet->pango = pango_font_map_create_context(pango_cairo_font_map_get_default());
    pango_cairo_context_set_resolution(sheet->pango, 72); /* a point of type is a point of paper */
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(sheet->pango, options);
    cairo_font_options_destroy(options);
    pango_context_set_language(sheet->pango, pango_language_from_string("ja"));
    pango_context_set_round_glyph_positions(sheet->pango, FALSE);
}

void
sugu_sheet_done(struct sugu_sheet *sheet)
{
    g_object_unref(sheet->pango);
    sheet->pango = NULL;
}

static void
begin_page(struct sugu_sheet *sheet)
{
    sheet->page++;
    sheet->y = sheet->margin;
    cairo_set_source_rgb(sheet->cr, 0, 0, 0);
    if (sheet->on_page)
        sheet->on_page(sheet, sheet->user);
}

void
sugu_sheet_begin(struct sugu_sheet *sheet)
{
    sheet->page = 0;
    sheet->is_too_long = false;
    begin_page(sheet);
}

void
sugu_sheet_need(struct sugu_sheet *sheet, double height)
{
    if (sheet->height <= 0 || sheet->y + height <= sheet->height - sheet->margin - sheet->foot)
        return;
    if (sheet->page >= SUGU_SHEET_PAGES_MAX) {
        sheet->is_too_long = true;
        return;
    }
    sheet->end_page(sheet->surface_owner, sheet);
    begin_page(sheet);
}

double
sugu_sheet_inner(const struct sugu_sheet *sheet)
{
    return sheet->width - 2 * sheet->margin;
}

/* `width` in points, negative for one line without an end. Free with g_object_unref. */
static PangoLayout *
make_layout(struct sugu_sheet *sheet, double width, const struct sugu_type *type, const char *text)
{
    static const PangoAlignment alignments[] = {
        [SUGU_ALIGN_LEFT] = PANGO_ALIGN_LEFT,
        [SUGU_ALIGN_CENTER] = PANGO_ALIGN_CENTER,
        [SUGU_ALIGN_RIGHT] = PANGO_ALIGN_RIGHT,
    };
    PangoLayout *layout = pango_layout_new(sheet->pango);
    PangoFontDescription *font = pango_font_description_from_string(SUGU_SHEET_FONT);
    char *clean = g_strdup(text);

    /* Control characters have no glyph; a line end is the only one that our own texts use. */
    for (char *at = clean; *at; at++)
        if ((unsigned char)*at < 0x20 && *at != '\n')
            *at = ' ';
    pango_font_description_set_size(font, (gint)(type->size * PANGO_SCALE));
    pango_font_description_set_weight(font,
                                      type->is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, clean, -1);
    pango_layout_set_alignment(layout, alignments[type->align]);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_width(layout, width < 0 ? -1 : (int)(width * PANGO_SCALE));
    pango_font_description_free(font);
    g_free(clean);
    return layout;
}

static void
layout_size(PangoLayout *layout, double *ret_width, double *ret_height)
{
    PangoRectangle logical;

    pango_layout_get_extents(layout, NULL, &logical);
    *ret_width = (double)logical.width / PANGO_SCALE;
    *ret_height = (double)logical.height / PANGO_SCALE;
}

static void
show_at(struct sugu_sheet *sheet, PangoLayout *layout, double x, double y)
{
    cairo_move_to(sheet->cr, x, y);
    pango_cairo_show_layout(sheet->cr, layout);
}

double
sugu_sheet_text(struct sugu_sheet *sheet,
                const struct sugu_box *box,
                const struct sugu_type *type,
                const char *text)
{
    struct sugu_type shrunk = *type;
    double width, height;

    for (;;) {
        PangoLayout *layout = make_layout(sheet, box->width, &shrunk, text);
        layout_size(layout, &width, &height);
        if (box->height <= 0 || height <= box->height || shrunk.size < TYPE_SIZE_MIN) {
            /* Shorter text stands in the middle of a box with a height. */
            double lead = box->height > height ? (box->height - height) / 2 : 0;
            show_at(sheet, layout, box->x, box->y + lead);
            g_object_unref(layout);
            return height;
        }
        g_object_unref(layout);
        shrunk.size *= SHRINK_STEP;
    }
}

double
sugu_sheet_text_height(struct sugu_sheet *sheet,
                       double width,
                       const struct sugu_type *type,
                       const char *text)
{
    PangoLayout *layout = make_layout(sheet, width, type, text);
    double used, height;

    layout_size(layout, &used, &height);
    g_object_unref(layout);
    return height;
}

/* One line that fits into the box's width, and where it begins. Free with g_object_unref. */
static PangoLayout *
make_line(struct sugu_sheet *sheet,
          const struct sugu_box *box,
          const struct sugu_type *type,
          const char *text,
          double *ret_x)
{
    struct sugu_type shrunk = *type;
    PangoLayout *layout = make_layout(sheet, -1, type, text);
    double width, height;

    layout_size(layout, &width, &height);
    if (width > box->width) {
        g_object_unref(layout);
        shrunk.size *= box->width / width * 0.995;
        layout = make_layout(sheet, -1, &shrunk, text);
        layout_size(layout, &width, &height);
    }
    *ret_x = box->x;
    if (type->align == SUGU_ALIGN_CENTER)
        *ret_x += (box->width - width) / 2;
    else if (type->align == SUGU_ALIGN_RIGHT)
        *ret_x += box->width - width;
    return layout;
}

double
sugu_sheet_one_line(struct sugu_sheet *sheet,
                    const struct sugu_box *box,
                    const struct sugu_type *type,
                    const char *text)
{
    double x, width, height;
    PangoLayout *layout = make_line(sheet, box, type, text, &x);

    layout_size(layout, &width, &height);
    show_at(sheet, layout, x, box->y + (box->height > height ? (box->height - height) / 2 : 0));
    g_object_unref(layout);
    return height;
}

double
sugu_sheet_ink_line(struct sugu_sheet *sheet,
                    const struct sugu_box *box,
                    const struct sugu_type *type,
                    const char *text)
{
    PangoRectangle ink;
    double x;
    PangoLayout *layout = make_line(sheet, box, type, text, &x);

    pango_layout_get_extents(layout, &ink, NULL);
    show_at(sheet, layout, x, box->y - (double)ink.y / PANGO_SCALE);
    g_object_unref(layout);
    return (double)ink.height / PANGO_SCALE;
}

void
sugu_sheet_paragraph(struct sugu_sheet *sheet,
                     const struct sugu_type *type,
                     double gap,
                     const char *text)
{
    struct sugu_box box = {sheet->margin, sheet->y, sugu_sheet_inner(sheet), 0};

    sheet->y += sugu_sheet_text(sheet, &box, type, text) + gap;
}

void
sugu_sheet_rule(struct sugu_sheet *sheet, double x, double y, double width, double thickness)
{
    cairo_set_line_width(sheet->cr, thickness);
    cairo_move_to(sheet->cr, x, y);
    cairo_line_to(sheet->cr, x + width, y);
    cairo_stroke(sheet->cr);
}

void
sugu_sheet_frame(struct sugu_sheet *sheet, const struct sugu_box *box, double thickness)
{
    cairo_set_line_width(sheet->cr, thickness);
    cairo_rectangle(sheet->cr, box->x, box->y, box->width, box->height);
    cairo_stroke(sheet->cr);
}

void
sugu_sheet_fill(struct sugu_sheet *sheet, const struct sugu_box *box, double gray)
{
    cairo_save(sheet->cr);
    cairo_set_source_rgb(sheet->cr, gray, gray, gray);
    cairo_rectangle(sheet->cr, box->x, box->y, box->width, box->height);
    cairo_fill(sheet->cr);
    cairo_restore(sheet->cr);
}

enum sugu_status
sugu_sheet_font_check(struct sugu_error *reterr)
{
    PangoFontFamily **families;
    int count;
    bool is_there = false;

    pango_font_map_list_families(pango_cairo_font_map_get_default(), &families, &count);
    for (int i = 0; i < count; i++)
        if (strcmp(pango_font_family_get_name(families[i]), SUGU_SHEET_FONT) == 0)
            is_there = true;
    g_free(families);
    return is_there ? SUGU_OK
                    : sugu_fail(reterr, SUGU_BROKEN, "printer.font-missing",
                                "%s not among %d fonts", SUGU_SHEET_FONT, count);
}
