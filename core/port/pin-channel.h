/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pin-channel - how the four digits get from the kiosk's keypad to the reader program
 *
 * A SOCK_SEQPACKET socket of the reader beside its ipc:// one, path + ".pin". One packet per PIN,
 * struct sugu_pin_packet, no answer; the ReadIdentity request for the same presence follows. The
 * PIN does not travel over ZeroMQ, whose buffers nobody can clear. Both sides keep the packet in
 * locked memory, clear it with explicit_bzero at once, and the reader drops a PIN that is
 * not asked for within five seconds.
 */
#pragma once

#include "base/id.h"

#define SUGU_PIN_DIGITS 4

struct sugu_pin_packet {
    struct sugu_id presence;      /* of the CardChange that the PIN is for */
    char digits[SUGU_PIN_DIGITS]; /* ASCII, no NUL */
};
