/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cctalk-emulator - the line: frames, echo, faults, power
 */
#include "emulators/cctalk-emulator.h"

#include "emulators/cctalk-private.h"

#include <string.h>

#define HOST        1
#define BYTE_US     1042 /* ten bits at 9600 baud */
#define THINK_US    (4 * SUGU_MS)
#define LATE_US     (180 * SUGU_MS) /* later than any driver should wait */
#define GAP_US      (50 * SUGU_MS)  /* between two bytes: what was heard so far is dropped */
#define POWER_UP_US (630 * SUGU_MS) /* domain/payments.md 2.2 */

void
cctalk_answer_bytes(struct cctalk_answer *answer, const void *bytes, size_t size)
{
    memcpy(answer->data, bytes, size);
    answer->size = (int)size;
}

void
cctalk_refuse(struct cctalk_answer *answer)
{
    answer->size = 0;
    answer->header = CCTALK_HEADER_NAK;
}

/* ---- the wire towards the host */

/* One byte passes, in whichever direction; false where the power has gone with it. */
static bool
pass_byte(struct emulated_cash *cash, int64_t now_us)
{
    if (cash->cut_left > 0 && --cash->cut_left == 0) {
        cash->cut_left = -1;
        emulated_cash_set_power(cash, false, now_us);
    }
    return cash->has_power;
}

static void
put_byte(struct emulated_cash *cash, uint8_t byte, int64_t at_us)
{
    if (cash->wire_size == EMULATED_CASH_WIRE)
        return;
    cash->wire[cash->wire_size] = byte;
    cash->wire_us[cash->wire_size++] = at_us;
}

/* ---- frames */

static uint16_t
crc_step(uint16_t crc, uint8_t byte)
{
    crc = (uint16_t)(crc ^ byte << 8);
    for (int i = 0; i < 8; i++)
        crc = (uint16_t)(crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1);
    return crc;
}

static uint16_t
crc_of(const uint8_t *frame)
{
    uint16_t crc = crc_step(crc_step(0, frame[0]), frame[1]);

    for (size_t i = 3; i < 4 + (size_t)frame[1]; i++)
        crc = crc_step(crc, frame[i]);
    return crc;
}

static bool
is_sound(const uint8_t *frame, bool uses_crc)
{
    size_t size = 5 + (size_t)frame[1];
    uint8_t sum = 0;

    if (uses_crc)
        return (frame[2] | frame[size - 1] << 8) == crc_of(frame);
    for (size_t i = 0; i < size; i++)
        sum = (uint8_t)(sum + frame[i]);
    return sum == 0 && frame[2] == HOST;
}

static size_t
make_frame(const struct emulated_cash_device *device,
           const struct cctalk_answer *answer,
           uint8_t *to)
{
    size_t size = 5 + (size_t)answer->size;
    uint8_t sum = 0;

    to[0] = HOST;
    to[1] = (uint8_t)answer->size;
    to[2] = device->address;
    to[3] = answer->header;
    memcpy(to + 4, answer->data, (size_t)answer->size);
    to[size - 1] = 0;
    if (device->uses_crc) {
        uint16_t crc = crc_of(to);

        to[2] = (uint8_t)crc;
        to[size - 1] = (uint8_t)(crc >> 8);
        return size;
    }
    for (size_t i = 0; i < size; i++)
        sum = (uint8_t)(sum + to[i]);
    to[size - 1] = (uint8_t)(256 - sum);
    return size;
}

static void
send_answer(struct emulated_cash *cash,
            const struct emulated_cash_device *device,
            const struct cctalk_answer *answer,
            enum emulated_cash_fault fault,
            int64_t now_us)
{
    uint8_t frame[64];
    size_t size = make_frame(device, answer, frame);
    /* A device answers one question after the other. */
    int64_t free_us = cash->wire_size > 0 ? cash->wire_us[cash->wire_size - 1] : now_us;
    int64_t at_us = (free_us > now_us ? free_us : now_us) + cash->think_us +
                    (fault == CASH_FAULT_LATE ? LATE_US : 0);

    if (fault == CASH_FAULT_DROP_REPLY)
        return;
    if (fault == CASH_FAULT_BAD_CHECKSUM)
        frame[size - 1] ^= 0x55;
    if (fault == CASH_FAULT_HALF)
        size /= 2;
    for (; cash->noise > 0; cash->noise--)
        put_byte(cash, (uint8_t)(cash->noise * 37), at_us += cash->byte_us);
    for (int times = fault == CASH_FAULT_TWICE ? 2 : 1; times > 0; times--)
        for (size_t i = 0; i < size && pass_byte(cash, now_us); i++)
            put_byte(cash, frame[i], at_us += cash->byte_us);
}

/* ---- requests */

struct emulated_cash_device *
emulated_cash_find(struct emulated_cash *cash, uint8_t address)
{
    for (size_t i = 0; i < cash->count; i++)
        if (cash->devices[i].address == address)
            return cash->devices + i;
    return NULL;
}

static const char *
name_of(enum emulated_cash_kind kind)
{
    return kind == EMULATED_COIN   ? "Coin Acceptor"
           : kind == EMULATED_NOTE ? "Bill Validator"
                                   : "Payout";
}

bool
cctalk_common_ask(struct emulated_cash *cash,
                  struct emulated_cash_device *device,
                  uint8_t header,
                  struct cctalk_answer *answer,
                  int64_t now_us)
{
    uint8_t serial[3] = {(uint8_t)device->serial, (uint8_t)(device->serial >> 8),
                         (uint8_t)(device->serial >> 16)};

    if (header == 254)
        return true;
    if (header == 1) {
        cctalk_device_power(cash, device, false, now_us);
        cctalk_device_power(cash, device, true, now_us);
        device->ready_us = now_us + 130 * SUGU_MS; /* a reset by command */
    } else if (header == 246) {
        cctalk_answer_bytes(answer, "SUG", 3);
    } else if (header == 245) {
        cctalk_answer_bytes(answer, name_of(device->kind), strlen(name_of(device->kind)));
    } else if (header == 244) {
        cctalk_answer_bytes(answer, "Emulated", 8);
    } else if (header == 242) {
        cctalk_answer_bytes(answer, serial, 3);
    } else if (header == 241) {
        cctalk_answer_bytes(answer, "EMU-V1", 6);
    } else {
        return false;
    }
    return true;
}

static enum emulated_cash_fault
take_fault(struct emulated_cash *cash, uint8_t header)
{
    if (cash->fault_times == 0 || cash->fault_header != header)
        return CASH_FAULT_NONE;
    cash->fault_times--;
    return cash->fault;
}

/* A whole frame has been heard. */
static void
serve(struct emulated_cash *cash, const uint8_t *frame, int64_t now_us)
{
    struct emulated_cash_device *device = emulated_cash_find(cash, frame[0]);
    struct cctalk_answer answer = {.size = 0};
    enum emulated_cash_fault fault;

    if (!device || device->is_silent || now_us < device->ready_us ||
        !is_sound(frame, device->uses_crc))
        return;
    fault = take_fault(cash, frame[3]);
    if (fault == CASH_FAULT_DROP_REQUEST)
        return;
    cash->heard_count[frame[3]]++;
    if (fault == CASH_FAULT_BUSY) {
        answer.header = CCTALK_HEADER_BUSY;
    } else if (fault == CASH_FAULT_NAK) {
        cctalk_refuse(&answer);
        if (frame[3] == 167) /* counted all the same (domain/payments.md 2.2) */
            device->counter = (uint8_t)(device->counter == 255 ? 1 : device->counter + 1);
    } else if (!cctalk_common_ask(cash, device, frame[3], &answer, now_us)) {
        if (device->kind == EMULATED_HOPPER)
            cctalk_hopper_ask(device, frame[3], frame + 4, frame[1], &answer, now_us);
        else
            cctalk_acceptor_ask(device, frame[3], frame + 4, frame[1], &answer, now_us);
    }
    if (answer.size >= 0)
        send_answer(cash, device, &answer, fault, now_us);
}

void
emulated_cash_hear(struct emulated_cash *cash, const uint8_t *bytes, size_t size, int64_t now_us)
{
    emulated_cash_pass(cash, now_us);
    if (now_us - cash->heard_us > GAP_US)
        cash->heard_size = 0;
    cash->heard_us = now_us;
    for (size_t i = 0; i < size; i++) {
        int64_t at_us = now_us + (int64_t)i * cash->byte_us;

        if (cash->has_echo) /* the wire, whether or not a device has power */
            put_byte(cash, bytes[i], at_us);
        if (!pass_byte(cash, now_us) || cash->heard_size == sizeof cash->heard)
            continue;
        cash->heard[cash->heard_size++] = bytes[i];
        if (cash->heard_size < 5 || cash->heard_size < 5 + (size_t)cash->heard[1])
            continue;
        cash->heard_size = 0;
        serve(cash, cash->heard, at_us);
    }
}

size_t
emulated_cash_say(struct emulated_cash *cash, uint8_t *to, size_t size, int64_t now_us)
{
    size_t count = 0;

    emulated_cash_pass(cash, now_us);
    while (count < size && count < cash->wire_size && cash->wire_us[count] <= now_us) {
        to[count] = cash->wire[count];
        count++;
    }
    cash->wire_size -= count;
    memmove(cash->wire, cash->wire + count, cash->wire_size);
    memmove(cash->wire_us, cash->wire_us + count, cash->wire_size * sizeof cash->wire_us[0]);
    return count;
}

int64_t
emulated_cash_next_us(const struct emulated_cash *cash)
{
    return cash->wire_size > 0 ? cash->wire_us[0] : INT64_MAX;
}

void
emulated_cash_pass(struct emulated_cash *cash, int64_t now_us)
{
    while (cash->coin_count > 0 && cash->coins[0].due_us <= now_us) {
        cctalk_coin_arrive(cash, emulated_cash_find(cash, 2), cash->coins);
        cash->coin_count--;
        memmove(cash->coins, cash->coins + 1, cash->coin_count * sizeof cash->coins[0]);
    }
    for (size_t i = 0; i < cash->count; i++) {
        if (cash->devices[i].ready_us > now_us)
            continue;
        if (cash->devices[i].kind == EMULATED_HOPPER)
            cctalk_hopper_pass(cash, cash->devices + i, now_us);
        else
            cctalk_acceptor_pass(cash, cash->devices + i, now_us);
    }
}

/* ---- power */

/* What a note acceptor does first when it has power again: a note on its way goes on its way. */
static void
find_note(struct emulated_cash *cash, struct emulated_cash_device *device)
{
    uint8_t unit = device->units[device->note_type ? device->note_type - 1 : 0];

    if (device->note == NOTE_IDLE)
        return;
    if (device->note == NOTE_STACKING) {
        cash->in.of[unit]++;
        for (size_t i = 0; i < cash->count; i++)
            if (cash->devices[i].kind == EMULATED_HOPPER && cash->devices[i].units[0] == unit)
                cash->devices[i].stock++;
        cctalk_push_event(device, device->note_type, 0);
    } else {
        cash->returned.of[unit]++;
        cctalk_push_event(device, 0, 1);
    }
    device->note = NOTE_IDLE;
}

/* Registers of a run that was cut survive; an idle hopper forgets `unpaid` (BCR). */
static void
cut_hopper(struct emulated_cash_device *hopper)
{
    hopper->unpaid = hopper->remaining;
    hopper->remaining = 0;
    hopper->is_enabled = false;
    hopper->flags = 0;
    hopper->late_us = 0;
}

void
cctalk_device_power(struct emulated_cash *cash,
                    struct emulated_cash_device *device,
                    bool is_on,
                    int64_t now_us)
{
    if (!is_on) {
        device->ready_us = INT64_MAX;
        device->counter = 0;
        memset(device->pairs, 0, sizeof device->pairs);
        memset(device->masks, 0, sizeof device->masks);
        device->is_on = false;
        device->mode = 0;
        device->string_us = 0;
        if (device->kind == EMULATED_HOPPER)
            cut_hopper(device);
        return;
    }
    device->ready_us = now_us + POWER_UP_US;
    device->polled_us = device->ready_us;
    if (device->kind == EMULATED_NOTE)
        find_note(cash, device);
}

void
emulated_cash_set_power(struct emulated_cash *cash, bool is_on, int64_t now_us)
{
    if (cash->has_power == is_on)
        return;
    cash->has_power = is_on;
    cash->heard_size = 0;
    for (size_t i = 0; i < cash->count; i++)
        cctalk_device_power(cash, cash->devices + i, is_on, now_us);
    if (is_on)
        return;
    for (size_t i = 0; i < cash->coin_count; i++) /* they fall through */
        cash->returned.of[cash->coins[i].unit]++;
    cash->coin_count = 0;
}

/* ---- the machine */

static void
add(struct emulated_cash *cash, enum emulated_cash_kind kind, uint8_t address, uint8_t unit)
{
    struct emulated_cash_device *device = cash->devices + cash->count++;

    *device = (struct emulated_cash_device){
        .kind = kind,
        .address = address,
        .serial = 0x0ad700u + address,
        .unit_count = 1,
        .units = {unit},
        .stock = 50,
    };
}

void
emulated_cash_init(struct emulated_cash *cash, int64_t now_us)
{
    memset(cash, 0, sizeof *cash);
    cash->cut_left = -1;
    cash->byte_us = BYTE_US;
    cash->think_us = THINK_US;
    add(cash, EMULATED_COIN, 2, SUGU_CASH_1);
    cash->devices[0].unit_count = 6;
    for (uint8_t i = 0; i < 6; i++) {
        cash->devices[0].units[i] = i;
        add(cash, EMULATED_HOPPER, (uint8_t)(3 + i), i);
    }
    add(cash, EMULATED_NOTE, 40, SUGU_CASH_1000);
    cash->devices[7].uses_crc = true;
    cash->devices[7].unit_count = 4;
    for (uint8_t i = 0; i < 4; i++)
        cash->devices[7].units[i] = (uint8_t)(SUGU_CASH_1000 + i);
    add(cash, EMULATED_HOPPER, 41, SUGU_CASH_1000);
    add(cash, EMULATED_HOPPER, 42, SUGU_CASH_5000);
    emulated_cash_set_power(cash, true, now_us - POWER_UP_US);
}

int64_t
emulated_cash_gain_yen(const struct emulated_cash *cash)
{
    return sugu_cash_sum_yen(&cash->in) - sugu_cash_sum_yen(&cash->out);
}
