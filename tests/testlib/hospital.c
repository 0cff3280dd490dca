/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hospital - a whole installation in a folder: queue server, database, facility, keys, people
 */
#include "testlib/hospital.h"

#include "client/keys.h"
#include "domain/date.h"
#include "testlib/checks.h"
#include "testlib/folder.h"

#include <zmq.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CUTOFF_MIN (4 * 60)
#define TEST_MIN   15 /* a test takes no longer */

/* Numbers of insurers and institution are well-formed and belong to nobody. */
static const char setup_text[] = "department reception 総合受付 R desk\n"
                                 "department internal 内科 A\n"
                                 "department eye 眼科 B\n"
                                 "desk 1 internal\n"
                                 "desk 2 eye\n"
                                 "desk 9 reception\n"
                                 "patient 0001 \"山田　太郎\" 1950-04-01 male\n"
                                 "patient 0002 \"佐藤　花子\" 1985-11-23 female\n"
                                 "patient 0003 \"グエン　ヴァン　アン\" 1992-02-29 male\n"
                                 "card 0002 felica 0123456789abcdef\n"
                                 "card 0003 mifare 04a1b2c3\n"
                                 "insurance 0001 06130488 1234 5678901 01\n"
                                 "insurance 0002 33120015 77 123456 02\n"
                                 "appointment 0001 internal 10:30\n"
                                 "appointment 0002 eye 11:00\n";

/* A test may not see two business days: where it would begin shortly before the usual end of one,
 * the day has ended an hour before. In minutes of the local day. */
static int
choose_cutoff(void)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t now_min = clock->utc_us(clock) / SUGU_MINUTE + SUGU_JAPAN_OFFSET_MINUTES;
    int64_t left_min = CUTOFF_MIN - now_min % (24 * 60);

    return left_min > 0 && left_min <= TEST_MIN ? CUTOFF_MIN - 60 : CUTOFF_MIN;
}

const char *
sugu_hospital_program(const char *name, char path[512])
{
    snprintf(path, 512, "%s/%s", SUGU_BUILD_ROOT, name);
    return path;
}

void
sugu_hospital_spawn_server(struct sugu_hospital *hospital, const char *const *more)
{
    const char *name =
        hospital->server_program ? hospital->server_program : "queue-server/sugu-queue-server";
    char program[512], log[300], ready[300], database[300];
    const char *argv[32] = {sugu_hospital_program(name, program),
                            hospital->has_database ? "--database" : "--standalone",
                            hospital->has_database ? database : hospital->folder,
                            "--key",
                            hospital->server_key,
                            "--listen",
                            *hospital->endpoint ? hospital->endpoint : "tcp://127.0.0.1:*",
                            "--ready-file",
                            ready};
    int count = 9;

    snprintf(database, sizeof database, "host='%s/run' dbname=sugu user=sugu_server",
             hospital->folder);
    snprintf(log, sizeof log, "%s/server.log", hospital->folder);
    snprintf(ready, sizeof ready, "%s/ready", hospital->folder);
    for (; more && *more; more++)
        argv[count++] = *more;
    argv[count] = NULL;
    unlink(log);
    sugu_process_spawn(&hospital->server, log, argv, hospital->server_environment);
}

void
sugu_hospital_start_server(struct sugu_hospital *hospital, const char *const *more)
{
    char ready[300];
    FILE *file;

    sugu_hospital_spawn_server(hospital, more);
    sugu_process_expect(&hospital->server, "server.ready", NULL, NULL, 0, 60);
    snprintf(ready, sizeof ready, "%s/ready", hospital->folder);
    file = fopen(ready, "re");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%255s", hospital->endpoint), 1);
    fclose(file);
}

void
sugu_hospital_join(struct sugu_hospital *other, const struct sugu_hospital *hospital)
{
    char program[512], database[300], log[300], ready[300], endpoint[256];
    const char *argv[] = {sugu_hospital_program("queue-server/sugu-queue-server", program),
                          "--database",
                          database,
                          "--key",
                          other->server_key,
                          "--listen",
                          endpoint,
                          "--ready-file",
                          ready,
                          NULL};
    FILE *file;

    snprintf(endpoint, sizeof endpoint, "%s",
             *other->endpoint ? other->endpoint : "tcp://127.0.0.1:*");
    *other = *hospital;
    memset(&other->server, 0, sizeof other->server);
    snprintf(database, sizeof database, "host='%s/run' dbname=sugu user=sugu_server",
             hospital->folder);
    snprintf(log, sizeof log, "%s/other.log", hospital->folder);
    snprintf(ready, sizeof ready, "%s/other.ready", hospital->folder);
    unlink(log);
    sugu_process_spawn(&other->server, log, argv, NULL);
    sugu_process_expect(&other->server, "server.ready", NULL, NULL, 0, 60);
    file = fopen(ready, "re");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%255s", other->endpoint), 1);
    fclose(file);
}

void
sugu_hospital_kill_server(struct sugu_hospital *hospital)
{
    ck_assert_int_eq(sugu_process_end(&hospital->server, SIGKILL), -SIGKILL);
}

void
sugu_hospital_expect_counts(struct sugu_hospital *hospital, const char *words)
{
    char line[1024] = "", *found;

    ck_assert_int_eq(sugu_process_end(&hospital->server, SIGTERM), 0);
    for (long offset = 0;
         sugu_process_has_said(&hospital->server, "server.counts", &offset, line, sizeof line);)
        continue; /* the last one */
    found = strstr(line, words);
    ck_assert_msg(found && (found[strlen(words)] == ' ' || found[strlen(words)] == '\n'),
                  "%s, not %s", line, words);
}

static void
run_pg_ctl(struct sugu_hospital *hospital, const char *command, const char *mode)
{
    char data[300], log[300], options[300];
    const char *argv[] = {SUGU_POSTGRES_PROGRAMS "/pg_ctl",
                          command,
                          "-w",
                          "-D",
                          data,
                          mode ? "-m" : "-o",
                          mode ? mode : options,
                          "-l",
                          log,
                          NULL};

    if (mode)
        argv[7] = NULL;
    snprintf(data, sizeof data, "%s/postgres", hospital->folder);
    snprintf(log, sizeof log, "%s/postgres.log", hospital->folder);
    snprintf(options, sizeof options, "-k '%s/run'", hospital->folder);
    sugu_process_run(log, argv, NULL);
}

void
sugu_hospital_stop_database(struct sugu_hospital *hospital, const char *mode)
{
    run_pg_ctl(hospital, "stop", mode);
}

void
sugu_hospital_start_database(struct sugu_hospital *hospital)
{
    run_pg_ctl(hospital, "start", NULL);
}

void
sugu_hospital_restart_database(struct sugu_hospital *hospital, const char *mode)
{
    sugu_hospital_stop_database(hospital, mode);
    sugu_hospital_start_database(hospital);
}

static void
write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    fclose(file);
}

void
sugu_hospital_init(struct sugu_hospital *hospital, const char *folder)
{
    sugu_hospital_init_in(hospital, folder, NULL);
}

void
sugu_hospital_init_in(struct sugu_hospital *hospital,
                      const char *folder,
                      const char *const *server_environment)
{
    char path[300], setup[sizeof setup_text + 200];

    memset(hospital, 0, sizeof *hospital);
    hospital->server_environment = server_environment;
    if (folder)
        snprintf(hospital->folder, sizeof hospital->folder, "%s", folder);
    else
        snprintf(hospital->folder, sizeof hospital->folder, "%s/sugu-XXXXXX", sugu_test_place());
    if (!folder)
        ck_assert_ptr_nonnull(mkdtemp(hospital->folder));
    snprintf(hospital->server_key, sizeof hospital->server_key, "%s/server.key", hospital->folder);
    hospital->zmq = zmq_ctx_new();
    sugu_test_cluster_copy(hospital->folder);
    sugu_hospital_start_server(hospital, NULL);
    snprintf(path, sizeof path, "%s/setup", hospital->folder);
    snprintf(setup, sizeof setup,
             "facility " SUGU_HOSPITAL_CODE
             " すぐ総合病院 \"東京都千代田区一番町1-1\" 03-0000-0000 %d\n%s",
             choose_cutoff(), setup_text);
    write_text(path, setup);
    sugu_hospital_admin(hospital, 0, NULL, (const char *const[]){"run", path, NULL});
}

/* Without the programs that may have been told to fail. */
static bool
is_database_running(struct sugu_hospital *hospital)
{
    char data[300], log[300];
    const char *argv[] = {SUGU_POSTGRES_PROGRAMS "/pg_ctl", "status", "-D", data, NULL};

    snprintf(data, sizeof data, "%s/postgres", hospital->folder);
    snprintf(log, sizeof log, "%s/postgres.log", hospital->folder);
    return sugu_process_run(log, argv, NULL) == 0;
}

void
sugu_hospital_check_ledger(struct sugu_hospital *hospital)
{
    if (!is_database_running(hospital))
        sugu_hospital_start_database(hospital);
    sugu_hospital_admin(hospital, 0, NULL, (const char *const[]){"check-ledger", NULL});
    sugu_hospital_admin(hospital, 0, NULL, (const char *const[]){"verify-ledger", NULL});
}

void
sugu_hospital_done(struct sugu_hospital *hospital, bool keep)
{
    char command[200];

    sugu_process_end(&hospital->server, SIGTERM);
    sugu_hospital_check_ledger(hospital);
    run_pg_ctl(hospital, "stop", "immediate"); /* also where the server had been killed */
    zmq_ctx_term(hospital->zmq);
    snprintf(command, sizeof command, "rm -r %s", hospital->folder);
    if (!keep)
        ck_assert_int_eq(system(command), 0);
}

void
sugu_hospital_admin(struct sugu_hospital *hospital,
                    int status,
                    char output[256],
                    const char *const *words)
{
    char program[512], log[300], server_key[300], desk[300];
    const char *argv[48] = {sugu_hospital_program("queue-server/sugu-admin", program),
                            "--standalone",
                            hospital->folder,
                            "--facility",
                            "1",
                            "--server",
                            hospital->endpoint,
                            "--server-key",
                            server_key,
                            "--key",
                            desk};
    int count = 11, got;

    snprintf(log, sizeof log, "%s/admin.log", hospital->folder);
    snprintf(server_key, sizeof server_key, "%s.pub", hospital->server_key);
    snprintf(desk, sizeof desk, "%s/desk-1.key", hospital->folder);
    for (; *words; words++)
        argv[count++] = *words;
    argv[count] = NULL;
    unlink(log);
    got = sugu_process_run(log, argv, NULL);
    ck_assert_msg(got == status, "sugu-admin %s ended with %d; see %s", argv[11], got, log);
    if (output)
        snprintf(output, 256, "%s", log);
}

void
sugu_hospital_add_client(struct sugu_hospital *hospital,
                         const char *name,
                         const char *role,
                         const char *place)
{
    char key[300], public_key[320];

    snprintf(key, sizeof key, "%s/%s.key", hospital->folder, name);
    snprintf(public_key, sizeof public_key, "%s.pub", key);
    sugu_hospital_admin(hospital, 0, NULL, (const char *const[]){"key", key, NULL});
    sugu_hospital_admin(hospital, 0, NULL,
                        (const char *const[]){"client", name, role, public_key, place, NULL});
}

const char *const *
sugu_hospital_connection(struct sugu_hospital *hospital,
                         const char *name,
                         struct sugu_hospital_options *options)
{
    static const char *const names[] = {"--server", "--server-key", "--key", "--facility",
                                        "--state-folder"};

    snprintf(options->texts[0], 300, "%s", hospital->endpoint);
    snprintf(options->texts[1], 300, "%s.pub", hospital->server_key);
    snprintf(options->texts[2], 300, "%s/%s.key", hospital->folder, name);
    snprintf(options->texts[3], 300, "%d", SUGU_HOSPITAL_FACILITY);
    snprintf(options->texts[4], 300, "%s/%s.state", hospital->folder, name);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(names); i++) {
        options->words[2 * i] = names[i];
        options->words[2 * i + 1] = options->texts[i];
    }
    options->words[10] = NULL;
    return options->words;
}

struct sugu_id
sugu_test_id(void)
{
    return sugu_id_new(sugu_clock_system(), sugu_random_system());
}

/* ---- clients inside the test */

static void
on_event(void *user, const Sugu__Event *event)
{
    struct sugu_test_client *client = user;

    ck_assert_uint_lt(client->event_count, SUGU_ARRAY_SIZE(client->events));
    client->events[client->event_count++] = (Sugu__Event *)sugu_message_copy(&event->base);
}

static void
on_fresh(void *user, bool was_reset)
{
    struct sugu_test_client *client = user;

    client->fresh++;
    client->resets += was_reset;
}

static void
on_stale(void *user, sugu_time_us since_utc)
{
    struct sugu_test_client *client = user;

    client->stales++;
    client->stale_since = since_utc;
}

static void
on_refused(void *user, const char *code)
{
    struct sugu_test_client *client = user;

    client->refusals++;
    snprintf(client->refusal, sizeof client->refusal, "%s", code);
}

void
sugu_test_client_init(struct sugu_test_client *client,
                      struct sugu_hospital *hospital,
                      const char *name,
                      const char *role,
                      const char *place)
{
    struct sugu_connection_settings connection = {.facility = SUGU_HOSPITAL_FACILITY};
    struct sugu_client_settings settings;
    struct sugu_client_callbacks callbacks = {
        .on_event = on_event,
        .on_fresh = on_fresh,
        .on_stale = on_stale,
        .on_refused = on_refused,
        .user = client,
    };
    struct sugu_error error;

    memset(client, 0, sizeof *client);
    client->hospital = hospital;
    snprintf(client->role, sizeof client->role, "%s", role);
    snprintf(client->place, sizeof client->place, "%s", place);
    sugu_hospital_add_client(hospital, name, role, place);
    snprintf(connection.server, sizeof connection.server, "%s", hospital->endpoint);
    snprintf(connection.server_key, sizeof connection.server_key, "%s.pub", hospital->server_key);
    snprintf(connection.key, sizeof connection.key, "%s/%s.key", hospital->folder, name);
    sugu_assert_ok(sugu_connection_prepare(&connection, &settings, &error), error);
    settings.listens = true;
    settings.resend_us = 300 * SUGU_MS;
    settings.heartbeat_us = 200 * SUGU_MS;
    client->store = sugu_store_memory();
    sugu_assert_ok(sugu_client_new(&settings, &callbacks,
                                   &(struct sugu_client_means){hospital->zmq, sugu_clock_system(),
                                                               sugu_random_system(), client->store},
                                   &client->client, &error),
                   error);
    for (int i = 0; i < 100 && client->fresh == 0; i++)
        sugu_test_client_run(client, 100 * SUGU_MS);
    ck_assert_uint_gt(client->fresh, 0);
}

void
sugu_test_client_done(struct sugu_test_client *client)
{
    sugu_client_free(client->client);
    for (size_t i = 0; i < client->event_count; i++)
        sugu__event__free_unpacked(client->events[i], NULL);
}

Sugu__Reply *
sugu_test_client_call(struct sugu_test_client *client,
                      Sugu__Request__BodyCase body_case,
                      void *body,
                      const struct sugu_id *id)
{
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__Reply *reply = NULL;
    struct sugu_error error = {.code = ""};

    request.body_case = body_case;
    request.check_in = body; /* every member of the union is a pointer */
    /* The status is the caller's to judge; it stands in the reply. */
    if (sugu_client_call(client->client, &request,
                         &(struct sugu_ask){.id = id, .wait_us = 15 * SUGU_SECOND}, &reply,
                         &error) != SUGU_OK)
        ck_assert_msg(reply != NULL, "%s: %s", error.code, error.detail);
    return reply;
}

void
sugu_test_client_run(struct sugu_test_client *client, int64_t time_us)
{
    bool never = false;

    sugu_client_wait(client->client, &never, time_us);
}

const Sugu__Event *
sugu_test_client_event(struct sugu_test_client *client,
                       Sugu__Event__BodyCase body_case,
                       size_t *from)
{
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t until = clock->monotonic_us(clock) + 10 * SUGU_SECOND;

    for (;;) {
        for (; *from < client->event_count; ++*from)
            if (client->events[*from]->body_case == body_case)
                return client->events[(*from)++];
        ck_assert_msg(clock->monotonic_us(clock) < until, "no event %d", (int)body_case);
        sugu_test_client_run(client, 20 * SUGU_MS);
    }
}
