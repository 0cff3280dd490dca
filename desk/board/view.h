/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view - what a call board shows at one moment: which entries, on which page, in which words
 *
 * Pure: made out of the state and the time, compared with the last one, painted when it differs.
 */
#pragma once

#include "clips.h"
#include "layout.h"
#include "state.h"

#define BOARD_PAGE_MAX   144                /* entries of one page: 12 by 12 */
#define BOARD_NEW_US     (20 * SUGU_SECOND) /* a call stands out for this long */
#define BOARD_CLOCK_SIZE 6                  /* "10:32" */

enum board_line {
    BOARD_CONNECTING, /* nothing has been heard yet */
    BOARD_FRESH,
    BOARD_STALE,
};

/* What the hospital has set. */
struct board_rules {
    int64_t now_us;    /* an unanswered call is called "now" for this long, then "before" */
    int64_t missed_us; /* missed numbers stay for this long, at least 10 minutes */
    int64_t page_us;   /* between two pages */
    int32_t utc_offset_minutes;
    bool has_bills;
};
#define BOARD_MISSED_LEAST_US (10 * SUGU_MINUTE)

struct board_called {
    char number[BOARD_TEXT_SIZE];
    char department_name[BOARD_NAME_SIZE];
    char desk[SUGU_DESK_NAME_SIZE]; /* "3番診察室" */
    char
        desk_english[SUGU_DESK_NAME_SIZE]; /* "Room 3"; "" where the desk's own words stand alone */
    bool is_new;
};

struct board_page {
    uint32_t page, pages; /* 1 … pages; 0 where it is another section's turn in this place */
    size_t count;         /* entries on it */
};

struct board_view {
    struct board_called now[BOARD_PAGE_MAX];
    char numbers[BOARD_SECTION_COUNT][BOARD_PAGE_MAX][BOARD_TEXT_SIZE]; /* of the lists */
    struct board_wait waits[BOARD_WAITS_MAX];
    struct board_page pages[BOARD_SECTION_COUNT];
    char clock[BOARD_CLOCK_SIZE];
    enum board_line line;
    char since[BOARD_CLOCK_SIZE]; /* where stale: the last time that something was heard */
};

/* How the server is heard. */
struct board_hearing {
    enum board_line line;
    sugu_time_us since_utc; /* where stale */
};

struct board_viewing {
    const struct board_state *state;
    const struct board_rules *rules;
    const struct board_layout *layout; /* says how many find room */
    struct board_hearing hearing;
    const char *spoken_number, *spoken_department; /* stands out while it is spoken; may be NULL */
};

/* A queue in words. */
struct board_wait_words {
    char people[16]; /* "12人"; "" where there is nothing to say beside the range */
    char range[40];  /* "20〜35分"; "待ちなし" */
};

/* `is_wide`: there is a column for the people. Where nobody waits it says so, instead of numbers
 * that would be read as a wait; where nobody knows how long, the people stand for it. */
void
board_wait_write(const struct board_wait *wait, bool is_wide, struct board_wait_words *ret_words);

void board_view_make(const struct board_viewing *viewing,
                     const struct board_moment *moment,
                     struct board_view *ret_view);
