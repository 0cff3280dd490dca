/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pin-page - the one page of memory in which a PIN may stand
 *
 * Locked and left out of dumps (base/locked-page.h), shared between the two processes of
 * sugu-reader: the front receives the PIN into it, the card side makes the VERIFY command in it.
 * Cleared at once after use and after five seconds.
 */
#pragma once

#include "base/clock.h"
#include "base/status.h"
#include "port/pin-channel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUGU_PIN_LIFE_US (5 * SUGU_SECOND)

struct sugu_pin_page {
    struct sugu_pin_packet arriving; /* a packet is received here, and checked */
    struct sugu_pin_packet pin;
    bool is_there;
    int64_t since_monotonic_us;
    uint8_t command[5 + SUGU_PIN_DIGITS]; /* the VERIFY on its way to the card */
    size_t command_size;
};

/*
 * Maps the page of the shared file (sugu_pin_page_file) and locks it; BROKEN "memory.not-locked".
 * Unmapped, and cleared before, by sugu_pin_page_free (NULL is fine).
 */
enum sugu_status sugu_pin_page_new(int file,
                                   struct sugu_pin_page **ret_page,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;
struct sugu_pin_page *sugu_pin_page_free(struct sugu_pin_page *page);
/* Memory without a name in any folder, of a page's size, to be handed to the other process; -1 with
 * errno set. */
int sugu_pin_page_file(void);

/* Takes `arriving` over as the PIN, if it is four digits; cleared either way. */
bool sugu_pin_page_accept(struct sugu_pin_page *page, int64_t now_monotonic_us);
/* Is there a PIN for this presence that is not too old? */
bool sugu_pin_page_has(const struct sugu_pin_page *page,
                       const struct sugu_id *presence,
                       int64_t now_monotonic_us);
/* Forgets the PIN. */
void sugu_pin_page_clear(struct sugu_pin_page *page);
/* Microseconds until the PIN is too old; clears it when it is. -1 = there is none. */
int64_t sugu_pin_page_expire(struct sugu_pin_page *page, int64_t now_monotonic_us);

/*
 * The only place where a PIN is put into a command: 00 20 00 80 04 and the digits, in the page.
 * Followed by sugu_pin_command_clear after the exchange, which clears the command and the stack
 * that the libraries below used.
 */
const uint8_t *sugu_pin_command_make(struct sugu_pin_page *page, size_t *ret_size);
void sugu_pin_command_clear(struct sugu_pin_page *page);
