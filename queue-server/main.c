/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main - the program sugu-queue-server
 */
#include "server.h"

#include "base/files.h"
#include "base/log.h"
#include "base/process.h"
#include "client/keys.h"
#include "standalone.h"
#include "store/migrate.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NAME     "sugu-queue-server"
#define START_US (30 * SUGU_SECOND)

struct settings {
    char listen[256], database[512], migrate_as[512], standalone[512], programs[512], key[512];
    char ready_file[512];
    int64_t workers, facility_batches, purge_interval_s;
    struct sugu_keep keep;
};

static const struct sugu_setting rows[] = {
    SUGU_SETTING_TEXT_ROW(struct settings,
                          listen,
                          "listen",
                          1,
                          "tcp://0.0.0.0:7700",
                          "Address for clients, tcp://HOST:PORT; port * chooses a free one."),
    SUGU_SETTING_TEXT_ROW(struct settings,
                          standalone,
                          "standalone",
                          0,
                          "",
                          "Folder for a private PostgreSQL cluster, made and started if need be."),
    SUGU_SETTING_TEXT_ROW(struct settings,
                          database,
                          "database",
                          0,
                          "",
                          "Database of the hospital, as a libpq connection string "
                          "(instead of standalone)."),
    SUGU_SETTING_TEXT_ROW(
        struct settings,
        migrate_as,
        "migrate-as",
        0,
        "",
        "Connection string of the owner; brings the database to the newest schema "
        "at start. With standalone this is done anyway."),
    SUGU_SETTING_TEXT_ROW(struct settings,
                          programs,
                          "postgres-programs",
                          1,
                          SUGU_POSTGRES_PROGRAMS,
                          "Folder of PostgreSQL's initdb and pg_ctl, for standalone."),
    SUGU_SETTING_TEXT_ROW(struct settings,
                          key,
                          "key",
                          1,
                          "",
                          "File with the server's key pair; made on first start if missing."),
    SUGU_SETTING_TEXT_ROW(struct settings,
                          ready_file,
                          "ready-file",
                          0,
                          "",
                          "File to write the address to once clients are served."),
    SUGU_SETTING_INT_ROW(struct settings,
                         workers,
                         "workers",
                         1,
                         16,
                         "connections",
                         "4",
                         "Connections to the database that carry requests out."),
    SUGU_SETTING_INT_ROW(struct settings,
                         facility_batches,
                         "facility-batches",
                         1,
                         16,
                         "batches",
                         "1",
                         "Transactions of one facility at the same time."),
    SUGU_SETTING_INT_ROW(struct settings,
                         purge_interval_s,
                         "purge-interval",
                         1,
                         86400,
                         "seconds",
                         "3600",
                         "Pause between two rounds of clearing away what is old."),
    SUGU_SETTING_INT_ROW(
        struct settings,
        keep.answers_days,
        "keep-answers",
        3,
        3660,
        "days",
        "30",
        "Answers of requests, which hold names; a repeated request gets its answer for as long."),
    SUGU_SETTING_INT_ROW(struct settings,
                         keep.events_days,
                         "keep-events",
                         1,
                         366,
                         "days",
                         "3",
                         "Events, for programs that were away."),
    SUGU_SETTING_INT_ROW(struct settings,
                         keep.notices_days,
                         "keep-notices",
                         1,
                         366,
                         "days",
                         "7",
                         "Delivered messages of the hooks."),
    SUGU_SETTING_INT_ROW(struct settings,
                         keep.papers_days,
                         "keep-papers",
                         7,
                         3660,
                         "days",
                         "30",
                         "What became of papers, and calls for the staff."),
    SUGU_SETTING_INT_ROW(struct settings,
                         keep.audit_days,
                         "keep-audit",
                         366,
                         36600,
                         "days",
                         "731",
                         "Who did or saw what, and was at which kiosk or desk."),
};

static const struct sugu_program program = {
    .name = NAME,
    .summary = "Answers kiosks, desks and gateways from PostgreSQL, and tells them what changes.",
    .settings = rows,
    .settings_count = SUGU_ARRAY_SIZE(rows),
    .arguments = "",
};

/* Reads the key pair, or makes it on the first start. */
static enum sugu_status
prepare_key(const char *path, struct sugu_server_settings *settings, struct sugu_error *reterr)
{
    enum sugu_status status;

    if (access(path, F_OK) != 0) {
        sugu_key_pair_new(settings->public_key, settings->secret_key);
        status = sugu_key_file_write(path, settings->public_key, settings->secret_key, reterr);
        if (status != SUGU_OK)
            return status;
    }
    return sugu_key_file_read(path, settings->public_key, settings->secret_key, reterr);
}

static struct sugu_standalone_settings
standalone_of(const struct settings *settings)
{
    return (struct sugu_standalone_settings){
        .folder = settings->standalone, .programs = settings->programs, .extra_settings = ""};
}

/* *ret_did_start, also after a failure: a cluster of ours runs now. */
static enum sugu_status
prepare_database(const struct settings *settings,
                 char conninfo[512],
                 bool *ret_did_start,
                 struct sugu_error *reterr)
{
    struct sugu_standalone_settings standalone = standalone_of(settings);
    char owner[512];
    int applied = 0;
    enum sugu_status status = SUGU_OK;

    if (!*settings->standalone == !*settings->database)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "set either standalone or database");
    snprintf(conninfo, 512, "%s", settings->database);
    snprintf(owner, sizeof owner, "%s", settings->migrate_as);
    if (*settings->standalone)
        status = sugu_standalone_start(&standalone, owner, conninfo, ret_did_start, reterr);
    if (status == SUGU_OK && *owner)
        status = sugu_migrate(owner, &applied, reterr);
    if (applied > 0)
        sugu_log(SUGU_LOG_INFO, "store.migrated", "files=%d", applied);
    return status;
}

static enum sugu_status
write_ready(const char *path, const char *endpoint, struct sugu_error *reterr)
{
    const char *slash = strrchr(path, '/');
    char folder[512], text[300];
    int length = snprintf(text, sizeof text, "%s\n", endpoint);

    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
    return sugu_file_write(folder, slash ? slash + 1 : path, text, (size_t)length,
                           /* must_be_new= */ false, reterr);
}

static enum sugu_status
serve(const struct settings *settings,
      const char *conninfo,
      struct sugu_server **ret_server,
      struct sugu_error *reterr)
{
    struct sugu_server_settings server = {
        .listen = settings->listen,
        .conninfo = conninfo,
        .workers = (int)settings->workers,
        .facility_batches = (int)settings->facility_batches,
        .keep = settings->keep,
        .purge_interval_us = settings->purge_interval_s * SUGU_SECOND,
    };
    enum sugu_status status = prepare_key(settings->key, &server, reterr);
    static struct sugu_clock_steady steady; /* outlives the server */

    sugu_clock_steady_init(&steady, sugu_clock_system(), sugu_clock_uptime_us);
    server.steady = &steady;
    if (status == SUGU_OK)
        status = sugu_server_new(&server, START_US, &steady.clock, sugu_random_system(), ret_server,
                                 reterr);
    explicit_bzero(&server, sizeof server);
    if (status == SUGU_OK && *settings->ready_file)
        status = write_ready(settings->ready_file, sugu_server_endpoint(*ret_server), reterr);
    return status;
}

int
main(int argc, char **argv)
{
    static struct settings settings;
    struct sugu_standalone_settings standalone;
    struct sugu_server *server = NULL;
    struct sugu_error error;
    char conninfo[512];
    bool did_start = false;
    int stop_fd;

    sugu_process_start(NAME);
    sugu_program_start(&program, argc, argv, &settings);
    stop_fd = sugu_process_stop_fd();
    standalone = standalone_of(&settings);
    if (prepare_database(&settings, conninfo, &did_start, &error) != SUGU_OK ||
        serve(&settings, conninfo, &server, &error) != SUGU_OK) {
        sugu_server_free(server);
        if (did_start)
            sugu_standalone_stop(&standalone);
        sugu_process_die(NAME, &error);
    }
    sugu_log(SUGU_LOG_INFO, "server.ready", "endpoint=%s", sugu_server_endpoint(server));
    sugu_server_run(server, stop_fd);
    sugu_log(SUGU_LOG_INFO, "server.stopping", "%s", "");
    sugu_server_free(server);
    if (*settings.standalone)
        sugu_standalone_stop(&standalone);
    return SUGU_EXIT_OK;
}
