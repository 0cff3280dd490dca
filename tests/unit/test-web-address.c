/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-web-address - tokens in addresses, the language of a visitor, and how much one may ask
 */
#include "web/languages.h"
#include "web/meter.h"
#include "web/token.h"

#include "testlib/checks.h"

#include <string.h>

START_TEST(a_token_is_read_in_both_forms)
{
    static const uint8_t bytes[] = {0x00, 0xff, 0x10, 0xab, 0xcd, 0xef, 0x01, 0x23,
                                    0x45, 0x67, 0x89, 0xfb, 0xf0, 0x0f, 0x7e, 0x81};
    static const char *const forms[] = {"00ff10abcdef0123456789fbf00f7e81",
                                        "00FF10ABCDEF0123456789FBF00F7E81",
                                        "AP8Qq83vASNFZ4n78A9-gQ"};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(forms); i++) {
        struct web_token token = {{0}};
        ck_assert_msg(web_token_read(forms[i], strlen(forms[i]), &token), "%s", forms[i]);
        ck_assert_mem_eq(token.bytes, bytes, sizeof bytes);
    }
}
END_TEST

START_TEST(what_is_no_token_is_none)
{
    static const char *const texts[] = {
        "",
        "00ff10abcdef0123456789fbf00f7e8",   /* a digit too few */
        "00ff10abcdef0123456789fbf00f7e811", /* one too many */
        "00ff10abcdef0123456789fbf00f7e8g",  /* no digit */
        "AP8Qq83vASNFZ4n78A9-gR",            /* bits left over: a second name for the same */
        "AP8Qq83vASNFZ4n78A9+gQ",            /* base64, not base64url */
        "AP8Qq83vASNFZ4n78A9-gQ==",
        "../../../../etc/passwd",
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(texts); i++) {
        struct web_token token;
        ck_assert_msg(!web_token_read(texts[i], strlen(texts[i]), &token), "%s", texts[i]);
    }
}
END_TEST

START_TEST(the_language_is_the_one_that_was_asked_for)
{
    enum { JA, EASY, EN, ZH };
    static const struct {
        const char *query, *kiosk, *accept;
        size_t language;
    } rows[] = {
        {NULL, NULL, NULL, JA},
        {"en", "zh_CN", "ja", EN}, /* the link counts most */
        {"EN", NULL, NULL, EN},
        {"fr", "zh_CN", "ja", ZH},          /* none of ours: as if it were not there */
        {NULL, "ja@easy", "en", EASY},      /* chosen at the kiosk */
        {NULL, "ja", "en-GB,en;q=0.9", EN}, /* the kiosk's first was perhaps not chosen */
        {NULL, "", "zh-Hant-TW,zh;q=0.9,en;q=0.8", ZH},
        {NULL, NULL, "en;q=0.5, ja;q=0.9", JA},
        {NULL, NULL, "en;q=0, ja;q=0.1", JA},
        {NULL, NULL, "EN", EN},
        {NULL, NULL, "vi-VN,vi;q=0.9,en;q=0.3", EN}, /* any of ours before Easy Japanese */
        {NULL, NULL, "vi-VN,vi;q=0.9", EASY},
        {NULL, NULL, "*", JA},
        {NULL, NULL, ";;;,,,q=", JA},
        {NULL, NULL, "english", EASY},           /* not English by its tag */
        {NULL, NULL, "en;q=9.999999999999", JA}, /* no weight at all */
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        ck_assert_msg(
            web_language_choose(rows[i].query, rows[i].kiosk, rows[i].accept) == rows[i].language,
            "row %zu: %zu", i, web_language_choose(rows[i].query, rows[i].kiosk, rows[i].accept));
}
END_TEST

static struct web_address
address(uint8_t last)
{
    return web_address_of((const uint8_t[]){192, 0, 2, last}, 4);
}

START_TEST(a_meter_gives_a_burst_and_then_so_many_a_minute)
{
    struct web_meter *meter = web_meter_new(3, 60, 10);
    struct web_address one = address(1), other = address(2);

    for (int i = 0; i < 3; i++)
        ck_assert(web_meter_take(meter, &one, 0));
    ck_assert(!web_meter_has(meter, &one, 0));
    ck_assert(!web_meter_take(meter, &one, SUGU_SECOND - 1));
    ck_assert(web_meter_take(meter, &other, 0)); /* has its own */
    ck_assert(web_meter_take(meter, &one, SUGU_SECOND));
    ck_assert(!web_meter_take(meter, &one, SUGU_SECOND));
    for (int i = 0; i < 3; i++) /* never more than the burst, however long it was quiet */
        ck_assert(web_meter_take(meter, &one, 9000 * SUGU_MINUTE));
    ck_assert(!web_meter_take(meter, &one, 9000 * SUGU_MINUTE));
    web_meter_free(meter);
}
END_TEST

START_TEST(who_knocks_without_pause_is_still_let_in_now_and_then)
{
    struct web_meter *meter = web_meter_new(1, 6, 10);
    struct web_address one = address(1);
    int taken = 0;

    for (int64_t now = 0; now < SUGU_MINUTE; now += 100) /* far shorter than a thousandth */
        taken += web_meter_take(meter, &one, now);
    ck_assert_int_ge(taken, 6);
    ck_assert_int_le(taken, 7);
    web_meter_free(meter);
}
END_TEST

START_TEST(a_full_meter_forgets_who_was_quiet_longest)
{
    struct web_meter *meter = web_meter_new(1, 1, 2);
    struct web_address a = address(1), b = address(2), c = address(3);

    ck_assert(web_meter_take(meter, &a, 0));
    ck_assert(web_meter_take(meter, &b, 1));
    ck_assert(!web_meter_take(meter, &a, 2));
    ck_assert(web_meter_take(meter, &c, 3)); /* takes the place of b */
    ck_assert(!web_meter_take(meter, &a, 4));
    ck_assert(web_meter_take(meter, &b, 5)); /* is new again */
    web_meter_free(meter);
}
END_TEST

START_TEST(a_subscriber_is_one_address)
{
    uint8_t six[16] = {0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5}, mapped[16] = {0};
    struct web_address one = web_address_of(six, 16), same, four;

    six[15] = 77;
    same = web_address_of(six, 16);
    ck_assert_mem_eq(&one, &same, sizeof one);
    six[7] = 5;
    same = web_address_of(six, 16);
    ck_assert_mem_ne(&one, &same, sizeof one);
    /* IPv4 in the clothes of IPv6 is IPv4. */
    memcpy(mapped, (const uint8_t[]){0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1}, 16);
    same = web_address_of(mapped, 16);
    four = address(1);
    ck_assert_mem_eq(&same, &four, sizeof four);
}
END_TEST

SUGU_TEST_MAIN("web-address",
               a_token_is_read_in_both_forms,
               what_is_no_token_is_none,
               the_language_is_the_one_that_was_asked_for,
               a_meter_gives_a_burst_and_then_so_many_a_minute,
               who_knocks_without_pause_is_still_let_in_now_and_then,
               a_full_meter_forgets_who_was_quiet_longest,
               a_subscriber_is_one_address)
