/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-rule - no text on the wire holds a card number: the one check of it, and who is exempt
 *
 * Held where a message leaves (before a client stores it) and where one arrives (before anything
 * handles it), so that a new text field is covered without a word. What is bytes or a number is not
 * looked at: ids, keys and times have shapes of their own.
 */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include <stdbool.h>
#include <stddef.h>

/* A field whose legal values may look like a card number. */
struct sugu_card_exception {
    const char *message, *field; /* short names */
    bool is_whole;               /* refused where the whole value is one; else never */
    const char *why;
};
const struct sugu_card_exception *sugu_card_exceptions(size_t *ret_count);

#define SUGU_CARD_FIELD_SIZE 96

/* Does a text of the message hold a card number (domain/card-number.h)? Then `ret_field` says
 * where: "OrderRefund.note"; never what. */
bool sugu_message_has_card_number(const ProtobufCMessage *message,
                                  char ret_field[static SUGU_CARD_FIELD_SIZE]);
