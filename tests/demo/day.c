/* SPDX-License-Identifier: Apache-2.0 */
/*
 * day - one patient's day, step by step, through the real programs and the real screens
 */
#include "demo/day.h"

#include "demo/show.h"
#include "testlib/checks.h"
#include "testlib/facts.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIOSK  "sugu-kiosk"
#define WAIT_S 20

/* Totals of the bills in some states, each as it was last revised. */
#define BILLS_SQL                                                                                  \
    "SELECT coalesce(sum(total_yen), 0)::bigint FROM bill JOIN bill_revision "                     \
    "USING (facility, bill, revision) WHERE state "

static void
expect_page(struct day *day, const char *page)
{
    sugu_screen_expect(&day->house->screen, KIOSK, page, WAIT_S);
}

static void
press(struct day *day, const char *button)
{
    sugu_screen_press(&day->house->screen, KIOSK, button);
}

static void
press_digits(struct day *day, const char *digits)
{
    char digit[2] = "";

    for (; *digits; digits++) {
        digit[0] = *digits;
        press(day, digit);
    }
    press(day, "決定");
}

static void
press_until(struct day *day, const char *button, const char *page)
{
    sugu_screen_press_until(&day->house->screen, KIOSK, button, page, WAIT_S);
}

static void
admin(struct day *day, const char *const *words)
{
    sugu_hospital_admin(&day->house->hospital, 0, NULL, words);
}

/* The value behind "NAME " in what `sugu-admin show` prints; "" where there is none. */
static void
show(struct day *day, const char *name, char *value, size_t size)
{
    char path[256], line[256];
    FILE *file;

    sugu_hospital_admin(&day->house->hospital, 0, path,
                        (const char *const[]){"show", day->number, NULL});
    *value = '\0';
    file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ' ')
            snprintf(value, size, "%.*s", (int)strcspn(line + strlen(name) + 1, "\n"),
                     line + strlen(name) + 1);
    fclose(file);
}

struct awaited {
    struct day *day;
    const char *name, *value;
    char last[256];
};

static bool
shows_value(void *user)
{
    struct awaited *awaited = user;

    show(awaited->day, awaited->name, awaited->last, sizeof awaited->last);
    return strncmp(awaited->last, awaited->value, strlen(awaited->value)) == 0;
}

static void
await(struct day *day, const char *name, const char *value)
{
    struct awaited awaited = {.day = day, .name = name, .value = value};

    ck_assert_msg(sugu_wait_until(shows_value, &awaited, WAIT_S), "%s is \"%s\", expected \"%s\"",
                  name, awaited.last, value);
}

/* ---- papers */

struct papers {
    struct day *day;
    int wanted;
};

static int
count_papers(struct day *day, const char *word, char *newest, size_t size)
{
    char folder[300];
    DIR *files;
    struct dirent *entry;
    int count = 0;

    snprintf(folder, sizeof folder, "%s/ipp/papers", day->house->hospital.folder);
    files = opendir(folder);
    while (files && (entry = readdir(files)))
        if (strstr(entry->d_name, ".pdf") && entry->d_name[0] != '.' &&
            (!word || strstr(entry->d_name, word))) {
            count++;
            if (newest)
                snprintf(newest, size, "%s/%s", folder, entry->d_name);
        }
    if (files)
        closedir(files);
    return count;
}

static bool
has_papers(void *user)
{
    struct papers *papers = user;

    return count_papers(papers->day, NULL, NULL, 0) >= papers->wanted;
}

static void
await_papers(struct day *day, int wanted)
{
    struct papers papers = {day, wanted};

    ck_assert_msg(sugu_wait_until(has_papers, &papers, WAIT_S), "%d papers expected", wanted);
}

static void
copy_papers(struct day *day)
{
    char command[700];

    snprintf(command, sizeof command, "cp '%s/ipp/papers/'*.pdf '%s/papers/'",
             day->house->hospital.folder, day->out);
    ck_assert_int_eq(system(command), 0);
}

/* What a scanner reads off the paper: the PDF becomes a picture, and the picture is decoded. */
static void
read_qr(struct day *day, const char *pdf)
{
    char command[1200];
    FILE *pipe;

    snprintf(
        command, sizeof command,
        "pdftoppm -r 200 -png -singlefile '%s' '%s/qr' && zbarimg -q --nodbus --raw '%s/qr.png'",
        pdf, day->house->hospital.folder, day->house->hospital.folder);
    pipe = popen(command, "re");
    ck_assert_ptr_nonnull(pipe);
    ck_assert_msg(fgets(day->qr, sizeof day->qr, pipe) != NULL, "the QR cannot be read: %s", pdf);
    day->qr[strcspn(day->qr, "\n")] = '\0';
    ck_assert_int_eq(pclose(pipe), 0);
}

/* ---- the steps */

static void
put_card(struct day *day)
{
    expect_page(day, "welcome");
    /* Over the air each exchange with a card takes its time. */
    house_say(day->house, HOUSE_READER_EMULATOR, "fault late command=64 ms=20");
    house_say(day->house, HOUSE_READER_EMULATOR, "put my-number yamada");
    expect_page(day, "pin");
}

static void
enter_pin(struct day *day)
{
    press_digits(day, "1234");
    expect_page(day, "confirm");
    ck_assert(sugu_screen_shows(&day->house->screen, KIOSK, "内科"));
}

/* "A-001": a series, three digits. */
static bool
is_number(const char *text)
{
    return strlen(text) == 5 && isupper((unsigned char)text[0]) && text[1] == '-' &&
           strspn(text + 2, "0123456789") == 3;
}

static void
confirm(struct day *day)
{
    press_until(day, "はい", "ticket");
    ck_assert(
        sugu_screen_find(&day->house->screen, KIOSK, is_number, day->number, sizeof day->number));
    await(day, "number", day->number);
}

static void
ticket_comes_out(struct day *day)
{
    char paper[400] = "";

    await(day, "paper", "ticket out");
    await_papers(day, 1);
    count_papers(day, NULL, paper, sizeof paper);
    read_qr(day, paper);
    press_until(day, "終わる", "take-card");
    house_say(day->house, HOUSE_READER_EMULATOR, "take");
    expect_page(day, "welcome");
}

/* Others wait here too: this number is meant. */
static void
desk_calls(struct day *day)
{
    admin(day, (const char *const[]){"call", "1", day->number, NULL});
}

static void
desk_finishes(struct day *day)
{
    admin(day, (const char *const[]){"finish", "1", day->number, NULL});
    await(day, "state", "awaiting-bill");
}

static void
come_back(struct day *day)
{
    sugu_screen_scan(&day->house->screen, day->qr);
    expect_page(day, "birthday");
    press_digits(day, "0415");
    expect_page(day, "no-bill");
}

/* When the page was painted, by the kiosk's own clock, which is the server's here; 0 = never. */
static int64_t
shown_utc_us(struct day *day, const char *page)
{
    char path[300], line[128], name[64];
    long long utc_us, found = 0;
    FILE *file;

    snprintf(path, sizeof path, "%s/screens/pages", day->out);
    file = fopen(path, "re");
    while (file && !found && fgets(line, sizeof line, file))
        if (sscanf(line, "%lld %63s", &utc_us, name) == 2 && strcmp(name, page) == 0)
            found = utc_us;
    if (file)
        fclose(file);
    return found;
}

static bool
is_bill_painted(void *user)
{
    return shown_utc_us(user, "bill") > 0;
}

/* From when the server took the bill in until its page was painted. */
static void
bill_arrives(struct day *day)
{
    struct sugu_facts facts;
    char sql[400];
    int64_t made_utc_us;

    admin(day, (const char *const[]){"acts", day->number, "111000110", "160008010", NULL});
    expect_page(day, "bill");
    ck_assert(sugu_wait_until(is_bill_painted, day, WAIT_S));
    snprintf(sql, sizeof sql,
             "SELECT (extract(epoch FROM announced_at) * 1000000)::bigint "
             "FROM bill_revision JOIN bill USING (facility, bill) "
             "JOIN visit v USING (facility, visit) WHERE bill_revision.revision = 1 "
             "AND v.day = (SELECT max(day) FROM visit) AND v.series = '%c' AND v.number = %ld",
             day->number[0], strtol(day->number + 2, NULL, 10));
    sugu_facts_init(&facts, day->house->hospital.folder);
    made_utc_us = sugu_facts_number(&facts, sql);
    sugu_facts_done(&facts);
    day->push_ms = (double)(shown_utc_us(day, "bill") - made_utc_us) / 1000.0;
    ck_assert(day->push_ms > 0);
}

static void
bill_is_revised(struct day *day)
{
    char bill[256], path[300];

    admin(day,
          (const char *const[]){"acts", day->number, "111000110", "160008010", "160000310", NULL});
    await(day, "bill", "revision=2");
    show(day, "bill", bill, sizeof bill);
    ck_assert_int_eq(sscanf(bill, "revision=2 state=%*d total=%ld", &day->bill_yen), 1);
    /* The same page with another amount is no new page: photographed off the display. */
    snprintf(path, sizeof path, "%s/screens/bill-revised.png", day->out);
    sugu_screen_save(&day->house->screen, path);
}

/* The button on the bill begins with the amount. */
static void
choose_card(struct day *day)
{
    char button[64];

    if (day->bill_yen < 1000)
        snprintf(button, sizeof button, "%ld円を", day->bill_yen);
    else
        snprintf(button, sizeof button, "%ld,%03ld円を", day->bill_yen / 1000,
                 day->bill_yen % 1000);
    press_until(day, button, "choose-way");
    press_until(day, "クレジットカード", "paying");
}

static void
pay(struct day *day)
{
    char charged[256];
    long offset = 0;

    /* The terminal waits for the patient's card. */
    house_say(day->house, HOUSE_TERMINAL_EMULATOR, "stall");
    choose_card(day);
    house_say(day->house, HOUSE_TERMINAL_EMULATOR, "release");
    expect_page(day, "paid");
    await(day, "state", "settled");
    house_say(day->house, HOUSE_TERMINAL_EMULATOR, "charged");
    sugu_process_expect(&day->house->parts[HOUSE_TERMINAL_EMULATOR], "yen=", &offset, charged,
                        sizeof charged, WAIT_S);
    ck_assert_msg(sscanf(charged, "%*[^=]=%ld charges=1 twins=0", &day->paid_yen) == 1, "%s",
                  charged);
    ck_assert_int_eq(day->paid_yen, day->bill_yen);
}

static void
papers_come_out(struct day *day)
{
    await_papers(day, 3);
    copy_papers(day);
}

static void
leave(struct day *day)
{
    press_until(day, "終わる", "welcome");
    await(day, "state", "left");
}

/* ---- the books */

static long
ledger_yen(struct day *day, const char *account)
{
    size_t size = strlen(account);

    for (const char *line = day->ledger; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, account, size) == 0 && line[size] == ' ')
            return strtol(line + size, NULL, 10);
    }
    ck_abort_msg("no account %s: %s", account, day->ledger);
}

/* What all have paid: by the terminals' own count, by the bills, by the ledger; and what is still
 * to be paid. */
static void
books_agree(struct day *day)
{
    struct sugu_facts facts;
    char path[256];
    long settled_yen;
    FILE *file;

    ward_tell_morning(day->ward, "pace 0", &day->morning);
    ck_assert_uint_eq(day->morning.troubles, 0);
    sugu_hospital_admin(&day->house->hospital, 0, path, (const char *const[]){"ledger", NULL});
    file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    day->ledger[fread(day->ledger, 1, sizeof day->ledger - 1, file)] = '\0';
    fclose(file);
    day->terminals_yen = ward_terminals_yen(day->ward);
    sugu_facts_init(&facts, day->house->hospital.folder);
    settled_yen = (long)sugu_facts_number(&facts, BILLS_SQL "= 4");
    day->open_bills_yen = (long)sugu_facts_number(&facts, BILLS_SQL "IN (0, 1, 3, 7)");
    sugu_facts_done(&facts);
    ck_assert_int_eq(ledger_yen(day, "sum"), 0);
    ck_assert_int_eq(ledger_yen(day, "card-clearing"), day->terminals_yen);
    ck_assert_int_eq(settled_yen, day->terminals_yen);
    ck_assert_int_eq(day->morning.paid_yen + day->paid_yen, day->terminals_yen);
    ck_assert_int_eq(ledger_yen(day, "receivable"), day->open_bills_yen);
}

const struct day_step day_steps[] = {
    {"morning-is-played", show_morning},
    {"windows-open", show_windows},
    {"card-on-reader", put_card},
    {"pin-identifies", enter_pin},
    {"insurance-verified-ticket-issued", confirm},
    {"ticket-printed", ticket_comes_out},
    {"phone-shows-the-wait", show_phone_waiting},
    {"desk-calls", desk_calls},
    {"phone-is-called", show_phone_called},
    {"board-calls", show_board_call},
    {"clerk-signs-in", show_sign_in},
    {"desk-shows-queues", show_desk_queues},
    {"desk-shows-cases", show_desk_cases},
    {"desk-finds-people", show_desk_people},
    {"desk-shows-today", show_desk_today},
    {"desk-finishes", desk_finishes},
    {"patient-comes-back-with-ticket", come_back},
    {"bill-arrives-on-screen", bill_arrives},
    {"bill-is-revised", bill_is_revised},
    {"phone-has-the-bill", show_phone_bill},
    {"board-has-the-bill", show_board_bill},
    {"paid-by-card", pay},
    {"receipt-and-statement-printed", papers_come_out},
    {"patient-leaves", leave},
    {"phone-says-leave", show_phone_leave},
    {"desk-shows-kiosks", show_desk_kiosks},
    {"books-agree", books_agree},
};
const size_t day_step_count = SUGU_ARRAY_SIZE(day_steps);
