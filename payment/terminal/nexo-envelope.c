/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-envelope - messages into their envelopes and out of them, and what has to be true of both
 */
#include "payment/terminal/nexo-message-private.h"

#define CRYPTO_VERSION 1

/* ---- closing */

static void
put_trailer(struct sugu_json_writer *writer,
            const struct sugu_nexo_key *key,
            const struct sugu_nexo_sealed *sealed)
{
    char nonce[4 * SUGU_NEXO_NONCE_SIZE], hmac[4 * SUGU_NEXO_HMAC_SIZE];

    sugu_base64_encode(nonce, sealed->nonce, sizeof sealed->nonce);
    sugu_base64_encode(hmac, sealed->hmac, sizeof sealed->hmac);
    sugu_json_open(writer, "SecurityTrailer", '{');
    sugu_json_put_whole(writer, "AdyenCryptoVersion", CRYPTO_VERSION);
    sugu_json_put_text(writer, "KeyIdentifier", key->identifier);
    sugu_json_put_whole(writer, "KeyVersion", key->version);
    sugu_json_put_text(writer, "Nonce", nonce);
    sugu_json_put_text(writer, "Hmac", hmac);
    sugu_json_close(writer, '}');
}

enum sugu_status
sugu_nexo_wrap(const struct sugu_nexo_key *key,
               struct sugu_random *random,
               const struct sugu_nexo_header *header,
               const struct sugu_json_writer *message,
               struct sugu_json_writer *envelope,
               struct sugu_error *reterr)
{
    struct sugu_nexo_sealed sealed;
    enum sugu_status status =
        sugu_nexo_seal(key, random, message->to, message->length, &sealed, reterr);
    char *blob;

    if (status)
        return status;
    blob = malloc(4 * (sealed.blob_size + 2) / 3 + 8);
    if (!blob) {
        free(sealed.blob);
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory for a message");
    }
    sugu_base64_encode(blob, sealed.blob, sealed.blob_size);
    sugu_json_open(envelope, NULL, '{');
    sugu_json_open(envelope, "SaleToPOIRequest", '{');
    sugu_nexo_put_header(envelope, header);
    sugu_json_put_text(envelope, "NexoBlob", blob);
    put_trailer(envelope, key, &sealed);
    sugu_json_close(envelope, '}');
    sugu_json_close(envelope, '}');
    free(blob);
    free(sealed.blob);
    if (envelope->is_full)
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "a message is too large");
    return SUGU_OK;
}

/* ---- headers */

/* False where a member is there and is no text that fits. */
static bool
read_member(const struct sugu_json *json, int node, const char *key, char *to, size_t size)
{
    int member = sugu_json_at(json, node, key);

    memset(to, 0, size);
    return member < 0 || sugu_json_text(json, member, to, size);
}

bool
sugu_nexo_read_header(const struct sugu_json *json, int node, struct sugu_nexo_seen *ret_seen)
{
    struct sugu_nexo_seen *header = ret_seen;

    return node >= 0 &&
           read_member(json, node, "MessageClass", header->class, sizeof header->class) &&
           read_member(json, node, "MessageCategory", header->category, sizeof header->category) &&
           read_member(json, node, "MessageType", header->type, sizeof header->type) &&
           read_member(json, node, "ServiceID", header->service, sizeof header->service) &&
           read_member(json, node, "DeviceID", header->device, sizeof header->device) &&
           read_member(json, node, "ProtocolVersion", header->version, sizeof header->version) &&
           read_member(json, node, "SaleID", header->sale, sizeof header->sale) &&
           read_member(json, node, "POIID", header->poi, sizeof header->poi);
}

static bool
is_equal(const struct sugu_nexo_seen *a, const struct sugu_nexo_seen *b)
{
    return strcmp(a->class, b->class) == 0 && strcmp(a->category, b->category) == 0 &&
           strcmp(a->type, b->type) == 0 && strcmp(a->service, b->service) == 0 &&
           strcmp(a->device, b->device) == 0 && strcmp(a->version, b->version) == 0 &&
           strcmp(a->sale, b->sale) == 0 && strcmp(a->poi, b->poi) == 0;
}

bool
sugu_nexo_is_answer_to(const struct sugu_nexo_seen *header,
                       enum sugu_nexo_category category,
                       const struct sugu_nexo_header *asked,
                       const char *service_id)
{
    return strcmp(header->class, sugu_nexo_category_class(category)) == 0 &&
           strcmp(header->type, "Response") == 0 &&
           strcmp(header->category, sugu_nexo_category_name(category)) == 0 &&
           strcmp(header->service, service_id) == 0 && strcmp(header->sale, asked->sale_id) == 0 &&
           strcmp(header->poi, asked->poi_id) == 0;
}

/* ---- opening */

/* Base64 text of exactly `size` bytes. */
static bool
read_bytes(const struct sugu_json *json, int node, uint8_t *to, size_t size)
{
    char text[128];
    uint8_t bytes[96];
    size_t got;

    if (!sugu_json_text(json, node, text, sizeof text) ||
        !sugu_base64_decode(text, bytes, sizeof bytes, &got) || got != size)
        return false;
    memcpy(to, bytes, size);
    return true;
}

/* NexoBlob and SecurityTrailer of the envelope at `node`; all members are mandatory (1.3). */
static bool
read_sealed(const struct sugu_json *json,
            int node,
            const struct sugu_nexo_key *key,
            struct sugu_nexo_sealed *ret_sealed)
{
    int blob = sugu_json_at(json, node, "NexoBlob");
    int trailer = sugu_json_at(json, node, "SecurityTrailer");
    size_t size = blob < 0 ? 0 : json->nodes[blob].size + 1;
    struct sugu_nexo_sealed sealed = {.blob = malloc(size + 4)};
    char *text = malloc(size + 4);
    int64_t ignored;
    bool is_good =
        sealed.blob && text &&
        sugu_json_whole(json, sugu_json_at(json, trailer, "AdyenCryptoVersion"), CRYPTO_VERSION,
                        CRYPTO_VERSION, &ignored) &&
        sugu_json_is(json, sugu_json_at(json, trailer, "KeyIdentifier"), key->identifier) &&
        sugu_json_whole(json, sugu_json_at(json, trailer, "KeyVersion"), key->version, key->version,
                        &ignored) &&
        read_bytes(json, sugu_json_at(json, trailer, "Nonce"), sealed.nonce, sizeof sealed.nonce) &&
        read_bytes(json, sugu_json_at(json, trailer, "Hmac"), sealed.hmac, sizeof sealed.hmac) &&
        sugu_json_text(json, blob, text, size + 4) &&
        sugu_base64_decode(text, sealed.blob, size + 4, &sealed.blob_size);

    free(text);
    if (is_good)
        *ret_sealed = sealed;
    else
        free(sealed.blob);
    return is_good;
}

/* What the plaintext has to be before anything in it counts. */
static enum sugu_status
check_inside(const struct sugu_json *json,
             const struct sugu_nexo_seen *outside,
             const struct sugu_nexo_header *asked,
             struct sugu_error *reterr)
{
    struct sugu_nexo_seen inside;

    if (sugu_json_has_key(json, "SensitiveCardData") || sugu_json_has_key(json, "TrackData"))
        return sugu_fail(reterr, SUGU_REFUSED, "terminal.not-trusted",
                         "the terminal sends card data; it has to be set up not to");
    if (!sugu_nexo_read_header(json, sugu_json_at(json, 0, "SaleToPOIResponse.MessageHeader"),
                               &inside) ||
        !is_equal(&inside, outside))
        return sugu_fail(reterr, SUGU_REFUSED, "terminal.not-trusted",
                         "header inside the envelope unlike the one outside");
    if (!sugu_nexo_is_answer_to(&inside, asked->category, asked, asked->service_id))
        return sugu_fail(reterr, SUGU_REFUSED, "terminal.wrong-answer",
                         "asked %s, answered something else",
                         sugu_nexo_category_name(asked->category));
    return SUGU_OK;
}

static void
clear(char *plain, size_t size)
{
    explicit_bzero(plain, size);
    free(plain);
}

enum sugu_status
sugu_nexo_unwrap(const struct sugu_nexo_key *key,
                 const struct sugu_nexo_header *asked,
                 const char *text,
                 struct sugu_json *json,
                 char **ret_plain,
                 struct sugu_error *reterr)
{
    enum sugu_status status = sugu_json_parse(json, text, strlen(text), reterr);
    struct sugu_nexo_sealed sealed;
    struct sugu_nexo_seen outside;
    size_t plain_size;
    char *plain;
    int message;

    if (status)
        return status;
    message = sugu_json_at(json, 0, "SaleToPOIResponse");
    if (!sugu_nexo_read_header(json, sugu_json_at(json, message, "MessageHeader"), &outside) ||
        !read_sealed(json, message, key, &sealed))
        return sugu_fail(reterr, SUGU_REFUSED, "message.malformed", "no envelope of this key");
    status = sugu_nexo_unseal(key, &sealed, &plain, &plain_size, reterr);
    free(sealed.blob);
    if (status)
        return status;
    status = sugu_json_parse(json, plain, plain_size, reterr);
    if (!status)
        status = check_inside(json, &outside, asked, reterr);
    if (status)
        clear(plain, plain_size);
    else
        *ret_plain = plain;
    return status;
}
