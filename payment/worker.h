/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker - a thread that talks to the terminal, so that the service always answers
 *
 * One job at a time; its result waits until it is taken. A call to a terminal may take minutes.
 */
#pragma once

#include "base/id.h"
#include "port/terminal.h"

#include <stdbool.h>

enum sugu_job_kind {
    SUGU_JOB_OPEN,      /* close, open: a fresh session, and is it there and idle? */
    SUGU_JOB_CARRY_OUT, /* take the money, give it back … */
    SUGU_JOB_RESOLVE,   /* (abort), diagnosis, then: what became of the payment? */
    SUGU_JOB_ABORT,     /* ask for a stop */
};

struct sugu_job {
    enum sugu_job_kind kind;
    struct sugu_id attempt;               /* none with OPEN */
    struct sugu_terminal_request request; /* ABORT: deed and service_id only */
    bool aborts_first;                    /* RESOLVE */
};

struct sugu_job_result {
    struct sugu_job job;
    enum sugu_status status;
    struct sugu_error error;            /* where status is not OK */
    struct sugu_terminal_answer answer; /* PAY and RESOLVE with OK */
    bool is_idle;                       /* RESOLVE: the diagnosis before the question said so */
};

/* Carries a job out on the calling thread. */
void sugu_job_run(struct sugu_terminal *terminal,
                  const char *where,
                  const struct sugu_job *job,
                  struct sugu_job_result *ret_result);

struct sugu_worker;

/* Starts the thread. `terminal` and `where` are not owned. Block signals before. */
enum sugu_status sugu_worker_new(struct sugu_terminal *terminal,
                                 const char *where,
                                 struct sugu_worker **ret_worker,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Waits for the end of a running job: make the terminal let go of it first. NULL is fine. */
struct sugu_worker *sugu_worker_free(struct sugu_worker *worker);

/* Hands a job over; false where one runs or its result has not been taken. */
bool sugu_worker_start(struct sugu_worker *worker, const struct sugu_job *job);
/* Takes the result of a finished job; false where there is none. */
bool sugu_worker_take(struct sugu_worker *worker, struct sugu_job_result *ret_result);
/* Readable while a result waits. */
int sugu_worker_fd(const struct sugu_worker *worker);
