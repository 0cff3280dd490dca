/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message - bytes to checked messages and back
 *
 * The structs are generated from sugu.proto by protobuf-c at build time. What comes out of the
 * decoders has been held against bounds.def: text is UTF-8 and short enough, ids have 16 bytes,
 * numbers are in range, enums are known, lists are not too long. Handlers need not check again.
 */
#pragma once

#include "base/id.h"
#include "base/status.h"

#include "sugu.pb-c.h"

#define SUGU_PROTOCOL_VERSION 1
/* No frame is larger; ZMQ_MAXMSGSIZE of every socket. */
#define SUGU_MESSAGE_SIZE_MAX 65536

/*
 * Decode one frame. The result is freed with sugu__up__free_unpacked / sugu__down__free_unpacked
 * (message, NULL). REFUSED "message.malformed", "message.out-of-bounds" (detail names the field),
 * "message.version" or, for a text of an Up with a card number in it, "message.card-number"
 * (card-rule.h). Where the request's id could be read although the rest is wrong, it is written
 * to *ret_request_id (else left alone), so that the refusal can be addressed.
 * Fields that this version does not know are let through and forgotten.
 */
enum sugu_status sugu_up_decode(const uint8_t *bytes,
                                size_t size,
                                Sugu__Up **ret_up,
                                struct sugu_id *ret_request_id,
                                struct sugu_error *reterr) SUGU_MUST_CHECK;
enum sugu_status sugu_down_decode(const uint8_t *bytes,
                                  size_t size,
                                  Sugu__Down **ret_down,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Encode into fresh memory (free with free()). The message has to be within bounds: asserted. */
uint8_t *sugu_up_encode(const Sugu__Up *up, size_t *ret_size);
uint8_t *sugu_down_encode(const Sugu__Down *down, size_t *ret_size);

/* Checks any message of the schema against bounds.def. */
enum sugu_status sugu_message_check(const ProtobufCMessage *message,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;

/* A deep copy by encoding and decoding; free with protobuf_c_message_free_unpacked(copy, NULL). */
ProtobufCMessage *sugu_message_copy(const ProtobufCMessage *message);

/* The bytes field of an id, pointing into `id` (not owned). */
static inline ProtobufCBinaryData
sugu_id_field(const struct sugu_id *id)
{
    return (ProtobufCBinaryData){.len = SUGU_ID_SIZE, .data = (uint8_t *)id->bytes};
}

/* The id in a bytes field; "none" where it is empty. */
struct sugu_id sugu_id_of(const ProtobufCBinaryData *field);

/* Name of a request's or event's body for logs and metrics, "CheckIn"; "none" without a body. */
const char *sugu_request_name(const Sugu__Request *request);
const char *sugu_event_name(const Sugu__Event *event);
