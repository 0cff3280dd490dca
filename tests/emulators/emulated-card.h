/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emulated-card - what any card in the field of the emulated reader can do
 *
 * A card answers to a request of its own modulation, exchanges APDUs if it can, and forgets what it
 * has to forget when the field goes. Its counters live in the card, so that they survive being
 * taken away and put back.
 */
#pragma once

#include "base/macros.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EMULATED_TARGET_SIZE_MAX 32
#define EMULATED_ANSWER_SIZE_MAX 258

/* BrTy of the PN532's InListPassiveTarget; domain/card-insurance.md 6.2. */
enum emulated_air {
    EMULATED_TYPE_A = 0,
    EMULATED_FELICA_212 = 1,
    EMULATED_FELICA_424 = 2,
    EMULATED_TYPE_B = 3,
};

struct emulated_card;

struct emulated_card_ops {
    /* Target data as the PN532 reports it, without the number Tg; 0 where the card does not answer
     * to this modulation. */
    size_t (*find)(struct emulated_card *card,
                   enum emulated_air air,
                   uint8_t to[EMULATED_TARGET_SIZE_MAX]);
    /* One command APDU; returns the size of the answer including its status word, 0 = silence. */
    size_t (*exchange)(struct emulated_card *card,
                       const uint8_t *command,
                       size_t size,
                       uint8_t answer[EMULATED_ANSWER_SIZE_MAX]);
    /* The field went: verified PINs and selected files are forgotten. */
    void (*power_off)(struct emulated_card *card);
    void (*free)(struct emulated_card *card);
};

/* First member of each kind of card. */
struct emulated_card {
    const struct emulated_card_ops *ops;
    char name[64];
    bool is_active; /* was found since the field came on: answers to no further request */
};

/* A hospital's FeliCa card: IDm (8 bytes), answering at 212 kbit/s, and at 424 too unless told not
 * to (domain/card-insurance.md 4: some answer at 212 only). */
struct emulated_card *felica_card_new(const uint8_t idm[8], bool is_212_only);
/* A MIFARE card with a UID of 4, 7 or 10 bytes. */
struct emulated_card *mifare_card_new(const uint8_t *uid, size_t size);
/* A type B card without any application that Sugu knows (a driving licence): 6A82 to every SELECT.
 */
struct emulated_card *licence_card_new(void);
/* NULL is fine; returns NULL. */
struct emulated_card *emulated_card_free(struct emulated_card *card);
SUGU_DEFINE_CLEANUP(struct emulated_card, emulated_card_free)

/*
 * A card that follows a script: each expected command (hexadecimal) with its answer. A command that
 * is not the next one is answered 6F00 and counted in `mismatches`.
 */
struct card_script_row {
    const char *command;
    const char *answer;
};
struct emulated_card *scripted_card_new(const struct card_script_row *rows, size_t count);
/* Rows that have not come yet, and commands that did not fit. */
size_t scripted_card_left(const struct emulated_card *card);
size_t scripted_card_mismatches(const struct emulated_card *card);
