/* SPDX-License-Identifier: Apache-2.0 */
/*
 * acceptor - coin and note acceptors: types, masks, the buffer of events, the escrow
 */
#include "payment/cash/acceptor.h"

#include <assert.h>
#include <string.h>

#define BUFFER_SIZE  11
#define NO_UNIT      SUGU_CASH_UNIT_COUNT
#define MASKS_AGE_US (2 * SUGU_SECOND)
/* Every 100 to 900 ms (2.2); a device inhibits itself where it is not polled for a second. */
#define POLL_US (150 * SUGU_MS)

/* Bill mode (header 153): bit 0 stacker, bit 1 escrow. */
#define BILL_MODE_STACKER_AND_ESCROW 3

/* Answers of header 154. */
enum {
    ROUTE_ESCROW_EMPTY = 254,
    ROUTE_FAILED = 255,
};

/* ---- codes of 2.2; what is not listed is NOTED */

struct code_row {
    uint8_t first, last;
    enum sugu_cash_news_kind kind;
};

static const struct code_row coin_codes[] = {
    {1, 3, SUGU_CASH_NEWS_REJECTED},     /* rejected, inhibited, more than one window */
    {4, 7, SUGU_CASH_NEWS_JAMMED},       /* time-outs of wake-up, validation, credit, sorter */
    {8, 8, SUGU_CASH_NEWS_REJECTED},     /* second coin too close */
    {9, 12, SUGU_CASH_NEWS_REJECTED},    /* gate, sensor, sorter busy */
    {14, 15, SUGU_CASH_NEWS_JAMMED},     /* credit sensor, sorter blocked */
    {16, 17, SUGU_CASH_NEWS_TAMPERED},   /* credit sequence, coin going backwards */
    {18, 19, SUGU_CASH_NEWS_REJECTED},   /* too fast, too slow */
    {20, 24, SUGU_CASH_NEWS_TAMPERED},   /* string, early credit, repeated trip */
    {25, 25, SUGU_CASH_NEWS_REJECTED},   /* slug */
    {128, 159, SUGU_CASH_NEWS_REJECTED}, /* inhibited type */
};

static const struct code_row note_codes[] = {
    {1, 1, SUGU_CASH_NEWS_RETURNED},
    {2, 5, SUGU_CASH_NEWS_REJECTED},
    {6, 7, SUGU_CASH_NEWS_JAMMED},
    {8, 9, SUGU_CASH_NEWS_TAMPERED}, /* pulled backwards, tamper */
    {10, 10, SUGU_CASH_NEWS_STACKER_BACK},
    {11, 11, SUGU_CASH_NEWS_STACKER_REMOVED},
    {12, 12, SUGU_CASH_NEWS_STACKER_BACK},
    {13, 13, SUGU_CASH_NEWS_BROKEN},
    {14, 14, SUGU_CASH_NEWS_STACKER_FULL},
    {15, 16, SUGU_CASH_NEWS_JAMMED},
    {17, 18, SUGU_CASH_NEWS_TAMPERED}, /* opto fraud, string fraud */
    {19, 19, SUGU_CASH_NEWS_BROKEN},   /* anti-string mechanism */
};

enum sugu_cash_news_kind
sugu_acceptor_judge_code(enum sugu_cash_kind kind, uint8_t code)
{
    bool is_coin = kind == SUGU_CASH_COIN_ACCEPTOR;
    const struct code_row *rows = is_coin ? coin_codes : note_codes;
    size_t count = is_coin ? SUGU_ARRAY_SIZE(coin_codes) : SUGU_ARRAY_SIZE(note_codes);

    for (size_t i = 0; i < count; i++)
        if (code >= rows[i].first && code <= rows[i].last)
            return rows[i].kind;
    return SUGU_CASH_NEWS_NOTED;
}

static bool
is_note(const struct sugu_cash_part *part)
{
    return part->place.kind == SUGU_CASH_NOTE_ACCEPTOR;
}

static int64_t
now_us(const struct sugu_cash_room *room)
{
    return room->bus.clock->monotonic_us(room->bus.clock);
}

/* ---- types */

/* "JP500A": country, three digits of yen, issue (generic specification, part 3, appendix 3). */
static uint8_t
read_coin_id(const struct sugu_cctalk_frame *reply)
{
    enum sugu_cash_unit unit;
    int64_t yen = 0;

    if (reply->size < 5 || memcmp(reply->data, "JP", 2) != 0)
        return NO_UNIT;
    for (size_t i = 2; i < 5; i++) {
        if (reply->data[i] < '0' || reply->data[i] > '9')
            return NO_UNIT;
        yen = yen * 10 + (reply->data[i] - '0');
    }
    if (!sugu_cash_unit_find(yen, &unit) || !(SUGU_CASH_BIT(unit) & SUGU_CASH_COINS))
        return NO_UNIT;
    return (uint8_t)unit;
}

/* "JP0010A": country, four digits, issue; times the country's scaling factor (header 156). */
static uint8_t
read_bill_id(const struct sugu_cash_part *part, const struct sugu_cctalk_frame *reply)
{
    enum sugu_cash_unit unit;
    int64_t yen = 0;

    if (reply->size < 6 || memcmp(reply->data, "JP", 2) != 0)
        return NO_UNIT;
    for (size_t i = 2; i < 6; i++) {
        if (reply->data[i] < '0' || reply->data[i] > '9')
            return NO_UNIT;
        yen = yen * 10 + (reply->data[i] - '0');
    }
    if (!sugu_cash_unit_find(yen * part->scaling, &unit) ||
        !(SUGU_CASH_BIT(unit) & SUGU_CASH_NOTES))
        return NO_UNIT;
    return (uint8_t)unit;
}

static enum sugu_status
ask_type(struct sugu_cash_room *room,
         struct sugu_cash_part *part,
         unsigned type,
         struct sugu_error *reterr)
{
    struct sugu_cctalk_question question = {
        .header = is_note(part) ? SUGU_CCTALK_BILL_ID : SUGU_CCTALK_COIN_ID,
        .size = 1,
        .data = {(uint8_t)(type + 1)},
        .reply_most = 16,
    };
    struct sugu_cctalk_frame reply;
    enum sugu_status status = sugu_cash_part_ask(room, part, question, &reply, reterr);

    part->units[type] = NO_UNIT;
    if (status == SUGU_REFUSED) /* fewer types than sixteen */
        return SUGU_OK;
    if (status)
        return status;
    part->units[type] = is_note(part) ? read_bill_id(part, &reply) : read_coin_id(&reply);
    if (part->units[type] != NO_UNIT)
        part->seen.takes |= SUGU_CASH_BIT(part->units[type]);
    return SUGU_OK;
}

static enum sugu_status
ask_scaling(struct sugu_cash_room *room, struct sugu_cash_part *part, struct sugu_error *reterr)
{
    struct sugu_cctalk_question question = {
        .header = SUGU_CCTALK_SCALING,
        .size = 2,
        .data = {'J', 'P'},
        .reply_least = 3,
        .reply_most = 3,
    };
    struct sugu_cctalk_frame reply;
    enum sugu_status status = sugu_cash_part_ask(room, part, question, &reply, reterr);

    if (!status)
        part->scaling = reply.data[0] | (uint32_t)reply.data[1] << 8;
    return status;
}

static enum sugu_status
send_byte(struct sugu_cash_room *room,
          struct sugu_cash_part *part,
          uint8_t header,
          uint8_t byte,
          struct sugu_error *reterr)
{
    struct sugu_cctalk_frame reply;

    return sugu_cash_part_ask(
        room, part, (struct sugu_cctalk_question){.header = header, .size = 1, .data = {byte}},
        &reply, reterr);
}

static enum sugu_status
ask_self_check(struct sugu_cash_room *room, struct sugu_cash_part *part, struct sugu_error *reterr)
{
    struct sugu_cctalk_frame reply;
    enum sugu_status status =
        sugu_cash_part_ask(room, part,
                           (struct sugu_cctalk_question){
                               .header = SUGU_CCTALK_SELF_CHECK, .reply_least = 1, .reply_most = 8},
                           &reply, reterr);

    if (status == SUGU_REFUSED)
        return SUGU_OK;
    if (status)
        return status;
    part->seen.fault = reply.data[0];
    part->seen.trouble = reply.data[0] ? SUGU_CASH_TROUBLE_BROKEN : SUGU_CASH_TROUBLE_NONE;
    return SUGU_OK;
}

/* ---- masks */

enum sugu_status
sugu_acceptor_mask(struct sugu_cash_room *room,
                   struct sugu_cash_part *part,
                   struct sugu_error *reterr)
{
    struct sugu_cctalk_question question = {.header = SUGU_CCTALK_INHIBIT_MASK, .size = 2};
    struct sugu_cctalk_frame reply;
    enum sugu_status status;

    part->has_masks = false;
    for (unsigned type = 0; type < SUGU_CASH_TYPES; type++)
        if (part->units[type] != NO_UNIT && room->units & SUGU_CASH_BIT(part->units[type]))
            question.data[type / 8] |= (uint8_t)(1 << type % 8);
    if (!question.data[0] && !question.data[1]) {
        status = send_byte(room, part, SUGU_CCTALK_MASTER_INHIBIT, 0, reterr);
    } else {
        part->is_exposed = true;
        status = sugu_cash_part_ask(room, part, question, &reply, reterr);
        if (!status)
            status = send_byte(room, part, SUGU_CCTALK_MASTER_INHIBIT, 1, reterr);
    }
    if (status)
        return status;
    part->has_masks = true;
    part->masks_us = now_us(room);
    return SUGU_OK;
}

/* ---- events */

static void
follow_note(struct sugu_cash_part *part, enum sugu_cash_news_kind kind, uint8_t unit)
{
    if (kind == SUGU_CASH_NEWS_ESCROWED) {
        part->way = SUGU_CASH_NOTE_HELD;
        part->seen.has_in_escrow = (uint8_t)(unit + 1);
    } else if (kind == SUGU_CASH_NEWS_ACCEPTED || kind == SUGU_CASH_NEWS_RETURNED ||
               kind == SUGU_CASH_NEWS_TAMPERED || kind == SUGU_CASH_NEWS_UNREADABLE) {
        part->way = SUGU_CASH_NOTE_NONE;
        part->seen.has_in_escrow = 0;
    }
}

static void
follow_trouble(struct sugu_cash_part *part, enum sugu_cash_news_kind kind)
{
    if (kind == SUGU_CASH_NEWS_JAMMED)
        part->seen.trouble = SUGU_CASH_TROUBLE_JAMMED;
    else if (kind == SUGU_CASH_NEWS_TAMPERED)
        part->seen.trouble = SUGU_CASH_TROUBLE_TAMPERED;
    else if (kind == SUGU_CASH_NEWS_STACKER_REMOVED)
        part->seen.trouble = SUGU_CASH_TROUBLE_STACKER_REMOVED;
    else if (kind == SUGU_CASH_NEWS_STACKER_FULL)
        part->seen.trouble = SUGU_CASH_TROUBLE_STACKER_FULL;
    else if (kind == SUGU_CASH_NEWS_BROKEN)
        part->seen.trouble = SUGU_CASH_TROUBLE_BROKEN;
    else if (kind == SUGU_CASH_NEWS_ACCEPTED || kind == SUGU_CASH_NEWS_STACKER_BACK)
        part->seen.trouble = SUGU_CASH_TROUBLE_NONE; /* it works again */
}

/* One pair of the buffer. A credit just after a restart is not taken for money (2.2). */
static void
tell_pair(struct sugu_cash_room *room,
          struct sugu_cash_part *part,
          const uint8_t pair[2],
          bool is_after_restart)
{
    enum sugu_cash_news_kind kind;
    uint8_t unit = pair[0] >= 1 && pair[0] <= SUGU_CASH_TYPES ? part->units[pair[0] - 1] : NO_UNIT;
    struct sugu_cash_event *event;

    if (pair[0] == 0)
        kind = sugu_acceptor_judge_code(part->place.kind, pair[1]);
    else if (is_after_restart)
        kind = SUGU_CASH_NEWS_LOST;
    else if (unit == NO_UNIT)
        kind = SUGU_CASH_NEWS_UNREADABLE;
    else
        kind = is_note(part) && pair[1] == 1 ? SUGU_CASH_NEWS_ESCROWED : SUGU_CASH_NEWS_ACCEPTED;
    part->counter = sugu_cash_counter_next(part->counter);
    part->newest[0] = pair[0];
    part->newest[1] = pair[1];
    part->step++;
    event = sugu_cash_part_tell(room, part, kind);
    assert(event); /* five at most, and what led to them */
    event->step = part->step;
    event->unit = unit == NO_UNIT ? 0 : unit;
    event->code = pair[0] ? pair[0] : pair[1];
    event->lost = kind == SUGU_CASH_NEWS_LOST;
    follow_note(part, kind, unit);
    follow_trouble(part, kind);
}

static void
tell_restart(struct sugu_cash_room *room, struct sugu_cash_part *part)
{
    struct sugu_cash_event *event;

    part->counter = 0;
    part->newest[0] = part->newest[1] = 0;
    event = sugu_cash_part_tell(room, part, SUGU_CASH_NEWS_RESTARTED);
    assert(event);
    event->code = (uint8_t)part->way;
    event->is_doubtful = part->is_exposed || part->way == SUGU_CASH_NOTE_STACKING;
    event->unit = part->seen.has_in_escrow ? (uint8_t)(part->seen.has_in_escrow - 1) : 0;
    part->way = SUGU_CASH_NOTE_NONE;
    part->seen.has_in_escrow = 0;
    part->has_masks = false;
}

/* More than the buffer holds: the five that it does hold cannot be told from those before them by
 * anything but their place; they are left out, too, and the step goes on. */
static void
tell_loss(struct sugu_cash_room *room,
          struct sugu_cash_part *part,
          const uint8_t *buffer,
          uint8_t lost)
{
    struct sugu_cash_event *event;

    part->counter = buffer[0];
    part->newest[0] = buffer[1];
    part->newest[1] = buffer[2];
    part->step++;
    event = sugu_cash_part_tell(room, part, SUGU_CASH_NEWS_LOST);
    assert(event);
    event->lost = lost;
    event->step = part->step;
    part->way = SUGU_CASH_NOTE_NONE;
    part->seen.has_in_escrow = 0;
}

/*
 * The counter alone does not show every restart: one that counts up to the old value again, or one
 * before the first event. So the event that stands where the last known one should has to be that
 * one; and a device that was silent and stands at 0 may have counted in between.
 */
static enum sugu_cash_counter_verdict
judge(const struct sugu_cash_part *part, const uint8_t *buffer, uint8_t *ret_count)
{
    enum sugu_cash_counter_verdict verdict =
        sugu_cash_counter_judge(part->counter, buffer[0], ret_count);
    const uint8_t *pair = buffer + 1 + 2 * (size_t)*ret_count;

    if (verdict != SUGU_CASH_COUNTER_SAME && verdict != SUGU_CASH_COUNTER_NEW)
        return verdict;
    if (part->counter == 0)
        return verdict == SUGU_CASH_COUNTER_SAME && part->was_lost && part->is_exposed
                   ? SUGU_CASH_COUNTER_RESTARTED
                   : verdict;
    if (*ret_count < SUGU_CASH_EVENTS_KEPT &&
        (pair[0] != part->newest[0] || pair[1] != part->newest[1]))
        return SUGU_CASH_COUNTER_RESTARTED;
    return verdict;
}

static void
tell_events(struct sugu_cash_room *room, struct sugu_cash_part *part, const uint8_t *buffer)
{
    uint8_t count = 0;
    bool is_after_restart = false;

    switch (judge(part, buffer, &count)) {
    case SUGU_CASH_COUNTER_SAME:
        return;
    case SUGU_CASH_COUNTER_NEW:
        break;
    case SUGU_CASH_COUNTER_LOST:
        tell_loss(room, part, buffer, count);
        return;
    case SUGU_CASH_COUNTER_RESTARTED:
        tell_restart(room, part);
        if (buffer[0] > SUGU_CASH_EVENTS_KEPT) {
            tell_loss(room, part, buffer, buffer[0]);
            return;
        }
        count = buffer[0];
        is_after_restart = true;
        break;
    }
    while (count-- > 0) /* pair 1 is the newest */
        tell_pair(room, part, buffer + 1 + 2 * (size_t)count, is_after_restart);
}

static enum sugu_status
read_buffer(struct sugu_cash_room *room,
            struct sugu_cash_part *part,
            struct sugu_cctalk_frame *ret_reply,
            struct sugu_error *reterr)
{
    struct sugu_cctalk_question question = {
        .header = is_note(part) ? SUGU_CCTALK_READ_BILL_EVENTS : SUGU_CCTALK_READ_CREDITS,
        .reply_least = BUFFER_SIZE,
        .reply_most = BUFFER_SIZE,
    };
    enum sugu_status status = sugu_cash_part_ask(room, part, question, ret_reply, reterr);

    if (status)
        return status;
    part->seen.counter = ret_reply->data[0];
    memcpy(part->seen.newest, ret_reply->data + 1, sizeof part->seen.newest);
    return SUGU_OK;
}

/* ---- making it ready */

#define STAGE_MASK   5
#define STAGE_SCALE  6
#define STAGE_TYPES  7
#define STAGE_MODE   (STAGE_TYPES + SUGU_CASH_TYPES)
#define STAGE_CHECK  (STAGE_MODE + 1)
#define STAGE_BUFFER (STAGE_CHECK + 1)

static enum sugu_status
begin_counting(struct sugu_cash_room *room, struct sugu_cash_part *part, struct sugu_error *reterr)
{
    struct sugu_cctalk_frame reply;
    enum sugu_status status = read_buffer(room, part, &reply, reterr);

    if (status)
        return status;
    if (!part->has_known) { /* its history is not ours */
        part->counter = reply.data[0];
        memcpy(part->newest, reply.data + 1, 2);
        part->is_exposed = false;
    }
    /* Its last word was a note in escrow: it is there still. */
    if (is_note(part) && reply.data[0] && reply.data[1] && reply.data[2] == 1 &&
        reply.data[1] <= SUGU_CASH_TYPES)
        follow_note(part, SUGU_CASH_NEWS_ESCROWED, part->units[reply.data[1] - 1]);
    part->has_known = true;
    part->has_units = true;
    part->has_masks = room->units == 0;
    part->masks_us = now_us(room);
    part->seen.is_ready = part->was_ready = true;
    part->due_us = 0; /* what it kept for us is told by the poll */
    return SUGU_OK;
}

enum sugu_status
sugu_acceptor_prepare(struct sugu_cash_room *room,
                      struct sugu_cash_part *part,
                      struct sugu_error *reterr)
{
    enum sugu_status status;
    bool is_done;

    status = sugu_cash_part_identify(room, part, &is_done, reterr);
    if (status || !is_done)
        return status;
    if (part->stage == STAGE_SCALE && part->has_units)
        part->stage = STAGE_MODE; /* the same device as before */
    if (part->stage == STAGE_MASK)
        status = send_byte(room, part, SUGU_CCTALK_MASTER_INHIBIT, 0, reterr);
    else if (part->stage == STAGE_SCALE)
        status = is_note(part) ? ask_scaling(room, part, reterr) : SUGU_OK;
    else if (part->stage < STAGE_MODE)
        status = ask_type(room, part, part->stage - STAGE_TYPES, reterr);
    else if (part->stage == STAGE_MODE)
        status = is_note(part) ? send_byte(room, part, SUGU_CCTALK_BILL_MODE,
                                           BILL_MODE_STACKER_AND_ESCROW, reterr)
                               : SUGU_OK;
    else if (part->stage == STAGE_CHECK)
        status = ask_self_check(room, part, reterr);
    else
        status = begin_counting(room, part, reterr);
    if (!status)
        part->stage++;
    return status;
}

enum sugu_status
sugu_acceptor_poll(struct sugu_cash_room *room,
                   struct sugu_cash_part *part,
                   struct sugu_error *reterr)
{
    struct sugu_cctalk_frame reply;
    size_t told = room->news->count;
    enum sugu_status status = read_buffer(room, part, &reply, reterr);

    if (status)
        return status;
    tell_events(room, part, reply.data);
    part->was_lost = false;
    part->due_us = now_us(room) + POLL_US;
    if (!part->has_masks || (room->units && now_us(room) - part->masks_us > MASKS_AGE_US)) {
        status = sugu_acceptor_mask(room, part, reterr);
        if (status)
            return status;
    } else if (room->news->count == told) {
        part->was_read = true;
        part->is_exposed = room->units != 0 || part->way != SUGU_CASH_NOTE_NONE;
    }
    return SUGU_OK;
}

enum sugu_status
sugu_acceptor_route(struct sugu_cash_room *room,
                    struct sugu_cash_part *part,
                    bool into_stacker,
                    struct sugu_error *reterr)
{
    struct sugu_cctalk_question question = {
        .header = SUGU_CCTALK_ROUTE_BILL,
        .size = 1,
        .data = {into_stacker},
        .reply_most = 1,
    };
    struct sugu_cctalk_frame reply;
    uint32_t repeated = room->bus.repeated;
    enum sugu_status status;

    /* The same order again is safe: the note goes one way only. */
    if (part->way != SUGU_CASH_NOTE_HELD &&
        part->way != (into_stacker ? SUGU_CASH_NOTE_STACKING : SUGU_CASH_NOTE_RETURNING))
        return sugu_fail(reterr, SUGU_REFUSED, "cash.no-escrow", "device %u", part->place.address);
    status = sugu_cash_part_ask(room, part, question, &reply, reterr);
    if (status == SUGU_REFUSED || status == SUGU_RETRY)
        return status;
    /* Asked twice and empty the second time: the first was heard, its answer was lost. */
    if (!status && reply.size == 1 &&
        !(reply.data[0] == ROUTE_ESCROW_EMPTY && room->bus.repeated > repeated)) {
        if (reply.data[0] == ROUTE_ESCROW_EMPTY)
            part->seen.has_in_escrow = 0, part->way = SUGU_CASH_NOTE_NONE;
        return sugu_fail(reterr, SUGU_REFUSED,
                         reply.data[0] == ROUTE_FAILED ? "cash.refused" : "cash.no-escrow",
                         "device %u says %u", part->place.address, reply.data[0]);
    }
    part->way = into_stacker ? SUGU_CASH_NOTE_STACKING : SUGU_CASH_NOTE_RETURNING;
    return status;
}
