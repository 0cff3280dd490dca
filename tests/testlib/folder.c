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

/* Copies what an environment variable names to `folder`/`name`; false where it names nothing. */
static bool
copy_made(const char *variable, const char *below, const char *folder, const char *name)
{
    const char *from = getenv(variable);
    char *command = NULL;

    if (!from)
        return false;
    ck_assert_int_gt(asprintf(&command, "cp -a '%s%s' '%s/%s'", from, below, folder, name), 0);
    ck_assert_int_eq(system(command), 0);
    free(command);
    return true;
}

void
sugu_test_cluster_copy(const char *folder)
{
    (void)copy_made("SUGU_CLUSTER", "/postgres", folder, "postgres");
}

bool
sugu_test_cards_copy(const char *folder)
{
    return copy_made("SUGU_CARDS", "", folder, "cards");
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
