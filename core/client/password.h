/* SPDX-License-Identifier: Apache-2.0 */
/*
 * password - what a desk sends instead of a password, and what the server keeps of it
 *
 * Argon2id (libsodium, the limits of an interactive sign-in) is computed where the person types,
 * salted with facility and user name; the server keeps and compares a hash of that proof. Guessing
 * from a stolen database therefore costs an Argon2id for each try, and the server's loop is never
 * held by one ("server relief", libsodium's documentation of password hashing).
 */
#pragma once

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define SUGU_PASSWORD_PROOF_SIZE    32
#define SUGU_PASSWORD_VERIFIER_SIZE 65 /* hexadecimal with the NUL */
#define SUGU_PASSWORD_MIN           8  /* characters, for new ones */

/* Takes some 0.1 s and 64 MiB: not on a loop that draws. BROKEN "bug.unexpected" without memory. */
enum sugu_status sugu_password_proof(uint32_t facility,
                                     const char *staff,
                                     const char *password,
                                     uint8_t ret_proof[SUGU_PASSWORD_PROOF_SIZE],
                                     struct sugu_error *reterr);

/* What the table staff keeps. */
void sugu_password_verifier(const uint8_t proof[SUGU_PASSWORD_PROOF_SIZE],
                            char ret_text[SUGU_PASSWORD_VERIFIER_SIZE]);
/* Compares without telling by its time where they differ. */
bool sugu_password_verify(const uint8_t *proof, size_t size, const char *verifier);
