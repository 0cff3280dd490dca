/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token - the random 16 bytes that open a visit's page, as they stand in an address
 */
#include "web/token.h"

#include "base/text.h"

#include <string.h>

#define HEX_SIZE    32
#define BASE64_SIZE 22

/* -1 for what is no digit of base64url. */
static int
digit_of(char letter)
{
    if (letter >= 'A' && letter <= 'Z')
        return letter - 'A';
    if (letter >= 'a' && letter <= 'z')
        return letter - 'a' + 26;
    if (letter >= '0' && letter <= '9')
        return letter - '0' + 52;
    return letter == '-' ? 62 : letter == '_' ? 63 : -1;
}

static bool
read_base64(const char *text, struct web_token *ret_token)
{
    struct web_token token;
    uint32_t bits = 0;
    unsigned held = 0;
    size_t out = 0;

    for (size_t i = 0; i < BASE64_SIZE; i++) {
        int digit = digit_of(text[i]);
        if (digit < 0)
            return false;
        bits = bits << 6 | (uint32_t)digit;
        held += 6;
        if (held >= 8) {
            held -= 8;
            token.bytes[out++] = (uint8_t)(bits >> held);
        }
    }
    /* One text for one token: the four bits that are left over say nothing. */
    if (bits & ((1U << held) - 1))
        return false;
    *ret_token = token;
    return true;
}

bool
web_token_read(const char *text, size_t size, struct web_token *ret_token)
{
    char hex[HEX_SIZE + 1];

    if (size == BASE64_SIZE)
        return read_base64(text, ret_token);
    if (size != HEX_SIZE)
        return false;
    memcpy(hex, text, HEX_SIZE);
    hex[HEX_SIZE] = '\0';
    return sugu_hex_to_bytes(ret_token->bytes, WEB_TOKEN_SIZE, hex);
}
