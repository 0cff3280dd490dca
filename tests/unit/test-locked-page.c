/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-locked-page - a page for secrets is what it promises, or is not given
 */
#include "base/locked-page.h"

#include "testlib/checks.h"
#include "testlib/child.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* The kernel's flags for the mapping at `page`, e.g. " rd wr mr mw me lo ac dd wf". */
static void
read_flags(const void *page, char *flags, size_t size)
{
    FILE *maps = fopen("/proc/self/smaps", "re");
    bool is_here = false;
    char line[512];

    ck_assert_ptr_nonnull(maps);
    *flags = '\0';
    while (!*flags && fgets(line, sizeof line, maps)) {
        unsigned long long low, high;
        if (sscanf(line, "%llx-%llx ", &low, &high) == 2)
            is_here = low <= (uintptr_t)page && (uintptr_t)page < high;
        else if (is_here && strncmp(line, "VmFlags:", 8) == 0)
            snprintf(flags, size, "%s", line + 8);
    }
    fclose(maps);
}

START_TEST(a_page_of_ones_own_is_locked_and_in_no_dump_and_no_child)
{
    struct sugu_error error;
    char flags[256];
    char *page;

    sugu_assert_ok(sugu_locked_page_new(-1, (void **)&page, &error), error);
    read_flags(page, flags, sizeof flags);
    ck_assert_msg(strstr(flags, " lo") != NULL, "not locked:%s", flags);
    ck_assert_msg(strstr(flags, " dd") != NULL, "in dumps:%s", flags);
    ck_assert_msg(strstr(flags, " wf") != NULL, "in children:%s", flags);
    ck_assert_int_eq(page[0], 0);
    sugu_locked_page_free(page);
}
END_TEST

START_TEST(a_shared_page_is_the_same_for_both_and_is_cleared_at_the_end)
{
    int file = memfd_create("test", MFD_CLOEXEC);
    struct sugu_error error;
    char flags[256];
    char *page, *other;

    ck_assert_int_eq(ftruncate(file, SUGU_LOCKED_PAGE_SIZE), 0);
    sugu_assert_ok(sugu_locked_page_new(file, (void **)&page, &error), error);
    sugu_assert_ok(sugu_locked_page_new(file, (void **)&other, &error), error);
    read_flags(page, flags, sizeof flags);
    ck_assert_msg(strstr(flags, " lo") && strstr(flags, " dd"), "%s", flags);
    memcpy(page, "8317", 4);
    ck_assert_mem_eq(other, "8317", 4);
    sugu_locked_page_free(page);
    ck_assert_mem_eq(other, "\0\0\0\0", 4);
    sugu_locked_page_free(other);
    ck_assert_ptr_null(sugu_locked_page_free(NULL));
    close(file);
}
END_TEST

static void
ask_without_a_limit(void *is_shared)
{
    struct rlimit none = {0, 0};
    struct sugu_error error = {.code = ""};
    int file = -1;
    void *page;

    if (is_shared) {
        file = memfd_create("test", MFD_CLOEXEC);
        if (ftruncate(file, SUGU_LOCKED_PAGE_SIZE) != 0)
            exit(98);
    }
    setrlimit(RLIMIT_MEMLOCK, &none);
    if (sugu_locked_page_new(file, &page, &error) != SUGU_BROKEN)
        exit(99);
    fputs(error.code, stderr);
}

START_TEST(memory_that_may_not_be_locked_is_not_given)
{
    static struct sugu_child child;

    for (int is_shared = 0; is_shared < 2; is_shared++) {
        sugu_child_run(ask_without_a_limit, is_shared ? &child : NULL, &child);
        ck_assert_msg(child.status == 0, "%d: %s", child.status, child.errors);
        ck_assert_str_eq(child.errors, "memory.not-locked");
    }
}
END_TEST

SUGU_TEST_MAIN("locked-page",
               a_page_of_ones_own_is_locked_and_in_no_dump_and_no_child,
               a_shared_page_is_the_same_for_both_and_is_cleared_at_the_end,
               memory_that_may_not_be_locked_is_not_given)
