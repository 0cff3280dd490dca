/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sizes - millimetres for the eye into pixels of the screen
 */
#include "sizes.h"

#define LONG_SIDE_MM 941.0 /* 43 inches, 16 : 9 */

struct board_sizes
board_sizes_for(const struct board_screen *screen)
{
    bool lies = screen->width_px >= screen->height_px;
    double room_wide = lies ? 32 : 23, room_high = lies ? 15 : 28;
    struct board_sizes sizes = {.is_guessed = screen->width_mm <= 0 || screen->height_mm <= 0};
    double px_per_mm, em_max;

    if (sizes.is_guessed)
        px_per_mm = (lies ? screen->width_px : screen->height_px) / LONG_SIDE_MM;
    else /* pixels are not always square: the flatter side decides */
        px_per_mm = screen->height_px / screen->height_mm < screen->width_px / screen->width_mm
                        ? screen->height_px / screen->height_mm
                        : screen->width_px / screen->width_mm;
    sizes.em_px = BOARD_TEXT_MM_PER_M * screen->distance_m * px_per_mm;
    em_max = screen->width_px / room_wide < screen->height_px / room_high
                 ? screen->width_px / room_wide
                 : screen->height_px / room_high;
    if (sizes.em_px > em_max)
        sizes.em_px = em_max;
    sizes.distance_m = sizes.em_px / px_per_mm / BOARD_TEXT_MM_PER_M;
    sizes.number_px = sizes.em_px * BOARD_NUMBER_MM_PER_M / BOARD_H_PER_EM / BOARD_TEXT_MM_PER_M;
    return sizes;
}
