/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db - one connection to PostgreSQL: non-blocking, in pipeline mode, with every statement prepared
 */
#include "store/db.h"

#include "store/db-arguments.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUND_MAX      2048 /* statements of one round */
#define RETRY_US       (200 * SUGU_MS)
#define ROUND_LIMIT_US (15 * SUGU_SECOND) /* above statement_timeout: the connection is dead */

enum db_state {
    DB_WAITING, /* for retry_at */
    DB_CONNECTING,
    DB_PREPARING,
    DB_READY, /* statements may be sent: the round is being put together */
    DB_ROUND, /* the round was ended; results come in */
};

struct sent {
    int statement; /* -1: a PREPARE */
    sugu_db_take take;
    void *target;
    const void *owner;
};

struct sugu_db {
    char *conninfo;
    const struct sugu_clock *clock;
    PGconn *connection;
    enum db_state state;
    PostgresPollingStatusType polling;
    int64_t retry_at, round_until, round_limit_us;
    struct sugu_arguments arguments;
    struct sent sent[ROUND_MAX];
    size_t sent_count, taken_count;
    const void *owner;
    bool has_commit, has_failed, is_lost;
    bool wants_write;
    struct sugu_db_failure failure;
    struct sugu_error error; /* of the round, or of the last try to connect */
    sugu_db_on_round on_round;
    void *on_round_user;
    void (*on_notify)(void *user, const char *payload);
    void *on_notify_user;
};

static int64_t
now_us(const struct sugu_db *db)
{
    return db->clock->monotonic_us(db->clock);
}

struct sugu_db *
sugu_db_new(const char *conninfo, const struct sugu_clock *clock)
{
    struct sugu_db *db = calloc(1, sizeof *db);

    if (!db || !(db->conninfo = strdup(conninfo)))
        abort();
    db->clock = clock;
    db->round_limit_us = ROUND_LIMIT_US;
    db->error = (struct sugu_error){SUGU_RETRY, "store.away", "not connected yet"};
    return db;
}

struct sugu_db *
sugu_db_free(struct sugu_db *db)
{
    if (db) {
        PQfinish(db->connection);
        free(db->arguments.memory);
        free(db->conninfo);
        free(db);
    }
    return NULL;
}

struct sugu_arguments *
sugu_db_arguments(struct sugu_db *db)
{
    return &db->arguments;
}

PGconn *
sugu_db_connection(struct sugu_db *db)
{
    return db->connection;
}

bool
sugu_db_is_ready(const struct sugu_db *db)
{
    return db->state == DB_READY && !db->is_lost;
}

void
sugu_db_set_owner(struct sugu_db *db, const void *owner)
{
    db->owner = owner;
}

void
sugu_db_set_on_notify(struct sugu_db *db,
                      void (*on_notify)(void *user, const char *payload),
                      void *user)
{
    db->on_notify = on_notify;
    db->on_notify_user = user;
}

void
sugu_db_set_round_limit(struct sugu_db *db, int64_t limit_us)
{
    db->round_limit_us = limit_us;
}

const struct sugu_db_failure *
sugu_db_last_failure(const struct sugu_db *db)
{
    return &db->failure;
}

/* ---- connecting */

/* Times: fail, rather than hold a kiosk. No machine code is made for a statement: each touches a
 * few rows, and what a setting of a plan makes look costly (purge_plan) is not. */
static const char session_options[] =
    "-c search_path=sugu -c statement_timeout=10s -c lock_timeout=5s "
    "-c idle_in_transaction_session_timeout=20s -c timezone=UTC "
    "-c plan_cache_mode=force_generic_plan -c jit=off";

static void
begin_connecting(struct sugu_db *db)
{
    /* Later keywords win over those of conninfo. */
    const char *keywords[] = {"dbname",          "options",
                              "connect_timeout", "tcp_user_timeout",
                              "keepalives_idle", "fallback_application_name",
                              "client_encoding", NULL};
    const char *values[] = {db->conninfo, session_options, "5", "10000", "5", "sugu", "UTF8", NULL};

    PQfinish(db->connection);
    db->connection = PQconnectStartParams(keywords, values, /* expand_dbname= */ 1);
    if (!db->connection)
        abort();
    db->state = DB_CONNECTING;
    db->polling = PGRES_POLLING_WRITING;
    db->round_until = now_us(db) + ROUND_LIMIT_US;
}

/* The connection is of no use any more. */
static void
drop_connection(struct sugu_db *db)
{
    db->state = DB_WAITING;
    db->retry_at = now_us(db) + RETRY_US;
    db->is_lost = false;
    db->wants_write = false;
}

static void
lose(struct sugu_db *db, enum sugu_status status, const char *code, const char *why)
{
    sugu_fail(&db->error, status, code, "%s", why);
    drop_connection(db);
}

static void
begin_preparing(struct sugu_db *db)
{
    PQsetnonblocking(db->connection, 1);
    PQenterPipelineMode(db->connection);
    db->sent_count = db->taken_count = 0;
    db->has_failed = false;
    for (size_t i = 0; i < sugu_statement_count; i++) {
        const struct sugu_statement *statement = &sugu_statements[i];
        PQsendPrepare(db->connection, statement->name, statement->sql, (int)statement->param_count,
                      statement->params);
        db->sent[db->sent_count++] = (struct sent){.statement = (int)i};
    }
    PQpipelineSync(db->connection);
    db->wants_write = PQflush(db->connection) == 1;
    db->state = DB_PREPARING;
    db->round_until = now_us(db) + ROUND_LIMIT_US;
}

static void
step_connecting(struct sugu_db *db)
{
    db->polling = PQconnectPoll(db->connection);
    if (db->polling == PGRES_POLLING_OK)
        begin_preparing(db);
    else if (db->polling == PGRES_POLLING_FAILED) {
        sugu_db_away(PQerrorMessage(db->connection), &db->error);
        drop_connection(db);
    }
}

/* ---- sending */

void
sugu_db_send(struct sugu_db *db, int statement, sugu_db_take take, void *target)
{
    struct sugu_arguments *arguments = &db->arguments;
    const char *values[SUGU_ARGUMENTS_MAX];
    int formats[SUGU_ARGUMENTS_MAX];

    assert(db->state == DB_READY && db->sent_count < ROUND_MAX);
    for (int i = 0; i < arguments->count; i++) {
        values[i] = arguments->offsets[i] < 0
                        ? NULL
                        : (const char *)arguments->memory + arguments->offsets[i];
        formats[i] = 1;
    }
    if (!db->is_lost &&
        !PQsendQueryPrepared(db->connection, sugu_statements[statement].name, arguments->count,
                             values, arguments->sizes, formats, /* resultFormat= */ 1))
        db->is_lost = true;
    db->sent[db->sent_count++] = (struct sent){statement, take, target, db->owner};
    if (arguments->used > 0)
        explicit_bzero(arguments->memory, arguments->used); /* may hold names */
    arguments->used = 0;
    arguments->count = 0;
}

bool
sugu_db_is_round_empty(const struct sugu_db *db)
{
    return db->sent_count == 0;
}

void
sugu_db_end_round(struct sugu_db *db, bool has_commit, sugu_db_on_round on_round, void *user)
{
    assert(db->state == DB_READY);
    db->on_round = on_round;
    db->on_round_user = user;
    db->has_commit = has_commit;
    db->has_failed = false;
    db->failure = (struct sugu_db_failure){.statement = -1};
    db->taken_count = 0;
    db->state = DB_ROUND;
    db->round_until = now_us(db) + db->round_limit_us;
    if (!db->is_lost && !PQpipelineSync(db->connection))
        db->is_lost = true;
    if (!db->is_lost)
        db->wants_write = PQflush(db->connection) == 1;
}

/* ---- receiving */

static void
note_failure(struct sugu_db *db, const PGresult *result)
{
    const struct sent *sent = &db->sent[db->taken_count];
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);

    if (db->has_failed)
        return;
    db->has_failed = true;
    db->failure = (struct sugu_db_failure){.statement = sent->statement, .owner = sent->owner};
    snprintf(db->failure.sqlstate, sizeof db->failure.sqlstate, "%s", sqlstate ? sqlstate : "");
    snprintf(db->failure.constraint, sizeof db->failure.constraint, "%s",
             constraint ? constraint : "");
    sugu_db_failure_error(&db->failure, &db->error);
}

/*
 * Is it the backend's farewell instead of the answer to the COMMIT, which is the round's last
 * statement, or behind it? It may come from waiting for a standby, long after the commit.
 */
static bool
is_farewell_at_commit(const struct sugu_db *db, const PGresult *result)
{
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    if (db->state != DB_ROUND || !db->has_commit || db->has_failed ||
        db->taken_count + 1 < db->sent_count)
        return false;
    return !severity || !sqlstate || strcmp(severity, "ERROR") != 0 ||
           strncmp(sqlstate, "08", 2) == 0 || strncmp(sqlstate, "57P", 3) == 0;
}

static void
take_result(struct sugu_db *db, const PGresult *result)
{
    const struct sent *sent = &db->sent[db->taken_count];

    switch ((int)PQresultStatus(result)) {
    case PGRES_TUPLES_OK:
        if (sent->take && sent->target)
            sent->take(result, sent->target);
        break;
    case PGRES_COMMAND_OK:
        if (!sent->take && sent->target)
            *(int64_t *)sent->target = strtoll(PQcmdTuples((PGresult *)result), NULL, 10);
        break;
    case PGRES_PIPELINE_ABORTED:
        break;
    default:
        if (is_farewell_at_commit(db, result) || db->taken_count == db->sent_count)
            db->is_lost = true;
        else
            note_failure(db, result);
        break;
    }
    db->taken_count++;
}

/* The answer to the sync: the round, or the preparing, is over. */
static void
finish_round(struct sugu_db *db)
{
    bool was_preparing = db->state == DB_PREPARING;
    sugu_db_on_round on_round = db->on_round;
    struct sugu_error error = db->error;
    struct sugu_db_failure failure = db->failure;
    enum sugu_status status = db->has_failed ? error.status : SUGU_OK;

    db->sent_count = db->taken_count = 0;
    if (was_preparing && db->has_failed) {
        char why[160];
        snprintf(why, sizeof why, "statement %s: SQLSTATE %s",
                 sugu_statements[failure.statement].name, failure.sqlstate);
        lose(db, SUGU_BROKEN, "store.schema", why);
        return;
    }
    db->state = DB_READY;
    if (was_preparing)
        return;
    db->on_round = NULL;
    if (on_round)
        on_round(db->on_round_user, status, &error, &failure);
}

static void
fail_lost_round(struct sugu_db *db, const char *why)
{
    bool is_unknown = db->has_commit && !db->has_failed;
    sugu_db_on_round on_round = db->on_round;
    bool was_round = db->state == DB_ROUND;
    struct sugu_error error;

    db->failure = (struct sugu_db_failure){.statement = -1, .was_commit_sent = is_unknown};
    lose(db, is_unknown ? SUGU_UNKNOWN : SUGU_RETRY, is_unknown ? "store.unknown" : "store.away",
         why);
    db->sent_count = db->taken_count = 0;
    db->on_round = NULL;
    error = db->error;
    if (was_round && on_round)
        on_round(db->on_round_user, error.status, &error, &db->failure);
}

static void
take_results(struct sugu_db *db)
{
    while ((db->state == DB_ROUND || db->state == DB_PREPARING) && !db->is_lost &&
           !PQisBusy(db->connection)) {
        PGresult *result = PQgetResult(db->connection);
        if (!result) {
            if (PQstatus(db->connection) == CONNECTION_BAD) {
                db->is_lost = true;
                return;
            }
            continue; /* ends the results of one statement */
        }
        if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            PQclear(result);
            finish_round(db);
            continue;
        }
        if (PQstatus(db->connection) == CONNECTION_BAD) {
            PQclear(result);
            db->is_lost = true;
            return;
        }
        take_result(db, result);
        PQclear(result);
    }
}

static void
take_notifies(struct sugu_db *db)
{
    PGnotify *notify;

    while ((notify = PQnotifies(db->connection))) {
        if (db->on_notify && notify->be_pid != PQbackendPID(db->connection))
            db->on_notify(db->on_notify_user, notify->extra);
        PQfreemem(notify);
    }
}

static void
step_connected(struct sugu_db *db)
{
    if (!db->is_lost && db->wants_write) {
        int left = PQflush(db->connection);
        db->wants_write = left == 1;
        db->is_lost = left < 0;
    }
    if (!db->is_lost && !PQconsumeInput(db->connection))
        db->is_lost = true;
    if (!db->is_lost)
        take_results(db);
    if (!db->is_lost && db->state >= DB_PREPARING)
        take_notifies(db);
    if ((db->state == DB_ROUND || db->state == DB_PREPARING) && now_us(db) > db->round_until)
        db->is_lost = true;
    if (db->is_lost)
        fail_lost_round(db, "connection lost");
}

void
sugu_db_step(struct sugu_db *db)
{
    switch (db->state) {
    case DB_WAITING:
        if (now_us(db) >= db->retry_at)
            begin_connecting(db);
        break;
    case DB_CONNECTING:
        step_connecting(db);
        if (db->state == DB_CONNECTING && now_us(db) > db->round_until)
            lose(db, SUGU_RETRY, "store.away", "no answer while connecting");
        break;
    case DB_PREPARING:
    case DB_READY:
    case DB_ROUND:
        step_connected(db);
        break;
    }
}

int
sugu_db_fd(const struct sugu_db *db)
{
    return db->state == DB_WAITING ? -1 : PQsocket(db->connection);
}

short
sugu_db_poll_events(const struct sugu_db *db)
{
    if (db->state == DB_CONNECTING)
        return db->polling == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    return (short)(POLLIN | (db->wants_write ? POLLOUT : 0));
}

int64_t
sugu_db_due_us(const struct sugu_db *db)
{
    int64_t at = db->state == DB_WAITING ? db->retry_at : db->round_until;
    int64_t left = at - now_us(db);

    if (db->is_lost)
        return 0;
    if (db->state == DB_READY)
        return SUGU_MINUTE;
    return left > 0 ? left : 0;
}

/* ---- blocking */

static void
wait_step(struct sugu_db *db)
{
    struct pollfd file = {.fd = sugu_db_fd(db), .events = sugu_db_poll_events(db)};
    int64_t due = sugu_db_due_us(db);

    poll(&file, 1, due > SUGU_SECOND ? 1000 : (int)(due / SUGU_MS) + (due > 0));
    sugu_db_step(db);
}

enum sugu_status
sugu_db_wait_ready(struct sugu_db *db, int64_t wait_us, struct sugu_error *reterr)
{
    int64_t until = now_us(db) + wait_us;

    while (db->state != DB_READY) {
        if (now_us(db) > until) {
            if (reterr)
                *reterr = db->error;
            return db->error.status;
        }
        wait_step(db);
    }
    return SUGU_OK;
}

struct waited_round {
    bool is_over;
    enum sugu_status status;
    struct sugu_error error;
};

static void
on_waited_round(void *user,
                enum sugu_status status,
                const struct sugu_error *error,
                const struct sugu_db_failure *failure)
{
    struct waited_round *round = user;

    (void)failure;
    round->is_over = true;
    round->status = status;
    round->error = *error;
}

enum sugu_status
sugu_db_wait_round(struct sugu_db *db, bool has_commit, struct sugu_error *reterr)
{
    struct waited_round round = {.is_over = false};

    sugu_db_end_round(db, has_commit, on_waited_round, &round);
    while (!round.is_over)
        wait_step(db);
    if (round.status != SUGU_OK && reterr)
        *reterr = round.error;
    return round.status;
}
