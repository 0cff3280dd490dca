/* SPDX-License-Identifier: Apache-2.0 */
/*
 * insurance-number - layouts and check digits of the numbers that Japan's health insurance uses
 *
 * Layouts, law codes and the algorithm: domain/card-insurance.md section 3. All numbers are texts
 * of ASCII digits and stay texts: leading zeros count. A refusal says which part is wrong and never
 * repeats the number.
 */
#pragma once

#include "base/status.h"

#include <stdbool.h>

#define SUGU_INSURER_NUMBER_SIZE   9  /* 8 or 6 digits, with the NUL */
#define SUGU_INSTITUTION_CODE_SIZE 11 /* 10 digits, with the NUL */

/*
 * The digit that belongs behind `count` digits: weights 2, 1, 2, 1 … from the right, digit sums
 * added, filled up to a multiple of ten. `digits` has to hold `count` ASCII digits.
 */
char sugu_check_digit(const char *digits, size_t count);

/* True where the text is at least two digits and its last one checks the ones before. */
bool sugu_check_digit_is_right(const char *text);

/* 01 Hokkaido … 47 Okinawa, as the first two digits of `text`. */
bool sugu_prefecture_is_known(const char *text);

enum sugu_law_kind {
    SUGU_LAW_INSURER,        /* first two digits of an 8-digit insurer number */
    SUGU_LAW_PUBLIC_EXPENSE, /* first two digits of a public payer's number */
};

struct sugu_law {
    const char *code; /* "06" */
    enum sugu_law_kind kind;
    const char *name; /* Japanese, as staff and papers say it; "" where the source has none */
};

/* The row of the two digits that `code` begins with, or NULL. */
const struct sugu_law *sugu_law_find(enum sugu_law_kind kind, const char *code);

/*
 * Each is REFUSED "eligibility.number-invalid" with what is wrong: length, digits, prefecture, law
 * code or check digit.
 *
 * Insurer: 8 digits (law 2, prefecture 2, insurer 3, check 1) or, National Health Insurance, 6
 * (prefecture 2, insurer 3, check 1).
 */
enum sugu_status sugu_insurer_number_check(const char *text,
                                           struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Public payer: 8 digits (law 2, prefecture 2, agency 3, check 1). */
enum sugu_status sugu_payer_number_check(const char *text,
                                         struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Recipient of public expense: 7 digits, the last one checks. */
enum sugu_status sugu_recipient_number_check(const char *text,
                                             struct sugu_error *reterr) SUGU_MUST_CHECK;
/* Medical institution: 10 digits (prefecture 2, fee table 1, institution 6, check 1 over all). */
enum sugu_status sugu_institution_code_check(const char *text,
                                             struct sugu_error *reterr) SUGU_MUST_CHECK;

/* True for a 6-digit number of a National Health Insurance society (third digit 3). */
bool sugu_insurer_number_is_society(const char *text);

/*
 * As the qualification system wants it: 8 characters, shorter numbers filled with spaces on the
 * left. `number` is at most 8 bytes long (asserted).
 */
void sugu_insurer_number_pad(char to[SUGU_INSURER_NUMBER_SIZE], const char *number);
