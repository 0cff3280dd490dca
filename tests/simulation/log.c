/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log - what the programs log goes into the trace (ld --wrap)
 */
#include "base/log.h"

#include "simulation/sim.h"

#include <stdarg.h>
#include <stdio.h>

void __wrap_sugu_log(enum sugu_log_level level, const char *event, const char *fields, ...)
    SUGU_PRINTF(3, 4);
void
__wrap_sugu_log(enum sugu_log_level level, const char *event, const char *fields, ...)
{
    char line[160];
    va_list values;
    int length;

    if (level == SUGU_LOG_DEBUG)
        return;
    length = snprintf(line, sizeof line, "%s ", event);
    va_start(values, fields);
    vsnprintf(line + length, sizeof line - (size_t)length, fields, values);
    va_end(values);
    sim_note_bytes(line, event, 1);
}

void
__wrap_sugu_log_error(enum sugu_log_level level, const char *event, const struct sugu_error *error);
void
__wrap_sugu_log_error(enum sugu_log_level level, const char *event, const struct sugu_error *error)
{
    (void)level;
    sim_note(event, error->status, 0);
    sim_note(error->code, 0, 0);
    sim_note_bytes(error->detail, error->code, 1);
}
