/* SPDX-License-Identifier: Apache-2.0 */
/*
 * database - a throwaway PostgreSQL for one test program
 */
#include "testlib/database.h"

#include "testlib/checks.h"
#include "testlib/folder.h"

#include "standalone.h"
#include "store/migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct sugu_standalone_settings
settings_of(const struct sugu_test_database *database)
{
    return (struct sugu_standalone_settings){
        .folder = database->folder, .programs = SUGU_POSTGRES_PROGRAMS, .extra_settings = ""};
}

void
sugu_test_database_init(struct sugu_test_database *database)
{
    struct sugu_standalone_settings settings;
    bool did_start;
    struct sugu_error error;

    memset(database, 0, sizeof *database);
    snprintf(database->folder, sizeof database->folder, "%s/sugu-db-XXXXXX", sugu_test_place());
    ck_assert_ptr_nonnull(mkdtemp(database->folder));
    sugu_test_cluster_copy(database->folder);
    settings = settings_of(database);
    sugu_assert_ok(
        sugu_standalone_start(&settings, database->owner, database->server, &did_start, &error),
        error);
    sugu_assert_ok(sugu_migrate(database->owner, /* ret_applied= */ NULL, &error), error);
}

void
sugu_test_database_done(struct sugu_test_database *database)
{
    struct sugu_standalone_settings settings = settings_of(database);
    char command[100];

    sugu_standalone_stop(&settings);
    snprintf(command, sizeof command, "rm -r %s", database->folder);
    ck_assert_int_eq(system(command), 0);
}
