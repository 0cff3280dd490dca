/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-house-money - the terminal in trouble: declined is said, doubt is "unclear" until it was
 * asked, nobody pays twice, and the ledger has what the terminal has
 */
#include "scenario/house-world.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>

static const struct house_options options = {
    .more =
        {
            [HOUSE_PAYMENT] =
                (const char *const[]){"--status-interval-ms", "200", "--check-interval-ms", "300",
                                      "--answer-wait-ms", "2000", "--exchange-wait-ms", "800",
                                      "--connect-wait-ms", "800", NULL},
        },
};

/* Nobody but a payment connects to the terminal. */
static const struct house_options unchecked = {
    .more = {[HOUSE_PAYMENT] = (const char *const[]){"--check-interval-ms", "600000", NULL}},
};

static void
tell_terminal(struct house_world *world, const char *line)
{
    house_world_tell(world, HOUSE_TERMINAL_EMULATOR, line);
}

/* ---- each fault once */

static const struct {
    const char *fault, *command;
    bool is_unclear;   /* nobody can know at once */
    const char *words; /* the page "pay-trouble" says so; NULL: it was paid after all */
    const char *code;  /* of the attempt that was not paid */
} rows[] = {
    {"declined", "decline Refusal", false, "請求は", "payment.declined"},
    {"busy", "busy", true, "始まりませんでした", "payment.not-started"},
    {"link cut after sending", "drop-request", true, "始まりませんでした", "payment.not-started"},
    {"journal lost", "reboot-lose", true, "始まりませんでした", "payment.not-started"},
    {"answer lost", "drop-response", true, NULL, NULL},
    {"answer late", "delay 4000", true, NULL, NULL},
    {"wrong id", "wrong-service-id", true, NULL, NULL},
};

static void
expect_unpaid(struct house_world *world, size_t row)
{
    char sql[200];

    house_world_left(world, rows[row].is_unclear ? "unclear" : "paying", "pay-trouble");
    house_world_page(world, "pay-trouble");
    house_world_sees(world, rows[row].words);
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM attempt WHERE state = 3 AND code = '%s' AND begun_at = "
             "(SELECT max(begun_at) FROM attempt)",
             rows[row].code);
    house_world_await(world, sql, 1);
    house_world_await(world, "SELECT count(*) FROM bill WHERE state = 3", 0);
    house_world_go(world, "会計に", "bill");
    house_world_press(world, "カードで");
}

static void
meet(struct house_world *world, size_t row, long *yen)
{
    struct house_visit visit;
    char sql[200];

    world->trouble = rows[row].fault;
    house_world_bill(world, (unsigned)row, &visit);
    house_world_see_bill(world, &visit);
    tell_terminal(world, rows[row].command);
    house_world_press(world, "カードで");
    if (rows[row].is_unclear)
        house_world_left(world, "paying", "unclear");
    if (rows[row].words)
        expect_unpaid(world, row);
    house_world_page(world, "paid");
    *yen += visit.bill_yen;
    house_world_books_agree(world, *yen);
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM attempt WHERE bill = (SELECT bill FROM bill JOIN visit "
             "USING (facility, visit) WHERE number = %d)",
             (int)row + 1);
    ck_assert_int_eq(house_world_number(world, sql), rows[row].words ? 2 : 1);
    house_world_leave(world);
    house_world_staff_see(world, visit.number, "state left");
}

START_TEST(every_doubt_about_money_ends_in_the_truth_and_in_one_payment)
{
    struct house_world world;
    long yen = 0;

    house_world_init(&world, &options);
    for (size_t row = 0; row < SUGU_ARRAY_SIZE(rows); row++)
        meet(&world, row, &yen);
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM bill WHERE state = 4"),
                     SUGU_ARRAY_SIZE(rows));
    house_world_done(&world);
}
END_TEST

/* That the line was cut before the first byte is certain: nothing is unclear. */
START_TEST(a_link_cut_before_sending_charges_nothing_and_the_desk_takes_the_money)
{
    struct house_world world;
    struct house_visit visit;

    house_world_init(&world, &unchecked);
    world.trouble = "link cut before sending";
    house_world_bill(&world, 0, &visit);
    house_world_see_bill(&world, &visit);
    tell_terminal(&world, "cut");
    house_world_press(&world, "カードで");
    house_world_left(&world, "paying", "pay-trouble");
    house_world_page(&world, "pay-trouble");
    house_world_sees(&world, "ここでは");
    house_world_await(&world,
                      "SELECT count(*) FROM attempt WHERE state = 3 AND code = 'terminal.away'", 1);
    house_world_go(&world, "会計に", "bill");
    house_world_sees(&world, "ここでは"); /* the terminal is away: no way to pay here … */
    house_world_go(&world, "窓口で", "see-desk");
    house_world_sees(&world, visit.number); /* … but one to pay at all */
    house_world_staff_see(&world, visit.number, "help kiosk-1 help.pay-at-desk");
    house_world_staff_see(&world, visit.number, "bill revision=1 state=0");
    house_world_books_agree(&world, 0);
    house_world_done(&world);
}
END_TEST

START_TEST(a_part_payment_is_posted_and_the_rest_is_paid_by_another_card)
{
    struct house_world world;
    struct house_visit visit;

    house_world_init(&world, &options);
    world.trouble = "part payment";
    house_world_bill(&world, 0, &visit);
    house_world_see_bill(&world, &visit);
    tell_terminal(&world, "partial 1000");
    house_world_press(&world, "カードで");
    house_world_left(&world, "paying", "bill");
    house_world_page(&world, "bill");
    house_world_sees(&world, "一部のみ");
    house_world_sees(&world, "お支払い済み");
    house_world_await(&world, "SELECT paid_yen FROM bill WHERE state = 0", 1000);
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM receipt"), 0);
    house_world_press(&world, "カードで");
    house_world_page(&world, "paid");
    house_world_await(&world, "SELECT sum(yen) FROM entry WHERE account = 'card-clearing'",
                      visit.bill_yen);
    house_world_await(&world, "SELECT sum(yen) FROM entry WHERE account = 'receivable'", 0);
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM attempt WHERE state = 2"), 2);
    ck_assert_int_eq(house_world_number(&world, "SELECT count(*) FROM receipt"), 1);
    house_world_leave(&world);
    house_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("house-money",
                       150,
                       every_doubt_about_money_ends_in_the_truth_and_in_one_payment,
                       a_link_cut_before_sending_charges_nothing_and_the_desk_takes_the_money,
                       a_part_payment_is_posted_and_the_rest_is_paid_by_another_card)
