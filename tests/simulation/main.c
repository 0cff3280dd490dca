/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main - sugu-sim: runs of the simulated hospital, each in a process and a database of its own
 */
#include "simulation/cluster.h"
#include "simulation/planted.h"
#include "simulation/world.h"

#include "base/text.h"

#include <execinfo.h>
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

#define WORKERS_MAX    16
#define PLANTED_MAX    64
#define VISITS         1000
#define VISITS_OF_RUN  500
#define PLANTED_VISITS 60 /* of a run with a bug */
#define PLANTED_RUNS   25 /* of each bug, at most */
#define SMALL_CLOSES   20 /* of the journals of a small run, per cent */

struct options {
    uint64_t seed, visits, visits_per_run;
    int64_t run; /* only this one; -1 = all */
    uint64_t workers;
    const char *every;  /* enumerate the crash points of this program */
    int64_t at;         /* only this one; 0 = all */
    uint64_t stride;    /* of the enumeration; 1 = every point */
    const char *corpus; /* file of runs that have failed once */
    bool is_twice;      /* every run is played twice and has to be the same */
    bool is_planted;    /* every planted bug has to be caught */
    bool is_stormy;     /* much of everything */
    bool has_trace, is_quiet;
    bool is_profiled; /* say what PostgreSQL's time went into */
};

/* What a run tells its parent. */
struct outcome {
    uint64_t seed, hash, counts[SIM_COUNT_END], points[SIM_KIND_END];
    bool has_crashed, is_good;
    bool is_told; /* the run itself says so: it came to its end */
    char failure[512];
};

struct job {
    uint64_t index, seed, crash_at, visits;
    const char *every;
    char planted[32];
    unsigned slot; /* among those that are played now */
    pid_t process;
    int pipe;
};

struct sums {
    uint64_t last_hash; /* of the run that is played twice */
    uint64_t counts[SIM_COUNT_END], runs, failures;
    int64_t began_us;
    struct cluster_cpu cpu;
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
    static const char *const names[] = {"server", "payment", "window", "fee", "desk"};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(names); i++)
        if (strcmp(name, names[i]) == 0)
            return (enum sim_kind)i;
    fprintf(stderr, "sugu-sim: no program %s\n", name);
    exit(64);
}

static void
settle_settings(const struct options *options,
                const struct job *job,
                struct world_settings *world,
                struct sim_settings *sim)
{
    *sim = (struct sim_settings){.seed = job->seed, .has_trace = options->has_trace};
    *world = (struct world_settings){.visits = (unsigned)job->visits};
    if (job->every) {
        sim->crash_kind = kind_of(job->every);
        sim->crash_at = job->crash_at;
        world->kiosks = 2;
        world->cash_kiosks = 2;
        world->is_small = true;
        for (unsigned way = 0; way < WAY_COUNT; way++)
            world->pays[way] = 25;
        world->desk = 100;
        world->closes = SMALL_CLOSES;
    } else if (*job->planted || options->is_stormy) {
        world_storm(world, sim);
        if (*job->planted && planted_way() < WAY_COUNT)
            world_focus(world, planted_way());
    } else {
        world_draw(world, sim);
    }
}

/* An assertion of the product, or worse: where, before the end. The process is lost already, so
 * that what is no signal handler's business may fail as well. */
static void
on_crash(int number)
{
    void *frames[32];

    signal(number, SIG_DFL);
    /* NOLINTNEXTLINE(bugprone-signal-handler) */
    sim_print_trace();
    /* NOLINTNEXTLINE(bugprone-signal-handler) */
    backtrace_symbols_fd(frames, backtrace(frames, 32), STDERR_FILENO);
    raise(number);
}

static void
run_child(const struct options *options, const struct job *job, int to)
{
    struct cluster_database database;
    struct world_settings world;
    struct sim_settings sim;
    struct outcome outcome = {.seed = job->seed};

    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    if (!freopen("/dev/null", "w", stdout)) /* what close-day prints is for a person */
        abort();
    if (*job->planted && !planted_choose(job->planted))
        _exit(64);
    signal(SIGABRT, on_crash);
    signal(SIGSEGV, on_crash);
    cluster_stay(job->slot);
    cluster_database_init(&database);
    settle_settings(options, job, &world, &sim);
    world.conninfo = database.server;
    world.owner = database.owner;
    world.folder = database.folder;
    world.checks = SUGU_SIMULATION "/checks.sql";
    outcome.is_told = true;
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
    const char *storm = options->is_stormy ? " --storm" : "";

    if (job->every)
        snprintf(crash, sizeof crash, " --every %s --at %llu", job->every,
                 (unsigned long long)job->crash_at);
    if (*job->planted)
        snprintf(planted, sizeof planted, " --planted %s", job->planted);
    printf("FAILED seed=%llu run=%llu commit=%s: %s\n", (unsigned long long)options->seed,
           (unsigned long long)job->index, getenv("SUGU_COMMIT") ? getenv("SUGU_COMMIT") : "?",
           outcome->failure);
    printf("again: tools/sim --seed %llu --run %llu --visits-per-run %llu%s%s%s --trace\n",
           (unsigned long long)options->seed, (unsigned long long)job->index,
           (unsigned long long)job->visits, crash, planted, storm);
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
        printf("run=%llu visits=%llu hash=%016llx%s%s\n", (unsigned long long)job->index,
               (unsigned long long)outcome->counts[SIM_COUNT_visits],
               (unsigned long long)outcome->hash, job->every ? " crash=" : "",
               !job->every            ? ""
               : outcome->has_crashed ? "yes"
                                      : "none");
    }
    fflush(stdout);
}

static volatile sig_atomic_t is_stopping;

static void
on_stop(int number)
{
    is_stopping = number;
}

/* The slot of a run that has ended. */
static struct job *
wait_any(struct job *jobs, uint64_t count)
{
    struct pollfd files[WORKERS_MAX];

    for (uint64_t i = 0; i < count; i++)
        files[i] = (struct pollfd){.fd = jobs[i].process ? jobs[i].pipe : -1, .events = POLLIN};
    if (poll(files, count, -1) < 0)
        return NULL; /* interrupted */
    for (uint64_t i = 0; i < count; i++)
        if (files[i].revents)
            return &jobs[i];
    return NULL;
}

struct plan {
    const struct options *options;
    struct sums *sums;
    /* The next job; false where there is none any more. */
    bool (*next)(struct plan *plan, struct job *job);
    /* What it came to; false = no further jobs. */
    bool (*take)(struct plan *plan, const struct job *job, const struct outcome *outcome);
    uint64_t at, end;
    FILE *file;
    unsigned bug;
    bool is_caught[PLANTED_MAX];
};

/* Plays what the plan says, `workers` at a time. */
static void
play(struct plan *plan)
{
    const struct options *options = plan->options;
    struct job jobs[WORKERS_MAX] = {{0}};
    unsigned running = 0;
    bool has_more = true;

    while ((running > 0 || has_more) && !is_stopping) {
        struct job *job = jobs;
        struct outcome outcome;
        if (running < options->workers && has_more) {
            while (job->process)
                job++;
            *job = (struct job){.visits = options->visits_per_run, .slot = (unsigned)(job - jobs)};
            has_more = plan->next(plan, job);
            if (!has_more)
                continue;
            job->seed = seed_of_run(options->seed, job->index);
            running++;
            start_job(options, job);
            continue;
        }
        job = wait_any(jobs, options->workers);
        if (!job)
            continue;
        end_job(job, &outcome);
        running--;
        has_more = plan->take(plan, job, &outcome) && has_more;
    }
    for (uint64_t i = 0; i < WORKERS_MAX; i++)
        if (jobs[i].process) {
            kill(jobs[i].process, SIGKILL);
            waitpid(jobs[i].process, NULL, 0);
        }
}

static bool
take_any(struct plan *plan, const struct job *job, const struct outcome *outcome)
{
    take_outcome(plan->options, plan->sums, job, outcome);
    return true;
}

/* ---- plans: runs one after the other */

static bool
next_run(struct plan *plan, struct job *job)
{
    if (plan->at == plan->end)
        return false;
    job->index = plan->at++;
    if (*planted_name())
        snprintf(job->planted, sizeof job->planted, "%s", planted_name());
    return true;
}

/* ---- each twice, with one worker */

static bool
next_twice(struct plan *plan, struct job *job)
{
    if (plan->at == plan->end)
        return false;
    job->index = plan->at++ / 2;
    return true;
}

static bool
take_twice(struct plan *plan, const struct job *job, const struct outcome *outcome)
{
    struct outcome told = *outcome;

    if (plan->at % 2 == 0 && outcome->is_good && outcome->hash != plan->sums->last_hash) {
        told.is_good = false;
        snprintf(told.failure, sizeof told.failure, "played twice, it was not the same: %016llx",
                 (unsigned long long)plan->sums->last_hash);
    }
    plan->sums->last_hash = outcome->hash;
    return take_any(plan, job, &told);
}

/* ---- every crash point of one small run */

static bool
next_point(struct plan *plan, struct job *job)
{
    const struct options *options = plan->options;

    if (options->at > 0 && plan->at > 0)
        return false;
    job->index = options->run < 0 ? 0 : (uint64_t)options->run;
    job->every = options->every;
    job->crash_at = options->at > 0 ? (uint64_t)options->at : plan->at * options->stride + 1;
    plan->at++;
    return true;
}

static bool
take_point(struct plan *plan, const struct job *job, const struct outcome *outcome)
{
    take_outcome(plan->options, plan->sums, job, outcome);
    return !outcome->is_good || outcome->has_crashed;
}

/* ---- planted bugs: a run with each, then another with each that was not caught */

static bool
next_planted(struct plan *plan, struct job *job)
{
    for (; plan->at < plan->end; plan->at++, plan->bug = 0)
        for (; plan->bug < planted_count(); plan->bug++) {
            if (plan->is_caught[plan->bug])
                continue;
            job->index = plan->at;
            snprintf(job->planted, sizeof job->planted, "%s", planted_name_at(plan->bug++));
            return true;
        }
    return false;
}

static bool
take_planted(struct plan *plan, const struct job *job, const struct outcome *outcome)
{
    unsigned bug = 0;

    while (strcmp(planted_name_at(bug), job->planted) != 0)
        bug++;
    plan->sums->runs++;
    plan->sums->counts[SIM_COUNT_visits] += outcome->counts[SIM_COUNT_visits];
    if (!outcome->is_told) { /* whatever that was, it was not the check */
        plan->sums->failures++;
        print_failure(plan->options, job, outcome);
    } else if (!outcome->is_good && !plan->is_caught[bug]) {
        plan->is_caught[bug] = true;
        printf("caught %s in run %llu: %s\n", job->planted, (unsigned long long)job->index,
               outcome->failure);
        fflush(stdout);
    }
    return true;
}

static void
judge_planted(const struct plan *plan)
{
    for (unsigned i = 0; i < planted_count(); i++)
        if (!plan->is_caught[i]) {
            printf("FAILED: %s was not caught\n", planted_name_at(i));
            plan->sums->failures++;
        }
}

/* ---- what has failed once: lines "seed run visits" or "seed run visits program point" */

static bool
next_of_corpus(struct plan *plan, struct job *job)
{
    static char every[8][16];
    char line[200];
    unsigned long long seed, index, visits, point = 0;
    char *to = every[plan->at++ % SUGU_ARRAY_SIZE(every)];
    int got = 0;

    while (got < 3) {
        if (!fgets(line, sizeof line, plan->file))
            return false;
        got = sscanf(line, "%llu %llu %llu %15s %llu", &seed, &index, &visits, to, &point);
    }
    ((struct options *)plan->options)->seed = seed;
    job->index = index;
    job->visits = visits;
    job->every = got == 5 ? to : NULL;
    job->crash_at = point;
    return true;
}

static void
play_all(struct options *options, struct sums *sums)
{
    struct plan plan = {.options = options, .sums = sums, .next = next_run, .take = take_any};

    plan.end = (options->visits + options->visits_per_run - 1) / options->visits_per_run;
    if (options->run >= 0) {
        plan.at = (uint64_t)options->run;
        plan.end = plan.at + 1;
    }
    if (options->is_twice) {
        options->workers = 1;
        plan.at *= 2;
        plan.end *= 2;
        plan.next = next_twice;
        plan.take = take_twice;
    } else if (options->every) {
        plan.at = 0;
        plan.next = next_point;
        plan.take = take_point;
    } else if (options->is_planted) {
        plan.next = next_planted;
        plan.take = take_planted;
    } else if (options->corpus) {
        plan.file = fopen(options->corpus, "re");
        plan.next = next_of_corpus;
        if (!plan.file) {
            perror(options->corpus);
            sums->failures++;
            return;
        }
    }
    play(&plan);
    if (options->is_planted)
        judge_planted(&plan);
    if (plan.file)
        fclose(plan.file);
}

static void
print_sums(const struct options *options, const struct sums *sums)
{
    double seconds = (double)(real_us() - sums->began_us) / 1e6;

    printf("counts:");
    for (int i = 0; i < SIM_COUNT_END; i++)
        printf(" %s=%llu", sim_count_name((enum sim_count)i), (unsigned long long)sums->counts[i]);
    printf("\n%s seed=%llu runs=%llu visits=%llu failures=%llu seconds=%.1f visits/s=%.0f "
           "cpu-seconds=%.1f postgres=%.1f\n",
           sums->failures ? "FAILED" : "ok", (unsigned long long)options->seed,
           (unsigned long long)sums->runs, (unsigned long long)sums->counts[SIM_COUNT_visits],
           (unsigned long long)sums->failures, seconds,
           (double)sums->counts[SIM_COUNT_visits] / seconds,
           (double)(sums->cpu.runs_us + sums->cpu.postgres_us) / 1e6,
           (double)sums->cpu.postgres_us / 1e6);
}

/* ---- the command line */

static const char usage[] =
    "sugu-sim [--visits N] [--seed S] [--visits-per-run N] [--run R] [--workers N] [--twice]\n"
    "         [--every server|payment|window|fee|desk [--at K] [--stride N]] [--corpus FILE]\n"
    "         [--planted NAME | --planted-all | --planted-list] [--storm] [--trace] [--quiet]\n"
    "         [--profile]\n";

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

/* Options with a number. */
static uint64_t *
number_of(struct options *options, int which)
{
    switch (which) {
    case 'v':
        return &options->visits;
    case 's':
        return &options->seed;
    case 'p':
        return &options->visits_per_run;
    case 'r':
        return (uint64_t *)&options->run;
    case 'w':
        return &options->workers;
    case 'a':
        return (uint64_t *)&options->at;
    case 'd':
        return &options->stride;
    default:
        return NULL;
    }
}

static void
read_options(int argc, char **argv, struct options *options)
{
    static const struct option names[] = {
        {"visits", 1, NULL, 'v'},  {"seed", 1, NULL, 's'},        {"visits-per-run", 1, NULL, 'p'},
        {"run", 1, NULL, 'r'},     {"workers", 1, NULL, 'w'},     {"every", 1, NULL, 'e'},
        {"at", 1, NULL, 'a'},      {"stride", 1, NULL, 'd'},      {"corpus", 1, NULL, 'c'},
        {"planted", 1, NULL, 'b'}, {"planted-all", 0, NULL, 'B'}, {"planted-list", 0, NULL, 'l'},
        {"twice", 0, NULL, '2'},   {"storm", 0, NULL, 'S'},       {"trace", 0, NULL, 't'},
        {"quiet", 0, NULL, 'q'},   {"profile", 0, NULL, 'P'},     {0}};
    int which;

    while ((which = getopt_long(argc, argv, "", names, NULL)) >= 0) {
        if (number_of(options, which)) {
            *number_of(options, which) = number(optarg);
        } else if (which == 'l') {
            planted_list();
        } else if (which == '?' || (which == 'b' && !planted_choose(optarg))) {
            fputs(usage, stderr);
            exit(64);
        }
        options->every = which == 'e' ? optarg : options->every;
        options->corpus = which == 'c' ? optarg : options->corpus;
        options->is_planted = options->is_planted || which == 'B';
        options->is_twice = options->is_twice || which == '2';
        options->is_stormy = options->is_stormy || which == 'S';
        options->has_trace = options->has_trace || which == 't';
        options->is_quiet = options->is_quiet || which == 'q';
        options->is_profiled = options->is_profiled || which == 'P';
    }
}

int
main(int argc, char **argv)
{
    struct options options = {.seed = 1, .run = -1, .workers = 2, .stride = 1};
    struct sigaction stop = {.sa_handler = on_stop}; /* without SA_RESTART: poll has to see it */
    struct cluster_cpu before;
    struct sums sums = {0};

    signal(SIGPIPE, SIG_IGN);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    read_options(argc, argv, &options);
    if (options.visits_per_run == 0)
        options.visits_per_run = options.is_planted ? PLANTED_VISITS : VISITS_OF_RUN;
    if (options.visits == 0)
        options.visits = options.is_planted ? PLANTED_RUNS * options.visits_per_run : VISITS;
    if (options.visits_per_run < 1 || options.visits_per_run > WORLD_VISITS_MAX ||
        options.workers < 1 || options.workers > WORKERS_MAX || options.stride < 1) {
        fputs(usage, stderr);
        return 64;
    }
    cluster_init(options.is_profiled);
    sums.began_us = real_us();
    before = cluster_cpu();
    play_all(&options, &sums);
    sums.cpu = cluster_cpu();
    sums.cpu.runs_us -= before.runs_us;
    sums.cpu.postgres_us -= before.postgres_us;
    print_sums(&options, &sums);
    if (options.is_profiled)
        cluster_print_profile();
    cluster_done();
    return sums.failures > 0 || is_stopping;
}
