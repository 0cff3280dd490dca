/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-cash - a bill is paid in coins and notes: real server, real program, a real serial line
 *
 * The kiosk has no card terminal. After each story what lies in the emulated devices is what the
 * books say, and every invariant of the ledger holds.
 */
#include "scenario/lane-world.h"
#include "testlib/checks.h"

#include "base/text.h"
#include "domain/payment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CASH      SUGU__PAYMENT_METHOD__METHOD_CASH
#define ANNOUNCED SUGU__BILL_STATE__BILL_ANNOUNCED
#define SETTLED   SUGU__BILL_STATE__BILL_SETTLED
#define COUNTER   SUGU__BILL_STATE__BILL_TO_COUNTER
#define BILL_YEN  870

static void
begin(struct lane_world *world)
{
    lane_world_pay(world, CASH, BILL_YEN, "");
    ck_assert_msg(lane_world_wait(world, lane_world_is_taking), "state %u, %s", world->kiosk.state,
                  world->kiosk.code);
    lane_world_run(world, SUGU_SECOND); /* the masks are open behind the word of it */
}

/* What the devices hold more than at first. */
static int64_t
gain_yen(struct lane_world *world)
{
    char answer[512], *end;

    ck_assert(cctalk_pty_command(world->pty, "truth", answer, sizeof answer));
    ck_assert_msg(strncmp(answer, "gain=", 5) == 0, "%s", answer);
    return strtoll(answer + 5, &end, 10);
}

static void
check_devices(struct lane_world *world)
{
    ck_assert_int_eq(gain_yen(world),
                     sugu_facts_number(&world->till.facts,
                                       "SELECT coalesce(sum(unit * (pieces_in - pieces_out)), 0) "
                                       "- 199980 FROM cash_count"));
}

START_TEST(exact_money_settles_the_bill)
{
    static const char *const coins[] = {"coin 500", "coin 100", "coin 100", "coin 100",
                                        "coin 50",  "coin 10",  "coin 10"};
    static const int64_t sums[] = {500, 600, 700, 800, 850, 860, 870};
    struct lane_world world;

    lane_world_init(&world, false, true);
    begin(&world);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(coins); i++) {
        lane_world_cash(&world, coins[i]);
        ck_assert_msg(lane_world_wait_in(&world, sums[i]), "%lld", (long long)world.kiosk.in_yen);
    }
    lane_world_ends(&world, SUGU_ATTEMPT_APPROVED, BILL_YEN, "");
    till_fee_posts(&world.till, 1, BILL_YEN);
    till_bill_is(&world.till, SETTLED, BILL_YEN, BILL_YEN);
    check_devices(&world);
    lane_world_done(&world);
}
END_TEST

START_TEST(change_comes_out)
{
    struct lane_world world;

    lane_world_init(&world, false, true);
    begin(&world);
    lane_world_cash(&world, "note 5000");
    lane_world_ends(&world, SUGU_ATTEMPT_APPROVED, BILL_YEN, "");
    ck_assert_int_eq(gain_yen(&world), BILL_YEN);
    till_bill_is(&world.till, SETTLED, BILL_YEN, BILL_YEN);
    check_devices(&world);
    lane_world_done(&world);
}
END_TEST

START_TEST(of_two_kiosks_on_one_bill_one_takes_the_money)
{
    struct lane_world world;

    lane_world_init(&world, false, true);
    till_begin(&world.till, SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT, CARD, BILL_YEN, "");
    lane_world_pay(&world, CASH, BILL_YEN, "");
    lane_world_ends(&world, SUGU_ATTEMPT_DECLINED, 0, "payment.open");
    till_end(&world.till, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, 0, "");
    begin(&world);
    till_begin(&world.till, SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT, CARD, BILL_YEN, "payment.open");
    lane_world_cash(&world, "note 1000");
    lane_world_ends(&world, SUGU_ATTEMPT_APPROVED, BILL_YEN, "");
    check_devices(&world);
    lane_world_done(&world);
}
END_TEST

START_TEST(an_abort_gives_everything_back)
{
    struct lane_world world;

    lane_world_init(&world, false, true);
    begin(&world);
    lane_world_cash(&world, "coin 500");
    ck_assert(lane_world_wait_in(&world, 500));
    lane_world_cash(&world, "coin 50");
    ck_assert(lane_world_wait_in(&world, 550));
    lane_world_abort(&world);
    lane_world_ends(&world, SUGU_ATTEMPT_DECLINED, 0, "payment.cancelled");
    ck_assert_int_eq(gain_yen(&world), 0);
    till_bill_is(&world.till, ANNOUNCED, BILL_YEN, 0);
    check_devices(&world);
    lane_world_done(&world);
}
END_TEST

START_TEST(a_note_pulled_back_on_a_string_is_a_persons_matter)
{
    struct lane_world world;

    lane_world_init(&world, false, true);
    begin(&world);
    lane_world_cash(&world, "pull-back");
    lane_world_cash(&world, "note 1000");
    ck_assert_msg(lane_world_wait(&world, lane_world_is_held), "state %u, %s", world.kiosk.state,
                  world.kiosk.code);
    till_desk_hears(&world.till, "payment.held");
    ck_assert_int_eq(gain_yen(&world), 0);
    /* Somebody counts: nothing is there. */
    till_resolve(&world.till, &world.till.boss, &world.kiosk.attempt,
                 SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, 0, "");
    lane_world_ends(&world, SUGU_ATTEMPT_DECLINED, 0, "payment.held");
    till_bill_is(&world.till, COUNTER, BILL_YEN, 0);
    ck_assert(lane_world_wait(&world, lane_world_has_cash));
    lane_world_done(&world);
}
END_TEST

START_TEST(a_hopper_that_pays_one_coin_too_few_is_owed_and_told)
{
    struct lane_world world;

    lane_world_init(&world, false, true);
    begin(&world);
    lane_world_cash(&world, "stock 7 0"); /* the hopper of 100 yen is empty, and nobody knows */
    lane_world_cash(&world, "stock 6 0");
    lane_world_cash(&world, "stock 5 1"); /* 30 yen are due in three coins of 10 */
    lane_world_cash(&world, "stock 4 0");
    lane_world_cash(&world, "stock 3 0");
    lane_world_cash(&world, "note 1000");
    lane_world_ends(&world, SUGU_ATTEMPT_APPROVED, BILL_YEN, "cash.change-owed");
    ck_assert_int_gt(world.kiosk.owed_yen, 0);
    till_desk_hears(&world.till, "cash.change-owed");
    ck_assert_int_eq(gain_yen(&world), BILL_YEN + world.kiosk.owed_yen);
    till_bill_is(&world.till, SETTLED, BILL_YEN, BILL_YEN);
    check_devices(&world);
    lane_world_done(&world);
}
END_TEST

/* The whole kiosk is without power: the note goes back to its owner. What the machine took between
 * the last look and the cut nobody can know, because its events are gone: a person counts. */
START_TEST(a_power_cut_with_a_note_in_escrow_is_a_persons_matter)
{
    struct lane_world world;
    struct sugu_id attempt;

    lane_world_init(&world, false, true);
    begin(&world);
    lane_world_cash(&world, "coin 100");
    ck_assert(lane_world_wait_in(&world, 100));
    /* The order to stack it never arrives: it stays held. */
    lane_world_cash(&world, "fault 154 drop-request 200");
    lane_world_cash(&world, "note 1000");
    lane_world_run(&world, 2 * SUGU_SECOND);
    attempt = world.kiosk.attempt;
    lane_world_kill(&world);
    lane_world_cash(&world, "power off");
    lane_world_cash(&world, "reset");
    lane_world_cash(&world, "power on");
    lane_world_start(&world);
    ck_assert_msg(lane_world_wait(&world, lane_world_is_held), "state %u, %s", world.kiosk.state,
                  world.kiosk.code);
    ck_assert(sugu_id_equal(&attempt, &world.kiosk.attempt));
    till_desk_hears(&world.till, "payment.held");
    ck_assert_int_eq(gain_yen(&world), 100);
    /* The coin is found and handed back. */
    till_resolve(&world.till, &world.till.boss, &attempt, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, 0,
                 "");
    lane_world_ends(&world, SUGU_ATTEMPT_DECLINED, 0, "payment.held");
    till_bill_is(&world.till, COUNTER, BILL_YEN, 0);
    ck_assert(lane_world_wait(&world, lane_world_has_cash));
    lane_world_done(&world);
}
END_TEST

START_TEST(a_program_killed_with_money_in_gives_it_back)
{
    struct lane_world world;

    lane_world_init(&world, false, true);
    begin(&world);
    lane_world_cash(&world, "coin 500");
    ck_assert(lane_world_wait_in(&world, 500));
    lane_world_kill(&world);
    lane_world_start(&world);
    lane_world_ends(&world, SUGU_ATTEMPT_DECLINED, 0, "payment.cancelled");
    ck_assert_int_eq(gain_yen(&world), 0);
    check_devices(&world);
    lane_world_done(&world);
}
END_TEST

START_TEST(who_walks_away_pays_nothing_and_is_owed_all)
{
    struct lane_world world;

    lane_world_init(&world, false, true);
    world.cash_idle_ms = "3000";
    lane_world_kill(&world);
    lane_world_start(&world);
    ck_assert(lane_world_wait(&world, lane_world_has_cash));
    begin(&world);
    lane_world_cash(&world, "coin 500");
    ck_assert(lane_world_wait_in(&world, 500));
    lane_world_ends(&world, SUGU_ATTEMPT_DECLINED, 0, "cash.change-owed");
    ck_assert_int_eq(world.kiosk.owed_yen, 500);
    ck_assert_int_eq(gain_yen(&world), 500);
    till_desk_hears(&world.till, "cash.change-owed");
    till_bill_is(&world.till, ANNOUNCED, BILL_YEN, 0);
    check_devices(&world);
    lane_world_done(&world);
}
END_TEST

START_TEST(a_bill_revised_while_it_is_paid_keeps_what_is_in)
{
    struct lane_world world;

    lane_world_init(&world, false, true);
    begin(&world);
    sugu_day_record_acts(&world.till.day, "111000110");
    sugu_day_expect_code(sugu_day_send_announce(&world.till.day, 2, 400, 1200), "bill.in-payment");
    lane_world_cash(&world, "note 1000");
    lane_world_ends(&world, SUGU_ATTEMPT_APPROVED, BILL_YEN, "");
    till_announce(&world.till, 2, 1200);
    till_bill_is(&world.till, SUGU__BILL_STATE__BILL_REVISED, 1200, BILL_YEN);
    lane_world_pay(&world, CASH, 330, "");
    ck_assert(lane_world_wait(&world, lane_world_is_taking));
    lane_world_run(&world, SUGU_SECOND);
    lane_world_cash(&world, "coin 500");
    lane_world_ends(&world, SUGU_ATTEMPT_APPROVED, 330, "");
    till_bill_is(&world.till, SETTLED, 1200, 1200);
    check_devices(&world);
    lane_world_done(&world);
}
END_TEST

START_TEST(a_serial_line_unplugged_is_told_and_comes_back)
{
    struct lane_world world;

    lane_world_init(&world, false, true);
    world.pty = cctalk_pty_free(world.pty); /* the adapter is pulled out */
    ck_assert(lane_world_wait(&world, lane_world_has_no_cash));
    lane_world_pay(&world, CASH, BILL_YEN, "cash.away");
    world.pty = cctalk_pty_new(world.line);
    lane_world_fill(&world);
    ck_assert(lane_world_wait(&world, lane_world_has_cash));
    begin(&world);
    lane_world_cash(&world, "note 1000");
    lane_world_ends(&world, SUGU_ATTEMPT_APPROVED, BILL_YEN, "");
    check_devices(&world);
    lane_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("cash",
                       240,
                       exact_money_settles_the_bill,
                       change_comes_out,
                       of_two_kiosks_on_one_bill_one_takes_the_money,
                       an_abort_gives_everything_back,
                       a_note_pulled_back_on_a_string_is_a_persons_matter,
                       a_hopper_that_pays_one_coin_too_few_is_owed_and_told,
                       a_power_cut_with_a_note_in_escrow_is_a_persons_matter,
                       a_program_killed_with_money_in_gives_it_back,
                       who_walks_away_pays_nothing_and_is_owed_all,
                       a_bill_revised_while_it_is_paid_keeps_what_is_in,
                       a_serial_line_unplugged_is_told_and_comes_back)
