/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer - reading a provider's answer so that no card number gets any further
 *
 * Only fields that a driver asks for leave an answer, each through here; the rest is overwritten
 * unread (sugu_http_reply_done). A reference, without which nothing could be given back, is refused
 * where it may be a card number; any other text is dropped.
 */
#pragma once

#include "payment/json.h"

/*
 * An id of the provider: 1 … size - 1 of A–Z a–z 0–9 - _, for it goes into addresses again. False,
 * and nothing written, where it is missing or of another form. A row of 13 to 19 digits alone that
 * begins like a card (2 … 6) and has a card's check digit is refused, too, and *ret_is_card_like
 * says so; ids of providers that are digits alone begin with 7, 8 or 9.
 */
bool sugu_answer_reference(
    const struct sugu_json *json, int node, char *to, size_t size, bool *ret_is_card_like);

/* A text for people; "" where it is missing, does not fit or may hold a card number. */
void sugu_answer_text(const struct sugu_json *json, int node, char *to, size_t size);
