/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-house-orders - what the desk tells a kiosk, through the real server, happens before the
 * patient's eyes, and holds over a restart of the kiosk
 */
#include "scenario/house-world.h"

#include "base/settings.h"
#include "testlib/checks.h"

#include <string.h>

#define MESSAGE "本日 午後は 隣の機械を お使いください"

static const struct house_options options = {
    .more = {[HOUSE_PAYMENT] = (const char *const[]){"--status-interval-ms", "200", NULL}},
};

static void
tell(struct house_world *world, const char *verb, const char *text)
{
    house_world_admin(world, (const char *const[]){"kiosk", "kiosk-1", verb, text, NULL});
}

/* The desk's list of kiosks says the page, which came with a heartbeat. */
static void
expect_at_desk(struct house_world *world, const char *page, bool is_draining)
{
    char sql[300];

    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM kiosk_state JOIN client USING (facility, client) WHERE name = "
             "'kiosk-1' AND page = '%s' AND is_draining = %s",
             page, is_draining ? "true" : "false");
    house_world_await(world, sql, 1);
}

/* The kiosk ended as one that is to be started again; so it is. */
static void
start_again(struct house_world *world)
{
    ck_assert_int_eq(sugu_process_wait(&world->house.parts[HOUSE_KIOSK], world->wait_s),
                     SUGU_EXIT_RESTART);
    house_world_start(world, HOUSE_KIOSK);
}

START_TEST(a_kiosk_is_closed_behind_its_patient_and_stays_so_until_it_is_opened)
{
    struct house_world world;

    house_world_init(&world, &options);
    world.trouble = "closed while somebody checks in";
    house_world_check_in(&world, 0);
    tell(&world, "close", NULL);
    tell(&world, "message", MESSAGE);
    house_world_sees(&world, MESSAGE);
    expect_at_desk(&world, "confirm", true);
    house_world_go(&world, "はい", "ticket");
    house_world_sees(&world, "A-001");
    house_world_press(&world, "終わる");
    house_world_page(&world, "take-card");
    house_world_take_card(&world);
    house_world_page(&world, "out-of-use");
    house_world_sees(&world, "休止中");
    expect_at_desk(&world, "out-of-use", true);
    world.trouble = "a closed kiosk with a card on it";
    house_world_put_card(&world, 1);
    tell(&world, "restart", NULL);
    start_again(&world);
    house_world_page(&world, "out-of-use"); /* and not the person of the card */
    house_world_sees(&world, MESSAGE);
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM session"), 1);
    world.trouble = "the server behind a closed kiosk";
    sugu_hospital_kill_server(&world.house.hospital);
    sugu_hospital_start_server(&world.house.hospital, NULL);
    tell(&world, "message", NULL);
    house_world_sees_no(&world, MESSAGE);
    house_world_page(&world, "out-of-use");
    world.trouble = "open again, with the card that lies there";
    tell(&world, "open", NULL);
    house_world_page(&world, "birthday");
    expect_at_desk(&world, "birthday", false);
    house_world_digits(&world, "0102");
    house_world_page(&world, "confirm");
    house_world_go(&world, "はい", "ticket");
    house_world_sees(&world, "A-002");
    house_world_done(&world);
}
END_TEST

START_TEST(a_kiosk_that_is_to_begin_anew_lets_a_payment_end_first)
{
    struct house_world world;
    struct house_visit visit;

    house_world_init(&world, &options);
    house_world_bill(&world, 0, &visit);
    house_world_see_bill(&world, &visit);
    world.trouble = "restart while the terminal charges";
    house_world_tell(&world, HOUSE_TERMINAL_EMULATOR, "hold-after");
    house_world_press(&world, "カードで");
    house_world_page(&world, "paying");
    tell(&world, "restart", NULL);
    tell(&world, "message", MESSAGE); /* taken in behind it */
    house_world_sees(&world, MESSAGE);
    house_world_page(&world, "paying");
    house_world_tell(&world, HOUSE_TERMINAL_EMULATOR, "release");
    house_world_page(&world, "paid");
    house_world_books_agree(&world, visit.bill_yen);
    house_world_press(&world, "終わる");
    start_again(&world);
    house_world_page(&world, "welcome");
    house_world_sees(&world, MESSAGE);
    house_world_staff_see(&world, visit.number, "state left"); /* the goodbye was kept */
    house_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("house-orders",
                       100,
                       a_kiosk_is_closed_behind_its_patient_and_stays_so_until_it_is_opened,
                       a_kiosk_that_is_to_begin_anew_lets_a_payment_end_first)
