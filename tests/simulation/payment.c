/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payment - sugu-payment at a kiosk: what payment/main.c connects, connected to the simulation
 *
 * The agent, its journal, its worker's jobs and the driver are the product's. Each lane's worker is
 * a simulated thread of its own, which may wait for minutes while the agent goes on.
 */
#include "simulation/device-card.h"
#include "simulation/planted-wraps.h"
#include "simulation/world.h"

#include "client/service.h"

#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define OPEN_WORK_WAIT_US  (10 * SUGU_SECOND)
#define OPEN_WORK_EVERY_US (5 * SUGU_MINUTE)
#define WAIT_US_MAX        SUGU_SECOND

/* A lane's thread: one job at a time, as payment/worker.c. */
struct worker {
    struct payment_state *payment;
    struct sim_thread *thread;
    struct sugu_job job;
    struct sugu_job_result result;
    bool has_job, has_result;
};

struct payment_state {
    struct kiosk *kiosk;
    void *context;
    struct sugu_journal *journal;
    struct sugu_terminal *terminal;
    struct worker worker, aborter;
    struct sugu_client *client;
    struct sugu_service *service;
    struct sugu_agent *agent;
    int64_t open_work_due_us; /* 0 = not connected yet */
};

/* ---- the agent's wishes */

static void
on_server_reply(void *user, const Sugu__Reply *reply)
{
    struct payment_state *payment = user;
    struct sugu_id id = sugu_id_of(&reply->id);

    if (payment->agent)
        sugu_agent_on_reply(payment->agent, &id, reply);
}

static bool
ask_server(void *user, const struct sugu_id *id, Sugu__Request *request)
{
    struct payment_state *payment = user;
    struct sugu_error error;
    bool is_taken;

    sim_point("ask.before");
    is_taken = sugu_client_request(
                   payment->client, request,
                   &(struct sugu_ask){.id = id, .on_reply = on_server_reply, .user = payment},
                   &error) == SUGU_OK;
    sim_point("ask.after");
    return is_taken;
}

static void
reply_to_kiosk(void *user, const struct sugu_asker *asker, Sugu__Reply *reply)
{
    sugu_service_reply(((struct payment_state *)user)->service, asker, reply);
}

static void
publish(void *user, Sugu__Event *event)
{
    struct payment_state *payment = user;

    if (event->body_case == SUGU__EVENT__BODY_PAYMENT_CHANGED) {
        sim_note("attempt", event->payment_changed->state, event->payment_changed->approved_yen);
        if (event->payment_changed->state == SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN)
            sim_count(SIM_COUNT_attempts_unknown);
        if (event->payment_changed->state == SUGU__ATTEMPT_STATE__ATTEMPT_HELD)
            sim_count(SIM_COUNT_attempts_held);
    }
    if (payment->service)
        sugu_service_publish(payment->service, event);
}

static void
set_health(void *user, Sugu__PartState *const *states, size_t count)
{
    Sugu__Heartbeat heartbeat = SUGU__HEARTBEAT__INIT;

    heartbeat.n_parts = count;
    heartbeat.parts = (Sugu__PartState **)states;
    sugu_client_set_heartbeat(((struct payment_state *)user)->client, &heartbeat);
}

static void
start_job(void *user, const struct sugu_job *job)
{
    struct payment_state *payment = user;

    sim_point("job.before");
    payment->worker.job = *job;
    payment->worker.has_job = true;
    sim_wake(payment->worker.thread);
    sim_point("job.after");
}

static void
abort_job(void *user, const char *service_id)
{
    struct payment_state *payment = user;
    struct sugu_job job = {.kind = SUGU_JOB_ABORT};

    if (payment->aborter.has_job)
        return; /* one is on its way */
    memcpy(job.request.service_id, service_id, strnlen(service_id, 10) + 1);
    payment->aborter.job = job;
    payment->aborter.has_job = true;
    sim_wake(payment->aborter.thread);
}

static void
fail(void *user, const struct sugu_error *error)
{
    (void)user;
    sim_fail("the journal failed: %s %s", error->code, error->detail);
}

/* ---- threads */

static void
worker_main(void *user)
{
    struct worker *worker = user;

    for (;;) {
        if (!worker->has_job || worker->has_result) {
            sim_wait(INT64_MAX);
            continue;
        }
        sugu_job_run(worker->payment->terminal, worker->payment->kiosk->terminal, &worker->job,
                     &worker->result);
        worker->has_job = false;
        worker->has_result = true;
        sim_wake(worker->payment->kiosk->payment.main_thread);
    }
}

static void
start_worker(struct payment_state *payment, struct worker *worker)
{
    worker->payment = payment;
    worker->thread = sim_thread_start(&payment->kiosk->payment, worker_main, worker);
}

static void
on_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    sugu_agent_on_request(((struct payment_state *)user)->agent, asker, request);
}

static void
on_listener(void *user)
{
    sugu_agent_on_listener(((struct payment_state *)user)->agent);
}

static void
on_open_work(void *user, const Sugu__Reply *reply)
{
    struct payment_state *payment = user;

    if (payment->agent && reply->status == SUGU__STATUS__OK &&
        reply->body_case == SUGU__REPLY__BODY_OPEN_WORK)
        sugu_agent_on_open_work(payment->agent, reply->open_work);
}

static void
ask_open_work(struct payment_state *payment)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetOpenWork get = SUGU__GET_OPEN_WORK__INIT;
    struct sugu_error error;

    payment->open_work_due_us = sim_now() + OPEN_WORK_EVERY_US;
    request.body_case = SUGU__REQUEST__BODY_GET_OPEN_WORK;
    request.get_open_work = &get;
    if (sugu_client_request(payment->client, &request,
                            &(struct sugu_ask){.is_read = true,
                                               .wait_us = OPEN_WORK_WAIT_US,
                                               .on_reply = on_open_work,
                                               .user = payment},
                            &error))
        sim_note("open work not asked", 0, 0);
}

static void
on_fresh(void *user, bool was_reset)
{
    (void)was_reset;
    ask_open_work(user);
}

static void
on_event(void *user, const Sugu__Event *event)
{
    struct payment_state *payment = user;

    if (!payment->agent)
        return;
    if (event->body_case == SUGU__EVENT__BODY_PAYMENT_ORDERED)
        sugu_agent_on_order(payment->agent, event->payment_ordered);
    else if (event->body_case == SUGU__EVENT__BODY_PAYMENT_RESOLVED)
        sugu_agent_on_resolved(payment->agent, event->payment_resolved);
}

/* ---- the program */

static void
expect_ok(enum sugu_status status, const struct sugu_error *error)
{
    if (status)
        sim_fail("sugu-payment does not start: %s %s", error->code, error->detail);
}

static void
open_sockets(struct payment_state *payment)
{
    struct kiosk *kiosk = payment->kiosk;
    struct sugu_client_settings settings = world_client('P', kiosk->index);
    struct sugu_client_callbacks client = {
        .on_event = on_event, .on_fresh = on_fresh, .user = payment};
    struct sugu_service_callbacks service = {
        .on_request = on_request, .on_listener = on_listener, .user = payment};
    struct sugu_error error;

    settings.listens = true;
    payment->context = zmq_ctx_new();
    expect_ok(sugu_client_new(&settings, &client,
                              &(struct sugu_client_means){payment->context, &kiosk->payment.clock,
                                                          sim_random(), sugu_store_memory()},
                              &payment->client, &error),
              &error);
    expect_ok(sugu_service_new(payment->context, kiosk->endpoint, &service, &kiosk->payment.clock,
                               &payment->service, &error),
              &error);
}

static void
start_agent(struct payment_state *payment)
{
    struct kiosk *kiosk = payment->kiosk;
    struct sugu_agent_settings settings = {
        .journal = payment->journal,
        .clock = &kiosk->payment.clock,
        .random = sim_random(),
        .has_terminal = true,
        .poi_id = kiosk->poi_id,
        .status_interval_us = 5 * SUGU_SECOND,
        .status_give_up_us = 90 * SUGU_SECOND,
        .held_interval_us = SUGU_MINUTE,
        .begin_wait_us = 10 * SUGU_SECOND,
        .check_interval_us = SUGU_MINUTE,
    };
    struct sugu_agent_ways ways = {
        .ask_server = ask_server,
        .reply = reply_to_kiosk,
        .publish = publish,
        .set_health = set_health,
        .start_job = start_job,
        .abort_job = abort_job,
        .fail = fail,
        .user = payment,
    };
    struct sugu_error error;

    expect_ok(sugu_agent_new(&settings, &ways, &payment->agent, &error), &error);
}

static int64_t
least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* As payment/main.c. */
static int64_t
step(struct payment_state *payment)
{
    int64_t wait_us;

    if (payment->worker.has_result) {
        payment->worker.has_result = false;
        sugu_agent_on_result(payment->agent, &payment->worker.result);
    }
    payment->aborter.has_result = false;
    if (payment->open_work_due_us && sim_now() >= payment->open_work_due_us)
        ask_open_work(payment);
    wait_us = sugu_client_step(payment->client) ? 0 : WAIT_US_MAX;
    if (sugu_service_step(payment->service))
        wait_us = 0;
    wait_us = sugu_agent_step(payment->agent, wait_us);
    wait_us = least(wait_us, sugu_client_due_us(payment->client));
    return least(wait_us, sugu_service_due_us(payment->service));
}

static void
payment_main(void *user)
{
    struct kiosk *kiosk = user;
    struct payment_state *payment = calloc(1, sizeof *payment);
    struct sugu_error error;

    if (!payment)
        abort();
    payment->kiosk = kiosk;
    kiosk->payment_state = payment;
    expect_ok(sugu_journal_open(kiosk->folder, &kiosk->payment.clock, &payment->journal, &error),
              &error);
    if (*sim_failure())
        return;
    payment->terminal = device_card_driver(kiosk, sugu_journal_service_ids(payment->journal));
    start_worker(payment, &payment->worker);
    start_worker(payment, &payment->aborter);
    open_sockets(payment);
    start_agent(payment);
    while (!*sim_failure()) {
        int64_t wait_us = step(payment);
        /* the loop of payment/main.c counts in milliseconds */
        sim_wait((wait_us + SUGU_MS - 1) / SUGU_MS * SUGU_MS);
    }
}

static void
start_again(void *user)
{
    struct kiosk *kiosk = user;

    sim_thread_start(&kiosk->payment, payment_main, kiosk);
}

/* What the process had in memory is gone; of the journal what was committed stays. */
static void
on_killed(struct sim_program *program)
{
    struct kiosk *kiosk = program->user;
    struct payment_state *payment = kiosk->payment_state;

    kiosk->payment_state = NULL;
    kiosk->deaths++;
    if (payment) {
        sugu_agent_free(payment->agent);
        sugu_service_free(payment->service);
        sugu_client_free(payment->client);
        if (payment->context)
            zmq_ctx_term(payment->context);
        sugu_journal_close(payment->journal);
        free(payment); /* the driver's objects may be in use on a stack that is gone */
    }
    sim_at(sim_now() + sim_between(50 * SUGU_MS, 8 * SUGU_SECOND), start_again, kiosk);
}

void
payment_begin(struct kiosk *kiosk)
{
    sim_program_init(&kiosk->payment, SIM_PAYMENT, kiosk->index);
    kiosk->payment.on_killed = on_killed;
    kiosk->payment.user = kiosk;
    sim_thread_start(&kiosk->payment, payment_main, kiosk);
}

/* Every attempt that is not final and acknowledged; -1 while the program does not run. */
static int
list_open(const struct kiosk *kiosk, struct sugu_attempt open[SUGU_AGENT_ATTEMPTS_MAX])
{
    struct sugu_error error;
    size_t count = 0;

    if (!kiosk->payment_state || !kiosk->payment_state->agent ||
        __real_sugu_journal_unfinished(kiosk->payment_state->journal, open, SUGU_AGENT_ATTEMPTS_MAX,
                                       &count, &error))
        return -1;
    return (int)count;
}

int
payment_open_count(const struct kiosk *kiosk)
{
    struct sugu_attempt open[SUGU_AGENT_ATTEMPTS_MAX];

    return list_open(kiosk, open);
}

bool
payment_is_idle(const struct kiosk *kiosk)
{
    struct sugu_attempt open[SUGU_AGENT_ATTEMPTS_MAX];
    int count = list_open(kiosk, open);

    for (int i = 0; i < count; i++)
        if (open[i].state != SUGU_ATTEMPT_HELD || open[i].report_done != open[i].report_number)
            return false;
    return count >= 0;
}

/* ---- crash points around the journal's commits (ld --wrap) */

enum sugu_status __real_sugu_journal_insert(struct sugu_journal *journal,
                                            const struct sugu_attempt *attempt,
                                            struct sugu_error *reterr);
enum sugu_status __wrap_sugu_journal_insert(struct sugu_journal *journal,
                                            const struct sugu_attempt *attempt,
                                            struct sugu_error *reterr);
enum sugu_status
__wrap_sugu_journal_insert(struct sugu_journal *journal,
                           const struct sugu_attempt *attempt,
                           struct sugu_error *reterr)
{
    enum sugu_status status;

    sim_point("journal.before");
    sim_count(SIM_COUNT_attempts);
    status =
        planted_skips_intent() ? SUGU_OK : __real_sugu_journal_insert(journal, attempt, reterr);
    sim_point("journal.after");
    return status;
}

enum sugu_status __real_sugu_journal_save(struct sugu_journal *journal,
                                          const struct sugu_attempt *attempt,
                                          const char *event,
                                          enum sugu_attempt_state before,
                                          struct sugu_error *reterr);
enum sugu_status __wrap_sugu_journal_save(struct sugu_journal *journal,
                                          const struct sugu_attempt *attempt,
                                          const char *event,
                                          enum sugu_attempt_state before,
                                          struct sugu_error *reterr);
enum sugu_status
__wrap_sugu_journal_save(struct sugu_journal *journal,
                         const struct sugu_attempt *attempt,
                         const char *event,
                         enum sugu_attempt_state before,
                         struct sugu_error *reterr)
{
    enum sugu_status status;

    sim_point("journal.before");
    sim_note(event, before, attempt->state);
    status = __real_sugu_journal_save(journal, attempt, event, before, reterr);
    sim_point("journal.after");
    return status;
}
