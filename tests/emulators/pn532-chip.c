/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pn532-chip - the chip behind the line: registers, field, cards and their APDU log
 */
#include "emulators/pn532-chip.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void
log_exchange(struct pn532_chip *chip,
             const uint8_t *command,
             size_t size,
             const uint8_t *answer,
             size_t answer_size)
{
    struct pn532_log_row *row;

    if (chip->log_count == chip->log_room) {
        chip->log_room = chip->log_room ? 2 * chip->log_room : 64;
        chip->log = realloc(chip->log, chip->log_room * sizeof *chip->log);
        assert(chip->log);
    }
    row = chip->log + chip->log_count++;
    memset(row, 0, sizeof *row);
    memcpy(row->card, chip->selected->name, sizeof row->card);
    memcpy(row->command, command, size);
    row->command_size = size;
    memcpy(row->answer, answer, answer_size);
    row->answer_size = answer_size;
}

static size_t
communication_test(const uint8_t *command, size_t size, uint8_t *reply)
{
    if (size < 2 || command[1] != 0x00)
        return 0;
    memcpy(reply + 1, command + 1, size - 1);
    return size;
}

static size_t
read_registers(struct pn532_chip *chip, const uint8_t *command, size_t size, uint8_t *reply)
{
    size_t at = 1;

    for (size_t i = 1; i + 1 < size; i += 2)
        reply[at++] = chip->registers[command[i] << 8 | command[i + 1]];
    return at;
}

static size_t
write_registers(struct pn532_chip *chip, const uint8_t *command, size_t size)
{
    for (size_t i = 1; i + 2 < size; i += 3)
        chip->registers[command[i] << 8 | command[i + 1]] = command[i + 2];
    return 1;
}

static bool
is_in_field(const struct pn532_chip *chip, const struct emulated_card *card)
{
    for (size_t i = 0; i < chip->card_count; i++)
        if (chip->cards[i] == card)
            return true;
    return false;
}

void
pn532_chip_set_field(struct pn532_chip *chip, bool is_on)
{
    chip->is_field_on = is_on;
    chip->is_swapped = false;
    if (is_on)
        return;
    for (size_t i = 0; i < chip->card_count; i++) {
        chip->cards[i]->is_active = false;
        chip->cards[i]->ops->power_off(chip->cards[i]);
    }
    chip->selected = NULL;
}

void
pn532_chip_put(struct pn532_chip *chip, struct emulated_card *card)
{
    assert(chip->card_count < PN532_CARDS_MAX);
    if (is_in_field(chip, card))
        return;
    card->is_active = false;
    chip->cards[chip->card_count++] = card;
}

void
pn532_chip_take(struct pn532_chip *chip, struct emulated_card *card)
{
    size_t kept = 0;

    for (size_t i = 0; i < chip->card_count; i++) {
        if (card && chip->cards[i] != card) {
            chip->cards[kept++] = chip->cards[i];
            continue;
        }
        chip->cards[i]->is_active = false;
        chip->cards[i]->ops->power_off(chip->cards[i]);
    }
    chip->card_count = kept;
}

/* InListPassiveTarget turns the field on by itself, and gives up the target it had. */
static size_t
list_targets(struct pn532_chip *chip, const uint8_t *command, size_t size, uint8_t *reply)
{
    if (size < 3)
        return 0;
    pn532_chip_set_field(chip, true);
    chip->selected = NULL;
    for (size_t i = 0; i < chip->card_count; i++) {
        struct emulated_card *card = chip->cards[i];
        size_t found =
            card->is_active ? 0 : card->ops->find(card, (enum emulated_air)command[2], reply + 3);

        if (!found)
            continue;
        /* FeliCa has no selected state: it answers every time. */
        card->is_active = command[2] != EMULATED_FELICA_212 && command[2] != EMULATED_FELICA_424;
        chip->selected = card;
        reply[1] = 1;
        reply[2] = 1;
        return 3 + found;
    }
    reply[1] = 0;
    return 2;
}

static size_t
exchange(struct pn532_chip *chip, const uint8_t *command, size_t size, uint8_t *reply)
{
    size_t answer_size;

    reply[1] = PN532_STATUS_OK;
    if (!chip->selected || size < 2)
        reply[1] = PN532_STATUS_CONTEXT;
    else if (chip->is_swapped)
        reply[1] = PN532_STATUS_OTHER_CARD;
    else if (!is_in_field(chip, chip->selected))
        reply[1] = PN532_STATUS_TIMEOUT;
    if (reply[1] != PN532_STATUS_OK)
        return 2;
    answer_size = chip->selected->ops->exchange(chip->selected, command + 2, size - 2, reply + 2);
    log_exchange(chip, command + 2, size - 2, reply + 2, answer_size);
    if (!answer_size)
        reply[1] = PN532_STATUS_TIMEOUT;
    return 2 + answer_size;
}

/* InCommunicateThru: libnfc asks a type B card whether it is still there with R(NACK) BA 01. */
static size_t
communicate_thru(struct pn532_chip *chip, const uint8_t *command, size_t size, uint8_t *reply)
{
    static const uint8_t r_nack[] = {0xba, 0x01}, r_ack[] = {0xaa, 0x01};

    reply[1] = PN532_STATUS_TIMEOUT;
    if (size != 3 || memcmp(command + 1, r_nack, 2) != 0 || !chip->selected ||
        !is_in_field(chip, chip->selected))
        return 2;
    reply[1] = PN532_STATUS_OK;
    memcpy(reply + 2, r_ack, sizeof r_ack);
    return 4;
}

static size_t
configure_field(struct pn532_chip *chip, const uint8_t *command, size_t size)
{
    if (size < 3)
        return 0;
    if (command[1] == 0x01)
        pn532_chip_set_field(chip, command[2] & 1);
    return 1;
}

size_t
pn532_chip_run(struct pn532_chip *chip,
               const uint8_t *command,
               size_t size,
               uint8_t reply[PN532_DATA_SIZE_MAX])
{
    static const uint8_t firmware[] = {0x32, 0x01, 0x06, 0x07}; /* PN532 1.6: A, B, 18092 */

    reply[0] = (uint8_t)(command[0] + 1);
    switch (command[0]) {
    case 0x00:
        return communication_test(command, size, reply);
    case 0x02:
        memcpy(reply + 1, firmware, sizeof firmware);
        return 1 + sizeof firmware;
    case 0x06:
        return read_registers(chip, command, size, reply);
    case 0x08:
        return write_registers(chip, command, size);
    case 0x12: /* SetParameters */
    case 0x14: /* SAMConfiguration */
        return 1;
    case 0x16: /* PowerDown */
        pn532_chip_set_field(chip, false);
        reply[1] = PN532_STATUS_OK;
        return 2;
    case 0x32:
        return configure_field(chip, command, size);
    case PN532_EXCHANGE_APDU:
        return exchange(chip, command, size, reply);
    case 0x42:
        return communicate_thru(chip, command, size, reply);
    case 0x44: /* InDeselect */
    case 0x52: /* InRelease */
        chip->selected = NULL;
        reply[1] = PN532_STATUS_OK;
        return 2;
    case PN532_LIST_TARGETS:
        return list_targets(chip, command, size, reply);
    default:
        return 0;
    }
}
