/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-desk-money - a bill's money at a desk: what is offered, what is sent, what a refusal leaves
 */
#include "desk-house.h"
#include "desk-world.h"
#include "item.h"
#include "model-money.h"
#include "model-tasks.h"
#include "reasons.h"
#include "words-money.h"

#include "testlib/checks.h"

#include <string.h>

/* ---------------------------------------------------------------- rules */

struct sums {
    int64_t total, waived, paid, held, due, excess;
};

START_TEST(what_is_due_is_what_the_server_says)
{
    static const struct sums rows[] = {
        {870, 0, 0, 0, 870, 0},     {870, 0, 300, 0, 570, 0}, {870, 0, 870, 0, 0, 0},
        {870, 0, 1000, 0, 0, 130},  {870, 200, 670, 0, 0, 0}, {870, 870, 0, 0, 0, 0},
        {870, 0, 500, 500, 370, 0}, {870, 0, 900, 900, 0, 0}, {300, 0, 870, 0, 0, 570},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        Sugu__Money money = SUGU__MONEY__INIT;
        money.total_yen = rows[i].total;
        money.waived_yen = rows[i].waived;
        money.paid_yen = rows[i].paid;
        money.held_yen = rows[i].held;
        ck_assert_int_eq(desk_money_due_yen(&money), rows[i].due);
        ck_assert_int_eq(desk_money_excess_yen(&money), rows[i].excess);
        money.state = SUGU__BILL_STATE__BILL_WITHDRAWN;
        ck_assert_int_eq(desk_money_due_yen(&money), 0);
    }
}
END_TEST

START_TEST(no_more_is_offered_back_than_can_go_back)
{
    const Sugu__Money *money = desk_house_money(false);
    const Sugu__Attempt *desk = money->attempts[0], *card = money->attempts[2];

    ck_assert_int_eq(desk_attempt_left_yen(desk), 2500); /* 500 of it wait for a second person */
    ck_assert_int_eq(desk_attempt_left_yen(money->attempts[1]), 0);
    ck_assert_int_eq(desk_attempt_left_yen(money->attempts[3]), 0);
    ck_assert_int_eq(desk_money_refund_most_yen(money, desk, SUGU__REFUND_REASON__REFUND_OVERPAID),
                     500);
    ck_assert_int_eq(desk_money_refund_most_yen(money, card, SUGU__REFUND_REASON__REFUND_VOID),
                     9840);
    /* What was paid too much goes back first. */
    ck_assert_int_eq(
        desk_money_refund_most_yen(money, card, SUGU__REFUND_REASON__REFUND_CORRECTION), 0);
    ck_assert(desk_attempt_goes_back_by_hand(desk));
    ck_assert(!desk_attempt_goes_back_by_hand(card));
}
END_TEST

START_TEST(chosen_lines_are_rounded_once_as_the_bill_is)
{
    Sugu__Bill bill = SUGU__BILL__INIT;
    bool none[3] = {false}, all[3] = {true, true, true}, first[3] = {true},
         last[3] = {false, false, true};

    desk_house_fill_lines(&bill);
    ck_assert_int_eq(desk_money_lines_yen(&bill, none), 0);
    /* 3875 points at 3 割: 11,625 yen are rounded to 11,630; 715 more pay themselves. */
    ck_assert_int_eq(desk_money_lines_yen(&bill, all), 11630 + 715);
    ck_assert_int_eq(desk_money_lines_yen(&bill, last), 715);
    /* Without the 75 points 3800 points stay: 11,400. */
    ck_assert_int_eq(desk_money_lines_yen(&bill, first), 230);
}
END_TEST

START_TEST(a_verb_is_possible_when_there_is_something_to_do)
{
    const Sugu__Money *over = desk_house_money(false);

    ck_assert(!desk_money_is_possible(over, DESK_MONEY_SETTLE)); /* nothing is due */
    ck_assert(desk_money_is_possible(over, DESK_MONEY_REFUND));
    ck_assert(desk_money_is_possible(over, DESK_MONEY_GRANT));
    ck_assert(!desk_money_is_possible(over, DESK_MONEY_RESOLVE));
    over = desk_house_money(true);
    ck_assert(!desk_money_is_possible(over, DESK_MONEY_SETTLE)); /* due, but one is open */
    ck_assert(!desk_money_is_possible(over, DESK_MONEY_REFUND));
    ck_assert(!desk_money_is_possible(over, DESK_MONEY_DENY));
    ck_assert(desk_money_is_possible(over, DESK_MONEY_RESOLVE));
    over->attempts[0]->state = SUGU__ATTEMPT_STATE__ATTEMPT_DECLINED;
    ck_assert(desk_money_is_possible(over, DESK_MONEY_SETTLE));
}
END_TEST

START_TEST(no_number_of_the_wire_is_without_a_word)
{
    char words[DESK_WORDS_SIZE];

    for (unsigned i = 0; i < sugu__attempt_kind__descriptor.n_values; i++)
        ck_assert_str_ne(desk_words_attempt_kind((Sugu__AttemptKind)i), "");
    for (unsigned i = 0; i < sugu__attempt_state__descriptor.n_values; i++) {
        ck_assert_str_ne(desk_words_attempt_state((Sugu__AttemptState)i), "");
        ck_assert_str_ne(desk_words_attempt_sign((Sugu__AttemptState)i), "");
    }
    for (unsigned i = 0; i < sugu__payment_method__descriptor.n_values; i++)
        ck_assert_str_ne(desk_words_method((Sugu__PaymentMethod)i), "");
    for (unsigned i = 0; i < sugu__desk_money__descriptor.n_values; i++)
        ck_assert_str_ne(desk_words_desk_money((Sugu__DeskMoney)i), "");
    for (unsigned i = 0; i < sugu__refund_reason__descriptor.n_values; i++)
        ck_assert_str_ne(desk_words_refund_reason((Sugu__RefundReason)i), "");
    for (unsigned i = 0; i < sugu__refund_state__descriptor.n_values; i++) {
        ck_assert_str_ne(desk_words_refund_state((Sugu__RefundState)i), "");
        ck_assert_str_ne(desk_words_refund_sign((Sugu__RefundState)i), "");
    }
    for (unsigned i = 0; i < sugu__bill_state__descriptor.n_values; i++)
        ck_assert_str_ne(desk_words_bill((Sugu__BillState)i), "");
    ck_assert_str_eq(desk_words_way(words, desk_house_money(false)->attempts[2]),
                     "Registered card Mastercard …4444");
    ck_assert_str_eq(desk_words_way(words, desk_house_money(false)->attempts[0]),
                     "At the desk: bank transfer");
}
END_TEST

/* ---------------------------------------------------------------- the session */

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

/* Signed in, on the page of money, A-017 is looked at. */
static void
look(struct desk_world *world, bool is_held)
{
    desk_world_init(world, 100);
    world->is_held = is_held;
    desk_world_sign_in(world);
    desk_model_look_at(world->model, "A-017");
    desk_world_await(world, desk_model_bill(world->model));
    ck_assert_uint_eq(world->money_reads, 0); /* nobody looks at its money */
    desk_model_want_money(world->model, true);
    desk_world_await(world, desk_model_money(world->model));
}

START_TEST(the_money_is_asked_for_while_it_is_shown)
{
    struct desk_world world;
    GListModel *attempts, *refunds;
    DeskItem *item;

    look(&world, false);
    ck_assert_str_eq(text(&world, DESK_MODEL_MONEY_TOTAL), "¥12,340");
    ck_assert_str_eq(text(&world, DESK_MODEL_MONEY_PAID), "¥12,840");
    ck_assert_str_eq(text(&world, DESK_MODEL_MONEY_EXCESS), "¥500");
    ck_assert_str_eq(text(&world, DESK_MODEL_MONEY_DEPOSIT), "");
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_MONEY_HINT), "second person"));
    g_object_get(world.model, "attempts", &attempts, "refunds", &refunds, NULL);
    ck_assert_uint_eq(g_list_model_get_n_items(attempts), 5);
    ck_assert_uint_eq(g_list_model_get_n_items(refunds), 3);
    item = g_list_model_get_item(attempts, 2);
    ck_assert_str_eq(desk_item_text(item, DESK_ITEM_YEN), "¥9,840");
    ck_assert_str_eq(desk_item_text(item, DESK_ITEM_TEXT), "✓ Done");
    g_object_unref(item);
    g_object_unref(attempts);
    g_object_unref(refunds);
    desk_world_done(&world);
}
END_TEST

START_TEST(a_refund_is_ordered_of_the_chosen_attempt)
{
    struct desk_world world;
    const Sugu__Money *money = desk_house_money(false);
    struct sugu_id card = sugu_id_of(&money->attempts[2]->attempt), sent;
    char key[SUGU_ID_TEXT_SIZE];

    look(&world, false);
    desk_model_choose_attempt(world.model, sugu_id_to_text(&card, key));
    desk_model_open_form(world.model, DESK_MONEY_REFUND);
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_MONEY_FORM), "Mastercard"));
    desk_world_do(&world, "refund", g_variant_new("(xusb)", INT64_C(340), 1, "slip 12", FALSE));
    ck_assert(!is_enabled(&world, "refund")); /* pressed twice is ordered once */
    desk_world_do(&world, "refund", g_variant_new("(xusb)", INT64_C(340), 1, "slip 12", FALSE));
    desk_world_await(&world, strstr(text(&world, DESK_MODEL_MONEY_NOTE), "¥340"));
    ck_assert_uint_eq(world.money_verbs, 1);
    ck_assert_int_eq(world.money->body_case, SUGU__REQUEST__BODY_ORDER_REFUND);
    sent = sugu_id_of(&world.money->order_refund->original);
    ck_assert(sugu_id_equal(&sent, &card));
    ck_assert_int_eq(world.money->order_refund->amount_yen, 340);
    ck_assert_int_eq(world.money->order_refund->reason, SUGU__REFUND_REASON__REFUND_VOID);
    ck_assert_str_eq(world.money->order_refund->note, "slip 12");
    ck_assert_str_eq(world.money->order_refund->desk, "1");
    ck_assert_uint_eq(world.money->order_refund->refund.len, SUGU_ID_SIZE);
    ck_assert_int_gt(world.money->deadline_utc_us, 0);
    ck_assert(!world.money->order_refund->is_by_hand);
    ck_assert(!desk_model_form(world.model)->is_open);
    desk_world_done(&world);
}
END_TEST

START_TEST(what_could_not_go_back_is_ordered_by_hand)
{
    struct desk_world world;
    const Sugu__Money *money = desk_house_money(false);
    struct sugu_id card = sugu_id_of(&money->attempts[2]->attempt);
    char key[SUGU_ID_TEXT_SIZE];

    ck_assert(desk_money_has_failed_back(money, money->attempts[2]));
    ck_assert(!desk_money_has_failed_back(money, money->attempts[0])); /* nobody tried */
    look(&world, false);
    desk_model_choose_attempt(world.model, sugu_id_to_text(&card, key));
    desk_model_open_form(world.model, DESK_MONEY_REFUND);
    desk_world_do(&world, "refund", g_variant_new("(xusb)", INT64_C(340), 1, "dead card", TRUE));
    desk_world_await(&world, world.money_verbs == 1);
    ck_assert(world.money->order_refund->is_by_hand);
    ck_assert_str_eq(world.money->order_refund->note, "dead card");
    desk_world_done(&world);
}
END_TEST

START_TEST(a_refusal_leaves_what_was_typed)
{
    struct desk_world world;

    look(&world, false);
    world.code = "refund.too-much";
    desk_model_open_form(world.model, DESK_MONEY_REFUND);
    desk_world_do(&world, "refund", g_variant_new("(xusb)", INT64_C(340), 0, "slip 12", FALSE));
    desk_world_await(&world, strstr(text(&world, DESK_MODEL_MONEY_NOTE), "More would go back"));
    ck_assert(desk_model_form(world.model)->is_open);
    desk_world_await(&world, is_enabled(&world, "refund"));
    world.code = NULL;
    desk_world_do(&world, "refund", g_variant_new("(xusb)", INT64_C(300), 0, "slip 12", FALSE));
    desk_world_await(&world, !desk_model_form(world.model)->is_open);
    ck_assert_uint_eq(world.money_verbs, 2);
    desk_world_done(&world);
}
END_TEST

START_TEST(nobody_agrees_to_a_refund_of_their_own)
{
    struct desk_world world;
    const Sugu__Money *money = desk_house_money(false);
    char *before = money->refunds[0]->ordered_by;

    look(&world, false);
    ck_assert(is_enabled(&world, "grant"));
    money->refunds[0]->ordered_by = (char *)"m.sato"; /* who is signed in */
    desk_model_take_money(world.model, money);
    ck_assert(!is_enabled(&world, "grant"));
    ck_assert(!is_enabled(&world, "deny")); /* nor refuses it: the other one decides */
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_MONEY_HINT), "somebody else agrees"));
    money->refunds[0]->ordered_by = before;
    desk_world_done(&world);
}
END_TEST

START_TEST(a_clerk_decides_and_resolves_nothing)
{
    struct desk_world world;

    desk_world_init(&world, 100);
    world.role = SUGU__STAFF_ROLE__CLERK;
    desk_world_sign_in(&world);
    desk_model_look_at(world.model, "A-017");
    desk_model_want_money(world.model, true);
    desk_world_await(&world, desk_model_money(world.model));
    ck_assert(is_enabled(&world, "refund"));
    ck_assert(!is_enabled(&world, "grant"));
    ck_assert(!is_enabled(&world, "deny"));
    desk_model_take_money(world.model, desk_house_money(true));
    ck_assert(!is_enabled(&world, "resolve"));
    desk_world_done(&world);
}
END_TEST

START_TEST(a_held_payment_is_resolved_with_what_was_found_out)
{
    struct desk_world world;

    look(&world, true);
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_MONEY_HINT), "list of the card terminal"));
    desk_model_open_form(world.model, DESK_MONEY_RESOLVE);
    desk_world_do(&world, "resolve",
                  g_variant_new("(uxss)", SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, INT64_C(2500),
                                "T-000123", "terminal's list, page 2"));
    desk_world_await(&world, world.money_verbs == 1);
    ck_assert_int_eq(world.money->resolve_payment->state, SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED);
    ck_assert_int_eq(world.money->resolve_payment->approved_yen, 2500);
    ck_assert_str_eq(world.money->resolve_payment->provider_id, "T-000123");
    ck_assert_str_eq(world.money->resolve_payment->reason, "terminal's list, page 2");
    desk_world_await(&world, strstr(text(&world, DESK_MODEL_MONEY_NOTE), "is booked"));
    desk_world_done(&world);
}
END_TEST

static char *
key_of_task(struct desk_world *world, guint i)
{
    GListModel *tasks;
    DeskItem *item;
    char *key;

    g_object_get(world->model, "tasks", &tasks, NULL);
    item = g_list_model_get_item(tasks, i);
    key = g_strdup(desk_item_key(item));
    g_object_unref(item);
    g_object_unref(tasks);
    return key;
}

/* The task of the house's list, as a page looks at it. */
static void
look_at_task(struct desk_world *world, guint i)
{
    struct desk_subject subject;
    char *key;

    desk_world_await(world, strcmp(text(world, DESK_MODEL_TAB_MONEY), "9") == 0);
    key = key_of_task(world, DESK_HOUSE_HELD_TASKS + i);
    ck_assert(desk_model_find_task(world->model, key, &subject));
    desk_model_look_at_subject(world->model, &subject);
    g_free(key);
}

START_TEST(a_hold_that_nobody_knows_of_is_resolved_from_its_task)
{
    struct desk_world world;
    const Sugu__MoneyTask *task = desk_house_tasks()->tasks[DESK_HOUSE_HELD_TASKS];

    look(&world, false);
    ck_assert(!is_enabled(&world, "resolve"));
    look_at_task(&world, 0);
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_MONEY_HINT), "Amount held on the card"));
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_MONEY_HINT), "list of the payment"));
    ck_assert(is_enabled(&world, "resolve"));
    ck_assert(!is_enabled(&world, "settle"));
    desk_model_open_form(world.model, DESK_MONEY_RESOLVE);
    ck_assert_int_eq(desk_model_form_attempt(world.model)->amount_yen, 3000);
    desk_world_do(&world, "resolve",
                  g_variant_new("(uxss)", SUGU__ATTEMPT_STATE__ATTEMPT_APPROVED, INT64_C(3000),
                                "psp-7", "provider's list"));
    desk_world_await(&world, world.money_verbs == 1);
    ck_assert_int_eq(world.money->resolve_payment->approved_yen, 3000);
    ck_assert_mem_eq(world.money->resolve_payment->attempt.data, task->attempt.data, SUGU_ID_SIZE);
    desk_world_await(&world, strstr(text(&world, DESK_MODEL_MONEY_NOTE), "is booked"));
    desk_world_done(&world);
}
END_TEST

START_TEST(a_registration_of_no_visit_is_resolved_from_its_task)
{
    struct desk_world world;
    Sugu__MoneyTasks none = SUGU__MONEY_TASKS__INIT;
    struct desk_subject nobody = {.visit = {{0}}};

    look(&world, false);
    look_at_task(&world, 1);
    ck_assert_str_eq(text(&world, DESK_MODEL_NUMBER), "");
    ck_assert_str_eq(text(&world, DESK_MODEL_MONEY_NOBODY), "");
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_MONEY_HINT), "中村 誠  Card registered"));
    ck_assert(is_enabled(&world, "resolve"));
    desk_model_open_form(world.model, DESK_MONEY_RESOLVE);
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_MONEY_FORM), "Card registered"));
    desk_model_take_tasks(world.model, desk_house_tasks()); /* the same once more */
    ck_assert(desk_model_form(world.model)->is_open);
    look_at_task(&world, 0); /* another one is not asked about */
    ck_assert(!desk_model_form(world.model)->is_open);
    look_at_task(&world, 1);
    desk_model_open_form(world.model, DESK_MONEY_RESOLVE);
    desk_model_take_tasks(world.model, &none); /* somebody else was quicker */
    ck_assert(!desk_model_form(world.model)->is_open);
    ck_assert(!is_enabled(&world, "resolve"));
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_MONEY_NOTE), "found out"));
    desk_model_take_tasks(world.model, desk_house_tasks());
    look_at_task(&world, 1);
    desk_model_look_at_subject(world.model, &nobody);
    ck_assert(!is_enabled(&world, "resolve"));
    desk_world_done(&world);
}
END_TEST

START_TEST(a_bill_that_changes_under_the_form_closes_it)
{
    struct desk_world world;
    Sugu__Money newer = *desk_house_money(false);

    look(&world, false);
    desk_model_open_form(world.model, DESK_MONEY_REFUND);
    desk_model_take_money(world.model, desk_house_money(false));
    ck_assert(desk_model_form(world.model)->is_open); /* the same once more */
    newer.revision = 2;
    desk_model_take_money(world.model, &newer);
    ck_assert(!desk_model_form(world.model)->is_open);
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_MONEY_NOTE), "revised"));
    desk_world_do(&world, "refund", g_variant_new("(xusb)", INT64_C(340), 0, "late", FALSE));
    desk_model_look_at(world.model, "");
    ck_assert_str_eq(text(&world, DESK_MODEL_MONEY_TOTAL), "");
    ck_assert_uint_eq(world.money_verbs, 0);
    desk_world_done(&world);
}
END_TEST

START_TEST(what_is_pressed_while_the_server_is_away_is_done_when_it_is_back)
{
    struct desk_world world;

    look(&world, false);
    desk_world_stop_server(&world);
    desk_world_await(&world, desk_model_is_stale(world.model));
    desk_model_open_form(world.model, DESK_MONEY_REFUND);
    desk_world_do(&world, "refund", g_variant_new("(xusb)", INT64_C(500), 0, "twice", FALSE));
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_MONEY_NOTE), "Being booked"));
    ck_assert(desk_model_form(world.model)->is_open);
    desk_world_start_server(&world);
    desk_world_await(&world, world.money_verbs > 0);
    desk_world_await(&world, strstr(text(&world, DESK_MODEL_MONEY_NOTE), "¥500"));
    ck_assert_int_eq(world.money->order_refund->amount_yen, 500);
    desk_world_done(&world);
}
END_TEST

START_TEST(tasks_are_those_of_money)
{
    struct desk_world world;
    GListModel *tasks;

    desk_world_init(&world, 20);
    desk_world_sign_in(&world);
    g_object_get(world.model, "tasks", &tasks, NULL);
    desk_world_await(&world, g_list_model_get_n_items(tasks) == 9);
    ck_assert_str_eq(text(&world, DESK_MODEL_TAB_MONEY), "9");
    for (guint i = 0; i < g_list_model_get_n_items(tasks); i++) {
        DeskItem *item = g_list_model_get_item(tasks, i);
        const char *reason = strrchr(desk_item_key(item), '/') + 1;
        ck_assert_ptr_nonnull(desk_reason_find(reason));
        g_object_unref(item);
    }
    g_object_unref(tasks);
    desk_world_done(&world);
}
END_TEST

START_TEST(two_refunds_of_a_visit_that_wait_are_two_lines)
{
    struct desk_world world;
    struct sugu_id visit = desk_house_visit(24);
    Sugu__MoneyTask task[2] = {SUGU__MONEY_TASK__INIT, SUGU__MONEY_TASK__INIT};
    Sugu__MoneyTask *list[2] = {&task[0], &task[1]};
    Sugu__MoneyTasks tasks = SUGU__MONEY_TASKS__INIT;
    GListModel *lines;
    DeskItem *item;

    desk_world_init(&world, 20);
    for (int i = 0; i < 2; i++) {
        task[i].code = (char *)"refund.waiting";
        task[i].visit = sugu_id_field(&visit);
        task[i].number = (char *)"A-024";
        task[i].since_utc_us = DESK_HOUSE_NOW + i;
        task[i].yen = 300 + i * 200;
    }
    tasks.n_tasks = 2;
    tasks.tasks = list;
    desk_model_take_tasks(world.model, &tasks);
    desk_model_take_tasks(world.model, &tasks); /* as they were: each line is its own still */
    g_object_get(world.model, "tasks", &lines, NULL);
    ck_assert_uint_eq(g_list_model_get_n_items(lines), 2);
    for (guint i = 0; i < 2; i++) {
        item = g_list_model_get_item(lines, i);
        ck_assert_ptr_nonnull(strstr(desk_item_text(item, DESK_ITEM_TEXT), i ? "500" : "300"));
        g_object_unref(item);
    }
    g_object_unref(lines);
    desk_world_done(&world);
}
END_TEST

/* Closing the call for help takes nothing away; the server's word does. */
START_TEST(a_task_is_over_when_the_books_say_so)
{
    struct desk_world world;
    Sugu__HelpClosed closed = SUGU__HELP_CLOSED__INIT;
    Sugu__Event event = SUGU__EVENT__INIT;

    desk_world_init(&world, 20);
    desk_world_sign_in(&world);
    desk_world_await(&world, strcmp(text(&world, DESK_MODEL_TAB_MONEY), "9") == 0);
    closed.place = (char *)"kiosk-1";
    closed.reason = (char *)"cash.change-owed";
    closed.number = (char *)"A-024";
    closed.asked_utc_us = DESK_HOUSE_NOW;
    desk_model_take_help_closed(world.model, &closed);
    desk_model_flush(world.model);
    ck_assert_str_eq(text(&world, DESK_MODEL_TAB_MONEY), "9");
    world.has_no_tasks = true;
    event.body_case = SUGU__EVENT__BODY_BILL_CHANGED;
    event.bill_changed = desk_house_known("A-024")->bill;
    sugu_service_publish(world.server, &event);
    desk_world_await(&world, text(&world, DESK_MODEL_TAB_MONEY)[0] == '\0');
    ck_assert_str_eq(text(&world, DESK_MODEL_MONEY_TASKS_NOTE), "Nothing waits because of money.");
    desk_world_done(&world);
}
END_TEST

START_TEST(a_visit_of_an_earlier_day_is_looked_up_by_its_id)
{
    struct desk_world world;
    struct desk_subject subject;
    struct sugu_id visit = desk_house_visit(830000);
    char *key;

    desk_world_init(&world, 20);
    desk_world_sign_in(&world);
    desk_world_await(&world, strcmp(text(&world, DESK_MODEL_TAB_MONEY), "9") == 0);
    key = key_of_task(&world, 0);
    ck_assert(desk_model_find_task(world.model, key, &subject));
    ck_assert(sugu_id_equal(&subject.visit, &visit));
    desk_model_look_at_subject(world.model, &subject);
    desk_world_await(&world, world.has_visit && sugu_id_equal(&world.visit, &visit));
    desk_world_await(&world, text(&world, DESK_MODEL_BILL)[0]);
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_NUMBER), "C-004"));
    /* What goes by today's numbers is not offered. */
    ck_assert(!g_action_group_get_action_enabled(desk_session_actions(world.session), "priority"));
    ck_assert(!g_action_group_get_action_enabled(desk_session_actions(world.session), "share"));
    g_free(key);
    desk_world_done(&world);
}
END_TEST

START_TEST(a_card_is_stopped_and_let_go_for_a_reason)
{
    struct desk_world world;

    look(&world, false);
    ck_assert_ptr_nonnull(strstr(text(&world, DESK_MODEL_MONEY_CARD), "4444"));
    ck_assert(!desk_model_may_money(world.model, DESK_MONEY_SUSPEND)); /* it is stopped */
    ck_assert(desk_model_may_money(world.model, DESK_MONEY_RELEASE));
    desk_model_open_form(world.model, DESK_MONEY_END);
    desk_world_do(&world, "end-card", g_variant_new("(xus)", INT64_C(0), 0, "by letter"));
    desk_world_await(&world, world.money_verbs > 0);
    ck_assert_int_eq(world.money->body_case, SUGU__REQUEST__BODY_CHANGE_CARD);
    ck_assert_int_eq(world.money->change_card->verb, SUGU__CARD_VERB__CARD_END);
    ck_assert_str_eq(world.money->change_card->reason, "by letter");
    desk_world_done(&world);
}
END_TEST

/* ---------------------------------------------------------------- machines */

/* Full or empty is told by words, by a sign and by a colour. */
START_TEST(a_cash_machine_says_what_it_lacks)
{
    static const struct {
        Sugu__PartHealth health;
        const char *code, *words, *level;
    } rows[] = {
        {SUGU__PART_HEALTH__PART_OK, "", "○ Cash machine", "calm"},
        {SUGU__PART_HEALTH__PART_LOW, "cash.near-empty", "▲ Cash machine: Change is nearly used up",
         "long"},
        {SUGU__PART_HEALTH__PART_LOW, "cash.near-full", "▲ Cash machine: Nearly full", "long"},
        {SUGU__PART_HEALTH__PART_AWAY, "cash.stacker-full", "■ Cash machine: Note stacker is full",
         "late"},
        {SUGU__PART_HEALTH__PART_AWAY, "cash.jammed", "■ Cash machine: Coin or note is stuck",
         "late"},
        {SUGU__PART_HEALTH__PART_AWAY, "cash.invented", "■ Cash machine: does not work", "late"},
    };
    struct desk_world world;
    Sugu__PartState part = SUGU__PART_STATE__INIT, *parts[] = {&part};
    Sugu__Kiosk kiosk = SUGU__KIOSK__INIT;
    GListModel *kiosks;

    desk_world_init(&world, 1);
    g_object_get(world.model, "kiosks", &kiosks, NULL);
    kiosk.place = kiosk.client = kiosk.role = (char *)"payment";
    kiosk.heard_utc_us = DESK_HOUSE_NOW;
    kiosk.parts = parts;
    kiosk.n_parts = 1;
    part.part = SUGU__PART__PART_CASH;
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        DeskItem *item;
        part.health = rows[i].health;
        part.code = (char *)rows[i].code;
        desk_model_take_kiosk(world.model, &kiosk);
        desk_model_set_now(world.model, DESK_HOUSE_NOW);
        desk_model_flush(world.model);
        item = g_list_model_get_item(kiosks, 0);
        ck_assert_str_eq(desk_item_text(item, DESK_ITEM_NOTE), rows[i].words);
        ck_assert_str_eq(desk_item_text(item, DESK_ITEM_LEVEL), rows[i].level);
        ck_assert_ptr_nonnull(strstr(desk_item_text(item, DESK_ITEM_TIP), rows[i].words));
        g_object_unref(item);
    }
    g_object_unref(kiosks);
    desk_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN("desk-money",
               what_is_due_is_what_the_server_says,
               no_more_is_offered_back_than_can_go_back,
               chosen_lines_are_rounded_once_as_the_bill_is,
               a_verb_is_possible_when_there_is_something_to_do,
               no_number_of_the_wire_is_without_a_word,
               the_money_is_asked_for_while_it_is_shown,
               a_refund_is_ordered_of_the_chosen_attempt,
               what_could_not_go_back_is_ordered_by_hand,
               a_refusal_leaves_what_was_typed,
               nobody_agrees_to_a_refund_of_their_own,
               a_clerk_decides_and_resolves_nothing,
               a_held_payment_is_resolved_with_what_was_found_out,
               a_hold_that_nobody_knows_of_is_resolved_from_its_task,
               a_registration_of_no_visit_is_resolved_from_its_task,
               a_bill_that_changes_under_the_form_closes_it,
               what_is_pressed_while_the_server_is_away_is_done_when_it_is_back,
               tasks_are_those_of_money,
               two_refunds_of_a_visit_that_wait_are_two_lines,
               a_task_is_over_when_the_books_say_so,
               a_visit_of_an_earlier_day_is_looked_up_by_its_id,
               a_card_is_stopped_and_let_go_for_a_reason,
               a_cash_machine_says_what_it_lacks)
