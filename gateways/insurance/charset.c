/* SPDX-License-Identifier: Apache-2.0 */
/*
 * charset - between UTF-8 and Shift_JIS as Windows means it (code page 932)
 */
#include "insurance/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define GROWTH_MAX                                                                                 \
    3 /* one byte becomes at most three of UTF-8; two of CP932 come from two or more */
static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

/* How many bytes of what cannot be converted to step over: a whole double-byte character, or one.
 */
static size_t
odd_bytes(const char *at, size_t left)
{
    unsigned char lead = (unsigned char)at[0], trail = left > 1 ? (unsigned char)at[1] : 0;
    bool is_lead = (lead >= 0x81 && lead <= 0x9f) || (lead >= 0xe0 && lead <= 0xfc);

    return is_lead && trail >= 0x40 && trail != 0x7f && trail <= 0xfc ? 2 : 1;
}

static enum sugu_status
open_conversion(const char *to, const char *from, iconv_t *ret_handle, struct sugu_error *reterr)
{
    *ret_handle = iconv_open(to, from);
    if (*ret_handle == (iconv_t)-1)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no conversion from %s to %s", from,
                         to);
    return SUGU_OK;
}

enum sugu_status
sugu_charset_to_utf8(
    const uint8_t *bytes, size_t size, char **ret_text, size_t *ret_size, struct sugu_error *reterr)
{
    size_t left = size, room = size * GROWTH_MAX;
    char *text = malloc(room + 1), *out = text, *in = (char *)(uintptr_t)bytes;
    iconv_t handle;
    enum sugu_status status = open_conversion("UTF-8", "CP932", &handle, reterr);

    if (status != SUGU_OK || !text) {
        free(text);
        return status != SUGU_OK ? status
                                 : sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    }
    while (left > 0 && iconv(handle, &in, &left, &out, &room) == (size_t)-1) {
        size_t odd = odd_bytes(in, left);
        memcpy(out, replacement, sizeof replacement - 1);
        out += sizeof replacement - 1;
        room -= sizeof replacement - 1;
        in += odd;
        left -= odd;
    }
    iconv_close(handle);
    *out = '\0';
    *ret_text = text;
    *ret_size = (size_t)(out - text);
    return SUGU_OK;
}

enum sugu_status
sugu_charset_from_utf8(const char *text,
                       uint8_t **ret_bytes,
                       size_t *ret_size,
                       struct sugu_error *reterr)
{
    size_t left = strlen(text), room = left * 2 + 1;
    char *bytes = malloc(room), *out = bytes, *in = (char *)(uintptr_t)text;
    iconv_t handle;
    enum sugu_status status = open_conversion("CP932", "UTF-8", &handle, reterr);
    bool is_converted;

    if (status != SUGU_OK || !bytes) {
        free(bytes);
        return status != SUGU_OK ? status
                                 : sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    }
    is_converted = iconv(handle, &in, &left, &out, &room) != (size_t)-1;
    iconv_close(handle);
    if (!is_converted) {
        explicit_bzero(bytes, (size_t)(out - bytes));
        free(bytes);
        return sugu_fail(reterr, SUGU_REFUSED, "eligibility.number-invalid",
                         "symbol or number on file has a character that Shift_JIS does not have");
    }
    *ret_bytes = (uint8_t *)bytes;
    *ret_size = (size_t)(out - bytes);
    return SUGU_OK;
}
