/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger-world - a database in which a test posts through the ledger's own functions
 *
 * The two hospitals of fixture.h; facility 1 gets more bills, visits and attempts with ids of their
 * number. The connection `db` is the queue server's, with its rights alone.
 */
#pragma once

#include "testlib/database.h"
#include "testlib/sql.h"

#include "handlers/ledger.h"
#include "store/chain.h"
#include "store/invariant.h"

#define LEDGER_FACILITY 1

struct ledger_world {
    struct sugu_test_database database;
    char conninfo[600]; /* of the server, to the database in use */
    PGconn *owner;
    struct sugu_db *db;
    struct sugu_batch batch;
};

void ledger_world_init(struct ledger_world *world);
void ledger_world_done(struct ledger_world *world);
/* From now on another database: a copy of the first as it is now, which stays as it is. */
void ledger_world_use_copy(struct ledger_world *world, const char *name);

/* The server's transaction, on a business day; statements that fail end the test. */
void ledger_world_begin(struct ledger_world *world, uint32_t day);
/* Lets go what was sent, and waits for it. */
void ledger_world_round(struct ledger_world *world);
void ledger_world_commit(struct ledger_world *world);

/* The id of bill, visit or attempt number `number`; `kind` 'b', 'v' or 'a' keeps them apart. */
struct sugu_id ledger_world_id(char kind, unsigned number);

/* What breaks invariant `number` (1 …), one culprit a line; "" where nothing does. At `now`. */
const char *ledger_world_broken(struct ledger_world *world, int number);
/* Every one holds; otherwise the test ends with the culprits. */
void ledger_world_holds(struct ledger_world *world);
/* Of the whole chain, or of a day. */
struct sugu_chain_finding
ledger_world_verify(struct ledger_world *world, uint32_t day, const uint8_t *head);
