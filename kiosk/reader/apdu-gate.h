/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apdu-gate - which commands may go to a card at all
 *
 * A list of what is allowed, not of what is not: two applications, five files, and for each what
 * may be done with it. Everything else is refused before it reaches the reader, so that no mistake
 * above can read the 12-digit individual number (text application, file 0001), the visual
 * application or the signing certificate with the address. Reading them needs a legal ground that a
 * kiosk does not have (domain/reliability-security.md 4.3). Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUGU_AID_SIZE 10

enum sugu_card_application {
    SUGU_CARD_NO_APPLICATION,
    SUGU_CARD_JPKI,
    SUGU_CARD_TEXT,
    SUGU_CARD_APPLICATION_COUNT
};

enum sugu_card_file {
    SUGU_CARD_CERTIFICATE, /* JPKI 000A: of the authentication key; free to read */
    SUGU_CARD_KEY,         /* JPKI 0017: the authentication key */
    SUGU_CARD_KEY_PIN,     /* JPKI 0018 */
    SUGU_CARD_ATTRIBUTES,  /* text 0002: name, address, birth date, sex */
    SUGU_CARD_TEXT_PIN,    /* text 0011 */
    SUGU_CARD_FILE_COUNT
};

enum sugu_card_right {
    SUGU_CARD_MAY_READ = 1 << 0,
    SUGU_CARD_MAY_VERIFY = 1 << 1,
    SUGU_CARD_MAY_SIGN = 1 << 2,
};

struct sugu_card_file_row {
    enum sugu_card_application application;
    uint16_t id;
    unsigned rights; /* of enum sugu_card_right */
};

const struct sugu_card_file_row *sugu_card_file_row(enum sugu_card_file file);
/* The ten bytes of an application's name; not of SUGU_CARD_NO_APPLICATION. */
const uint8_t *sugu_card_aid(enum sugu_card_application application);

/* What is selected on the card; all zero at first. */
struct sugu_apdu_gate {
    enum sugu_card_application application;
    const struct sugu_card_file_row *file;
};

/* May this command go out now? Nothing is changed. */
bool sugu_apdu_gate_allows(const struct sugu_apdu_gate *gate, const uint8_t *command, size_t size);
/* It went out, and the card answered `status_word` (0 = it did not): keeps track of the selection.
 */
void sugu_apdu_gate_note(struct sugu_apdu_gate *gate,
                         const uint8_t *command,
                         size_t size,
                         uint16_t status_word);
