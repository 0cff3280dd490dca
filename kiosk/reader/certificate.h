/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certificate - is this certificate one of ours to trust, and did its key sign our challenge?
 *
 * Chain and validity are checked against configured roots, at a given time. Revocation is not: only
 * notified verifiers may ask for it (domain/reliability-security.md 4.3), so a reading identifies
 * but does not prove. What a card's key can do stands in a table by the kind of the key, not in the
 * code: the next card is said to have another (domain/card-insurance.md 1.6).
 */
#pragma once

#include "base/clock.h"
#include "base/random.h"
#include "base/status.h"

#include <stdint.h>

#define SUGU_CHALLENGE_SIZE 32
/* What goes into the card to be signed, at most. */
#define SUGU_TO_SIGN_SIZE_MAX 128

struct sugu_trust;      /* the roots */
struct sugu_public_key; /* of a certificate that was found good */

/*
 * `path` is a PEM file or a folder of *.pem files. Certificates that are signed by themselves are
 * roots; others help to build chains. BROKEN "settings.invalid" where there is no root. Free with
 * sugu_trust_free (NULL is fine).
 */
enum sugu_status sugu_trust_load(const char *path,
                                 struct sugu_trust **ret_trust,
                                 struct sugu_error *reterr) SUGU_MUST_CHECK;
struct sugu_trust *sugu_trust_free(struct sugu_trust *trust);

/*
 * A certificate in DER: issued under one of the roots, valid at `now_utc`, for digital signatures,
 * with a key that we can check. REFUSED "card.not-trusted" otherwise; the detail says why without
 * naming anyone. Free the key with sugu_public_key_free (NULL is fine).
 */
enum sugu_status sugu_certificate_check(const struct sugu_trust *trust,
                                        const uint8_t *der,
                                        size_t size,
                                        sugu_time_us now_utc,
                                        struct sugu_public_key **ret_key,
                                        struct sugu_error *reterr) SUGU_MUST_CHECK;
struct sugu_public_key *sugu_public_key_free(struct sugu_public_key *key);

struct sugu_challenge {
    uint8_t bytes[SUGU_CHALLENGE_SIZE];
    uint8_t to_sign[SUGU_TO_SIGN_SIZE_MAX]; /* what the card gets: DigestInfo, or the bare hash */
    size_t to_sign_size;
};
/* A fresh one for this key. */
void sugu_challenge_make(const struct sugu_public_key *key,
                         struct sugu_random *random,
                         struct sugu_challenge *ret_challenge);
/* REFUSED "card.not-trusted" where the signature is not this key's over this challenge. */
enum sugu_status sugu_challenge_check(const struct sugu_public_key *key,
                                      const struct sugu_challenge *challenge,
                                      const uint8_t *signature,
                                      size_t size,
                                      struct sugu_error *reterr) SUGU_MUST_CHECK;
