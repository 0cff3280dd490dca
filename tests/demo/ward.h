/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ward - what the demo has beside the house of one kiosk: departments, a past, simulated patients,
 * the front desk's window and the call boards
 *
 * The patients' kiosk is a second one with a card terminal and a sugu-payment of its own, so that
 * what they pay is counted where money is counted.
 */
#pragma once

#include "demo/house.h"

/* The demo's staff, who sign in at the front desk. */
#define WARD_CLERK      "tanaka"
#define WARD_SUPERVISOR "kimura"
#define WARD_PASSWORD   "asagao2026" /* of both */

enum ward_part {
    WARD_TERMINAL_EMULATOR,
    WARD_PAYMENT,
    WARD_MORNING,
    WARD_DESK,
    WARD_BOARD,
    WARD_TALL_BOARD, /* headless only: portrait */
    WARD_PART_COUNT
};

struct ward {
    struct house *house;
    bool is_headless;
    char *people, *insured; /* for the house's options */
    char shift[64];
    const char *server_environment[3];
    struct sugu_process parts[WARD_PART_COUNT];
    struct sugu_screen screens[WARD_PART_COUNT]; /* of the windows, headless */
};

/* How people came through the morning by now; sugu-morning's own count. */
struct ward_counts {
    unsigned arrived, sent_to_desk, called, missed, parked, finished, billed, paid, troubles;
    long paid_yen;
};

/* Writes what a house with a ward needs into its options, before the house is made in `folder`. */
void ward_prepare(struct ward *ward, const char *folder, struct house_options *options);
/* Rooms, staff, the past weeks; starts the simulated patients, whose morning is played from now on.
 */
void ward_init(struct ward *ward, struct house *house);
/* Waits until the hour before the demo has been played; the change in the kiosk stands in the books
 * then. */
void ward_await_morning(struct ward *ward, struct ward_counts *ret_counts);
/* Opens desk and boards. */
void ward_open_windows(struct ward *ward);
/* Also where it was not started. */
void ward_done(struct ward *ward);

/* A command for sugu-morning; waits for the counts. */
void ward_tell_morning(struct ward *ward, const char *line, struct ward_counts *ret_counts);
/* What the card terminals have taken, all together. */
long ward_terminals_yen(struct ward *ward);
