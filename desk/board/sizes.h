/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sizes - how tall letters have to be for those who sit far away
 *
 * Japanese text is legible with 4 mm of height for each metre (40 mm at 10 m, 80 mm at 20 m:
 * domain/screens.md section 7); a capital H of the numbers called now fills at least 0.7 degrees
 * (EN 301 549 5.1.4, section 1 there), which is 12.2 mm for each metre. Noto Sans CJK's H is 0.735
 * em.
 */
#pragma once

#include <stdbool.h>

#define BOARD_TEXT_MM_PER_M   4.0
#define BOARD_NUMBER_MM_PER_M 12.2
#define BOARD_H_PER_EM        0.735

struct board_screen {
    int width_px, height_px;
    double width_mm, height_mm; /* of the picture; 0 = not known */
    double distance_m;          /* of the farthest seat */
};

struct board_sizes {
    double em_px;      /* of the smallest Japanese text */
    double number_px;  /* em of the numbers called now, at least */
    double distance_m; /* at which that is legible: less than asked for on too small a screen */
    bool is_guessed;   /* the size of the screen was not known: a 43-inch one was taken */
};

/*
 * What distance and screen ask for, as far as the screen has room for a number of that height with
 * its desk beside it, and a list of each kind: 32 by 15 em where it lies, 23 by 28 where it stands.
 */
struct board_sizes board_sizes_for(const struct board_screen *screen);
