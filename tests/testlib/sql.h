/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sql - statements that a test sends by itself: what has to work, and what has to be refused
 */
#pragma once

#include "base/macros.h"

#include <libpq-fe.h>

#include <stdint.h>

/* Connects, with the search path sugu; ends the test when it cannot. Close with PQfinish. */
PGconn *sugu_sql_connect(const char *conninfo);

/* Runs statements; ends the test when one fails. */
void sugu_sql_run(PGconn *connection, const char *sql);
/* One row and column as a number, or as text (in memory of the next call's). */
int64_t sugu_sql_number(PGconn *connection, const char *sql);
const char *sugu_sql_text(PGconn *connection, const char *sql);
/* Runs statements, the last of which has to fail with this SQLSTATE, and rolls back if need be. */
void sugu_sql_refused(PGconn *connection, const char *sqlstate, const char *sql);
