/* SPDX-License-Identifier: Apache-2.0 */
/*
 * migrate - brings a database to the newest schema
 */
#include "store/migrate-private.h"

#include "store/db-private.h"

#include <libpq-fe.h>

#include <stdbool.h>

#include <stdio.h>
#include <string.h>

static enum sugu_status
fail_result(const PGresult *result, const char *name, struct sugu_error *reterr)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    bool is_full = state && strcmp(state, "53100") == 0;

    return sugu_fail(reterr, SUGU_BROKEN, is_full ? "store.full" : "store.schema", "%s: %s", name,
                     message ? message : "the connection was lost");
}

static enum sugu_status
run(PGconn *connection, const char *sql, const char *name, struct sugu_error *reterr)
{
    PGresult *result = PQexec(connection, sql);
    ExecStatusType is = PQresultStatus(result);
    enum sugu_status status = SUGU_OK;

    if (is != PGRES_COMMAND_OK && is != PGRES_TUPLES_OK)
        status = fail_result(result, name, reterr);
    PQclear(result);
    return status;
}

static enum sugu_status
is_registered(PGconn *connection,
              const struct sugu_migration *migration,
              bool *ret_is,
              struct sugu_error *reterr)
{
    char number[16];
    const char *values[] = {number};
    PGresult *result;
    enum sugu_status status = SUGU_OK;

    snprintf(number, sizeof number, "%d", migration->number);
    result = PQexecParams(connection, sugu_migrate_find, 1, NULL, values, NULL, NULL, 0);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        status = fail_result(result, migration->name, reterr);
    else if (PQntuples(result) > 0 && strcmp(PQgetvalue(result, 0, 0), migration->hash) != 0)
        status = sugu_fail(reterr, SUGU_BROKEN, "store.schema",
                           "migration %s was changed after it ran", migration->name);
    else
        *ret_is = PQntuples(result) > 0;
    PQclear(result);
    return status;
}

static enum sugu_status
add(PGconn *connection, const struct sugu_migration *migration, struct sugu_error *reterr)
{
    char number[16];
    const char *values[] = {number, migration->name, migration->hash};
    PGresult *result;
    enum sugu_status status = SUGU_OK;

    snprintf(number, sizeof number, "%d", migration->number);
    result = PQexecParams(connection, sugu_migrate_add, 3, NULL, values, NULL, NULL, 0);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        status = fail_result(result, migration->name, reterr);
    PQclear(result);
    return status;
}

/* The file and its registration in one transaction; the advisory lock lets one migrator work. */
static enum sugu_status
apply(PGconn *connection,
      const struct sugu_migration *migration,
      bool *ret_did,
      struct sugu_error *reterr)
{
    bool is_there = false;
    enum sugu_status status = run(connection, sugu_migrate_begin, migration->name, reterr);

    if (status == SUGU_OK)
        status = is_registered(connection, migration, &is_there, reterr);
    if (status == SUGU_OK && !is_there)
        status = run(connection, migration->sql, migration->name, reterr);
    if (status == SUGU_OK && !is_there)
        status = add(connection, migration, reterr);
    if (status == SUGU_OK)
        status = run(connection, sugu_migrate_commit, migration->name, reterr);
    else if (run(connection, sugu_migrate_rollback, migration->name, NULL) != SUGU_OK)
        return status; /* the connection is gone, and with it the transaction */
    *ret_did = status == SUGU_OK && !is_there;
    return status;
}

enum sugu_status
sugu_migrate(const char *conninfo, int *ret_applied, struct sugu_error *reterr)
{
    PGconn *connection = PQconnectdb(conninfo);
    enum sugu_status status;
    int applied = 0;

    if (PQstatus(connection) != CONNECTION_OK)
        status = sugu_db_away(PQerrorMessage(connection), reterr);
    else
        status = run(connection, sugu_migrate_prepare, "register", reterr);
    for (int i = 0; i < sugu_migration_count && status == SUGU_OK; i++) {
        bool did = false;
        status = apply(connection, &sugu_migrations[i], &did, reterr);
        applied += did;
    }
    PQfinish(connection);
    if (status == SUGU_OK && ret_applied)
        *ret_applied = applied;
    return status;
}
