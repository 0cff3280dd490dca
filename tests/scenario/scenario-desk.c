/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-desk - the real front desk on a display, the real server, one patient: sign in, call,
 * help, finish; a server that dies under it
 *
 * The window is driven by keys and read as assistive technology reads it. Nothing that it writes to
 * its log or its folder may name the patient.
 */
#include "scenario/front-world.h"
#include "testlib/checks.h"
#include "testlib/day.h"

#include <stdio.h>
#include <string.h>

struct world {
    struct sugu_day day;
    struct front front;
};

static void
world_init(struct world *world)
{
    memset(world, 0, sizeof *world);
    sugu_day_init(&world->day);
    front_init(&world->front, &world->day.hospital);
    front_start(&world->front, &world->day.hospital);
}

static void
world_done(struct world *world)
{
    front_done(&world->front);
    sugu_day_done(&world->day);
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
        ck_assert_msg(!strstr(line, FRONT_PASSWORD), "the log has the password");
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
    front_sign_in(&world.front);
    front_expect(&world.front, "Nobody is in this list.", true);
    arrive(&world);
    front_expect(&world.front, "B-001", true);
    front_expect(&world.front, "Nobody is in this list.", false);
    front_press(&world.front, "n");
    front_expect(&world.front, "Called", true);
    front_expect(&world.front, "B-001: Called, Room 2", true);
    front_press(&world.front, "p");
    front_expect(&world.front, "At the desk", true);
    front_press(&world.front, "d");
    front_expect(&world.front, "Nobody is in this list.", true);
    front_press(&world.front, "u"); /* not done after all */
    front_expect(&world.front, "Nobody is in this list.", false);
    check_log(&world);
    world_done(&world);
}
END_TEST

START_TEST(a_refusal_of_the_server_is_shown_where_it_happened)
{
    static struct world world;

    world_init(&world);
    front_sign_in(&world.front);
    front_press(&world.front, "n");
    front_expect(&world.front, "Call next: Nobody waits in this queue.", true);
    world_done(&world);
}
END_TEST

START_TEST(a_wrong_password_opens_nothing)
{
    static struct world world;

    world_init(&world);
    front_expect(&world.front, "User name", true);
    front_press(&world.front, "sato");
    front_press(&world.front, "wronghorse");
    front_expect(&world.front, "User name, password or card is not right.", true);
    ck_assert(!front_shows(&world.front, "(Supervisor)"));
    world_done(&world);
}
END_TEST

START_TEST(a_server_that_dies_is_told_and_the_queue_comes_back_by_itself)
{
    static struct world world;

    world_init(&world);
    front_sign_in(&world.front);
    arrive(&world);
    front_expect(&world.front, "B-001", true);
    sugu_hospital_kill_server(&world.day.hospital);
    front_expect(&world.front, "No connection to the server since", true);
    front_expect(&world.front, "B-001", true); /* what is known stays */
    sugu_hospital_start_server(&world.day.hospital, NULL);
    front_expect(&world.front, "No connection to the server since", false);
    front_press(&world.front, "n");
    front_expect(&world.front, "B-001: Called, Room 2", true);
    world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("scenario-desk",
                       110,
                       a_patient_is_called_by_a_key_and_led_on,
                       a_refusal_of_the_server_is_shown_where_it_happened,
                       a_wrong_password_opens_nothing,
                       a_server_that_dies_is_told_and_the_queue_comes_back_by_itself)
