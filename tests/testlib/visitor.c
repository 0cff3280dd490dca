/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visitor - asks a web server with bare sockets, as browsers and others do
 */
#include "testlib/visitor.h"

#include "testlib/checks.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_MS 10000

int
sugu_visitor_connect(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ck_assert_int_ge(file, 0);
    ck_assert_msg(connect(file, (struct sockaddr *)&address, sizeof address) == 0,
                  "cannot connect: %s", strerror(errno));
    return file;
}

bool
sugu_visitor_send(int file, const char *text)
{
    size_t size = strlen(text);

    while (size > 0) {
        ssize_t sent = send(file, text, size, MSG_NOSIGNAL);
        if (sent < 0)
            return false;
        text += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* Waits up to `wait_ms` for more; false at the end of the stream. */
static bool
read_more(int file, char **text, size_t *size, size_t *room, int wait_ms)
{
    struct pollfd look = {.fd = file, .events = POLLIN};
    ssize_t count;

    if (poll(&look, 1, wait_ms) <= 0) {
        ck_assert_msg(wait_ms == 0, "nothing came for %d ms behind: %s", wait_ms,
                      *text ? *text : "");
        return true;
    }
    if (*room - *size < 4096) {
        *room = *room * 2 + 8192;
        *text = realloc(*text, *room);
        ck_assert_ptr_nonnull(*text);
        (*text)[*size] = '\0';
    }
    count = recv(file, *text + *size, *room - *size - 1, 0);
    if (count <= 0)
        return false;
    *size += (size_t)count;
    (*text)[*size] = '\0';
    return true;
}

void
sugu_visitor_ask(uint16_t port, const char *request, struct sugu_visit_answer *ret_answer)
{
    char *text = NULL, *body;
    size_t size = 0, room = 0;
    int file = sugu_visitor_connect(port);

    *ret_answer = (struct sugu_visit_answer){0};
    sugu_visitor_send(file, request);
    while (read_more(file, &text, &size, &room, WAIT_MS))
        ;
    close(file);
    if (!text || !*text) {
        free(text);
        return;
    }
    body = strstr(text, "\r\n\r\n");
    ck_assert_msg(body != NULL, "no answer: %s", text);
    ck_assert_int_eq(sscanf(text, "HTTP/1.%*d %d", &ret_answer->status), 1);
    ret_answer->body = strdup(body + 4);
    body[2] = '\0';
    ret_answer->head = text;
}

void
sugu_visitor_get(uint16_t port,
                 const char *path,
                 const char *headers,
                 struct sugu_visit_answer *ret_answer)
{
    char *request = NULL;

    ck_assert_int_gt(asprintf(&request,
                              "GET %s HTTP/1.1\r\nHost: phone.example\r\nConnection: close\r\n%s"
                              "\r\n",
                              path, headers),
                     0);
    sugu_visitor_ask(port, request, ret_answer);
    free(request);
}

void
sugu_visit_answer_done(struct sugu_visit_answer *answer)
{
    free(answer->head);
    free(answer->body);
    *answer = (struct sugu_visit_answer){0};
}

void
sugu_listener_init(struct sugu_listener *listener, uint16_t port, const char *path)
{
    char request[512];

    *listener = (struct sugu_listener){.socket = sugu_visitor_connect(port)};
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nHost: phone.example\r\nAccept: text/event-stream\r\n\r\n", path);
    ck_assert(sugu_visitor_send(listener->socket, request));
}

void
sugu_listener_done(struct sugu_listener *listener)
{
    if (listener->socket > 0)
        close(listener->socket);
    free(listener->text);
    *listener = (struct sugu_listener){0};
}

bool
sugu_listener_read(struct sugu_listener *listener)
{
    return read_more(listener->socket, &listener->text, &listener->size, &listener->room, 0);
}

size_t
sugu_listener_expect(struct sugu_listener *listener, const char *words, size_t from)
{
    for (;;) {
        const char *found = listener->size > from ? strstr(listener->text + from, words) : NULL;
        if (found)
            return (size_t)(found - listener->text) + strlen(words);
        ck_assert_msg(
            read_more(listener->socket, &listener->text, &listener->size, &listener->room, WAIT_MS),
            "closed without '%s': %s", words, listener->text ? listener->text : "");
    }
}

void
sugu_listener_expect_end(struct sugu_listener *listener)
{
    while (read_more(listener->socket, &listener->text, &listener->size, &listener->room, WAIT_MS))
        ;
}
