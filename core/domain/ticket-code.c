/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ticket-code - what the QR code of a ticket says, and reading it back
 */
#include "domain/ticket-code.h"

#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PREFIX   "SUGU1:"
#define HEX_SIZE ((size_t)2 * SUGU_TICKET_TOKEN_SIZE)
#define BLANKS   " \t\r\n"

bool
sugu_ticket_code_text(const char *phone_page,
                      const uint8_t token[SUGU_TICKET_TOKEN_SIZE],
                      char to[SUGU_TICKET_CODE_TEXT_SIZE])
{
    const char *before = *phone_page ? phone_page : PREFIX;
    char hex[2 * SUGU_TICKET_TOKEN_SIZE + 1];

    if (strlen(before) + HEX_SIZE >= SUGU_TICKET_CODE_TEXT_SIZE)
        return false;
    sugu_hex_from_bytes(hex, token, SUGU_TICKET_TOKEN_SIZE);
    snprintf(to, SUGU_TICKET_CODE_TEXT_SIZE, "%s%s", before, hex);
    return true;
}

bool
sugu_ticket_code_read(const char *text, uint8_t ret_token[SUGU_TICKET_TOKEN_SIZE])
{
    size_t length;
    char hex[2 * SUGU_TICKET_TOKEN_SIZE + 1];

    text += strspn(text, BLANKS);
    length = strlen(text);
    while (length > 0 && strchr(BLANKS, text[length - 1]))
        length--;
    if (length <= HEX_SIZE)
        return false;
    if (strncasecmp(text, PREFIX, strlen(PREFIX)) == 0) {
        if (length != strlen(PREFIX) + HEX_SIZE)
            return false;
    } else if ((strncasecmp(text, "https://", 8) != 0 && strncasecmp(text, "http://", 7) != 0) ||
               isxdigit((unsigned char)text[length - HEX_SIZE - 1])) {
        return false;
    }
    memcpy(hex, text + length - HEX_SIZE, HEX_SIZE);
    hex[HEX_SIZE] = '\0';
    return sugu_hex_to_bytes(ret_token, SUGU_TICKET_TOKEN_SIZE, hex);
}
