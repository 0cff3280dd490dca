/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-emvco - payloads of payment codes: the vector, both ways, and what has to be refused
 */
#include "domain/emvco.h"

#include "base/random.h"
#include "testlib/checks.h"

#include <stdio.h>
#include <string.h>

/* domain/payments.md 3 */
static const char vector[] =
    "000201010212520480625303392540410005802JP5908HOSPITAL6005TOKYO63049880";

static const struct sugu_emvco_content hospital = {
    .is_dynamic = true,
    .category = 8062,
    .amount_yen = 1000,
    .name = "HOSPITAL",
    .city = "TOKYO",
};

START_TEST(the_check_is_the_one_of_the_vector)
{
    ck_assert_uint_eq(sugu_emvco_crc("123456789", 9), 0x29b1); /* CRC-16/CCITT-FALSE, its check */
    ck_assert_uint_eq(sugu_emvco_crc(vector, sizeof vector - 5), 0x9880);
}
END_TEST

START_TEST(the_vector_is_built_and_read)
{
    char payload[SUGU_EMVCO_SIZE_MAX];
    struct sugu_emvco emvco;
    struct sugu_error error;
    int64_t amount_yen = 0;

    sugu_assert_ok(sugu_emvco_build(&hospital, payload, &error), error);
    ck_assert_str_eq(payload, vector);
    sugu_assert_ok(sugu_emvco_parse(&emvco, vector, strlen(vector), &error), error);
    ck_assert_uint_eq(emvco.count, 8);
    ck_assert(sugu_emvco_amount(&emvco, &amount_yen));
    ck_assert_int_eq(amount_yen, 1000);
    ck_assert_int_eq(memcmp(sugu_emvco_find(&emvco, 59)->value, "HOSPITAL", 8), 0);
    ck_assert_ptr_null(sugu_emvco_find(&emvco, 62));
}
END_TEST

static void
fill(struct sugu_random *random, char *to, size_t least, size_t most)
{
    size_t size = least + sugu_random_below(random, most - least + 1);

    for (size_t i = 0; i < size; i++)
        to[i] = (char)(0x20 + sugu_random_below(random, 0x5f));
    to[size] = '\0';
}

static void
need_text(const struct sugu_emvco *emvco, unsigned id, const char *text)
{
    const struct sugu_emvco_object *object = sugu_emvco_find(emvco, id);

    ck_assert(object != NULL && object->length == strlen(text) &&
              memcmp(object->value, text, object->length) == 0);
}

START_TEST(what_is_built_is_read_back_and_no_letter_can_be_changed)
{
    struct sugu_random_seeded seeded;
    struct sugu_random *random = &seeded.random;

    sugu_random_seeded_init(&seeded, 54);
    for (int i = 0; i < 500; i++) {
        struct sugu_emvco_content content = {
            .is_dynamic = sugu_random_below(random, 2) == 1,
            .account_id = (uint8_t)(2 + sugu_random_below(random, 50)),
            .category = (uint32_t)sugu_random_below(random, 10000),
            .amount_yen = (int64_t)sugu_random_below(random, 100000000),
        };
        char payload[SUGU_EMVCO_SIZE_MAX];
        struct sugu_emvco emvco;
        struct sugu_error error;
        int64_t amount_yen = -1;
        size_t at;

        fill(random, content.account, 0, 99);
        fill(random, content.name, 1, 25);
        fill(random, content.city, 1, 15);
        fill(random, content.reference, 0, 25);
        sugu_assert_ok(sugu_emvco_build(&content, payload, &error), error);
        sugu_assert_ok(sugu_emvco_parse(&emvco, payload, strlen(payload), &error), error);
        ck_assert(sugu_emvco_amount(&emvco, &amount_yen));
        ck_assert_int_eq(amount_yen, content.amount_yen);
        need_text(&emvco, 59, content.name);
        need_text(&emvco, 60, content.city);
        if (*content.account)
            need_text(&emvco, content.account_id, content.account);
        at = sugu_random_below(random, strlen(payload));
        payload[at] = payload[at] == '7' ? '8' : '7';
        sugu_assert_fails(sugu_emvco_parse(&emvco, payload, strlen(payload), &error), SUGU_REFUSED,
                          "message.malformed", error);
        ck_assert_uint_eq(emvco.count, 0);
    }
}
END_TEST

/* The payload with a right check behind it; `emvco` points into it until the next one. */
static enum sugu_status
parse_checked(const char *objects, struct sugu_emvco *emvco, struct sugu_error *reterr)
{
    static char payload[SUGU_EMVCO_SIZE_MAX];
    size_t size = (size_t)snprintf(payload, sizeof payload, "%s6304", objects);

    snprintf(payload + size, sizeof payload - size, "%04X", sugu_emvco_crc(payload, size));
    return sugu_emvco_parse(emvco, payload, strlen(payload), reterr);
}

START_TEST(payloads_that_are_none_are_refused_though_their_check_holds)
{
    static const char *const bad[] = {
        "",                           /* nothing */
        "010211",                     /* 00 is not first */
        "000202",                     /* another format */
        "0002010102115303392540510",  /* a length beyond the end */
        "00020101021101021153033920", /* half an object */
        "000201010211010212",         /* an id twice */
        "0002010A0211",               /* an id that is none */
        "00020101-111",               /* a length that is none */
        "0002016304ABCD",             /* a check in the middle */
        "000201\t10211",              /* control characters */
    };
    struct sugu_emvco emvco;
    struct sugu_error error;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(bad); i++)
        sugu_assert_fails(parse_checked(bad[i], &emvco, &error), SUGU_REFUSED, "message.malformed",
                          error);
    sugu_assert_ok(parse_checked("000201010211", &emvco, &error), error);
}
END_TEST

START_TEST(amounts_are_whole_yen_or_none)
{
    static const struct {
        const char *objects;
        bool is_good;
        int64_t amount_yen;
    } rows[] = {
        {"0002015303392540510000", true, 10000},
        {"0002015303392", true, 0},
        {"00020153033925407100.000", false, 0},
        {"0002015303840540510000", false, 0},
        {"000201540510000", false, 0},
        {"00020153033925401"
         "0",
         false, 0},
        {"0002015303392540", false, 0},
        {"0002015303392540910000000"
         "0",
         false, 0},
    };
    struct sugu_emvco emvco;
    struct sugu_error error;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        int64_t amount_yen = -1;
        if (parse_checked(rows[i].objects, &emvco, &error)) {
            ck_assert(!rows[i].is_good);
            continue;
        }
        ck_assert_msg(sugu_emvco_amount(&emvco, &amount_yen) == rows[i].is_good, "row %zu", i);
        if (rows[i].is_good)
            ck_assert_int_eq(amount_yen, rows[i].amount_yen);
    }
}
END_TEST

START_TEST(content_out_of_range_is_not_built)
{
    struct sugu_emvco_content content = hospital;
    char payload[SUGU_EMVCO_SIZE_MAX] = "as it was";
    struct sugu_error error;

    content.amount_yen = 100000000;
    sugu_assert_fails(sugu_emvco_build(&content, payload, &error), SUGU_REFUSED,
                      "message.out-of-bounds", error);
    content = hospital;
    content.name[0] = '\0';
    sugu_assert_fails(sugu_emvco_build(&content, payload, &error), SUGU_REFUSED,
                      "message.out-of-bounds", error);
    content = hospital;
    memcpy(content.city, "\xe6\x9d\xb1", 4);
    sugu_assert_fails(sugu_emvco_build(&content, payload, &error), SUGU_REFUSED,
                      "message.out-of-bounds", error);
    content = hospital;
    memcpy(content.account, "0010", 5);
    content.account_id = 52;
    sugu_assert_fails(sugu_emvco_build(&content, payload, &error), SUGU_REFUSED,
                      "message.out-of-bounds", error);
    ck_assert_str_eq(payload, "as it was");
}
END_TEST

SUGU_TEST_MAIN("emvco",
               the_check_is_the_one_of_the_vector,
               the_vector_is_built_and_read,
               what_is_built_is_read_back_and_no_letter_can_be_changed,
               payloads_that_are_none_are_refused_though_their_check_holds,
               amounts_are_whole_yen_or_none,
               content_out_of_range_is_not_built)
