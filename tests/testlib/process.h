/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process - real programs under a test: started, watched by their words, killed by their id
 */
#pragma once

#include "base/macros.h"

#include <stdbool.h>
#include <sys/types.h>

struct sugu_process {
    pid_t pid;     /* 0 = not running */
    int input;     /* its standard input, -1 after sugu_process_end */
    char log[256]; /* file with its standard output and error */
};

/*
 * Starts argv[0] (a path) with its output appended to `log`. `environment` are NAME=VALUE strings
 * that are added to ours, ended by NULL; may be NULL. Ends the test when it cannot.
 */
void sugu_process_spawn(struct sugu_process *process,
                        const char *log,
                        const char *const *argv,
                        const char *const *environment);

/* Writes a line to its standard input. */
void sugu_process_say(struct sugu_process *process, const char *line);

/*
 * Waits until the log has a line that contains `words` behind byte *offset (start with 0; moved
 * past the line; NULL = anywhere). Copies the line to `line` if not NULL. Fails the test with the
 * log's end after `wait_s` seconds, or at once when the program has ended without saying it.
 */
void sugu_process_expect(struct sugu_process *process,
                         const char *words,
                         long *offset,
                         char *line,
                         size_t size,
                         int wait_s);

/* Has the log such a line behind *offset by now? Does not wait. */
bool sugu_process_has_said(
    struct sugu_process *process, const char *words, long *offset, char *line, size_t size);

/* Sends the signal and waits for the end; the exit status, or minus the signal that ended it. */
int sugu_process_end(struct sugu_process *process, int signal);
/* Waits for the end by itself. */
int sugu_process_wait(struct sugu_process *process, int wait_s);
/* Does it still run? Does not wait. */
bool sugu_process_is_running(struct sugu_process *process);

/* Runs a program to its end; its exit status. */
int sugu_process_run(const char *log, const char *const *argv, const char *const *environment);

/* Waits until the condition holds, polled; false after `wait_s`. */
bool sugu_wait_until(bool (*is_so)(void *user), void *user, int wait_s);
