/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench-kiosk - start to first usable frame, page change, resident memory and idle time of the
 * kiosk
 *
 * The real program on a display without a monitor, with a queue server and without devices; it
 * prints its own times with --measure, the rest comes out of /proc.
 */
#include "testlib/checks.h"
#include "testlib/hospital.h"
#include "testlib/screen.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STARTS  9
#define CHANGES 20

struct bench {
    struct sugu_hospital hospital;
    struct sugu_screen screen;
    struct sugu_process kiosk;
    long offset;
};

static void
start_kiosk(struct bench *bench)
{
    struct sugu_hospital_options options;
    char program[512], log[300];
    const char *const *word = sugu_hospital_connection(&bench->hospital, "kiosk-1", &options);
    const char *argv[24] = {sugu_hospital_program("kiosk/sugu-kiosk", program), "--measure", "yes",
                            "--locale-folder", SUGU_LOCALES};
    int count = 5;

    while (*word)
        argv[count++] = *word++;
    argv[count] = NULL;
    snprintf(log, sizeof log, "%s/kiosk.log", bench->hospital.folder);
    unlink(log);
    bench->offset = 0;
    sugu_process_spawn(&bench->kiosk, log, argv, sugu_screen_environment(&bench->screen));
}

/* The number behind `name` in the next line that has it. */
static double
next_value(struct bench *bench, const char *name)
{
    char line[512];

    sugu_process_expect(&bench->kiosk, name, &bench->offset, line, sizeof line, 20);
    return strtod(strstr(line, name) + strlen(name), NULL);
}

static int
compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static void
report(const char *name, double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare_doubles);
    printf("kiosk figure=%s median=%.1f least=%.1f most=%.1f runs=%zu\n", name, values[count / 2],
           values[0], values[count - 1], count);
    fflush(stdout);
}

/* A number of KiB out of /proc/PID/status. */
static double
status_kib(pid_t pid, const char *name)
{
    char path[64], line[256];
    double value = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0)
            value = strtod(line + strlen(name) + 1, NULL);
    fclose(file);
    return value;
}

/* Processor time of the process so far, in ticks. */
static double
ticks(pid_t pid)
{
    char path[64], line[1024], *at;
    unsigned long user = 0, system = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
    fclose(file);
    at = strrchr(line, ')');
    ck_assert_int_eq(
        sscanf(at + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system), 2);
    return (double)(user + system);
}

static void
measure_starts(struct bench *bench)
{
    double values[STARTS];

    for (int i = 0; i < STARTS; i++) {
        start_kiosk(bench);
        values[i] = next_value(bench, "first-frame-ms=");
        sugu_process_end(&bench->kiosk, SIGTERM);
    }
    report("first-frame-ms", values, STARTS);
}

static void
measure_changes(struct bench *bench)
{
    double values[CHANGES];

    start_kiosk(bench);
    sugu_screen_expect(&bench->screen, "sugu-kiosk", "welcome", 20);
    for (int i = 0; i < CHANGES; i++) {
        sugu_screen_press_until(&bench->screen, "sugu-kiosk", i % 2 ? "もどる" : "カードがない",
                                i % 2 ? "welcome" : "no-card", 20);
        values[i] = next_value(bench, "page-change-ms=");
    }
    report("page-change-ms", values, CHANGES);
}

static bool
never(void *user)
{
    (void)user;
    return false;
}

START_TEST(figures_of_the_kiosk)
{
    static struct bench bench;
    const char *text = getenv("SUGU_BENCH_SECONDS");
    long seconds = 5 * (text ? strtol(text, NULL, 10) : 2);
    char folder[200];
    double before, used;

    sugu_hospital_init(&bench.hospital, NULL);
    sugu_hospital_add_client(&bench.hospital, "kiosk-1", "kiosk", "kiosk-1");
    snprintf(folder, sizeof folder, "%s/x", bench.hospital.folder);
    ck_assert_int_eq(mkdir(folder, 0700), 0);
    sugu_screen_init(&bench.screen, folder, 1080, 1920);
    measure_starts(&bench);
    measure_changes(&bench);
    printf("kiosk figure=resident-mib value=%.1f private-mib=%.1f\n",
           status_kib(bench.kiosk.pid, "VmRSS:") / 1024,
           (status_kib(bench.kiosk.pid, "RssAnon:")) / 1024);
    before = ticks(bench.kiosk.pid);
    sugu_wait_until(never, NULL, (int)seconds);
    used = ticks(bench.kiosk.pid) - before;
    printf("kiosk figure=idle-percent value=%.2f seconds=%ld\n",
           used * 100 / (double)sysconf(_SC_CLK_TCK) / (double)seconds, seconds);
    sugu_process_end(&bench.kiosk, SIGTERM);
    sugu_screen_done(&bench.screen);
    sugu_hospital_done(&bench.hospital, /* keep= */ false);
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {figures_of_the_kiosk};

    setenv("CK_FORK", "no", 1);
    return sugu_run_tests("bench-kiosk", tests, 1, 0);
}
