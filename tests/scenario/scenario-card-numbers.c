/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-card-numbers - no card number in any log, journal, file or table of the whole house
 *
 * Card numbers of every length, plain and in groups, go into every text of every message that a
 * client may send (the schema is walked, so that a new field is covered by itself), into every text
 * of the card terminal's answers and into what a stranger asks the phone page. Then every file
 * below the house's folder, the database's own among them, and every row of every table are
 * searched.
 */
#include "scenario/house-world.h"

#include "base/text.h"
#include "domain/card-number.h"
#include "protocol/card-rule.h"
#include "testlib/checks.h"
#include "testlib/fill.h"
#include "testlib/raw.h"
#include "testlib/sql.h"
#include "testlib/visitor.h"

#include <zmq.h>

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LENGTHS     (SUGU_CARD_NUMBER_DIGITS_MAX - SUGU_CARD_NUMBER_DIGITS_MIN + 1)
#define NUMBERS     (LENGTHS * 3)
#define DIGITS_KEPT 4 /* the last ones may be kept */

/* ---- card numbers */

struct number {
    char digits[24]; /* plain */
    char text[40];   /* as it is fed: plain, or in groups of four with blanks or dashes */
};
static struct number numbers[NUMBERS];

static void
make_number(struct sugu_random *random, size_t count, const char *between, struct number *to)
{
    size_t at = 0;

    to->digits[0] = "23456"[sugu_random_below(random, 5)];
    for (size_t i = 1; i < count; i++)
        to->digits[i] = (char)('0' + sugu_random_below(random, 10));
    to->digits[count] = '\0';
    for (int digit = 0; digit <= 9; digit++) {
        to->digits[count - 1] = (char)('0' + digit);
        if (sugu_card_number_is_valid(to->digits, count))
            break;
    }
    for (size_t i = 0; i < count; i++)
        at += (size_t)snprintf(to->text + at, sizeof to->text - at, "%s%c",
                               i && i % 4 == 0 ? between : "", to->digits[i]);
    ck_assert(sugu_card_number_is_in(to->text));
}

static void
make_numbers(void)
{
    static const char *const between[] = {"", " ", "-"};
    struct sugu_random_seeded random;

    sugu_random_seeded_init(&random, 4);
    for (size_t i = 0; i < NUMBERS; i++)
        make_number(&random.random, SUGU_CARD_NUMBER_DIGITS_MIN + i / 3, between[i % 3],
                    &numbers[i]);
}

/* ---- every text of every message */

struct feed {
    void *socket;
    Sugu__Up *up;
    unsigned fields, exempt, sent;
};

static bool
is_exempt(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field)
{
    size_t count;
    const struct sugu_card_exception *rows = sugu_card_exceptions(&count);

    for (size_t i = 0; i < count; i++)
        if (!rows[i].is_whole && strcmp(rows[i].message, type->short_name) == 0 &&
            strcmp(rows[i].field, field->name) == 0)
            return true;
    return false;
}

static void
feed_field(struct feed *feed, ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const struct sugu_fill_bound *bound = sugu_fill_bound(message->descriptor, field);
    char **place = sugu_fill_place(message, field), *before = *place;
    Sugu__Down *down;

    if (bound->high < SUGU_CARD_NUMBER_DIGITS_MIN)
        return;
    if (is_exempt(message->descriptor, field)) {
        feed->exempt++;
        return;
    }
    feed->fields++;
    for (size_t i = 0; i < NUMBERS; i++) {
        *place = numbers[i].text;
        if ((int64_t)strlen(*place) > bound->high)
            continue;
        sugu_raw_send_up(feed->socket, feed->up);
        feed->sent++;
        down = sugu_raw_receive(feed->socket, 15000);
        ck_assert_msg(down && down->frame_case == SUGU__DOWN__FRAME_REPLY, "%s.%s is not answered",
                      message->descriptor->short_name, field->name);
        ck_assert_msg(strcmp(down->reply->code, "message.card-number") == 0, "%s.%s: %s %s",
                      message->descriptor->short_name, field->name, down->reply->code,
                      down->reply->detail);
        sugu__down__free_unpacked(down, NULL);
    }
    *place = before;
}

static void
feed_message(struct feed *feed, ProtobufCMessage *message)
{
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        void *place = sugu_fill_place(message, field);
        if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) &&
            *(const uint32_t *)sugu_fill_quantifier(message, field) != field->id)
            continue;
        if (field->type == PROTOBUF_C_TYPE_STRING)
            feed_field(feed, message, field);
        if (field->type != PROTOBUF_C_TYPE_MESSAGE)
            continue;
        if (field->label == PROTOBUF_C_LABEL_REPEATED)
            feed_message(feed, (*(ProtobufCMessage ***)place)[0]);
        else
            feed_message(feed, *(ProtobufCMessage **)place);
    }
}

static void
feed_frame(const ProtobufCMessageDescriptor *type, const struct sugu_fill_path *path, void *user)
{
    struct feed *feed = user;
    ProtobufCMessage *message = sugu_fill_new(type, path);

    feed->up = (Sugu__Up *)message;
    feed_message(feed, message);
    protobuf_c_message_free_unpacked(message, NULL);
}

static void
feed_the_wire(struct sugu_hospital *hospital)
{
    struct feed feed = {.socket = sugu_raw_dealer(hospital, "desk-1")};

    sugu_fill_each_frame(&sugu__up__descriptor, feed_frame, &feed);
    ck_assert_uint_gt(feed.fields, 80);
    ck_assert_uint_gt(feed.sent, 500);
    ck_assert_uint_lt(feed.exempt, feed.fields / 5); /* the same field in several messages */
    zmq_close(feed.socket);
}

/* What is looked for may be a patient's number: it is asked for, and nothing of it stays. */
static void
search_for_numbers(struct sugu_hospital *hospital)
{
    void *socket = sugu_raw_dealer(hospital, "desk-1");

    for (size_t i = 0; i < NUMBERS; i++) {
        Sugu__Up up = SUGU__UP__INIT;
        Sugu__Request request = SUGU__REQUEST__INIT;
        Sugu__FindPatients find = SUGU__FIND_PATIENTS__INIT;
        struct sugu_id id = sugu_test_id();
        find.text = numbers[i].text;
        request.id = sugu_id_field(&id);
        request.facility = SUGU_HOSPITAL_FACILITY;
        request.body_case = SUGU__REQUEST__BODY_FIND_PATIENTS;
        request.find_patients = &find;
        up.version = SUGU_PROTOCOL_VERSION;
        up.frame_case = SUGU__UP__FRAME_REQUEST;
        up.request = &request;
        sugu_raw_send_up(socket, &up);
        sugu_raw_expect_code(socket, "");
    }
    zmq_close(socket);
}

/* ---- the terminal, and strangers */

static void
tell_terminal(struct house_world *world, const char *what, const struct number *number)
{
    char command[80];

    snprintf(command, sizeof command, "%s %s", what, number->text);
    house_world_tell(world, HOUSE_TERMINAL_EMULATOR, command);
}

/* The terminal puts the number into every text of its answers. */
static void
pay_with(struct house_world *world, unsigned patient, const struct number *number)
{
    struct house_visit visit;

    tell_terminal(world, "pan", number);
    tell_terminal(world, "token", number);
    house_world_bill(world, patient, &visit);
    house_world_see_bill(world, &visit);
    house_world_press(world, "カードで");
    house_world_page(world, "paid");
    house_world_leave(world);
}

static void
ask_the_phone_page(struct house_world *world)
{
    const char *port = strchr(world->house.phone_page + strlen("http://"), ':') + 1;

    for (size_t i = 0; i < NUMBERS; i += 3) {
        static const char *const forms[] = {"/t/%s", "/%s", "/t/x?card=%s"};
        for (size_t k = 0; k < SUGU_ARRAY_SIZE(forms); k++) {
            struct sugu_visit_answer answer;
            char path[80], header[120];
            snprintf(path, sizeof path,
                     k == 0   ? "/t/%s"
                     : k == 1 ? "/%s"
                              : "/t/x?card=%s",
                     numbers[i].digits);
            snprintf(header, sizeof header, "User-Agent: %s\r\nX-Forwarded-For: %s\r\n",
                     numbers[i].digits, numbers[i].digits);
            sugu_visitor_get((uint16_t)strtoul(port, NULL, 10), path, header, &answer);
            ck_assert_int_ge(answer.status, 400);
            sugu_visit_answer_done(&answer);
        }
    }
}

/* ---- searching */

static unsigned files_searched;

/* The number that stands there, blanks and dashes put aside; NULL where none does. */
static const struct number *
find_number(const char *bytes, size_t size)
{
    const struct number *found = NULL;
    char *plain = malloc(size + 1);
    size_t count = 0;

    ck_assert_ptr_nonnull(plain);
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != ' ' && bytes[i] != '-')
            plain[count++] = bytes[i];
    for (size_t i = 0; i < NUMBERS && !found; i++)
        if (memmem(plain, count, numbers[i].digits, strlen(numbers[i].digits) - DIGITS_KEPT))
            found = &numbers[i];
    free(plain);
    return found;
}

static int
search_file(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    const struct number *found;
    int file;
    void *bytes;

    (void)where;
    /* The terminal itself was told the number, and says so. */
    if (kind != FTW_F || !S_ISREG(status->st_mode) || status->st_size == 0 ||
        strstr(path, "emulate-terminal.log"))
        return 0;
    file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0; /* gone meanwhile: a temporary one of PostgreSQL */
    bytes = mmap(NULL, (size_t)status->st_size, PROT_READ, MAP_PRIVATE, file, 0);
    ck_assert_msg(bytes != MAP_FAILED, "%s", path);
    found = find_number(bytes, (size_t)status->st_size);
    ck_assert_msg(!found, "%s holds %s", path, found ? found->text : "");
    munmap(bytes, (size_t)status->st_size);
    close(file);
    files_searched++;
    return 0;
}

/* All that a row can say, bytes in hexadecimal digits: what a dump would hold. Refused where one
 * holds the number. */
static const char *
search_of(const struct number *number, char to[static 1200])
{
    int count = (int)strlen(number->digits) - DIGITS_KEPT;

    snprintf(to, 1200,
             "DO $$ DECLARE place text; found text; BEGIN "
             "FOR place IN SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables "
             "WHERE schemaname = 'sugu' LOOP "
             "EXECUTE format('SELECT t::text FROM %%s t WHERE position(%%L IN "
             "translate(t::text, '' -'', '''')) > 0 OR position(%%L IN t::text) > 0 LIMIT 1', "
             "place, '%.*s', encode('%.*s', 'hex')) INTO found; "
             "IF found IS NOT NULL THEN RAISE EXCEPTION '%% holds %%', place, found; END IF; "
             "END LOOP; END $$",
             count, number->digits, count, number->digits);
    return to;
}

static void
search_tables(struct sugu_facts *facts)
{
    char sql[1200];

    for (size_t i = 0; i < NUMBERS; i++)
        sugu_facts_run(facts, search_of(&numbers[i], sql));
}

/* The search would find one: as text, as bytes, in a file. */
static void
check_the_search(struct sugu_facts *facts)
{
    char sql[1200];

    for (size_t i = 0; i < NUMBERS; i++) {
        if (i % 2)
            snprintf(sql, sizeof sql,
                     "CREATE TABLE kept AS SELECT convert_to('no %s', 'utf8') AS c",
                     numbers[i].digits);
        else
            snprintf(sql, sizeof sql, "CREATE TABLE kept AS SELECT 'no %s'::text AS c",
                     numbers[i].text);
        sugu_facts_run(facts, sql);
        sugu_sql_refused(facts->connection, "P0001", search_of(&numbers[i], sql));
        sugu_facts_run(facts, "DROP TABLE kept");
        ck_assert_ptr_eq(find_number(numbers[i].text, strlen(numbers[i].text)), &numbers[i]);
    }
    ck_assert_ptr_null(find_number("************1111", 16));
}

static void
search_folder(const char *folder)
{
    files_searched = 0;
    ck_assert_int_eq(nftw(folder, search_file, 16, FTW_PHYS), 0);
    ck_assert_uint_gt(files_searched, 100);
}

/* ---- the stories */

static const struct house_options options = {
    .has_phones = true,
    .more = {[HOUSE_PAYMENT] = (const char *const[]){"--check-interval-ms", "300", NULL}},
};

START_TEST(no_message_carries_one_into_the_house)
{
    struct sugu_hospital hospital;
    struct sugu_facts facts;

    make_numbers();
    sugu_hospital_init(&hospital, NULL);
    sugu_facts_init(&facts, hospital.folder);
    sugu_hospital_add_client(&hospital, "desk-1", "desk", "desk-1");
    ck_assert_int_eq(kill(hospital.server.pid, SIGUSR1), 0); /* it says all it can */
    feed_the_wire(&hospital);
    search_for_numbers(&hospital);
    search_tables(&facts);
    search_folder(hospital.folder);
    check_the_search(&facts);
    sugu_facts_done(&facts);
    sugu_hospital_done(&hospital, /* keep= */ false);
}
END_TEST

START_TEST(no_terminal_and_no_stranger_leaves_one_in_the_house)
{
    static struct house_world world;

    make_numbers();
    house_world_init(&world, &options);
    for (int part = HOUSE_READER; part < HOUSE_PART_COUNT; part++)
        ck_assert_int_eq(kill(world.house.parts[part].pid, SIGUSR1), 0);
    ck_assert_int_eq(kill(world.house.hospital.server.pid, SIGUSR1), 0);
    ask_the_phone_page(&world);
    pay_with(&world, 0, &numbers[9]); /* sixteen digits: plain, with blanks, with dashes */
    pay_with(&world, 1, &numbers[10]);
    pay_with(&world, 2, &numbers[11]);
    tell_terminal(&world, "diagnosis", &numbers[12]); /* what it says of its own health */
    house_world_hear(&world, HOUSE_PAYMENT, "is_offered=no", NULL, 0);
    house_world_kill(&world, HOUSE_PAYMENT); /* its journal as it lies there */
    search_tables(&world.facts);
    search_folder(world.folder);
    house_world_done(&world);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("scenario-card-numbers");
    TCase *tcase = tcase_create("scenario-card-numbers");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 240);
    tcase_add_test(tcase, no_message_carries_one_into_the_house);
    tcase_add_test(tcase, no_terminal_and_no_stranger_leaves_one_in_the_house);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
