/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visitor - asks a web server with bare sockets, as browsers and others do
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sugu_visit_answer {
    int status;
    char *head; /* with the status line */
    char *body;
};

/* A connection to 127.0.0.1; ends the test when there is none. */
int sugu_visitor_connect(uint16_t port);
/* Sends all of it; false where the other side has closed. */
bool sugu_visitor_send(int socket, const char *text);
/* GET with more header lines ("…\r\n" each, or ""), over a connection of its own. */
void sugu_visitor_get(uint16_t port,
                      const char *path,
                      const char *headers,
                      struct sugu_visit_answer *ret_answer);
/* The whole request is given; the answer is read to its end. Status 0: closed without one. */
void sugu_visitor_ask(uint16_t port, const char *request, struct sugu_visit_answer *ret_answer);
void sugu_visit_answer_done(struct sugu_visit_answer *answer);

/* One that listens to events. */
struct sugu_listener {
    int socket;
    char *text; /* all that came, from the answer's head on */
    size_t size, room;
};
void sugu_listener_init(struct sugu_listener *listener, uint16_t port, const char *path);
void sugu_listener_done(struct sugu_listener *listener);
/* Takes in what is there without waiting; false where the other side has closed. */
bool sugu_listener_read(struct sugu_listener *listener);
/* Waits until `words` stand behind byte `from`; fails the test after 10 s. The place behind them.
 */
size_t sugu_listener_expect(struct sugu_listener *listener, const char *words, size_t from);
/* Waits until the other side closes. */
void sugu_listener_expect_end(struct sugu_listener *listener);
