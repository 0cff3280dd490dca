/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-worker - the jobs of the cash devices, carried out by a thread of their own
 *
 * Every result carries the devices as they were seen last.
 */
#pragma once

#include "payment/job-thread.h"
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

/* The thread for them: start it with a struct sugu_cash_job, take a struct sugu_cash_job_result.
 * `cash` is not owned. Block signals before. */
enum sugu_status sugu_cash_thread_new(struct sugu_cash *cash,
                                      struct sugu_job_thread **ret_thread,
                                      struct sugu_error *reterr) SUGU_MUST_CHECK;
