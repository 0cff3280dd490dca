/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-kiosk-words - masked names, grouped yen, eras; the scanner's typing; the secret's memory
 */
#include "scanner.h"
#include "secret.h"
#include "words.h"

#include "testlib/checks.h"

#include <string.h>

START_TEST(a_name_shows_the_family_name_only)
{
    static const struct {
        const char *name, *shown;
    } rows[] = {
        {"山田　太郎", "山田 ●●"},
        {"山田 太郎", "山田 ●●"},
        {"LEE MINHO", "LEE ●●●●●"},
        {"山田太郎", "山 ●●●"},
        {"山", "山"},
        {"", ""},
    };
    char to[KIOSK_WORDS_SIZE];

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        ck_assert_str_eq(kiosk_words_name(to, rows[i].name), rows[i].shown);
}
END_TEST

START_TEST(a_very_long_name_fits_and_shows_nothing_more)
{
    char name[600], to[KIOSK_WORDS_SIZE];

    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    name[2] = ' ';
    kiosk_words_name(to, name);
    ck_assert_uint_lt(strlen(to), KIOSK_WORDS_SIZE);
    ck_assert_ptr_null(strstr(to, "aaa"));
}
END_TEST

START_TEST(yen_are_grouped_in_threes)
{
    static const struct {
        int64_t yen;
        const char *shown;
    } rows[] = {{0, "¥0"}, {999, "¥999"}, {1000, "¥1,000"}, {99999999, "¥99,999,999"}};
    char to[KIOSK_WORDS_SIZE];

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        ck_assert_str_eq(kiosk_words_yen(to, rows[i].yen), rows[i].shown);
}
END_TEST

START_TEST(eras_begin_on_their_day)
{
    static const struct {
        uint32_t date;
        const char *shown;
    } rows[] = {
        {20190501, "2019-5-1 (令和元年)"},
        {20190430, "2019-4-30 (平成31年)"},
        {19890108, "1989-1-8 (平成元年)"},
        {19890107, "1989-1-7 (昭和64年)"},
        {19261225, "1926-12-25 (昭和元年)"},
        {19261224, "1926-12-24 (大正15年)"},
        {19120730, "1912-7-30 (大正元年)"},
        {19120729, "1912-7-29 (明治45年)"},
        {0, ""},
    };
    char to[KIOSK_WORDS_SIZE];

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++)
        ck_assert_str_eq(kiosk_words_date(to, rows[i].date), rows[i].shown);
}
END_TEST

START_TEST(every_code_of_a_patient_has_its_text_and_others_have_none)
{
    ck_assert_str_eq(kiosk_words_code(""), "");
    ck_assert_str_eq(kiosk_words_code("printer.paper-low"), "");
    ck_assert_str_eq(kiosk_words_code("pin.wrong"), "The PIN is wrong. Please try again.");
    ck_assert_str_eq(kiosk_words_code("no.such-code"), "Please see the staff.");
}
END_TEST

/* Types a line and Enter; 10 ms between keys. */
static enum kiosk_scan
scan(struct kiosk_scanner *scanner, const char *line, struct sugu_id *ret_token)
{
    int64_t now = 10 * SUGU_SECOND;

    for (; *line; line++, now += 10 * SUGU_MS)
        kiosk_scanner_key(scanner, (uint32_t)*line, now, ret_token);
    return kiosk_scanner_key(scanner, '\r', now, ret_token);
}

START_TEST(only_a_ticket_is_a_ticket)
{
    static const struct {
        const char *line;
        enum kiosk_scan expected;
    } rows[] = {
        {"SUGU1:00112233445566778899aabbccddeeff", KIOSK_SCAN_TICKET},
        {"https://phone.example/v/00112233445566778899AABBCCDDEEFF", KIOSK_SCAN_TICKET},
        {"SUGU1:00112233445566778899aabbccddeef", KIOSK_SCAN_UNKNOWN},
        {"SUGU1:00112233445566778899aabbccddeeff0", KIOSK_SCAN_UNKNOWN},
        {"SUGU1:00000000000000000000000000000000", KIOSK_SCAN_UNKNOWN},
        {"SUGU2:00112233445566778899aabbccddeeff", KIOSK_SCAN_UNKNOWN},
        {"ftp://a/00112233445566778899aabbccddeeff", KIOSK_SCAN_UNKNOWN},
        {"4901234567894", KIOSK_SCAN_NOTHING}, /* digits belong to the keypad */
        {"", KIOSK_SCAN_NOTHING},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct kiosk_scanner scanner = {0};
        struct sugu_id token = {{0}};
        ck_assert_msg(scan(&scanner, rows[i].line, &token) == rows[i].expected, "row %zu", i);
        ck_assert_int_eq(sugu_id_is_none(&token), rows[i].expected != KIOSK_SCAN_TICKET);
        ck_assert_uint_eq(scanner.length, 0);
        ck_assert_int_eq(scanner.typed[0], 0);
    }
}
END_TEST

START_TEST(half_a_scan_is_forgotten_after_a_pause_and_a_flood_is_cut)
{
    struct kiosk_scanner scanner = {0};
    struct sugu_id token;

    kiosk_scanner_key(&scanner, 'S', 0, &token);
    kiosk_scanner_key(&scanner, 'U', 10 * SUGU_MS, &token);
    ck_assert_int_eq(kiosk_scanner_key(&scanner, '7', 5 * SUGU_SECOND, &token), KIOSK_SCAN_NOTHING);
    for (int i = 0; i < 100000; i++)
        kiosk_scanner_key(&scanner, 'x', 6 * SUGU_SECOND, &token);
    ck_assert_uint_eq(scanner.length, KIOSK_SCAN_MAX);
    ck_assert_int_eq(kiosk_scanner_key(&scanner, '\r', 6 * SUGU_SECOND, &token),
                     KIOSK_SCAN_UNKNOWN);
}
END_TEST

START_TEST(digits_are_gone_once_they_were_sent_even_in_vain)
{
    static const struct kiosk_secret nothing;
    struct kiosk_secret *secret;
    struct sugu_id presence = {{1}};
    struct sugu_error error;

    sugu_assert_ok(kiosk_secret_new(&secret, &error), error);
    for (unsigned digit = 1; digit <= 4; digit++)
        ck_assert(kiosk_secret_add(secret, digit));
    ck_assert(!kiosk_secret_add(secret, 5));
    sugu_assert_fails(kiosk_secret_send(secret, &presence, "ipc:///nowhere/reader", &error),
                      SUGU_RETRY, "reader.away", error);
    ck_assert_mem_eq(secret, &nothing, sizeof nothing);
    ck_assert(kiosk_secret_add(secret, 1));
    sugu_assert_fails(kiosk_secret_send(secret, &presence, "ipc:///nowhere/reader", &error),
                      SUGU_REFUSED, "pin.missing", error);
    ck_assert_mem_eq(secret, &nothing, sizeof nothing);
    kiosk_secret_free(secret);
}
END_TEST

START_TEST(a_birthday_is_a_day_of_some_year)
{
    static const struct {
        const char *digits;
        uint32_t birthday; /* 0 = none */
    } rows[] = {{"0401", 401}, {"0229", 229}, {"1231", 1231}, {"0230", 0},
                {"0431", 0},   {"1301", 0},   {"0001", 0},    {"0100", 0}};

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct kiosk_secret *secret;
        uint32_t birthday = 0;
        struct sugu_error error;
        sugu_assert_ok(kiosk_secret_new(&secret, &error), error);
        for (const char *digit = rows[i].digits; *digit; digit++)
            kiosk_secret_add(secret, (unsigned)(*digit - '0'));
        ck_assert_int_eq(kiosk_secret_take_birthday(secret, &birthday), rows[i].birthday != 0);
        ck_assert_uint_eq(birthday, rows[i].birthday);
        kiosk_secret_free(secret);
    }
}
END_TEST

SUGU_TEST_MAIN("kiosk-words",
               a_name_shows_the_family_name_only,
               a_very_long_name_fits_and_shows_nothing_more,
               yen_are_grouped_in_threes,
               eras_begin_on_their_day,
               every_code_of_a_patient_has_its_text_and_others_have_none,
               only_a_ticket_is_a_ticket,
               half_a_scan_is_forgotten_after_a_pause_and_a_flood_is_cut,
               digits_are_gone_once_they_were_sent_even_in_vain,
               a_birthday_is_a_day_of_some_year)
