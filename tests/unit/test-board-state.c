/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-board-state - answers and events in any order become one truth, and what is news is spoken
 */
#include "state.h"

#include "base/text.h"
#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>

#define NOW_US (1000 * SUGU_SECOND)
#define UTC_US (INT64_C(1780191120) * SUGU_SECOND)

struct world {
    struct board_state state;
    unsigned calls, bills;
    char called[BOARD_TEXT_SIZE];
    struct board_moment moment;
};

static void
on_call(void *user, const struct board_number *number)
{
    struct world *world = user;

    world->calls++;
    sugu_text_copy(world->called, sizeof world->called, number->number);
}

static void
on_bill(void *user, const struct board_bill *bill)
{
    struct world *world = user;

    (void)bill;
    world->bills++;
}

static void
world_init(struct world *world, const char *const *departments)
{
    static const char *const all[] = {NULL};
    struct board_callbacks callbacks = {.on_call = on_call, .on_bill = on_bill, .user = world};

    memset(world, 0, sizeof *world);
    world->moment = (struct board_moment){NOW_US, UTC_US, true};
    board_state_init(&world->state, departments ? departments : all, &callbacks);
}

static Sugu__NumberCalled
number_of(const char *number, int state, unsigned calls, int age_s)
{
    Sugu__NumberCalled called = SUGU__NUMBER_CALLED__INIT;

    called.number = (char *)number;
    called.department = "internal";
    called.department_name = "内科";
    called.desk = "3";
    called.language = "ja";
    called.state = (Sugu__StageState)state;
    called.calls = calls;
    called.called_utc_us = UTC_US - age_s * SUGU_SECOND;
    return called;
}

static void
event(struct world *world, const char *number, int state, unsigned calls)
{
    Sugu__NumberCalled called = number_of(number, state, calls, 0);

    board_state_take_number(&world->state, &called, &world->moment);
}

static void
answer(struct world *world, Sugu__NumberCalled *numbers, size_t count, uint64_t mark)
{
    Sugu__Board board = SUGU__BOARD__INIT;
    Sugu__NumberCalled *places[300];
    struct board_moment moment = world->moment;

    for (size_t i = 0; i < count; i++)
        places[i] = &numbers[i];
    board.numbers = places;
    board.n_numbers = count;
    moment.is_live = false;
    board_state_take_board(&world->state, &board, mark, &moment);
}

#define CALLED  SUGU__STAGE_STATE__STAGE_CALLED
#define PRESENT SUGU__STAGE_STATE__STAGE_PRESENT
#define MISSED  SUGU__STAGE_STATE__STAGE_MISSED
#define DONE    SUGU__STAGE_STATE__STAGE_DONE

START_TEST(a_call_is_spoken_once_and_again_when_it_is_made_again)
{
    struct world world;

    world_init(&world, NULL);
    event(&world, "A-001", CALLED, 1);
    ck_assert_uint_eq(world.calls, 1);
    event(&world, "A-001", CALLED, 1); /* told twice */
    ck_assert_uint_eq(world.calls, 1);
    event(&world, "A-001", CALLED, 2);
    ck_assert_uint_eq(world.calls, 2);
    event(&world, "A-001", PRESENT, 2);
    event(&world, "A-001", MISSED, 2);
    ck_assert_uint_eq(world.calls, 2);
    event(&world, "A-001", CALLED, 3); /* from the missed list */
    ck_assert_uint_eq(world.calls, 3);
    ck_assert_uint_eq(world.state.number_count, 1);
}
END_TEST

START_TEST(what_is_told_again_is_spoken_only_while_it_is_recent)
{
    struct world world;
    Sugu__NumberCalled recent = number_of("A-001", CALLED, 1, 30);
    Sugu__NumberCalled old = number_of("A-002", CALLED, 1, 90);

    world_init(&world, NULL);
    world.moment.is_live = false;
    board_state_take_number(&world.state, &recent, &world.moment);
    board_state_take_number(&world.state, &old, &world.moment);
    ck_assert_uint_eq(world.calls, 1);
    ck_assert_str_eq(world.called, "A-001");
    ck_assert_uint_eq(world.state.number_count, 2); /* both are shown */
    ck_assert_int_eq(world.state.numbers[1].called_us, NOW_US - 90 * SUGU_SECOND);
}
END_TEST

START_TEST(a_live_call_is_spoken_whatever_the_wall_clock_says)
{
    struct world world;

    world_init(&world, NULL);
    world.moment.utc_us += 24 * 60 * SUGU_MINUTE;
    event(&world, "A-001", CALLED, 1);
    ck_assert_uint_eq(world.calls, 1);
    ck_assert_int_eq(world.state.numbers[0].called_us, NOW_US);
}
END_TEST

START_TEST(an_answer_is_the_truth)
{
    struct world world;
    Sugu__NumberCalled numbers[] = {number_of("A-002", PRESENT, 1, 300),
                                    number_of("A-003", MISSED, 1, 300)};

    world_init(&world, NULL);
    event(&world, "A-001", CALLED, 1);
    answer(&world, numbers, 2, board_state_mark(&world.state));
    ck_assert_uint_eq(world.state.number_count, 2);
    ck_assert_str_eq(world.state.numbers[0].number, "A-002");
    ck_assert_int_eq(world.state.numbers[1].state, BOARD_MISSED);
    ck_assert_uint_eq(world.calls, 1); /* of the event */
}
END_TEST

START_TEST(an_answer_does_not_undo_an_event_that_overtook_it)
{
    struct world world;
    Sugu__NumberCalled numbers[] = {number_of("A-001", CALLED, 1, 10)};
    uint64_t mark;

    world_init(&world, NULL);
    event(&world, "A-001", CALLED, 1);
    mark = board_state_mark(&world.state); /* asked */
    event(&world, "A-001", DONE, 1);
    event(&world, "A-009", CALLED, 1);
    answer(&world, numbers, 1, mark); /* made before both */
    ck_assert_uint_eq(world.state.number_count, 2);
    ck_assert_int_eq(world.state.numbers[0].state, BOARD_OFF);
    ck_assert_str_eq(world.state.numbers[1].number, "A-009");
    ck_assert_uint_eq(world.calls, 2);
    /* The next one knows of both. */
    answer(&world, numbers, 0, board_state_mark(&world.state));
    ck_assert_uint_eq(world.state.number_count, 0);
}
END_TEST

START_TEST(a_call_that_only_the_answer_tells_is_spoken_if_it_is_recent)
{
    struct world world;
    Sugu__NumberCalled numbers[] = {number_of("A-001", CALLED, 1, 10),
                                    number_of("A-002", CALLED, 4, 900)};

    world_init(&world, NULL);
    answer(&world, numbers, 2, 0);
    ck_assert_uint_eq(world.calls, 1);
    ck_assert_str_eq(world.called, "A-001");
    answer(&world, numbers, 2, 0);
    ck_assert_uint_eq(world.calls, 1);
}
END_TEST

START_TEST(a_board_of_some_departments_hears_of_no_other)
{
    static const char *const eye[] = {"eye", "internal", NULL}, *const other[] = {"eye", NULL};
    struct world world;

    world_init(&world, other);
    event(&world, "A-001", CALLED, 1);
    ck_assert_uint_eq(world.state.number_count, 0);
    ck_assert_uint_eq(world.calls, 0);
    world_init(&world, eye);
    event(&world, "A-001", CALLED, 1);
    ck_assert_uint_eq(world.state.number_count, 1);
}
END_TEST

static void
bill(struct world *world, const char *number, bool is_ready)
{
    Sugu__BillReady ready = SUGU__BILL_READY__INIT;

    ready.number = (char *)number;
    ready.is_ready = is_ready;
    board_state_take_bill(&world->state, &ready, &world->moment);
}

static void
answer_bills(struct world *world, const char *number, uint64_t mark)
{
    Sugu__Board board = SUGU__BOARD__INIT;
    Sugu__BillReady ready = SUGU__BILL_READY__INIT, *places[] = {&ready};

    ready.number = (char *)number;
    ready.is_ready = true;
    board.bills = places;
    board.n_bills = number[0] ? 1 : 0;
    board_state_take_board(&world->state, &board, mark, &world->moment);
}

START_TEST(bills_come_and_go_and_are_news_once)
{
    struct world world;

    world_init(&world, NULL);
    answer_bills(&world, "A-007", 0); /* from before this board began */
    ck_assert_uint_eq(world.bills, 0);
    bill(&world, "A-001", true);
    bill(&world, "A-001", true);
    ck_assert_uint_eq(world.bills, 1);
    bill(&world, "A-001", false);
    ck_assert(!world.state.bills[1].is_ready);
    bill(&world, "A-001", true); /* another bill, later */
    ck_assert_uint_eq(world.bills, 2);
    answer_bills(&world, "A-007", 0); /* older than the event */
    ck_assert_uint_eq(world.state.bill_count, 2);
    answer_bills(&world, "A-008", board_state_mark(&world.state)); /* an event was lost */
    ck_assert_uint_eq(world.state.bill_count, 1);
    ck_assert_uint_eq(world.bills, 3);
}
END_TEST

START_TEST(more_numbers_than_there_is_room_push_out_the_oldest)
{
    struct world world;
    char number[16];

    world_init(&world, NULL);
    for (unsigned i = 0; i < BOARD_NUMBERS_MAX + 50; i++) {
        snprintf(number, sizeof number, "A-%03u", i);
        event(&world, number, i == 300 ? DONE : CALLED, 1);
        bill(&world, number, true);
        world.moment.now_us++;
    }
    ck_assert_uint_eq(world.state.number_count, BOARD_NUMBERS_MAX);
    ck_assert_uint_eq(world.state.bill_count, BOARD_BILLS_MAX);
    /* What was off went first, then 000 to 048. */
    ck_assert_str_eq(world.state.numbers[0].number, "A-049");
    ck_assert_str_eq(world.state.bills[0].number, "A-050");
}
END_TEST

START_TEST(ranges_are_replaced_by_each_answer)
{
    struct world world;
    Sugu__Board board = SUGU__BOARD__INIT;
    Sugu__QueueWait wait = SUGU__QUEUE_WAIT__INIT, *places[] = {&wait};

    world_init(&world, NULL);
    wait.department = "internal";
    wait.department_name = "内科";
    wait.waiting = 5;
    wait.low_min = 10;
    wait.high_min = 20;
    board.waits = places;
    board.n_waits = 1;
    board_state_take_board(&world.state, &board, 0, &world.moment);
    ck_assert_uint_eq(world.state.wait_count, 1);
    ck_assert_uint_eq(world.state.waits[0].high_min, 20);
    board.n_waits = 0;
    board_state_take_board(&world.state, &board, 0, &world.moment);
    ck_assert_uint_eq(world.state.wait_count, 0);
    ck_assert(world.state.has_truth);
}
END_TEST

SUGU_TEST_MAIN("board-state",
               a_call_is_spoken_once_and_again_when_it_is_made_again,
               what_is_told_again_is_spoken_only_while_it_is_recent,
               a_live_call_is_spoken_whatever_the_wall_clock_says,
               an_answer_is_the_truth,
               an_answer_does_not_undo_an_event_that_overtook_it,
               a_call_that_only_the_answer_tells_is_spoken_if_it_is_recent,
               a_board_of_some_departments_hears_of_no_other,
               bills_come_and_go_and_are_news_once,
               more_numbers_than_there_is_room_push_out_the_oldest,
               ranges_are_replaced_by_each_answer)
