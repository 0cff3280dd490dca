/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-cctalk - frames of the specification, both checksums, noise; the device list
 */
#include "payment/cash/cash-settings.h"
#include "payment/cash/cctalk-frame.h"

#include "base/random.h"
#include "base/text.h"
#include "domain/cash.h"
#include "testlib/checks.h"

#include <string.h>

/* domain/payments.md 2.2, "vectors"; the serial number is the Suzo manual's. */
static const struct {
    const char *bytes;
    enum sugu_cctalk_check check;
    struct sugu_cctalk_frame frame;
} vectors[] = {
    {"020001feff", SUGU_CCTALK_SUM, {2, 1, 254, 0, {0}}},
    {"01000200fd", SUGU_CCTALK_SUM, {1, 2, 0, 0, {0}}},
    {"020001e518", SUGU_CCTALK_SUM, {2, 1, 229, 0, {0}}},
    {"030001a359", SUGU_CCTALK_SUM, {3, 1, 163, 0, {0}}},
    {"030101a4a5b2", SUGU_CCTALK_SUM, {3, 1, 164, 1, {165}}},
    {"030001a656", SUGU_CCTALK_SUM, {3, 1, 166, 0, {0}}},
    {"030401a7dfd70a0190", SUGU_CCTALK_SUM, {3, 1, 167, 4, {0xdf, 0xd7, 0x0a, 1}}},
    {"2801019a013b", SUGU_CCTALK_SUM, {40, 1, 154, 1, {1}}},
    {"2800b6fe21", SUGU_CCTALK_CRC, {40, 0, 254, 0, {0}}},
};

START_TEST(frames_are_those_of_the_specification)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(vectors); i++) {
        uint8_t bytes[SUGU_CCTALK_SIZE_MAX];
        char hex[2 * SUGU_CCTALK_SIZE_MAX + 1];
        struct sugu_cctalk_frame back;
        size_t used, size = sugu_cctalk_encode(&vectors[i].frame, vectors[i].check, bytes);

        sugu_hex_from_bytes(hex, bytes, size);
        ck_assert_str_eq(hex, vectors[i].bytes);
        ck_assert(
            sugu_cctalk_decode(bytes, size, vectors[i].check, vectors[i].frame.to, &back, &used));
        ck_assert_uint_eq(used, size);
        ck_assert_uint_eq(back.header, vectors[i].frame.header);
        ck_assert_uint_eq(back.from, vectors[i].frame.from);
        ck_assert_mem_eq(back.data, vectors[i].frame.data, back.size);
    }
}
END_TEST

START_TEST(one_wrong_bit_is_no_frame)
{
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(vectors); i++) {
        size_t size = strlen(vectors[i].bytes) / 2, used;
        uint8_t bytes[SUGU_CCTALK_SIZE_MAX];
        struct sugu_cctalk_frame frame;

        for (size_t bit = 0; bit < 8 * size; bit++) {
            ck_assert(sugu_hex_to_bytes(bytes, size, vectors[i].bytes));
            bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
            ck_assert(!sugu_cctalk_decode(bytes, size, vectors[i].check, vectors[i].frame.to,
                                          &frame, &used));
        }
    }
}
END_TEST

START_TEST(a_frame_is_found_behind_noise_and_in_pieces)
{
    struct sugu_random_seeded seeded;

    sugu_random_seeded_init(&seeded, 5);
    for (int round = 0; round < 3000; round++) {
        enum sugu_cctalk_check check = round % 2 ? SUGU_CCTALK_CRC : SUGU_CCTALK_SUM;
        struct sugu_cctalk_frame frame = {.to = 1, .from = round % 2 ? 0 : 2}, back;
        uint8_t bytes[64 + SUGU_CCTALK_SIZE_MAX];
        size_t noise = sugu_random_below(&seeded.random, 60), size, used;

        /* Without the host's address no frame can begin by chance. */
        frame.size = (uint8_t)(2 + sugu_random_below(&seeded.random, 254));
        for (size_t i = 0; i < frame.size; i++)
            frame.data[i] = (uint8_t)(2 + sugu_random_below(&seeded.random, 254));
        for (size_t i = 0; i < noise; i++)
            bytes[i] = (uint8_t)(2 + sugu_random_below(&seeded.random, 254));
        size = sugu_cctalk_encode(&frame, check, bytes + noise);
        for (size_t part = 0; part < noise + size; part += 7) {
            ck_assert(!sugu_cctalk_decode(bytes, part, check, 1, &back, &used));
            ck_assert_uint_le(used, noise < part ? noise : part);
        }
        ck_assert(sugu_cctalk_decode(bytes, noise + size, check, 1, &back, &used));
        ck_assert_uint_eq(used, noise + size);
        ck_assert_uint_eq(back.size, frame.size);
        ck_assert_mem_eq(back.data, frame.data, frame.size);
    }
}
END_TEST

START_TEST(the_length_of_a_broken_frame_does_not_swallow_the_next)
{
    /* Begins like a reply with 200 bytes, which never come. */
    uint8_t bytes[6 + SUGU_CCTALK_SIZE_MAX] = {1, 200, 2, 0, 9, 9};
    struct sugu_cctalk_frame frame = {.to = 1, .from = 2, .size = 1, .data = {7}}, back;
    size_t used, size = sugu_cctalk_encode(&frame, SUGU_CCTALK_SUM, bytes + 6);

    ck_assert(sugu_cctalk_decode(bytes, 6 + size, SUGU_CCTALK_SUM, 1, &back, &used));
    ck_assert_uint_eq(back.data[0], 7);
    ck_assert_uint_eq(used, 6 + size);
}
END_TEST

START_TEST(a_device_list_is_read)
{
    static const char text[] = "# kiosk 3\n"
                               "line /dev/ttyUSB0\n"
                               "coin 2   # acceptor\n"
                               "\n"
                               "note 40 crc\r\n"
                               "payout 3 100\n"
                               "payout 41 1000 crc";
    struct sugu_cash_settings settings;
    struct sugu_error error;

    sugu_assert_ok(sugu_cash_settings_parse(text, &settings, &error), error);
    ck_assert_str_eq(settings.line, "/dev/ttyUSB0");
    ck_assert_uint_eq(settings.count, 4);
    ck_assert_uint_eq(settings.places[0].address, 2);
    ck_assert_int_eq(settings.places[0].kind, SUGU_CASH_COIN_ACCEPTOR);
    ck_assert_int_eq(settings.places[1].kind, SUGU_CASH_NOTE_ACCEPTOR);
    ck_assert_int_eq(settings.places[1].check, SUGU_CCTALK_CRC);
    ck_assert_int_eq(settings.places[2].unit, SUGU_CASH_100);
    ck_assert_int_eq(settings.places[2].check, SUGU_CCTALK_SUM);
    ck_assert_int_eq(settings.places[3].check, SUGU_CCTALK_CRC);
}
END_TEST

START_TEST(a_wrong_device_list_is_refused_with_its_line)
{
    static const struct {
        const char *text, *line;
    } rows[] = {
        {"", "line 0"},
        {"line /dev/x", "line 1"},
        {"coin 2", "line 1"},
        {"line a\nline b\ncoin 2", "line 2"},
        {"line a\ncoin", "line 2"},
        {"line a\ncoin 1", "line 2"},
        {"line a\ncoin 251", "line 2"},
        {"line a\ncoin 2 x", "line 2"},
        {"line a\ncoin 2 crc x", "line 2"},
        {"line a\ncoin 2\ncoin 3", "line 3"},
        {"line a\ncoin 2\npayout 2 100", "line 3"},
        {"line a\npayout 3", "line 2"},
        {"line a\npayout 3 20", "line 2"},
        {"line a\npayout 3 100\npayout 4 100", "line 3"},
        {"line a\nhopper 3 100", "line 2"},
        {"line a b c d e", "line 1"},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct sugu_cash_settings settings;
        struct sugu_error error;

        sugu_assert_fails(sugu_cash_settings_parse(rows[i].text, &settings, &error), SUGU_REFUSED,
                          "settings.invalid", error);
        ck_assert_msg(strstr(error.detail, rows[i].line) != NULL, "%s: %s", rows[i].text,
                      error.detail);
    }
}
END_TEST

SUGU_TEST_MAIN("cctalk",
               frames_are_those_of_the_specification,
               one_wrong_bit_is_no_frame,
               a_frame_is_found_behind_noise_and_in_pieces,
               the_length_of_a_broken_frame_does_not_swallow_the_next,
               a_device_list_is_read,
               a_wrong_device_list_is_refused_with_its_line)
