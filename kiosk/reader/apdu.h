/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apdu - commands to the card: short APDUs, status words, and the one gate that they all pass
 *
 * Files and bytes: domain/card-insurance.md 1.2–1.4. Only the files listed in apdu-gate.c can be
 * reached at all; the file with the 12-digit individual number is not among them.
 */
#pragma once

#include "port/reader.h"
#include "reader/apdu-gate.h"
#include "reader/pin-page.h"

#include <stdbool.h>

/* Data of one answer, put together where the card hands it out in pieces (61xx). */
#define SUGU_CARD_ANSWER_SIZE_MAX 1024
/* The longest file read: a certificate of the present card has below 2 KiB. */
#define SUGU_CARD_FILE_SIZE_MAX 4096

#define SUGU_CARD_PIN_TRIES_MAX 3 /* of both PINs; what is left after a right one */
#define SUGU_CARD_PIN_UNLIMITED 15

struct sugu_card_answer {
    uint8_t data[SUGU_CARD_ANSWER_SIZE_MAX];
    size_t size; /* without the status word */
    uint16_t status_word;
};

/* The card that the last poll of the reader selected. */
struct sugu_card_link {
    struct sugu_reader *reader;
    struct sugu_apdu_gate gate;
};

void sugu_card_link_init(struct sugu_card_link *link, struct sugu_reader *reader);

/*
 * One command through the gate. 61xx is followed by GET RESPONSE; 6Cxx by the same command with the
 * Le that the card names, but never where the command has no Le (a VERIFY would cost a second try).
 * BROKEN "card.forbidden" at the gate; else the port's errors, or REFUSED "card.not-readable" for
 * an answer that is too long.
 */
enum sugu_status sugu_card_exchange(struct sugu_card_link *link,
                                    const uint8_t *command,
                                    size_t command_size,
                                    struct sugu_card_answer *ret_answer,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Selects application and file. REFUSED "card.not-known" where the card has no such application,
 * "card.not-readable" where it has no such file. */
enum sugu_status sugu_card_select(struct sugu_card_link *link,
                                  enum sugu_card_file file,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;

/* `size` bytes (1 … 240) of the selected file at `offset`; exactly as many or "card.not-readable".
 */
enum sugu_status sugu_card_read_part(struct sugu_card_link *link,
                                     size_t offset,
                                     uint8_t *to,
                                     size_t size,
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;
/*
 * The selected file as far as its outer BER-TLV object with this tag (one byte, or two) reaches.
 * The object begins after `skip_max` bytes at the latest: on some cards two bytes stand before it.
 * What follows it is filler. "card.not-readable" where it is not there.
 */
enum sugu_status sugu_card_read_object(struct sugu_card_link *link,
                                       uint16_t tag,
                                       size_t skip_max,
                                       uint8_t to[SUGU_CARD_FILE_SIZE_MAX],
                                       size_t *ret_size,
                                       struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Tries left of the PIN in `file`, 0 = blocked; asking costs none. */
enum sugu_status sugu_card_tries_left(struct sugu_card_link *link,
                                      enum sugu_card_file file,
                                      unsigned *ret_tries,
                                      struct sugu_error *reterr) SUGU_MUST_CHECK;
/*
 * Shows the PIN in `page` to the card. *ret_is_right, and *ret_tries left when it was wrong. The
 * command is made in the page and cleared before this returns, as is the stack below.
 */
enum sugu_status sugu_card_verify(struct sugu_card_link *link,
                                  enum sugu_card_file file,
                                  struct sugu_pin_page *page,
                                  bool *ret_is_right,
                                  unsigned *ret_tries,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;
/* COMPUTE DIGITAL SIGNATURE (PKCS#1 or the key's own way) over 1 … 245 bytes as they are. */
enum sugu_status sugu_card_sign(struct sugu_card_link *link,
                                const uint8_t *bytes,
                                size_t size,
                                struct sugu_card_answer *ret_signature,
                                struct sugu_error *reterr) SUGU_MUST_CHECK;
