/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-start - how every program begins, and what it says where it cannot
 *
 * Each is run with too little or something wrong: the first line names the setting or the command
 * and what it is for, and the exit status is that of sysexits.h.
 */
#include "testlib/checks.h"
#include "testlib/process.h"

#include "base/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const programs[] = {SUGU_ADMIN,        SUGU_BOARD,  SUGU_DESK,    SUGU_FEE,
                                       SUGU_INSURANCE,    SUGU_KIOSK,  SUGU_PAYMENT, SUGU_PRINTER,
                                       SUGU_QUEUE_SERVER, SUGU_READER, SUGU_WEB};

#define WORDS_MAX 6

/* Runs a program to its end; its words are in `text`. */
static int
run(const char *program, const char *const words[WORDS_MAX], char text[4096])
{
    char log[] = "/tmp/sugu-start-XXXXXX";
    const char *argv[WORDS_MAX + 2] = {program};
    int file = mkstemp(log), status;
    ssize_t got;

    ck_assert_int_ge(file, 0);
    for (int i = 0; i < WORDS_MAX && words[i]; i++)
        argv[i + 1] = words[i];
    status = sugu_process_run(log, argv, NULL);
    got = pread(file, text, 4095, 0);
    ck_assert_int_ge(got, 0);
    text[got] = '\0';
    close(file);
    unlink(log);
    return status;
}

START_TEST(anybody_may_ask_for_help_and_only_root_may_not_begin)
{
    char text[4096];

    setenv("LD_PRELOAD", AS_ROOT, 1);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(programs); i++) {
        ck_assert_int_eq(run(programs[i], (const char *[WORDS_MAX]){"--help"}, text), 0);
        ck_assert_msg(strncmp(text, "Usage: sugu-", 12) == 0, "%s", text);
        ck_assert_int_eq(run(programs[i], (const char *[WORDS_MAX]){"--version"}, text), 0);
        ck_assert_msg(strncmp(text, "sugu-", 5) == 0, "%s", text);
        ck_assert_int_eq(run(programs[i], (const char *[WORDS_MAX]){"--print-settings"}, text), 0);
        ck_assert_int_eq(run(programs[i], (const char *[WORDS_MAX]){NULL}, text), SUGU_EXIT_USAGE);
        ck_assert_msg(strstr(text, "refuses to run as root") != NULL, "%s", text);
    }
    unsetenv("LD_PRELOAD");
}
END_TEST

START_TEST(what_is_missing_or_wrong_is_named)
{
    static const struct {
        const char *program, *words[WORDS_MAX];
        int status;
        const char *begin; /* of what it says */
    } rows[] = {
        {SUGU_KIOSK, {NULL}, SUGU_EXIT_SETTINGS, "sugu-kiosk: server: has to be set: Queue server"},
        {SUGU_KIOSK,
         {"--server", "tcp://x:1"},
         SUGU_EXIT_SETTINGS,
         "sugu-kiosk: state-folder: has to be set: "},
        {SUGU_READER, {NULL}, SUGU_EXIT_SETTINGS, "sugu-reader: listen: has to be set: Where"},
        {SUGU_READER,
         {"--listen", "tcp://x"},
         SUGU_EXIT_SETTINGS,
         "sugu-reader: listen: \"tcp://x\" is not ipc://PATH"},
        {SUGU_PRINTER, {NULL}, SUGU_EXIT_SETTINGS, "sugu-printer: printer: has to be set: "},
        {SUGU_PRINTER,
         {"--printer", "lp0", "--spool-folder", "/tmp/sugu-nowhere"},
         SUGU_EXIT_SETTINGS,
         "sugu-printer: printer: \"lp0\" is not an address like ipp://"},
        {SUGU_PAYMENT, {NULL}, SUGU_EXIT_SETTINGS, "sugu-payment: state-folder: has to be set: "},
        {SUGU_FEE, {NULL}, SUGU_EXIT_SETTINGS, "sugu-fee: master: has to be set: "},
        {SUGU_INSURANCE, {NULL}, SUGU_EXIT_SETTINGS, "sugu-insurance: oqs-folder: has to be set: "},
        {SUGU_BOARD, {NULL}, SUGU_EXIT_SETTINGS, "sugu-board: server: has to be set: "},
        {SUGU_DESK, {NULL}, SUGU_EXIT_SETTINGS, "sugu-desk: server: has to be set: "},
        {SUGU_WEB, {NULL}, SUGU_EXIT_SETTINGS, "sugu-web: server: has to be set: "},
        {SUGU_ADMIN,
         {"--server", "tcp://x:1", "call", "1"},
         SUGU_EXIT_SETTINGS,
         "sugu-admin: key: has to be set"},
        {SUGU_ADMIN, {"frob"}, SUGU_EXIT_USAGE, "sugu-admin: no command frob "},
        {SUGU_ADMIN, {"key"}, SUGU_EXIT_USAGE, "sugu-admin: use: key FILE "},
        {SUGU_ADMIN, {"run"}, SUGU_EXIT_USAGE, "sugu-admin: use: run FILE "},
        {SUGU_ADMIN,
         {"--database", "host=/nowhere", "migrate"},
         SUGU_EXIT_UNAVAILABLE,
         "sugu-admin: No such file or directory: PostgreSQL on socket \"/nowhere/.s.PGSQL.5432\" "
         "["},
        {SUGU_ADMIN,
         {"--database", "host=/nowhere", "revoke", "x"},
         SUGU_EXIT_UNAVAILABLE,
         "sugu-admin: No such file or directory: PostgreSQL on socket \"/nowhere/.s.PGSQL.5432\" "
         "["},
    };

    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        char text[4096];
        int status = run(rows[i].program, rows[i].words, text);
        ck_assert_msg(strncmp(text, rows[i].begin, strlen(rows[i].begin)) == 0, "%s: \"%s\"",
                      rows[i].begin, text);
        ck_assert_msg(status == rows[i].status, "%s: %d", rows[i].begin, status);
    }
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("start",
                       60,
                       anybody_may_ask_for_help_and_only_root_may_not_begin,
                       what_is_missing_or_wrong_is_named)
