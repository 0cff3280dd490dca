/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cctalk-line - the emulated cash devices behind the driver's line port, in the same process
 *
 * The clock is moved by hand, and the line moves it too: waiting for a byte is the passing of time.
 * With `stands_still` it does not: then bytes are there at once, or never.
 */
#pragma once

#include "emulators/cctalk-emulator.h"

#include "payment/cash/cash-line.h"

struct cctalk_line {
    struct sugu_cash_line line; /* hand &line.line down */
    struct emulated_cash *cash; /* the two are not owned */
    struct sugu_clock_manual *clock;
    bool stands_still;
    bool is_gone; /* the adapter is pulled out: everything fails */
    bool is_open;
};

void cctalk_line_init(struct cctalk_line *line,
                      struct emulated_cash *cash,
                      struct sugu_clock_manual *clock);
