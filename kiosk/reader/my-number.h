/* SPDX-License-Identifier: Apache-2.0 */
/*
 * my-number - reading a My Number card: who is it, and is it the card it says it is
 *
 * Two steps. Looking needs no PIN: both counters of tries, the authentication certificate, its
 * chain. Reading shows the PIN, has the card sign a fresh challenge, and reads the four attributes.
 * The PIN is shown twice, as the card has two of them (JPKI 0018 and text 0011) that people set to
 * the same digits; the first wrong answer ends the reading. A card with one try left is never shown
 * a PIN: the counter is on the card, and errors made elsewhere add up.
 */
#pragma once

#include "reader/apdu.h"
#include "reader/attributes.h"
#include "reader/certificate.h"

#define SUGU_MY_NUMBER_MARK_SIZE                                                                   \
    240 /* the certificate's first bytes, its serial number among them */

struct sugu_my_number {
    unsigned tries_left; /* the smaller one of both PINs */
    const char *code;    /* why the card cannot be read now, static; "" where it can */
    char detail[160];    /* more of it, for staff */
    struct sugu_public_key *key;
    uint8_t mark[SUGU_MY_NUMBER_MARK_SIZE]; /* tells this card from another one */
    /* By enum: JPKI, text. */
    unsigned tries[2];
};

struct sugu_my_number_needs {
    const struct sugu_trust *trust;
    const struct sugu_clock *clock;
    struct sugu_random *random;
};

/*
 * Looks at the card that the reader's last poll selected. OK also where the card cannot be used for
 * a reason that lies in it: `code` says "pin.blocked", "pin.last-try" or "card.not-trusted".
 * REFUSED "card.not-known" for a card without the applications; else "card.taken",
 * "card.not-readable", RETRY "reader.away". Ends with sugu_my_number_done, which clears all.
 */
enum sugu_status sugu_my_number_look(struct sugu_my_number *card,
                                     struct sugu_reader *reader,
                                     const struct sugu_my_number_needs *needs,
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;
void sugu_my_number_done(struct sugu_my_number *card);

/*
 * Reads a card that was looked at and polled again since. The PIN is taken from the page and
 * cleared in every case; the caller drops the field. `tries_left` and `code` of `card` are brought
 * up to date also where it fails: REFUSED "pin.wrong" (two or more tries left), "pin.last-try",
 * "pin.blocked", all with the detail "tries=N"; "card.not-trusted"; "card.taken" for another card
 * than the one looked at; and those of looking.
 */
enum sugu_status sugu_my_number_read(struct sugu_my_number *card,
                                     struct sugu_reader *reader,
                                     const struct sugu_my_number_needs *needs,
                                     struct sugu_pin_page *page,
                                     struct sugu_attributes *ret_attributes,
                                     struct sugu_error *reterr) SUGU_MUST_CHECK;
