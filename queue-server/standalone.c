/* SPDX-License-Identifier: Apache-2.0 */
/*
 * standalone - a private PostgreSQL cluster in a folder, for sites without a database administrator
 */
#include "standalone.h"

#include "base/files.h"

#include <libpq-fe.h>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER_MAX 80 /* a unix socket's path has 107 characters at most */

extern char **environ;

/*
 * Runs a program of PostgreSQL with its output in folder/setup.log; its exit status, or -1.
 * arguments[0] is its name and becomes its path: PostgreSQL's programs look for each other beside
 * the path that they were called by, and without one along PATH, where Debian does not put them.
 */
static int
run(const struct sugu_standalone_settings *settings, char **arguments)
{
    char path[512], log[512];
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t child;
    int status = -1, failed;

    snprintf(path, sizeof path, "%s/%s", settings->programs, arguments[0]);
    arguments[0] = path;
    snprintf(log, sizeof log, "%s/setup.log", settings->folder);
    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none); /* ours are blocked for the signalfd */
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    failed = posix_spawn(&child, path, &actions, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    arguments[0] = NULL; /* the path ends here */
    if (failed || waitpid(child, &status, 0) < 0 || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

static enum sugu_status
make_cluster(const struct sugu_standalone_settings *settings,
             const char *data,
             struct sugu_error *reterr)
{
    char settings_text[2048], argument[600];
    char *initdb[] = {"initdb", "-D",          argument, "-U",   "sugu_owner", "--auth=trust",
                      "-k",     "--no-locale", "-E",     "UTF8", NULL};
    int length;

    snprintf(argument, sizeof argument, "%s", data);
    if (run(settings, initdb) != 0)
        return sugu_fail(reterr, SUGU_BROKEN, "file.not-written",
                         "initdb failed in %s; see setup.log there", settings->folder);
    length =
        snprintf(settings_text, sizeof settings_text,
                 "# Written by sugu-queue-server --standalone; change postgresql.conf freely.\n"
                 "listen_addresses = ''\n"
                 "unix_socket_permissions = 0700\n"
                 "max_connections = 50\n"
                 "shared_buffers = 128MB\n"
                 "wal_compression = on\n"
                 "log_parameter_max_length = 0\n"
                 "log_parameter_max_length_on_error = 0\n"
                 "log_min_error_statement = panic\n"
                 "log_destination = 'stderr'\n"
                 "%s\n",
                 settings->extra_settings);
    if (sugu_file_write(data, "postgresql.auto.conf", settings_text, (size_t)length,
                        /* must_be_new= */ false, reterr) != SUGU_OK)
        return SUGU_BROKEN;
    return SUGU_OK;
}

static enum sugu_status
start_cluster(const struct sugu_standalone_settings *settings,
              const char *data,
              bool *ret_did_start,
              struct sugu_error *reterr)
{
    char data_argument[600], log[600], options[600];
    char *status[] = {"pg_ctl", "status", "-D", data_argument, NULL};
    char *start[] = {"pg_ctl",      "start", "-w", "-t", "60",    "-D",
                     data_argument, "-l",    log,  "-o", options, NULL};

    snprintf(data_argument, sizeof data_argument, "%s", data);
    snprintf(log, sizeof log, "%s/postgres.log", settings->folder);
    snprintf(options, sizeof options, "-k '%s/run'", settings->folder);
    if (run(settings, status) == 0) {
        *ret_did_start = false;
        return SUGU_OK;
    }
    if (run(settings, start) != 0)
        return sugu_fail(reterr, SUGU_BROKEN, "store.away",
                         "PostgreSQL does not start; see %s/postgres.log", settings->folder);
    *ret_did_start = true;
    return SUGU_OK;
}

static bool
has_database(const char *conninfo)
{
    PGconn *connection = PQconnectdb(conninfo);
    bool is_there = PQstatus(connection) == CONNECTION_OK;

    PQfinish(connection);
    return is_there;
}

static enum sugu_status
make_database(const struct sugu_standalone_settings *settings, struct sugu_error *reterr)
{
    char host[600], conninfo[600];
    char *createdb[] = {"createdb", "-h", host, "-U", "sugu_owner", "sugu", NULL};

    snprintf(host, sizeof host, "%s/run", settings->folder);
    snprintf(conninfo, sizeof conninfo, "host='%s' dbname=sugu user=sugu_owner", host);
    if (has_database(conninfo))
        return SUGU_OK;
    if (run(settings, createdb) == 0)
        return SUGU_OK;
    return sugu_fail(reterr, SUGU_BROKEN, "store.away",
                     "the database cannot be made; see %s/setup.log", settings->folder);
}

enum sugu_status
sugu_standalone_start(const struct sugu_standalone_settings *settings,
                      char owner[512],
                      char server[512],
                      bool *ret_did_start,
                      struct sugu_error *reterr)
{
    char data[512], run_folder[512], version[560];
    bool did_start;

    if (strlen(settings->folder) > FOLDER_MAX)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "standalone: the path has more than %d characters, too long for a socket",
                         FOLDER_MAX);
    snprintf(data, sizeof data, "%s/postgres", settings->folder);
    snprintf(run_folder, sizeof run_folder, "%s/run", settings->folder);
    snprintf(version, sizeof version, "%s/PG_VERSION", data);
    if (sugu_folder_make(settings->folder, reterr) != SUGU_OK ||
        sugu_folder_make(run_folder, reterr) != SUGU_OK)
        return SUGU_BROKEN;
    if (access(version, R_OK) != 0 && make_cluster(settings, data, reterr) != SUGU_OK)
        return SUGU_BROKEN;
    if (start_cluster(settings, data, &did_start, reterr) != SUGU_OK)
        return SUGU_BROKEN;
    if (make_database(settings, reterr) != SUGU_OK) {
        if (did_start)
            sugu_standalone_stop(settings);
        return SUGU_BROKEN;
    }
    *ret_did_start = did_start;
    snprintf(owner, 512, "host='%s' dbname=sugu user=sugu_owner", run_folder);
    snprintf(server, 512, "host='%s' dbname=sugu user=sugu_server", run_folder);
    return SUGU_OK;
}

void
sugu_standalone_stop(const struct sugu_standalone_settings *settings)
{
    char data[600];
    char *stop[] = {"pg_ctl", "stop", "-w", "-m", "fast", "-D", data, NULL};

    snprintf(data, sizeof data, "%s/postgres", settings->folder);
    run(settings, stop);
}
