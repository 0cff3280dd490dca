/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text - bounded UTF-8 strings, hexadecimal, whole numbers out of text
 */
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the UTF-8 character at `text`, or 0 where there is no well-formed one (RFC 3629). */
static size_t
character_size(const char *text, size_t left)
{
    const unsigned char *byte = (const unsigned char *)text;
    size_t size;
    unsigned char low = 0x80, high = 0xbf;

    if (byte[0] < 0x80)
        return 1;
    if (byte[0] >= 0xc2 && byte[0] <= 0xdf)
        size = 2;
    else if (byte[0] >= 0xe0 && byte[0] <= 0xef)
        size = 3;
    else if (byte[0] >= 0xf0 && byte[0] <= 0xf4)
        size = 4;
    else
        return 0;
    if (byte[0] == 0xe0)
        low = 0xa0; /* shorter form exists */
    else if (byte[0] == 0xed)
        high = 0x9f; /* surrogates */
    else if (byte[0] == 0xf0)
        low = 0x90;
    else if (byte[0] == 0xf4)
        high = 0x8f; /* past U+10FFFF */
    if (left < size || byte[1] < low || byte[1] > high)
        return 0;
    for (size_t i = 2; i < size; i++)
        if (byte[i] < 0x80 || byte[i] > 0xbf)
            return 0;
    return size;
}

bool
sugu_text_is_utf8(const char *text, size_t size)
{
    size_t at = 0;

    while (at < size) {
        size_t step = text[at] ? character_size(text + at, size - at) : 0;
        if (step == 0)
            return false;
        at += step;
    }
    return true;
}

bool
sugu_text_copy(char *to, size_t size, const char *from)
{
    size_t length = from ? strlen(from) : 0;
    size_t keep = 0;

    if (size == 0)
        return length == 0;
    if (length < size) {
        if (length)
            memmove(to, from, length);
        to[length] = '\0';
        return true;
    }
    while (keep < size - 1) {
        size_t step = character_size(from + keep, length - keep);
        if (step == 0)
            step = 1;
        if (keep + step > size - 1)
            break;
        keep += step;
    }
    memmove(to, from, keep);
    to[keep] = '\0';
    return false;
}

/* Do the last `left` bytes begin a character without ending it? */
static bool
is_cut(const char *text, size_t left)
{
    unsigned char first = (unsigned char)text[0];
    size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;

    if (first < 0xc2 || first > 0xf4 || left >= size)
        return false;
    for (size_t i = 1; i < left; i++)
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return false;
    return true;
}

void
sugu_text_clean(char *text)
{
    size_t length = strlen(text);
    size_t at = 0;

    while (at < length) {
        size_t step = character_size(text + at, length - at);
        if (step == 0 && is_cut(text + at, length - at)) {
            text[at] = '\0';
            return;
        }
        if (step == 0 || (unsigned char)text[at] < 0x20 || text[at] == 0x7f) {
            text[at] = '?';
            step = 1;
        }
        at += step;
    }
}

size_t
sugu_text_length(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        if (((unsigned char)*text & 0xc0) != 0x80)
            count++;
    return count;
}

bool
sugu_text_is_digits(const char *text, size_t max)
{
    size_t length = strlen(text);

    return length >= 1 && length <= max && strspn(text, "0123456789") == length;
}

bool
sugu_text_to_int64(const char *text, int64_t low, int64_t high, int64_t *ret_value)
{
    const char *digits = text[0] == '-' ? text + 1 : text;
    char *end = NULL;
    long long value;

    if (!sugu_text_is_digits(digits, 19))
        return false;
    errno = 0;
    value = strtoll(text, &end, 10);
    if (errno || *end || value < low || value > high)
        return false;
    *ret_value = value;
    return true;
}

void
sugu_hex_from_bytes(char *to, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < size; i++) {
        *to++ = digits[bytes[i] >> 4];
        *to++ = digits[bytes[i] & 15];
    }
    *to = '\0';
}

static int
hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

bool
sugu_hex_to_bytes(uint8_t *to, size_t size, const char *hex)
{
    if (strlen(hex) != 2 * size)
        return false;
    for (size_t i = 0; i < 2 * size; i++)
        if (hex_digit(hex[i]) < 0)
            return false;
    for (size_t i = 0; i < size; i++)
        to[i] =
            (uint8_t)((unsigned)hex_digit(hex[2 * i]) << 4 | (unsigned)hex_digit(hex[2 * i + 1]));
    return true;
}
