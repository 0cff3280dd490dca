/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-json - a peer's JSON, friendly and hostile
 */
#include "payment/json.h"

#include "base/random.h"
#include "testlib/checks.h"

#include <string.h>

static struct sugu_json json; /* large */

static enum sugu_status
parse(const char *text)
{
    struct sugu_error error;

    return sugu_json_parse(&json, text, strlen(text), &error);
}

START_TEST(values_are_found_by_their_path)
{
    char text[32];
    int64_t value = 0;

    ck_assert_int_eq(
        parse(" { \"a\" : { \"b\" : [1, {\"c\":2}], \"d\" : \"x\\n\\u5c71\\ud83d\\ude00\" },"
              "\"n\" : 3240, \"e\":{}, \"f\":[ ] } "),
        SUGU_OK);
    ck_assert(sugu_json_text(&json, sugu_json_at(&json, 0, "a.d"), text, sizeof text));
    ck_assert_str_eq(text, "x\n山😀");
    ck_assert(!sugu_json_text(&json, sugu_json_at(&json, 0, "a.d"), text, 9));
    ck_assert(sugu_json_whole(&json, sugu_json_at(&json, 0, "n"), 0, 99999999, &value));
    ck_assert_int_eq(value, 3240);
    ck_assert(!sugu_json_whole(&json, sugu_json_at(&json, 0, "n"), 0, 3239, &value));
    ck_assert_int_eq(sugu_json_at(&json, 0, "a.b.c"), -1);
    ck_assert_int_eq(sugu_json_at(&json, 0, "a.x"), -1);
    ck_assert_int_eq(sugu_json_at(&json, -1, "a"), -1);
    ck_assert(sugu_json_has_key(&json, "c"));
    ck_assert(!sugu_json_has_key(&json, "x"));
}
END_TEST

START_TEST(an_amount_is_digits_and_nothing_else)
{
    static const char *const wrong[] = {"3240.0",
                                        "3240.00",
                                        "3.24e3",
                                        "-1",
                                        "\"3240\"",
                                        "1e2",
                                        "0.5",
                                        "true",
                                        "null",
                                        "[3240]",
                                        "18446744073709554856"};
    char text[64];
    int64_t value = 77;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(wrong); i++) {
        snprintf(text, sizeof text, "{\"a\":%s}", wrong[i]);
        ck_assert_int_eq(parse(text), SUGU_OK);
        ck_assert_msg(!sugu_json_whole(&json, sugu_json_at(&json, 0, "a"), 0, 99999999, &value),
                      "%s", wrong[i]);
    }
    ck_assert_int_eq(value, 77);
}
END_TEST

START_TEST(what_is_not_json_is_refused)
{
    static const char *const wrong[] = {
        "",
        " ",
        "{",
        "}",
        "[1,]",
        "[,1]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1} x",
        "{\"a\":1}{}",
        "01",
        "1.",
        ".1",
        "+1",
        "1e",
        "--1",
        "0x10",
        "NaN",
        "tru",
        "\"a",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\n\"",
        "/* */ 1",
        "{\"a\":1,\"a\":2}",
        "{\"a\\u0041\":1}",
        "[1}",
        "{\"a\":[1}",
        "[1 2]",
        "\"\xc0\xaf\"",
        "\"\xed\xa0\x80\"",
        "{\"a\":{\"b\":1,\"c\":2,\"b\":3}}",
        "\\",
        "\"\\",
        "{\"a\":\"\\u00",
    };
    char deep[SUGU_JSON_DEPTH_MAX * 2 + 8];
    struct sugu_error error;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(wrong); i++)
        ck_assert_msg(parse(wrong[i]) == SUGU_REFUSED, "%s", wrong[i]);
    memset(deep, '[', sizeof deep);
    ck_assert_int_eq(sugu_json_parse(&json, deep, sizeof deep, &error), SUGU_REFUSED);
    ck_assert_int_eq(sugu_json_parse(&json, "1\0", 2, &error), SUGU_REFUSED);
    /* Half a surrogate pair and U+0000 are JSON, but no text. */
    ck_assert_int_eq(parse("[\"\\ud800\", \"\\udc00\", \"\\u0000\", \"\\ud83dx\"]"), SUGU_OK);
    for (int node = 1; node <= 4; node++)
        ck_assert(!sugu_json_text(&json, node, deep, sizeof deep));
}
END_TEST

START_TEST(more_nodes_than_there_is_room_for_are_refused)
{
    static char many[SUGU_JSON_NODES_MAX * 2 + 8];
    struct sugu_error error;

    many[0] = '[';
    for (size_t i = 0; i < SUGU_JSON_NODES_MAX; i++) {
        many[1 + 2 * i] = '1';
        many[2 + 2 * i] = i + 1 < SUGU_JSON_NODES_MAX ? ',' : ']';
    }
    ck_assert_int_eq(sugu_json_parse(&json, many, strlen(many), &error), SUGU_REFUSED);
}
END_TEST

/* Damaged bytes are refused or parsed, never read out of bounds (the sanitizers watch). */
START_TEST(damaged_text_does_no_harm)
{
    static const char good[] =
        "{\"a\":{\"b\":[1,2.5e-3,true,null],\"c\":\"x\\u5c71\\\\\"},\"d\":[{}]}";
    struct sugu_random_seeded seeded;
    char text[sizeof good], out[16];
    struct sugu_error error;

    sugu_random_seeded_init(&seeded, 7);
    for (int i = 0; i < 20000; i++) {
        size_t size = 1 + sugu_random_below(&seeded.random, sizeof good - 1);
        memcpy(text, good, sizeof good);
        for (int hits = 0; hits < 2; hits++)
            text[sugu_random_below(&seeded.random, size)] =
                "{}[]\",:\\u0a\xe5 "[sugu_random_below(&seeded.random, 14)];
        if (sugu_json_parse(&json, text, size, &error))
            continue;
        for (int32_t node = 0; node < json.count; node++) {
            ck_assert_uint_le(json.nodes[node].start + json.nodes[node].size, size);
            sugu_json_text(&json, node, out, sizeof out);
        }
    }
}
END_TEST

START_TEST(what_is_written_can_be_read)
{
    char text[64], back[32];
    struct sugu_json_writer writer = {.to = text, .size = sizeof text};

    sugu_json_open(&writer, NULL, '{');
    sugu_json_put_text(&writer, "t", "a\"\\\x01山");
    sugu_json_put_whole(&writer, "n", 12);
    sugu_json_open(&writer, "o", '[');
    sugu_json_put_bool(&writer, NULL, true);
    sugu_json_close(&writer, ']');
    sugu_json_close(&writer, '}');
    ck_assert(!writer.is_full);
    ck_assert_str_eq(text, "{\"t\":\"a\\\"\\\\\\u0001山\",\"n\":12,\"o\":[true]}");
    ck_assert_int_eq(parse(text), SUGU_OK);
    ck_assert(sugu_json_text(&json, sugu_json_at(&json, 0, "t"), back, sizeof back));
    ck_assert_str_eq(back, "a\"\\\x01山");
    writer = (struct sugu_json_writer){.to = text, .size = 8};
    sugu_json_put_text(&writer, NULL, "too long for it");
    ck_assert(writer.is_full);
}
END_TEST

SUGU_TEST_MAIN("json",
               values_are_found_by_their_path,
               an_amount_is_digits_and_nothing_else,
               what_is_not_json_is_refused,
               more_nodes_than_there_is_room_for_are_refused,
               damaged_text_does_no_harm,
               what_is_written_can_be_read)
