/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-link - how one message gets to a terminal and its answer back
 *
 * The link is a port: the real one is an HTTPS POST over a connection of its own
 * (sugu_nexo_link_https_new); tests and the simulation put one in its place that hands the message
 * to an emulated terminal in the same process (tests/emulators/nexo-in-process.h).
 *
 * The real one: TLS 1.2 or newer; the only trusted root is the configured one (never the system's);
 * the name or address that was connected to, or the configured certificate name, has to stand in
 * the certificate. No proxy, no redirect, HTTP/1.1, and no connection is used twice: libcurl sends
 * a request again by itself when a kept connection turns out dead, and a payment must not be sent
 * again.
 */
#pragma once

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define SUGU_NEXO_REPLY_SIZE_MAX (256 * 1024)

struct sugu_nexo_reply {
    char *bytes; /* a NUL behind; free with free(), also after a failure */
    size_t size;
    bool was_sent; /* the body was handed to the connection: it may have arrived */
};

struct sugu_nexo_link;

/* All mandatory. */
struct sugu_nexo_link_ops {
    /*
     * Brings `body` to `address`, "https://HOST:PORT/nexo", and waits `wait_ms` for the whole
     * answer. `reply` is filled in any case. RETRY "terminal.away": no byte of the body left this
     * machine. BROKEN "terminal.not-trusted": the certificate is wrong, nothing was sent. UNKNOWN
     * "payment.no-answer": it may have arrived. May be called from several threads.
     */
    enum sugu_status (*post)(struct sugu_nexo_link *link,
                             const char *address,
                             const char *body,
                             uint32_t wait_ms,
                             struct sugu_nexo_reply *reply,
                             struct sugu_error *reterr);
    /* From another thread: running posts end within a second, later ones are RETRY. No way back. */
    void (*stop)(struct sugu_nexo_link *link);
    void (*free)(struct sugu_nexo_link *link); /* no post may run any more */
};

struct sugu_nexo_link {
    const struct sugu_nexo_link_ops *ops;
};

/*
 * `root_pem` is the text of the root certificate(s). `certificate_name` NULL or "" where the
 * certificate carries the host of the address itself; else its DNS name, for terminals that are
 * reached by IP and have a certificate by name. REFUSED "settings.invalid" for a root that is none.
 */
enum sugu_status sugu_nexo_link_https_new(const char *root_pem,
                                          const char *certificate_name,
                                          uint32_t connect_wait_ms,
                                          struct sugu_nexo_link **ret_link,
                                          struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Frees any link; NULL is fine. */
struct sugu_nexo_link *sugu_nexo_link_free(struct sugu_nexo_link *link);
