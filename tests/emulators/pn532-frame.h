/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pn532-frame - the PN532's frames: out of a stream of bytes and into bytes
 *
 * Normal, extended, ACK, NACK and error frames as in domain/card-insurance.md 6.1. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define PN532_DATA_SIZE_MAX  264 /* after the frame identifier */
#define PN532_FRAME_SIZE_MAX (PN532_DATA_SIZE_MAX + 11)

enum pn532_frame_kind {
    PN532_FRAME_PARTIAL, /* wait for more bytes */
    PN532_FRAME_ACK,
    PN532_FRAME_NACK,
    PN532_FRAME_COMMAND,
    PN532_FRAME_BAD, /* a checksum is wrong, or it does not come from a host */
};

struct pn532_frame {
    enum pn532_frame_kind kind;
    const uint8_t *data; /* COMMAND: code and parameters, in the caller's bytes */
    size_t size;
};

/*
 * Finds the first frame; anything before its start code is noise. *ret_used bytes at the front are
 * done with, also where the frame is partial.
 */
struct pn532_frame pn532_frame_find(const uint8_t *bytes, size_t size, size_t *ret_used);

/* A reply (D5, then data) as bytes; extended where it has to be. Returns their number. */
size_t pn532_frame_build(const uint8_t *data, size_t size, uint8_t to[PN532_FRAME_SIZE_MAX]);
