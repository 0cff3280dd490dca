/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paypay-signature - the Authorization header of PayPay's Open Payment API
 *
 * What is signed, joined by single line feeds: path without query, method, nonce, epoch in seconds,
 * content type, hash; the last two are "empty" where there is no body. The hash is base64 of MD5
 * over content type and body, one behind the other; the signature base64 of HMAC-SHA256 under the
 * API secret. The header: "hmac OPA-Auth:KEY:SIGNATURE:NONCE:EPOCH:HASH". Sources: paypay/
 * paypayopa-sdk-node src/lib/paypay-rest-sdk.ts (createAuthHeader); the example of PayPay's own
 * page api_authorization.html as quoted at zenn.dev/katoaki/articles/65cfe0ac5dac9f, with the
 * result that the unit test holds this to. (The scheme word "OPA" of domain/payments.md is wrong.)
 */
#pragma once

#include "base/status.h"

#include <stdint.h>

struct sugu_paypay_key {
    char api_key[128];
    char secret[256];
};

struct sugu_paypay_signed {
    const char *method, *path; /* the path without '?' and what follows */
    const char *content_type;  /* as in the header; NULL without body */
    const char *body;          /* NULL for none */
    const char *nonce;         /* never used again */
    int64_t epoch_s;           /* the provider takes two minutes either way */
};

#define SUGU_PAYPAY_HEADER_SIZE 512

/* "Authorization: hmac OPA-Auth:…". Aborts where OpenSSL fails, which it does without memory only.
 */
void sugu_paypay_sign(const struct sugu_paypay_key *key,
                      const struct sugu_paypay_signed *what,
                      char to[SUGU_PAYPAY_HEADER_SIZE]);
