/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ward - what the demo has beside the house of one kiosk
 */
#include "demo/ward.h"

#include "demo/line.h"
#include "demo/past.h"
#include "demo/town.h"
#include "testlib/checks.h"

#include "domain/date.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define START_S    30
#define MORNING_S  120 /* where the machine is busy */
#define BEFORE_MIN 80  /* the morning that is played at once, as sugu-morning has it */

static const char *const part_names[WARD_PART_COUNT] = {"emulate-terminal-2", "sugu-payment-2",
                                                        "sugu-morning",       "sugu-desk",
                                                        "sugu-board",         "sugu-board-tall"};

/* ---- before the house */

static char *
write_text(void (*write)(FILE *file, unsigned begins_min), unsigned begins_min)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    ck_assert_ptr_nonnull(file);
    write(file, begins_min);
    fclose(file);
    return text;
}

static void
write_insured(FILE *file, unsigned begins_min)
{
    (void)begins_min;
    town_write_insured(file);
}

static void
make_shift(const char *folder)
{
    char path[300];
    int file;

    snprintf(path, sizeof path, "%s/shift", folder);
    mkdir(folder, 0700);
    file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(ftruncate(file, 8), 0);
    close(file);
}

void
ward_prepare(struct ward *ward, const char *folder, struct house_options *options)
{
    static const char *const quick_insurance[] = {"--scan-ms", "20", "--stable-ms", "10", NULL};
    const struct sugu_clock *clock = sugu_clock_system();
    int64_t minute = clock->utc_us(clock) / SUGU_MINUTE + SUGU_JAPAN_OFFSET_MINUTES - BEFORE_MIN;

    memset(ward, 0, sizeof *ward);
    ward->is_headless = !options->has_user_display;
    ward->people = write_text(town_write_setup, (unsigned)(minute % 1440));
    ward->insured = write_text(write_insured, 0);
    make_shift(folder);
    snprintf(ward->shift, sizeof ward->shift, "SUGU_CLOCK_SHIFT=%.40s/shift", folder);
    ward->server_environment[0] = "LD_PRELOAD=" SUGU_SHIFT_CLOCK;
    ward->server_environment[1] = ward->shift;
    options->server_environment = ward->server_environment;
    options->people = ward->people;
    options->insured = ward->insured;
    options->more[HOUSE_INSURANCE] = quick_insurance;
    options->has_phones = true;
}

/* ---- parts */

static void
spawn(struct ward *ward, enum ward_part part, struct line *line, const char *const *environment)
{
    char log[300];

    snprintf(log, sizeof log, "%s/%s.log", ward->house->hospital.folder, part_names[part]);
    sugu_process_spawn(&ward->parts[part], log, line->words, environment);
}

/* The rest of the line that begins with `word`. */
static const char *
take_word(struct ward *ward, enum ward_part part, const char *word, char line[512])
{
    long offset = 0;
    char *at;

    sugu_process_expect(&ward->parts[part], word, &offset, line, 512, START_S);
    line[strcspn(line, "\n")] = '\0';
    at = strstr(line, word) + strlen(word);
    return at + strspn(at, " ");
}

static void
start_payment(struct ward *ward)
{
    struct sugu_hospital *hospital = &ward->house->hospital;
    struct line line;
    char said[512];

    line_begin(&line, "tests/emulators/emulate-terminal");
    line_add(&line, "%s/terminal-2", hospital->folder);
    spawn(ward, WARD_TERMINAL_EMULATOR, &line, NULL);
    line_begin(&line, "payment/sugu-payment");
    line_add(&line, "--listen");
    line_add(&line, "ipc://%s/ipc/payment-2", hospital->folder);
    line_add_option(&line, "terminal", take_word(ward, WARD_TERMINAL_EMULATOR, "address ", said));
    line_add_option(&line, "terminal-root", take_word(ward, WARD_TERMINAL_EMULATOR, "root ", said));
    line_add_option(&line, "terminal-key", take_word(ward, WARD_TERMINAL_EMULATOR, "key ", said));
    line_add_option(&line, "poi-id", take_word(ward, WARD_TERMINAL_EMULATOR, "poi ", said));
    line_add_option(&line, "sale-id", "KIOSK-2");
    line_add_connection(&line, hospital, "payment-2", /* is_stateless= */ false);
    spawn(ward, WARD_PAYMENT, &line, NULL);
    sugu_process_expect(&ward->parts[WARD_PAYMENT], "is_offered=yes", NULL, NULL, 0, START_S);
}

static void
start_morning(struct ward *ward)
{
    struct line line;

    line_begin(&line, "tests/demo/sugu-morning");
    line_add(&line, "%s", ward->house->hospital.folder);
    line_add(&line, "%s", ward->house->hospital.endpoint);
    if (ward->is_headless)
        line_add(&line, "own"); /* the day's patient is called by the day */
    spawn(ward, WARD_MORNING, &line, NULL);
}

/* ---- people at the desks */

/* The password is a line of sugu-admin's standard input. */
static void
add_staff(struct ward *ward, const char *user, const char *name, const char *role)
{
    struct sugu_hospital *hospital = &ward->house->hospital;
    struct sugu_process admin;
    struct line line;
    char log[300];

    line_begin(&line, "queue-server/sugu-admin");
    line_add_option(&line, "standalone", hospital->folder);
    line_add_option(&line, "facility", "1");
    line_add(&line, "staff");
    line_add(&line, "%s", user);
    line_add(&line, "%s", name);
    line_add(&line, "%s", role);
    line_add(&line, "password");
    snprintf(log, sizeof log, "%s/staff.log", hospital->folder);
    sugu_process_spawn(&admin, log, line.words, NULL);
    sugu_process_say(&admin, WARD_PASSWORD);
    ck_assert_int_eq(sugu_process_wait(&admin, START_S), 0);
}

void
ward_init(struct ward *ward, struct house *house)
{
    static const char *const clients[][3] = {
        {"front-1", "desk", "front-1"},  {"rooms", "desk", "rooms"},
        {"kiosk-2", "kiosk", "kiosk-2"}, {"payment-2", "payment", "kiosk-2"},
        {"board-1", "board", "board-1"}, {"board-2", "board", "board-2"},
    };

    ward->house = house;
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(clients); i++)
        sugu_hospital_add_client(&house->hospital, clients[i][0], clients[i][1], clients[i][2]);
    sugu_hospital_admin(&house->hospital, 0, NULL,
                        (const char *const[]){"sign-in", "front-1", "needed", NULL});
    past_write(&house->hospital);
    start_payment(ward);
    start_morning(ward);
    add_staff(ward, WARD_CLERK, "田中 美咲", "clerk");
    add_staff(ward, WARD_SUPERVISOR, "木村 誠", "supervisor");
}

static void
read_counts(const char *line, struct ward_counts *ret_counts)
{
    struct ward_counts counts;
    const char *at = strstr(line, "arrived=");

    ck_assert_msg(at && sscanf(at,
                               "arrived=%u sent_to_desk=%u called=%u missed=%u parked=%u "
                               "finished=%u billed=%u paid=%u paid_yen=%ld troubles=%u",
                               &counts.arrived, &counts.sent_to_desk, &counts.called,
                               &counts.missed, &counts.parked, &counts.finished, &counts.billed,
                               &counts.paid, &counts.paid_yen, &counts.troubles) == 10,
                  "%s", line);
    *ret_counts = counts;
}

void
ward_await_morning(struct ward *ward, struct ward_counts *ret_counts)
{
    char line[512];

    sugu_process_expect(&ward->parts[WARD_MORNING], "past played", NULL, line, sizeof line,
                        MORNING_S);
    read_counts(line, ret_counts);
    house_post_float(ward->house); /* into the day that the morning was played in */
}

void
ward_tell_morning(struct ward *ward, const char *text, struct ward_counts *ret_counts)
{
    struct stat status = {.st_size = 0};
    char line[512];
    long offset;

    stat(ward->parts[WARD_MORNING].log, &status);
    offset = (long)status.st_size;
    sugu_process_say(&ward->parts[WARD_MORNING], text);
    sugu_process_expect(&ward->parts[WARD_MORNING], "counts ", &offset, line, sizeof line,
                        MORNING_S);
    read_counts(line, ret_counts);
}

static long
terminal_yen(struct sugu_process *terminal)
{
    struct stat status = {.st_size = 0};
    char line[512];
    long offset, yen = -1;

    stat(terminal->log, &status);
    offset = (long)status.st_size;
    sugu_process_say(terminal, "charged");
    sugu_process_expect(terminal, "yen=", &offset, line, sizeof line, START_S);
    ck_assert_msg(sscanf(line, "%*[^=]=%ld charges=%*u twins=0", &yen) == 1, "%s", line);
    return yen;
}

long
ward_terminals_yen(struct ward *ward)
{
    return terminal_yen(&ward->parts[WARD_TERMINAL_EMULATOR]) +
           terminal_yen(&ward->house->parts[HOUSE_TERMINAL_EMULATOR]);
}

/* ---- windows */

/* A display of its own where nobody looks; the hand's bus is the house's. */
static const char *const *
open_display(struct ward *ward, enum ward_part part, int width, int height, const char *words[8])
{
    struct sugu_screen *screen = &ward->screens[part];
    const char *const *shared = sugu_screen_environment(&ward->house->screen);
    char folder[200];
    size_t count = 0;

    if (!ward->is_headless)
        return shared;
    snprintf(folder, sizeof folder, "%s/x/%s", ward->house->hospital.folder, part_names[part]);
    mkdir(folder, 0700);
    sugu_screen_init_bare(screen, folder, width, height);
    words[count++] = sugu_screen_environment(screen)[0];
    for (; *shared; shared++)
        if (strncmp(*shared, "DISPLAY=", 8) != 0)
            words[count++] = *shared;
    words[count] = NULL;
    return words;
}

static void
start_desk(struct ward *ward)
{
    const char *words[8];
    struct line line;

    line_begin(&line, "desk/console/sugu-desk");
    line_add_option(&line, "desk", "1");
    line_add_option(&line, "facility-name", "すぐ総合病院");
    line_add_option(&line, "locale-folder", SUGU_BUILD_ROOT "/assets/po-desk");
    line_add_connection(&line, &ward->house->hospital, "front-1", /* is_stateless= */ false);
    spawn(ward, WARD_DESK, &line, open_display(ward, WARD_DESK, 1440, 900, words));
}

static void
start_board(struct ward *ward, enum ward_part part, int width, int height)
{
    const char *words[8];
    struct line line;

    line_begin(&line, "desk/board/sugu-board");
    line_add_option(&line, "title", "1階 外来");
    line_add_option(&line, "voice-folder", SUGU_SOURCE_ROOT "/assets/voice");
    line_add_option(&line, "viewing-distance-dm", "42");
    line_add_option(&line, "screen-width-mm", width > height ? "1210" : "680");
    line_add_option(&line, "screen-height-mm", width > height ? "680" : "1210");
    line_add(&line, "--width");
    line_add(&line, "%d", width);
    line_add(&line, "--height");
    line_add(&line, "%d", height);
    line_add(&line, "--measure");
    if (ward->is_headless)
        line_add_option(&line, "sound", "");
    line_add_connection(&line, &ward->house->hospital, part == WARD_BOARD ? "board-1" : "board-2",
                        /* is_stateless= */ true);
    spawn(ward, part, &line, open_display(ward, part, width, height, words));
}

void
ward_open_windows(struct ward *ward)
{
    start_desk(ward);
    if (ward->is_headless) {
        start_board(ward, WARD_BOARD, 1920, 1080);
        start_board(ward, WARD_TALL_BOARD, 1080, 1920);
    } else {
        start_board(ward, WARD_BOARD, 960, 540);
    }
}

void
ward_done(struct ward *ward)
{
    for (int part = WARD_PART_COUNT - 1; part >= 0; part--) {
        if (ward->parts[part].pid > 0)
            sugu_process_end(&ward->parts[part], SIGTERM);
        if (ward->screens[part].xvfb.pid > 0)
            sugu_process_end(&ward->screens[part].xvfb, SIGTERM);
    }
    free(ward->people);
    free(ward->insured);
    ward->people = ward->insured = NULL;
}
