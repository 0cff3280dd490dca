/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-house-away - a server that says "not now" and never gets better: every page ends with a
 * number or a reference and a place to go
 */
#include "scenario/house-world.h"

#include "testlib/checks.h"
#include "testlib/folder.h"

#include <stdio.h>
#include <string.h>

#define ISSUING_WAIT_S 45 /* the kiosk waits 30 s for a number */

static const struct house_options options = {
    .more = {[HOUSE_PAYMENT] = (const char *const[]){"--begin-wait-ms", "300", NULL}},
};

static int
papers(struct house_world *world)
{
    char path[300];

    snprintf(path, sizeof path, "%s/ipp/papers", world->folder);
    return sugu_test_folder_count(path);
}

/* The database is away: the server answers RETRY, the client asks again, the page does not wait. */
START_TEST(a_number_that_cannot_be_had_becomes_a_reference_and_later_a_number)
{
    struct house_world world;

    house_world_init(&world, &options);
    world.trouble = "no database";
    house_world_go(&world, "カードがない方", "no-card");
    sugu_hospital_stop_database(&world.house.hospital, "immediate");
    house_world_go(&world, "番号札を取る", "issuing-desk");
    world.wait_s = ISSUING_WAIT_S;
    house_world_page(&world, "desk-away");
    house_world_sees(&world, "お問い合わせ番号");
    house_world_sees(&world, "受付窓口");
    house_world_sees(&world, "お取りください"); /* the reference came out on paper */
    ck_assert_int_eq(papers(&world), 1);
    sugu_hospital_start_database(&world.house.hospital);
    house_world_page(&world, "to-desk");
    house_world_sees(&world, "R-001");
    house_world_look_again(&world);
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM visit"), 1);
    house_world_staff_see(&world, "R-001", "reason visit.wants-desk");
    house_world_leave(&world);
    house_world_done(&world);
}
END_TEST

START_TEST(with_the_server_gone_a_reference_is_there_at_once)
{
    struct house_world world;

    house_world_init(&world, &options);
    world.trouble = "no server";
    sugu_hospital_kill_server(&world.house.hospital);
    house_world_page(&world, "closed");
    house_world_go(&world, "お問い合わせ番号", "desk-away");
    house_world_sees(&world, "受付窓口");
    house_world_sees(&world, "お取りください");
    ck_assert_int_eq(papers(&world), 1);
    house_world_press(&world, "終わる");
    house_world_page(&world, "closed");
    sugu_hospital_start_server(&world.house.hospital, NULL);
    house_world_page(&world, "welcome");
    house_world_await(&world, "SELECT count(*) FROM help WHERE place = 'kiosk-1'", 1);
    house_world_done(&world);
}
END_TEST

START_TEST(who_cannot_pay_three_times_is_sent_to_the_desk_and_was_charged_nothing)
{
    struct house_world world;
    struct house_visit visit;

    house_world_init(&world, &options);
    house_world_bill(&world, 0, &visit);
    house_world_see_bill(&world, &visit);
    world.trouble = "no server for the payment";
    sugu_hospital_kill_server(&world.house.hospital);
    for (int times = 1; times <= 2; times++) {
        house_world_press(&world, "カードで");
        house_world_page(&world, "pay-trouble");
        house_world_go(&world, "会計に", "bill");
    }
    house_world_press(&world, "カードで");
    house_world_page(&world, "see-desk");
    house_world_sees(&world, visit.number);
    sugu_hospital_start_server(&world.house.hospital, NULL);
    house_world_staff_see(&world, visit.number, "help kiosk-1 server.away");
    house_world_await(&world, "SELECT count(*) FROM bill WHERE state = 0", 1);
    house_world_books_agree(&world, 0);
    world.trouble = "back";
    house_world_leave(&world);
    house_world_see_bill(&world, &visit);
    house_world_press(&world, "カードで");
    house_world_page(&world, "paid");
    house_world_books_agree(&world, visit.bill_yen);
    house_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("house-away",
                       100,
                       a_number_that_cannot_be_had_becomes_a_reference_and_later_a_number,
                       with_the_server_gone_a_reference_is_there_at_once,
                       who_cannot_pay_three_times_is_sent_to_the_desk_and_was_charged_nothing)
