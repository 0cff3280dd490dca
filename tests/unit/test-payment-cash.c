/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-payment-cash - cash sessions of the payment agent: every yen is in a row, told, and once
 */
#include "unit/cash-agent-world.h"
#include "testlib/checks.h"

#include "base/text.h"
#include "payment/journal-cash.h"

#include <string.h>

/* ---- a session that goes its way */

START_TEST(exact_money_settles_the_bill)
{
    struct cash_agent_world world;

    cash_agent_init(&world);
    cash_agent_pay(&world, 1, 100, 650);
    ck_assert_uint_gt(world.units, 0);
    cash_agent_do(&world, "coin 500");
    ck_assert(cash_agent_run_until_in(&world, 500));
    cash_agent_do(&world, "coin 50");
    cash_agent_run(&world, SUGU_SECOND);
    cash_agent_do(&world, "coin 100");
    ck_assert(cash_agent_run_until_final(&world));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    ck_assert_int_eq(world.approved_yen, 650);
    ck_assert_str_eq(world.code, "");
    ck_assert_int_eq(world.server.posted_yen, 650);
    cash_agent_check(&world);
    cash_agent_done(&world);
}
END_TEST

START_TEST(change_comes_out)
{
    struct cash_agent_world world;
    int64_t in = 0, out = 0, owed = 0;

    cash_agent_init(&world);
    cash_agent_pay(&world, 1, 100, 3240);
    cash_agent_do(&world, "note 5000");
    ck_assert(cash_agent_run_until_final(&world));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    ck_assert_int_eq(world.approved_yen, 3240);
    ck_assert(cash_agent_reported(&world, &in, &out, &owed));
    ck_assert_int_eq(in, 5000);
    ck_assert_int_eq(out, 1760);
    ck_assert_int_eq(owed, 0);
    cash_agent_check(&world);
    /* And the next patient is served. */
    cash_agent_pay(&world, 2, 101, 100);
    cash_agent_do(&world, "coin 100");
    ck_assert(cash_agent_run_until_final(&world));
    ck_assert_int_eq(world.server.posted_yen, 3340);
    cash_agent_done(&world);
}
END_TEST

START_TEST(what_is_in_shall_be_it)
{
    struct cash_agent_world world;

    cash_agent_init(&world);
    cash_agent_pay(&world, 1, 100, 1000);
    cash_agent_fix(&world);
    ck_assert_str_eq(world.reply_code, "cash.not-allowed"); /* nothing is in */
    cash_agent_do(&world, "coin 500");
    ck_assert(cash_agent_run_until_in(&world, 500));
    cash_agent_fix(&world);
    ck_assert_int_eq(world.reply_status, SUGU_OK);
    ck_assert(cash_agent_run_until_final(&world));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    ck_assert_int_eq(world.approved_yen, 500);
    ck_assert_str_eq(world.code, "payment.partial");
    cash_agent_check(&world);
    cash_agent_done(&world);
}
END_TEST

START_TEST(a_cancel_gives_everything_back)
{
    struct cash_agent_world world;

    cash_agent_init(&world);
    cash_agent_pay(&world, 1, 100, 3240);
    cash_agent_do(&world, "note 1000");
    ck_assert(cash_agent_run_until_in(&world, 1000));
    cash_agent_do(&world, "coin 50");
    ck_assert(cash_agent_run_until_in(&world, 1050));
    cash_agent_cancel(&world);
    ck_assert(cash_agent_run_until_final(&world));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(world.code, "payment.cancelled");
    ck_assert_int_eq(emulated_cash_gain_yen(&world.emulated), 0);
    ck_assert_int_eq(world.server.posted_yen, 0);
    cash_agent_check(&world);
    cash_agent_done(&world);
}
END_TEST

START_TEST(a_patient_who_leaves_pays_nothing_and_is_owed_all)
{
    struct cash_agent_world world;
    int64_t in = 0, out = 0, owed = 0;

    cash_agent_init(&world);
    cash_agent_pay(&world, 1, 100, 3240);
    cash_agent_do(&world, "note 1000");
    ck_assert(cash_agent_run_until_in(&world, 1000));
    cash_agent_run(&world, 2 * SUGU_MINUTE);
    ck_assert(cash_agent_run_until_final(&world));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(world.code, "cash.change-owed");
    ck_assert(cash_agent_reported(&world, &in, &out, &owed));
    ck_assert_int_eq(owed, 1000);
    ck_assert_int_eq(out, 0);
    ck_assert_int_eq(world.server.posted_yen, 0);
    cash_agent_check(&world);
    cash_agent_done(&world);
}
END_TEST

/* ---- change that does not come */

/* Two coins at once: the second one falls before the masks can close. */
START_TEST(without_change_the_money_goes_back)
{
    struct cash_agent_world world;

    cash_agent_init(&world);
    cash_agent_fill(&world, 0);
    cash_agent_pay(&world, 1, 100, 60);
    cash_agent_do(&world, "coin 50 2");
    ck_assert(cash_agent_run_until_final(&world));
    ck_assert_int_eq(world.in_most_yen, 100);
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(world.code, "cash.no-change");
    ck_assert_int_eq(emulated_cash_gain_yen(&world.emulated), 0);
    cash_agent_check(&world);
    cash_agent_done(&world);
}
END_TEST

START_TEST(a_payout_one_short_is_owed)
{
    struct cash_agent_world world;
    int64_t in = 0, out = 0, owed = 0;

    cash_agent_init(&world);
    cash_agent_do(&world, "stock 3 2"); /* the books say 50 pieces of 1 yen */
    cash_agent_pay(&world, 1, 100, 97);
    cash_agent_do(&world, "coin 100");
    ck_assert(cash_agent_run_until_final(&world));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    ck_assert_str_eq(world.code, "cash.change-owed");
    ck_assert(cash_agent_reported(&world, &in, &out, &owed));
    ck_assert_int_eq(out, 2);
    ck_assert_int_eq(owed, 1);
    ck_assert_int_eq(world.owed_yen, 1);
    cash_agent_check(&world);
    cash_agent_run(&world, SUGU_SECOND);
    ck_assert_uint_eq(world.health, SUGU__PART_HEALTH__PART_LOW);
    ck_assert_str_eq(world.health_code, "cash.empty");
    cash_agent_done(&world);
}
END_TEST

/* ---- doubt: a human counts, nobody is served meanwhile, and nothing is paid out by itself */

static void
expect_held(struct cash_agent_world *world)
{
    int64_t in, out, owed;

    cash_agent_run(world, 10 * SUGU_SECOND);
    ck_assert_uint_eq(world->state, SUGU_ATTEMPT_HELD);
    ck_assert(!world->is_offered);
    ck_assert_int_eq(world->server.posted_yen, 0);
    ck_assert(!cash_agent_reported(world, &in, &out, &owed));
    /* It stays so through a restart. */
    cash_agent_kill(world);
    cash_agent_start(world);
    cash_agent_run(world, 10 * SUGU_SECOND);
    ck_assert(!world->is_offered);
    cash_agent_ask(world, 9, 109, 500);
    ck_assert_int_eq(world->reply_status, SUGU_RETRY);
    cash_agent_look_up(world, 100);
    ck_assert_uint_eq(world->state, SUGU_ATTEMPT_HELD);
    /* Staff have counted. */
    cash_agent_resolve(world, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, 0);
    cash_agent_run_until_offered(world);
    ck_assert(!cash_agent_reported(world, &in, &out, &owed));
}

START_TEST(a_coin_on_a_string_is_not_believed)
{
    struct cash_agent_world world;

    cash_agent_init(&world);
    cash_agent_pay(&world, 1, 100, 3240);
    cash_agent_do(&world, "string");
    cash_agent_do(&world, "coin 500");
    expect_held(&world);
    cash_agent_done(&world);
}
END_TEST

START_TEST(a_note_pulled_back_is_not_believed)
{
    struct cash_agent_world world;

    cash_agent_init(&world);
    cash_agent_pay(&world, 1, 100, 3240);
    cash_agent_do(&world, "pull-back");
    cash_agent_do(&world, "note 1000");
    expect_held(&world);
    cash_agent_done(&world);
}
END_TEST

START_TEST(a_power_cut_with_a_note_held_is_a_persons_matter)
{
    struct cash_agent_world world;

    cash_agent_init(&world);
    cash_agent_pay(&world, 1, 100, 3240);
    cash_agent_do(&world, "coin 100");
    ck_assert(cash_agent_run_until_in(&world, 100));
    cash_agent_do(&world, "note 1000");
    while (!emulated_cash_find(&world.emulated, 40)->note)
        cash_agent_step(&world);
    cash_agent_do(&world, "power off");
    cash_agent_run(&world, 3 * SUGU_SECOND);
    cash_agent_do(&world, "power on");
    expect_held(&world);
    cash_agent_done(&world);
}
END_TEST

START_TEST(an_acceptor_that_is_away_for_a_moment_is_waited_for)
{
    struct cash_agent_world world;

    cash_agent_init(&world);
    cash_agent_pay(&world, 1, 100, 600);
    cash_agent_do(&world, "coin 500");
    ck_assert(cash_agent_run_until_in(&world, 500));
    cash_agent_do(&world, "silence 2 on");
    ck_assert(cash_agent_run_until_stage(&world, SUGU__CASH_STAGE__CASH_COUNTING));
    cash_agent_do(&world, "silence 2 off");
    ck_assert(cash_agent_run_until_stage(&world, SUGU__CASH_STAGE__CASH_TAKING));
    cash_agent_run(&world, 2 * SUGU_SECOND);
    cash_agent_do(&world, "coin 100");
    ck_assert(cash_agent_run_until_final(&world));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    cash_agent_check(&world);
    cash_agent_done(&world);
}
END_TEST

START_TEST(a_window_that_died_sees_the_session_again)
{
    struct cash_agent_world world;

    cash_agent_init(&world);
    cash_agent_pay(&world, 1, 100, 600);
    cash_agent_do(&world, "coin 500");
    ck_assert(cash_agent_run_until_in(&world, 500));
    world.in_yen = 0;
    world.has_cash = false;
    cash_agent_look_up(&world, 100);
    ck_assert(world.has_cash);
    ck_assert_int_eq(world.in_yen, 500);
    /* The same request again is the same session. */
    cash_agent_ask(&world, 1, 100, 600);
    ck_assert_int_eq(world.in_yen, 500);
    cash_agent_done(&world);
}
END_TEST

START_TEST(low_payouts_are_told)
{
    struct cash_agent_world world;

    cash_agent_init(&world);
    ck_assert_uint_eq(world.health, SUGU__PART_HEALTH__PART_OK);
    cash_agent_fill(&world, 3);
    cash_agent_run(&world, 3 * SUGU_SECOND);
    ck_assert_uint_eq(world.health, SUGU__PART_HEALTH__PART_LOW);
    ck_assert_str_eq(world.health_code, "cash.near-empty");
    cash_agent_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("payment-cash",
                       120,
                       exact_money_settles_the_bill,
                       change_comes_out,
                       what_is_in_shall_be_it,
                       a_cancel_gives_everything_back,
                       a_patient_who_leaves_pays_nothing_and_is_owed_all,
                       without_change_the_money_goes_back,
                       a_payout_one_short_is_owed,
                       a_coin_on_a_string_is_not_believed,
                       a_note_pulled_back_is_not_believed,
                       a_power_cut_with_a_note_held_is_a_persons_matter,
                       an_acceptor_that_is_away_for_a_moment_is_waited_for,
                       a_window_that_died_sees_the_session_again,
                       low_payouts_are_told)
