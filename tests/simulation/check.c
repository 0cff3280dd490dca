/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check - what has to hold at the end: the devices' yen, the journals, the ledger
 */
#include "simulation/device-card.h"
#include "simulation/world.h"

#include "base/text.h"

#include <libpq-fe.h>
#include <sqlite3.h>
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
    }
    return connection;
}

static PGresult *
query(const struct world *world, const char *statement)
{
    PGresult *result = PQexec(database(world), statement);

    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        fprintf(stderr, "sim: %s", PQerrorMessage(database(world)));
        abort();
    }
    return result;
}

static int64_t
number_at(const PGresult *result, int column)
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
    PGresult *result = query(world, statement);
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
        if (!only || strcmp(only, name) == 0) {
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

void
world_tell_open(const struct world *world)
{
    run_checks(world, "open", /* is_quiet= */ false);
    for (unsigned i = 0; i < world->settings.kiosks; i++)
        if (!payment_is_idle(&world->kiosks[i]) || world->kiosks[i].patient)
            fprintf(stderr, "sim: kiosk %u: open=%d patient=%s\n", i,
                    payment_open_count(&world->kiosks[i]), world->kiosks[i].patient ? "yes" : "no");
    fprintf(stderr, "sim: fee %s, line %u\n", fee_is_idle(world) ? "idle" : "busy",
            world->line_count);
}

/* ---- every charge of a device against the journal and the server */

struct charges {
    struct world *world;
    struct kiosk *kiosk;
    sqlite3 *journal;
    int64_t held_yen; /* charged, and a human has it */
    char bills[CHARGE_MAX][BILL_TEXT + 1];
    unsigned count;
};

static sqlite3 *
open_journal(const struct kiosk *kiosk)
{
    char path[200];
    sqlite3 *journal;

    snprintf(path, sizeof path, "%s/payment.sqlite", kiosk->folder);
    if (sqlite3_open_v2(path, &journal, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        abort();
    return journal;
}

/* State and approved yen of the journal's attempt with this service id; -1 = none. */
static int
find_attempt(sqlite3 *journal, const char *service_id, struct sugu_id *id, int64_t *yen)
{
    sqlite3_stmt *statement;
    int state = -1;

    if (sqlite3_prepare_v2(journal,
                           "SELECT state, approved_yen, id FROM attempt WHERE service_id = ?", -1,
                           &statement, NULL) != SQLITE_OK)
        abort();
    sqlite3_bind_text(statement, 1, service_id, -1, SQLITE_STATIC);
    if (sqlite3_step(statement) == SQLITE_ROW) {
        state = sqlite3_column_int(statement, 0);
        *yen = sqlite3_column_int64(statement, 1);
        memcpy(id->bytes, sqlite3_column_blob(statement, 2), SUGU_ID_SIZE);
    }
    sqlite3_finalize(statement);
    return state;
}

/* The server has the attempt in this state, with this amount where it is approved. */
static bool
server_agrees(const struct world *world, const struct sugu_id *id, int state, int64_t yen)
{
    char statement[200], text[SUGU_ID_TEXT_SIZE];
    PGresult *result;
    bool agrees;

    snprintf(statement, sizeof statement,
             "SELECT state, coalesce(approved_yen, 0) FROM sugu.attempt WHERE attempt = '%s'",
             sugu_id_to_text(id, text));
    result = query(world, statement);
    agrees = PQntuples(result) == 1 && number_at(result, 0) == state &&
             (state != SUGU_ATTEMPT_APPROVED || number_at(result, 1) == yen);
    PQclear(result);
    return agrees;
}

static void
note_bill(struct charges *charges, const char *reference)
{
    if (charges->count == CHARGE_MAX)
        abort();
    sugu_text_copy(charges->bills[charges->count++], BILL_TEXT + 1, reference);
}

static void
check_charge(void *user, const char *service_id, const char *reference, int64_t yen)
{
    struct charges *charges = user;
    struct sugu_id id;
    int64_t told_yen = 0;
    int state = find_attempt(charges->journal, service_id, &id, &told_yen);

    sim_count(SIM_COUNT_charges);
    if (state == SUGU_ATTEMPT_HELD) {
        charges->held_yen += yen;
    } else if (state != SUGU_ATTEMPT_APPROVED || told_yen != yen) {
        sim_fail("kiosk %u took %lld yen with service %s; its journal says state %d, %lld yen",
                 charges->kiosk->index, (long long)yen, service_id, state, (long long)told_yen);
        return;
    } else {
        note_bill(charges, reference);
    }
    if (!server_agrees(charges->world, &id, state, told_yen))
        sim_fail("kiosk %u, service %s: journal and server disagree (state %d)",
                 charges->kiosk->index, service_id, state);
}

static int
compare_bills(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void
check_twice(struct charges *charges)
{
    qsort(charges->bills, charges->count, sizeof *charges->bills, compare_bills);
    for (unsigned i = 1; i < charges->count; i++)
        if (strcmp(charges->bills[i], charges->bills[i - 1]) == 0)
            sim_fail("bill %s was charged twice", charges->bills[i]);
}

static int64_t
posted_yen(const struct world *world)
{
    PGresult *result = query(world, "SELECT coalesce(sum(yen), 0) FROM sugu.entry "
                                    "WHERE account = 'card-clearing'");
    int64_t yen = number_at(result, 0);

    PQclear(result);
    return yen;
}

void
world_check(struct world *world)
{
    static struct charges charges;
    int64_t taken_yen = 0, posted = posted_yen(world);

    memset(&charges, 0, sizeof charges);
    charges.world = world;
    run_checks(world, /* only= */ NULL, /* is_quiet= */ false);
    for (unsigned i = 0; i < world->settings.kiosks; i++) {
        charges.kiosk = &world->kiosks[i];
        charges.journal = open_journal(charges.kiosk);
        device_card_each(charges.kiosk->card, check_charge, &charges);
        sqlite3_close(charges.journal);
        taken_yen += device_card_charged(charges.kiosk->card);
    }
    check_twice(&charges);
    if (taken_yen != posted + charges.held_yen)
        sim_fail("devices took %lld yen, %lld were posted, %lld are held", (long long)taken_yen,
                 (long long)posted, (long long)charges.held_yen);
    sim_note("yen", taken_yen, posted);
}
