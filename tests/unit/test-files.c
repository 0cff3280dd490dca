/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-files - files that are whole or not there at all, also when the disk is full
 */
#include "base/files.h"

#include "testlib/checks.h"
#include "testlib/child.h"
#include "testlib/folder.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Stands before the C library's: while `is_disk_full`, the temporary file is the kernel's
 * /dev/full, whose every write fails with ENOSPC as on a full disk.
 */
static bool is_disk_full;

int
mkostemp(char *template, int flags)
{
    static int (*real)(char *, int);

    if (is_disk_full)
        return open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "mkostemp");
    return real(template, flags);
}

static void
write_file(const char *folder, const char *name, const char *text)
{
    struct sugu_error error;

    sugu_assert_ok(sugu_file_write(folder, name, text, strlen(text), false, &error), error);
}

static void
assert_file(const char *folder, const char *name, const char *text)
{
    struct sugu_error error;
    char path[500];
    uint8_t *bytes = NULL;
    size_t size = 0;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    sugu_assert_ok(sugu_file_read(path, 1000000, &bytes, &size, &error), error);
    ck_assert_uint_eq(size, strlen(text));
    ck_assert_str_eq((char *)bytes, text); /* the NUL behind is promised */
    free(bytes);
}

START_TEST(what_was_written_is_read_again_and_can_be_replaced)
{
    char *folder = sugu_test_folder_new();

    write_file(folder, "a", "first");
    assert_file(folder, "a", "first");
    write_file(folder, "a", "");
    assert_file(folder, "a", "");
    write_file(folder, "a", "a longer third");
    assert_file(folder, "a", "a longer third");
    ck_assert_int_eq(sugu_test_folder_count(folder), 1);
    sugu_test_folder_free(folder);
}
END_TEST

START_TEST(only_the_owner_may_read_what_was_written)
{
    char *folder = sugu_test_folder_new();
    char path[500];
    struct stat state;

    umask(0);
    write_file(folder, "secret", "x");
    snprintf(path, sizeof path, "%s/secret", folder);
    ck_assert_int_eq(stat(path, &state), 0);
    ck_assert_int_eq(state.st_mode & 0777, 0600);
    sugu_test_folder_free(folder);
}
END_TEST

START_TEST(a_file_that_must_be_new_never_replaces_one)
{
    char *folder = sugu_test_folder_new();
    struct sugu_error error;

    sugu_assert_ok(sugu_file_write(folder, "a", "one", 3, true, &error), error);
    sugu_assert_fails(sugu_file_write(folder, "a", "two", 3, true, &error), SUGU_REFUSED,
                      "file.exists", error);
    assert_file(folder, "a", "one");
    ck_assert_int_eq(sugu_test_folder_count(folder), 1);
    sugu_test_folder_free(folder);
}
END_TEST

START_TEST(a_full_disk_is_said_and_leaves_the_old_file_as_it_was)
{
    char *folder = sugu_test_folder_new();
    struct sugu_error error;

    write_file(folder, "a", "old");
    is_disk_full = true;
    sugu_assert_fails(sugu_file_write(folder, "a", "new", 3, false, &error), SUGU_BROKEN,
                      "disk.full", error);
    ck_assert_ptr_nonnull(strstr(error.detail, "/a"));
    sugu_assert_fails(sugu_file_write(folder, "b", "new", 3, true, &error), SUGU_BROKEN,
                      "disk.full", error);
    is_disk_full = false;
    assert_file(folder, "a", "old");
    ck_assert_int_eq(sugu_test_folder_count(folder), 1);
    sugu_test_folder_free(folder);
}
END_TEST

/* The kernel takes the first 4096 bytes, then no more: a write that stops in the middle. */
static void
write_past_limit(void *folder)
{
    struct rlimit limit = {4096, 4096};
    struct sugu_error error;
    static char bytes[20000];

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    memset(bytes, 'n', sizeof bytes);
    if (sugu_file_write(folder, "a", bytes, sizeof bytes, false, &error) != SUGU_BROKEN)
        exit(1);
    exit(strcmp(error.code, "file.not-written") == 0 ? 42 : 2);
}

START_TEST(a_write_that_stops_in_the_middle_leaves_no_half_file)
{
    char *folder = sugu_test_folder_new();
    static struct sugu_child child;

    write_file(folder, "a", "old");
    sugu_child_run(write_past_limit, folder, &child);
    ck_assert_msg(child.status == 42, "%d, signal %d: %s", child.status, child.signal,
                  child.errors);
    assert_file(folder, "a", "old");
    ck_assert_int_eq(sugu_test_folder_count(folder), 1);
    sugu_test_folder_free(folder);
}
END_TEST

/* Reads the file until `is_over`; ends with 0 where every reading was one of the two texts whole.
 */
static void
read_until_over(const char *path, const volatile bool *is_over)
{
    uint8_t *bytes;
    size_t size;

    while (!*is_over) {
        if (sugu_file_read(path, 100000, &bytes, &size, NULL) != SUGU_OK)
            _exit(1);
        if ((size != 10 && size != 60000) || bytes[0] != bytes[size - 1])
            _exit(2);
        free(bytes);
    }
    _exit(0);
}

START_TEST(a_reader_never_sees_half_a_file)
{
    char *folder = sugu_test_folder_new();
    char *large = malloc(60000);
    bool *is_over =
        mmap(NULL, sizeof *is_over, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct sugu_error error;
    char path[500];
    int state;
    pid_t reader;

    memset(large, 'l', 60000);
    snprintf(path, sizeof path, "%s/a", folder);
    write_file(folder, "a", "ssssssssss");
    reader = fork();
    if (reader == 0)
        read_until_over(path, is_over);
    for (int i = 0; i < 200; i++) {
        sugu_assert_ok(sugu_file_write(folder, "a", large, 60000, false, &error), error);
        write_file(folder, "a", "ssssssssss");
    }
    *is_over = true;
    ck_assert_int_eq(waitpid(reader, &state, 0), reader);
    ck_assert_int_eq(state, 0);
    munmap(is_over, sizeof *is_over);
    free(large);
    sugu_test_folder_free(folder);
}
END_TEST

START_TEST(a_folder_that_is_not_there_or_not_ours_is_said_with_its_name)
{
    char *folder = sugu_test_folder_new();
    struct sugu_error error;
    char path[500], name[300];

    snprintf(path, sizeof path, "%s/none", folder);
    sugu_assert_fails(sugu_file_write(path, "a", "x", 1, false, &error), SUGU_BROKEN,
                      "file.not-written", error);
    ck_assert_ptr_nonnull(strstr(error.detail, "none/a"));
    chmod(folder, 0500);
    if (geteuid() != 0)
        sugu_assert_fails(sugu_file_write(folder, "a", "x", 1, false, &error), SUGU_BROKEN,
                          "file.not-written", error);
    chmod(folder, 0700);
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    sugu_assert_fails(sugu_file_write(folder, name, "x", 1, false, &error), SUGU_BROKEN,
                      "file.not-written", error);
    ck_assert_int_eq(sugu_test_folder_count(folder), 0);
    sugu_test_folder_free(folder);
}
END_TEST

START_TEST(reading_refuses_what_is_missing_too_large_or_no_file)
{
    char *folder = sugu_test_folder_new();
    struct sugu_error error;
    char path[500];
    uint8_t *bytes = NULL;
    size_t size = 0;

    snprintf(path, sizeof path, "%s/a", folder);
    sugu_assert_fails(sugu_file_read(path, 10, &bytes, &size, &error), SUGU_REFUSED, "file.missing",
                      error);
    write_file(folder, "a", "elevenbytes");
    sugu_assert_fails(sugu_file_read(path, 10, &bytes, &size, &error), SUGU_REFUSED,
                      "file.too-large", error);
    sugu_assert_fails(sugu_file_read(folder, 10, &bytes, &size, &error), SUGU_BROKEN,
                      "file.not-readable", error);
    snprintf(path, sizeof path, "%s/fifo", folder);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    sugu_assert_fails(sugu_file_read(path, 10, &bytes, &size, &error), SUGU_BROKEN,
                      "file.not-readable", error); /* and does not wait for a writer */
    ck_assert_ptr_null(bytes);
    snprintf(path, sizeof path, "%s/a", folder);
    sugu_assert_ok(sugu_file_read(path, 11, &bytes, &size, &error), error);
    free(bytes);
    sugu_test_folder_free(folder);
}
END_TEST

START_TEST(a_folder_is_made_with_its_parents_for_its_owner_only)
{
    char *folder = sugu_test_folder_new();
    struct sugu_error error;
    char path[500];
    struct stat state;

    umask(0);
    snprintf(path, sizeof path, "%s/a//b/c/", folder);
    sugu_assert_ok(sugu_folder_make(path, &error), error);
    sugu_assert_ok(sugu_folder_make(path, &error), error);
    ck_assert_int_eq(stat(path, &state), 0);
    ck_assert_int_eq(state.st_mode & 0777, 0700);
    write_file(folder, "file", "x");
    snprintf(path, sizeof path, "%s/file", folder);
    sugu_assert_fails(sugu_folder_make(path, &error), SUGU_BROKEN, "file.not-written", error);
    snprintf(path, sizeof path, "%s/file/below", folder);
    sugu_assert_fails(sugu_folder_make(path, &error), SUGU_BROKEN, "file.not-written", error);
    sugu_test_folder_free(folder);
}
END_TEST

SUGU_TEST_MAIN("files",
               what_was_written_is_read_again_and_can_be_replaced,
               only_the_owner_may_read_what_was_written,
               a_file_that_must_be_new_never_replaces_one,
               a_full_disk_is_said_and_leaves_the_old_file_as_it_was,
               a_write_that_stops_in_the_middle_leaves_no_half_file,
               a_reader_never_sees_half_a_file,
               a_folder_that_is_not_there_or_not_ours_is_said_with_its_name,
               reading_refuses_what_is_missing_too_large_or_no_file,
               a_folder_is_made_with_its_parents_for_its_owner_only)
