/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-private - the agent's inside, shared by the files agent*.c
 */
#pragma once

#include "payment/agent-cash.h"
#include "payment/agent-code.h"
#include "payment/agent.h"

/* An attempt in work: its row, and what only this process knows about it. */
struct sugu_slot {
    bool is_used;
    struct sugu_attempt attempt;

    /* the queue server */
    bool is_asking;         /* request `asked_number` is unanswered */
    bool is_told_again;     /* the outcome was acknowledged before and is told once more */
    bool is_by_person;      /* the server told what a person has found out */
    uint32_t asked_number;  /* 0 BeginPayment, n the n-th EndPayment */
    int64_t ask_due_us;     /* not before */
    int64_t first_asked_us; /* BeginPayment, in this process */

    /* the lane */
    bool wants_status;
    bool aborts_first;
    int64_t status_due_us;
    int64_t unknown_since_us;
    struct sugu_not_found not_found;
    int64_t pause_us; /* between two questions, where it grows */
    struct sugu_slot_code code;
};

/*
 * One way to take money: its device or its provider, and what is known of it. Several ways serve
 * side by side; each carries out one job at a time.
 */
enum sugu_lane_kind {
    SUGU_LANE_CARD, /* agent-card.c */
    SUGU_LANE_CASH, /* agent-cash*.c */
    SUGU_LANE_CODE, /* agent-code*.c */
    SUGU_LANE_ON_FILE,
    SUGU_LANE_COUNT,
};

enum sugu_lane_state {
    SUGU_LANE_AWAY,      /* does not serve; `code` says why */
    SUGU_LANE_RESETTING, /* an attempt has ended: a fresh session before the next one */
    SUGU_LANE_READY,
};

/* What differs between the ways. All mandatory; each starts at most one job, or none. */
struct sugu_lane_ops {
    const char *name;
    Sugu__Part part;
    bool is_shared; /* a provider, which serves several attempts; else one device for one patient */
    /* The attempt is begun at the server: mark it SENT, then let the first byte leave. */
    void (*begin)(struct sugu_agent *agent, struct sugu_slot *slot);
    /* The attempt is in doubt and its question is due. */
    void (*resolve)(struct sugu_agent *agent, struct sugu_slot *slot);
    /* Nothing else to do, and it is time to see whether it serves. */
    void (*check)(struct sugu_agent *agent);
    /* The patient wants to stop an attempt that is SENT; its outcome still comes. */
    void (*cancel)(struct sugu_agent *agent, struct sugu_slot *slot);
};

struct sugu_lane {
    const struct sugu_lane_ops *ops; /* NULL: there is no such way here */
    enum sugu_lane_state state;
    char code[65];
    const char *low_code; /* it serves, and needs someone soon; NULL = no */
    bool job_runs;
    int64_t check_due_us;
    int64_t away_wait_us; /* until the next look at one that is away; grows with each */
    bool was_offered;
    char shown_code[65];
};

struct sugu_agent {
    struct sugu_agent_settings settings;
    struct sugu_agent_ways ways;
    struct sugu_journal *journal;
    const struct sugu_clock *clock;
    struct sugu_random *random;
    struct sugu_slot slots[SUGU_AGENT_ATTEMPTS_MAX];
    struct sugu_lane lanes[SUGU_LANE_COUNT];
    struct sugu_agent_cash cash;
    struct sugu_agent_code code;
    bool is_health_known;
    bool has_failed;
};

int64_t sugu_agent_now(const struct sugu_agent *agent);
/* The journal failed: says so once and ends the program. */
void sugu_agent_fail(struct sugu_agent *agent, const struct sugu_error *error);

struct sugu_slot *sugu_agent_slot_new(struct sugu_agent *agent); /* NULL when all are used */
/* Lets go of what is finished. */
void sugu_agent_reap(struct sugu_agent *agent);
struct sugu_slot *sugu_agent_slot_of_attempt(struct sugu_agent *agent, const struct sugu_id *id);
/* Of an attempt that moves the bill's money; NULL for none. */
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
/* Writes a new attempt (INTENDED, with a service id of its own) into the journal. */
enum sugu_status sugu_agent_insert(struct sugu_agent *agent,
                                   struct sugu_attempt *attempt,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;
void sugu_agent_publish(struct sugu_agent *agent, const struct sugu_attempt *attempt);

/* What a message about an attempt points into. */
struct sugu_told {
    struct sugu_cash_told cash;
    struct sugu_code_told code;
};
/* The attempt as a kiosk sees it, with what belongs to its way. */
void sugu_agent_put_progress(struct sugu_agent *agent,
                             const struct sugu_attempt *attempt,
                             Sugu__PaymentProgress *ret_progress,
                             struct sugu_told *told);

/* agent-server.c: asks what has to be asked. */
void sugu_agent_step_server(struct sugu_agent *agent, struct sugu_slot *slot);
/* When it has to be called again; INT64_MAX = not by time. */
int64_t sugu_agent_server_due(const struct sugu_agent *agent, const struct sugu_slot *slot);

/* agent-lane.c: starts the next job of every lane that has none. */
void sugu_agent_step_lanes(struct sugu_agent *agent);
int64_t sugu_agent_lanes_due(const struct sugu_agent *agent);
/* The lane of a method; NULL where there is none here (or the method needs none). */
struct sugu_lane *sugu_agent_lane_of(struct sugu_agent *agent, uint32_t method);
/* Does the lane take patients, and no attempt of it is in doubt? */
bool sugu_agent_lane_is_offered(const struct sugu_agent *agent, enum sugu_lane_kind kind);
/* Tells kiosk and server how the lanes are, where that has changed or `is_asked`. */
void sugu_agent_watch_health(struct sugu_agent *agent, bool is_asked);
void sugu_lane_set_away(struct sugu_agent *agent, struct sugu_lane *lane, const char *code);
void sugu_lane_set_ready(struct sugu_agent *agent, struct sugu_lane *lane);
/* A fresh session before the next patient. */
void sugu_lane_set_resetting(struct sugu_agent *agent, struct sugu_lane *lane);
/* UNKNOWN for longer than the settings allow: a human becomes the owner. */
void sugu_agent_give_up(struct sugu_agent *agent, struct sugu_slot *slot);

/* The ways that there are. */
extern const struct sugu_lane_ops sugu_lane_card;
extern const struct sugu_lane_ops sugu_lane_cash;
extern const struct sugu_lane_ops sugu_lane_code;
extern const struct sugu_lane_ops sugu_lane_on_file;
