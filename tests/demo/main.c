/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main - sugu-demo: the whole hospital, by hand or playing one patient's day
 *
 * sugu-demo FOLDER             starts everything and takes commands until `quit`
 * sugu-demo FOLDER --out DIR   plays the day headless; DIR gets summary.json, papers/, screens/,
 * and kiosk.png, staff.png, phone.png: pictures for README.md
 *
 * In both the hospital is full of simulated patients (sugu-morning).
 *
 * SIGINT, SIGTERM and SIGHUP end everything that was started.
 */
#include "demo/console.h"
#include "demo/day.h"
#include "demo/keeper.h"
#include "demo/montage.h"

#include "testlib/checks.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define STEPS_MAX 48

struct played {
    const char *name;
    bool is_ok;
    double ms;
};

static struct {
    const char *folder, *out;
    char pictures[300]; /* DIR/screens */
    struct house house;
    struct ward ward;
    struct day day;
    struct played steps[STEPS_MAX];
    size_t step_count;
    bool is_started;
} demo;

static double
now_ms(void)
{
    return (double)sugu_clock_system()->monotonic_us(sugu_clock_system()) / 1000.0;
}

/* A step that ends the test leaves its is_ok false. */
static struct played *
begin_step(const char *name)
{
    struct played *step = &demo.steps[demo.step_count++];

    step->name = name;
    step->ms = now_ms();
    return step;
}

static void
end_step(struct played *step)
{
    step->is_ok = true;
    step->ms = now_ms() - step->ms;
    printf("%-36s ok %8.0f ms\n", step->name, step->ms);
    fflush(stdout);
}

static void
open_hospital(const struct house_options *options)
{
    struct house_options all = *options;

    all.has_cash = all.has_codes = true;
    ward_prepare(&demo.ward, demo.folder, &all);
    house_init(&demo.house, demo.folder, &all);
    demo.is_started = true;
    ward_init(&demo.ward, &demo.house);
}

START_TEST(the_day)
{
    struct played *step = begin_step("everything-starts");

    open_hospital(&(struct house_options){.pictures = demo.pictures});
    end_step(step);
    demo.day.house = &demo.house;
    demo.day.ward = &demo.ward;
    snprintf(demo.day.out, sizeof demo.day.out, "%s", demo.out);
    for (size_t i = 0; i < day_step_count; i++) {
        step = begin_step(day_steps[i].name);
        day_steps[i].play(&demo.day);
        end_step(step);
    }
}
END_TEST

/* A test of its own: the fixtures may only fail inside one. */
START_TEST(closing)
{
    if (demo.day.has_browser)
        sugu_browser_done(&demo.day.browser);
    ward_done(&demo.ward);
    house_done(&demo.house);
}
END_TEST

static int
run_test(const TTest *test)
{
    return sugu_run_tests("demo", &test, 1, 0);
}

static void
write_ledger(FILE *file)
{
    char *line = demo.day.ledger;
    const char *separator = "";

    fputs("  \"ledger\": {", file);
    while (*line) {
        char account[64];
        long yen;
        if (sscanf(line, "%63s %ld", account, &yen) == 2) {
            fprintf(file, "%s\"%s\": %ld", separator, account, yen);
            separator = ", ";
        }
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    fputs("}\n", file);
}

static void
write_morning(FILE *file)
{
    const struct ward_counts *counts = &demo.day.morning;

    fprintf(file,
            "  \"morning\": {\"arrived\": %u, \"sent_to_desk\": %u, \"called\": %u, "
            "\"missed\": %u, \"parked\": %u, \"finished\": %u, \"billed\": %u, "
            "\"paid\": %u, \"paid_yen\": %ld},\n",
            counts->arrived, counts->sent_to_desk, counts->called, counts->missed, counts->parked,
            counts->finished, counts->billed, counts->paid, counts->paid_yen);
    fprintf(file, "  \"terminals_yen\": %ld,\n  \"open_bills_yen\": %ld,\n", demo.day.terminals_yen,
            demo.day.open_bills_yen);
}

static bool
write_summary(void)
{
    char path[300];
    bool is_ok = demo.step_count == day_step_count + 1;
    FILE *file;

    snprintf(path, sizeof path, "%s/summary.json", demo.out);
    file = fopen(path, "we");
    if (!file)
        return false;
    fputs("{\n  \"steps\": [\n", file);
    for (size_t i = 0; i < demo.step_count; i++) {
        const struct played *step = &demo.steps[i];
        is_ok = is_ok && step->is_ok;
        fprintf(file, "    {\"name\": \"%s\", \"ok\": %s, \"ms\": %.0f}%s\n", step->name,
                step->is_ok ? "true" : "false", step->is_ok ? step->ms : now_ms() - step->ms,
                i + 1 < demo.step_count ? "," : "");
    }
    fprintf(file, "  ],\n  \"ok\": %s,\n  \"ticket\": \"%s\",\n", is_ok ? "true" : "false",
            demo.day.number);
    fprintf(file, "  \"bill_yen\": %ld,\n  \"paid_yen\": %ld,\n", demo.day.bill_yen,
            demo.day.paid_yen);
    fprintf(file, "  \"bill_push_ms\": %.1f,\n", demo.day.push_ms);
    write_morning(file);
    write_ledger(file);
    fputs("}\n", file);
    return fclose(file) == 0 && is_ok;
}

static bool
make_folders(void)
{
    char path[300];

    snprintf(demo.pictures, sizeof demo.pictures, "%s/screens", demo.out);
    if ((mkdir(demo.out, 0755) != 0 && errno != EEXIST) ||
        (mkdir(demo.pictures, 0755) != 0 && errno != EEXIST))
        return false;
    snprintf(path, sizeof path, "%s/papers", demo.out);
    return mkdir(path, 0755) == 0 || errno == EEXIST;
}

/* What the screen showed when a step did not hold. */
static void
save_last_screen(void)
{
    char path[300];

    snprintf(path, sizeof path, "%s/screens/last.png", demo.out);
    sugu_screen_save(&demo.house.screen, path);
    fprintf(stderr, "sugu-demo: see %s and the logs in %s\n", path, demo.folder);
}

static bool
end_house(void)
{
    bool is_started = demo.is_started;

    demo.is_started = false;
    return !is_started || run_test(closing) == EXIT_SUCCESS;
}

/* The pictures of README.md, out of this day's. */
static bool
write_montages(void)
{
    static const char *const kiosk[] = {"welcome", "ticket", "bill-revised", "paid", NULL};
    static const char *const staff[] = {"desk-queues", "board-landscape", NULL};
    static const char *const phone[] = {"phone-waiting", "phone-called", "phone-bill",
                                        "phone-leave", NULL};
    static const struct {
        const char *name, *const *pages;
        int height;
    } montages[] = {{"kiosk", kiosk, 640}, {"staff", staff, 460}, {"phone", phone, 640}};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(montages); i++) {
        char path[300];
        snprintf(path, sizeof path, "%s/%s.png", demo.out, montages[i].name);
        if (!montage_write(demo.pictures, montages[i].pages, montages[i].height, path)) {
            fprintf(stderr, "sugu-demo: a page has no picture in %s\n", demo.pictures);
            return false;
        }
    }
    return true;
}

static int
play_day(void)
{
    bool is_ok;

    if (!make_folders()) {
        fprintf(stderr, "sugu-demo: cannot make folders in %s: %s\n", demo.out, strerror(errno));
        return 73;
    }
    run_test(the_day);
    is_ok = write_summary();
    if (!is_ok && demo.is_started)
        save_last_screen();
    if (is_ok)
        is_ok = end_house() && write_montages();
    return is_ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ---- by hand */

START_TEST(by_hand)
{
    struct ward_counts counts;

    open_hospital(&(struct house_options){.has_user_display = true});
    puts("\nThe hour before now is played …");
    fflush(stdout);
    ward_await_morning(&demo.ward, &counts);
    ward_open_windows(&demo.ward);
    console_run(&demo.house, &demo.ward);
}
END_TEST

/* In a process of its own: whatever ends it, the keeper leaves nothing running. */
static int
play(void *nothing)
{
    int status;

    (void)nothing;
    status = demo.out ? play_day() : run_test(by_hand);
    return end_house() ? status : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
    if (argc != 2 && !(argc == 4 && strcmp(argv[2], "--out") == 0)) {
        fputs("use: sugu-demo FOLDER [--out DIR]\n", stderr);
        return 64;
    }
    signal(SIGPIPE, SIG_IGN);
    setenv("CK_FORK", "no", 1);
    setenv("CK_VERBOSITY", "normal", 1);
    unsetenv("CK_TAP_LOG_FILE_NAME");
    demo.folder = argv[1];
    demo.out = argc == 4 ? argv[3] : NULL;
    return keeper_run(play, NULL);
}
