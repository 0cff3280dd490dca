/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-db-failure - what staff read when PostgreSQL cannot be reached
 */
#include "store/db-private.h"

#include "testlib/checks.h"

#include <string.h>

START_TEST(why_and_where_stand_in_one_line)
{
    static const struct {
        const char *message, *detail;
    } rows[] = {
        {"connection to server on socket \"/x/.s.PGSQL.5432\" failed: No such file or directory\n"
         "\tIs the server running locally and accepting connections on that socket?\n",
         "No such file or directory: PostgreSQL on socket \"/x/.s.PGSQL.5432\""},
        {"connection to server at \"a\" (10.0.0.1), port 5432 failed: Connection refused\n"
         "\tIs the server running on that host and accepting TCP/IP connections?\n"
         "connection to server at \"b\" (10.0.0.2), port 5432 failed: timeout expired\n",
         "Connection refused: PostgreSQL at \"a\" (10.0.0.1), port 5432"},
        {"connection to server at \"a\" (::1), port 5432 failed: FATAL:  role \"x\" failed: no\n",
         "FATAL:  role \"x\" failed: no: PostgreSQL at \"a\" (::1), port 5432"},
        {"could not translate host name \"a\" to address: Name or service not known\n",
         "could not translate host name \"a\" to address: Name or service not known"},
        {"connection to server on a line of its own\nthe next failed: so\n",
         "connection to server on a line of its own"},
        {"", ""},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_error error;
        ck_assert_int_eq(sugu_db_away(rows[i].message, &error), SUGU_RETRY);
        ck_assert_str_eq(error.code, "store.away");
        ck_assert_str_eq(error.detail, rows[i].detail);
    }
}
END_TEST

START_TEST(a_long_path_does_not_cut_the_reason)
{
    char message[400];
    struct sugu_error error;

    snprintf(message, sizeof message,
             "connection to server on socket \"/%0250d\" failed: Permission denied\n", 0);
    sugu_db_away(message, &error);
    ck_assert_int_eq(strncmp(error.detail, "Permission denied: PostgreSQL on socket", 39), 0);
}
END_TEST

SUGU_TEST_MAIN("db-failure", why_and_where_stand_in_one_line, a_long_path_does_not_cut_the_reason)
