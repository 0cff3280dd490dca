/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lockstep - the store's connections wait for PostgreSQL where the server would go on
 */
#include "simulation/lockstep.h"

#include "simulation/cluster.h"
#include "store/db-private.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define DBS_MAX       8
#define WAIT_MS       60000 /* real time: PostgreSQL hangs */
#define FAR_US        (1000 * SUGU_MINUTE)
#define SYNC_BYTES    6
#define CALM_FLUSH_US (5 * SUGU_MS)

struct told {
    struct sugu_db *db;
    bool is_under_way, has_news;
    sugu_db_on_round on_round;
    void *user;
    enum sugu_status status;
    struct sugu_error error;
    struct sugu_db_failure failure;
};

static struct {
    struct told dbs[DBS_MAX];
    uint64_t lose_one_in;
    int64_t flush_us;
} lockstep;

struct sugu_db *__real_sugu_db_new(const char *conninfo, const struct sugu_clock *clock);
struct sugu_db *__real_sugu_db_free(struct sugu_db *db);
bool __real_sugu_db_is_ready(const struct sugu_db *db);
void __real_sugu_db_step(struct sugu_db *db);
void __real_sugu_db_end_round(struct sugu_db *db,
                              bool has_commit,
                              sugu_db_on_round on_round,
                              void *user);
struct sugu_db *__wrap_sugu_db_new(const char *conninfo, const struct sugu_clock *clock);
struct sugu_db *__wrap_sugu_db_free(struct sugu_db *db);
bool __wrap_sugu_db_is_ready(const struct sugu_db *db);
void __wrap_sugu_db_step(struct sugu_db *db);
void __wrap_sugu_db_end_round(struct sugu_db *db,
                              bool has_commit,
                              sugu_db_on_round on_round,
                              void *user);

void
lockstep_begin(uint64_t lose_one_in, int64_t flush_us)
{
    memset(&lockstep, 0, sizeof lockstep);
    lockstep.flush_us = flush_us;
    lockstep.lose_one_in = lose_one_in;
}

static struct told *
find(const struct sugu_db *db)
{
    for (size_t i = 0; i < DBS_MAX; i++)
        if (lockstep.dbs[i].db == db)
            return &lockstep.dbs[i];
    abort();
}

struct sugu_db *
__wrap_sugu_db_new(const char *conninfo, const struct sugu_clock *clock)
{
    struct sugu_db *db = __real_sugu_db_new(conninfo, clock);

    *find(NULL) = (struct told){.db = db};
    return db;
}

static void
keep_quiet(void *user, const char *message)
{
    (void)user, (void)message;
}

/* A new server must not meet the locks of the dead one: its transaction is over when this returns.
 */
static void
roll_back(struct sugu_db *db)
{
    PGconn *connection = sugu_db_connection(db);
    bool is_over = false;

    if (!connection || PQstatus(connection) != CONNECTION_OK ||
        PQpipelineStatus(connection) == PQ_PIPELINE_OFF)
        return;
    PQsetnonblocking(connection, 0);
    PQsetNoticeProcessor(connection, keep_quiet, NULL); /* there may be nothing to roll back */
    if (!PQsendQueryParams(connection, "ROLLBACK", 0, NULL, NULL, NULL, NULL, 1) ||
        !PQpipelineSync(connection))
        return;
    for (int nothing = 0; !is_over && nothing < 2;) {
        PGresult *result = PQgetResult(connection);
        nothing = result ? 0 : nothing + 1;
        is_over = result && PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        PQclear(result);
    }
}

struct sugu_db *
__wrap_sugu_db_free(struct sugu_db *db)
{
    if (db) {
        roll_back(db);
        *find(db) = (struct told){0};
    }
    return __real_sugu_db_free(db);
}

void
lockstep_drop(void)
{
    for (size_t i = 0; i < DBS_MAX; i++)
        if (lockstep.dbs[i].db)
            __wrap_sugu_db_free(lockstep.dbs[i].db);
}

bool
__wrap_sugu_db_is_ready(const struct sugu_db *db)
{
    return !find(db)->has_news && __real_sugu_db_is_ready(db);
}

/* ---- rounds */

static void
on_round(void *user,
         enum sugu_status status,
         const struct sugu_error *error,
         const struct sugu_db_failure *failure)
{
    struct told *told = user;

    told->is_under_way = false;
    told->has_news = true;
    told->status = status;
    told->error = *error;
    told->failure = *failure;
}

static void
wait_step(struct sugu_db *db)
{
    struct pollfd file = {.fd = sugu_db_fd(db), .events = sugu_db_poll_events(db)};

    if (file.fd >= 0 && poll(&file, 1, WAIT_MS) == 0) {
        fprintf(stderr, "sim: PostgreSQL does not answer\n");
        abort();
    }
    __real_sugu_db_step(db);
}

/* Reads the answers away, up to the one that ends the round, so that nobody gets to know them. */
static void
swallow_answers(int file)
{
    uint8_t bytes[4096], tail[SYNC_BYTES] = {0};
    static const uint8_t ready[SYNC_BYTES] = {'Z', 0, 0, 0, 5, 'I'};

    while (memcmp(tail, ready, sizeof ready) != 0) {
        ssize_t got = recv(file, bytes, sizeof bytes, 0);
        struct pollfd wait = {.fd = file, .events = POLLIN};
        if (got == 0)
            return;
        if (got < 0 && poll(&wait, 1, WAIT_MS) <= 0)
            return;
        for (ssize_t i = 0; i < got; i++) {
            memmove(tail, tail + 1, sizeof tail - 1);
            tail[sizeof tail - 1] = bytes[i];
        }
    }
}

/* The connection breaks while the COMMIT is on its way: carried out, or not. */
static void
lose_commit(struct sugu_db *db, struct told *told)
{
    int file = sugu_db_fd(db);
    bool is_carried_out = sim_below(2) == 0;

    sim_count(SIM_COUNT_database_losses);
    sim_note("database lost", is_carried_out, 0);
    if (!is_carried_out)
        shutdown(file, SHUT_RDWR);
    __real_sugu_db_end_round(db, /* has_commit= */ true, on_round, told);
    if (is_carried_out) {
        swallow_answers(file);
        shutdown(file, SHUT_RDWR);
    }
}

/* Meanwhile requests gather; that one has come does not end it. When the house is empty there is
 * nothing to gather, and the desk works off its slips one by one. */
static void
flush(void)
{
    int64_t until = sim_now() + (sim_is_stormy() ? lockstep.flush_us : CALM_FLUSH_US);

    while (sim_now() < until)
        sim_wait(until - sim_now());
}

void
__wrap_sugu_db_end_round(struct sugu_db *db,
                         bool has_commit,
                         sugu_db_on_round on_round_of_caller,
                         void *user)
{
    struct told *told = find(db);

    if (has_commit) {
        sim_count(SIM_COUNT_batches);
        flush();
        sim_point("commit.before");
    }
    told->is_under_way = true;
    told->on_round = on_round_of_caller;
    told->user = user;
    if (has_commit && lockstep.lose_one_in > 0 && sim_is_stormy() &&
        sim_below(lockstep.lose_one_in) == 0)
        lose_commit(db, told);
    else
        __real_sugu_db_end_round(db, has_commit, on_round, told);
    while (told->is_under_way)
        wait_step(db);
    sim_note(has_commit ? "committed" : "round", told->status, told->failure.statement);
    if (has_commit)
        sim_point("commit.after");
}

void
__wrap_sugu_db_step(struct sugu_db *db)
{
    struct told *told = find(db);
    struct told news = *told;

    if (!told->has_news) {
        __real_sugu_db_step(db);
        return;
    }
    told->has_news = false;
    if (news.on_round)
        news.on_round(news.user, news.status, &news.error, &news.failure);
}

bool
lockstep_has_news(void)
{
    bool has_news = false;

    for (size_t i = 0; i < DBS_MAX; i++) {
        struct sugu_db *db = lockstep.dbs[i].db;
        if (!db)
            continue;
        if (!lockstep.dbs[i].has_news && !__real_sugu_db_is_ready(db) && sugu_db_fd(db) >= 0) {
            while (!__real_sugu_db_is_ready(db) && sugu_db_fd(db) >= 0)
                wait_step(db);
            cluster_take_near(sugu_db_connection(db));
            has_news = true;
        }
        has_news = has_news || lockstep.dbs[i].has_news;
    }
    return has_news;
}
