/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-number - finding card numbers (PAN) in text, so that none is ever kept
 *
 * Sugu never reads, stores or passes on a card number (domain/payments.md section 4). Where a peer
 * sends one all the same, it is hidden before the text is stored or logged.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define SUGU_CARD_NUMBER_DIGITS_MIN 13
#define SUGU_CARD_NUMBER_DIGITS_MAX 19

/* Does the check digit (Luhn, ISO/IEC 7812-1) of `count` ASCII digits hold? */
bool sugu_card_number_is_valid(const char *digits, size_t count);

/*
 * Is there certainly a card number in what a person or a program wrote? 13 to 19 digits that begin
 * with 2 to 6 (the card brands) and whose check digit holds, in one piece or in the groups of a
 * card (4-4-4-4-3 and shorter, 4-6-5, 4-6-4) with single spaces or dashes between them; half or
 * full width. Other digits that touch it, as in a longer number, make it none: telephone numbers,
 * dates, codes and longer ids are let through.
 */
bool sugu_card_number_is_in(const char *text);
/* Is the text as a whole such a number, with spaces and dashes anywhere between its digits? */
bool sugu_card_number_is_all(const char *text);

/*
 * Puts '*' for all digits but the last four of every run that may be a card number, in place: 13 to
 * 19 digits (single spaces or dashes between them do not end a run) that do not begin with 0 and
 * whose check digit holds, or a run that has a number of the card brands (first digit 2 to 6) among
 * its digits. Some numbers that are none are hidden with them. True where something was hidden.
 */
bool sugu_card_number_hide(char *text);
