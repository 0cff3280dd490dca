/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-desk-model - what a desk knows: order, one splice a burst, selection, snapshots
 */
#include "cells.h"
#include "desk-house.h"
#include "item.h"
#include "model.h"

#include "protocol/state-times.h"
#include "testlib/checks.h"

#include <string.h>

struct world {
    DeskModel *model;
    GListModel *list;
    unsigned splices, removed, added; /* of the list */
    GPtrArray *copy;                  /* as a widget would keep it; NULL = nobody does */
};

static void
on_items(GListModel *list, guint position, guint removed, guint added, struct world *world)
{
    world->splices++;
    world->removed = removed;
    world->added = added;
    if (!world->copy)
        return;
    if (removed > 0)
        g_ptr_array_remove_range(world->copy, position, removed);
    for (guint i = 0; i < added; i++)
        g_ptr_array_insert(world->copy, (gint)(position + i),
                           g_list_model_get_item(list, position + i));
    /* The list is true at every step, not only in the end. */
    ck_assert_uint_eq(world->copy->len, g_list_model_get_n_items(list));
}

static void
sign_in(struct world *world)
{
    struct desk_person person = {.sign_in = desk_house_visit(7), .name = "佐藤"};

    desk_model_set_person(world->model, &person);
}

static void
take_page(struct world *world, unsigned first, unsigned count, const char *department)
{
    struct desk_house_page *page = desk_house_page_new(first, count, department);

    desk_model_begin_snapshot(world->model);
    ck_assert(desk_model_take_page(world->model, desk_house_queues(page), NULL));
    desk_model_flush(world->model);
    desk_house_page_free(page);
}

/* `count` people in the queue "internal". */
static void
world_init(struct world *world, unsigned count)
{
    const struct desk_model_settings settings = {.facility_name = "試験病院",
                                                 .time_zone = "Asia/Tokyo",
                                                 .desk = "1",
                                                 .long_wait_min = 30,
                                                 .late_wait_min = 60};
    struct sugu_error error;

    *world = (struct world){.splices = 0};
    sugu_assert_ok(desk_model_new(&settings, &world->model, &error), error);
    sign_in(world);
    desk_model_set_now(world->model, DESK_HOUSE_NOW);
    take_page(world, 0, count, "internal");
    world->list = G_LIST_MODEL(desk_model_rows(world->model));
    g_signal_connect(world->list, "items-changed", G_CALLBACK(on_items), world);
}

static void
world_done(struct world *world)
{
    g_signal_handlers_disconnect_by_data(world->list, world);
    g_assert_finalize_object(world->model);
}

static const struct desk_entry *
entry_at(struct world *world, guint position)
{
    DeskRow *row = g_list_model_get_item(world->list, position);
    const struct desk_entry *entry = desk_row_entry(row);

    ck_assert_ptr_nonnull(row);
    g_object_unref(row); /* the list holds it */
    return entry;
}

static void
say(struct world *world, unsigned i, Sugu__StageState state)
{
    struct desk_house_entry entry;

    desk_house_fill(&entry, i, "internal");
    entry.message.state = state;
    if (state == SUGU__STAGE_STATE__STAGE_CALLED)
        entry.message.called_utc_us = DESK_HOUSE_NOW;
    desk_model_take_entry(world->model, &entry.message);
}

static DeskRow *
row_of(struct world *world, unsigned i)
{
    struct desk_house_entry entry;
    DeskRow *row;

    desk_house_fill(&entry, i, "internal");
    row = desk_model_find(world->model, entry.number, "internal");
    ck_assert_ptr_nonnull(row);
    return row;
}

/* ---------------------------------------------------------------- order */

START_TEST(the_list_stands_in_the_queue_s_order)
{
    struct world world;
    guint count;

    world_init(&world, 500);
    count = g_list_model_get_n_items(world.list);
    ck_assert_uint_gt(count, 480);
    for (guint i = 1; i < count; i++)
        ck_assert_int_lt(desk_entry_compare(entry_at(&world, i - 1), entry_at(&world, i)), 0);
    world_done(&world);
}
END_TEST

/* Who waits stands as core/domain/queue.h calls them. */
START_TEST(who_waits_stands_as_the_domain_compares)
{
    struct world world;

    world_init(&world, 300);
    for (guint i = 1; i < g_list_model_get_n_items(world.list); i++) {
        const struct desk_entry *a = entry_at(&world, i - 1), *b = entry_at(&world, i);
        struct sugu_queue_place first = {
            .priority = a->priority, .due_utc_us = a->due_utc_us, .visit = a->visit};
        struct sugu_queue_place second = {
            .priority = b->priority, .due_utc_us = b->due_utc_us, .visit = b->visit};
        if (a->state == SUGU_STAGE_WAITING && b->state == SUGU_STAGE_WAITING)
            ck_assert_int_lt(sugu_queue_compare(&first, &second), 0);
    }
    world_done(&world);
}
END_TEST

START_TEST(groups_follow_each_other)
{
    static const enum sugu_stage_state states[] = {
        SUGU_STAGE_PRESENT, SUGU_STAGE_WAITING, SUGU_STAGE_PARKED,
        SUGU_STAGE_MISSED,  SUGU_STAGE_PLANNED, SUGU_STAGE_DONE,
    };

    for (unsigned i = 1; i < SUGU_ARRAY_SIZE(states); i++) {
        struct desk_entry before = {.state = states[i - 1], .stage = 2, .due_utc_us = 9};
        struct desk_entry behind = {.state = states[i], .stage = 1};
        ck_assert_int_lt(desk_entry_compare(&before, &behind), 0);
        ck_assert_int_gt(desk_entry_compare(&behind, &before), 0);
    }
}
END_TEST

/* ---------------------------------------------------------------- one splice a burst */

START_TEST(a_burst_is_one_splice)
{
    struct world world;

    world_init(&world, 400);
    for (unsigned i = 100; i < 140; i++)
        say(&world, i, SUGU__STAGE_STATE__STAGE_DONE);
    ck_assert_uint_eq(world.splices, 0);
    desk_model_flush(world.model);
    ck_assert_uint_eq(world.splices, 1);
    ck_assert_uint_eq(world.removed - world.added, 40);
    desk_model_flush(world.model);
    ck_assert_uint_eq(world.splices, 1);
    world_done(&world);
}
END_TEST

START_TEST(what_keeps_its_place_is_no_splice)
{
    struct world world;
    struct desk_house_entry entry;

    world_init(&world, 100);
    desk_house_fill(&entry, 50, "internal");
    entry.message.high_min = 99;
    desk_model_take_entry(world.model, &entry.message);
    desk_model_flush(world.model);
    ck_assert_uint_eq(world.splices, 0);
    ck_assert_uint_eq(desk_row_entry(row_of(&world, 50))->high_min, 99);
    world_done(&world);
}
END_TEST

START_TEST(a_splice_is_as_small_as_what_differs)
{
    struct world world;

    world_init(&world, 400);
    say(&world, 200, SUGU__STAGE_STATE__STAGE_DONE);
    desk_model_flush(world.model);
    ck_assert_uint_eq(world.splices, 1);
    ck_assert_uint_eq(world.removed, 1);
    ck_assert_uint_eq(world.added, 0);
    world_done(&world);
}
END_TEST

START_TEST(the_splices_tell_the_whole_truth)
{
    struct world world;

    world_init(&world, 300);
    world.copy = g_ptr_array_new_with_free_func(g_object_unref);
    for (guint i = 0; i < g_list_model_get_n_items(world.list); i++)
        g_ptr_array_add(world.copy, g_list_model_get_item(world.list, i));
    for (unsigned round = 0; round < 400; round++) {
        unsigned changes = 1 + round % 9;
        for (unsigned i = 0; i < changes; i++)
            say(&world, (round * 31 + i * 17) % 320,
                (Sugu__StageState)((round * 7 + i) % SUGU_STAGE_STATE_COUNT));
        desk_model_flush(world.model);
        for (guint i = 0; i < world.copy->len; i++)
            ck_assert_ptr_eq(desk_row_entry(g_ptr_array_index(world.copy, i)), entry_at(&world, i));
        for (guint i = 1; i < world.copy->len; i++)
            ck_assert_int_lt(desk_entry_compare(entry_at(&world, i - 1), entry_at(&world, i)), 0);
    }
    g_ptr_array_unref(world.copy);
    world_done(&world);
}
END_TEST

START_TEST(one_who_moves_is_two_splices_of_one_row)
{
    struct world world;

    world_init(&world, 400);
    say(&world, 200, SUGU__STAGE_STATE__STAGE_CALLED);
    desk_model_flush(world.model);
    ck_assert_uint_eq(world.splices, 2);
    ck_assert_uint_eq(world.added, 1);
    ck_assert_uint_eq(world.removed, 0);
    world_done(&world);
}
END_TEST

/* ---------------------------------------------------------------- selection */

START_TEST(who_is_selected_stays_selected_whatever_moves)
{
    struct world world;
    DeskRow *row;
    GPtrArray *selected;

    world_init(&world, 300);
    row = row_of(&world, 150);
    ck_assert_uint_ne(desk_rows_select_only(desk_model_rows(world.model), row),
                      GTK_INVALID_LIST_POSITION);
    for (unsigned i = 60; i < 140; i++)
        say(&world, i, SUGU__STAGE_STATE__STAGE_DONE);
    say(&world, 150, SUGU__STAGE_STATE__STAGE_CALLED); /* goes to the top */
    desk_model_flush(world.model);
    selected = desk_rows_selected(desk_model_rows(world.model));
    ck_assert_uint_eq(selected->len, 1);
    ck_assert_ptr_eq(g_ptr_array_index(selected, 0), row);
    ck_assert_str_eq(desk_model_subject(world.model), desk_row_entry(row)->number);
    g_ptr_array_unref(selected);
    world_done(&world);
}
END_TEST

START_TEST(who_leaves_the_list_is_selected_no_more)
{
    struct world world;
    GPtrArray *selected;

    world_init(&world, 100);
    desk_rows_select_only(desk_model_rows(world.model), row_of(&world, 50));
    say(&world, 50, SUGU__STAGE_STATE__STAGE_DONE);
    desk_model_flush(world.model);
    selected = desk_rows_selected(desk_model_rows(world.model));
    ck_assert_uint_eq(selected->len, 0);
    ck_assert_str_eq(desk_model_subject(world.model), "");
    g_ptr_array_unref(selected);
    world_done(&world);
}
END_TEST

START_TEST(ranges_are_selected_as_a_list_view_asks)
{
    struct world world;
    GtkSelectionModel *model;
    GtkBitset *set;

    world_init(&world, 100);
    model = GTK_SELECTION_MODEL(world.list);
    gtk_selection_model_select_range(model, 10, 5, TRUE);
    gtk_selection_model_select_item(model, 40, FALSE);
    gtk_selection_model_unselect_item(model, 12);
    set = gtk_selection_model_get_selection(model);
    ck_assert_uint_eq(gtk_bitset_get_size(set), 5);
    ck_assert(gtk_bitset_contains(set, 40) && !gtk_bitset_contains(set, 12));
    gtk_bitset_unref(set);
    gtk_selection_model_select_item(model, 3, TRUE);
    set = gtk_selection_model_get_selection(model);
    ck_assert_uint_eq(gtk_bitset_get_size(set), 1);
    gtk_bitset_unref(set);
    world_done(&world);
}
END_TEST

START_TEST(a_number_that_comes_later_is_selected_when_it_comes)
{
    struct world world;
    struct desk_house_entry entry;
    GPtrArray *selected;

    world_init(&world, 20);
    desk_house_fill(&entry, 400, "internal");
    ck_assert(!desk_model_go_to(world.model, entry.number, "internal"));
    desk_model_take_entry(world.model, &entry.message);
    desk_model_flush(world.model);
    selected = desk_rows_selected(desk_model_rows(world.model));
    ck_assert_uint_eq(selected->len, 1);
    g_ptr_array_unref(selected);
    world_done(&world);
}
END_TEST

/* ---------------------------------------------------------------- snapshots */

START_TEST(a_new_snapshot_forgets_who_is_not_in_it)
{
    struct world world;
    guint before;

    world_init(&world, 200);
    before = g_list_model_get_n_items(world.list);
    take_page(&world, 0, 150, "internal");
    ck_assert_uint_eq(g_list_model_get_n_items(world.list), before - 50);
    ck_assert_uint_eq(world.splices, 1);
    world_done(&world);
}
END_TEST

/* The page was read before the event happened, and comes after it. */
START_TEST(an_event_is_newer_than_a_page_that_comes_after_it)
{
    struct world world;
    struct desk_house_page *page;
    DeskRow *row;

    world_init(&world, 50);
    row = row_of(&world, 30);
    page = desk_house_page_new(0, 50, "internal");
    desk_model_begin_snapshot(world.model);
    say(&world, 30, SUGU__STAGE_STATE__STAGE_DONE);
    desk_model_take_page(world.model, desk_house_queues(page), NULL);
    desk_model_flush(world.model);
    ck_assert_int_eq(desk_row_entry(row)->state, SUGU_STAGE_DONE);
    desk_house_page_free(page);
    world_done(&world);
}
END_TEST

START_TEST(who_comes_while_pages_come_is_kept)
{
    struct world world;
    struct desk_house_page *page;

    world_init(&world, 50);
    page = desk_house_page_new(0, 50, "internal");
    desk_model_begin_snapshot(world.model);
    say(&world, 77, SUGU__STAGE_STATE__STAGE_WAITING);
    desk_model_take_page(world.model, desk_house_queues(page), NULL);
    desk_model_flush(world.model);
    row_of(&world, 77);
    desk_house_page_free(page);
    world_done(&world);
}
END_TEST

START_TEST(a_page_that_is_not_the_last_says_where_to_go_on)
{
    struct world world;
    struct desk_house_page *page;
    Sugu__GetQueues after = SUGU__GET_QUEUES__INIT;
    struct sugu_id last, expected = desk_house_visit(59);

    world_init(&world, 10);
    page = desk_house_page_new(0, 60, "internal");
    desk_house_queues(page)->is_last = false;
    desk_model_begin_snapshot(world.model);
    ck_assert(!desk_model_take_page(world.model, desk_house_queues(page), &after));
    last = sugu_id_of(&after.after_visit);
    ck_assert(sugu_id_equal(&last, &expected));
    ck_assert_uint_eq(after.after_stage, 1);
    desk_house_page_free(page);
    world_done(&world);
}
END_TEST

START_TEST(who_waits_for_the_bill_stands_in_a_list_of_their_own)
{
    struct world world;
    struct desk_house_entry entry;

    world_init(&world, 3);
    desk_house_fill(&entry, 1, "");
    entry.message.stage = 0;
    entry.message.visit_state = SUGU__VISIT_STATE__VISIT_AWAITING_BILL;
    entry.message.waiting_utc_us = DESK_HOUSE_NOW - 45 * SUGU_MINUTE;
    desk_model_take_entry(world.model, &entry.message);
    desk_model_flush(world.model);
    ck_assert_uint_eq(g_list_model_get_n_items(world.list), 3); /* of the department */
    desk_model_choose_queue(world.model, DESK_BILL_WAIT);
    desk_model_flush(world.model);
    ck_assert_uint_eq(g_list_model_get_n_items(world.list), 1);
    ck_assert_int_eq(desk_entry_wait_min(entry_at(&world, 0), DESK_HOUSE_NOW), 45);
    ck_assert_str_eq(desk_model_text(world.model, DESK_MODEL_RULE), "");
    entry.message.visit_state = SUGU__VISIT_STATE__VISIT_BILLED;
    desk_model_take_entry(world.model, &entry.message);
    desk_model_flush(world.model);
    ck_assert_uint_eq(g_list_model_get_n_items(world.list), 0);
    world_done(&world);
}
END_TEST

START_TEST(a_person_who_signs_out_leaves_nothing)
{
    struct world world;

    world_init(&world, 50);
    desk_model_take_patients(world.model, desk_house_patients());
    desk_rows_select_only(desk_model_rows(world.model), row_of(&world, 30));
    desk_model_set_person(world.model, NULL);
    desk_model_flush(world.model);
    ck_assert_uint_eq(g_list_model_get_n_items(world.list), 0);
    for (unsigned i = 0; i < DESK_MODEL_TEXT_COUNT; i++)
        ck_assert_ptr_null(strstr(desk_model_text(world.model, (enum desk_model_text)i), "佐藤"));
    world_done(&world);
}
END_TEST

/* ---------------------------------------------------------------- time */

START_TEST(a_long_wait_has_a_sign_of_its_own)
{
    struct world world;

    world_init(&world, 10);
    ck_assert_int_eq(desk_model_level(world.model, 29, 0), DESK_CALM);
    ck_assert_int_eq(desk_model_level(world.model, 30, 0), DESK_LONG);
    ck_assert_int_eq(desk_model_level(world.model, 59, 0), DESK_LONG);
    ck_assert_int_eq(desk_model_level(world.model, 60, 0), DESK_LATE);
    ck_assert_str_ne(desk_level_sign(DESK_CALM), desk_level_sign(DESK_LONG));
    ck_assert_str_ne(desk_level_sign(DESK_LONG), desk_level_sign(DESK_LATE));
    ck_assert_str_eq(desk_level_class(DESK_LATE), "late");
    world_done(&world);
}
END_TEST

START_TEST(what_was_said_at_the_beginning_counts)
{
    struct world world;

    world_init(&world, 10);
    ck_assert_int_eq(desk_model_level(world.model, 10, 10), DESK_CALM);
    ck_assert_int_eq(desk_model_level(world.model, 11, 10), DESK_LONG);
    ck_assert_int_eq(desk_model_level(world.model, 45, 50), DESK_CALM);
    ck_assert_int_eq(desk_model_level(world.model, 60, 90), DESK_LONG);
    ck_assert_int_eq(desk_model_level(world.model, 60, 10), DESK_LATE);
    ck_assert_int_eq(desk_model_level(world.model, 91, 90), DESK_LATE);
    world_done(&world);
}
END_TEST

START_TEST(waits_grow_with_the_server_s_clock)
{
    struct world world;
    DeskRow *row;
    int before;

    world_init(&world, 100);
    row = row_of(&world, 70);
    before = desk_row_wait_min(row);
    desk_model_set_now(world.model, DESK_HOUSE_NOW + 7 * SUGU_MINUTE);
    ck_assert_int_eq(desk_row_wait_min(row), before + 7);
    world_done(&world);
}
END_TEST

/* ---------------------------------------------------------------- cases */

static GListModel *
cases_of(struct world *world)
{
    GListModel *cases;

    g_object_get(world->model, "cases", &cases, NULL);
    g_object_unref(cases); /* the model holds it */
    return cases;
}

START_TEST(money_stands_first_among_those_sent_to_the_desk)
{
    struct world world;
    static const char *const reasons[] = {"cash.change-owed", "refund.failed", "refund.waiting",
                                          "payment.no-answer"}; /* the oldest first */

    world_init(&world, 20);
    for (guint i = 0; i < SUGU_ARRAY_SIZE(reasons); i++) {
        DeskItem *item = g_list_model_get_item(cases_of(&world), i);
        ck_assert_ptr_nonnull(strstr(desk_item_key(item), reasons[i]));
        g_object_unref(item);
    }
    world_done(&world);
}
END_TEST

START_TEST(a_call_for_help_that_was_dealt_with_comes_back_when_pressed_again)
{
    struct world world;
    Sugu__Help help = SUGU__HELP__INIT;
    Sugu__HelpClosed closed = SUGU__HELP_CLOSED__INIT;
    Sugu__CloseHelp close;
    guint before;

    world_init(&world, 20);
    before = g_list_model_get_n_items(cases_of(&world));
    ck_assert(!desk_model_find_help(world.model, "/kiosk-2/help.unknown", &close));
    ck_assert(desk_model_find_help(world.model, "/kiosk-2/help.asked", &close));
    closed.place = close.place;
    closed.reason = close.reason;
    closed.number = close.number;
    closed.asked_utc_us = close.asked_utc_us;
    desk_model_take_help_closed(world.model, &closed);
    desk_model_flush(world.model);
    ck_assert_uint_eq(g_list_model_get_n_items(cases_of(&world)), before - 1);
    help.place = (char *)"kiosk-2";
    help.reason = (char *)"help.asked";
    desk_model_take_help(world.model, &help, DESK_HOUSE_NOW + SUGU_SECOND);
    desk_model_flush(world.model);
    ck_assert_uint_eq(g_list_model_get_n_items(cases_of(&world)), before);
    help.is_over = true; /* and the server says that nobody has to look */
    desk_model_take_help(world.model, &help, DESK_HOUSE_NOW + SUGU_SECOND);
    desk_model_flush(world.model);
    ck_assert_uint_eq(g_list_model_get_n_items(cases_of(&world)), before - 1);
    world_done(&world);
}
END_TEST

/* Is the kiosk shown as silent, `age_us` after the heartbeat that is stored? */
static bool
is_silent_after(struct world *world, int64_t age_us)
{
    Sugu__Kiosk kiosk = SUGU__KIOSK__INIT;
    GListModel *kiosks;
    DeskItem *item;
    bool is_silent;

    kiosk.place = kiosk.client = kiosk.role = (char *)"kiosk";
    kiosk.page = (char *)"welcome";
    kiosk.heard_utc_us = DESK_HOUSE_NOW - age_us;
    desk_model_take_kiosk(world->model, &kiosk);
    desk_model_set_now(world->model, DESK_HOUSE_NOW);
    desk_model_flush(world->model);
    g_object_get(world->model, "kiosks", &kiosks, NULL);
    item = g_list_model_get_item(kiosks, 0);
    is_silent = strcmp(desk_item_text(item, DESK_ITEM_LEVEL), "late") == 0;
    ck_assert(is_silent == (strncmp(desk_item_text(item, DESK_ITEM_COUNT), "silent", 6) == 0));
    ck_assert(is_silent == (*desk_model_text(world->model, DESK_MODEL_TAB_KIOSKS) != '\0'));
    g_object_unref(item);
    g_object_unref(kiosks);
    return is_silent;
}

START_TEST(a_machine_is_silent_only_when_its_state_is_older_than_a_healthy_one_s)
{
    struct world world;

    world_init(&world, 1);
    ck_assert(!is_silent_after(&world, SUGU_SECOND));
    /* Stored just before the beat that would have been stored, and read as late as can be. */
    ck_assert(!is_silent_after(&world, SUGU_STATE_STORED_US + SUGU_STATE_READ_US + SUGU_SECOND));
    ck_assert(is_silent_after(&world, 40 * SUGU_SECOND)); /* a tick of the desk before 45 s */
    world_done(&world);
}
END_TEST

START_TEST(what_is_known_of_another_number_is_dropped)
{
    struct world world;

    world_init(&world, 20);
    desk_model_look_at(world.model, "A-003");
    desk_model_take_visit(world.model, "A-004", desk_house_known("A-004"));
    ck_assert_ptr_null(desk_model_bill(world.model));
    desk_model_take_visit(world.model, "A-003", desk_house_known("A-003"));
    ck_assert_ptr_nonnull(desk_model_bill(world.model));
    desk_model_look_at(world.model, "A-004");
    ck_assert_ptr_null(desk_model_bill(world.model));
    world_done(&world);
}
END_TEST

START_TEST(a_time_zone_that_is_not_known_is_refused)
{
    const struct desk_model_settings settings = {
        .facility_name = "", .time_zone = "Mars/Olympus", .desk = ""};
    struct sugu_error error;
    DeskModel *model;

    sugu_assert_fails(desk_model_new(&settings, &model, &error), SUGU_REFUSED, "settings.invalid",
                      error);
}
END_TEST

SUGU_TEST_MAIN("desk-model",
               the_list_stands_in_the_queue_s_order,
               who_waits_stands_as_the_domain_compares,
               groups_follow_each_other,
               a_burst_is_one_splice,
               what_keeps_its_place_is_no_splice,
               a_splice_is_as_small_as_what_differs,
               the_splices_tell_the_whole_truth,
               one_who_moves_is_two_splices_of_one_row,
               who_is_selected_stays_selected_whatever_moves,
               who_leaves_the_list_is_selected_no_more,
               ranges_are_selected_as_a_list_view_asks,
               a_number_that_comes_later_is_selected_when_it_comes,
               a_new_snapshot_forgets_who_is_not_in_it,
               an_event_is_newer_than_a_page_that_comes_after_it,
               who_comes_while_pages_come_is_kept,
               a_page_that_is_not_the_last_says_where_to_go_on,
               who_waits_for_the_bill_stands_in_a_list_of_their_own,
               a_person_who_signs_out_leaves_nothing,
               a_long_wait_has_a_sign_of_its_own,
               what_was_said_at_the_beginning_counts,
               waits_grow_with_the_server_s_clock,
               money_stands_first_among_those_sent_to_the_desk,
               a_call_for_help_that_was_dealt_with_comes_back_when_pressed_again,
               a_machine_is_silent_only_when_its_state_is_older_than_a_healthy_one_s,
               what_is_known_of_another_number_is_dropped,
               a_time_zone_that_is_not_known_is_refused)
