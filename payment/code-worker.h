/* SPDX-License-Identifier: Apache-2.0 */
/*
 * code-worker - the questions to the provider of code payments, put by a thread of their own
 */
#pragma once

#include "base/id.h"
#include "payment/job-thread.h"
#include "port/code-payment.h"

enum sugu_code_job_kind {
    SUGU_CODE_JOB_CHECK, /* is it there, and does it take our key? Asks for a payment that is none
                          */
    SUGU_CODE_JOB_CREATE,
    SUGU_CODE_JOB_ASK, /* for the payment `id` */
    SUGU_CODE_JOB_WITHDRAW,
    SUGU_CODE_JOB_CANCEL,
    SUGU_CODE_JOB_REFUND,
    SUGU_CODE_JOB_ASK_REFUND, /* for the refund `id` */
};

struct sugu_code_job {
    enum sugu_code_job_kind kind;
    struct sugu_id attempt;         /* whose job it is; none with CHECK */
    char id[65];                    /* ASK, ASK_REFUND, CANCEL; the code's with WITHDRAW */
    struct sugu_code_order order;   /* CREATE */
    struct sugu_code_refund refund; /* REFUND */
};

struct sugu_code_job_result {
    struct sugu_code_job job;
    enum sugu_status status;
    struct sugu_error error;        /* where status is not OK */
    struct sugu_code_shown shown;   /* CREATE with OK */
    struct sugu_code_answer answer; /* CHECK, ASK, ASK_REFUND and REFUND with OK */
};

/* Carries a job out on the calling thread. */
void sugu_code_job_run(struct sugu_code_payment *provider,
                       const struct sugu_code_job *job,
                       struct sugu_code_job_result *ret_result);

/* The thread for them: start it with a struct sugu_code_job, take a struct sugu_code_job_result.
 * `provider` is not owned. Block signals before. */
enum sugu_status sugu_code_thread_new(struct sugu_code_payment *provider,
                                      struct sugu_job_thread **ret_thread,
                                      struct sugu_error *reterr) SUGU_MUST_CHECK;
