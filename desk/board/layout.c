/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layout - two columns where the screen lies; calls above two columns where it stands
 */
#include "layout.h"

#include <math.h>

/* In em. */
#define GAP           0.5
#define HEADER        2.3
#define FOOTER        2.3
#define TITLE         1.7
#define TITLE_STACKED 2.5  /* where a section is narrow: English below Japanese */
#define TITLE_NARROW  16.5 /* narrower than this */
#define CELL          1.75 /* em of the numbers in the lists */
#define CELL_WIDE     5.8  /* "A-042" and its room */
#define CELL_HIGH     2.2
#define WAIT_HIGH     1.6
#define LABEL_PER_EM  2.95 /* width of "A-042" in ems of its own type */

#define NOW_ROWS_MAX 5 /* more than this nobody finds the own number at a glance */

static size_t
how_many(double room, double each, size_t most)
{
    double count = floor(room / each + 0.001);

    if (count < 1)
        return 1;
    return count > (double)most ? most : (size_t)count;
}

static double
title_of(const struct board_layout *layout, double width)
{
    return (width < TITLE_NARROW * layout->em ? TITLE_STACKED : TITLE) * layout->em;
}

/* Puts a section at `box`: the title above, the body below. */
static void
place(struct board_layout *layout, enum board_section section, const struct board_box *box)
{
    struct board_area *area = &layout->areas[section];
    double title = title_of(layout, box->width), between = 0.25 * layout->em;

    area->title = (struct board_box){box->x, box->y, box->width, title};
    area->body = (struct board_box){box->x, box->y + title + between, box->width,
                                    fmax(box->height - title - between, 1)};
    area->turns = 1;
    area->columns = how_many(area->body.width, CELL_WIDE * layout->em, 12);
    area->rows = how_many(area->body.height, CELL_HIGH * layout->em, 12);
}

static void
place_now(struct board_layout *layout, const struct board_box *box, double number_px)
{
    struct board_area *area = &layout->areas[BOARD_NOW];
    double room;

    place(layout, BOARD_NOW, box);
    area->columns = 1;
    area->rows = how_many(area->body.height, number_px * 1.12 + 0.8 * layout->em, NOW_ROWS_MAX);
    /* As large as the row allows, with the desk still beside it. */
    layout->number_em = (area->body.height / (double)area->rows - layout->gap) * 0.78;
    room = area->body.width - BOARD_DESK_WIDE * layout->em;
    layout->number_em = fmin(layout->number_em, room / LABEL_PER_EM);
}

/* Height of each place of a list: whole rows, one each and more of what the ranges do not need. */
static double
list_height(
    const struct board_layout *layout, double room, size_t lists, double waits, double least)
{
    double cell = CELL_HIGH * layout->em, more = room - least * (double)lists - waits;

    if (lists == 0)
        return 0;
    if (waits == 0)
        return least + more / (double)lists;
    return least + fmax(floor(more / (double)lists / cell), 0) * cell;
}

/*
 * Sections below each other in a column, the ranges last, with what is left over. Where there are
 * fewer places than sections, the last ones share the last place.
 */
static void
place_column(struct board_layout *layout,
             const struct board_box *column,
             const enum board_section *sections,
             size_t count,
             size_t wait_count)
{
    double title = title_of(layout, column->width) + 0.25 * layout->em, y = column->y, each;
    double least = title + CELL_HIGH * layout->em;
    size_t places = how_many(column->height + layout->gap, least + layout->gap, count);
    bool has_waits = wait_count > 0 && places == count;
    double waits = has_waits ? title + WAIT_HIGH * layout->em * (double)wait_count : 0;
    double room = column->height - layout->gap * (double)(places - 1);

    waits = fmin(waits, room - least * (double)(places - 1));
    each = list_height(layout, room, places - has_waits, waits, least);
    for (size_t i = 0; i < count; i++) {
        bool is_last = i + 1 >= places;
        struct board_box box = {column->x, y, column->width,
                                is_last ? column->y + column->height - y : each};
        place(layout, sections[i], &box);
        if (!is_last) {
            y += each + layout->gap;
        } else {
            layout->areas[sections[i]].turn = i + 1 - places;
            layout->areas[sections[i]].turns = count + 1 - places;
        }
    }
}

static void
place_lying(struct board_layout *layout,
            const struct board_box *box,
            double number_px,
            size_t wait_count,
            bool has_bills)
{
    static const enum board_section sections[] = {BOARD_BILLS, BOARD_MISSED_LIST, BOARD_BEFORE,
                                                  BOARD_WAITS};
    /* More than that only where the numbers would not be tall enough otherwise. */
    double need = number_px * LABEL_PER_EM + BOARD_DESK_WIDE * layout->em;
    double left = fmin(fmax((box->width - layout->gap) * 0.58, need), box->width * 0.68);
    struct board_box now = {box->x, box->y, left, box->height};
    struct board_box column = {box->x + left + layout->gap, box->y, box->width - left - layout->gap,
                               box->height};

    place_now(layout, &now, number_px);
    place_column(layout, &column, sections + !has_bills,
                 3 + (size_t)(wait_count > 0) - (size_t)!has_bills, wait_count);
}

static void
place_standing(struct board_layout *layout,
               const struct board_box *box,
               double number_px,
               size_t wait_count,
               bool has_bills)
{
    static const enum board_section left[] = {BOARD_BEFORE, BOARD_MISSED_LIST};
    static const enum board_section right[] = {BOARD_BILLS, BOARD_WAITS};
    double above = (box->height - layout->gap) * 0.52, half = (box->width - layout->gap) / 2;
    struct board_box now = {box->x, box->y, box->width, above};
    struct board_box column = {box->x, box->y + above + layout->gap, half,
                               box->height - above - layout->gap};

    place_now(layout, &now, number_px);
    place_column(layout, &column, left, 2, 0);
    column.x += half + layout->gap;
    if (has_bills || wait_count > 0)
        place_column(layout, &column, right + !has_bills,
                     1 + (size_t)(wait_count > 0) - (size_t)!has_bills, wait_count);
}

void
board_layout_make(const struct board_sizes *sizes,
                  const struct board_screen *screen,
                  size_t wait_count,
                  bool has_bills,
                  struct board_layout *ret_layout)
{
    bool lies = screen->width_px >= screen->height_px;
    struct board_layout layout = {
        .width = screen->width_px,
        .height = screen->height_px,
        .em = sizes->em_px,
        .cell_em = CELL * sizes->em_px,
        .gap = GAP * sizes->em_px,
    };
    double header = HEADER * layout.em, footer = FOOTER * layout.em;
    struct board_box box = {layout.gap, header + layout.gap, layout.width - 2 * layout.gap,
                            layout.height - header - footer - 2 * layout.gap};
    struct board_area *waits = &layout.areas[BOARD_WAITS];

    layout.header = (struct board_box){0, 0, layout.width, header};
    layout.footer = (struct board_box){0, layout.height - footer, layout.width, footer};
    if (lies)
        place_lying(&layout, &box, sizes->number_px, wait_count, has_bills);
    else
        place_standing(&layout, &box, sizes->number_px, wait_count, has_bills);
    waits->columns = 1;
    waits->rows = how_many(waits->body.height, WAIT_HIGH * layout.em, 20);
    *ret_layout = layout;
}

size_t
board_area_capacity(const struct board_area *area)
{
    return area->columns * area->rows;
}
