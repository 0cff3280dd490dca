/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cctalk-pty - the emulated cash devices on a pseudo-terminal, served by a thread
 */
#pragma once

#include "emulators/cctalk-emulator.h"

struct cctalk_pty;

/* `link`: a symbolic link to the terminal; "" = none. Ends the process where there is no
 * pseudo-terminal to be had. */
struct cctalk_pty *cctalk_pty_new(const char *link);
/* NULL is fine; returns NULL. */
struct cctalk_pty *cctalk_pty_free(struct cctalk_pty *pty);

/* The link, or the terminal itself. */
const char *cctalk_pty_path(const struct cctalk_pty *pty);
/* From any thread; see cctalk-emulator.h. */
bool cctalk_pty_command(struct cctalk_pty *pty, const char *line, char *answer, size_t answer_size);
