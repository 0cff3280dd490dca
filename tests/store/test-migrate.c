/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-migrate - each migration runs once, by whoever comes first, and never after it was changed
 */
#include "store/migrate-private.h"
#include "testlib/checks.h"
#include "testlib/database.h"
#include "testlib/sql.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define AT_ONCE 6

START_TEST(a_second_run_applies_nothing)
{
    struct sugu_test_database database;
    struct sugu_error error;
    int applied = -1;
    PGconn *owner;

    sugu_test_database_init(&database);
    sugu_assert_ok(sugu_migrate(database.owner, &applied, &error), error);
    ck_assert_int_eq(applied, 0);
    owner = sugu_sql_connect(database.owner);
    ck_assert_int_eq(sugu_sql_number(owner, "SELECT count(*) FROM sugu_register.migration"),
                     sugu_migration_count);
    ck_assert_str_eq(
        sugu_sql_text(owner, "SELECT hash FROM sugu_register.migration WHERE number = 1"),
        sugu_migrations[0].hash);
    PQfinish(owner);
    sugu_test_database_done(&database);
}
END_TEST

START_TEST(a_file_that_was_changed_after_it_ran_is_refused)
{
    struct sugu_test_database database;
    struct sugu_error error;
    int applied = -1;
    PGconn *owner;

    sugu_test_database_init(&database);
    owner = sugu_sql_connect(database.owner);
    sugu_sql_run(owner, "UPDATE sugu_register.migration SET hash = repeat('0', 64)");
    sugu_assert_fails(sugu_migrate(database.owner, &applied, &error), SUGU_BROKEN, "store.schema",
                      error);
    ck_assert_int_eq(applied, -1);
    ck_assert_ptr_nonnull(strstr(error.detail, "spine"));
    PQfinish(owner);
    sugu_test_database_done(&database);
}
END_TEST

START_TEST(a_migration_that_fails_leaves_nothing)
{
    struct sugu_test_database database;
    struct sugu_error error;
    char conninfo[600];
    PGconn *owner;

    sugu_test_database_init(&database);
    owner = sugu_sql_connect(database.owner);
    sugu_sql_run(owner, "CREATE DATABASE other");
    snprintf(conninfo, sizeof conninfo, "host='%s/run' dbname=other user=sugu_owner",
             database.folder);
    PQfinish(owner);
    owner = sugu_sql_connect(conninfo);
    /* In its way: half-way through, the table is found to be there already. */
    sugu_sql_run(owner, "CREATE SCHEMA sugu; CREATE TABLE sugu.request (x integer)");
    sugu_assert_fails(sugu_migrate(conninfo, NULL, &error), SUGU_BROKEN, "store.schema", error);
    ck_assert_int_eq(sugu_sql_number(owner, "SELECT count(*) FROM sugu_register.migration"), 0);
    sugu_sql_run(owner, "DROP SCHEMA sugu CASCADE");
    sugu_assert_ok(sugu_migrate(conninfo, NULL, &error), error);
    PQfinish(owner);
    sugu_test_database_done(&database);
}
END_TEST

/* A database as it was before the ledger was sealed, with journals of two days in it. */
static const char old_books[] =
    "SET search_path = sugu;"
    "INSERT INTO facility (facility, institution_code, name) VALUES (1, '1312345671', 'H');"
    "INSERT INTO account VALUES (1, 'receivable'), (1, 'revenue-clearing'), (1, 'card-clearing');"
    "INSERT INTO visit (facility, visit, day, state, series, number, token, arrived_at)"
    "    VALUES (1, repeat('1', 32)::uuid, '2026-04-01', 5, 'B', 1, decode(repeat('01', 16),"
    "            'hex'), now());"
    "INSERT INTO bill VALUES (1, repeat('1', 32)::uuid, repeat('1', 32)::uuid, 0, 1);"
    "INSERT INTO business_day VALUES (1, '2026-04-01'), (1, '2026-04-02');"
    "INSERT INTO number_counter VALUES (1, 'journal', 3);"
    "INSERT INTO journal SELECT 1, n, '2026-04-01'::date + (n > 2)::integer, now(), 'bill',"
    "    repeat('1', 32)::uuid FROM generate_series(1, 3) n;"
    "INSERT INTO entry SELECT 1, n, l, CASE l WHEN 1 THEN 'receivable' ELSE 'revenue-clearing' END,"
    "    '', CASE l WHEN 1 THEN n ELSE -n END FROM generate_series(1, 3) n, generate_series(1, 2) "
    "l;"
    "UPDATE business_day SET state = 2 WHERE day = '2026-04-01'";

static const char chain[] =
    "SELECT string_agg(concat_ws(' ', d.day, d.first_journal, d.last_journal, "
    "d.closed_journal, d.head = h.hash), ', ' ORDER BY d.day) "
    "FROM business_day d JOIN journal_hash h ON h.facility = 1 AND h.journal = d.last_journal";

START_TEST(books_that_are_there_are_sealed)
{
    struct sugu_test_database database;
    char conninfo[600];
    PGconn *owner;

    sugu_test_database_init(&database);
    owner = sugu_sql_connect(database.owner);
    sugu_sql_run(owner, "CREATE DATABASE other");
    PQfinish(owner);
    snprintf(conninfo, sizeof conninfo, "host='%s/run' dbname=other user=sugu_owner",
             database.folder);
    owner = sugu_sql_connect(conninfo);
    for (int i = 0; i < sugu_migration_count && sugu_migrations[i].number < 10; i++) {
        sugu_sql_run(owner, "BEGIN");
        sugu_sql_run(owner, sugu_migrations[i].sql);
        sugu_sql_run(owner, "COMMIT");
    }
    sugu_sql_run(owner, old_books);
    for (int i = 0; i < sugu_migration_count; i++)
        if (sugu_migrations[i].number >= 10) {
            sugu_sql_run(owner, "BEGIN");
            sugu_sql_run(owner, sugu_migrations[i].sql);
            sugu_sql_run(owner, "COMMIT");
        }
    ck_assert_str_eq(sugu_sql_text(owner, chain), "2026-04-01 1 2 2 t, 2026-04-02 3 3 t");
    ck_assert_int_eq(sugu_sql_number(owner, "SELECT count(*) FROM journal_hash"), 3);
    ck_assert_int_eq(sugu_sql_number(owner, "SELECT sum(debit_yen) FROM day_balance"), 6);
    ck_assert_str_eq(sugu_sql_text(owner, "SELECT class FROM account WHERE account = 'deposit'"),
                     "liabilities");
    PQfinish(owner);
    sugu_test_database_done(&database);
}
END_TEST

/* Servers that start at the same moment on an empty database. */
START_TEST(of_many_at_once_one_applies_each_file)
{
    struct sugu_test_database database;
    char conninfo[600];
    pid_t migrators[AT_ONCE];
    int together = 0;
    PGconn *owner;

    sugu_test_database_init(&database);
    owner = sugu_sql_connect(database.owner);
    sugu_sql_run(owner, "CREATE DATABASE other");
    PQfinish(owner);
    snprintf(conninfo, sizeof conninfo, "host='%s/run' dbname=other user=sugu_owner",
             database.folder);
    for (int i = 0; i < AT_ONCE; i++) {
        migrators[i] = fork();
        ck_assert_int_ge(migrators[i], 0);
        if (migrators[i] == 0) {
            struct sugu_error error;
            int applied = 0;
            _exit(sugu_migrate(conninfo, &applied, &error) == SUGU_OK ? applied : 100);
        }
    }
    for (int i = 0; i < AT_ONCE; i++) {
        int status;
        ck_assert_int_eq(waitpid(migrators[i], &status, 0), migrators[i]);
        ck_assert(WIFEXITED(status));
        ck_assert_int_lt(WEXITSTATUS(status), 100);
        together += WEXITSTATUS(status);
    }
    ck_assert_int_eq(together, sugu_migration_count);
    sugu_test_database_done(&database);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("migrate",
                       60,
                       a_second_run_applies_nothing,
                       a_file_that_was_changed_after_it_ran_is_refused,
                       a_migration_that_fails_leaves_nothing,
                       books_that_are_there_are_sealed,
                       of_many_at_once_one_applies_each_file)
