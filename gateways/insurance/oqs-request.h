/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oqs-request - the file that asks the qualification terminal about one person
 *
 * Elements: domain/card-insurance.md 2.4, OQSsiquc01req; Shift_JIS, standalone="no". The insurer
 * number is filled with spaces on the left to 8 characters. ArbitraryFileIdentifier carries our
 * identifier; it comes back in the answer and binds it to this request.
 */
#pragma once

#include "domain/eligibility.h"

/*
 * `asks_limit` asks for the limit certificate too (needs the patient's consent). Free *ret_bytes
 * with free(). REFUSED "eligibility.number-invalid" where symbol or number cannot be written.
 */
enum sugu_status sugu_oqs_request_write(const struct sugu_eligibility_asked *asked,
                                        bool asks_limit,
                                        uint8_t **ret_bytes,
                                        size_t *ret_size,
                                        struct sugu_error *reterr) SUGU_MUST_CHECK;
