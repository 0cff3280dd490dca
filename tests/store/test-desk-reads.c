/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-desk-reads - what a desk reads: who calls for staff, and the numbers of the day
 */
#include "statements.h"
#include "testlib/checks.h"
#include "testlib/database.h"
#include "testlib/sql.h"

#include "fixture.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

#define DAY        20260401
#define CONNECT_US (20 * SUGU_SECOND)
#define OF_A_KIND  25 /* in one reply */

/* More visits of facility 1 on the fixture's day. */
#define VISIT                                                                                      \
    "INSERT INTO visit (facility, visit, day, patient, state, series, number, token, arrived_at)"  \
    " SELECT 1, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, '2026-04-01', NULL," \
    " 5, 'B', n, decode(lpad(n::text, 32, '0'), 'hex'), now() "

struct world {
    struct sugu_test_database database;
    PGconn *owner;
    struct sugu_db *db;
    struct sugu_facility_enter_row entered;
};

static void
world_init(struct world *world)
{
    struct sugu_error error;

    sugu_test_database_init(&world->database);
    world->owner = sugu_sql_connect(world->database.owner);
    sugu_sql_run(world->owner, SUGU_FIXTURE);
    sugu_sql_run(world->owner, "DELETE FROM charge_report; DELETE FROM help");
    world->db = sugu_db_new(world->database.server, sugu_clock_system());
    sugu_assert_ok(sugu_db_wait_ready(world->db, CONNECT_US, &error), error);
    sugu_db_tx_begin(world->db, NULL);
    sugu_db_facility_enter(world->db, &(struct sugu_facility_enter_params){.facility = "1"},
                           &world->entered);
}

static void
world_done(struct world *world)
{
    sugu_db_free(world->db);
    PQfinish(world->owner);
    sugu_test_database_done(&world->database);
}

static void
read_now(struct world *world)
{
    struct sugu_error error;

    sugu_db_tx_commit(world->db, NULL);
    sugu_assert_ok(sugu_db_wait_round(world->db, /* has_commit= */ true, &error), error);
}

/* ---- calls for staff */

static void
read_helps(struct world *world, struct sugu_help_open_rows *rows)
{
    sugu_db_help_open(world->db,
                      &(struct sugu_help_open_params){.facility = 1, .day = DAY, .since = 0}, rows);
    read_now(world);
}

static unsigned
count_charges(const struct sugu_help_open_rows *rows)
{
    unsigned count = 0;

    for (size_t i = 0; i < rows->count; i++)
        count += strncmp(rows->rows[i].reason, "fee.", 4) == 0;
    return count;
}

START_TEST(no_number_of_unbillable_acts_hides_a_patient_s_call)
{
    struct world world;
    struct sugu_help_open_rows rows = {0};

    world_init(&world);
    sugu_sql_run(world.owner, VISIT "FROM generate_series(100, 159) n");
    sugu_sql_run(world.owner, "INSERT INTO charge_report SELECT 1, visit, 1, 'fee.act-unknown', '',"
                              " now() FROM visit WHERE facility = 1 AND number >= 100");
    sugu_sql_run(world.owner, "INSERT INTO help (facility, help, place, reason, asked_at)"
                              " SELECT 1, gen_random_uuid(), 'kiosk-' || n, 'help.asked',"
                              " now() - make_interval(mins => n) FROM generate_series(1, 3) n");
    read_helps(&world, &rows);
    ck_assert_uint_eq(count_charges(&rows), OF_A_KIND);
    ck_assert_uint_eq(rows.count, OF_A_KIND + 3);
    ck_assert_str_eq(rows.rows[OF_A_KIND].place, "kiosk-1"); /* the newest first */
    ck_assert_str_eq(rows.rows[OF_A_KIND + 2].place, "kiosk-3");
    sugu_help_open_rows_done(&rows);
    world_done(&world);
}
END_TEST

START_TEST(no_number_of_calls_hides_an_unbillable_act)
{
    struct world world;
    struct sugu_help_open_rows rows = {0};

    world_init(&world);
    sugu_sql_run(world.owner, VISIT "FROM generate_series(100, 100) n");
    sugu_sql_run(world.owner, "INSERT INTO charge_report SELECT 1, visit, 1, 'fee.act-unknown', '',"
                              " now() FROM visit WHERE facility = 1 AND number = 100");
    sugu_sql_run(world.owner, "INSERT INTO help (facility, help, place, reason, asked_at)"
                              " SELECT 1, gen_random_uuid(), 'kiosk-' || n, 'help.asked',"
                              " now() - make_interval(mins => n) FROM generate_series(1, 60) n");
    read_helps(&world, &rows);
    ck_assert_uint_eq(count_charges(&rows), 1);
    ck_assert_uint_eq(rows.count, 1 + OF_A_KIND);
    ck_assert_str_eq(rows.rows[1].place, "kiosk-1");
    sugu_help_open_rows_done(&rows);
    world_done(&world);
}
END_TEST

/* ---- the numbers of the day */

START_TEST(a_bill_at_the_counter_was_not_paid_without_a_cashier)
{
    struct world world;
    struct sugu_today_find_row row = {0};

    world_init(&world); /* the fixture's bill was paid at a kiosk */
    sugu_sql_run(world.owner, VISIT "FROM generate_series(100, 101) n");
    /* One at the counter, and one that nobody has tried to pay yet. */
    sugu_sql_run(world.owner, "INSERT INTO bill SELECT 1, visit, visit, 7 * (number - 100), 1"
                              " FROM visit WHERE facility = 1 AND number >= 100");
    sugu_db_today_find(world.db, &(struct sugu_today_find_params){.facility = 1, .day = DAY}, &row);
    read_now(&world);
    ck_assert_int_eq(row.settled, 2);
    ck_assert_int_eq(row.settled_at_kiosk, 1);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("desk-reads",
                       60,
                       no_number_of_unbillable_acts_hides_a_patient_s_call,
                       no_number_of_calls_hides_an_unbillable_act,
                       a_bill_at_the_counter_was_not_paid_without_a_cashier)
