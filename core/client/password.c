/* SPDX-License-Identifier: Apache-2.0 */
/*
 * password - what a desk sends instead of a password, and what the server keeps of it
 */
#include "client/password.h"

#include <sodium.h>

#include <stdio.h>
#include <string.h>

enum sugu_status
sugu_password_proof(uint32_t facility,
                    const char *staff,
                    const char *password,
                    uint8_t ret_proof[SUGU_PASSWORD_PROOF_SIZE],
                    struct sugu_error *reterr)
{
    uint8_t salt[crypto_pwhash_SALTBYTES];
    char text[64];

    snprintf(text, sizeof text, "sugu %u %s", facility, staff);
    if (sodium_init() < 0 ||
        crypto_generichash(salt, sizeof salt, (const uint8_t *)text, strlen(text), NULL, 0) != 0 ||
        crypto_pwhash(ret_proof, SUGU_PASSWORD_PROOF_SIZE, password, strlen(password), salt,
                      crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory for Argon2id");
    return SUGU_OK;
}

void
sugu_password_verifier(const uint8_t proof[SUGU_PASSWORD_PROOF_SIZE],
                       char ret_text[SUGU_PASSWORD_VERIFIER_SIZE])
{
    uint8_t hash[32];

    crypto_generichash(hash, sizeof hash, proof, SUGU_PASSWORD_PROOF_SIZE, NULL, 0);
    sodium_bin2hex(ret_text, SUGU_PASSWORD_VERIFIER_SIZE, hash, sizeof hash);
}

bool
sugu_password_verify(const uint8_t *proof, size_t size, const char *verifier)
{
    char text[SUGU_PASSWORD_VERIFIER_SIZE];

    if (size != SUGU_PASSWORD_PROOF_SIZE || strlen(verifier) != sizeof text - 1)
        return false;
    sugu_password_verifier(proof, text);
    return sodium_memcmp(text, verifier, sizeof text - 1) == 0;
}
