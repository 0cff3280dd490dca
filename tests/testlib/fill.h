/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fill - messages of every kind, filled from the schema itself
 *
 * Values follow from the names of message and field alone, within bounds.def, so that the bytes of
 * a kind change only where its own description changes. For golden bytes, for tests that walk every
 * field, and for the first corpus of the fuzzer.
 */
#pragma once

#include "protocol/message.h"

enum sugu_fill_kind { SUGU_FILL_BYTES, SUGU_FILL_TEXT, SUGU_FILL_NUMBER, SUGU_FILL_LIST };

/* A row of bounds.def. */
struct sugu_fill_bound {
    const char *message, *field;
    enum sugu_fill_kind kind;
    int64_t low, high;
};

/* All rows; and the row of a field, NULL where there is none. */
const struct sugu_fill_bound *sugu_fill_bounds(size_t *ret_count);
const struct sugu_fill_bound *sugu_fill_bound(const ProtobufCMessageDescriptor *type,
                                              const ProtobufCFieldDescriptor *field);

/* Calls `each` once for every message that an Up or a Down can hold, those two included. */
void sugu_fill_each_type(void (*each)(const ProtobufCMessageDescriptor *type, void *user),
                         void *user);

#define SUGU_FILL_DEPTH_MAX 4

/* Which member each oneof on the way down holds: "request", "open_session", "hospital_card". */
struct sugu_fill_path {
    const char *names[SUGU_FILL_DEPTH_MAX];
    size_t count;
};

/* Calls `each` for every kind of frame: each way to choose the members of the oneofs. */
void sugu_fill_each_frame(const ProtobufCMessageDescriptor *type,
                          void (*each)(const ProtobufCMessageDescriptor *type,
                                       const struct sugu_fill_path *path,
                                       void *user),
                          void *user);

/*
 * A message with every field set (lists have two elements). A oneof holds the member that `path`
 * names, else its first. Free with protobuf_c_message_free_unpacked(message, NULL).
 */
ProtobufCMessage *sugu_fill_new(const ProtobufCMessageDescriptor *type,
                                const struct sugu_fill_path *path);

/* Where a field and its count, presence or case stand in a message. */
void *sugu_fill_place(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);
void *sugu_fill_quantifier(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);
