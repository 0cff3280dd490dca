/* SPDX-License-Identifier: Apache-2.0 */
/*
 * database - a throwaway PostgreSQL for one test program: migrated, empty, on a unix socket
 */
#pragma once

#include "base/status.h"

struct sugu_test_database {
    char folder[64];
    char owner[512];  /* conninfo of the owner */
    char server[512]; /* conninfo of the queue server's role */
};

/* Makes a cluster below /tmp and migrates it; fails the test where it cannot. */
void sugu_test_database_init(struct sugu_test_database *database);
/* Stops it and removes its folder. */
void sugu_test_database_done(struct sugu_test_database *database);
