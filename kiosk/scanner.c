/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scanner - a barcode scanner that types: from key presses to the token of a ticket
 */
#include "scanner.h"

#include "base/text.h"

#include <string.h>

#define PREFIX "SUGU1:"
/* A scanner types some hundred keys a second; a person who leans on a key does not go on for long.
 */
#define PAUSE_US (1 * SUGU_SECOND)

void
kiosk_scanner_clear(struct kiosk_scanner *scanner)
{
    explicit_bzero(scanner, sizeof *scanner);
}

bool
kiosk_scanner_parse(const char *text, struct sugu_id *ret_token)
{
    const char *last = strrchr(text, '/');
    uint8_t bytes[SUGU_ID_SIZE];

    if (strncmp(text, PREFIX, strlen(PREFIX)) == 0)
        text += strlen(PREFIX);
    else if (last && (strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0))
        text = last + 1;
    else
        return false;
    return sugu_hex_to_bytes(bytes, sizeof bytes, text) &&
           sugu_id_from_bytes(bytes, sizeof bytes, ret_token);
}

static bool
may_begin(uint32_t character)
{
    return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z');
}

enum kiosk_scan
kiosk_scanner_key(struct kiosk_scanner *scanner,
                  uint32_t character,
                  int64_t now_us,
                  struct sugu_id *ret_token)
{
    enum kiosk_scan scan;

    if (scanner->length > 0 && now_us - scanner->last_us > PAUSE_US)
        kiosk_scanner_clear(scanner);
    scanner->last_us = now_us;
    if (character == '\r') {
        if (scanner->length == 0)
            return KIOSK_SCAN_NOTHING;
        scan =
            kiosk_scanner_parse(scanner->typed, ret_token) ? KIOSK_SCAN_TICKET : KIOSK_SCAN_UNKNOWN;
        kiosk_scanner_clear(scanner);
        return scan;
    }
    if (character <= ' ' || character > '~' || (scanner->length == 0 && !may_begin(character)))
        return scanner->length > 0 ? KIOSK_SCAN_TAKEN : KIOSK_SCAN_NOTHING;
    if (scanner->length < KIOSK_SCAN_MAX)
        scanner->typed[scanner->length++] = (char)character;
    return KIOSK_SCAN_TAKEN;
}
