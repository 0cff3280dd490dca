/* SPDX-License-Identifier: Apache-2.0 */
/*
 * on-file-worker - the requests to the keeper of stored cards, put by a thread of their own
 */
#include "payment/on-file-worker.h"

void
sugu_on_file_job_run(struct sugu_card_on_file *provider,
                     const struct sugu_on_file_job *job,
                     struct sugu_on_file_job_result *ret_result)
{
    const struct sugu_card_on_file_ops *ops = provider->ops;
    struct sugu_on_file_job_result result = {.job = *job};
    struct sugu_on_file_answer *answer = &result.answer;
    struct sugu_error *error = &result.error;

    switch (job->deed) {
    case SUGU_ON_FILE_DO_HOLD:
        result.status = ops->hold(provider, &job->request, answer, error);
        break;
    case SUGU_ON_FILE_DO_CHARGE:
        result.status = ops->charge(provider, &job->request, answer, error);
        break;
    case SUGU_ON_FILE_DO_CAPTURE:
        result.status = ops->capture(provider, &job->request, answer, error);
        break;
    case SUGU_ON_FILE_DO_RELEASE:
        result.status = ops->release(provider, &job->request, answer, error);
        break;
    case SUGU_ON_FILE_DO_REFUND:
        result.status = ops->refund(provider, &job->request, answer, error);
        break;
    case SUGU_ON_FILE_DO_FORGET_CARD:
        result.status = ops->forget(provider, &job->request, answer, error);
        break;
    }
    *ret_result = result;
}

static void
run(void *user, const void *job, void *ret_result)
{
    sugu_on_file_job_run(user, job, ret_result);
}

static const struct sugu_job_thread_kind kind = {.job_size = sizeof(struct sugu_on_file_job),
                                                 .result_size =
                                                     sizeof(struct sugu_on_file_job_result),
                                                 .run = run};

enum sugu_status
sugu_on_file_thread_new(struct sugu_card_on_file *provider,
                        struct sugu_job_thread **ret_thread,
                        struct sugu_error *reterr)
{
    return sugu_job_thread_new(&kind, provider, ret_thread, reterr);
}
