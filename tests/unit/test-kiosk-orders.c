/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-kiosk-orders - a kiosk does what the staff tell it, and never to somebody's harm
 */
#include "emulators/kiosk-world.h"
#include "testlib/checks.h"

#include <string.h>

/* The staff tell the kiosk something. */
static void
command(struct kiosk_world *world, Sugu__KioskVerb verb, const char *text)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__KioskCommand told = SUGU__KIOSK_COMMAND__INIT;

    told.verb = verb;
    told.text = (char *)text;
    event.body_case = SUGU__EVENT__BODY_KIOSK_COMMAND;
    event.kiosk_command = &told;
    sugu_service_publish(world->services[KIOSK_PEER_SERVER], &event);
}

/* Until what was published so far was taken in: this message is published behind it. */
static void
pass_commands(struct kiosk_world *world)
{
    command(world, SUGU__KIOSK_VERB__SHOW_MESSAGE, "behind it");
    while (strcmp(world->session->facts.place.message, "behind it") != 0)
        g_main_context_iteration(NULL, TRUE);
}

static void
expect_shown(struct kiosk_world *world, const char *property, const char *text)
{
    char *shown = kiosk_world_shown(world, property);

    ck_assert_str_eq(shown, text);
    g_free(shown);
}

/* The card leads to the ticket; nobody is turned away on the way. */
static void
go_on_to_the_ticket(struct kiosk_world *world)
{
    kiosk_world_enter(world, "4821");
    kiosk_world_await(world, SUGU_KIOSK_CONFIRM);
    kiosk_world_press(world, "yes");
    kiosk_world_await(world, SUGU_KIOSK_TICKET);
}

START_TEST(a_message_is_shown_as_it_was_said_until_it_is_taken_back)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_put_card(&world);
    expect_shown(&world, "message", "");
    expect_shown(&world, "message-title", "");
    command(&world, SUGU__KIOSK_VERB__SHOW_MESSAGE, "本日|午後は\n休診です");
    while (!world.session->facts.place.message[0])
        g_main_context_iteration(NULL, TRUE);
    expect_shown(&world, "message", "本日|午後は 休診です");
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_PIN); /* nothing is hidden */
    kiosk_world_take_card(&world);
    kiosk_world_await(&world, SUGU_KIOSK_CARD_BACK);
    kiosk_world_press(&world, "back");
    kiosk_world_await(&world, SUGU_KIOSK_WELCOME);
    expect_shown(&world, "message", "本日|午後は 休診です"); /* it is not about the person */
    command(&world, SUGU__KIOSK_VERB__SHOW_MESSAGE, "");
    while (world.session->facts.place.message[0])
        g_main_context_iteration(NULL, TRUE);
    expect_shown(&world, "message-title", "");
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_kiosk_that_is_told_to_close_finishes_with_whom_it_has)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_put_card(&world);
    command(&world, SUGU__KIOSK_VERB__DRAIN, "");
    pass_commands(&world);
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_PIN);
    go_on_to_the_ticket(&world);
    kiosk_world_press(&world, "done");
    kiosk_world_await(&world, SUGU_KIOSK_TAKE_CARD);
    kiosk_world_take_card(&world);
    kiosk_world_await(&world, SUGU_KIOSK_OUT_OF_USE);
    kiosk_world_change_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT,
                            SUGU__CARD_KIND__CARD_MY_NUMBER, 3);
    kiosk_session_scanned(world.session, &world.visit);
    while (!world.session->card.is_there)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_OUT_OF_USE);
    kiosk_session_event(world.session, SUGU_KIOSK_ON_SERVER_AWAY, "");
    kiosk_session_event(world.session, SUGU_KIOSK_ON_SERVER_BACK, "");
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_OUT_OF_USE);
    command(&world, SUGU__KIOSK_VERB__OPEN_AGAIN, "");
    kiosk_world_await(&world, SUGU_KIOSK_PIN); /* whose card lies there */
    kiosk_world_done(&world);
}
END_TEST

/* Somebody else's card on the page of the last one would be the next session. */
START_TEST(a_closing_kiosk_takes_no_next_card_on_the_page_of_the_last_one)
{
    static const enum sugu_kiosk_state pages[] = {SUGU_KIOSK_TICKET, SUGU_KIOSK_CONFIRM};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(pages); i++) {
        struct kiosk_world world;

        kiosk_world_init(&world);
        kiosk_world_put_card(&world);
        kiosk_world_enter(&world, "4821");
        kiosk_world_await(&world, SUGU_KIOSK_CONFIRM);
        if (pages[i] == SUGU_KIOSK_TICKET)
            kiosk_world_press(&world, "yes");
        kiosk_world_await(&world, pages[i]);
        command(&world, SUGU__KIOSK_VERB__DRAIN, "");
        pass_commands(&world);
        ck_assert_int_eq(kiosk_session_state(world.session), pages[i]);
        kiosk_world_change_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT,
                                SUGU__CARD_KIND__CARD_MY_NUMBER, 3);
        kiosk_world_await(&world, SUGU_KIOSK_TAKE_CARD);
        kiosk_world_take_card(&world);
        kiosk_world_await(&world, SUGU_KIOSK_OUT_OF_USE);
        kiosk_world_done(&world);
    }
}
END_TEST

START_TEST(a_closed_kiosk_that_begins_anew_stays_closed_and_keeps_its_message)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.is_closed = true;
    world.message = "隣の機械へどうぞ";
    kiosk_world_restart(&world, 0);
    kiosk_world_await(&world, SUGU_KIOSK_OUT_OF_USE);
    expect_shown(&world, "message", "隣の機械へどうぞ");
    kiosk_world_done(&world);
}
END_TEST

/* The answer was on its way while the staff opened the kiosk. */
START_TEST(an_answer_from_before_a_command_does_not_undo_it)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.is_closed = true;
    command(&world, SUGU__KIOSK_VERB__OPEN_AGAIN, "");
    pass_commands(&world);
    world.session->orders.is_known = false;
    world.orders_age = UINT32_MAX;
    kiosk_orders_ask(world.session);
    while (!world.session->orders.is_known)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_WELCOME);
    expect_shown(&world, "message", "behind it");
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_kiosk_begins_anew_at_once_where_nobody_is)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    command(&world, SUGU__KIOSK_VERB__RESTART, "");
    while (world.restarts == 0)
        g_main_context_iteration(NULL, TRUE);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_kiosk_never_begins_anew_in_the_middle_of_a_payment)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_come_to_pay(&world);
    world.is_payment_mute = true;
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_PAYING);
    command(&world, SUGU__KIOSK_VERB__RESTART, "");
    pass_commands(&world);
    kiosk_session_event(world.session, SUGU_KIOSK_ON_PAYMENT_UNKNOWN, "");
    kiosk_session_event(world.session, SUGU_KIOSK_ON_PAYMENT_APPROVED, "");
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_SETTLING);
    ck_assert_uint_eq(world.restarts, 0);
    kiosk_session_event(world.session, SUGU_KIOSK_ON_BILL_SETTLED, "");
    kiosk_world_await(&world, SUGU_KIOSK_PAID);
    pass_commands(&world);
    ck_assert_uint_eq(world.restarts, 0);
    kiosk_world_press(&world, "done");
    kiosk_world_await(&world, SUGU_KIOSK_WELCOME);
    ck_assert_uint_eq(world.restarts, 1);
    kiosk_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN("kiosk-orders",
               a_message_is_shown_as_it_was_said_until_it_is_taken_back,
               a_kiosk_that_is_told_to_close_finishes_with_whom_it_has,
               a_closing_kiosk_takes_no_next_card_on_the_page_of_the_last_one,
               a_closed_kiosk_that_begins_anew_stays_closed_and_keeps_its_message,
               an_answer_from_before_a_command_does_not_undo_it,
               a_kiosk_begins_anew_at_once_where_nobody_is,
               a_kiosk_never_begins_anew_in_the_middle_of_a_payment)
