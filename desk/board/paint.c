/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paint - header, lists, calls, ranges and the line about the connection
 */
#include "paint.h"

#include <pango/pangocairo.h>

#include <math.h>
#include <stdio.h>

#define FAMILY "Noto Sans CJK JP"
#define LATIN  0.75 /* English is legible at three quarters of the Japanese height */
#define LEAST  0.7  /* text that is too long shrinks to this, then it is cut */
#define PI     3.14159265358979323846
#define CORNER 0.28 /* em */

struct section_words {
    const char *sign, *japanese, *english;
    enum board_colour colour;
};

static const struct section_words sections[BOARD_SECTION_COUNT] = {
    [BOARD_NOW] = {"▶", "お呼び出し中", "Now calling", BOARD_COLOUR_CALL},
    [BOARD_BILLS] = {"￥", "お会計できます", "Ready to pay", BOARD_COLOUR_BILL},
    [BOARD_MISSED_LIST] = {"！", "ご不在の方は受付へ", "Missed: see desk", BOARD_COLOUR_MISSED},
    [BOARD_BEFORE] = {"済", "お呼び出し済み", "Called", BOARD_COLOUR_BEFORE},
    [BOARD_WAITS] = {"待", "待ち時間の目安", "Waiting (people, min)", BOARD_COLOUR_WAIT},
};

uint32_t
board_colour(enum board_colour colour)
{
    static const uint32_t colours[] = {
#define BOARD_COLOUR_VALUE(name, value) [BOARD_COLOUR_##name] = value,
        BOARD_COLOURS(BOARD_COLOUR_VALUE)
#undef BOARD_COLOUR_VALUE
    };

    return colours[colour];
}

/* ---------------------------------------------------------------- pieces */

static void
ink(cairo_t *cr, enum board_colour colour)
{
    uint32_t value = board_colour(colour);

    cairo_set_source_rgb(cr, (value >> 16) / 255.0, (value >> 8 & 255) / 255.0,
                         (value & 255) / 255.0);
}

static void
fill_box(cairo_t *cr, const struct board_box *box, double radius, enum board_colour colour)
{
    double x = box->x, y = box->y, width = box->width, height = box->height;

    radius = fmin(radius, fmin(width, height) / 2);
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + width - radius, y + radius, radius, -PI / 2, 0);
    cairo_arc(cr, x + width - radius, y + height - radius, radius, 0, PI / 2);
    cairo_arc(cr, x + radius, y + height - radius, radius, PI / 2, PI);
    cairo_arc(cr, x + radius, y + radius, radius, PI, 1.5 * PI);
    cairo_close_path(cr);
    ink(cr, colour);
    cairo_fill(cr);
}

enum side {
    LEFT,
    MIDDLE,
    RIGHT,
};

struct type {
    double em;
    bool is_bold;
    enum board_colour colour;
    enum side side;
    bool is_whole; /* shrinks as far as it has to: half a number is another one */
};

static PangoLayout *
lay_out(cairo_t *cr, const char *text, double em, bool is_bold)
{
    PangoLayout *layout = pango_cairo_create_layout(cr);
    PangoFontDescription *font = pango_font_description_from_string(FAMILY);
    PangoAttrList *attributes = pango_attr_list_new();

    pango_font_description_set_absolute_size(font, em * PANGO_SCALE);
    pango_font_description_set_weight(font, is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_MEDIUM);
    pango_layout_set_font_description(layout, font);
    pango_attr_list_insert(attributes, pango_attr_language_new(pango_language_from_string("ja")));
    pango_layout_set_attributes(layout, attributes);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    pango_layout_set_text(layout, text, -1);
    pango_attr_list_unref(attributes);
    pango_font_description_free(font);
    return layout;
}

/* One line in the box, centred by the height of a capital H; shrinks, then is cut. Its width. */
static double
write_text(cairo_t *cr, const struct board_box *box, const struct type *type, const char *text)
{
    PangoLayout *layout = lay_out(cr, text, type->em, type->is_bold);
    double em = type->em, x = box->x;
    int width, height;

    pango_layout_get_pixel_size(layout, &width, &height);
    if (width > box->width) {
        em *= fmax(box->width / width * 0.96, type->is_whole ? 0.1 : LEAST);
        g_object_unref(layout);
        layout = lay_out(cr, text, em, type->is_bold);
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
        pango_layout_set_width(layout, (int)(fmax(box->width, 1) * PANGO_SCALE));
        pango_layout_get_pixel_size(layout, &width, &height);
    }
    if (type->side == MIDDLE)
        x += (box->width - width) / 2;
    else if (type->side == RIGHT)
        x += box->width - width;
    ink(cr, type->colour);
    /* The baseline half an H below the middle: kanji and digits of one line agree in all sizes. */
    cairo_move_to(cr, x,
                  box->y + box->height / 2 + em * BOARD_H_PER_EM / 2 -
                      pango_layout_get_baseline(layout) / (double)PANGO_SCALE);
    pango_cairo_show_layout(cr, layout);
    g_object_unref(layout);
    return width;
}

static double
measure(cairo_t *cr, const char *text, double em, bool is_bold)
{
    PangoLayout *layout = lay_out(cr, text, em, is_bold);
    int width;

    pango_layout_get_pixel_size(layout, &width, NULL);
    g_object_unref(layout);
    return width;
}

/* Japanese, then English behind it; or below, where the line is too short and the box high. */
static void
write_both(cairo_t *cr,
           const struct board_box *box,
           const struct type *type,
           const char *japanese,
           const char *english)
{
    struct type latin = {type->em * LATIN, false, type->colour, LEFT, true};
    double used = measure(cr, japanese, type->em, type->is_bold) + type->em * 0.6;
    double more = measure(cr, english, latin.em, false);
    struct board_box upper = *box, lower = *box;

    if (used + more > box->width && box->height > type->em * 2.2 * 0.99) {
        upper.height = box->height * 0.56;
        lower.y = box->y + box->height * 0.52;
        lower.height = box->height * 0.44;
    } else {
        lower.x += used;
        lower.width -= used;
    }
    write_text(cr, &upper, type, japanese);
    if (lower.width > latin.em * 3)
        write_text(cr, &lower, &latin, english);
}

/* A part of a box: from the left, of the width; in its whole height. */
static struct board_box
part_of(const struct board_box *box, double from, double width)
{
    return (struct board_box){box->x + from, box->y, width, box->height};
}

/* ---------------------------------------------------------------- the frame */

static void
paint_header(cairo_t *cr,
             const struct board_layout *layout,
             const struct board_view *view,
             const char *title)
{
    double em = layout->em, clock_em = em * 1.6;
    struct board_box box = layout->header;
    struct board_box name =
        part_of(&box, layout->gap * 2, box.width - layout->gap * 5 - clock_em * 2.9);
    struct board_box clock =
        part_of(&box, box.width - layout->gap * 2 - clock_em * 2.9, clock_em * 2.9);

    fill_box(cr, &box, 0, BOARD_COLOUR_BAR);
    write_text(cr, &name, &(struct type){em * 1.25, true, BOARD_COLOUR_TEXT, LEFT}, title);
    write_text(cr, &clock, &(struct type){clock_em, true, BOARD_COLOUR_TEXT, RIGHT}, view->clock);
}

static void
paint_footer(cairo_t *cr, const struct board_layout *layout, const struct board_view *view)
{
    bool is_alarm = view->line != BOARD_FRESH;
    enum board_colour colour = is_alarm ? BOARD_COLOUR_DARK : BOARD_COLOUR_QUIET;
    struct board_box box = layout->footer;
    struct board_box text = part_of(&box, layout->gap * 2, box.width - layout->gap * 4);
    struct type type = {layout->em, is_alarm, colour, LEFT, true};
    char japanese[160], english[160];

    fill_box(cr, &box, 0, is_alarm ? BOARD_COLOUR_ALARM : BOARD_COLOUR_BAR);
    switch (view->line) {
    case BOARD_FRESH:
        snprintf(japanese, sizeof japanese, "お名前ではなく番号でお呼びします");
        snprintf(english, sizeof english, "We call numbers, not names");
        break;
    case BOARD_CONNECTING:
        snprintf(japanese, sizeof japanese, "！ 接続しています。お待ちください");
        snprintf(english, sizeof english, "Connecting, please wait");
        break;
    case BOARD_STALE:
        snprintf(japanese, sizeof japanese, "！ %s から更新されていません。職員におたずねください",
                 view->since);
        snprintf(english, sizeof english, "Not updated since %s. Please ask the staff",
                 view->since);
        break;
    }
    write_both(cr, &text, &type, japanese, english);
}

static void
paint_title(cairo_t *cr,
            const struct board_layout *layout,
            enum board_section section,
            const struct board_page *page)
{
    const struct section_words *words = &sections[section];
    const struct board_box *box = &layout->areas[section].title;
    struct type type = {layout->em, true, BOARD_COLOUR_DARK, LEFT, true};
    struct type page_type = {layout->em, true, BOARD_COLOUR_DARK, RIGHT};
    double em = layout->em, sign = em * 1.7, pages = page->pages > 1 ? em * 2.4 : 0;
    struct board_box sign_box = part_of(box, 0, sign);
    struct board_box text = part_of(box, sign + em * 0.1, box->width - sign - em * 0.6 - pages);
    struct board_box page_box = part_of(box, box->width - pages - em * 0.4, pages);
    char turned[32];

    fill_box(cr, box, CORNER * em, words->colour);
    write_text(cr, &sign_box, &(struct type){em * 1.1, true, BOARD_COLOUR_DARK, MIDDLE},
               words->sign);
    write_both(cr, &text, &type, words->japanese, words->english);
    if (page->pages > 1) {
        snprintf(turned, sizeof turned, "%u/%u", page->page, page->pages);
        write_text(cr, &page_box, &page_type, turned);
    }
}

/* ---------------------------------------------------------------- calls */

/* In ems of the number. */
#define LABEL_WIDE 2.95 /* "A-042" */
#define LABEL_HIGH 1.1
#define DESK_BELOW 0.42 /* the desk below the number */
#define NAME_BELOW 0.2  /* the department below it */

/* How the calls of a page are written: the fewer they are, the larger. */
struct call_type {
    double number_em;
    double step;   /* from call to call */
    bool is_below; /* the desk stands below the number, not beside it */
};

static struct call_type
type_of_calls(const struct board_layout *layout, size_t count)
{
    const struct board_area *area = &layout->areas[BOARD_NOW];
    const struct board_box *body = &area->body;
    double gap = layout->gap, em = layout->em, high = body->height / (double)count - gap;
    struct call_type beside = {layout->number_em, body->height / (double)area->rows, false};
    struct call_type below = {.is_below = true};

    beside.number_em = fmin(
        high * 0.78, fmax((body->width - BOARD_DESK_WIDE * em) / LABEL_WIDE, layout->number_em));
    beside.step = fmax(beside.step, beside.number_em / 0.78 + gap);
    below.number_em = fmin(high / (LABEL_HIGH + DESK_BELOW * 1.3 + NAME_BELOW * 2.4),
                           (body->width - em * 2.4) / LABEL_WIDE);
    below.step = high + gap;
    return below.number_em > beside.number_em * 1.15 ? below : beside;
}

static void
paint_desk(cairo_t *cr,
           const struct board_box *box,
           const struct board_called *called,
           double em,
           double desk_em)
{
    enum board_colour main = called->is_new ? BOARD_COLOUR_DARK : BOARD_COLOUR_TEXT;
    enum board_colour quiet = called->is_new ? BOARD_COLOUR_DARK : BOARD_COLOUR_QUIET;
    double all = em * 1.25 + desk_em * 1.3 + em * 1.05;
    struct board_box line = {box->x, box->y + (box->height - all) / 2, box->width, em * 1.25};

    if (all > box->height * 1.01) {
        write_text(cr, box, &(struct type){desk_em, true, main, LEFT, true}, called->desk);
        return;
    }
    write_text(cr, &line, &(struct type){em, false, quiet, LEFT}, called->department_name);
    line.y += line.height;
    line.height = desk_em * 1.3;
    write_text(cr, &line, &(struct type){desk_em, true, main, LEFT, true}, called->desk);
    line.y += line.height;
    line.height = em * 1.05;
    write_text(cr, &line, &(struct type){em * 0.9, true, quiet, LEFT}, called->desk_english);
}

static void
paint_call(cairo_t *cr,
           const struct board_layout *layout,
           const struct board_box *box,
           const struct call_type *type,
           const struct board_called *called)
{
    double em = layout->em, sign = em * 1.5, wide = type->number_em * LABEL_WIDE;
    struct board_box number = part_of(box, sign + em * 0.3, wide);
    struct board_box desk = part_of(box, sign + em * 0.7 + wide, 0);
    struct board_box sign_box = part_of(box, em * 0.2, sign);

    if (type->is_below) {
        number.height = type->number_em * LABEL_HIGH;
        sign_box.height = number.height;
        desk = part_of(box, sign + em * 0.3, 0);
        desk.y += number.height;
        desk.height -= number.height;
    }
    desk.width = fmax(box->x + box->width - desk.x - em * 0.4, 1);
    fill_box(cr, box, CORNER * em, called->is_new ? BOARD_COLOUR_CALL : BOARD_COLOUR_CARD);
    if (called->is_new)
        write_text(cr, &sign_box, &(struct type){em * 1.3, true, BOARD_COLOUR_DARK, MIDDLE}, "▶");
    write_text(cr, &number,
               &(struct type){type->number_em, true,
                              called->is_new ? BOARD_COLOUR_DARK : BOARD_COLOUR_CALL, LEFT, true},
               called->number);
    if (type->is_below)
        paint_desk(cr, &desk, called, type->number_em * NAME_BELOW, type->number_em * DESK_BELOW);
    else
        paint_desk(cr, &desk, called, em, fmin(type->number_em * 0.5, em * 2.6));
}

static void
paint_nobody(cairo_t *cr, const struct board_layout *layout, const struct board_box *body)
{
    struct board_box line = {body->x, body->y + body->height / 2 - layout->em * 2.2, body->width,
                             layout->em * 2.4};

    write_text(cr, &line, &(struct type){layout->em * 1.5, true, BOARD_COLOUR_TEXT, MIDDLE, true},
               "番号が表示されるまでお待ちください");
    line.y += line.height;
    write_text(cr, &line, &(struct type){layout->em * 1.1, false, BOARD_COLOUR_QUIET, MIDDLE, true},
               "Please wait until your number appears");
}

static void
paint_now(cairo_t *cr, const struct board_layout *layout, const struct board_view *view)
{
    const struct board_area *area = &layout->areas[BOARD_NOW];
    size_t count = view->pages[BOARD_NOW].count;
    struct call_type type = type_of_calls(layout, count ? count : 1);
    struct board_box rest = area->body;

    for (size_t i = 0; i < count; i++) {
        struct board_box box = {area->body.x, area->body.y + type.step * (double)i,
                                area->body.width, type.step - layout->gap * 0.6};
        paint_call(cr, layout, &box, &type, &view->now[i]);
        rest.y += type.step;
        rest.height -= type.step;
    }
    if (rest.height > layout->em * 6)
        paint_nobody(cr, layout, &rest);
}

/* ---------------------------------------------------------------- lists */

static void
paint_list(cairo_t *cr,
           const struct board_layout *layout,
           enum board_section section,
           const struct board_view *view)
{
    const struct board_area *area = &layout->areas[section];
    double wide = area->body.width / (double)area->columns;
    double high = area->body.height / (double)area->rows, inset = layout->gap * 0.3;
    /* What the table of words calls the section, its numbers are in the same colour. */
    struct type type = {layout->cell_em, true, sections[section].colour, MIDDLE, true};

    high = fmin(high, layout->cell_em * 1.7);
    for (size_t i = 0; i < view->pages[section].count; i++) {
        struct board_box box = {area->body.x + wide * (double)(i % area->columns),
                                area->body.y + high * (double)(i / area->columns), wide, high};
        if (i % area->columns + 1 < area->columns)
            box.width -= inset;
        box.height -= inset;
        fill_box(cr, &box, CORNER * layout->em, BOARD_COLOUR_CARD);
        write_text(cr, &box, &type, view->numbers[section][i]);
    }
    /* Before the first answer nobody knows whether there is none. */
    if (view->pages[section].count == 0 && view->line != BOARD_CONNECTING) {
        struct board_box box = area->body;
        box.height = high;
        write_text(cr, &box, &(struct type){layout->em, false, BOARD_COLOUR_QUIET, MIDDLE},
                   "なし  None");
    }
}

/* Department, people, minutes. On a narrow board the minutes matter more than the people. */
static void
paint_wait(cairo_t *cr,
           const struct board_layout *layout,
           const struct board_box *line,
           const struct board_wait *wait)
{
    double em = layout->em, range = em * 5.8, inner = line->width - em * 0.8;
    double people = inner > em * 15 ? em * 3.6 : 0, name = inner - range - people;
    struct type number = {em * 1.15, true, BOARD_COLOUR_TEXT, RIGHT, true};
    struct board_box box = part_of(line, em * 0.4, name);
    struct board_wait_words words;

    board_wait_write(wait, people > 0, &words);
    write_text(cr, &box, &(struct type){em, false, BOARD_COLOUR_TEXT, LEFT, false},
               wait->department_name);
    if (words.people[0]) {
        box = part_of(line, em * 0.4 + name, people);
        write_text(cr, &box, &number, words.people);
        box = part_of(line, em * 0.4 + name + people, range);
    } else {
        box = part_of(line, em * 0.4 + name, people + range);
    }
    write_text(cr, &box, &number, words.range);
}

static void
paint_waits(cairo_t *cr, const struct board_layout *layout, const struct board_view *view)
{
    const struct board_area *area = &layout->areas[BOARD_WAITS];
    struct board_box line = area->body;

    line.height = fmin(area->body.height / (double)area->rows, layout->em * 2);
    for (size_t i = 0; i < view->pages[BOARD_WAITS].count; i++, line.y += line.height) {
        if (i % 2 == 0)
            fill_box(cr, &line, CORNER * layout->em, BOARD_COLOUR_CARD);
        paint_wait(cr, layout, &line, &view->waits[i]);
    }
}

/* ---------------------------------------------------------------- everything */

static void
paint_section(cairo_t *cr,
              const struct board_layout *layout,
              enum board_section section,
              const struct board_view *view)
{
    paint_title(cr, layout, section, &view->pages[section]);
    if (section == BOARD_NOW)
        paint_now(cr, layout, view);
    else if (section == BOARD_WAITS)
        paint_waits(cr, layout, view);
    else
        paint_list(cr, layout, section, view);
}

void
board_paint(cairo_t *cr,
            const struct board_layout *layout,
            const struct board_view *view,
            const char *title)
{
    fill_box(cr, &(struct board_box){0, 0, layout->width, layout->height}, 0, BOARD_COLOUR_GROUND);
    paint_header(cr, layout, view, title);
    paint_footer(cr, layout, view);
    for (unsigned section = 0; section < BOARD_SECTION_COUNT; section++)
        if (view->pages[section].pages > 0)
            paint_section(cr, layout, (enum board_section)section, view);
}
