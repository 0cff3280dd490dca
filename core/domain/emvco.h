/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emvco - the payload of a merchant-presented payment code (EMVCo MPM, the form JPQR builds on)
 *
 * A payload is a row of data objects: two digits of id, two of length, the value. 00 is first
 * ("01"), 63 last: four hexadecimal digits of CRC-16/CCITT-FALSE over all that stands before them,
 * "6304" included (domain/payments.md 3, with a vector). Where a provider gives such a payload it
 * is held to this before it is shown, so that a kiosk never shows a code that phones refuse.
 */
#pragma once

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define SUGU_EMVCO_SIZE_MAX    512 /* of a payload; more makes a code that phones read badly */
#define SUGU_EMVCO_VALUE_MAX   99
#define SUGU_EMVCO_OBJECTS_MAX 64
#define SUGU_EMVCO_YEN         392 /* ISO 4217 */

struct sugu_emvco_object {
    uint8_t id;        /* 0 … 99 */
    uint8_t length;    /* of the value, bytes */
    const char *value; /* inside the payload, not ended */
};

/* Objects point into the payload that was parsed. */
struct sugu_emvco {
    struct sugu_emvco_object objects[SUGU_EMVCO_OBJECTS_MAX]; /* in their order, without 63 */
    uint32_t count;
};

/* What a hospital's payload says. Texts are printable ASCII. */
struct sugu_emvco_content {
    bool is_dynamic;    /* 01 = "12"; else "11" */
    uint8_t account_id; /* 2 … 51; from 26 on the value begins with an object 00 (GUID) */
    char account[100];  /* the value as the provider gives it, "" = none */
    uint32_t category;  /* MCC, 0 … 9999; 8062 hospitals */
    int64_t amount_yen; /* 1 … 99,999,999; 0 = the payer types it */
    char name[26];      /* 1 – 25 characters */
    char city[16];      /* 1 – 15 characters */
    char reference[26]; /* object 05 of 62, "" = none */
};

/* CRC-16/CCITT-FALSE: polynomial 1021, begins with FFFF, nothing reflected. */
uint16_t sugu_emvco_crc(const char *bytes, size_t size);

/* REFUSED "message.out-of-bounds" where something is out of the ranges above. */
enum sugu_status sugu_emvco_build(const struct sugu_emvco_content *content,
                                  char to[SUGU_EMVCO_SIZE_MAX],
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;

/*
 * REFUSED "message.malformed" (the detail names the byte, not the text) where a length or an id is
 * wrong, an id stands twice, 00 is not first, 63 is not last, or the CRC does not hold.
 */
enum sugu_status sugu_emvco_parse(struct sugu_emvco *emvco,
                                  const char *payload,
                                  size_t size,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;

/* NULL where there is none of that id. */
const struct sugu_emvco_object *sugu_emvco_find(const struct sugu_emvco *emvco, unsigned id);

/* The amount (54) in whole yen; 0 where there is none; false where currency or form are others. */
bool sugu_emvco_amount(const struct sugu_emvco *emvco, int64_t *ret_yen);
