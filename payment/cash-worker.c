/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-worker - the jobs of the cash devices, carried out by a thread of their own
 */
#include "payment/cash-worker.h"

#include "payment/job-thread.h"

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

static void
run(void *user, const void *job, void *ret_result)
{
    sugu_cash_job_run(user, job, ret_result);
}

static const struct sugu_job_thread_kind kind = {.job_size = sizeof(struct sugu_cash_job),
                                                 .result_size = sizeof(struct sugu_cash_job_result),
                                                 .run = run};

enum sugu_status
sugu_cash_thread_new(struct sugu_cash *cash,
                     struct sugu_job_thread **ret_thread,
                     struct sugu_error *reterr)
{
    return sugu_job_thread_new(&kind, cash, ret_thread, reterr);
}
