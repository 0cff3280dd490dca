/* SPDX-License-Identifier: Apache-2.0 */
/*
 * layout - where everything stands on a call board, and how many find room
 *
 * The places never move while the board runs, except that waiting ranges take the rows they need:
 * who has found a list once finds it there again. What does not fit turns pages, and sections for
 * which there is no room side by side take turns in one place; nothing scrolls.
 */
#pragma once

#include "sizes.h"

#include <stddef.h>

enum board_section {
    BOARD_NOW,
    BOARD_BILLS,
    BOARD_MISSED_LIST,
    BOARD_BEFORE,
    BOARD_WAITS,
    BOARD_SECTION_COUNT,
};

struct board_box {
    double x, y, width, height;
};

/* Beside a number called now, in em: the sign before it, the desk behind it ("12番診察室"). */
#define BOARD_DESK_WIDE 9.2

struct board_area {
    struct board_box title; /* width 0: this board does not have the section */
    struct board_box body;
    size_t columns, rows; /* that find room in the body; at least 1 */
    size_t turn, turns;   /* sections that have to share a place take turns: 0 … turns - 1 */
};

struct board_layout {
    double width, height;
    double em;        /* smallest Japanese text */
    double number_em; /* numbers called now; at least what the eye needs */
    double cell_em;   /* numbers of the lists */
    double gap;
    struct board_box header, footer;
    struct board_area areas[BOARD_SECTION_COUNT];
};

/* `wait_count` departments have ranges; `has_bills`: this board says which bills are ready. */
void board_layout_make(const struct board_sizes *sizes,
                       const struct board_screen *screen,
                       size_t wait_count,
                       bool has_bills,
                       struct board_layout *ret_layout);

/* Entries of one page. */
size_t board_area_capacity(const struct board_area *area);
