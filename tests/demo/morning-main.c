/* SPDX-License-Identifier: Apache-2.0 */
/*
 * morning-main - sugu-morning: simulated patients for the demo's hospital
 *
 * sugu-morning FOLDER SERVER [own]
 *
 * FOLDER is the demo's. `own`: other people's numbers are left alone. Prints "past played" and the
 * counts when the hour before the demo has been played, then goes on, and takes commands, each
 * answered by a line with the counts:
 *   pace N       N simulated seconds in one; 0 holds
 *   patients N   so many come in an hour
 *   counts
 * Ends with the input or on SIGTERM.
 */
#include "demo/morning.h"

#include "base/process.h"
#include "base/text.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BEFORE_US  (80 * SUGU_MINUTE)
#define TASKS_ONCE 4 /* then commands are looked at */

static struct morning morning;
static char input[256];
static size_t input_size;

static void
say_counts(const char *word)
{
    const struct morning_counts *counts = &morning.counts;

    printf("%s arrived=%u sent_to_desk=%u called=%u missed=%u parked=%u finished=%u billed=%u "
           "paid=%u paid_yen=%lld troubles=%u pace=%lld patients=%lld\n",
           word, counts->arrived, counts->sent_to_desk, counts->called, counts->missed,
           counts->parked, counts->finished, counts->billed, counts->paid,
           (long long)counts->paid_yen, counts->troubles, (long long)morning.settings.pace,
           (long long)morning.settings.per_hour);
    fflush(stdout);
}

static void
obey(const char *line)
{
    if (strncmp(line, "pace ", 5) == 0)
        sugu_text_to_int64(line + 5, 0, 600, &morning.settings.pace);
    else if (strncmp(line, "patients ", 9) == 0)
        sugu_text_to_int64(line + 9, 0, 600, &morning.settings.per_hour);
    say_counts("counts");
}

/* False at the end of the input. */
static bool
read_commands(void)
{
    ssize_t got = read(STDIN_FILENO, input + input_size, sizeof input - 1 - input_size);
    char *end;

    if (got <= 0)
        return got < 0;
    input_size += (size_t)got;
    input[input_size] = '\0';
    while ((end = strchr(input, '\n'))) {
        *end = '\0';
        obey(input);
        input_size -= (size_t)(end + 1 - input);
        memmove(input, end + 1, input_size + 1);
    }
    if (input_size == sizeof input - 1)
        input_size = 0;
    return true;
}

static void
open_calendar(void)
{
    char path[300];
    int file;
    void *page;

    snprintf(path, sizeof path, "%s/shift", morning.settings.folder);
    file = open(path, O_RDWR | O_CLOEXEC);
    page = file < 0 ? MAP_FAILED : mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (page == MAP_FAILED) {
        fprintf(stderr, "sugu-morning: cannot open %s\n", path);
        exit(EXIT_FAILURE);
    }
    close(file);
    morning.shift_us = page;
}

/* The simulation goes on by its pace, also where that was changed. */
static void
run(void)
{
    int64_t last_us = morning.clock->monotonic_us(morning.clock), due_us = morning.now_us;

    do {
        int64_t now_us = morning.clock->monotonic_us(morning.clock);
        bool has_more;
        due_us += (now_us - last_us) * morning.settings.pace;
        last_us = now_us;
        has_more = morning_step(&morning, due_us, TASKS_ONCE);
        morning_pump(&morning, has_more ? 0 : 50 * SUGU_MS, STDIN_FILENO);
    } while (read_commands());
}

int
main(int argc, char **argv)
{
    struct morning_settings settings = {
        .seed = 20260601, .before_us = BEFORE_US, .pace = 10, .per_hour = 40};

    if (argc < 3) {
        fputs("use: sugu-morning FOLDER SERVER [own]\n", stderr);
        return 64;
    }
    sugu_process_start("sugu-morning");
    settings.folder = argv[1];
    settings.endpoint = argv[2];
    settings.leaves_others = argc > 3 && strcmp(argv[3], "own") == 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
    morning_init(&morning, &settings);
    open_calendar();
    morning_connect(&morning);
    morning_play_past(&morning);
    say_counts("past played");
    run();
    morning_disconnect(&morning);
    return EXIT_SUCCESS;
}
