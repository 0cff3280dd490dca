/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keeper - runs a function in a process of its own and leaves nothing of it running
 *
 * Whatever the function starts, and whatever that starts in turn (PostgreSQL, a bus that a library
 * launches by itself), is ended when the function is done, when its process dies, and when this one
 * gets SIGINT, SIGTERM or SIGHUP: orphans come to the keeper, which ends them.
 */
#pragma once

/* The function's exit status; 128 + the signal where one ended it, or us. Call it before any
 * thread is made. */
int keeper_run(int (*play)(void *user), void *user);
