/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token - the random 16 bytes that open a visit's page, as they stand in an address
 *
 * They are the only secret of the page: never logged, never in a metric.
 */
#pragma once

#include "base/id.h"

#include <stdbool.h>
#include <stddef.h>

#define WEB_TOKEN_SIZE 16

struct web_token {
    uint8_t bytes[WEB_TOKEN_SIZE];
};

/* `size` characters of an address: 32 hexadecimal digits in either case (what tickets have), or 22
 * of base64url without padding (RFC 4648 section 5). False for anything else. */
bool web_token_read(const char *text, size_t size, struct web_token *ret_token);
