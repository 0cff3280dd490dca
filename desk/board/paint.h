/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paint - one view of the call board onto any cairo surface: the window's, or a picture file's
 *
 * All fixed words stand here, in Japanese and English at once. Nothing moves: a view is painted or
 * another one is.
 */
#pragma once

#include "layout.h"
#include "palette.h"
#include "view.h"

#include <cairo.h>

/* `title` is the hospital's or the floor's own name for this board; may be "". */
void board_paint(cairo_t *cr,
                 const struct board_layout *layout,
                 const struct board_view *view,
                 const char *title);
