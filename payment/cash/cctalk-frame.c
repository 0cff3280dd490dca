/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cctalk-frame - ccTalk messages to bytes and back
 */
#include "payment/cash/cctalk-frame.h"

#include <string.h>

uint16_t
sugu_cctalk_crc(uint16_t crc, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        crc ^= (uint16_t)(bytes[i] << 8);
        for (int bit = 0; bit < 8; bit++)
            crc = (uint16_t)(crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1);
    }
    return crc;
}

/* Over destination, number of bytes, header, data: byte 2 is the checksum's own. */
static uint16_t
crc_of(const uint8_t *bytes, size_t data_size)
{
    return sugu_cctalk_crc(sugu_cctalk_crc(0, bytes, 2), bytes + 3, 1 + data_size);
}

size_t
sugu_cctalk_encode(const struct sugu_cctalk_frame *frame,
                   enum sugu_cctalk_check check,
                   uint8_t to[SUGU_CCTALK_SIZE_MAX])
{
    size_t size = 5 + (size_t)frame->size;
    uint8_t sum = 0;

    to[0] = frame->to;
    to[1] = frame->size;
    to[2] = frame->from;
    to[3] = frame->header;
    memcpy(to + 4, frame->data, frame->size);
    if (check == SUGU_CCTALK_CRC) {
        uint16_t crc = crc_of(to, frame->size);

        to[2] = (uint8_t)crc;
        to[size - 1] = (uint8_t)(crc >> 8);
        return size;
    }
    for (size_t i = 0; i + 1 < size; i++)
        sum = (uint8_t)(sum + to[i]);
    to[size - 1] = (uint8_t)-sum;
    return size;
}

static bool
is_whole(const uint8_t *bytes, enum sugu_cctalk_check check)
{
    size_t size = 5 + (size_t)bytes[1];
    uint8_t sum = 0;

    if (check == SUGU_CCTALK_CRC) {
        uint16_t crc = crc_of(bytes, bytes[1]);

        return bytes[2] == (uint8_t)crc && bytes[size - 1] == (uint8_t)(crc >> 8);
    }
    for (size_t i = 0; i < size; i++)
        sum = (uint8_t)(sum + bytes[i]);
    return sum == 0;
}

bool
sugu_cctalk_decode(const uint8_t *bytes,
                   size_t size,
                   enum sugu_cctalk_check check,
                   uint8_t to,
                   struct sugu_cctalk_frame *ret_frame,
                   size_t *ret_used)
{
    size_t first_open = size; /* the first place at which a message may still end later */

    for (size_t at = 0; at < size; at++) {
        const uint8_t *start = bytes + at;

        if (*start != to)
            continue;
        if (size - at < 5 || size - at < 5 + (size_t)start[1]) {
            first_open = at < first_open ? at : first_open;
            continue;
        }
        if (!is_whole(start, check))
            continue;
        ret_frame->to = start[0];
        ret_frame->size = start[1];
        ret_frame->from = check == SUGU_CCTALK_SUM ? start[2] : 0;
        ret_frame->header = start[3];
        memcpy(ret_frame->data, start + 4, start[1]);
        *ret_used = at + 5 + start[1];
        return true;
    }
    *ret_used = first_open;
    return false;
}
