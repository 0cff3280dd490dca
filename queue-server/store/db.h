/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db - one connection to PostgreSQL: non-blocking, in pipeline mode, with every statement prepared
 *
 * Statements are sent by their generated functions (statements.h) and belong to the present round.
 * sugu_db_end_round() lets the round go; when it is over all results have been written to their
 * targets and `on_round` is called (from sugu_db_step) or sugu_db_wait() returns. A round fails as
 * a whole: after the first error the server skips the rest of it. One transaction may span rounds.
 */
#pragma once

#include "base/id.h"
#include "base/status.h"

struct sugu_db;

struct sugu_bytes {
    const uint8_t *data;
    size_t size;
};

/* What went wrong in a round, for those who decide what to do about it. */
struct sugu_db_failure {
    char sqlstate[6];     /* "" where the connection was lost */
    char constraint[64];  /* violated constraint or unique index, "" */
    int statement;        /* enum sugu_statement_id of the first that failed, -1 */
    const void *owner;    /* who had sent it: sugu_db_set_owner */
    bool was_commit_sent; /* connection lost with a COMMIT on its way: UNKNOWN */
};

typedef void (*sugu_db_on_round)(void *user,
                                 enum sugu_status status,
                                 const struct sugu_error *error,
                                 const struct sugu_db_failure *failure);

/*
 * Begins to connect. `conninfo` as in libpq; search_path, time-outs and application_name are set
 * here. The connection is built again by itself when it is lost (sugu_db_step); a round that was
 * under way then fails with RETRY "store.away" or, with a COMMIT sent and nothing refused before
 * it, UNKNOWN "store.unknown", also where PostgreSQL says good-bye in place of an answer to it.
 */
struct sugu_db *sugu_db_new(const char *conninfo, const struct sugu_clock *clock);
struct sugu_db *sugu_db_free(struct sugu_db *db);

/* Connected, statements prepared, no round under way. */
bool sugu_db_is_ready(const struct sugu_db *db);

/* For a poll loop: descriptor (-1 while waiting to reconnect), events to wait for, step. */
int sugu_db_fd(const struct sugu_db *db);
short sugu_db_poll_events(const struct sugu_db *db);
int64_t sugu_db_due_us(const struct sugu_db *db);
void sugu_db_step(struct sugu_db *db);

/* Names the sender of the statements that follow, for sugu_db_failure. */
void sugu_db_set_owner(struct sugu_db *db, const void *owner);

/* Has nothing been sent since the last round? Then there is nothing to wait for. */
bool sugu_db_is_round_empty(const struct sugu_db *db);

/* The round ends here; on_round is called when the server has answered. Asserts that is_ready was
 * true when the round began. `has_commit`: the round's last statement is tx_commit. */
void sugu_db_end_round(struct sugu_db *db, bool has_commit, sugu_db_on_round on_round, void *user);

/* How long a round may take before the connection counts as dead: 15 s, or more for a tool whose
 * statements may (patience_set). */
void sugu_db_set_round_limit(struct sugu_db *db, int64_t limit_us);

/* Blocking forms, for tools, migrations and tests. */
enum sugu_status
sugu_db_wait_ready(struct sugu_db *db, int64_t wait_us, struct sugu_error *reterr) SUGU_MUST_CHECK;
enum sugu_status
sugu_db_wait_round(struct sugu_db *db, bool has_commit, struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Of the last round that failed. */
const struct sugu_db_failure *sugu_db_last_failure(const struct sugu_db *db);

/* NOTIFY payloads of other sessions; `on_notify` may be NULL. Statements LISTEN to channels. */
void sugu_db_set_on_notify(struct sugu_db *db,
                           void (*on_notify)(void *user, const char *payload),
                           void *user);

/* The error of a failure: status and code by SQLSTATE and constraint. */
enum sugu_status sugu_db_failure_error(const struct sugu_db_failure *failure,
                                       struct sugu_error *reterr);
