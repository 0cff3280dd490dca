/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signature - proves to the receiver of a message hook that it comes from here, and when
 *
 * HMAC-SHA256 (RFC 2104) with the shared key over the time in seconds as decimal text, a dot, and
 * the body as it is sent. The receiver computes the same, compares in constant time, and refuses
 * what is older than a few minutes.
 */
#pragma once

#include "base/status.h"

#include <glib.h>

#include <stdint.h>

#define WEB_HOOK_KEY_MIN   16
#define WEB_HOOK_KEY_MAX   4096
#define WEB_SIGNATURE_SIZE 68 /* "v1=", 64 hexadecimal digits, NUL */

struct web_hook_key {
    uint8_t *bytes;
    size_t size;
};

/* The file's bytes without line ends at its end. REFUSED "hook.key" where it is too short or too
 * long, or where others than its owner may read it. Free with web_hook_key_done. */
enum sugu_status web_hook_key_read(const char *path,
                                   struct web_hook_key *ret_key,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;
void web_hook_key_done(struct web_hook_key *key);

/* "v1=…" */
void web_signature_make(const struct web_hook_key *key,
                        int64_t time_s,
                        const char *body,
                        char to[WEB_SIGNATURE_SIZE]);
