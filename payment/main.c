/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main - sugu-payment: takes money by card, cash, code and registered card, exactly once
 *
 * One thread runs the agent, the kiosk's socket and the queue server's; every device and provider
 * has a thread of its own, the terminal one more for "please stop" (devices.h).
 */
#include "payment/agent.h"
#include "payment/commands.h"
#include "payment/devices.h"
#include "payment/settings.h"

#include "base/log.h"
#include "base/process.h"
#include "client/client.h"
#include "client/keys.h"

#include <poll.h>
#include <zmq.h>

#define PROGRAM           SUGU_PAYMENT_PROGRAM
#define WAIT_US_MAX       SUGU_SECOND
#define OPEN_WORK_WAIT_US (10 * SUGU_SECOND)
/* An order that could not be taken (its bill was in work) waits for the next look. */
#define OPEN_WORK_EVERY_US (5 * SUGU_MINUTE)

/* Everything that lives as long as the process. */
struct payment {
    struct sugu_payment_settings settings;
    const struct sugu_clock *clock;
    void *context;
    struct sugu_journal *journal;
    struct sugu_payment_devices *devices;
    struct sugu_request_store *store;
    struct sugu_client *client;
    struct sugu_service *service; /* NULL = no window here */
    struct sugu_agent *agent;
    int64_t open_work_due_us; /* monotonic */
    struct sugu_error failure;
    bool has_failed;
};

static void
die_if(enum sugu_status status, const struct sugu_error *error)
{
    if (status)
        sugu_process_die(PROGRAM, error);
}

/* ---- the agent's wishes */

static void
on_server_reply(void *user, const Sugu__Reply *reply)
{
    struct payment *payment = user;
    struct sugu_id id = sugu_id_of(&reply->id);

    if (payment->agent)
        sugu_agent_on_reply(payment->agent, &id, reply);
}

static bool
ask_server(void *user, const struct sugu_id *id, Sugu__Request *request)
{
    struct payment *payment = user;
    struct sugu_error error;

    /* The journal is the store: what is unanswered when the process ends is asked again from
     * there, under the same id. */
    if (sugu_client_request(
            payment->client, request,
            &(struct sugu_ask){.id = id, .on_reply = on_server_reply, .user = payment}, &error)) {
        sugu_log_error(SUGU_LOG_ERROR, "server.not-asked", &error);
        return false;
    }
    return true;
}

static void
reply_to_kiosk(void *user, const struct sugu_asker *asker, Sugu__Reply *reply)
{
    struct payment *payment = user;

    if (payment->service)
        sugu_service_reply(payment->service, asker, reply);
}

static void
publish(void *user, Sugu__Event *event)
{
    struct payment *payment = user;

    if (payment->service)
        sugu_service_publish(payment->service, event);
}

static void
set_health(void *user, Sugu__PartState *const *states, size_t count)
{
    struct payment *payment = user;
    Sugu__Heartbeat heartbeat = SUGU__HEARTBEAT__INIT;

    heartbeat.n_parts = count;
    heartbeat.parts = (Sugu__PartState **)states;
    sugu_client_set_heartbeat(payment->client, &heartbeat);
}

static void
start_job(void *user, const struct sugu_job *job)
{
    sugu_payment_devices_start(((struct payment *)user)->devices, job);
}

static void
abort_job(void *user, const char *service_id)
{
    sugu_payment_devices_abort(((struct payment *)user)->devices, service_id);
}

static void
start_cash_job(void *user, const struct sugu_cash_job *job)
{
    sugu_payment_devices_start_cash(((struct payment *)user)->devices, job);
}

static void
start_code_job(void *user, const struct sugu_code_job *job)
{
    sugu_payment_devices_start_code(((struct payment *)user)->devices, job);
}

static void
start_on_file_job(void *user, const struct sugu_on_file_job *job)
{
    sugu_payment_devices_start_on_file(((struct payment *)user)->devices, job);
}

static void
on_journal_failed(void *user, const struct sugu_error *error)
{
    struct payment *payment = user;

    payment->failure = *error;
    payment->has_failed = true;
}

/* ---- what happens */

static void
on_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    struct payment *payment = user;

    if (payment->agent)
        sugu_agent_on_request(payment->agent, asker, request);
}

static void
on_listener(void *user)
{
    struct payment *payment = user;

    if (payment->agent)
        sugu_agent_on_listener(payment->agent);
}

static void
on_event(void *user, const Sugu__Event *event)
{
    struct payment *payment = user;

    if (!payment->agent)
        return;
    if (event->body_case == SUGU__EVENT__BODY_PAYMENT_ORDERED)
        sugu_agent_on_order(payment->agent, event->payment_ordered);
    else if (event->body_case == SUGU__EVENT__BODY_PAYMENT_RESOLVED)
        sugu_agent_on_resolved(payment->agent, event->payment_resolved);
}

static void
on_open_work(void *user, const Sugu__Reply *reply)
{
    struct payment *payment = user;

    if (payment->agent && reply->status == SUGU__STATUS__OK &&
        reply->body_case == SUGU__REPLY__BODY_OPEN_WORK)
        sugu_agent_on_open_work(payment->agent, reply->open_work);
}

/* Does the server hold something for open that is over, or to be done? */
static void
ask_open_work(struct payment *payment)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__GetOpenWork get = SUGU__GET_OPEN_WORK__INIT;
    struct sugu_error error;

    payment->open_work_due_us = payment->clock->monotonic_us(payment->clock) + OPEN_WORK_EVERY_US;
    request.body_case = SUGU__REQUEST__BODY_GET_OPEN_WORK;
    request.get_open_work = &get;
    if (sugu_client_request(payment->client, &request,
                            &(struct sugu_ask){.is_read = true,
                                               .wait_us = OPEN_WORK_WAIT_US,
                                               .on_reply = on_open_work,
                                               .user = payment},
                            &error))
        sugu_log_error(SUGU_LOG_WARNING, "server.open-work-not-asked", &error);
}

/* Connected (again). */
static void
on_fresh(void *user, bool was_reset)
{
    (void)was_reset;
    ask_open_work(user);
}

/* ---- start */

static void
on_refused(void *user, const char *code)
{
    (void)user;
    sugu_log(SUGU_LOG_WARNING, "link.refused", "code=%s", code);
}

static void
open_sockets(struct payment *payment)
{
    struct sugu_client_callbacks client = {
        .on_event = on_event, .on_fresh = on_fresh, .on_refused = on_refused, .user = payment};
    struct sugu_service_callbacks service = {
        .on_request = on_request, .on_listener = on_listener, .user = payment};
    struct sugu_client_settings settings;
    struct sugu_error error;

    die_if(sugu_connection_prepare(&payment->settings.connection, &settings, &error), &error);
    settings.listens = true;
    payment->context = zmq_ctx_new();
    payment->store = sugu_store_memory();
    die_if(sugu_client_new(&settings, &client,
                           &(struct sugu_client_means){payment->context, payment->clock,
                                                       sugu_random_system(), payment->store},
                           &payment->client, &error),
           &error);
    explicit_bzero(settings.secret_key, sizeof settings.secret_key);
    if (*payment->settings.listen)
        die_if(sugu_service_new(payment->context, payment->settings.listen, &service,
                                payment->clock, &payment->service, &error),
               &error);
}

static void
start_agent(struct payment *payment)
{
    struct sugu_agent_settings agent = {
        .journal = payment->journal,
        .clock = payment->clock,
        .random = sugu_random_system(),
    };
    struct sugu_agent_ways ways = {
        .ask_server = ask_server,
        .reply = reply_to_kiosk,
        .publish = publish,
        .set_health = set_health,
        .start_job = start_job,
        .abort_job = abort_job,
        .start_cash_job = start_cash_job,
        .start_code_job = start_code_job,
        .start_on_file_job = start_on_file_job,
        .fail = on_journal_failed,
        .user = payment,
    };
    struct sugu_error error;

    sugu_payment_devices_describe(payment->devices, &agent);
    die_if(sugu_agent_new(&agent, &ways, &payment->agent, &error), &error);
}

/* ---- the loop */

static int64_t
least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Everything that is ready; microseconds until there is more to do. */
static int64_t
step(struct payment *payment)
{
    int64_t wait_us;

    sugu_payment_devices_step(payment->devices, payment->agent);
    if (payment->open_work_due_us &&
        payment->clock->monotonic_us(payment->clock) >= payment->open_work_due_us)
        ask_open_work(payment);
    wait_us = sugu_client_step(payment->client) ? 0 : WAIT_US_MAX;
    if (payment->service && sugu_service_step(payment->service))
        wait_us = 0;
    wait_us = sugu_agent_step(payment->agent, wait_us);
    wait_us = least(wait_us, sugu_client_due_us(payment->client));
    return payment->service ? least(wait_us, sugu_service_due_us(payment->service)) : wait_us;
}

static void
run(struct payment *payment, int stop_fd)
{
    bool is_stopping = false;

    while (!is_stopping && !payment->has_failed) {
        int64_t wait_us = step(payment);
        struct pollfd files[3 + SUGU_PAYMENT_THREADS] = {
            {.fd = stop_fd},
            {.fd = sugu_client_fd(payment->client)},
            {.fd = payment->service ? sugu_service_fd(payment->service) : -1},
        };
        int threads[SUGU_PAYMENT_THREADS];

        sugu_payment_devices_fds(payment->devices, threads);
        for (size_t i = 0; i < SUGU_PAYMENT_THREADS; i++)
            files[3 + i].fd = threads[i];
        for (size_t i = 0; i < SUGU_ARRAY_SIZE(files); i++)
            files[i].events = POLLIN;
        poll(files, SUGU_ARRAY_SIZE(files), (int)((wait_us + SUGU_MS - 1) / SUGU_MS));
        is_stopping = files[0].revents & POLLIN;
    }
}

/* What is open stays in the journal: the next start resolves it. */
static void
stop(struct payment *payment)
{
    payment->devices = sugu_payment_devices_free(payment->devices);
    payment->agent = sugu_agent_free(payment->agent);
    if (payment->service)
        payment->service = sugu_service_free(payment->service);
    payment->client = sugu_client_free(payment->client);
    payment->store->free(payment->store);
    payment->journal = sugu_journal_close(payment->journal);
    zmq_ctx_term(payment->context);
}

int
main(int argc, char **argv)
{
    struct payment payment = {.clock = sugu_clock_system()};
    struct sugu_error error;
    int stop_fd, first;

    sugu_process_start(PROGRAM);
    first = sugu_program_start(&sugu_payment_program, argc, argv, &payment.settings);
    die_if(sugu_payment_settings_check(&payment.settings, &error), &error);
    if (first < argc)
        return sugu_payment_command(&payment.settings, payment.clock, argc - first, argv + first);
    stop_fd = sugu_process_stop_fd();
    die_if(sugu_journal_open(payment.settings.connection.state_folder, payment.clock,
                             &payment.journal, &error),
           &error);
    die_if(sugu_payment_devices_new(&payment.settings, payment.clock,
                                    sugu_journal_service_ids(payment.journal), &payment.devices,
                                    &error),
           &error);
    open_sockets(&payment);
    start_agent(&payment);
    sugu_log(SUGU_LOG_INFO, "payment.started", "poi=%s", payment.settings.poi_id);
    run(&payment, stop_fd);
    stop(&payment);
    if (payment.has_failed)
        sugu_process_die(PROGRAM, &payment.failure);
    sugu_log(SUGU_LOG_INFO, "payment.ended", "why=stopped");
    return SUGU_EXIT_OK;
}
