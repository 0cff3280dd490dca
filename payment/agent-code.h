/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agent-code - the lane of codes on the screen: what the agent knows of the provider and of a code
 *
 * Several patients may be served; one question at a time goes to the provider. What was made, left
 * and taken away is in the journal before it counts; what the code says is kept in memory only.
 * Whoever has left, a payment is watched until the provider says that it is final, and what is
 * completed is posted (domain/code-payment.h).
 */
#pragma once

#include "payment/attempt.h"
#include "payment/code-worker.h"

#include "protocol/message.h"

struct sugu_agent;
struct sugu_slot;

struct sugu_agent_code {
    bool knows_clock;
    int64_t ahead_us; /* the provider's clock, against ours */
};

/* Of one attempt; all zero before it is looked at. */
struct sugu_slot_code {
    bool is_watched;
    struct sugu_code_watch watch;
    int64_t delete_due_us; /* a deletion that failed is not tried again before */
    char payload[256];     /* on the screen; "" = it cannot be shown (any more) */
    /* of a refund */
    bool looks_at_payment; /* the provider knows no such refund: what of the payment? */
    bool is_irreversible;  /* a cancellation was refused */
};

struct sugu_code_told {
    Sugu__CodeOffer offer;
};

/* Adds the code while it can be read; nothing where the attempt has none. */
void sugu_agent_code_put_progress(struct sugu_agent *agent,
                                  const struct sugu_attempt *attempt,
                                  Sugu__PaymentProgress *progress,
                                  struct sugu_code_told *told);

/* ---- between the files agent-code*.c */

void sugu_code_start(struct sugu_agent *agent, const struct sugu_code_job *job);
/* The provider's clock, and is it there? Every result goes through here first. */
void sugu_code_note_provider(struct sugu_agent *agent, const struct sugu_code_job_result *result);
/* A payment that the provider calls completed, in the row. */
void sugu_code_take_paid(struct sugu_agent *agent,
                         struct sugu_attempt *row,
                         const struct sugu_code_answer *answer);

/* agent-code-refund.c: an order to give back. */
void sugu_code_refund_begin(struct sugu_agent *agent, struct sugu_slot *slot);
void sugu_code_refund_resolve(struct sugu_agent *agent, struct sugu_slot *slot);
void sugu_code_refund_result(struct sugu_agent *agent,
                             struct sugu_slot *slot,
                             const struct sugu_code_job_result *result);
