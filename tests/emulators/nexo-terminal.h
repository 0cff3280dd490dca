/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-terminal - a card terminal on a loopback port: nexo Retailer JSON, encrypted, over TLS
 *
 * For tests (in the process, from a thread) and for the demo (emulate-terminal). It has a root of
 * its own making, a journal of its own, and the faults of domain/payments.md 1.4. What it charged
 * is counted, so that a test can hold yen taken against yen posted.
 *
 * Commands, one line each. For the next payment only:
 *   drop-request              read, not carried out, line closed
 *   drop-response             carried out, line closed
 *   delay MS                  carried out, answered after MS
 *   patient MS                the patient takes MS over the card; can be aborted meanwhile
 *   close-after-answer, duplicate-answer, wrong-service-id, wrong-poi-id, bad-hmac, garbage,
 *   http-500, no-amount, double-amount, card-data, swapped-header
 *                             carried out, answered in that way
 *   busy                      answered Busy, not carried out
 *   partial YEN, over YEN     approves that much
 *   decline [CONDITION]       Failure with the ErrorCondition, "Refusal"
 *   in-progress N             carried out, line closed; N status questions get InProgress
 *   in-flight N               line closed; N status questions get NotFound, then it is carried out
 *   reboot-keep               carried out, line closed, a reboot with the journal kept
 *   reboot-lose               reboot before it is carried out: journal lost
 *   hold-before, hold-after   waits for `release` before / behind the carrying out
 * For the next connection: cut (closed before TLS), stall (waits for `release` before TLS).
 * Lasting: away on|off (every connection is closed), diagnosis OK|Busy|Maintenance, log-out,
 *   pan TEXT (in every approval's ids), release, reset (drops faults and modes).
 * Questions: charged, status.
 */
#pragma once

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define SUGU_EMULATED_POI "EMU400-000000001"

struct sugu_emulated_terminal;

/*
 * Listens on a free port of 127.0.0.1 and starts its threads. Writes into `folder`: root.pem, and
 * terminal.key, the key file of sugu-payment. BROKEN with the reason where it cannot.
 */
enum sugu_status sugu_emulated_terminal_new(const char *folder,
                                            struct sugu_emulated_terminal **ret_terminal,
                                            struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Closes everything and joins the threads. */
struct sugu_emulated_terminal *sugu_emulated_terminal_free(struct sugu_emulated_terminal *terminal);

/* "https://127.0.0.1:PORT/nexo"; the files' paths. */
const char *sugu_emulated_terminal_address(const struct sugu_emulated_terminal *terminal);
const char *sugu_emulated_terminal_root(const struct sugu_emulated_terminal *terminal);
const char *sugu_emulated_terminal_key(const struct sugu_emulated_terminal *terminal);

/* Carries a command out; the answer's text (at least "ok") goes to `answer`. False: not known. */
bool sugu_emulated_terminal_command(struct sugu_emulated_terminal *terminal,
                                    const char *line,
                                    char *answer,
                                    size_t answer_size);

/* What happened since the start. */
struct sugu_emulated_counts {
    uint32_t connections, closed, payments, charges, questions, aborts, logins, diagnoses;
    uint32_t twins; /* charges of a transaction that had been charged before */
    int64_t charged_yen;
};
struct sugu_emulated_counts sugu_emulated_terminal_counts(struct sugu_emulated_terminal *terminal);

/* Waits until a member of the counts, "payments" …, is at least `least`; false at the deadline. */
bool sugu_emulated_terminal_wait(struct sugu_emulated_terminal *terminal,
                                 const char *member,
                                 uint32_t least,
                                 uint32_t wait_ms);
