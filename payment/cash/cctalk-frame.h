/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cctalk-frame - ccTalk messages to bytes and back
 *
 * domain/payments.md 2.2. With the simple checksum: destination, number of data bytes, source,
 * header, data, checksum, and the sum of all bytes is 0 modulo 256. With the CRC: the low byte of
 * the CRC stands where the source was, the high byte comes last; CRC-16 with the polynomial 0x1021,
 * begun with 0, high bit first, over destination, number, header, data.
 */
#pragma once

#include "base/macros.h"

#include <stdbool.h>
#include <stdint.h>

#define SUGU_CCTALK_DATA_MAX 255
#define SUGU_CCTALK_SIZE_MAX (5 + SUGU_CCTALK_DATA_MAX)
#define SUGU_CCTALK_HOST     1

enum sugu_cctalk_check {
    SUGU_CCTALK_SUM,
    SUGU_CCTALK_CRC,
};

struct sugu_cctalk_frame {
    uint8_t to, from; /* with the CRC nobody says from whom: 0 */
    uint8_t header;   /* of a reply: 0 = acknowledged or data, 5 = refused, 6 = busy */
    uint8_t size;
    uint8_t data[SUGU_CCTALK_DATA_MAX];
};

/* Into `to`; returns the number of bytes. */
size_t sugu_cctalk_encode(const struct sugu_cctalk_frame *frame,
                          enum sugu_cctalk_check check,
                          uint8_t to[SUGU_CCTALK_SIZE_MAX]);

/*
 * The first message for `to` in the bytes, whatever noise or other messages stand before it; true
 * with the frame and how many bytes to drop (through its end). False, frame not written: none yet;
 * *ret_used is then the noise that can be dropped, and the rest may still become one.
 */
bool sugu_cctalk_decode(const uint8_t *bytes,
                        size_t size,
                        enum sugu_cctalk_check check,
                        uint8_t to,
                        struct sugu_cctalk_frame *ret_frame,
                        size_t *ret_used);

uint16_t sugu_cctalk_crc(uint16_t crc, const uint8_t *bytes, size_t size);
