/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-terminal - a card terminal on a loopback port: nexo Retailer JSON, encrypted, over TLS
 *
 * For tests (in the process, from a thread) and for the demo (emulate-terminal). The terminal's
 * inside, its commands and faults are those of nexo-machine.h; here are a root of its own making,
 * TLS and threads.
 */
#pragma once

#include "base/status.h"
#include "emulators/nexo-machine.h"

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

struct sugu_emulated_counts sugu_emulated_terminal_counts(struct sugu_emulated_terminal *terminal);

/* Waits until a member of the counts, "payments" …, is at least `least`; false at the deadline. */
bool sugu_emulated_terminal_wait(struct sugu_emulated_terminal *terminal,
                                 const char *member,
                                 uint32_t least,
                                 uint32_t wait_ms);
