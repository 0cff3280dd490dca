/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-commit - what is known when PostgreSQL takes its leave in the middle of a transaction
 *
 * Triggers at the insert or at the commit end the backend or refuse, so that each answer comes at
 * the one moment that is meant.
 */
#include "statements.h"

#include "testlib/checks.h"
#include "testlib/database.h"
#include "testlib/sql.h"

#include <stdio.h>

#define CONNECT_US (20 * SUGU_SECOND)
#define CUT        "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(9)"

struct row {
    const char *when, *what; /* the trigger */
    enum sugu_status status;
    const char *code;
};

static const struct row rows[] = {
    {"IMMEDIATE", CUT, SUGU_RETRY, "store.away"},
    {"DEFERRED", CUT, SUGU_UNKNOWN, "store.unknown"},
    {"DEFERRED", "RAISE SQLSTATE '40001'", SUGU_RETRY, "store.conflict"},
    {"DEFERRED", "RAISE SQLSTATE '57014'", SUGU_RETRY, "store.conflict"},
    {"DEFERRED", "RAISE SQLSTATE '23514'", SUGU_BROKEN, "store.broken"},
};

static void
make_trigger(PGconn *owner, const struct row *row)
{
    char sql[600];

    snprintf(sql, sizeof sql,
             "CREATE OR REPLACE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS "
             "$$ BEGIN %s; RETURN NULL; END $$;"
             "DROP TRIGGER IF EXISTS leave ON facility;"
             "CREATE CONSTRAINT TRIGGER leave AFTER INSERT ON facility "
             "DEFERRABLE INITIALLY %s FOR EACH ROW EXECUTE FUNCTION leave()",
             row->what, row->when);
    sugu_sql_run(owner, sql);
}

START_TEST(only_what_befalls_the_commit_itself_leaves_doubt)
{
    struct sugu_test_database database;
    PGconn *owner;

    sugu_test_database_init(&database);
    owner = sugu_sql_connect(database.owner);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_db *db = sugu_db_new(database.owner, sugu_clock_system());
        struct sugu_error error;
        make_trigger(owner, &rows[i]);
        sugu_assert_ok(sugu_db_wait_ready(db, CONNECT_US, &error), error);
        sugu_db_tx_begin(db, NULL);
        sugu_db_setup_facility(db,
                               &(struct sugu_setup_facility_params){
                                   .facility = 1, .institution_code = "1312345679", .name = "H"},
                               NULL);
        sugu_db_tx_commit(db, NULL);
        sugu_assert_fails(sugu_db_wait_round(db, /* has_commit= */ true, &error), rows[i].status,
                          rows[i].code, error);
        sugu_db_free(db);
        ck_assert_int_eq(sugu_sql_number(owner, "SELECT count(*) FROM facility"), 0);
    }
    PQfinish(owner);
    sugu_test_database_done(&database);
}
END_TEST

SUGU_TEST_MAIN("commit", only_what_befalls_the_commit_itself_leaves_doubt)
