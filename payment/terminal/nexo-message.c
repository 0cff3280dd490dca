/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-message - nexo Retailer messages, written
 */
#include "payment/terminal/nexo-message.h"

#include "payment/terminal/nexo-message-private.h"

#include "base/clock.h"

#define PROTOCOL_VERSION "3.0"
#define TOKYO_US         (9 * 60 * SUGU_MINUTE)
#define ABORT_REASON     "MerchantAbort"

const char *
sugu_nexo_category_name(enum sugu_nexo_category category)
{
    static const char *const names[SUGU_NEXO_CATEGORY_COUNT] = {
        [SUGU_NEXO_LOGIN] = "Login",     [SUGU_NEXO_DIAGNOSIS] = "Diagnosis",
        [SUGU_NEXO_PAYMENT] = "Payment", [SUGU_NEXO_TRANSACTION_STATUS] = "TransactionStatus",
        [SUGU_NEXO_ABORT] = "Abort",
    };

    return names[category];
}

/* ISO 8601 with the zone of Japan, as terminals there expect it (1.5). */
static void
put_time(struct sugu_json_writer *writer, const char *key, int64_t utc_us)
{
    time_t seconds = (time_t)((utc_us + TOKYO_US) / SUGU_SECOND);
    char text[40] = "";
    struct tm local;

    gmtime_r(&seconds, &local);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S+09:00", &local);
    sugu_json_put_text(writer, key, text);
}

static void
put_header(struct sugu_json_writer *writer, const struct sugu_nexo_header *header)
{
    bool has_version =
        header->category == SUGU_NEXO_LOGIN || header->category == SUGU_NEXO_DIAGNOSIS;

    sugu_json_open(writer, "MessageHeader", '{');
    if (has_version)
        sugu_json_put_text(writer, "ProtocolVersion", PROTOCOL_VERSION);
    sugu_json_put_text(writer, "MessageClass", "Service");
    sugu_json_put_text(writer, "MessageCategory", sugu_nexo_category_name(header->category));
    sugu_json_put_text(writer, "MessageType", "Request");
    sugu_json_put_text(writer, "ServiceID", header->service_id);
    sugu_json_put_text(writer, "SaleID", header->sale_id);
    sugu_json_put_text(writer, "POIID", header->poi_id);
    sugu_json_close(writer, '}');
}

/* Up to the opening of the body, "PaymentRequest" … */
static void
begin(struct sugu_json_writer *writer, const struct sugu_nexo_header *header)
{
    char body[48];

    snprintf(body, sizeof body, "%sRequest", sugu_nexo_category_name(header->category));
    sugu_json_open(writer, NULL, '{');
    sugu_json_open(writer, "SaleToPOIRequest", '{');
    put_header(writer, header);
    sugu_json_open(writer, body, '{');
}

static bool
end(struct sugu_json_writer *writer)
{
    sugu_json_close(writer, '}');
    sugu_json_close(writer, '}');
    sugu_json_close(writer, '}');
    return !writer->is_full;
}

bool
sugu_nexo_write_login(struct sugu_json_writer *writer,
                      const struct sugu_nexo_header *header,
                      int64_t utc_us)
{
    begin(writer, header);
    put_time(writer, "DateTime", utc_us);
    sugu_json_open(writer, "SaleSoftware", '{');
    sugu_json_put_text(writer, "ManufacturerID", "Sugu");
    sugu_json_put_text(writer, "ApplicationName", "sugu-payment");
    sugu_json_put_text(writer, "SoftwareVersion", SUGU_VERSION);
    sugu_json_put_text(writer, "CertificationCode", "");
    sugu_json_close(writer, '}');
    sugu_json_put_text(writer, "OperatorLanguage", "ja");
    return end(writer);
}

bool
sugu_nexo_write_diagnosis(struct sugu_json_writer *writer, const struct sugu_nexo_header *header)
{
    begin(writer, header);
    sugu_json_put_bool(writer, "HostDiagnosisFlag", false);
    return end(writer);
}

bool
sugu_nexo_write_payment(struct sugu_json_writer *writer,
                        const struct sugu_nexo_header *header,
                        const struct sugu_terminal_request *request)
{
    begin(writer, header);
    sugu_json_open(writer, "SaleData", '{');
    sugu_json_open(writer, "SaleTransactionID", '{');
    sugu_json_put_text(writer, "TransactionID", request->transaction_id);
    put_time(writer, "TimeStamp", request->utc_us);
    sugu_json_close(writer, '}');
    sugu_json_close(writer, '}');
    sugu_json_open(writer, "PaymentTransaction", '{');
    sugu_json_open(writer, "AmountsReq", '{');
    sugu_json_put_text(writer, "Currency", "JPY");
    sugu_json_put_whole(writer, "RequestedAmount", request->amount_yen);
    sugu_json_close(writer, '}');
    sugu_json_close(writer, '}');
    sugu_json_open(writer, "PaymentData", '{');
    sugu_json_put_text(writer, "PaymentType", "Normal");
    sugu_json_close(writer, '}');
    return end(writer);
}

static void
put_reference(struct sugu_json_writer *writer,
              const struct sugu_nexo_header *header,
              const char *payment)
{
    sugu_json_open(writer, "MessageReference", '{');
    sugu_json_put_text(writer, "MessageCategory", sugu_nexo_category_name(SUGU_NEXO_PAYMENT));
    sugu_json_put_text(writer, "ServiceID", payment);
    sugu_json_put_text(writer, "SaleID", header->sale_id);
    sugu_json_put_text(writer, "POIID", header->poi_id);
    sugu_json_close(writer, '}');
}

bool
sugu_nexo_write_status(struct sugu_json_writer *writer,
                       const struct sugu_nexo_header *header,
                       const char *payment)
{
    begin(writer, header);
    put_reference(writer, header, payment);
    sugu_json_put_bool(writer, "ReceiptReprintFlag", false);
    return end(writer);
}

bool
sugu_nexo_write_abort(struct sugu_json_writer *writer,
                      const struct sugu_nexo_header *header,
                      const char *payment)
{
    begin(writer, header);
    put_reference(writer, header, payment);
    sugu_json_put_text(writer, "AbortReason", ABORT_REASON);
    return end(writer);
}

static void
put_trailer(struct sugu_json_writer *writer,
            const struct sugu_nexo_key *key,
            const struct sugu_nexo_sealed *sealed)
{
    char nonce[4 * SUGU_NEXO_NONCE_SIZE], hmac[4 * SUGU_NEXO_HMAC_SIZE];

    sugu_base64_encode(nonce, sealed->nonce, sizeof sealed->nonce);
    sugu_base64_encode(hmac, sealed->hmac, sizeof sealed->hmac);
    sugu_json_open(writer, "SecurityTrailer", '{');
    sugu_json_put_whole(writer, "AdyenCryptoVersion", SUGU_NEXO_CRYPTO_VERSION);
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
    put_header(envelope, header);
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
