/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-code - a bill is paid by a code on the screen: real server, real program, TLS provider
 *
 * After each story the provider's yen are the books', and every invariant of the ledger holds.
 */
#include "scenario/lane-world.h"
#include "testlib/checks.h"

#include "domain/payment.h"

#include <string.h>

#define CODE      SUGU__PAYMENT_METHOD__METHOD_CODE
#define ANNOUNCED SUGU__BILL_STATE__BILL_ANNOUNCED
#define SETTLED   SUGU__BILL_STATE__BILL_SETTLED
#define BILL_YEN  870

/* A code for the bill on the screen. */
static void
show_code(struct lane_world *world)
{
    lane_world_pay(world, CODE, BILL_YEN, "");
    ck_assert_msg(lane_world_wait(world, lane_world_is_shown), "state %u, %s", world->kiosk.state,
                  world->kiosk.code);
}

START_TEST(a_phone_pays_and_the_money_goes_back_on_the_same_day)
{
    struct lane_world world;
    struct sugu_id paid;

    lane_world_init(&world, true, false);
    show_code(&world);
    lane_world_provider(&world, "pay");
    lane_world_ends(&world, SUGU_ATTEMPT_APPROVED, BILL_YEN, "");
    till_fee_posts(&world.till, 1, BILL_YEN);
    paid = till_bill_is(&world.till, SETTLED, BILL_YEN, BILL_YEN);
    till_books_say(&world.till, "code-clearing 870 revenue-clearing -870");
    lane_world_refund(&world, &paid, BILL_YEN, VOID, DONE);
    till_bill_is(&world.till, ANNOUNCED, BILL_YEN, 0);
    lane_world_done(&world);
}
END_TEST

START_TEST(a_part_goes_back_though_the_answer_is_lost)
{
    struct lane_world world;
    struct sugu_id paid;

    lane_world_init(&world, true, false);
    show_code(&world);
    lane_world_provider(&world, "pay");
    lane_world_ends(&world, SUGU_ATTEMPT_APPROVED, BILL_YEN, "");
    paid = till_bill_is(&world.till, SETTLED, BILL_YEN, BILL_YEN);
    lane_world_provider(&world, "at /v2/refunds drop-response");
    lane_world_refund(&world, &paid, 300, CORRECTION, DONE);
    ck_assert_uint_eq(sugu_code_provider_base(world.provider)->counts.gives, 1);
    lane_world_done(&world);
}
END_TEST

START_TEST(who_leaves_pays_nothing_unless_the_phone_was_faster)
{
    for (int is_faster = 0; is_faster < 2; is_faster++) {
        struct lane_world world;

        lane_world_init(&world, true, false);
        world.code_valid_ms = "8000";
        lane_world_kill(&world);
        lane_world_start(&world);
        ck_assert(lane_world_wait(&world, lane_world_has_code));
        show_code(&world);
        lane_world_provider(&world, "scan");
        lane_world_abort(&world);
        ck_assert_str_eq(world.kiosk.payload, "");
        lane_world_run(&world, SUGU_SECOND);
        ck_assert(!world.kiosk.is_final);
        /* Until it is known nobody else takes money for the bill. */
        till_begin(&world.till, SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT, CARD, BILL_YEN,
                   "payment.open");
        if (is_faster)
            lane_world_provider(&world, "pay");
        if (is_faster)
            lane_world_ends(&world, SUGU_ATTEMPT_APPROVED, BILL_YEN, "");
        else
            lane_world_ends(&world, SUGU_ATTEMPT_DECLINED, 0, "payment.cancelled");
        till_bill_is(&world.till, is_faster ? SETTLED : ANNOUNCED, BILL_YEN,
                     is_faster ? BILL_YEN : 0);
        lane_world_done(&world);
    }
}
END_TEST

START_TEST(a_code_that_nobody_reads_expires_and_another_is_paid)
{
    struct lane_world world;

    lane_world_init(&world, true, false);
    world.code_valid_ms = "3000";
    lane_world_kill(&world);
    lane_world_start(&world);
    ck_assert(lane_world_wait(&world, lane_world_has_code));
    show_code(&world);
    lane_world_ends(&world, SUGU_ATTEMPT_DECLINED, 0, "payment.code-expired");
    world.code_valid_ms = "60000";
    lane_world_kill(&world);
    lane_world_start(&world);
    ck_assert(lane_world_wait(&world, lane_world_has_code));
    show_code(&world);
    lane_world_provider(&world, "pay");
    lane_world_ends(&world, SUGU_ATTEMPT_APPROVED, BILL_YEN, "");
    lane_world_done(&world);
}
END_TEST

START_TEST(answers_that_are_lost_late_or_double_take_money_once)
{
    static const char *const faults[] = {"twice", "at /v2/codes/payments drop-response",
                                         "at /v2/codes/payments http 500",
                                         "at /v2/codes/payments late 3500"};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(faults); i++) {
        struct lane_world world;

        lane_world_init(&world, true, false);
        if (i == 0)
            lane_world_provider(&world, faults[i]); /* of the code's making */
        show_code(&world);
        lane_world_provider(&world, "pay");
        if (i > 0)
            lane_world_provider(&world, faults[i]);
        lane_world_ends(&world, SUGU_ATTEMPT_APPROVED, BILL_YEN, "");
        lane_world_done(&world);
    }
}
END_TEST

START_TEST(a_program_killed_in_the_middle_posts_what_was_paid_meanwhile)
{
    for (int is_paid = 0; is_paid < 2; is_paid++) {
        struct lane_world world;
        struct sugu_id attempt;

        lane_world_init(&world, true, false);
        world.code_valid_ms = "6000";
        lane_world_kill(&world);
        lane_world_start(&world);
        ck_assert(lane_world_wait(&world, lane_world_has_code));
        show_code(&world);
        attempt = world.kiosk.attempt;
        lane_world_kill(&world);
        if (is_paid)
            lane_world_provider(&world, "pay");
        lane_world_start(&world);
        lane_world_ends(&world, is_paid ? SUGU_ATTEMPT_APPROVED : SUGU_ATTEMPT_DECLINED,
                        is_paid ? BILL_YEN : 0, is_paid ? "" : "payment.cancelled");
        ck_assert(sugu_id_equal(&attempt, &world.kiosk.attempt));
        till_bill_is(&world.till, is_paid ? SETTLED : ANNOUNCED, BILL_YEN, is_paid ? BILL_YEN : 0);
        lane_world_done(&world);
    }
}
END_TEST

/* The other kiosk's program is the test's; whichever begins first has the bill. */
START_TEST(of_two_kiosks_on_one_bill_one_takes_the_money)
{
    struct lane_world world;

    lane_world_init(&world, true, false);
    till_begin(&world.till, SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT, CARD, BILL_YEN, "");
    lane_world_pay(&world, CODE, BILL_YEN, "");
    lane_world_ends(&world, SUGU_ATTEMPT_DECLINED, 0, "payment.open");
    till_end(&world.till, SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED, 0, "");
    show_code(&world);
    till_begin(&world.till, SUGU__ATTEMPT_KIND__ATTEMPT_PAYMENT, CARD, BILL_YEN, "payment.open");
    lane_world_provider(&world, "pay");
    lane_world_ends(&world, SUGU_ATTEMPT_APPROVED, BILL_YEN, "");
    lane_world_done(&world);
}
END_TEST

/* The new bill waits until the payment is known; what is too much then goes back to the phone. */
START_TEST(a_bill_revised_while_it_is_paid_gives_the_rest_back)
{
    struct lane_world world;
    struct sugu_id paid;

    lane_world_init(&world, true, false);
    show_code(&world);
    sugu_day_record_acts(&world.till.day, "111000110");
    sugu_day_expect_code(sugu_day_send_announce(&world.till.day, 2, 200, 600), "bill.in-payment");
    lane_world_provider(&world, "pay");
    lane_world_ends(&world, SUGU_ATTEMPT_APPROVED, BILL_YEN, "");
    till_announce(&world.till, 2, 600);
    paid = till_bill_is(&world.till, SUGU__BILL_STATE__BILL_OVERPAID, 600, BILL_YEN);
    lane_world_refund(&world, &paid, 270, OVERPAID, DONE);
    till_bill_is(&world.till, SETTLED, 600, 600);
    lane_world_done(&world);
}
END_TEST

START_TEST(a_provider_away_is_told_and_what_was_paid_meanwhile_is_posted)
{
    struct lane_world world;

    lane_world_init(&world, true, false);
    show_code(&world);
    lane_world_provider(&world, "pay");
    lane_world_provider(&world, "revoke on");
    ck_assert(lane_world_wait(&world, lane_world_has_no_code));
    ck_assert_str_eq(world.kiosk.parts[SUGU__PART__PART_CODE].code, "provider.refused");
    ck_assert(!world.kiosk.is_final);
    lane_world_provider(&world, "revoke off");
    lane_world_ends(&world, SUGU_ATTEMPT_APPROVED, BILL_YEN, "");
    ck_assert(lane_world_wait(&world, lane_world_has_code));
    lane_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("code",
                       240,
                       a_phone_pays_and_the_money_goes_back_on_the_same_day,
                       a_part_goes_back_though_the_answer_is_lost,
                       who_leaves_pays_nothing_unless_the_phone_was_faster,
                       a_code_that_nobody_reads_expires_and_another_is_paid,
                       answers_that_are_lost_late_or_double_take_money_once,
                       a_program_killed_in_the_middle_posts_what_was_paid_meanwhile,
                       of_two_kiosks_on_one_bill_one_takes_the_money,
                       a_bill_revised_while_it_is_paid_gives_the_rest_back,
                       a_provider_away_is_told_and_what_was_paid_meanwhile_is_posted)
