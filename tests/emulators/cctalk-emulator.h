/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cctalk-emulator - coin acceptor, hoppers and note recycler on one ccTalk line, as a pure machine
 *
 * Bytes in, bytes out, the time as an argument: it runs behind a pseudo-terminal (cctalk-pty.h) and
 * inside a test's or a simulation's own process (cctalk-line.h). It has a frame codec of its own,
 * so that a mistake of the driver's does not meet itself. What really went in and came out is
 * counted apart from what the devices say (domain/payments.md 2.2, 2.4).
 *
 * The bus: coin acceptor 2 (1 5 10 50 100 500), hoppers 3 4 5 6 7 8 of the same units, note
 * acceptor 40 with CRC (1000 2000 5000 10000, escrow), note stores 41 (1000) and 42 (5000).
 *
 * Commands, one line each; YEN names the unit, ADDRESS the device:
 *   coin YEN [N], note YEN       a hand puts it in; N coins come 30 ms apart
 *   stock ADDRESS N              so many pieces lie in the hopper or store
 *   reject, jam, backwards, string, slow   what becomes of the next coin
 *   note-reject, note-jam, pull-back, note-string   of the next note (pull-back: while it is
 *                                stacked; string: after it was credited)
 *   stacker removed|in|full|emptied
 *   hopper-jam ADDRESS on|off    the motor turns and nothing comes
 *   lie ADDRESS N                counts N pieces that do not come out
 *   late-coin ADDRESS            one more piece falls 200 ms after a stop
 *   clears-unpaid ADDRESS on|off after a time-out or stop, as Suzo does
 *   opto ADDRESS on|off          light in the sensor: test bit 3
 *   counter ADDRESS N            sets the event counter
 *   restart ADDRESS              the device alone loses its power for a moment
 *   power off|on, cut N          the whole bus; cut: when N more bytes have passed, either way
 *   swap ADDRESS                 another device of the same kind: another serial number
 *   silence ADDRESS on|off
 *   echo on|off, noise N         N bytes of noise before the next reply
 *   pace N                       N microseconds a byte, instead of those of 9600 baud
 *   think N                      N milliseconds before each reply
 *   fault HEADER KIND [N]        the next N (1) exchanges with this header:
 *                                drop-request, drop-reply, bad-checksum, half, twice, late, nak,
 *                                busy
 *   reset                        drops all faults
 * Questions: truth, stock ADDRESS, heard HEADER (times), status.
 */
#pragma once

#include "domain/cash.h"

#include "base/clock.h"

#define EMULATED_CASH_DEVICES 10
#define EMULATED_CASH_WIRE    2048

enum emulated_cash_kind { EMULATED_COIN, EMULATED_NOTE, EMULATED_HOPPER };

/* How a piece that was put in fares. */
enum emulated_cash_fate {
    EMULATED_TAKEN,
    EMULATED_REJECTED,
    EMULATED_JAMS,
    EMULATED_BACKWARDS,
    EMULATED_STRING,
    EMULATED_SLOW,
    EMULATED_PULLED, /* a note, while it is being stacked */
};

enum emulated_note_state { NOTE_IDLE, NOTE_COMING, NOTE_HELD, NOTE_STACKING, NOTE_RETURNING };

struct emulated_cash_device {
    enum emulated_cash_kind kind;
    uint8_t address;
    bool uses_crc;
    uint32_t serial;
    uint8_t units[6]; /* of types 1 …; hoppers: the one */
    uint8_t unit_count;
    int64_t ready_us; /* after power-up; INT64_MAX = no power */
    bool is_silent;
    uint8_t counter;
    /* acceptors */
    uint8_t pairs[10], masks[2];
    bool is_on;
    uint8_t mode;
    int64_t polled_us;
    enum emulated_note_state note;
    uint8_t note_type;
    int64_t note_us;
    enum emulated_cash_fate fate; /* of the note on its way */
    bool is_stacker_out, is_stacker_full;
    int64_t string_us; /* the string is pulled then; 0 = none */
    uint8_t string_type;
    /* hoppers: all but `stock` and the faults are registers */
    bool is_enabled, has_opto, is_jammed, clears_unpaid, has_late_coin;
    uint8_t remaining, paid, unpaid, flags, lies;
    int32_t stock;
    int64_t piece_us, late_us; /* the next piece; a late one */
    int64_t motor_us;          /* a motor that finds nothing gives up then */
};

/* Coins that are on their way through the coin acceptor. */
#define EMULATED_CASH_COINS 64
struct emulated_coin {
    uint8_t unit;
    enum emulated_cash_fate fate;
    int64_t due_us;
};

enum emulated_cash_fault {
    CASH_FAULT_NONE,
    CASH_FAULT_DROP_REQUEST,
    CASH_FAULT_DROP_REPLY,
    CASH_FAULT_BAD_CHECKSUM,
    CASH_FAULT_HALF,
    CASH_FAULT_TWICE,
    CASH_FAULT_LATE,
    CASH_FAULT_NAK,
    CASH_FAULT_BUSY,
};

struct emulated_cash {
    struct emulated_cash_device devices[EMULATED_CASH_DEVICES];
    size_t count;
    struct emulated_coin coins[EMULATED_CASH_COINS];
    size_t coin_count;
    enum emulated_cash_fate next_coin, next_note;
    /* the wire */
    bool has_echo, has_power;
    uint8_t heard[300];
    size_t heard_size;
    int64_t heard_us;
    uint8_t wire[EMULATED_CASH_WIRE];
    int64_t wire_us[EMULATED_CASH_WIRE];
    size_t wire_size;
    int64_t cut_left; /* bytes; -1 = no cut is planned */
    int64_t byte_us, think_us;
    unsigned noise;
    enum emulated_cash_fault fault;
    uint8_t fault_header;
    unsigned fault_times;
    uint32_t heard_count[256];
    /* the truth: pieces that the machine swallowed, those that it gave back, those it paid out */
    struct sugu_cash_counts in, returned, out, stuck;
    /* and of these: counted as paid and never out; pulled out again on a string */
    struct sugu_cash_counts lied, pulled;
};

void emulated_cash_init(struct emulated_cash *cash, int64_t now_us);

/* Bytes from the host. */
void
emulated_cash_hear(struct emulated_cash *cash, const uint8_t *bytes, size_t size, int64_t now_us);
/* Bytes that have reached the host by now, in order; at most `size`. */
size_t emulated_cash_say(struct emulated_cash *cash, uint8_t *to, size_t size, int64_t now_us);
/* When there will be a byte for the host; INT64_MAX = not unless something happens. */
int64_t emulated_cash_next_us(const struct emulated_cash *cash);

/* Lets the time pass: coins fall, notes move, motors turn. The functions above do so too. */
void emulated_cash_pass(struct emulated_cash *cash, int64_t now_us);

/* Carries a command out; the answer ("ok" at least) goes to `answer`. False: not known. */
bool emulated_cash_command(
    struct emulated_cash *cash, const char *line, int64_t now_us, char *answer, size_t answer_size);

struct emulated_cash_device *emulated_cash_find(struct emulated_cash *cash, uint8_t address);
/* Yen in the machine's own keeping that were not there at the start: in - out. */
int64_t emulated_cash_gain_yen(const struct emulated_cash *cash);
void emulated_cash_set_power(struct emulated_cash *cash, bool is_on, int64_t now_us);
