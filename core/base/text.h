/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text - bounded UTF-8 strings, hexadecimal, whole numbers out of text
 */
#pragma once

#include "base/macros.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Copies `from` (NULL counts as "") into `to` of `size` bytes, always ended. Returns false where it
 * had to be cut; the cut never splits a UTF-8 character.
 */
bool sugu_text_copy(char *to, size_t size, const char *from);

/* True for well-formed UTF-8 of `size` bytes without NUL. */
bool sugu_text_is_utf8(const char *text, size_t size);

/*
 * Makes a line safe for a log or a terminal, in place: control characters and bytes that are not
 * UTF-8 become '?', a character cut at the end is dropped.
 */
void sugu_text_clean(char *text);

/* Characters (not bytes) of a UTF-8 string. */
size_t sugu_text_length(const char *text);

/* True where the text is one to `max` ASCII digits and nothing else. */
bool sugu_text_is_digits(const char *text, size_t max);

/* Whole decimal number with an optional '-', nothing around it; false when not one or out of range.
 */
bool sugu_text_to_int64(const char *text, int64_t low, int64_t high, int64_t *ret_value);

/* Lower-case hexadecimal of `size` bytes into `to`, which has room for 2 * size + 1. */
void sugu_hex_from_bytes(char *to, const uint8_t *bytes, size_t size);

/* Exactly 2 * size hexadecimal digits into `size` bytes; false (nothing written) otherwise. */
bool sugu_hex_to_bytes(uint8_t *to, size_t size, const char *hex);
