/* SPDX-License-Identifier: Apache-2.0 */
/*
 * front-world - the real front desk at desk 2 on a display of its own, and who sits there
 */
#include "scenario/front-world.h"

#include "testlib/checks.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define WAIT_S 20

/* The password is a line of sugu-admin's standard input. */
static void
add_staff(struct sugu_hospital *hospital)
{
    struct sugu_process admin;
    char program[512], log[300];
    const char *argv[] = {sugu_hospital_program("queue-server/sugu-admin", program),
                          "--standalone",
                          hospital->folder,
                          "--facility",
                          "1",
                          "staff",
                          "sato",
                          "佐藤 美和",
                          "supervisor",
                          "password",
                          NULL};

    snprintf(log, sizeof log, "%s/staff.log", hospital->folder);
    sugu_process_spawn(&admin, log, argv, NULL);
    sugu_process_say(&admin, FRONT_PASSWORD);
    ck_assert_int_eq(sugu_process_wait(&admin, WAIT_S), 0);
}

void
front_init(struct front *front, struct sugu_hospital *hospital)
{
    char folder[200];

    memset(front, 0, sizeof *front);
    front->hospital = hospital;
    sugu_hospital_add_client(hospital, "front-1", "desk", "front-1");
    add_staff(hospital);
    snprintf(folder, sizeof folder, "%s/x", hospital->folder);
    ck_assert_int_eq(mkdir(folder, 0700), 0);
    sugu_screen_init(&front->screen, folder, 1440, 900);
}

void
front_done(struct front *front)
{
    ck_assert_int_eq(sugu_process_end(&front->desk, SIGTERM), 0);
    sugu_screen_done(&front->screen);
}

void
front_start(struct front *front, struct sugu_hospital *seen)
{
    struct sugu_hospital_options options;
    char program[512], log[300];
    const char *const *word = sugu_hospital_connection(seen, "front-1", &options);
    const char *argv[24] = {sugu_hospital_program("desk/console/sugu-desk", program),
                            "--desk",
                            "2",
                            "--facility-name",
                            "試験病院",
                            "--language",
                            "en",
                            "--maximized"};
    int count = 8;

    while (*word) {
        if (strcmp(*word, "--state-folder") == 0)
            snprintf(front->state, sizeof front->state, "%s", word[1]);
        argv[count++] = *word++;
    }
    argv[count] = NULL;
    snprintf(log, sizeof log, "%s/desk.log", front->hospital->folder);
    sugu_process_spawn(&front->desk, log, argv, sugu_screen_environment(&front->screen));
}

/* ---- looking */

bool
front_shows(struct front *front, const char *text)
{
    return sugu_screen_shows(&front->screen, FRONT_DESK, text);
}

void
front_expect(struct front *front, const char *text, bool is_there)
{
    ck_assert_msg(sugu_screen_await_text(&front->screen, FRONT_DESK, text, is_there, WAIT_S),
                  "\"%s\" is %s", text, is_there ? "not shown" : "still shown");
}

void
front_press(struct front *front, const char *key)
{
    sugu_screen_scan(&front->screen, key);
}

void
front_sign_in(struct front *front)
{
    front_expect(front, "User name", true);
    front_press(front, "sato");
    front_press(front, FRONT_PASSWORD);
    front_expect(front, "佐藤 美和 (Supervisor)", true);
}
