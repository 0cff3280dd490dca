/* SPDX-License-Identifier: Apache-2.0 */
/*
 * on-file-worker - the requests to the keeper of stored cards, put by a thread of their own
 */
#pragma once

#include "base/id.h"
#include "payment/job-thread.h"
#include "port/card-on-file.h"

enum sugu_on_file_deed {
    SUGU_ON_FILE_DO_HOLD,
    SUGU_ON_FILE_DO_CHARGE,
    SUGU_ON_FILE_DO_CAPTURE,
    SUGU_ON_FILE_DO_RELEASE,
    SUGU_ON_FILE_DO_REFUND,
    SUGU_ON_FILE_DO_FORGET_CARD,
};

/* The same job again is the question what became of it (port/card-on-file.h). */
struct sugu_on_file_job {
    struct sugu_id attempt;
    enum sugu_on_file_deed deed;
    struct sugu_on_file_request request;
};

struct sugu_on_file_job_result {
    struct sugu_on_file_job job;
    enum sugu_status status;
    struct sugu_error error;           /* where status is not OK */
    struct sugu_on_file_answer answer; /* with OK */
};

/* Carries a job out on the calling thread. */
void sugu_on_file_job_run(struct sugu_card_on_file *provider,
                          const struct sugu_on_file_job *job,
                          struct sugu_on_file_job_result *ret_result);

/* The thread for them: start it with a struct sugu_on_file_job, take a struct
 * sugu_on_file_job_result. `provider` is not owned. Block signals before. */
enum sugu_status sugu_on_file_thread_new(struct sugu_card_on_file *provider,
                                         struct sugu_job_thread **ret_thread,
                                         struct sugu_error *reterr) SUGU_MUST_CHECK;
