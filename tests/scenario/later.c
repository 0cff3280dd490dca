/* SPDX-License-Identifier: Apache-2.0 */
/*
 * later - preloaded: the calendar of a program is SUGU_LATER_S seconds ahead
 *
 * Only the time of day; what counts up evenly goes on as it is.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int
clock_gettime(clockid_t clock, struct timespec *to)
{
    const char *later = getenv("SUGU_LATER_S");
    long failed = syscall(SYS_clock_gettime, clock, to);

    if (!failed && later && clock == CLOCK_REALTIME)
        to->tv_sec += strtol(later, NULL, 10);
    return (int)failed;
}
