/* SPDX-License-Identifier: Apache-2.0 */
/*
 * job-thread - a thread that carries out one job at a time, so that the service always answers
 *
 * What a job is, its owner says: jobs and results are bytes of fixed sizes here. A result waits
 * until it is taken; only then the next job may begin.
 */
#pragma once

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct sugu_job_thread;

struct sugu_job_thread_kind {
    size_t job_size, result_size; /* bytes */
    /* Carries the job out, on the thread; may take minutes. */
    void (*run)(void *user, const void *job, void *ret_result);
};

/* `kind` and `user` are not owned and outlive the thread. Block signals before. */
enum sugu_status sugu_job_thread_new(const struct sugu_job_thread_kind *kind,
                                     void *user,
                                     struct sugu_job_thread **ret_thread,
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Waits for the end of a running job: make the device let go of it first. NULL is fine. */
struct sugu_job_thread *sugu_job_thread_free(struct sugu_job_thread *thread);

/* Hands a copy of the job over; false where one runs or its result has not been taken. */
bool sugu_job_thread_start(struct sugu_job_thread *thread, const void *job);
/* Takes the result of a finished job; false where there is none. */
bool sugu_job_thread_take(struct sugu_job_thread *thread, void *ret_result);
/* Readable while a result waits. */
int sugu_job_thread_fd(const struct sugu_job_thread *thread);
