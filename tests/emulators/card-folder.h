/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-folder - test cards in folders: made once, put on the reader by name
 *
 * DIR/roots/ has the certificates that the reader is told to trust. DIR/LABEL/ is a card:
 * person.txt (lines "name = value"), key.pem, certificate.pem, issuer.pem.
 */
#pragma once

#include "emulators/card-authority.h"
#include "emulators/card-my-number.h"

#include "base/status.h"

/* The patients that make-cards makes; invented people, invented numbers. */
const struct my_number_person *card_folder_people(size_t *ret_count);

/*
 * Makes a fresh authority, DIR/roots and a card for each patient. Folders that are there already
 * are written over.
 */
enum sugu_status card_folder_make(const char *folder,
                                  const struct sugu_clock *clock,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;

/* One card out of its folder DIR/LABEL. REFUSED "file.missing" and the like. */
enum sugu_status card_folder_load(const char *folder,
                                  struct emulated_card **ret_card,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;
