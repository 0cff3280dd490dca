/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-page - one patient's day on the phone: the real queue server, database and sugu-web
 *
 * The ticket's code is what a kiosk's printer would print; the page and the messages of the hook
 * follow every step without being touched.
 */
#include "domain/ticket-code.h"

#include "testlib/checks.h"
#include "testlib/day.h"
#include "testlib/facts.h"
#include "testlib/receiver.h"
#include "testlib/visitor.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define KEY "0123456789abcdef0123456789abcdef"

struct phone {
    struct sugu_day day;
    struct sugu_process web;
    struct sugu_receiver receiver;
    struct sugu_listener listener;
    uint16_t port;
    char code[SUGU_TICKET_CODE_TEXT_SIZE]; /* of the ticket */
};

static void
start_web(struct phone *phone)
{
    struct sugu_hospital *hospital = &phone->day.hospital;
    struct sugu_hospital_options connection;
    char path[512], key[200], log[200], line[300];
    const char *argv[40] = {sugu_hospital_program("gateways/web/sugu-web", path)};
    const char *const more[] = {"--listen",   "127.0.0.1:0",       "--locales",  SUGU_LOCALES,
                                "--hook-url", phone->receiver.url, "--hook-key", key};
    size_t count = 1;
    long offset = 0;
    FILE *file;

    snprintf(key, sizeof key, "%s/hook.key", hospital->folder);
    file = fopen(key, "w");
    ck_assert_ptr_nonnull(file);
    fputs(KEY, file);
    fclose(file);
    chmod(key, 0600);
    sugu_hospital_add_client(hospital, "web", "web", "");
    for (const char *const *word = sugu_hospital_connection(hospital, "web", &connection); *word;)
        argv[count++] = *word++;
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(more); i++)
        argv[count++] = more[i];
    snprintf(log, sizeof log, "%s/web.log", hospital->folder);
    sugu_process_spawn(&phone->web, log, argv, NULL);
    sugu_process_expect(&phone->web, "web.started", &offset, line, sizeof line, 10);
    phone->port = (uint16_t)strtol(strstr(line, "port=") + strlen("port="), NULL, 10);
    sugu_process_expect(&phone->web, "server.reached", &offset, NULL, 0, 10);
}

/* Checks in, and opens the page that the ticket's code leads to. */
static void
check_in(struct phone *phone)
{
    Sugu__Reply *reply;
    char base[64], path[200];

    sugu_day_open_session(&phone->day);
    sugu_day_verify_insurance(&phone->day, SUGU__ELIGIBILITY_OUTCOME__VERIFIED, "");
    reply = sugu_day_send_check_in(&phone->day, NULL);
    ck_assert_str_eq(reply->code, "");
    snprintf(phone->day.number, sizeof phone->day.number, "%s", reply->ticket->number);
    snprintf(base, sizeof base, "http://127.0.0.1:%u/t/", phone->port);
    ck_assert(sugu_ticket_code_text(base, reply->ticket->token.data, phone->code));
    sugu__reply__free_unpacked(reply, NULL);
    snprintf(path, sizeof path, "%s/events?lang=en", strstr(phone->code, "/t/"));
    sugu_listener_init(&phone->listener, phone->port, path);
}

/* The hook gets a message of the kind about this ticket. */
static void
expect_message(struct phone *phone, const char *kind)
{
    struct sugu_posted posted;
    char words[100];

    sugu_receiver_take(&phone->receiver, 200, "", &posted);
    snprintf(words, sizeof words, "\"kind\":\"%s\",\"number\":\"%s\"", kind, phone->day.number);
    ck_assert_msg(strstr(posted.body, words) != NULL, "no %s in %s", words, posted.body);
}

struct outbox {
    struct sugu_facts facts;
    struct phone *phone;
};

static bool
is_empty(void *user)
{
    return sugu_facts_number(&((struct outbox *)user)->facts,
                             "SELECT count(*) FROM notice WHERE sent_at IS NULL") == 0;
}

static void
expect_page(struct phone *phone, const char *words, int status)
{
    struct sugu_visit_answer answer;
    char path[200];

    snprintf(path, sizeof path, "%s?lang=en", strstr(phone->code, "/t/"));
    sugu_visitor_get(phone->port, path, "", &answer);
    ck_assert_int_eq(answer.status, status);
    ck_assert_msg(strstr(answer.body, words) != NULL, "no '%s' in %s", words, answer.body);
    sugu_visit_answer_done(&answer);
}

START_TEST(a_day_is_followed_on_the_phone)
{
    static struct phone phone;
    struct outbox outbox = {.phone = &phone};
    Sugu__Reply *reply;
    size_t place;

    sugu_day_init(&phone.day);
    sugu_receiver_start(&phone.receiver);
    start_web(&phone);
    check_in(&phone);
    place = sugu_listener_expect(&phone.listener, "Please come back now", 0); /* is the first */
    reply = sugu_day_send_move(&phone.day, "2", SUGU__TICKET_VERB__CALL_NEXT, "");
    sugu_day_expect_code(reply, "");
    place = sugu_listener_expect(&phone.listener, "<b>Room 2</b>", place);
    sugu_day_expect_code(
        sugu_day_send_move(&phone.day, "2", SUGU__TICKET_VERB__FINISH, phone.day.number), "");
    place = sugu_listener_expect(&phone.listener, "Your bill is being made", place);
    sugu_day_record_acts(&phone.day, "111000110");
    sugu_day_bill_arrives(&phone.day, 1, 291, 870);
    place = sugu_listener_expect(&phone.listener, "Your bill is ready", place);
    expect_message(&phone, "bill-ready");
    expect_page(&phone, "Your bill is ready", 200);
    sugu_day_pay(&phone.day, 1, 870);
    sugu_listener_expect(&phone.listener, "You may leave", place);
    expect_message(&phone, "you-may-leave");
    sugu_facts_init(&outbox.facts, phone.day.hospital.folder);
    ck_assert(sugu_wait_until(is_empty, &outbox, 10));
    sugu_facts_done(&outbox.facts);
    sugu_listener_done(&phone.listener);
    sugu_receiver_stop(&phone.receiver);
    ck_assert_int_eq(sugu_process_end(&phone.web, SIGTERM), 0);
    sugu_day_done(&phone.day);
}
END_TEST

/* The day before was bad: the receiver refuses each of these, half of them for the last time. */
static const char refused_sql[] =
    "INSERT INTO visit (facility, visit, day, state, series, number, token, arrived_at) "
    "SELECT 1, md5('v' || n)::uuid, current_date - 1, 6, 'Z', n, decode(md5('t' || n), 'hex'), "
    "       now() FROM generate_series(1, 250) n;"
    "INSERT INTO notice (facility, visit, kind, made_at, due_at, expires_at, tries, refusals) "
    "SELECT 1, md5('v' || n)::uuid, 1, now(), now(), now() + interval '1 hour', "
    "       n % 2 * 4, n % 2 * 4 FROM generate_series(1, 250) n;"
    "INSERT INTO notice (facility, visit, kind, made_at, due_at, expires_at) "
    "SELECT 1, md5('v' || n)::uuid, 0, now() - interval '1 day', now() - interval '1 day', "
    "       now() - interval '23 hours' FROM generate_series(1, 10) n";

/* A receiver that takes only what is about this ticket; true: it was that. */
static bool
refuse_others(struct phone *phone)
{
    struct sugu_posted posted;
    char words[64];
    bool is_it;

    snprintf(words, sizeof words, "\"number\":\"%s\"", phone->day.number);
    sugu_receiver_take_if(&phone->receiver, words, 200, 422, &posted);
    is_it = strstr(posted.body, words) != NULL;
    ck_assert_msg(!strstr(posted.body, "soon-your-turn"), "a day late: %s", posted.body);
    return is_it;
}

/* Some of the 125 come behind the ticket's own message: refused for as long as one is missing. */
static bool
are_given_up(void *user)
{
    struct outbox *outbox = user;
    struct pollfd at_door = {.fd = outbox->phone->receiver.socket, .events = POLLIN};

    while (poll(&at_door, 1, 0) > 0)
        refuse_others(outbox->phone);
    return sugu_facts_number(&outbox->facts,
                             "SELECT count(*) FROM notice WHERE end_reason = 'refused' "
                             "AND status = 422 AND refusals = 5") == 125;
}

static bool
are_waiting(void *user)
{
    return sugu_facts_number(&((struct outbox *)user)->facts,
                             "SELECT count(*) FROM notice JOIN visit USING (visit) "
                             "WHERE series = 'Z' AND kind = 1 AND tries BETWEEN 1 AND 4 "
                             "AND ended_at IS NULL AND sent_at IS NULL") == 125;
}

START_TEST(who_refuses_two_hundred_messages_for_good_gets_the_next_one)
{
    static struct phone phone;
    struct outbox outbox = {.phone = &phone};
    unsigned refused = 0;

    sugu_day_init(&phone.day);
    sugu_facts_init(&outbox.facts, phone.day.hospital.folder);
    sugu_facts_run(&outbox.facts, refused_sql);
    sugu_receiver_start(&phone.receiver);
    start_web(&phone);
    check_in(&phone);
    ck_assert(!refuse_others(&phone));
    sugu_day_pass_stage(&phone.day);
    sugu_day_record_acts(&phone.day, "111000110");
    sugu_day_bill_arrives(&phone.day, 1, 291, 870);
    while (!refuse_others(&phone))
        ck_assert_uint_lt(++refused, 900);
    ck_assert(sugu_wait_until(are_given_up, &outbox, 60));
    ck_assert_int_eq(sugu_facts_number(&outbox.facts, "SELECT count(*) FROM notice "
                                                      "WHERE kind = 0 AND end_reason = 'expired'"),
                     10);
    /* The others wait, longer each time, and are not lost. */
    ck_assert(sugu_wait_until(are_waiting, &outbox, 60));
    sugu_facts_done(&outbox.facts);
    sugu_listener_done(&phone.listener);
    sugu_receiver_stop(&phone.receiver);
    ck_assert_int_eq(sugu_process_end(&phone.web, SIGTERM), 0);
    sugu_day_done(&phone.day);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("scenario-page",
                       90,
                       a_day_is_followed_on_the_phone,
                       who_refuses_two_hundred_messages_for_good_gets_the_next_one)
