/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sugu-printer - papers: layout, submission, what really came out
 *
 * Answers PrintPaper on its ipc:// socket as soon as the order is kept on disk, publishes what
 * becomes of each paper and how the printer is, and reports ends to the queue server.
 */
#include "printer-ipp.h"
#include "worker.h"

#include "base/log.h"
#include "base/process.h"
#include "client/client.h"
#include "client/keys.h"
#include "client/service.h"
#include "papers/sheet.h"

#include <poll.h>
#include <string.h>
#include <zmq.h>

#define NAME "sugu-printer"

struct printer_settings {
    char listen[256];
    char printer[512];
    char spool_folder[512];
    struct sugu_connection_settings connection;
    int64_t poll_ms;
    int64_t idle_poll_ms;
    int64_t unconfirmed_ms;
    int64_t give_up_minutes;
};

static const struct sugu_setting rows[] = {
    SUGU_SETTING_TEXT_ROW(struct printer_settings,
                          listen,
                          "listen",
                          1,
                          "ipc:///run/sugu/printer",
                          "Socket for the kiosk, ipc://PATH."),
    SUGU_SETTING_TEXT_ROW(struct printer_settings,
                          printer,
                          "printer",
                          1,
                          "",
                          "Where the printer is: ipp://HOST:PORT/ipp/print or cups:QUEUE."),
    SUGU_SETTING_TEXT_ROW(struct printer_settings,
                          spool_folder,
                          "spool-folder",
                          1,
                          "/var/lib/sugu/printer",
                          "Folder that keeps papers until they are out."),
    SUGU_SETTING_INT_ROW(struct printer_settings,
                         poll_ms,
                         "poll-ms",
                         50,
                         60000,
                         "ms",
                         "400",
                         "Time between two looks at the printer while a paper is under way."),
    SUGU_SETTING_INT_ROW(struct printer_settings,
                         idle_poll_ms,
                         "idle-poll-ms",
                         50,
                         600000,
                         "ms",
                         "5000",
                         "Time between two looks at the printer while no paper is under way."),
    SUGU_SETTING_INT_ROW(struct printer_settings,
                         unconfirmed_ms,
                         "unconfirmed-ms",
                         0,
                         600000,
                         "ms",
                         "10000",
                         "How long a printer may contradict its own 'completed' before the patient "
                         "is asked."),
    SUGU_SETTING_INT_ROW(struct printer_settings,
                         give_up_minutes,
                         "give-up-minutes",
                         1,
                         1440,
                         "minutes",
                         "30",
                         "A paper that waited so long is dropped."),
    SUGU_CONNECTION_ROWS(struct printer_settings, connection),
};

static const struct sugu_program program = {
    .name = NAME,
    .summary = "Lays papers out, prints them and knows what really came out.",
    .settings = rows,
    .settings_count = SUGU_ARRAY_SIZE(rows),
    .arguments = "",
};

struct printer_program {
    struct sugu_worker *worker;
    struct sugu_service *service;
    struct sugu_client *client; /* NULL without a server */
    const struct sugu_clock *clock;
    struct sugu_random *random;
};

/* Past its deadline nobody stands there who would take it. A new paper for someone who may have
 * left long ago; one that is known already is told about. */
static bool
is_too_late(const struct printer_program *self, const Sugu__Request *request)
{
    struct sugu_id paper = sugu_id_of(&request->print_paper->paper);

    return request->deadline_utc_us > 0 &&
           self->clock->utc_us(self->clock) > request->deadline_utc_us &&
           !sugu_worker_tell(self->worker, &paper);
}

static void
on_request(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    struct printer_program *self = user;
    struct sugu_id report = sugu_id_new(self->clock, self->random);
    struct sugu_error error = {.status = SUGU_OK, .code = ""};

    if (request->body_case != SUGU__REQUEST__BODY_PRINT_PAPER)
        sugu_fail(&error, SUGU_REFUSED, "message.unknown", "%s is not for the printer",
                  sugu_request_name(request));
    else if (is_too_late(self, request))
        sugu_fail(&error, SUGU_REFUSED, "request.too-late", "paper ordered too long ago");
    else if (sugu_worker_add(self->worker, request->print_paper, &report, request->deadline_utc_us,
                             &error) == SUGU_OK)
        error.status = SUGU_OK;
    if (error.status != SUGU_OK)
        sugu_log_error(SUGU_LOG_WARNING, "paper.refused", &error);
    sugu_service_reply_error(self->service, asker, &error);
}

static void
on_listener(void *user)
{
    struct printer_program *self = user;

    sugu_worker_tell_all(self->worker);
}

/* To the front desk, with each heartbeat. */
static void
say_health(struct printer_program *self, Sugu__PartState *part)
{
    Sugu__PartState *parts[] = {part};
    Sugu__Heartbeat heartbeat = SUGU__HEARTBEAT__INIT;

    heartbeat.n_parts = 1;
    heartbeat.parts = parts;
    sugu_client_set_heartbeat(self->client, &heartbeat);
}

static void
publish_reasons(struct printer_program *self, uint32_t reasons)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PartState part = SUGU__PART_STATE__INIT;

    part.part = SUGU__PART__PART_PRINTER;
    part.code = (char *)sugu_track_code(reasons);
    part.health = sugu_track_is_blocked(reasons) ? SUGU__PART_HEALTH__PART_AWAY
                  : reasons != 0                 ? SUGU__PART_HEALTH__PART_LOW
                                                 : SUGU__PART_HEALTH__PART_OK;
    event.body_case = SUGU__EVENT__BODY_PART_CHANGED;
    event.part_changed = &part;
    sugu_service_publish(self->service, &event);
    if (self->client)
        say_health(self, &part);
    sugu_log(SUGU_LOG_INFO, "printer.state", "code=%s", *part.code ? part.code : "ok");
}

static void
publish_paper(struct printer_program *self, const struct sugu_spooled *paper)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__PaperChange change = SUGU__PAPER_CHANGE__INIT;
    char id[SUGU_ID_TEXT_SIZE];

    change.paper = sugu_id_field(&paper->paper);
    if (!sugu_id_is_none(&paper->visit))
        change.visit = sugu_id_field(&paper->visit);
    change.kind = paper->kind;
    change.state = (Sugu__PaperState)paper->state;
    change.code = (char *)paper->code;
    event.body_case = SUGU__EVENT__BODY_PRINT_CHANGED;
    event.print_changed = &change;
    sugu_service_publish(self->service, &event);
    sugu_log(SUGU_LOG_INFO, "paper.state", "paper=%s state=%s code=%s",
             sugu_id_to_text(&paper->paper, id), sugu_print_job_machine.states[paper->state],
             *paper->code ? paper->code : "-");
}

static void
on_report_reply(void *user, const Sugu__Reply *reply)
{
    (void)user;
    if (reply->status != SUGU__STATUS__OK)
        sugu_log(SUGU_LOG_WARNING, "report.refused", "code=%s", reply->code);
}

/* Tells the queue server about the paper; the client keeps the request until it is answered. False
 * where it could not be kept. */
static bool
send_report(struct printer_program *self,
            const struct sugu_spooled *paper,
            const struct sugu_id *request_id)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__ReportPaper report = SUGU__REPORT_PAPER__INIT;
    struct sugu_error error;

    report.paper = sugu_id_field(&paper->paper);
    if (!sugu_id_is_none(&paper->visit))
        report.visit = sugu_id_field(&paper->visit);
    report.kind = paper->kind;
    report.state = (Sugu__PaperState)paper->state;
    report.code = (char *)paper->code;
    request.body_case = SUGU__REQUEST__BODY_REPORT_PAPER;
    request.report_paper = &report;
    if (sugu_client_request(
            self->client, &request,
            &(struct sugu_ask){.id = request_id, .on_reply = on_report_reply, .user = self},
            &error) == SUGU_OK)
        return true;
    sugu_log_error(SUGU_LOG_WARNING, "report.not-kept", &error);
    return false;
}

/* How a paper ended is reported once, under an id of its own: what could not be kept is tried again
 * by the next start of the program. A paper that waits for somebody is reported as it is now. */
static void
report_paper(struct printer_program *self, const struct sugu_worker_news *news)
{
    const struct sugu_spooled *paper = &news->paper;

    if (!self->client)
        return;
    if (news->needs_report && send_report(self, paper, &paper->report))
        sugu_worker_reported(self->worker, &paper->paper);
    else if (!sugu_print_job_is_over(paper->state) && *paper->code)
        send_report(self, paper, /* request_id= */ NULL);
}

static void
pass_news_on(struct printer_program *self)
{
    struct sugu_worker_news news;

    while (sugu_worker_take(self->worker, &news)) {
        if (news.has_reasons)
            publish_reasons(self, news.reasons);
        if (news.has_paper)
            publish_paper(self, &news.paper);
        if (news.has_paper)
            report_paper(self, &news);
    }
}

static int64_t
sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Until SIGTERM. */
static void
run(struct printer_program *self, int stop_fd)
{
    for (;;) {
        /* Every call on a socket may eat its edge and change its descriptor: ask for both last. */
        bool has_more = sugu_service_step(self->service);
        int64_t due;

        if (self->client)
            has_more |= sugu_client_step(self->client);
        pass_news_on(self);
        due = sooner(sugu_service_due_us(self->service), SUGU_SECOND);
        if (self->client)
            due = sooner(due, sugu_client_due_us(self->client));
        {
            struct pollfd files[4] = {
                {.fd = stop_fd, .events = POLLIN},
                {.fd = sugu_worker_fd(self->worker), .events = POLLIN},
                {.fd = sugu_service_fd(self->service), .events = POLLIN},
                {.fd = self->client ? sugu_client_fd(self->client) : -1, .events = POLLIN},
            };
            poll(files, SUGU_ARRAY_SIZE(files),
                 has_more ? 0 : (int)((due + SUGU_MS - 1) / SUGU_MS));
            if (files[0].revents)
                return;
        }
    }
}

static void
on_refused(void *user, const char *code)
{
    (void)user;
    sugu_log(SUGU_LOG_WARNING, "link.refused", "code=%s", code);
}

/* Orders come over ipc://; the server is listened to for the sake of the heartbeats. */
static void
on_event(void *user, const Sugu__Event *event)
{
    (void)user;
    (void)event;
}

/* The connection to the queue server, where one is set. */
static enum sugu_status
connect_server(struct printer_program *self,
               void *context,
               const struct printer_settings *settings,
               struct sugu_request_store **ret_store,
               struct sugu_error *reterr)
{
    static const struct sugu_client_callbacks callbacks = {.on_event = on_event,
                                                           .on_refused = on_refused};
    struct sugu_client_settings client;
    enum sugu_status status;

    if (!*settings->connection.server)
        return SUGU_OK;
    if (!*settings->connection.state_folder)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "state-folder: has to be set, with a server");
    status = sugu_connection_prepare(&settings->connection, &client, reterr);
    if (status == SUGU_OK)
        status = sugu_store_folder(settings->connection.state_folder, ret_store, reterr);
    client.listens = true;
    if (status == SUGU_OK)
        status = sugu_client_new(
            &client, &callbacks,
            &(struct sugu_client_means){context, self->clock, self->random, *ret_store},
            &self->client, reterr);
    explicit_bzero(&client, sizeof client);
    return status;
}

static enum sugu_status
start_worker(struct printer_program *self,
             const struct printer_settings *settings,
             atomic_int *stop,
             struct sugu_error *reterr)
{
    const struct sugu_worker_settings worker = {
        .spool_folder = settings->spool_folder,
        .give_up_us = settings->give_up_minutes * SUGU_MINUTE,
        .poll_us = settings->poll_ms * SUGU_MS,
        .idle_poll_us = settings->idle_poll_ms * SUGU_MS,
        .unconfirmed_us = settings->unconfirmed_ms * SUGU_MS,
        .wants_reports = *settings->connection.server != '\0',
    };
    struct sugu_printer *printer;
    enum sugu_status status = sugu_sheet_font_check(reterr);

    if (status == SUGU_OK)
        status = sugu_printer_ipp_new(settings->printer, stop, &printer, reterr);
    if (status == SUGU_OK)
        status = sugu_worker_new(&worker, printer, stop, self->clock, &self->worker, reterr);
    return status;
}

int
main(int argc, char **argv)
{
    static struct printer_settings settings;
    static atomic_int stop;
    struct printer_program self = {.clock = sugu_clock_system(), .random = sugu_random_system()};
    const struct sugu_service_callbacks callbacks = {on_request, on_listener, &self};
    struct sugu_request_store *store = NULL;
    struct sugu_error error;
    enum sugu_status status;
    void *context;
    int stop_fd;

    sugu_process_start(NAME);
    sugu_program_start(&program, argc, argv, &settings);
    stop_fd = sugu_process_stop_fd();
    context = zmq_ctx_new();
    status =
        sugu_settings_need(&program, &settings, (const char *const[]){"printer", NULL}, &error);
    if (status == SUGU_OK)
        status = start_worker(&self, &settings, &stop, &error);
    if (status == SUGU_OK)
        status = connect_server(&self, context, &settings, &store, &error);
    if (status == SUGU_OK)
        status = sugu_service_new(context, settings.listen, &callbacks, self.clock, &self.service,
                                  &error);
    if (status == SUGU_OK) {
        sugu_log(SUGU_LOG_INFO, "printer.started", "listen=%s", settings.listen);
        run(&self, stop_fd);
    }
    self.worker = sugu_worker_free(self.worker);
    if (self.service)
        self.service = sugu_service_free(self.service);
    self.client = sugu_client_free(self.client);
    if (store)
        store->free(store);
    zmq_ctx_term(context);
    if (status != SUGU_OK)
        sugu_process_die(NAME, &error);
    return SUGU_EXIT_OK;
}
