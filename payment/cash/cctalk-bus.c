/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cctalk-bus - one question and its answer on a ccTalk line
 */
#include "payment/cash/cctalk-bus.h"

#include <assert.h>
#include <string.h>

enum {
    REPLY_OK = 0,
    REPLY_REFUSED = 5,
    REPLY_BUSY = 6,
};

/* What has arrived since the question was sent. */
struct ear {
    uint8_t sent[SUGU_CCTALK_SIZE_MAX];
    size_t sent_size;
    bool has_echo; /* the bytes sent have come back whole, and are gone from `heard` */
    uint8_t heard[2 * SUGU_CCTALK_SIZE_MAX];
    size_t heard_size;
};

static void
drop(struct ear *ear, size_t size)
{
    memmove(ear->heard, ear->heard + size, ear->heard_size - size);
    ear->heard_size -= size;
}

/* True while what was heard may still become the echo. */
static bool
strip_echo(struct ear *ear)
{
    size_t size = ear->heard_size < ear->sent_size ? ear->heard_size : ear->sent_size;

    if (ear->has_echo || memcmp(ear->heard, ear->sent, size) != 0)
        return false;
    if (size < ear->sent_size)
        return true;
    ear->has_echo = true;
    drop(ear, ear->sent_size);
    return false;
}

/* A reply to this question? Anything else in the bytes is noise and is dropped. */
static bool
find_reply(struct ear *ear,
           const struct sugu_cctalk_question *question,
           struct sugu_cctalk_frame *ret_reply)
{
    struct sugu_cctalk_frame frame;
    size_t used;

    if (strip_echo(ear))
        return false;
    while (sugu_cctalk_decode(ear->heard, ear->heard_size, question->check, SUGU_CCTALK_HOST,
                              &frame, &used)) {
        bool has_size = frame.header != REPLY_OK ||
                        (frame.size >= question->reply_least && frame.size <= question->reply_most);

        drop(ear, used);
        if ((question->check == SUGU_CCTALK_SUM && frame.from != question->address) || !has_size ||
            (frame.header != REPLY_OK && frame.header != REPLY_REFUSED &&
             frame.header != REPLY_BUSY))
            continue;
        *ret_reply = frame;
        return true;
    }
    drop(ear, used);
    return false;
}

static int64_t
now_us(const struct sugu_cctalk_bus *bus)
{
    return bus->clock->monotonic_us(bus->clock);
}

/* Lets late answers to earlier questions pass. */
static enum sugu_status
drain(struct sugu_cctalk_bus *bus, struct sugu_error *reterr)
{
    uint8_t stray[64];
    size_t got = 1;

    while (got > 0 && now_us(bus) < bus->late_us) {
        enum sugu_status status =
            bus->line->ops->receive(bus->line, stray, sizeof stray, bus->late_us, &got, reterr);

        if (status)
            return status;
    }
    bus->late_us = 0;
    return SUGU_OK;
}

/* One try. OK with *ret_is_there false: silence, or nothing that is a reply. */
static enum sugu_status
ask_once(struct sugu_cctalk_bus *bus,
         const struct sugu_cctalk_question *question,
         struct sugu_cctalk_frame *ret_reply,
         bool *ret_is_there,
         struct sugu_error *reterr)
{
    struct sugu_cctalk_frame frame = {
        .to = question->address,
        .from = SUGU_CCTALK_HOST,
        .header = question->header,
        .size = question->size,
    };
    struct ear ear = {.heard_size = 0};
    enum sugu_status status;
    int64_t deadline, last;

    memcpy(frame.data, question->data, question->size);
    ear.sent_size = sugu_cctalk_encode(&frame, question->check, ear.sent);
    *ret_is_there = false;
    bus->asked++;
    status = bus->line->ops->send(bus->line, ear.sent, ear.sent_size, reterr);
    if (status)
        return status;
    /* 10 bits a byte at 9600 baud. A reply may take its longest, byte after byte, and no longer. */
    deadline = now_us(bus) + (int64_t)ear.sent_size * 1042 + SUGU_CCTALK_WAIT_US;
    last = deadline + SUGU_CCTALK_SIZE_MAX * 1042;
    while (ear.heard_size < sizeof ear.heard) {
        size_t got;

        status = bus->line->ops->receive(bus->line, ear.heard + ear.heard_size,
                                         sizeof ear.heard - ear.heard_size, deadline, &got, reterr);
        if (status)
            return status;
        ear.heard_size += got;
        *ret_is_there = find_reply(&ear, question, ret_reply);
        if (*ret_is_there || got == 0)
            return SUGU_OK;
        if (deadline < now_us(bus) + SUGU_CCTALK_GAP_US)
            deadline = now_us(bus) + SUGU_CCTALK_GAP_US;
        if (deadline > last)
            return SUGU_OK; /* somebody talks without end */
    }
    return SUGU_OK;
}

enum sugu_status
sugu_cctalk_ask(struct sugu_cctalk_bus *bus,
                const struct sugu_cctalk_question *question,
                struct sugu_cctalk_frame *ret_reply,
                struct sugu_error *reterr)
{
    unsigned tries = question->tries ? question->tries : SUGU_CCTALK_TRIES;
    enum sugu_status status;
    bool is_there = false;

    assert(question->size <= sizeof question->data);
    status = drain(bus, reterr);
    if (status)
        return status;
    for (unsigned try = 0; try < tries && !is_there; try++) {
        bus->repeated += try > 0;
        status = ask_once(bus, question, ret_reply, &is_there, reterr);
        if (status)
            return status;
        /* An answer to this try may come yet; it is as good for the next one, and not beyond. */
        if (!is_there || try > 0)
            bus->late_us = now_us(bus) + SUGU_CCTALK_LATE_US;
    }
    if (!is_there) {
        bus->silent++;
        return sugu_fail(reterr, SUGU_UNKNOWN, "cash.no-answer", "device %u, header %u",
                         question->address, question->header);
    }
    if (ret_reply->header == REPLY_REFUSED)
        return sugu_fail(reterr, SUGU_REFUSED, "cash.refused", "device %u, header %u",
                         question->address, question->header);
    if (ret_reply->header == REPLY_BUSY)
        return sugu_fail(reterr, SUGU_RETRY, "cash.busy", "device %u, header %u", question->address,
                         question->header);
    return SUGU_OK;
}
