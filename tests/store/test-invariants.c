/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-invariants - each of the sixteen finds what is planted against it, and nothing in good books
 *
 * What a constraint or a trigger would refuse is planted by the superuser with both out of the way.
 */
#include "store/ledger-world.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>

#define ONE   "'11111111-1111-1111-1111-111111111111'"
#define OTHER "'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'"
#define THIRD "'bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb'"

#define ATTEMPT(id, more, values)                                                                  \
    "INSERT INTO attempt (facility, attempt, bill, revision, client, place, method, amount_yen, "  \
    "begun_at, state" more ") VALUES (1, " id ", " ONE                                             \
    ", 1, 1, 'kiosk-1', 'card', 870, now(), " values "); "
#define APPROVED(id) ATTEMPT(id, ", approved_yen, ended_at", "2, 870, now()")
#define HOLD(number, at)                                                                           \
    "INSERT INTO journal (facility, journal, day, posted_at, kind) VALUES (1, " number             \
    ", '2026-04-01', " at ", 'hold'); INSERT INTO entry VALUES (1, " number                        \
    ", 1, 'pending-clearing', '', 100), (1, " number ", 2, 'pending-deposit', '', -100); "
#define HOLD_ENDED(number)                                                                         \
    "INSERT INTO journal (facility, journal, day, posted_at, kind, original) VALUES (1, " number   \
    ", '2026-04-01', now(), 'hold-ended', 3); "

static const struct {
    int number;
    const char *sql;     /* as the superuser, with triggers and foreign keys off */
    const char *culprit; /* named by the invariant */
} plants[] = {
    {1, "UPDATE entry SET yen = 970 WHERE facility = 1 AND journal = 1 AND line = 1",
     "journal 1: 2 lines sum to 100"},
    {1, "DELETE FROM entry WHERE facility = 1 AND journal = 2", "journal 2: 0 lines sum to 0"},
    {1, "DELETE FROM entry WHERE facility = 1 AND journal = 2 AND line = 2", "journal 2: 1 lines"},
    {2, "UPDATE entry SET yen = 970 WHERE facility = 1 AND journal = 1 AND line = 1",
     "all entries sum to 100"},
    {3, "UPDATE day_balance SET debit_yen = 871 WHERE facility = 1 AND account = 'card-clearing'",
     "card-clearing t of 2026-04-01: debit 871 credit 0, entries say 870 and 0"},
    {3,
     "UPDATE entry SET account = 'code-clearing' WHERE facility = 1 AND line = 1 AND journal = 1",
     "code-clearing t of 2026-04-01"},
    {4, "UPDATE cash_count SET pieces_out = 51 WHERE facility = 1",
     "kiosk-1: -1 pieces of 100 yen"},
    {4, "UPDATE cash_count SET pieces_in = 49 WHERE facility = 1",
     "kiosk-1: cash of 5000 yen, counted 4900"},
    {4, "DELETE FROM cash_count WHERE facility = 1", "kiosk-1: cash of 5000 yen, counted 0"},
    {5, APPROVED(OTHER), "revision 1 of 870 yen: 2 payments of 1740 yen"},
    {5,
     "INSERT INTO bill_revision SELECT facility, bill, 2, 2, 30, 10, 300, 0, 300, now(), NULL, "
     "NULL "
     "FROM bill WHERE facility = 1; UPDATE bill SET revision = 2 WHERE facility = 1",
     "of 300 yen: 870 yen kept"},
    {5, "UPDATE bill SET waived_yen = 870 WHERE facility = 1", "of 0 yen: 870 yen kept"},
    {5, "UPDATE journal SET kind = 'bill' WHERE facility = 1 AND journal = 1",
     "0 yen due, 0 too much, 0 held; the ledger says -870, 0, 0"},
    {5,
     "UPDATE journal SET kind = 'bill' WHERE facility = 1 AND journal = 1; "
     "UPDATE entry SET account = 'refund-payable' WHERE facility = 1 AND account = 'receivable'",
     "0 yen due, 0 too much, 0 held; the ledger says 0, 870, 0"},
    {5,
     "UPDATE journal SET kind = 'bill' WHERE facility = 1 AND journal = 1; "
     "UPDATE entry SET account = 'deposit' WHERE facility = 1 AND account = 'receivable'",
     "0 yen due, 0 too much, 0 held; the ledger says 0, 0, 870"},
    {5, "UPDATE bill SET change_owed_yen = 20, change_owed_since = now() WHERE facility = 1",
     "20 yen of change owed; the ledger says 0"},
    {6, "DROP INDEX attempt_one_open; " ATTEMPT(OTHER, "", "1") ATTEMPT(THIRD, "", "5"),
     "bill 11111111-1111-1111-1111-111111111111: 2 attempts are open"},
    {7, APPROVED(OTHER),
     "attempt aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa (payment): approved 870 yen, 0 journals with 0"},
    {7, "UPDATE entry SET yen = -869 WHERE facility = 1 AND journal = 1 AND line = 2",
     "approved 870 yen, 1 journals with -869"},
    {7,
     "UPDATE attempt SET kind = 'deposit' WHERE facility = 1; "
     "UPDATE entry SET yen = -869 WHERE facility = 1 AND journal = 1 AND line = 2",
     "(deposit): approved 870 yen, 1 journals with -869"},
    {7, "UPDATE attempt SET state = 3, approved_yen = NULL WHERE facility = 1",
     "journal 1 (payment): attempt 11111111-1111-1111-1111-111111111111 is in state 3"},
    {7, "DELETE FROM attempt WHERE facility = 1", "is in state none"},
    {7,
     "DROP INDEX journal_one_per_attempt; INSERT INTO journal SELECT facility, 3, day, posted_at, "
     "kind, bill, attempt FROM journal WHERE facility = 1 AND journal = 1; INSERT INTO entry "
     "SELECT "
     "facility, 3, line, account, detail, yen FROM entry WHERE facility = 1 AND journal = 1",
     "2 journals with -1740"},
    {8,
     ATTEMPT(OTHER, ", kind, original, approved_yen, ended_at", "2, 'refund', " ONE ", 800, now()")
         ATTEMPT(THIRD, ", kind, original", "1, 'refund', " ONE),
     "attempt 11111111-1111-1111-1111-111111111111: 870 yen taken, refunds of 1670"},
    {8, ATTEMPT(OTHER, ", kind, original", "1, 'refund', " THIRD), "0 yen taken, refunds of 870"},
    {9,
     ATTEMPT(OTHER, "", "4") "UPDATE attempt SET begun_at = now() - interval '25 h' "
                             "WHERE attempt = " OTHER,
     "attempt aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa: open since"},
    {9,
     ATTEMPT(OTHER, "", "5") "UPDATE attempt SET begun_at = now() - interval '31 days' "
                             "WHERE attempt = " OTHER,
     "attempt aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa: open since"},
    {9, HOLD("3", "now() - interval '31 days'"), "journal 3: hold of"},
    {9, HOLD("3", "now()") "DROP INDEX journal_hold_ended; " HOLD_ENDED("4") HOLD_ENDED("5"),
     "has 2 ends"},
    {9,
     "INSERT INTO journal (facility, journal, day, posted_at, kind, original) VALUES (1, 3, "
     "'2026-04-01', now(), 'hold-ended', 1)",
     "journal 3: ends journal 1, which is no hold"},
    {10, "UPDATE business_day SET state = 2, closed_journal = 1 WHERE facility = 1",
     "journal 2: posted into 2026-04-01, which was closed with journal 1"},
    {11,
     "DROP INDEX attempt_provider; " ATTEMPT(
         OTHER,
         ", ended_at",
         "3, now()") "UPDATE attempt SET terminal = 't', provider_id = '4711' WHERE facility = 1",
     "t 4711: 2 attempts"},
    {12,
     "ALTER TABLE request DROP CONSTRAINT request_pkey; INSERT INTO request SELECT facility, "
     "client, "
     "request, sha256('x'), reply, made_at FROM request WHERE facility = 1",
     "request 11111111-1111-1111-1111-111111111111 of client 1: 2 rows"},
    {13,
     "UPDATE bill_revision SET settled_at = now() - interval '25 h', posted_at = NULL "
     "WHERE facility = 1",
     "bill 11111111-1111-1111-1111-111111111111 revision 1: settled at"},
    {13, "DELETE FROM attempt WHERE facility = 1", "settled without a payment to post"},
    {13, "UPDATE bill_revision SET settled_at = NULL, posted_at = NULL WHERE facility = 1",
     "bill 11111111-1111-1111-1111-111111111111: settled, and nothing to post"},
    {13,
     "UPDATE facility SET hook_asked_at = now(); UPDATE notice SET made_at = now() - interval '25 "
     "h'",
     "not delivered since"},
    {13,
     "INSERT INTO event VALUES (1, 3, 1, '', NULL, now(), ''); "
     "UPDATE number_counter SET number = 3 WHERE kind = 'event'",
     "event 3 follows 1"},
    {13, "UPDATE number_counter SET number = 3 WHERE kind = 'event'",
     "event 1 is the last, the counter says 3"},
    {14, "DELETE FROM journal WHERE facility = 1 AND journal = 1", "journal 2 follows 0"},
    {14, "DELETE FROM journal WHERE facility = 1 AND journal = 2",
     "journal 1 is the last, the counter says 2"},
    {14, "DELETE FROM journal_hash WHERE facility = 1 AND journal = 1", "journal 1 has no hash"},
    {14, "UPDATE business_day SET head = sha256('x') WHERE facility = 1",
     "day 2026-04-01: its anchor is not journal 2"},
    {14, "UPDATE business_day SET last_journal = 1 WHERE facility = 1",
     "day 2026-04-01: its anchor is not journal 2"},
    /* The fixture's day is long over; today's journals are hashed again. */
    {14,
     "UPDATE business_day SET day = current_date WHERE facility = 1; "
     "UPDATE journal SET day = current_date WHERE facility = 1",
     "journal 1: its content is not what was hashed"},
    {15, "UPDATE attempt SET state = 6 WHERE facility = 1",
     "receipt 1: attempt 11111111-1111-1111-1111-111111111111 did not pay bill"},
    {15, "UPDATE attempt SET kind = 'refund', original = attempt WHERE facility = 1",
     "receipt 1: attempt 11111111-1111-1111-1111-111111111111 did not pay bill"},
    {15, "UPDATE receipt SET receipt = 2 WHERE facility = 1", "receipt 2 follows 0"},
    {15, "DELETE FROM receipt WHERE facility = 1", "receipt 0 is the last, the counter says 1"},
    {15, "DELETE FROM receipt WHERE facility = 1; DELETE FROM attempt WHERE facility = 1",
     "bill 11111111-1111-1111-1111-111111111111: settled, no receipt"},
    {16, "INSERT INTO device_step VALUES (1, 'kiosk-1', 'coins', 1, 3, NULL, NULL)",
     "kiosk-1 coins, life 1: step 3 follows 1"},
    {16,
     "ALTER TABLE device_step DROP CONSTRAINT device_step_pkey; "
     "INSERT INTO device_step VALUES (1, 'kiosk-1', 'coins', 1, 1, NULL, NULL)",
     "kiosk-1 coins, life 1: step 1 follows 1"},
    {16, "INSERT INTO device_step VALUES (1, 'kiosk-1', 'coins', 1, 2, " ONE ", 100)",
     "attempt 11111111-1111-1111-1111-111111111111: 1 pieces of 100 yen in steps, 0 counted"},
};

START_TEST(good_books_break_nothing)
{
    struct ledger_world world;

    ledger_world_init(&world);
    ledger_world_holds(&world);
    for (int i = 0; i < SUGU_INVARIANT_COUNT; i++)
        ck_assert_int_eq(sugu_invariants[i].number, i + 1);
    ledger_world_done(&world);
}
END_TEST

START_TEST(what_is_planted_against_an_invariant_is_named_by_it)
{
    struct ledger_world world;
    bool is_tried[SUGU_INVARIANT_COUNT + 1] = {false};

    ledger_world_init(&world);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(plants); i++) {
        char name[20];
        const char *broken;
        snprintf(name, sizeof name, "plant_%zu", i);
        ledger_world_use_copy(&world, name);
        ck_assert_str_eq(ledger_world_broken(&world, plants[i].number), "");
        sugu_sql_run(world.owner, "SET session_replication_role = replica");
        sugu_sql_run(world.owner, plants[i].sql);
        broken = ledger_world_broken(&world, plants[i].number);
        ck_assert_msg(strstr(broken, plants[i].culprit), "%d: %s\nfound \"%s\", not \"%s\"",
                      plants[i].number, plants[i].sql, broken, plants[i].culprit);
        is_tried[plants[i].number] = true;
    }
    for (int i = 1; i <= SUGU_INVARIANT_COUNT; i++)
        ck_assert_msg(is_tried[i], "nothing is planted against %d", i);
    ledger_world_done(&world);
}
END_TEST

/* The list in C and the one in schema 0010. */
START_TEST(the_accounts_are_those_of_the_table)
{
    struct ledger_world world;
    char sql[200];

    ledger_world_init(&world);
    ck_assert_int_eq(
        sugu_sql_number(world.owner, "SELECT count(*) FROM account WHERE facility = 1"),
        SUGU_ACCOUNT_COUNT);
    for (int i = 0; i < SUGU_ACCOUNT_COUNT; i++) {
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM account WHERE facility = 1 AND account = '%s' "
                 "AND class = '%s'",
                 sugu_account_name((enum sugu_account)i), sugu_account_class((enum sugu_account)i));
        ck_assert_msg(sugu_sql_number(world.owner, sql) == 1, "%s",
                      sugu_account_name((enum sugu_account)i));
    }
    ledger_world_done(&world);
}
END_TEST

/* What another facility does wrong is its own. */
START_TEST(a_facility_answers_for_itself)
{
    struct ledger_world world;

    ledger_world_init(&world);
    sugu_sql_run(world.owner, "SET session_replication_role = replica");
    sugu_sql_run(world.owner, "UPDATE entry SET yen = 1 WHERE facility = 2; "
                              "UPDATE cash_count SET pieces_out = 90 WHERE facility = 2; "
                              "DELETE FROM journal_hash WHERE facility = 2; "
                              "DELETE FROM attempt WHERE facility = 2");
    ledger_world_holds(&world);
    ledger_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("invariants",
                       120,
                       good_books_break_nothing,
                       what_is_planted_against_an_invariant_is_named_by_it,
                       the_accounts_are_those_of_the_table,
                       a_facility_answers_for_itself)
