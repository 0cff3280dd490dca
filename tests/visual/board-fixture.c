/* SPDX-License-Identifier: Apache-2.0 */
/*
 * board-fixture - call boards with invented numbers, without server, display or sound
 */
#include "board-fixture.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define MORNING_US (INT64_C(1780191120) * SUGU_SECOND) /* 2026-05-31 10:32 in Japan */

static const char *const all[] = {NULL};

static const struct {
    const char *code, *name;
    uint32_t waiting, low_min, high_min;
} departments[] = {
    {"internal", "内科・循環器内科", 12, 20, 35},
    {"surgery", "外科", 3, 10, 15},
    {"orthopaedics", "整形外科", 18, 40, 60},
    {"eye", "眼科", 0, 3, 6},
    {"blood", "採血室", 6, 5, 10},
    {"xray", "放射線科（一般撮影・CT・MRI）", 4, 0, 0},
    {"skin", "皮膚科", 7, 15, 25},
    {"child", "小児科", 9, 25, 40},
};

static void
on_call(void *user, const struct board_number *number)
{
    struct board_fixture *fixture = user;

    fixture->called++;
    sugu_text_copy(fixture->last_called, sizeof fixture->last_called, number->number);
}

static void
on_bill(void *user, const struct board_bill *bill)
{
    struct board_fixture *fixture = user;

    (void)bill;
    fixture->billed++;
}

void
board_fixture_init(struct board_fixture *fixture, int width, int height, double distance_m)
{
    struct board_callbacks callbacks = {.on_call = on_call, .on_bill = on_bill, .user = fixture};
    bool lies = width > height;

    memset(fixture, 0, sizeof *fixture);
    board_state_init(&fixture->state, all, &callbacks);
    fixture->rules = (struct board_rules){.now_us = 5 * SUGU_MINUTE,
                                          .missed_us = 60 * SUGU_MINUTE,
                                          .page_us = 8 * SUGU_SECOND,
                                          .utc_offset_minutes = 540,
                                          .has_bills = true};
    fixture->screen =
        (struct board_screen){width, height, lies ? 941 : 529, lies ? 529 : 941, distance_m};
    fixture->utc_us = MORNING_US;
    fixture->now_us = 100000 * SUGU_SECOND; /* a whole number of pages */
    fixture->hearing.line = BOARD_FRESH;
}

static const char *
name_of(const char *code)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(departments); i++)
        if (strcmp(departments[i].code, code) == 0)
            return departments[i].name;
    return strcmp(code, "billing") == 0 ? "会計" : code;
}

static Sugu__DeskWord
desk_word_of(const char *code)
{
    if (strcmp(code, "billing") == 0)
        return SUGU__DESK_WORD__DESK_COUNTER;
    return strcmp(code, "blood") == 0 || strcmp(code, "xray") == 0 ? SUGU__DESK_WORD__DESK_TEST_ROOM
                                                                   : SUGU__DESK_WORD__DESK_ROOM;
}

void
board_fixture_call(struct board_fixture *fixture,
                   const char *number,
                   const char *department,
                   const char *desk,
                   int state,
                   int age_s)
{
    struct board_moment moment = {fixture->now_us - age_s * SUGU_SECOND,
                                  fixture->utc_us - age_s * SUGU_SECOND, true};
    Sugu__NumberCalled called = SUGU__NUMBER_CALLED__INIT;

    called.number = (char *)number;
    called.department = (char *)department;
    called.department_name = (char *)name_of(department);
    called.desk = (char *)desk;
    called.desk_word = desk_word_of(department);
    called.state = (Sugu__StageState)state;
    called.called_utc_us = moment.utc_us;
    called.calls = 1;
    called.language = "ja";
    board_state_take_number(&fixture->state, &called, &moment);
}

void
board_fixture_bill(struct board_fixture *fixture, const char *number)
{
    struct board_moment moment = {fixture->now_us, fixture->utc_us, true};
    Sugu__BillReady bill = SUGU__BILL_READY__INIT;

    bill.number = (char *)number;
    bill.is_ready = true;
    board_state_take_bill(&fixture->state, &bill, &moment);
}

void
board_fixture_waits(struct board_fixture *fixture, size_t count)
{
    struct board_moment moment = {fixture->now_us, fixture->utc_us, false};
    Sugu__Board board = SUGU__BOARD__INIT;
    Sugu__QueueWait waits[SUGU_ARRAY_SIZE(departments)];
    Sugu__QueueWait *places[SUGU_ARRAY_SIZE(departments)];

    for (size_t i = 0; i < count; i++) {
        waits[i] = (Sugu__QueueWait)SUGU__QUEUE_WAIT__INIT;
        waits[i].department = (char *)departments[i].code;
        waits[i].department_name = (char *)departments[i].name;
        waits[i].waiting = departments[i].waiting;
        waits[i].low_min = departments[i].low_min;
        waits[i].high_min = departments[i].high_min;
        places[i] = &waits[i];
    }
    board.waits = places;
    board.n_waits = count;
    /* Asked for before all the events. */
    board_state_take_board(&fixture->state, &board, 0, &moment);
}

void
board_fixture_fill(struct board_fixture *fixture)
{
    char number[16];

    board_fixture_call(fixture, "A-042", "internal", "3", SUGU__STAGE_STATE__STAGE_CALLED, 5);
    board_fixture_call(fixture, "B-118", "surgery", "1", SUGU__STAGE_STATE__STAGE_CALLED, 70);
    board_fixture_call(fixture, "C-007", "xray", "MRI", SUGU__STAGE_STATE__STAGE_CALLED, 95);
    board_fixture_call(fixture, "A-041", "billing", "12", SUGU__STAGE_STATE__STAGE_CALLED, 130);
    board_fixture_call(fixture, "D-230", "blood", "処置室", SUGU__STAGE_STATE__STAGE_CALLED, 160);
    for (int i = 0; i < 14; i++) {
        snprintf(number, sizeof number, "A-%03d", 40 - i);
        board_fixture_call(fixture, number, "internal", "3", SUGU__STAGE_STATE__STAGE_PRESENT,
                           200 + 60 * i);
    }
    for (int i = 0; i < 3; i++) {
        snprintf(number, sizeof number, "B-%03d", 100 + 3 * i);
        board_fixture_call(fixture, number, "surgery", "1", SUGU__STAGE_STATE__STAGE_MISSED,
                           300 + 100 * i);
    }
    for (int i = 0; i < 9; i++) {
        snprintf(number, sizeof number, "A-%03d", 11 + 2 * i);
        board_fixture_bill(fixture, number);
    }
    board_fixture_waits(fixture, 5);
}

void
board_fixture_look(struct board_fixture *fixture)
{
    struct board_sizes sizes = board_sizes_for(&fixture->screen);
    struct board_moment moment = {fixture->now_us, fixture->utc_us, false};
    struct board_viewing viewing = {.state = &fixture->state,
                                    .rules = &fixture->rules,
                                    .layout = &fixture->layout,
                                    .hearing = fixture->hearing};

    board_layout_make(&sizes, &fixture->screen, fixture->state.wait_count, fixture->rules.has_bills,
                      &fixture->layout);
    board_view_make(&viewing, &moment, &fixture->view);
}
