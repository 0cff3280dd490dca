/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main - sugu-demo: the whole hospital, by hand or playing one patient's day
 *
 * sugu-demo FOLDER             starts everything and takes commands until `quit`
 * sugu-demo FOLDER --out DIR   plays the day headless; DIR gets summary.json, papers/, screens/ and
 *                              kiosk.png, the picture of README.md
 *
 * SIGINT, SIGTERM and SIGHUP end everything that was started.
 */
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

#define STEPS_MAX 32

struct played {
    const char *name;
    bool is_ok;
    double ms;
};

static struct {
    const char *folder, *out;
    char pictures[300]; /* DIR/screens */
    struct house house;
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

START_TEST(the_day)
{
    struct played *step = begin_step("everything-starts");

    house_init(&demo.house, demo.folder, &(struct house_options){.pictures = demo.pictures});
    demo.is_started = true;
    end_step(step);
    demo.day.house = &demo.house;
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

/* The picture of README.md, out of this day's pages. */
static bool
write_montage(void)
{
    static const char *const pages[] = {"welcome", "ticket", "bill-revised", "paid", NULL};
    char path[300];

    snprintf(path, sizeof path, "%s/kiosk.png", demo.out);
    if (montage_write(demo.pictures, pages, path))
        return true;
    fprintf(stderr, "sugu-demo: a page has no picture in %s\n", demo.pictures);
    return false;
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
        is_ok = end_house() && write_montage();
    return is_ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ---- by hand */

static const char help_text[] =
    "card yamada|sato        put that My Number card on the reader (PIN 1234, 2580)\n"
    "felica                  put 佐藤's hospital card on the reader\n"
    "take                    take the card away\n"
    "call DESK [NUMBER]      the desk calls (desk 1: internal medicine, 2: eye, 9: reception)\n"
    "finish DESK NUMBER      the stage is done\n"
    "acts NUMBER CODE…       record acts, a bill follows: 111000110 160008010 160000310\n"
    "show NUMBER             what is known of the visit\n"
    "paper out|in            empty or fill the printer's tray\n"
    "terminal COMMAND        e.g. terminal decline, terminal drop-response\n"
    "reader COMMAND          e.g. reader fault silence, reader help\n"
    "oqs COMMAND             e.g. oqs fault not-found\n"
    "ledger                  sums of the accounts\n"
    "quit\n";

static void
print_file(const char *path)
{
    char line[256];
    FILE *file = fopen(path, "re");

    while (file && fgets(line, sizeof line, file))
        fputs(line, stdout);
    if (file)
        fclose(file);
}

/* sugu-admin with the words of the line; what it said is shown, whatever its end. */
static void
run_admin(char *line)
{
    char program[512], command[2048];

    snprintf(command, sizeof command,
             "%s --standalone '%s' --facility 1 --server '%s' --server-key '%s.pub' "
             "--key '%s/desk-1.key' %s",
             sugu_hospital_program("queue-server/sugu-admin", program), demo.folder,
             demo.house.hospital.endpoint, demo.house.hospital.server_key, demo.folder, line);
    if (system(command) != 0)
        puts("(refused)");
}

static void
obey(char *line)
{
    char rest[200];

    snprintf(rest, sizeof rest, "%s", strchr(line, ' ') ? strchr(line, ' ') + 1 : "");
    if (strncmp(line, "card ", 5) == 0) {
        char words[256];
        snprintf(words, sizeof words, "put my-number %s", rest);
        house_say(&demo.house, HOUSE_READER_EMULATOR, words);
    } else if (strcmp(line, "felica") == 0) {
        house_say(&demo.house, HOUSE_READER_EMULATOR, "put felica 0114b34d5c2f9a01");
    } else if (strcmp(line, "take") == 0) {
        house_say(&demo.house, HOUSE_READER_EMULATOR, "take");
    } else if (strncmp(line, "paper ", 6) == 0) {
        house_say(&demo.house, HOUSE_PRINTER_EMULATOR, line);
    } else if (strncmp(line, "terminal ", 9) == 0) {
        house_say(&demo.house, HOUSE_TERMINAL_EMULATOR, rest);
    } else if (strncmp(line, "reader ", 7) == 0) {
        house_say(&demo.house, HOUSE_READER_EMULATOR, rest);
    } else if (strncmp(line, "oqs ", 4) == 0) {
        house_say(&demo.house, HOUSE_QUALIFICATION_EMULATOR, rest);
    } else if (strncmp(line, "call", 4) == 0 || strncmp(line, "finish", 6) == 0 ||
               strncmp(line, "acts", 4) == 0 || strncmp(line, "show", 4) == 0 ||
               strcmp(line, "ledger") == 0) {
        run_admin(line);
    } else {
        fputs(help_text, stdout);
    }
}

START_TEST(by_hand)
{
    char line[512], setup[300];

    house_init(&demo.house, demo.folder, &(struct house_options){.has_user_display = true});
    demo.is_started = true;
    snprintf(setup, sizeof setup, "%s/people", demo.folder);
    puts("\nThe hospital is open. People and their appointments:");
    print_file(setup);
    printf("\n%s", help_text);
    while (fputs("> ", stdout), fflush(stdout), fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        if (strcmp(line, "quit") == 0)
            break;
        if (*line)
            obey(line);
    }
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
    setenv("CK_VERBOSITY", "minimal", 1);
    unsetenv("CK_TAP_LOG_FILE_NAME");
    demo.folder = argv[1];
    demo.out = argc == 4 ? argv[3] : NULL;
    return keeper_run(play, NULL);
}
