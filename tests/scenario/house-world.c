/* SPDX-License-Identifier: Apache-2.0 */
/*
 * house-world - the whole hospital under trouble: its screen, its emulators, its database
 */
#include "scenario/house-world.h"

#include "base/text.h"
#include "testlib/checks.h"
#include "testlib/folder.h"
#include "testlib/sql.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define KIOSK  "sugu-kiosk"
#define WAIT_S 20
/* After a press: until the next one, where the page did not change. */
#define PRESS_US (450 * SUGU_MS)
#define LOOK_US  (50 * SUGU_MS) /* a look for the button goes through the whole page */

static const char first_serial[] = "0114b34d5c2fb0";

/* Quicker than in a hospital, where nobody waits for a test. */
static const char *const quick_reader[] = {"--poll-ms", "50", NULL};
static const char *const quick_printer[] = {
    "--poll-ms", "100", "--idle-poll-ms", "200", "--unconfirmed-ms", "1500", NULL};
static const char *const quick_insurance[] = {"--scan-ms", "100", "--stable-ms", "50", NULL};

static int64_t
now_us(void)
{
    return sugu_clock_system()->monotonic_us(sugu_clock_system());
}

/* Ends the test; the screen as it is now lies in the folder. */
static void give_up(struct house_world *world, const char *format, ...) SUGU_PRINTF(2, 3);

static void
give_up(struct house_world *world, const char *format, ...)
{
    char path[300], why[500];
    va_list values;

    va_start(values, format);
    vsnprintf(why, sizeof why, format, values);
    va_end(values);
    snprintf(path, sizeof path, "%s/last.png", world->folder);
    sugu_screen_save(&world->house.screen, path);
    ck_abort_msg("%s%s%s; see %s", world->trouble ? world->trouble : "", world->trouble ? ": " : "",
                 why, path);
}

/* ---- beginning and end */

static void
write_people(struct house_world *world)
{
    size_t people = 0, insured = 0;

    for (unsigned i = 0; i < HOUSE_PATIENTS; i++) {
        people += (size_t)snprintf(world->people + people, sizeof world->people - people,
                                   "patient 20%02u \"試験　%02u\" 1970-01-%02u female\n"
                                   "insurance 20%02u 06130488 1234 56780%02u 01\n"
                                   "card 20%02u felica %s%02x\n"
                                   "appointment 20%02u internal 09:00\n",
                                   i, i, i + 1, i, i, i, first_serial, i, i);
        insured += (size_t)snprintf(world->insured + insured, sizeof world->insured - insured,
                                    "insurer=06130488 symbol=1234 number=56780%02u branch=01 "
                                    "birth=197001%02u name=試験　%02u ratio=030\n",
                                    i, i + 1, i);
    }
    ck_assert_uint_lt(people, sizeof world->people);
    ck_assert_uint_lt(insured, sizeof world->insured);
}

/* What stands in a part's log already is not an answer to what is said from now on. */
static void
skip_said(struct house_world *world, enum house_part part)
{
    struct stat status = {.st_size = 0};

    stat(world->house.parts[part].log, &status);
    world->told[part] = (long)status.st_size;
}

/* One is offered before another, in any order. */
static void
await_way(struct house_world *world, const char *lane)
{
    char words[64];

    snprintf(words, sizeof words, "lane=%s is_offered=yes", lane);
    sugu_process_expect(&world->house.parts[HOUSE_PAYMENT], words, NULL, NULL, 0, WAIT_S);
}

void
house_world_init(struct house_world *world, const struct house_options *options)
{
    struct house_options all = *options;

    memset(world, 0, sizeof *world);
    world->wait_s = WAIT_S;
    world->folder = sugu_test_folder_new();
    write_people(world);
    if (!all.more[HOUSE_READER])
        all.more[HOUSE_READER] = quick_reader;
    if (!all.more[HOUSE_PRINTER])
        all.more[HOUSE_PRINTER] = quick_printer;
    if (!all.more[HOUSE_INSURANCE])
        all.more[HOUSE_INSURANCE] = quick_insurance;
    all.people = world->people;
    all.insured = world->insured;
    house_init(&world->house, world->folder, &all);
    for (int part = 0; part < HOUSE_PART_COUNT; part++)
        if (part < HOUSE_READER)
            skip_said(world, (enum house_part)part);
    sugu_facts_init(&world->facts, world->folder);
    house_world_hear(world, HOUSE_PRINTER, "printer.state code=ok", NULL, 0);
    await_way(world, "card");
    if (all.has_cash) {
        house_post_float(&world->house);
        await_way(world, "cash");
    }
    if (all.has_codes)
        await_way(world, "code");
    house_world_hear(world, HOUSE_READER, "reader.health ok=1", NULL, 0);
    house_world_page(world, "welcome");
}

void
house_world_done(struct house_world *world)
{
    if (world->has_elsewhere)
        sugu_test_client_done(&world->elsewhere);
    sugu_facts_done(&world->facts);
    house_done(&world->house);
    world->folder = sugu_test_folder_free(world->folder);
}

/* ---- emulators */

void
house_world_hear(
    struct house_world *world, enum house_part part, const char *words, char *line, size_t size)
{
    sugu_process_expect(&world->house.parts[part], words, &world->told[part], line, size, WAIT_S);
}

void
house_world_tell(struct house_world *world, enum house_part part, const char *line)
{
    house_say(&world->house, part, line);
    house_world_hear(world, part, "ok", NULL, 0);
}

void
house_world_put_card(struct house_world *world, unsigned patient)
{
    char line[64];

    house_world_tell(world, HOUSE_READER_EMULATOR, "take");
    snprintf(line, sizeof line, "put felica %s%02x", first_serial, patient);
    house_world_tell(world, HOUSE_READER_EMULATOR, line);
}

void
house_world_take_card(struct house_world *world)
{
    house_world_tell(world, HOUSE_READER_EMULATOR, "take");
}

void
house_world_kill(struct house_world *world, enum house_part part)
{
    ck_assert_int_eq(sugu_process_end(&world->house.parts[part], SIGKILL), -SIGKILL);
}

void
house_world_start(struct house_world *world, enum house_part part)
{
    house_start_part(&world->house, part);
    world->told[part] = 0; /* a log of its own */
}

/* ---- the screen */

void
house_world_page(struct house_world *world, const char *page)
{
    char shown[128];

    if (sugu_screen_await_page(&world->house.screen, KIOSK, page, world->wait_s))
        return;
    sugu_screen_page(&world->house.screen, KIOSK, shown, sizeof shown);
    give_up(world, "the page is \"%s\", expected \"%s\"", shown, page);
}

static void
await_text(struct house_world *world, const char *text, bool is_there)
{
    if (!sugu_screen_await_text(&world->house.screen, KIOSK, text, is_there, world->wait_s))
        give_up(world, "\"%s\" is %s on the screen", text, is_there ? "not" : "still");
}

void
house_world_sees(struct house_world *world, const char *text)
{
    await_text(world, text, true);
}

void
house_world_sees_no(struct house_world *world, const char *text)
{
    await_text(world, text, false);
}

void
house_world_left(struct house_world *world, const char *page, const char *next)
{
    char words[128];

    snprintf(words, sizeof words, "page.left page=%s next=%s ", page, next);
    house_world_hear(world, HOUSE_KIOSK, words, NULL, 0);
}

struct press {
    struct house_world *world;
    const char *button;
    char left[192]; /* what the kiosk's log says then … */
    long offset;    /* … behind this byte */
    int64_t again;  /* not before */
};

/* Has the page been left? Else the hand presses again: a page that has just come takes no presses
 * for a moment. */
static bool
is_left(void *user)
{
    struct press *press = user;
    struct house *house = &press->world->house;

    if (sugu_process_has_said(&house->parts[HOUSE_KIOSK], press->left, &press->offset, NULL, 0))
        return true;
    if (now_us() > press->again)
        press->again =
            now_us() + (sugu_screen_try(&house->screen, KIOSK, press->button) ? PRESS_US : LOOK_US);
    return false;
}

void
house_world_press(struct house_world *world, const char *button)
{
    struct press press = {.world = world, .button = button};
    struct stat log;
    char page[128];

    sugu_screen_page(&world->house.screen, KIOSK, page, sizeof page);
    snprintf(press.left, sizeof press.left, "page.left page=%s ", page);
    ck_assert_int_eq(stat(world->house.parts[HOUSE_KIOSK].log, &log), 0);
    press.offset = (long)log.st_size;
    if (!sugu_wait_until(is_left, &press, world->wait_s))
        give_up(world, "\"%s\" does not lead away from \"%s\"", button, page);
}

void
house_world_go(struct house_world *world, const char *button, const char *page)
{
    house_world_press(world, button);
    house_world_page(world, page);
}

void
house_world_digits(struct house_world *world, const char *digits)
{
    char digit[2] = "", entered[32];

    for (size_t i = 0; digits[i]; i++) {
        digit[0] = digits[i];
        snprintf(entered, sizeof entered, "%zuけた入力", i);
        /* A key that is down for a quarter of a second cannot be pressed again meanwhile. */
        if (memchr(digits, digits[i], i))
            house_world_sees(world, entered);
        sugu_screen_press(&world->house.screen, KIOSK, digit);
    }
    house_world_press(world, "決定");
}

void
house_world_read_code(struct house_world *world, char *code, size_t size)
{
    char path[300], command[400];
    FILE *pipe;

    snprintf(path, sizeof path, "%s/screen.png", world->folder);
    sugu_screen_save(&world->house.screen, path);
    snprintf(command, sizeof command, "zbarimg -q --raw '%s' 2>/dev/null", path);
    pipe = popen(command, "re");
    ck_assert_ptr_nonnull(pipe);
    *code = '\0';
    if (!fgets(code, (int)size, pipe))
        give_up(world, "no code can be read off the screen");
    code[strcspn(code, "\n")] = '\0';
    pclose(pipe);
}

void
house_world_come(struct house_world *world, unsigned patient)
{
    char birthday[8];

    house_world_page(world, "welcome");
    house_world_put_card(world, patient);
    house_world_page(world, "birthday");
    snprintf(birthday, sizeof birthday, "01%02u", patient + 1);
    house_world_digits(world, birthday);
}

void
house_world_check_in(struct house_world *world, unsigned patient)
{
    house_world_come(world, patient);
    house_world_page(world, "confirm");
}

void
house_world_get_ticket(struct house_world *world, unsigned patient)
{
    house_world_check_in(world, patient);
    house_world_go(world, "はい", "ticket");
}

void
house_world_leave(struct house_world *world)
{
    house_world_press(world, "終わる");
    house_world_take_card(world);
    house_world_page(world, "welcome");
}

/* ---- what staff and the database know */

void
house_world_admin(struct house_world *world, const char *const *words)
{
    sugu_hospital_admin(&world->house.hospital, 0, NULL, words);
}

void
house_world_newest(struct house_world *world, char number[static 17])
{
    const char *text = sugu_sql_text(world->facts.connection,
                                     "SELECT format('%s-%s', series, lpad(number::text, 3, '0')) "
                                     "FROM visit ORDER BY arrived_at DESC, visit DESC LIMIT 1");

    snprintf(number, 17, "%s", text);
}

struct seen {
    struct house_world *world;
    const char *number, *line;
};

static bool
is_seen(void *user)
{
    const struct seen *seen = user;
    char path[256], line[256];
    bool is_there = false;
    FILE *file;

    sugu_hospital_admin(&seen->world->house.hospital, 0, path,
                        (const char *const[]){"show", seen->number, NULL});
    file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    while (!is_there && fgets(line, sizeof line, file))
        is_there = strncmp(line, seen->line, strlen(seen->line)) == 0;
    fclose(file);
    return is_there;
}

void
house_world_staff_see(struct house_world *world, const char *number, const char *line)
{
    struct seen seen = {world, number, line};

    if (!sugu_wait_until(is_seen, &seen, world->wait_s))
        give_up(world, "staff do not see \"%s\" at %s; see admin.log", line, number);
}

void
house_world_look_again(struct house_world *world)
{
    sugu_facts_done(&world->facts);
    sugu_facts_init(&world->facts, world->folder);
}

int64_t
house_world_number(struct house_world *world, const char *sql)
{
    return sugu_facts_number(&world->facts, sql);
}

struct awaited {
    struct house_world *world;
    const char *sql;
    int64_t wanted, is;
};

static bool
is_so(void *user)
{
    struct awaited *awaited = user;

    awaited->is = house_world_number(awaited->world, awaited->sql);
    return awaited->is == awaited->wanted;
}

void
house_world_await(struct house_world *world, const char *sql, int64_t value)
{
    struct awaited awaited = {world, sql, value, 0};

    if (!sugu_wait_until(is_so, &awaited, world->wait_s))
        give_up(world, "%s: %ld, expected %ld", sql, (long)awaited.is, (long)value);
}

/* ---- money */

static Sugu__Reply *
call_elsewhere(struct house_world *world, Sugu__Request__BodyCase body_case, void *body)
{
    Sugu__Reply *reply;

    if (!world->has_elsewhere)
        sugu_test_client_init(&world->elsewhere, &world->house.hospital, "kiosk-2", "kiosk",
                              "kiosk-2");
    world->has_elsewhere = true;
    reply = sugu_test_client_call(&world->elsewhere, body_case, body, NULL);
    ck_assert_str_eq(reply->code, "");
    return reply;
}

/* Opens a session there and gets a ticket for the reception desk. */
static void
check_in_elsewhere(struct house_world *world, struct house_visit *visit)
{
    struct sugu_id session = sugu_test_id(), id = sugu_test_id();
    Sugu__OpenSession open = SUGU__OPEN_SESSION__INIT;
    Sugu__HospitalCard card = SUGU__HOSPITAL_CARD__INIT;
    Sugu__CheckIn check_in = SUGU__CHECK_IN__INIT;
    Sugu__CloseSession close = SUGU__CLOSE_SESSION__INIT;
    uint8_t serial[8] = {0x01, 0x14, 0xb3, 0x4d, 0x5c, 0x2f, 0xb0, (uint8_t)visit->patient};
    Sugu__Reply *reply;
    size_t used;

    card.kind = SUGU__CARD_KIND__CARD_FELICA;
    card.serial = (ProtobufCBinaryData){sizeof serial, serial};
    open.session = check_in.session = close.session = sugu_id_field(&session);
    open.who_case = SUGU__OPEN_SESSION__WHO_HOSPITAL_CARD;
    open.hospital_card = &card;
    open.birthday = 101 + visit->patient;
    reply = call_elsewhere(world, SUGU__REQUEST__BODY_OPEN_SESSION, &open);
    sugu__reply__free_unpacked(reply, NULL);
    check_in.visit = sugu_id_field(&id);
    reply = call_elsewhere(world, SUGU__REQUEST__BODY_CHECK_IN, &check_in);
    snprintf(visit->number, sizeof visit->number, "%s", reply->ticket->number);
    used = (size_t)snprintf(visit->code, sizeof visit->code, "SUGU1:");
    for (size_t i = 0; i < reply->ticket->token.len; i++, used += 2)
        snprintf(visit->code + used, 3, "%02x", reply->ticket->token.data[i]);
    sugu__reply__free_unpacked(reply, NULL);
    close.outcome = (char *)"ticket";
    reply = call_elsewhere(world, SUGU__REQUEST__BODY_CLOSE_SESSION, &close);
    sugu__reply__free_unpacked(reply, NULL);
}

void
house_world_bill(struct house_world *world, unsigned patient, struct house_visit *visit)
{
    char sql[300];

    *visit = (struct house_visit){.patient = patient};
    check_in_elsewhere(world, visit);
    house_world_admin(world, (const char *const[]){"call", "9", visit->number, NULL});
    house_world_admin(world, (const char *const[]){"finish", "9", visit->number, NULL});
    house_world_admin(world, (const char *const[]){"call", "1", visit->number, NULL});
    house_world_admin(world, (const char *const[]){"finish", "1", visit->number, NULL});
    house_world_admin(world, (const char *const[]){"acts", visit->number, "111000110", NULL});
    house_world_staff_see(world, visit->number, "bill revision=1");
    snprintf(sql, sizeof sql,
             "SELECT r.total_yen FROM bill_revision r JOIN bill b USING (facility, bill) "
             "JOIN visit v USING (facility, visit) WHERE v.token = '\\x%s'",
             visit->code + strlen("SUGU1:"));
    visit->bill_yen = (long)house_world_number(world, sql);
    ck_assert_int_gt(visit->bill_yen, 0);
}

Sugu__Reply *
house_world_open_elsewhere(struct house_world *world,
                           const struct house_visit *visit,
                           const struct sugu_id *session)
{
    Sugu__OpenSession open = SUGU__OPEN_SESSION__INIT;
    uint8_t token[16];

    ck_assert(sugu_hex_to_bytes(token, sizeof token, visit->code + strlen("SUGU1:")));
    open.session = sugu_id_field(session);
    open.who_case = SUGU__OPEN_SESSION__WHO_VISIT_TOKEN;
    open.visit_token = (ProtobufCBinaryData){sizeof token, token};
    open.birthday = 101 + visit->patient;
    return call_elsewhere(world, SUGU__REQUEST__BODY_OPEN_SESSION, &open);
}

void
house_world_come_back(struct house_world *world, const struct house_visit *visit)
{
    char birthday[8];

    house_world_page(world, "welcome");
    sugu_screen_scan(&world->house.screen, visit->code);
    house_world_page(world, "birthday");
    snprintf(birthday, sizeof birthday, "01%02u", visit->patient + 1);
    house_world_digits(world, birthday);
}

void
house_world_see_bill(struct house_world *world, const struct house_visit *visit)
{
    house_world_come_back(world, visit);
    house_world_page(world, "bill");
}

void
house_world_books_agree(struct house_world *world, long yen)
{
    char charged[256], expected[64];

    house_say(&world->house, HOUSE_TERMINAL_EMULATOR, "charged");
    house_world_hear(world, HOUSE_TERMINAL_EMULATOR, "yen=", charged, sizeof charged);
    snprintf(expected, sizeof expected, "yen=%ld ", yen);
    if (strncmp(charged, expected, strlen(expected)) != 0 || !strstr(charged, "twins=0"))
        give_up(world, "the terminal charged %s, expected %s", charged, expected);
    house_world_await(
        world, "SELECT coalesce(sum(yen), 0) FROM entry WHERE account = 'card-clearing'", yen);
    ck_assert_int_eq(house_world_number(world, "SELECT coalesce(sum(yen), 0) FROM entry"), 0);
    ck_assert_int_eq(
        house_world_number(world,
                           "SELECT count(*) FROM bill b JOIN bill_revision r "
                           "USING (facility, bill, revision) WHERE b.state = 4 AND 1 <> (SELECT "
                           "count(*) FROM attempt a WHERE (a.facility, a.bill, a.revision) = "
                           "(r.facility, r.bill, r.revision) AND a.state = 2 AND a.approved_yen = "
                           "r.total_yen)"),
        0);
}
