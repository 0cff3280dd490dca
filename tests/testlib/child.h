/* SPDX-License-Identifier: Apache-2.0 */
/*
 * child - running a function in a child process and looking at how it ended
 *
 * For what ends the process (--help, a refused setting, root) or changes it for good (sugu_process_
 * start). The child is killed after 20 seconds, which shows as signal SIGKILL.
 */
#pragma once

#include "base/macros.h"

struct sugu_child {
    int status; /* exit status; -1 where a signal ended it */
    int signal; /* 0 where it ended by itself */
    char output[16384];
    char errors[16384];
};

/* Runs `run(argument)` in a child; a return counts as exit status 0. */
void sugu_child_run(void (*run)(void *argument), void *argument, struct sugu_child *ret_child);
