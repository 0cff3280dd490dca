/* SPDX-License-Identifier: Apache-2.0 */
/*
 * show - the steps of the demo's day at the front desk, on the call boards and on the phone
 */
#include "demo/show.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define DESK   "sugu-desk"
#define WAIT_S 20

static const char *
picture(struct day *day, const char *name, char path[300])
{
    snprintf(path, 300, "%s/screens/%s.png", day->out, name);
    return path;
}

/* ---- the morning */

void
show_morning(struct day *day)
{
    const struct ward_counts *counts = &day->morning;

    ward_await_morning(day->ward, &day->morning);
    ck_assert_uint_eq(counts->troubles, 0);
    ck_assert_uint_ge(counts->arrived, 40);
    ck_assert_uint_ge(counts->called, 30);
    ck_assert_uint_ge(counts->missed, 2);
    ck_assert_uint_ge(counts->parked, 1);
    ck_assert_uint_ge(counts->paid, 8);
    ck_assert_uint_ge(counts->billed, counts->paid);
}

static void
await_board(struct day *day, enum ward_part part, const char *words)
{
    sugu_process_expect(&day->ward->parts[part], words, NULL, NULL, 0, WAIT_S);
}

void
show_windows(struct day *day)
{
    char folder[200];

    ward_open_windows(day->ward);
    snprintf(folder, sizeof folder, "%s/phone", day->house->hospital.folder);
    mkdir(folder, 0700);
    sugu_browser_init(&day->browser, &(struct sugu_browser_settings){
                                         .folder = folder, .languages = "ja", .has_scripts = true});
    day->has_browser = true;
    await_board(day, WARD_BOARD, "truth-ms=");
    await_board(day, WARD_TALL_BOARD, "truth-ms=");
}

/* ---- the phone */

/* The page comes to say this by itself. */
static void
expect_phone(struct day *day, const char *words, const char *name)
{
    char path[300];

    sugu_browser_expect(&day->browser, words);
    sugu_browser_expect(&day->browser, day->number);
    sugu_browser_save(&day->browser, picture(day, name, path));
}

void
show_phone_waiting(struct day *day)
{
    sugu_browser_open(&day->browser, day->qr);
    /* With few before it the page says "come back now": the plan is there in any case. */
    expect_phone(day, "本日の行き先", "phone-waiting");
}

void
show_phone_called(struct day *day)
{
    expect_phone(day, "お呼び", "phone-called");
}

void
show_phone_bill(struct day *day)
{
    expect_phone(day, "準備が", "phone-bill");
}

void
show_phone_leave(struct day *day)
{
    expect_phone(day, "お帰り", "phone-leave");
}

/* ---- the boards */

void
show_board_call(struct day *day)
{
    char words[80], path[300];

    snprintf(words, sizeof words, "call.shown number=%s desk=1", day->number);
    await_board(day, WARD_BOARD, words);
    await_board(day, WARD_TALL_BOARD, words);
    sugu_screen_save(&day->ward->screens[WARD_BOARD], picture(day, "board-landscape", path));
    sugu_screen_save(&day->ward->screens[WARD_TALL_BOARD], picture(day, "board-portrait", path));
}

void
show_board_bill(struct day *day)
{
    char path[300];

    sugu_screen_save(&day->ward->screens[WARD_TALL_BOARD], picture(day, "board-bill", path));
}

/* ---- the desk */

static void
await_desk(struct day *day, const char *text, bool is_there, int wait_s)
{
    ck_assert_msg(
        sugu_screen_await_text(&day->ward->screens[WARD_DESK], DESK, text, is_there, wait_s),
        "the desk shows \"%s\" %s", text, is_there ? "not" : "still");
}

static void
expect_desk(struct day *day, const char *text)
{
    await_desk(day, text, true, WAIT_S);
}

/* The page is the window's title. */
static void
go_to(struct day *day, const char *key, const char *page)
{
    char title[128];

    sugu_screen_key(&day->ward->screens[WARD_DESK], key);
    snprintf(title, sizeof title, "%s – すぐ総合病院", page);
    sugu_screen_expect(&day->ward->screens[WARD_DESK], DESK, title, WAIT_S);
}

static void
save_desk(struct day *day, const char *name)
{
    char path[300];

    sugu_screen_save(&day->ward->screens[WARD_DESK], picture(day, name, path));
}

void
show_sign_in(struct day *day)
{
    struct sugu_screen *screen = &day->ward->screens[WARD_DESK];

    sugu_screen_expect(screen, DESK, "サインイン – すぐ総合病院", WAIT_S);
    sugu_screen_scan(screen, WARD_CLERK);
    sugu_screen_scan(screen, WARD_PASSWORD);
    expect_desk(day, "田中 美咲");
    /* The desk of the settings is the chosen one, whatever lists came meanwhile. */
    expect_desk(day, "1番診察室  内科");
}

void
show_desk_queues(struct day *day)
{
    go_to(day, "F1", "待ち列");
    expect_desk(day, day->number);
    /* The third of the list and what is known of that person. */
    for (int i = 0; i < 3; i++)
        sugu_screen_key(&day->ward->screens[WARD_DESK], "Down");
    save_desk(day, "desk-queues");
}

void
show_desk_cases(struct day *day)
{
    go_to(day, "F2", "窓口へ案内");
    sugu_screen_key(&day->ward->screens[WARD_DESK], "Down");
    save_desk(day, "desk-cases");
}

void
show_desk_people(struct day *day)
{
    go_to(day, "F3", "患者さん");
    sugu_screen_scan(&day->ward->screens[WARD_DESK], day->number);
    await_desk(day, "該当する方はいません", false, WAIT_S);
    sugu_screen_key(&day->ward->screens[WARD_DESK], "Down");
    save_desk(day, "desk-people");
}

void
show_desk_kiosks(struct day *day)
{
    go_to(day, "F4", "受付機");
    expect_desk(day, "kiosk-2");
    /* The server writes down what says nothing new every 20 s; the morning went by faster. */
    await_desk(day, "応答なし", false, 2 * WAIT_S);
    sugu_screen_key(&day->ward->screens[WARD_DESK], "Down");
    save_desk(day, "desk-kiosks");
}

void
show_desk_today(struct day *day)
{
    go_to(day, "F5", "本日");
    save_desk(day, "desk-today");
}
