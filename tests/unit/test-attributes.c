/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-attributes - the four basic attributes out of bytes of any quality
 */
#include "emulators/card-my-number.h"
#include "reader/attributes.h"

#include "base/random.h"
#include "base/text.h"
#include "testlib/checks.h"

#include <stdlib.h>
#include <string.h>

static enum sugu_status
parse_hex(const char *hex, struct sugu_attributes *attributes, struct sugu_error *error)
{
    size_t size = strlen(hex) / 2;
    uint8_t *bytes = malloc(size ? size : 1); /* exactly as large: a byte too far is found */
    enum sugu_status status;

    ck_assert(sugu_hex_to_bytes(bytes, size, hex));
    status = sugu_attributes_parse(bytes, size, attributes, error);
    free(bytes);
    return status;
}

/* DF22 "山田", DF23 "a", DF24 19800229, DF25 '1' behind their offsets. */
#define OFFSETS "df2108000e0017001b0026"
#define NAME    "df2206e5b1b1e794b0"
#define ADDRESS "df230161"
#define BIRTH   "df24083139383030323239"
#define SEX     "df250131"
#define FOUR    NAME ADDRESS BIRTH SEX /* 28 bytes */
#define ALL     OFFSETS FOUR           /* 39 bytes */
#define GOOD    "ff2027" ALL

START_TEST(good_files_are_read)
{
    static const struct {
        const char *what, *hex;
    } rows[] = {
        {"as it is", GOOD},
        {"length in the form 81", "ff208127" ALL},
        {"length in the form 82", "ff20820027" ALL},
        {"two leading bytes of zero", "0000" GOOD},
        {"two leading bytes of any value", "1234" GOOD},
        {"two leading bytes that look like an object", "ff27" GOOD},
        {"one leading byte", "01" GOOD},
        {"filler behind", GOOD "ffffffff"},
        {"filler inside", "ff2029" ALL "ffff"},
        {"a name with a long length", "ff2029" OFFSETS "df22820006e5b1b1e794b0" ADDRESS BIRTH SEX},
        {"no offsets", "ff201c" FOUR},
        {"another order", "ff201c" SEX BIRTH ADDRESS NAME},
        {"an object of a later card", "ff2020" FOUR "df300155"},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_attributes attributes;
        struct sugu_error error;
        enum sugu_status status = parse_hex(rows[i].hex, &attributes, &error);

        ck_assert_msg(status == SUGU_OK, "%s: %s", rows[i].what,
                      status == SUGU_OK ? "" : error.detail);
        ck_assert_str_eq(attributes.name, "山田");
        ck_assert_str_eq(attributes.address, "a");
        ck_assert_uint_eq(attributes.birth_date, 19800229);
        ck_assert_int_eq(attributes.sex, '1');
    }
}
END_TEST

START_TEST(bad_files_are_refused)
{
    static const struct {
        const char *what, *hex;
    } rows[] = {
        {"empty", ""},
        {"one byte", "ff"},
        {"only a tag", "ff20"},
        {"nothing but filler", "ffffffffffffffff"},
        {"an empty container", "ff2000"},
        {"another tag (the file with the number)", "ff100c313233343536373839303138ffff"},
        {"three leading bytes", "123456" GOOD},
        {"cut in the container", "ff2027" OFFSETS NAME},
        {"a container longer than the file", "ff2028" ALL},
        {"length in the form 83", "ff2083000027" ALL},
        {"length without its bytes", "ff2082"},
        {"an object longer than the container", "ff2008df2206e5b1b1e7"},
        {"an offset outside", "ff2027df2108000e0017001b00ff" FOUR},
        {"an offset at the end", "ff2027df2108002a0017001b0026" FOUR},
        {"offsets of the wrong size", "ff2026df2107000e0017002100" FOUR},
        {"no name", "ff2013" ADDRESS BIRTH SEX},
        {"no address", "ff2018" NAME BIRTH SEX},
        {"no birth date", "ff2011" NAME ADDRESS SEX},
        {"no sex", "ff2018" NAME ADDRESS BIRTH},
        {"an empty name", "ff2016"
                          "df2200" ADDRESS BIRTH SEX},
        {"a name that is not UTF-8", "ff2018"
                                     "df2202e5b1" ADDRESS BIRTH SEX},
        {"a name with a NUL", "ff2018"
                              "df22026100" ADDRESS BIRTH SEX},
        {"a date of seven digits", "ff201b" NAME ADDRESS "df240731393830303232" SEX},
        {"a date with a letter", "ff201c" NAME ADDRESS "df24083139383030323241" SEX},
        {"29 February 1981", "ff201c" NAME ADDRESS "df24083139383130323239" SEX},
        {"month 13", "ff201c" NAME ADDRESS "df24083139383031333031" SEX},
        {"day 0", "ff201c" NAME ADDRESS "df24083139383030313030" SEX},
        {"before 1868", "ff201c" NAME ADDRESS "df24083138363730313031" SEX},
        {"a sex of two bytes", "ff201d" NAME ADDRESS BIRTH "df25023131"},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_attributes attributes = {.sex = 'x'};
        struct sugu_error error;
        enum sugu_status status = parse_hex(rows[i].hex, &attributes, &error);

        ck_assert_msg(status == SUGU_REFUSED, "%s: %s", rows[i].what, sugu_status_name(status));
        ck_assert_str_eq(error.code, "card.not-readable");
        ck_assert_msg(attributes.sex == 'x', "%s: written to", rows[i].what);
    }
}
END_TEST

START_TEST(every_sex_is_known_or_unknown)
{
    static const char codes[] = "01239x", expected[] = "012300";

    for (size_t i = 0; i < sizeof codes - 1; i++) {
        char hex[] = "ff201c" FOUR;
        struct sugu_attributes attributes;
        struct sugu_error error;

        snprintf(hex + strlen(hex) - 2, 3, "%02x", (unsigned)codes[i]);
        sugu_assert_ok(parse_hex(hex, &attributes, &error), error);
        ck_assert_int_eq(attributes.sex, expected[i]);
    }
}
END_TEST

START_TEST(what_the_emulated_card_has_is_read_back)
{
    struct my_number_person person = {
        .name = "山田　太郎",
        .birth_date = "19580415",
        .sex = '2',
    };

    for (size_t length = 3; length < 600; length += 33) {
        uint8_t bytes[1024];
        struct sugu_attributes attributes;
        struct sugu_error error;
        size_t size;

        for (size_t i = 0; i + 3 <= length; i += 3)
            memcpy(person.address + i, "市", 4);
        person.leading_bytes = length % 2 ? 2 : 0;
        size = my_number_attributes(&person, bytes);
        sugu_assert_ok(sugu_attributes_parse(bytes, size, &attributes, &error), error);
        ck_assert_str_eq(attributes.name, person.name);
        ck_assert_str_eq(attributes.address, person.address);
        ck_assert_uint_eq(attributes.birth_date, 19580415);
        ck_assert_int_eq(attributes.sex, '2');
    }
}
END_TEST

/* Every cut, and every change of one bit, leads to the attributes or to a refusal, and to no byte
 * outside; a sanitizer watches. What is taken is within the bounds of the protocol. */
START_TEST(no_damage_leads_outside)
{
    struct my_number_person person = {
        .name = "佐藤　花子", .address = "横浜市", .birth_date = "19910822", .sex = '2'};
    uint8_t good[1024];
    size_t size = my_number_attributes(&person, good);

    for (size_t cut = 0; cut < size; cut++) {
        uint8_t *bytes = malloc(cut ? cut : 1);
        struct sugu_attributes attributes;
        struct sugu_error error;

        memcpy(bytes, good, cut);
        sugu_assert_status(sugu_attributes_parse(bytes, cut, &attributes, &error), SUGU_REFUSED,
                           error);
        free(bytes);
    }
    for (size_t bit = 0; bit < 8 * size; bit++) {
        uint8_t *bytes = malloc(size);
        struct sugu_attributes attributes;
        struct sugu_error error;

        memcpy(bytes, good, size);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (sugu_attributes_parse(bytes, size, &attributes, &error) == SUGU_OK) {
            ck_assert_uint_ge(attributes.birth_date, 18680101);
            ck_assert_uint_lt(strlen(attributes.name), sizeof attributes.name);
        }
        free(bytes);
    }
}
END_TEST

SUGU_TEST_MAIN("attributes",
               good_files_are_read,
               bad_files_are_refused,
               every_sex_is_known_or_unknown,
               what_the_emulated_card_has_is_read_back,
               no_damage_leads_outside)
