/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slow-flush - a disk that takes its time, for PostgreSQL under LD_PRELOAD
 *
 * Waits SUGU_FLUSH_US microseconds (whole milliseconds) in each fdatasync and fsync, as a disk
 * without a battery does. The virtual disks of test machines flush in some 30 us, a hospital's disk
 * does not. With SUGU_FLUSH_LOG_ONLY only fdatasync is slow: PostgreSQL flushes its log with it,
 * its files with fsync.
 */
#include <dlfcn.h>
#include <poll.h>
#include <stdlib.h>

int fdatasync(int file);
int fsync(int file);

static void
dawdle(void)
{
    const char *text = getenv("SUGU_FLUSH_US");
    long us = text ? strtol(text, NULL, 10) : 0;

    if (us > 0)
        poll(NULL, 0, (int)(us / 1000));
}

int
fdatasync(int file)
{
    static int (*real)(int);

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "fdatasync");
    dawdle();
    return real(file);
}

int
fsync(int file)
{
    static int (*real)(int);

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "fsync");
    if (!getenv("SUGU_FLUSH_LOG_ONLY"))
        dawdle();
    return real(file);
}
