/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payment - sugu-payment at a kiosk: what payment/main.c connects, connected to the simulation
 *
 * The agent, its journal, the devices with their jobs and the drivers are the product's; below
 * them are threads.c and the devices' lines (device.h).
 */
#include "simulation/device-card.h"
#include "simulation/device-cash.h"
#include "simulation/device-code.h"
#include "simulation/device-on-file.h"
#include "simulation/planted-wraps.h"
#include "simulation/world.h"

#include "base/files.h"
#include "base/text.h"
#include "client/service.h"
#include "payment/devices.h"
#include "payment/journal-cash.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <zmq.h>

#define OPEN_WORK_WAIT_US  (10 * SUGU_SECOND)
#define OPEN_WORK_EVERY_US (5 * SUGU_MINUTE)
#define WAIT_US_MAX        (3 * SUGU_SECOND)

struct payment_state {
    struct kiosk *kiosk;
    void *context;
    struct sugu_journal *journal;
    struct sugu_payment_settings settings;
    struct sugu_payment_devices *devices;
    struct sugu_client *client;
    struct sugu_service *service; /* NULL = no window here */
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
    struct payment_state *payment = user;

    if (payment->service)
        sugu_service_reply(payment->service, asker, reply);
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
    sugu_payment_devices_start(((struct payment_state *)user)->devices, job);
}

static void
abort_job(void *user, const char *service_id)
{
    sugu_payment_devices_abort(((struct payment_state *)user)->devices, service_id);
}

static void
start_cash_job(void *user, const struct sugu_cash_job *job)
{
    sugu_payment_devices_start_cash(((struct payment_state *)user)->devices, job);
}

static void
start_code_job(void *user, const struct sugu_code_job *job)
{
    sugu_payment_devices_start_code(((struct payment_state *)user)->devices, job);
}

static void
start_on_file_job(void *user, const struct sugu_on_file_job *job)
{
    sugu_payment_devices_start_on_file(((struct payment_state *)user)->devices, job);
}

static void
fail(void *user, const struct sugu_error *error)
{
    (void)user;
    sim_fail("the journal failed: %s %s", error->code, error->detail);
}

/* ---- what happens */

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
    if (*payment->settings.listen)
        expect_ok(sugu_service_new(payment->context, payment->settings.listen, &service,
                                   &kiosk->payment.clock, &payment->service, &error),
                  &error);
}

static void
start_agent(struct payment_state *payment)
{
    struct kiosk *kiosk = payment->kiosk;
    struct sugu_agent_settings settings = {
        .journal = payment->journal, .clock = &kiosk->payment.clock, .random = sim_random()};
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
        .fail = fail,
        .user = payment,
    };
    struct sugu_error error;

    sugu_payment_devices_describe(payment->devices, &settings);
    settings.poi_id = kiosk->poi_id; /* the emulated terminals are all the same one's */
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

    sugu_payment_devices_step(payment->devices, payment->agent);
    if (payment->open_work_due_us && sim_now() >= payment->open_work_due_us)
        ask_open_work(payment);
    wait_us = sugu_client_step(payment->client) ? 0 : WAIT_US_MAX;
    if (payment->service && sugu_service_step(payment->service))
        wait_us = 0;
    wait_us = sugu_agent_step(payment->agent, wait_us);
    wait_us = least(wait_us, sugu_client_due_us(payment->client));
    return payment->service ? least(wait_us, sugu_service_due_us(payment->service)) : wait_us;
}

struct kiosk *
device_kiosk(void)
{
    return sim_running()->user;
}

void
device_file(const struct kiosk *kiosk, const char *name, const char *text, char path[512])
{
    FILE *file;

    snprintf(path, 512, "%s/%s", kiosk->folder, name);
    file = fopen(path, "we");
    if (!file || fputs(text, file) < 0 || fchmod(fileno(file), 0600) != 0 || fclose(file) != 0)
        abort();
}

/* What the settings' file of this kiosk says, and what is the program's own default. */
static void
settle_settings(const struct kiosk *kiosk, struct sugu_payment_settings *settings)
{
    sugu_settings_init(&sugu_payment_program, settings);
    sugu_text_copy(settings->listen, sizeof settings->listen, kiosk->endpoint);
    sugu_text_copy(settings->sale_id, sizeof settings->sale_id, kiosk->place);
    if (kiosk->card)
        device_card_settings(kiosk, settings);
    if (kiosk->cash)
        device_cash_settings(kiosk, settings);
    if (kiosk->code)
        device_code_settings(kiosk, settings);
    if (kiosk->on_file)
        device_on_file_settings(kiosk, settings);
}

static void
open_devices(struct payment_state *payment)
{
    const struct kiosk *kiosk = payment->kiosk;
    struct sugu_error error;

    expect_ok(sugu_payment_devices_new(&payment->settings, &kiosk->payment.clock,
                                       sugu_journal_service_ids(payment->journal),
                                       &payment->devices, &error),
              &error);
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
    if (sugu_folder_make(kiosk->folder, &error))
        abort();
    settle_settings(kiosk, &payment->settings);
    if (kiosk->cash)
        device_cash_fill(kiosk->cash, &payment->settings);
    expect_ok(sugu_journal_open(kiosk->folder, &kiosk->payment.clock, &payment->journal, &error),
              &error);
    if (*sim_failure())
        return;
    planted_start(payment->journal);
    open_devices(payment);
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
        free(payment); /* not the devices: they may be in use on a stack that is gone */
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

bool
payment_find_attempt(const struct kiosk *kiosk,
                     const struct sugu_id *id,
                     struct sugu_attempt *ret_attempt)
{
    struct sugu_error error;

    return kiosk->payment_state && kiosk->payment_state->agent &&
           sugu_journal_find(kiosk->payment_state->journal, SUGU_JOURNAL_BY_ID, id, ret_attempt,
                             &error) == SUGU_OK;
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

enum sugu_status
__wrap_sugu_journal_cash_write(struct sugu_journal *journal,
                               const struct sugu_cash_entry *entry,
                               struct sugu_error *reterr)
{
    enum sugu_status status;

    sim_point("journal.before");
    if (entry->event)
        sim_note("cash event", entry->event->kind, (int64_t)entry->event->step);
    if (entry->session)
        sim_note("cash session", entry->session->state, entry->session->approved_yen);
    status = planted_cash_write(journal, entry, reterr);
    sim_point("journal.after");
    return status;
}
