/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scripted-terminal - a card terminal in memory behind the terminal port
 *
 * For unit tests and the simulation: no threads, no time, no bytes. It takes the commands of
 * nexo-terminal.h that make sense without a wire, and keeps the same counts.
 */
#pragma once

#include "emulators/nexo-terminal.h"
#include "port/terminal.h"

/* The terminal is the first member: free with sugu_scripted_terminal_free. */
struct sugu_terminal *sugu_scripted_terminal_new(void);
struct sugu_terminal *sugu_scripted_terminal_free(struct sugu_terminal *terminal);

bool sugu_scripted_terminal_command(struct sugu_terminal *terminal, const char *line);
struct sugu_emulated_counts sugu_scripted_terminal_counts(const struct sugu_terminal *terminal);
