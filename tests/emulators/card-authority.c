/* SPDX-License-Identifier: Apache-2.0 */
/*
 * card-authority - a certificate authority of the test's own, shaped like the one behind the cards
 */
#include "emulators/card-authority.h"

#include "base/files.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <stdio.h>
#include <stdlib.h>

#define FIVE_YEARS_US (INT64_C(5) * 365 * 86400 * SUGU_SECOND)

struct card_authority {
    EVP_PKEY *root_key, *issuing_key;
    X509 *root, *issuing;
    long next_serial;
};

static void
must(bool is_fine, const char *what)
{
    if (is_fine)
        return;
    fprintf(stderr, "card authority: %s\n", what);
    ERR_print_errors_fp(stderr);
    abort();
}

EVP_PKEY *
card_key_new(unsigned bits)
{
    EVP_PKEY *key = bits ? EVP_RSA_gen(bits) : EVP_EC_gen("P-384");

    must(key != NULL, "key");
    return key;
}

static void
add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;

    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    must(extension && X509_add_ext(certificate, extension, -1), "extension");
    X509_EXTENSION_free(extension);
}

struct issue {
    const char *unit, *name;
    EVP_PKEY *key;        /* that the certificate is for */
    X509 *issuer;         /* NULL = signs itself */
    EVP_PKEY *issuer_key; /* that signs */
    sugu_time_us from, until;
    long serial;
    bool is_authority;
};

static X509 *
issue(const struct issue *order)
{
    X509 *certificate = X509_new();
    X509_NAME *subject;
    time_t zero = 0;

    must(certificate != NULL, "certificate");
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), order->serial);
    X509_time_adj_ex(X509_getm_notBefore(certificate), (int)(order->from / SUGU_SECOND / 86400),
                     (long)(order->from / SUGU_SECOND % 86400), &zero);
    X509_time_adj_ex(X509_getm_notAfter(certificate), (int)(order->until / SUGU_SECOND / 86400),
                     (long)(order->until / SUGU_SECOND % 86400), &zero);
    subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "C", MBSTRING_ASC, (const uint8_t *)"JP", -1, -1, 0);
    X509_NAME_add_entry_by_txt(subject, "OU", MBSTRING_UTF8, (const uint8_t *)order->unit, -1, -1,
                               0);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const uint8_t *)order->name, -1, -1,
                               0);
    X509_set_issuer_name(certificate,
                         order->issuer ? X509_get_subject_name(order->issuer) : subject);
    must(X509_set_pubkey(certificate, order->key), "public key");
    if (order->is_authority) {
        add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
        add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    } else {
        add_extension(certificate, order->issuer, NID_key_usage, "critical,digitalSignature");
    }
    add_extension(certificate, certificate, NID_subject_key_identifier, "hash");
    must(X509_sign(certificate, order->issuer_key, EVP_sha256()) > 0, "signature");
    return certificate;
}

struct card_authority *
card_authority_new(const char *name, sugu_time_us now_utc)
{
    struct card_authority *authority = calloc(1, sizeof *authority);
    struct issue order = {
        .unit = name,
        .name = "Test Root",
        .from = now_utc - FIVE_YEARS_US,
        .until = now_utc + FIVE_YEARS_US,
        .serial = 1,
        .is_authority = true,
    };

    must(authority != NULL, "memory");
    authority->root_key = card_key_new(2048);
    authority->issuing_key = card_key_new(2048);
    order.key = order.issuer_key = authority->root_key;
    authority->root = issue(&order);
    order.name = "Test User Authentication";
    order.key = authority->issuing_key;
    order.issuer = authority->root;
    order.serial = 2;
    authority->issuing = issue(&order);
    authority->next_serial = 1000;
    return authority;
}

struct card_authority *
card_authority_free(struct card_authority *authority)
{
    if (!authority)
        return NULL;
    EVP_PKEY_free(authority->root_key);
    EVP_PKEY_free(authority->issuing_key);
    X509_free(authority->root);
    X509_free(authority->issuing);
    free(authority);
    return NULL;
}

X509 *
card_authority_issue(struct card_authority *authority,
                     const char *subject,
                     EVP_PKEY *key,
                     sugu_time_us valid_from,
                     sugu_time_us valid_until)
{
    struct issue order = {
        .unit = "Test Cards",
        .name = subject,
        .key = key,
        .issuer = authority->issuing,
        .issuer_key = authority->issuing_key,
        .from = valid_from,
        .until = valid_until,
        .serial = authority->next_serial++,
    };

    return issue(&order);
}

static void
write_certificate(const char *folder, const char *name, X509 *certificate)
{
    BIO *text = BIO_new(BIO_s_mem());
    struct sugu_error error;
    char *bytes;
    long size;

    must(text && PEM_write_bio_X509(text, certificate), "PEM");
    size = BIO_get_mem_data(text, &bytes);
    must(sugu_file_write(folder, name, bytes, (size_t)size, false, &error) == SUGU_OK, name);
    BIO_free(text);
}

void
card_authority_write(const struct card_authority *authority, const char *folder)
{
    struct sugu_error error;

    must(sugu_folder_make(folder, &error) == SUGU_OK, folder);
    write_certificate(folder, "root.pem", authority->root);
    write_certificate(folder, "issuing.pem", authority->issuing);
}

X509 *
card_authority_issuing(const struct card_authority *authority)
{
    return authority->issuing;
}
