/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-agent-world - the payment agent with the real ccTalk driver on emulated devices, in process
 *
 * Nothing runs by itself: one message, one job or some time at once, so that the program can be
 * killed before and behind each of them and before each commit of its journal, by number.
 */
#pragma once

#include "emulators/cctalk-line.h"
#include "payment/agent.h"
#include "payment/cash/cash-cctalk.h"
#include "testlib/fake-payments.h"

#define CASH_AGENT_PENDING_MAX 16
#define CASH_AGENT_STEPS_MAX   20000

struct cash_agent_world {
    char folder[64];
    struct sugu_clock_manual clock;
    struct sugu_random_seeded random;
    struct sugu_journal *journal;
    struct sugu_agent *agent;
    struct emulated_cash emulated;
    struct cctalk_line line;
    struct sugu_cash *cash;
    struct fake_payments server;
    /* on their way */
    Sugu__Request *requests[CASH_AGENT_PENDING_MAX];
    unsigned request_count;
    struct sugu_cash_job job;
    bool has_job;
    /* what the kiosk heard */
    enum sugu_status reply_status;
    char reply_code[65];
    struct sugu_id attempt;
    uint32_t state;
    char code[65];
    int64_t approved_yen, in_yen, out_yen, owed_yen;
    Sugu__CashStage stage;
    size_t units;
    bool is_final, is_offered, has_failed, has_cash;
    uint32_t health;
    char health_code[65];
    int commits_left;    /* the program dies at this commit of the journal; below 0 = never */
    int64_t in_most_yen; /* the largest sum that a screen has shown */
};

void cash_agent_init(struct cash_agent_world *world);
void cash_agent_done(struct cash_agent_world *world);
/* The program dies where it stands, and is started again; the devices go on. */
void cash_agent_kill(struct cash_agent_world *world);
void cash_agent_start(struct cash_agent_world *world);
/* The job and the oldest request; its answer is lost with `is_lost`. False: nothing was there. */
bool cash_agent_deliver(struct cash_agent_world *world, bool is_lost);
void cash_agent_step(struct cash_agent_world *world);
void cash_agent_run(struct cash_agent_world *world, int64_t us);
/* False where it is not so within a minute of the world's time. */
bool cash_agent_run_until_final(struct cash_agent_world *world);
bool cash_agent_run_until_in(struct cash_agent_world *world, int64_t yen);
bool cash_agent_run_until_stage(struct cash_agent_world *world, Sugu__CashStage stage);
void cash_agent_run_until_offered(struct cash_agent_world *world);
/* Starts the payment `number` for the bill and waits until money is taken. */
void cash_agent_pay(struct cash_agent_world *world, uint8_t number, uint8_t bill, int64_t yen);
/* The same without waiting. */
void cash_agent_ask(struct cash_agent_world *world, uint8_t number, uint8_t bill, int64_t yen);
void cash_agent_fix(struct cash_agent_world *world);
void cash_agent_cancel(struct cash_agent_world *world);
void cash_agent_look_up(struct cash_agent_world *world, uint8_t bill);
/* A person has found out what became of the attempt. */
void cash_agent_resolve(struct cash_agent_world *world, uint32_t state, int64_t yen);
/* A hand, or a fault: a command of the emulator. */
void cash_agent_do(struct cash_agent_world *world, const char *line);
/* The stock of all payouts as a person has counted it, in the books and in the devices. */
void cash_agent_fill(struct cash_agent_world *world, int32_t pieces);
/* Yen that were reported of an attempt (NULL = of all): in, out, owed; false where no report
 * carried cash. */
bool cash_agent_reported(const struct cash_agent_world *world,
                         const struct sugu_id *attempt,
                         int64_t *ret_in,
                         int64_t *ret_out,
                         int64_t *ret_owed);
/* What must be true at the end: coins in = rows = reported, and nothing twice. */
void cash_agent_check(struct cash_agent_world *world);
