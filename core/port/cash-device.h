/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cash-device - what the cash port says about one device, and what the journal says to the port
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUGU_CASH_DEVICES_MAX 12

enum sugu_cash_kind {
    SUGU_CASH_COIN_ACCEPTOR,
    SUGU_CASH_NOTE_ACCEPTOR, /* with an escrow */
    SUGU_CASH_PAYOUT,        /* a hopper, a note store: gives pieces of one unit */
};

enum sugu_cash_sensor {
    SUGU_CASH_SENSOR_NONE,  /* no such sensor */
    SUGU_CASH_SENSOR_EMPTY, /* few or none */
    SUGU_CASH_SENSOR_OK,
    SUGU_CASH_SENSOR_FULL, /* near full, or full */
};

/* What is wrong with a device, or may be; the code that goes with each is in error-codes.def. */
#define SUGU_CASH_TROUBLES(X)                                                                      \
    X(NONE, "")                                                                                    \
    X(AWAY, "cash.away")                 /* does not answer */                                     \
    X(OTHER_DEVICE, "cash.other-device") /* another serial number than in the journal */           \
    X(JAMMED, "cash.jammed")             /* something is stuck in its way */                       \
    X(TAMPERED, "cash.tampered")         /* string, pulled back, light into a sensor */            \
    X(STACKER_REMOVED, "cash.stacker-removed")                                                     \
    X(STACKER_FULL, "cash.stacker-full")                                                           \
    X(BROKEN, "cash.broken") /* its self-check reports a fault */                                  \
    X(EMPTY, "cash.empty")   /* a payout ended without enough pieces */

#define SUGU_TROUBLE(name, code) SUGU_CASH_TROUBLE_##name,
enum sugu_cash_trouble { SUGU_CASH_TROUBLES(SUGU_TROUBLE) SUGU_CASH_TROUBLE_COUNT };
#undef SUGU_TROUBLE

/* Its code, "" for none. */
static inline const char *
sugu_cash_trouble_code(enum sugu_cash_trouble trouble)
{
#define SUGU_TROUBLE(name, code) code,
    static const char *const codes[] = {SUGU_CASH_TROUBLES(SUGU_TROUBLE)};
#undef SUGU_TROUBLE
    return codes[trouble];
}

/* A device as it was found. */
struct sugu_cash_device {
    uint8_t id; /* its address on the bus; the journal's name for it, with the serial number */
    enum sugu_cash_kind kind;
    uint32_t takes;    /* acceptors: units that it knows */
    uint32_t gives;    /* payouts: one unit */
    uint32_t serial;   /* 0 while it has not answered yet */
    char maker[16];    /* header 246 */
    char product[24];  /* header 244 */
    char software[32]; /* header 241 */
    uint8_t counter;   /* of events, or of dispense commands (payouts) */
    uint8_t newest[2]; /* acceptors: the pair behind it; the first row of a device that is new */
    uint8_t remaining, paid, unpaid; /* payouts: registers of the last one, header 166 */
    uint8_t has_in_escrow; /* note acceptor: 1 + the unit of a note in escrow, 0 = none known */
    enum sugu_cash_sensor sensor; /* payouts */
    enum sugu_cash_trouble trouble;
    bool is_ready; /* all of this was read; it can be used */
    uint8_t fault; /* code of its self-check (header 232), or flags of header 163; 0 = none */
};

struct sugu_cash_report {
    size_t count;
    struct sugu_cash_device devices[SUGU_CASH_DEVICES_MAX];
};

/* What the journal knows of a device: its newest row. None for a device never seen before. `newest`
 * tells a device that was restarted and happens to stand at the same counter again. */
struct sugu_cash_known {
    uint8_t id;
    uint32_t serial;
    uint8_t counter;
    uint8_t newest[2];
    uint64_t step;
};
