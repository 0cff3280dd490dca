/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader-console - one line of text is one thing done to the emulated reader
 *
 * For the demo and for scenarios in other processes. `help` lists the commands.
 */
#pragma once

#include "emulators/pn532.h"

#include <stdio.h>

struct reader_console;

/* `chip` is not owned; `cards` is the folder in which `put my-number NAME` looks ("" = none). */
struct reader_console *reader_console_new(struct pn532 *chip, const char *cards);
/* Takes all cards off the reader and frees them. NULL is fine; returns NULL. */
struct reader_console *reader_console_free(struct reader_console *console);
SUGU_DEFINE_CLEANUP(struct reader_console, reader_console_free)

/* Carries a line out (without its newline, changed by this). Writes what there is to say, then a
 * line "ok" or "error WHY". False for `quit`. */
bool reader_console_do(struct reader_console *console, char *line, FILE *to);
