/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message - bytes to checked messages and back
 */
#include "protocol/message.h"

#include "base/text.h"
#include "protocol/card-rule.h"
#include "protocol/message-private.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum bound_kind { BOUND_BYTES, BOUND_TEXT, BOUND_NUMBER, BOUND_LIST };

struct bound {
    const char *message, *field;
    enum bound_kind kind;
    int64_t low, high;
};

static const struct bound bounds[] = {
#define BYTES(message, field, low, high)  {message, field, BOUND_BYTES, low, high},
#define TEXT(message, field, high)        {message, field, BOUND_TEXT, 0, high},
#define NUMBER(message, field, low, high) {message, field, BOUND_NUMBER, low, high},
#define LIST(message, field, high)        {message, field, BOUND_LIST, 0, high},
#include "protocol/bounds.def"
#undef BYTES
#undef TEXT
#undef NUMBER
#undef LIST
};

const void *
sugu_bound_find(const char *message, const char *field)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(bounds); i++)
        if (strcmp(bounds[i].field, field) == 0 && strcmp(bounds[i].message, message) == 0)
            return &bounds[i];
    return NULL;
}

/*
 * The bound of each field is looked up once: an index per field id of each message would be faster
 * to find than by name, but the descriptors are constant, so their address is the key of a small
 * cache.
 */
#define CACHE_SIZE 4096 /* a power of two above the number of fields of the schema */

static const struct bound *
cached_bound(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field)
{
    static struct {
        const ProtobufCFieldDescriptor *field;
        const struct bound *bound;
    } cache[CACHE_SIZE];
    size_t at = ((uintptr_t)field / sizeof *field) & (CACHE_SIZE - 1);

    while (cache[at].field && cache[at].field != field)
        at = (at + 1) & (CACHE_SIZE - 1);
    if (!cache[at].field) {
        cache[at].bound = sugu_bound_find(type->short_name, field->name);
        cache[at].field = field;
    }
    return cache[at].bound;
}

static enum sugu_status
out_of_bounds(const ProtobufCMessageDescriptor *type,
              const ProtobufCFieldDescriptor *field,
              struct sugu_error *reterr)
{
    return sugu_fail(reterr, SUGU_REFUSED, "message.out-of-bounds", "%s.%s", type->short_name,
                     field->name);
}

static bool
number_fits(const struct bound *bound, const ProtobufCFieldDescriptor *field, const void *place)
{
    int64_t value;

    if (field->type == PROTOBUF_C_TYPE_UINT32)
        value = *(const uint32_t *)place;
    else if (field->type == PROTOBUF_C_TYPE_UINT64) {
        if (*(const uint64_t *)place > INT64_MAX)
            return false;
        value = (int64_t) * (const uint64_t *)place;
    } else
        value = *(const int64_t *)place;
    return value >= bound->low && value <= bound->high;
}

static bool
scalar_fits(const struct bound *bound, const ProtobufCFieldDescriptor *field, const void *place)
{
    const ProtobufCBinaryData *bytes;
    const char *text;
    size_t length;

    switch ((int)field->type) {
    case PROTOBUF_C_TYPE_BYTES:
        bytes = place;
        if (bytes->len == 0 && bound->low == 0)
            return true;
        return (int64_t)bytes->len <= bound->high &&
               ((int64_t)bytes->len >= bound->low &&
                (bound->high != SUGU_ID_SIZE || bytes->len == SUGU_ID_SIZE));
    case PROTOBUF_C_TYPE_STRING:
        text = *(const char *const *)place;
        length = text ? strlen(text) : 0;
        return (int64_t)length <= bound->high && sugu_text_is_utf8(text, length);
    case PROTOBUF_C_TYPE_ENUM:
        return protobuf_c_enum_descriptor_get_value(field->descriptor, *(const int *)place) != NULL;
    case PROTOBUF_C_TYPE_BOOL:
        return true;
    default:
        return number_fits(bound, field, place);
    }
}

static enum sugu_status
check_field(const ProtobufCMessage *message,
            const ProtobufCFieldDescriptor *field,
            struct sugu_error *reterr)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    const struct bound *bound = cached_bound(type, field);
    const char *place = (const char *)message + field->offset;
    const char *quantifier = (const char *)message + field->quantifier_offset;

    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        size_t count = *(const size_t *)(const void *)quantifier;
        ProtobufCMessage *const *each = *(ProtobufCMessage *const *const *)(const void *)place;
        if (!bound || (int64_t)count > bound->high || field->type != PROTOBUF_C_TYPE_MESSAGE)
            return out_of_bounds(type, field, reterr);
        for (size_t i = 0; i < count; i++)
            if (sugu_message_check(each[i], reterr) != SUGU_OK)
                return SUGU_REFUSED;
        return SUGU_OK;
    }
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) &&
        *(const uint32_t *)(const void *)quantifier != field->id)
        return SUGU_OK;
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        const ProtobufCMessage *inner = *(ProtobufCMessage *const *)(const void *)place;
        return inner ? sugu_message_check(inner, reterr) : SUGU_OK;
    }
    if (!bound && field->type != PROTOBUF_C_TYPE_ENUM && field->type != PROTOBUF_C_TYPE_BOOL)
        return out_of_bounds(type, field, reterr);
    return scalar_fits(bound, field, place) ? SUGU_OK : out_of_bounds(type, field, reterr);
}

enum sugu_status
sugu_message_check(const ProtobufCMessage *message, struct sugu_error *reterr)
{
    for (unsigned i = 0; i < message->descriptor->n_fields; i++)
        if (check_field(message, &message->descriptor->fields[i], reterr) != SUGU_OK)
            return SUGU_REFUSED;
    return SUGU_OK;
}

/*
 * What a newer program sends and we do not know is forgotten. Kept, it would be packed again by
 * protobuf-c; it takes a field number 0 for an unknown field whose packed form nobody can unpack,
 * so that a hostile program could make us fail on a copy of its message.
 */
static void
forget_unknown(ProtobufCMessage *message)
{
    for (unsigned i = 0; i < message->n_unknown_fields; i++)
        free(message->unknown_fields[i].data);
    free(message->unknown_fields);
    message->unknown_fields = NULL;
    message->n_unknown_fields = 0;
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        char *place = (char *)message + field->offset;
        const char *quantifier = (const char *)message + field->quantifier_offset;
        if (field->type != PROTOBUF_C_TYPE_MESSAGE ||
            ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) &&
             *(const uint32_t *)(const void *)quantifier != field->id))
            continue;
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            ProtobufCMessage **each = *(ProtobufCMessage ***)(void *)place;
            for (size_t k = 0; k < *(const size_t *)(const void *)quantifier; k++)
                forget_unknown(each[k]);
        } else if (*(ProtobufCMessage **)(void *)place) {
            forget_unknown(*(ProtobufCMessage **)(void *)place);
        }
    }
}

enum sugu_status
sugu_up_decode(const uint8_t *bytes,
               size_t size,
               Sugu__Up **ret_up,
               struct sugu_id *ret_request_id,
               struct sugu_error *reterr)
{
    Sugu__Up *up = size <= SUGU_MESSAGE_SIZE_MAX ? sugu__up__unpack(NULL, size, bytes) : NULL;
    enum sugu_status status = SUGU_OK;
    char field[SUGU_CARD_FIELD_SIZE];

    if (!up)
        return sugu_fail(reterr, SUGU_REFUSED, "message.malformed", "%zu bytes", size);
    forget_unknown(&up->base);
    if (up->frame_case == SUGU__UP__FRAME_REQUEST)
        sugu_id_from_bytes(up->request->id.data, up->request->id.len, ret_request_id);
    if (up->version != SUGU_PROTOCOL_VERSION)
        status = sugu_fail(reterr, SUGU_REFUSED, "message.version", "version %u", up->version);
    else if (up->frame_case == SUGU__UP__FRAME__NOT_SET)
        status = sugu_fail(reterr, SUGU_REFUSED, "message.unknown", "frame without a known kind");
    else if (up->frame_case == SUGU__UP__FRAME_REQUEST &&
             up->request->body_case == SUGU__REQUEST__BODY__NOT_SET)
        status = sugu_fail(reterr, SUGU_REFUSED, "message.unknown", "request without a known body");
    else
        status = sugu_message_check(&up->base, reterr);
    if (status == SUGU_OK && sugu_message_has_card_number(&up->base, field))
        status = sugu_fail(reterr, SUGU_REFUSED, "message.card-number", "%s", field);
    if (status != SUGU_OK) {
        sugu__up__free_unpacked(up, NULL);
        return status;
    }
    *ret_up = up;
    return SUGU_OK;
}

enum sugu_status
sugu_down_decode(const uint8_t *bytes,
                 size_t size,
                 Sugu__Down **ret_down,
                 struct sugu_error *reterr)
{
    Sugu__Down *down = size <= SUGU_MESSAGE_SIZE_MAX ? sugu__down__unpack(NULL, size, bytes) : NULL;
    enum sugu_status status;

    if (!down)
        return sugu_fail(reterr, SUGU_REFUSED, "message.malformed", "%zu bytes", size);
    forget_unknown(&down->base);
    status = sugu_message_check(&down->base, reterr);
    if (status != SUGU_OK) {
        sugu__down__free_unpacked(down, NULL);
        return status;
    }
    *ret_down = down;
    return SUGU_OK;
}

static uint8_t *
encode(const ProtobufCMessage *message, size_t *ret_size)
{
    struct sugu_error error = {.detail = ""};
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = malloc(size ? size : 1);

    if (!bytes)
        abort(); /* crash only: libzmq does the same */
    if (sugu_message_check(message, &error) != SUGU_OK) {
        fprintf(stderr, "bug: message out of bounds: %s\n", error.detail);
        abort(); /* a bug of the sender: nothing that is out of bounds leaves this process */
    }
    protobuf_c_message_pack(message, bytes);
    *ret_size = size;
    return bytes;
}

uint8_t *
sugu_up_encode(const Sugu__Up *up, size_t *ret_size)
{
    return encode(&up->base, ret_size);
}

uint8_t *
sugu_down_encode(const Sugu__Down *down, size_t *ret_size)
{
    return encode(&down->base, ret_size);
}

ProtobufCMessage *
sugu_message_copy(const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = malloc(size ? size : 1);
    ProtobufCMessage *copy;

    assert(bytes);
    protobuf_c_message_pack(message, bytes);
    copy = protobuf_c_message_unpack(message->descriptor, NULL, size, bytes);
    free(bytes);
    assert(copy);
    return copy;
}

struct sugu_id
sugu_id_of(const ProtobufCBinaryData *field)
{
    struct sugu_id id = {{0}};

    sugu_id_from_bytes(field->data, field->len, &id);
    return id;
}

/* Name of the message that the oneof holds. */
static const char *
body_name(const ProtobufCMessageDescriptor *type, unsigned body_case)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(type, body_case);

    if (!field || field->type != PROTOBUF_C_TYPE_MESSAGE)
        return "none";
    return ((const ProtobufCMessageDescriptor *)field->descriptor)->short_name;
}

const char *
sugu_request_name(const Sugu__Request *request)
{
    return body_name(request->base.descriptor, (unsigned)request->body_case);
}

const char *
sugu_event_name(const Sugu__Event *event)
{
    return body_name(event->base.descriptor, (unsigned)event->body_case);
}
