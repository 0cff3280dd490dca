/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-world - the payment agent, its real journal, a scripted terminal, the server's promises
 *
 * Nothing runs by itself: a world hands over one message or job at a time and moves the clock, so
 * that the program can be killed before and behind each of them, by number.
 */
#pragma once

#include "emulators/scripted-terminal.h"
#include "payment/agent.h"
#include "testlib/fake-payments.h"

#include <stdio.h>

#define AGENT_WORLD_PENDING_MAX 16
#define AGENT_WORLD_STEPS_MAX   4000
#define AGENT_WORLD_YEN         3240

struct agent_world {
    char folder[64];
    struct sugu_clock_manual clock;
    struct sugu_random_seeded random;
    struct sugu_journal *journal;
    struct sugu_agent *agent;
    struct sugu_terminal *terminal;
    struct fake_payments server;
    bool is_server_away;
    unsigned refuse_asks;  /* so many requests cannot be taken */
    sugu_time_us deadline; /* of the kiosk's requests; 0 = none */

    /* on their way */
    Sugu__Request *requests[AGENT_WORLD_PENDING_MAX];
    unsigned request_count;
    struct sugu_job job;
    bool has_job;

    /* what the kiosk heard */
    enum sugu_status reply_status;
    char reply_code[65];
    struct sugu_id attempt;
    uint32_t state;
    char code[65];
    int64_t approved_yen;
    bool is_final, is_offered, has_failed;
    unsigned replies;
    char health_code[65];
    FILE *wire; /* where there is one: every message that the agent sends, as bytes */
};

/* Starts the agent on the journal in the folder. */
void agent_world_start_program(struct agent_world *world);
/* kill -9: what is on its way is lost, the journal stays. */
void agent_world_kill_program(struct agent_world *world);
/* An agent that was just started, in a folder of its own. */
void agent_world_init(struct agent_world *world);
/* Ends it and removes the folder. */
void agent_world_done(struct agent_world *world);
/* Is something on its way that can be delivered? */
bool agent_world_has_delivery(const struct agent_world *world);
/* The oldest request, else the job; its answer comes back unless it is lost. */
void agent_world_deliver(struct agent_world *world, bool is_answer_lost);
/* One thing: a message, a job, or time. */
void agent_world_step(struct agent_world *world);
/* Until the attempt is final and told, or `seconds` of the world's time have passed. */
bool agent_world_run_until_final(struct agent_world *world, int seconds);
/* Until the terminal is offered. */
void agent_world_run_until_offered(struct agent_world *world);
/* An id that says its number. */
struct sugu_id agent_world_id_of(uint8_t number);
/* The kiosk's request `number` for the bill. */
void agent_world_start_payment(
    struct agent_world *world, uint8_t number, uint8_t bill, int64_t yen, int method);
/* The same by card, of AGENT_WORLD_YEN. */
void agent_world_pay(struct agent_world *world, uint8_t number, uint8_t bill);
/* Of the attempt that the kiosk heard of last. */
void agent_world_abort_payment(struct agent_world *world);
/* What became of the bill? */
void agent_world_get_payment(struct agent_world *world, uint8_t bill);
/* A card is registered instead of charged: the kiosk's request `number`. */
void agent_world_register_card(struct agent_world *world, uint8_t number, uint8_t bill);
/* Connected (again): the server's open work comes. */
void agent_world_connect(struct agent_world *world);
/* The server orders `yen` of the attempt `original` back; the order arrives at once. */
void agent_world_order_refund(struct agent_world *world,
                              uint8_t number,
                              const struct sugu_id *original,
                              int64_t yen);
/* A person has found out what became of the attempt. */
void agent_world_resolve(struct agent_world *world,
                         const struct sugu_id *attempt,
                         int state,
                         int64_t yen);
/* Until nothing is on its way or due within `seconds` of the world's time. */
void agent_world_run(struct agent_world *world, int seconds);
/* What the terminal did. */
struct sugu_emulated_counts agent_world_counts(const struct agent_world *world);
/* What must always be true at the end. */
void agent_world_check_money(const struct agent_world *world);
