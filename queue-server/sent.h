/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sent - the numbers of the last events that went to one listener
 *
 * A listener that lost something says the last number it got. What it lost is among the few that
 * were sent since, and is read from there on: from the last number that it got, most of a day's
 * events of the whole house may have passed that were not for it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SUGU_SENT_MAX 16

/* All zero: nothing is known. */
struct sugu_sent {
    uint64_t since; /* every event behind this one that was for the listener stands below */
    uint64_t numbers[SUGU_SENT_MAX]; /* growing */
    size_t count;
};

/* Nothing is known of what was sent up to `number`. */
void sugu_sent_begin(struct sugu_sent *sent, uint64_t number);
/* `number` was sent; above all before it. */
void sugu_sent_add(struct sugu_sent *sent, uint64_t number);
/*
 * The listener has everything up to `got`, and all events up to `seen` (0 = none) were looked at
 * for it: the number behind which the reading has to begin again. What was sent behind it is
 * forgotten.
 */
uint64_t sugu_sent_rewind(struct sugu_sent *sent, uint64_t got, uint64_t seen);
