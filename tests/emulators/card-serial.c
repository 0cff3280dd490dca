/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-serial - emulated cards that say who they are and no more: FeliCa, MIFARE, driving licence
 */
#include "emulators/emulated-card.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct serial_card {
    struct emulated_card card;
    bool is_212_only;
    uint8_t serial[10];
    size_t serial_size;
};

static size_t
no_exchange(struct emulated_card *card, const uint8_t *command, size_t size, uint8_t *answer)
{
    (void)card;
    (void)command;
    (void)size;
    (void)answer;
    return 0;
}

static void
forget_nothing(struct emulated_card *card)
{
    (void)card;
}

static void
serial_free(struct emulated_card *card)
{
    free(card);
}

static struct serial_card *
serial_card_new(const struct emulated_card_ops *ops, const uint8_t *serial, size_t size)
{
    struct serial_card *card = calloc(1, sizeof *card);

    assert(card && size <= sizeof card->serial);
    card->card.ops = ops;
    if (size)
        memcpy(card->serial, serial, size);
    card->serial_size = size;
    return card;
}

/* POL_RES: 14h (its own length included), response code 01, IDm, PMm, system code. */
static size_t
felica_find(struct emulated_card *card, enum emulated_air air, uint8_t *to)
{
    static const uint8_t pmm_and_system[] = {0x01, 0x20, 0x22, 0x04, 0x27,
                                             0x67, 0x4e, 0xff, 0xfe, 0x00};
    struct serial_card *felica = (struct serial_card *)card;

    if (air != EMULATED_FELICA_212 && (air != EMULATED_FELICA_424 || felica->is_212_only))
        return 0;
    to[0] = 0x14;
    to[1] = 0x01;
    memcpy(to + 2, felica->serial, 8);
    memcpy(to + 10, pmm_and_system, sizeof pmm_and_system);
    return 20;
}

struct emulated_card *
felica_card_new(const uint8_t idm[8], bool is_212_only)
{
    static const struct emulated_card_ops ops = {
        felica_find,
        no_exchange,
        forget_nothing,
        serial_free,
    };
    struct serial_card *card = serial_card_new(&ops, idm, 8);

    card->is_212_only = is_212_only;
    snprintf(card->card.name, sizeof card->card.name, "felica");
    return &card->card;
}

/* ATQA, SAK, size of the UID, UID. A longer UID is reported with its cascade tags left out, as the
 * PN532 does. */
static size_t
mifare_find(struct emulated_card *card, enum emulated_air air, uint8_t *to)
{
    struct serial_card *mifare = (struct serial_card *)card;

    if (air != EMULATED_TYPE_A)
        return 0;
    to[0] = 0x00;
    to[1] = mifare->serial_size == 4 ? 0x04 : 0x44;
    to[2] = mifare->serial_size == 4 ? 0x08 : 0x00;
    to[3] = (uint8_t)mifare->serial_size;
    memcpy(to + 4, mifare->serial, mifare->serial_size);
    return 4 + mifare->serial_size;
}

struct emulated_card *
mifare_card_new(const uint8_t *uid, size_t size)
{
    static const struct emulated_card_ops ops = {
        mifare_find,
        no_exchange,
        forget_nothing,
        serial_free,
    };
    struct serial_card *card = serial_card_new(&ops, uid, size);

    snprintf(card->card.name, sizeof card->card.name, "mifare");
    return &card->card;
}

/* ATQB with the application data of a driving licence: zeros (domain/card-insurance.md 4). */
static size_t
licence_find(struct emulated_card *card, enum emulated_air air, uint8_t *to)
{
    static const uint8_t atqb[] = {0x50, 0x5a, 0x91, 0x03, 0x77, 0x00, 0x00,
                                   0x00, 0x00, 0xb3, 0x81, 0xa1, 0x01, 0x01};

    (void)card;
    if (air != EMULATED_TYPE_B)
        return 0;
    memcpy(to, atqb, sizeof atqb);
    return sizeof atqb;
}

static size_t
licence_exchange(struct emulated_card *card, const uint8_t *command, size_t size, uint8_t *answer)
{
    (void)card;
    answer[0] = size >= 2 && command[1] == 0xa4 ? 0x6a : 0x6d;
    answer[1] = size >= 2 && command[1] == 0xa4 ? 0x82 : 0x00;
    return 2;
}

struct emulated_card *
licence_card_new(void)
{
    static const struct emulated_card_ops ops = {
        licence_find,
        licence_exchange,
        forget_nothing,
        serial_free,
    };
    struct serial_card *card = serial_card_new(&ops, NULL, 0);

    snprintf(card->card.name, sizeof card->card.name, "licence");
    return &card->card;
}

struct emulated_card *
emulated_card_free(struct emulated_card *card)
{
    if (card)
        card->ops->free(card);
    return NULL;
}
