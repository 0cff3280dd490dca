/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-demo - the demo plays its day, and leaves nothing running however it ends
 */
#include "testlib/checks.h"
#include "testlib/folder.h"
#include "testlib/process.h"
#include "testlib/screen.h"

#include <ctype.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY_S 240 /* where other tests run beside it */

struct demo {
    char *folder;
    char house[100], out[100], log[100];
    struct sugu_process process;
};

static void
demo_init(struct demo *demo)
{
    /* What the demo leaves behind becomes a child of this test. */
    ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    memset(demo, 0, sizeof *demo);
    demo->folder = sugu_test_folder_new();
    snprintf(demo->house, sizeof demo->house, "%s/h", demo->folder);
    snprintf(demo->out, sizeof demo->out, "%s/out", demo->folder);
    snprintf(demo->log, sizeof demo->log, "%s/demo.log", demo->folder);
}

static void
demo_done(struct demo *demo)
{
    sugu_test_folder_free(demo->folder);
}

static void
play_day(struct demo *demo)
{
    sugu_process_spawn(
        &demo->process, demo->log,
        (const char *const[]){"/usr/bin/setsid", SUGU_DEMO, demo->house, "--out", demo->out, NULL},
        NULL);
}

static void
read_file(const char *path, char *to, size_t size)
{
    FILE *file = fopen(path, "re");

    ck_assert_msg(file != NULL, "%s", path);
    to[fread(to, 1, size - 1, file)] = '\0';
    fclose(file);
}

/* Processes whose parent is this one, but for `own`. */
static unsigned
count_left(pid_t own)
{
    DIR *folder = opendir("/proc");
    struct dirent *entry;
    unsigned count = 0;

    ck_assert_ptr_nonnull(folder);
    while ((entry = readdir(folder))) {
        char path[64], line[512];
        int pid, parent = 0;
        FILE *file;
        if (!isdigit((unsigned char)entry->d_name[0]))
            continue;
        snprintf(path, sizeof path, "/proc/%.16s/stat", entry->d_name);
        file = fopen(path, "re");
        if (!file)
            continue;
        if (fgets(line, sizeof line, file) && strrchr(line, ')') && sscanf(line, "%d", &pid) == 1 &&
            sscanf(strrchr(line, ')'), ") %*c %d", &parent) == 1) {
            if (parent == getpid() && pid != own) {
                fprintf(stderr, "left behind: %s", line);
                count++;
            }
        }
        fclose(file);
    }
    closedir(folder);
    return count;
}

static unsigned
count_files(const char *folder, const char *ending)
{
    DIR *files = opendir(folder);
    struct dirent *entry;
    unsigned count = 0;

    ck_assert_msg(files != NULL, "%s", folder);
    while ((entry = readdir(files))) {
        size_t length = strlen(entry->d_name), end = strlen(ending);
        count += length >= end && strcmp(entry->d_name + length - end, ending) == 0;
    }
    closedir(files);
    return count;
}

/* ---- the day */

static void
assert_pages(const struct demo *demo)
{
    static const char *const pages[] = {
        "welcome",  "pin",     "reading", "checking",   "confirm", "ticket",   "take-card",
        "birthday", "no-bill", "bill",    "choose-way", "paying",  "printing", "paid",
    };
    static const char *const others[] = {
        "bill-revised", "desk-queues", "desk-cases",      "desk-people",    "desk-kiosks",
        "desk-today",   "board-bill",  "board-landscape", "board-portrait", "phone-waiting",
        "phone-called", "phone-bill",  "phone-leave",
    };
    char folder[120], path[160], line[100];
    struct stat picture;
    unsigned painted = 0;
    FILE *file;

    snprintf(folder, sizeof folder, "%s/screens", demo->out);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(pages); i++) {
        char ending[40];
        snprintf(ending, sizeof ending, "-%s.png", pages[i]);
        ck_assert_msg(count_files(folder, ending) > 0, "no picture of %s", pages[i]);
    }
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(others); i++) {
        snprintf(path, sizeof path, "%s/%s.png", folder, others[i]);
        ck_assert_msg(stat(path, &picture) == 0 && picture.st_size > 8000, "no picture %s", path);
    }
    /* Of everything else that was painted too. */
    snprintf(path, sizeof path, "%s/pages", folder);
    file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file))
        painted++;
    fclose(file);
    ck_assert_uint_eq(count_files(folder, ".png"), painted + SUGU_ARRAY_SIZE(others));
}

/* The number behind "NAME": in the summary. */
static long
value_of(const char *summary, const char *name)
{
    char words[64];
    const char *at;

    snprintf(words, sizeof words, "\"%s\":", name);
    at = strstr(summary, words);
    ck_assert_msg(at != NULL, "no %s in %s", name, summary);
    return strtol(at + strlen(words), NULL, 10);
}

/* Every yen: the day's patient and the simulated ones, by terminals, bills and ledger. */
static void
assert_money(const char *summary)
{
    ck_assert_int_gt(value_of(summary, "bill_yen"), 0);
    ck_assert_int_eq(value_of(summary, "paid_yen"), value_of(summary, "bill_yen"));
    ck_assert_int_eq(value_of(strstr(summary, "\"morning\""), "paid_yen") +
                         value_of(summary, "paid_yen"),
                     value_of(summary, "terminals_yen"));
    ck_assert_int_eq(value_of(summary, "card-clearing"), value_of(summary, "terminals_yen"));
    ck_assert_int_eq(value_of(summary, "receivable"), value_of(summary, "open_bills_yen"));
    ck_assert_int_eq(value_of(summary, "sum"), 0);
}

static void
assert_summary(const struct demo *demo)
{
    static const char *const steps[] = {"morning-is-played", "phone-is-called",   "board-calls",
                                        "clerk-signs-in",    "desk-shows-queues", "books-agree"};
    char path[120], summary[6000], words[64], number[17];
    const char *at;

    snprintf(path, sizeof path, "%s/summary.json", demo->out);
    read_file(path, summary, sizeof summary);
    ck_assert_ptr_nonnull(strstr(summary, "\"ok\": true,\n  \"ticket\""));
    ck_assert_ptr_null(strstr(summary, "false"));
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(steps); i++) {
        snprintf(words, sizeof words, "{\"name\": \"%s\", \"ok\": true, ", steps[i]);
        ck_assert_msg(strstr(summary, words) != NULL, "no %s", steps[i]);
    }
    at = strstr(summary, "\"ticket\":");
    ck_assert_int_eq(sscanf(at, "\"ticket\": \"%16[^\"]\"", number), 1);
    ck_assert_int_eq(strncmp(number, "A-", 2), 0);
    ck_assert_int_gt(strtol(number + 2, NULL, 10), 1); /* others were there before */
    ck_assert_int_gt(value_of(summary, "bill_push_ms"), 0);
    ck_assert_int_lt(value_of(summary, "bill_push_ms"), 20000);
    ck_assert_int_ge(value_of(summary, "arrived"), 40);
    ck_assert_int_ge(value_of(summary, "paid"), 8);
    assert_money(summary);
}

START_TEST(the_day_is_played_and_told)
{
    struct demo demo;
    struct stat montage;
    char path[120];

    demo_init(&demo);
    play_day(&demo);
    ck_assert_int_eq(sugu_process_wait(&demo.process, DAY_S), 0);
    assert_summary(&demo);
    assert_pages(&demo);
    snprintf(path, sizeof path, "%s/papers", demo.out);
    ck_assert_uint_eq(count_files(path, ".pdf"), 3);
    snprintf(path, sizeof path, "%s/kiosk.png", demo.out);
    ck_assert_int_eq(stat(path, &montage), 0);
    ck_assert_int_gt(montage.st_size, 20000);
    snprintf(path, sizeof path, "%s/staff.png", demo.out);
    ck_assert_int_eq(stat(path, &montage), 0);
    ck_assert_uint_eq(count_left(0), 0);
    demo_done(&demo);
}
END_TEST

/* ---- interrupted */

START_TEST(a_day_that_is_interrupted_leaves_nothing_running)
{
    struct demo demo;

    demo_init(&demo);
    play_day(&demo);
    sugu_process_expect(&demo.process, "card-on-reader", NULL, NULL, 0, DAY_S);
    /* As a terminal does it: to everybody in the group. */
    ck_assert_int_eq(kill(-demo.process.pid, SIGINT), 0);
    ck_assert_int_eq(sugu_process_wait(&demo.process, 20), 128 + SIGINT);
    ck_assert_uint_eq(count_left(0), 0);
    demo_done(&demo);
}
END_TEST

/* On a display without a session bus, where GTK would launch one that stays. */
START_TEST(a_demo_by_hand_that_is_ended_leaves_nothing_running)
{
    struct demo demo;
    struct sugu_screen screen;
    struct sugu_process kiosk = {.pid = 0}, board = {.pid = 0};
    long offset = 0;

    demo_init(&demo);
    sugu_screen_init_bare(&screen, demo.folder, 1080, 1920);
    unsetenv("DBUS_SESSION_BUS_ADDRESS");
    sugu_process_spawn(&demo.process, demo.log, (const char *const[]){SUGU_DEMO, demo.house, NULL},
                       sugu_screen_environment(&screen));
    sugu_process_expect(&demo.process, "The hospital is open", &offset, NULL, 0, DAY_S);
    sugu_process_expect(&demo.process, "tanaka", &offset, NULL, 0, 20);
    snprintf(kiosk.log, sizeof kiosk.log, "%s/sugu-kiosk.log", demo.house);
    kiosk.pid = demo.process.pid; /* while the demo runs */
    sugu_process_expect(&kiosk, "kiosk.shown", NULL, NULL, 0, 20);
    snprintf(board.log, sizeof board.log, "%s/sugu-board.log", demo.house);
    board.pid = demo.process.pid;
    sugu_process_expect(&board, "truth-ms=", NULL, NULL, 0, 30);
    sugu_process_say(&demo.process, "pace 600");
    sugu_process_expect(&demo.process, " came (", &offset, NULL, 0, 60);
    /* The morning goes on by itself, and is seen. */
    sugu_process_expect(&board, "call.shown", NULL, NULL, 0, 60);
    ck_assert_int_eq(sugu_process_end(&demo.process, SIGTERM), 128 + SIGTERM);
    ck_assert_uint_eq(count_left(screen.xvfb.pid), 0);
    sugu_screen_done(&screen);
    demo_done(&demo);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("demo",
                       300,
                       the_day_is_played_and_told,
                       a_day_that_is_interrupted_leaves_nothing_running,
                       a_demo_by_hand_that_is_ended_leaves_nothing_running)
