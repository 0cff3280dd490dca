/* SPDX-License-Identifier: Apache-2.0 */
/*
 * insurance-world - the real sugu-insurance between a small queue server and the emulated terminal
 *
 * One thread plays server and terminal; the program is a process of its own. Everything is below
 * one folder; every world ends by searching the log and the explanations for the person.
 */
#pragma once

#include "client/service.h"
#include "emulators/qualification-terminal.h"

#include "testlib/checks.h"

#include <sys/types.h>

#define SUGU_WORLD_ORDERS_MAX  40
#define SUGU_WORLD_PATIENCE_US (20 * SUGU_SECOND)

/* One order at the small queue server, and what came back. */
struct sugu_asked_slot {
    struct sugu_id eligibility;
    char branch[3], insurer[9];
    int answers; /* how often an answer came, the same request again included */
    struct sugu_id answer_id;
    Sugu__AnswerEligibility *answer;
};

struct sugu_insurance_world {
    char folder[64], oqs[80], log[80], endpoint[96];
    const struct sugu_clock *clock;
    void *context;
    struct sugu_service *service;
    struct sugu_qualification_terminal *terminal;
    struct sugu_asked_slot slots[SUGU_WORLD_ORDERS_MAX];
    size_t count;
    bool withholds_replies;
    bool lists_answered; /* its open work is of a moment ago, and still has what was answered */
    int open_work_asked;
    pid_t program;
};

/* Makes the folder, starts the server, the terminal with one insured person, and the program. */
void sugu_insurance_world_init(struct sugu_insurance_world *world);
/* Ends all with SIGTERM and status 0; fails where anything personal was said. */
void sugu_insurance_world_done(struct sugu_insurance_world *world);
/* One turn of server and terminal. */
void sugu_insurance_world_turn(struct sugu_insurance_world *world);

/* Runs server and terminal until the condition holds. */
#define SUGU_WAIT_FOR(world, condition)                                                            \
    do {                                                                                           \
        int64_t until_ = (world)->clock->monotonic_us((world)->clock) + SUGU_WORLD_PATIENCE_US;    \
        while (!(condition)) {                                                                     \
            sugu_insurance_world_turn(world);                                                      \
            ck_assert_msg((world)->clock->monotonic_us((world)->clock) < until_,                   \
                          "waited in vain for: %s (see %s)", #condition, (world)->folder);         \
        }                                                                                          \
    } while (0)

/* The server begins to listen (again). */
void sugu_insurance_world_open_server(struct sugu_insurance_world *world);
/* The program starts (again); in a forked child it becomes the program. */
void sugu_insurance_world_start(struct sugu_insurance_world *world);
void sugu_insurance_world_exec(const struct sugu_insurance_world *world, const char *institution);
/* Sends the signal, waits, and gives the status of waitpid. */
int sugu_insurance_world_end(struct sugu_insurance_world *world, int signal);
/* A command to the terminal. */
void sugu_insurance_world_command(struct sugu_insurance_world *world, const char *line);

/* An order about the one person: kept as open work; told as an event; both. */
struct sugu_asked_slot *sugu_insurance_world_add(struct sugu_insurance_world *world);
void sugu_insurance_world_publish(struct sugu_insurance_world *world,
                                  const struct sugu_asked_slot *slot);
struct sugu_asked_slot *sugu_insurance_world_ask(struct sugu_insurance_world *world);

/* Files below the world's folder; hidden ones are not counted. */
bool sugu_insurance_world_has(const struct sugu_insurance_world *world, const char *name);
int sugu_insurance_world_count(const struct sugu_insurance_world *world, const char *folder);
