/* SPDX-License-Identifier: Apache-2.0 */
/*
 * house - the whole hospital on one machine: every program, every device emulated in its own bytes
 */
#include "demo/house-private.h"

#include "testlib/checks.h"
#include "testlib/folder.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENVIRONMENT_MAX 12

/* The screen's, and for the kiosk what makes pictures of its pages. */
static void
fill_environment(struct house *house,
                 enum house_part part,
                 char pictures[static 320],
                 const char *environment[static ENVIRONMENT_MAX])
{
    const char *const *words = sugu_screen_environment(&house->screen);
    size_t count = 0;

    for (; *words; words++) {
        ck_assert_uint_lt(count, ENVIRONMENT_MAX - 3);
        environment[count++] = *words;
    }
    if (part == HOUSE_KIOSK && house->options.pictures) {
        snprintf(pictures, 320, "SUGU_PICTURES=%s", house->options.pictures);
        environment[count++] = pictures;
        environment[count++] = "LD_PRELOAD=" SUGU_PICTURE_PAGES;
    }
    environment[count] = NULL;
}

void
house_spawn(struct house *house, enum house_part part, struct line *line)
{
    const char *const *more = house->options.more[part];
    const char *environment[ENVIRONMENT_MAX];
    char log[300], pictures[320];

    for (; more && *more; more++)
        line_add(line, "%s", *more);
    snprintf(log, sizeof log, "%s/%s.log", house->hospital.folder, house_part_name(part));
    unlink(log);
    fill_environment(house, part, pictures, environment);
    sugu_process_spawn(&house->parts[part], log, line->words, environment);
}

void
house_take_word(struct house *house, enum house_part part, const char *word, char *to, size_t size)
{
    char line[512];
    long offset = 0;
    const char *at;

    sugu_process_expect(&house->parts[part], word, &offset, line, sizeof line, HOUSE_START_S);
    at = strstr(line, word) + strlen(word);
    at += strspn(at, " ");
    snprintf(to, size, "%.*s", (int)strcspn(at, "\n"), at);
}

const char *
house_part_name(enum house_part part)
{
    static const char *const names[] = {
        "emulate-reader", "emulate-printer",       "emulate-terminal", "emulate-qualification",
        "emulate-cash",   "emulate-code-provider", "sugu-reader",      "sugu-printer",
        "sugu-payment",   "sugu-insurance",        "sugu-fee",         "sugu-web",
        "sugu-kiosk"};

    return names[part];
}

/* ---- emulators */

static void
make_cards(const char *folder)
{
    struct line line;
    char log[300];

    line_begin(&line, "tests/emulators/make-cards");
    line_add(&line, "%s/cards", folder);
    snprintf(log, sizeof log, "%s/make-cards.log", folder);
    ck_assert_int_eq(sugu_process_run(log, line.words, NULL), 0);
}

static void
start_reader_emulator(struct house *house)
{
    const char *folder = house->hospital.folder;
    struct line line;

    if (!sugu_test_cards_copy(folder))
        make_cards(folder);
    line_begin(&line, "tests/emulators/emulate-reader");
    line_add(&line, "--cards");
    line_add(&line, "%s/cards", folder);
    line_add(&line, "--link");
    line_add(&line, "%s/reader-tty", folder);
    house_spawn(house, HOUSE_READER_EMULATOR, &line);
    house_take_word(house, HOUSE_READER_EMULATOR, "reader ", house->reader_device,
                    sizeof house->reader_device);
}

static void
start_printer_emulator(struct house *house)
{
    struct line line;

    line_begin(&line, "tests/emulators/emulate-printer");
    line_add(&line, "%s/ipp", house->hospital.folder);
    house_spawn(house, HOUSE_PRINTER_EMULATOR, &line);
    house_take_word(house, HOUSE_PRINTER_EMULATOR, "ipp://", house->printer_uri + 6,
                    sizeof house->printer_uri - 6);
    memcpy(house->printer_uri, "ipp://", 6);
}

static void
start_terminal_emulator(struct house *house)
{
    struct line line;

    line_begin(&line, "tests/emulators/emulate-terminal");
    line_add(&line, "%s/terminal", house->hospital.folder);
    house_spawn(house, HOUSE_TERMINAL_EMULATOR, &line);
    house_take_word(house, HOUSE_TERMINAL_EMULATOR, "address ", house->terminal_address,
                    sizeof house->terminal_address);
    house_take_word(house, HOUSE_TERMINAL_EMULATOR, "root ", house->terminal_root,
                    sizeof house->terminal_root);
    house_take_word(house, HOUSE_TERMINAL_EMULATOR, "key ", house->terminal_key,
                    sizeof house->terminal_key);
    house_take_word(house, HOUSE_TERMINAL_EMULATOR, "poi ", house->terminal_poi,
                    sizeof house->terminal_poi);
}

static void
start_qualification_emulator(struct house *house)
{
    struct line line;
    char people[300];
    FILE *file;

    snprintf(people, sizeof people, "%s/insured", house->hospital.folder);
    file = fopen(people, "we");
    ck_assert_ptr_nonnull(file);
    fputs("insurer=06130488 symbol=1234 number=5678901 branch=01 birth=19580415 name=山田　太郎 "
          "ratio=030\n"
          "insurer=33120015 symbol=77 number=123456 branch=02 birth=19910822 name=佐藤　花子 "
          "ratio=030\n",
          file);
    if (house->options.insured)
        fputs(house->options.insured, file);
    fclose(file);
    line_begin(&line, "tests/emulators/emulate-qualification");
    line_add(&line, "--oqs-folder");
    line_add(&line, "%s/oqs", house->hospital.folder);
    line_add_option(&line, "institution-code", SUGU_HOSPITAL_CODE);
    line_add_option(&line, "people", people);
    house_spawn(house, HOUSE_QUALIFICATION_EMULATOR, &line);
    sugu_process_expect(&house->parts[HOUSE_QUALIFICATION_EMULATOR], "ready", NULL, NULL, 0,
                        HOUSE_START_S);
}

/* ---- programs */

static void
add_ipc(struct line *line, struct house *house, const char *option, const char *name)
{
    line_add(line, "--%s", option);
    line_add(line, "ipc://%s/ipc/%s", house->hospital.folder, name);
}

static void
start_reader(struct house *house)
{
    struct line line;

    line_begin(&line, "kiosk/reader/sugu-reader");
    add_ipc(&line, house, "listen", "reader");
    line_add_option(&line, "device", house->reader_device);
    line_add(&line, "--roots");
    line_add(&line, "%s/cards/roots", house->hospital.folder);
    house_spawn(house, HOUSE_READER, &line);
}

static void
start_printer(struct house *house)
{
    struct line line;

    line_begin(&line, "printer/sugu-printer");
    add_ipc(&line, house, "listen", "printer");
    line_add_option(&line, "printer", house->printer_uri);
    line_add(&line, "--spool-folder");
    line_add(&line, "%s/spool", house->hospital.folder);
    line_add_connection(&line, &house->hospital, "printer-1", /* is_stateless= */ false);
    house_spawn(house, HOUSE_PRINTER, &line);
}

static void
start_payment(struct house *house)
{
    struct line line;

    line_begin(&line, "payment/sugu-payment");
    add_ipc(&line, house, "listen", "payment");
    line_add_option(&line, "terminal", house->terminal_address);
    line_add_option(&line, "terminal-root", house->terminal_root);
    line_add_option(&line, "terminal-key", house->terminal_key);
    line_add_option(&line, "poi-id", house->terminal_poi);
    line_add_option(&line, "sale-id", "kiosk-1");
    house_add_ways(house, &line);
    line_add_connection(&line, &house->hospital, "payment-1", /* is_stateless= */ false);
    house_spawn(house, HOUSE_PAYMENT, &line);
}

static void
start_insurance(struct house *house)
{
    struct line line;

    line_begin(&line, "gateways/insurance/sugu-insurance");
    line_add(&line, "--oqs-folder");
    line_add(&line, "%s/oqs", house->hospital.folder);
    line_add_option(&line, "institution-code", SUGU_HOSPITAL_CODE);
    line_add(&line, "--set-aside-folder");
    line_add(&line, "%s/aside", house->hospital.folder);
    line_add_connection(&line, &house->hospital, "insurance", /* is_stateless= */ false);
    house_spawn(house, HOUSE_INSURANCE, &line);
}

static void
start_fee(struct house *house)
{
    struct line line;

    line_begin(&line, "gateways/fee/sugu-fee");
    line_add_option(&line, "master", SUGU_SOURCE_ROOT "/assets/fee/acts-sample.csv");
    line_add_option(&line, "own-prices", SUGU_SOURCE_ROOT "/assets/fee/own-prices-sample.csv");
    line_add(&line, "--postings-folder");
    line_add(&line, "%s/postings", house->hospital.folder);
    line_add_connection(&line, &house->hospital, "fee", /* is_stateless= */ false);
    house_spawn(house, HOUSE_FEE, &line);
}

static void
start_web(struct house *house)
{
    struct line line;
    char port[32];

    line_begin(&line, "gateways/web/sugu-web");
    line_add_option(&line, "listen", "127.0.0.1:0");
    line_add_option(&line, "locales", SUGU_BUILD_ROOT "/assets/po");
    line_add_connection(&line, &house->hospital, "web", /* is_stateless= */ false);
    house_spawn(house, HOUSE_WEB, &line);
    house_take_word(house, HOUSE_WEB, "port=", port, sizeof port);
    snprintf(house->phone_page, sizeof house->phone_page, "http://127.0.0.1:%.*s/t/",
             (int)strspn(port, "0123456789"), port);
}

static void
start_kiosk(struct house *house)
{
    struct line line;

    line_begin(&line, "kiosk/sugu-kiosk");
    add_ipc(&line, house, "reader", "reader");
    add_ipc(&line, house, "printer", "printer");
    add_ipc(&line, house, "payment", "payment");
    line_add_option(&line, "locale-folder", SUGU_BUILD_ROOT "/assets/po");
    line_add_option(&line, "facility-name", "すぐ総合病院");
    if (house->options.has_phones)
        line_add_option(&line, "phone-page", house->phone_page);
    line_add_connection(&line, &house->hospital, "kiosk-1", /* is_stateless= */ false);
    house_spawn(house, HOUSE_KIOSK, &line);
}

void
house_start_part(struct house *house, enum house_part part)
{
    switch (part) {
    case HOUSE_READER_EMULATOR:
        start_reader_emulator(house);
        break;
    case HOUSE_PRINTER_EMULATOR:
        start_printer_emulator(house);
        break;
    case HOUSE_TERMINAL_EMULATOR:
        start_terminal_emulator(house);
        break;
    case HOUSE_QUALIFICATION_EMULATOR:
        start_qualification_emulator(house);
        break;
    case HOUSE_CASH_EMULATOR:
        if (house->options.has_cash)
            house_start_cash_emulator(house);
        break;
    case HOUSE_CODE_EMULATOR:
        if (house->options.has_codes)
            house_start_code_emulator(house);
        break;
    case HOUSE_READER:
        start_reader(house);
        break;
    case HOUSE_PRINTER:
        start_printer(house);
        break;
    case HOUSE_PAYMENT:
        start_payment(house);
        break;
    case HOUSE_INSURANCE:
        start_insurance(house);
        break;
    case HOUSE_FEE:
        start_fee(house);
        break;
    case HOUSE_WEB:
        if (house->options.has_phones)
            start_web(house);
        break;
    case HOUSE_KIOSK:
        start_kiosk(house);
        break;
    case HOUSE_PART_COUNT:
        break;
    }
}

void
house_say(struct house *house, enum house_part part, const char *line)
{
    sugu_process_say(&house->parts[part], line);
}

/* The people of the emulated cards become patients; their insurance is what the emulated terminal
 * knows. */
static const char people_text[] = "patient 1001 \"山田　太郎\" 1958-04-15 male\n"
                                  "patient 1002 \"佐藤　花子\" 1991-08-22 female\n"
                                  "insurance 1001 06130488 1234 5678901 01\n"
                                  "insurance 1002 33120015 77 123456 02\n"
                                  "card 1002 felica 0114b34d5c2f9a01\n"
                                  "appointment 1001 internal 10:30\n"
                                  "appointment 1002 eye 11:00\n";

static void
register_house(struct house *house)
{
    static const char *const clients[][3] = {
        {"desk-1", "desk", "desk-1"},        {"kiosk-1", "kiosk", "kiosk-1"},
        {"printer-1", "printer", "kiosk-1"}, {"payment-1", "payment", "kiosk-1"},
        {"insurance", "insurance", ""},      {"fee", "fee", ""},
    };
    char path[300];
    FILE *file;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(clients); i++)
        sugu_hospital_add_client(&house->hospital, clients[i][0], clients[i][1], clients[i][2]);
    if (house->options.has_phones)
        sugu_hospital_add_client(&house->hospital, "web", "web", "");
    snprintf(path, sizeof path, "%s/people", house->hospital.folder);
    file = fopen(path, "we");
    ck_assert_ptr_nonnull(file);
    fputs(people_text, file);
    if (house->options.people)
        fputs(house->options.people, file);
    fclose(file);
    sugu_hospital_admin(&house->hospital, 0, NULL, (const char *const[]){"run", path, NULL});
}

void
house_init(struct house *house, const char *folder, const struct house_options *options)
{
    char path[300];

    memset(house, 0, sizeof *house);
    house->options = *options;
    mkdir(folder, 0700);
    sugu_hospital_init_in(&house->hospital, folder, options->server_environment);
    register_house(house);
    snprintf(path, sizeof path, "%s/x", folder);
    mkdir(path, 0700);
    if (options->has_user_display)
        sugu_screen_init_own(&house->screen, path);
    else
        sugu_screen_init(&house->screen, path, 1080, 1920);
    for (int part = 0; part < HOUSE_PART_COUNT; part++)
        house_start_part(house, (enum house_part)part);
}

void
house_done(struct house *house)
{
    for (int part = HOUSE_PART_COUNT - 1; part >= 0; part--)
        if (house->parts[part].pid > 0)
            sugu_process_end(&house->parts[part], SIGTERM);
    sugu_screen_done(&house->screen);
    sugu_hospital_done(&house->hospital, /* keep= */ true);
}
