/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-hooks - the message hooks against a receiver that takes, refuses and vanishes
 */
#include "web-world.h"

#include "testlib/checks.h"
#include "testlib/folder.h"
#include "testlib/receiver.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define KEY "0123456789abcdef0123456789abcdef"

struct hook {
    struct sugu_receiver receiver;
    char key[200];
    const char *options[8];
};

/* A world whose program posts to the receiver. `folder` holds the key. */
static void
start(struct web_world *world, struct hook *hook, char *folder)
{
    snprintf(hook->key, sizeof hook->key, "%s/hook.key", folder);
    ck_assert(g_file_set_contents(hook->key, KEY "\n", -1, NULL));
    chmod(hook->key, 0600);
    sugu_receiver_start(&hook->receiver);
    memcpy(hook->options,
           (const char *[]){"--hook-url", hook->receiver.url, "--hook-key", hook->key,
                            "--phone-page", "https://phone.example/t/", NULL},
           7 * sizeof(char *));
    web_world_init(world, 3, hook->options);
}

/* As a receiver does: HMAC-SHA256 of the time, a dot and the body. */
static void
expect_signature(const struct sugu_posted *posted)
{
    char time[128], signature[128], *text, *digest;

    sugu_posted_header(posted, "Sugu-Timestamp:", time);
    sugu_posted_header(posted, "Sugu-Signature:", signature);
    ck_assert_int_lt(labs(strtol(time, NULL, 10) -
                          (long)(sugu_clock_system()->utc_us(sugu_clock_system()) / SUGU_SECOND)),
                     60);
    text = g_strdup_printf("%s.%s", time, posted->body);
    digest =
        g_compute_hmac_for_string(G_CHECKSUM_SHA256, (const guchar *)KEY, strlen(KEY), text, -1);
    ck_assert_int_eq(strncmp(signature, "v1=", 3), 0);
    ck_assert_str_eq(signature + 3, digest);
    g_free(digest);
    g_free(text);
}

struct wait {
    struct web_world *world;
    size_t notice;
};

static bool
is_confirmed(void *user)
{
    struct wait *wait = user;
    bool is_so;

    phone_house_lock(&wait->world->house);
    is_so = wait->world->house.outbox[wait->notice].confirmed > 0;
    phone_house_unlock(&wait->world->house);
    return is_so;
}

static void
await_confirmed(struct web_world *world, size_t notice)
{
    ck_assert_msg(sugu_wait_until(is_confirmed, &(struct wait){world, notice}, 10),
                  "notice %zu was not confirmed", notice + 1);
}

START_TEST(a_notice_is_posted_signed_and_confirmed)
{
    struct web_world world;
    struct hook hook = {0};
    struct sugu_posted posted;
    char *folder = sugu_test_folder_new(), hex[33], words[128], value[128];

    start(&world, &hook, folder);
    phone_house_notice(&world.house, 1, SUGU__NOTICE_KIND__NOTICE_BILL_READY);
    sugu_receiver_take(&hook.receiver, 204, "", &posted);
    expect_signature(&posted);
    ck_assert_int_eq(strncmp(posted.text, "POST /hook?a=1 HTTP/1.1\r\n", 25), 0);
    ck_assert_str_eq(sugu_posted_header(&posted, "Idempotency-Key:", value), "1-1");
    ck_assert_str_eq(sugu_posted_header(&posted, "Content-Type:", value), "application/json");
    phone_house_token(&world.house, 1, hex);
    snprintf(words, sizeof words, "\"page\":\"https://phone.example/t/%s\"", hex);
    ck_assert_ptr_nonnull(strstr(posted.body, words));
    ck_assert_ptr_nonnull(strstr(posted.body, "\"kind\":\"bill-ready\",\"number\":\"A-002\""));
    await_confirmed(&world, 0);
    web_world_await_figure(&world, "hooks_delivered_total", 1);
    ck_assert_int_eq(web_world_figure(&world, "hooks_waiting"), 0);
    sugu_receiver_stop(&hook.receiver);
    web_world_done(&world);
    sugu_test_folder_free(folder);
}
END_TEST

START_TEST(a_receiver_that_is_away_is_tried_again_and_no_page_waits)
{
    struct web_world world;
    struct hook hook = {0};
    struct sugu_posted posted, again;
    struct sugu_visit_answer answer;
    char *folder = sugu_test_folder_new(), one[128], other[128];

    start(&world, &hook, folder);
    phone_house_notice(&world.house, 0, SUGU__NOTICE_KIND__NOTICE_SOON);
    sugu_receiver_take(&hook.receiver, 503, "", &posted);
    web_world_get(&world, 0, "", 200, &answer);
    sugu_visit_answer_done(&answer);
    sugu_receiver_stop(&hook.receiver); /* nobody listens for a while */
    web_world_await_figure(&world, "hooks_failed_total", 2);
    ck_assert_uint_eq(world.house.outbox[0].confirmed, 0);
    sugu_receiver_start(&hook.receiver);
    sugu_receiver_take(&hook.receiver, 200, "", &again);
    ck_assert_str_eq(again.body, posted.body);
    ck_assert_str_eq(sugu_posted_header(&posted, "Idempotency-Key:", one),
                     sugu_posted_header(&again, "Idempotency-Key:", other));
    await_confirmed(&world, 0);
    sugu_receiver_stop(&hook.receiver);
    web_world_done(&world);
    sugu_test_folder_free(folder);
}
END_TEST

START_TEST(a_notice_that_is_refused_does_not_hold_up_the_next)
{
    struct web_world world;
    struct hook hook = {0};
    struct sugu_posted posted;
    char *folder = sugu_test_folder_new();

    start(&world, &hook, folder);
    phone_house_notice(&world.house, 0, SUGU__NOTICE_KIND__NOTICE_SOON);
    sugu_receiver_take(&hook.receiver, 400, "", &posted);
    phone_house_notice(&world.house, 1, SUGU__NOTICE_KIND__NOTICE_MAY_LEAVE);
    do
        sugu_receiver_take(&hook.receiver, strstr(posted.body, "\"notice\":2") ? 200 : 400, "",
                           &posted);
    while (!strstr(posted.body, "\"notice\":2"));
    ck_assert_ptr_nonnull(strstr(posted.body, "\"kind\":\"you-may-leave\""));
    do /* the answer to it may still have been the refusal */
        sugu_receiver_take(&hook.receiver, 200, "", &posted);
    while (!strstr(posted.body, "\"notice\":1"));
    await_confirmed(&world, 0);
    sugu_receiver_stop(&hook.receiver);
    web_world_done(&world);
    sugu_test_folder_free(folder);
}
END_TEST

START_TEST(what_was_not_confirmed_is_delivered_by_the_next_life)
{
    struct web_world world;
    struct hook hook = {0};
    struct sugu_posted posted;
    char *folder = sugu_test_folder_new();

    start(&world, &hook, folder);
    phone_house_notice(&world.house, 2, SUGU__NOTICE_KIND__NOTICE_SOON);
    sugu_receiver_take(&hook.receiver, 500, "", &posted);
    ck_assert_int_eq(sugu_process_end(&world.web, SIGKILL), -SIGKILL);
    web_world_restart(&world, hook.options);
    sugu_receiver_take(&hook.receiver, 200, "", &posted);
    ck_assert_ptr_nonnull(strstr(posted.body, "\"notice\":1,"));
    await_confirmed(&world, 0);
    sugu_receiver_stop(&hook.receiver);
    web_world_done(&world);
    sugu_test_folder_free(folder);
}
END_TEST

/* The receiver breaks on one message each time; what comes after it is delivered all the same. */
START_TEST(a_notice_that_the_receiver_breaks_on_stands_in_nobodys_way)
{
    struct web_world world;
    struct hook hook = {0};
    struct sugu_posted posted;
    char *folder = sugu_test_folder_new();

    start(&world, &hook, folder);
    phone_house_notice(&world.house, 0, SUGU__NOTICE_KIND__NOTICE_SOON);
    sugu_receiver_take(&hook.receiver, 500, "", &posted);
    phone_house_notice(&world.house, 1, SUGU__NOTICE_KIND__NOTICE_SOON);
    do
        sugu_receiver_take_if(&hook.receiver, "\"notice\":2,", 200, 500, &posted);
    while (!strstr(posted.body, "\"notice\":2,"));
    await_confirmed(&world, 1);
    ck_assert_uint_eq(world.house.outbox[0].confirmed, 0);
    ck_assert_uint_eq(world.house.outbox[0].refusals, 0); /* it never looked at it */
    sugu_receiver_stop(&hook.receiver);
    web_world_done(&world);
    sugu_test_folder_free(folder);
}
END_TEST

START_TEST(what_is_refused_for_good_is_given_up_and_what_is_late_is_not_sent)
{
    struct web_world world;
    struct hook hook = {0};
    struct sugu_posted posted;
    char *folder = sugu_test_folder_new();

    start(&world, &hook, folder);
    phone_house_notice(&world.house, 0, SUGU__NOTICE_KIND__NOTICE_BILL_READY);
    phone_house_lock(&world.house);
    world.house.outbox[0].refusals = 3;
    phone_house_unlock(&world.house);
    sugu_receiver_take(&hook.receiver, 404, "", &posted);
    /* The fifth one is the last one; whoever is told to come later is not refused. */
    sugu_receiver_take(&hook.receiver, 429, "Retry-After: 1\r\n", &posted);
    sugu_receiver_take(&hook.receiver, 404, "", &posted);
    web_world_await_figure(&world, "hooks_given_up_total", 1);
    ck_assert_int_eq(web_world_figure(&world, "hooks_failed_total"), 3);
    /* Nobody listens until it is too late. */
    sugu_receiver_stop(&hook.receiver);
    phone_house_notice(&world.house, 1, SUGU__NOTICE_KIND__NOTICE_SOON);
    phone_house_lock(&world.house);
    world.house.outbox[1].expires_utc =
        sugu_clock_system()->utc_us(sugu_clock_system()) + 2 * SUGU_SECOND;
    phone_house_unlock(&world.house);
    phone_house_notice(&world.house, 2, SUGU__NOTICE_KIND__NOTICE_SOON);
    web_world_await_figure(&world, "hooks_failed_total", 5);
    sugu_receiver_start(&hook.receiver);
    sugu_receiver_take(&hook.receiver, 200, "", &posted);
    ck_assert_ptr_nonnull(strstr(posted.body, "\"notice\":3,"));
    await_confirmed(&world, 2);
    ck_assert_uint_eq(world.house.outbox[1].confirmed, 0);
    sugu_receiver_stop(&hook.receiver);
    web_world_done(&world);
    sugu_test_folder_free(folder);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("scenario-hooks",
                       60,
                       a_notice_is_posted_signed_and_confirmed,
                       a_receiver_that_is_away_is_tried_again_and_no_page_waits,
                       a_notice_that_is_refused_does_not_hold_up_the_next,
                       what_was_not_confirmed_is_delivered_by_the_next_life,
                       a_notice_that_the_receiver_breaks_on_stands_in_nobodys_way,
                       what_is_refused_for_good_is_given_up_and_what_is_late_is_not_sent)
