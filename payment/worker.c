/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker - a thread that talks to the terminal, so that the service always answers
 */
#include "payment/worker.h"

#include "payment/job-thread.h"

#include <stdlib.h>

struct sugu_worker {
    struct sugu_terminal *terminal;
    const char *where;
    struct sugu_job_thread *thread;
};

static void
run(void *user, const void *job, void *ret_result)
{
    const struct sugu_worker *worker = user;

    sugu_job_run(worker->terminal, worker->where, job, ret_result);
}

static const struct sugu_job_thread_kind kind = {
    .job_size = sizeof(struct sugu_job), .result_size = sizeof(struct sugu_job_result), .run = run};

enum sugu_status
sugu_worker_new(struct sugu_terminal *terminal,
                const char *where,
                struct sugu_worker **ret_worker,
                struct sugu_error *reterr)
{
    struct sugu_worker *worker = calloc(1, sizeof *worker);
    enum sugu_status status;

    if (!worker)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory for a worker");
    worker->terminal = terminal;
    worker->where = where;
    status = sugu_job_thread_new(&kind, worker, &worker->thread, reterr);
    if (status)
        free(worker);
    else
        *ret_worker = worker;
    return status;
}

struct sugu_worker *
sugu_worker_free(struct sugu_worker *worker)
{
    if (worker)
        sugu_job_thread_free(worker->thread);
    free(worker);
    return NULL;
}

bool
sugu_worker_start(struct sugu_worker *worker, const struct sugu_job *job)
{
    return sugu_job_thread_start(worker->thread, job);
}

bool
sugu_worker_take(struct sugu_worker *worker, struct sugu_job_result *ret_result)
{
    return sugu_job_thread_take(worker->thread, ret_result);
}

int
sugu_worker_fd(const struct sugu_worker *worker)
{
    return sugu_job_thread_fd(worker->thread);
}
