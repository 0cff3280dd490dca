/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader - the port behind which a card reader sits
 *
 * A port moves bytes and says what is in the field; what the bytes mean (My Number applications,
 * PINs, certificates) is above it, in kiosk/reader/. Three implementations: libnfc, libnfc on the
 * PN532 emulator's pseudo-terminal, and a scripted one in memory. One thread owns a reader.
 */
#pragma once

#include "base/status.h"

#include <stdint.h>

#define SUGU_APDU_SIZE_MAX  261 /* libnfc copies longer commands past a stack array */
#define SUGU_RAPDU_SIZE_MAX 258

enum sugu_target_kind {
    SUGU_TARGET_NONE,    /* nothing in the field */
    SUGU_TARGET_TYPE_B,  /* ISO 14443-4 type B: may be a My Number card; PUPI is no identifier */
    SUGU_TARGET_FELICA,  /* serial = IDm, 8 bytes */
    SUGU_TARGET_TYPE_A,  /* serial = UID, 4, 7 or 10 bytes */
    SUGU_TARGET_SEVERAL, /* more than one card */
};

struct sugu_target {
    enum sugu_target_kind kind;
    uint8_t serial[10];
    size_t serial_size;
};

struct sugu_reader;

struct sugu_reader_ops {
    const char *name;
    /* `where` names driver and place: "pn532_uart:/dev/ttyUSB0". Takes a lock of its own on a tty.
     * RETRY "reader.away" where there is no reader now. */
    enum sugu_status (*open)(struct sugu_reader *reader,
                             const char *where,
                             struct sugu_error *reterr);
    /* What is in the field, within about `wait_ms_max`. RETRY "reader.away" when the reader went:
     * close and open again. */
    enum sugu_status (*poll)(struct sugu_reader *reader,
                             uint32_t wait_ms_max,
                             struct sugu_target *ret_target,
                             struct sugu_error *reterr);
    /* One APDU to the type B card found by the last poll. `answer` has room for
     * SUGU_RAPDU_SIZE_MAX; the last two bytes are the status word. REFUSED "card.taken" when the
     * card left, RETRY "reader.away". */
    enum sugu_status (*exchange)(struct sugu_reader *reader,
                                 const uint8_t *command,
                                 size_t command_size,
                                 uint8_t *answer,
                                 size_t *ret_answer_size,
                                 struct sugu_error *reterr);
    /* Drops the RF field, so that a verified PIN is forgotten by the card. */
    void (*drop_field)(struct sugu_reader *reader);
    void (*close)(struct sugu_reader *reader);
};

/* First member of each implementation's own struct. */
struct sugu_reader {
    const struct sugu_reader_ops *ops;
};
