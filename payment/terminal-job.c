/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal-job - what each job of the worker asks of the terminal
 */
#include "payment/worker.h"

static void
resolve(struct sugu_terminal *terminal, const char *where, struct sugu_job_result *result)
{
    struct sugu_error error;

    if (result->job.aborts_first) {
        /* A program that was just started has not told the driver yet where the terminal is. */
        bool is_open = terminal->ops->open(terminal, where, &error) == SUGU_OK;
        (void)is_open; /* a busy one is not, and is the one to stop */
        terminal->ops->abort(terminal, &result->job.request);
    }
    terminal->ops->close(terminal);
    result->is_idle = terminal->ops->open(terminal, where, &error) == SUGU_OK;
    result->status =
        terminal->ops->status(terminal, &result->job.request, &result->answer, &result->error);
}

void
sugu_job_run(struct sugu_terminal *terminal,
             const char *where,
             const struct sugu_job *job,
             struct sugu_job_result *ret_result)
{
    struct sugu_job_result result = {.job = *job};

    switch (job->kind) {
    case SUGU_JOB_OPEN:
        terminal->ops->close(terminal);
        result.status = terminal->ops->open(terminal, where, &result.error);
        break;
    case SUGU_JOB_CARRY_OUT:
        result.status =
            terminal->ops->carry_out(terminal, &job->request, &result.answer, &result.error);
        break;
    case SUGU_JOB_RESOLVE:
        resolve(terminal, where, &result);
        break;
    case SUGU_JOB_ABORT:
        terminal->ops->abort(terminal, &job->request);
        break;
    }
    *ret_result = result;
}
