/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attributes - the four basic attributes of a My Number card out of the bytes of their file
 *
 * Text application, file 0002 (domain/card-insurance.md 1.5): name, address, birth date, sex. Pure;
 * takes bytes from anywhere.
 */
#pragma once

#include "base/status.h"

#include <stdint.h>

#define SUGU_ATTRIBUTES_TAG      0xff20
#define SUGU_ATTRIBUTES_SKIP_MAX 2 /* bytes before the object on cards of about 2023 */

/* Personal: clear with explicit_bzero when done. */
struct sugu_attributes {
    char name[201];      /* UTF-8; sizes are those of Identity in bounds.def */
    char address[601];   /* UTF-8 */
    uint32_t birth_date; /* YYYYMMDD, a date of the calendar from 1868 on */
    char sex;            /* '1' male, '2' female, '3' other, '0' unknown or anything else */
};

/*
 * Reads the object FF20 with DF22 … DF25 in any order; lengths short or long (81, 82); two leading
 * bytes and filler behind are fine. The offsets in DF21 have to lie inside the file; the tags are
 * what is believed. REFUSED "card.not-readable" for anything else, whatever the bytes.
 */
enum sugu_status sugu_attributes_parse(const uint8_t *bytes,
                                       size_t size,
                                       struct sugu_attributes *ret_attributes,
                                       struct sugu_error *reterr) SUGU_MUST_CHECK;
