/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failpoint - the boundaries of a request at which a test lets the server die
 *
 * In the product these macros are nothing. tests/failing/ builds the same sources with
 * SUGU_FAILPOINTS into a program of its own, whose process ends itself with SIGKILL (or runs a
 * command, such as stopping the database) at the passing that its environment names:
 *
 *   SUGU_FAIL_AT=n        at the n-th counted passing; without it only the passings are logged
 *   SUGU_FAIL_NAME=name   only the passings of this point count
 *   SUGU_FAIL_COMMAND=sh  run this instead of dying
 *
 * Only requests that change something count, so that heartbeats, reads and the server's own polling
 * do not disturb the numbers; a point of a batch counts once where the batch holds such a request.
 * Every counted passing is a line "failpoint N NAME" on standard error.
 *
 * The points, in the order in which a request passes them:
 *
 *   request.taken    off the wire and allowed, before the queue
 *   batch.begun      out of the queue, nothing sent to the database
 *   find.sent        the transaction was begun, stored answers are looked for
 *   batch.found      nothing is stored: the handlers begin (or the stored answer is taken)
 *   step.sent        statements of a handler's round are on their way
 *   step.answered    their results are there
 *   end.unsent       answers, events and COMMIT are written but not sent
 *   end.sent         COMMIT is on its way: nobody knows
 *   end.committed    the database said so; nobody else has been told
 *   reply.sent       the reply is in ZeroMQ's hands
 *   events.read      the pusher has the events of the commit
 *   event.pushed     one of them is in ZeroMQ's hands for every listener
 */
#pragma once

#ifdef SUGU_FAILPOINTS

struct sugu_batch;
struct sugu_work;

void sugu_failpoint(const char *name);
void sugu_failpoint_work(const char *name, const struct sugu_work *work);
void sugu_failpoint_batch(const char *name, const struct sugu_batch *batch);

/* States of machines are not stored: else it would be chance how many boundaries a request has, and
 * whose commit is lost with the database. */
#define SUGU_FAILPOINT_STATES             false
#define SUGU_FAILPOINT(name)              sugu_failpoint(name)
#define SUGU_FAILPOINT_WORK(name, work)   sugu_failpoint_work(name, work)
#define SUGU_FAILPOINT_BATCH(name, batch) sugu_failpoint_batch(name, batch)

#else

#define SUGU_FAILPOINT_STATES             true
#define SUGU_FAILPOINT(name)              ((void)0)
#define SUGU_FAILPOINT_WORK(name, work)   ((void)0)
#define SUGU_FAILPOINT_BATCH(name, batch) ((void)0)

#endif
