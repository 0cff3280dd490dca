/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failpoint - counts the boundaries that a request passes, and ends the server at the one asked for
 */
#include "failpoint.h"

#include "batch.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
is_change(const struct sugu_work *work)
{
    return work->handler && !work->handler->is_read;
}

/* Dies, or does what the environment says; only once. */
static void
fail(void)
{
    const char *command = getenv("SUGU_FAIL_COMMAND");
    int status;

    if (!command) {
        kill(getpid(), SIGKILL);
        for (;;) /* the signal is on its way: nothing may happen any more */
            pause();
    }
    status = system(command);
    fprintf(stderr, "failpoint: the command ended with %d\n", status);
}

void
sugu_failpoint(const char *name)
{
    static long count;
    const char *only = getenv("SUGU_FAIL_NAME"), *at = getenv("SUGU_FAIL_AT");

    if (only && strcmp(only, name) != 0)
        return;
    count++;
    fprintf(stderr, "failpoint %ld %s\n", count, name);
    if (at && strtol(at, NULL, 10) == count)
        fail();
}

void
sugu_failpoint_work(const char *name, const struct sugu_work *work)
{
    if (is_change(work))
        sugu_failpoint(name);
}

void
sugu_failpoint_batch(const char *name, const struct sugu_batch *batch)
{
    bool has_change = false;

    for (size_t i = 0; i < batch->count; i++)
        has_change = has_change || is_change(batch->works[i]);
    if (has_change)
        sugu_failpoint(name);
}
