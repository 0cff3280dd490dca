/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sql - statements that a test sends by itself
 */
#include "testlib/sql.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

PGconn *
sugu_sql_connect(const char *conninfo)
{
    PGconn *connection = PQconnectdb(conninfo);

    ck_assert_msg(PQstatus(connection) == CONNECTION_OK, "%s", PQerrorMessage(connection));
    sugu_sql_run(connection, "SET search_path = sugu; SET client_min_messages = warning; "
                             "SET jit = off");
    return connection;
}

static PGresult *
ask(PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    ExecStatusType status = PQresultStatus(result);

    ck_assert_msg(status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK, "%.300s: %s", sql,
                  PQresultErrorMessage(result));
    return result;
}

void
sugu_sql_run(PGconn *connection, const char *sql)
{
    PQclear(ask(connection, sql));
}

const char *
sugu_sql_text(PGconn *connection, const char *sql)
{
    static char text[16384];
    PGresult *result = ask(connection, sql);

    ck_assert_msg(PQntuples(result) == 1, "%s: %d rows", sql, PQntuples(result));
    ck_assert_uint_lt(strlen(PQgetvalue(result, 0, 0)), sizeof text);
    snprintf(text, sizeof text, "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    return text;
}

int64_t
sugu_sql_number(PGconn *connection, const char *sql)
{
    return strtoll(sugu_sql_text(connection, sql), NULL, 10);
}

void
sugu_sql_refused(PGconn *connection, const char *sqlstate, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    ck_assert_msg(state != NULL, "not refused: %s", sql);
    ck_assert_msg(strcmp(state, sqlstate) == 0, "%s: %s", sql, PQresultErrorMessage(result));
    PQclear(result);
    if (PQtransactionStatus(connection) != PQTRANS_IDLE)
        sugu_sql_run(connection, "ROLLBACK");
}
