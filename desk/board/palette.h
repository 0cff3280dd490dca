/* SPDX-License-Identifier: Apache-2.0 */
/*
 * palette - the board's colours: light on dark, told apart by lightness and by a sign as well
 *
 * No pair is red against green; each section has its sign beside its colour. tests/unit/test-board-
 * paint.c holds the contrasts (7:1 for text) and the differences as colour-blind eyes see them.
 */
#pragma once

#include <stdint.h>

/* name, 0xRRGGBB */
#define BOARD_COLOURS(X)                                                                           \
    X(GROUND, 0x0b1622)                                                                            \
    X(BAR, 0x16273a)                                                                               \
    X(CARD, 0x1c3148)                                                                              \
    X(TEXT, 0xffffff)                                                                              \
    X(QUIET, 0xc6d3e0)                                                                             \
    X(DARK, 0x0a121b)                                                                              \
    X(CALL, 0xffd83d)                                                                              \
    X(BILL, 0x7fd0ff)                                                                              \
    X(MISSED, 0xff9c4a)                                                                            \
    X(BEFORE, 0xdfe7ef)                                                                            \
    X(WAIT, 0xa9bdd2)                                                                              \
    X(ALARM, 0xff9c4a)

enum board_colour {
#define BOARD_COLOUR_NAME(name, value) BOARD_COLOUR_##name,
    BOARD_COLOURS(BOARD_COLOUR_NAME)
#undef BOARD_COLOUR_NAME
        BOARD_COLOUR_COUNT
};

/* 0xRRGGBB */
uint32_t board_colour(enum board_colour colour);
