/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-serial - the serial line of the cash devices: 9600 baud, 8 bits, no parity, one stop bit
 *
 * domain/payments.md 2.2. The terminal is raw and without flow control or modem lines; it is locked
 * (flock, which ends with the process) against a second program of ours.
 */
#pragma once

#include "base/clock.h"
#include "payment/cash/cash-line.h"

/* Fields are the line's own. */
struct sugu_cash_serial {
    struct sugu_cash_line line; /* hand &serial.line down */
    const struct sugu_clock *clock;
    int file; /* -1 = closed */
};

/* `clock` is not owned. */
void sugu_cash_serial_init(struct sugu_cash_serial *serial, const struct sugu_clock *clock);
void sugu_cash_serial_done(struct sugu_cash_serial *serial);
