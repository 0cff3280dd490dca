/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-link - one HTTPS POST to a terminal, over a connection of its own
 *
 * TLS 1.2 or newer; the only trusted root is the configured one (never the system's); the name or
 * address that was connected to, or the configured certificate name, has to stand in the
 * certificate. No proxy, no redirect, HTTP/1.1, and no connection is used twice: libcurl sends a
 * request again by itself when a kept connection turns out dead, and a payment must not be sent
 * again.
 */
#pragma once

#include "base/status.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define SUGU_NEXO_REPLY_SIZE_MAX (256 * 1024)

struct sugu_nexo_link;

/*
 * `root_pem` is the text of the root certificate(s). `certificate_name` NULL or "" where the
 * certificate carries the host of the address itself; else its DNS name, for terminals that are
 * reached by IP and have a certificate by name. `is_stopping` (not owned) set ends a running call
 * within a second.
 */
enum sugu_status sugu_nexo_link_new(const char *root_pem,
                                    const char *certificate_name,
                                    uint32_t connect_wait_ms,
                                    const atomic_bool *is_stopping,
                                    struct sugu_nexo_link **ret_link,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;
struct sugu_nexo_link *sugu_nexo_link_free(struct sugu_nexo_link *link);

struct sugu_nexo_reply {
    char *bytes; /* a NUL behind; free with free(), also after a failure */
    size_t size;
    bool was_sent; /* the body was handed to the connection: it may have arrived */
};

/*
 * POSTs `body` to `address`, "https://HOST:PORT/nexo", and waits `wait_ms` for the whole answer.
 * `reply` is filled in any case. RETRY "terminal.away": no byte of the body left this machine.
 * BROKEN "terminal.not-trusted": the certificate is wrong, nothing was sent. UNKNOWN
 * "payment.no-answer": it may have arrived. May be called from several threads.
 */
enum sugu_status sugu_nexo_link_post(struct sugu_nexo_link *link,
                                     const char *address,
                                     const char *body,
                                     uint32_t wait_ms,
                                     struct sugu_nexo_reply *reply,
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;
