/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-setup - bad settings, folders that cannot be written, a database that is away or full
 *
 * The program says which, where and what to do, and ends with a status of its own.
 */
#include "testlib/checks.h"
#include "testlib/hospital.h"

#include "base/settings.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct bench {
    char folder[64], log[100], key[100];
};

static void
bench_init(struct bench *bench)
{
    snprintf(bench->folder, sizeof bench->folder, "/tmp/sugu-setup-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(bench->folder));
    snprintf(bench->log, sizeof bench->log, "%s/log", bench->folder);
    snprintf(bench->key, sizeof bench->key, "%s/key", bench->folder);
}

static void
bench_done(struct bench *bench)
{
    char command[100];

    snprintf(command, sizeof command, "chmod -R u+w %s && rm -r %s", bench->folder, bench->folder);
    ck_assert_int_eq(system(command), 0);
}

/* Runs a program to its end; its words have to hold `expected`. */
static void
ends(struct bench *bench, const char *const *argv, int status, const char *expected)
{
    char text[4096] = "";
    int got;
    FILE *file;

    unlink(bench->log);
    got = sugu_process_run(bench->log, argv, NULL);
    file = fopen(bench->log, "re");
    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    ck_assert_msg(got == status, "ended with %d, expected %d: %s", got, status, text);
    ck_assert_msg(strstr(text, expected) != NULL, "\"%s\" is not in: %s", expected, text);
}

/* The same of the server with these options. */
static void
server_ends(struct bench *bench, const char *const *options, int status, const char *expected)
{
    char program[512];
    const char *argv[16] = {sugu_hospital_program("queue-server/sugu-queue-server", program),
                            "--key", bench->key};
    int count = 3;

    for (; *options; options++)
        argv[count++] = *options;
    ends(bench, argv, status, expected);
}

START_TEST(a_bad_setting_is_named_with_its_range)
{
    struct bench bench;
    char path[100];
    FILE *file;

    bench_init(&bench);
    server_ends(&bench, (const char *const[]){"--workers", "17", NULL}, SUGU_EXIT_SETTINGS,
                "workers: needs a whole number from 1 to 16");
    server_ends(&bench, (const char *const[]){"--colour", "red", NULL}, SUGU_EXIT_USAGE,
                "colour: no such setting");
    server_ends(&bench, (const char *const[]){"--workers", "2", NULL}, SUGU_EXIT_SETTINGS,
                "set either standalone or database");
    snprintf(path, sizeof path, "%s/settings", bench.folder);
    file = fopen(path, "we");
    ck_assert_ptr_nonnull(file);
    fputs("# the server\nlisten = tcp://127.0.0.1:*\nworkers = many\n", file);
    fclose(file);
    server_ends(&bench, (const char *const[]){"--settings", path, NULL}, SUGU_EXIT_SETTINGS,
                "settings line 3: workers");
    bench_done(&bench);
}
END_TEST

START_TEST(an_institution_code_with_a_wrong_digit_is_not_set_up)
{
    struct bench bench;
    char program[512];

    bench_init(&bench);
    ends(&bench,
         (const char *const[]){sugu_hospital_program("queue-server/sugu-admin", program),
                               "--standalone", bench.folder, "facility", "1312345678", "病院",
                               NULL},
         SUGU_EXIT_FAILED, "the check digit is wrong");
    bench_done(&bench);
}
END_TEST

/* More would be unknown to check-in and to boards, which hear of all of them in one message. */
START_TEST(a_sixty_first_department_is_refused)
{
    static const char *const more[] = {"department", "d60", "多すぎる科", "A", NULL};
    static const char *const known[] = {"department", "d59", "別の名前の科", "A", NULL};
    struct sugu_hospital hospital;
    char path[300];
    FILE *file;

    sugu_hospital_init(&hospital, NULL); /* has three */
    snprintf(path, sizeof path, "%s/departments", hospital.folder);
    file = fopen(path, "we");
    ck_assert_ptr_nonnull(file);
    for (int i = 3; i < 60; i++)
        fprintf(file, "department d%d 第%d科 A\n", i, i);
    ck_assert_int_eq(fclose(file), 0);
    sugu_hospital_admin(&hospital, 0, NULL, (const char *const[]){"run", path, NULL});
    sugu_hospital_admin(&hospital, SUGU_EXIT_SETTINGS, NULL, more);
    sugu_hospital_admin(&hospital, 0, NULL, known);
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

START_TEST(a_folder_that_cannot_be_written_is_named)
{
    struct bench bench;
    char folder[100], standalone[120];

    bench_init(&bench);
    snprintf(folder, sizeof folder, "%s/locked", bench.folder);
    snprintf(standalone, sizeof standalone, "%s/cluster", folder);
    ck_assert_int_eq(mkdir(folder, 0500), 0);
    server_ends(&bench, (const char *const[]){"--standalone", standalone, NULL},
                SUGU_EXIT_CANNOT_CREATE, standalone);
    bench_done(&bench);
}
END_TEST

static bool
is_ready(void *user)
{
    return access(user, R_OK) == 0;
}

START_TEST(a_cluster_is_made_where_no_path_leads_to_postgresql)
{
    static const char *const no_path[] = {"PATH=/nonexistent", NULL};
    struct bench bench;
    struct sugu_process server = {0};
    char program[512], cluster[100], ready[100];
    const char *const argv[] = {sugu_hospital_program("queue-server/sugu-queue-server", program),
                                "--key",
                                bench.key,
                                "--standalone",
                                cluster,
                                "--listen",
                                "tcp://127.0.0.1:*",
                                "--ready-file",
                                ready,
                                NULL};

    bench_init(&bench);
    snprintf(cluster, sizeof cluster, "%s/cluster", bench.folder);
    snprintf(ready, sizeof ready, "%s/ready", bench.folder);
    sugu_process_spawn(&server, bench.log, argv, no_path);
    ck_assert_msg(sugu_wait_until(is_ready, ready, 60), "not ready; see %s", bench.folder);
    ck_assert_int_eq(sugu_process_end(&server, SIGTERM), 0);
    bench_done(&bench);
}
END_TEST

START_TEST(a_path_too_long_for_a_socket_is_refused)
{
    struct bench bench;
    char standalone[160];

    bench_init(&bench);
    snprintf(standalone, sizeof standalone, "%s/%s%s", bench.folder,
             "a-folder-with-a-name-that-is-far-too-long-for-the-path-of-a-socket",
             "-of-any-kind-of-unix");
    server_ends(&bench, (const char *const[]){"--standalone", standalone, NULL}, SUGU_EXIT_SETTINGS,
                "too long for a socket");
    bench_done(&bench);
}
END_TEST

START_TEST(a_database_that_is_away_is_said_so)
{
    struct bench bench;
    char conninfo[120];

    bench_init(&bench);
    snprintf(conninfo, sizeof conninfo, "host=%s dbname=sugu user=nobody", bench.folder);
    server_ends(&bench,
                (const char *const[]){"--database", conninfo, "--migrate-as", conninfo, NULL},
                SUGU_EXIT_UNAVAILABLE, "[store.away]");
    bench_done(&bench);
}
END_TEST

static bool
has_database(const char *folder)
{
    char path[200];

    snprintf(path, sizeof path, "%s/postgres/postmaster.pid", folder);
    return access(path, F_OK) == 0;
}

START_TEST(a_server_that_cannot_go_on_leaves_no_database_running)
{
    struct bench bench;
    char cluster[100], ready[120];

    bench_init(&bench);
    snprintf(cluster, sizeof cluster, "%s/cluster", bench.folder);
    snprintf(ready, sizeof ready, "%s/nowhere/ready", bench.folder);
    server_ends(&bench,
                (const char *const[]){"--standalone", cluster, "--listen", "tcp://nonsense", NULL},
                SUGU_EXIT_SETTINGS, "listen tcp://nonsense");
    ck_assert(!has_database(cluster));
    server_ends(&bench,
                (const char *const[]){"--standalone", cluster, "--listen", "tcp://127.0.0.1:*",
                                      "--ready-file", ready, NULL},
                SUGU_EXIT_CANNOT_CREATE, "nowhere");
    ck_assert(!has_database(cluster));
    bench_done(&bench);
}
END_TEST

START_TEST(a_port_in_use_and_a_broken_key_are_named)
{
    struct sugu_hospital hospital;
    struct bench bench;
    FILE *file;

    bench_init(&bench);
    sugu_hospital_init(&hospital, NULL);
    server_ends(
        &bench,
        (const char *const[]){"--standalone", hospital.folder, "--listen", hospital.endpoint, NULL},
        SUGU_EXIT_SETTINGS, hospital.endpoint);
    file = fopen(bench.key, "we");
    ck_assert_ptr_nonnull(file);
    fputs("secret 1234\n", file);
    fclose(file);
    server_ends(&bench, (const char *const[]){"--standalone", hospital.folder, NULL},
                SUGU_EXIT_FAILED, "[key.file]");
    ck_assert(has_database(hospital.folder)); /* which another server had started */
    sugu_hospital_done(&hospital, /* keep= */ false);
    bench_done(&bench);
}
END_TEST

/* ---- a full database */

static Sugu__Reply *
check_in(struct sugu_test_client *kiosk)
{
    Sugu__CheckIn body = SUGU__CHECK_IN__INIT;
    struct sugu_id visit = sugu_test_id();

    body.visit = sugu_id_field(&visit);
    body.department = (char *)"internal";
    return sugu_test_client_call(kiosk, SUGU__REQUEST__BODY_CHECK_IN, &body, NULL);
}

START_TEST(a_full_database_loses_nothing_and_goes_on_when_there_is_room)
{
    struct sugu_hospital hospital;
    struct sugu_test_client kiosk;
    char flag[64] = "/tmp/sugu-full-XXXXXX", preload[512], variable[100];
    int file = mkstemp(flag), given = 0, refused = 0;
    Sugu__Reply *reply;

    ck_assert_int_ge(file, 0);
    close(file);
    unlink(flag);
    snprintf(preload, sizeof preload, "%s", FULL_DISK);
    setenv("LD_PRELOAD", preload, 1); /* of PostgreSQL, through the server that starts it */
    snprintf(variable, sizeof variable, "%s", flag);
    setenv("SUGU_FULL_DISK", variable, 1);
    sugu_hospital_init(&hospital, NULL);
    unsetenv("LD_PRELOAD");
    sugu_test_client_init(&kiosk, &hospital, "kiosk-1", "kiosk", "kiosk-1");
    file = open(flag, O_CREAT | O_WRONLY, 0600);
    ck_assert_int_ge(file, 0);
    close(file);
    while (refused == 0) { /* until a table has to grow */
        reply = check_in(&kiosk);
        given += *reply->code == '\0';
        refused += strcmp(reply->code, "store.full") == 0;
        ck_assert_msg(!*reply->code || refused, "%s", reply->code);
        ck_assert_int_lt(given, 3000);
        sugu__reply__free_unpacked(reply, NULL);
    }
    sugu_process_expect(&hospital.server, "store.full", NULL, NULL, 0, 5);
    unlink(flag);
    reply = check_in(&kiosk);
    ck_assert_str_eq(reply->code, "");
    ck_assert_int_eq(strtol(reply->ticket->number + 2, NULL, 10), given + 1); /* no hole */
    sugu__reply__free_unpacked(reply, NULL);
    sugu_test_client_done(&kiosk);
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("setup",
                       90,
                       a_bad_setting_is_named_with_its_range,
                       an_institution_code_with_a_wrong_digit_is_not_set_up,
                       a_sixty_first_department_is_refused,
                       a_folder_that_cannot_be_written_is_named,
                       a_cluster_is_made_where_no_path_leads_to_postgresql,
                       a_path_too_long_for_a_socket_is_refused,
                       a_database_that_is_away_is_said_so,
                       a_server_that_cannot_go_on_leaves_no_database_running,
                       a_port_in_use_and_a_broken_key_are_named,
                       a_full_database_loses_nothing_and_goes_on_when_there_is_room)
