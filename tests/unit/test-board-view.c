/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-board-view - lists, pages, places and heights of the call board, and its volume by the hour
 */
#include "view.h"
#include "visual/board-fixture.h"
#include "volume.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>

#define CALLED  SUGU__STAGE_STATE__STAGE_CALLED
#define PRESENT SUGU__STAGE_STATE__STAGE_PRESENT
#define MISSED  SUGU__STAGE_STATE__STAGE_MISSED

static struct board_fixture
fixture_of(double distance_m)
{
    struct board_fixture fixture;

    board_fixture_init(&fixture, 1920, 1080, distance_m);
    return fixture;
}

/* The callbacks point at the fixture: it is initialised where it stays. */
#define FIXTURE(name, distance_m)                                                                  \
    struct board_fixture name = fixture_of(distance_m);                                            \
    name.state.callbacks.user = &name

START_TEST(an_unanswered_call_goes_from_now_to_before)
{
    FIXTURE(fixture, 3);

    board_fixture_call(&fixture, "A-001", "internal", "3", CALLED, 0);
    board_fixture_look(&fixture);
    ck_assert_uint_eq(fixture.view.pages[BOARD_NOW].count, 1);
    ck_assert_str_eq(fixture.view.now[0].number, "A-001");
    ck_assert(fixture.view.now[0].is_new);
    fixture.now_us += BOARD_NEW_US;
    board_fixture_look(&fixture);
    ck_assert(!fixture.view.now[0].is_new);
    fixture.now_us += fixture.rules.now_us;
    board_fixture_look(&fixture);
    ck_assert_uint_eq(fixture.view.pages[BOARD_NOW].count, 0);
    ck_assert_uint_eq(fixture.view.pages[BOARD_BEFORE].count, 1);
    ck_assert_str_eq(fixture.view.numbers[BOARD_BEFORE][0], "A-001");
}
END_TEST

START_TEST(who_is_present_is_called_before)
{
    FIXTURE(fixture, 3);

    board_fixture_call(&fixture, "A-001", "internal", "3", PRESENT, 0);
    board_fixture_look(&fixture);
    ck_assert_uint_eq(fixture.view.pages[BOARD_NOW].count, 0);
    ck_assert_uint_eq(fixture.view.pages[BOARD_BEFORE].count, 1);
}
END_TEST

START_TEST(the_newest_call_comes_first)
{
    FIXTURE(fixture, 3);

    board_fixture_call(&fixture, "A-001", "internal", "3", CALLED, 60);
    board_fixture_call(&fixture, "A-002", "eye", "4", CALLED, 30);
    board_fixture_call(&fixture, "A-003", "eye", "4", CALLED, 90);
    board_fixture_look(&fixture);
    ck_assert_str_eq(fixture.view.now[0].number, "A-002");
    ck_assert_str_eq(fixture.view.now[1].number, "A-001");
    ck_assert_str_eq(fixture.view.now[2].number, "A-003");
}
END_TEST

START_TEST(a_missed_number_stays_for_ten_minutes_at_least)
{
    FIXTURE(fixture, 3);

    fixture.rules.missed_us = BOARD_MISSED_LEAST_US;
    board_fixture_call(&fixture, "A-001", "internal", "3", MISSED, 0);
    fixture.now_us += BOARD_MISSED_LEAST_US - 1;
    board_fixture_look(&fixture);
    ck_assert_uint_eq(fixture.view.pages[BOARD_MISSED_LIST].count, 1);
    fixture.now_us += 1;
    board_fixture_look(&fixture);
    ck_assert_uint_eq(fixture.view.pages[BOARD_MISSED_LIST].count, 0);
}
END_TEST

START_TEST(pages_turn_until_all_were_shown)
{
    FIXTURE(fixture, 5);
    bool has_been[30] = {false};
    unsigned seen = 0;
    char number[16];

    for (int i = 0; i < 30; i++) {
        snprintf(number, sizeof number, "C-%03d", i);
        board_fixture_call(&fixture, number, "eye", "2", MISSED, i);
    }
    board_fixture_look(&fixture);
    ck_assert_uint_gt(fixture.view.pages[BOARD_MISSED_LIST].pages, 1);
    for (unsigned turn = 0; turn < fixture.view.pages[BOARD_MISSED_LIST].pages; turn++) {
        board_fixture_look(&fixture);
        for (size_t i = 0; i < fixture.view.pages[BOARD_MISSED_LIST].count; i++) {
            unsigned which;
            ck_assert_int_eq(sscanf(fixture.view.numbers[BOARD_MISSED_LIST][i], "C-%u", &which), 1);
            seen += !has_been[which];
            has_been[which] = true;
        }
        fixture.now_us += fixture.rules.page_us;
    }
    ck_assert_uint_eq(seen, 30);
}
END_TEST

START_TEST(a_new_call_is_not_on_a_page_that_is_turned_away)
{
    FIXTURE(fixture, 5);
    char number[16];

    for (int i = 0; i < 9; i++) {
        snprintf(number, sizeof number, "A-%03d", i);
        board_fixture_call(&fixture, number, "internal", "3", CALLED, 60 + i);
    }
    board_fixture_look(&fixture);
    for (int i = 0; i < 3 && fixture.view.pages[BOARD_NOW].page != 2; i++) {
        fixture.now_us += fixture.rules.page_us;
        board_fixture_look(&fixture);
    }
    ck_assert_uint_eq(fixture.view.pages[BOARD_NOW].page, 2);
    board_fixture_call(&fixture, "B-001", "eye", "4", CALLED, 0);
    board_fixture_look(&fixture);
    ck_assert_uint_eq(fixture.view.pages[BOARD_NOW].page, 1);
    ck_assert_str_eq(fixture.view.now[0].number, "B-001");
}
END_TEST

START_TEST(sections_without_room_take_turns_and_all_come)
{
    FIXTURE(fixture, 12);
    bool was_there[BOARD_SECTION_COUNT] = {false};

    board_fixture_fill(&fixture);
    for (int turn = 0; turn < 6; turn++) {
        unsigned at_once = 0;
        board_fixture_look(&fixture);
        for (int i = 0; i < BOARD_SECTION_COUNT; i++) {
            was_there[i] |= fixture.view.pages[i].pages > 0;
            at_once += fixture.view.pages[i].pages > 0;
        }
        ck_assert_uint_lt(at_once, BOARD_SECTION_COUNT);
        fixture.now_us += fixture.rules.page_us;
    }
    for (int i = 0; i < BOARD_SECTION_COUNT; i++)
        ck_assert(was_there[i]);
}
END_TEST

START_TEST(desks_are_rooms_counters_or_their_own_words)
{
    FIXTURE(fixture, 3);

    board_fixture_call(&fixture, "A-001", "internal", "3", CALLED, 1);
    board_fixture_call(&fixture, "A-002", "billing", "12", CALLED, 2);
    board_fixture_call(&fixture, "A-003", "blood", "処置室", CALLED, 3);
    board_fixture_call(&fixture, "A-004", "xray", "MRI", CALLED, 4);
    board_fixture_look(&fixture);
    ck_assert_str_eq(fixture.view.now[0].desk, "3番診察室");
    ck_assert_str_eq(fixture.view.now[0].desk_english, "Room 3");
    ck_assert_str_eq(fixture.view.now[1].desk, "12番窓口");
    ck_assert_str_eq(fixture.view.now[1].desk_english, "Counter 12");
    ck_assert_str_eq(fixture.view.now[2].desk, "処置室");
    ck_assert_str_eq(fixture.view.now[2].desk_english, "");
    ck_assert_str_eq(fixture.view.now[3].desk, "MRI");
    board_fixture_call(&fixture, "A-005", "xray", "2", CALLED, 0);
    board_fixture_look(&fixture);
    ck_assert_str_eq(fixture.view.now[0].desk, "2番検査室");
    ck_assert_str_eq(fixture.view.now[0].desk_english, "Test room 2");
}
END_TEST

START_TEST(a_queue_is_told_in_words_where_numbers_would_mislead)
{
    static const struct {
        struct board_wait wait;
        bool is_wide;
        const char *people, *range;
    } rows[] = {
        {{.waiting = 12, .low_min = 20, .high_min = 35}, true, "12人", "20〜35分"},
        {{.waiting = 12, .low_min = 20, .high_min = 35}, false, "", "20〜35分"},
        {{.waiting = 1, .low_min = 5, .high_min = 5}, true, "1人", "5分"},
        {{.waiting = 0, .low_min = 3, .high_min = 6}, true, "", "待ちなし  No queue"},
        {{.waiting = 0, .low_min = 3, .high_min = 6}, false, "", "待ちなし"},
        {{.waiting = 0}, false, "", "待ちなし"},
        {{.waiting = 4}, true, "4人", "—"},
        {{.waiting = 4}, false, "", "4人"},
        {{.waiting = 1000, .low_min = 60, .high_min = 90}, true, "100+", "60〜90分"},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct board_wait_words words;
        board_wait_write(&rows[i].wait, rows[i].is_wide, &words);
        ck_assert_str_eq(words.people, rows[i].people);
        ck_assert_str_eq(words.range, rows[i].range);
    }
}
END_TEST

START_TEST(a_stale_board_says_since_when_in_local_time)
{
    FIXTURE(fixture, 3);

    fixture.hearing = (struct board_hearing){BOARD_STALE, fixture.utc_us - 20 * SUGU_MINUTE};
    board_fixture_look(&fixture);
    ck_assert_str_eq(fixture.view.clock, "10:32");
    ck_assert_str_eq(fixture.view.since, "10:12");
    fixture.hearing.line = BOARD_FRESH;
    board_fixture_look(&fixture);
    ck_assert_str_eq(fixture.view.since, "");
}
END_TEST

/* ---------------------------------------------------------------- heights and places */

START_TEST(heights_follow_the_distance)
{
    struct board_screen screen = {1920, 1080, 941, 529, 5};
    struct board_sizes sizes = board_sizes_for(&screen);

    ck_assert_double_eq_tol(sizes.em_px, 20 * 1920 / 941.0, 0.1); /* 20 mm at 5 m */
    ck_assert_double_eq_tol(sizes.number_px * BOARD_H_PER_EM, 61 * 1920 / 941.0, 0.1);
    ck_assert_double_eq_tol(sizes.distance_m, 5, 0.01);
    screen.distance_m = 2.5;
    ck_assert_double_eq_tol(board_sizes_for(&screen).em_px, sizes.em_px / 2, 0.1);
    ck_assert(!sizes.is_guessed);
}
END_TEST

START_TEST(a_screen_too_small_says_how_far_it_is_legible)
{
    struct board_screen screen = {1920, 1080, 941, 529, 20};
    struct board_sizes sizes = board_sizes_for(&screen);

    ck_assert_double_lt(sizes.distance_m, 8);
    ck_assert_double_gt(sizes.distance_m, 7);
    ck_assert_double_eq_tol(sizes.em_px, 60, 0.01);
}
END_TEST

START_TEST(a_screen_that_does_not_say_its_size_is_taken_for_43_inches)
{
    struct board_screen screen = {1080, 1920, 0, 0, 4};
    struct board_sizes sizes = board_sizes_for(&screen);

    ck_assert(sizes.is_guessed);
    ck_assert_double_eq_tol(sizes.em_px, 16 * 1920 / 941.0, 0.1);
}
END_TEST

static bool
is_inside(const struct board_box *box, const struct board_layout *layout)
{
    return box->x >= 0 && box->y >= layout->header.height && box->x + box->width <= layout->width &&
           box->y + box->height <= layout->footer.y + 0.5;
}

static bool
overlap(const struct board_box *a, const struct board_box *b)
{
    return a->x < b->x + b->width - 0.5 && b->x < a->x + a->width - 0.5 &&
           a->y < b->y + b->height - 0.5 && b->y < a->y + a->height - 0.5;
}

START_TEST(no_place_leaves_the_screen_or_lies_on_another)
{
    static const int shapes[][2] = {{1920, 1080}, {1080, 1920}, {3840, 2160}, {1280, 1024},
                                    {800, 480},   {1024, 1280}, {5120, 1440}};

    for (size_t s = 0; s < SUGU_ARRAY_SIZE(shapes) * 60; s++) {
        const int *shape = shapes[s % SUGU_ARRAY_SIZE(shapes)];
        size_t waits = s / SUGU_ARRAY_SIZE(shapes) % 5 * 3;
        double distance_m = 1 + (double)(s / SUGU_ARRAY_SIZE(shapes) / 5) * 1.5;
        struct board_screen screen = {shape[0], shape[1], shape[0] / 2.0, shape[1] / 2.0,
                                      distance_m};
        struct board_sizes sizes = board_sizes_for(&screen);
        struct board_layout layout;
        board_layout_make(&sizes, &screen, waits, s % 2, &layout);
        for (int i = 0; i < BOARD_SECTION_COUNT; i++) {
            const struct board_area *a = &layout.areas[i];
            if (a->title.width <= 0)
                continue;
            ck_assert_msg(is_inside(&a->title, &layout) && is_inside(&a->body, &layout),
                          "section %d of %d x %d at %.1f m", i, shape[0], shape[1], distance_m);
            ck_assert_uint_ge(board_area_capacity(a), 1);
            for (int j = 0; j < i; j++) {
                const struct board_area *b = &layout.areas[j];
                bool has_both = b->title.width > 0 && (a->turns == 1 || b->turns == 1);
                ck_assert(!has_both || !overlap(&a->body, &b->body));
                ck_assert(!has_both || !overlap(&a->title, &b->title));
            }
        }
    }
}
END_TEST

/* ---------------------------------------------------------------- volume */

START_TEST(volume_follows_the_time_of_day)
{
    struct board_volume volume;
    struct sugu_error error;

    sugu_assert_ok(board_volume_parse("07:00=80 18:00=50  21:30=0", &volume, &error), error);
    ck_assert_uint_eq(board_volume_at(&volume, 0), 0); /* still last night's */
    ck_assert_uint_eq(board_volume_at(&volume, 7 * 60 - 1), 0);
    ck_assert_uint_eq(board_volume_at(&volume, 7 * 60), 80);
    ck_assert_uint_eq(board_volume_at(&volume, 18 * 60), 50);
    ck_assert_uint_eq(board_volume_at(&volume, 21 * 60 + 29), 50);
    ck_assert_uint_eq(board_volume_at(&volume, 21 * 60 + 30), 0);
    sugu_assert_ok(board_volume_parse("65", &volume, &error), error);
    ck_assert_uint_eq(board_volume_at(&volume, 3), 65);
}
END_TEST

START_TEST(a_volume_that_is_none_is_refused)
{
    static const char *const wrong[] = {"",
                                        "101",
                                        "loud",
                                        "7=80",
                                        "07:60=10",
                                        "24:00=10",
                                        "07:00=101",
                                        "07:00=",
                                        "07:00=5,8",
                                        "08:00=5 07:00=9",
                                        "07:00=5 07:00=6",
                                        "50 "};
    struct board_volume volume;
    struct sugu_error error;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(wrong); i++)
        sugu_assert_fails(board_volume_parse(wrong[i], &volume, &error), SUGU_REFUSED,
                          "settings.invalid", error);
}
END_TEST

SUGU_TEST_MAIN("board-view",
               an_unanswered_call_goes_from_now_to_before,
               who_is_present_is_called_before,
               the_newest_call_comes_first,
               a_missed_number_stays_for_ten_minutes_at_least,
               pages_turn_until_all_were_shown,
               a_new_call_is_not_on_a_page_that_is_turned_away,
               sections_without_room_take_turns_and_all_come,
               desks_are_rooms_counters_or_their_own_words,
               a_queue_is_told_in_words_where_numbers_would_mislead,
               a_stale_board_says_since_when_in_local_time,
               heights_follow_the_distance,
               a_screen_too_small_says_how_far_it_is_legible,
               a_screen_that_does_not_say_its_size_is_taken_for_43_inches,
               no_place_leaves_the_screen_or_lies_on_another,
               volume_follows_the_time_of_day,
               a_volume_that_is_none_is_refused)
