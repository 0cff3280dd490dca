/* SPDX-License-Identifier: Apache-2.0 */
/*
 * name - a person's name in the form in which names are compared
 */
#include "domain/name.h"

#include <ctype.h>
#include <string.h>

/* U+FF01 … U+FF5E are U+0021 … U+007E in full width: EF BC 81 … EF BD 9E. */
static char
half_width(const unsigned char *text)
{
    int code;

    if (text[0] != 0xef || (text[1] != 0xbc && text[1] != 0xbd))
        return '\0';
    code = (text[1] - 0xbc) * 64 + (text[2] - 0x80); /* from U+FF00 */
    return code >= 0x01 && code <= 0x5e ? (char)(code + 0x20) : '\0';
}

bool
sugu_name_key(char *to, size_t size, const char *name)
{
    const unsigned char *at = (const unsigned char *)name;
    size_t used = 0;

    while (*at) {
        char narrow = *at == 0xef && at[1] && at[2] ? half_width(at) : '\0';
        if (used + 1 >= size)
            return false;
        if (*at == ' ') {
            at++;
        } else if (memcmp(at, "\xe3\x80\x80", at[1] && at[2] ? 3 : 1) == 0 && at[1] && at[2]) {
            at += 3;
        } else if (narrow) {
            to[used++] = (char)toupper((unsigned char)narrow);
            at += 3;
        } else {
            to[used++] = (char)(*at < 0x80 ? toupper(*at) : *at);
            at++;
        }
    }
    to[used] = '\0';
    return used > 0;
}
