/* SPDX-License-Identifier: Apache-2.0 */
/*
 * code-worker - the questions to the provider of code payments, put by a thread of their own
 */
#include "payment/code-worker.h"

#define NO_PAYMENT "sugu-check" /* an id that no payment has */

void
sugu_code_job_run(struct sugu_code_payment *provider,
                  const struct sugu_code_job *job,
                  struct sugu_code_job_result *ret_result)
{
    const struct sugu_code_payment_ops *ops = provider->ops;
    struct sugu_code_job_result result = {.job = *job};

    switch (job->kind) {
    case SUGU_CODE_JOB_CHECK:
        result.status =
            ops->status(provider, SUGU_CODE_PAYMENT, NO_PAYMENT, &result.answer, &result.error);
        break;
    case SUGU_CODE_JOB_CREATE:
        result.status = ops->create(provider, &job->order, &result.shown, &result.error);
        break;
    case SUGU_CODE_JOB_ASK:
        result.status =
            ops->status(provider, SUGU_CODE_PAYMENT, job->id, &result.answer, &result.error);
        break;
    case SUGU_CODE_JOB_WITHDRAW:
        result.status = ops->withdraw(provider, job->id, &result.error);
        break;
    case SUGU_CODE_JOB_CANCEL:
        result.status = ops->cancel(provider, job->id, &result.error);
        break;
    case SUGU_CODE_JOB_REFUND:
        result.status = ops->refund(provider, &job->refund, &result.answer, &result.error);
        break;
    case SUGU_CODE_JOB_ASK_REFUND:
        result.status =
            ops->status(provider, SUGU_CODE_GIVING_BACK, job->id, &result.answer, &result.error);
        break;
    }
    *ret_result = result;
}

static void
run(void *user, const void *job, void *ret_result)
{
    sugu_code_job_run(user, job, ret_result);
}

static const struct sugu_job_thread_kind kind = {.job_size = sizeof(struct sugu_code_job),
                                                 .result_size = sizeof(struct sugu_code_job_result),
                                                 .run = run};

enum sugu_status
sugu_code_thread_new(struct sugu_code_payment *provider,
                     struct sugu_job_thread **ret_thread,
                     struct sugu_error *reterr)
{
    return sugu_job_thread_new(&kind, provider, ret_thread, reterr);
}
