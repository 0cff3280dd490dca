/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider-agent-world - the payment agent with the real drivers of both providers, in process
 *
 * Code payments and cards on file, each behind its emulated provider under a virtual clock. Nothing
 * runs by itself: one message, one job or some time at once, so that the program can be killed
 * behind each of them and at each commit of its journal, by number.
 */
#pragma once

#include "emulators/card-on-file-provider.h"
#include "emulators/code-provider.h"
#include "emulators/provider-direct.h"
#include "payment/agent.h"
#include "testlib/fake-payments.h"

#define PROVIDER_AGENT_PENDING_MAX 32
#define PROVIDER_AGENT_YEN         3240
#define PROVIDER_AGENT_TOKEN       "8415995487234100"
#define PROVIDER_AGENT_PAYER       "payer-0001"

struct provider_agent_world {
    char folder[64];
    struct sugu_clock_manual clock;
    struct sugu_random_seeded random;
    struct sugu_journal *journal;
    struct sugu_agent *agent;
    struct sugu_code_provider *code_provider;
    struct sugu_card_on_file_provider *card_provider;
    struct sugu_provider_direct code_line, card_line;
    struct sugu_code_payment *code;
    struct sugu_card_on_file *on_file;
    struct fake_payments server;
    bool is_server_away;
    /* on their way */
    Sugu__Request *requests[PROVIDER_AGENT_PENDING_MAX];
    unsigned request_count;
    struct sugu_code_job code_job;
    struct sugu_on_file_job on_file_job;
    bool has_code_job, has_on_file_job;
    unsigned jobs[7]; /* of code payments by their kind, carried out */
    /* what the kiosk heard */
    enum sugu_status reply_status;
    char reply_code[65];
    struct sugu_id attempt;
    uint32_t state;
    char code_text[65];
    int64_t approved_yen;
    bool is_final, has_failed, is_asking;
    char payload[513], seen_payload[513]; /* on the screen now; the last one that was */
    int64_t until_utc_us;
    struct {
        bool is_offered;
        char code[65];
    } health[2];      /* 0 code, 1 on file */
    int commits_left; /* the program dies at this commit of the journal; below 0 = never */
};

void provider_agent_init(struct provider_agent_world *world);
void provider_agent_done(struct provider_agent_world *world);
/* The program dies where it stands; the providers go on. */
void provider_agent_kill(struct provider_agent_world *world);
void provider_agent_start(struct provider_agent_world *world);
/* The oldest request, else a job; its answer is lost with `is_lost`. False: nothing was there. */
bool provider_agent_deliver(struct provider_agent_world *world, bool is_lost);
void provider_agent_step(struct provider_agent_world *world);
void provider_agent_run(struct provider_agent_world *world, int64_t us);
/* False where it is not so within `us` of the world's time. */
bool provider_agent_run_until_final(struct provider_agent_world *world, int64_t us);
bool provider_agent_run_until_shown(struct provider_agent_world *world);
/* The kiosk's request `number` to pay the bill by a code; does not wait. */
void provider_agent_ask(struct provider_agent_world *world, uint8_t number, uint8_t bill);
/* The same, until a code can be read. */
void provider_agent_pay(struct provider_agent_world *world, uint8_t number, uint8_t bill);
void provider_agent_leave(struct provider_agent_world *world);
void provider_agent_look_up(struct provider_agent_world *world, uint8_t bill);
/* Connected (again): the server's open work comes. */
void provider_agent_connect(struct provider_agent_world *world);
struct sugu_id provider_agent_id_of(uint8_t number);
/* Orders money back that came by a code. */
struct sugu_id provider_agent_order_refund(struct provider_agent_world *world,
                                           uint8_t number,
                                           const struct sugu_id *original,
                                           int64_t yen);
/* Orders something of the registered card; `original` NULL = none. */
struct sugu_id provider_agent_order(struct provider_agent_world *world,
                                    uint8_t number,
                                    Sugu__AttemptKind kind,
                                    int64_t yen,
                                    const struct sugu_id *original);
/* As the server knows it. */
const struct fake_attempt *provider_agent_attempt(const struct provider_agent_world *world,
                                                  uint8_t number);
/* Commands of the emulated providers. */
void provider_agent_code_do(struct provider_agent_world *world, const char *line);
void provider_agent_card_do(struct provider_agent_world *world, const char *line);
const struct sugu_provider_counts *
provider_agent_code_counts(const struct provider_agent_world *world);
const struct sugu_provider_counts *
provider_agent_card_counts(const struct provider_agent_world *world);
/* What must be true at the end: yen taken and given by the providers = posted and refunded. */
void provider_agent_check(const struct provider_agent_world *world);
