/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-rules - the invariants that the database itself holds, whatever a program does
 */
#include "testlib/checks.h"
#include "testlib/database.h"
#include "testlib/sql.h"

#include "fixture.h"

#include <string.h>

/* Ids of the fixture, and fresh ones. */
#define ONE   "'11111111-1111-1111-1111-111111111111'"
#define OTHER "'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'"

struct world {
    struct sugu_test_database database;
    PGconn *owner, *server;
};

static void
world_init(struct world *world)
{
    sugu_test_database_init(&world->database);
    world->owner = sugu_sql_connect(world->database.owner);
    world->server = sugu_sql_connect(world->database.server);
    sugu_sql_run(world->owner, SUGU_FIXTURE);
    sugu_sql_run(world->server, "SELECT set_config('app.facility', '1', false)");
}

static void
world_done(struct world *world)
{
    PQfinish(world->owner);
    PQfinish(world->server);
    sugu_test_database_done(&world->database);
}

/* ---- the ledger */

#define JOURNAL(number, day)                                                                       \
    "BEGIN; INSERT INTO journal VALUES (1, " number ", '" day "', now(), 'bill', " ONE ", NULL); "

START_TEST(a_journal_balances_or_does_not_exist)
{
    struct world world;

    world_init(&world);
    /* Only at the commit: the lines come one after the other. */
    sugu_sql_run(world.server,
                 JOURNAL("2", "2026-04-01") "INSERT INTO entry VALUES (1, 2, 1, 'receivable', '', "
                                            "100); INSERT INTO entry VALUES (1, 2, 2, "
                                            "'revenue-clearing', '', -100); COMMIT");
    sugu_sql_refused(world.server, "23514",
                     JOURNAL("3", "2026-04-01") "INSERT INTO entry VALUES (1, 3, 1, 'receivable', "
                                                "'', 100), (1, 3, 2, 'revenue-clearing', '', -99); "
                                                "COMMIT");
    sugu_sql_refused(world.server, "23514",
                     JOURNAL("3", "2026-04-01") "INSERT INTO entry VALUES (1, 3, 1, 'receivable', "
                                                "'', 100); COMMIT");
    sugu_sql_refused(world.server, "23514", JOURNAL("3", "2026-04-01") "COMMIT");
    sugu_sql_refused(world.server, "23514",
                     "INSERT INTO entry VALUES (1, 2, 3, 'receivable', '', 0)");
    ck_assert_int_eq(sugu_sql_number(world.server, "SELECT count(*) FROM journal"), 2);
    world_done(&world);
}
END_TEST

START_TEST(a_line_cannot_be_slipped_into_an_old_journal)
{
    struct world world;

    world_init(&world);
    sugu_sql_refused(world.server, "23514",
                     "INSERT INTO entry VALUES (1, 1, 3, 'receivable', '', 500)");
    ck_assert_int_eq(sugu_sql_number(world.server, "SELECT sum(yen) FROM entry"), 0);
    world_done(&world);
}
END_TEST

START_TEST(nothing_is_posted_into_a_day_that_is_not_open)
{
    struct world world;
    static const char post[] =
        JOURNAL("2", "2026-04-02") "INSERT INTO entry VALUES (1, 2, 1, 'receivable', '', 1), "
                                   "(1, 2, 2, 'revenue-clearing', '', -1); COMMIT";

    world_init(&world);
    sugu_sql_refused(world.server, "23514", post); /* there is no such day */
    sugu_sql_run(world.owner, "INSERT INTO business_day VALUES (1, '2026-04-02', 1)");
    sugu_sql_refused(world.server, "23514", post); /* closing */
    sugu_sql_run(world.owner, "UPDATE business_day SET state = 2 WHERE day = '2026-04-02'");
    sugu_sql_refused(world.server, "23514", post); /* closed */
    sugu_sql_run(world.owner, "UPDATE business_day SET state = 0 WHERE day = '2026-04-02'");
    sugu_sql_run(world.server, post);
    world_done(&world);
}
END_TEST

START_TEST(an_attempt_is_posted_once)
{
    struct world world;

    world_init(&world);
    sugu_sql_refused(world.server, "23505",
                     "INSERT INTO journal VALUES (1, 2, '2026-04-01', now(), 'payment', " ONE
                     ", " ONE ")");
    world_done(&world);
}
END_TEST

/* ---- attempts and bills */

#define ATTEMPT(id, state, approved, ended)                                                        \
    "INSERT INTO attempt (facility, attempt, bill, revision, client, place, method, amount_yen, "  \
    "state, approved_yen, begun_at, ended_at) VALUES (1, " id ", " ONE                             \
    ", 1, 1, 'kiosk-1', 'card', 870, " state ", " approved ", now(), " ended ")"

START_TEST(a_bill_has_one_open_attempt_and_is_settled_once)
{
    struct world world;
    static const char *const open_states[] = {
        ATTEMPT(OTHER, "0", "NULL", "NULL"), ATTEMPT(OTHER, "1", "NULL", "NULL"),
        ATTEMPT(OTHER, "4", "NULL", "NULL"), ATTEMPT(OTHER, "5", "NULL", "NULL")};

    world_init(&world);
    sugu_sql_run(world.server, ATTEMPT("repeat('b', 32)::uuid", "0", "NULL", "NULL"));
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(open_states); i++)
        sugu_sql_refused(world.server, "23505", open_states[i]);
    sugu_sql_run(world.server, ATTEMPT(OTHER, "3", "NULL", "now()")); /* declined: any number */
    sugu_sql_run(world.server, ATTEMPT("repeat('c', 32)::uuid", "3", "NULL", "now()"));
    /* The fixture's is approved. */
    sugu_sql_refused(world.server, "23505", ATTEMPT("repeat('d', 32)::uuid", "2", "870", "now()"));
    world_done(&world);
}
END_TEST

START_TEST(an_approved_attempt_says_how_much_and_an_ended_one_when)
{
    struct world world;

    world_init(&world);
    sugu_sql_refused(world.server, "23514", ATTEMPT(OTHER, "2", "NULL", "now()"));
    sugu_sql_refused(world.server, "23514", ATTEMPT(OTHER, "0", "870", "NULL"));
    sugu_sql_refused(world.server, "23514", ATTEMPT(OTHER, "3", "NULL", "NULL"));
    sugu_sql_refused(world.server, "23514", ATTEMPT(OTHER, "0", "NULL", "now()"));
    sugu_sql_refused(world.server, "23514", ATTEMPT(OTHER, "7", "NULL", "NULL"));
    world_done(&world);
}
END_TEST

START_TEST(one_transaction_of_a_terminal_pays_once)
{
    struct world world;

    world_init(&world);
    sugu_sql_run(world.server, "UPDATE attempt SET terminal = 't', provider_id = '4711'");
    sugu_sql_run(world.server, ATTEMPT(OTHER, "3", "NULL", "now()"));
    sugu_sql_refused(world.server, "23505",
                     "UPDATE attempt SET terminal = 't', provider_id = '4711' "
                     "WHERE attempt = " OTHER);
    world_done(&world);
}
END_TEST

#define REVISION(copay, self_pay, total)                                                           \
    "INSERT INTO bill_revision (facility, bill, revision, acts_version, ratio_percent, "           \
    "total_points, copay_yen, self_pay_yen, total_yen, announced_at) VALUES (1, " ONE              \
    ", 2, 2, 30, 291, " copay ", " self_pay ", " total ", now())"

START_TEST(a_bill_is_copay_and_self_pay)
{
    struct world world;

    world_init(&world);
    sugu_sql_refused(world.server, "23514", REVISION("870", "0", "871"));
    sugu_sql_refused(world.server, "23514", REVISION("870", "100", "870"));
    sugu_sql_refused(world.server, "23514", REVISION("-1", "1", "0"));
    sugu_sql_run(world.server, REVISION("870", "130", "1000"));
    sugu_sql_refused(world.server, "23505", REVISION("870", "130", "1000"));
    /* Posted only when settled. */
    sugu_sql_refused(world.server, "23514",
                     "UPDATE bill_revision SET posted_at = now() WHERE revision = 2");
    world_done(&world);
}
END_TEST

/* ---- visits and people */

#define VISIT(id, state, number, token)                                                            \
    "INSERT INTO visit (facility, visit, day, patient, state, series, number, token, arrived_at) " \
    "VALUES (1, " id ", '2026-04-01', " ONE ", " state ", 'B', " number ", decode(repeat('" token  \
    "', 16), 'hex'), now())"

START_TEST(a_number_is_given_once_and_a_person_is_here_once)
{
    struct world world;

    world_init(&world);
    sugu_sql_refused(world.server, "23505", VISIT(OTHER, "7", "1", "0b")); /* the number */
    sugu_sql_refused(world.server, "23505", VISIT(OTHER, "7", "2", "01")); /* the token */
    sugu_sql_refused(world.server, "23505", VISIT(OTHER, "1", "2", "0b")); /* the person */
    sugu_sql_run(world.server, "UPDATE visit SET state = 6");
    sugu_sql_run(world.server, VISIT(OTHER, "1", "2", "0b")); /* came back after leaving */
    sugu_sql_refused(world.server, "23514",
                     "UPDATE stage SET state = 1, desk = NULL"); /* called, but where to? */
    world_done(&world);
}
END_TEST

START_TEST(a_receipt_has_its_own_number_and_a_revision_one_receipt)
{
    struct world world;

    world_init(&world);
    sugu_sql_refused(world.server, "23505",
                     "INSERT INTO receipt VALUES (1, 2, " ONE ", 1, " ONE ", now())");
    sugu_sql_run(world.server, REVISION("870", "0", "870"));
    sugu_sql_refused(world.server, "23505",
                     "INSERT INTO receipt VALUES (1, 1, " ONE ", 2, " ONE ", now())");
    world_done(&world);
}
END_TEST

START_TEST(what_the_wire_cannot_say_is_not_stored)
{
    struct world world;

    world_init(&world);
    /* A birthday outside the years of the wire, or a place that reads as two. */
    sugu_sql_refused(world.owner, "23514", "UPDATE patient SET birth_date = '1867-12-31'");
    sugu_sql_refused(world.owner, "23514", "UPDATE patient SET birth_date = 'infinity'");
    sugu_sql_refused(world.owner, "23514", "UPDATE client SET place = 'kiosk-1 kiosk-2'");
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("rules",
                       60,
                       a_journal_balances_or_does_not_exist,
                       a_line_cannot_be_slipped_into_an_old_journal,
                       nothing_is_posted_into_a_day_that_is_not_open,
                       an_attempt_is_posted_once,
                       a_bill_has_one_open_attempt_and_is_settled_once,
                       an_approved_attempt_says_how_much_and_an_ended_one_when,
                       one_transaction_of_a_terminal_pays_once,
                       a_bill_is_copay_and_self_pay,
                       a_number_is_given_once_and_a_person_is_here_once,
                       a_receipt_has_its_own_number_and_a_revision_one_receipt,
                       what_the_wire_cannot_say_is_not_stored)
