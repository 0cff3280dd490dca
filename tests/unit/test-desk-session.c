/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-desk-session - a desk against scripted peers: sign-in, verbs, refusals, a server that goes
 * away
 */
#include "desk-house.h"
#include "desk-world.h"
#include "item.h"

#include "base/text.h"
#include "testlib/checks.h"

#include <string.h>

static const char *
text(struct desk_world *world, enum desk_model_text which)
{
    return desk_model_text(world->model, which);
}

static bool
is_enabled(struct desk_world *world, const char *action)
{
    return g_action_group_get_action_enabled(desk_session_actions(world->session), action);
}

/* ---------------------------------------------------------------- who */

START_TEST(a_password_signs_in_and_the_queues_come_in_pages)
{
    struct desk_world world;
    struct sugu_id sign_in;

    desk_world_init(&world, 150);
    ck_assert(!is_enabled(&world, "next"));
    desk_world_sign_in(&world);
    ck_assert_uint_eq(world.pages, 3);
    sign_in = desk_house_visit(7001);
    ck_assert(sugu_id_equal(&world.sign_in, &sign_in));
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_PERSON), "佐藤 美和"));
    ck_assert_str_eq(text(&world, DESK_MODEL_QUEUE), "内科・循環器内科");
    ck_assert_uint_gt(g_list_model_get_n_items(G_LIST_MODEL(desk_model_rows(world.model))), 140);
    ck_assert(is_enabled(&world, "next"));
    desk_world_done(&world);
}
END_TEST

START_TEST(a_wrong_password_is_refused_in_words)
{
    struct desk_world world;

    desk_world_init(&world, 10);
    desk_session_sign_in(world.session, "m.sato", "wrong");
    desk_world_await(&world, strstr(text(&world, DESK_MODEL_SIGN_IN_NOTE), "is not right"));
    ck_assert_ptr_null(desk_model_person(world.model));
    desk_world_sign_in(&world);
    desk_world_done(&world);
}
END_TEST

START_TEST(a_staff_card_signs_in)
{
    struct desk_world world;

    desk_world_init(&world, 10);
    desk_world_await(&world, strstr(text(&world, DESK_MODEL_SIGN_IN_CARD), "staff card"));
    desk_world_put_card(&world);
    desk_world_await(&world, desk_model_person(world.model));
    ck_assert_uint_eq(world.sign_ins, 1);
    desk_world_done(&world);
}
END_TEST

START_TEST(a_sign_in_that_is_over_leads_back_to_the_door)
{
    struct desk_world world;

    desk_world_init(&world, 70);
    desk_world_sign_in(&world);
    world.knows_nobody = true;
    desk_world_do(&world, "next", NULL);
    desk_world_await(&world, !desk_model_person(world.model));
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_SIGN_IN_NOTE), "Sign in again"));
    ck_assert(!is_enabled(&world, "next"));
    desk_world_done(&world);
}
END_TEST

START_TEST(a_clerk_is_not_offered_what_a_supervisor_may)
{
    struct desk_world world;

    desk_world_init(&world, 100);
    world.role = SUGU__STAFF_ROLE__CLERK;
    desk_world_sign_in(&world);
    desk_world_select(&world, SUGU_STAGE_WAITING, 0);
    ck_assert(is_enabled(&world, "call"));
    ck_assert(!is_enabled(&world, "no-show"));
    desk_model_choose_kiosk(world.model, "kiosk-1");
    ck_assert(!is_enabled(&world, "drain"));
    desk_world_done(&world);
}
END_TEST

START_TEST(who_waits_for_the_bill_is_called_by_no_desk)
{
    struct desk_world world;
    struct desk_house_entry entry;

    desk_world_init(&world, 10);
    desk_world_sign_in(&world);
    desk_house_fill(&entry, 3, "");
    entry.message.stage = 0;
    entry.message.visit_state = SUGU__VISIT_STATE__VISIT_AWAITING_BILL;
    desk_model_take_entry(world.model, &entry.message);
    desk_model_flush(world.model);
    desk_model_choose_queue(world.model, DESK_BILL_WAIT);
    desk_model_flush(world.model);
    gtk_selection_model_select_item(GTK_SELECTION_MODEL(desk_model_rows(world.model)), 0, TRUE);
    ck_assert(!is_enabled(&world, "next"));
    ck_assert(!is_enabled(&world, "call"));
    ck_assert(!is_enabled(&world, "no-show"));
    ck_assert(is_enabled(&world, "undo")); /* of what ended the last place */
    desk_world_done(&world);
}
END_TEST

/* ---------------------------------------------------------------- verbs */

START_TEST(next_calls_to_this_desk_and_selects_who_was_called)
{
    struct desk_world world;
    struct desk_house_entry entry;

    desk_world_init(&world, 100);
    desk_world_sign_in(&world);
    desk_world_do(&world, "next", NULL);
    desk_world_await(&world, world.moves == 1 && text(&world, DESK_MODEL_VERB_NOTE)[0]);
    ck_assert_int_eq(world.verb, SUGU__TICKET_VERB__CALL_NEXT);
    ck_assert_str_eq(world.desk, "1");
    ck_assert_str_eq(world.department, "internal");
    ck_assert_str_eq(world.number, "");
    desk_house_fill(&entry, 70, "internal");
    desk_world_await(&world, strcmp(desk_model_subject(world.model), entry.number) == 0);
    desk_world_done(&world);
}
END_TEST

/* What was pressed and could not be sent for a minute is refused by the server, not done late. */
START_TEST(a_verb_carries_a_deadline)
{
    struct desk_world world;
    int64_t now;

    desk_world_init(&world, 100);
    desk_world_sign_in(&world);
    now = sugu_clock_system()->utc_us(sugu_clock_system());
    desk_world_do(&world, "next", NULL);
    desk_world_await(&world, world.moves == 1);
    ck_assert_int_gt(world.deadline_utc_us, now + 50 * SUGU_SECOND);
    ck_assert_int_lt(world.deadline_utc_us, now + 70 * SUGU_SECOND);
    desk_world_done(&world);
}
END_TEST

START_TEST(many_selected_are_one_request_each)
{
    struct desk_world world;
    GtkSelectionModel *list;

    desk_world_init(&world, 400);
    desk_world_sign_in(&world);
    list = GTK_SELECTION_MODEL(desk_model_rows(world.model));
    gtk_selection_model_select_all(list);
    desk_world_do(&world, "park", g_variant_new_uint32(20));
    /* CALLED, PRESENT and WAITING may be parked; PARKED, MISSED and PLANNED say why not. */
    desk_world_await(&world, !text(&world, DESK_MODEL_STATUS)[0] && world.moves > 350);
    ck_assert_uint_eq(world.moves, 400 - 4 * DESK_HOUSE_QUEUES);
    ck_assert_int_eq(world.verb, SUGU__TICKET_VERB__PARK);
    ck_assert_uint_eq(world.minutes, 20);
    desk_world_done(&world);
}
END_TEST

START_TEST(a_refusal_is_said_at_the_row_and_at_the_keys)
{
    struct desk_world world;
    DeskRow *row;
    const char *number;

    desk_world_init(&world, 100);
    desk_world_sign_in(&world);
    world.code = "ticket.already-called";
    number = desk_world_select(&world, SUGU_STAGE_WAITING, 3);
    row = desk_model_find(world.model, number, "internal");
    desk_world_do(&world, "call", NULL);
    ck_assert(desk_row_is_under_way(row));
    desk_world_await(&world, !desk_row_is_under_way(row));
    ck_assert_str_eq(desk_row_refusal(row), "ticket.already-called");
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_VERB_NOTE), "Another desk"));
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_VERB_NOTE), number));
    desk_world_done(&world);
}
END_TEST

START_TEST(what_is_under_way_is_said_until_it_is_answered)
{
    struct desk_world world;
    DeskRow *row;

    desk_world_init(&world, 100);
    desk_world_sign_in(&world);
    world.is_mute = true;
    row = desk_model_find(world.model, desk_world_select(&world, SUGU_STAGE_WAITING, 0), "");
    desk_world_do(&world, "call", NULL);
    desk_world_await(&world, world.moves >= 2); /* sent again, and no second one */
    ck_assert(desk_row_is_under_way(row));
    desk_model_flush(world.model);
    ck_assert_str_ne(text(&world, DESK_MODEL_STATUS), "");
    world.is_mute = false;
    desk_world_await(&world, !desk_row_is_under_way(row));
    desk_world_done(&world);
}
END_TEST

START_TEST(moving_names_the_other_queue_and_a_verb_what_was_seen)
{
    struct desk_world world;
    char number[17];

    desk_world_init(&world, 100);
    desk_world_sign_in(&world);
    sugu_text_copy(number, sizeof number, desk_world_select(&world, SUGU_STAGE_WAITING, 1));
    desk_world_do(&world, "move", g_variant_new_string("eye"));
    desk_world_await(&world, world.moves == 1);
    ck_assert_str_eq(world.department, "eye");
    ck_assert_str_eq(world.number, number);
    desk_world_select(&world, SUGU_STAGE_CALLED, 0);
    desk_world_do(&world, "present", NULL);
    desk_world_await(&world, world.moves == 2);
    ck_assert_int_eq(world.seen, SUGU__STAGE_STATE__STAGE_CALLED);
    ck_assert_str_ne(world.seen_desk, ""); /* as the row showed it */
    desk_world_done(&world);
}
END_TEST

START_TEST(undo_takes_back_what_was_done_last)
{
    struct desk_world world;
    char number[17];

    desk_world_init(&world, 100);
    desk_world_sign_in(&world);
    ck_assert(!is_enabled(&world, "undo"));
    sugu_text_copy(number, sizeof number, desk_world_select(&world, SUGU_STAGE_WAITING, 1));
    desk_world_do(&world, "call", NULL);
    desk_world_await(&world, world.moves == 1 && is_enabled(&world, "undo"));
    desk_world_await(&world, text(&world, DESK_MODEL_VERB_NOTE)[0]);
    gtk_selection_model_unselect_all(GTK_SELECTION_MODEL(desk_model_rows(world.model)));
    desk_world_do(&world, "undo", NULL);
    desk_world_await(&world, world.moves == 2);
    ck_assert_int_eq(world.verb, SUGU__TICKET_VERB__UNDO);
    ck_assert_str_eq(world.number, number);
    desk_world_done(&world);
}
END_TEST

/* The answer to the first key comes after the second one: undo is of the second alone, and of
 * nothing as long as that is under way. */
START_TEST(undo_is_of_the_last_key_only_however_late_an_answer_comes)
{
    struct desk_world world;
    char number[17];

    desk_world_init(&world, 100);
    desk_world_sign_in(&world);
    world.is_mute = true;
    desk_world_select(&world, SUGU_STAGE_WAITING, 0);
    desk_world_do(&world, "call", NULL);
    desk_world_await(&world, world.moves >= 1);
    ck_assert(!is_enabled(&world, "undo"));
    sugu_text_copy(number, sizeof number, desk_world_select(&world, SUGU_STAGE_WAITING, 3));
    desk_world_do(&world, "park", g_variant_new_uint32(20));
    world.is_mute = false;
    desk_world_await(&world, is_enabled(&world, "undo"));
    world.moves = 0;
    desk_world_do(&world, "undo", NULL);
    desk_world_await(&world, is_enabled(&world, "undo"));
    ck_assert_uint_eq(world.moves, 1);
    ck_assert_str_eq(world.number, number);
    ck_assert(world.has_seen);
    ck_assert_int_eq(world.seen, SUGU__STAGE_STATE__STAGE_CALLED); /* as it was answered */
    desk_world_done(&world);
}
END_TEST

START_TEST(each_press_of_undo_takes_back_one_more_key_whatever_is_selected)
{
    static const enum sugu_stage_state states[] = {SUGU_STAGE_WAITING, SUGU_STAGE_CALLED};
    static const char *const verbs[] = {"call", "present"};
    struct desk_world world;
    char numbers[2][17];

    desk_world_init(&world, 100);
    desk_world_sign_in(&world);
    for (unsigned i = 0; i < 2; i++) {
        sugu_text_copy(numbers[i], sizeof numbers[i], desk_world_select(&world, states[i], 2));
        desk_world_do(&world, verbs[i], NULL);
        desk_world_await(&world, world.moves == i + 1 && is_enabled(&world, "undo"));
    }
    ck_assert_str_ne(numbers[0], numbers[1]);
    for (unsigned i = 0; i < 2; i++) {
        const char *selected = desk_world_select(&world, SUGU_STAGE_WAITING, 5);
        ck_assert_str_ne(selected, numbers[0]);
        desk_world_do(&world, "undo", NULL);
        desk_world_await(&world, world.moves == i + 3);
        ck_assert_int_eq(world.verb, SUGU__TICKET_VERB__UNDO);
        ck_assert_str_eq(world.number, numbers[1 - i]);
        desk_world_await(&world, is_enabled(&world, "undo") == (i == 0));
    }
    /* Nothing is left: no press falls on what happens to be selected. */
    desk_world_select(&world, SUGU_STAGE_WAITING, 5);
    desk_world_await(&world, !is_enabled(&world, "undo"));
    desk_world_done(&world);
}
END_TEST

/* ---------------------------------------------------------------- people, bill, kiosks */

START_TEST(who_is_selected_is_looked_up)
{
    struct desk_world world;

    desk_world_init(&world, 100);
    desk_world_sign_in(&world);
    desk_world_select(&world, SUGU_STAGE_WAITING, 1);
    desk_world_await(&world, text(&world, DESK_MODEL_INSURANCE)[0]);
    ck_assert_uint_eq(world.looks, 1);
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_BILL), "12,340"));
    ck_assert(is_enabled(&world, "offer-bill"));
    ck_assert(!is_enabled(&world, "bill-to-counter"));
    desk_world_do(&world, "offer-bill", NULL);
    desk_world_await(&world, world.bills == 1 && world.looks == 2);
    desk_world_done(&world);
}
END_TEST

START_TEST(the_share_is_seen_and_another_one_is_stated)
{
    struct desk_world world;

    desk_world_init(&world, 100);
    desk_world_sign_in(&world);
    ck_assert(!is_enabled(&world, "share"));
    desk_world_select(&world, SUGU_STAGE_WAITING, 1);
    desk_world_await(&world, text(&world, DESK_MODEL_SHARE)[0]);
    ck_assert_str_eq(text(&world, DESK_MODEL_SHARE), "30 %");
    ck_assert(is_enabled(&world, "share"));
    desk_world_do(&world, "share", g_variant_new_uint32(20));
    desk_world_await(&world, world.ratio_percent == 20 && world.looks == 2);
    desk_world_done(&world);
}
END_TEST

START_TEST(a_person_is_found_and_checked_in)
{
    static const char *const departments[] = {"eye", "blood", NULL};
    struct desk_world world;
    GListModel *people;
    DeskItem *item;

    desk_world_init(&world, 10);
    desk_world_sign_in(&world);
    desk_world_do(&world, "find", g_variant_new_string("  佐藤 "));
    g_object_get(world.model, "people", &people, NULL);
    desk_world_await(&world, g_list_model_get_n_items(people) == 3);
    ck_assert_str_eq(world.text, "佐藤");
    ck_assert(!is_enabled(&world, "check-in"));
    item = g_list_model_get_item(people, 1);
    desk_model_choose_patient(world.model, desk_item_key(item));
    ck_assert(is_enabled(&world, "check-in"));
    desk_world_do(&world, "check-in",
                  g_variant_new("(u@as)", (guint32)SUGU_PRIORITY_ASSISTED,
                                g_variant_new_strv(departments, -1)));
    desk_world_await(&world, strstr(text(&world, DESK_MODEL_CHECK_IN_NOTE), "C-017"));
    ck_assert_str_eq(world.departments, "eye,blood,");
    ck_assert_str_eq(desk_model_subject(world.model), "C-017");
    g_object_unref(item);
    g_object_unref(people);
    desk_world_done(&world);
}
END_TEST

START_TEST(a_message_goes_to_the_chosen_kiosk)
{
    struct desk_world world;
    GListModel *kiosks;

    desk_world_init(&world, 10);
    desk_world_sign_in(&world);
    g_object_get(world.model, "kiosks", &kiosks, NULL);
    desk_world_await(&world, g_list_model_get_n_items(kiosks) > 0);
    desk_model_choose_kiosk(world.model, "payment-2");
    desk_world_do(&world, "message", g_variant_new_string("本日は午後から休診です"));
    desk_world_await(&world, strstr(text(&world, DESK_MODEL_KIOSK_NOTE), "Sent"));
    ck_assert_str_eq(world.place, "kiosk-2");
    ck_assert_str_eq(world.text, "本日は午後から休診です");
    g_object_unref(kiosks);
    desk_world_done(&world);
}
END_TEST

START_TEST(the_plan_is_changed_for_who_is_looked_at)
{
    struct desk_world world;

    desk_world_init(&world, 100);
    desk_world_sign_in(&world);
    ck_assert(!is_enabled(&world, "add-stage"));
    desk_world_select(&world, SUGU_STAGE_WAITING, 1);
    ck_assert(is_enabled(&world, "add-stage"));
    desk_world_do(&world, "add-stage", g_variant_new_string("blood"));
    desk_world_do(&world, "priority", g_variant_new_uint32(SUGU_PRIORITY_URGENT));
    desk_world_await(&world, world.plans == 2);
    desk_world_done(&world);
}
END_TEST

/* ---------------------------------------------------------------- a server that goes away */

START_TEST(an_event_changes_the_list)
{
    struct desk_world world;
    struct desk_house_entry entry;
    DeskRow *row;

    desk_world_init(&world, 100);
    desk_world_sign_in(&world);
    desk_house_fill(&entry, 70, "internal");
    row = desk_model_find(world.model, entry.number, "internal");
    entry.message.state = SUGU__STAGE_STATE__STAGE_PRESENT;
    entry.message.desk = (char *)"4";
    desk_world_tell(&world, &entry.message);
    desk_world_await(&world, desk_row_entry(row)->state == SUGU_STAGE_PRESENT);
    ck_assert_str_eq(desk_row_entry(row)->desk, "4");
    desk_world_done(&world);
}
END_TEST

START_TEST(silence_is_said_and_the_queues_are_asked_again_by_themselves)
{
    struct desk_world world;
    guint before;

    desk_world_init(&world, 100);
    desk_world_sign_in(&world);
    before = g_list_model_get_n_items(G_LIST_MODEL(desk_model_rows(world.model)));
    desk_world_stop_server(&world);
    desk_world_await(&world, desk_model_is_stale(world.model));
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_STALE), "since"));
    /* What is known stays on the screen. */
    ck_assert_uint_eq(g_list_model_get_n_items(G_LIST_MODEL(desk_model_rows(world.model))), before);
    world.rows = 80; /* twenty have gone meanwhile */
    world.pages = 0;
    desk_world_start_server(&world);
    desk_world_await(&world, !desk_model_is_stale(world.model) && world.pages >= 2);
    desk_world_await(&world, g_list_model_get_n_items(G_LIST_MODEL(desk_model_rows(world.model))) ==
                                 before - 20);
    ck_assert_str_eq(text(&world, DESK_MODEL_STALE), "");
    desk_world_done(&world);
}
END_TEST

START_TEST(a_verb_pressed_in_the_silence_is_sent_when_the_server_is_back)
{
    struct desk_world world;
    char number[17];

    desk_world_init(&world, 100);
    desk_world_sign_in(&world);
    desk_world_stop_server(&world);
    desk_world_await(&world, desk_model_is_stale(world.model));
    sugu_text_copy(number, sizeof number, desk_world_select(&world, SUGU_STAGE_WAITING, 2));
    desk_world_do(&world, "call", NULL);
    desk_world_start_server(&world);
    desk_world_await(&world, world.moves >= 1);
    ck_assert_str_eq(world.number, number);
    desk_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN("desk-session",
               a_password_signs_in_and_the_queues_come_in_pages,
               a_wrong_password_is_refused_in_words,
               a_staff_card_signs_in,
               a_sign_in_that_is_over_leads_back_to_the_door,
               a_clerk_is_not_offered_what_a_supervisor_may,
               who_waits_for_the_bill_is_called_by_no_desk,
               next_calls_to_this_desk_and_selects_who_was_called,
               a_verb_carries_a_deadline,
               many_selected_are_one_request_each,
               a_refusal_is_said_at_the_row_and_at_the_keys,
               what_is_under_way_is_said_until_it_is_answered,
               moving_names_the_other_queue_and_a_verb_what_was_seen,
               undo_takes_back_what_was_done_last,
               undo_is_of_the_last_key_only_however_late_an_answer_comes,
               each_press_of_undo_takes_back_one_more_key_whatever_is_selected,
               who_is_selected_is_looked_up,
               the_share_is_seen_and_another_one_is_stated,
               a_person_is_found_and_checked_in,
               a_message_goes_to_the_chosen_kiosk,
               the_plan_is_changed_for_who_is_looked_at,
               an_event_changes_the_list,
               silence_is_said_and_the_queues_are_asked_again_by_themselves,
               a_verb_pressed_in_the_silence_is_sent_when_the_server_is_back)
