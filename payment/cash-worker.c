/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-worker - a thread that talks to the cash devices, so that the service always answers
 */
#include "payment/cash-worker.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum worker_state { WORKER_IDLE, WORKER_ASKED, WORKER_RUNNING, WORKER_DONE };

struct sugu_cash_worker {
    struct sugu_cash *cash;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wakeup;
    int done_fd;
    enum worker_state state;
    bool is_ending;
    struct sugu_cash_job job;
    struct sugu_cash_job_result result;
};

void
sugu_cash_job_run(struct sugu_cash *cash,
                  const struct sugu_cash_job *job,
                  struct sugu_cash_job_result *ret_result)
{
    struct sugu_cash_job_result result = {.job = *job};

    switch (job->kind) {
    case SUGU_CASH_JOB_OPEN:
        result.status = cash->ops->open(cash, job->known, job->known_count, &result.error);
        break;
    case SUGU_CASH_JOB_POLL:
        result.status = cash->ops->poll(cash, &result.news, &result.error);
        break;
    case SUGU_CASH_JOB_COMMAND:
        result.status = cash->ops->command(cash, &job->command, &result.error);
        break;
    }
    cash->ops->report(cash, &result.report);
    *ret_result = result;
}

static void *
worker_main(void *user)
{
    struct sugu_cash_worker *worker = user;

    pthread_mutex_lock(&worker->mutex);
    while (!worker->is_ending) {
        struct sugu_cash_job_result result;
        struct sugu_cash_job job;

        if (worker->state != WORKER_ASKED) {
            pthread_cond_wait(&worker->wakeup, &worker->mutex);
            continue;
        }
        worker->state = WORKER_RUNNING;
        job = worker->job;
        pthread_mutex_unlock(&worker->mutex);
        sugu_cash_job_run(worker->cash, &job, &result);
        pthread_mutex_lock(&worker->mutex);
        worker->result = result;
        worker->state = WORKER_DONE;
        eventfd_write(worker->done_fd, 1);
    }
    pthread_mutex_unlock(&worker->mutex);
    return NULL;
}

enum sugu_status
sugu_cash_worker_new(struct sugu_cash *cash,
                     struct sugu_cash_worker **ret_worker,
                     struct sugu_error *reterr)
{
    struct sugu_cash_worker *worker = calloc(1, sizeof *worker);

    if (!worker)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory for a worker");
    worker->cash = cash;
    worker->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&worker->mutex, NULL);
    pthread_cond_init(&worker->wakeup, NULL);
    if (worker->done_fd < 0 || pthread_create(&worker->thread, NULL, worker_main, worker) != 0) {
        if (worker->done_fd >= 0)
            close(worker->done_fd);
        free(worker);
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no thread: %s", strerror(errno));
    }
    *ret_worker = worker;
    return SUGU_OK;
}

struct sugu_cash_worker *
sugu_cash_worker_free(struct sugu_cash_worker *worker)
{
    if (!worker)
        return NULL;
    pthread_mutex_lock(&worker->mutex);
    worker->is_ending = true;
    pthread_cond_signal(&worker->wakeup);
    pthread_mutex_unlock(&worker->mutex);
    pthread_join(worker->thread, NULL);
    close(worker->done_fd);
    pthread_cond_destroy(&worker->wakeup);
    pthread_mutex_destroy(&worker->mutex);
    free(worker);
    return NULL;
}

bool
sugu_cash_worker_start(struct sugu_cash_worker *worker, const struct sugu_cash_job *job)
{
    bool is_free;

    pthread_mutex_lock(&worker->mutex);
    is_free = worker->state == WORKER_IDLE;
    if (is_free) {
        worker->job = *job;
        worker->state = WORKER_ASKED;
        pthread_cond_signal(&worker->wakeup);
    }
    pthread_mutex_unlock(&worker->mutex);
    return is_free;
}

bool
sugu_cash_worker_take(struct sugu_cash_worker *worker, struct sugu_cash_job_result *ret_result)
{
    eventfd_t ignored;
    bool is_done;

    pthread_mutex_lock(&worker->mutex);
    is_done = worker->state == WORKER_DONE;
    if (is_done) {
        *ret_result = worker->result;
        worker->state = WORKER_IDLE;
        eventfd_read(worker->done_fd, &ignored);
    }
    pthread_mutex_unlock(&worker->mutex);
    return is_done;
}

int
sugu_cash_worker_fd(const struct sugu_cash_worker *worker)
{
    return worker->done_fd;
}
