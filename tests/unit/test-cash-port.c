/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-cash-port - the contract of the cash port, over a line in process and over a serial line
 *
 * The second part plays whole troubles: power cut with a note in escrow, a hopper one short, a
 * string, a lost answer to the order to pay, a restart with counter 0, a program that is killed.
 */
#include "cash-world.h"

#include "testlib/checks.h"

#include <stdlib.h>
#include <string.h>

static void
open_world(struct cash_world *world, int is_pty)
{
    cash_world_init(world, is_pty);
    if (is_pty) /* a pseudo-terminal has no baud */
        cash_world_do(world, "pace 50");
    cash_world_open(world);
}

static enum sugu_status
stack(struct cash_world *world, enum sugu_cash_order_kind kind, struct sugu_error *error)
{
    return cash_world_command(world, (struct sugu_cash_command){.kind = kind, .device = 40}, error);
}

START_TEST(open_says_who_is_there_and_what_they_take_and_give)
{
    struct sugu_cash_device device;
    struct cash_world world;

    cash_world_init(&world, _i); /* here at 9600 baud */
    cash_world_open(&world);
    device = cash_world_device(&world, 2);
    ck_assert(device.is_ready && device.kind == SUGU_CASH_COIN_ACCEPTOR);
    ck_assert_uint_eq(device.takes, SUGU_CASH_COINS);
    ck_assert_uint_eq(device.serial, 0x0ad702);
    ck_assert_str_eq(device.maker, "SUG");
    ck_assert_str_eq(device.software, "EMU-V1");
    device = cash_world_device(&world, 40);
    ck_assert(device.is_ready && device.kind == SUGU_CASH_NOTE_ACCEPTOR);
    ck_assert_uint_eq(device.takes, SUGU_CASH_NOTES);
    device = cash_world_device(&world, 42);
    ck_assert(device.is_ready && device.kind == SUGU_CASH_PAYOUT);
    ck_assert_uint_eq(device.gives, SUGU_CASH_BIT(SUGU_CASH_5000));
    ck_assert_int_eq(device.sensor, SUGU_CASH_SENSOR_OK);
    ck_assert_int_eq(device.trouble, SUGU_CASH_TROUBLE_NONE);
    cash_world_done(&world);
}
END_TEST

START_TEST(nothing_is_taken_before_it_is_asked_for_nor_afterwards)
{
    struct sugu_cash_event event;
    struct cash_world world;

    open_world(&world, _i);
    cash_world_do(&world, "coin 100");
    event = cash_world_wait(&world, SUGU_CASH_NEWS_REJECTED, 2);
    ck_assert_uint_eq(event.step, 1);
    cash_world_accept(&world, SUGU_CASH_BIT(SUGU_CASH_100));
    cash_world_do(&world, "coin 500");
    cash_world_wait(&world, SUGU_CASH_NEWS_REJECTED, 2);
    cash_world_do(&world, "coin 100");
    event = cash_world_wait(&world, SUGU_CASH_NEWS_ACCEPTED, 2);
    ck_assert_uint_eq(event.unit, SUGU_CASH_100);
    ck_assert_uint_eq(event.step, 3);
    cash_world_accept(&world, 0);
    cash_world_do(&world, "coin 100");
    cash_world_wait(&world, SUGU_CASH_NEWS_REJECTED, 2);
    ck_assert_int_eq(cash_world_gain(&world), 100);
    ck_assert_int_eq(sugu_cash_sum_yen(&world.in), 100);
    cash_world_done(&world);
}
END_TEST

START_TEST(a_note_waits_in_escrow_until_it_is_stacked_or_returned)
{
    struct sugu_cash_event event;
    struct sugu_error error;
    struct cash_world world;

    open_world(&world, _i);
    sugu_assert_fails(stack(&world, SUGU_CASH_STACK, &error), SUGU_REFUSED, "cash.no-escrow",
                      error);
    cash_world_accept(&world, SUGU_CASH_ALL);
    cash_world_do(&world, "note 5000");
    event = cash_world_wait(&world, SUGU_CASH_NEWS_ESCROWED, 40);
    ck_assert_uint_eq(event.unit, SUGU_CASH_5000);
    ck_assert(!world.news.is_still);
    ck_assert_int_eq(cash_world_gain(&world), 0);
    sugu_assert_ok(stack(&world, SUGU_CASH_STACK, &error), error);
    event = cash_world_wait(&world, SUGU_CASH_NEWS_ACCEPTED, 40);
    ck_assert_uint_eq(event.unit, SUGU_CASH_5000);
    cash_world_do(&world, "note 1000");
    cash_world_wait(&world, SUGU_CASH_NEWS_ESCROWED, 40);
    sugu_assert_ok(stack(&world, SUGU_CASH_RETURN, &error), error);
    cash_world_wait(&world, SUGU_CASH_NEWS_RETURNED, 40);
    cash_world_accept(&world, 0);
    cash_world_settle(&world);
    ck_assert_int_eq(cash_world_gain(&world), 5000);
    ck_assert_int_eq(sugu_cash_sum_yen(&world.in), 5000);
    cash_world_done(&world);
}
END_TEST

START_TEST(a_payout_says_how_far_it_is_and_what_came_out)
{
    struct sugu_cash_event event;
    struct sugu_error error;
    struct cash_world world;

    open_world(&world, _i);
    sugu_assert_ok(cash_world_pay(&world, 7, 4, &error), error);
    sugu_assert_fails(cash_world_pay(&world, 7, 1, &error), SUGU_REFUSED, "cash.payout-differs",
                      error);
    event = cash_world_wait(&world, SUGU_CASH_NEWS_PAYING, 7);
    ck_assert_uint_eq(event.paid + event.remaining, 4);
    ck_assert(!world.news.is_still);
    event = cash_world_wait(&world, SUGU_CASH_NEWS_PAID, 7);
    ck_assert_uint_eq(event.paid, 4);
    ck_assert_uint_eq(event.unpaid, 0);
    ck_assert_uint_eq(event.counter, 1);
    ck_assert_int_eq(cash_world_gain(&world), -400);
    /* Once more, as many: the registers look the same afterwards. */
    sugu_assert_ok(cash_world_pay(&world, 7, 4, &error), error);
    event = cash_world_wait(&world, SUGU_CASH_NEWS_PAID, 7);
    ck_assert_uint_eq(event.paid, 4);
    ck_assert_uint_eq(event.counter, 2);
    ck_assert_int_eq(cash_world_gain(&world), -800);
    ck_assert_str_eq(cash_world_do(&world, "heard 167"), "2");
    cash_world_done(&world);
}
END_TEST

START_TEST(an_order_of_a_device_that_is_elsewhere_is_refused)
{
    struct sugu_cash_command command = {
        .kind = SUGU_CASH_PAY, .device = 7, .count = 1, .counter = 9};
    struct sugu_error error;
    struct cash_world world;

    open_world(&world, _i);
    sugu_assert_fails(cash_world_command(&world, command, &error), SUGU_REFUSED,
                      "cash.payout-differs", error);
    command.device = 2;
    sugu_assert_fails(cash_world_command(&world, command, &error), SUGU_REFUSED,
                      "cash.unknown-device", error);
    ck_assert_str_eq(cash_world_do(&world, "heard 167"), "0");
    cash_world_done(&world);
}
END_TEST

START_TEST(a_device_that_falls_silent_comes_back)
{
    struct sugu_error error;
    struct cash_world world;

    open_world(&world, _i);
    cash_world_accept(&world, SUGU_CASH_ALL);
    cash_world_do(&world, "silence 2 on");
    cash_world_wait(&world, SUGU_CASH_NEWS_AWAY, 2);
    ck_assert_int_eq(cash_world_device(&world, 2).trouble, SUGU_CASH_TROUBLE_AWAY);
    ck_assert(!world.news.is_still);
    cash_world_do(&world, "silence 7 on");
    cash_world_wait(&world, SUGU_CASH_NEWS_AWAY, 7);
    sugu_assert_fails(cash_world_pay(&world, 7, 1, &error), SUGU_RETRY, "cash.away", error);
    cash_world_do(&world, "note 1000"); /* the others go on */
    cash_world_wait(&world, SUGU_CASH_NEWS_ESCROWED, 40);
    cash_world_do(&world, "silence 2 off");
    cash_world_wait(&world, SUGU_CASH_NEWS_BACK, 2);
    cash_world_run(&world, SUGU_SECOND); /* its masks are as ordered again */
    cash_world_do(&world, "coin 10");
    cash_world_wait(&world, SUGU_CASH_NEWS_ACCEPTED, 2);
    cash_world_done(&world);
}
END_TEST

/* ---- troubles */

START_TEST(what_was_credited_while_nobody_listened_is_told_once)
{
    struct cash_world world;

    open_world(&world, _i);
    cash_world_accept(&world, SUGU_CASH_ALL);
    cash_world_do(&world, "coin 100");
    cash_world_wait(&world, SUGU_CASH_NEWS_ACCEPTED, 2);
    /* Killed after the coin and before the journal: the row of its step is not there. */
    world.known[0].step--;
    world.known[0].counter--;
    memset(world.known[0].newest, 0, 2);
    world.in.of[SUGU_CASH_100]--;
    cash_world_restart(&world);
    cash_world_run(&world, 2 * SUGU_SECOND);
    ck_assert_int_eq(sugu_cash_sum_yen(&world.in), 100);
    cash_world_restart(&world);
    cash_world_run(&world, 2 * SUGU_SECOND);
    ck_assert_int_eq(sugu_cash_sum_yen(&world.in), 100);
    ck_assert_int_eq(cash_world_gain(&world), 100);
    cash_world_done(&world);
}
END_TEST

START_TEST(a_note_in_escrow_is_found_again_by_the_next_program)
{
    struct sugu_error error;
    struct cash_world world;

    open_world(&world, _i);
    cash_world_accept(&world, SUGU_CASH_ALL);
    cash_world_do(&world, "note 10000");
    cash_world_wait(&world, SUGU_CASH_NEWS_ESCROWED, 40);
    cash_world_restart(&world);
    ck_assert_uint_eq(cash_world_device(&world, 40).has_in_escrow, SUGU_CASH_10000 + 1);
    cash_world_poll(&world);
    ck_assert(!world.news.is_still);
    sugu_assert_ok(stack(&world, SUGU_CASH_RETURN, &error), error);
    cash_world_wait(&world, SUGU_CASH_NEWS_RETURNED, 40);
    ck_assert_int_eq(cash_world_gain(&world), 0);
    cash_world_done(&world);
}
END_TEST

START_TEST(a_power_cut_with_a_note_in_escrow_credits_nothing)
{
    struct sugu_cash_event event;
    struct cash_world world;

    open_world(&world, _i);
    cash_world_accept(&world, SUGU_CASH_ALL);
    cash_world_do(&world, "coin 100");
    cash_world_wait(&world, SUGU_CASH_NEWS_ACCEPTED, 2);
    cash_world_do(&world, "note 10000");
    cash_world_wait(&world, SUGU_CASH_NEWS_ESCROWED, 40);
    cash_world_do(&world, "power off");
    cash_world_wait(&world, SUGU_CASH_NEWS_AWAY, 40);
    cash_world_do(&world, "power on");
    event = cash_world_wait(&world, SUGU_CASH_NEWS_RESTARTED, 40);
    ck_assert_uint_eq(event.code, 1); /* it was held */
    ck_assert_uint_eq(event.unit, SUGU_CASH_10000);
    ck_assert(event.is_doubtful); /* coins may have fallen since the last poll */
    cash_world_run(&world, 4 * SUGU_SECOND);
    ck_assert_uint_eq(cash_world_count(&world, SUGU_CASH_NEWS_RETURNED), 1);
    ck_assert_uint_eq(cash_world_count(&world, SUGU_CASH_NEWS_LOST), 0);
    ck_assert_int_eq(sugu_cash_sum_yen(&world.in), 100);
    ck_assert_int_eq(cash_world_gain(&world), 100);
    /* The masks are as they were ordered. */
    cash_world_do(&world, "coin 500");
    cash_world_wait(&world, SUGU_CASH_NEWS_ACCEPTED, 2);
    cash_world_done(&world);
}
END_TEST

START_TEST(a_power_cut_while_a_note_is_stacked_is_a_doubt)
{
    struct sugu_error error;
    struct cash_world world;

    open_world(&world, _i);
    cash_world_accept(&world, SUGU_CASH_ALL);
    cash_world_do(&world, "note 1000");
    cash_world_wait(&world, SUGU_CASH_NEWS_ESCROWED, 40);
    sugu_assert_ok(stack(&world, SUGU_CASH_STACK, &error), error);
    cash_world_do(&world, "power off");
    cash_world_wait(&world, SUGU_CASH_NEWS_AWAY, 40);
    cash_world_do(&world, "power on");
    ck_assert_uint_eq(cash_world_wait(&world, SUGU_CASH_NEWS_RESTARTED, 40).code, 2);
    cash_world_run(&world, SUGU_SECOND);
    /* It did go in, and the device says so, but after a restart that is not believed. */
    ck_assert_uint_eq(cash_world_count(&world, SUGU_CASH_NEWS_LOST), 1);
    ck_assert_int_eq(sugu_cash_sum_yen(&world.in), 0);
    ck_assert_int_eq(cash_world_gain(&world), 1000);
    cash_world_done(&world);
}
END_TEST

START_TEST(a_hopper_that_runs_empty_says_how_many_came_out)
{
    struct sugu_cash_event event;
    struct sugu_error error;
    struct cash_world world;

    open_world(&world, _i);
    cash_world_do(&world, "stock 8 2");
    cash_world_do(&world, "clears-unpaid 8 on");
    sugu_assert_ok(cash_world_pay(&world, 8, 3, &error), error);
    event = cash_world_wait(&world, SUGU_CASH_NEWS_PAID, 8);
    ck_assert_uint_eq(event.paid, 2);
    ck_assert_uint_eq(event.unpaid, 1);
    ck_assert_int_eq(cash_world_device(&world, 8).trouble, SUGU_CASH_TROUBLE_EMPTY);
    ck_assert_int_eq(cash_world_gain(&world), -1000);
    cash_world_done(&world);
}
END_TEST

START_TEST(a_string_is_told_after_the_credit_that_it_takes_back)
{
    struct sugu_cash_event event;
    struct cash_world world;

    open_world(&world, _i);
    cash_world_accept(&world, SUGU_CASH_ALL);
    cash_world_do(&world, "string");
    cash_world_do(&world, "coin 500");
    cash_world_wait(&world, SUGU_CASH_NEWS_ACCEPTED, 2);
    event = cash_world_wait(&world, SUGU_CASH_NEWS_TAMPERED, 2);
    ck_assert_uint_eq(event.code, 20);
    ck_assert_int_eq(cash_world_device(&world, 2).trouble, SUGU_CASH_TROUBLE_TAMPERED);
    ck_assert_int_eq(cash_world_gain(&world), 0);
    cash_world_done(&world);
}
END_TEST

START_TEST(a_lost_answer_to_the_order_does_not_pay_twice)
{
    struct sugu_cash_event event;
    struct sugu_error error;
    struct cash_world world;

    open_world(&world, _i);
    cash_world_do(&world, "fault 167 drop-reply");
    sugu_assert_ok(cash_world_pay(&world, 7, 3, &error), error); /* 166 says that it runs */
    event = cash_world_wait(&world, SUGU_CASH_NEWS_PAID, 7);
    ck_assert_uint_eq(event.paid, 3);
    ck_assert_str_eq(cash_world_do(&world, "heard 167"), "1");
    ck_assert_int_eq(cash_world_gain(&world), -300);

    cash_world_do(&world, "fault 167 drop-request");
    sugu_assert_fails(cash_world_pay(&world, 7, 3, &error), SUGU_RETRY, "cash.busy", error);
    cash_world_settle(&world);
    ck_assert_int_eq(cash_world_gain(&world), -300);
    sugu_assert_ok(cash_world_pay(&world, 7, 3, &error), error);
    ck_assert_uint_eq(cash_world_wait(&world, SUGU_CASH_NEWS_PAID, 7).paid, 3);
    ck_assert_int_eq(cash_world_gain(&world), -600);
    cash_world_done(&world);
}
END_TEST

START_TEST(a_device_that_restarts_with_counter_0_is_not_credited_again)
{
    struct cash_world world;

    open_world(&world, _i);
    cash_world_accept(&world, SUGU_CASH_ALL);
    cash_world_do(&world, "coin 100 3");
    cash_world_run(&world, 2 * SUGU_SECOND);
    ck_assert_int_eq(sugu_cash_sum_yen(&world.in), 300);
    cash_world_do(&world, "restart 2");
    ck_assert(cash_world_wait(&world, SUGU_CASH_NEWS_RESTARTED, 2).is_doubtful);
    cash_world_run(&world, 3 * SUGU_SECOND);
    ck_assert_int_eq(sugu_cash_sum_yen(&world.in), 300);
    cash_world_do(&world, "coin 50");
    cash_world_wait(&world, SUGU_CASH_NEWS_ACCEPTED, 2);
    ck_assert_int_eq(sugu_cash_sum_yen(&world.in), 350);
    ck_assert_int_eq(cash_world_gain(&world), 350);
    cash_world_accept(&world, 0);
    cash_world_settle(&world);
    cash_world_do(&world, "restart 2"); /* nothing can have fallen */
    ck_assert(!cash_world_wait(&world, SUGU_CASH_NEWS_RESTARTED, 2).is_doubtful);
    cash_world_done(&world);
}
END_TEST

START_TEST(a_power_cut_in_a_payout_is_told_by_the_registers)
{
    struct sugu_cash_event event;
    struct sugu_error error;
    struct cash_world world;

    open_world(&world, _i);
    sugu_assert_ok(cash_world_pay(&world, 7, 20, &error), error);
    cash_world_wait(&world, SUGU_CASH_NEWS_PAYING, 7);
    cash_world_do(&world, "power off");
    cash_world_wait(&world, SUGU_CASH_NEWS_AWAY, 7);
    cash_world_do(&world, "power on");
    event = cash_world_wait(&world, SUGU_CASH_NEWS_PAID, 7);
    ck_assert_uint_gt(event.paid, 0);
    ck_assert_uint_gt(event.unpaid, 0);
    ck_assert_uint_eq(event.paid + event.unpaid, 20);
    ck_assert_int_eq(cash_world_gain(&world), -100 * event.paid);
    /* It never goes on by itself. */
    cash_world_run(&world, 2 * SUGU_SECOND);
    ck_assert_int_eq(cash_world_gain(&world), -100 * event.paid);
    sugu_assert_ok(cash_world_pay(&world, 7, event.unpaid, &error), error);
    cash_world_wait(&world, SUGU_CASH_NEWS_PAID, 7);
    ck_assert_int_eq(cash_world_gain(&world), -2000);
    cash_world_done(&world);
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {
        open_says_who_is_there_and_what_they_take_and_give,
        nothing_is_taken_before_it_is_asked_for_nor_afterwards,
        a_note_waits_in_escrow_until_it_is_stacked_or_returned,
        a_payout_says_how_far_it_is_and_what_came_out,
        an_order_of_a_device_that_is_elsewhere_is_refused,
        a_device_that_falls_silent_comes_back,
        what_was_credited_while_nobody_listened_is_told_once,
        a_note_in_escrow_is_found_again_by_the_next_program,
        a_power_cut_with_a_note_in_escrow_credits_nothing,
        a_power_cut_while_a_note_is_stacked_is_a_doubt,
        a_hopper_that_runs_empty_says_how_many_came_out,
        a_string_is_told_after_the_credit_that_it_takes_back,
        a_lost_answer_to_the_order_does_not_pay_twice,
        a_device_that_restarts_with_counter_0_is_not_credited_again,
        a_power_cut_in_a_payout_is_told_by_the_registers,
    };
    Suite *suite = suite_create("cash-port");
    TCase *tcase = tcase_create("cash-port");
    SRunner *runner;
    int failed;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(tests); i++)
        tcase_add_loop_test(tcase, tests[i], 0, 2); /* in process, over a serial line */
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
