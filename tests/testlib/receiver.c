/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receiver - takes HTTP messages in, one at a time, and answers as the test says
 */
#include "testlib/receiver.h"

#include "testlib/checks.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_MS 10000

void
sugu_receiver_start(struct sugu_receiver *receiver)
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

static bool
is_whole(const struct sugu_posted *posted, size_t size)
{
    const char *end = strstr(posted->text, "\r\n\r\n");
    const char *length = strcasestr(posted->text, "content-length:");

    return end && length &&
           size >= (size_t)(end + 4 - posted->text) +
                       (size_t)strtoul(length + strlen("content-length:"), NULL, 10);
}

void
sugu_receiver_stop(struct sugu_receiver *receiver)
{
    close(receiver->socket);
}

/* Takes one message in; the connection to answer on. */
static int
take(struct sugu_receiver *receiver, struct sugu_posted *ret_posted)
{
    struct pollfd look = {.fd = receiver->socket, .events = POLLIN};
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
    return file;
}

static void
answer(int file, int status, const char *headers)
{
    char text[300];

    snprintf(text, sizeof text,
             "HTTP/1.1 %d X\r\nContent-Length: 2\r\nConnection: close\r\n%s\r\nok", status,
             headers);
    send(file, text, strlen(text), MSG_NOSIGNAL);
    close(file);
}

void
sugu_receiver_take(struct sugu_receiver *receiver,
                   int status,
                   const char *headers,
                   struct sugu_posted *ret_posted)
{
    int file = take(receiver, ret_posted);

    answer(file, status, headers);
}

void
sugu_receiver_take_if(struct sugu_receiver *receiver,
                      const char *words,
                      int status,
                      int other,
                      struct sugu_posted *ret_posted)
{
    int file = take(receiver, ret_posted);

    answer(file, strstr(ret_posted->body, words) ? status : other, "");
}

const char *
sugu_posted_header(const struct sugu_posted *posted, const char *name, char to[128])
{
    const char *line = strcasestr(posted->text, name);

    ck_assert_msg(line != NULL, "no %s in %s", name, posted->text);
    line += strlen(name);
    line += strspn(line, " ");
    snprintf(to, 128, "%.*s", (int)strcspn(line, "\r"), line);
    return to;
}
