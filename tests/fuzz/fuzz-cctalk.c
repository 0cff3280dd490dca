/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-cctalk - a line that says anything
 *
 * The first byte chooses the checksum; the others arrive in pieces. What is found in them has to be
 * a frame again, byte for byte, and nothing is dropped that could still become one.
 */
#include "fuzz-target.h"

#include "payment/cash/cash-settings.h"
#include "payment/cash/cctalk-frame.h"

#include <stdlib.h>
#include <string.h>

static void
check(bool holds)
{
    if (!holds)
        abort();
}

static void
check_frame(const struct sugu_cctalk_frame *frame, enum sugu_cctalk_check kind, const uint8_t *end)
{
    uint8_t again[SUGU_CCTALK_SIZE_MAX];
    size_t size = sugu_cctalk_encode(frame, kind, again);

    check(frame->to == SUGU_CCTALK_HOST && size == 5 + (size_t)frame->size);
    check(memcmp(again, end - size, size) == 0);
}

static void
check_settings(const uint8_t *bytes, size_t size)
{
    struct sugu_cash_settings settings;
    char *text = calloc(size + 1, 1);

    check(text != NULL);
    memcpy(text, bytes, size);
    if (sugu_cash_settings_parse(text, &settings, NULL) == SUGU_OK)
        check(settings.count >= 1 && settings.count <= SUGU_CASH_DEVICES_MAX && settings.line[0]);
    free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    enum sugu_cctalk_check kind = size && bytes[0] & 1 ? SUGU_CCTALK_CRC : SUGU_CCTALK_SUM;
    size_t at = size > 0, end = at;

    check_settings(bytes, size);
    while (end < size) {
        struct sugu_cctalk_frame frame;
        size_t used;

        end += 1 + bytes[end] % 16;
        end = end < size ? end : size;
        while (sugu_cctalk_decode(bytes + at, end - at, kind, SUGU_CCTALK_HOST, &frame, &used)) {
            check(used >= 5 && used <= end - at);
            check_frame(&frame, kind, bytes + at + used);
            at += used;
        }
        check(used <= end - at);
        at += used;
    }
    return 0;
}
