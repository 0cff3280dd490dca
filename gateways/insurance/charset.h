/* SPDX-License-Identifier: Apache-2.0 */
/*
 * charset - between UTF-8 and Shift_JIS as Windows means it (code page 932)
 *
 * Files of the qualification terminal say "Shift_JIS" and hold code page 932: names use its NEC and
 * IBM letters and user-defined ones, which plain Shift_JIS does not have.
 */
#pragma once

#include "base/status.h"

#include <stdint.h>

/*
 * Never refuses bytes: what is no character becomes U+FFFD, so that one odd letter in a name does
 * not spoil an answer. *ret_text is ended by a NUL that *ret_size does not count; free with free().
 * BROKEN "bug.unexpected" without memory or without the conversion in this system's C library.
 */
enum sugu_status sugu_charset_to_utf8(const uint8_t *bytes,
                                      size_t size,
                                      char **ret_text,
                                      size_t *ret_size,
                                      struct sugu_error *reterr) SUGU_MUST_CHECK;

/* REFUSED "eligibility.number-invalid" where a character has no place in code page 932. */
enum sugu_status sugu_charset_from_utf8(const char *text,
                                        uint8_t **ret_bytes,
                                        size_t *ret_size,
                                        struct sugu_error *reterr) SUGU_MUST_CHECK;
