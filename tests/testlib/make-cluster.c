/* SPDX-License-Identifier: Apache-2.0 */
/*
 * make-cluster - lays a migrated PostgreSQL cluster into a folder, for the tests of a run to copy
 *
 * make-cluster FOLDER; afterwards FOLDER/postgres is a cluster that does not run.
 */
#include "standalone.h"
#include "store/migrate.h"

#include <stdio.h>

int
main(int argc, char **argv)
{
    struct sugu_standalone_settings settings = {.programs = SUGU_POSTGRES_PROGRAMS,
                                                .extra_settings = ""};
    char owner[512], server[512];
    enum sugu_status status;
    struct sugu_error error;
    bool did_start;

    if (argc != 2) {
        fprintf(stderr, "usage: make-cluster FOLDER\n");
        return 64;
    }
    settings.folder = argv[1];
    status = sugu_standalone_start(&settings, owner, server, &did_start, &error);
    if (status == SUGU_OK) {
        status = sugu_migrate(owner, /* ret_applied= */ NULL, &error);
        sugu_standalone_stop(&settings);
    }
    if (status != SUGU_OK)
        fprintf(stderr, "make-cluster: %s: %s\n", error.code, error.detail);
    return status == SUGU_OK ? 0 : 70;
}
