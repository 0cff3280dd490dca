/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-provider-key - who we are at a provider is read from a file for our eyes only
 */
#include "payment/provider-key.h"

#include "testlib/checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *
write_key(const char *text, mode_t mode)
{
    static char path[64];
    FILE *file;
    int fd;

    snprintf(path, sizeof path, "/tmp/sugu-key-XXXXXX");
    fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    file = fdopen(fd, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
    ck_assert_int_eq(chmod(path, mode), 0);
    return path;
}

START_TEST(what_stands_in_the_file_is_read)
{
    const char *path = write_key("# of the hospital\napi-key a_QxEx\nsecret two words\n"
                                 "merchant 1234\nstore main\n",
                                 0600);
    struct sugu_provider_key key;
    struct sugu_error error;

    sugu_assert_ok(sugu_provider_key_read(path, true, &key, &error), error);
    ck_assert_str_eq(key.api_key, "a_QxEx");
    ck_assert_str_eq(key.secret, "two words");
    ck_assert_str_eq(key.merchant, "1234");
    ck_assert_str_eq(key.store, "main");
    unlink(path);
}
END_TEST

START_TEST(what_is_missing_doubled_or_unknown_is_refused)
{
    static const char *const texts[] = {
        "",
        "api-key a\n",
        "api-key a\nmerchant 1\n", /* no secret */
        "secret s\nmerchant 1\n",
        "api-key a\napi-key b\nsecret s\nmerchant 1\n",
        "api-key\nsecret s\nmerchant 1\n",
        "api-key \nsecret s\nmerchant 1\n",
        "api-key a\nsecret s\nmerchant 1\npassword x\n",
        ("api-key a\nsecret s\nmerchant "
         "00000000000000000000000000000000000000000000000000000000000000001\n"), /* one too long */
    };
    struct sugu_provider_key key;
    struct sugu_error error;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(texts); i++) {
        const char *path = write_key(texts[i], 0600);
        sugu_assert_fails(sugu_provider_key_read(path, true, &key, &error), SUGU_REFUSED,
                          "key.file", error);
        unlink(path);
    }
}
END_TEST

START_TEST(a_keeper_without_signatures_needs_no_secret)
{
    const char *path = write_key("api-key a\nmerchant 1\n", 0400);
    struct sugu_provider_key key;
    struct sugu_error error;

    sugu_assert_ok(sugu_provider_key_read(path, false, &key, &error), error);
    ck_assert_str_eq(key.secret, "");
    unlink(path);
}
END_TEST

START_TEST(a_file_that_others_can_read_is_refused)
{
    static const mode_t modes[] = {0644, 0640, 0604, 0660};
    struct sugu_provider_key key;
    struct sugu_error error;

    for (size_t i = 0; i < SUGU_ARRAY_SIZE(modes); i++) {
        const char *path = write_key("api-key a\nsecret s\nmerchant 1\n", modes[i]);
        sugu_assert_fails(sugu_provider_key_read(path, true, &key, &error), SUGU_REFUSED,
                          "key.file", error);
        unlink(path);
    }
    sugu_assert_fails(sugu_provider_key_read("/nowhere/at-all", true, &key, &error), SUGU_REFUSED,
                      "file.missing", error);
}
END_TEST

SUGU_TEST_MAIN("provider-key",
               what_stands_in_the_file_is_read,
               what_is_missing_doubled_or_unknown_is_refused,
               a_keeper_without_signatures_needs_no_secret,
               a_file_that_others_can_read_is_refused)
