/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pn532-frame - the PN532's frames: out of a stream of bytes and into bytes
 */
#include "emulators/pn532-frame.h"

#include <assert.h>
#include <string.h>

#define FROM_HOST 0xd4
#define TO_HOST   0xd5

static size_t
find_start(const uint8_t *bytes, size_t size)
{
    size_t at = 0;

    while (at + 1 < size && (bytes[at] != 0x00 || bytes[at + 1] != 0xff))
        at++;
    return at;
}

static uint8_t
sum(const uint8_t *bytes, size_t size)
{
    uint8_t total = 0;

    while (size--)
        total = (uint8_t)(total + *bytes++);
    return total;
}

/* `head` bytes of start code and length stand before the frame identifier. */
static struct pn532_frame
take_command(const uint8_t *bytes, size_t size, size_t head, size_t length, size_t *used)
{
    struct pn532_frame frame = {.kind = PN532_FRAME_PARTIAL};

    if (length < 2 || length > PN532_DATA_SIZE_MAX + 1) {
        *used += 2;
        frame.kind = PN532_FRAME_BAD;
        return frame;
    }
    if (size < head + length + 1)
        return frame;
    *used += head + length + 1;
    if (sum(bytes + head, length + 1) != 0 || bytes[head] != FROM_HOST) {
        frame.kind = PN532_FRAME_BAD;
        return frame;
    }
    frame.kind = PN532_FRAME_COMMAND;
    frame.data = bytes + head + 1;
    frame.size = length - 1;
    return frame;
}

struct pn532_frame
pn532_frame_find(const uint8_t *bytes, size_t size, size_t *ret_used)
{
    struct pn532_frame frame = {.kind = PN532_FRAME_PARTIAL};
    size_t at = find_start(bytes, size);
    const uint8_t *start = bytes + at;
    size_t rest = size - at;

    *ret_used = at;
    if (rest < 4)
        return frame;
    if (start[2] == 0x00 && start[3] == 0xff) {
        *ret_used += 4;
        frame.kind = PN532_FRAME_ACK;
    } else if (start[2] == 0xff && start[3] == 0x00) {
        *ret_used += 4;
        frame.kind = PN532_FRAME_NACK;
    } else if (start[2] == 0xff && start[3] == 0xff) {
        if (rest < 7)
            return frame;
        if (sum(start + 4, 3) == 0)
            return take_command(start, rest, 7, (size_t)(start[4] << 8 | start[5]), ret_used);
        *ret_used += 2;
        frame.kind = PN532_FRAME_BAD;
    } else if (sum(start + 2, 2) == 0) {
        return take_command(start, rest, 4, start[2], ret_used);
    } else {
        *ret_used += 2;
        frame.kind = PN532_FRAME_BAD;
    }
    return frame;
}

size_t
pn532_frame_build(const uint8_t *data, size_t size, uint8_t to[PN532_FRAME_SIZE_MAX])
{
    size_t length = size + 1, at = 0;

    assert(size >= 1 && size <= PN532_DATA_SIZE_MAX);
    to[at++] = 0x00;
    to[at++] = 0x00;
    to[at++] = 0xff;
    if (length > 255) {
        to[at++] = 0xff;
        to[at++] = 0xff;
        to[at++] = (uint8_t)(length >> 8);
        to[at++] = (uint8_t)length;
        to[at] = (uint8_t)-sum(to + 5, 2);
        at++;
    } else {
        to[at++] = (uint8_t)length;
        to[at++] = (uint8_t)-length;
    }
    to[at++] = TO_HOST;
    memcpy(to + at, data, size);
    at += size;
    to[at] = (uint8_t)-sum(to + at - length, length);
    at++;
    to[at++] = 0x00;
    return at;
}
