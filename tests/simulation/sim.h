/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim - one simulated run: virtual time, chance, programs and their threads, trace, crash points
 *
 * Everything of a run happens on one thread of the operating system. A simulated thread is a stack
 * of its own that gives way in sim_wait and nowhere else; a simulated program is a set of such
 * threads that dies as a whole. Time stands still while code runs and jumps to the next thing that
 * is due when all of them wait. The same seed therefore gives the same run, and the hash of the
 * trace says so. There is one run per process: the functions below know it.
 */
#pragma once

#include "base/clock.h"
#include "base/random.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- what is injected, counted for the report */

#define SIM_COUNTS(X)                                                                              \
    X(visits)                                                                                      \
    X(frames)                                                                                      \
    X(frames_lost)                                                                                 \
    X(frames_doubled)                                                                              \
    X(frames_late)                                                                                 \
    X(links_cut)                                                                                   \
    X(server_crashes)                                                                              \
    X(payment_crashes)                                                                             \
    X(window_crashes)                                                                              \
    X(fee_crashes)                                                                                 \
    X(desk_crashes)                                                                                \
    X(fee_faults)                                                                                  \
    X(postings_changed)                                                                            \
    X(cards_forgotten)                                                                             \
    X(database_losses)                                                                             \
    X(clock_jumps)                                                                                 \
    X(terminal_faults)                                                                             \
    X(terminal_requests_lost)                                                                      \
    X(terminal_answers_lost)                                                                       \
    X(terminal_restarts)                                                                           \
    X(cash_visits)                                                                                 \
    X(cash_pieces)                                                                                 \
    X(cash_fates)                                                                                  \
    X(cash_troubles)                                                                               \
    X(cash_exchanges)                                                                              \
    X(cash_exchanges_lost)                                                                         \
    X(cash_counted)                                                                                \
    X(patients_aborted)                                                                            \
    X(patients_left)                                                                               \
    X(bills_revised)                                                                               \
    X(bills_withdrawn)                                                                             \
    X(papers_failed)                                                                               \
    X(codes_shown)                                                                                 \
    X(provider_faults)                                                                             \
    X(provider_absences)                                                                           \
    X(provider_requests_lost)                                                                      \
    X(provider_answers_lost)                                                                       \
    X(cards_not_used)                                                                              \
    X(cards_ended)                                                                                 \
    X(code_charges)                                                                                \
    X(code_refunds)                                                                                \
    X(on_file_charges)                                                                             \
    X(on_file_refunds)                                                                             \
    X(desk_resolutions)                                                                            \
    X(change_paid)                                                                                 \
    X(cards_registered)                                                                            \
    X(desk_settlements)                                                                            \
    X(refunds_ordered)                                                                             \
    X(refunds_too_much)                                                                            \
    X(days_closed)                                                                                 \
    X(days_closed_in_doubt)                                                                        \
    X(nights)                                                                                      \
    X(attempts)                                                                                    \
    X(attempts_unknown)                                                                            \
    X(attempts_held)                                                                               \
    X(charges)                                                                                     \
    X(batches)

#define SIM_COUNT(name) SIM_COUNT_##name,
enum sim_count { SIM_COUNTS(SIM_COUNT) SIM_COUNT_END };
#undef SIM_COUNT
const char *sim_count_name(enum sim_count which);
void sim_count(enum sim_count which);
uint64_t sim_counted(enum sim_count which);

/* ---- the run */

/* Which kind of program a crash point belongs to. */
enum sim_kind {
    SIM_SERVER,
    SIM_PAYMENT,
    SIM_WINDOW,
    SIM_FEE,
    SIM_DESK, /* and whoever closes a day */
    SIM_OTHER,
    SIM_KIND_END
};

struct sim_settings {
    uint64_t seed;
    sugu_time_us utc_us; /* at the beginning */
    bool has_trace;      /* keep the last lines of the trace */
    /* Enumerated crashes: the `crash_at`-th crash point of `crash_kind` kills; 0 = none. */
    enum sim_kind crash_kind;
    uint64_t crash_at;
    /* Crashes at random: one crash point in so many of a kind; 0 = never. */
    uint64_t crash_one_in[SIM_KIND_END];
};

void sim_begin(const struct sim_settings *settings);
void sim_end(void);
/* Runs until `is_over` (looked at between any two events) or `until_us`; true when it was over. */
bool sim_run(bool (*is_over)(void *user), void *user, int64_t until_us);

/* Virtual microseconds since the beginning of the run. */
int64_t sim_now(void);
/* Faults may be injected: true until sim_calm. */
bool sim_is_stormy(void);
/* No faults and crashes from now on: everything has to settle. */
void sim_calm(void);
/* How many crash points of the kind were passed. */
uint64_t sim_points_passed(enum sim_kind kind);
/* Was the crash of `crash_at` carried out? */
bool sim_has_crashed(void);

/* ---- chance; every decision of a run comes from here */

struct sugu_random *sim_random(void);
/* 0 … bound - 1. */
uint64_t sim_below(uint64_t bound);
/* low … high, both included. */
int64_t sim_between(int64_t low, int64_t high);
/* True `percent` times in a hundred; false once faults are over. */
bool sim_happens(unsigned percent);
/* The same, of everyday things that go on when faults are over. */
bool sim_chance(unsigned percent);

/* ---- trace */

/* One line; what and numbers go into the hash. `what` is short and has no addresses. */
void sim_note(const char *what, int64_t a, int64_t b);
void sim_note_bytes(const char *what, const void *bytes, size_t size);
uint64_t sim_hash(void);
/* The last lines, oldest first, to standard error. */
void sim_print_trace(void);
/* Something that must never be; printed, and the run fails. */
void sim_fail(const char *text, ...) __attribute__((format(printf, 1, 2)));
/* The first failure, "" = none. */
const char *sim_failure(void);

/* ---- events */

void sim_at(int64_t at_us, void (*call)(void *user), void *user);

/* ---- programs and threads */

struct sim_program {
    enum sim_kind kind;
    unsigned index;
    bool is_alive;
    struct sugu_clock clock; /* the machine's: shifted by clock_ahead_us */
    int64_t clock_ahead_us;
    struct sim_thread *main_thread;
    /* Called by the scheduler after the death, to free and to plan the next start. */
    void (*on_killed)(struct sim_program *program);
    void *user;
};

/* Sets kind and index up; it does not run yet. */
void sim_program_init(struct sim_program *program, enum sim_kind kind, unsigned index);
/* A thread of the program; the first one is its main thread. NULL: of the world, never killed. */
struct sim_thread *
sim_thread_start(struct sim_program *program, void (*main)(void *user), void *user);
/* Ends the program where it stands. Does not return where the caller is one of its threads. */
void sim_program_kill(struct sim_program *program);

/* The program of the running thread, or NULL. */
struct sim_program *sim_running(void);
/* The running thread waits until it is woken or for `wait_us`, and at least a moment. */
void sim_wait(int64_t wait_us);
void sim_wake(struct sim_thread *thread);
/* The thread that is running. */
struct sim_thread *sim_self(void);

/* A place at which the running program may die; see sim_settings. */
void sim_point(const char *name);
