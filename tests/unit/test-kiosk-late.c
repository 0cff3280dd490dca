/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-kiosk-late - what somebody set going at a kiosk and then changed their mind about, or left
 */
#include "emulators/kiosk-world.h"
#include "testlib/checks.h"

#include <string.h>

/* ---- cancelling a payment */

/* What the page shows that says "is being cancelled", by the way that was chosen. */
static void
assert_picture(struct kiosk_world *world, enum kiosk_way way, const char *picture)
{
    char *shown;

    world->session->facts.person.way = way;
    kiosk_session_refresh(world->session);
    shown = kiosk_world_shown(world, "picture");
    ck_assert_str_eq(shown, picture);
    g_free(shown);
}

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
    assert_picture(&world, KIOSK_WAY_CARD, "terminal");
    assert_picture(&world, KIOSK_WAY_CASH, "cash");
    assert_picture(&world, KIOSK_WAY_CODE, "phone");
    assert_picture(&world, KIOSK_WAY_CARD, "terminal");
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

/* ---- a check-in that nobody waits for any more */

static unsigned
count_stored(struct kiosk_world *world)
{
    char *folder = g_strdup_printf("%s/requests", world->folder);
    GDir *dir = g_dir_open(folder, 0, NULL);
    unsigned count = 0;

    ck_assert_ptr_nonnull(dir);
    while (g_dir_read_name(dir))
        count++;
    g_dir_close(dir);
    g_free(folder);
    return count;
}

static void
ask_for_a_number(struct kiosk_world *world)
{
    kiosk_world_press(world, "no-card");
    kiosk_world_await(world, SUGU_KIOSK_NO_CARD);
    kiosk_world_press(world, "take-number");
}

/* Asks in vain: the request waits in the store. */
static void
ask_a_mute_server(struct kiosk_world *world)
{
    world->is_mute = true;
    ask_for_a_number(world);
    kiosk_world_await(world, SUGU_KIOSK_ISSUING_DESK);
    while (world->ignored == 0)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_uint_eq(count_stored(world), 1);
    world->is_mute = false;
}

START_TEST(a_check_in_of_yesterday_gives_a_number_to_nobody)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    ask_a_mute_server(&world);
    kiosk_world_restart(&world, 12 * 60 * SUGU_MINUTE);
    while (world.late + world.checked_in == 0 || count_stored(&world) > 0)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_uint_eq(world.late, 1);
    ck_assert_uint_eq(world.checked_in, 0);
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_WELCOME);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_kiosk_that_starts_again_at_once_keeps_its_check_in)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    ask_a_mute_server(&world);
    kiosk_world_restart(&world, 5 * SUGU_SECOND);
    while (world.late + world.checked_in == 0)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_uint_eq(world.checked_in, 1);
    kiosk_world_done(&world);
}
END_TEST

/* The deadline is one of the server's clock: a kiosk's own may be wrong in both directions. */
START_TEST(a_kiosk_whose_clock_is_wrong_gets_its_numbers)
{
    static const int64_t wrong_us[] = {-90 * SUGU_MINUTE, 90 * SUGU_MINUTE};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(wrong_us); i++) {
        struct kiosk_world world;
        kiosk_world_init(&world);
        world.server_clock.ahead_us = wrong_us[i];
        kiosk_world_restart(&world, 0);
        ask_for_a_number(&world);
        kiosk_world_await(&world, SUGU_KIOSK_TO_DESK);
        ck_assert_uint_eq(world.late, 0);
        ck_assert_str_eq(world.reason, "visit.wants-desk");
        kiosk_world_done(&world);
    }
}
END_TEST

START_TEST(a_check_in_that_came_too_late_ends_at_the_desk)
{
    struct kiosk_world world;
    enum sugu_kiosk_state state;

    kiosk_world_init(&world);
    kiosk_world_change_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT, SUGU__CARD_KIND__CARD_FELICA,
                            0);
    kiosk_world_await(&world, SUGU_KIOSK_CONFIRM);
    /* The server's clock is set right, forward, between two pulses. */
    world.server_clock.ahead_us += 10 * SUGU_MINUTE;
    kiosk_world_press(&world, "yes");
    kiosk_world_await(&world, SUGU_KIOSK_ISSUING_DESK);
    ck_assert_uint_eq(world.late, 1);
    do {
        g_main_context_iteration(NULL, TRUE);
        state = kiosk_session_state(world.session);
    } while (state == SUGU_KIOSK_ISSUING_DESK);
    /* With a number where a pulse came in between, else with a reference. */
    ck_assert(state == SUGU_KIOSK_TO_DESK || state == SUGU_KIOSK_DESK_AWAY);
    kiosk_world_done(&world);
}
END_TEST

/* ---- digits that were typed and not sent */

static void
assert_no_digits(struct kiosk_world *world)
{
    static const struct kiosk_secret no_digits;

    ck_assert_mem_eq(world->secret, &no_digits, sizeof no_digits);
}

static void
type_three_digits(struct kiosk_world *world)
{
    for (unsigned digit = 4; digit <= 6; digit++)
        ck_assert(kiosk_secret_add(world->secret, digit));
}

START_TEST(typed_digits_of_a_pin_do_not_wait_below_the_warning)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_put_card(&world);
    type_three_digits(&world);
    kiosk_session_event(world.session, SUGU_KIOSK_ON_IDLE, "");
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_STILL_THERE);
    assert_no_digits(&world);
    kiosk_world_press(&world, "continue");
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_PIN);
    assert_no_digits(&world);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(typed_digits_go_with_their_page)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_put_card(&world);
    type_three_digits(&world);
    kiosk_world_press(&world, "to-desk");
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_ISSUING_DESK);
    assert_no_digits(&world);
    kiosk_world_done(&world);
    /* Those of a birthday too. */
    kiosk_world_init(&world);
    world.open_code = "identity.birthday-needed";
    kiosk_session_scanned(world.session, &world.visit);
    kiosk_world_await(&world, SUGU_KIOSK_BIRTHDAY);
    type_three_digits(&world);
    kiosk_session_event(world.session, SUGU_KIOSK_ON_IDLE, "");
    assert_no_digits(&world);
    kiosk_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN("kiosk-late",
               who_cancels_before_the_attempt_is_known_is_not_charged,
               who_cancels_a_known_attempt_stops_it_once,
               a_check_in_of_yesterday_gives_a_number_to_nobody,
               a_kiosk_that_starts_again_at_once_keeps_its_check_in,
               a_kiosk_whose_clock_is_wrong_gets_its_numbers,
               a_check_in_that_came_too_late_ends_at_the_desk,
               typed_digits_of_a_pin_do_not_wait_below_the_warning,
               typed_digits_go_with_their_page)
