/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader-libnfc - the reader port over unmodified libnfc
 *
 * One reader at a time in a process: leaving libnfc frees what all its contexts share. What is
 * dangerous in libnfc 1.8.0 (domain/card-insurance.md 5.3) is kept from happening here, except its
 * abort() at a status byte with bit 7, which is why the card side of sugu-reader is a process of
 * its own. The process keeps descriptors 0–2 open (sugu_process_start).
 */
#pragma once

#include "port/reader.h"

#include <stdbool.h>

struct nfc_context;
struct nfc_device;

struct sugu_reader_libnfc {
    struct sugu_reader reader; /* hand &libnfc.reader down */
    struct nfc_context *context;
    struct nfc_device *device;
    int lock_file;    /* -1 = none (USB) */
    bool wants_cycle; /* cards in the field may be asleep: switch it off and on before looking */
};

/* Not open yet. */
void sugu_reader_libnfc_init(struct sugu_reader_libnfc *libnfc);
/* Closes what is open. */
void sugu_reader_libnfc_done(struct sugu_reader_libnfc *libnfc);
