/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pn532-chip - the chip behind the line: registers, field, cards and their APDU log
 *
 * One command in, one reply out; no line, no thread, no fault. Used by pn532.c under its lock.
 */
#pragma once

#include "emulators/pn532-frame.h"
#include "emulators/pn532.h"

/* Status bytes of InDataExchange and its like; domain/card-insurance.md 6.2. */
enum {
    PN532_STATUS_OK = 0x00,
    PN532_STATUS_TIMEOUT = 0x01, /* the card does not answer */
    PN532_STATUS_CONTEXT = 0x27, /* no card was selected */
    PN532_STATUS_OTHER_CARD = 0x2a,
    PN532_STATUS_NAD = 0x80,
};

struct pn532_chip {
    uint8_t registers[0x10000];
    bool is_field_on;
    struct emulated_card *cards[PN532_CARDS_MAX];
    size_t card_count;
    struct emulated_card *selected;
    bool is_swapped; /* the selected card is not the one in the field any more */
    struct pn532_log_row *log;
    size_t log_count, log_room;
};

/*
 * Runs a command (code first) and writes the reply (code + 1 first); returns its size, or 0 for a
 * command that the chip does not know, which is answered with the error frame.
 */
size_t pn532_chip_run(struct pn532_chip *chip,
                      const uint8_t *command,
                      size_t size,
                      uint8_t reply[PN532_DATA_SIZE_MAX]);
void pn532_chip_put(struct pn532_chip *chip, struct emulated_card *card);
/* NULL takes all. */
void pn532_chip_take(struct pn532_chip *chip, struct emulated_card *card);
void pn532_chip_set_field(struct pn532_chip *chip, bool is_on);
