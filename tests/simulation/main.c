/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main - sugu-sim: runs of the simulated hospital, each in a process and a database of its own
 */
#include "simulation/cluster.h"
#include "simulation/planted.h"
#include "simulation/world.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS_MAX 8

struct options {
    uint64_t seed, visits, visits_per_run;
    int64_t run; /* only this one; -1 = all */
    unsigned workers;
    const char *every; /* enumerate the crash points of this program */
    int64_t at;        /* only this one; 0 = all */
    bool has_trace, is_quiet;
};

/* What a run tells its parent. */
struct outcome {
    uint64_t seed, hash, counts[SIM_COUNT_END], points[SIM_KIND_END];
    bool has_crashed, is_good;
    char failure[512];
};

struct job {
    uint64_t index, seed, crash_at;
    pid_t process;
    int pipe;
};

struct sums {
    uint64_t counts[SIM_COUNT_END], runs, failures;
    int64_t began_us;
};

static int64_t
real_us(void)
{
    return sugu_clock_system()->monotonic_us(sugu_clock_system());
}

/* splitmix64: runs of one seed have nothing in common. */
static uint64_t
seed_of_run(uint64_t seed, uint64_t run)
{
    uint64_t value = seed * UINT64_C(0x9e3779b97f4a7c15) + run + 1;

    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

/* ---- one run, in a process of its own */

static enum sim_kind
kind_of(const char *name)
{
    if (strcmp(name, "server") == 0)
        return SIM_SERVER;
    return strcmp(name, "payment") == 0 ? SIM_PAYMENT : SIM_WINDOW;
}

static void
settle_settings(const struct options *options,
                const struct job *job,
                struct world_settings *world,
                struct sim_settings *sim)
{
    *sim = (struct sim_settings){.seed = job->seed, .has_trace = options->has_trace};
    *world = (struct world_settings){.visits = (unsigned)options->visits_per_run};
    if (options->every) {
        sim->crash_kind = kind_of(options->every);
        sim->crash_at = job->crash_at;
        world->kiosks = 2;
    } else {
        world_draw(world, sim);
    }
}

static void
run_child(const struct options *options, const struct job *job, int to)
{
    struct cluster_database database;
    struct world_settings world;
    struct sim_settings sim;
    struct outcome outcome = {.seed = job->seed};

    cluster_database_init(&database, job->index, job->crash_at);
    settle_settings(options, job, &world, &sim);
    world.conninfo = database.server;
    world.owner = database.owner;
    world.folder = database.folder;
    world.checks = SUGU_SIMULATION "/checks.sql";
    outcome.is_good = world_play(&world, &sim);
    outcome.hash = sim_hash();
    outcome.has_crashed = sim_has_crashed();
    sugu_text_copy(outcome.failure, sizeof outcome.failure, sim_failure());
    for (int i = 0; i < SIM_COUNT_END; i++)
        outcome.counts[i] = sim_counted((enum sim_count)i);
    for (int i = 0; i < SIM_KIND_END; i++)
        outcome.points[i] = sim_points_passed((enum sim_kind)i);
    if (options->has_trace)
        sim_print_trace();
    cluster_database_done(&database);
    if (write(to, &outcome, sizeof outcome) != sizeof outcome)
        _exit(70);
    _exit(0);
}

static void
start_job(const struct options *options, struct job *job)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        abort();
    fflush(NULL);
    job->process = fork();
    if (job->process < 0)
        abort();
    if (job->process == 0)
        run_child(options, job, ends[1]);
    close(ends[1]);
    job->pipe = ends[0];
}

/* Reads what the run said; a process that died says nothing. */
static void
end_job(struct job *job, struct outcome *ret_outcome)
{
    struct outcome outcome = {.seed = job->seed};
    int status = 0;

    if (read(job->pipe, &outcome, sizeof outcome) != sizeof outcome) {
        outcome = (struct outcome){.seed = job->seed};
        snprintf(outcome.failure, sizeof outcome.failure, "the process ended in the middle");
    }
    close(job->pipe);
    waitpid(job->process, &status, 0);
    if (WIFSIGNALED(status))
        snprintf(outcome.failure, sizeof outcome.failure, "the process died of signal %d",
                 WTERMSIG(status));
    job->process = 0;
    *ret_outcome = outcome;
}

/* ---- many runs */

static void
print_failure(const struct options *options, const struct job *job, const struct outcome *outcome)
{
    char crash[64] = "", planted[64] = "";

    if (options->every)
        snprintf(crash, sizeof crash, " --every %s --at %llu", options->every,
                 (unsigned long long)job->crash_at);
    if (*planted_name())
        snprintf(planted, sizeof planted, " --planted %s", planted_name());
    printf("FAILED seed=%llu run=%llu commit=%s: %s\n", (unsigned long long)options->seed,
           (unsigned long long)job->index, getenv("SUGU_COMMIT") ? getenv("SUGU_COMMIT") : "?",
           outcome->failure);
    printf("again: tools/sim --seed %llu --run %llu --visits-per-run %llu%s%s --trace\n",
           (unsigned long long)options->seed, (unsigned long long)job->index,
           (unsigned long long)options->visits_per_run, crash, planted);
}

static void
take_outcome(const struct options *options,
             struct sums *sums,
             const struct job *job,
             const struct outcome *outcome)
{
    sums->runs++;
    for (int i = 0; i < SIM_COUNT_END; i++)
        sums->counts[i] += outcome->counts[i];
    if (!outcome->is_good) {
        sums->failures++;
        print_failure(options, job, outcome);
    } else if (!options->is_quiet) {
        printf("run=%llu visits=%llu hash=%016llx\n", (unsigned long long)job->index,
               (unsigned long long)outcome->counts[SIM_COUNT_visits],
               (unsigned long long)outcome->hash);
    }
    fflush(stdout);
}

/* The slot of a run that has ended. */
static struct job *
wait_any(struct job *jobs, unsigned count)
{
    struct pollfd files[WORKERS_MAX];

    for (unsigned i = 0; i < count; i++)
        files[i] = (struct pollfd){.fd = jobs[i].process ? jobs[i].pipe : -1, .events = POLLIN};
    while (poll(files, count, -1) < 0 && errno == EINTR)
        continue;
    for (unsigned i = 0; i < count; i++)
        if (files[i].revents)
            return &jobs[i];
    return NULL;
}

/* Plays runs first … last - 1, or crash points until there is none; `workers` at a time. */
static void
play(const struct options *options, struct sums *sums, uint64_t first, uint64_t last)
{
    struct job jobs[WORKERS_MAX] = {{0}};
    uint64_t next = first;
    unsigned running = 0;
    bool is_over = false;

    while (running > 0 || (next < last && !is_over)) {
        struct job *job = jobs;
        struct outcome outcome;
        if (running < options->workers && next < last && !is_over) {
            while (job->process)
                job++;
            *job = (struct job){.index = options->every ? first : next};
            job->seed = seed_of_run(options->seed, job->index);
            job->crash_at = options->every ? next - first + 1 : 0;
            if (options->every && options->at > 0)
                job->crash_at = (uint64_t)options->at;
            next++;
            running++;
            start_job(options, job);
            continue;
        }
        job = wait_any(jobs, options->workers);
        if (!job)
            continue;
        end_job(job, &outcome);
        running--;
        is_over = is_over || (options->every && outcome.is_good && !outcome.has_crashed);
        take_outcome(options, sums, job, &outcome);
    }
}

static void
print_sums(const struct options *options, const struct sums *sums)
{
    double seconds = (double)(real_us() - sums->began_us) / 1e6;

    printf("counts:");
    for (int i = 0; i < SIM_COUNT_END; i++)
        printf(" %s=%llu", sim_count_name((enum sim_count)i),
               (unsigned long long)sums->counts[i]);
    printf("\n%s seed=%llu runs=%llu visits=%llu failures=%llu seconds=%.1f visits/s=%.0f\n",
           sums->failures ? "FAILED" : "ok", (unsigned long long)options->seed,
           (unsigned long long)sums->runs, (unsigned long long)sums->counts[SIM_COUNT_visits],
           (unsigned long long)sums->failures, seconds,
           (double)sums->counts[SIM_COUNT_visits] / seconds);
}

/* ---- the command line */

static const char usage[] =
    "sugu-sim [--visits N] [--seed S] [--visits-per-run N] [--run R] [--workers N]\n"
    "         [--every server|payment|window [--at K]] [--planted NAME] [--trace] [--quiet]\n"
    "         [--list-planted]\n";

static uint64_t
number(const char *text)
{
    int64_t value;

    if (!sugu_text_to_int64(text, 0, INT64_MAX, &value)) {
        fputs(usage, stderr);
        exit(64);
    }
    return (uint64_t)value;
}

static void
read_options(int argc, char **argv, struct options *options)
{
    static const struct option names[] = {
        {"visits", 1, NULL, 'v'},  {"seed", 1, NULL, 's'},  {"visits-per-run", 1, NULL, 'p'},
        {"run", 1, NULL, 'r'},     {"workers", 1, NULL, 'w'}, {"every", 1, NULL, 'e'},
        {"at", 1, NULL, 'a'},      {"planted", 1, NULL, 'b'}, {"trace", 0, NULL, 't'},
        {"quiet", 0, NULL, 'q'},   {"list-planted", 0, NULL, 'l'}, {0}};
    int which;

    while ((which = getopt_long(argc, argv, "", names, NULL)) >= 0) {
        if (which == 'v')
            options->visits = number(optarg);
        else if (which == 's')
            options->seed = number(optarg);
        else if (which == 'p')
            options->visits_per_run = number(optarg);
        else if (which == 'r')
            options->run = (int64_t)number(optarg);
        else if (which == 'w')
            options->workers = (unsigned)number(optarg);
        else if (which == 'e')
            options->every = optarg;
        else if (which == 'a')
            options->at = (int64_t)number(optarg);
        else if (which == 't')
            options->has_trace = true;
        else if (which == 'q')
            options->is_quiet = true;
        else if (which == 'l')
            planted_list();
        else if (which != 'b' || !planted_choose(optarg)) {
            fputs(usage, stderr);
            exit(64);
        }
    }
}

int
main(int argc, char **argv)
{
    struct options options = {
        .seed = 1, .visits = 1000, .visits_per_run = 500, .run = -1, .workers = 2};
    struct sums sums = {.began_us = real_us()};
    uint64_t runs;

    signal(SIGPIPE, SIG_IGN);
    read_options(argc, argv, &options);
    if (options.visits_per_run < 1 || options.visits_per_run > WORLD_VISITS_MAX ||
        options.workers < 1 || options.workers > WORKERS_MAX) {
        fputs(usage, stderr);
        return 64;
    }
    cluster_init();
    runs = (options.visits + options.visits_per_run - 1) / options.visits_per_run;
    if (options.every)
        play(&options, &sums, options.run < 0 ? 0 : (uint64_t)options.run,
             options.at > 0 ? (uint64_t)(options.run < 0 ? 0 : options.run) + 1 : UINT64_MAX);
    else if (options.run >= 0)
        play(&options, &sums, (uint64_t)options.run, (uint64_t)options.run + 1);
    else
        play(&options, &sums, 0, runs);
    cluster_done();
    print_sums(&options, &sums);
    return sums.failures > 0;
}
