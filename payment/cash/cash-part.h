/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-part - one device on the bus: what the acceptors and payouts of the driver have in common
 *
 * A part is made ready by one question after the other (sugu_cash_part_prepare), so that a device
 * that comes back in the middle of a session does not hold up the others.
 */
#pragma once

#include "domain/cash.h"
#include "payment/cash/cash-settings.h"
#include "payment/cash/cctalk-bus.h"

#define SUGU_CASH_TYPES 16 /* coin positions and bill types of one device: two mask bytes */

enum sugu_cash_note_way {
    SUGU_CASH_NOTE_NONE,
    SUGU_CASH_NOTE_HELD, /* numbers as in the event RESTARTED */
    SUGU_CASH_NOTE_STACKING,
    SUGU_CASH_NOTE_RETURNING,
};

struct sugu_cash_part {
    struct sugu_cash_place place;
    struct sugu_cash_device seen; /* what the port reports */
    unsigned stage;               /* of making it ready */
    bool was_ready;               /* at least once since open */
    bool has_known;               /* counter and step are the journal's, or have a beginning */
    bool has_serial;
    uint32_t known_serial;
    uint8_t counter;   /* the last that was told as an event */
    uint8_t newest[2]; /* the pair of that event */
    uint64_t step;
    bool was_lost;  /* silent since it was last read: its power may have gone */
    int64_t due_us; /* ask it again */
    /* acceptors */
    uint8_t units[SUGU_CASH_TYPES]; /* of type 1 …; SUGU_CASH_UNIT_COUNT = none of ours */
    bool has_units;
    uint32_t scaling;
    bool has_masks;   /* what was ordered has been acknowledged */
    int64_t masks_us; /* when */
    bool is_exposed;  /* may have taken something since it was last read */
    bool was_read;    /* in this cycle, without news */
    enum sugu_cash_note_way way;
    /* payouts */
    bool has_no_sensor;
    bool is_running; /* `order` was sent, or may have been */
    struct sugu_cash_order order;
    uint8_t told_paid;  /* by the last event PAYING */
    int64_t settled_us; /* do not trust the registers before: a coin may still fall */
};

/* What the driver of one bus shares with its parts. */
struct sugu_cash_room {
    struct sugu_cctalk_bus bus;
    uint32_t units; /* ordered by the last ACCEPT */
    struct sugu_cash_news *news;
};

/* Adds an event of the part to the news, without a step. NULL where there is no room left. */
struct sugu_cash_event *sugu_cash_part_tell(struct sugu_cash_room *room,
                                            struct sugu_cash_part *part,
                                            enum sugu_cash_news_kind kind);

/* Asks the part. `data` may be NULL with 0. */
enum sugu_status sugu_cash_part_ask(struct sugu_cash_room *room,
                                    struct sugu_cash_part *part,
                                    struct sugu_cctalk_question question,
                                    struct sugu_cctalk_frame *ret_reply,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;

/*
 * The next of the questions that every device is asked first: is it there, who is it. OK with
 * *ret_is_done set after the last. A serial number other than the journal's makes it OTHER_DEVICE
 * (told as an event) and REFUSED "cash.other-device".
 */
enum sugu_status sugu_cash_part_identify(struct sugu_cash_room *room,
                                         struct sugu_cash_part *part,
                                         bool *ret_is_done,
                                         struct sugu_error *reterr) SUGU_MUST_CHECK;
