/* SPDX-License-Identifier: Apache-2.0 */
/*
 * files - files that are whole or not there at all
 */
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum sugu_status
fail_errno(struct sugu_error *reterr, const char *what, const char *path, int error)
{
    bool is_full = error == ENOSPC || error == EDQUOT;

    return sugu_fail(reterr, SUGU_BROKEN, is_full ? "disk.full" : "file.not-written", "%s %s: %s",
                     what, path, strerror(error));
}

/* Writes all and flushes; closes `file` in any case. Returns 0 or errno. */
static int
write_and_close(int file, const uint8_t *bytes, size_t size)
{
    int error = 0;

    while (size > 0 && !error) {
        ssize_t done = write(file, bytes, size);
        if (done < 0 && errno != EINTR)
            error = errno;
        if (done > 0) {
            bytes += done;
            size -= (size_t)done;
        }
    }
    if (!error && fsync(file) < 0)
        error = errno;
    if (close(file) < 0 && !error)
        error = errno;
    return error;
}

static int
sync_folder(const char *folder)
{
    int error = 0, file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (file < 0)
        return errno;
    if (fsync(file) < 0 && errno != EINVAL) /* EINVAL: a file system that has nothing to flush */
        error = errno;
    close(file);
    return error;
}

enum sugu_status
sugu_file_write(const char *folder,
                const char *name,
                const void *bytes,
                size_t size,
                bool must_be_new,
                struct sugu_error *reterr)
{
    char temporary[PATH_MAX], path[PATH_MAX];
    int file, error;

    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path ||
        snprintf(temporary, sizeof temporary, "%s/.%s.XXXXXX", folder, name) >=
            (int)sizeof temporary)
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "name too long");
    file = mkostemp(temporary, O_CLOEXEC);
    if (file < 0)
        return fail_errno(reterr, "cannot create", path, errno);
    error = write_and_close(file, bytes, size);
    if (!error && must_be_new) { /* link fails where the name is taken; rename would replace */
        error = link(temporary, path) < 0 ? errno : 0;
        unlink(temporary);
    } else if (!error && rename(temporary, path) < 0) {
        error = errno;
    }
    if (error) {
        unlink(temporary);
        if (error == EEXIST)
            return sugu_fail(reterr, SUGU_REFUSED, "file.exists", "%s is there already", path);
        return fail_errno(reterr, "cannot write", path, error);
    }
    error = sync_folder(folder);
    return error ? fail_errno(reterr, "cannot flush", folder, error) : SUGU_OK;
}

enum sugu_status
sugu_file_read(const char *path,
               size_t size_max,
               uint8_t **ret_bytes,
               size_t *ret_size,
               struct sugu_error *reterr)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat state;
    uint8_t *bytes;
    size_t size = 0;
    ssize_t got = 0;

    if (file < 0)
        return sugu_fail(reterr, errno == ENOENT ? SUGU_REFUSED : SUGU_BROKEN,
                         errno == ENOENT ? "file.missing" : "file.not-readable",
                         "cannot read %s: %s", path, strerror(errno));
    if (fstat(file, &state) < 0 || !S_ISREG(state.st_mode)) {
        close(file);
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-readable", "%s is not a file", path);
    }
    if ((uint64_t)state.st_size > size_max) {
        close(file);
        return sugu_fail(reterr, SUGU_REFUSED, "file.too-large", "%s: over %zu bytes", path,
                         size_max);
    }
    bytes = malloc((size_t)state.st_size + 1);
    while (bytes && size < (size_t)state.st_size &&
           (got = read(file, bytes + size, (size_t)state.st_size - size)) > 0)
        size += (size_t)got;
    close(file);
    if (!bytes || got < 0) {
        free(bytes);
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-readable", "cannot read %s", path);
    }
    bytes[size] = 0;
    *ret_bytes = bytes;
    *ret_size = size;
    return SUGU_OK;
}

enum sugu_status
sugu_folder_make(const char *path, struct sugu_error *reterr)
{
    char part[PATH_MAX];
    struct stat state;

    if (strlen(path) >= sizeof part)
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "name too long");
    for (size_t i = 1; i <= strlen(path); i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0700) < 0 && errno != EEXIST)
            return fail_errno(reterr, "cannot make folder", part, errno);
    }
    if (stat(path, &state) < 0 || !S_ISDIR(state.st_mode))
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "%s is not a folder", path);
    return SUGU_OK;
}
