/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent - what sugu-payment decides: when an attempt may go on, and what has to be done next
 *
 * Knows no socket, thread or device: what it wants done goes out through struct sugu_agent_ways,
 * what happened comes in through the sugu_agent_on_… functions, and time is a clock. Each way to
 * take money is a lane of its own (agent-lane.c). The order of an attempt is fixed: intent into the
 * journal, BeginPayment acknowledged by the queue server, SENT into the journal, the device, the
 * outcome into the journal, EndPayment until it is acknowledged. Every step is derived from the
 * journal's row, so that a program that was killed goes on where it was. A journal that cannot be
 * written ends the program (`fail`): the next start resolves what is open.
 */
#pragma once

#include "client/service.h"
#include "payment/cash-worker.h"
#include "payment/code-worker.h"
#include "payment/journal.h"
#include "payment/on-file-worker.h"
#include "payment/worker.h"

/* Attempts that are in work at the same time: one at the terminal, the others held or unreported.
 */
#define SUGU_AGENT_ATTEMPTS_MAX 64

struct sugu_agent;

/* Where the agent's wishes go. Those of a way that the settings do not name are never called; the
 * others are mandatory. None may block or call back into the agent. */
struct sugu_agent_ways {
    /* Sends a request to the queue server under this id until it is answered; the answer comes as
     * sugu_agent_on_reply. False where it could not be taken: asked again later. */
    bool (*ask_server)(void *user, const struct sugu_id *id, Sugu__Request *request);
    void (*reply)(void *user, const struct sugu_asker *asker, Sugu__Reply *reply);
    void (*publish)(void *user, Sugu__Event *event);
    /* What the heartbeats say about the ways to pay. */
    void (*set_health)(void *user, Sugu__PartState *const *states, size_t count);
    /* Starts a job at the terminal; its result comes as sugu_agent_on_result. Never more than one.
     */
    void (*start_job)(void *user, const struct sugu_job *job);
    /* Asks the terminal to stop, beside a running job. */
    void (*abort_job)(void *user, const char *service_id);
    /* Starts a job at the cash devices; its result comes as sugu_agent_on_cash_result. Never more
     * than one. */
    void (*start_cash_job)(void *user, const struct sugu_cash_job *job);
    /* The same at the provider of code payments; its result comes as sugu_agent_on_code_result. */
    void (*start_code_job)(void *user, const struct sugu_code_job *job);
    /* The same at the keeper of stored cards; sugu_agent_on_on_file_result. */
    void (*start_on_file_job)(void *user, const struct sugu_on_file_job *job);
    /* The journal cannot be written: end the program. */
    void (*fail)(void *user, const struct sugu_error *error);
    void *user;
};

struct sugu_agent_settings {
    struct sugu_journal *journal; /* the three are not owned and outlive the agent */
    const struct sugu_clock *clock;
    struct sugu_random *random;
    bool has_terminal;
    bool has_cash;
    bool has_code;
    bool has_on_file;
    bool is_cash_recycled;     /* an accepted piece falls into the payout of its unit */
    int32_t cash_low_pieces;   /* a payout with so many or fewer is near empty */
    int64_t cash_idle_us;      /* nothing happens in a session for so long: the patient has left */
    int64_t cash_stuck_us;     /* a device in use is away, or moves nothing, for so long: a fault */
    const char *cash_place;    /* the cash machine's name for the ledger */
    const char *poi_id;        /* the terminal's name for the ledger; "" without one */
    const char *code_place;    /* the provider of code payments for the ledger: "paypay" */
    const char *code_brand;    /* and for people: "PayPay" */
    int64_t code_valid_us;     /* how long a code may be paid with */
    const char *on_file_place; /* the keeper of stored cards for the ledger: "adyen" */
    int64_t provider_check_us; /* a provider that is not asked anything is asked how it is */
    int64_t status_interval_us; /* between two status questions, and of two "not found" (1.4) */
    int64_t status_give_up_us;  /* UNKNOWN for so long becomes HELD */
    int64_t held_interval_us;   /* between two questions about a HELD attempt */
    int64_t begin_wait_us;      /* the queue server does not answer BeginPayment: given up */
    int64_t check_interval_us;  /* an idle terminal is asked how it is */
};

/*
 * Loads what is open out of the journal; nothing is offered until that is resolved. The settings
 * and ways are copied (the text of the settings is not).
 */
enum sugu_status sugu_agent_new(const struct sugu_agent_settings *settings,
                                const struct sugu_agent_ways *ways,
                                struct sugu_agent **ret_agent,
                                struct sugu_error *reterr) SUGU_MUST_CHECK;
struct sugu_agent *sugu_agent_free(struct sugu_agent *agent);

/* A request of the kiosk: StartPayment, FixPayment, AbortPayment, GetPayment; anything else is
 * refused. */
void sugu_agent_on_request(struct sugu_agent *agent,
                           const struct sugu_asker *asker,
                           const Sugu__Request *request);
/* Someone began to listen: says the present state. */
void sugu_agent_on_listener(struct sugu_agent *agent);
/* The queue server's answer to the request with this id. */
void
sugu_agent_on_reply(struct sugu_agent *agent, const struct sugu_id *id, const Sugu__Reply *reply);
/* What the queue server holds for open at (re)connection; an outcome it has lost is told again. */
void sugu_agent_on_open_work(struct sugu_agent *agent, const Sugu__OpenWork *work);
/* The queue server orders money to be moved; the same order again changes nothing. */
void sugu_agent_on_order(struct sugu_agent *agent, const Sugu__PaymentOrder *order);
/* A person has found out what became of an attempt. */
void sugu_agent_on_resolved(struct sugu_agent *agent, const Sugu__PaymentResolved *resolved);
void sugu_agent_on_result(struct sugu_agent *agent, const struct sugu_job_result *result);
void sugu_agent_on_cash_result(struct sugu_agent *agent, const struct sugu_cash_job_result *result);
void sugu_agent_on_code_result(struct sugu_agent *agent, const struct sugu_code_job_result *result);
void sugu_agent_on_on_file_result(struct sugu_agent *agent,
                                  const struct sugu_on_file_job_result *result);

/* Does what is due; microseconds until it has to be called again, at most `wait_us_max`. */
int64_t sugu_agent_step(struct sugu_agent *agent, int64_t wait_us_max);
