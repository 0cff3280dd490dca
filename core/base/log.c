/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log - one line per event: a stable dotted name and fields, without personal data
 */
#include "base/log.h"

#include "base/text.h"

#include <ctype.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIGITS_MAX 11 /* a longer run may be an individual number or a card number */

static const char *program_name = "sugu";
static volatile sig_atomic_t is_verbose;

static void
on_sigusr1(int signal)
{
    (void)signal;
    is_verbose = !is_verbose;
}

void
sugu_log_start(const char *name)
{
    struct sigaction action = {.sa_handler = on_sigusr1, .sa_flags = SA_RESTART};

    program_name = name;
    is_verbose = getenv("SUGU_DEBUG") != NULL;
    sigaction(SIGUSR1, &action, NULL);
}

/* Puts '#' for the digits of every run that is too long to be harmless. */
static void
hide_long_numbers(char *text)
{
    size_t run = 0;

    for (;; text++) {
        if (isdigit((unsigned char)*text)) {
            run++;
            continue;
        }
        if (run > DIGITS_MAX)
            memset(text - run, '#', run);
        run = 0;
        if (!*text)
            return;
    }
}

void
sugu_log(enum sugu_log_level level, const char *event, const char *fields, ...)
{
    char line[1024];
    va_list values;
    int start;

    if (level == SUGU_LOG_DEBUG && !is_verbose)
        return;
    start = snprintf(line, sizeof line, "%s: %s%s", program_name, event, *fields ? " " : "");
    va_start(values, fields);
    vsnprintf(line + start, sizeof line - (size_t)start, fields, values);
    va_end(values);
    sugu_text_clean(line);
    hide_long_numbers(line);
    if (getenv("JOURNAL_STREAM"))
        dprintf(STDERR_FILENO, "<%d>%s\n", (int)level, line);
    else
        dprintf(STDERR_FILENO, "%s\n", line);
}

void
sugu_log_error(enum sugu_log_level level, const char *event, const struct sugu_error *error)
{
    sugu_log(level, event, "status=%s code=%s detail=\"%s\"", sugu_status_name(error->status),
             error->code, error->detail);
}
