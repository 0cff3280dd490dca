/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main - sugu-payment: takes money at a kiosk's card terminal and cash devices, exactly once
 *
 * One thread runs the agent, the kiosk's socket and the queue server's; two more talk to the
 * terminal (one for its jobs, one for "please stop"), and one to the cash devices.
 */
#include "payment/agent.h"
#include "payment/cash-set.h"
#include "payment/totals.h"

#include "base/files.h"
#include "base/log.h"
#include "base/process.h"
#include "client/client.h"
#include "client/keys.h"

#include <poll.h>
#include <zmq.h>

#define PROGRAM           "sugu-payment"
#define WAIT_US_MAX       SUGU_SECOND
#define ROOT_SIZE_MAX     65536
#define OPEN_WORK_WAIT_US (10 * SUGU_SECOND)
/* An order that could not be taken (its bill was in work) waits for the next look. */
#define OPEN_WORK_EVERY_US (5 * SUGU_MINUTE)

struct settings {
    char listen[256];
    struct sugu_connection_settings connection;
    char terminal[256];
    char terminal_name[256];
    char terminal_root[512];
    char terminal_key[512];
    char poi_id[65];
    char sale_id[65];
    int64_t connect_wait_ms, answer_wait_ms, exchange_wait_ms;
    int64_t status_interval_ms, status_give_up_ms, held_interval_ms;
    int64_t begin_wait_ms, check_interval_ms;
    char cash[512];
    bool cash_recycles;
    int64_t cash_low_pieces, cash_idle_ms, cash_stuck_ms;
};

static const struct sugu_setting rows[] = {
    SUGU_SETTING_TEXT_ROW(struct settings,
                          listen,
                          "listen",
                          1,
                          "ipc:///run/sugu/payment",
                          "Socket that the kiosk's window talks to, ipc://PATH."),
    SUGU_CONNECTION_ROWS(struct settings, connection),
    SUGU_SETTING_TEXT_ROW(
        struct settings, terminal, "terminal", 1, "", "Card terminal, https://HOST:PORT/nexo."),
    SUGU_SETTING_TEXT_ROW(
        struct settings,
        terminal_name,
        "terminal-name",
        0,
        "",
        "DNS name in the terminal's certificate; empty = the HOST of 'terminal'."),
    SUGU_SETTING_TEXT_ROW(struct settings,
                          terminal_root,
                          "terminal-root",
                          1,
                          "",
                          "File with the only root certificate that a terminal may have (PEM)."),
    SUGU_SETTING_TEXT_ROW(struct settings,
                          terminal_key,
                          "terminal-key",
                          1,
                          "",
                          "File with identifier, version and passphrase of the message key."),
    SUGU_SETTING_TEXT_ROW(
        struct settings, poi_id, "poi-id", 1, "", "The terminal's own name, MODEL-SERIAL."),
    SUGU_SETTING_TEXT_ROW(
        struct settings, sale_id, "sale-id", 1, "", "This kiosk's name for the terminal."),
    SUGU_SETTING_INT_ROW(struct settings,
                         connect_wait_ms,
                         "connect-wait-ms",
                         50,
                         60000,
                         "ms",
                         "5000",
                         "How long a connection to the terminal may take."),
    SUGU_SETTING_INT_ROW(struct settings,
                         answer_wait_ms,
                         "answer-wait-ms",
                         50,
                         600000,
                         "ms",
                         "120000",
                         "How long the terminal may take over a payment."),
    SUGU_SETTING_INT_ROW(struct settings,
                         exchange_wait_ms,
                         "exchange-wait-ms",
                         50,
                         60000,
                         "ms",
                         "10000",
                         "How long the terminal may take over anything else."),
    SUGU_SETTING_INT_ROW(struct settings,
                         status_interval_ms,
                         "status-interval-ms",
                         10,
                         60000,
                         "ms",
                         "5000",
                         "Between two questions about a payment in doubt; less than 5000 "
                         "is for tests only."),
    SUGU_SETTING_INT_ROW(struct settings,
                         status_give_up_ms,
                         "status-give-up-ms",
                         10,
                         3600000,
                         "ms",
                         "90000",
                         "A payment in doubt for so long is handed to the staff."),
    SUGU_SETTING_INT_ROW(struct settings,
                         held_interval_ms,
                         "held-interval-ms",
                         10,
                         3600000,
                         "ms",
                         "60000",
                         "Between two questions about a payment that the staff have."),
    SUGU_SETTING_INT_ROW(struct settings,
                         begin_wait_ms,
                         "begin-wait-ms",
                         50,
                         60000,
                         "ms",
                         "10000",
                         "How long the queue server may take before a payment is given up "
                         "unstarted."),
    SUGU_SETTING_INT_ROW(struct settings,
                         check_interval_ms,
                         "check-interval-ms",
                         50,
                         600000,
                         "ms",
                         "15000",
                         "How often an idle terminal is asked how it is."),
    SUGU_SETTING_TEXT_ROW(struct settings,
                          cash,
                          "cash",
                          0,
                          "",
                          "File that names the cash devices and their line; empty = no cash."),
    SUGU_SETTING_BOOL_ROW(struct settings,
                          cash_recycles,
                          "cash-recycles",
                          "no",
                          "Accepted coins and notes fall into the payout of their unit."),
    SUGU_SETTING_INT_ROW(struct settings,
                         cash_low_pieces,
                         "cash-low-pieces",
                         0,
                         10000,
                         "pieces",
                         "10",
                         "A payout that holds so many or fewer is nearly empty."),
    SUGU_SETTING_INT_ROW(struct settings,
                         cash_idle_ms,
                         "cash-idle-ms",
                         1000,
                         3600000,
                         "ms",
                         "120000",
                         "Nothing was put in for so long: the patient has left, the money is kept "
                         "and owed."),
    SUGU_SETTING_INT_ROW(struct settings,
                         cash_stuck_ms,
                         "cash-stuck-ms",
                         1000,
                         600000,
                         "ms",
                         "60000",
                         "A cash device that is needed and says nothing for so long is a fault."),
};

static const struct sugu_program program = {
    .name = PROGRAM,
    .summary = "takes money at a kiosk's card terminal and cash devices, exactly once",
    .settings = rows,
    .settings_count = SUGU_ARRAY_SIZE(rows),
    .arguments = "[totals read|close|previous] [cash-count DEVICE PIECES]",
};

/* Everything that lives as long as the process. */
struct payment {
    struct settings settings;
    const struct sugu_clock *clock;
    void *context;
    struct sugu_journal *journal;
    struct sugu_terminal *terminal;
    struct sugu_worker *worker, *aborter;
    struct sugu_cash_set *cash; /* NULL = no cash here */
    struct sugu_request_store *store;
    struct sugu_client *client;
    struct sugu_service *service;
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

/* Texts without a default that cannot stay empty. `server-key` and `key` may, on ipc://. */
static void
check_settings(const struct settings *settings)
{
    static const char *const wanted[] = {"state-folder", "server", "terminal", "terminal-root",
                                         "terminal-key", "poi-id", "sale-id",  NULL};
    struct sugu_error error;

    die_if(sugu_settings_need(&program, settings, wanted, &error), &error);
    if (strncmp(settings->terminal, "https://", 8) != 0)
        die_if(sugu_fail(&error, SUGU_REFUSED, "settings.invalid",
                         "terminal: has to be https://HOST:PORT/nexo"),
               &error);
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

    sugu_service_reply(payment->service, asker, reply);
}

static void
publish(void *user, Sugu__Event *event)
{
    struct payment *payment = user;

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
    struct payment *payment = user;

    if (!sugu_worker_start(payment->worker, job))
        sugu_log(SUGU_LOG_ERROR, "worker.busy", "kind=%d", (int)job->kind);
}

static void
abort_job(void *user, const char *service_id)
{
    struct payment *payment = user;
    struct sugu_job job = {.kind = SUGU_JOB_ABORT};

    memcpy(job.request.service_id, service_id, sizeof job.request.service_id);
    if (!sugu_worker_start(payment->aborter, &job))
        sugu_log(SUGU_LOG_DEBUG, "abort.running", "service=%s", service_id);
}

static void
start_cash_job(void *user, const struct sugu_cash_job *job)
{
    struct payment *payment = user;

    if (!sugu_job_thread_start(sugu_cash_set_worker(payment->cash), job))
        sugu_log(SUGU_LOG_ERROR, "cash-worker.busy", "kind=%d", (int)job->kind);
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
open_terminal(struct payment *payment, struct sugu_service_ids *ids)
{
    const struct settings *settings = &payment->settings;
    struct sugu_terminal_nexo_settings nexo = {
        .ids = ids,
        .clock = payment->clock,
        .random = sugu_random_system(),
        .sale_id = settings->sale_id,
        .poi_id = settings->poi_id,
        .answer_wait_ms = (uint32_t)settings->answer_wait_ms,
        .exchange_wait_ms = (uint32_t)settings->exchange_wait_ms,
    };
    struct sugu_nexo_key *key = NULL;
    struct sugu_nexo_link *link = NULL;
    struct sugu_error error;
    uint8_t *root = NULL;
    size_t size;

    die_if(sugu_file_read(settings->terminal_root, ROOT_SIZE_MAX, &root, &size, &error), &error);
    die_if(sugu_nexo_key_read(settings->terminal_key, &key, &error), &error);
    die_if(sugu_nexo_link_https_new((const char *)root, settings->terminal_name,
                                    (uint32_t)settings->connect_wait_ms, &link, &error),
           &error);
    die_if(sugu_terminal_nexo_new(&nexo, &key, &link, &payment->terminal, &error), &error);
    free(root);
}

static void
start_workers(struct payment *payment)
{
    const struct settings *settings = &payment->settings;
    struct sugu_error error;

    die_if(sugu_worker_new(payment->terminal, settings->terminal, &payment->worker, &error),
           &error);
    die_if(sugu_worker_new(payment->terminal, settings->terminal, &payment->aborter, &error),
           &error);
    if (*settings->cash)
        die_if(sugu_cash_set_new(settings->cash, payment->clock, &payment->cash, &error), &error);
}

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
    die_if(sugu_service_new(payment->context, payment->settings.listen, &service, payment->clock,
                            &payment->service, &error),
           &error);
}

static void
start_agent(struct payment *payment)
{
    const struct settings *settings = &payment->settings;
    struct sugu_agent_settings agent = {
        .journal = payment->journal,
        .clock = payment->clock,
        .random = sugu_random_system(),
        .has_terminal = true,
        .has_cash = payment->cash != NULL,
        .is_cash_recycled = settings->cash_recycles,
        .cash_low_pieces = (int32_t)settings->cash_low_pieces,
        .cash_idle_us = settings->cash_idle_ms * SUGU_MS,
        .cash_stuck_us = settings->cash_stuck_ms * SUGU_MS,
        .cash_place = settings->sale_id,
        .poi_id = settings->poi_id,
        .status_interval_us = settings->status_interval_ms * SUGU_MS,
        .status_give_up_us = settings->status_give_up_ms * SUGU_MS,
        .held_interval_us = settings->held_interval_ms * SUGU_MS,
        .begin_wait_us = settings->begin_wait_ms * SUGU_MS,
        .check_interval_us = settings->check_interval_ms * SUGU_MS,
    };
    struct sugu_agent_ways ways = {
        .ask_server = ask_server,
        .reply = reply_to_kiosk,
        .publish = publish,
        .set_health = set_health,
        .start_job = start_job,
        .abort_job = abort_job,
        .start_cash_job = start_cash_job,
        .fail = on_journal_failed,
        .user = payment,
    };
    struct sugu_error error;

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
    struct sugu_cash_job_result cash;
    struct sugu_job_result result;
    int64_t wait_us;

    if (payment->cash && sugu_job_thread_take(sugu_cash_set_worker(payment->cash), &cash))
        sugu_agent_on_cash_result(payment->agent, &cash);
    if (sugu_worker_take(payment->worker, &result))
        sugu_agent_on_result(payment->agent, &result);
    sugu_worker_take(payment->aborter, &result);
    if (payment->open_work_due_us &&
        payment->clock->monotonic_us(payment->clock) >= payment->open_work_due_us)
        ask_open_work(payment);
    wait_us = sugu_client_step(payment->client) ? 0 : WAIT_US_MAX;
    if (sugu_service_step(payment->service))
        wait_us = 0;
    wait_us = sugu_agent_step(payment->agent, wait_us);
    wait_us = least(wait_us, sugu_client_due_us(payment->client));
    return least(wait_us, sugu_service_due_us(payment->service));
}

static void
run(struct payment *payment, int stop_fd)
{
    bool is_stopping = false;

    while (!is_stopping && !payment->has_failed) {
        int64_t wait_us = step(payment);
        struct pollfd files[] = {
            {.fd = stop_fd, .events = POLLIN},
            {.fd = sugu_worker_fd(payment->worker), .events = POLLIN},
            {.fd = sugu_worker_fd(payment->aborter), .events = POLLIN},
            {.fd = sugu_client_fd(payment->client), .events = POLLIN},
            {.fd = sugu_service_fd(payment->service), .events = POLLIN},
            {.fd = payment->cash ? sugu_job_thread_fd(sugu_cash_set_worker(payment->cash)) : -1,
             .events = POLLIN},
        };

        poll(files, SUGU_ARRAY_SIZE(files), (int)((wait_us + SUGU_MS - 1) / SUGU_MS));
        is_stopping = files[0].revents & POLLIN;
    }
}

/* What is open stays in the journal: the next start resolves it. */
static void
stop(struct payment *payment)
{
    if (payment->terminal)
        sugu_terminal_nexo_stop(payment->terminal);
    payment->worker = sugu_worker_free(payment->worker);
    payment->aborter = sugu_worker_free(payment->aborter);
    payment->cash = sugu_cash_set_free(payment->cash);
    payment->terminal = sugu_terminal_nexo_free(payment->terminal);
    payment->agent = sugu_agent_free(payment->agent);
    payment->service = sugu_service_free(payment->service);
    payment->client = sugu_client_free(payment->client);
    payment->store->free(payment->store);
    payment->journal = sugu_journal_close(payment->journal);
    zmq_ctx_term(payment->context);
}

static _Noreturn void
refuse_arguments(void)
{
    struct sugu_error error;

    (void)sugu_fail(&error, SUGU_REFUSED, "settings.invalid",
                    "arguments: \"totals read|close|previous\" or \"cash-count DEVICE PIECES\"");
    sugu_process_die(PROGRAM, &error);
}

/* "cash-count DEVICE PIECES": a person has counted a payout. */
static int
keep_cash_count(const struct settings *settings, int count, char **arguments)
{
    struct sugu_error error;

    if (count != 3 || !*settings->cash)
        refuse_arguments();
    die_if(sugu_cash_set_count(settings->cash, settings->connection.state_folder, arguments[1],
                               arguments[2], &error),
           &error);
    return SUGU_EXIT_OK;
}

/* "totals NAME": asks, prints, ends. The program that takes payments may run meanwhile. */
static int
show_totals(struct payment *payment, int count, char **arguments)
{
    struct sugu_totals_ids ids;
    struct sugu_error error;

    if (count != 2)
        refuse_arguments();
    sugu_totals_ids_init(&ids, payment->clock);
    open_terminal(payment, &ids.ids);
    die_if(sugu_totals_print(payment->terminal, payment->settings.terminal, arguments[1], &error),
           &error);
    payment->terminal = sugu_terminal_nexo_free(payment->terminal);
    return SUGU_EXIT_OK;
}

/* What the program does instead of taking payments. */
static int
run_command(struct payment *payment, int count, char **arguments)
{
    if (strcmp(arguments[0], "totals") == 0)
        return show_totals(payment, count, arguments);
    if (strcmp(arguments[0], "cash-count") == 0)
        return keep_cash_count(&payment->settings, count, arguments);
    refuse_arguments();
}

int
main(int argc, char **argv)
{
    struct payment payment = {.clock = sugu_clock_system()};
    struct sugu_error error;
    int stop_fd, first;

    sugu_process_start(PROGRAM);
    first = sugu_program_start(&program, argc, argv, &payment.settings);
    check_settings(&payment.settings);
    if (first < argc)
        return run_command(&payment, argc - first, argv + first);
    stop_fd = sugu_process_stop_fd();
    die_if(sugu_journal_open(payment.settings.connection.state_folder, payment.clock,
                             &payment.journal, &error),
           &error);
    open_terminal(&payment, sugu_journal_service_ids(payment.journal));
    start_workers(&payment);
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
