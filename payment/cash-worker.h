/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-worker - a thread that talks to the cash devices, so that the service always answers
 *
 * One job at a time; its result waits until it is taken. Every result carries the devices as they
 * were seen last.
 */
#pragma once

#include "port/cash.h"

enum sugu_cash_job_kind {
    SUGU_CASH_JOB_OPEN, /* with what the journal knows */
    SUGU_CASH_JOB_POLL,
    SUGU_CASH_JOB_COMMAND,
};

struct sugu_cash_job {
    enum sugu_cash_job_kind kind;
    struct sugu_cash_known known[SUGU_CASH_DEVICES_MAX]; /* OPEN */
    size_t known_count;
    struct sugu_cash_command command; /* COMMAND */
};

struct sugu_cash_job_result {
    struct sugu_cash_job job;
    enum sugu_status status;
    struct sugu_error error;    /* where status is not OK */
    struct sugu_cash_news news; /* POLL, also where the line is gone */
    struct sugu_cash_report report;
};

/* Carries a job out on the calling thread. */
void sugu_cash_job_run(struct sugu_cash *cash,
                       const struct sugu_cash_job *job,
                       struct sugu_cash_job_result *ret_result);

struct sugu_cash_worker;

/* Starts the thread. `cash` is not owned. Block signals before. */
enum sugu_status sugu_cash_worker_new(struct sugu_cash *cash,
                                      struct sugu_cash_worker **ret_worker,
                                      struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Waits for the end of a running job. NULL is fine. */
struct sugu_cash_worker *sugu_cash_worker_free(struct sugu_cash_worker *worker);
/* Hands a job over; false where one runs or its result has not been taken. */
bool sugu_cash_worker_start(struct sugu_cash_worker *worker, const struct sugu_cash_job *job);
/* Takes the result of a finished job; false where there is none. */
bool sugu_cash_worker_take(struct sugu_cash_worker *worker,
                           struct sugu_cash_job_result *ret_result);
/* Readable while a result waits. */
int sugu_cash_worker_fd(const struct sugu_cash_worker *worker);
