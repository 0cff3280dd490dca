/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-crypto - the encrypted envelope around each message to and from a terminal
 */
#include "payment/terminal/nexo-crypto.h"

#include "base/files.h"
#include "base/text.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define DERIVED_SIZE  80
#define DERIVE_ROUNDS 4000
#define SALT          "AdyenNexoV1Salt"
#define BLOCK_SIZE    16

enum sugu_status
sugu_nexo_key_new(const char *passphrase,
                  const char *identifier,
                  int64_t version,
                  struct sugu_nexo_key **ret_key,
                  struct sugu_error *reterr)
{
    struct sugu_nexo_key *key = calloc(1, sizeof *key);
    uint8_t derived[DERIVED_SIZE];

    if (!key)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory for a key");
    mlock(key, sizeof *key); /* where the limit allows it; dumps are off in any case */
    if (PKCS5_PBKDF2_HMAC_SHA1(passphrase, (int)strlen(passphrase), (const uint8_t *)SALT,
                               (int)strlen(SALT), DERIVE_ROUNDS, DERIVED_SIZE, derived) != 1) {
        sugu_nexo_key_free(key);
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "key derivation failed");
    }
    memcpy(key->hmac_key, derived, 32);
    memcpy(key->aes_key, derived + 32, 32);
    memcpy(key->iv, derived + 64, 16);
    explicit_bzero(derived, sizeof derived);
    sugu_text_copy(key->identifier, sizeof key->identifier, identifier);
    key->version = version;
    *ret_key = key;
    return SUGU_OK;
}

struct sugu_nexo_key *
sugu_nexo_key_free(struct sugu_nexo_key *key)
{
    if (key) {
        explicit_bzero(key, sizeof *key);
        munlock(key, sizeof *key);
        free(key);
    }
    return NULL;
}

/* One line of the key file, cut in place: the word and what follows it. */
static bool
take_line(char *line, const char *word, const char **ret_value)
{
    size_t size = strlen(word);

    if (strncmp(line, word, size) != 0 || line[size] != ' ' || !line[size + 1])
        return false;
    *ret_value = line + size + 1;
    return true;
}

static enum sugu_status
key_from_text(char *text,
              const char *path,
              struct sugu_nexo_key **ret_key,
              struct sugu_error *reterr)
{
    const char *identifier = NULL, *version = NULL, *passphrase = NULL;
    int64_t number = 0;
    char *rest = text;

    for (char *line; (line = strsep(&rest, "\n"));)
        if (*line && *line != '#' && !take_line(line, "identifier", &identifier) &&
            !take_line(line, "version", &version) && !take_line(line, "passphrase", &passphrase))
            return sugu_fail(reterr, SUGU_REFUSED, "key.file",
                             "%s: a line is none of identifier, "
                             "version, passphrase",
                             path);
    if (!identifier || strlen(identifier) > 64 || !passphrase || strlen(passphrase) < 8 ||
        !version || !sugu_text_to_int64(version, 0, INT32_MAX, &number))
        return sugu_fail(reterr, SUGU_REFUSED, "key.file",
                         "%s: needs identifier, version (a number) and passphrase (8 characters or "
                         "more)",
                         path);
    return sugu_nexo_key_new(passphrase, identifier, number, ret_key, reterr);
}

enum sugu_status
sugu_nexo_key_read(const char *path, struct sugu_nexo_key **ret_key, struct sugu_error *reterr)
{
    enum sugu_status status;
    struct stat about;
    uint8_t *bytes;
    size_t size;

    if (stat(path, &about) == 0 && about.st_mode & 077)
        return sugu_fail(reterr, SUGU_REFUSED, "key.file", "%s: others can read it; chmod 600",
                         path);
    status = sugu_file_read(path, 4096, &bytes, &size, reterr);
    if (status)
        return status;
    status = key_from_text((char *)bytes, path, ret_key, reterr);
    explicit_bzero(bytes, size);
    free(bytes);
    return status;
}

/* IV xor nonce. */
static void
make_iv(const struct sugu_nexo_key *key, const uint8_t *nonce, uint8_t ret_iv[16])
{
    for (int i = 0; i < 16; i++)
        ret_iv[i] = key->iv[i] ^ nonce[i];
}

static bool
make_hmac(const struct sugu_nexo_key *key, const void *plain, size_t size, uint8_t ret_hmac[32])
{
    unsigned hmac_size = 0;

    return HMAC(EVP_sha256(), key->hmac_key, sizeof key->hmac_key, plain, size, ret_hmac,
                &hmac_size) &&
           hmac_size == SUGU_NEXO_HMAC_SIZE;
}

struct bytes {
    const uint8_t *at;
    size_t size;
};

/* AES-256-CBC with PKCS#7 in one go; `to` has room for the size and one block. */
static bool
run_cipher(const struct sugu_nexo_key *key,
           const uint8_t iv[16],
           bool encrypts,
           struct bytes from,
           uint8_t *to,
           size_t *ret_size)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int first = 0, last = 0;
    bool is_good =
        context && from.size < INT32_MAX - BLOCK_SIZE &&
        EVP_CipherInit_ex(context, EVP_aes_256_cbc(), NULL, key->aes_key, iv, encrypts) == 1 &&
        EVP_CipherUpdate(context, to, &first, from.at, (int)from.size) == 1 &&
        EVP_CipherFinal_ex(context, to + first, &last) == 1;

    EVP_CIPHER_CTX_free(context);
    if (is_good)
        *ret_size = (size_t)first + (size_t)last;
    return is_good;
}

enum sugu_status
sugu_nexo_seal(const struct sugu_nexo_key *key,
               struct sugu_random *random,
               const char *plain,
               size_t size,
               struct sugu_nexo_sealed *ret_sealed,
               struct sugu_error *reterr)
{
    struct sugu_nexo_sealed sealed = {.blob = malloc(size + BLOCK_SIZE)};
    uint8_t iv[16];

    random->fill(random, sealed.nonce, sizeof sealed.nonce);
    make_iv(key, sealed.nonce, iv);
    if (!sealed.blob || !make_hmac(key, plain, size, sealed.hmac) ||
        !run_cipher(key, iv, true, (struct bytes){(const uint8_t *)plain, size}, sealed.blob,
                    &sealed.blob_size)) {
        free(sealed.blob);
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "a message could not be encrypted");
    }
    *ret_sealed = sealed;
    return SUGU_OK;
}

enum sugu_status
sugu_nexo_unseal(const struct sugu_nexo_key *key,
                 const struct sugu_nexo_sealed *sealed,
                 char **ret_plain,
                 size_t *ret_size,
                 struct sugu_error *reterr)
{
    uint8_t *plain = malloc(sealed->blob_size + BLOCK_SIZE + 1);
    uint8_t hmac[SUGU_NEXO_HMAC_SIZE], iv[16];
    size_t size = 0;

    make_iv(key, sealed->nonce, iv);
    if (!plain ||
        !run_cipher(key, iv, false, (struct bytes){sealed->blob, sealed->blob_size}, plain,
                    &size) ||
        !make_hmac(key, plain, size, hmac) || CRYPTO_memcmp(hmac, sealed->hmac, sizeof hmac) != 0) {
        if (plain)
            explicit_bzero(plain, sealed->blob_size + BLOCK_SIZE);
        free(plain);
        return sugu_fail(reterr, SUGU_REFUSED, "terminal.not-trusted",
                         "a message of the terminal is not authentic");
    }
    plain[size] = '\0';
    *ret_plain = (char *)plain;
    *ret_size = size;
    return SUGU_OK;
}

void
sugu_base64_encode(char *to, const uint8_t *bytes, size_t size)
{
    EVP_EncodeBlock((unsigned char *)to, bytes, (int)size);
}

bool
sugu_base64_decode(const char *text, uint8_t *to, size_t size_max, size_t *ret_size)
{
    size_t length = strlen(text);
    size_t padding = length >= 2 ? (text[length - 1] == '=') + (text[length - 2] == '=') : 0;
    bool is_good;
    char *back;
    int size;

    /* EVP_DecodeBlock takes spaces around and bits behind: only what encodes back is canonical. */
    if (length % 4 || length / 4 * 3 > size_max || length > INT32_MAX / 2)
        return false;
    size = EVP_DecodeBlock(to, (const unsigned char *)text, (int)length);
    if (size < 0 || (size_t)size < padding)
        return false;
    back = malloc(length + 1);
    if (!back)
        return false;
    sugu_base64_encode(back, to, (size_t)size - padding);
    is_good = strcmp(back, text) == 0;
    free(back);
    if (is_good)
        *ret_size = (size_t)size - padding;
    return is_good;
}
