/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-statements - what the generated C declares is what a real server says
 */
#include "store/db-private.h"

#include "statements.h"
#include "testlib/checks.h"
#include "testlib/database.h"

#include <string.h>

static void
check_statement(PGconn *connection, const struct sugu_statement *statement)
{
    PGresult *result = PQprepare(connection, statement->name, statement->sql,
                                 (int)statement->param_count, statement->params);

    ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK, "%s: %s", statement->name,
                  PQresultErrorMessage(result));
    PQclear(result);
    result = PQdescribePrepared(connection, statement->name);
    ck_assert_msg((size_t)PQnparams(result) == statement->param_count, "%s: %d parameters",
                  statement->name, PQnparams(result));
    for (size_t i = 0; i < statement->param_count; i++)
        ck_assert_msg(PQparamtype(result, (int)i) == statement->params[i],
                      "%s: parameter %zu is of type %u", statement->name, i + 1,
                      PQparamtype(result, (int)i));
    ck_assert_msg((size_t)PQnfields(result) == statement->column_count, "%s: %d columns",
                  statement->name, PQnfields(result));
    for (size_t i = 0; i < statement->column_count; i++)
        ck_assert_msg(PQftype(result, (int)i) == statement->columns[i],
                      "%s: column %s is of type %u", statement->name, statement->column_names[i],
                      PQftype(result, (int)i));
    PQclear(result);
}

START_TEST(every_statement_prepares_with_its_declared_types)
{
    struct sugu_test_database database;
    PGconn *connection;
    PGresult *result;

    sugu_test_database_init(&database);
    connection = PQconnectdb(database.owner);
    ck_assert_int_eq(PQstatus(connection), CONNECTION_OK);
    result = PQexec(connection, "SET search_path = sugu");
    ck_assert_int_eq(PQresultStatus(result), PGRES_COMMAND_OK);
    PQclear(result);
    ck_assert_uint_gt(sugu_statement_count, 50);
    for (size_t i = 0; i < sugu_statement_count; i++)
        check_statement(connection, &sugu_statements[i]);
    PQfinish(connection);
    sugu_test_database_done(&database);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("statements", 60, every_statement_prepares_with_its_declared_types)
