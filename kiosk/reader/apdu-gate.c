/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apdu-gate - which commands may go to a card at all
 */
#include "reader/apdu-gate.h"

#include "base/macros.h"
#include "port/pin-channel.h"

#include <string.h>

enum {
    INS_VERIFY = 0x20,
    INS_SIGN = 0x2a,
    INS_SELECT = 0xa4,
    INS_READ = 0xb0,
    INS_GET_RESPONSE = 0xc0,
};

/* domain/card-insurance.md 1.2 */
static const struct sugu_card_file_row files[SUGU_CARD_FILE_COUNT] = {
    [SUGU_CARD_CERTIFICATE] = {SUGU_CARD_JPKI, 0x000a, SUGU_CARD_MAY_READ},
    [SUGU_CARD_KEY] = {SUGU_CARD_JPKI, 0x0017, SUGU_CARD_MAY_SIGN},
    [SUGU_CARD_KEY_PIN] = {SUGU_CARD_JPKI, 0x0018, SUGU_CARD_MAY_VERIFY},
    [SUGU_CARD_ATTRIBUTES] = {SUGU_CARD_TEXT, 0x0002, SUGU_CARD_MAY_READ},
    [SUGU_CARD_TEXT_PIN] = {SUGU_CARD_TEXT, 0x0011, SUGU_CARD_MAY_VERIFY},
};

static const uint8_t aids[SUGU_CARD_APPLICATION_COUNT][SUGU_AID_SIZE] = {
    [SUGU_CARD_JPKI] = {0xd3, 0x92, 0xf0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01},
    [SUGU_CARD_TEXT] = {0xd3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08},
};

const struct sugu_card_file_row *
sugu_card_file_row(enum sugu_card_file file)
{
    return files + file;
}

const uint8_t *
sugu_card_aid(enum sugu_card_application application)
{
    return aids[application];
}

/* 00 A4 04 0C 0A AID; returns SUGU_CARD_NO_APPLICATION where it is not one of ours. */
static enum sugu_card_application
application_of(const uint8_t *command, size_t size)
{
    if (size != 5 + SUGU_AID_SIZE || command[3] != 0x0c || command[4] != SUGU_AID_SIZE)
        return SUGU_CARD_NO_APPLICATION;
    for (unsigned i = SUGU_CARD_JPKI; i < SUGU_CARD_APPLICATION_COUNT; i++)
        if (memcmp(aids[i], command + 5, SUGU_AID_SIZE) == 0)
            return (enum sugu_card_application)i;
    return SUGU_CARD_NO_APPLICATION;
}

/* 00 A4 02 0C 02 EF, in the selected application; NULL where the file is not one of ours. */
static const struct sugu_card_file_row *
file_of(const struct sugu_apdu_gate *gate, const uint8_t *command, size_t size)
{
    if (size != 7 || command[3] != 0x0c || command[4] != 2)
        return NULL;
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(files); i++)
        if (files[i].application == gate->application &&
            files[i].id == (command[5] << 8 | command[6]))
            return files + i;
    return NULL;
}

static bool
has_right(const struct sugu_apdu_gate *gate, enum sugu_card_right right)
{
    return gate->file && (gate->file->rights & right);
}

bool
sugu_apdu_gate_allows(const struct sugu_apdu_gate *gate, const uint8_t *command, size_t size)
{
    if (size < 4)
        return false;
    if (command[0] == 0x80)
        return command[1] == INS_SIGN && command[3] == 0x80 && has_right(gate, SUGU_CARD_MAY_SIGN);
    if (command[0] != 0x00)
        return false;
    switch (command[1]) {
    case INS_SELECT:
        return command[2] == 0x04   ? application_of(command, size) != SUGU_CARD_NO_APPLICATION
               : command[2] == 0x02 ? file_of(gate, command, size) != NULL
                                    : false;
    case INS_READ: /* the high bit of P1 would name another file */
        return size == 5 && !(command[2] & 0x80) && has_right(gate, SUGU_CARD_MAY_READ);
    case INS_VERIFY: /* the low bits of P2 would name another file */
        return command[2] == 0x00 && command[3] == 0x80 &&
               (size == 4 || (size == 5 + SUGU_PIN_DIGITS && command[4] == SUGU_PIN_DIGITS)) &&
               has_right(gate, SUGU_CARD_MAY_VERIFY);
    case INS_GET_RESPONSE:
        return size == 5;
    default:
        return false;
    }
}

void
sugu_apdu_gate_note(struct sugu_apdu_gate *gate,
                    const uint8_t *command,
                    size_t size,
                    uint16_t status_word)
{
    const struct sugu_card_file_row *file;

    if (size < 4 || command[1] != INS_SELECT)
        return;
    /* After a SELECT that failed nobody knows what is selected: nothing, for us. */
    file = command[2] == 0x02 && status_word == 0x9000 ? file_of(gate, command, size) : NULL;
    if (command[2] == 0x04)
        gate->application =
            status_word == 0x9000 ? application_of(command, size) : SUGU_CARD_NO_APPLICATION;
    gate->file = file;
}
