/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-crypto - the encrypted envelope around each message to and from a terminal
 *
 * domain/payments.md 1.3: the keys come from a passphrase by PBKDF2-HMAC-SHA1 (salt
 * "AdyenNexoV1Salt", 4000 rounds) as 32 bytes HMAC key, 32 bytes AES key, 16 bytes IV. Each message
 * has a random nonce; IV xor nonce starts AES-256-CBC with PKCS#7; HMAC-SHA256 runs over the
 * plaintext. The clear header outside is not covered: whoever opens an envelope has to hold the
 * header inside against it (nexo-message does).
 */
#pragma once

#include "base/random.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define SUGU_NEXO_NONCE_SIZE 16
#define SUGU_NEXO_HMAC_SIZE  32

/* In locked memory; cleared by sugu_nexo_key_free. */
struct sugu_nexo_key {
    uint8_t hmac_key[32];
    uint8_t aes_key[32];
    uint8_t iv[16];
    char identifier[65];
    int64_t version;
};

/* BROKEN "bug.unexpected" where the library refuses or memory cannot be had. */
enum sugu_status sugu_nexo_key_new(const char *passphrase,
                                   const char *identifier,
                                   int64_t version,
                                   struct sugu_nexo_key **ret_key,
                                   struct sugu_error *reterr) SUGU_MUST_CHECK;
struct sugu_nexo_key *sugu_nexo_key_free(struct sugu_nexo_key *key);

/*
 * From a file of three lines, "identifier NAME", "version NUMBER", "passphrase WORDS", readable by
 * its owner only. REFUSED "key.file" with what is wrong with it.
 */
enum sugu_status sugu_nexo_key_read(const char *path,
                                    struct sugu_nexo_key **ret_key,
                                    struct sugu_error *reterr) SUGU_MUST_CHECK;

/* What stands in an envelope beside the clear header. */
struct sugu_nexo_sealed {
    uint8_t *blob; /* free with free() */
    size_t blob_size;
    uint8_t nonce[SUGU_NEXO_NONCE_SIZE];
    uint8_t hmac[SUGU_NEXO_HMAC_SIZE];
};

enum sugu_status sugu_nexo_seal(const struct sugu_nexo_key *key,
                                struct sugu_random *random,
                                const char *plain,
                                size_t size,
                                struct sugu_nexo_sealed *ret_sealed,
                                struct sugu_error *reterr) SUGU_MUST_CHECK;

/*
 * The plaintext into fresh memory (a NUL behind it, not counted); clear it and free() it. REFUSED
 * "terminal.not-trusted" where the blob is not whole or its HMAC is wrong (compared in constant
 * time); the two cannot be told apart from outside.
 */
enum sugu_status sugu_nexo_unseal(const struct sugu_nexo_key *key,
                                  const struct sugu_nexo_sealed *sealed,
                                  char **ret_plain,
                                  size_t *ret_size,
                                  struct sugu_error *reterr) SUGU_MUST_CHECK;

/* Base64 (RFC 4648, with padding). `to` has room for 4 * ((size + 2) / 3) + 1. */
void sugu_base64_encode(char *to, const uint8_t *bytes, size_t size);
/* Exactly the canonical form; false otherwise or where it does not fit. */
bool sugu_base64_decode(const char *text, uint8_t *to, size_t size_max, size_t *ret_size);
