/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attempt - one attempt to take money, as it stands in the journal and goes over the wire
 */
#pragma once

#include "base/id.h"
#include "domain/payment.h"
#include "port/terminal.h"
#include "protocol/message.h"

/* How far the queue server is with BeginPayment. Numbers are those of the journal. */
enum sugu_server_stage {
    SUGU_SERVER_NOT_ASKED = 0, /* or asked and not answered */
    SUGU_SERVER_BEGUN = 1,
    SUGU_SERVER_REFUSED = 2, /* it does not know the attempt, and need not be told the outcome */
};

/* Columns of the journal's table. A value: copied freely, all texts ended. */
struct sugu_attempt {
    struct sugu_id id, start_request, session, bill;
    uint32_t revision;
    uint32_t kind;   /* Sugu__AttemptKind */
    uint32_t method; /* Sugu__PaymentMethod */
    int64_t amount_yen;
    char service_id[11];
    enum sugu_attempt_state state;
    enum sugu_server_stage server_stage;
    char reference[41];
    int64_t approved_yen;
    char code[65]; /* why, "" with APPROVED in full */
    char provider_id[65];
    int64_t provider_utc_us; /* when, by the device's clock; 0 = not said */
    char approval_code[17];
    char brand[33];
    char last4[5];
    char terminal[65];
    struct sugu_id original;       /* REFUND: whose money goes back; capture, RELEASE: the hold */
    char original_provider_id[65]; /* and what its device called it … */
    int64_t original_utc_us;       /* … and when; 0 = not known here */
    char token[129];               /* of a card on file: ordered, or got by REGISTER */
    uint32_t expiry;               /* of that card, 202711; 0 = not known */
    /* a code on the screen (domain/code-payment.h); 0 = has not happened */
    char code_id[65];            /* the provider's */
    int64_t code_expires_utc_us; /* by our clock */
    int64_t left_utc_us;         /* the patient left, or the time ran out */
    int64_t deleted_utc_us;      /* the provider took the code away, or there was none */
    /* a card on file (port/card-on-file.h) */
    char payer[65];
    char request_key[37];
    int64_t first_sent_utc_us;
    char network_id[65];
    uint32_t decline;       /* Sugu__Decline */
    uint32_t funding;       /* Sugu__CardFunding */
    uint32_t report_number; /* outcomes that the server has to be told … */
    uint32_t report_done;   /* … and how many it has acknowledged */
    sugu_time_us intended_utc_us;
    sugu_time_us changed_utc_us;
};

/* Nothing is left to do: the state is final, and the server has taken it in or need not. */
bool sugu_attempt_is_finished(const struct sugu_attempt *attempt);

/* Did the queue server order it? Nobody stands at a kiosk then. */
bool sugu_attempt_is_order(const struct sugu_attempt *attempt);

/*
 * The ids of the requests to the queue server: BeginPayment is number 0, the n-th EndPayment number
 * n. Derived (SHA-256), so that a program that was started again asks under the same ids.
 */
struct sugu_id sugu_attempt_request_id(const struct sugu_attempt *attempt, uint32_t number);

/* Takes what the device said into the attempt: amount, ids, card, code. Card numbers are hidden. */
void sugu_attempt_take_answer(struct sugu_attempt *attempt,
                              const struct sugu_terminal_answer *answer,
                              const char *terminal);

/* Messages whose texts and ids point into the attempt. */
void sugu_attempt_to_begin(const struct sugu_attempt *attempt, Sugu__BeginPayment *ret_begin);
void sugu_attempt_to_end(const struct sugu_attempt *attempt, Sugu__EndPayment *ret_end);
void sugu_attempt_to_progress(const struct sugu_attempt *attempt,
                              Sugu__PaymentProgress *ret_progress);
