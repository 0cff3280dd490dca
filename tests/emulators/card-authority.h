/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-authority - a certificate authority of the test's own, shaped like the one behind the cards
 *
 * A root and an issuing authority beneath it; the issuing one signs the certificates on the cards.
 * Real keys, real signatures, OpenSSL. Nothing in it is trusted by anyone but who is given its
 * files.
 */
#pragma once

#include "base/clock.h"
#include "base/macros.h"

#include <openssl/x509.h>

struct card_authority;

/* `name` stands in the subjects; valid ten years around `now_utc`. Ends the process where OpenSSL
 * fails. */
struct card_authority *card_authority_new(const char *name, sugu_time_us now_utc);
/* NULL is fine; returns NULL. */
struct card_authority *card_authority_free(struct card_authority *authority);
SUGU_DEFINE_CLEANUP(struct card_authority, card_authority_free)

/* RSA with `bits`, or with 0 an elliptic curve key (P-384), which the next card is said to have
 * (domain/card-insurance.md 1.6). Free with EVP_PKEY_free. */
EVP_PKEY *card_key_new(unsigned bits);

/* A card's certificate for `key`. Free with X509_free. */
X509 *card_authority_issue(struct card_authority *authority,
                           const char *subject,
                           EVP_PKEY *key,
                           sugu_time_us valid_from,
                           sugu_time_us valid_until);

/* Writes root.pem and issuing.pem into the folder (made if missing), as the setting `roots` of the
 * reader wants them. */
void card_authority_write(const struct card_authority *authority, const char *folder);
/* The issuing authority's own certificate; owned by the authority. */
X509 *card_authority_issuing(const struct card_authority *authority);
