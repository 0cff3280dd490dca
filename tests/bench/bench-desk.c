/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench-desk - 10,000 people in one queue of the front desk: load, one event until it is shown,
 * scroll
 *
 * The real window with the real model on a display without a monitor; what comes over the wire is
 * given to the model as the session gives it, so the figures are those of the desk alone.
 */
#include "desk-fixture.h"

#include "testlib/checks.h"
#include "testlib/folder.h"
#include "testlib/screen.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS   10000
#define PAGE   60 /* entries of a page, as the server sends them */
#define EVENTS 60
#define STEPS  60
#define JUMPS  30

static double
now_ms(void)
{
    return (double)g_get_monotonic_time() / 1000.0;
}

static int
compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

/* Processor time of the process: what it costs where other programs take the processor too. */
static double
used_ms(void)
{
    struct timespec used;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec * 1000.0 + (double)used.tv_nsec / 1e6;
}

static void
report(const char *name, double *values, size_t count, double used_before)
{
    qsort(values, count, sizeof *values, compare_doubles);
    printf("desk figure=%s median=%.2f least=%.2f most=%.2f cpu=%.2f runs=%zu\n", name,
           values[count / 2], values[0], values[count - 1],
           (used_ms() - used_before) / (double)count, count);
    fflush(stdout);
}

static double
status_mib(const char *name)
{
    char line[256];
    double value = 0;
    FILE *file = fopen("/proc/self/status", "re");

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0)
            value = strtod(line + strlen(name) + 1, NULL) / 1024;
    fclose(file);
    return value;
}

/* Pages of the snapshot, decoded already: what happens between the reply and the picture. */
static void
measure_load(struct desk_fixture *fixture)
{
    double begin, taken = 0, before;

    desk_model_begin_snapshot(fixture->model);
    begin = now_ms();
    for (unsigned first = 0; first < ROWS; first += PAGE) {
        struct desk_house_page *page =
            desk_house_page_new(first, MIN(PAGE, ROWS - first), "internal");
        desk_house_queues(page)->is_last = first + PAGE >= ROWS;
        before = now_ms();
        desk_model_take_page(fixture->model, desk_house_queues(page), NULL);
        taken += now_ms() - before;
        desk_house_page_free(page);
    }
    before = now_ms();
    desk_model_flush(fixture->model);
    printf("desk figure=load-ms rows=%d take=%.1f flush=%.1f", ROWS, taken, now_ms() - before);
    before = now_ms();
    desk_fixture_settle(fixture);
    printf(" paint=%.1f all=%.1f\n", now_ms() - before, now_ms() - begin);
    fflush(stdout);
}

/* Somebody in the middle of the queue is called, and stands on top: commit to picture. */
static void
measure_events(struct desk_fixture *fixture)
{
    double values[EVENTS], used = used_ms();

    for (unsigned i = 0; i < EVENTS; i++) {
        struct desk_house_entry entry;
        double before = now_ms();
        desk_house_fill(&entry, ROWS / 2 + i, "internal");
        entry.message.state = SUGU__STAGE_STATE__STAGE_CALLED;
        entry.message.called_utc_us = DESK_HOUSE_NOW;
        desk_model_take_entry(fixture->model, &entry.message);
        desk_fixture_settle(fixture);
        values[i] = now_ms() - before;
    }
    report("event-to-shown-ms", values, EVENTS, used);
}

/* A hundred changes at once, as after a pause of the network. */
static void
measure_burst(struct desk_fixture *fixture)
{
    double values[EVENTS / 4], used = used_ms();

    for (unsigned i = 0; i < SUGU_ARRAY_SIZE(values); i++) {
        double before = now_ms();
        for (unsigned j = 0; j < 100; j++) {
            struct desk_house_entry entry;
            desk_house_fill(&entry, (i * 613 + j * 97) % ROWS, "internal");
            entry.message.priority = SUGU__PRIORITY__PRIORITY_URGENT;
            entry.message.rank = i % 2;
            desk_model_take_entry(fixture->model, &entry.message);
        }
        desk_fixture_settle(fixture);
        values[i] = now_ms() - before;
    }
    report("burst-of-100-ms", values, SUGU_ARRAY_SIZE(values), used);
}

static GtkAdjustment *
adjustment_of(struct desk_fixture *fixture)
{
    return gtk_scrollable_get_vadjustment(GTK_SCROLLABLE(desk_window_list(fixture->window)));
}

static void
measure_scrolling(struct desk_fixture *fixture)
{
    GtkAdjustment *adjustment = adjustment_of(fixture);
    double values[STEPS], used = used_ms(), upper = gtk_adjustment_get_upper(adjustment);

    gtk_adjustment_set_value(adjustment, 0);
    desk_fixture_settle(fixture);
    for (unsigned i = 0; i < STEPS; i++) {
        double before = now_ms();
        gtk_adjustment_set_value(adjustment, (i + 1) * 3 * 30.0); /* three rows: a wheel's step */
        desk_fixture_settle(fixture);
        values[i] = now_ms() - before;
    }
    report("scroll-step-ms", values, STEPS, used);
    used = used_ms();
    for (unsigned i = 0; i < JUMPS; i++) {
        double before = now_ms();
        gtk_adjustment_set_value(adjustment, upper * (double)(i * 7 % JUMPS) / JUMPS);
        desk_fixture_settle(fixture);
        values[i] = now_ms() - before;
    }
    report("scroll-jump-ms", values, JUMPS, used);
}

/* A minute passes: every wait grows. */
static void
measure_tick(struct desk_fixture *fixture)
{
    double values[15], used = used_ms();

    for (unsigned i = 0; i < SUGU_ARRAY_SIZE(values); i++) {
        double before = now_ms();
        desk_model_set_now(fixture->model, DESK_HOUSE_NOW + (i + 1) * SUGU_MINUTE);
        desk_fixture_settle(fixture);
        values[i] = now_ms() - before;
    }
    report("minute-ms", values, SUGU_ARRAY_SIZE(values), used);
}

START_TEST(figures_of_the_desk)
{
    static struct sugu_screen screen;
    struct desk_fixture fixture;
    char *folder = sugu_test_folder_new();
    double empty_mib;

    sugu_screen_init(&screen, folder, 1440, 900);
    g_setenv("SUGU_TEST_LOCALE", SUGU_LOCALES, TRUE);
    g_setenv("GSK_RENDERER", "cairo", TRUE);
    g_setenv("GTK_A11Y", "none", TRUE);
    g_setenv("GDK_BACKEND", "x11", TRUE);
    desk_fixture_start();
    desk_fixture_init(&fixture, 1440, 900, 0);
    empty_mib = status_mib("VmRSS:");
    measure_load(&fixture);
    measure_events(&fixture);
    measure_burst(&fixture);
    measure_scrolling(&fixture);
    measure_tick(&fixture);
    printf("desk figure=resident-mib value=%.1f private-mib=%.1f empty=%.1f rows=%d\n",
           status_mib("VmRSS:"), status_mib("RssAnon:"), empty_mib, ROWS);
    desk_fixture_done(&fixture);
    sugu_screen_done(&screen);
    sugu_test_folder_free(folder);
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {figures_of_the_desk};

    setenv("CK_FORK", "no", 1);
    return sugu_run_tests("bench-desk", tests, 1, 0);
}
