/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-kiosk-session - one person's session against peers that speak the real protocol
 */
#include "emulators/kiosk-world.h"
#include "testlib/checks.h"

#include <glib/gstdio.h>

#include <string.h>

/* The person is gone: from the session, the model, the keypad. */
static void
assert_forgotten(struct kiosk_world *world)
{
    static const struct kiosk_person nobody;
    static const struct kiosk_visitor no_visitor;
    static const struct kiosk_secret no_digits;
    char *name = kiosk_world_shown(world, "name"), *code = kiosk_world_shown(world, "code");

    ck_assert_mem_eq(&world->session->facts.person, &nobody, sizeof nobody);
    ck_assert_mem_eq(&world->session->visitor, &no_visitor, sizeof no_visitor);
    ck_assert_mem_eq(world->secret, &no_digits, sizeof no_digits);
    ck_assert(sugu_id_is_none(&world->session->session));
    ck_assert_str_eq(name, "");
    ck_assert_str_eq(code, "");
    g_free(name);
    g_free(code);
}

/* Until what the server has pushed so far was taken in: the stage is told behind it. */
static void
pass_server_events(struct kiosk_world *world)
{
    Sugu__Event event = SUGU__EVENT__INIT;
    Sugu__Stage stage = SUGU__STAGE__INIT;
    struct kiosk_ticket *ticket = &world->session->facts.person.ticket;

    stage.visit = sugu_id_field(&world->visit);
    stage.state = SUGU__STAGE_STATE__STAGE_CALLED;
    stage.desk = (char *)"77";
    event.body_case = SUGU__EVENT__BODY_STAGE_CHANGED;
    event.stage_changed = &stage;
    sugu_service_publish(world->services[KIOSK_PEER_SERVER], &event);
    while (strcmp(ticket->desk, "77") != 0)
        g_main_context_iteration(NULL, TRUE);
}

/* ---- the tests */

START_TEST(a_card_and_its_pin_lead_to_a_ticket_and_nothing_stays_behind)
{
    struct kiosk_world world;
    char *number;

    kiosk_world_init(&world);
    kiosk_world_put_card(&world);
    kiosk_world_enter(&world, "1111");
    kiosk_world_await(&world, SUGU_KIOSK_READING);
    kiosk_world_await(&world, SUGU_KIOSK_PIN);
    ck_assert_str_eq(world.session->facts.person.notice, "pin.wrong");
    ck_assert_uint_eq(world.session->facts.person.tries_left, 2);
    kiosk_world_enter(&world, "4821");
    kiosk_world_await(&world, SUGU_KIOSK_CONFIRM);
    ck_assert_str_eq(world.name, KIOSK_WORLD_NAME);
    ck_assert_uint_eq(world.secret->count, 0);
    kiosk_world_press(&world, "yes");
    kiosk_world_await(&world, SUGU_KIOSK_TICKET);
    while (!world.session->facts.person.is_paper_out)
        g_main_context_iteration(NULL, TRUE);
    number = kiosk_world_shown(&world, "number");
    ck_assert_str_eq(number, "A-042");
    ck_assert_str_eq(world.reason, "");
    kiosk_world_press(&world, "done");
    kiosk_world_await(&world, SUGU_KIOSK_TAKE_CARD);
    kiosk_world_take_card(&world);
    kiosk_world_await(&world, SUGU_KIOSK_WELCOME);
    assert_forgotten(&world);
    while (world.closed == 0)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_str_eq(world.outcome_page, "take-card");
    g_free(number);
    kiosk_world_done(&world);
}
END_TEST

/* A reader on a busy machine goes for a moment: nobody laid a card down. */
START_TEST(a_card_found_again_under_its_own_ticket_opens_nothing)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_put_card(&world);
    kiosk_world_enter(&world, "4821");
    kiosk_world_await(&world, SUGU_KIOSK_CONFIRM);
    kiosk_world_press(&world, "yes");
    kiosk_world_await(&world, SUGU_KIOSK_TICKET);
    kiosk_world_take_card(&world);
    world.is_card_found = true;
    kiosk_world_change_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT,
                            SUGU__CARD_KIND__CARD_MY_NUMBER, 3);
    while (!world.session->card.is_found)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_int_eq(world.session->flow.state, SUGU_KIOSK_TICKET);
    kiosk_world_press(&world, "done");
    kiosk_world_await(&world, SUGU_KIOSK_TAKE_CARD);
    kiosk_world_take_card(&world);
    kiosk_world_await(&world, SUGU_KIOSK_WELCOME);
    kiosk_world_put_card(&world);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_card_found_again_takes_no_digit_of_the_birthday_away)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.open_code = "identity.birthday-needed";
    kiosk_world_change_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT, SUGU__CARD_KIND__CARD_FELICA,
                            0);
    kiosk_world_await(&world, SUGU_KIOSK_BIRTHDAY);
    kiosk_world_take_card(&world);
    world.is_card_found = true;
    kiosk_world_change_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT, SUGU__CARD_KIND__CARD_FELICA,
                            0);
    while (!world.session->card.is_found)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_int_eq(world.session->flow.state, SUGU_KIOSK_BIRTHDAY);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(what_is_personal_is_never_written_to_the_folder_of_requests)
{
    struct kiosk_world world;
    char *folder;
    const char *name;
    GDir *dir;

    kiosk_world_init(&world);
    world.is_mute = true;
    kiosk_world_put_card(&world);
    kiosk_world_enter(&world, "4821");
    kiosk_world_await(&world, SUGU_KIOSK_OPENING);
    folder = g_strdup_printf("%s/requests", world.folder);
    dir = g_dir_open(folder, 0, NULL);
    ck_assert_ptr_nonnull(dir);
    while ((name = g_dir_read_name(dir)))
        ck_abort_msg("%s was written", name);
    g_dir_close(dir);
    g_free(folder);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_wrong_pin_counts_once_where_the_reader_says_the_count_too)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.does_reader_say_count = true;
    kiosk_world_put_card(&world);
    kiosk_world_enter(&world, "1111");
    kiosk_world_await(&world, SUGU_KIOSK_READING);
    kiosk_world_await(&world, SUGU_KIOSK_PIN);
    ck_assert_uint_eq(world.session->facts.person.tries_left, 2);
    kiosk_world_enter(&world, "4821");
    kiosk_world_await(&world, SUGU_KIOSK_CONFIRM);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_card_that_is_told_again_shows_its_new_count_and_stops_at_the_last_try)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_put_card(&world);
    kiosk_world_tell_card_again(&world, 2, "");
    while (world.session->facts.person.tries_left != 2)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_PIN);
    kiosk_world_tell_card_again(&world, 1, "pin.last-try");
    kiosk_world_await(&world, SUGU_KIOSK_TO_DESK);
    ck_assert_str_eq(world.reason, "pin.last-try");
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_card_that_can_be_read_after_all_leads_on)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.presence = sugu_id_new(sugu_clock_system(), sugu_random_system());
    kiosk_world_tell_card_again(&world, 0, "card.not-readable");
    kiosk_world_await(&world, SUGU_KIOSK_CARD_TROUBLE);
    kiosk_world_tell_card_again(&world, 3, "");
    kiosk_world_await(&world, SUGU_KIOSK_PIN);
    ck_assert_uint_eq(world.session->facts.person.tries_left, 3);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_card_put_while_the_server_was_away_is_taken_when_it_is_back)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_session_event(world.session, SUGU_KIOSK_ON_SERVER_AWAY, "");
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_CLOSED);
    kiosk_world_change_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT,
                            SUGU__CARD_KIND__CARD_MY_NUMBER, 3);
    while (!world.session->card.is_there)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_CLOSED);
    kiosk_session_event(world.session, SUGU_KIOSK_ON_SERVER_BACK, "");
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_PIN);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_card_with_one_try_left_goes_to_the_desk_unasked)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_change_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT,
                            SUGU__CARD_KIND__CARD_MY_NUMBER, 1);
    kiosk_world_await(&world, SUGU_KIOSK_TO_DESK);
    ck_assert_str_eq(world.reason, "pin.last-try");
    ck_assert_uint_eq(world.opened, 0);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_card_of_nobody_leads_to_the_desk_which_knows_why)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.open_code = "identity.not-found";
    kiosk_world_change_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT, SUGU__CARD_KIND__CARD_FELICA,
                            0);
    kiosk_world_await(&world, SUGU_KIOSK_TO_DESK);
    ck_assert_str_eq(world.reason, "identity.not-found");
    kiosk_world_done(&world);
}
END_TEST

START_TEST(insurance_that_is_not_found_leads_to_the_desk_which_knows_why)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.outcome = SUGU__ELIGIBILITY_OUTCOME__NOT_FOUND;
    kiosk_world_change_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT, SUGU__CARD_KIND__CARD_FELICA,
                            0);
    kiosk_world_await(&world, SUGU_KIOSK_TO_DESK);
    ck_assert_str_eq(world.reason, "eligibility.not-found");
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_bill_is_paid_with_ticket_and_birthday_and_two_papers_come_out)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_come_to_pay(&world);
    ck_assert_uint_eq(world.birthday, 401);
    ck_assert_uint_eq(world.session->facts.person.bill.category_count, 2);
    ck_assert_int_eq(world.session->facts.person.bill.categories[0].points, 250);
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_PAID);
    ck_assert_uint_eq(world.papers, 2);
    ck_assert_uint_eq(world.started, 1);
    kiosk_world_press(&world, "done");
    kiosk_world_await(&world, SUGU_KIOSK_WELCOME); /* no card lies there */
    assert_forgotten(&world);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_revised_bill_replaces_the_shown_one_at_once_and_a_withdrawn_one_goes)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_come_to_pay(&world);
    world.revision = 2;
    kiosk_world_push_bill(&world);
    while (world.session->facts.person.bill.revision != 2)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_BILL);
    ck_assert_str_eq(world.session->facts.person.notice, "bill.revised");
    world.bill_state = SUGU__BILL_STATE__BILL_WITHDRAWN;
    kiosk_world_push_bill(&world);
    kiosk_world_await(&world, SUGU_KIOSK_NO_BILL);
    ck_assert_str_eq(world.session->facts.person.notice, "bill.withdrawn");
    ck_assert(!g_action_group_get_action_enabled(kiosk_session_actions(world.session), "pay"));
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_bill_that_goes_to_the_counter_takes_its_offer_with_it)
{
    struct kiosk_world world;
    char *text;

    kiosk_world_init(&world);
    kiosk_world_come_to_pay(&world);
    world.bill_state = SUGU__BILL_STATE__BILL_TO_COUNTER;
    kiosk_world_push_bill(&world);
    kiosk_world_await(&world, SUGU_KIOSK_SEE_DESK);
    text = kiosk_world_shown(&world, "text");
    ck_assert_str_eq(text, "Your bill is settled at the desk. Please see the staff.");
    ck_assert(!g_action_group_get_action_enabled(kiosk_session_actions(world.session), "pay"));
    while (world.helped == 0)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_str_eq(world.help_reason, "bill.to-counter");
    g_free(text);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_part_payment_leaves_the_rest_to_pay_and_no_receipt)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.attempt_code = "payment.partial";
    kiosk_world_come_to_pay(&world);
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_BILL);
    ck_assert_str_eq(world.session->facts.person.notice, "payment.partial");
    ck_assert_uint_eq(world.papers, 0);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(who_hears_three_times_that_one_cannot_pay_now_is_sent_to_the_desk)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.start_code = "terminal.busy";
    kiosk_world_come_to_pay(&world);
    for (unsigned times = 1; times <= 2; times++) {
        kiosk_world_press(&world, "pay");
        kiosk_world_await(&world, SUGU_KIOSK_PAY_TROUBLE);
        kiosk_world_press(&world, "again");
        kiosk_world_await(&world, SUGU_KIOSK_BILL);
    }
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_SEE_DESK);
    ck_assert_str_eq(world.session->facts.person.ticket.number, "A-042");
    while (world.helped == 0)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_str_eq(world.help_reason, "terminal.busy");
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_payment_that_ended_unheard_is_asked_for_when_the_program_is_back)
{
    struct kiosk_world world;
    enum sugu_kiosk_state state;

    kiosk_world_init(&world);
    world.attempt = SUGU__ATTEMPT_STATE__ATTEMPT_SENT;
    kiosk_world_come_to_pay(&world);
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_PAYING);
    while (sugu_id_is_none(&world.session->attempt))
        g_main_context_iteration(NULL, TRUE);
    kiosk_world_kill_payment(&world);
    kiosk_world_await(&world, SUGU_KIOSK_UNCLEAR);
    world.attempt = SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED;
    kiosk_world_start_payment(&world);
    while (sugu_kiosk_kind_of(kiosk_session_state(world.session)) != SUGU_KIOSK_ENDS)
        g_main_context_iteration(NULL, TRUE);
    state = kiosk_session_state(world.session);
    /* Paid; the printer may not have been heard again yet. */
    ck_assert(state == SUGU_KIOSK_PAID || state == SUGU_KIOSK_RECEIPT_LATER);
    ck_assert_uint_eq(world.started, 1);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_declined_card_charges_nothing_and_leads_back_to_the_bill)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.attempt = SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED;
    world.attempt_code = "payment.declined";
    kiosk_world_come_to_pay(&world);
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_PAY_TROUBLE);
    ck_assert_str_eq(world.session->facts.person.notice, "payment.declined");
    /* The bill is open again: the page that says what happened stays all the same. */
    kiosk_world_push_bill(&world);
    pass_server_events(&world);
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_PAY_TROUBLE);
    ck_assert_str_eq(world.session->facts.person.notice, "payment.declined");
    kiosk_world_press(&world, "again");
    kiosk_world_await(&world, SUGU_KIOSK_BILL);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(an_unclear_payment_is_asked_for_and_never_started_again)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.attempt = SUGU__ATTEMPT_STATE__ATTEMPT_UNKNOWN;
    kiosk_world_come_to_pay(&world);
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_UNCLEAR);
    world.attempt = SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED;
    kiosk_session_event(world.session, SUGU_KIOSK_ON_NO_ANSWER, "");
    kiosk_world_await(&world, SUGU_KIOSK_PAID);
    ck_assert_uint_eq(world.started, 1);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_jammed_printer_leaves_the_money_alone_and_calls_staff)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.is_paper_jammed = true;
    kiosk_world_come_to_pay(&world);
    kiosk_world_press(&world, "pay");
    kiosk_world_await(&world, SUGU_KIOSK_RECEIPT_LATER);
    ck_assert_str_eq(world.session->facts.person.ticket.number, "A-042");
    while (world.helped == 0)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_str_eq(world.help_reason, "printer.jam");
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_ticket_that_does_not_come_out_is_told_to_staff_and_calls_nobody)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.is_paper_jammed = true;
    kiosk_world_press(&world, "no-card");
    kiosk_world_await(&world, SUGU_KIOSK_NO_CARD);
    kiosk_world_press(&world, "take-number");
    kiosk_world_await(&world, SUGU_KIOSK_TO_DESK);
    while (world.helped == 0)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_str_eq(world.help_reason, "printer.jam");
    ck_assert_str_eq(world.session->facts.person.paper_code, "printer.jam");
    ck_assert(!world.session->facts.person.is_staff_called);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(without_a_server_a_reference_leads_to_the_desk)
{
    struct kiosk_world world;
    char *number;

    kiosk_world_init(&world);
    world.is_mute = true;
    kiosk_world_press(&world, "no-card");
    kiosk_world_await(&world, SUGU_KIOSK_NO_CARD);
    kiosk_world_press(&world, "take-number");
    kiosk_world_await(&world, SUGU_KIOSK_ISSUING_DESK);
    kiosk_session_event(world.session, SUGU_KIOSK_ON_NO_ANSWER, "");
    kiosk_world_await(&world, SUGU_KIOSK_DESK_AWAY);
    number = kiosk_world_shown(&world, "number");
    ck_assert_uint_eq(strlen(number), 4);
    /* The request goes on: when the server is back, the reference becomes a number. */
    world.is_mute = false;
    kiosk_world_await(&world, SUGU_KIOSK_TO_DESK);
    g_free(number);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_server_that_refuses_the_key_closes_the_kiosk_until_it_takes_it)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_press(&world, "help");
    while (world.helped == 0)
        g_main_context_iteration(NULL, TRUE);
    kiosk_world_refuse_connection(&world, "key.unknown");
    kiosk_world_await(&world, SUGU_KIOSK_CLOSED);
    world.clock.ahead_us += 5 * SUGU_SECOND; /* the pause before the next try */
    kiosk_world_await(&world, SUGU_KIOSK_WELCOME);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(an_answer_for_somebody_who_left_is_shown_to_nobody)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    world.is_mute = true;
    kiosk_world_change_card(&world, SUGU__CARD_CHANGE_KIND__CARD_PUT, SUGU__CARD_KIND__CARD_FELICA,
                            0);
    kiosk_world_await(&world, SUGU_KIOSK_OPENING);
    kiosk_session_event(world.session, SUGU_KIOSK_ON_NO_ANSWER, "");
    kiosk_world_await(&world, SUGU_KIOSK_DESK_AWAY);
    kiosk_world_press(&world, "done");
    kiosk_world_await(&world, SUGU_KIOSK_TAKE_CARD);
    kiosk_world_take_card(&world);
    kiosk_world_await(&world, SUGU_KIOSK_WELCOME);
    world.is_mute = false;
    while (world.opened == 0) /* sent again, answered now */
        g_main_context_iteration(NULL, TRUE);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_WELCOME);
    assert_forgotten(&world);
    kiosk_world_done(&world);
}
END_TEST

START_TEST(a_called_number_shows_its_desk_and_a_finished_one_none)
{
    static const struct {
        Sugu__StageState stage;
        uint32_t before_you;
        const char *place, *before;
    } rows[] = {
        {SUGU__STAGE_STATE__STAGE_WAITING, 3, "内科", "3 people before you"},
        {SUGU__STAGE_STATE__STAGE_WAITING, 99, "内科", "99 people before you"},
        {SUGU__STAGE_STATE__STAGE_WAITING, 100, "内科", "100 or more people before you"},
        {SUGU__STAGE_STATE__STAGE_CALLED, 3, "You are called to 3番診察室", ""},
        {SUGU__STAGE_STATE__STAGE_DONE, 3, "", ""},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct kiosk_world world;
        char *place, *before;
        kiosk_world_init(&world);
        world.has_ticket = true;
        world.stage = rows[i].stage;
        world.before_you = rows[i].before_you;
        kiosk_session_scanned(world.session, &world.visit);
        kiosk_world_await(&world, SUGU_KIOSK_NO_BILL);
        place = kiosk_world_shown(&world, "place");
        before = kiosk_world_shown(&world, "before");
        ck_assert_str_eq(place, rows[i].place);
        ck_assert_str_eq(before, rows[i].before);
        g_free(place);
        g_free(before);
        kiosk_world_done(&world);
    }
}
END_TEST

START_TEST(the_second_tap_of_a_double_one_does_nothing)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_press(&world, "no-card");
    kiosk_world_await(&world, SUGU_KIOSK_NO_CARD);
    g_action_group_activate_action(kiosk_session_actions(world.session), "take-number", NULL);
    ck_assert_int_eq(kiosk_session_state(world.session), SUGU_KIOSK_NO_CARD);
    kiosk_world_done(&world);
}
END_TEST

/* Whoever comes knows what for. */
START_TEST(what_was_pressed_is_what_the_staff_are_called_for)
{
    static const struct {
        const char *action, *reason;
        enum sugu_kiosk_state state;
    } rows[] = {
        {"help", "help.asked", SUGU_KIOSK_BILL},
        {"to-desk", "help.pay-at-desk", SUGU_KIOSK_SEE_DESK},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct kiosk_world world;

        kiosk_world_init(&world);
        kiosk_world_come_to_pay(&world);
        kiosk_world_press(&world, rows[i].action);
        kiosk_world_await(&world, rows[i].state);
        while (world.helped == 0)
            g_main_context_iteration(NULL, TRUE);
        ck_assert_str_eq(world.help_reason, rows[i].reason);
        ck_assert_str_ne(sugu_code_find(rows[i].reason)->staff, "");
        kiosk_world_done(&world);
    }
}
END_TEST

START_TEST(a_card_that_was_left_behind_is_told_as_one)
{
    struct kiosk_world world;

    kiosk_world_init(&world);
    kiosk_world_put_card(&world);
    kiosk_world_press(&world, "back");
    kiosk_world_await(&world, SUGU_KIOSK_TAKE_CARD);
    kiosk_session_event(world.session, SUGU_KIOSK_ON_IDLE, "");
    while (world.helped == 0)
        g_main_context_iteration(NULL, TRUE);
    ck_assert_str_eq(world.help_reason, "help.card-left");
    kiosk_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN("kiosk-session",
               a_card_and_its_pin_lead_to_a_ticket_and_nothing_stays_behind,
               a_card_found_again_under_its_own_ticket_opens_nothing,
               a_card_found_again_takes_no_digit_of_the_birthday_away,
               what_is_personal_is_never_written_to_the_folder_of_requests,
               a_wrong_pin_counts_once_where_the_reader_says_the_count_too,
               a_card_that_is_told_again_shows_its_new_count_and_stops_at_the_last_try,
               a_card_that_can_be_read_after_all_leads_on,
               a_card_put_while_the_server_was_away_is_taken_when_it_is_back,
               a_card_with_one_try_left_goes_to_the_desk_unasked,
               a_card_of_nobody_leads_to_the_desk_which_knows_why,
               insurance_that_is_not_found_leads_to_the_desk_which_knows_why,
               a_bill_is_paid_with_ticket_and_birthday_and_two_papers_come_out,
               a_revised_bill_replaces_the_shown_one_at_once_and_a_withdrawn_one_goes,
               a_bill_that_goes_to_the_counter_takes_its_offer_with_it,
               a_part_payment_leaves_the_rest_to_pay_and_no_receipt,
               who_hears_three_times_that_one_cannot_pay_now_is_sent_to_the_desk,
               a_payment_that_ended_unheard_is_asked_for_when_the_program_is_back,
               a_declined_card_charges_nothing_and_leads_back_to_the_bill,
               an_unclear_payment_is_asked_for_and_never_started_again,
               a_jammed_printer_leaves_the_money_alone_and_calls_staff,
               a_ticket_that_does_not_come_out_is_told_to_staff_and_calls_nobody,
               without_a_server_a_reference_leads_to_the_desk,
               a_server_that_refuses_the_key_closes_the_kiosk_until_it_takes_it,
               an_answer_for_somebody_who_left_is_shown_to_nobody,
               a_called_number_shows_its_desk_and_a_finished_one_none,
               the_second_tap_of_a_double_one_does_nothing,
               what_was_pressed_is_what_the_staff_are_called_for,
               a_card_that_was_left_behind_is_told_as_one)
