/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-web-hooks - the signature and the body of a message hook, its pauses, its settings
 */
#include "web/hooks.h"
#include "web/site.h"

#include "testlib/checks.h"
#include "testlib/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

START_TEST(a_signature_is_that_of_the_standard)
{
    /* Made with: printf '%s.%s' TIME BODY | openssl dgst -sha256 -hmac KEY */
    struct web_hook_key key = {(uint8_t *)"0123456789abcdef0123456789abcdef", 32};
    char text[WEB_SIGNATURE_SIZE];

    web_signature_make(&key, 1767225600, "{\"version\":1,\"notice\":7}", text);
    ck_assert_str_eq(text, "v1=417f0f62b5284c2f191af0978fa3d25e5c4b10fc681ae0d7a2dd316bda7a91d4");
    /* Time and body are kept apart: moving the dot makes another message. */
    char other[WEB_SIGNATURE_SIZE];
    web_signature_make(&key, 176722560, "0{\"version\":1,\"notice\":7}", other);
    ck_assert_str_ne(text, other);
}
END_TEST

static void
write_key(const char *path, const char *text, mode_t mode)
{
    ck_assert(g_file_set_contents(path, text, -1, NULL));
    ck_assert_int_eq(chmod(path, mode), 0);
}

START_TEST(a_key_is_long_and_nobody_elses)
{
    char *folder = sugu_test_folder_new(), path[200];
    struct web_hook_key key;
    struct sugu_error error;

    snprintf(path, sizeof path, "%s/key", folder);
    sugu_assert_fails(web_hook_key_read(path, &key, &error), SUGU_REFUSED, "file.missing", error);
    write_key(path, "0123456789abcde\n", 0600);
    sugu_assert_fails(web_hook_key_read(path, &key, &error), SUGU_REFUSED, "hook.key", error);
    write_key(path, "0123456789abcdef\r\n", 0640);
    sugu_assert_fails(web_hook_key_read(path, &key, &error), SUGU_REFUSED, "hook.key", error);
    write_key(path, "0123456789abcdef\r\n", 0600);
    sugu_assert_ok(web_hook_key_read(path, &key, &error), error);
    ck_assert_uint_eq(key.size, 16); /* without its line end */
    web_hook_key_done(&key);
    sugu_test_folder_free(folder);
}
END_TEST

START_TEST(a_body_says_what_and_never_who)
{
    uint8_t token[16] = {0xab, 0xcd};
    struct web_hooks_settings settings = {.page_base = "https://phone.example/t/", .facility = 3};
    Sugu__Notice notice = SUGU__NOTICE__INIT;
    GString *body = g_string_new(NULL);

    notice.notice = 7;
    notice.kind = SUGU__NOTICE_KIND__NOTICE_SOON;
    notice.number = (char *)"A-\"042";
    notice.token = (ProtobufCBinaryData){16, token};
    notice.made_utc_us = INT64_C(1767225600) * SUGU_SECOND;
    web_hook_body(body, &settings, &notice);
    ck_assert_str_eq(body->str,
                     "{\"version\":1,\"facility\":3,\"notice\":7,\"kind\":\"soon-your-turn\","
                     "\"number\":\"A-\\\"042\",\"token\":\"abcd0000000000000000000000000000\","
                     "\"made\":\"2026-01-01T00:00:00Z\","
                     "\"page\":\"https://phone.example/t/abcd0000000000000000000000000000\"}");
    settings.page_base = "";
    g_string_truncate(body, 0);
    web_hook_body(body, &settings, &notice);
    ck_assert_ptr_null(strstr(body->str, "page"));
    g_string_free(body, TRUE);
}
END_TEST

START_TEST(pauses_double_up_to_the_longest)
{
    static const int64_t seconds[] = {1, 1, 2, 4, 8, 16, 32, 60, 60};

    for (unsigned i = 0; i < SUGU_ARRAY_SIZE(seconds); i++)
        ck_assert_int_eq(web_hook_pause_us(SUGU_SECOND, SUGU_MINUTE, i), seconds[i] * SUGU_SECOND);
    ck_assert_int_eq(web_hook_pause_us(SUGU_SECOND, SUGU_MINUTE, 4000000000U), SUGU_MINUTE);
}
END_TEST

START_TEST(a_message_is_not_sent_in_the_open)
{
    static const struct {
        const char *url;
        bool is_fine;
    } rows[] = {
        {"https://hooks.hospital.example/sugu", true},
        {"http://127.0.0.1:8080/x", true},
        {"http://[::1]/x", true},
        {"http://localhost/x", true},
        {"http://hooks.hospital.example/sugu", false},
        {"http://127.0.0.1.example/x", false},
        {"https://user:secret@hooks.hospital.example/", false}, /* it would stand in --help */
        {"ftp://hooks.hospital.example/", false},
        {"https:///x", false},
        {"hooks.hospital.example", false},
    };

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(rows); i++) {
        struct web_hooks_settings settings = {.url = rows[i].url, .page_base = ""};
        struct web_figures figures = {0};
        struct web_hooks *hooks = NULL;
        struct sugu_error error;
        enum sugu_status status =
            web_hooks_new(&settings, sugu_clock_system(), &figures, &hooks, &error);
        ck_assert_msg((status == SUGU_OK) == rows[i].is_fine, "%s", rows[i].url);
        web_hooks_free(hooks);
    }
}
END_TEST

START_TEST(of_many_forwarders_the_one_beside_us_is_believed)
{
    struct web_address got, want = web_address_of((const uint8_t[]){192, 0, 2, 9}, 4);

    ck_assert(web_forwarded_address("1.2.3.4, 10.0.0.1,192.0.2.9", &got));
    ck_assert_mem_eq(&got, &want, sizeof got);
    ck_assert(web_forwarded_address(" 192.0.2.9 ", &got));
    ck_assert_mem_eq(&got, &want, sizeof got);
    ck_assert(!web_forwarded_address("1.2.3.4, unknown", &got));
    ck_assert(!web_forwarded_address("", &got));
}
END_TEST

SUGU_TEST_MAIN("web-hooks",
               a_signature_is_that_of_the_standard,
               a_key_is_long_and_nobody_elses,
               a_body_says_what_and_never_who,
               pauses_double_up_to_the_longest,
               a_message_is_not_sent_in_the_open,
               of_many_forwarders_the_one_beside_us_is_believed)
