/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-message - every field of the schema has its bound, and each side of each bound
 */
#include "protocol/message.h"

#include "protocol/message-private.h"
#include "testlib/checks.h"
#include "testlib/child.h"
#include "testlib/fill.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* ---- completeness */

static void
need_bounds(const ProtobufCMessageDescriptor *type, void *user)
{
    size_t *count = user;

    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        bool needs_one =
            field->label == PROTOBUF_C_LABEL_REPEATED ||
            (field->type != PROTOBUF_C_TYPE_MESSAGE && field->type != PROTOBUF_C_TYPE_ENUM &&
             field->type != PROTOBUF_C_TYPE_BOOL);
        ck_assert_msg(needs_one == (sugu_bound_find(type->short_name, field->name) != NULL),
                      needs_one ? "%s.%s: add its row to core/protocol/bounds.def"
                                : "%s.%s: needs no row in core/protocol/bounds.def",
                      type->short_name, field->name);
        *count += needs_one;
    }
}

START_TEST(every_field_that_can_be_too_large_has_a_bound)
{
    size_t fields = 0, rows;

    sugu_fill_each_type(need_bounds, &fields);
    sugu_fill_bounds(&rows);
    ck_assert_msg(fields == rows, "%zu fields, %zu rows: a row is of no field, or stands twice",
                  fields, rows);
}
END_TEST

START_TEST(no_row_is_wider_than_its_field_or_the_wrong_way_round)
{
    size_t count;
    const struct sugu_fill_bound *rows = sugu_fill_bounds(&count);

    for (size_t i = 0; i < count; i++) {
        ck_assert_msg(rows[i].low <= rows[i].high, "%s.%s", rows[i].message, rows[i].field);
        if (rows[i].kind != SUGU_FILL_NUMBER)
            ck_assert_msg(rows[i].high <= SUGU_MESSAGE_SIZE_MAX, "%s.%s", rows[i].message,
                          rows[i].field);
    }
}
END_TEST

/* ---- the largest frame */

static size_t
varint_size(uint64_t value)
{
    size_t size = 1;

    while (value >>= 7)
        size++;
    return size;
}

/* Open work is many small parts: who answers puts in what fits, and is asked again for the rest. */
static bool
is_filled_to_fit(const ProtobufCMessageDescriptor *type)
{
    return type == &sugu__open_work__descriptor;
}

static size_t largest_size(const ProtobufCMessageDescriptor *type);

/* Of one field with its tag, at its upper bound. */
static size_t
largest_field(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field)
{
    const struct sugu_fill_bound *bound = sugu_fill_bound(type, field);
    size_t tag = varint_size((uint64_t)field->id << 3), size;

    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        size = is_filled_to_fit(field->descriptor) ? 0 : largest_size(field->descriptor);
        size += tag + varint_size(size);
        return field->label == PROTOBUF_C_LABEL_REPEATED ? size * (size_t)bound->high : size;
    }
    if (field->type == PROTOBUF_C_TYPE_BYTES || field->type == PROTOBUF_C_TYPE_STRING)
        return tag + varint_size((uint64_t)bound->high) + (size_t)bound->high;
    return tag + (bound ? varint_size((uint64_t)bound->high) : 1);
}

static size_t
largest_size(const ProtobufCMessageDescriptor *type)
{
    size_t sum = 0, largest_member = 0;

    for (unsigned i = 0; i < type->n_fields; i++) {
        size_t size = largest_field(type, &type->fields[i]);
        if (!(type->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF))
            sum += size;
        else if (size > largest_member)
            largest_member = size;
    }
    return sum + largest_member;
}

static void
need_room(const ProtobufCMessageDescriptor *type, void *user)
{
    (void)user;
    if (is_filled_to_fit(type))
        return;
    ck_assert_msg(largest_size(type) <= SUGU_MESSAGE_SIZE_MAX,
                  "%s may have %zu bytes, a frame %d: lower a bound of its lists", type->short_name,
                  largest_size(type), SUGU_MESSAGE_SIZE_MAX);
}

START_TEST(whatever_is_within_its_bounds_fits_into_a_frame)
{
    sugu_fill_each_type(need_room, /* user= */ NULL);
}
END_TEST

/* ---- both sides of each bound */

struct place {
    ProtobufCMessage *message;
    const ProtobufCMessageDescriptor *type;
    const ProtobufCFieldDescriptor *field;
    const struct sugu_fill_bound *bound;
    void *value, *quantifier;
};

static void
expect(const struct place *place, bool is_good, const char *what)
{
    struct sugu_error error = {.code = "", .detail = ""};
    char name[100];
    enum sugu_status status = sugu_message_check(place->message, &error);

    snprintf(name, sizeof name, "%s.%s", place->type->short_name, place->field->name);
    ck_assert_msg((status == SUGU_OK) == is_good, "%s with %s: %s", name, what,
                  is_good ? error.detail : "was let through");
    if (is_good)
        return;
    ck_assert_int_eq(status, SUGU_REFUSED);
    ck_assert_str_eq(error.code, "message.out-of-bounds");
    ck_assert_str_eq(error.detail, name);
}

static void
try_bytes(const struct place *place)
{
    ProtobufCBinaryData *bytes = place->value, whole = *bytes;
    size_t low = (size_t)place->bound->low, high = (size_t)place->bound->high;
    uint8_t *long_bytes = calloc(1, high + 1);

    bytes->data = long_bytes;
    for (size_t size = 0; size <= high + 1; size++) {
        bool is_id = high == SUGU_ID_SIZE;
        bool is_good =
            (size == 0 && low == 0) || (is_id ? size == high : size >= low && size <= high);
        char what[32];
        snprintf(what, sizeof what, "%zu bytes", size);
        bytes->len = size;
        expect(place, is_good, what);
    }
    free(long_bytes);
    *bytes = whole;
}

static void
try_text(const struct place *place)
{
    char **text = place->value, *whole = *text;
    size_t high = (size_t)place->bound->high;
    char *long_text = malloc(high + 2);

    memset(long_text, 'x', high + 1);
    long_text[high + 1] = '\0';
    *text = long_text;
    expect(place, false, "a text that is one byte too long");
    long_text[high] = '\0';
    expect(place, true, "the longest text");
    long_text[high - 1] = '\xff';
    expect(place, false, "a text that is not UTF-8");
    long_text[0] = '\0';
    expect(place, true, "an empty text");
    *text = whole;
    free(long_text);
}

static void
set_number(const struct place *place, int64_t value)
{
    if (place->field->type == PROTOBUF_C_TYPE_UINT32)
        *(uint32_t *)place->value = (uint32_t)value;
    else
        *(int64_t *)place->value = value;
}

static void
try_number(const struct place *place)
{
    bool is_small = place->field->type == PROTOBUF_C_TYPE_UINT32;
    bool is_signed = place->field->type == PROTOBUF_C_TYPE_INT64;
    int64_t low = place->bound->low, high = place->bound->high;

    ck_assert_msg(is_small || is_signed || place->field->type == PROTOBUF_C_TYPE_UINT64,
                  "%s.%s: a type that the bounds do not know", place->type->short_name,
                  place->field->name);
    set_number(place, low);
    expect(place, true, "the least number");
    set_number(place, high);
    expect(place, true, "the largest number");
    if (low > 0 || is_signed) {
        set_number(place, low - 1);
        expect(place, false, "a number that is one too small");
    }
    if (is_small ? high < UINT32_MAX : high < INT64_MAX) {
        set_number(place, high + 1);
        expect(place, false, "a number that is one too large");
    }
    set_number(place, -1); /* the largest of an unsigned type */
    expect(place, is_signed && low <= -1, "-1");
    set_number(place, low);
}

static void
try_list(const struct place *place)
{
    void **whole = *(void ***)place->value;
    size_t *count = place->quantifier, high = (size_t)place->bound->high;
    void **list = calloc(high + 1, sizeof *list);

    for (size_t i = 0; i <= high; i++)
        list[i] = whole[0];
    *(void ***)place->value = list;
    *count = high + 1;
    expect(place, false, "one element too many");
    *count = high;
    expect(place, true, "as many elements as may be");
    *count = 0;
    expect(place, true, "an empty list");
    *(void ***)place->value = whole;
    *count = 2;
    free(list);
}

static void
try_enum(const struct place *place)
{
    const ProtobufCEnumDescriptor *names = place->field->descriptor;
    int *value = place->value;

    for (unsigned i = 0; i < names->n_values; i++) {
        *value = names->values[i].value;
        expect(place, true, names->values[i].name);
    }
    *value = 9999;
    expect(place, false, "an enum value that is not known");
    *value = -1;
    expect(place, false, "a negative enum value");
    *value = 0;
}

static void
try_field(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field)
{
    struct sugu_fill_path path = {.names = {field->name}, .count = 1};
    struct place place = {.message = sugu_fill_new(type, &path), .type = type, .field = field};

    place.bound = sugu_fill_bound(type, field);
    place.value = sugu_fill_place(place.message, field);
    place.quantifier = sugu_fill_quantifier(place.message, field);
    expect(&place, true, "the values of tests/testlib/fill.c");
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        try_list(&place);
    else if (field->type == PROTOBUF_C_TYPE_BYTES)
        try_bytes(&place);
    else if (field->type == PROTOBUF_C_TYPE_STRING)
        try_text(&place);
    else if (field->type == PROTOBUF_C_TYPE_ENUM)
        try_enum(&place);
    else if (field->type != PROTOBUF_C_TYPE_MESSAGE && field->type != PROTOBUF_C_TYPE_BOOL)
        try_number(&place);
    protobuf_c_message_free_unpacked(place.message, NULL);
}

static void
try_type(const ProtobufCMessageDescriptor *type, void *user)
{
    (void)user;
    for (unsigned i = 0; i < type->n_fields; i++)
        try_field(type, &type->fields[i]);
}

START_TEST(each_field_is_taken_at_its_bounds_and_refused_past_them)
{
    sugu_fill_each_type(try_type, /* user= */ NULL);
}
END_TEST

/* A field of an inner message is looked at wherever the message stands. */
static void
spoil_inner(const ProtobufCMessageDescriptor *type, void *user)
{
    (void)user;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        struct sugu_fill_path path = {.names = {field->name}, .count = 1};
        ProtobufCMessage *outer, *inner;
        struct sugu_error error;
        if (field->type != PROTOBUF_C_TYPE_MESSAGE)
            continue;
        outer = sugu_fill_new(type, &path);
        inner = field->label == PROTOBUF_C_LABEL_REPEATED
                    ? (*(ProtobufCMessage ***)sugu_fill_place(outer, field))[1]
                    : *(ProtobufCMessage **)sugu_fill_place(outer, field);
        for (unsigned k = 0; k < inner->descriptor->n_fields; k++) {
            const ProtobufCFieldDescriptor *deep = &inner->descriptor->fields[k];
            if (deep->type != PROTOBUF_C_TYPE_ENUM)
                continue;
            *(int *)sugu_fill_place(inner, deep) = 77;
            sugu_assert_fails(sugu_message_check(outer, &error), SUGU_REFUSED,
                              "message.out-of-bounds", error);
            *(int *)sugu_fill_place(inner, deep) = 0;
        }
        protobuf_c_message_free_unpacked(outer, NULL);
    }
}

START_TEST(a_message_is_checked_to_its_inmost_part)
{
    sugu_fill_each_type(spoil_inner, /* user= */ NULL);
}
END_TEST

/* ---- frames */

static const struct sugu_fill_path check_in = {.names = {"request", "check_in"}, .count = 2};

static Sugu__Up *
new_up(void)
{
    Sugu__Up *up = (Sugu__Up *)sugu_fill_new(&sugu__up__descriptor, &check_in);

    ck_assert_int_eq(up->version, SUGU_PROTOCOL_VERSION);
    return up;
}

/* Packs without a look at the bounds, as a broken or hostile program would, and decodes. */
static enum sugu_status
decode_packed(Sugu__Up *up, struct sugu_id *ret_id, struct sugu_error *reterr)
{
    size_t size = sugu__up__get_packed_size(up);
    uint8_t *bytes = malloc(size + 1);
    Sugu__Up *decoded = NULL;
    enum sugu_status status;

    sugu__up__pack(up, bytes);
    status = sugu_up_decode(bytes, size, &decoded, ret_id, reterr);
    free(bytes);
    if (decoded)
        sugu__up__free_unpacked(decoded, NULL);
    return status;
}

START_TEST(a_refused_request_still_tells_its_id)
{
    Sugu__Up *up = new_up();
    struct sugu_id id = {{0}};
    struct sugu_error error;

    up->request->facility = UINT32_MAX;
    sugu_assert_fails(decode_packed(up, &id, &error), SUGU_REFUSED, "message.out-of-bounds", error);
    ck_assert_mem_eq(id.bytes, up->request->id.data, SUGU_ID_SIZE);
    up->request->facility = 1;
    up->version = 2;
    memset(&id, 0, sizeof id);
    sugu_assert_fails(decode_packed(up, &id, &error), SUGU_REFUSED, "message.version", error);
    ck_assert_mem_eq(id.bytes, up->request->id.data, SUGU_ID_SIZE);
    sugu__up__free_unpacked(up, NULL);
}
END_TEST

START_TEST(a_request_whose_id_is_no_id_leaves_the_callers_alone)
{
    Sugu__Up *up = new_up();
    struct sugu_id id, before;
    struct sugu_error error;

    memset(&before, 0x77, sizeof before);
    id = before;
    up->request->id.len = 15;
    sugu_assert_fails(decode_packed(up, &id, &error), SUGU_REFUSED, "message.out-of-bounds", error);
    ck_assert_str_eq(error.detail, "Request.id");
    ck_assert_mem_eq(&id, &before, sizeof id);
    sugu__up__free_unpacked(up, NULL);
}
END_TEST

START_TEST(a_kind_that_this_version_does_not_know_is_unknown_not_malformed)
{
    static const uint8_t no_frame[] = {0x08, 0x01};
    /* version 1, request { id, and a body with field number 2000 } */
    static const uint8_t no_body[] = {0x08, 0x01, 0x12, 0x16, 0x0a, 0x10, 1,    2,   3,
                                      4,    5,    6,    7,    8,    9,    10,   11,  12,
                                      13,   14,   15,   16,   0x82, 0x7d, 0x01, 0x00};
    Sugu__Up *up = NULL;
    struct sugu_id id = {{0}};
    struct sugu_error error;

    sugu_assert_fails(sugu_up_decode(no_frame, sizeof no_frame, &up, &id, &error), SUGU_REFUSED,
                      "message.unknown", error);
    ck_assert(sugu_id_is_none(&id));
    sugu_assert_fails(sugu_up_decode(no_body, sizeof no_body, &up, &id, &error), SUGU_REFUSED,
                      "message.unknown", error);
    ck_assert_int_eq(id.bytes[15], 16);
    ck_assert_ptr_null(up);
}
END_TEST

START_TEST(bytes_that_are_no_message_are_malformed)
{
    static uint8_t large[SUGU_MESSAGE_SIZE_MAX + 1];
    static const uint8_t head[] = {0x08, 0x01, 0xfa, 0x01, 0xfb, 0xff, 0x03};
    static const uint8_t cut[] = {0x08, 0x01, 0x12, 0x40, 0x0a};
    Sugu__Up *up = NULL;
    Sugu__Down *down = NULL;
    struct sugu_id id;
    struct sugu_error error;

    sugu_assert_fails(sugu_up_decode(cut, sizeof cut, &up, &id, &error), SUGU_REFUSED,
                      "message.malformed", error);
    sugu_assert_fails(sugu_down_decode(cut, sizeof cut, &down, &error), SUGU_REFUSED,
                      "message.malformed", error);
    memset(large, 0xff, sizeof large);
    sugu_assert_fails(sugu_up_decode(large, 64, &up, &id, &error), SUGU_REFUSED,
                      "message.malformed", error);
    /* well-formed, an unknown field of the right length, but one byte over the largest frame */
    memcpy(large, head, sizeof head);
    sugu_assert_fails(sugu_up_decode(large, sizeof large, &up, &id, &error), SUGU_REFUSED,
                      "message.malformed", error);
    sugu_assert_fails(sugu_down_decode(large, sizeof large, &down, &error), SUGU_REFUSED,
                      "message.malformed", error);
}
END_TEST

START_TEST(fields_that_are_not_known_are_let_through_and_forgotten)
{
    /* version 1, request { id, get_open_work {}, field 2000 = 1, field 0 = "x" } */
    static const uint8_t newer[] = {0x08, 0x01, 0x12, 0x1b, 0x0a, 0x10, 1,    2,    3,  4,  5,
                                    6,    7,    8,    9,    10,   11,   12,   13,   14, 15, 16,
                                    0x52, 0x00, 0x80, 0x7d, 0x01, 0x82, 0x00, 0x01, 'x'};
    Sugu__Up *up = NULL, *copy;
    struct sugu_id id;
    struct sugu_error error;
    size_t size;
    uint8_t *bytes;

    sugu_assert_ok(sugu_up_decode(newer, sizeof newer, &up, &id, &error), error);
    copy =
        (Sugu__Up *)sugu_message_copy(&up->base); /* failed on field 0, which cannot be unpacked */
    ck_assert_uint_eq(copy->request->base.n_unknown_fields, 0);
    bytes = sugu_up_encode(copy, &size);
    ck_assert_uint_eq(size, sizeof newer - 7);
    ck_assert_mem_eq(bytes + 4, newer + 4, size - 4);
    free(bytes);
    sugu__up__free_unpacked(copy, NULL);
    sugu__up__free_unpacked(up, NULL);
}
END_TEST

static void
encode_out_of_bounds(void *argument)
{
    size_t size;

    sugu_up_encode(argument, &size);
}

START_TEST(sending_a_message_out_of_bounds_is_a_bug_that_shows_at_once)
{
    static struct sugu_child child;
    Sugu__Up *up = new_up();

    up->request->id.len = 3;
    sugu_child_run(encode_out_of_bounds, up, &child);
    ck_assert_int_eq(child.signal, SIGABRT);
    ck_assert_ptr_nonnull(strstr(child.errors, "Request.id"));
    sugu__up__free_unpacked(up, NULL);
}
END_TEST

START_TEST(a_copy_is_deep_and_equal)
{
    Sugu__Up *up = new_up(), *copy = (Sugu__Up *)sugu_message_copy(&up->base);
    size_t size, copy_size;
    uint8_t *bytes = sugu_up_encode(up, &size);
    uint8_t *copy_bytes;

    memset(up->request->id.data, 0, SUGU_ID_SIZE);
    sugu__up__free_unpacked(up, NULL);
    copy_bytes = sugu_up_encode(copy, &copy_size);
    ck_assert_uint_eq(size, copy_size);
    ck_assert_mem_eq(bytes, copy_bytes, size);
    ck_assert_str_eq(sugu_request_name(copy->request), "CheckIn");
    sugu__up__free_unpacked(copy, NULL);
    free(bytes);
    free(copy_bytes);
}
END_TEST

START_TEST(an_id_field_is_an_id_or_none)
{
    struct sugu_id id = {{1, 2, 3}}, back;
    ProtobufCBinaryData field = sugu_id_field(&id);

    back = sugu_id_of(&field);
    ck_assert(sugu_id_equal(&id, &back));
    back = sugu_id_of(&(ProtobufCBinaryData){.len = 0});
    ck_assert(sugu_id_is_none(&back));
}
END_TEST

SUGU_TEST_MAIN("message",
               every_field_that_can_be_too_large_has_a_bound,
               no_row_is_wider_than_its_field_or_the_wrong_way_round,
               whatever_is_within_its_bounds_fits_into_a_frame,
               each_field_is_taken_at_its_bounds_and_refused_past_them,
               a_message_is_checked_to_its_inmost_part,
               a_refused_request_still_tells_its_id,
               a_request_whose_id_is_no_id_leaves_the_callers_alone,
               a_kind_that_this_version_does_not_know_is_unknown_not_malformed,
               bytes_that_are_no_message_are_malformed,
               fields_that_are_not_known_are_let_through_and_forgotten,
               sending_a_message_out_of_bounds_is_a_bug_that_shows_at_once,
               a_copy_is_deep_and_equal,
               an_id_field_is_an_id_or_none)
