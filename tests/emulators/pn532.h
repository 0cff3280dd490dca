/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pn532 - a PN532 reader chip on a pseudo-terminal, with cards and faults to order
 *
 * Speaks the chip's frames over the high-speed UART as libnfc's pn532_uart driver expects them
 * (domain/card-insurance.md 6), so that the unmodified library runs against it. A thread of its own
 * serves the line; every function below may be called from any other thread.
 *
 * The model of the field is the strict one: a card that was found does not answer again until the
 * field was off or, after a deselect, at all.
 */
#pragma once

#include "emulators/emulated-card.h"

#define PN532_CARDS_MAX 4

struct pn532;

/*
 * Starts the emulator, plugged in. `link` is the path of a symbolic link to the terminal that is
 * there while the reader is plugged in, as udev makes one for a real reader; NULL = none. Ends the
 * process where there is no pseudo-terminal to be had.
 */
struct pn532 *pn532_new(const char *link);
/* The cards stay the caller's. NULL is fine; returns NULL. */
struct pn532 *pn532_free(struct pn532 *chip);
SUGU_DEFINE_CLEANUP(struct pn532, pn532_free)

/* "pn532_uart:PATH", of the link where there is one, else of the terminal. Valid until free;
 * without a link it changes with each plug. */
const char *pn532_connstring(struct pn532 *chip);

/* Puts a card (not owned) into the field or takes it; NULL takes all. */
void pn532_put(struct pn532 *chip, struct emulated_card *card);
void pn532_take(struct pn532 *chip, struct emulated_card *card);

/* Pulls the cable: every call at the other end fails at once, the link goes. */
void pn532_unplug(struct pn532 *chip);
void pn532_plug(struct pn532 *chip);

#define PN532_FAULTS(X)                                                                            \
    X(NONE, "none")                                                                                \
    X(NO_ACK, "no-ack")             /* the reply comes without the acknowledgement */              \
    X(NACK, "nack")                 /* a NACK instead of the acknowledgement and the reply */      \
    X(BAD_CHECKSUM, "bad-checksum") /* of the reply's data */                                      \
    X(BAD_LENGTH, "bad-length")     /* checksum of the reply's length */                           \
    X(HALF_FRAME, "half-frame")     /* the reply ends in the middle */                             \
    X(ERROR_FRAME, "error-frame")   /* the application error frame 7F */                           \
    X(LATE, "late")                 /* the reply comes late_ms after the acknowledgement */        \
    X(SILENCE, "silence")           /* neither acknowledgement nor reply */                        \
    X(CARD_TAKEN, "card-taken")     /* all cards leave the field before the command is run */      \
    X(CARD_SWAPPED, "card-swapped") /* `other` takes the place of the cards in the field */        \
    X(NAD_STATUS, "nad-status")     /* status byte with bit 7, on which libnfc calls abort() */    \
    X(UNPLUG, "unplug")             /* the cable is pulled before the command is run */

#define PN532_FAULT_NAME(name, word) PN532_FAULT_##name,
enum pn532_fault { PN532_FAULTS(PN532_FAULT_NAME) PN532_FAULT_COUNT };
#undef PN532_FAULT_NAME

#define PN532_ANY_COMMAND    0xff
#define PN532_LIST_TARGETS   0x4a
#define PN532_EXCHANGE_APDU  0x40
#define PN532_READ_REGISTERS 0x06

struct pn532_plan {
    enum pn532_fault fault;
    uint8_t command; /* counts commands with this code only; PN532_ANY_COMMAND = all */
    unsigned after;  /* lets so many of them pass first */
    unsigned times;  /* then strikes so often; 0 = until the next plan */
    unsigned late_ms;
    struct emulated_card *other;
};
/* One plan at a time; the last one holds. */
void pn532_plan(struct pn532 *chip, const struct pn532_plan *plan);
/* Has the plan struck at least once? */
bool pn532_has_struck(struct pn532 *chip);

/* Each APDU that reached a card, in order. */
struct pn532_log_row {
    char card[64];
    uint8_t command[264];
    size_t command_size;
    uint8_t answer[EMULATED_ANSWER_SIZE_MAX];
    size_t answer_size;
};
size_t pn532_log_count(struct pn532 *chip);
/* A copy of row `at`; false past the end. */
bool pn532_log_row(struct pn532 *chip, size_t at, struct pn532_log_row *ret_row);
void pn532_log_clear(struct pn532 *chip);
/* Commands of any kind that the chip has taken since its start: a sign of life of the driver. */
size_t pn532_command_count(struct pn532 *chip);
