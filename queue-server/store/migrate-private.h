/* SPDX-License-Identifier: Apache-2.0 */
/*
 * migrate-private - what tools/build/migrations.py makes of store/schema/
 */
#pragma once

#include "store/migrate.h"

struct sugu_migration {
    int number;
    const char *name;
    const char *hash; /* SHA-256 of the text, hexadecimal */
    const char *sql;
};
extern const struct sugu_migration sugu_migrations[];
extern const int sugu_migration_count;

extern const char sugu_migrate_prepare[], sugu_migrate_begin[], sugu_migrate_find[],
    sugu_migrate_add[], sugu_migrate_commit[], sugu_migrate_rollback[];
