/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-line - bytes to and from the cash devices, whatever carries them
 *
 * Two implementations: the serial line (cash-serial.h), and one in a test's or a simulation's own
 * process, behind which the emulated devices answer. `receive` is the only place where a cash
 * driver waits.
 */
#pragma once

#include "base/status.h"

#include <stdint.h>

struct sugu_cash_line;

struct sugu_cash_line_ops {
    const char *name;
    /* RETRY "cash.line" where it cannot be opened. Open already: closed first. */
    enum sugu_status (*open)(struct sugu_cash_line *line,
                             const char *where,
                             struct sugu_error *reterr);
    /* Drops what has arrived and not been read, then sends all bytes. RETRY "cash.line". */
    enum sugu_status (*send)(struct sugu_cash_line *line,
                             const uint8_t *bytes,
                             size_t size,
                             struct sugu_error *reterr);
    /* Waits for at least one byte until `deadline_us` (monotonic); *ret_size is 0 where none came.
     * RETRY "cash.line" where the line is gone. */
    enum sugu_status (*receive)(struct sugu_cash_line *line,
                                uint8_t *to,
                                size_t size_max,
                                int64_t deadline_us,
                                size_t *ret_size,
                                struct sugu_error *reterr);
    /* Closed already is fine. */
    void (*close)(struct sugu_cash_line *line);
};

struct sugu_cash_line {
    const struct sugu_cash_line_ops *ops;
};
