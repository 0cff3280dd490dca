/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words - amounts, dates and names as the present language says them
 *
 * Texts may hold '|' where a line may be broken between phrases (widgets/text.h); it is never seen.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

#define KIOSK_WORDS_SIZE 320

/*
 * A name that a neighbour may see: the family name whole, the rest as one ● a character
 * ("山田 ●●"); of a name without a space all but the first character.
 * domain/reliability-security.md 4.10, threat 10. Returns `to`.
 */
const char *kiosk_words_name(char to[static KIOSK_WORDS_SIZE], const char *name);
/* "12,340円", "¥12,340". Never by a locale: its currency would follow the user's language. */
const char *kiosk_words_yen(char to[static KIOSK_WORDS_SIZE], int64_t yen);
/* "1,234点" */
const char *kiosk_words_points(char to[static KIOSK_WORDS_SIZE], int64_t points);
/* 19550401 → "昭和30年(1955年)4月1日"; "" for 0. */
const char *kiosk_words_date(char to[static KIOSK_WORDS_SIZE], uint32_t date);
/* 20250601 → "2025年6月1日": a day of now. */
const char *kiosk_words_day(char to[static KIOSK_WORDS_SIZE], uint32_t date);
/* Minutes after midnight → "9:05". */
const char *kiosk_words_time(char to[static KIOSK_WORDS_SIZE], uint32_t minutes);
/* Category of a receipt: "A00" → "初・再診料". The code itself where it is unknown. */
const char *kiosk_words_category(const char *code);
/* The patient's text of an error code, translated; "" for "". */
const char *kiosk_words_code(const char *code);
