/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check - what has to hold at the end: the devices' yen, the journals, the ledger
 */
#include "simulation/check.h"
#include "simulation/cluster.h"
#include "simulation/desk.h"
#include "simulation/device-card.h"
#include "simulation/device-code.h"
#include "simulation/device-on-file.h"

#include "base/text.h"
#include "domain/bill-machine.h"
#include "statements.h"
#include "store/invariant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX   65536
#define BILL_TEXT  36
#define CHARGE_MAX (2 * WORLD_VISITS_MAX)

/* ---- the database */

static PGconn *
database(const struct world *world)
{
    static PGconn *connection;

    if (!connection) {
        connection = PQconnectdb(world->settings.owner);
        if (PQstatus(connection) != CONNECTION_OK) {
            fprintf(stderr, "sim: %s", PQerrorMessage(connection));
            abort();
        }
        cluster_take_near(connection);
    }
    return connection;
}

PGresult *
check_query(const struct world *world, const char *statement)
{
    PGresult *result = PQexec(database(world), statement);

    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        fprintf(stderr, "sim: %s", PQerrorMessage(database(world)));
        abort();
    }
    return result;
}

int64_t
check_number_at(const PGresult *result, int column)
{
    int64_t value;

    if (!sugu_text_to_int64(PQgetvalue(result, 0, column), INT64_MIN, INT64_MAX, &value))
        abort();
    return value;
}

static void
print_row(const char *name, const PGresult *result)
{
    fprintf(stderr, "sim: %s:", name);
    for (int column = 0; column < PQnfields(result); column++)
        fprintf(stderr, " %s=%s", PQfname(result, column), PQgetvalue(result, 0, column));
    fprintf(stderr, " (%d rows)\n", PQntuples(result));
}

/* How many rows a check returns; the first is printed unless `is_quiet`. */
static int
run_check(const struct world *world, const char *name, const char *statement, bool is_quiet)
{
    PGresult *result = check_query(world, statement);
    int rows = PQntuples(result);

    if (rows > 0 && !is_quiet)
        print_row(name, result);
    PQclear(result);
    return rows;
}

/* Calls for each "-- :name NAME" block; `only` NULL = all of them. How many rows came together. */
static int
run_checks(const struct world *world, const char *only, bool is_quiet)
{
    static char text[TEXT_MAX];
    FILE *file = fopen(world->settings.checks, "re");
    size_t size = file ? fread(text, 1, sizeof text - 1, file) : 0;
    int rows = 0;

    if (size == 0)
        abort();
    fclose(file);
    text[size] = '\0';
    for (char *at = strstr(text, "-- :name "), *next; at; at = next) {
        char name[64], *statement = strchr(at, '\n'), *end = strchr(at, ';');
        next = strstr(at + 1, "-- :name ");
        snprintf(name, sizeof name, "%.*s", (int)(statement - at - 9), at + 9);
        while (end && end[1] != '\n') /* one in a comment is not the end */
            end = strchr(end + 1, ';');
        *end = '\0';
        if (only ? strcmp(only, name) == 0
                 : !world->settings.has_clock_jump || strncmp(name, "steady_", 7) != 0) {
            int found = run_check(world, name, statement, is_quiet);
            if (found > 0 && !is_quiet)
                sim_fail("%s: %d rows", name, found);
            rows += found;
        }
        *end = ';';
    }
    return rows;
}

bool
world_is_settled(const struct world *world)
{
    return run_checks(world, "open", /* is_quiet= */ true) == 0;
}

/* The attempts of bills that owe something to the patient. */
static void
tell_overpaid(const struct world *world)
{
    PGresult *result = check_query(
        world,
        "SELECT b.bill, b.paid_yen, b.waived_yen, a.attempt, a.kind, a.method, a.amount_yen, "
        "a.approved_yen, a.state, a.code, a.original, f.state AS refund "
        "FROM sugu.bill b JOIN sugu.attempt a USING (facility, bill) "
        "LEFT JOIN sugu.refund f ON f.attempt = a.attempt "
        "WHERE b.state = 9 ORDER BY b.bill, a.begun_at DESC LIMIT 12");

    for (int row = 0; row < PQntuples(result); row++) {
        for (int column = 0; column < PQnfields(result); column++)
            fprintf(stderr, " %s=%s", PQfname(result, column), PQgetvalue(result, row, column));
        fputc('\n', stderr);
    }
    PQclear(result);
}

void
world_tell_open(const struct world *world)
{
    const struct kiosk *place;

    run_checks(world, "open", /* is_quiet= */ false);
    tell_overpaid(world);
    for (unsigned i = 0; (place = world_place((struct world *)world, i)); i++)
        if (!payment_is_idle(place) || place->patient)
            fprintf(stderr, "sim: %s: open=%d patient=%s\n", place->place,
                    payment_open_count(place), place->patient ? "yes" : "no");
    fprintf(stderr, "sim: fee %s, desk %s %s, line %u\n", fee_is_idle(world) ? "idle" : "busy",
            desk_is_idle(world) ? "idle" : "busy", desk_left(world), world->line_count);
}

/* ---- every charge of a device against the journal and the server */

struct kept {
    char bill[BILL_TEXT + 1];
    int64_t yen;
};

struct charges {
    struct world *world;
    struct kiosk *kiosk;
    const struct device_lane *lane;
    sqlite3 *journal;
    int64_t held_yen; /* charged, and a human has it */
    int64_t kept_yen; /* by the card company or the like: charged and not given back */
    struct kept kept[CHARGE_MAX];
    unsigned kept_count;
};

sqlite3 *
check_open_journal(const struct kiosk *kiosk)
{
    char path[200];
    sqlite3 *journal;

    snprintf(path, sizeof path, "%s/payment.sqlite", kiosk->folder);
    if (sqlite3_open_v2(path, &journal, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        abort();
    return journal;
}

/* State and approved yen of the journal's attempt with this reference; -1 = none. */
static int
find_attempt(const struct charges *charges, const char *reference, struct sugu_id *id, int64_t *yen)
{
    sqlite3_stmt *statement;
    int state = -1;

    if (sqlite3_prepare_v2(charges->journal, charges->lane->find, -1, &statement, NULL) !=
        SQLITE_OK)
        abort();
    sqlite3_bind_text(statement, 1, reference, -1, SQLITE_STATIC);
    if (sqlite3_step(statement) == SQLITE_ROW) {
        state = sqlite3_column_int(statement, 0);
        *yen = sqlite3_column_int64(statement, 1);
        memcpy(id->bytes, sqlite3_column_blob(statement, 2), SUGU_ID_SIZE);
    }
    sqlite3_finalize(statement);
    return state;
}

int
check_attempt(const struct world *world, const struct sugu_id *attempt, int64_t *ret_yen)
{
    char statement[200], text[SUGU_ID_TEXT_SIZE];
    PGresult *result;
    int state = -1;

    snprintf(statement, sizeof statement,
             "SELECT state, coalesce(approved_yen, 0) FROM sugu.attempt WHERE attempt = '%s'",
             sugu_id_to_text(attempt, text));
    result = check_query(world, statement);
    if (PQntuples(result) == 1) {
        state = (int)check_number_at(result, 0);
        *ret_yen = check_number_at(result, 1);
    }
    PQclear(result);
    return state;
}

/* The server has the attempt in this state, with this amount where it is approved. */
static bool
server_agrees(const struct world *world, const struct sugu_id *id, int state, int64_t yen)
{
    int64_t told_yen;

    return check_attempt(world, id, &told_yen) == state &&
           (state != SUGU_ATTEMPT_APPROVED || told_yen == yen);
}

static void
check_charge(void *user, const struct device_charge *charge)
{
    struct charges *charges = user;
    struct sugu_id id;
    int64_t told_yen = 0;
    int state = find_attempt(charges, charge->reference, &id, &told_yen);

    sim_count(SIM_COUNT_charges);
    if (state == SUGU_ATTEMPT_HELD) {
        charges->held_yen += charge->is_refund ? -charge->yen : charge->yen;
    } else if (state != SUGU_ATTEMPT_APPROVED || told_yen != charge->yen) {
        sim_fail("kiosk %u %s %lld yen, %s of %s; its journal says state %d, %lld yen",
                 charges->kiosk->index, charge->is_refund ? "gave back" : "took",
                 (long long)charge->yen, charge->reference, charges->lane->account, state,
                 (long long)told_yen);
        return;
    }
    if (!server_agrees(charges->world, &id, state, told_yen))
        sim_fail("kiosk %u, %s of %s: journal and server disagree (state %d)",
                 charges->kiosk->index, charge->reference, charges->lane->account, state);
}

/* ---- what is kept of each bill */

static void
note_kept(void *user, const struct device_charge *charge)
{
    struct charges *charges = user;
    struct kept *kept = &charges->kept[charges->kept_count++];

    if (charges->kept_count == CHARGE_MAX)
        abort();
    sugu_text_copy(kept->bill, sizeof kept->bill, charge->bill);
    kept->yen = charge->yen;
    charges->kept_yen += charge->yen;
}

static int
compare_kept(const void *a, const void *b)
{
    return strcmp(((const struct kept *)a)->bill, ((const struct kept *)b)->bill);
}

/* More than a settled bill says was kept, and nobody is asked to give it back. */
static void
check_kept(const struct world *world, const char *bill, int64_t yen)
{
    char statement[1000];
    PGresult *result;

    snprintf(
        statement, sizeof statement,
        "SELECT r.total_yen - b.waived_yen - (SELECT coalesce(sum(CASE kind WHEN 'refund' THEN "
        "-approved_yen ELSE approved_yen END), 0) FROM sugu.attempt a WHERE a.bill = b.bill "
        "AND a.state = 2 AND a.method = 'desk') FROM sugu.bill b JOIN sugu.bill_revision r "
        "USING (facility, bill, revision) WHERE b.bill = '%s' AND b.state = %d AND NOT EXISTS "
        "(SELECT FROM sugu.attempt a WHERE a.bill = b.bill AND a.state = %d)",
        bill, SUGU_BILL_SETTLED, SUGU_ATTEMPT_HELD);
    result = check_query(world, statement);
    if (PQntuples(result) > 0 && check_number_at(result, 0) != yen)
        sim_fail("bill %s of %lld yen: %lld yen are kept", bill,
                 (long long)check_number_at(result, 0), (long long)yen);
    PQclear(result);
}

static void
check_bills(struct charges *charges)
{
    qsort(charges->kept, charges->kept_count, sizeof *charges->kept, compare_kept);
    for (unsigned i = 0; i < charges->kept_count;) {
        const char *bill = charges->kept[i].bill;
        int64_t yen = 0;
        for (; i < charges->kept_count && strcmp(charges->kept[i].bill, bill) == 0; i++)
            yen += charges->kept[i].yen;
        check_kept(charges->world, bill, yen);
    }
}

/* ---- the ledger's invariants */

static void
ask_invariants(struct sugu_db *db, sugu_time_us at)
{
    for (int i = 0; i < SUGU_INVARIANT_COUNT; i++) {
        const struct sugu_invariant *invariant = &sugu_invariants[i];
        struct sugu_invariant_row *rows = NULL;
        struct sugu_error error;
        size_t count = 0;
        if (invariant->ask(db, WORLD_FACILITY, at, &rows, &count, &error))
            sim_fail("invariant %d was not asked: %s", invariant->number, error.detail);
        for (size_t j = 0; j < count; j++)
            sim_fail("invariant %d (%s): %s", invariant->number, invariant->says, rows[j].what);
        free(rows);
    }
}

static void
check_invariants(const struct world *world)
{
    struct sugu_db *db = sugu_db_new(world->settings.owner, sugu_clock_system());
    sugu_time_us at = world->server.clock.utc_us(&world->server.clock);
    struct sugu_facility_enter_row entered;
    struct sugu_error error;
    char facility[16];

    snprintf(facility, sizeof facility, "%d", WORLD_FACILITY);
    if (sugu_db_wait_ready(db, SUGU_MINUTE, &error)) {
        sim_fail("the invariants are not asked: %s", error.detail);
        return;
    }
    sugu_db_tx_begin(db, NULL);
    sugu_db_facility_enter(db, &(struct sugu_facility_enter_params){.facility = facility},
                           &entered);
    if (sugu_db_wait_round(db, /* has_commit= */ false, &error))
        sim_fail("the invariants are not asked: %s", error.detail);
    else
        ask_invariants(db, at);
    sugu_db_free(db);
}

int64_t
check_posted_yen(const struct world *world, const char *account, const char *detail)
{
    char statement[300];
    PGresult *result;
    int64_t yen;

    snprintf(statement, sizeof statement,
             "SELECT coalesce(sum(yen), 0) FROM sugu.entry "
             "WHERE account = '%s' AND ('%s' = '' OR detail = '%s')",
             account, detail, detail);
    result = check_query(world, statement);
    yen = check_number_at(result, 0);
    PQclear(result);
    return yen;
}

/* ---- one lane: what its devices took and keep, against what was posted */

static void
check_lane(struct charges *charges, const struct device_lane *lane)
{
    struct world *world = charges->world;
    int64_t posted = check_posted_yen(world, lane->account, ""), kept = charges->kept_yen;

    charges->lane = lane;
    charges->held_yen = 0;
    for (unsigned i = 0; (charges->kiosk = world_place(world, i)); i++) {
        charges->journal = check_open_journal(charges->kiosk);
        lane->each_charge(charges->kiosk, check_charge, charges);
        sqlite3_close(charges->journal);
        lane->each_kept(charges->kiosk, note_kept, charges);
    }
    kept = charges->kept_yen - kept;
    if (kept != posted + charges->held_yen)
        sim_fail("%s: %lld yen were taken and kept, %lld were posted, %lld are held", lane->account,
                 (long long)kept, (long long)posted, (long long)charges->held_yen);
    sim_note(lane->account, kept, posted);
}

void
world_check(struct world *world)
{
    static const struct device_lane *const lanes[] = {&device_card_lane, &device_code_lane,
                                                      &device_on_file_lane};
    static struct charges charges;

    memset(&charges, 0, sizeof charges);
    charges.world = world;
    cluster_database_analyze(world->settings.owner);
    run_checks(world, /* only= */ NULL, /* is_quiet= */ false);
    check_invariants(world);
    check_fee(world);
    if (world->on_file)
        device_on_file_check(world);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(lanes); i++)
        check_lane(&charges, lanes[i]);
    check_cash(world, note_kept, &charges);
    check_bills(&charges);
}
