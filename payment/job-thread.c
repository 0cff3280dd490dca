/* SPDX-License-Identifier: Apache-2.0 */
/*
 * job-thread - a thread that carries out one job at a time, so that the service always answers
 */
#include "payment/job-thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum thread_state { THREAD_IDLE, THREAD_ASKED, THREAD_RUNNING, THREAD_DONE };

struct sugu_job_thread {
    const struct sugu_job_thread_kind *kind;
    void *user;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wakeup;
    int done_fd;
    enum thread_state state;
    bool is_ending;
    void *job, *result; /* whose they are says `state`: the thread's while it runs */
};

static void *
thread_main(void *user)
{
    struct sugu_job_thread *thread = user;

    pthread_mutex_lock(&thread->mutex);
    while (!thread->is_ending) {
        if (thread->state != THREAD_ASKED) {
            pthread_cond_wait(&thread->wakeup, &thread->mutex);
            continue;
        }
        thread->state = THREAD_RUNNING;
        pthread_mutex_unlock(&thread->mutex);
        thread->kind->run(thread->user, thread->job, thread->result);
        pthread_mutex_lock(&thread->mutex);
        thread->state = THREAD_DONE;
        eventfd_write(thread->done_fd, 1);
    }
    pthread_mutex_unlock(&thread->mutex);
    return NULL;
}

static void
let_go(struct sugu_job_thread *thread)
{
    if (thread->done_fd >= 0)
        close(thread->done_fd);
    pthread_cond_destroy(&thread->wakeup);
    pthread_mutex_destroy(&thread->mutex);
    free(thread->job);
    free(thread->result);
    free(thread);
}

enum sugu_status
sugu_job_thread_new(const struct sugu_job_thread_kind *kind,
                    void *user,
                    struct sugu_job_thread **ret_thread,
                    struct sugu_error *reterr)
{
    struct sugu_job_thread *thread = calloc(1, sizeof *thread);

    if (!thread)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory for a thread");
    thread->kind = kind;
    thread->user = user;
    thread->job = calloc(1, kind->job_size);
    thread->result = calloc(1, kind->result_size);
    thread->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&thread->mutex, NULL);
    pthread_cond_init(&thread->wakeup, NULL);
    if (!thread->job || !thread->result || thread->done_fd < 0 ||
        pthread_create(&thread->thread, NULL, thread_main, thread) != 0) {
        let_go(thread);
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no thread: %s", strerror(errno));
    }
    *ret_thread = thread;
    return SUGU_OK;
}

struct sugu_job_thread *
sugu_job_thread_free(struct sugu_job_thread *thread)
{
    if (!thread)
        return NULL;
    pthread_mutex_lock(&thread->mutex);
    thread->is_ending = true;
    pthread_cond_signal(&thread->wakeup);
    pthread_mutex_unlock(&thread->mutex);
    pthread_join(thread->thread, NULL);
    let_go(thread);
    return NULL;
}

bool
sugu_job_thread_start(struct sugu_job_thread *thread, const void *job)
{
    bool is_free;

    pthread_mutex_lock(&thread->mutex);
    is_free = thread->state == THREAD_IDLE;
    if (is_free) {
        memcpy(thread->job, job, thread->kind->job_size);
        thread->state = THREAD_ASKED;
        pthread_cond_signal(&thread->wakeup);
    }
    pthread_mutex_unlock(&thread->mutex);
    return is_free;
}

bool
sugu_job_thread_take(struct sugu_job_thread *thread, void *ret_result)
{
    eventfd_t ignored;
    bool is_done;

    pthread_mutex_lock(&thread->mutex);
    is_done = thread->state == THREAD_DONE;
    if (is_done) {
        memcpy(ret_result, thread->result, thread->kind->result_size);
        thread->state = THREAD_IDLE;
        eventfd_read(thread->done_fd, &ignored);
    }
    pthread_mutex_unlock(&thread->mutex);
    return is_done;
}

int
sugu_job_thread_fd(const struct sugu_job_thread *thread)
{
    return thread->done_fd;
}
