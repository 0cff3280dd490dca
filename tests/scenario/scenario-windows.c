/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-windows - the windows of the front desk and of the call board while things break
 *
 * A network that is cut (both windows stand in a namespace of their own, behind a packet filter), a
 * desk that is killed in the middle of a verb, a database that is started again. Outcome: a window
 * that knows nothing says since when; by itself it shows the true state again; a verb is done once
 * or not at all.
 *
 * The cut takes 12 s; SUGU_CUT_S=60 and more plays the whole minute, after which what was pressed
 * meanwhile is too late. SUGU_PICTURES names a folder for pictures of both windows.
 */
#include "scenario/front-world.h"
#include "scenario/queue-world.h"
#include "testlib/checks.h"
#include "testlib/folder.h"
#include "testlib/networks.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEADLINE_US (60 * SUGU_SECOND) /* of what is pressed at a desk */

struct windows {
    struct sugu_networks networks;
    struct ward ward;
    struct sugu_hospital far; /* as the windows see it */
    struct front front;
    struct sugu_screen wall;
    struct sugu_process board;
    long board_read;
};

static void
start_board(struct windows *windows, struct sugu_hospital *seen)
{
    struct sugu_hospital_options options;
    const char *const *connection = sugu_hospital_connection(seen, "board-9", &options);
    const char *argv[32] = {SUGU_BOARD, "--sound",  "audioconvert ! fakesink",
                            "--width",  "1440",     "--height",
                            "900",      "--measure"};
    const char *const environment[] = {sugu_screen_environment(&windows->wall)[0], "GTK_A11Y=none",
                                       "GDK_BACKEND=x11", "GSETTINGS_BACKEND=memory", NULL};
    char log[300], voice[300];
    size_t count = 8;

    for (size_t i = 0; connection[i]; i += 2) {
        if (strcmp(connection[i], "--state-folder") == 0) /* a board stores nothing */
            continue;
        argv[count++] = connection[i];
        argv[count++] = connection[i + 1];
    }
    snprintf(voice, sizeof voice, "%s/assets/voice", getenv("SUGU_SOURCE"));
    argv[count++] = "--voice-folder";
    argv[count++] = voice;
    snprintf(log, sizeof log, "%s/board.log", seen->folder);
    sugu_process_spawn(&windows->board, log, argv, environment);
}

static void
expect_on_board(struct windows *windows, const char *words, char line[200])
{
    sugu_process_expect(&windows->board, words, &windows->board_read, line, line ? 200 : 0, 30);
}

/* Three people wait in the eye department; both windows are open and right. `is_cut`: behind a
 * cable. */
static void
windows_init(struct windows *windows, bool is_cut)
{
    struct sugu_hospital *seen = is_cut ? &windows->far : &windows->ward.hospital;
    char folder[200], number[16];

    ward_init(&windows->ward);
    if (is_cut)
        sugu_networks_open_hospital(&windows->ward.hospital, &windows->far);
    for (int i = 1; i <= 3; i++) {
        snprintf(number, sizeof number, "B-%03d", i);
        ward_arrive(&windows->ward, "eye", number);
    }
    front_init(&windows->front, &windows->ward.hospital);
    sugu_hospital_add_client(&windows->ward.hospital, "board-9", "board", "board-9");
    snprintf(folder, sizeof folder, "%s/wall", windows->ward.hospital.folder);
    ck_assert_int_eq(mkdir(folder, 0700), 0);
    sugu_screen_init_bare(&windows->wall, folder, 1440, 900);
    if (is_cut)
        sugu_networks_enter(&windows->networks, windows->networks.far);
    front_start(&windows->front, seen);
    start_board(windows, seen);
    if (is_cut)
        sugu_networks_enter(&windows->networks, windows->networks.near);
    front_sign_in(&windows->front);
    front_expect(&windows->front, "B-003", true);
    expect_on_board(windows, "truth-ms=", NULL);
}

static void
windows_done(struct windows *windows)
{
    ck_assert_int_eq(sugu_process_end(&windows->board, SIGTERM), 0);
    sugu_process_end(&windows->wall.xvfb, SIGTERM);
    front_done(&windows->front);
    ward_done(&windows->ward);
}

static void
take_pictures(struct windows *windows, const char *when)
{
    const char *folder = getenv("SUGU_PICTURES");
    char path[300];

    if (!folder)
        return;
    snprintf(path, sizeof path, "%s/windows-desk-%s.png", folder, when);
    sugu_screen_save(&windows->front.screen, path);
    snprintf(path, sizeof path, "%s/windows-board-%s.png", folder, when);
    sugu_screen_save(&windows->wall, path);
}

/* How often the number was called, by the history. */
static int64_t
calls(struct windows *windows, int number)
{
    char sql[200];

    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM stage_change JOIN visit USING (visit) WHERE to_state = 1 "
             "AND series = 'B' AND number = %d",
             number);
    return sugu_facts_number(&windows->ward.facts, sql);
}

/* ---- the cut */

static bool
is_stale_text(const char *text)
{
    return strstr(text, "No connection to the server since ") != NULL;
}

/* Minutes after midnight in Japan. */
static long
minute_of(sugu_time_us utc_us)
{
    return (long)((utc_us / SUGU_MINUTE + 540) % (24 * 60));
}

/* "… since 10:42…" says a minute of now or of one before. */
static void
expect_since(const char *text, const char *before, sugu_time_us cut_utc)
{
    long hour, minute;
    long said;

    ck_assert_msg(strstr(text, before) &&
                      sscanf(strstr(text, before) + strlen(before), "%ld:%ld", &hour, &minute) == 2,
                  "no time in '%s'", text);
    said = hour * 60 + minute;
    ck_assert_msg(said == minute_of(cut_utc) || said == minute_of(cut_utc + 3 * SUGU_SECOND) ||
                      said == minute_of(cut_utc - 3 * SUGU_SECOND),
                  "'%s', but it was cut at minute %ld", text, minute_of(cut_utc));
}

/* Both windows say since when, and go on showing what they know. */
static void
expect_stale(struct windows *windows, sugu_time_us cut_utc)
{
    char line[200], text[400];

    front_expect(&windows->front, "No connection to the server since", true);
    ck_assert(
        sugu_screen_find(&windows->front.screen, FRONT_DESK, is_stale_text, text, sizeof text));
    expect_since(text, "since ", cut_utc);
    front_expect(&windows->front, "B-003", true);
    expect_on_board(windows, "line.shown line=stale", line);
    expect_since(line, "since=", cut_utc);
    take_pictures(windows, "stale");
}

static void
play_the_cut(struct windows *windows)
{
    const struct sugu_clock *clock = sugu_clock_system();
    sugu_time_us cut_utc = clock->utc_us(clock);
    int64_t span_us = sugu_networks_cut_us(), cut_at = clock->monotonic_us(clock);

    sugu_networks_cut(&windows->networks);
    expect_stale(windows, cut_utc);
    front_press(&windows->front, "n");
    /* The house works on, and the windows do not know. */
    ward_verb(&windows->ward, SUGU__TICKET_VERB__FINISH, "2", "B-001", "");
    ward_arrive(&windows->ward, "eye", "B-004");
    sugu_test_client_run(&windows->ward.desk, span_us - (clock->monotonic_us(clock) - cut_at));
    ck_assert(front_shows(&windows->front, "No connection to the server since"));
    ck_assert(!front_shows(&windows->front, "B-004"));
    ck_assert_int_eq(calls(windows, 2), 0);
    sugu_networks_mend(&windows->networks);
}

START_TEST(windows_that_are_cut_off_say_so_and_come_back_by_themselves)
{
    static struct windows windows;
    bool is_late = sugu_networks_cut_us() >= DEADLINE_US + 5 * SUGU_SECOND;
    char *folder = sugu_test_folder_new(), reason[200];
    long cut_read;

    memset(&windows, 0, sizeof windows);
    ck_assert_msg(sugu_networks_init(&windows.networks, folder, reason), "%s", reason);
    windows_init(&windows, /* is_cut= */ true);
    front_press(&windows.front, "n");
    front_expect(&windows.front, "B-001: Called, Room 2", true);
    expect_on_board(&windows, "call.shown number=B-001 desk=2", NULL);
    play_the_cut(&windows);
    front_expect(&windows.front, "No connection to the server since", false);
    cut_read = windows.board_read;
    expect_on_board(&windows, "line.shown line=fresh", NULL);
    windows.board_read = cut_read; /* the call may have come before or after it */
    front_expect(&windows.front, "B-004", true);
    if (is_late) {
        front_expect(&windows.front, "Call next: ", true); /* refused: too late */
        ck_assert_int_eq(calls(&windows, 2), 0);
        front_press(&windows.front, "n");
    }
    front_expect(&windows.front, "B-002: Called, Room 2", true);
    expect_on_board(&windows, "call.shown number=B-002 desk=2", NULL);
    for (int number = 1; number <= 2; number++)
        ck_assert_int_eq(calls(&windows, number), 1);
    ck_assert_int_eq(calls(&windows, 3) + calls(&windows, 4), 0);
    take_pictures(&windows, "back");
    windows_done(&windows);
    sugu_test_folder_free(folder);
}
END_TEST

/* ---- kills */

/* Has the desk put a request to its disk that is not answered yet? */
static bool
has_stored(void *user)
{
    struct windows *windows = user;
    DIR *folder = opendir(windows->front.state);
    bool is_there = false;

    for (struct dirent *entry; folder && (entry = readdir(folder));)
        is_there = is_there || strlen(entry->d_name) == SUGU_ID_TEXT_SIZE - 1;
    if (folder)
        closedir(folder);
    return is_there;
}

static bool
has_stored_nothing(void *user)
{
    return !has_stored(user);
}

/* The key is pressed, its request is on the desk's disk, and the desk is gone. */
static void
kill_in_the_middle(struct windows *windows)
{
    ck_assert(sugu_wait_until(has_stored_nothing, windows, 20));
    front_press(&windows->front, "n");
    ck_assert_msg(sugu_wait_until(has_stored, windows, 20), "nothing in %s", windows->front.state);
    ck_assert_int_eq(sugu_process_end(&windows->front.desk, SIGKILL), -SIGKILL);
}

START_TEST(a_desk_that_is_killed_in_the_middle_of_a_verb_has_done_it_once)
{
    static struct windows windows;

    memset(&windows, 0, sizeof windows);
    windows_init(&windows, /* is_cut= */ false);
    /* The server may have got it, and answers nobody. */
    ck_assert_int_eq(kill(windows.ward.hospital.server.pid, SIGSTOP), 0);
    kill_in_the_middle(&windows);
    ck_assert_int_eq(kill(windows.ward.hospital.server.pid, SIGCONT), 0);
    front_start(&windows.front, &windows.ward.hospital);
    front_sign_in(&windows.front);
    expect_on_board(&windows, "call.shown number=B-001 desk=2", NULL);
    front_expect(&windows.front, "2 waiting · 1 at a desk · 0 parked · 0 missed", true);
    ck_assert(sugu_wait_until(has_stored_nothing, &windows, 20));
    ck_assert_int_eq(calls(&windows, 1), 1);
    ck_assert_int_eq(calls(&windows, 2), 0);
    /* There is no server when the key is pressed; the next life of the desk sends it. */
    sugu_hospital_kill_server(&windows.ward.hospital);
    front_expect(&windows.front, "No connection to the server since", true);
    kill_in_the_middle(&windows);
    sugu_hospital_start_server(&windows.ward.hospital, NULL);
    ck_assert_int_eq(calls(&windows, 2), 0);
    front_start(&windows.front, &windows.ward.hospital);
    front_sign_in(&windows.front);
    expect_on_board(&windows, "call.shown number=B-002 desk=2", NULL);
    front_expect(&windows.front, "1 waiting · 2 at a desk · 0 parked · 0 missed", true);
    ck_assert(sugu_wait_until(has_stored_nothing, &windows, 20));
    ck_assert_int_eq(calls(&windows, 1), 1);
    ck_assert_int_eq(calls(&windows, 2), 1);
    ck_assert_int_eq(calls(&windows, 3), 0);
    windows_done(&windows);
}
END_TEST

START_TEST(a_database_that_is_started_again_is_noticed_by_no_window)
{
    static struct windows windows;

    memset(&windows, 0, sizeof windows);
    windows_init(&windows, /* is_cut= */ false);
    front_press(&windows.front, "n");
    expect_on_board(&windows, "call.shown number=B-001 desk=2", NULL);
    front_expect(&windows.front, "B-001: Called, Room 2", true);
    sugu_hospital_stop_database(&windows.ward.hospital, "immediate");
    /* Pressed while there is none: done when there is one again. */
    front_press(&windows.front, "d");
    sugu_hospital_start_database(&windows.ward.hospital);
    sugu_facts_done(&windows.ward.facts);
    sugu_facts_init(&windows.ward.facts, windows.ward.hospital.folder);
    front_expect(&windows.front, "B-001 is done", true);
    front_press(&windows.front, "n");
    expect_on_board(&windows, "call.shown number=B-002 desk=2", NULL);
    front_expect(&windows.front, "B-002: Called, Room 2", true);
    front_expect(&windows.front, "No connection to the server since", false);
    for (int number = 1; number <= 2; number++)
        ck_assert_int_eq(calls(&windows, number), 1);
    ck_assert_int_eq(calls(&windows, 3), 0);
    windows_done(&windows);
}
END_TEST

/* The networks are a test of their own: where they cannot be, that is told, and the others run. */
int
main(int argc, char *argv[])
{
    const TTest *const cut[] = {windows_that_are_cut_off_say_so_and_come_back_by_themselves};
    const TTest *const others[] = {
        a_desk_that_is_killed_in_the_middle_of_a_verb_has_done_it_once,
        a_database_that_is_started_again_is_noticed_by_no_window,
    };

    if (argc > 1 && strcmp(argv[1], "cut") == 0)
        return sugu_networks_run_tests("windows-cut", cut, SUGU_ARRAY_SIZE(cut), 180);
    return sugu_run_tests("windows", others, SUGU_ARRAY_SIZE(others), 110);
}
