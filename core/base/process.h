/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process - what every program does before it touches anything
 */
#pragma once

#include "base/settings.h"

#include <signal.h>

/*
 * Makes the process harmless to those around it: descriptors 0–2 are open (libnfc takes a port that
 * becomes descriptor 0 for an abort), no core dumps and no ptrace by the same user (PINs and keys
 * live in memory), umask 0077, SIGPIPE ignored. The first call of every main; sugu_program_start
 * is the second.
 */
void sugu_process_start(const char *name);

/*
 * Does not go on as root (PostgreSQL and the compositor refuse it, and so do we): prints what to do
 * and ends the process with SUGU_EXIT_USAGE. sugu_program_start calls it, behind --help and the
 * like, which anybody may ask for.
 */
void sugu_process_refuse_root(const char *name);

/*
 * SIGTERM and SIGINT as a readable descriptor, so that a main loop ends cleanly: becomes readable
 * when one of them arrives. Block-and-signalfd; call before any thread is made. BROKEN never
 * returns.
 */
int sugu_process_stop_fd(void);

/*
 * Ends the process with the exit status that fits the error (SUGU_EXIT_…), after printing what
 * happened and, from error-codes.def, what to do.
 */
void sugu_process_die(const char *name, const struct sugu_error *error) __attribute__((noreturn));
