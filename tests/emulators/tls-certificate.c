/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls-certificate - a root of its own making, and an emulated device's certificate under it
 */
#include "emulators/tls-certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define DAY_S (24 * 60 * 60)

static bool
add_extension(X509 *certificate, X509 *issuer, int which, const char *value)
{
    X509_EXTENSION *extension;
    X509V3_CTX context;
    bool is_good;

    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, which, value);
    is_good = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return is_good;
}

/* A certificate for `key`, not signed yet. */
static X509 *
make_certificate(EVP_PKEY *key, long serial, const char *name, X509 *issuer)
{
    X509 *certificate = X509_new();
    X509_NAME *subject;

    if (!certificate)
        return NULL;
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -DAY_S);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 30 * DAY_S);
    X509_set_pubkey(certificate, key);
    subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(certificate, issuer ? X509_get_subject_name(issuer) : subject);
    return certificate;
}

static bool
write_root(const char *path, X509 *root)
{
    FILE *file = fopen(path, "w");
    bool is_good = file && PEM_write_X509(file, root) == 1;

    return file && fclose(file) == 0 && is_good;
}

bool
sugu_emulated_certify(SSL_CTX *tls, const char *root_path, const char *name)
{
    EVP_PKEY *root_key = EVP_EC_gen("P-256"), *key = EVP_EC_gen("P-256");
    X509 *root = make_certificate(root_key, 1, "Emulated devices, root", NULL);
    X509 *leaf = make_certificate(key, 2, name, root);
    bool is_good =
        root && leaf && add_extension(root, root, NID_basic_constraints, "critical,CA:TRUE") &&
        add_extension(root, root, NID_key_usage, "critical,keyCertSign") &&
        X509_sign(root, root_key, EVP_sha256()) &&
        add_extension(leaf, root, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(leaf, root, NID_subject_alt_name, "IP:127.0.0.1,DNS:terminal.test") &&
        X509_sign(leaf, root_key, EVP_sha256()) && SSL_CTX_use_certificate(tls, leaf) == 1 &&
        SSL_CTX_use_PrivateKey(tls, key) == 1 && write_root(root_path, root);

    X509_free(root);
    X509_free(leaf);
    EVP_PKEY_free(root_key);
    EVP_PKEY_free(key);
    return is_good;
}
