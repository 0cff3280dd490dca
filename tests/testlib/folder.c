/* SPDX-License-Identifier: Apache-2.0 */
/*
 * folder - a folder of its own for a test, which stays where the test fails
 */
#include "testlib/folder.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACE_LENGTH_MAX 32 /* a socket's path has 107 characters at most */

const char *
sugu_test_place(void)
{
    const char *place = getenv("TMPDIR");

    return place && *place && strlen(place) <= PLACE_LENGTH_MAX ? place : "/tmp";
}

char *
sugu_test_folder_new(void)
{
    char *folder = NULL;

    ck_assert_int_gt(
        asprintf(&folder, "%s/sugu-%s.XXXXXX", sugu_test_place(), program_invocation_short_name),
        0);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    return folder;
}

static int
remove_one(const char *path, const struct stat *state, int kind, struct FTW *where)
{
    (void)state;
    (void)kind;
    (void)where;
    return remove(path);
}

char *
sugu_test_folder_free(char *folder)
{
    if (folder)
        ck_assert_int_eq(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    free(folder);
    return NULL;
}

void
sugu_test_cluster_copy(const char *folder)
{
    const char *cluster = getenv("SUGU_CLUSTER");
    char *command = NULL;

    if (!cluster)
        return;
    ck_assert_int_gt(asprintf(&command, "cp -a '%s/postgres' '%s/'", cluster, folder), 0);
    ck_assert_int_eq(system(command), 0);
    free(command);
}

int
sugu_test_folder_count(const char *folder)
{
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    int count = 0;

    ck_assert_ptr_nonnull(entries);
    while ((entry = readdir(entries)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            count++;
    closedir(entries);
    return count;
}
