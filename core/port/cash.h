/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash - the port behind which coin acceptors, note acceptors and payouts sit
 *
 * The port says what each device said; whether that is money of a session is decided above it, by
 * the machine of domain/cash-session.h and the journal. No call waits for a person or for a motor:
 * each is one exchange or a few with one device, some 100 ms. Not for two threads at once.
 *
 * Exactly once: a device counts its events from 1 to 255 and round again, and from 0 after a
 * restart (domain/payments.md 2.2). The port makes of it a `step` that only grows: the caller hands
 * the last step and counter that stand in its journal to open, and every event of a device that has
 * a counter carries the next step. A row per (device, step), written before the next poll, is
 * therefore never missing and never there twice.
 *
 * Units are numbers of domain/cash.h (sugu_cash_unit), sets of units its bits.
 */
#pragma once

#include "base/status.h"
#include "port/cash-device.h"

#include <stdbool.h>
#include <stdint.h>

#define SUGU_CASH_NEWS_MAX 8 /* events of one poll: five of the buffer, and what led to them */

#define SUGU_CASH_NEWS(X)                                                                          \
    /* with a step: one per count of the device's event counter */                                 \
    X(ACCEPTED) /* a coin fell, a note is stacked: `unit`; it is in the machine */                 \
    X(ESCROWED) /* a note is held: `unit`; it is the patient's. Answer by STACK or RETURN */       \
    X(RETURNED) /* the note in escrow went back */                                                 \
    X(REJECTED) /* a piece was not taken; `code` says why */                                       \
    X(JAMMED)                                                                                      \
    X(TAMPERED) /* a string, a note pulled back: what was just counted is doubtful */              \
    X(STACKER_REMOVED)                                                                             \
    X(STACKER_BACK)                                                                                \
    X(STACKER_FULL)                                                                                \
    X(BROKEN)     /* another fault of the device: `code` */                                        \
    X(NOTED)      /* nothing that concerns money or people */                                      \
    X(UNREADABLE) /* a credit of a type that nobody knows: money without a value */                \
    /* payouts, with the counter of the dispense command */                                        \
    X(PAYING)        /* `paid` so far, `remaining` to come */                                      \
    X(PAID)          /* ended: `paid` came out, `unpaid` did not */                                \
    X(PAYOUT_UNSURE) /* the registers do not tell what came out */                                 \
    /* without a step, but LOST, which stands for all of its events */                             \
    X(LOST)         /* `lost` events at least that cannot be known, or credits just after a        \
                       restart: money may be in the machine that has no row */                     \
    X(RESTARTED)    /* the device was without power, or reset; nothing is credited for it.         \
                       `code`: 0, or what a note was in the middle of: 1 held in escrow,           \
                       2 being stacked, 3 being returned; `unit` is the note's */                  \
    X(AWAY)         /* it does not answer any more; masks and escrow are as they are */            \
    X(BACK)         /* it answers again */                                                         \
    X(OTHER_DEVICE) /* another serial number than before: not used until the next open */          \
    X(LEVEL)        /* the sensor of a payout has changed: look at the report */

#define SUGU_NEWS(name) SUGU_CASH_NEWS_##name,
enum sugu_cash_news_kind { SUGU_CASH_NEWS(SUGU_NEWS) SUGU_CASH_NEWS_COUNT };
#undef SUGU_NEWS

struct sugu_cash_event {
    enum sugu_cash_news_kind kind;
    uint8_t device;    /* id */
    uint8_t counter;   /* of the device behind this event: what `known` has to say from now on */
    uint8_t unit;      /* ACCEPTED, ESCROWED: sugu_cash_unit */
    uint8_t code;      /* what the device said (error code of 2.2, fault, flags), for the log */
    uint8_t newest[2]; /* acceptors: the pair (A, B) behind the counter, likewise */
    uint8_t paid, remaining, unpaid;
    uint8_t lost;
    bool is_doubtful; /* what is in the machine, or came out of it, may differ from the rows: a
                         restart while money was taken hides what fell since the last poll */
    uint64_t step;    /* 0 = this event has none */
};

struct sugu_cash_news {
    size_t count;
    struct sugu_cash_event events[SUGU_CASH_NEWS_MAX];
    /* Full cycles: every acceptor that was there since open had the masks that were ordered, was
     * read, and said nothing new. The command ACCEPT begins a new one. */
    uint32_t cycle;
    bool is_still;   /* no note in escrow or on its way, no payout runs, none of them away */
    int64_t wait_us; /* poll again after so long at the latest */
};

enum sugu_cash_order_kind {
    SUGU_CASH_ACCEPT, /* take these `units`, 0 = nothing; sent again by poll after a restart */
    SUGU_CASH_STACK,  /* the note in escrow of `device` */
    SUGU_CASH_RETURN, /* give it back */
    SUGU_CASH_PAY,    /* `count` pieces of the payout `device`, which stands at `counter` */
    SUGU_CASH_STOP,   /* emergency stop of all payouts; what came out is told by poll */
};

struct sugu_cash_command {
    enum sugu_cash_order_kind kind;
    uint32_t units;
    uint8_t device;
    uint8_t count;   /* 1 … 255 */
    uint8_t counter; /* of the intent's row; the order is refused where the device has another */
};

struct sugu_cash;

struct sugu_cash_ops {
    const char *name;
    /*
     * Reads every device: identity, what it takes and gives, counters, registers, faults; masks go
     * off. The one call that may take seconds. Devices that do not answer are in the report with
     * AWAY and join later. Money that was credited while nobody listened comes with the next polls,
     * under its steps. A payout that is found running is not this caller's: hold its registers
     * against the intent (sugu_cash_judge_payout) until nothing remains. `known` is copied. RETRY
     * "cash.line" where the line cannot be opened; REFUSED "settings.invalid".
     */
    enum sugu_status (*open)(struct sugu_cash *cash,
                             const struct sugu_cash_known *known,
                             size_t known_count,
                             struct sugu_error *reterr);
    /*
     * Looks at the next device in turn. At most some 500 ms where a device has just gone
     * silent. RETRY "cash.line" where the line is gone (opened again by later polls); the devices
     * are AWAY then.
     */
    enum sugu_status (*poll)(struct sugu_cash *cash,
                             struct sugu_cash_news *ret_news,
                             struct sugu_error *reterr);
    /*
     * OK: it is done or begun. RETRY: certain that nothing was done. REFUSED: a rule said no and
     * nothing was done: "cash.payout-differs" (the device is not at `counter`, or runs),
     * "cash.no-escrow", "cash.payout-refused" (the device would not: look at its trouble; its
     * counter may have moved), "cash.unknown-device". UNKNOWN "cash.no-answer": PAY may have begun,
     * STACK may have been done: poll tells. PAY is never sent twice for one command.
     */
    enum sugu_status (*command)(struct sugu_cash *cash,
                                const struct sugu_cash_command *command,
                                struct sugu_error *reterr);
    /* The devices as they were last seen; asks none. */
    void (*report)(struct sugu_cash *cash, struct sugu_cash_report *ret_report);
    /* Masks off where that is possible; gives the line up. */
    void (*close)(struct sugu_cash *cash);
};

struct sugu_cash {
    const struct sugu_cash_ops *ops;
};
