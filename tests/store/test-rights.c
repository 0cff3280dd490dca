/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-rights - what the server's role may do, and that it sees one facility at a time
 */
#include "testlib/checks.h"
#include "testlib/database.h"
#include "testlib/sql.h"

#include "fixture.h"

#include <stdio.h>
#include <string.h>

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
}

static void
world_done(struct world *world)
{
    PQfinish(world->owner);
    PQfinish(world->server);
    sugu_test_database_done(&world->database);
}

/* Begins a transaction of the server in facility 1. */
static void
enter(struct world *world)
{
    sugu_sql_run(world->server, "BEGIN; SELECT set_config('app.facility', '1', true)");
}

/* In facility 1, the statement is refused. */
static void
refused(struct world *world, const char *sqlstate, const char *sql)
{
    enter(world);
    sugu_sql_refused(world->server, sqlstate, sql);
}

/* ---- the whole list of rights */

/* Table rights as pg_class says them, and those on single columns. Whoever changes this list has
 * thought about it. */
static const char server_rights[] = "account: SELECT\n"
                                    "act: INSERT SELECT\n"
                                    "appointment: SELECT\n"
                                    "attempt: INSERT SELECT UPDATE\n"
                                    "audit: DELETE INSERT SELECT\n"
                                    "audit_number: USAGE\n"
                                    "bill: INSERT SELECT UPDATE\n"
                                    "bill_line: INSERT SELECT\n"
                                    "bill_revision: INSERT SELECT\n"
                                    "bill_revision.posted_at: UPDATE\n"
                                    "bill_revision.settled_at: UPDATE\n"
                                    "bill_revision.settled_by: UPDATE\n"
                                    "business_day: SELECT\n"
                                    "business_day.day: INSERT\n"
                                    "business_day.facility: INSERT\n"
                                    "business_day.state: UPDATE\n"
                                    "card_on_file: INSERT SELECT\n"
                                    "card_on_file.brand: UPDATE\n"
                                    "card_on_file.ceiling_yen: UPDATE\n"
                                    "card_on_file.changed_at: UPDATE\n"
                                    "card_on_file.code: UPDATE\n"
                                    "card_on_file.expiry: UPDATE\n"
                                    "card_on_file.funding: UPDATE\n"
                                    "card_on_file.is_payer_other: UPDATE\n"
                                    "card_on_file.last4: UPDATE\n"
                                    "card_on_file.network_id: UPDATE\n"
                                    "card_on_file.session: UPDATE\n"
                                    "card_on_file.state: UPDATE\n"
                                    "card_on_file.text_version: UPDATE\n"
                                    "card_on_file.token: UPDATE\n"
                                    "cash_count: INSERT SELECT\n"
                                    "charge_report: DELETE INSERT SELECT UPDATE\n"
                                    "client: SELECT\n"
                                    "client_key: SELECT\n"
                                    "consent: INSERT SELECT\n"
                                    "consent_text: SELECT\n"
                                    "day_balance: SELECT\n"
                                    "day_task: INSERT SELECT UPDATE\n"
                                    "department: SELECT\n"
                                    "desk: SELECT\n"
                                    "device_step: INSERT SELECT\n"
                                    "dues: INSERT SELECT UPDATE\n"
                                    "eligibility: INSERT SELECT UPDATE\n"
                                    "entry: INSERT SELECT\n"
                                    "event: DELETE INSERT SELECT\n"
                                    "facility: SELECT\n"
                                    "facility.hook_asked_at: UPDATE\n"
                                    "help: DELETE INSERT SELECT\n"
                                    "help.closed_at: UPDATE\n"
                                    "help.closed_at_desk: UPDATE\n"
                                    "help.closed_by: UPDATE\n"
                                    "house_line: DELETE INSERT SELECT UPDATE\n"
                                    "insurance: INSERT SELECT UPDATE\n"
                                    "journal: INSERT SELECT\n"
                                    "journal_hash: SELECT\n"
                                    "kiosk_state: INSERT SELECT UPDATE\n"
                                    "notice: DELETE INSERT SELECT\n"
                                    "notice.due_at: UPDATE\n"
                                    "notice.end_reason: UPDATE\n"
                                    "notice.ended_at: UPDATE\n"
                                    "notice.refusals: UPDATE\n"
                                    "notice.sent_at: UPDATE\n"
                                    "notice.status: UPDATE\n"
                                    "notice.tries: UPDATE\n"
                                    "notice_number: USAGE\n"
                                    "number_counter: INSERT SELECT UPDATE\n"
                                    "order_rule: SELECT\n"
                                    "paper: DELETE INSERT SELECT UPDATE\n"
                                    "patient: SELECT\n"
                                    "patient.birthday_misses: UPDATE\n"
                                    "patient.missed_on: UPDATE\n"
                                    "patient_card: SELECT\n"
                                    "posting_change: INSERT SELECT\n"
                                    "posting_change.posted_at: UPDATE\n"
                                    "receipt: INSERT SELECT\n"
                                    "receipt.copies: UPDATE\n"
                                    "refund: INSERT SELECT\n"
                                    "refund.decided_at: UPDATE\n"
                                    "refund.decided_by: UPDATE\n"
                                    "refund.state: UPDATE\n"
                                    "request: INSERT SELECT\n"
                                    "request.reply: UPDATE\n"
                                    "session: DELETE INSERT SELECT UPDATE\n"
                                    "staff: SELECT\n"
                                    "staff.missed_at: UPDATE\n"
                                    "staff.misses: UPDATE\n"
                                    "staff_sign_in: DELETE INSERT SELECT\n"
                                    "staff_sign_in.signed_out_at: UPDATE\n"
                                    "stage: INSERT SELECT UPDATE\n"
                                    "stage_change: INSERT SELECT\n"
                                    "stage_change.undone_by: UPDATE\n"
                                    "test_order: INSERT SELECT\n"
                                    "ticket_counter: INSERT SELECT UPDATE\n"
                                    "visit: INSERT SELECT UPDATE\n"
                                    "wait_range: DELETE INSERT SELECT UPDATE\n";

#define RIGHTS_OF(role)                                                                            \
    "SELECT string_agg(what || ': ' || rights, E'\\n' ORDER BY what COLLATE \"C\") || E'\\n' "     \
    "FROM (SELECT what, string_agg(DISTINCT kind, ' ' ORDER BY kind) AS rights FROM ("             \
    "  SELECT c.relname::text AS what, a.privilege_type AS kind, a.grantee"                        \
    "  FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace = 'sugu'::regnamespace"        \
    "  UNION ALL"                                                                                  \
    "  SELECT c.relname || '.' || t.attname, a.privilege_type, a.grantee"                          \
    "  FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a"          \
    "  WHERE c.relnamespace = 'sugu'::regnamespace"                                                \
    ") AS single WHERE grantee IN (0, '" role "'::regrole) GROUP BY what) AS listed"

/* Names the first right that is one's alone; the lists are too long for a message. */
static void
assert_same_rights(const char *found, const char *expected)
{
    while (*found != '\0' || *expected != '\0') {
        size_t found_size = strcspn(found, "\n"), size = strcspn(expected, "\n");

        ck_assert_msg(found_size == size && memcmp(found, expected, size) == 0,
                      "found \"%.*s\", expected \"%.*s\"", (int)found_size, found, (int)size,
                      expected);
        found += found_size + (found[found_size] == '\n');
        expected += size + (expected[size] == '\n');
    }
}

START_TEST(the_server_has_exactly_the_rights_that_it_needs)
{
    struct world world;

    world_init(&world);
    assert_same_rights(sugu_sql_text(world.owner, RIGHTS_OF("sugu_server")), server_rights);
    /* No way around it: no owner, no other role, nothing to create in. */
    ck_assert_str_eq(
        sugu_sql_text(world.owner,
                      "SELECT concat_ws(' ', rolsuper, rolcreaterole, rolcreatedb, rolbypassrls,"
                      " rolreplication, EXISTS (SELECT FROM pg_auth_members WHERE member = oid),"
                      " EXISTS (SELECT FROM pg_class WHERE relowner = r.oid),"
                      " has_schema_privilege(oid, 'sugu', 'CREATE'),"
                      " has_schema_privilege(oid, 'public', 'CREATE'),"
                      " has_schema_privilege(oid, 'sugu_register', 'CREATE'))"
                      " FROM pg_roles r WHERE rolname = 'sugu_server'"),
        "f f f f f f f f f f");
    world_done(&world);
}
END_TEST

START_TEST(a_report_may_read_and_no_keys)
{
    struct world world;

    world_init(&world);
    ck_assert_ptr_null(strstr(sugu_sql_text(world.owner, RIGHTS_OF("sugu_report")), "client_key"));
    ck_assert_int_eq(sugu_sql_number(world.owner,
                                     "SELECT count(*) FROM pg_class c, aclexplode(c.relacl) a "
                                     "WHERE c.relnamespace = 'sugu'::regnamespace "
                                     "AND a.grantee = 'sugu_report'::regrole "
                                     "AND a.privilege_type <> 'SELECT'"),
                     0);
    ck_assert_str_eq(
        sugu_sql_text(world.owner,
                      "SELECT concat_ws(' ', "
                      "has_column_privilege('sugu_report', 'card_on_file', 'last4', 'SELECT'), "
                      "has_column_privilege('sugu_report', 'card_on_file', 'token', 'SELECT'))"),
        "t f");
    world_done(&world);
}
END_TEST

/* ---- one facility at a time */

START_TEST(every_table_shows_its_own_facility_only)
{
    struct world world;
    PGresult *tables;

    world_init(&world);
    tables = PQexec(world.owner, "SELECT relname FROM pg_class WHERE relkind = 'r' "
                                 "AND relnamespace = 'sugu'::regnamespace "
                                 "AND relname NOT IN ('facility', 'client', 'client_key')");
    ck_assert_int_gt(PQntuples(tables), 25);
    for (int i = 0; i < PQntuples(tables); i++) {
        const char *table = PQgetvalue(tables, i, 0);
        char sql[200];
        snprintf(sql, sizeof sql, "SELECT count(DISTINCT facility) FROM %s", table);
        ck_assert_msg(sugu_sql_number(world.owner, sql) == 2, "%s: the fixture lacks it", table);
        enter(&world);
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FILTER (WHERE facility = 1) > 0 AND "
                 "count(*) FILTER (WHERE facility <> 1) = 0 FROM %s",
                 table);
        ck_assert_msg(*sugu_sql_text(world.server, sql) == 't', "%s shows more", table);
        sugu_sql_run(world.server, "COMMIT");
    }
    PQclear(tables);
    world_done(&world);
}
END_TEST

START_TEST(what_is_looked_up_before_the_facility_is_known_is_not_personal)
{
    struct world world;

    world_init(&world);
    ck_assert_int_eq(sugu_sql_number(world.server, "SELECT count(*) FROM facility"), 2);
    ck_assert_int_eq(sugu_sql_number(world.server, "SELECT count(*) FROM client"), 2);
    ck_assert_int_eq(sugu_sql_number(world.server, "SELECT count(*) FROM client_key"), 2);
    world_done(&world);
}
END_TEST

START_TEST(a_forgotten_facility_is_an_error)
{
    struct world world;

    world_init(&world);
    /* Never set in this session, and set in a transaction that is over. */
    sugu_sql_refused(world.server, "42704", "SELECT count(*) FROM visit");
    enter(&world);
    sugu_sql_run(world.server, "COMMIT");
    sugu_sql_refused(world.server, "22P02", "SELECT count(*) FROM visit");
    sugu_sql_refused(world.server, "22P02", "UPDATE visit SET state = 6");
    sugu_sql_refused(world.server, "22P02",
                     "INSERT INTO number_counter VALUES (1, 'receipt', 7) "
                     "ON CONFLICT (facility, kind) DO UPDATE SET number = 7");
    world_done(&world);
}
END_TEST

START_TEST(another_facility_cannot_be_written)
{
    struct world world;

    world_init(&world);
    refused(&world, "42501", "INSERT INTO number_counter VALUES (2, 'journal', 9)");
    refused(&world, "42501", "INSERT INTO event VALUES (2, 2, 1, '', NULL, now(), '')");
    refused(&world, "42501",
            "INSERT INTO help VALUES (2, repeat('3', 32)::uuid, 'kiosk-1', NULL, 'r', now())");
    refused(&world, "42501", "UPDATE session SET facility = 2");
    refused(&world, "42501",
            "INSERT INTO ticket_counter VALUES (2, '2026-04-01', 'B', 1) "
            "ON CONFLICT (facility, day, series) DO UPDATE SET number = 99");
    /* What is not shown is not there. */
    enter(&world);
    sugu_sql_run(world.server, "UPDATE visit SET state = 6 WHERE facility = 2");
    sugu_sql_run(world.server, "COMMIT");
    ck_assert_int_eq(sugu_sql_number(world.owner, "SELECT state FROM visit WHERE facility = 2"), 5);
    world_done(&world);
}
END_TEST

/* ---- insert-only */

static const char *const kept_tables[] = {"journal",     "entry",        "cash_count",
                                          "device_step", "journal_hash", "bill_line",
                                          "consent",     "consent_text", "event"};
#define KEPT_FOR_EVER (SUGU_ARRAY_SIZE(kept_tables) - 1)

START_TEST(the_server_cannot_change_what_is_kept)
{
    struct world world;

    world_init(&world);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(kept_tables); i++) {
        char sql[100];
        snprintf(sql, sizeof sql, "UPDATE %s SET facility = facility", kept_tables[i]);
        refused(&world, "42501", sql);
        snprintf(sql, sizeof sql, "DELETE FROM %s", kept_tables[i]);
        if (strcmp(kept_tables[i], "event") != 0) /* old ones are cleared away: test-purge */
            refused(&world, "42501", sql);
        snprintf(sql, sizeof sql, "TRUNCATE %s CASCADE", kept_tables[i]);
        refused(&world, "42501", sql);
    }
    refused(&world, "42501", "UPDATE bill_revision SET total_yen = 0, copay_yen = 0");
    refused(&world, "42501", "UPDATE receipt SET receipt = 2");
    refused(&world, "42501", "UPDATE request SET body_hash = ''");
    refused(&world, "42501", "UPDATE patient SET name = 'Q'");
    refused(&world, "42501", "DELETE FROM visit");
    /* The chain and the balances are the owner's trigger's. */
    refused(&world, "42501",
            "INSERT INTO journal_hash VALUES (1, 3, decode(repeat('00', 32), 'hex'))");
    refused(&world, "42501", "UPDATE day_balance SET debit_yen = 0");
    refused(&world, "42501", "UPDATE business_day SET head = NULL, last_journal = NULL");
    refused(&world, "42501", "SELECT seal(1, 1, '2026-04-01')");
    refused(&world, "42501", "INSERT INTO account VALUES (1, 'pocket')");
    world_done(&world);
}
END_TEST

START_TEST(the_owner_is_stopped_as_well)
{
    struct world world;

    world_init(&world);
    for (size_t i = 0; i < KEPT_FOR_EVER; i++) {
        char sql[100];
        snprintf(sql, sizeof sql, "UPDATE %s SET facility = facility", kept_tables[i]);
        sugu_sql_refused(world.owner, "23001", sql);
        snprintf(sql, sizeof sql, "DELETE FROM %s", kept_tables[i]);
        sugu_sql_refused(world.owner, "23001", sql);
        snprintf(sql, sizeof sql, "TRUNCATE %s CASCADE", kept_tables[i]);
        sugu_sql_refused(world.owner, "23001", sql);
    }
    sugu_sql_refused(world.owner, "23001", "UPDATE event SET roles = 0");
    sugu_sql_run(world.owner, "DELETE FROM event WHERE facility = 2"); /* old ones are cleared */
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("rights",
                       60,
                       the_server_has_exactly_the_rights_that_it_needs,
                       a_report_may_read_and_no_keys,
                       every_table_shows_its_own_facility_only,
                       what_is_looked_up_before_the_facility_is_known_is_not_personal,
                       a_forgotten_facility_is_an_error,
                       another_facility_cannot_be_written,
                       the_server_cannot_change_what_is_kept,
                       the_owner_is_stopped_as_well)
