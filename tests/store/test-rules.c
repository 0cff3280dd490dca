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
    "BEGIN; INSERT INTO journal (facility, journal, day, posted_at, kind, bill) VALUES "           \
    "(1, " number ", '" day "', now(), 'bill', " ONE "); "

#define LINES(number, values)                                                                      \
    "INSERT INTO entry SELECT 1, " number ", v.* FROM (VALUES " values ") v; "
#define TWO_LINES(number) LINES(number, "(1, 'receivable', '', 1), (2, 'revenue-clearing', '', -1)")

START_TEST(a_journal_balances_or_does_not_exist)
{
    struct world world;

    world_init(&world);
    /* Only at the commit: the lines come one after the other. */
    sugu_sql_run(world.server, JOURNAL("3", "2026-04-01") LINES("3", "(1, 'receivable', '', 100)")
                                   LINES("3", "(2, 'revenue-clearing', '', -100)") "COMMIT");
    sugu_sql_refused(
        world.server, "23514",
        JOURNAL("4", "2026-04-01")
            LINES("4", "(1, 'receivable', '', 100), (2, 'revenue-clearing', '', -99)") "COMMIT");
    sugu_sql_refused(world.server, "23514",
                     JOURNAL("4", "2026-04-01") LINES("4", "(1, 'receivable', '', 100)") "COMMIT");
    sugu_sql_refused(world.server, "23514", JOURNAL("4", "2026-04-01") "COMMIT");
    sugu_sql_refused(world.server, "23514",
                     JOURNAL("4", "2026-04-01") LINES("4", "(1, 'receivable', '', 0)"));
    ck_assert_int_eq(sugu_sql_number(world.server, "SELECT count(*) FROM journal"), 3);
    world_done(&world);
}
END_TEST

START_TEST(nothing_comes_to_a_sealed_journal)
{
    struct world world;

    world_init(&world);
    sugu_sql_refused(world.server, "23514", LINES("1", "(3, 'receivable', '', 500)"));
    /* Not even what sums to zero. */
    sugu_sql_refused(world.server, "23514",
                     LINES("1", "(3, 'receivable', '', 500), (4, 'deposit', '', -500)"));
    sugu_sql_refused(world.server, "23514",
                     "INSERT INTO cash_count VALUES (1, 2, 'kiosk-1', 500, 1, 1)");
    ck_assert_int_eq(sugu_sql_number(world.server, "SELECT count(*) FROM entry"), 4);
    world_done(&world);
}
END_TEST

START_TEST(a_journal_follows_the_one_before)
{
    struct world world;

    world_init(&world);
    sugu_sql_refused(world.server, "23514",
                     JOURNAL("4", "2026-04-01") TWO_LINES("4") "COMMIT"); /* 3 is missing */
    sugu_sql_run(world.server, JOURNAL("3", "2026-04-01") TWO_LINES("3") "COMMIT");
    ck_assert_str_eq(
        sugu_sql_text(world.owner,
                      "SELECT concat_ws(' ', first_journal, last_journal, head = (SELECT hash FROM "
                      "journal_hash WHERE facility = 1 AND journal = 3)) FROM business_day "
                      "WHERE facility = 1"),
        "1 3 t");
    ck_assert_str_eq(sugu_sql_text(world.owner,
                                   "SELECT string_agg(concat_ws(' ', account, debit_yen, "
                                   "credit_yen), ', ' ORDER BY account) FROM day_balance "
                                   "WHERE facility = 1"),
                     "card-clearing 870 0, cash-float 5000 0, cash-in-transit 0 5000, "
                     "receivable 1 870, revenue-clearing 0 1");
    world_done(&world);
}
END_TEST

#define CASH_JOURNAL                                                                               \
    "BEGIN; INSERT INTO journal (facility, journal, day, posted_at, kind) VALUES (1, 3, "          \
    "'2026-04-01', now(), 'cash-moved'); "

START_TEST(the_cash_of_a_journal_is_what_was_counted)
{
    struct world world;

    world_init(&world);
    sugu_sql_refused(
        world.server, "23514",
        CASH_JOURNAL LINES(
            "3", "(1, 'cash', 'kiosk-1', 100), (2, 'bank', '', -100)") "COMMIT"); /* not counted */
    sugu_sql_refused(
        world.server, "23514",
        CASH_JOURNAL LINES(
            "3", "(1, 'cash', 'kiosk-1', 100), (2, 'bank', '', -100)") "INSERT INTO cash_count "
                                                                       "VALUES (1, 3, 'kiosk-1', "
                                                                       "50, 1, 0); COMMIT");
    sugu_sql_refused(
        world.server, "23514",
        CASH_JOURNAL LINES(
            "3", "(1, 'cash', 'kiosk-1', 100), (2, 'bank', '', -100)") "INSERT INTO cash_count "
                                                                       "VALUES (1, 3, 'kiosk-2', "
                                                                       "100, 1, 0); COMMIT");
    sugu_sql_refused(world.server, "23514",
                     CASH_JOURNAL TWO_LINES(
                         "3") "INSERT INTO cash_count VALUES (1, 3, 'kiosk-1', 100, 1, 0); COMMIT");
    sugu_sql_refused(world.server, "23514",
                     CASH_JOURNAL "INSERT INTO cash_count VALUES (1, 3, 'kiosk-1', 30, 1, 0)");
    /* In and out, and from the float: yen of both accounts together. */
    sugu_sql_run(world.server,
                 CASH_JOURNAL LINES("3", "(1, 'cash', 'kiosk-1', 1000), "
                                         "(2, 'cash-float', 'kiosk-1', -600), (3, 'bank', '', "
                                         "-400)") "INSERT INTO cash_count VALUES (1, 3, 'kiosk-1', "
                                                  "500, 2, 1), "
                                                  "(1, 3, 'kiosk-1', 100, 0, 1); COMMIT");
    world_done(&world);
}
END_TEST

START_TEST(nothing_is_posted_into_a_day_that_is_not_open)
{
    struct world world;
    static const char post[] = JOURNAL("3", "2026-04-02") TWO_LINES("3") "COMMIT";
    static const char again[] = JOURNAL("4", "2026-04-02") TWO_LINES("4") "COMMIT";

    world_init(&world);
    sugu_sql_refused(world.server, "23514", post); /* there is no such day */
    sugu_sql_run(world.owner, "INSERT INTO business_day VALUES (1, '2026-04-02', 1)");
    sugu_sql_refused(world.server, "40001", post); /* closing: again, and into another day */
    sugu_sql_run(world.owner, "UPDATE business_day SET state = 2 WHERE day = '2026-04-02'");
    sugu_sql_refused(world.server, "40001", post); /* closed */
    sugu_sql_run(world.owner, "UPDATE business_day SET state = 0 WHERE day = '2026-04-02'");
    sugu_sql_run(world.server, post);
    /* The close notes where it stood. */
    sugu_sql_run(world.server, "UPDATE business_day SET state = 2 WHERE day = '2026-04-02'");
    ck_assert_int_eq(sugu_sql_number(world.server, "SELECT closed_journal FROM business_day "
                                                   "WHERE day = '2026-04-02'"),
                     3);
    sugu_sql_refused(world.server, "40001", again);
    world_done(&world);
}
END_TEST

START_TEST(an_attempt_is_posted_once)
{
    struct world world;

    world_init(&world);
    sugu_sql_refused(world.server, "23505",
                     "INSERT INTO journal (facility, journal, day, posted_at, kind, bill, attempt) "
                     "VALUES (1, 3, '2026-04-01', now(), 'payment', " ONE ", " ONE ")");
    world_done(&world);
}
END_TEST

#define KIND(kind, columns, values)                                                                \
    "INSERT INTO journal (facility, journal, day, posted_at, kind" columns ") VALUES (1, 3, "      \
    "'2026-04-01', now(), '" kind "'" values ")"

START_TEST(a_journal_says_whom_or_what_it_is_about)
{
    struct world world;

    world_init(&world);
    sugu_sql_refused(world.server, "23514", KIND("bill", "", ""));
    sugu_sql_refused(world.server, "23514", KIND("payment", ", bill", ", " ONE));
    sugu_sql_refused(world.server, "23514", KIND("correction", "", ""));
    sugu_sql_refused(world.server, "23514", KIND("hold-ended", "", ""));
    sugu_sql_refused(world.server, "23514", KIND("correction", ", original", ", 3")); /* itself */
    sugu_sql_refused(world.server, "23514", KIND("gift", "", ""));
    world_done(&world);
}
END_TEST

START_TEST(a_facility_has_every_account_from_its_first_moment)
{
    struct world world;

    world_init(&world);
    ck_assert_int_eq(sugu_sql_number(world.owner, "SELECT count(*) FROM account "
                                                  "WHERE facility = 1"),
                     19);
    sugu_sql_refused(world.server, "23503",
                     JOURNAL("3", "2026-04-01")
                         LINES("3", "(1, 'pocket', '', 1), (2, 'receivable', '', -1)"));
    world_done(&world);
}
END_TEST

START_TEST(a_step_of_a_device_is_consumed_once)
{
    struct world world;

    world_init(&world);
    sugu_sql_refused(world.server, "23505",
                     "INSERT INTO device_step VALUES (1, 'kiosk-1', 'coins', 1, 1, NULL, NULL)");
    sugu_sql_run(world.server, "INSERT INTO device_step VALUES "
                               "(1, 'kiosk-1', 'coins', 2, 1, NULL, NULL), "
                               "(1, 'kiosk-1', 'notes', 1, 1, NULL, NULL)");
    sugu_sql_refused(world.server, "23514", /* whose coin? */
                     "INSERT INTO device_step VALUES (1, 'kiosk-1', 'coins', 1, 2, NULL, 100)");
    world_done(&world);
}
END_TEST

/* ---- attempts and bills */

#define ATTEMPT(id, state, approved, ended)                                                        \
    "INSERT INTO attempt (facility, attempt, bill, revision, client, place, method, amount_yen, "  \
    "state, approved_yen, begun_at, ended_at) VALUES (1, " id ", " ONE                             \
    ", 1, 1, 'kiosk-1', 'card', 870, " state ", " approved ", now(), " ended ")"

START_TEST(a_bill_has_one_open_attempt_and_just_the_money_that_came)
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
    /* The fixture's is approved, and the bill says so: neither changes without the other. */
    sugu_sql_refused(world.server, "23514", ATTEMPT("repeat('d', 32)::uuid", "2", "870", "now()"));
    sugu_sql_refused(world.server, "23514", "UPDATE bill SET paid_yen = 1740");
    sugu_sql_run(world.server,
                 "BEGIN; " ATTEMPT("repeat('d', 32)::uuid", "2", "870",
                                   "now()") ";"
                                            "UPDATE bill SET paid_yen = 1740; COMMIT");
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

START_TEST(a_refund_names_what_it_gives_back)
{
    struct world world;

    world_init(&world);
    sugu_sql_run(world.server, ATTEMPT(OTHER, "0", "NULL", "NULL"));
    sugu_sql_refused(world.server, "23514",
                     "UPDATE attempt SET kind = 'refund' WHERE attempt = " OTHER);
    sugu_sql_refused(world.server, "23514",
                     "UPDATE attempt SET original = " ONE " WHERE attempt = " OTHER);
    sugu_sql_refused(world.server, "23503",
                     "UPDATE attempt SET kind = 'refund', original = gen_random_uuid() "
                     "WHERE attempt = " OTHER);
    /* Beside the payment of the same revision. */
    sugu_sql_run(world.server, "BEGIN; UPDATE attempt SET kind = 'refund', original = " ONE
                               ", state = 2, approved_yen = 70, ended_at = now() "
                               "WHERE attempt = " OTHER "; UPDATE bill SET paid_yen = 800; COMMIT");
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

/* ---- cards on file */

#define CARD(card, state, token)                                                                   \
    "INSERT INTO card_on_file (facility, card, patient, payer, state, token, text_version, "       \
    "ceiling_yen, is_payer_other, session, made_at, changed_at) VALUES (1, " card ", " ONE         \
    ", 'p', " state ", '" token "', 1, 1000, false, " ONE ", now(), now())"
#define TRY(kind, method, bill, card, original)                                                    \
    "INSERT INTO attempt (facility, attempt, bill, revision, patient, client, place, kind, "       \
    "method, amount_yen, state, original, card, begun_at) VALUES (1, gen_random_uuid(), " bill     \
    ", 1, 'kiosk-1', '" kind "', '" method "', 1, 0, " original ", " card ", now())"
#define OF_BILL ONE ", 1, NULL"
#define OF_NONE "NULL, NULL, " ONE

START_TEST(one_card_of_a_person_is_in_force_and_has_a_token)
{
    struct world world;

    world_init(&world);
    sugu_sql_refused(world.server, "23505", CARD(OTHER, "1", "t"));
    sugu_sql_refused(world.server, "23505", CARD(OTHER, "2", "t"));
    sugu_sql_run(world.server, CARD(OTHER, "0", ""));
    /* An ended one keeps its token until the provider has deleted it. */
    sugu_sql_run(world.server, "UPDATE card_on_file SET state = 3 WHERE token <> ''");
    sugu_sql_run(world.server, "UPDATE card_on_file SET token = '' WHERE token <> ''");
    sugu_sql_refused(world.server, "23514",
                     "UPDATE card_on_file SET state = 1 WHERE card = " OTHER); /* no token yet */
    sugu_sql_run(world.server,
                 "UPDATE card_on_file SET state = 1, token = 'n' WHERE card = " OTHER);
    sugu_sql_refused(world.owner, "23514",
                     "INSERT INTO consent_text VALUES (1, 2, 'ja', 'a', sha256('b'), now())");
    sugu_sql_refused(world.server, "23503",
                     "INSERT INTO consent VALUES (1, " OTHER ", now(), 'kiosk-1', " ONE
                     ", 2, 'ja', 1000, false)"); /* to a text that there is not */
    world_done(&world);
}
END_TEST

START_TEST(an_attempt_is_of_a_bill_or_of_a_card)
{
    struct world world;

    world_init(&world);
    sugu_sql_run(world.server, TRY("hold", "on-file", OF_NONE, ONE, "NULL"));
    sugu_sql_run(world.server,
                 TRY("hold", "on-file", OF_NONE, ONE, "NULL")); /* no bill is locked */
    sugu_sql_run(world.server, TRY("release", "on-file", OF_NONE, ONE, ONE));
    sugu_sql_refused(world.server, "23514", TRY("hold", "on-file", OF_NONE, "NULL", "NULL"));
    sugu_sql_refused(world.server, "23514", TRY("hold", "on-file", OF_BILL, ONE, "NULL"));
    sugu_sql_refused(world.server, "23514", TRY("release", "on-file", OF_NONE, ONE, "NULL"));
    sugu_sql_refused(world.server, "23514", TRY("payment", "on-file", OF_NONE, ONE, "NULL"));
    sugu_sql_refused(world.server, "23514", TRY("payment", "card", OF_BILL, "NULL", ONE));
    sugu_sql_refused(world.server, "23514", TRY("refund", "on-file", OF_BILL, ONE, "NULL"));
    sugu_sql_run(world.server, TRY("payment", "on-file", OF_BILL, ONE, ONE));
    sugu_sql_refused(world.server, "23505", TRY("payment", "card", OF_BILL, "NULL", "NULL"));
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("rules",
                       60,
                       a_journal_balances_or_does_not_exist,
                       nothing_comes_to_a_sealed_journal,
                       a_journal_follows_the_one_before,
                       the_cash_of_a_journal_is_what_was_counted,
                       nothing_is_posted_into_a_day_that_is_not_open,
                       an_attempt_is_posted_once,
                       a_journal_says_whom_or_what_it_is_about,
                       a_facility_has_every_account_from_its_first_moment,
                       a_step_of_a_device_is_consumed_once,
                       a_bill_has_one_open_attempt_and_just_the_money_that_came,
                       an_approved_attempt_says_how_much_and_an_ended_one_when,
                       one_transaction_of_a_terminal_pays_once,
                       a_refund_names_what_it_gives_back,
                       a_bill_is_copay_and_self_pay,
                       a_number_is_given_once_and_a_person_is_here_once,
                       a_receipt_has_its_own_number_and_a_revision_one_receipt,
                       what_the_wire_cannot_say_is_not_stored,
                       one_card_of_a_person_is_in_force_and_has_a_token,
                       an_attempt_is_of_a_bill_or_of_a_card)
