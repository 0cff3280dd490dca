/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-payment - stories of the real sugu-payment: faults, kills, doubts, card numbers
 *
 * The program is killed while its peers, or a lock on its journal, hold it at a known point, so
 * that every boundary of a payment is met by name and not by luck. After each story: yen charged by
 * the terminal = yen posted by the server, and no bill was charged twice.
 */
#include "scenario/payment-boundaries.h"
#include "testlib/checks.h"

#include "base/settings.h"
#include "domain/payment.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* ---- every fault of the terminal */

static const struct {
    const char *fault, *code;
    enum sugu_attempt_state state;
} faults[] = {
    {"reset", "", SUGU_ATTEMPT_APPROVED},
    {"drop-response", "", SUGU_ATTEMPT_APPROVED},
    {"delay 1500", "", SUGU_ATTEMPT_APPROVED},
    {"close-after-answer", "", SUGU_ATTEMPT_APPROVED},
    {"duplicate-answer", "", SUGU_ATTEMPT_APPROVED},
    {"wrong-service-id", "", SUGU_ATTEMPT_APPROVED},
    {"wrong-poi-id", "", SUGU_ATTEMPT_APPROVED},
    {"swapped-header", "", SUGU_ATTEMPT_APPROVED},
    {"bad-hmac", "", SUGU_ATTEMPT_APPROVED},
    {"garbage", "", SUGU_ATTEMPT_APPROVED},
    {"http-500", "", SUGU_ATTEMPT_APPROVED},
    {"no-amount", "", SUGU_ATTEMPT_APPROVED},
    {"double-amount", "", SUGU_ATTEMPT_APPROVED},
    {"card-data", "", SUGU_ATTEMPT_APPROVED},
    {"in-progress 3", "", SUGU_ATTEMPT_APPROVED},
    {"in-flight 1", "", SUGU_ATTEMPT_APPROVED},
    {"reboot-keep", "", SUGU_ATTEMPT_APPROVED},
    {"partial 1000", "payment.partial", SUGU_ATTEMPT_APPROVED},
    {"decline Refusal", "payment.declined", SUGU_ATTEMPT_DECLINED},
    {"decline Cancel", "payment.cancelled", SUGU_ATTEMPT_DECLINED},
    {"decline WrongPIN", "payment.declined", SUGU_ATTEMPT_DECLINED},
    {"decline UnreachableHost", "payment.host-unreachable", SUGU_ATTEMPT_DECLINED},
    {"drop-request", "payment.not-started", SUGU_ATTEMPT_DECLINED},
    {"reboot-lose", "payment.not-started", SUGU_ATTEMPT_DECLINED},
    {"busy", "payment.not-started", SUGU_ATTEMPT_DECLINED},
    {"patient 5000", "payment.cancelled", SUGU_ATTEMPT_DECLINED}, /* nobody came: aborted */
};

START_TEST(every_fault_of_the_terminal_ends_in_the_truth)
{
    struct payment_world world;

    payment_world_init(&world);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(faults); i++) {
        ck_assert_msg(payment_world_wait_until(&world, payment_world_is_offered),
                      "not offered before %s", faults[i].fault);
        payment_world_command(&world, faults[i].fault);
        payment_world_start_payment(&world, (uint8_t)i, (uint8_t)i);
        ck_assert_uint_eq(world.reply_status, SUGU_OK);
        ck_assert_msg(payment_world_wait_until(&world, payment_world_is_final), "%s: state %u",
                      faults[i].fault, world.state_seen);
        ck_assert_msg(world.state_seen == faults[i].state, "%s: state %u, code %s", faults[i].fault,
                      world.state_seen, world.code);
        ck_assert_msg(strcmp(world.code, faults[i].code) == 0, "%s: %s", faults[i].fault,
                      world.code);
        payment_world_check_money(&world);
    }
    payment_world_done(&world);
}
END_TEST

/* The line cut before the first byte is a clean "not now"; cut behind it, it is a doubt. */
START_TEST(a_link_cut_before_the_first_byte_charges_nothing)
{
    struct payment_world world;

    payment_world_init(&world);
    ck_assert(payment_world_wait_until(&world, payment_world_is_offered));
    payment_world_command(&world, "cut");
    payment_world_start_payment(&world, 1, 1);
    ck_assert(payment_world_wait_until(&world, payment_world_is_final));
    ck_assert_uint_eq(world.state_seen, SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(world.code, "terminal.away");
    ck_assert_uint_eq(payment_world_counts(&world).payments, 0);
    payment_world_check_money(&world);
    payment_world_done(&world);
}
END_TEST

/* ---- killed at every boundary */

static bool
is_told(struct payment_world *world)
{
    return world->is_final && fake_payments_open(&world->fake) == 0;
}

START_TEST(a_kill_at_a_boundary_neither_loses_nor_doubles)
{
    struct payment_world world;

    payment_world_init(&world);
    ck_assert(payment_world_wait_until(&world, payment_world_is_offered));
    payment_boundaries_begin(&world);
    payment_boundaries[_i].arm(&world);
    payment_world_send_start(&world, 1, 1);
    ck_assert_msg(payment_world_wait_until(&world, payment_boundaries[_i].is_reached),
                  "%s: not reached", payment_boundaries[_i].name);
    payment_boundary_kill(&world);
    payment_world_start_program(&world);
    /* Resolved first, then offered; the kiosk asks again under its stored id. */
    ck_assert_msg(payment_world_wait_until(&world, payment_world_is_offered),
                  "%s: not offered again", payment_boundaries[_i].name);
    payment_world_start_payment(&world, 1, 1);
    ck_assert_uint_eq(world.reply_status, SUGU_OK);
    ck_assert_msg(payment_world_wait_until(&world, is_told), "%s: state %u",
                  payment_boundaries[_i].name, world.state_seen);
    payment_world_check_money(&world);
    if (payment_boundaries[_i].moves)
        ck_assert_uint_eq(payment_world_counts(&world).charges, 1);
    /* Whoever tries again pays once in all. */
    ck_assert(payment_world_wait_until(&world, payment_world_is_offered));
    payment_world_start_payment(&world, 2, 1);
    ck_assert(payment_world_wait_until(&world, payment_world_is_final));
    ck_assert_uint_eq(payment_world_counts(&world).charges, 1);
    ck_assert_int_eq(payment_world_counts(&world).charged_yen, PAYMENT_WORLD_YEN);
    payment_world_check_money(&world);
    payment_world_done(&world);
}
END_TEST

/* ---- the kiosk's side */

static bool
is_request_there(struct payment_world *world)
{
    return payment_world_counts(world).payments >= 1;
}

START_TEST(a_window_that_died_comes_back_to_its_payment)
{
    struct sugu_id attempt;
    struct payment_world world;

    payment_world_init(&world);
    ck_assert(payment_world_wait_until(&world, payment_world_is_offered));
    payment_world_command(&world, "hold-before");
    payment_world_start_payment(&world, 1, 7);
    attempt = world.attempt;
    ck_assert(payment_world_wait_until(&world, payment_world_is_sent));
    payment_world_close_kiosk(&world);
    world.state_seen = 99;
    memset(&world.attempt, 0, sizeof world.attempt);
    payment_world_open_kiosk(&world);
    payment_world_get_payment(&world, 7);
    ck_assert(sugu_id_equal(&world.attempt, &attempt));
    ck_assert_uint_eq(world.state_seen, SUGU_ATTEMPT_SENT);
    /* Another start on the bill is refused and points at the open attempt. */
    payment_world_start_payment(&world, 2, 7);
    ck_assert_uint_eq(world.reply_status, SUGU_REFUSED);
    ck_assert_str_eq(world.reply_code, "payment.open");
    ck_assert(sugu_id_equal(&world.attempt, &attempt));
    payment_world_command(&world, "release");
    ck_assert(payment_world_wait_until(&world, payment_world_is_final));
    ck_assert_uint_eq(world.state_seen, SUGU_ATTEMPT_APPROVED);
    payment_world_check_money(&world);
    payment_world_done(&world);
}
END_TEST

START_TEST(an_abort_reaches_the_terminal)
{
    struct payment_world world;

    payment_world_init(&world);
    ck_assert(payment_world_wait_until(&world, payment_world_is_offered));
    payment_world_command(&world, "patient 600");
    payment_world_start_payment(&world, 1, 1);
    ck_assert(payment_world_wait_until(&world, is_request_there));
    payment_world_abort_payment(&world);
    ck_assert(payment_world_wait_until(&world, payment_world_is_final));
    ck_assert_uint_eq(world.state_seen, SUGU_ATTEMPT_DECLINED);
    ck_assert_str_eq(world.code, "payment.cancelled");
    ck_assert_uint_ge(payment_world_counts(&world).aborts, 1);
    payment_world_check_money(&world);
    payment_world_done(&world);
}
END_TEST

static bool
is_declined(struct payment_world *world)
{
    return world->state_seen == SUGU_ATTEMPT_DECLINED;
}

START_TEST(the_queue_server_away_means_no_payment)
{
    struct payment_world world;

    payment_world_init(&world);
    ck_assert(payment_world_wait_until(&world, payment_world_is_offered));
    world.begin_mode = SERVER_IGNORES;
    payment_world_start_payment(&world, 1, 1);
    ck_assert(payment_world_wait_until(&world, is_declined));
    ck_assert_str_eq(world.code, "server.away");
    ck_assert(!world.is_final);
    ck_assert_uint_eq(payment_world_counts(&world).payments, 0);
    world.begin_mode = SERVER_ANSWERS;
    ck_assert(payment_world_wait_until(&world, is_told));
    payment_world_check_money(&world);
    payment_world_done(&world);
}
END_TEST

/* What is in doubt keeps the terminal from everyone until it is known or a human's. */
START_TEST(a_doubt_that_stays_goes_to_the_staff_and_is_still_resolved)
{
    struct payment_world world;

    payment_world_init(&world);
    ck_assert(payment_world_wait_until(&world, payment_world_is_offered));
    payment_world_command(&world, "hold-before");
    payment_world_start_payment(&world, 1, 1);
    ck_assert(payment_world_wait_until(&world, is_request_there));
    payment_world_command(&world, "away on");
    ck_assert(payment_world_wait_until(&world, payment_world_is_unknown));
    ck_assert(payment_world_wait_until(&world, payment_world_is_held));
    ck_assert(!world.is_offered);
    ck_assert_str_eq(world.code, "payment.held");
    payment_world_start_payment(&world, 2, 1);
    ck_assert_str_eq(world.reply_code, "payment.open");
    payment_world_start_payment(&world, 3, 2);
    ck_assert_uint_eq(world.reply_status, SUGU_RETRY);
    payment_world_command(&world, "release");
    payment_world_command(&world, "away off");
    ck_assert(payment_world_wait_until(&world, is_told));
    ck_assert_uint_eq(world.state_seen, SUGU_ATTEMPT_APPROVED);
    payment_world_check_money(&world);
    payment_world_done(&world);
}
END_TEST

START_TEST(a_stop_in_the_middle_of_a_payment_is_clean_and_quick)
{
    const struct sugu_clock *clock = sugu_clock_system();
    struct payment_world world;
    int64_t begun;

    payment_world_init(&world);
    ck_assert(payment_world_wait_until(&world, payment_world_is_offered));
    payment_world_command(&world, "hold-before");
    payment_world_start_payment(&world, 1, 1);
    ck_assert(payment_world_wait_until(&world, is_request_there));
    begun = clock->monotonic_us(clock);
    ck_assert_int_eq(sugu_process_end(&world.program, SIGTERM), SUGU_EXIT_OK);
    ck_assert_int_lt(clock->monotonic_us(clock) - begun, 5 * SUGU_SECOND);
    payment_world_command(&world, "release");
    payment_world_start_program(&world);
    ck_assert(payment_world_wait_until(&world, payment_world_is_offered));
    payment_world_get_payment(&world, 1);
    ck_assert(payment_world_wait_until(&world, is_told));
    ck_assert_uint_eq(world.state_seen, SUGU_ATTEMPT_APPROVED);
    payment_world_check_money(&world);
    payment_world_done(&world);
}
END_TEST

/* ---- card numbers */

START_TEST(no_card_number_is_kept_anywhere)
{
    static const char number[] = "5413330089099999";
    struct payment_world world;
    char line[300];

    payment_world_init(&world);
    ck_assert(payment_world_wait_until(&world, payment_world_is_offered));
    snprintf(line, sizeof line, "pan %s", number);
    payment_world_command(&world, line);
    payment_world_start_payment(&world, 1, 1);
    ck_assert(payment_world_wait_until(&world, payment_world_is_final));
    payment_world_command(&world, "card-data");
    ck_assert(payment_world_wait_until(&world, payment_world_is_offered));
    payment_world_start_payment(&world, 2, 2);
    ck_assert(payment_world_wait_until(&world, payment_world_is_final));
    ck_assert_uint_eq(payment_world_counts(&world).charges, 2);
    payment_world_kill_program(&world); /* with its write-ahead log as it is */
    snprintf(line, sizeof line, "grep -r -a -l 541333008909 %s/state %s", world.folder, world.log);
    ck_assert_int_ne(system(line), 0);
    for (unsigned i = 0; i < world.fake.attempt_count; i++)
        ck_assert_ptr_null(strstr(world.fake.attempts[i].provider_id, "541333"));
    payment_world_check_money(&world);
    payment_world_done(&world);
}
END_TEST

/* ---- what is wrong at the start */

static int
run_with(struct payment_world *world, const char *const *more)
{
    const char *argv[24] = {SUGU_PAYMENT,
                            "--listen",
                            world->kiosk_endpoint,
                            "--server",
                            world->server_endpoint,
                            "--state-folder",
                            world->state,
                            "--poi-id",
                            SUGU_EMULATED_POI,
                            "--sale-id",
                            "KIOSK-03",
                            "--terminal",
                            "https://127.0.0.1:1/nexo"};
    size_t count = 13;
    char log[160];

    for (; *more; more++)
        argv[count++] = *more;
    snprintf(log, sizeof log, "%s/run.log", world->folder);
    return sugu_process_run(log, argv, NULL);
}

START_TEST(what_is_wrong_at_the_start_is_said_by_the_exit_status)
{
    struct payment_world world;
    const char *key, *root;
    char open_key[160], text[300];

    payment_world_init(&world);
    ck_assert(payment_world_wait_until(&world, payment_world_is_offered));
    key = sugu_emulated_terminal_key(world.terminal);
    root = sugu_emulated_terminal_root(world.terminal);
    /* Another program has the journal. */
    ck_assert_int_eq(
        run_with(&world, (const char *[]){"--terminal-root", root, "--terminal-key", key, NULL}),
        SUGU_EXIT_CANNOT_CREATE);
    payment_world_kill_program(&world);
    ck_assert_int_eq(run_with(&world, (const char *[]){"--terminal-root", root, NULL}),
                     SUGU_EXIT_SETTINGS);
    ck_assert_int_eq(run_with(&world, (const char *[]){"--terminal-root", root, "--terminal-key",
                                                       key, "--answer-wait-ms", "0", NULL}),
                     SUGU_EXIT_SETTINGS);
    ck_assert_int_eq(
        run_with(&world, (const char *[]){"--terminal-root", key, "--terminal-key", key, NULL}),
        SUGU_EXIT_SETTINGS);
    snprintf(open_key, sizeof open_key, "%s/open.key", world.folder);
    snprintf(text, sizeof text, "cp %s %s && chmod 644 %s", key, open_key, open_key);
    ck_assert_int_eq(system(text), 0);
    ck_assert_int_ne(run_with(&world, (const char *[]){"--terminal-root", root, "--terminal-key",
                                                       open_key, NULL}),
                     SUGU_EXIT_OK);
    payment_world_done(&world);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("scenario-payment");
    TCase *tcase = tcase_create("scenario-payment");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, every_fault_of_the_terminal_ends_in_the_truth);
    tcase_add_test(tcase, a_link_cut_before_the_first_byte_charges_nothing);
    tcase_add_loop_test(tcase, a_kill_at_a_boundary_neither_loses_nor_doubles, 0,
                        PAYMENT_BOUNDARIES);
    tcase_add_test(tcase, a_window_that_died_comes_back_to_its_payment);
    tcase_add_test(tcase, an_abort_reaches_the_terminal);
    tcase_add_test(tcase, the_queue_server_away_means_no_payment);
    tcase_add_test(tcase, a_doubt_that_stays_goes_to_the_staff_and_is_still_resolved);
    tcase_add_test(tcase, a_stop_in_the_middle_of_a_payment_is_clean_and_quick);
    tcase_add_test(tcase, no_card_number_is_kept_anywhere);
    tcase_add_test(tcase, what_is_wrong_at_the_start_is_said_by_the_exit_status);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
