/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cctalk-acceptor - what the emulated coin and note acceptors do
 */
#include "emulators/cctalk-private.h"

#include <stdio.h>
#include <string.h>

#define TRANSPORT_US (600 * SUGU_MS) /* of a note, from the slot to the escrow */
#define STACK_US     (400 * SUGU_MS)
#define STRING_US    (250 * SUGU_MS)
#define ESCROW_US    (30 * SUGU_SECOND) /* nobody decides: the note goes back */
/* They inhibit themselves when nobody polls (domain/payments.md 2.2). */
#define UNPOLLED_US SUGU_SECOND

enum {
    EVENT_RETURNED = 1,
    EVENT_NOTE_REJECTED = 2,
    EVENT_INHIBITED = 2,
    EVENT_COIN_REJECTED = 1,
    EVENT_COIN_BLOCKED = 14,
    EVENT_COIN_BACKWARDS = 17,
    EVENT_COIN_SLOW = 19,
    EVENT_COIN_STRING = 20,
    EVENT_NOTE_INHIBITED = 4,
    EVENT_NOTE_JAM = 6,
    EVENT_NOTE_PULLED = 8,
    EVENT_NOTE_STRING = 18,
};

void
cctalk_push_event(struct emulated_cash_device *device, uint8_t a, uint8_t b)
{
    memmove(device->pairs + 2, device->pairs, 8);
    device->pairs[0] = a;
    device->pairs[1] = b;
    device->counter = (uint8_t)(device->counter == 255 ? 1 : device->counter + 1);
}

static bool
takes_type(const struct emulated_cash_device *device, uint8_t type, int64_t now_us)
{
    return device->is_on && device->masks[(type - 1) / 8] & 1 << (type - 1) % 8 &&
           now_us - device->polled_us <= UNPOLLED_US && now_us >= device->ready_us;
}

static uint8_t
type_of(const struct emulated_cash_device *device, uint8_t unit)
{
    for (uint8_t i = 0; i < device->unit_count; i++)
        if (device->units[i] == unit)
            return (uint8_t)(i + 1);
    return 0;
}

/* Into the hopper or store of its unit where there is one, else into the box. */
static void
swallow(struct emulated_cash *cash, uint8_t unit)
{
    cash->in.of[unit]++;
    for (size_t i = 0; i < cash->count; i++)
        if (cash->devices[i].kind == EMULATED_HOPPER && cash->devices[i].units[0] == unit)
            cash->devices[i].stock++;
}

/* Out of it again: a coin on a string. */
static void
pull_out(struct emulated_cash *cash, uint8_t unit)
{
    cash->in.of[unit]--;
    cash->returned.of[unit]++;
    cash->pulled.of[unit]++;
    for (size_t i = 0; i < cash->count; i++)
        if (cash->devices[i].kind == EMULATED_HOPPER && cash->devices[i].units[0] == unit)
            cash->devices[i].stock--;
}

void
cctalk_coin_arrive(struct emulated_cash *cash,
                   struct emulated_cash_device *device,
                   const struct emulated_coin *coin)
{
    static const uint8_t codes[] = {
        [EMULATED_REJECTED] = EVENT_COIN_REJECTED,
        [EMULATED_BACKWARDS] = EVENT_COIN_BACKWARDS,
        [EMULATED_SLOW] = EVENT_COIN_SLOW,
    };
    uint8_t type = type_of(device, coin->unit);
    bool is_taken = type && takes_type(device, type, coin->due_us);

    if (coin->fate == EMULATED_JAMS) {
        cash->stuck.of[coin->unit]++;
        cctalk_push_event(device, 0, EVENT_COIN_BLOCKED);
        return;
    }
    if (!is_taken || (coin->fate != EMULATED_TAKEN && coin->fate != EMULATED_STRING)) {
        cash->returned.of[coin->unit]++;
        if (coin->due_us >= device->ready_us)
            cctalk_push_event(device, 0, is_taken ? codes[coin->fate] : EVENT_INHIBITED);
        return;
    }
    swallow(cash, coin->unit);
    cctalk_push_event(device, type, 1);
    if (coin->fate == EMULATED_STRING) {
        device->string_us = coin->due_us + STRING_US;
        device->string_type = type;
    }
}

bool
cctalk_note_insert(struct emulated_cash *cash,
                   struct emulated_cash_device *device,
                   uint8_t unit,
                   int64_t now_us)
{
    uint8_t type = type_of(device, unit);

    if (!type || device->note != NOTE_IDLE)
        return false;
    device->note = NOTE_COMING;
    device->note_type = type;
    device->note_us = now_us + TRANSPORT_US;
    device->fate = cash->next_note;
    cash->next_note = EMULATED_TAKEN;
    return true;
}

static void
give_back(struct emulated_cash *cash, struct emulated_cash_device *device, uint8_t code)
{
    cash->returned.of[device->units[device->note_type - 1]]++;
    device->note = NOTE_IDLE;
    cctalk_push_event(device, 0, code);
}

/* The transport has brought a note to the place of the escrow. */
static void
note_arrives(struct emulated_cash *cash, struct emulated_cash_device *device)
{
    if (device->fate == EMULATED_JAMS) {
        cash->stuck.of[device->units[device->note_type - 1]]++;
        device->note = NOTE_IDLE;
        cctalk_push_event(device, 0, EVENT_NOTE_JAM);
    } else if (!takes_type(device, device->note_type, device->note_us) || device->is_stacker_out ||
               device->is_stacker_full) {
        give_back(cash, device, EVENT_NOTE_INHIBITED);
    } else if (device->fate == EMULATED_REJECTED) {
        give_back(cash, device, EVENT_NOTE_REJECTED);
    } else if (device->mode & 2) {
        cctalk_push_event(device, device->note_type, 1);
        device->note = NOTE_HELD;
        device->note_us += ESCROW_US;
    } else {
        device->note = NOTE_STACKING;
        device->note_us += STACK_US;
    }
}

static void
note_stacked(struct emulated_cash *cash, struct emulated_cash_device *device)
{
    if (device->fate == EMULATED_PULLED) {
        give_back(cash, device, EVENT_NOTE_PULLED);
        return;
    }
    swallow(cash, device->units[device->note_type - 1]);
    device->note = NOTE_IDLE;
    cctalk_push_event(device, device->note_type, 0);
    if (device->fate == EMULATED_STRING) {
        device->string_us = device->note_us + STRING_US;
        device->string_type = device->note_type;
    }
}

void
cctalk_acceptor_pass(struct emulated_cash *cash,
                     struct emulated_cash_device *device,
                     int64_t now_us)
{
    while (device->note != NOTE_IDLE && device->note_us <= now_us) {
        enum emulated_note_state was = device->note;

        if (was == NOTE_COMING)
            note_arrives(cash, device);
        else if (was == NOTE_STACKING)
            note_stacked(cash, device);
        else
            give_back(cash, device, EVENT_RETURNED);
    }
    if (device->string_us && device->string_us <= now_us) {
        pull_out(cash, device->units[device->string_type - 1]);
        cctalk_push_event(device, 0,
                          device->kind == EMULATED_COIN ? EVENT_COIN_STRING : EVENT_NOTE_STRING);
        device->string_us = 0;
    }
}

static void
say_id(const struct emulated_cash_device *device, uint8_t type, struct cctalk_answer *answer)
{
    char text[16];
    int yen;

    if (type < 1 || type > device->unit_count) {
        /* Positions that are not programmed: dots, as many devices do. */
        cctalk_answer_bytes(answer, ".......", device->kind == EMULATED_COIN ? 6 : 7);
        return;
    }
    yen = (int)sugu_cash_unit_yen(device->units[type - 1]);
    if (device->kind == EMULATED_COIN)
        snprintf(text, sizeof text, "JP%03dA", yen);
    else
        snprintf(text, sizeof text, "JP%04dA", yen / 100);
    cctalk_answer_bytes(answer, text, strlen(text));
}

static void
route(struct emulated_cash_device *device,
      uint8_t way,
      struct cctalk_answer *answer,
      int64_t now_us)
{
    uint8_t empty = 254, failed = 255;

    if (device->note != NOTE_HELD) {
        cctalk_answer_bytes(answer, &empty, 1);
    } else if (way > 1) {
        cctalk_answer_bytes(answer, &failed, 1);
    } else {
        device->note = way ? NOTE_STACKING : NOTE_RETURNING;
        device->note_us = now_us + STACK_US;
    }
}

static void
say_buffer(struct emulated_cash_device *device, struct cctalk_answer *answer, int64_t now_us)
{
    uint8_t bytes[11] = {device->counter};

    memcpy(bytes + 1, device->pairs, 10);
    cctalk_answer_bytes(answer, bytes, 11);
    device->polled_us = now_us;
}

void
cctalk_acceptor_ask(struct emulated_cash_device *device,
                    uint8_t header,
                    const uint8_t *data,
                    uint8_t size,
                    struct cctalk_answer *answer,
                    int64_t now_us)
{
    bool is_note = device->kind == EMULATED_NOTE;

    if (header == (is_note ? 159 : 229) && size == 0) {
        say_buffer(device, answer, now_us);
    } else if (header == (is_note ? 157 : 184) && size == 1) {
        say_id(device, data[0], answer);
    } else if (header == 228 && size == 1) {
        device->is_on = data[0] & 1;
        device->polled_us = now_us;
    } else if (header == 231 && size == 2) {
        memcpy(device->masks, data, 2);
    } else if (header == 232 && size == 0) {
        cctalk_answer_bytes(answer, "\0", 1);
    } else if (is_note && header == 156 && size == 2) {
        cctalk_answer_bytes(answer, data[0] == 'J' && data[1] == 'P' ? "\x64\0\0" : "\0\0\0", 3);
    } else if (is_note && header == 153 && size == 1) {
        device->mode = data[0];
    } else if (is_note && header == 154 && size == 1) {
        route(device, data[0], answer, now_us);
    } else {
        answer->size = -1; /* a device does not answer what it does not know */
    }
}
