/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-house-server - queue server or database die behind an open window: the day goes on where
 * it was, and nothing is lost or doubled
 */
#include "scenario/house-world.h"

#include "testlib/checks.h"

#include <string.h>

static const struct house_options options = {
    .more = {[HOUSE_PAYMENT] = (const char *const[]){"--status-interval-ms", "200", NULL}},
};

static void
start_server(struct house_world *world)
{
    sugu_hospital_start_server(&world->house.hospital, NULL);
}

static void
kill_server(struct house_world *world)
{
    sugu_hospital_kill_server(&world->house.hospital);
}

/* One visit, one number, each once. */
static void
expect_visits(struct house_world *world, int64_t count)
{
    ck_assert_int_eq(house_world_number(world, "SELECT count(*) FROM visit"), count);
    ck_assert_int_eq(
        house_world_number(world, "SELECT count(DISTINCT (series, number)) FROM visit"), count);
    ck_assert_int_eq(house_world_number(world, "SELECT sum(number) FROM visit"),
                     count * (count + 1) / 2);
}

START_TEST(a_server_killed_behind_the_pages_of_a_check_in_costs_no_number)
{
    struct house_world world;

    house_world_init(&world, &options);
    world.trouble = "killed behind \"is this right?\"";
    house_world_check_in(&world, 0);
    kill_server(&world);
    house_world_go(&world, "はい", "issuing");
    start_server(&world);
    house_world_page(&world, "ticket");
    house_world_sees(&world, "A-001");
    expect_visits(&world, 1);
    house_world_leave(&world);
    world.trouble = "killed while the insurance is asked";
    house_world_tell(&world, HOUSE_QUALIFICATION_EMULATOR, "delay-ms 1500");
    house_world_come(&world, 1);
    house_world_page(&world, "checking");
    kill_server(&world);
    start_server(&world);
    house_world_page(&world, "confirm");
    house_world_tell(&world, HOUSE_QUALIFICATION_EMULATOR, "delay-ms 0");
    house_world_go(&world, "はい", "ticket");
    house_world_sees(&world, "A-002");
    expect_visits(&world, 2);
    house_world_leave(&world);
    world.trouble = "killed with nobody there";
    kill_server(&world);
    house_world_page(&world, "closed");
    house_world_sees(&world, "つながりません");
    house_world_put_card(&world, 2); /* impatient: it is taken when the server is back */
    start_server(&world);
    house_world_page(&world, "birthday");
    house_world_digits(&world, "0103");
    house_world_page(&world, "confirm");
    house_world_go(&world, "はい", "ticket");
    house_world_sees(&world, "A-003");
    expect_visits(&world, 3);
    house_world_done(&world);
}
END_TEST

/* Charged by the terminal, not answered yet. */
static void
charge(struct house_world *world)
{
    char line[128] = "";

    house_world_tell(world, HOUSE_TERMINAL_EMULATOR, "hold-after");
    house_world_press(world, "カードで");
    while (!strstr(line, "charges=1")) {
        house_say(&world->house, HOUSE_TERMINAL_EMULATOR, "charged");
        house_world_hear(world, HOUSE_TERMINAL_EMULATOR, "yen=", line, sizeof line);
    }
}

START_TEST(a_server_killed_behind_an_open_bill_loses_no_revision_and_no_payment)
{
    struct house_world world;
    struct house_visit visit;

    house_world_init(&world, &options);
    house_world_bill(&world, 0, &visit);
    house_world_see_bill(&world, &visit);
    world.trouble = "killed behind the bill";
    kill_server(&world);
    start_server(&world);
    house_world_admin(&world,
                      (const char *const[]){"acts", visit.number, "111000110", "160008010", NULL});
    house_world_sees(&world, "変わりました");
    house_world_staff_see(&world, visit.number, "bill revision=2");
    visit.bill_yen =
        (long)house_world_number(&world, "SELECT total_yen FROM bill_revision WHERE revision = 2");
    world.trouble = "killed while the terminal charges";
    charge(&world);
    kill_server(&world);
    house_world_tell(&world, HOUSE_TERMINAL_EMULATOR, "release");
    house_world_page(&world, "settling"); /* approved: nobody is asked to pay again */
    start_server(&world);
    house_world_page(&world, "paid");
    house_world_books_agree(&world, visit.bill_yen);
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM attempt"), 1);
    world.trouble = "killed behind the last page";
    kill_server(&world);
    house_world_press(&world, "終わる");
    house_world_page(&world, "closed");
    start_server(&world);
    house_world_page(&world, "welcome");
    house_world_staff_see(&world, visit.number, "state left"); /* the goodbye was kept */
    house_world_done(&world);
}
END_TEST

START_TEST(a_database_restarted_behind_the_pages_costs_nothing)
{
    struct house_world world;
    struct house_visit visit;

    house_world_init(&world, &options);
    house_world_bill(&world, 0, &visit);
    world.trouble = "restarted behind \"is this right?\"";
    house_world_check_in(&world, 1);
    sugu_hospital_stop_database(&world.house.hospital, "immediate");
    house_world_go(&world, "はい", "issuing");
    sugu_hospital_start_database(&world.house.hospital);
    house_world_page(&world, "ticket");
    house_world_sees(&world, "A-001");
    house_world_look_again(&world);
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM visit"), 2);
    house_world_leave(&world);
    world.trouble = "restarted while the terminal charges";
    house_world_see_bill(&world, &visit);
    charge(&world);
    sugu_hospital_stop_database(&world.house.hospital, "immediate");
    house_world_tell(&world, HOUSE_TERMINAL_EMULATOR, "release");
    house_world_page(&world, "settling");
    sugu_hospital_start_database(&world.house.hospital);
    house_world_page(&world, "paid");
    house_world_look_again(&world);
    house_world_books_agree(&world, visit.bill_yen);
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM attempt"), 1);
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM receipt"), 1);
    house_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("house-server",
                       100,
                       a_server_killed_behind_the_pages_of_a_check_in_costs_no_number,
                       a_server_killed_behind_an_open_bill_loses_no_revision_and_no_payment,
                       a_database_restarted_behind_the_pages_costs_nothing)
