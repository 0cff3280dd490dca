/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-machine - the inside of an emulated card terminal: envelopes in, envelopes out, time given
 *
 * Pure: no thread, socket or clock of its own. nexo-terminal puts TLS and threads around it,
 * nexo-in-process hands it to the real driver in the same process and thread (tests, simulation).
 * It keeps the terminal's journal (lost with `reboot-lose`) and, apart from it, what the card
 * companies charged and gave back, so that a test can hold yen moved against yen posted.
 *
 * Commands, one line each. For the next payment, registration or reversal only:
 *   drop-request              read, not carried out, line closed
 *   drop-response             carried out, line closed
 *   delay MS                  carried out, answered after MS
 *   patient MS                the patient takes MS over the card; can be aborted meanwhile
 *   close-after-answer, duplicate-answer, wrong-service-id, wrong-poi-id, bad-hmac, garbage,
 *   http-500, no-amount, double-amount, card-data, swapped-header
 *                             carried out, answered in that way
 *   no-token                  a registration is approved without a token
 *   busy                      answered Busy, not carried out
 *   partial YEN, over YEN     approves (gives back) that much
 *   decline [CONDITION]       Failure with the ErrorCondition, "Refusal"
 *   in-progress N             carried out, line closed; N status questions get InProgress
 *   in-flight N               line closed; N status questions get NotFound, then it is carried out
 *   reboot-keep               carried out, line closed, a reboot with the journal kept
 *   reboot-lose               reboot before it is carried out: journal lost
 *   hold-before, hold-after   waits for `release` before / behind the carrying out
 * For the next connection: cut (closed before TLS), stall (waits for `release` before TLS).
 * For the next display or diagnosis: refuse-display CONDITION.
 * Lasting: away on|off (every connection is closed), diagnosis OK|Busy|Maintenance, log-out,
 *   pan TEXT (in every text of every answer), token TEXT, release, reset (drops faults and modes).
 * Questions: charged, status, screen ("standby", or "patient" after a deed).
 */
#pragma once

#include "payment/terminal/nexo-crypto.h"

#include <stdbool.h>
#include <stdint.h>

#define SUGU_EMULATED_POI "EMU400-000000001"

/* What happened since the start. */
struct sugu_emulated_counts {
    uint32_t connections, closed, payments, charges, questions, aborts, logins, diagnoses;
    uint32_t twins; /* charges of a transaction that had been charged before */
    int64_t charged_yen;
    uint32_t reversals;  /* asked for */
    uint32_t given_back; /* carried out */
    int64_t given_back_yen;
    uint32_t registrations; /* carried out */
    uint32_t standbys;      /* the standby screen was called up */
    uint32_t totals;        /* asked for */
};

struct sugu_emulated_machine;

/* Takes the key over. `random` (not owned) makes the nonces. */
struct sugu_emulated_machine *sugu_emulated_machine_new(struct sugu_nexo_key *key,
                                                        struct sugu_random *random);
struct sugu_emulated_machine *sugu_emulated_machine_free(struct sugu_emulated_machine *machine);

/* Carries a command out; the answer's text (at least "ok") goes to `answer`. False: not known. */
bool sugu_emulated_machine_command(struct sugu_emulated_machine *machine,
                                   const char *line,
                                   int64_t now_us,
                                   char *answer,
                                   size_t answer_size);
struct sugu_emulated_counts *sugu_emulated_machine_counts(struct sugu_emulated_machine *machine);

/* ---- connections: what the shell has to do with the next one */

enum sugu_emulated_gate {
    SUGU_EMULATED_PASSES,
    SUGU_EMULATED_CLOSES, /* away or cut: closed before a byte was read */
    SUGU_EMULATED_STALLS, /* accepted, and nothing happens until `release` */
};
enum sugu_emulated_gate sugu_emulated_machine_connect(struct sugu_emulated_machine *machine);
bool sugu_emulated_machine_is_released(const struct sugu_emulated_machine *machine);

/* ---- messages: begin, wait until it is due, end */

struct sugu_emulated_exchange;

struct sugu_emulated_answer {
    char *envelope; /* free with free(); NULL = the line is closed without an answer */
    bool is_http_500, closes_at_once, is_doubled;
};

/* Takes a message in at `now_us` (any clock that never goes back). Never NULL. */
struct sugu_emulated_exchange *sugu_emulated_begin(struct sugu_emulated_machine *machine,
                                                   const char *body,
                                                   size_t size,
                                                   int64_t now_us);
/* When its answer is to be sent; INT64_MAX = not by time, but when released or aborted. */
int64_t sugu_emulated_due_us(struct sugu_emulated_machine *machine,
                             const struct sugu_emulated_exchange *exchange,
                             int64_t now_us);
/* The answer; frees the exchange. Also before it is due: then there is none. */
void sugu_emulated_end(struct sugu_emulated_machine *machine,
                       struct sugu_emulated_exchange *exchange,
                       int64_t now_us,
                       struct sugu_emulated_answer *ret_answer);
