/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-private - the agent's inside, shared by agent.c, agent-server.c, agent-terminal.c and
 * agent-kiosk.c
 */
#pragma once

#include "payment/agent.h"

/* An attempt in work: its row, and what only this process knows about it. */
struct sugu_slot {
    bool is_used;
    struct sugu_attempt attempt;

    /* the queue server */
    bool is_asking;         /* request `asked_number` is unanswered */
    bool is_told_again;     /* the outcome was acknowledged before and is told once more */
    uint32_t asked_number;  /* 0 BeginPayment, n the n-th EndPayment */
    int64_t ask_due_us;     /* not before */
    int64_t first_asked_us; /* BeginPayment, in this process */

    /* the terminal */
    bool wants_status;
    bool aborts_first;
    int64_t status_due_us;
    int64_t unknown_since_us;
    struct sugu_not_found not_found;
};

enum sugu_terminal_state {
    SUGU_TERMINAL_AWAY,      /* does not serve; `terminal_code` says why */
    SUGU_TERMINAL_RESETTING, /* a payment has ended: a fresh session before the next one */
    SUGU_TERMINAL_READY,
};

struct sugu_agent {
    struct sugu_agent_settings settings;
    struct sugu_agent_ways ways;
    struct sugu_journal *journal;
    const struct sugu_clock *clock;
    struct sugu_random *random;
    struct sugu_slot slots[SUGU_AGENT_ATTEMPTS_MAX];
    enum sugu_terminal_state terminal_state;
    char terminal_code[65];
    bool job_runs;
    int64_t check_due_us;
    int64_t away_wait_us; /* until the next look at one that is away; grows with each */
    bool was_offered, is_health_known;
    char shown_code[65];
    bool has_failed;
};

int64_t sugu_agent_now(const struct sugu_agent *agent);
/* The journal failed: says so once and ends the program. */
void sugu_agent_fail(struct sugu_agent *agent, const struct sugu_error *error);

struct sugu_slot *sugu_agent_slot_new(struct sugu_agent *agent); /* NULL when all are used */
/* Lets go of what is finished. */
void sugu_agent_reap(struct sugu_agent *agent);
struct sugu_slot *sugu_agent_slot_of_attempt(struct sugu_agent *agent, const struct sugu_id *id);
struct sugu_slot *sugu_agent_slot_of_bill(struct sugu_agent *agent, const struct sugu_id *bill);

/*
 * One event of the machine on the row `next`, which is the slot's with what came with the event
 * already in it: into the journal first, then the effects, then told. Not allowed: logged, nothing
 * changed. `code` NULL leaves the row's code.
 */
void sugu_agent_apply(struct sugu_agent *agent,
                      struct sugu_slot *slot,
                      enum sugu_attempt_event event,
                      const struct sugu_attempt *next,
                      const char *code);
/* The same without an answer to take in. */
void sugu_agent_apply_event(struct sugu_agent *agent,
                            struct sugu_slot *slot,
                            enum sugu_attempt_event event,
                            const char *code);
/* Saves a row that changed without an event of the machine. False where the journal failed. */
bool sugu_agent_save(struct sugu_agent *agent,
                     struct sugu_slot *slot,
                     const struct sugu_attempt *next,
                     const char *event);
void sugu_agent_publish(struct sugu_agent *agent, const struct sugu_attempt *attempt);

/* agent-server.c: asks what has to be asked. */
void sugu_agent_step_server(struct sugu_agent *agent, struct sugu_slot *slot);
/* When it has to be called again; INT64_MAX = not by time. */
int64_t sugu_agent_server_due(const struct sugu_agent *agent, const struct sugu_slot *slot);

/* agent-terminal.c: starts the next job where none runs. */
void sugu_agent_step_terminal(struct sugu_agent *agent);
int64_t sugu_agent_terminal_due(const struct sugu_agent *agent);
