/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ticket-code - what the QR code of a ticket says, and reading it back
 *
 * Two forms, both ending in the visit's 16-byte token as 32 lower-case hexadecimal digits:
 *
 *     SUGU1:0123456789abcdef0123456789abcdef            no phone page
 *     https://example.jp/v/0123456789abcdef…            address of the phone page, then the token
 *
 * The token is random and says nothing about the person; whoever reads it still has to give a
 * second fact. The kiosk's scanner gets either form and takes the last 32 digits; digits in upper
 * case are read too, because some scanners send them so.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUGU_TICKET_TOKEN_SIZE     16
#define SUGU_TICKET_CODE_TEXT_SIZE 256 /* an address of 200 bytes, the token, the NUL */

/* `phone_page` "" = the first form. False where the text would be too long: nothing is written. */
bool sugu_ticket_code_text(const char *phone_page,
                           const uint8_t token[SUGU_TICKET_TOKEN_SIZE],
                           char to[SUGU_TICKET_CODE_TEXT_SIZE]);

/*
 * The token in a scanned text; blanks and line ends around it are ignored. False where the text has
 * neither form (no prefix, fewer or more than 32 digits at the end of an address part).
 */
bool sugu_ticket_code_read(const char *text, uint8_t ret_token[SUGU_TICKET_TOKEN_SIZE]);
