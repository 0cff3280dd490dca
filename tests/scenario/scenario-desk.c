/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-desk - the real front desk on a display, the real server, one patient: sign in, call,
 * help, finish; a server that dies under it
 *
 * The window is driven by keys and read as assistive technology reads it. Nothing that it writes to
 * its log or its folder may name the patient.
 */
#include "testlib/checks.h"
#include "testlib/day.h"
#include "testlib/screen.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define DESK     "sugu-desk"
#define PASSWORD "correcthorse"
#define WAIT_S   20

struct world {
    struct sugu_day day;
    struct sugu_screen screen;
    struct sugu_process desk;
};

/* The password is a line of sugu-admin's standard input. */
static void
add_staff(struct world *world)
{
    struct sugu_hospital *hospital = &world->day.hospital;
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
    sugu_process_say(&admin, PASSWORD);
    ck_assert_int_eq(sugu_process_wait(&admin, WAIT_S), 0);
}

static void
start_desk(struct world *world)
{
    struct sugu_hospital *hospital = &world->day.hospital;
    struct sugu_hospital_options options;
    char program[512], log[300];
    const char *const *word = sugu_hospital_connection(hospital, "front-1", &options);
    const char *argv[24] = {sugu_hospital_program("desk/console/sugu-desk", program),
                            "--desk",
                            "2",
                            "--facility-name",
                            "試験病院",
                            "--language",
                            "en",
                            "--maximized"};
    int count = 8;

    while (*word)
        argv[count++] = *word++;
    argv[count] = NULL;
    snprintf(log, sizeof log, "%s/desk.log", hospital->folder);
    sugu_process_spawn(&world->desk, log, argv, sugu_screen_environment(&world->screen));
}

static void
world_init(struct world *world)
{
    char folder[200];

    memset(world, 0, sizeof *world);
    sugu_day_init(&world->day);
    sugu_hospital_add_client(&world->day.hospital, "front-1", "desk", "front-1");
    add_staff(world);
    snprintf(folder, sizeof folder, "%s/x", world->day.hospital.folder);
    ck_assert_int_eq(mkdir(folder, 0700), 0);
    sugu_screen_init(&world->screen, folder, 1440, 900);
    start_desk(world);
}

static void
world_done(struct world *world)
{
    ck_assert_int_eq(sugu_process_end(&world->desk, SIGTERM), 0);
    sugu_screen_done(&world->screen);
    sugu_day_done(&world->day);
}

/* ---- looking */

struct look {
    struct world *world;
    const char *text;
    bool is_there;
};

static bool
is_so(void *user)
{
    struct look *look = user;

    return sugu_screen_shows(&look->world->screen, DESK, look->text) == look->is_there;
}

static void
expect(struct world *world, const char *text, bool is_there)
{
    struct look look = {world, text, is_there};

    ck_assert_msg(sugu_wait_until(is_so, &look, WAIT_S), "\"%s\" is %s", text,
                  is_there ? "not shown" : "still shown");
}

static void
press_key(struct world *world, const char *key)
{
    sugu_screen_scan(&world->screen, key);
}

static void
sign_in(struct world *world)
{
    expect(world, "User name", true);
    press_key(world, "sato");
    press_key(world, PASSWORD);
    expect(world, "佐藤 美和 (Supervisor)", true);
}

/* What the desk leaves behind holds nobody's name. */
static void
check_log(struct world *world)
{
    char path[400], line[1024];
    FILE *file;

    snprintf(path, sizeof path, "%s/desk.log", world->day.hospital.folder);
    file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file)) {
        ck_assert_msg(!strstr(line, "花子"), "the log names the patient: %s", line);
        ck_assert_msg(!strstr(line, PASSWORD), "the log has the password");
    }
    fclose(file);
}

static void
arrive(struct world *world)
{
    sugu_day_open_session(&world->day);
    sugu_day_verify_insurance(&world->day, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    sugu_day_check_in(&world->day, "B-001");
}

START_TEST(a_patient_is_called_by_a_key_and_led_on)
{
    static struct world world;

    world_init(&world);
    sign_in(&world);
    expect(&world, "Nobody is in this list.", true);
    arrive(&world);
    expect(&world, "B-001", true);
    expect(&world, "Nobody is in this list.", false);
    press_key(&world, "n");
    expect(&world, "Called", true);
    expect(&world, "B-001: Called, desk 2", true);
    press_key(&world, "p");
    expect(&world, "At the desk", true);
    press_key(&world, "d");
    expect(&world, "Nobody is in this list.", true);
    press_key(&world, "u"); /* not done after all */
    expect(&world, "Nobody is in this list.", false);
    check_log(&world);
    world_done(&world);
}
END_TEST

START_TEST(a_refusal_of_the_server_is_shown_where_it_happened)
{
    static struct world world;

    world_init(&world);
    sign_in(&world);
    press_key(&world, "n");
    expect(&world, "Call next: Nobody waits in this queue.", true);
    world_done(&world);
}
END_TEST

START_TEST(a_wrong_password_opens_nothing)
{
    static struct world world;

    world_init(&world);
    expect(&world, "User name", true);
    press_key(&world, "sato");
    press_key(&world, "wronghorse");
    expect(&world, "User name, password or card is not right.", true);
    ck_assert(!sugu_screen_shows(&world.screen, DESK, "(Supervisor)"));
    world_done(&world);
}
END_TEST

START_TEST(a_server_that_dies_is_told_and_the_queue_comes_back_by_itself)
{
    static struct world world;

    world_init(&world);
    sign_in(&world);
    arrive(&world);
    expect(&world, "B-001", true);
    sugu_hospital_kill_server(&world.day.hospital);
    expect(&world, "No connection to the server since", true);
    expect(&world, "B-001", true); /* what is known stays */
    sugu_hospital_start_server(&world.day.hospital, NULL);
    expect(&world, "No connection to the server since", false);
    press_key(&world, "n");
    expect(&world, "B-001: Called, desk 2", true);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("scenario-desk",
                       110,
                       a_patient_is_called_by_a_key_and_led_on,
                       a_refusal_of_the_server_is_shown_where_it_happened,
                       a_wrong_password_opens_nothing,
                       a_server_that_dies_is_told_and_the_queue_comes_back_by_itself)
