/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-refund - stories of the real sugu-payment giving money back: faults, kills, totals
 *
 * The queue server orders, the program carries out at the terminal. After each story: yen given
 * back by the terminal = yen posted as given back.
 */
#include "scenario/payment-boundaries.h"
#include "testlib/checks.h"

#include "base/settings.h"
#include "domain/payment.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define REFUND_YEN 1000

/* The world with a bill that was paid, and the payment. */
static struct sugu_id
begin_paid(struct payment_world *world)
{
    payment_world_init(world);
    ck_assert(payment_world_wait_until(world, payment_world_is_offered));
    payment_boundaries_begin(world);
    payment_world_start_payment(world, 1, 1);
    ck_assert(payment_world_wait_until(world, payment_world_is_final));
    ck_assert_uint_eq(world->state_seen, SUGU_ATTEMPT_APPROVED);
    payment_boundaries_begin(world); /* the terminal has been reset */
    return fake_payments_find(&world->fake, &world->attempt)->id;
}

static bool
is_settled(struct payment_world *world)
{
    return fake_payments_open(&world->fake) == 0;
}

static void
assert_refund(struct payment_world *world, const struct sugu_id *id, const char *story, bool moved)
{
    const struct fake_attempt *refund = fake_payments_find(&world->fake, id);

    ck_assert_msg(payment_world_wait_until(world, is_settled), "%s: not settled", story);
    ck_assert_msg(refund->state == (moved ? SUGU_ATTEMPT_APPROVED : SUGU_ATTEMPT_DECLINED),
                  "%s: state %u, code %s", story, refund->state, refund->code);
    ck_assert_msg(payment_world_counts(world).given_back == moved, "%s", story);
    payment_world_check_money(world);
}

static const struct {
    const char *fault;
    bool is_given_back;
} faults[] = {
    {"reset", true},
    {"drop-response", true},
    {"delay 1500", true},
    {"close-after-answer", true},
    {"duplicate-answer", true},
    {"wrong-service-id", true},
    {"wrong-poi-id", true},
    {"swapped-header", true},
    {"bad-hmac", true},
    {"garbage", true},
    {"http-500", true},
    {"no-amount", true},
    {"double-amount", true},
    {"card-data", true},
    {"in-progress 3", true},
    {"in-flight 1", true},
    {"reboot-keep", true},
    {"partial 400", true},
    {"decline Refusal", false},
    {"drop-request", false},
    {"reboot-lose", false},
    {"busy", false},
    {"decline NotFound", false},
};

START_TEST(every_fault_of_the_terminal_ends_in_the_truth)
{
    struct payment_world world;
    struct sugu_id paid = begin_paid(&world), id;

    payment_world_command(&world, faults[_i].fault);
    id = payment_world_order_refund(&world, 1, &paid, REFUND_YEN);
    assert_refund(&world, &id, faults[_i].fault, faults[_i].is_given_back);
    payment_world_done(&world);
}
END_TEST

START_TEST(a_kill_at_a_boundary_gives_back_once)
{
    const struct payment_boundary *boundary = &payment_boundaries[_i];
    struct payment_world world;
    struct sugu_id paid = begin_paid(&world), id, again;

    boundary->arm(&world);
    id = payment_world_order_refund(&world, 1, &paid, REFUND_YEN);
    ck_assert_msg(payment_world_wait_until(&world, boundary->is_reached), "%s: not reached",
                  boundary->name);
    payment_boundary_kill(&world);
    payment_world_start_program(&world);
    ck_assert_msg(payment_world_wait_until(&world, is_settled), "%s: not settled", boundary->name);
    ck_assert_msg(payment_world_wait_until(&world, payment_world_is_offered), "%s", boundary->name);
    if (boundary->moves)
        ck_assert_msg(payment_world_counts(&world).given_back == 1, "%s", boundary->name);
    payment_world_check_money(&world);
    /* Where nothing went back it is ordered once more, and goes back once in all. */
    if (fake_payments_find(&world.fake, &id)->state == SUGU_ATTEMPT_DECLINED) {
        again = payment_world_order_refund(&world, 2, &paid, REFUND_YEN);
        assert_refund(&world, &again, boundary->name, true);
    }
    ck_assert_int_eq(payment_world_counts(&world).given_back_yen, REFUND_YEN);
    payment_world_done(&world);
}
END_TEST

/* ---- "sugu-payment totals", beside the program that takes payments */

static void
assert_totals(struct payment_world *world, const char *kind, const char *wanted)
{
    char log[160], text[1024] = "";
    const char *argv[] = {SUGU_PAYMENT,
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
                          sugu_emulated_terminal_address(world->terminal),
                          "--terminal-root",
                          sugu_emulated_terminal_root(world->terminal),
                          "--terminal-key",
                          sugu_emulated_terminal_key(world->terminal),
                          "totals",
                          kind,
                          NULL};
    FILE *file;

    snprintf(log, sizeof log, "%s/totals-%s", world->folder, kind);
    ck_assert_int_eq(sugu_process_run(log, argv, NULL), SUGU_EXIT_OK);
    file = fopen(log, "re");
    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    ck_assert_msg(strstr(text, wanted), "%s: %s", kind, text);
}

START_TEST(the_totals_are_printed_beside_the_running_program)
{
    struct payment_world world;
    struct sugu_id paid = begin_paid(&world), id;

    id = payment_world_order_refund(&world, 1, &paid, REFUND_YEN);
    assert_refund(&world, &id, "totals", true);
    payment_boundaries_begin(&world);
    assert_totals(&world, "read",
                  "period=1001 rows=2\nbrand=mc type=Debit count=1 yen=3240\n"
                  "brand=mc type=Credit count=1 yen=1000\n");
    assert_totals(&world, "close", "period=1001 rows=2\n");
    assert_totals(&world, "read", "period=1002 rows=0\n");
    payment_world_done(&world);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("scenario-refund");
    TCase *tcase = tcase_create("scenario-refund");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, every_fault_of_the_terminal_ends_in_the_truth, 0,
                        (int)SUGU_ARRAY_SIZE(faults));
    tcase_add_loop_test(tcase, a_kill_at_a_boundary_gives_back_once, 0, PAYMENT_BOUNDARIES);
    tcase_add_test(tcase, the_totals_are_printed_beside_the_running_program);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
