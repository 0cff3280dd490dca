/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main - sugu-fee: settings, connection, and the loop
 */
#include "fee/gateway.h"

#include "base/files.h"
#include "base/log.h"
#include "base/process.h"
#include "client/keys.h"
#include "fee/calculator-module.h"

#include <zmq.h>

#include <poll.h>
#include <stdlib.h>

#define PROGRAM "sugu-fee"

struct settings {
    struct sugu_connection_settings connection;
    char master[512];
    char own_prices[512];
    char postings_folder[512];
    int64_t poll_s;
};

static const struct sugu_setting rows[] = {
    SUGU_CONNECTION_ROWS(struct settings, connection),
    SUGU_SETTING_TEXT_ROW(
        struct settings, master, "master", 1, "", "Act master, the published s_ALL*.csv as it is."),
    SUGU_SETTING_TEXT_ROW(struct settings,
                          own_prices,
                          "own-prices",
                          0,
                          "",
                          "The hospital's own prices in the master's layout; empty = none."),
    SUGU_SETTING_TEXT_ROW(struct settings,
                          postings_folder,
                          "postings-folder",
                          1,
                          "",
                          "Folder that gets one file for each payment received."),
    SUGU_SETTING_INT_ROW(struct settings,
                         poll_s,
                         "poll-interval",
                         1,
                         3600,
                         "s",
                         "30",
                         "How often the server is asked for open work beside its events."),
};

static const struct sugu_program program = {
    .name = PROGRAM,
    .summary = "makes the bill of a visit's acts and books the money received for it",
    .settings = rows,
    .settings_count = SUGU_ARRAY_SIZE(rows),
    .arguments = "",
};

/* Everything that lives as long as the program. */
struct world {
    void *zmq;
    struct sugu_master *master;
    struct sugu_request_store *store;
    struct sugu_gateway *gateway;
    struct sugu_client *client;
    struct sugu_fee_module *module; /* the gateway's, once connected */
};

static void
die(enum sugu_status status, const struct sugu_error *error)
{
    if (status != SUGU_OK)
        sugu_process_die(PROGRAM, error);
}

static void
start(struct world *world, const struct settings *settings)
{
    static const char *const needed[] = {"master", "postings-folder", "server", "state-folder",
                                         NULL};
    const struct sugu_clock *clock = sugu_clock_system();
    struct sugu_client_settings connection;
    struct sugu_client_callbacks client_callbacks;
    struct sugu_fee_callbacks fee_callbacks;
    struct sugu_error error;

    die(sugu_settings_need(&program, settings, needed, &error), &error);
    die(sugu_connection_prepare(&settings->connection, &connection, &error), &error);
    connection.listens = true;
    die(sugu_master_load(settings->master, settings->own_prices, &world->master, &error), &error);
    world->gateway = sugu_gateway_new(clock, settings->poll_s * SUGU_SECOND);
    fee_callbacks = sugu_gateway_fee_callbacks(world->gateway);
    die(sugu_calculator_module_new(world->master, settings->postings_folder, &fee_callbacks,
                                   &world->module, &error),
        &error);
    die(sugu_store_folder(settings->connection.state_folder, &world->store, &error), &error);
    client_callbacks = sugu_gateway_client_callbacks(world->gateway);
    die(sugu_client_new(
            &connection, &client_callbacks,
            &(struct sugu_client_means){world->zmq, clock, sugu_random_system(), world->store},
            &world->client, &error),
        &error);
    explicit_bzero(&connection, sizeof connection);
    sugu_gateway_connect(world->gateway, world->client, world->module);
    sugu_log(SUGU_LOG_INFO, "fee.started", "module=%s acts=%zu", world->module->ops->name,
             sugu_master_count(world->master));
}

static void
run(struct world *world, int stop)
{
    const struct sugu_fee_module_ops *ops = world->module->ops;

    for (;;) {
        struct pollfd files[] = {{.fd = stop, .events = POLLIN},
                                 {.fd = sugu_client_fd(world->client), .events = POLLIN},
                                 {.fd = ops->fd(world->module), .events = POLLIN}};
        int64_t due = sugu_client_due_us(world->client);
        int64_t poll_due = sugu_gateway_due_us(world->gateway);
        if (due > poll_due)
            due = poll_due;
        poll(files, SUGU_ARRAY_SIZE(files), due <= 0 ? 0 : (int)(due / SUGU_MS) + 1);
        if (files[0].revents)
            return;
        sugu_client_step(world->client);
        if (files[2].revents)
            ops->step(world->module);
        sugu_gateway_step(world->gateway);
    }
}

static void
stop_all(struct world *world)
{
    world->client = sugu_client_free(world->client);
    world->gateway = sugu_gateway_free(world->gateway);
    world->store->free(world->store);
    world->master = sugu_master_free(world->master);
    zmq_ctx_term(world->zmq);
}

int
main(int argc, char **argv)
{
    struct settings settings;
    struct world world = {0};
    int stop;

    sugu_process_start(PROGRAM);
    sugu_program_start(&program, argc, argv, &settings);
    stop = sugu_process_stop_fd();
    world.zmq = zmq_ctx_new();
    if (!world.zmq)
        abort();
    start(&world, &settings);
    run(&world, stop);
    sugu_log(SUGU_LOG_INFO, "fee.stopped", "%s", "");
    stop_all(&world);
    return SUGU_EXIT_OK;
}
