/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fill - messages of every kind, filled from the schema itself
 */
#include "testlib/fill.h"

#include "base/text.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define TYPES_MAX 192

static const struct sugu_fill_bound bounds[] = {
#define BYTES(message, field, low, high)  {message, field, SUGU_FILL_BYTES, low, high},
#define TEXT(message, field, high)        {message, field, SUGU_FILL_TEXT, 0, high},
#define NUMBER(message, field, low, high) {message, field, SUGU_FILL_NUMBER, low, high},
#define LIST(message, field, high)        {message, field, SUGU_FILL_LIST, 0, high},
#include "protocol/bounds.def"
#undef BYTES
#undef TEXT
#undef NUMBER
#undef LIST
};

const struct sugu_fill_bound *
sugu_fill_bounds(size_t *ret_count)
{
    *ret_count = SUGU_ARRAY_SIZE(bounds);
    return bounds;
}

const struct sugu_fill_bound *
sugu_fill_bound(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(bounds); i++)
        if (strcmp(bounds[i].message, type->short_name) == 0 &&
            strcmp(bounds[i].field, field->name) == 0)
            return &bounds[i];
    return NULL;
}

void *
sugu_fill_place(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return (char *)message + field->offset;
}

void *
sugu_fill_quantifier(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return (char *)message + field->quantifier_offset;
}

/* ---- walking the schema */

struct seen {
    const ProtobufCMessageDescriptor *types[TYPES_MAX];
    size_t count;
};

static void
collect(struct seen *seen, const ProtobufCMessageDescriptor *type)
{
    for (size_t i = 0; i < seen->count; i++)
        if (seen->types[i] == type)
            return;
    ck_assert_uint_lt(seen->count, TYPES_MAX);
    seen->types[seen->count++] = type;
    for (unsigned i = 0; i < type->n_fields; i++)
        if (type->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
            collect(seen, type->fields[i].descriptor);
}

void
sugu_fill_each_type(void (*each)(const ProtobufCMessageDescriptor *type, void *user), void *user)
{
    struct seen seen = {.count = 0};

    collect(&seen, &sugu__up__descriptor);
    collect(&seen, &sugu__down__descriptor);
    for (size_t i = 0; i < seen.count; i++)
        each(seen.types[i], user);
}

struct frames {
    const ProtobufCMessageDescriptor *top;
    void (*each)(const ProtobufCMessageDescriptor *type,
                 const struct sugu_fill_path *path,
                 void *user);
    void *user;
};

static void
go_down(const struct frames *frames,
        const ProtobufCMessageDescriptor *type,
        struct sugu_fill_path path)
{
    bool has_oneof = false;

    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        struct sugu_fill_path longer = path;
        if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF))
            continue;
        has_oneof = true;
        ck_assert_uint_lt(path.count, SUGU_FILL_DEPTH_MAX);
        longer.names[longer.count++] = field->name;
        if (field->type == PROTOBUF_C_TYPE_MESSAGE)
            go_down(frames, field->descriptor, longer);
        else
            frames->each(frames->top, &longer, frames->user);
    }
    if (!has_oneof)
        frames->each(frames->top, &path, frames->user);
}

void
sugu_fill_each_frame(const ProtobufCMessageDescriptor *type,
                     void (*each)(const ProtobufCMessageDescriptor *type,
                                  const struct sugu_fill_path *path,
                                  void *user),
                     void *user)
{
    struct frames frames = {.top = type, .each = each, .user = user};

    go_down(&frames, type, (struct sugu_fill_path){.count = 0});
}

/* ---- values */

/* FNV-1a over the names, with the element's number: the value's only source. */
static uint64_t
hash(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field, size_t element)
{
    const char *names[] = {type->short_name, ".", field->name};
    uint64_t value = UINT64_C(14695981039346656037) + element;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(names); i++)
        for (const char *at = names[i]; *at; at++)
            value = (value ^ (unsigned char)*at) * UINT64_C(1099511628211);
    return value ^ value >> 29;
}

static ProtobufCBinaryData
new_bytes(const struct sugu_fill_bound *bound, uint64_t from)
{
    size_t size = (size_t)(bound->low > 0 ? bound->low : bound->high);
    ProtobufCBinaryData bytes = {.len = size, .data = malloc(size)};

    ck_assert_ptr_nonnull(bytes.data);
    for (size_t i = 0; i < size; i++)
        bytes.data[i] = (uint8_t)(from >> 8 * (i % 8)) ^ (uint8_t)i;
    return bytes;
}

static char *
new_text(const struct sugu_fill_bound *bound, const ProtobufCFieldDescriptor *field, size_t element)
{
    char text[64], *cut;

    snprintf(text, sizeof text, "%zu %s 山田", element, field->name);
    cut = strndup(text, (size_t)bound->high);
    for (size_t length = strlen(cut); !sugu_text_is_utf8(cut, length);)
        cut[--length] = '\0';
    return cut;
}

static void
set_number(void *place, const ProtobufCFieldDescriptor *field, int64_t value)
{
    if (field->type == PROTOBUF_C_TYPE_UINT32)
        *(uint32_t *)place = (uint32_t)value;
    else
        *(int64_t *)place = value;
}

static void
fill_value(void *place,
           const ProtobufCMessageDescriptor *type,
           const ProtobufCFieldDescriptor *field,
           const struct sugu_fill_path *path,
           size_t element)
{
    const struct sugu_fill_bound *bound = sugu_fill_bound(type, field);
    const ProtobufCEnumDescriptor *names = field->descriptor;
    uint64_t from = hash(type, field, element);

    ck_assert_msg(bound || field->type == PROTOBUF_C_TYPE_MESSAGE ||
                      field->type == PROTOBUF_C_TYPE_ENUM || field->type == PROTOBUF_C_TYPE_BOOL,
                  "%s.%s has no row in core/protocol/bounds.def", type->short_name, field->name);
    switch ((int)field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        *(ProtobufCMessage **)place = sugu_fill_new(field->descriptor, path);
        break;
    case PROTOBUF_C_TYPE_ENUM: /* the first value is the default, which is not sent */
        *(int *)place = names->values[1 + from % (names->n_values - 1)].value;
        break;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)place = true;
        break;
    case PROTOBUF_C_TYPE_BYTES:
        *(ProtobufCBinaryData *)place = new_bytes(bound, from);
        break;
    case PROTOBUF_C_TYPE_STRING:
        *(char **)place = new_text(bound, field, element);
        break;
    default:
        set_number(place, field,
                   bound->low + (int64_t)(from % ((uint64_t)(bound->high - bound->low) + 1)));
    }
}

static bool
is_chosen(const ProtobufCMessageDescriptor *type,
          const ProtobufCFieldDescriptor *field,
          const struct sugu_fill_path *path)
{
    const ProtobufCFieldDescriptor *first = NULL;

    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *other = &type->fields[i];
        if (!(other->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) ||
            other->quantifier_offset != field->quantifier_offset)
            continue;
        if (!first)
            first = other;
        for (size_t k = 0; k < path->count; k++)
            if (strcmp(other->name, path->names[k]) == 0)
                return other == field;
    }
    return first == field;
}

ProtobufCMessage *
sugu_fill_new(const ProtobufCMessageDescriptor *type, const struct sugu_fill_path *path)
{
    ProtobufCMessage *message = calloc(1, type->sizeof_message);

    ck_assert_ptr_nonnull(message);
    protobuf_c_message_init(type, message);
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        void *place = sugu_fill_place(message, field);
        void *quantifier = sugu_fill_quantifier(message, field);
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            void **list = calloc(2, sizeof *list);
            for (size_t k = 0; k < 2; k++)
                fill_value(&list[k], type, field, path, k);
            *(void ***)place = list;
            *(size_t *)quantifier = 2;
        } else if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)) {
            fill_value(place, type, field, path, 0);
        } else if (is_chosen(type, field, path)) {
            fill_value(place, type, field, path, 0);
            *(uint32_t *)quantifier = field->id;
        }
    }
    return message;
}
