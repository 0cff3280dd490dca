/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worker - a thread that talks to the terminal, so that the service always answers
 */
#include "payment/worker.h"

#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum worker_state { WORKER_IDLE, WORKER_ASKED, WORKER_RUNNING, WORKER_DONE };

struct sugu_worker {
    struct sugu_terminal *terminal;
    const char *where;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wakeup;
    int done_fd;
    enum worker_state state;
    bool is_ending;
    struct sugu_job job;
    struct sugu_job_result result;
};

static void
resolve(struct sugu_terminal *terminal, const char *where, struct sugu_job_result *result)
{
    struct sugu_error error;

    if (result->job.aborts_first) {
        /* A program that was just started has not told the driver yet where the terminal is. */
        bool is_open = terminal->ops->open(terminal, where, &error) == SUGU_OK;
        (void)is_open; /* a busy one is not, and is the one to stop */
        terminal->ops->abort(terminal, &result->job.request);
    }
    terminal->ops->close(terminal);
    result->is_idle = terminal->ops->open(terminal, where, &error) == SUGU_OK;
    result->status =
        terminal->ops->status(terminal, &result->job.request, &result->answer, &result->error);
}

void
sugu_job_run(struct sugu_terminal *terminal,
             const char *where,
             const struct sugu_job *job,
             struct sugu_job_result *ret_result)
{
    struct sugu_job_result result = {.job = *job};

    switch (job->kind) {
    case SUGU_JOB_OPEN:
        terminal->ops->close(terminal);
        result.status = terminal->ops->open(terminal, where, &result.error);
        break;
    case SUGU_JOB_CARRY_OUT:
        result.status =
            terminal->ops->carry_out(terminal, &job->request, &result.answer, &result.error);
        break;
    case SUGU_JOB_RESOLVE:
        resolve(terminal, where, &result);
        break;
    case SUGU_JOB_ABORT:
        terminal->ops->abort(terminal, &job->request);
        break;
    }
    *ret_result = result;
}

static void *
worker_main(void *user)
{
    struct sugu_worker *worker = user;

    pthread_mutex_lock(&worker->mutex);
    while (!worker->is_ending) {
        struct sugu_job_result result;
        struct sugu_job job;

        if (worker->state != WORKER_ASKED) {
            pthread_cond_wait(&worker->wakeup, &worker->mutex);
            continue;
        }
        worker->state = WORKER_RUNNING;
        job = worker->job;
        pthread_mutex_unlock(&worker->mutex);
        sugu_job_run(worker->terminal, worker->where, &job, &result);
        pthread_mutex_lock(&worker->mutex);
        worker->result = result;
        worker->state = WORKER_DONE;
        eventfd_write(worker->done_fd, 1);
    }
    pthread_mutex_unlock(&worker->mutex);
    return NULL;
}

enum sugu_status
sugu_worker_new(struct sugu_terminal *terminal,
                const char *where,
                struct sugu_worker **ret_worker,
                struct sugu_error *reterr)
{
    struct sugu_worker *worker = calloc(1, sizeof *worker);

    if (!worker)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory for a worker");
    worker->terminal = terminal;
    worker->where = where;
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

struct sugu_worker *
sugu_worker_free(struct sugu_worker *worker)
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
sugu_worker_start(struct sugu_worker *worker, const struct sugu_job *job)
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
sugu_worker_take(struct sugu_worker *worker, struct sugu_job_result *ret_result)
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
sugu_worker_fd(const struct sugu_worker *worker)
{
    return worker->done_fd;
}
