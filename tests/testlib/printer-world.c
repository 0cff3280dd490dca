/* SPDX-License-Identifier: Apache-2.0 */
/*
 * printer-world - a kiosk's corner with its printer
 */
#include "testlib/printer-world.h"

#include "testlib/checks.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <zmq.h>

static void
note(struct world_news *list, size_t *count, struct world_news news)
{
    ck_assert_uint_lt(*count, WORLD_NEWS_MAX);
    list[(*count)++] = news;
}

static void
on_event(void *user, const Sugu__Event *event)
{
    struct printer_world *world = user;

    if (event->body_case == SUGU__EVENT__BODY_PRINT_CHANGED) {
        struct world_news news = {sugu_id_of(&event->print_changed->paper),
                                  event->print_changed->state, ""};
        snprintf(news.code, sizeof news.code, "%s", event->print_changed->code);
        note(world->news, &world->news_count, news);
    } else if (event->body_case == SUGU__EVENT__BODY_PART_CHANGED) {
        ck_assert_int_eq(event->part_changed->part, SUGU__PART__PART_PRINTER);
        snprintf(world->part_code, sizeof world->part_code, "%s", event->part_changed->code);
        world->part_health = event->part_changed->health;
        world->has_part = true;
    }
}

static bool
is_reported(const struct printer_world *world, const struct sugu_id *paper)
{
    for (size_t i = 0; i < world->report_count; i++)
        if (sugu_id_equal(&world->reports[i].paper, paper))
            return true;
    return false;
}

static void
on_report(void *user, const struct sugu_asker *asker, const Sugu__Request *request)
{
    struct printer_world *world = user;
    struct sugu_error fine = {.status = SUGU_OK, .code = ""};
    struct world_news news = {.code = ""};

    ck_assert_int_eq(request->body_case, SUGU__REQUEST__BODY_REPORT_PAPER);
    news.paper = sugu_id_of(&request->report_paper->paper);
    news.state = request->report_paper->state;
    snprintf(news.code, sizeof news.code, "%s", request->report_paper->code);
    if (news.state == SUGU__PAPER_STATE__PAPER_QUEUED ||
        news.state == SUGU__PAPER_STATE__PAPER_PRINTING)
        note(world->waits, &world->wait_count, news);
    else if (is_reported(world, &news.paper))
        world->report_repeats++;
    else
        note(world->reports, &world->report_count, news);
    sugu_service_reply_error(world->service, asker, &fine);
}

static void
on_listener(void *user)
{
    (void)user;
}

static void
connect_kiosk(struct printer_world *world)
{
    const struct sugu_client_settings settings = {.endpoint = world->endpoint,
                                                  .listens = true,
                                                  .resend_us = 300 * SUGU_MS,
                                                  .heartbeat_us = 100 * SUGU_MS};
    const struct sugu_client_callbacks callbacks = {.on_event = on_event, .user = world};
    struct sugu_error error;

    world->store = sugu_store_memory();
    sugu_assert_ok(sugu_client_new(&settings, &callbacks,
                                   &(struct sugu_client_means){world->zmq, sugu_clock_system(),
                                                               sugu_random_system(), world->store},
                                   &world->client, &error),
                   error);
}

struct printer_world *
world_new(const char *formats)
{
    struct printer_world *world = calloc(1, sizeof *world);
    struct sugu_service_callbacks callbacks = {on_report, on_listener, world};
    struct sugu_error error;
    const char *problem;
    char folder[100];

    snprintf(world->folder, sizeof world->folder, "/tmp/sugu-printer-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(world->folder));
    snprintf(world->endpoint, sizeof world->endpoint, "ipc://%s/printer", world->folder);
    snprintf(world->server, sizeof world->server, "ipc://%s/server", world->folder);
    snprintf(world->spool, sizeof world->spool, "%s/spool", world->folder);
    snprintf(world->log, sizeof world->log, "%s/log", world->folder);
    snprintf(folder, sizeof folder, "%s/device", world->folder);
    problem = ipp_printer_start(&world->device, folder, formats);
    ck_assert_msg(!problem, "%s", problem);
    snprintf(world->where, sizeof world->where, "%s", world->device.uri);
    world->zmq = zmq_ctx_new();
    sugu_assert_ok(sugu_service_new(world->zmq, world->server, &callbacks, sugu_clock_system(),
                                    &world->service, &error),
                   error);
    connect_kiosk(world);
    return world;
}

struct printer_world *
world_free(struct printer_world *world)
{
    char command[100];

    if (world->program > 0)
        world_end_program(world, SIGTERM);
    ipp_printer_stop(&world->device);
    sugu_client_free(world->client);
    world->store->free(world->store);
    sugu_service_free(world->service);
    zmq_ctx_term(world->zmq);
    snprintf(command, sizeof command, "rm -rf %s", world->folder);
    ck_assert_int_eq(system(command), 0);
    free(world);
    return NULL;
}

void
world_start_program(struct printer_world *world)
{
    char state[100];
    char *argv[] = {(char *)SUGU_PRINTER,
                    "--listen",
                    world->endpoint,
                    "--printer",
                    world->where,
                    "--spool-folder",
                    world->spool,
                    "--poll-ms",
                    "50",
                    "--idle-poll-ms",
                    "200",
                    "--unconfirmed-ms",
                    "1500",
                    "--server",
                    world->server,
                    "--state-folder",
                    state,
                    NULL};

    snprintf(state, sizeof state, "%s/state", world->folder);
    world->program = ipp_printer_spawn(argv, world->log);
}

int
world_end_program(struct printer_world *world, int signal)
{
    int status;

    kill(world->program, signal);
    while (waitpid(world->program, &status, 0) < 0 && errno == EINTR)
        continue;
    world->program = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void
let_talk(struct printer_world *world)
{
    bool has_more = sugu_service_step(world->service);

    has_more |= sugu_client_step(world->client);
    if (!has_more) {
        int64_t due = sugu_client_due_us(world->client);
        struct pollfd files[] = {
            {.fd = sugu_client_fd(world->client), .events = POLLIN},
            {.fd = sugu_service_fd(world->service), .events = POLLIN},
        };
        if (sugu_service_due_us(world->service) < due)
            due = sugu_service_due_us(world->service);
        /* What the device does raises no event here: look at it every few milliseconds. */
        poll(files, 2, due < 20 * SUGU_MS ? (int)(due / SUGU_MS) : 20);
    }
}

void
world_await(struct printer_world *world,
            bool (*is_so)(const struct printer_world *world, const void *what),
            const void *what,
            const char *name)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t until = clock->monotonic_us(clock) + WORLD_DEADLINE_US;

    while (!is_so(world, what)) {
        ck_assert_msg(clock->monotonic_us(clock) < until, "in vain: %s; see %s", name,
                      world->folder);
        let_talk(world);
    }
}

struct answer {
    bool is_there;
    Sugu__Status status;
    char code[64];
};

static void
on_reply(void *user, const Sugu__Reply *reply)
{
    struct answer *answer = user;

    answer->is_there = true;
    answer->status = reply->status;
    snprintf(answer->code, sizeof answer->code, "%s", reply->code);
}

static bool
is_answered(const struct printer_world *world, const void *what)
{
    (void)world;
    return ((const struct answer *)what)->is_there;
}

Sugu__Status
world_order(struct printer_world *world, const Sugu__PrintPaper *order, char code[64])
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    struct answer answer = {.is_there = false};
    struct sugu_error error;

    request.body_case = SUGU__REQUEST__BODY_PRINT_PAPER;
    request.print_paper = (Sugu__PrintPaper *)order;
    if (world->deadline_us > 0)
        request.deadline_utc_us =
            sugu_clock_system()->utc_us(sugu_clock_system()) + world->deadline_us;
    sugu_assert_ok(sugu_client_request(world->client, &request,
                                       &(struct sugu_ask){.on_reply = on_reply, .user = &answer},
                                       &error),
                   error);
    world_await(world, is_answered, &answer, "a reply to the order");
    memcpy(code, answer.code, sizeof answer.code);
    return answer.status;
}

static bool
is_heard(const struct printer_world *world, const void *what)
{
    const struct world_news *wanted = what;

    for (size_t i = 0; i < world->news_count; i++)
        if (sugu_id_equal(&world->news[i].paper, &wanted->paper) &&
            world->news[i].state == wanted->state &&
            (wanted->code[0] == '*' || strcmp(world->news[i].code, wanted->code) == 0))
            return true;
    return false;
}

void
world_await_paper(struct printer_world *world,
                  const struct sugu_id *paper,
                  Sugu__PaperState state,
                  const char *code)
{
    struct world_news wanted = {*paper, state, "*"};
    char name[120];

    if (code)
        snprintf(wanted.code, sizeof wanted.code, "%s", code);
    snprintf(name, sizeof name, "a paper in state %d, code %s", (int)state, wanted.code);
    world_await(world, is_heard, &wanted, name);
}

bool
world_heard(const struct printer_world *world, const struct sugu_id *paper, Sugu__PaperState state)
{
    struct world_news wanted = {*paper, state, "*"};

    return is_heard(world, &wanted);
}

static bool
is_part(const struct printer_world *world, const void *what)
{
    return world->has_part && strcmp(world->part_code, what) == 0;
}

void
world_await_part(struct printer_world *world, const char *code)
{
    world_await(world, is_part, code, code);
}

static bool
is_told(const struct printer_world *world, const void *what)
{
    const struct world_news *wanted = what;

    for (size_t i = 0; i < world->report_count; i++)
        if (sugu_id_equal(&world->reports[i].paper, &wanted->paper)) {
            ck_assert_int_eq(world->reports[i].state, wanted->state);
            return true;
        }
    return false;
}

void
world_await_report(struct printer_world *world, const struct sugu_id *paper, Sugu__PaperState state)
{
    struct world_news wanted = {*paper, state, ""};

    world_await(world, is_told, &wanted, "a report at the server");
}

static bool
is_told_to_wait(const struct printer_world *world, const void *what)
{
    const struct world_news *wanted = what;

    for (size_t i = 0; i < world->wait_count; i++)
        if (sugu_id_equal(&world->waits[i].paper, &wanted->paper) &&
            strcmp(world->waits[i].code, wanted->code) == 0)
            return true;
    return false;
}

void
world_await_wait(struct printer_world *world, const struct sugu_id *paper, const char *code)
{
    struct world_news wanted = {.paper = *paper};

    snprintf(wanted.code, sizeof wanted.code, "%s", code);
    world_await(world, is_told_to_wait, &wanted, "a report of a paper that waits");
}

unsigned
world_spooled(const struct printer_world *world, const char *ending)
{
    DIR *files = opendir(world->spool);
    struct dirent *entry;
    unsigned count = 0;

    while (files && (entry = readdir(files))) {
        size_t length = strlen(entry->d_name), end = strlen(ending);
        count += length > end && strcmp(entry->d_name + length - end, ending) == 0;
    }
    if (files)
        closedir(files);
    return count;
}
