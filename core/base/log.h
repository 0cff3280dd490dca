/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log - one line per event: a stable dotted name and fields, without personal data
 *
 * Only programs log; nothing in core/ does. A line is `ticket.issued number=A-042 wait_ms=12`.
 * Lines go to standard error; where that is the journal they carry its priority prefix. SIGUSR1
 * raises the level to debug and back (sugu_log_start installs it). Fields never hold a name, a card
 * or insurance number, a PIN, or an amount beside a person; every value is cleaned of control
 * characters and of any run of 12 or more digits, so that a slip cannot leak a number.
 */
#pragma once

#include "base/status.h"

enum sugu_log_level {
    SUGU_LOG_ERROR = 3, /* the numbers of syslog */
    SUGU_LOG_WARNING = 4,
    SUGU_LOG_INFO = 6,
    SUGU_LOG_DEBUG = 7,
};

/* Once, at start: the program's name for every line. `name` is kept. */
void sugu_log_start(const char *name);

/* `fields` is a printf format of "name=value name=value", "" where there are none. */
void sugu_log(enum sugu_log_level level, const char *event, const char *fields, ...)
    SUGU_PRINTF(3, 4);

/* The event with status, code and detail of an error. */
void sugu_log_error(enum sugu_log_level level, const char *event, const struct sugu_error *error);
