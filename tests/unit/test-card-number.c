/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-card-number - what is a card number in a text, what only looks like one, and that no field
 * of the wire takes one
 */
#include "domain/card-number.h"
#include "protocol/card-rule.h"

#include "testlib/checks.h"
#include "testlib/fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- texts */

START_TEST(a_card_number_is_found_however_it_is_written)
{
    static const char *const texts[] = {
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "card 4111111111111111.",
        "伝票12 4111 1111 1111 1111",
        "12 4111111111111111",
        "x4111111111111111y",
        "4111 1111 1111 1111 12/27",
        "378282246310005",
        "3782 822463 10005",
        "30569309025904",
        "3056 930902 5904",
        "6304000000000000000",
        "6304 0000 0000 0000 000",
        "４１１１１１１１１１１１１１１１",
        "4111　1111　1111　1111",
        "4111－1111－1111－1111",
        "4222222222222",
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(texts); i++)
        ck_assert_msg(sugu_card_number_is_in(texts[i]), "%s", texts[i]);
}
END_TEST

START_TEST(what_only_looks_like_one_is_let_through)
{
    static const char *const texts[] = {
        "",
        "4111111111111112",           /* the check digit does not hold */
        "411111111111",               /* twelve */
        "41111111111111111111",       /* twenty: a provider's id */
        "0411111111111111",           /* no card's first digit */
        "03-3456-7890",               /* telephones */
        "03-5253-1111 090-1234-5678", /* two of them */
        "+81-3-5253-1111",
        "0120-111-111",
        "100-8916 1-2-2-1301", /* an address */
        "2025-06-02 10:41 12:30",
        "20250602104100123",   /* a time */
        "112007410 112011010", /* act codes */
        "111000110 160008010 160000310 160019210",
        "31100004",
        "06139463", /* insurers */
        "1234567890",
        "0000123456789", /* patient numbers of this house */
        "A-017",
        "0190c9c4-5f2a-7000-8000-000000000000-3",
        "振込 2025年6月2日 整理番号 123456",
        "1111 1111 1111 1117",
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(texts); i++)
        ck_assert_msg(!sugu_card_number_is_in(texts[i]), "%s", texts[i]);
}
END_TEST

START_TEST(an_id_is_one_only_as_a_whole)
{
    ck_assert(sugu_card_number_is_all("4111111111111111"));
    ck_assert(sugu_card_number_is_all("41-11 1111 11 1111-11"));
    ck_assert(!sugu_card_number_is_all("RE4111111111111111"));
    ck_assert(!sugu_card_number_is_all("41111111111111111111"));
    ck_assert(!sugu_card_number_is_all("1111111111111117"));
    ck_assert(!sugu_card_number_is_all(""));
}
END_TEST

/* A long text of digits is read once, and never beyond its end. */
START_TEST(any_text_is_read_to_its_end)
{
    static char text[4096];

    for (size_t size = 0; size + 1 < sizeof text; size += 37) {
        memset(text, '7', size);
        for (size_t i = 4; i < size; i += 5)
            text[i] = ' ';
        text[size] = '\0';
        sugu_card_number_is_in(text);
        sugu_card_number_is_all(text);
    }
    ck_assert(!sugu_card_number_is_in("\xef\xbc"));
    ck_assert(!sugu_card_number_is_in("4 "));
}
END_TEST

/* ---- the wire */

static const struct sugu_card_exception *
exception_of(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field)
{
    size_t count;
    const struct sugu_card_exception *rows = sugu_card_exceptions(&count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i].message, type->short_name) == 0 &&
            strcmp(rows[i].field, field->name) == 0)
            return &rows[i];
    return NULL;
}

static unsigned fields_held;

/* The field with a card number, and with text around it. */
static void
check_field(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const struct sugu_card_exception *exception = exception_of(message->descriptor, field);
    char **place = sugu_fill_place(message, field), *before = *place;
    char found[SUGU_CARD_FIELD_SIZE], name[SUGU_CARD_FIELD_SIZE];

    snprintf(name, sizeof name, "%s.%s", message->descriptor->short_name, field->name);
    *place = (char *)"4222 2222 2222 2";
    ck_assert_msg(sugu_message_has_card_number(message, found) ==
                      (!exception || exception->is_whole),
                  "%s", name);
    if (!exception || exception->is_whole)
        ck_assert_str_eq(found, name);
    *place = (char *)"no 4222222222222.";
    ck_assert_msg(sugu_message_has_card_number(message, found) == !exception, "%s", name);
    *place = before;
    fields_held++;
}

static void
check_type(const ProtobufCMessageDescriptor *type, void *user)
{
    (void)user;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const struct sugu_fill_path path = {{type->fields[i].name}, 1}; /* of its oneof */
        ProtobufCMessage *message;
        if (type->fields[i].type != PROTOBUF_C_TYPE_STRING)
            continue;
        message = sugu_fill_new(type, &path);
        check_field(message, &type->fields[i]);
        protobuf_c_message_free_unpacked(message, NULL);
    }
}

START_TEST(no_text_of_the_wire_takes_a_card_number)
{
    fields_held = 0;
    sugu_fill_each_type(check_type, NULL);
    ck_assert_uint_gt(fields_held, 150);
}
END_TEST

static void
mark_type(const ProtobufCMessageDescriptor *type, void *user)
{
    size_t *known = user;

    for (unsigned i = 0; i < type->n_fields; i++)
        *known += type->fields[i].type == PROTOBUF_C_TYPE_STRING &&
                  exception_of(type, &type->fields[i]) != NULL;
}

/* An exception whose field is not there any more would cover another of its name one day. */
START_TEST(every_exception_is_of_a_field_that_exists)
{
    size_t count, known = 0;

    sugu_card_exceptions(&count);
    sugu_fill_each_type(mark_type, &known);
    ck_assert_uint_eq(known, count);
}
END_TEST

/* Arriving: a clear code, and the field's name. */
START_TEST(a_frame_with_one_is_refused_by_name)
{
    Sugu__Up up = SUGU__UP__INIT, *decoded;
    Sugu__Request request = SUGU__REQUEST__INIT;
    Sugu__OrderRefund order = SUGU__ORDER_REFUND__INIT;
    struct sugu_id id = {{1, 2, 3}}, read = {{0}};
    struct sugu_error error;
    size_t size;
    uint8_t *bytes;

    order.refund = order.original = sugu_id_field(&id);
    order.amount_yen = 1;
    order.note = (char *)"伝票 ４１１１ 1111-1111 1111";
    request.id = sugu_id_field(&id);
    request.body_case = SUGU__REQUEST__BODY_ORDER_REFUND;
    request.order_refund = &order;
    up.version = SUGU_PROTOCOL_VERSION;
    up.frame_case = SUGU__UP__FRAME_REQUEST;
    up.request = &request;
    bytes = sugu_up_encode(&up, &size);
    sugu_assert_fails(sugu_up_decode(bytes, size, &decoded, &read, &error), SUGU_REFUSED,
                      "message.card-number", error);
    ck_assert_str_eq(error.detail, "OrderRefund.note");
    ck_assert(sugu_id_equal(&read, &id));
    free(bytes);
    order.note = (char *)"伝票 1111";
    bytes = sugu_up_encode(&up, &size);
    sugu_assert_ok(sugu_up_decode(bytes, size, &decoded, &read, &error), error);
    sugu__up__free_unpacked(decoded, NULL);
    free(bytes);
}
END_TEST

SUGU_TEST_MAIN("card-number",
               a_card_number_is_found_however_it_is_written,
               what_only_looks_like_one_is_let_through,
               an_id_is_one_only_as_a_whole,
               any_text_is_read_to_its_end,
               no_text_of_the_wire_takes_a_card_number,
               every_exception_is_of_a_field_that_exists,
               a_frame_with_one_is_refused_by_name)
