/* SPDX-License-Identifier: Apache-2.0 */
/*
 * full-disk - a disk that is full while a file exists, for PostgreSQL under LD_PRELOAD
 *
 * Writes that would make a data file longer fail with ENOSPC as long as the file SUGU_FULL_DISK is
 * there. The write-ahead log is left alone: a full disk for the log is a panic of PostgreSQL's own.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* Debian's PostgreSQL calls the plain names; ours must not become the 64-bit ones. */
ssize_t full_pwrite(int file, const void *bytes, size_t size, off_t offset) __asm__("pwrite");
ssize_t
full_pwritev(int file, const struct iovec *parts, int count, off_t offset) __asm__("pwritev");
int full_posix_fallocate(int file, off_t offset, off_t size) __asm__("posix_fallocate");

/* Is the disk full for this file at this place? */
static int
is_full(int file, off_t offset)
{
    const char *flag = getenv("SUGU_FULL_DISK");
    char link[64], path[512];
    struct stat state;
    ssize_t length;

    if (!flag || access(flag, F_OK) != 0 || fstat(file, &state) != 0 || offset < state.st_size)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return 0;
    path[length] = '\0';
    return strstr(path, "/base/") != NULL;
}

ssize_t
full_pwrite(int file, const void *bytes, size_t size, off_t offset)
{
    static ssize_t (*real)(int, const void *, size_t, off_t);

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "pwrite");
    if (is_full(file, offset)) {
        errno = ENOSPC;
        return -1;
    }
    return real(file, bytes, size, offset);
}

ssize_t
full_pwritev(int file, const struct iovec *parts, int count, off_t offset)
{
    static ssize_t (*real)(int, const struct iovec *, int, off_t);

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "pwritev");
    if (is_full(file, offset)) {
        errno = ENOSPC;
        return -1;
    }
    return real(file, parts, count, offset);
}

int
full_posix_fallocate(int file, off_t offset, off_t size)
{
    static int (*real)(int, off_t, off_t);

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "posix_fallocate");
    return is_full(file, offset) ? ENOSPC : real(file, offset, size);
}
