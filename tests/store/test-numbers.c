/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-numbers - events, receipts and tickets are numbered 1 … n without a hole, in the order of
 * the commits, whoever writes at the same time
 *
 * Eight processes write through the statements of the server; every fourth transaction is rolled
 * back. A reader that always asks for what comes after the last number it has seen never misses
 * one.
 */
#include "base/clock.h"
#include "base/random.h"
#include "statements.h"
#include "testlib/checks.h"
#include "testlib/database.h"
#include "testlib/sql.h"

#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WRITERS      8
#define TRANSACTIONS 40 /* of each writer */
#define KEPT         (TRANSACTIONS - TRANSACTIONS / 4)
#define DAY          20260401

/* A bill, a revision and an approved attempt for each receipt; their ids are the bill's number. */
static const char bills[] =
    "INSERT INTO bill SELECT 1, lpad(n::text, 32, '0')::uuid, repeat('1', 32)::uuid, 4, 1 "
    "    FROM generate_series(1, 320) n;"
    "INSERT INTO bill_revision (facility, bill, revision, acts_version, ratio_percent, "
    "    total_points, copay_yen, self_pay_yen, total_yen, announced_at) "
    "SELECT 1, lpad(n::text, 32, '0')::uuid, 1, 1, 30, 0, 0, 0, 0, now() "
    "    FROM generate_series(1, 320) n;"
    "INSERT INTO attempt (facility, attempt, bill, revision, client, place, method, amount_yen, "
    "    state, approved_yen, begun_at, ended_at) "
    "SELECT 1, lpad(n::text, 32, '0')::uuid, lpad(n::text, 32, '0')::uuid, 1, 1, '', 'card', 0, 2, "
    "    0, now(), now() FROM generate_series(1, 320) n;"
    "DELETE FROM receipt; DELETE FROM event; DELETE FROM number_counter";

static struct sugu_db *
connect_server(const struct sugu_test_database *database)
{
    struct sugu_db *db = sugu_db_new(database->server, sugu_clock_system());
    struct sugu_error error;

    sugu_assert_ok(sugu_db_wait_ready(db, 10 * SUGU_SECOND, &error), error);
    return db;
}

static void
enter(struct sugu_db *db)
{
    static struct sugu_facility_enter_row entered;

    sugu_db_tx_begin(db, NULL);
    sugu_db_facility_enter(db, &(struct sugu_facility_enter_params){.facility = "1"}, &entered);
}

/* lpad(n, 32, '0')::uuid: the decimal digits read as hexadecimal ones. */
static struct sugu_id
bill_id(int n)
{
    struct sugu_id id;
    char text[SUGU_ID_TEXT_SIZE];

    snprintf(text, sizeof text, "00000000-0000-0000-0000-%012d", n);
    ck_assert(sugu_id_from_text(text, &id));
    return id;
}

static void
add_events(struct sugu_db *db, int count)
{
    static struct sugu_event_add_row added;
    int32_t roles[3] = {1, 1, 1};
    const char *places[3] = {"", "", ""};
    struct sugu_id visits[3] = {{{0}}};
    struct sugu_bytes bodies[3] = {{(const uint8_t *)"x", 1}, {NULL, 0}, {NULL, 0}};

    sugu_db_event_add(db,
                      &(struct sugu_event_add_params){.count = (size_t)count,
                                                      .facility = 1,
                                                      .made_at = 1775001600000000,
                                                      .roles = roles,
                                                      .places = places,
                                                      .visits = visits,
                                                      .bodies = bodies},
                      &added);
}

static void
issue_ticket(struct sugu_db *db, struct sugu_ticket_issue_rows *tickets)
{
    struct sugu_id visit = sugu_id_new(sugu_clock_system(), sugu_random_system()), none = {{0}};
    const char *department = "eye", *nothing = "";
    uint8_t token[16];
    struct sugu_bytes token_bytes = {token, sizeof token};
    int16_t priority = 2, stage = 1, waiting = 0, rank = 1;
    int64_t at = 1775088000000000, no_appointment = 0;
    bool is_first = true;

    sugu_random_system()->fill(sugu_random_system(), token, sizeof token);
    sugu_db_ticket_issue(db,
                         &(struct sugu_ticket_issue_params){.count = 1,
                                                            .facility = 1,
                                                            .day = DAY + 1,
                                                            .at = at,
                                                            .visits = &visit,
                                                            .is_first = &is_first,
                                                            .patients = &none,
                                                            .tokens = &token_bytes,
                                                            .eligibilities = &none,
                                                            .priorities = &priority,
                                                            .languages = &nothing,
                                                            .stages = &stage,
                                                            .departments = &department,
                                                            .states = &waiting,
                                                            .reasons = &nothing,
                                                            .ranks = &rank,
                                                            .dues = &at,
                                                            .appointments = &no_appointment},
                         tickets);
}

/* The work of one process; its exit status. */
static int
write_all(const struct sugu_test_database *database, int writer)
{
    struct sugu_db *db = connect_server(database);
    struct sugu_receipt_add_row receipt;
    struct sugu_error error;
    int failed = 0;

    for (int i = 0; i < TRANSACTIONS; i++) {
        struct sugu_ticket_issue_rows tickets = {.count = 0};
        struct sugu_id id = bill_id(writer * TRANSACTIONS + i + 1);
        enter(db);
        issue_ticket(db, &tickets);
        sugu_db_receipt_add(
            db,
            &(struct sugu_receipt_add_params){
                .facility = 1, .bill = id, .revision = 1, .attempt = id, .issued_at = 1},
            &receipt);
        add_events(db, 1 + i % 3);
        if (i % 4 == 3)
            sugu_db_tx_rollback(db, NULL);
        else
            sugu_db_tx_commit(db, NULL);
        failed += sugu_db_wait_round(db, /* has_commit= */ i % 4 != 3, &error) != SUGU_OK;
        sugu_ticket_issue_rows_done(&tickets);
    }
    sugu_db_free(db);
    return failed;
}

/* Follows the events until there are `expected`; none is ever skipped. */
static void
follow(const struct sugu_test_database *database, int64_t expected)
{
    struct sugu_db *db = connect_server(database);
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t seen = 0, until = clock->monotonic_us(clock) + 40 * SUGU_SECOND;

    while (seen < expected) {
        struct sugu_event_after_rows events = {.count = 0};
        struct sugu_error error;
        enter(db);
        sugu_db_event_after(db,
                            &(struct sugu_event_after_params){.facility = 1,
                                                              .after = seen,
                                                              .until = INT64_MAX,
                                                              .is_whole = true,
                                                              .place = "",
                                                              .most = 500},
                            &events);
        sugu_db_tx_commit(db, NULL);
        sugu_assert_ok(sugu_db_wait_round(db, /* has_commit= */ true, &error), error);
        for (size_t i = 0; i < events.count; i++)
            ck_assert_int_eq(events.rows[i].event, ++seen);
        sugu_event_after_rows_done(&events);
        ck_assert(clock->monotonic_us(clock) < until);
    }
    sugu_db_free(db);
}

START_TEST(eight_writers_leave_no_hole_and_a_reader_misses_nothing)
{
    struct sugu_test_database database;
    PGconn *owner;
    pid_t writers[WRITERS];
    int64_t events = 0;

    sugu_test_database_init(&database);
    owner = sugu_sql_connect(database.owner);
    sugu_sql_run(owner, SUGU_FIXTURE);
    sugu_sql_run(owner, bills);
    for (int i = 0; i < TRANSACTIONS; i++)
        events += i % 4 == 3 ? 0 : WRITERS * (1 + i % 3);
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = fork();
        ck_assert_int_ge(writers[i], 0);
        if (writers[i] == 0)
            _exit(write_all(&database, i));
    }
    follow(&database, events);
    for (int i = 0; i < WRITERS; i++) {
        int status;
        ck_assert_int_eq(waitpid(writers[i], &status, 0), writers[i]);
        ck_assert_int_eq(status, 0);
    }
    ck_assert_str_eq(sugu_sql_text(owner, "SELECT concat_ws(' ', count(*), min(event), max(event)) "
                                          "FROM event WHERE facility = 1"),
                     sugu_sql_text(owner, "SELECT concat_ws(' ', number, 1, number) "
                                          "FROM number_counter WHERE kind = 'event'"));
    ck_assert_int_eq(sugu_sql_number(owner, "SELECT max(event) FROM event"), events);
    ck_assert_int_eq(sugu_sql_number(owner, "SELECT count(*) FROM receipt"), WRITERS * KEPT);
    ck_assert_int_eq(sugu_sql_number(owner, "SELECT max(receipt) FROM receipt"), WRITERS * KEPT);
    ck_assert_int_eq(
        sugu_sql_number(owner, "SELECT count(DISTINCT number) FROM visit WHERE day = '2026-04-02'"),
        WRITERS * KEPT);
    ck_assert_int_eq(
        sugu_sql_number(owner, "SELECT max(number) FROM visit WHERE day = '2026-04-02'"),
        WRITERS * KEPT);
    PQfinish(owner);
    sugu_test_database_done(&database);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("numbers", 60, eight_writers_leave_no_hole_and_a_reader_misses_nothing)
