/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cctalk-hopper - what the emulated hoppers and note stores do
 */
#include "emulators/cctalk-private.h"

#include <string.h>

#define PIECE_US   (150 * SUGU_MS) /* seven coins a second */
#define TIMEOUT_US (2 * SUGU_SECOND)
#define LATE_US    (200 * SUGU_MS)
#define LOW_LEVEL  20

enum {
    FLAG_TIMED_OUT = 1 << 1,
    FLAG_OPTO = 1 << 3,
    FLAG_DISABLED = 1 << 7,
};

static void
end_run(struct emulated_cash_device *hopper)
{
    hopper->unpaid = hopper->clears_unpaid ? 0 : hopper->remaining;
    hopper->remaining = 0;
}

/* A piece leaves the hopper, whether or not it is counted. */
static void
drop_piece(struct emulated_cash *cash, struct emulated_cash_device *hopper)
{
    hopper->stock--;
    cash->out.of[hopper->units[0]]++;
}

void
cctalk_hopper_pass(struct emulated_cash *cash, struct emulated_cash_device *hopper, int64_t now_us)
{
    if (hopper->late_us && hopper->late_us <= now_us) {
        hopper->late_us = 0;
        if (hopper->stock > 0) {
            drop_piece(cash, hopper);
            hopper->paid++;
            hopper->unpaid = (uint8_t)(hopper->unpaid - (hopper->unpaid > 0));
        }
    }
    while (hopper->remaining > 0 && hopper->piece_us <= now_us) {
        if (hopper->is_jammed || hopper->stock <= 0) {
            if (hopper->motor_us > now_us)
                return;
            hopper->flags |= FLAG_TIMED_OUT;
            end_run(hopper);
            return;
        }
        if (hopper->lies > 0) {
            hopper->lies--;
            cash->lied.of[hopper->units[0]]++;
        } else {
            drop_piece(cash, hopper);
        }
        hopper->remaining--;
        hopper->paid++;
        hopper->piece_us += PIECE_US;
        hopper->motor_us = hopper->piece_us + TIMEOUT_US;
    }
}

static void
dispense(struct emulated_cash_device *hopper,
         const uint8_t *data,
         struct cctalk_answer *answer,
         int64_t now_us)
{
    uint32_t serial = data[0] | (uint32_t)data[1] << 8 | (uint32_t)data[2] << 16;

    hopper->counter = (uint8_t)(hopper->counter == 255 ? 1 : hopper->counter + 1);
    if (!hopper->is_enabled || serial != hopper->serial || hopper->remaining > 0 || data[3] == 0 ||
        hopper->has_opto) {
        cctalk_refuse(answer);
        return;
    }
    hopper->flags = 0;
    hopper->remaining = data[3];
    hopper->paid = hopper->unpaid = 0;
    hopper->piece_us = now_us + PIECE_US;
    hopper->motor_us = now_us + TIMEOUT_US;
    cctalk_answer_bytes(answer, &hopper->counter, 1);
}

static void
stop(struct emulated_cash_device *hopper, struct cctalk_answer *answer, int64_t now_us)
{
    uint8_t left = hopper->remaining;

    if (left > 0 && hopper->has_late_coin)
        hopper->late_us = now_us + LATE_US;
    hopper->has_late_coin = false;
    if (left > 0)
        end_run(hopper);
    cctalk_answer_bytes(answer, &left, 1);
}

void
cctalk_hopper_ask(struct emulated_cash_device *hopper,
                  uint8_t header,
                  const uint8_t *data,
                  uint8_t size,
                  struct cctalk_answer *answer,
                  int64_t now_us)
{
    uint8_t bytes[4] = {hopper->counter, hopper->remaining, hopper->paid, hopper->unpaid};

    if (header == 166 && size == 0) {
        cctalk_answer_bytes(answer, bytes, 4);
    } else if (header == 163 && size == 0) {
        bytes[0] = (uint8_t)(hopper->flags | (hopper->has_opto ? FLAG_OPTO : 0) |
                             (hopper->is_enabled ? 0 : FLAG_DISABLED));
        cctalk_answer_bytes(answer, bytes, 1);
    } else if (header == 164 && size == 1) {
        hopper->is_enabled = data[0] == 165;
    } else if (header == 167 && size == 4) {
        dispense(hopper, data, answer, now_us);
    } else if (header == 172 && size == 0) {
        stop(hopper, answer, now_us);
    } else if (header == 217 && size == 0) {
        bytes[0] = (uint8_t)(0x10 | (hopper->stock < LOW_LEVEL));
        cctalk_answer_bytes(answer, bytes, 1);
    } else {
        answer->size = -1;
    }
}
