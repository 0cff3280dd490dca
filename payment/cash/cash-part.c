/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-part - one device on the bus: what the acceptors and payouts of the driver have in common
 */
#include "payment/cash/cash-part.h"

#include <string.h>

struct sugu_cash_event *
sugu_cash_part_tell(struct sugu_cash_room *room,
                    struct sugu_cash_part *part,
                    enum sugu_cash_news_kind kind)
{
    struct sugu_cash_event *event;

    if (!room->news || room->news->count == SUGU_CASH_NEWS_MAX)
        return NULL;
    event = room->news->events + room->news->count++;
    *event = (struct sugu_cash_event){
        .kind = kind,
        .device = part->place.address,
        .counter = part->place.kind == SUGU_CASH_PAYOUT ? part->seen.counter : part->counter,
        .is_doubtful = kind == SUGU_CASH_NEWS_LOST || kind == SUGU_CASH_NEWS_TAMPERED ||
                       kind == SUGU_CASH_NEWS_UNREADABLE || kind == SUGU_CASH_NEWS_PAYOUT_UNSURE,
        .newest = {part->newest[0], part->newest[1]},
    };
    return event;
}

enum sugu_status
sugu_cash_part_ask(struct sugu_cash_room *room,
                   struct sugu_cash_part *part,
                   struct sugu_cctalk_question question,
                   struct sugu_cctalk_frame *ret_reply,
                   struct sugu_error *reterr)
{
    question.address = part->place.address;
    question.check = part->place.check;
    return sugu_cctalk_ask(&room->bus, &question, ret_reply, reterr);
}

/* The printable part of a text that the device gave. */
static void
keep_text(char *to, size_t size, const struct sugu_cctalk_frame *reply)
{
    size_t length = reply->size < size - 1 ? reply->size : size - 1;

    for (size_t i = 0; i < length; i++)
        to[i] = (char)(reply->data[i] >= 0x20 && reply->data[i] < 0x7f ? reply->data[i] : '?');
    to[length] = '\0';
}

static enum sugu_status
ask_text(struct sugu_cash_room *room,
         struct sugu_cash_part *part,
         uint8_t header,
         char *to,
         size_t size,
         struct sugu_error *reterr)
{
    struct sugu_cctalk_frame reply;
    enum sugu_status status = sugu_cash_part_ask(
        room, part, (struct sugu_cctalk_question){.header = header, .reply_most = 255}, &reply,
        reterr);

    if (status == SUGU_REFUSED) { /* a device may have no such text */
        *to = '\0';
        return SUGU_OK;
    }
    if (!status)
        keep_text(to, size, &reply);
    return status;
}

static enum sugu_status
ask_serial(struct sugu_cash_room *room, struct sugu_cash_part *part, struct sugu_error *reterr)
{
    struct sugu_cctalk_frame reply;
    enum sugu_status status =
        sugu_cash_part_ask(room, part,
                           (struct sugu_cctalk_question){
                               .header = SUGU_CCTALK_SERIAL, .reply_least = 3, .reply_most = 3},
                           &reply, reterr);

    if (status)
        return status;
    /* Least significant byte first (Suzo Flow manual, header 242). */
    part->seen.serial =
        reply.data[0] | (uint32_t)reply.data[1] << 8 | (uint32_t)reply.data[2] << 16;
    if (part->has_serial && part->known_serial != part->seen.serial) {
        if (part->seen.trouble != SUGU_CASH_TROUBLE_OTHER_DEVICE)
            sugu_cash_part_tell(room, part, SUGU_CASH_NEWS_OTHER_DEVICE);
        part->seen.trouble = SUGU_CASH_TROUBLE_OTHER_DEVICE;
        return sugu_fail(reterr, SUGU_REFUSED, "cash.other-device", "device %u, serial %u",
                         part->place.address, part->seen.serial);
    }
    part->has_serial = true;
    part->known_serial = part->seen.serial;
    return SUGU_OK;
}

enum sugu_status
sugu_cash_part_identify(struct sugu_cash_room *room,
                        struct sugu_cash_part *part,
                        bool *ret_is_done,
                        struct sugu_error *reterr)
{
    struct sugu_cash_device *seen = &part->seen;
    struct sugu_cctalk_frame reply;
    enum sugu_status status = SUGU_OK;

    *ret_is_done = false;
    switch (part->stage) {
    case 0: /* one try: most of the time it is still away */
        status = sugu_cash_part_ask(
            room, part, (struct sugu_cctalk_question){.header = SUGU_CCTALK_POLL, .tries = 1},
            &reply, reterr);
        break;
    case 1:
        status = ask_serial(room, part, reterr);
        break;
    case 2:
        status = ask_text(room, part, SUGU_CCTALK_MAKER, seen->maker, sizeof seen->maker, reterr);
        break;
    case 3:
        status =
            ask_text(room, part, SUGU_CCTALK_PRODUCT, seen->product, sizeof seen->product, reterr);
        break;
    case 4:
        status = ask_text(room, part, SUGU_CCTALK_SOFTWARE, seen->software, sizeof seen->software,
                          reterr);
        break;
    default:
        *ret_is_done = true;
        return SUGU_OK;
    }
    if (!status)
        part->stage++;
    return status;
}
