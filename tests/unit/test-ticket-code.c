/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-ticket-code - the text of a ticket's QR code, there and back
 */
#include "domain/ticket-code.h"

#include "testlib/checks.h"

#include <string.h>

#define HEX "00112233445566778899aabbccddeeff"
static const uint8_t token[SUGU_TICKET_TOKEN_SIZE] = {
    0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};

START_TEST(without_a_phone_page_the_code_holds_the_token)
{
    char text[SUGU_TICKET_CODE_TEXT_SIZE];

    ck_assert(sugu_ticket_code_text("", token, text));
    ck_assert_str_eq(text, "SUGU1:" HEX);
}
END_TEST

START_TEST(with_a_phone_page_the_token_stands_behind_its_address)
{
    char text[SUGU_TICKET_CODE_TEXT_SIZE];

    ck_assert(sugu_ticket_code_text("https://hospital.example.jp/v/", token, text));
    ck_assert_str_eq(text, "https://hospital.example.jp/v/" HEX);
}
END_TEST

START_TEST(an_address_that_is_too_long_is_refused)
{
    char text[SUGU_TICKET_CODE_TEXT_SIZE] = "untouched", address[SUGU_TICKET_CODE_TEXT_SIZE];

    memset(address, 'a', sizeof address - 1);
    address[sizeof address - 1] = '\0';
    ck_assert(!sugu_ticket_code_text(address, token, text));
    ck_assert_str_eq(text, "untouched");
    address[SUGU_TICKET_CODE_TEXT_SIZE - 33] = '\0';
    ck_assert(sugu_ticket_code_text(address, token, text));
}
END_TEST

START_TEST(a_scanner_reads_both_forms_and_nothing_else)
{
    static const struct {
        const char *text;
        bool is_code;
    } rows[] = {
        {"SUGU1:" HEX, true},
        {" SUGU1:" HEX "\r\n", true},
        {"sugu1:00112233445566778899AABBCCDDEEFF", true},
        {"https://hospital.example.jp/v/" HEX, true},
        {"http://10.0.0.1/v?t=" HEX "\n", true},
        {"SUGU1:" HEX "0", false},
        {"SUGU1:0" HEX, false},
        {"SUGU1:00112233445566778899aabbccddeef", false},
        {"SUGU2:" HEX, false},
        {HEX, false},
        {"https://hospital.example.jp/v/0" HEX, false},
        {"https://hospital.example.jp/v/00112233445566778899aabbccddeefg", false},
        {"ftp://hospital.example.jp/v/" HEX, false},
        {"4912345678904", false},
        {"", false},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        uint8_t got[SUGU_TICKET_TOKEN_SIZE] = {0};
        ck_assert_msg(sugu_ticket_code_read(rows[i].text, got) == rows[i].is_code, "row %zu: %s", i,
                      rows[i].text);
        if (rows[i].is_code)
            ck_assert_mem_eq(got, token, sizeof token);
    }
}
END_TEST

SUGU_TEST_MAIN("ticket-code",
               without_a_phone_page_the_code_holds_the_token,
               with_a_phone_page_the_token_stands_behind_its_address,
               an_address_that_is_too_long_is_refused,
               a_scanner_reads_both_forms_and_nothing_else)
