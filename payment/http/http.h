/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http - the port through which a driver puts one question to a provider over HTTP
 *
 * One blocking question, one answer, no cookie, no redirect, no second try. There are two behind
 * it: http-curl over TLS, and the tests' one that calls an emulated provider in the same process
 * under its virtual clock. What matters above is the difference between "no byte of the request
 * has left this machine" and everything else, so that is the whole vocabulary of failure.
 */
#pragma once

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define SUGU_HTTP_HEADERS_MAX      8
#define SUGU_HTTP_WANTED_MAX       3
#define SUGU_HTTP_HEADER_VALUE_MAX 128
#define SUGU_HTTP_REPLY_SIZE_MAX   (256 * 1024)

struct sugu_http_request {
    const char *method; /* "GET", "POST", "DELETE" */
    const char *path;   /* "/v2/codes", without host; nothing is escaped any more */
    const char *headers[SUGU_HTTP_HEADERS_MAX]; /* "Name: value", NULL behind the last */
    const char *wanted[SUGU_HTTP_WANTED_MAX];   /* names of headers of the answer to keep */
    const char *body;                           /* text, or NULL for none */
    uint32_t wait_ms;                           /* for the whole answer */
};

/* Filled also where the question failed. sugu_http_reply_done clears and frees it. */
struct sugu_http_reply {
    uint32_t status; /* 200 …, of any kind: the driver judges it */
    char *bytes;     /* the body, a NUL behind it; NULL where there is none */
    size_t size;
    char values[SUGU_HTTP_WANTED_MAX][SUGU_HTTP_HEADER_VALUE_MAX]; /* of `wanted`, "" = not there */
};

struct sugu_http;

struct sugu_http_ops {
    const char *name;
    /*
     * OK: a whole answer, whatever its status. RETRY "provider.away": no byte of the request left.
     * BROKEN "provider.not-trusted": the certificate is wrong, nothing was sent. UNKNOWN
     * "payment.no-answer": it may have arrived. May be called from several threads.
     */
    enum sugu_status (*ask)(struct sugu_http *http,
                            const struct sugu_http_request *request,
                            struct sugu_http_reply *reply,
                            struct sugu_error *reterr);
};

struct sugu_http {
    const struct sugu_http_ops *ops;
};

/* The body is overwritten before it is freed: it may hold what nobody may keep. */
void sugu_http_reply_done(struct sugu_http_reply *reply);

/*
 * Seconds since 1970 of a Date header in its one form of today, "Tue, 15 Nov 1994 08:12:31 GMT"
 * (RFC 9110 5.6.7); false where it is another.
 */
bool sugu_http_date_parse(const char *text, int64_t *ret_utc_s);
