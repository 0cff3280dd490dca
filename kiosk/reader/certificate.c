/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certificate - is this certificate one of ours to trust, and did its key sign our challenge?
 */
#include "reader/certificate.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define HASH_SIZE_MAX 64

struct sugu_trust {
    X509_STORE *roots;
    STACK_OF(X509) * helpers; /* issuing authorities that are no roots */
    int root_count;
};

/*
 * How a kind of key signs a challenge: which hash, and what is put before it on its way into the
 * card. RSA: domain/card-insurance.md 1.3 (DigestInfo of SHA-256). The row of the next card follows
 * what has been announced (1.6: ECDSA 384 bit, SHA-384); its bytes are not published yet.
 */
struct scheme {
    int key_type;
    const char *hash;
    const uint8_t *prefix;
    size_t prefix_size;
};

static const uint8_t digest_info_sha256[] = {
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
    0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
};

static const struct scheme schemes[] = {
    {EVP_PKEY_RSA, "SHA256", digest_info_sha256, sizeof digest_info_sha256},
    {EVP_PKEY_EC, "SHA384", NULL, 0},
};

struct sugu_public_key {
    EVP_PKEY *key;
    const struct scheme *scheme;
};

static enum sugu_status
distrust(const char *why, struct sugu_error *reterr)
{
    ERR_clear_error();
    return sugu_fail(reterr, SUGU_REFUSED, "card.not-trusted", "%s", why);
}

static void
add_certificate(struct sugu_trust *trust, X509 *certificate)
{
    if (X509_get_extension_flags(certificate) & EXFLAG_SS) {
        if (X509_STORE_add_cert(trust->roots, certificate) == 1)
            trust->root_count++;
        X509_free(certificate);
    } else if (!sk_X509_push(trust->helpers, certificate)) {
        X509_free(certificate);
    }
}

static enum sugu_status
add_file(struct sugu_trust *trust, const char *path, struct sugu_error *reterr)
{
    BIO *file = BIO_new_file(path, "r");
    X509 *certificate;

    if (!file)
        return sugu_fail(reterr, SUGU_BROKEN, "settings.invalid", "roots: cannot read %s", path);
    while ((certificate = PEM_read_bio_X509(file, NULL, NULL, NULL)))
        add_certificate(trust, certificate);
    BIO_free(file);
    ERR_clear_error(); /* the end of the file counts as an error */
    return SUGU_OK;
}

static int
is_pem(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return length > 4 && strcmp(entry->d_name + length - 4, ".pem") == 0;
}

static enum sugu_status
add_folder(struct sugu_trust *trust, const char *path, struct sugu_error *reterr)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_pem, alphasort);
    enum sugu_status status = SUGU_OK;

    if (count < 0)
        return sugu_fail(reterr, SUGU_BROKEN, "settings.invalid", "roots: %s: %s", path,
                         strerror(errno));
    for (int i = 0; i < count; i++) {
        char name[1024];

        if (status == SUGU_OK) {
            snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
            status = add_file(trust, name, reterr);
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

enum sugu_status
sugu_trust_load(const char *path, struct sugu_trust **ret_trust, struct sugu_error *reterr)
{
    struct sugu_trust *trust = calloc(1, sizeof *trust);
    struct stat info;
    enum sugu_status status;

    if (!trust)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    trust->roots = X509_STORE_new();
    trust->helpers = sk_X509_new_null();
    if (stat(path, &info) != 0)
        status = sugu_fail(reterr, SUGU_BROKEN, "settings.invalid", "roots: %s: %s", path,
                           strerror(errno));
    else if (S_ISDIR(info.st_mode))
        status = add_folder(trust, path, reterr);
    else
        status = add_file(trust, path, reterr);
    if (status == SUGU_OK && trust->root_count == 0)
        status = sugu_fail(reterr, SUGU_BROKEN, "settings.invalid",
                           "roots: no root certificate in %s", path);
    if (status != SUGU_OK) {
        sugu_trust_free(trust);
        return status;
    }
    *ret_trust = trust;
    return SUGU_OK;
}

struct sugu_trust *
sugu_trust_free(struct sugu_trust *trust)
{
    if (trust) {
        X509_STORE_free(trust->roots);
        sk_X509_pop_free(trust->helpers, X509_free);
        free(trust);
    }
    return NULL;
}

static enum sugu_status
check_chain(const struct sugu_trust *trust,
            X509 *certificate,
            sugu_time_us now_utc,
            struct sugu_error *reterr)
{
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    enum sugu_status status = SUGU_OK;

    if (!context || X509_STORE_CTX_init(context, trust->roots, certificate, trust->helpers) != 1) {
        X509_STORE_CTX_free(context);
        return distrust("chain cannot be built", reterr);
    }
    X509_STORE_CTX_set_time(context, 0, (time_t)(now_utc / SUGU_SECOND));
    if (X509_verify_cert(context) != 1)
        status = distrust(X509_verify_cert_error_string(X509_STORE_CTX_get_error(context)), reterr);
    X509_STORE_CTX_free(context);
    if (status == SUGU_OK && !(X509_get_key_usage(certificate) & KU_DIGITAL_SIGNATURE))
        status = distrust("certificate is not for signatures", reterr);
    return status;
}

static enum sugu_status
take_key(X509 *certificate, struct sugu_public_key **ret_key, struct sugu_error *reterr)
{
    EVP_PKEY *key = X509_get_pubkey(certificate);
    struct sugu_public_key *holder;

    for (size_t i = 0; key && i < SUGU_ARRAY_SIZE(schemes); i++) {
        if (EVP_PKEY_get_base_id(key) != schemes[i].key_type)
            continue;
        holder = malloc(sizeof *holder);
        assert(holder);
        *holder = (struct sugu_public_key){key, schemes + i};
        *ret_key = holder;
        return SUGU_OK;
    }
    EVP_PKEY_free(key);
    return distrust("kind of key is not known", reterr);
}

enum sugu_status
sugu_certificate_check(const struct sugu_trust *trust,
                       const uint8_t *der,
                       size_t size,
                       sugu_time_us now_utc,
                       struct sugu_public_key **ret_key,
                       struct sugu_error *reterr)
{
    const uint8_t *end = der;
    X509 *certificate = d2i_X509(NULL, &end, (long)size);
    enum sugu_status status;

    if (!certificate)
        return distrust("not a certificate", reterr);
    status = check_chain(trust, certificate, now_utc, reterr);
    if (status == SUGU_OK)
        status = take_key(certificate, ret_key, reterr);
    X509_free(certificate);
    return status;
}

struct sugu_public_key *
sugu_public_key_free(struct sugu_public_key *key)
{
    if (key) {
        EVP_PKEY_free(key->key);
        free(key);
    }
    return NULL;
}

void
sugu_challenge_make(const struct sugu_public_key *key,
                    struct sugu_random *random,
                    struct sugu_challenge *ret_challenge)
{
    const struct scheme *scheme = key->scheme;
    size_t hash_size = 0;
    int is_hashed;

    random->fill(random, ret_challenge->bytes, sizeof ret_challenge->bytes);
    if (scheme->prefix_size)
        memcpy(ret_challenge->to_sign, scheme->prefix, scheme->prefix_size);
    static_assert(sizeof digest_info_sha256 + HASH_SIZE_MAX <= SUGU_TO_SIGN_SIZE_MAX, "room");
    is_hashed =
        EVP_Q_digest(NULL, scheme->hash, NULL, ret_challenge->bytes, sizeof ret_challenge->bytes,
                     ret_challenge->to_sign + scheme->prefix_size, &hash_size);
    assert(is_hashed == 1);
    (void)is_hashed;
    ret_challenge->to_sign_size = scheme->prefix_size + hash_size;
}

enum sugu_status
sugu_challenge_check(const struct sugu_public_key *key,
                     const struct sugu_challenge *challenge,
                     const uint8_t *signature,
                     size_t size,
                     struct sugu_error *reterr)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_right =
        context &&
        EVP_DigestVerifyInit_ex(context, NULL, key->scheme->hash, NULL, NULL, key->key, NULL) ==
            1 &&
        EVP_DigestVerify(context, signature, size, challenge->bytes, sizeof challenge->bytes) == 1;

    EVP_MD_CTX_free(context);
    return is_right ? SUGU_OK : distrust("signature is not of the certificate's key", reterr);
}
