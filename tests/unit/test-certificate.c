/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test-certificate - roots out of files, chains, and signatures over a challenge
 */
#include "emulators/card-authority.h"
#include "reader/certificate.h"

#include "testlib/checks.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOW  (INT64_C(1790000000) * SUGU_SECOND) /* a day in 2026 */
#define YEAR (INT64_C(365) * 86400 * SUGU_SECOND)

static struct card_authority *authority;

START_TEST(roots_that_are_none_are_refused)
{
    struct sugu_trust *trust = NULL;
    struct sugu_error error;
    char folder[] = "/tmp/sugu-roots-XXXXXX", path[128];

    sugu_assert_fails(sugu_trust_load("/nowhere", &trust, &error), SUGU_BROKEN, "settings.invalid",
                      error);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    sugu_assert_fails(sugu_trust_load(folder, &trust, &error), SUGU_BROKEN, "settings.invalid",
                      error);
    card_authority_write(authority, folder);
    snprintf(path, sizeof path, "%s/issuing.pem", folder);
    sugu_assert_fails(sugu_trust_load(path, &trust, &error), SUGU_BROKEN, "settings.invalid",
                      error);
    unlink(path);
    snprintf(path, sizeof path, "%s/root.pem", folder);
    sugu_assert_ok(sugu_trust_load(path, &trust, &error), error);
    sugu_trust_free(trust);
    unlink(path);
    rmdir(folder);
}
END_TEST

static struct sugu_trust *
load(const char *only)
{
    struct sugu_trust *trust = NULL;
    struct sugu_error error;
    char folder[] = "/tmp/sugu-roots-XXXXXX", path[128];

    ck_assert_ptr_nonnull(mkdtemp(folder));
    card_authority_write(authority, folder);
    snprintf(path, sizeof path, "%s/%s", folder, only);
    sugu_assert_ok(sugu_trust_load(path, &trust, &error), error);
    snprintf(path, sizeof path, "rm -r '%s'", folder);
    ck_assert_int_eq(system(path), 0);
    return trust;
}

static enum sugu_status
check(const struct sugu_trust *trust,
      X509 *certificate,
      sugu_time_us now,
      struct sugu_public_key **key,
      struct sugu_error *error)
{
    uint8_t der[4096], *end = der;
    int size = i2d_X509(certificate, &end);

    ck_assert_int_gt(size, 0);
    return sugu_certificate_check(trust, der, (size_t)size, now, key, error);
}

START_TEST(a_chain_needs_all_its_links_and_its_time)
{
    struct sugu_trust *whole = load(""), *root_only = load("root.pem");
    EVP_PKEY *pair = card_key_new(0);
    X509 *certificate = card_authority_issue(authority, "card", pair, NOW, NOW + YEAR);
    struct sugu_public_key *key = NULL;
    struct sugu_error error;

    sugu_assert_ok(check(whole, certificate, NOW, &key, &error), error);
    key = sugu_public_key_free(key);
    sugu_assert_ok(check(whole, certificate, NOW + YEAR - SUGU_SECOND, &key, &error), error);
    key = sugu_public_key_free(key);
    sugu_assert_fails(check(root_only, certificate, NOW, &key, &error), SUGU_REFUSED,
                      "card.not-trusted", error);
    sugu_assert_fails(check(whole, certificate, NOW - 2 * SUGU_SECOND, &key, &error), SUGU_REFUSED,
                      "card.not-trusted", error);
    sugu_assert_fails(check(whole, certificate, NOW + YEAR + 2 * SUGU_SECOND, &key, &error),
                      SUGU_REFUSED, "card.not-trusted", error);
    /* An authority is no card, however good its chain is. */
    sugu_assert_fails(check(whole, card_authority_issuing(authority), NOW, &key, &error),
                      SUGU_REFUSED, "card.not-trusted", error);
    ck_assert_ptr_null(key);
    X509_free(certificate);
    EVP_PKEY_free(pair);
    sugu_trust_free(whole);
    sugu_trust_free(root_only);
}
END_TEST

START_TEST(bytes_that_are_no_certificate_are_not_trusted)
{
    struct sugu_trust *trust = load("");
    struct sugu_public_key *key = NULL;
    struct sugu_error error;

    for (size_t size = 0; size < 8; size++)
        sugu_assert_fails(sugu_certificate_check(trust, (const uint8_t *)"\x30\x82\x01\x00zzz",
                                                 size, NOW, &key, &error),
                          SUGU_REFUSED, "card.not-trusted", error);
    sugu_trust_free(trust);
}
END_TEST

START_TEST(a_challenge_is_fresh_and_its_digest_is_what_the_card_signs)
{
    static const uint8_t head[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                   0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
    struct sugu_trust *trust = load("");
    EVP_PKEY *pair = card_key_new(2048);
    X509 *certificate = card_authority_issue(authority, "card", pair, NOW - YEAR, NOW + YEAR);
    struct sugu_challenge first, second;
    struct sugu_random_seeded random;
    struct sugu_public_key *key = NULL;
    struct sugu_error error;
    uint8_t signature[256] = {0};

    sugu_assert_ok(check(trust, certificate, NOW, &key, &error), error);
    sugu_random_seeded_init(&random, 1);
    sugu_challenge_make(key, &random.random, &first);
    sugu_challenge_make(key, &random.random, &second);
    ck_assert_uint_eq(first.to_sign_size, 51);
    ck_assert_mem_eq(first.to_sign, head, sizeof head);
    ck_assert_mem_ne(first.bytes, second.bytes, sizeof first.bytes);
    ck_assert_mem_ne(first.to_sign, second.to_sign, first.to_sign_size);
    sugu_assert_fails(sugu_challenge_check(key, &first, signature, sizeof signature, &error),
                      SUGU_REFUSED, "card.not-trusted", error);
    sugu_assert_fails(sugu_challenge_check(key, &first, signature, 0, &error), SUGU_REFUSED,
                      "card.not-trusted", error);
    sugu_public_key_free(key);
    X509_free(certificate);
    EVP_PKEY_free(pair);
    sugu_trust_free(trust);
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {
        roots_that_are_none_are_refused,
        a_chain_needs_all_its_links_and_its_time,
        bytes_that_are_no_certificate_are_not_trusted,
        a_challenge_is_fresh_and_its_digest_is_what_the_card_signs,
    };
    int status;

    authority = card_authority_new("Sugu Test", NOW);
    status = sugu_run_tests("certificate", tests, SUGU_ARRAY_SIZE(tests), 30);
    card_authority_free(authority);
    return status;
}
