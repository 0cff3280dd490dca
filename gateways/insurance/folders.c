/* SPDX-License-Identifier: Apache-2.0 */
/*
 * folders - the qualification terminal's shared folders and where Sugu keeps what it took from them
 */
#include "insurance/folders.h"

#include "base/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define SAME_NAME_MAX    1000
#define COPY_SIZE_MAX    ((size_t)64 * 1024 * 1024) /* a larger file stays where it is */
#define EXPLANATION_SIZE 400

static bool
join(char to[PATH_MAX], const char *folder, const char *name)
{
    return snprintf(to, PATH_MAX, "%s/%s", folder, name) < PATH_MAX;
}

static enum sugu_status
check_shared(const char *oqs, const char *name, char to[PATH_MAX], struct sugu_error *reterr)
{
    struct stat state;

    if (!join(to, oqs, name))
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "oqs-folder: name too long");
    if (stat(to, &state) < 0)
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written", "oqs-folder: %s: %s", to,
                         strerror(errno));
    if (!S_ISDIR(state.st_mode) || access(to, R_OK | W_OK | X_OK) < 0)
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written",
                         "oqs-folder: %s is not a folder that can be read and written", to);
    return SUGU_OK;
}

static enum sugu_status
make_kept(const char *kept, const char *name, char to[PATH_MAX], struct sugu_error *reterr)
{
    if (!join(to, kept, name))
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written",
                         "set-aside-folder: name too long");
    return sugu_folder_make(to, reterr);
}

enum sugu_status
sugu_folders_open(const char *oqs,
                  const char *kept,
                  struct sugu_folders *ret_folders,
                  struct sugu_error *reterr)
{
    struct sugu_folders folders = {.watch = -1};
    enum sugu_status status = check_shared(oqs, "req", folders.request, reterr);

    if (status == SUGU_OK)
        status = check_shared(oqs, "res", folders.answer, reterr);
    if (status == SUGU_OK)
        status = make_kept(kept, "done", folders.done, reterr);
    if (status == SUGU_OK)
        status = make_kept(kept, "aside", folders.aside, reterr);
    if (status != SUGU_OK)
        return status;
    /* Without inotify, or on a share that tells nothing, the regular scan finds the answers. */
    folders.watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (folders.watch >= 0 &&
        inotify_add_watch(folders.watch, folders.answer,
                          IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR) < 0) {
        close(folders.watch);
        folders.watch = -1;
    }
    *ret_folders = folders;
    return SUGU_OK;
}

void
sugu_folders_done(struct sugu_folders *folders)
{
    if (folders->watch >= 0)
        close(folders->watch);
    folders->watch = -1;
}

static bool
is_there(const char *folder, const char *name)
{
    char path[PATH_MAX];
    struct stat state;

    return join(path, folder, name) && lstat(path, &state) == 0;
}

bool
sugu_folders_is_taken(const struct sugu_folders *folders, const char *stem)
{
    char name[SUGU_OQS_NAME_SIZE];

    sugu_oqs_request_name(name, stem);
    if (is_there(folders->request, name))
        return true;
    sugu_oqs_answer_name(name, stem);
    return is_there(folders->answer, name) || is_there(folders->done, name) ||
           is_there(folders->aside, name);
}

enum sugu_status
sugu_folders_publish(const struct sugu_folders *folders,
                     const char *stem,
                     const uint8_t *bytes,
                     size_t size,
                     struct sugu_error *reterr)
{
    char name[SUGU_OQS_NAME_SIZE];

    sugu_oqs_request_name(name, stem);
    return sugu_file_write(folders->request, name, bytes, size, /* must_be_new= */ true, reterr);
}

bool
sugu_folders_answer_path(const struct sugu_folders *folders, const char *name, char to[PATH_MAX])
{
    return join(to, folders->answer, name);
}

int64_t
sugu_folders_answer_size(const struct sugu_folders *folders, const char *name)
{
    char path[PATH_MAX];
    struct stat state;

    return join(path, folders->answer, name) && stat(path, &state) == 0 ? state.st_size : -1;
}

enum sugu_status
sugu_folders_scan(const struct sugu_folders *folders,
                  void (*each)(void *user, const char *name, const char *stem),
                  void *user,
                  struct sugu_error *reterr)
{
    DIR *folder = opendir(folders->answer);
    const struct dirent *entry;
    char stem[SUGU_OQS_STEM_SIZE];

    if (!folder)
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-readable", "cannot list %s: %s",
                         folders->answer, strerror(errno));
    while ((entry = readdir(folder)))
        if (sugu_oqs_answer_name_parse(entry->d_name, stem))
            each(user, entry->d_name, stem);
    closedir(folder);
    return SUGU_OK;
}

bool
sugu_folders_drain(const struct sugu_folders *folders)
{
    char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    bool has_happened = false;

    while (folders->watch >= 0 && read(folders->watch, events, sizeof events) > 0)
        has_happened = true;
    return has_happened;
}

/* ---- moving answers away */

static enum sugu_status
fail_move(struct sugu_error *reterr, const char *path, int error)
{
    return sugu_fail(reterr, SUGU_BROKEN, error == ENOSPC ? "disk.full" : "file.not-written",
                     "cannot move to %s: %s", path, strerror(error));
}

/* `name` itself, or name-2.xml, name-3.xml … where it is taken in `folder`. */
static bool
choose_name(const char *folder, const char *name, char to[SUGU_OQS_NAME_SIZE])
{
    const char *extension = strrchr(name, '.');
    int length = extension ? (int)(extension - name) : (int)strlen(name);

    snprintf(to, SUGU_OQS_NAME_SIZE, "%s", name);
    for (int i = 2; is_there(folder, to); i++) {
        if (i > SAME_NAME_MAX)
            return false;
        snprintf(to, SUGU_OQS_NAME_SIZE, "%.*s-%d%s", length, name, i, extension ? extension : "");
    }
    return true;
}

/* Over the border of two file systems (the share and this machine): copy whole, then remove. */
static enum sugu_status
copy_and_remove(const char *from, const char *folder, const char *name, struct sugu_error *reterr)
{
    uint8_t *bytes;
    size_t size;
    enum sugu_status status = sugu_file_read(from, COPY_SIZE_MAX, &bytes, &size, reterr);

    if (status != SUGU_OK)
        return status;
    status = sugu_file_write(folder, name, bytes, size, /* must_be_new= */ true, reterr);
    explicit_bzero(bytes, size);
    free(bytes);
    if (status == SUGU_OK && unlink(from) < 0)
        status = fail_move(reterr, folder, errno);
    return status;
}

static enum sugu_status
move_answer(const struct sugu_folders *folders,
            const char *name,
            const char *folder,
            const char *new_name,
            struct sugu_error *reterr)
{
    char from[PATH_MAX], to[PATH_MAX];

    if (!join(from, folders->answer, name) || !join(to, folder, new_name))
        return fail_move(reterr, folder, ENAMETOOLONG);
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return SUGU_OK;
    if (errno == EXDEV || errno == EINVAL)
        return copy_and_remove(from, folder, new_name, reterr);
    return fail_move(reterr, to, errno);
}

enum sugu_status
sugu_folders_keep(const struct sugu_folders *folders,
                  const char *name,
                  const char *code,
                  const char *reason,
                  struct sugu_error *reterr)
{
    const char *folder = reason ? folders->aside : folders->done;
    char new_name[SUGU_OQS_NAME_SIZE], text_name[SUGU_OQS_NAME_SIZE + 8];
    char explanation[EXPLANATION_SIZE];
    enum sugu_status status;

    if (!choose_name(folder, name, new_name))
        return fail_move(reterr, folder, EEXIST);
    status = move_answer(folders, name, folder, new_name, reterr);
    if (status != SUGU_OK || !reason)
        return status;
    snprintf(text_name, sizeof text_name, "%s.txt", new_name);
    snprintf(explanation, sizeof explanation, "%s: %s\n%s\n", code, reason,
             sugu_code_find(code)->staff);
    return sugu_file_write(folder, text_name, explanation, strlen(explanation),
                           /* must_be_new= */ false, reterr);
}

/* Removes the files of a folder whose names begin with `prefix` and that are old enough. */
static void
remove_old(const char *folder, const char *prefix, sugu_time_us before_utc)
{
    DIR *files = opendir(folder);
    const struct dirent *entry;
    char path[PATH_MAX];
    struct stat state;

    if (!files)
        return;
    while ((entry = readdir(files)))
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0 &&
            join(path, folder, entry->d_name) && stat(path, &state) == 0 &&
            S_ISREG(state.st_mode) && state.st_mtim.tv_sec * SUGU_SECOND < before_utc)
            unlink(path);
    closedir(files);
}

void
sugu_folders_prune(const struct sugu_folders *folders,
                   sugu_time_us before_utc,
                   sugu_time_us now_utc)
{
    remove_old(folders->done, "OQSsiquc01res_", before_utc);
    remove_old(folders->request, ".OQSsiquc01req_", now_utc - 60 * SUGU_MINUTE);
}
