/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-kiosk-late - what somebody set going at a kiosk and then changed their mind about, or left
 */
#include "emulators/kiosk-world.h"
#include "testlib/checks.h"

#include <string.h>

/* ---- cancelling a payment */

START_TEST(who_cancels_before_the_attempt_is_known_is_not_charged)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.attempt = SUGU__ATTEMPT_STATE__ATTEMPT_SENT;
    world.is_payment_mute = true;
    kiosk_world_come_to_pay(&world);
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_PAYING);
    kiosk_world_press(&world, "cancel");
    kiosk_world_await(&world, SUGU_KIOSK_CANCELLING);
    ck_assert(sugu_id_is_none(&world.session->attempt));
    /* The start is sent again, and answered now. */
    world.is_payment_mute = false;
    kiosk_world_await(&world, SUGU_KIOSK_PAY_TROUBLE);
    ck_assert_uint_eq(world.aborted, 1);
    ck_assert_str_eq(world.session->facts.person.notice, "payment.cancelled");
    /* Another try is another wish. */
    world.attempt = SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED;
    world.attempt_code = NULL;
    kiosk_world_press(&world, "again");
    kiosk_world_await(&world, SUGU_KIOSK_BILL);
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_PAID);
    ck_assert_uint_eq(world.aborted, 1);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(who_cancels_a_known_attempt_stops_it_once)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.attempt = SUGU__ATTEMPT_STATE__ATTEMPT_SENT;
    kiosk_world_come_to_pay(&world);
    kiosk_world_press(&world, "pay");
    while (sugu_id_is_none(&world.session->attempt))
        g_main_context_iteration(NULL, TRUE);
    kiosk_world_press(&world, "cancel");
    kiosk_world_await(&world, SUGU_KIOSK_PAY_TROUBLE);
    ck_assert_uint_eq(world.aborted, 1);
    kiosk_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN("kiosk-late",
               who_cancels_before_the_attempt_is_known_is_not_charged,
               who_cancels_a_known_attempt_stops_it_once)
