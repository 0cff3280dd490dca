/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scanner - a barcode scanner that types: from key presses to the token of a ticket
 *
 * The QR of a ticket holds "SUGU1:<32 hex>" or a web address whose last part is the 32 hex digits;
 * the scanner types it and then Enter. Digits alone never begin a code, so that a numeric keypad
 * beside the screen can serve the page's own keypad.
 */
#pragma once

#include "base/id.h"

#include <stdbool.h>

#define KIOSK_SCAN_MAX 300 /* characters */

struct kiosk_scanner {
    char typed[KIOSK_SCAN_MAX + 1];
    unsigned length;
    int64_t last_us; /* monotonic time of the last key: a pause begins anew */
};

enum kiosk_scan {
    KIOSK_SCAN_NOTHING, /* the key belongs to somebody else */
    KIOSK_SCAN_TAKEN,   /* the key belongs to the scanner */
    KIOSK_SCAN_TICKET,  /* Enter: *ret_token is the token of a ticket */
    KIOSK_SCAN_UNKNOWN, /* Enter: something else was scanned */
};

/*
 * One key. `character` is its Unicode character, '\r' for Enter, 0 for keys without one. `now_us`
 * is monotonic.
 */
enum kiosk_scan kiosk_scanner_key(struct kiosk_scanner *scanner,
                                  uint32_t character,
                                  int64_t now_us,
                                  struct sugu_id *ret_token);
void kiosk_scanner_clear(struct kiosk_scanner *scanner);

/* The token in the text of a QR; false where it is no ticket's. */
bool kiosk_scanner_parse(const char *text, struct sugu_id *ret_token);
