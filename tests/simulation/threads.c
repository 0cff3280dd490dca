/* SPDX-License-Identifier: Apache-2.0 */
/*
 * threads - payment/job-thread.h with simulated threads, and chance from the seed (ld --wrap)
 *
 * A job may wait for minutes of virtual time while the agent goes on; its result wakes the main
 * thread of its program. All of them end with the program; nothing is freed then, for a job's
 * memory is in use on a stack that is gone.
 */
#include "simulation/sim.h"

#include "payment/cash-worker.h"
#include "payment/job-thread.h"

#include <stdlib.h>
#include <string.h>

struct sugu_job_thread {
    const struct sugu_job_thread_kind *kind;
    void *user;
    struct sim_program *program;
    struct sim_thread *thread;
    bool has_job, has_result;
    void *job, *result;
};

/* A poll of the cash devices with nothing new, some ten times a second: to die there is to die at
 * any time. `result` NULL: it is not known yet. */
static bool
is_dull(const struct sugu_job_thread *thread, const void *job, const void *result)
{
    const struct sugu_cash_job_result *cash = result;

    return thread->kind->job_size == sizeof(struct sugu_cash_job) &&
           thread->kind->result_size == sizeof *cash &&
           ((const struct sugu_cash_job *)job)->kind == SUGU_CASH_JOB_POLL &&
           (!cash || cash->news.count == 0);
}

static void
thread_main(void *user)
{
    struct sugu_job_thread *thread = user;

    for (;;) {
        if (!thread->has_job || thread->has_result) {
            sim_wait(INT64_MAX);
            continue;
        }
        thread->kind->run(thread->user, thread->job, thread->result);
        if (!is_dull(thread, thread->job, thread->result))
            sim_point("job.done");
        thread->has_job = false;
        thread->has_result = true;
        sim_wake(thread->program->main_thread);
    }
}

enum sugu_status __wrap_sugu_job_thread_new(const struct sugu_job_thread_kind *kind,
                                            void *user,
                                            struct sugu_job_thread **ret_thread,
                                            struct sugu_error *reterr);
enum sugu_status
__wrap_sugu_job_thread_new(const struct sugu_job_thread_kind *kind,
                           void *user,
                           struct sugu_job_thread **ret_thread,
                           struct sugu_error *reterr)
{
    struct sugu_job_thread *thread = calloc(1, sizeof *thread);

    (void)reterr;
    if (!thread || !(thread->job = calloc(1, kind->job_size)) ||
        !(thread->result = calloc(1, kind->result_size)))
        abort();
    thread->kind = kind;
    thread->user = user;
    thread->program = sim_running();
    thread->thread = sim_thread_start(thread->program, thread_main, thread);
    *ret_thread = thread;
    return SUGU_OK;
}

struct sugu_job_thread *__wrap_sugu_job_thread_free(struct sugu_job_thread *thread);
struct sugu_job_thread *
__wrap_sugu_job_thread_free(struct sugu_job_thread *thread)
{
    (void)thread; /* programs of the simulation are killed */
    return NULL;
}

bool __wrap_sugu_job_thread_start(struct sugu_job_thread *thread, const void *job);
bool
__wrap_sugu_job_thread_start(struct sugu_job_thread *thread, const void *job)
{
    if (thread->has_job || thread->has_result)
        return false;
    if (!is_dull(thread, job, NULL))
        sim_point("job.before");
    memcpy(thread->job, job, thread->kind->job_size);
    thread->has_job = true;
    sim_wake(thread->thread);
    if (!is_dull(thread, job, NULL))
        sim_point("job.after");
    return true;
}

bool __wrap_sugu_job_thread_take(struct sugu_job_thread *thread, void *ret_result);
bool
__wrap_sugu_job_thread_take(struct sugu_job_thread *thread, void *ret_result)
{
    if (!thread->has_result)
        return false;
    memcpy(ret_result, thread->result, thread->kind->result_size);
    thread->has_result = false;
    return true;
}

int __wrap_sugu_job_thread_fd(const struct sugu_job_thread *thread);
int
__wrap_sugu_job_thread_fd(const struct sugu_job_thread *thread)
{
    (void)thread; /* sim_wake is its bell */
    return -1;
}

struct sugu_random *__wrap_sugu_random_system(void);
struct sugu_random *
__wrap_sugu_random_system(void)
{
    return sim_random();
}
