/* SPDX-License-Identifier: Apache-2.0 */
/*
 * devices - everything that sugu-payment takes money by, each with its threads
 */
#include "payment/devices.h"

#include "base/files.h"
#include "base/log.h"
#include "payment/cash-set.h"
#include "payment/provider-set.h"

#include <stdlib.h>
#include <string.h>

#define ROOT_SIZE_MAX 65536

struct sugu_payment_devices {
    const struct sugu_payment_settings *settings;
    /* NULL where there is none */
    struct sugu_terminal *terminal;
    struct sugu_worker *worker, *aborter;
    struct sugu_cash_set *cash;
    struct sugu_provider_set *code, *on_file;
};

/* ---- life */

static enum sugu_status
make_terminal(const struct sugu_payment_settings *settings,
              const struct sugu_terminal_nexo_settings *nexo,
              const char *root,
              struct sugu_terminal **ret_terminal,
              struct sugu_error *reterr)
{
    struct sugu_nexo_key *key = NULL;
    struct sugu_nexo_link *link = NULL;
    enum sugu_status status = sugu_nexo_key_read(settings->terminal_key, &key, reterr);

    if (!status)
        status = sugu_nexo_link_https_new(root, settings->terminal_name,
                                          (uint32_t)settings->connect_wait_ms, &link, reterr);
    if (!status)
        status = sugu_terminal_nexo_new(nexo, &key, &link, ret_terminal, reterr);
    if (key)
        sugu_nexo_key_free(key);
    return status;
}

enum sugu_status
sugu_payment_terminal_new(const struct sugu_payment_settings *settings,
                          const struct sugu_clock *clock,
                          struct sugu_service_ids *ids,
                          struct sugu_terminal **ret_terminal,
                          struct sugu_error *reterr)
{
    struct sugu_terminal_nexo_settings nexo = {
        .ids = ids,
        .clock = clock,
        .random = sugu_random_system(),
        .sale_id = settings->sale_id,
        .poi_id = settings->poi_id,
        .answer_wait_ms = (uint32_t)settings->answer_wait_ms,
        .exchange_wait_ms = (uint32_t)settings->exchange_wait_ms,
    };
    enum sugu_status status;
    uint8_t *root = NULL;
    size_t size;

    if (!*settings->terminal)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "no terminal is set");
    status = sugu_file_read(settings->terminal_root, ROOT_SIZE_MAX, &root, &size, reterr);
    if (status)
        return status;
    status = make_terminal(settings, &nexo, (const char *)root, ret_terminal, reterr);
    free(root);
    return status;
}

static enum sugu_status
add_terminal(struct sugu_payment_devices *devices,
             const struct sugu_clock *clock,
             struct sugu_service_ids *ids,
             struct sugu_error *reterr)
{
    const struct sugu_payment_settings *settings = devices->settings;
    enum sugu_status status =
        sugu_payment_terminal_new(settings, clock, ids, &devices->terminal, reterr);

    if (!status)
        status = sugu_worker_new(devices->terminal, settings->terminal, &devices->worker, reterr);
    if (!status)
        status = sugu_worker_new(devices->terminal, settings->terminal, &devices->aborter, reterr);
    return status;
}

enum sugu_status
sugu_payment_devices_new(const struct sugu_payment_settings *settings,
                         const struct sugu_clock *clock,
                         struct sugu_service_ids *ids,
                         struct sugu_payment_devices **ret_devices,
                         struct sugu_error *reterr)
{
    struct sugu_payment_devices *devices = calloc(1, sizeof *devices);
    enum sugu_status status = SUGU_OK;

    if (!devices)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory for devices");
    devices->settings = settings;
    if (*settings->terminal)
        status = add_terminal(devices, clock, ids, reterr);
    if (!status && *settings->cash)
        status = sugu_cash_set_new(settings->cash, clock, &devices->cash, reterr);
    if (!status && *settings->code)
        status = sugu_provider_set_new_code(settings, clock, sugu_random_system(), &devices->code,
                                            reterr);
    if (!status && *settings->on_file)
        status = sugu_provider_set_new_on_file(settings, &devices->on_file, reterr);
    if (status)
        sugu_payment_devices_free(devices);
    else
        *ret_devices = devices;
    return status;
}

struct sugu_payment_devices *
sugu_payment_devices_free(struct sugu_payment_devices *devices)
{
    if (!devices)
        return NULL;
    if (devices->terminal)
        sugu_terminal_nexo_stop(devices->terminal);
    sugu_worker_free(devices->worker);
    sugu_worker_free(devices->aborter);
    sugu_cash_set_free(devices->cash);
    sugu_provider_set_free(devices->code);
    sugu_provider_set_free(devices->on_file);
    if (devices->terminal)
        sugu_terminal_nexo_free(devices->terminal);
    free(devices);
    return NULL;
}

static void
describe_ways(const struct sugu_payment_devices *devices, struct sugu_agent_settings *agent)
{
    agent->has_terminal = devices->terminal != NULL;
    agent->has_cash = devices->cash != NULL;
    agent->has_code = devices->code != NULL;
    agent->has_on_file = devices->on_file != NULL;
    agent->code_place = devices->code ? sugu_provider_set_name(devices->code) : "";
    agent->on_file_place = devices->on_file ? sugu_provider_set_name(devices->on_file) : "";
}

void
sugu_payment_devices_describe(const struct sugu_payment_devices *devices,
                              struct sugu_agent_settings *agent)
{
    const struct sugu_payment_settings *settings = devices->settings;

    describe_ways(devices, agent);
    agent->is_cash_recycled = settings->cash_recycles;
    agent->cash_low_pieces = (int32_t)settings->cash_low_pieces;
    agent->cash_idle_us = settings->cash_idle_ms * SUGU_MS;
    agent->cash_stuck_us = settings->cash_stuck_ms * SUGU_MS;
    agent->cash_place = settings->sale_id;
    agent->poi_id = settings->poi_id;
    agent->code_brand = settings->code_brand;
    agent->code_valid_us = settings->code_valid_ms * SUGU_MS;
    agent->provider_check_us = settings->provider_check_ms * SUGU_MS;
    agent->status_interval_us = settings->status_interval_ms * SUGU_MS;
    agent->status_give_up_us = settings->status_give_up_ms * SUGU_MS;
    agent->held_interval_us = settings->held_interval_ms * SUGU_MS;
    agent->begin_wait_us = settings->begin_wait_ms * SUGU_MS;
    agent->check_interval_us = settings->check_interval_ms * SUGU_MS;
}

/* ---- jobs */

void
sugu_payment_devices_start(struct sugu_payment_devices *devices, const struct sugu_job *job)
{
    if (!sugu_worker_start(devices->worker, job))
        sugu_log(SUGU_LOG_ERROR, "worker.busy", "kind=%d", (int)job->kind);
}

void
sugu_payment_devices_abort(struct sugu_payment_devices *devices, const char *service_id)
{
    struct sugu_job job = {.kind = SUGU_JOB_ABORT};

    memcpy(job.request.service_id, service_id, sizeof job.request.service_id);
    if (!sugu_worker_start(devices->aborter, &job))
        sugu_log(SUGU_LOG_DEBUG, "abort.running", "service=%s", service_id);
}

static void
start_on(struct sugu_job_thread *thread, const void *job, const char *way, int kind)
{
    if (!sugu_job_thread_start(thread, job))
        sugu_log(SUGU_LOG_ERROR, "worker.busy", "way=%s kind=%d", way, kind);
}

void
sugu_payment_devices_start_cash(struct sugu_payment_devices *devices,
                                const struct sugu_cash_job *job)
{
    start_on(sugu_cash_set_worker(devices->cash), job, "cash", (int)job->kind);
}

void
sugu_payment_devices_start_code(struct sugu_payment_devices *devices,
                                const struct sugu_code_job *job)
{
    start_on(sugu_provider_set_worker(devices->code), job, "code", (int)job->kind);
}

void
sugu_payment_devices_start_on_file(struct sugu_payment_devices *devices,
                                   const struct sugu_on_file_job *job)
{
    start_on(sugu_provider_set_worker(devices->on_file), job, "on-file", (int)job->deed);
}

void
sugu_payment_devices_step(struct sugu_payment_devices *devices, struct sugu_agent *agent)
{
    struct sugu_on_file_job_result on_file;
    struct sugu_cash_job_result cash;
    struct sugu_code_job_result code;
    struct sugu_job_result result;

    if (devices->terminal && sugu_worker_take(devices->worker, &result))
        sugu_agent_on_result(agent, &result);
    if (devices->terminal)
        sugu_worker_take(devices->aborter, &result);
    if (devices->cash && sugu_job_thread_take(sugu_cash_set_worker(devices->cash), &cash))
        sugu_agent_on_cash_result(agent, &cash);
    if (devices->code && sugu_job_thread_take(sugu_provider_set_worker(devices->code), &code))
        sugu_agent_on_code_result(agent, &code);
    if (devices->on_file &&
        sugu_job_thread_take(sugu_provider_set_worker(devices->on_file), &on_file))
        sugu_agent_on_on_file_result(agent, &on_file);
}

void
sugu_payment_devices_fds(const struct sugu_payment_devices *devices, int fds[SUGU_PAYMENT_THREADS])
{
    fds[0] = devices->terminal ? sugu_worker_fd(devices->worker) : -1;
    fds[1] = devices->terminal ? sugu_worker_fd(devices->aborter) : -1;
    fds[2] = devices->cash ? sugu_job_thread_fd(sugu_cash_set_worker(devices->cash)) : -1;
    fds[3] = devices->code ? sugu_job_thread_fd(sugu_provider_set_worker(devices->code)) : -1;
    fds[4] = devices->on_file ? sugu_job_thread_fd(sugu_provider_set_worker(devices->on_file)) : -1;
}
