/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paypay-signature - the Authorization header of PayPay's Open Payment API
 */
#include "payment/code/paypay-signature.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MD5_TEXT    25 /* base64 of 16 bytes, with the NUL */
#define SHA256_TEXT 45

static void
hash_body(const struct sugu_paypay_signed *what, char to[MD5_TEXT])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    if (!context || EVP_DigestInit_ex(context, EVP_md5(), NULL) != 1 ||
        EVP_DigestUpdate(context, what->content_type, strlen(what->content_type)) != 1 ||
        EVP_DigestUpdate(context, what->body, strlen(what->body)) != 1 ||
        EVP_DigestFinal_ex(context, digest, &size) != 1 || size != 16)
        abort();
    EVP_MD_CTX_free(context);
    EVP_EncodeBlock((unsigned char *)to, digest, (int)size);
}

/* HMAC-SHA256 of the parts with a line feed between each two. */
static void
sign_parts(const char *secret, const char *const *parts, size_t count, char to[SHA256_TEXT])
{
    EVP_MAC *algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *context = EVP_MAC_CTX_new(algorithm);
    char digest_name[] = "SHA256";
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("digest", digest_name, 0),
                               OSSL_PARAM_construct_end()};
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t size = 0;

    if (!context || EVP_MAC_init(context, (const uint8_t *)secret, strlen(secret), parameters) != 1)
        abort();
    for (size_t i = 0; i < count; i++)
        if ((i > 0 && EVP_MAC_update(context, (const uint8_t *)"\n", 1) != 1) ||
            EVP_MAC_update(context, (const uint8_t *)parts[i], strlen(parts[i])) != 1)
            abort();
    if (EVP_MAC_final(context, digest, &size, sizeof digest) != 1 || size != 32)
        abort();
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(algorithm);
    EVP_EncodeBlock((unsigned char *)to, digest, (int)size);
}

void
sugu_paypay_sign(const struct sugu_paypay_key *key,
                 const struct sugu_paypay_signed *what,
                 char to[SUGU_PAYPAY_HEADER_SIZE])
{
    char hash[MD5_TEXT] = "empty", epoch[24], signature[SHA256_TEXT];
    const char *parts[] = {
        what->path, what->method, what->nonce, epoch, what->body ? what->content_type : "empty",
        hash};

    snprintf(epoch, sizeof epoch, "%lld", (long long)what->epoch_s);
    if (what->body)
        hash_body(what, hash);
    sign_parts(key->secret, parts, SUGU_ARRAY_SIZE(parts), signature);
    snprintf(to, SUGU_PAYPAY_HEADER_SIZE, "Authorization: hmac OPA-Auth:%s:%s:%s:%s:%s",
             key->api_key, signature, what->nonce, epoch, hash);
}
