/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cctalk-bus - one question and its answer on a ccTalk line
 *
 * The line is a single wire: the host reads its own bytes back, where the adapter does not swallow
 * them (domain/payments.md 2.2); an echo is recognised by being equal to what was sent. Replies
 * carry no number, so a late one could be taken for the answer to the next question: after a
 * question that was not answered in time the line is listened to until a late answer has come or
 * cannot come any more; a reply has to come from the right address and to have a size that the
 * question allows.
 */
#pragma once

#include "base/clock.h"
#include "payment/cash/cash-line.h"
#include "payment/cash/cctalk-frame.h"

/* Headers (2.2). */
enum sugu_cctalk_header {
    SUGU_CCTALK_RESET = 1,
    SUGU_CCTALK_READ_BILL_EVENTS = 159,
    SUGU_CCTALK_ROUTE_BILL = 154,
    SUGU_CCTALK_BILL_MODE = 153,
    SUGU_CCTALK_SCALING = 156,
    SUGU_CCTALK_BILL_ID = 157,
    SUGU_CCTALK_TEST_HOPPER = 163,
    SUGU_CCTALK_ENABLE_HOPPER = 164,
    SUGU_CCTALK_HOPPER_STATUS = 166,
    SUGU_CCTALK_DISPENSE = 167,
    SUGU_CCTALK_EMERGENCY_STOP = 172,
    SUGU_CCTALK_COIN_ID = 184,
    SUGU_CCTALK_MASTER_INHIBIT = 228,
    SUGU_CCTALK_READ_CREDITS = 229,
    SUGU_CCTALK_INHIBIT_MASK = 231,
    SUGU_CCTALK_SELF_CHECK = 232,
    SUGU_CCTALK_HOPPER_LEVELS = 217, /* "payout high/low status" of the generic specification */
    SUGU_CCTALK_SOFTWARE = 241,
    SUGU_CCTALK_SERIAL = 242,
    SUGU_CCTALK_PRODUCT = 244,
    SUGU_CCTALK_CATEGORY = 245,
    SUGU_CCTALK_MAKER = 246,
    SUGU_CCTALK_POLL = 254,
};

/* Ordinary reply limit 25 ms, 100 ms after a reset (Suzo Flow manual); USB adapters add 16 ms. */
#define SUGU_CCTALK_WAIT_US (100 * SUGU_MS)
/* Within a reply: less than 10 ms between two bytes (2.2), and what an adapter holds back. */
#define SUGU_CCTALK_GAP_US (30 * SUGU_MS)
/* After silence: an answer may come so much later. */
#define SUGU_CCTALK_LATE_US (250 * SUGU_MS)
/* Of a question that is safe to repeat. */
#define SUGU_CCTALK_TRIES 2

struct sugu_cctalk_bus {
    struct sugu_cash_line *line; /* the two are not owned */
    const struct sugu_clock *clock;
    int64_t late_us;                  /* until then a late answer may come */
    uint32_t asked, repeated, silent; /* counts, for the log and for tests */
};

struct sugu_cctalk_question {
    uint8_t address;
    enum sugu_cctalk_check check;
    uint8_t header;
    uint8_t size;
    uint8_t data[16];
    uint8_t tries; /* 0 = SUGU_CCTALK_TRIES; 1 = never repeated: what must not be done twice */
    uint8_t reply_least, reply_most; /* data bytes of a proper reply */
};

/*
 * OK with the reply's data. REFUSED "cash.refused": the device said no (header 5). RETRY
 * "cash.busy": it said busy (6). UNKNOWN "cash.no-answer": sent, and no proper answer, however
 * often it was tried; the caller knows whether that means anything. RETRY "cash.line": the line is
 * gone; whether the device has heard the last question is not known either.
 */
enum sugu_status sugu_cctalk_ask(struct sugu_cctalk_bus *bus,
                                 const struct sugu_cctalk_question *question,
                                 struct sugu_cctalk_frame *ret_reply,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;
