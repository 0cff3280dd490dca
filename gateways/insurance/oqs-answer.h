/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oqs-answer - bytes of OQSsiquc01res (an answer, or what the card reader pushed) to fields
 *
 * The bytes come from another machine and are not trusted: no document type, no entities, no
 * network, bounded size and depth. Element names: domain/card-insurance.md 2.4. Unknown elements
 * are passed over; a known one that stands twice or is too long makes the answer unusable, for
 * nobody could say which value counts.
 */
#pragma once

#include "domain/eligibility.h"

#define SUGU_OQS_ANSWER_SIZE_MAX ((size_t)4 * 1024 * 1024) /* domain/card-insurance.md 2.5 */

/*
 * All with code "eligibility.bad-answer"; the detail says why, without anything out of the file.
 *  - RETRY: not well-formed. May be half-written still: read it again.
 *  - REFUSED: whole, and still no answer: document type, unknown encoding, another kind of message,
 *    doubled or overlong elements, too large.
 * The encoding is that of the XML declaration (Shift_JIS under any of its names, or UTF-8); without
 * one, UTF-8 where the bytes are UTF-8, else Shift_JIS.
 */
enum sugu_status sugu_oqs_answer_parse(const uint8_t *bytes,
                                       size_t size,
                                       struct sugu_eligibility_answer *ret_answer,
                                       struct sugu_error *reterr) SUGU_MUST_CHECK;
