/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http-curl - the http port over TLS, with libcurl
 *
 * TLS 1.2 or newer; the only trusted root is the configured one (never the system's); the name or
 * address that was connected to, or the configured certificate name, has to stand in the
 * certificate. No proxy, no redirect, HTTP/1.1, and no connection is used twice: libcurl sends a
 * request again by itself when a kept connection turns out dead, and a payment must not be sent
 * again.
 */
#pragma once

#include "payment/http/http.h"

#include <stdatomic.h>

struct sugu_http_curl_settings {
    const char *base;               /* "https://HOST[:PORT]", no '/' behind; copied, as the rest */
    const char *root_pem;           /* text of the only trusted root(s) */
    const char *certificate_name;   /* "" = the host of `base`; else the DNS name to look for */
    uint32_t connect_wait_ms;       /* until TCP and TLS stand */
    const atomic_bool *is_stopping; /* not owned; set, a running call ends within a second */
};

/* REFUSED "settings.invalid" for a root or an address that is none. */
enum sugu_status sugu_http_curl_new(const struct sugu_http_curl_settings *settings,
                                    struct sugu_http **ret_http,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;
struct sugu_http *sugu_http_curl_free(struct sugu_http *http);
