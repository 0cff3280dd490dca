/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-nexo-crypto - the encrypted envelope, held against the published derivation
 */
#include "payment/terminal/nexo-crypto.h"

#include "base/text.h"
#include "testlib/checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct sugu_nexo_key *
make_key(const char *passphrase)
{
    struct sugu_nexo_key *key;
    struct sugu_error error;

    sugu_assert_ok(sugu_nexo_key_new(passphrase, "id", 1, &key, &error), error);
    return key;
}

/* The vector of domain/payments.md 1.3. */
START_TEST(the_keys_are_those_of_the_test_vector)
{
    struct sugu_nexo_key *key = make_key("mysupersecretpassphrase");
    char hex[65];

    sugu_hex_from_bytes(hex, key->hmac_key, 32);
    ck_assert_str_eq(hex, "633651f2a778f91ef37ca2eae92d2f8e58073b766d26899967dc1202c1444742");
    sugu_hex_from_bytes(hex, key->aes_key, 32);
    ck_assert_str_eq(hex, "89b3399a5c77fc0c38762ba1529488d19b4daf8360a2ef3f7a0b06d23c89b12a");
    sugu_hex_from_bytes(hex, key->iv, 16);
    ck_assert_str_eq(hex, "17be85c2e52ba327bdce1910f4c2c7de");
    sugu_nexo_key_free(key);
}
END_TEST

START_TEST(a_message_goes_there_and_back)
{
    struct sugu_nexo_key *key = make_key("mysupersecretpassphrase");
    struct sugu_random_seeded seeded;

    sugu_random_seeded_init(&seeded, 5);
    for (size_t size = 0; size < 40; size++) {
        char plain[48] = "{\"SaleToPOIRequest\":{\"山\":1,\"x\":[2,3,4,5]}}", *back;
        struct sugu_nexo_sealed sealed;
        struct sugu_error error;
        size_t back_size;

        sugu_assert_ok(sugu_nexo_seal(key, &seeded.random, plain, size, &sealed, &error), error);
        ck_assert_uint_eq(sealed.blob_size, (size / 16 + 1) * 16);
        sugu_assert_ok(sugu_nexo_unseal(key, &sealed, &back, &back_size, &error), error);
        ck_assert_uint_eq(back_size, size);
        ck_assert_mem_eq(back, plain, size);
        free(back);
        free(sealed.blob);
    }
    sugu_nexo_key_free(key);
}
END_TEST

static void
assert_refused(const struct sugu_nexo_key *key, const struct sugu_nexo_sealed *sealed)
{
    struct sugu_error error;
    size_t size;
    char *plain;

    sugu_assert_fails(sugu_nexo_unseal(key, sealed, &plain, &size, &error), SUGU_REFUSED,
                      "terminal.not-trusted", error);
}

START_TEST(every_changed_bit_is_refused)
{
    struct sugu_nexo_key *key = make_key("mysupersecretpassphrase");
    struct sugu_nexo_key *other = make_key("mysupersecretpassphrasf");
    struct sugu_nexo_sealed sealed;
    struct sugu_error error;

    sugu_assert_ok(sugu_nexo_seal(key, sugu_random_system(), "thirty-two bytes of plain text!", 31,
                                  &sealed, &error),
                   error);
    for (size_t bit = 0; bit < sealed.blob_size * 8; bit++) {
        sealed.blob[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_refused(key, &sealed);
        sealed.blob[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t bit = 0; bit < sizeof sealed.hmac * 8; bit++) {
        sealed.hmac[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_refused(key, &sealed);
        sealed.hmac[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t bit = 0; bit < sizeof sealed.nonce * 8; bit++) {
        sealed.nonce[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_refused(key, &sealed);
        sealed.nonce[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_refused(other, &sealed);
    sealed.blob_size -= 16;
    assert_refused(key, &sealed);
    sealed.blob_size -= 3;
    assert_refused(key, &sealed);
    sealed.blob_size = 0;
    assert_refused(key, &sealed);
    free(sealed.blob);
    sugu_nexo_key_free(key);
    sugu_nexo_key_free(other);
}
END_TEST

START_TEST(two_messages_never_have_the_same_nonce)
{
    struct sugu_nexo_key *key = make_key("mysupersecretpassphrase");
    struct sugu_nexo_sealed a, b;
    struct sugu_error error;

    sugu_assert_ok(sugu_nexo_seal(key, sugu_random_system(), "x", 1, &a, &error), error);
    sugu_assert_ok(sugu_nexo_seal(key, sugu_random_system(), "x", 1, &b, &error), error);
    ck_assert_mem_ne(a.nonce, b.nonce, sizeof a.nonce);
    ck_assert_mem_ne(a.blob, b.blob, a.blob_size);
    free(a.blob);
    free(b.blob);
    sugu_nexo_key_free(key);
}
END_TEST

START_TEST(base64_takes_the_canonical_form_only)
{
    static const char *const wrong[] = {
        "QQ", "QQ=", "QR==", "Q===", "====", " QQ==", "QQ==\n", "QQ==QQ==", "Q-==", "QUJ=", "A"};
    uint8_t bytes[16];
    size_t size;
    char text[16];

    ck_assert(sugu_base64_decode("", bytes, sizeof bytes, &size));
    ck_assert_uint_eq(size, 0);
    ck_assert(sugu_base64_decode("QUJD", bytes, sizeof bytes, &size));
    ck_assert_uint_eq(size, 3);
    ck_assert(sugu_base64_decode("QQ==", bytes, sizeof bytes, &size));
    ck_assert_uint_eq(size, 1);
    ck_assert(!sugu_base64_decode("QUJD", bytes, 2, &size));
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(wrong); i++)
        ck_assert_msg(!sugu_base64_decode(wrong[i], bytes, sizeof bytes, &size), "%s", wrong[i]);
    sugu_base64_encode(text, (const uint8_t *)"AB", 2);
    ck_assert_str_eq(text, "QUI=");
}
END_TEST

static void
write_key_file(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
    chmod(path, mode);
}

START_TEST(the_key_file_is_private_and_complete)
{
    static const char good[] =
        "# terminal 3\nidentifier kiosk-3\nversion 2\npassphrase a b c d e\n";
    static const char *const wrong[] = {
        "identifier k\nversion 2\n",
        "identifier k\npassphrase long enough\n",
        "identifier k\nversion two\npassphrase long enough\n",
        "identifier k\nversion 2\npassphrase short\n",
        "identifier k\nversion 2\npassphrase long enough\npin 1234\n",
        "",
    };
    char folder[] = "/tmp/sugu-key-XXXXXX", path[64];
    struct sugu_nexo_key *key;
    struct sugu_error error;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/key", folder);
    write_key_file(path, good, 0600);
    sugu_assert_ok(sugu_nexo_key_read(path, &key, &error), error);
    ck_assert_str_eq(key->identifier, "kiosk-3");
    ck_assert_int_eq(key->version, 2);
    sugu_nexo_key_free(key);
    for (size_t i = 0; i < SUGU_ARRAY_SIZE(wrong); i++) {
        write_key_file(path, wrong[i], 0600);
        sugu_assert_fails(sugu_nexo_key_read(path, &key, &error), SUGU_REFUSED, "key.file", error);
        ck_assert_ptr_null(strstr(error.detail, "long enough"));
    }
    write_key_file(path, good, 0640);
    sugu_assert_fails(sugu_nexo_key_read(path, &key, &error), SUGU_REFUSED, "key.file", error);
    unlink(path);
    sugu_assert_fails(sugu_nexo_key_read(path, &key, &error), SUGU_REFUSED, "file.missing", error);
    rmdir(folder);
}
END_TEST

SUGU_TEST_MAIN("nexo-crypto",
               the_keys_are_those_of_the_test_vector,
               a_message_goes_there_and_back,
               every_changed_bit_is_refused,
               two_messages_never_have_the_same_nonce,
               base64_takes_the_canonical_form_only,
               the_key_file_is_private_and_complete)
