/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-message-private - what the files of the nexo messages share: headers, beginnings, times
 */
#pragma once

#include "payment/terminal/nexo-message.h"

/* "Service", "Device". */
const char *sugu_nexo_category_class(enum sugu_nexo_category category);

/* Writes "MessageHeader". */
void sugu_nexo_put_header(struct sugu_json_writer *writer, const struct sugu_nexo_header *header);
/* A message up to the opening of its body, "PaymentRequest" …, and its end; false = it is full. */
void sugu_nexo_begin(struct sugu_json_writer *writer, const struct sugu_nexo_header *header);
bool sugu_nexo_end(struct sugu_json_writer *writer);

/* Every member of a message header that was read; "" where it is missing. */
struct sugu_nexo_seen {
    char class[32], category[32], type[32], service[16], device[16], version[32];
    char sale[65], poi[65];
};
bool sugu_nexo_read_header(const struct sugu_json *json, int node, struct sugu_nexo_seen *ret_seen);
/* Is it the header of the answer to a message of `category` with this service id? */
bool sugu_nexo_is_answer_to(const struct sugu_nexo_seen *seen,
                            enum sugu_nexo_category category,
                            const struct sugu_nexo_header *asked,
                            const char *service_id);

/* A text for the journal or the log: cut to fit, control characters and card numbers taken out. */
void sugu_nexo_read_clean(const struct sugu_json *json, int node, char *to, size_t size);

/* "2024-04-01T09:00:00[.000](Z|+09:00)" as microseconds since 1970; false for anything else. */
bool sugu_nexo_parse_time(const char *text, int64_t *ret_utc_us);
