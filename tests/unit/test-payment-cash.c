/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-payment-cash - cash sessions of the payment agent: every yen is in a row, told, and once
 */
#include "unit/cash-agent-world.h"
#include "testlib/checks.h"

#include "base/log.h"
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
    ck_assert(cash_agent_reported(&world, NULL, &in, &out, &owed));
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
    ck_assert(cash_agent_reported(&world, NULL, &in, &out, &owed));
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
    ck_assert(cash_agent_reported(&world, NULL, &in, &out, &owed));
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
    ck_assert(!cash_agent_reported(world, NULL, &in, &out, &owed));
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
    ck_assert(!cash_agent_reported(world, NULL, &in, &out, &owed));
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

/* It was stacked, and nobody has read that: the machine is not what the rows say. */
START_TEST(an_acceptor_that_is_away_at_a_new_start_is_waited_for)
{
    struct cash_agent_world world;
    struct emulated_cash_device *acceptor;

    cash_agent_init(&world);
    acceptor = emulated_cash_find(&world.emulated, 40);
    cash_agent_pay(&world, 1, 100, 3240);
    cash_agent_do(&world, "coin 100");
    ck_assert(cash_agent_run_until_in(&world, 100));
    cash_agent_do(&world, "note 1000");
    while (acceptor->note != NOTE_STACKING)
        cash_agent_step(&world);
    cash_agent_kill(&world);
    cash_agent_do(&world, "silence 40 on");
    cash_agent_start(&world);
    cash_agent_run(&world, 10 * SUGU_SECOND);
    ck_assert(!world.is_final);
    cash_agent_do(&world, "silence 40 off");
    cash_agent_look_up(&world, 100);
    ck_assert(cash_agent_run_until_final(&world));
    ck_assert_int_eq(world.in_yen, 1100);
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

START_TEST(a_jam_is_a_persons_matter)
{
    struct cash_agent_world world;

    cash_agent_init(&world);
    cash_agent_pay(&world, 1, 100, 3240);
    cash_agent_do(&world, "coin 100");
    ck_assert(cash_agent_run_until_in(&world, 100));
    cash_agent_do(&world, "jam");
    cash_agent_do(&world, "coin 500");
    expect_held(&world);
    cash_agent_done(&world);
}
END_TEST

/* Exchanged while the program runs it is not used; counted and started again it is. */
START_TEST(an_exchanged_payout_is_used_after_a_new_start)
{
    struct cash_agent_world world;

    cash_agent_init(&world);
    cash_agent_do(&world, "silence 7 on");
    cash_agent_run(&world, 10 * SUGU_SECOND);
    ck_assert_str_eq(world.health_code, "cash.away");
    cash_agent_do(&world, "swap 7");
    cash_agent_do(&world, "silence 7 off");
    cash_agent_run(&world, 10 * SUGU_SECOND);
    ck_assert_str_eq(world.health_code, "cash.other-device");
    ck_assert_uint_eq(world.health, SUGU__PART_HEALTH__PART_LOW);
    cash_agent_kill(&world);
    cash_agent_start(&world);
    cash_agent_run_until_offered(&world);
    cash_agent_run(&world, 3 * SUGU_SECOND);
    ck_assert_str_eq(world.health_code, "");
    cash_agent_pay(&world, 1, 100, 400);
    cash_agent_do(&world, "coin 500");
    ck_assert(cash_agent_run_until_final(&world));
    ck_assert_uint_eq(world.state, SUGU_ATTEMPT_APPROVED);
    cash_agent_check(&world);
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

/* ---- the program dies at each commit of its journal, by number */

struct ends {
    int kills, approved, declined, held;
};

static void
count_end(struct cash_agent_world *world, struct ends *ends)
{
    struct sugu_cash_counts in, out;
    int64_t told_in, told_out, owed;
    struct sugu_error error;

    ends->approved += world->state == SUGU_ATTEMPT_APPROVED;
    ends->declined += world->state == SUGU_ATTEMPT_DECLINED;
    ends->held += world->state == SUGU_ATTEMPT_HELD;
    if (world->state != SUGU_ATTEMPT_HELD) {
        cash_agent_check(world);
        return;
    }
    /* What went in has its rows also where a person has to say what came out. */
    sugu_assert_ok(sugu_journal_cash_sums(world->journal, &world->attempt, &in, &out, &error),
                   error);
    cash_agent_reported(world, NULL, &told_in, &told_out, &owed);
    ck_assert_int_eq(world->server.posted_yen, told_in - told_out);
    ck_assert_int_le(sugu_cash_sum_yen(&out), sugu_cash_sum_yen(&in));
}

/* Where the program dies: at a commit, or when a device has done a job and nobody heard of it. */
struct death {
    int at;
    bool is_behind_job;
};

static void
step_or_lose(struct cash_agent_world *world, struct death *death)
{
    sugu_agent_step(world->agent, 1);
    if (world->has_failed || !death->is_behind_job || world->request_count > 0 || !world->has_job ||
        death->at-- != 0) {
        cash_agent_step(world);
        return;
    }
    cash_agent_deliver(world, /* is_lost= */ true);
    world->has_failed = true;
}

/* 160 yen by two coins of 100; with `is_note` 860 by a note of 1,000. False where the payment was
 * over before the death. */
static bool
pay_and_die(struct death death, bool is_note, struct ends *ends)
{
    int at = death.at;
    struct cash_agent_world world;
    int thrown = 0, most = is_note ? 1 : 2;
    bool has_died = false;
    int64_t end;

    cash_agent_init(&world);
    cash_agent_pay(&world, 1, 100, 1100); /* no counter stands at 0 any more */
    cash_agent_do(&world, "coin 100");
    ck_assert(cash_agent_run_until_in(&world, 100));
    cash_agent_do(&world, "note 1000");
    ck_assert(cash_agent_run_until_final(&world));
    world.commits_left = death.is_behind_job ? -1 : at;
    world.has_cash = false;
    cash_agent_ask(&world, 2, 101, is_note ? 860 : 160);
    end = world.clock.monotonic + 3 * SUGU_MINUTE;
    while (!world.is_final && world.clock.monotonic < end) {
        if (world.has_cash && world.stage == SUGU__CASH_STAGE__CASH_TAKING && world.units > 0 &&
            thrown < most && world.in_yen == 100 * thrown) {
            cash_agent_run(&world, SUGU_SECOND / 2);
            cash_agent_do(&world, is_note ? "note 1000" : "coin 100");
            thrown++;
        }
        step_or_lose(&world, &death);
        if (world.has_failed || world.reply_status == SUGU_BROKEN) {
            cash_agent_kill(&world);
            has_died = true;
            cash_agent_start(&world);
            cash_agent_ask(&world, 2, 101, is_note ? 860 : 160); /* the kiosk asks again */
        }
        if (world.reply_status == SUGU_RETRY) { /* the devices are not looked at yet */
            cash_agent_run(&world, SUGU_SECOND / 2);
            cash_agent_ask(&world, 2, 101, is_note ? 860 : 160);
        }
        if (world.state == SUGU_ATTEMPT_HELD)
            break;
    }
    ck_assert_msg(world.is_final || world.state == SUGU_ATTEMPT_HELD, "commit %d: state %u, %d", at,
                  world.state, (int)world.stage);
    ends->kills += has_died;
    count_end(&world, ends);
    cash_agent_done(&world);
    return has_died;
}

static void
die_everywhere(bool is_behind_job, bool is_note, int held_most)
{
    struct ends ends = {0};
    struct death death = {.is_behind_job = is_behind_job};

    while (pay_and_die(death, is_note, &ends))
        death.at++;
    sugu_log(SUGU_LOG_INFO, "test.ends", "kills=%d approved=%d declined=%d held=%d", ends.kills,
             ends.approved, ends.declined, ends.held);
    ck_assert_int_ge(ends.kills, 12);
    ck_assert_int_ge(ends.approved, 3);
    ck_assert_int_ge(ends.declined, 3);
    ck_assert_msg(ends.held <= held_most, "held %d", ends.held);
}

START_TEST(a_death_at_any_commit_loses_no_coin)
{
    die_everywhere(false, false, 0);
}
END_TEST

START_TEST(a_death_at_any_commit_loses_no_note)
{
    die_everywhere(false, true, 0);
}
END_TEST

START_TEST(a_death_behind_any_job_loses_no_coin)
{
    die_everywhere(true, false, 0);
}
END_TEST

START_TEST(a_death_behind_any_job_loses_no_note)
{
    die_everywhere(true, true, 0);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("payment-cash",
                       120,
                       a_death_at_any_commit_loses_no_coin,
                       a_death_at_any_commit_loses_no_note,
                       a_death_behind_any_job_loses_no_coin,
                       a_death_behind_any_job_loses_no_note,
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
                       an_acceptor_that_is_away_at_a_new_start_is_waited_for,
                       a_window_that_died_sees_the_session_again,
                       a_jam_is_a_persons_matter,
                       an_exchanged_payout_is_used_after_a_new_start,
                       low_payouts_are_told)
