/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim - one simulated run: virtual time, chance, programs and their threads, trace, crash points
 */
#include "simulation/sim.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define STACK_SIZE  (512 * 1024)
#define TRACE_LINES 400
#define LEAST_US    1 /* of a wait: time goes on even where everybody is hasty */

struct event {
    int64_t at_us;
    uint64_t number; /* of two at the same time the older goes first */
    void (*call)(void *user);
    void *user;
    uint64_t generation; /* of a thread's wait; 0 = not one */
};

/* A place to go on at: what __builtin_setjmp keeps. Unlike swapcontext it asks nothing of the
 * kernel, which would save the signal mask a million times a run. */
struct place {
    void *words[5];
};

struct sim_thread {
    struct place place;
    ucontext_t first; /* at the beginning of its stack */
    bool is_begun;
    void *stack;
    struct sim_program *program;
    void (*main)(void *user);
    void *user;
    uint64_t generation; /* of the present wait */
    bool is_used, is_waiting, is_over;
    struct sim_thread *next;
};

static struct {
    struct sim_settings settings;
    struct sugu_random_seeded random;
    int64_t now_us;
    bool is_calm, has_crashed;
    struct event *events;
    size_t event_count, event_room;
    uint64_t event_number;
    struct place scheduler;
    struct sim_thread *threads, *running;
    struct sim_program *died;
    uint64_t hash;
    uint64_t counts[SIM_COUNT_END], points[SIM_KIND_END];
    char (*lines)[160];
    uint64_t line_count;
    char failure[512];
} run;

/* ---- time, chance, counts */

void
sim_begin(const struct sim_settings *settings)
{
    memset(&run, 0, sizeof run);
    run.settings = *settings;
    run.hash = UINT64_C(14695981039346656037);
    sugu_random_seeded_init(&run.random, settings->seed);
    if (settings->has_trace && !(run.lines = calloc(TRACE_LINES, sizeof *run.lines)))
        abort();
}

void
sim_end(void)
{
    while (run.threads) {
        struct sim_thread *thread = run.threads;
        run.threads = thread->next;
        munmap(thread->stack, STACK_SIZE);
        free(thread);
    }
    free(run.events);
    free(run.lines);
}

int64_t
sim_now(void)
{
    return run.now_us;
}

bool
sim_is_stormy(void)
{
    return !run.is_calm;
}

void
sim_calm(void)
{
    run.is_calm = true;
    sim_note("calm", 0, 0);
}

uint64_t
sim_points_passed(enum sim_kind kind)
{
    return run.points[kind];
}

bool
sim_has_crashed(void)
{
    return run.has_crashed;
}

struct sugu_random *
sim_random(void)
{
    return &run.random.random;
}

uint64_t
sim_below(uint64_t bound)
{
    return sugu_random_below(&run.random.random, bound);
}

int64_t
sim_between(int64_t low, int64_t high)
{
    return low + (int64_t)sim_below((uint64_t)(high - low) + 1);
}

bool
sim_chance(unsigned percent)
{
    return percent > 0 && sim_below(100) < percent;
}

bool
sim_happens(unsigned percent)
{
    return !run.is_calm && sim_chance(percent);
}

const char *
sim_count_name(enum sim_count which)
{
#define SIM_COUNT(name) #name,
    static const char *const names[] = {SIM_COUNTS(SIM_COUNT)};
#undef SIM_COUNT

    return names[which];
}

void
sim_count(enum sim_count which)
{
    run.counts[which]++;
}

uint64_t
sim_counted(enum sim_count which)
{
    return run.counts[which];
}

/* ---- trace */

/* FNV-1a. */
static void
hash_bytes(const void *bytes, size_t size)
{
    const uint8_t *at = bytes;

    for (size_t i = 0; i < size; i++)
        run.hash = (run.hash ^ at[i]) * UINT64_C(1099511628211);
}

static char *
next_line(void)
{
    return run.lines[run.line_count++ % TRACE_LINES];
}

static const char *
whose(char text[24])
{
    static const char *const kinds[] = {"server", "payment", "window", "other"};
    const struct sim_program *program = sim_running();

    if (program)
        snprintf(text, 24, "%s-%u", kinds[program->kind], program->index);
    else
        snprintf(text, 24, "world");
    return text;
}

void
sim_note(const char *what, int64_t a, int64_t b)
{
    const int64_t numbers[] = {run.now_us, a, b};
    char name[24];

    hash_bytes(what, strlen(what));
    hash_bytes(numbers, sizeof numbers);
    if (run.lines)
        snprintf(next_line(), sizeof *run.lines, "%12.6f %-11s %.80s %lld %lld",
                 (double)run.now_us / 1e6, whose(name), what, (long long)a, (long long)b);
}

void
sim_note_bytes(const char *what, const void *bytes, size_t size)
{
    hash_bytes(what, strlen(what));
    hash_bytes(&run.now_us, sizeof run.now_us);
    hash_bytes(bytes, size);
    if (run.lines) {
        char name[24];
        snprintf(next_line(), sizeof *run.lines, "%12.6f %-11s %.120s", (double)run.now_us / 1e6,
                 whose(name), what);
    }
}

uint64_t
sim_hash(void)
{
    return run.hash;
}

void
sim_print_trace(void)
{
    uint64_t first = run.line_count > TRACE_LINES ? run.line_count - TRACE_LINES : 0;

    for (uint64_t i = first; run.lines && i < run.line_count; i++)
        fprintf(stderr, "%s\n", run.lines[i % TRACE_LINES]);
}

void
sim_fail(const char *text, ...)
{
    va_list values;
    char line[sizeof run.failure];

    va_start(values, text);
    vsnprintf(line, sizeof line, text, values);
    va_end(values);
    fprintf(stderr, "sim: at %.6f s: %s\n", (double)run.now_us / 1e6, line);
    if (!*run.failure)
        memcpy(run.failure, line, sizeof line);
}

const char *
sim_failure(void)
{
    return run.failure;
}

/* ---- the heap of events */

static bool
is_earlier(const struct event *a, const struct event *b)
{
    return a->at_us != b->at_us ? a->at_us < b->at_us : a->number < b->number;
}

static void
push(const struct event *event)
{
    size_t at = run.event_count++;

    if (run.event_count > run.event_room) {
        run.event_room = run.event_room ? 2 * run.event_room : 1024;
        run.events = realloc(run.events, run.event_room * sizeof *run.events);
        if (!run.events)
            abort();
    }
    for (; at > 0 && is_earlier(event, &run.events[(at - 1) / 2]); at = (at - 1) / 2)
        run.events[at] = run.events[(at - 1) / 2];
    run.events[at] = *event;
}

static struct event
pop(void)
{
    struct event first = run.events[0], last = run.events[--run.event_count];
    size_t at = 0;

    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= run.event_count)
            break;
        if (child + 1 < run.event_count && is_earlier(&run.events[child + 1], &run.events[child]))
            child++;
        if (!is_earlier(&run.events[child], &last))
            break;
        run.events[at] = run.events[child];
        at = child;
    }
    run.events[at] = last;
    return first;
}

void
sim_at(int64_t at_us, void (*call)(void *user), void *user)
{
    push(&(struct event){.at_us = at_us > run.now_us ? at_us : run.now_us,
                         .number = run.event_number++,
                         .call = call,
                         .user = user});
}

/* ---- threads */

/* Each is a function of its own, not inlined: a jump may not lie in the function it leads to. */
static __attribute__((noinline, noreturn)) void
go_to(struct place *place)
{
    __builtin_longjmp(place->words, 1);
}

/* Comes back when the thread is resumed. */
static __attribute__((noinline)) void
leave(struct sim_thread *thread)
{
    if (__builtin_setjmp(thread->place.words) == 0)
        go_to(&run.scheduler);
}

/* Comes back when the thread leaves. */
static __attribute__((noinline)) void
enter(struct sim_thread *thread)
{
    if (__builtin_setjmp(run.scheduler.words) != 0)
        return;
    if (thread->is_begun)
        go_to(&thread->place);
    thread->is_begun = true;
    setcontext(&thread->first);
    abort(); /* it does not come back */
}

static void
thread_entry(void)
{
    struct sim_thread *self = run.running;

    self->main(self->user);
    self->is_over = true;
    leave(self);
}

static struct sim_thread *
free_thread(void)
{
    struct sim_thread *thread = run.threads;

    while (thread && thread->is_used)
        thread = thread->next;
    if (thread)
        return thread;
    thread = calloc(1, sizeof *thread);
    if (!thread)
        abort();
    thread->stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
    if (thread->stack == MAP_FAILED)
        abort();
    mprotect(thread->stack, 4096, PROT_NONE); /* the guard */
    thread->next = run.threads;
    run.threads = thread;
    return thread;
}

static void
plan_wake(struct sim_thread *thread, int64_t at_us)
{
    push(&(struct event){.at_us = at_us,
                         .number = run.event_number++,
                         .user = thread,
                         .generation = thread->generation});
}

static void
prepare_stack(struct sim_thread *thread)
{
    getcontext(&thread->first);
    thread->first.uc_stack.ss_sp = thread->stack;
    thread->first.uc_stack.ss_size = STACK_SIZE;
    thread->first.uc_link = NULL;
    makecontext(&thread->first, thread_entry, 0);
    thread->is_begun = false;
}

struct sim_thread *
sim_thread_start(struct sim_program *program, void (*main)(void *user), void *user)
{
    struct sim_thread *thread = free_thread();

    prepare_stack(thread);
    thread->program = program;
    thread->main = main;
    thread->user = user;
    thread->is_used = thread->is_waiting = true;
    thread->is_over = false;
    thread->generation++;
    if (program && !program->is_alive) {
        program->is_alive = true;
        program->main_thread = thread;
    }
    plan_wake(thread, run.now_us);
    return thread;
}

struct sim_thread *
sim_self(void)
{
    return run.running;
}

struct sim_program *
sim_running(void)
{
    return run.running ? run.running->program : NULL;
}

void
sim_wait(int64_t wait_us)
{
    struct sim_thread *self = run.running;

    assert(self);
    if (wait_us < LEAST_US)
        wait_us = LEAST_US;
    self->generation++;
    self->is_waiting = true;
    if (wait_us < INT64_MAX / 4)
        plan_wake(self, run.now_us + wait_us);
    leave(self);
}

void
sim_wake(struct sim_thread *thread)
{
    if (!thread || !thread->is_used || !thread->is_waiting)
        return;
    thread->generation++;
    plan_wake(thread, run.now_us);
}

/* ---- programs */

static sugu_time_us
program_utc(const struct sugu_clock *clock)
{
    const struct sim_program *program =
        (const struct sim_program *)((const char *)clock - offsetof(struct sim_program, clock));

    return run.settings.utc_us + run.now_us + program->clock_ahead_us;
}

static int64_t
program_monotonic(const struct sugu_clock *clock)
{
    (void)clock;
    return run.now_us + SUGU_MINUTE; /* machines have been up for a while */
}

void
sim_program_init(struct sim_program *program, enum sim_kind kind, unsigned index)
{
    *program = (struct sim_program){.kind = kind, .index = index};
    program->clock.utc_us = program_utc;
    program->clock.monotonic_us = program_monotonic;
}

void
sim_program_kill(struct sim_program *program)
{
    static const enum sim_count counts[] = {SIM_COUNT_server_crashes, SIM_COUNT_payment_crashes,
                                            SIM_COUNT_window_crashes, SIM_COUNT_fee_crashes,
                                            SIM_COUNT_desk_crashes};
    bool is_own = run.running && run.running->program == program;

    sim_note("killed", program->kind, program->index);
    if (program->kind < SIM_OTHER)
        sim_count(counts[program->kind]);
    program->is_alive = false;
    program->main_thread = NULL;
    for (struct sim_thread *thread = run.threads; thread; thread = thread->next)
        if (thread->is_used && thread->program == program) {
            thread->generation++;
            thread->is_over = true;
            thread->is_used = thread == run.running; /* its stack is in use: the scheduler frees */
        }
    if (!is_own) {
        program->on_killed(program);
        return;
    }
    run.died = program;
    leave(run.running);
    abort(); /* nobody comes back from there */
}

void
sim_point(const char *name)
{
    struct sim_program *program = sim_running();
    uint64_t passed, one_in;

    if (!program)
        return;
    one_in = run.settings.crash_one_in[program->kind];
    if (run.is_calm)
        return;
    passed = ++run.points[program->kind];
    if (run.settings.crash_at == passed && run.settings.crash_kind == program->kind) {
        run.has_crashed = true;
        sim_note(name, (int64_t)passed, 0);
        sim_program_kill(program);
    } else if (one_in > 0 && sim_below(one_in) == 0) {
        sim_note(name, (int64_t)passed, 1);
        sim_program_kill(program);
    }
}

/* ---- the scheduler */

static void
resume(struct sim_thread *thread)
{
    thread->is_waiting = false;
    run.running = thread;
    enter(thread);
    run.running = NULL;
    if (thread->is_over)
        thread->is_used = false;
    if (run.died) {
        struct sim_program *died = run.died;
        run.died = NULL;
        died->on_killed(died);
    }
}

bool
sim_run(bool (*is_over)(void *user), void *user, int64_t until_us)
{
    while (run.event_count > 0 && !*run.failure) {
        struct event event;
        if (is_over(user))
            return true;
        if (run.events[0].at_us > until_us) {
            run.now_us = until_us;
            return false;
        }
        event = pop();
        run.now_us = event.at_us;
        if (event.call)
            event.call(event.user);
        else if (((struct sim_thread *)event.user)->generation == event.generation &&
                 ((struct sim_thread *)event.user)->is_used)
            resume(event.user);
    }
    return false;
}
