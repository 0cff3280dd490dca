/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts - what stands in a hospital's database, asked by the owner behind every program's back
 */
#pragma once

#include "testlib/hospital.h"

#include <libpq-fe.h>

struct sugu_facts {
    PGconn *connection; /* as the owner, search_path sugu */
};

/* `folder` of the hospital. Ends the test when it cannot connect. */
void sugu_facts_init(struct sugu_facts *facts, const char *folder);
void sugu_facts_done(struct sugu_facts *facts);

/* Runs a statement; ends the test when it fails. */
void sugu_facts_run(struct sugu_facts *facts, const char *sql);
/* The one number that it gives. */
int64_t sugu_facts_number(struct sugu_facts *facts, const char *sql);
/* Waits up to 4 s until so many transactions of servers wait for a lock. */
void sugu_facts_wait_blocked(struct sugu_facts *facts, int64_t count);
/* The column of the table holds 1 … count, each once. */
void sugu_facts_are_gapless(struct sugu_facts *facts,
                            const char *table,
                            const char *column,
                            int64_t count);
/* The stored answer to a request, NULL where there is none; freed by the caller. */
Sugu__Down *sugu_facts_stored_reply(struct sugu_facts *facts, const struct sugu_id *request);
/*
 * The client has got every event that its role and place entitle it to, each once and in order, and
 * was never reset after its start. For a kiosk whose session was open all the time. Waits up to 10
 * s for the last of them.
 */
void sugu_facts_were_heard(struct sugu_facts *facts, struct sugu_test_client *client);
