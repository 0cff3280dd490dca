/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenario-hooks - the message hooks against a receiver that takes, refuses and vanishes
 */
#include "web-world.h"

#include "testlib/checks.h"
#include "testlib/folder.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY     "0123456789abcdef0123456789abcdef"
#define WAIT_MS 10000

struct receiver {
    int socket;
    uint16_t port;
    char url[64], key[200];
    const char *options[8];
};

struct posted {
    char text[8192]; /* the whole request */
    const char *body;
};

static void
receiver_init(struct receiver *receiver)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(receiver->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int on = 1;

    receiver->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(receiver->socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ck_assert_int_eq(bind(receiver->socket, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(receiver->socket, 16), 0);
    getsockname(receiver->socket, (struct sockaddr *)&address, &size);
    receiver->port = ntohs(address.sin_port);
    snprintf(receiver->url, sizeof receiver->url, "http://127.0.0.1:%u/hook?a=1", receiver->port);
}

/* A world whose program posts to the receiver. `folder` holds the key. */
static void
start(struct web_world *world, struct receiver *receiver, char *folder)
{
    snprintf(receiver->key, sizeof receiver->key, "%s/hook.key", folder);
    ck_assert(g_file_set_contents(receiver->key, KEY "\n", -1, NULL));
    chmod(receiver->key, 0600);
    receiver_init(receiver);
    memcpy(receiver->options,
           (const char *[]){"--hook-url", receiver->url, "--hook-key", receiver->key,
                            "--phone-page", "https://phone.example/t/", NULL},
           7 * sizeof(char *));
    web_world_init(world, 3, receiver->options);
}

static bool
is_whole(const struct posted *posted, size_t size)
{
    const char *end = strstr(posted->text, "\r\n\r\n");
    const char *length = strcasestr(posted->text, "content-length:");

    return end && length &&
           size >= (size_t)(end + 4 - posted->text) +
                       (size_t)strtoul(length + strlen("content-length:"), NULL, 10);
}

/* Takes one message in and answers it; fails the test where none comes. */
static void
take(struct receiver *receiver, int status, const char *headers, struct posted *ret_posted)
{
    struct pollfd look = {.fd = receiver->socket, .events = POLLIN};
    char answer[300];
    size_t size = 0;
    int file;

    ck_assert_msg(poll(&look, 1, WAIT_MS) == 1, "no message came");
    file = accept(receiver->socket, NULL, NULL);
    ck_assert_int_ge(file, 0);
    memset(ret_posted, 0, sizeof *ret_posted);
    while (!is_whole(ret_posted, size)) {
        ssize_t count = recv(file, ret_posted->text + size, sizeof ret_posted->text - 1 - size, 0);
        ck_assert_int_gt(count, 0);
        size += (size_t)count;
    }
    ret_posted->body = strstr(ret_posted->text, "\r\n\r\n") + 4;
    snprintf(answer, sizeof answer,
             "HTTP/1.1 %d X\r\nContent-Length: 2\r\nConnection: close\r\n%s\r\nok", status,
             headers);
    send(file, answer, strlen(answer), MSG_NOSIGNAL);
    close(file);
}

static const char *
header(const struct posted *posted, const char *name, char to[128])
{
    const char *line = strcasestr(posted->text, name);

    ck_assert_msg(line != NULL, "no %s in %s", name, posted->text);
    line += strlen(name);
    line += strspn(line, " ");
    snprintf(to, 128, "%.*s", (int)strcspn(line, "\r"), line);
    return to;
}

/* As a receiver does: HMAC-SHA256 of the time, a dot and the body. */
static void
expect_signature(const struct posted *posted)
{
    char time[128], signature[128], *text, *digest;

    header(posted, "Sugu-Timestamp:", time);
    header(posted, "Sugu-Signature:", signature);
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
    struct receiver receiver = {0};
    struct posted posted;
    char *folder = sugu_test_folder_new(), hex[33], words[128], value[128];

    start(&world, &receiver, folder);
    phone_house_notice(&world.house, 1, SUGU__NOTICE_KIND__NOTICE_BILL_READY);
    take(&receiver, 204, "", &posted);
    expect_signature(&posted);
    ck_assert_int_eq(strncmp(posted.text, "POST /hook?a=1 HTTP/1.1\r\n", 25), 0);
    ck_assert_str_eq(header(&posted, "Idempotency-Key:", value), "1-1");
    ck_assert_str_eq(header(&posted, "Content-Type:", value), "application/json");
    phone_house_token(&world.house, 1, hex);
    snprintf(words, sizeof words, "\"page\":\"https://phone.example/t/%s\"", hex);
    ck_assert_ptr_nonnull(strstr(posted.body, words));
    ck_assert_ptr_nonnull(strstr(posted.body, "\"kind\":\"bill-ready\",\"number\":\"A-002\""));
    await_confirmed(&world, 0);
    web_world_await_figure(&world, "hooks_delivered_total", 1);
    ck_assert_int_eq(web_world_figure(&world, "hooks_waiting"), 0);
    close(receiver.socket);
    web_world_done(&world);
    sugu_test_folder_free(folder);
}
END_TEST

START_TEST(a_receiver_that_is_away_is_tried_again_and_no_page_waits)
{
    struct web_world world;
    struct receiver receiver = {0};
    struct posted posted, again;
    struct sugu_visit_answer answer;
    char *folder = sugu_test_folder_new(), one[128], other[128];

    start(&world, &receiver, folder);
    phone_house_notice(&world.house, 0, SUGU__NOTICE_KIND__NOTICE_SOON);
    take(&receiver, 503, "", &posted);
    web_world_get(&world, 0, "", 200, &answer);
    sugu_visit_answer_done(&answer);
    close(receiver.socket); /* nobody listens for a while */
    web_world_await_figure(&world, "hooks_failed_total", 2);
    ck_assert_uint_eq(world.house.outbox[0].confirmed, 0);
    receiver_init(&receiver);
    take(&receiver, 200, "", &again);
    ck_assert_str_eq(again.body, posted.body);
    ck_assert_str_eq(header(&posted, "Idempotency-Key:", one),
                     header(&again, "Idempotency-Key:", other));
    await_confirmed(&world, 0);
    close(receiver.socket);
    web_world_done(&world);
    sugu_test_folder_free(folder);
}
END_TEST

START_TEST(a_notice_that_is_refused_does_not_hold_up_the_next)
{
    struct web_world world;
    struct receiver receiver = {0};
    struct posted posted;
    char *folder = sugu_test_folder_new();

    start(&world, &receiver, folder);
    phone_house_notice(&world.house, 0, SUGU__NOTICE_KIND__NOTICE_SOON);
    take(&receiver, 400, "", &posted);
    phone_house_notice(&world.house, 1, SUGU__NOTICE_KIND__NOTICE_MAY_LEAVE);
    do
        take(&receiver, strstr(posted.body, "\"notice\":2") ? 200 : 400, "", &posted);
    while (!strstr(posted.body, "\"notice\":2"));
    ck_assert_ptr_nonnull(strstr(posted.body, "\"kind\":\"you-may-leave\""));
    do /* the answer to it may still have been the refusal */
        take(&receiver, 200, "", &posted);
    while (!strstr(posted.body, "\"notice\":1"));
    await_confirmed(&world, 0);
    close(receiver.socket);
    web_world_done(&world);
    sugu_test_folder_free(folder);
}
END_TEST

START_TEST(what_was_not_confirmed_is_delivered_by_the_next_life)
{
    struct web_world world;
    struct receiver receiver = {0};
    struct posted posted;
    char *folder = sugu_test_folder_new();

    start(&world, &receiver, folder);
    phone_house_notice(&world.house, 2, SUGU__NOTICE_KIND__NOTICE_SOON);
    take(&receiver, 500, "", &posted);
    ck_assert_int_eq(sugu_process_end(&world.web, SIGKILL), -SIGKILL);
    web_world_restart(&world, receiver.options);
    take(&receiver, 200, "", &posted);
    ck_assert_ptr_nonnull(strstr(posted.body, "\"notice\":1,"));
    await_confirmed(&world, 0);
    close(receiver.socket);
    web_world_done(&world);
    sugu_test_folder_free(folder);
}
END_TEST

SUGU_TEST_MAIN_TIMEOUT("scenario-hooks",
                       60,
                       a_notice_is_posted_signed_and_confirmed,
                       a_receiver_that_is_away_is_tried_again_and_no_page_waits,
                       a_notice_that_is_refused_does_not_hold_up_the_next,
                       what_was_not_confirmed_is_delivered_by_the_next_life)
