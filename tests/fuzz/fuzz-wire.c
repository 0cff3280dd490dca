/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz-wire - any bytes as a frame from a client or a server
 *
 * Promises: a decoder either refuses with a code or gives a message that is within its bounds and
 * whose encoding decodes to the same bytes again.
 */
#include "fuzz-target.h"

#include "protocol/message.h"

#include <stdlib.h>
#include <string.h>

static void
need(bool is_true)
{
    if (!is_true)
        abort();
}

static void
need_refusal(const struct sugu_error *error)
{
    need(error->status == SUGU_REFUSED && strncmp(error->code, "message.", 8) == 0);
}

static void
try_up(const uint8_t *bytes, size_t size)
{
    struct sugu_error error;
    struct sugu_id id = {{0}};
    Sugu__Up *up = NULL, *again = NULL;
    uint8_t *first, *second;
    size_t first_size, second_size;

    if (sugu_up_decode(bytes, size, &up, &id, &error) != SUGU_OK) {
        need_refusal(&error);
        return;
    }
    if (up->frame_case == SUGU__UP__FRAME_REQUEST)
        need(*sugu_request_name(up->request) && !sugu_id_is_none(&id));
    first = sugu_up_encode(up, &first_size);
    /* Packed anew it may be longer by no more than unknown fields and odd varints save. */
    if (first_size <= SUGU_MESSAGE_SIZE_MAX) {
        need(sugu_up_decode(first, first_size, &again, &id, &error) == SUGU_OK);
        second = sugu_up_encode(again, &second_size);
        need(first_size == second_size && memcmp(first, second, first_size) == 0);
        free(second);
        sugu__up__free_unpacked(again, NULL);
    }
    free(first);
    sugu__up__free_unpacked(up, NULL);
}

static void
try_down(const uint8_t *bytes, size_t size)
{
    struct sugu_error error;
    Sugu__Down *down = NULL, *again = NULL;
    uint8_t *first, *second;
    size_t first_size, second_size;

    if (sugu_down_decode(bytes, size, &down, &error) != SUGU_OK) {
        need_refusal(&error);
        return;
    }
    if (down->frame_case == SUGU__DOWN__FRAME_EVENT)
        need(*sugu_event_name(down->event));
    first = sugu_down_encode(down, &first_size);
    if (first_size <= SUGU_MESSAGE_SIZE_MAX) {
        need(sugu_down_decode(first, first_size, &again, &error) == SUGU_OK);
        second = sugu_down_encode(again, &second_size);
        need(first_size == second_size && memcmp(first, second, first_size) == 0);
        free(second);
        sugu__down__free_unpacked(again, NULL);
    }
    free(first);
    sugu__down__free_unpacked(down, NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    try_up(bytes, size);
    try_down(bytes, size);
    return 0;
}
