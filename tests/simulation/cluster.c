/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cluster - the private PostgreSQL of the simulation, and a fresh database for each run
 */
#include "simulation/cluster.h"

#include "base/files.h"
#include "standalone.h"
#include "store/migrate.h"

#include <ftw.h>
#include <libpq-fe.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOUSE_MAX    65536
#define MEMORY_KEPT  "33554432" /* bytes */
#define MEMORY_AHEAD "1048576"

/*
 * Nothing is flushed, for what is lost is lost with the machine; nothing that happens at a time of
 * its own choosing may touch the tables; and a statement costs what it does, not what is noted
 * about it.
 */
static const char calm[] = "fsync = off\n"
                           "synchronous_commit = off\n"
                           "full_page_writes = off\n"
                           "wal_level = minimal\n"
                           "max_wal_senders = 0\n"
                           "wal_compression = off\n"
                           "wal_writer_delay = 10s\n"
                           "bgwriter_lru_maxpages = 0\n"
                           "max_wal_size = 4GB\n"
                           "checkpoint_timeout = 1h\n"
                           "autovacuum = off\n"
                           "jit = off\n"
                           "track_activities = off\n"
                           "track_counts = off\n"
                           "update_process_title = off\n"
                           "shared_buffers = 512MB\n";
/* How long each statement took, for --profile. */
static const char profiled[] = "shared_preload_libraries = 'pg_stat_statements'\n"
                               "pg_stat_statements.track_planning = on\n";

static struct {
    char folder[64];
    struct sugu_standalone_settings settings;
    char owner[512], server[512];
} cluster;

static void
die(const char *what, const char *why)
{
    fprintf(stderr, "sim: %s: %s\n", what, why);
    cluster_done();
    exit(70);
}

/* ---- where it runs */

/* Another simulation beside this one begins to count at another processor. */
void
cluster_stay(unsigned slot)
{
    cpu_set_t allowed, own;
    unsigned at;

    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return;
    at = ((unsigned)getppid() + slot) % (unsigned)CPU_COUNT(&allowed);
    CPU_ZERO(&own);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &allowed) && at-- == 0)
            CPU_SET(cpu, &own);
    sched_setaffinity(0, sizeof own, &own);
}

void
cluster_take_near(PGconn *connection)
{
    cpu_set_t own;
    int process = PQbackendPID(connection);

    if (process > 0 && sched_getaffinity(0, sizeof own, &own) == 0)
        sched_setaffinity(process, sizeof own, &own);
}

/* ---- the cluster */

/* Statements on a database of the cluster, each by itself. */
static void
execute(const char *conninfo, const char *const *statements, size_t count)
{
    PGconn *connection = PQconnectdb(conninfo);

    cluster_take_near(connection);
    for (size_t i = 0; i < count; i++) {
        PGresult *result = PQexec(connection, statements[i]);
        ExecStatusType status = PQresultStatus(result);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
            die("database", PQerrorMessage(connection));
        PQclear(result);
    }
    PQfinish(connection);
}

static void
fill_house(void)
{
    uint8_t *text = NULL;
    const char *statement;
    size_t size;
    struct sugu_error error;

    if (sugu_file_read(SUGU_SIMULATION "/house.sql", HOUSE_MAX, &text, &size, &error))
        die("house.sql", error.detail);
    text[size - 1] = '\0';
    statement = (const char *)text;
    execute(cluster.owner, &statement, 1);
    free(text);
}

/* What tools/test has made for all tests of its run (SUGU_CLUSTER): no initdb then. */
static void
copy_cluster(const char *settings)
{
    const char *from = getenv("SUGU_CLUSTER");
    char path[600];
    char *arguments[] = {(char *)"cp", (char *)"-a", path, cluster.folder, NULL};
    pid_t child;
    int status;
    FILE *file;

    if (!from)
        return;
    snprintf(path, sizeof path, "%s/postgres", from);
    if (posix_spawnp(&child, "cp", NULL, NULL, arguments, environ) != 0 ||
        waitpid(child, &status, 0) < 0 || status != 0)
        die("cluster", path);
    snprintf(path, sizeof path, "%s/postgres/postgresql.auto.conf", cluster.folder);
    file = fopen(path, "ae");
    if (!file || fputs(settings, file) < 0 || fclose(file) != 0)
        die("cluster", path);
}

/* PostgreSQL's sessions take and give back memory with each statement: what they have, they keep.
 */
static void
keep_memory(void)
{
    setenv("MALLOC_TRIM_THRESHOLD_", MEMORY_KEPT, /* overwrite= */ 1);
    setenv("MALLOC_MMAP_THRESHOLD_", MEMORY_KEPT, /* overwrite= */ 1);
    setenv("MALLOC_TOP_PAD_", MEMORY_AHEAD, /* overwrite= */ 1);
}

void
cluster_init(bool is_profiled)
{
    static char settings[1200];
    const char *place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    struct sugu_error error;
    bool did_start;

    snprintf(cluster.folder, sizeof cluster.folder, "%s/sugu-sim-XXXXXX", place);
    if (!mkdtemp(cluster.folder))
        die("folder", cluster.folder);
    snprintf(settings, sizeof settings, "%s%s", calm, is_profiled ? profiled : "");
    copy_cluster(settings);
    keep_memory();
    cluster.settings = (struct sugu_standalone_settings){
        .folder = cluster.folder, .programs = SUGU_POSTGRES_PROGRAMS, .extra_settings = settings};
    if (sugu_standalone_start(&cluster.settings, cluster.owner, cluster.server, &did_start,
                              &error) ||
        sugu_migrate(cluster.owner, /* ret_applied= */ NULL, &error))
        die(error.code, error.detail);
    fill_house();
    if (house_fill_machines(cluster.owner, &error))
        die(error.code, error.detail);
    if (is_profiled) {
        const char *statement = "CREATE EXTENSION pg_stat_statements SCHEMA public";
        execute(cluster.owner, &statement, 1);
    }
}

static int
remove_entry(const char *path, const struct stat *state, int type, struct FTW *at)
{
    (void)state, (void)type, (void)at;
    return remove(path);
}

/* Field `at` of /proc/PID/stat, counted as in proc(5), in clock ticks. */
static int64_t
stat_field(int64_t process, int at)
{
    char path[64], line[1024] = "", *word;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%lld/stat", (long long)process);
    file = fopen(path, "re");
    if (!file)
        return 0;
    word = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
    fclose(file);
    for (int field = 2; word && field < at; field++)
        word = strchr(word + 1, ' ');
    return word ? strtoll(word, NULL, 10) : 0;
}

static int64_t
postgres_us(void)
{
    char path[100];
    long long postmaster = 0;
    FILE *file;
    int64_t ticks;

    snprintf(path, sizeof path, "%s/postgres/postmaster.pid", cluster.folder);
    file = fopen(path, "re");
    if (!file)
        return 0;
    if (fscanf(file, "%lld", &postmaster) != 1)
        postmaster = 0;
    fclose(file);
    ticks = stat_field(postmaster, 16) + stat_field(postmaster, 17);
    return ticks * 1000000 / sysconf(_SC_CLK_TCK);
}

struct cluster_cpu
cluster_cpu(void)
{
    struct rusage runs;

    getrusage(RUSAGE_CHILDREN, &runs);
    return (struct cluster_cpu){
        .runs_us = (runs.ru_utime.tv_sec + runs.ru_stime.tv_sec) * 1000000 + runs.ru_utime.tv_usec +
                   runs.ru_stime.tv_usec,
        .postgres_us = postgres_us(),
    };
}

void
cluster_print_profile(void)
{
    PGconn *connection = PQconnectdb(cluster.owner);
    PGresult *result = PQexec(
        connection, "SELECT round(sum(total_exec_time)) ms, round(sum(total_plan_time)) "
                    "plan, sum(calls) calls, round(sum(rows) / greatest(sum(calls), 1), 1) each, "
                    "round(sum(total_exec_time) * 1000 / greatest(sum(calls), 1)) us, "
                    "left(regexp_replace(query, E'\\\\s+', ' ', 'g'), 100) statement "
                    "FROM public.pg_stat_statements GROUP BY 6 ORDER BY 1 DESC LIMIT 100");

    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        die("profile", PQerrorMessage(connection));
    for (int i = -1; i < PQntuples(result); i++)
        for (int column = 0; column < PQnfields(result); column++)
            printf("%9s%c", i < 0 ? PQfname(result, column) : PQgetvalue(result, i, column),
                   column + 1 < PQnfields(result) ? ' ' : '\n');
    PQclear(result);
    PQfinish(connection);
}

void
cluster_done(void)
{
    if (!*cluster.folder)
        return;
    sugu_standalone_stop(&cluster.settings);
    nftw(cluster.folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    cluster.folder[0] = '\0';
}

static void
execute_beside(const char *statement)
{
    char conninfo[600];

    snprintf(conninfo, sizeof conninfo, "host='%s/run' dbname=postgres user=sugu_owner",
             cluster.folder);
    execute(conninfo, &statement, 1);
}

void
cluster_database_init(struct cluster_database *database)
{
    char statement[200];

    memset(database, 0, sizeof *database);
    snprintf(database->name, sizeof database->name, "run_%lld", (long long)getpid());
    snprintf(database->folder, sizeof database->folder, "%s/%s", cluster.folder, database->name);
    snprintf(statement, sizeof statement, "CREATE DATABASE %s TEMPLATE sugu STRATEGY file_copy",
             database->name);
    execute_beside(statement);
    if (mkdir(database->folder, 0700) != 0)
        die("folder", database->folder);
    snprintf(database->owner, sizeof database->owner, "host='%s/run' dbname=%s user=sugu_owner",
             cluster.folder, database->name);
    snprintf(database->server, sizeof database->server, "host='%s/run' dbname=%s user=sugu_server",
             cluster.folder, database->name);
}

void
cluster_database_analyze(const char *owner)
{
    static const char *const statements[] = {
        "SET search_path = sugu",
        "SET default_statistics_target = 10",
        ("ANALYZE attempt, bill, bill_line, bill_revision, card_on_file, cash_count, consent, "
         "day_balance, dues, entry, event, help, journal, journal_hash, kiosk_state, "
         "number_counter, paper, posting_change, receipt, refund, request, session, stage, visit"),
    };

    execute(owner, statements, SUGU_ARRAY_SIZE(statements));
}

void
cluster_database_done(const struct cluster_database *database)
{
    char statement[200];

    snprintf(statement, sizeof statement, "DROP DATABASE %s WITH (FORCE)", database->name);
    execute_beside(statement);
    nftw(database->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}
