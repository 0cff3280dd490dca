/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret - the four digits between the keypad and the reader program
 *
 * One packet in a locked page (base/locked-page.h) that is cleared at once after use. The digits
 * are never in a text widget, a string or a GValue: the keypad writes them here one by one, and the
 * packet goes from here into the reader's socket (core/port/pin-channel.h).
 */
#pragma once

#include "base/status.h"
#include "port/pin-channel.h"

#include <stdbool.h>
#include <stdint.h>

struct kiosk_secret {
    struct sugu_pin_packet packet;
    unsigned count; /* digits entered, 0 … SUGU_PIN_DIGITS */
};

/* BROKEN "memory.not-locked" where the memory cannot be had or locked. */
enum sugu_status kiosk_secret_new(struct kiosk_secret **ret_secret,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Clears it first. NULL is fine. */
struct kiosk_secret *kiosk_secret_free(struct kiosk_secret *secret);

/* False when all digits are there already. `digit` is 0 … 9. */
bool kiosk_secret_add(struct kiosk_secret *secret, unsigned digit);
void kiosk_secret_drop_last(struct kiosk_secret *secret);
void kiosk_secret_clear(struct kiosk_secret *secret);
bool kiosk_secret_is_full(const struct kiosk_secret *secret);

/*
 * Sends the digits for a card to the reader's socket and clears them, whatever comes of it. RETRY
 * "reader.away" where the socket does not take them at once; REFUSED "pin.missing" where digits are
 * missing.
 */
enum sugu_status kiosk_secret_send(struct kiosk_secret *secret,
                                   const struct sugu_id *presence,
                                   const char *reader_endpoint,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;

/* The digits as a birthday MMDD; false (the digits stay) where that is no day of a year. */
bool kiosk_secret_take_birthday(struct kiosk_secret *secret, uint32_t *ret_birthday);
