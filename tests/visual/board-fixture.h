/* SPDX-License-Identifier: Apache-2.0 */
/*
 * board-fixture - call boards with invented numbers, without server, display or sound
 */
#pragma once

#include "paint.h"
#include "view.h"

/* A board and all that it is made of. */
struct board_fixture {
    struct board_state state;
    struct board_rules rules;
    struct board_screen screen;
    struct board_layout layout;
    struct board_view view;
    struct board_hearing hearing;
    sugu_time_us utc_us; /* 10:32 in Japan */
    int64_t now_us;
    unsigned called, billed; /* how often the state asked to speak */
    char last_called[BOARD_TEXT_SIZE];
};

/* A 43-inch screen; lies where width > height. */
void board_fixture_init(struct board_fixture *fixture, int width, int height, double distance_m);

/* Adds a number at a department as an event of `age_s` ago. */
void board_fixture_call(struct board_fixture *fixture,
                        const char *number,
                        const char *department,
                        const char *desk,
                        int state, /* Sugu__StageState */
                        int age_s);
void board_fixture_bill(struct board_fixture *fixture, const char *number);
/* The answer's ranges, beside what events have said. */
void board_fixture_waits(struct board_fixture *fixture, size_t count);

/* A busy morning. */
void board_fixture_fill(struct board_fixture *fixture);

/* Lays out and makes the view of this moment. */
void board_fixture_look(struct board_fixture *fixture);
