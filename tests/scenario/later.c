/* SPDX-License-Identifier: Apache-2.0 */
/*
 * later - preloaded: the calendar of a program is SUGU_LATER_S seconds ahead
 *
 * Only the time of day; what counts up evenly goes on as it is. A test that moves it while the
 * program runs names a file in SUGU_LATER_FILE, with two numbers of 64 bits: seconds by which the
 * time of day alone is wrong, and seconds that have really gone by (the uptime shows them, too).
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *
map_file(void)
{
    static const volatile int64_t *map;
    const char *path = getenv("SUGU_LATER_FILE");
    int file = path && !map ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *place = file >= 0 ? mmap(NULL, 16, PROT_READ, MAP_SHARED, file, 0) : MAP_FAILED;

    if (file >= 0)
        close(file);
    if (place != MAP_FAILED)
        map = place;
    return map;
}

int
clock_gettime(clockid_t clock, struct timespec *to)
{
    const char *later = getenv("SUGU_LATER_S");
    long failed = syscall(SYS_clock_gettime, clock, to);
    const volatile int64_t *map = map_file();

    if (!failed && later && clock == CLOCK_REALTIME)
        to->tv_sec += strtol(later, NULL, 10);
    if (!failed && map && clock == CLOCK_REALTIME)
        to->tv_sec += map[0];
    if (!failed && map && (clock == CLOCK_REALTIME || clock == CLOCK_BOOTTIME))
        to->tv_sec += map[1];
    return (int)failed;
}
