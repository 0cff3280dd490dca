/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main - sugu-web: settings, parts, and the loop
 */
#include "web/line.h"
#include "web/monitor.h"
#include "web/site.h"

#include "base/log.h"
#include "base/process.h"
#include "client/client-source.h"
#include "client/keys.h"

#include <glib-unix.h>
#include <sys/resource.h>
#include <zmq.h>

#include <stdlib.h>
#include <string.h>

#define PROGRAM          "sugu-web"
#define LOOK_US_MIN      SUGU_SECOND
#define BOOK_REFRESH_US  SUGU_MINUTE
#define BOOK_WAIT_US     (5 * SUGU_SECOND)
#define TICK_US          (25 * SUGU_SECOND)
#define DRAIN_US         (30 * SUGU_SECOND)
#define REQUEST_US       (15 * SUGU_SECOND)
#define REQUEST_SIZE_MAX 16384
#define HOOK_RETRY_US    SUGU_SECOND
#define FILES_SPARE      64 /* descriptors beside the connections */

struct settings {
    struct sugu_connection_settings connection;
    char listen[128], monitor[128];
    char certificate[512], certificate_key[512];
    char trusted_proxy[64], time_zone[64], locales[512];
    char phone_page[201], hook_url[512], hook_key[512];
    int64_t few, refresh_s, open_pages, connections, connections_per_address;
    int64_t asks_per_minute, misses_per_minute, hook_retry_s_max;
};

#define TEXT(field, name, initial, help)                                                           \
    SUGU_SETTING_TEXT_ROW(struct settings, field, name, 0, initial, help)
#define NUMBER(field, name, low, high, unit, initial, help)                                        \
    SUGU_SETTING_INT_ROW(struct settings, field, name, low, high, unit, initial, help)

static const struct sugu_setting rows[] = {
    SUGU_CONNECTION_ROWS(struct settings, connection),
    TEXT(listen, "listen", "127.0.0.1:7780", "Address and port of the phone page."),
    TEXT(monitor, "monitor", "", "Address and port for /metrics and /healthz; empty = none."),
    TEXT(certificate, "certificate", "", "Certificates (PEM) for TLS; empty = behind a proxy."),
    TEXT(certificate_key,
         "certificate-key",
         "",
         "The certificate's private key (PEM); empty = in the same file."),
    TEXT(trusted_proxy,
         "trusted-proxy",
         "",
         "Address of the reverse proxy whose X-Forwarded-For is believed; empty = none."),
    NUMBER(few, "few", 0, 50, "", "3", "So many before a patient mean 'please come back now'."),
    NUMBER(refresh_s,
           "refresh",
           5,
           600,
           "s",
           "20",
           "How often a page without scripts comes again by itself."),
    TEXT(time_zone, "time-zone", "Asia/Tokyo", "Time zone of the times on the page."),
    NUMBER(open_pages, "open-pages", 1, 100000, "", "3000", "Pages kept right by events at most."),
    NUMBER(connections, "connections", 2, 100000, "", "4000", "Connections at most."),
    NUMBER(connections_per_address,
           "connections-per-address",
           1,
           100000,
           "",
           "3000",
           "Connections of one address at most; a hospital's WLAN is one address."),
    NUMBER(asks_per_minute,
           "asks-per-minute",
           1,
           100000,
           "",
           "6000",
           "Pages that one address may ask for in a minute."),
    NUMBER(misses_per_minute,
           "misses-per-minute",
           1,
           1000,
           "",
           "20",
           "Pages that do not exist that one address may ask for in a minute."),
    TEXT(phone_page,
         "phone-page",
         "",
         "Public address of the page up to the token, for hooks: https://HOST/t/; empty = none."),
    TEXT(hook_url, "hook-url", "", "Where messages are posted to, https://HOST/…; empty = none."),
    TEXT(hook_key, "hook-key", "", "File with the key that signs the messages."),
    NUMBER(hook_retry_s_max,
           "hook-retry-max",
           1,
           3600,
           "s",
           "300",
           "Longest pause between two tries to deliver a message."),
    TEXT(locales, "locales", "", "Folder with the translations; empty = where they are installed."),
};

static const struct sugu_program program = {
    .name = PROGRAM,
    .summary = "serves the patient's phone page and posts messages about the visit",
    .settings = rows,
    .settings_count = SUGU_ARRAY_SIZE(rows),
    .arguments = "",
};

/* Everything that lives as long as the program. */
struct world {
    const struct sugu_clock *clock;
    struct web_figures figures;
    GMainLoop *loop;
    SoupServer *server;
    struct web_words *words;
    struct web_book *book;
    struct web_crowd *crowd;
    struct web_site *site;
    struct web_door *door;
    struct web_monitor *monitor;
    struct web_hooks *hooks;
    struct web_line *line;
    void *zmq;
    struct sugu_request_store *store;
    struct sugu_client *client;
    GSource *client_source;
};

static void
die(enum sugu_status status, const struct sugu_error *error)
{
    if (status != SUGU_OK)
        sugu_process_die(PROGRAM, error);
}

static void
require(bool is_fine, const char *text)
{
    struct sugu_error error;

    if (!is_fine)
        die(sugu_fail(&error, SUGU_REFUSED, "settings.invalid", "%s", text), &error);
}

/* A connection is a descriptor; the usual limit of 1024 is meant for programs with few. */
static void
raise_files(int64_t connections)
{
    struct rlimit limit;
    rlim_t wanted = (rlim_t)connections + FILES_SPARE;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    require(limit.rlim_cur >= wanted, "connections: more than the limit of open files (ulimit -n)");
}

static bool
is_up(void *user)
{
    return web_line_is_up(((struct world *)user)->line);
}

/* ---- the monitor's side */

static void
look(void *user, struct web_levels *ret_levels)
{
    struct world *world = user;
    struct web_book_count count;

    web_book_count(world->book, &count);
    *ret_levels = (struct web_levels){
        .connections = web_door_count(world->door),
        .listeners = web_crowd_count(world->crowd),
        .pages = count.pages,
        .wanted = count.wanted,
        .looks = count.looks,
        .hooks_waiting = world->hooks ? web_hooks_waiting(world->hooks) : 0,
        .is_server_up = is_up(world),
    };
}

static void
start_monitor(struct world *world, const struct settings *settings)
{
    struct sugu_error error;

    if (*settings->monitor)
        die(web_monitor_new(settings->monitor,
                            &(struct web_monitor_means){
                                .figures = &world->figures, .look = look, .user = world},
                            &world->monitor, &error),
            &error);
}

/* ---- the parts */

static void
start_book(struct world *world, const struct settings *settings)
{
    world->book = web_book_new(
        &(struct web_book_settings){
            /* What was opened without scripts stays a while, beside what listens. */
            .page_max = (size_t)settings->open_pages * 2,
            .look_us_min = LOOK_US_MIN,
            .refresh_us = BOOK_REFRESH_US,
            .keep_us = 2 * settings->refresh_s * SUGU_SECOND,
            .wait_us = BOOK_WAIT_US,
        },
        world->clock, sugu_random_system());
    world->crowd = web_crowd_new(
        &(struct web_crowd_settings){
            .listener_max = (size_t)settings->open_pages, .tick_us = TICK_US, .drain_us = DRAIN_US},
        world->book, world->clock, &world->figures);
}

static void
start_hooks(struct world *world, const struct settings *settings)
{
    struct web_hooks_settings hooks = {
        .url = settings->hook_url,
        .page_base = settings->phone_page,
        .facility = (uint32_t)settings->connection.facility,
        .retry_us = HOOK_RETRY_US,
        .retry_us_max = settings->hook_retry_s_max * SUGU_SECOND,
    };
    struct sugu_error error;

    if (!*settings->hook_url)
        return;
    require(*settings->hook_key, "hook-key: has to be set where hook-url is");
    die(web_hook_key_read(settings->hook_key, &hooks.key, &error), &error);
    die(web_hooks_new(&hooks, world->clock, &world->figures, &world->hooks, &error), &error);
}

static void
start_site(struct world *world, const struct settings *settings)
{
    struct web_site_settings site = {
        .few = (uint32_t)settings->few,
        .refresh_s = settings->refresh_s,
        .time_zone = settings->time_zone,
        .trusted_proxy = settings->trusted_proxy,
        .asks_per_minute = (uint32_t)settings->asks_per_minute,
        .misses_per_minute = (uint32_t)settings->misses_per_minute,
        .has_tls = *settings->certificate,
    };
    struct web_site_means means = {.book = world->book,
                                   .crowd = world->crowd,
                                   .words = world->words,
                                   .clock = world->clock,
                                   .figures = &world->figures,
                                   .is_up = is_up,
                                   .user = world};
    struct web_door_settings door = {
        .listen = settings->listen,
        .certificate = settings->certificate,
        .certificate_key = settings->certificate_key,
        .connection_max = (size_t)settings->connections,
        .connection_max_per_address = (size_t)settings->connections_per_address,
        .request_size_max = REQUEST_SIZE_MAX,
        .request_us = REQUEST_US,
    };
    struct sugu_error error;

    world->server = soup_server_new("server-header", NULL, NULL);
    means.server = world->server;
    die(web_site_new(&site, &means, &world->site, &error), &error);
    die(web_door_new(&door, world->server, world->clock, &world->figures, &world->door, &error),
        &error);
    web_site_set_door(world->site, world->door);
}

static void
start_line(struct world *world, const struct settings *settings)
{
    struct sugu_client_settings connection;
    struct sugu_client_callbacks callbacks;
    struct sugu_error error;

    die(sugu_connection_prepare(&settings->connection, &connection, &error), &error);
    connection.listens = true;
    die(sugu_store_folder(settings->connection.state_folder, &world->store, &error), &error);
    world->line = web_line_new(world->book, world->hooks, world->clock, &world->figures);
    callbacks = web_line_callbacks(world->line);
    world->zmq = zmq_ctx_new();
    if (!world->zmq)
        abort();
    die(sugu_client_new(&connection, &callbacks,
                        &(struct sugu_client_means){world->zmq, world->clock, sugu_random_system(),
                                                    world->store},
                        &world->client, &error),
        &error);
    explicit_bzero(&connection, sizeof connection);
    web_line_start(world->line, world->client);
    world->client_source = sugu_client_source_attach(world->client);
}

static void
stop_all(struct world *world)
{
    g_source_destroy(world->client_source);
    g_source_unref(world->client_source);
    world->client = sugu_client_free(world->client);
    world->hooks = web_hooks_free(world->hooks);
    world->crowd = web_crowd_free(world->crowd);
    soup_server_disconnect(world->server);
    world->door = web_door_free(world->door);
    world->site = web_site_free(world->site);
    g_clear_object(&world->server);
    world->monitor = web_monitor_free(world->monitor);
    world->line = web_line_free(world->line);
    world->book = web_book_free(world->book);
    world->words = web_words_free(world->words);
    world->store->free(world->store);
    zmq_ctx_term(world->zmq);
    g_main_loop_unref(world->loop);
}

static gboolean
on_stop(gint fd, GIOCondition condition, gpointer user)
{
    (void)fd, (void)condition;
    g_main_loop_quit(((struct world *)user)->loop);
    return G_SOURCE_REMOVE;
}

int
main(int argc, char **argv)
{
    static struct settings settings;
    static struct world world;
    static const char *const needed[] = {"server", "state-folder", NULL};
    struct sugu_error error;
    int stop;

    sugu_process_start(PROGRAM);
    /* GIO would read a desktop's settings, for which a service has neither a folder nor a use. */
    g_setenv("GSETTINGS_BACKEND", "memory", /* overwrite= */ FALSE);
    sugu_program_start(&program, argc, argv, &settings);
    stop = sugu_process_stop_fd();
    die(sugu_settings_need(&program, &settings, needed, &error), &error);
    require(settings.connections > settings.open_pages,
            "connections: has to be more than open-pages, so that pages can still be opened");
    raise_files(settings.connections);
    world.clock = sugu_clock_system();
    world.loop = g_main_loop_new(NULL, FALSE);
    world.words = web_words_new(settings.locales);
    start_book(&world, &settings);
    start_hooks(&world, &settings);
    start_line(&world, &settings);
    start_site(&world, &settings);
    start_monitor(&world, &settings);
    g_unix_fd_add(stop, G_IO_IN, on_stop, &world);
    sugu_log(SUGU_LOG_INFO, "web.started", "port=%u tls=%s monitor=%u hooks=%s",
             web_door_port(world.door), *settings.certificate ? "yes" : "no",
             web_monitor_port(world.monitor), world.hooks ? "yes" : "no");
    g_main_loop_run(world.loop);
    sugu_log(SUGU_LOG_INFO, "web.stopped", "%s", "");
    stop_all(&world);
    return SUGU_EXIT_OK;
}
