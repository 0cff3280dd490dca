/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill-at-call - preloaded: the process dies by SIGKILL just before its Nth change of a folder
 *
 * Counts rename, renameat2, link and unlink, by which all durable state of Sugu's programs becomes
 * visible; N comes in SUGU_KILL_AT. So a test can enumerate every boundary between two durable
 * steps instead of hoping to hit one.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void
count_call(void)
{
    static long calls;
    const char *at = getenv("SUGU_KILL_AT");

    if (at && ++calls == strtol(at, NULL, 10))
        kill(getpid(), SIGKILL);
}

int
renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    count_call();
    return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

int
rename(const char *from, const char *to)
{
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
link(const char *from, const char *to)
{
    count_call();
    return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
unlink(const char *path)
{
    count_call();
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}
