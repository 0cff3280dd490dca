/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-web - the phone page as bare sockets see it: answers, changes, limits, a silent server
 */
#include "web-world.h"

#include "domain/ticket-code.h"

#include "testlib/checks.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void
expect_header(const struct sugu_visit_answer *answer, const char *line)
{
    ck_assert_msg(strstr(answer->head, line) != NULL, "no '%s' in %s", line, answer->head);
}

START_TEST(a_page_needs_no_script_and_says_what_to_do)
{
    struct web_world world;
    struct sugu_visit_answer answer;
    static const char *const words[] = {
        "<html lang=\"en\"",
        "<span class=\"number\">A-005</span>",
        "Please wait",
        "内科",
        "<b>4</b> people before you",
        "about <b>20</b> to <b>30</b> minutes",
        "すぐ市立病院",
        "<noscript><meta http-equiv=\"refresh\" content=\"20\"></noscript>",
        "role=\"status\" aria-live=\"polite\"",
    };

    web_world_init(&world, 5, NULL);
    web_world_get(&world, 4, "?lang=en", 200, &answer);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(words); i++)
        ck_assert_msg(strstr(answer.body, words[i]), "no '%s' in %s", words[i], answer.body);
    expect_header(&answer, "Cache-Control: no-store\r\n");
    expect_header(&answer, "Referrer-Policy: no-referrer\r\n");
    expect_header(&answer, "X-Robots-Tag: noindex, nofollow, noarchive\r\n");
    expect_header(&answer, "Content-Security-Policy: default-src 'none'; script-src 'self';");
    ck_assert_ptr_null(strstr(answer.head, "Set-Cookie"));
    ck_assert_ptr_null(strstr(answer.head, "Server:"));
    sugu_visit_answer_done(&answer);
    web_world_done(&world);
}
END_TEST

START_TEST(the_code_on_a_ticket_leads_to_its_page)
{
    struct web_world world;
    struct sugu_visit_answer answer;
    char code[SUGU_TICKET_CODE_TEXT_SIZE], base[64];

    web_world_init(&world, 2, NULL);
    snprintf(base, sizeof base, "http://127.0.0.1:%u/t/", world.port);
    ck_assert(sugu_ticket_code_text(base, world.house.visits[1].token, code));
    sugu_visitor_get(world.port, code + strlen(base) - strlen("/t/"), "", &answer);
    ck_assert_int_eq(answer.status, 200);
    ck_assert_ptr_nonnull(strstr(answer.body, "A-002"));
    sugu_visit_answer_done(&answer);
    web_world_done(&world);
}
END_TEST

/* The head without its date. */
static char *
dateless(const char *head)
{
    const char *date = strstr(head, "Date: ");
    char *text = strdup(head);

    if (date) {
        const char *end = strstr(date, "\r\n") + 2;
        memmove(text + (date - head), end, strlen(end) + 1);
    }
    return text;
}

START_TEST(what_does_not_exist_and_what_is_over_are_answered_alike)
{
    struct web_world world;
    struct sugu_visit_answer over, unknown, malformed;
    char *heads[3];

    web_world_init(&world, 1, NULL);
    web_world_get(&world, 0, "", 200, &over);
    sugu_visit_answer_done(&over);
    phone_house_lock(&world.house);
    world.house.visits[0].is_over = true;
    phone_house_unlock(&world.house);
    phone_house_change(&world.house, 0, "");
    web_world_await_figure(&world, "events_taken_total", 1);
    web_world_get(&world, 0, "", 404, &over);
    sugu_visitor_get(world.port, "/t/00112233445566778899aabbccddeeff", "", &unknown);
    sugu_visitor_get(world.port, "/t/no-token", "", &malformed);
    ck_assert_int_eq(unknown.status, 404);
    ck_assert_int_eq(malformed.status, 404);
    ck_assert_str_eq(over.body, unknown.body);
    ck_assert_str_eq(malformed.body, unknown.body);
    ck_assert_ptr_nonnull(strstr(unknown.body, "受付"));
    heads[0] = dateless(over.head);
    heads[1] = dateless(unknown.head);
    heads[2] = dateless(malformed.head);
    ck_assert_str_eq(heads[0], heads[1]);
    ck_assert_str_eq(heads[2], heads[1]);
    for (size_t i = 0; i < 3; i++)
        free(heads[i]);
    sugu_visit_answer_done(&over);
    sugu_visit_answer_done(&unknown);
    sugu_visit_answer_done(&malformed);
    web_world_done(&world);
}
END_TEST

START_TEST(who_guesses_tokens_is_held_up_and_others_are_not)
{
    static const char *const options[] = {"--misses-per-minute", "3", NULL};
    struct web_world world;
    struct sugu_visit_answer answer;
    char path[128];
    int refused = 0;

    web_world_init(&world, 2, options);
    web_world_get(&world, 0, "", 200, &answer);
    sugu_visit_answer_done(&answer);
    for (int i = 0; i < 10; i++) {
        snprintf(path, sizeof path, "/t/%032x", i + 1);
        sugu_visitor_get(world.port, path, "", &answer);
        refused += answer.status == 429;
        if (answer.status == 429)
            expect_header(&answer, "Retry-After: ");
        sugu_visit_answer_done(&answer);
    }
    ck_assert_int_eq(refused, 4); /* 2 minutes' worth are let through at once */
    /* The page that is open stays open; another visitor behind the proxy is not meant. */
    web_world_get(&world, 0, "", 200, &answer);
    sugu_visit_answer_done(&answer);
    web_world_get(&world, 1, "", 429, &answer);
    sugu_visit_answer_done(&answer);
    sugu_visitor_get(world.port, web_world_path(&world, 1, "", path),
                     "X-Forwarded-For: 10.9.9.9, 192.0.2.7\r\n", &answer);
    ck_assert_int_eq(answer.status, 200);
    sugu_visit_answer_done(&answer);
    web_world_done(&world);
}
END_TEST

START_TEST(a_change_is_written_to_the_pages_that_listen)
{
    struct web_world world;
    struct sugu_listener called, waiting;
    char path[128];
    size_t place, other;

    web_world_init(&world, 10, NULL);
    sugu_listener_init(&called, world.port, web_world_path(&world, 0, "/events?lang=en", path));
    sugu_listener_init(&waiting, world.port, web_world_path(&world, 9, "/events?lang=en", path));
    place = sugu_listener_expect(&called, "event: page\ndata: ", 0);
    other = sugu_listener_expect(&waiting, "<b>9</b> people before you", 0);
    ck_assert_ptr_nonnull(strstr(called.text, "Content-Type: text/event-stream\r\n"));
    ck_assert_ptr_nonnull(strstr(called.text, "Cache-Control: no-store\r\n"));
    phone_house_lock(&world.house);
    world.house.visits[0].state = SUGU__VISIT_STATE__VISIT_IN_STAGES;
    world.house.visits[0].stages[0].state = SUGU__STAGE_STATE__STAGE_CALLED;
    world.house.visits[0].stages[0].desk = "3";
    world.house.visits[9].stages[0].before_you = 8;
    phone_house_unlock(&world.house);
    phone_house_change(&world.house, 0, "A");
    sugu_listener_expect(&called, "<b>Room 3</b>", place);
    sugu_listener_expect(&waiting, "<b>8</b> people before you", other);
    sugu_listener_done(&called);
    sugu_listener_done(&waiting);
    web_world_done(&world);
}
END_TEST

START_TEST(a_day_that_ends_closes_its_pages)
{
    struct web_world world;
    struct sugu_listener listener;
    char path[128];

    web_world_init(&world, 1, NULL);
    sugu_listener_init(&listener, world.port, web_world_path(&world, 0, "/events", path));
    sugu_listener_expect(&listener, "event: page\n", 0);
    phone_house_lock(&world.house);
    world.house.visits[0].is_over = true;
    phone_house_unlock(&world.house);
    phone_house_change(&world.house, 0, "");
    sugu_listener_expect(&listener, "event: over\n", 0);
    sugu_listener_expect_end(&listener);
    sugu_listener_done(&listener);
    web_world_done(&world);
}
END_TEST

START_TEST(a_page_is_looked_at_once_a_second_however_often_it_changes)
{
    struct web_world world;
    struct sugu_listener listener;
    char path[128], words[64];
    unsigned asked;

    web_world_init(&world, 1, NULL);
    sugu_listener_init(&listener, world.port, web_world_path(&world, 0, "/events?lang=en", path));
    sugu_listener_expect(&listener, "event: page\n", 0);
    for (uint32_t i = 1; i <= 200; i++) {
        phone_house_lock(&world.house);
        world.house.visits[0].stages[0].before_you = i < 200 ? 50 + i % 40 : 42;
        phone_house_unlock(&world.house);
        phone_house_change(&world.house, 0, "A");
    }
    snprintf(words, sizeof words, "<b>%u</b> people before you", 42);
    sugu_listener_expect(&listener, words, 0);
    phone_house_lock(&world.house);
    asked = world.house.visits[0].asked;
    phone_house_unlock(&world.house);
    ck_assert_uint_le(asked, 4);
    sugu_listener_done(&listener);
    web_world_done(&world);
}
END_TEST

START_TEST(a_silent_server_leaves_the_pages_and_says_so)
{
    struct web_world world;
    struct sugu_listener listener;
    struct sugu_visit_answer answer;
    char path[128];
    size_t place;

    web_world_init(&world, 2, NULL);
    sugu_listener_init(&listener, world.port, web_world_path(&world, 0, "/events?lang=en", path));
    place = sugu_listener_expect(&listener, "event: page\n", 0);
    phone_house_stop(&world.house);
    place = sugu_listener_expect(&listener, "system does not answer", place);
    web_world_get(&world, 0, "?lang=en", 200, &answer);
    ck_assert_ptr_nonnull(strstr(answer.body, "system does not answer"));
    ck_assert_ptr_nonnull(strstr(answer.body, "A-001"));
    sugu_visit_answer_done(&answer);
    web_world_get(&world, 1, "?lang=en", 503, &answer); /* nobody looked at it before */
    ck_assert_ptr_nonnull(strstr(answer.body, "Your number stays valid"));
    sugu_visit_answer_done(&answer);
    sugu_visitor_get(world.port, "/healthz", "", &answer);
    ck_assert_int_eq(answer.status, 503);
    sugu_visit_answer_done(&answer);
    phone_house_lock(&world.house);
    world.house.visits[0].stages[0].before_you = 2;
    phone_house_unlock(&world.house);
    phone_house_start(&world.house);
    sugu_listener_expect(&listener, "Please come back now", place);
    sugu_listener_done(&listener);
    web_world_done(&world);
}
END_TEST

static void
expect_status(struct web_world *world, const char *request, int status)
{
    struct sugu_visit_answer answer;

    sugu_visitor_ask(world->port, request, &answer);
    ck_assert_msg(answer.status == status, "%d instead of %d for: %.80s", answer.status, status,
                  request);
    sugu_visit_answer_done(&answer);
}

START_TEST(only_small_readings_are_answered)
{
    struct web_world world;
    char *large = malloc(40000);
    struct sugu_visit_answer answer;

    ck_assert_ptr_nonnull(large);
    web_world_init(&world, 1, NULL);
    expect_status(&world, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", 405);
    expect_status(&world, "DELETE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405);
    expect_status(&world, "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 200);
    expect_status(&world, "nonsense\r\n\r\n", 400);
    expect_status(&world,
                  "GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1,1-2\r\n"
                  "Connection: close\r\n\r\n",
                  200);
    snprintf(large, 40000, "GET / HTTP/1.1\r\nHost: a\r\nX: %030000d\r\n\r\n", 0);
    sugu_visitor_ask(world.port, large, &answer);
    ck_assert_int_ne(answer.status, 200);
    sugu_visit_answer_done(&answer);
    snprintf(large, 40000, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 30000\r\n\r\n%030000d",
             0);
    sugu_visitor_ask(world.port, large, &answer);
    ck_assert_int_ne(answer.status, 200);
    sugu_visit_answer_done(&answer);
    expect_status(&world, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 200);
    free(large);
    web_world_done(&world);
}
END_TEST

START_TEST(who_is_slow_or_too_many_is_let_go)
{
    static const char *const options[] = {
        "--connections", "20", "--open-pages", "10", "--connections-per-address", "20", NULL};
    struct web_world world;
    struct sugu_listener slow[20];

    web_world_init(&world, 1, options);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(slow); i++) {
        slow[i] = (struct sugu_listener){.socket = sugu_visitor_connect(world.port)};
        ck_assert(sugu_visitor_send(slow[i].socket, "GET / HTTP/1.1\r\nHost:"));
    }
    web_world_await_figure(&world, "connections", 20);
    struct sugu_listener more = {.socket = sugu_visitor_connect(world.port)};
    sugu_listener_expect_end(&more);
    ck_assert_int_ge(web_world_figure(&world, "connections_refused_total"), 1);
    sugu_listener_done(&more);
    web_world_await_figure(&world, "connections_late_total", 20);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(slow); i++) {
        sugu_listener_expect_end(&slow[i]);
        sugu_listener_done(&slow[i]);
    }
    expect_status(&world, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 200);
    web_world_done(&world);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("scenario-web",
                       60,
                       a_page_needs_no_script_and_says_what_to_do,
                       the_code_on_a_ticket_leads_to_its_page,
                       what_does_not_exist_and_what_is_over_are_answered_alike,
                       who_guesses_tokens_is_held_up_and_others_are_not,
                       a_change_is_written_to_the_pages_that_listen,
                       a_day_that_ends_closes_its_pages,
                       a_page_is_looked_at_once_a_second_however_often_it_changes,
                       a_silent_server_leaves_the_pages_and_says_so,
                       only_small_readings_are_answered,
                       who_is_slow_or_too_many_is_let_go)
