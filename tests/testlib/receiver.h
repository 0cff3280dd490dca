/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receiver - takes HTTP messages in, one at a time, and answers as the test says
 */
#pragma once

#include <stdint.h>

struct sugu_receiver {
    int socket;
    uint16_t port; /* 0 before the first start; the same again after a pause */
    char url[64];
};

struct sugu_posted {
    char text[8192]; /* the whole request */
    const char *body;
};

/* Listens on 127.0.0.1. */
void sugu_receiver_start(struct sugu_receiver *receiver);
/* Nobody listens there any more. */
void sugu_receiver_stop(struct sugu_receiver *receiver);
/* Takes one message in and answers it with the status and more header lines ("…\r\n" or ""); fails
 * the test where none comes within 10 s. */
void sugu_receiver_take(struct sugu_receiver *receiver,
                        int status,
                        const char *headers,
                        struct sugu_posted *ret_posted);
/* The same; `status` is for a message with these words, `other` for any other. */
void sugu_receiver_take_if(struct sugu_receiver *receiver,
                           const char *words,
                           int status,
                           int other,
                           struct sugu_posted *ret_posted);
/* The value of a header field: "Content-Type:". Returns `to`. */
const char *sugu_posted_header(const struct sugu_posted *posted, const char *name, char to[128]);
