/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger-world - a database in which a test posts through the ledger's own functions
 */
#include "store/ledger-world.h"

#include "testlib/checks.h"

#include "store/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_US (20 * SUGU_SECOND)
#define ROUND_US   (600 * SUGU_SECOND) /* a benchmark has a million entries */

static void
connect_server(struct ledger_world *world)
{
    struct sugu_error error;

    world->db = sugu_db_new(world->conninfo, sugu_clock_system());
    sugu_assert_ok(sugu_db_wait_ready(world->db, CONNECT_US, &error), error);
    sugu_db_set_round_limit(world->db, ROUND_US);
    world->batch.db = world->db;
}

void
ledger_world_init(struct ledger_world *world)
{
    memset(world, 0, sizeof *world);
    sugu_test_database_init(&world->database);
    world->owner = sugu_sql_connect(world->database.owner);
    sugu_sql_run(world->owner, SUGU_FIXTURE);
    snprintf(world->conninfo, sizeof world->conninfo, "%s", world->database.server);
    world->batch.facility.facility = LEDGER_FACILITY;
    world->batch.now_utc = sugu_clock_system()->utc_us(sugu_clock_system());
    connect_server(world);
}

void
ledger_world_done(struct ledger_world *world)
{
    sugu_db_free(world->db);
    PQfinish(world->owner);
    sugu_test_database_done(&world->database);
}

void
ledger_world_use_copy(struct ledger_world *world, const char *name)
{
    char sql[200], conninfo[600];
    PGconn *postgres;

    world->db = sugu_db_free(world->db);
    PQfinish(world->owner);
    snprintf(conninfo, sizeof conninfo, "host='%s/run' dbname=postgres user=sugu_owner",
             world->database.folder);
    postgres = PQconnectdb(conninfo);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE sugu", name);
    sugu_sql_run(postgres, sql);
    PQfinish(postgres);
    snprintf(conninfo, sizeof conninfo, "host='%s/run' dbname=%s user=sugu_owner",
             world->database.folder, name);
    world->owner = sugu_sql_connect(conninfo);
    snprintf(world->conninfo, sizeof world->conninfo, "host='%s/run' dbname=%s user=sugu_server",
             world->database.folder, name);
    connect_server(world);
}

static void
run_round(struct ledger_world *world, bool has_commit)
{
    struct sugu_error error;

    sugu_assert_ok(sugu_db_wait_round(world->db, has_commit, &error), error);
}

static void
enter(struct ledger_world *world)
{
    struct sugu_facility_enter_row entered;
    struct sugu_patience_set_row patience;

    sugu_db_tx_begin(world->db, NULL);
    sugu_db_facility_enter(world->db, &(struct sugu_facility_enter_params){.facility = "1"},
                           &entered);
    sugu_db_patience_set(world->db, &(struct sugu_patience_set_params){.patience = "10min"},
                         &patience);
    run_round(world, /* has_commit= */ false);
}

void
ledger_world_begin(struct ledger_world *world, uint32_t day)
{
    world->batch.day = day;
    enter(world);
}

void
ledger_world_round(struct ledger_world *world)
{
    run_round(world, /* has_commit= */ false);
}

void
ledger_world_commit(struct ledger_world *world)
{
    sugu_db_tx_commit(world->db, NULL);
    run_round(world, /* has_commit= */ true);
}

struct sugu_id
ledger_world_id(char kind, unsigned number)
{
    char text[SUGU_ID_TEXT_SIZE];
    struct sugu_id id = {{0}};

    snprintf(text, sizeof text, "00000000-0000-7000-80%02x-%012x", (unsigned)kind & 0xff, number);
    ck_assert(sugu_id_from_text(text, &id));
    return id;
}

const char *
ledger_world_broken(struct ledger_world *world, int number)
{
    static char text[100 * sizeof(struct sugu_invariant_row)];
    struct sugu_invariant_row *rows = NULL;
    sugu_time_us now = sugu_clock_system()->utc_us(sugu_clock_system());
    struct sugu_error error;
    size_t count = 0, used = 0;

    enter(world);
    sugu_assert_ok(
        sugu_invariants[number - 1].ask(world->db, LEDGER_FACILITY, now, &rows, &count, &error),
        error);
    ledger_world_commit(world);
    *text = '\0';
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s\n", rows[i].what);
    free(rows);
    return text;
}

void
ledger_world_holds(struct ledger_world *world)
{
    for (int i = 1; i <= SUGU_INVARIANT_COUNT; i++) {
        const char *broken = ledger_world_broken(world, i);
        ck_assert_msg(*broken == '\0', "invariant %d: %.600s", i, broken);
    }
}

struct sugu_chain_finding
ledger_world_verify(struct ledger_world *world, uint32_t day, const uint8_t *head)
{
    struct sugu_chain_range range = {.facility = LEDGER_FACILITY, .day = day, .head = head};
    struct sugu_chain_finding finding = {.is_broken = true};
    struct sugu_error error;

    enter(world);
    sugu_assert_ok(sugu_chain_verify(world->db, &range, &finding, &error), error);
    ledger_world_commit(world);
    return finding;
}
