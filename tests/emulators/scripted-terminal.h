/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scripted-terminal - the real nexo driver and an emulated terminal, in memory behind the port
 *
 * For unit tests and the simulation: no threads, no time of its own, no wire. It takes the commands
 * of nexo-machine.h and keeps their counts. Nobody waits here: a `patient` is one who does not come
 * before `release` or an abort.
 */
#pragma once

#include "base/clock.h"
#include "emulators/nexo-machine.h"
#include "port/terminal.h"

/* Free with sugu_scripted_terminal_free. */
struct sugu_terminal *sugu_scripted_terminal_new(void);
struct sugu_terminal *sugu_scripted_terminal_free(struct sugu_terminal *terminal);

/* False: not known. */
bool sugu_scripted_terminal_command(struct sugu_terminal *terminal, const char *line);
/* The answer to a question, valid until the next one. */
const char *sugu_scripted_terminal_ask(struct sugu_terminal *terminal, const char *line);
struct sugu_emulated_counts sugu_scripted_terminal_counts(const struct sugu_terminal *terminal);
