/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payout - hoppers and note stores: one order at a time, never given twice
 */
#include "payment/cash/payout.h"

#include <assert.h>

#define ENABLE     165
#define RUNNING_US (100 * SUGU_MS) /* recommended for the status while it pays (2.2) */
#define IDLE_US    SUGU_SECOND
/* After a stop the piece on its way may still fall (2.2, 4); a motor turns on for so long. */
#define SETTLING_US (500 * SUGU_MS)

/* What keeps a payout from paying. A time-out and a reversed motor are of the last run. */
#define FLAGS_BAD                                                                                  \
    (SUGU_HOPPER_OVER_CURRENT | SUGU_HOPPER_OPTO_FRAUD | SUGU_HOPPER_OPTO_SHORT |                  \
     SUGU_HOPPER_OPTO_BLOCKED)

static int64_t
now_us(const struct sugu_cash_room *room)
{
    return room->bus.clock->monotonic_us(room->bus.clock);
}

static struct sugu_cash_payout_status
registers_of(const struct sugu_cash_part *part)
{
    return (struct sugu_cash_payout_status){part->seen.counter, part->seen.remaining,
                                            part->seen.paid, part->seen.unpaid};
}

static enum sugu_status
ask_status(struct sugu_cash_room *room, struct sugu_cash_part *part, struct sugu_error *reterr)
{
    struct sugu_cctalk_frame reply;
    enum sugu_status status = sugu_cash_part_ask(
        room, part,
        (struct sugu_cctalk_question){
            .header = SUGU_CCTALK_HOPPER_STATUS, .reply_least = 4, .reply_most = 4},
        &reply, reterr);

    if (status)
        return status;
    part->seen.counter = reply.data[0];
    part->seen.remaining = reply.data[1];
    part->seen.paid = reply.data[2];
    part->seen.unpaid = reply.data[3];
    return SUGU_OK;
}

static enum sugu_status
ask_flags(struct sugu_cash_room *room, struct sugu_cash_part *part, struct sugu_error *reterr)
{
    struct sugu_cctalk_frame reply;
    enum sugu_status status = sugu_cash_part_ask(
        room, part,
        (struct sugu_cctalk_question){
            .header = SUGU_CCTALK_TEST_HOPPER, .reply_least = 1, .reply_most = 3},
        &reply, reterr);

    if (status)
        return status;
    part->seen.fault = reply.data[0] & (uint8_t) ~(SUGU_HOPPER_DISABLED | SUGU_HOPPER_POWER_UP);
    if (part->seen.fault & (SUGU_HOPPER_OPTO_FRAUD | SUGU_HOPPER_OPTO_SHORT))
        part->seen.trouble = SUGU_CASH_TROUBLE_TAMPERED;
    else if (part->seen.fault & (SUGU_HOPPER_OPTO_BLOCKED | SUGU_HOPPER_OVER_CURRENT))
        part->seen.trouble = SUGU_CASH_TROUBLE_JAMMED;
    else if (part->seen.trouble != SUGU_CASH_TROUBLE_EMPTY)
        part->seen.trouble = SUGU_CASH_TROUBLE_NONE;
    return SUGU_OK;
}

/* Bit 0 low, bit 1 high; bits 4 and 5: the sensor is there (generic specification, header 217). */
static enum sugu_status
ask_sensor(struct sugu_cash_room *room, struct sugu_cash_part *part, struct sugu_error *reterr)
{
    enum sugu_cash_sensor before = part->seen.sensor;
    struct sugu_cctalk_frame reply;
    enum sugu_status status;

    if (part->has_no_sensor)
        return SUGU_OK;
    status = sugu_cash_part_ask(
        room, part,
        (struct sugu_cctalk_question){
            .header = SUGU_CCTALK_HOPPER_LEVELS, .tries = 1, .reply_least = 1, .reply_most = 1},
        &reply, reterr);
    if (status == SUGU_REFUSED || status == SUGU_UNKNOWN) { /* older devices do not know it */
        part->has_no_sensor = true;
        return SUGU_OK;
    }
    if (status)
        return status;
    part->seen.sensor = SUGU_CASH_SENSOR_NONE;
    if (reply.data[0] & 0x30)
        part->seen.sensor = SUGU_CASH_SENSOR_OK;
    if ((reply.data[0] & 0x11) == 0x11)
        part->seen.sensor = SUGU_CASH_SENSOR_EMPTY;
    else if ((reply.data[0] & 0x22) == 0x22)
        part->seen.sensor = SUGU_CASH_SENSOR_FULL;
    if (part->seen.sensor != SUGU_CASH_SENSOR_EMPTY &&
        part->seen.trouble == SUGU_CASH_TROUBLE_EMPTY && part->seen.sensor != before)
        part->seen.trouble = SUGU_CASH_TROUBLE_NONE; /* filled */
    if (part->seen.is_ready && part->seen.sensor != before)
        sugu_cash_part_tell(room, part, SUGU_CASH_NEWS_LEVEL);
    return SUGU_OK;
}

#define STAGE_FLAGS  5
#define STAGE_SENSOR 6

enum sugu_status
sugu_payout_prepare(struct sugu_cash_room *room,
                    struct sugu_cash_part *part,
                    struct sugu_error *reterr)
{
    enum sugu_status status;
    bool is_done;

    status = sugu_cash_part_identify(room, part, &is_done, reterr);
    if (status || !is_done)
        return status;
    if (part->stage == STAGE_FLAGS)
        status = ask_flags(room, part, reterr);
    else if (part->stage == STAGE_SENSOR)
        status = ask_sensor(room, part, reterr);
    else
        status = ask_status(room, part, reterr);
    if (status)
        return status;
    if (part->stage++ > STAGE_SENSOR) {
        if (!part->was_ready)
            part->counter = part->seen.counter;
        part->seen.is_ready = part->was_ready = true;
        part->due_us = 0;
    }
    return SUGU_OK;
}

/* The end of an order, whatever it was. */
static void
end_order(struct sugu_cash_room *room,
          struct sugu_cash_part *part,
          enum sugu_cash_news_kind kind,
          uint8_t paid)
{
    struct sugu_cash_event *event = sugu_cash_part_tell(room, part, kind);

    assert(event); /* one part is polled at a time */
    event->paid = paid;
    event->unpaid = (uint8_t)(part->order.count - paid);
    event->remaining = part->seen.remaining;
    event->code = part->seen.fault;
    part->is_running = false;
    part->counter = part->seen.counter;
    if (kind == SUGU_CASH_NEWS_PAID && event->unpaid > 0 &&
        part->seen.trouble == SUGU_CASH_TROUBLE_NONE)
        part->seen.trouble = SUGU_CASH_TROUBLE_EMPTY;
    else if (kind == SUGU_CASH_NEWS_PAID && part->seen.trouble == SUGU_CASH_TROUBLE_EMPTY)
        part->seen.trouble = SUGU_CASH_TROUBLE_NONE;
}

/* Says how an order goes. The device's own `unpaid` may have been cleared (Suzo): what did not come
 * out is the order less what did. */
static enum sugu_status
follow_order(struct sugu_cash_room *room, struct sugu_cash_part *part, struct sugu_error *reterr)
{
    struct sugu_cash_payout_status now = registers_of(part);
    struct sugu_cash_event *event;
    enum sugu_status status;
    uint8_t paid = 0;

    switch (sugu_cash_judge_payout(&part->order, &now, &paid)) {
    case SUGU_CASH_PAYOUT_RUNNING:
        part->order.was_taken = true;
        if (paid == part->told_paid)
            return SUGU_OK;
        part->told_paid = paid;
        event = sugu_cash_part_tell(room, part, SUGU_CASH_NEWS_PAYING);
        assert(event);
        event->paid = paid;
        event->remaining = now.remaining;
        return SUGU_OK;
    case SUGU_CASH_PAYOUT_FINISHED:
    case SUGU_CASH_PAYOUT_NOT_EXECUTED:
        if (now_us(room) < part->settled_us)
            return SUGU_OK;
        status = ask_flags(room, part, reterr);
        if (!status)
            end_order(room, part, SUGU_CASH_NEWS_PAID, paid);
        return status;
    case SUGU_CASH_PAYOUT_UNSURE:
        end_order(room, part, SUGU_CASH_NEWS_PAYOUT_UNSURE, 0);
        return SUGU_OK;
    }
    assert(!"a verdict");
    return SUGU_OK;
}

/* A counter that moves without an order of ours: reset, or somebody else's order. */
static void
watch_counter(struct sugu_cash_room *room, struct sugu_cash_part *part)
{
    if (part->seen.counter == part->counter)
        return;
    sugu_cash_part_tell(room, part,
                        part->seen.counter == 0 ? SUGU_CASH_NEWS_RESTARTED
                                                : SUGU_CASH_NEWS_PAYOUT_UNSURE);
    part->counter = part->seen.counter;
}

enum sugu_status
sugu_payout_poll(struct sugu_cash_room *room,
                 struct sugu_cash_part *part,
                 struct sugu_error *reterr)
{
    enum sugu_status status = ask_status(room, part, reterr);

    if (status)
        return status;
    if (part->is_running) {
        part->due_us = now_us(room) + RUNNING_US;
        return follow_order(room, part, reterr);
    }
    watch_counter(room, part);
    part->due_us = now_us(room) + (part->seen.remaining ? RUNNING_US : IDLE_US);
    status = ask_flags(room, part, reterr);
    return status ? status : ask_sensor(room, part, reterr);
}

static enum sugu_status
enable(struct sugu_cash_room *room, struct sugu_cash_part *part, struct sugu_error *reterr)
{
    struct sugu_cctalk_frame reply;

    return sugu_cash_part_ask(room, part,
                              (struct sugu_cctalk_question){
                                  .header = SUGU_CCTALK_ENABLE_HOPPER, .size = 1, .data = {ENABLE}},
                              &reply, reterr);
}

/* Idle, where the caller thinks it is, and free of faults? */
static enum sugu_status
check_ready(struct sugu_cash_room *room,
            struct sugu_cash_part *part,
            uint8_t counter,
            struct sugu_error *reterr)
{
    enum sugu_status status = ask_status(room, part, reterr);

    if (status)
        return status;
    if (part->seen.counter != counter || part->seen.remaining > 0)
        return sugu_fail(reterr, SUGU_REFUSED, "cash.payout-differs",
                         "device %u at %u, not %u, %u to come", part->place.address,
                         part->seen.counter, counter, part->seen.remaining);
    status = ask_flags(room, part, reterr);
    if (!status && part->seen.fault & FLAGS_BAD)
        return sugu_fail(reterr, SUGU_REFUSED, "cash.payout-refused", "device %u, flags %02x",
                         part->place.address, part->seen.fault);
    if (!status)
        status = enable(room, part, reterr);
    return status == SUGU_REFUSED
               ? sugu_fail(reterr, status, "cash.payout-refused", "device %u", part->place.address)
               : status;
}

/* The answer to the dispense command did not come: the counter tells whether it was heard. */
static enum sugu_status
look_up(struct sugu_cash_room *room, struct sugu_cash_part *part, struct sugu_error *reterr)
{
    struct sugu_cash_payout_status now;
    struct sugu_error error;
    uint8_t paid;

    if (ask_status(room, part, &error) != SUGU_OK)
        return sugu_fail(reterr, SUGU_UNKNOWN, "cash.no-answer",
                         "device %u fell silent in a payout", part->place.address);
    now = registers_of(part);
    switch (sugu_cash_judge_payout(&part->order, &now, &paid)) {
    case SUGU_CASH_PAYOUT_NOT_EXECUTED:
        part->is_running = false;
        return sugu_fail(reterr, SUGU_RETRY, "cash.busy", "device %u did not hear the order",
                         part->place.address);
    case SUGU_CASH_PAYOUT_RUNNING:
        part->order.was_taken = true;
        return SUGU_OK;
    case SUGU_CASH_PAYOUT_FINISHED:
    case SUGU_CASH_PAYOUT_UNSURE:
        return SUGU_OK; /* the next poll tells */
    }
    assert(!"a verdict");
    return SUGU_OK;
}

enum sugu_status
sugu_payout_pay(struct sugu_cash_room *room,
                struct sugu_cash_part *part,
                uint8_t count,
                uint8_t counter,
                struct sugu_error *reterr)
{
    struct sugu_cctalk_question question = {
        .header = SUGU_CCTALK_DISPENSE,
        .size = 4,
        .data = {(uint8_t)part->seen.serial, (uint8_t)(part->seen.serial >> 8),
                 (uint8_t)(part->seen.serial >> 16), count},
        .tries = 1,
        .reply_most = 1,
    };
    struct sugu_cctalk_frame reply;
    struct sugu_error error;
    enum sugu_status status;

    if (part->is_running)
        return sugu_fail(reterr, SUGU_REFUSED, "cash.payout-differs", "device %u runs",
                         part->place.address);
    status = check_ready(room, part, counter, &error);
    if (status) {
        if (reterr)
            *reterr = error;
        /* Nothing has been ordered yet, whatever was not answered. */
        return status == SUGU_UNKNOWN
                   ? sugu_fail(reterr, SUGU_RETRY, "cash.away", "%s", error.detail)
                   : status;
    }
    part->order = (struct sugu_cash_order){.count = count, .before = registers_of(part)};
    part->is_running = true;
    part->told_paid = 0;
    part->settled_us = 0;
    part->due_us = 0;
    status = sugu_cash_part_ask(room, part, question, &reply, &error);
    if (status == SUGU_OK) {
        part->order.was_taken = true;
        return SUGU_OK;
    }
    if (status == SUGU_REFUSED) {
        part->is_running = false;
        if (ask_status(room, part, &error) != SUGU_OK) /* for its counter, which has moved */
            part->seen.counter = sugu_cash_counter_next(counter);
        part->counter = part->seen.counter;
        return sugu_fail(reterr, SUGU_REFUSED, "cash.payout-refused", "device %u",
                         part->place.address);
    }
    return look_up(room, part, reterr);
}

enum sugu_status
sugu_payout_stop(struct sugu_cash_room *room,
                 struct sugu_cash_part *part,
                 struct sugu_error *reterr)
{
    struct sugu_cctalk_frame reply;
    enum sugu_status status;

    status = sugu_cash_part_ask(
        room, part,
        (struct sugu_cctalk_question){.header = SUGU_CCTALK_EMERGENCY_STOP, .reply_most = 1},
        &reply, reterr);
    part->settled_us = now_us(room) + SETTLING_US;
    return status;
}
