/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-money-task - of more tasks than a list shows it shows those that have waited longest
 */
#include "statements.h"
#include "testlib/checks.h"
#include "testlib/database.h"
#include "testlib/sql.h"

#include "fixture.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

#define DAY        20260402 /* the day after the fixture's */
#define CONNECT_US (20 * SUGU_SECOND)
#define MADE       150
#define SHOWN      101 /* one more than a reply has */

/* Bills of facility 1, of visits 1001 …: each later one is older by a minute, so that neither ids
 * nor places in the table are in the order of their ages. */
static const char bills[] =
    "DELETE FROM receipt; DELETE FROM refund; "
    "INSERT INTO visit (facility, visit, day, patient, state, series, number, token, arrived_at)"
    " SELECT 1, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, '2026-04-01', NULL,"
    " 5, 'B', n, decode(lpad(n::text, 32, '0'), 'hex'), now() FROM generate_series(1001, 1150) n;"
    "INSERT INTO bill (facility, bill, visit, state, revision, state_since, change_owed_yen,"
    "                  change_owed_since)"
    " SELECT 1, visit, visit, %d, 1, now() - make_interval(mins => number), %d,"
    "        CASE WHEN %d > 0 THEN now() - make_interval(mins => number) END"
    " FROM visit WHERE facility = 1 AND number > 1000 ORDER BY number;"
    "INSERT INTO bill_revision (facility, bill, revision, acts_version, ratio_percent,"
    "                           total_points, copay_yen, self_pay_yen, total_yen, announced_at)"
    " SELECT 1, visit, 1, 1, 30, 290, 870, 0, 870, now() FROM visit"
    " WHERE facility = 1 AND number > 1000;"
    "INSERT INTO attempt (facility, attempt, bill, revision, client, place, method, amount_yen,"
    "                     state, approved_yen, begun_at, ended_at)"
    " SELECT 1, visit, visit, 1, 1, 'kiosk-1', 'cash', 0, 2, 0, now(), now() FROM visit"
    " WHERE facility = 1 AND number > 1000";

static void
read_tasks(const struct sugu_test_database *database, struct sugu_money_task_list_rows *rows)
{
    struct sugu_db *db = sugu_db_new(database->server, sugu_clock_system());
    struct sugu_facility_enter_row entered;
    struct sugu_error error;

    sugu_assert_ok(sugu_db_wait_ready(db, CONNECT_US, &error), error);
    sugu_db_tx_begin(db, NULL);
    sugu_db_facility_enter(db, &(struct sugu_facility_enter_params){.facility = "1"}, &entered);
    sugu_db_money_task_list(db, &(struct sugu_money_task_list_params){.facility = 1, .day = DAY},
                            rows);
    sugu_db_tx_commit(db, NULL);
    sugu_assert_ok(sugu_db_wait_round(db, /* has_commit= */ true, &error), error);
    sugu_db_free(db);
}

/* Of bills in this state, or that owe so much change. */
static void
check_oldest(int state, int owed_yen, const char *code)
{
    struct sugu_test_database database;
    struct sugu_money_task_list_rows rows = {0};
    char sql[3000];
    PGconn *owner;

    sugu_test_database_init(&database);
    owner = sugu_sql_connect(database.owner);
    sugu_sql_run(owner, SUGU_FIXTURE);
    snprintf(sql, sizeof sql, bills, state, owed_yen, owed_yen);
    sugu_sql_run(owner, sql);
    read_tasks(&database, &rows);
    ck_assert_uint_eq(rows.count, SHOWN);
    for (size_t i = 0; i < rows.count; i++) {
        ck_assert_str_eq(rows.rows[i].code, code);
        ck_assert_int_eq(rows.rows[i].number, 1000 + MADE - (int)i);
    }
    sugu_money_task_list_rows_done(&rows);
    PQfinish(owner);
    sugu_test_database_done(&database);
}

START_TEST(bills_that_have_waited_longest_at_the_counter_are_shown)
{
    check_oldest(7, 0, "bill.to-counter");
}
END_TEST

START_TEST(deposits_that_were_held_longest_are_shown)
{
    check_oldest(8, 0, "bill.deposit-held");
}
END_TEST

START_TEST(what_was_paid_too_much_longest_ago_is_shown)
{
    check_oldest(9, 0, "bill.overpaid");
}
END_TEST

START_TEST(change_that_has_been_owed_longest_is_shown)
{
    check_oldest(2, 10, "cash.change-owed");
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("money-task",
                       60,
                       bills_that_have_waited_longest_at_the_counter_are_shown,
                       deposits_that_were_held_longest_are_shown,
                       what_was_paid_too_much_longest_ago_is_shown,
                       change_that_has_been_owed_longest_is_shown)
