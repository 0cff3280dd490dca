/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-message - nexo Retailer messages, written
 */
#include "payment/terminal/nexo-message-private.h"

#include "base/clock.h"

#define PROTOCOL_VERSION "3.0"
#define TOKYO_US         (9 * 60 * SUGU_MINUTE)
#define ABORT_REASON     "MerchantAbort"
#define REVERSAL_REASON  "MerchantCancel"
/* Charges without the cardholder, on no fixed day, of a card that was registered. */
#define PROCESSING_MODEL "UnscheduledCardOnFile"

/* What a message is called, and its class. */
#define NEXO_CATEGORIES(X)                                                                         \
    X(LOGIN, "Login", "Service")                                                                   \
    X(DIAGNOSIS, "Diagnosis", "Service")                                                           \
    X(PAYMENT, "Payment", "Service")                                                               \
    X(REVERSAL, "Reversal", "Service")                                                             \
    X(TRANSACTION_STATUS, "TransactionStatus", "Service")                                          \
    X(ABORT, "Abort", "Service")                                                                   \
    X(DISPLAY, "Display", "Device")                                                                \
    X(GET_TOTALS, "GetTotals", "Service")                                                          \
    X(RECONCILIATION, "Reconciliation", "Service")

static const struct {
    const char *name, *class;
} categories[SUGU_NEXO_CATEGORY_COUNT] = {
#define ROW(id, name, class) [SUGU_NEXO_##id] = {name, class},
    NEXO_CATEGORIES(ROW)
#undef ROW
};

const char *
sugu_nexo_category_name(enum sugu_nexo_category category)
{
    return categories[category].name;
}

const char *
sugu_nexo_category_class(enum sugu_nexo_category category)
{
    return categories[category].class;
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

/* The terminal's own time of a payment is given back as it came: UTC with milliseconds. */
static void
put_poi_time(struct sugu_json_writer *writer, const char *key, int64_t utc_us)
{
    time_t seconds = (time_t)(utc_us / SUGU_SECOND);
    char text[40] = "", whole[48];
    struct tm utc;

    gmtime_r(&seconds, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(whole, sizeof whole, "%s.%03dZ", text, (int)(utc_us % SUGU_SECOND / SUGU_MS));
    sugu_json_put_text(writer, key, whole);
}

void
sugu_nexo_put_header(struct sugu_json_writer *writer, const struct sugu_nexo_header *header)
{
    sugu_json_open(writer, "MessageHeader", '{');
    sugu_json_put_text(writer, "ProtocolVersion", PROTOCOL_VERSION);
    sugu_json_put_text(writer, "MessageClass", sugu_nexo_category_class(header->category));
    sugu_json_put_text(writer, "MessageCategory", sugu_nexo_category_name(header->category));
    sugu_json_put_text(writer, "MessageType", "Request");
    sugu_json_put_text(writer, "ServiceID", header->service_id);
    sugu_json_put_text(writer, "SaleID", header->sale_id);
    sugu_json_put_text(writer, "POIID", header->poi_id);
    sugu_json_close(writer, '}');
}

void
sugu_nexo_begin(struct sugu_json_writer *writer, const struct sugu_nexo_header *header)
{
    char body[48];

    snprintf(body, sizeof body, "%sRequest", sugu_nexo_category_name(header->category));
    sugu_json_open(writer, NULL, '{');
    sugu_json_open(writer, "SaleToPOIRequest", '{');
    sugu_nexo_put_header(writer, header);
    sugu_json_open(writer, body, '{');
}

bool
sugu_nexo_end(struct sugu_json_writer *writer)
{
    sugu_json_close(writer, '}');
    sugu_json_close(writer, '}');
    sugu_json_close(writer, '}');
    return !writer->is_full;
}

/* ---- sessions */

bool
sugu_nexo_write_login(struct sugu_json_writer *writer,
                      const struct sugu_nexo_header *header,
                      int64_t utc_us)
{
    sugu_nexo_begin(writer, header);
    put_time(writer, "DateTime", utc_us);
    sugu_json_open(writer, "SaleSoftware", '{');
    sugu_json_put_text(writer, "ManufacturerID", "Sugu");
    sugu_json_put_text(writer, "ApplicationName", "sugu-payment");
    sugu_json_put_text(writer, "SoftwareVersion", SUGU_VERSION);
    sugu_json_put_text(writer, "CertificationCode", "");
    sugu_json_close(writer, '}');
    sugu_json_put_text(writer, "OperatorLanguage", "ja");
    return sugu_nexo_end(writer);
}

bool
sugu_nexo_write_diagnosis(struct sugu_json_writer *writer, const struct sugu_nexo_header *header)
{
    sugu_nexo_begin(writer, header);
    sugu_json_put_bool(writer, "HostDiagnosisFlag", false);
    return sugu_nexo_end(writer);
}

bool
sugu_nexo_write_standby(struct sugu_json_writer *writer, const struct sugu_nexo_header *header)
{
    sugu_nexo_begin(writer, header);
    sugu_json_open(writer, "DisplayOutput", '[');
    sugu_json_open(writer, NULL, '{');
    sugu_json_put_text(writer, "Device", "CustomerDisplay");
    sugu_json_put_text(writer, "InfoQualify", "Display");
    sugu_json_open(writer, "OutputContent", '{');
    sugu_json_put_text(writer, "OutputFormat", "MessageRef");
    sugu_json_open(writer, "PredefinedContent", '{');
    sugu_json_put_text(writer, "ReferenceID", "Idle");
    sugu_json_close(writer, '}');
    sugu_json_close(writer, '}');
    sugu_json_close(writer, '}');
    sugu_json_close(writer, ']');
    return sugu_nexo_end(writer);
}

/* ---- deeds */

/* The token's owner is the opaque id of the registration: nothing of the patient goes out. */
static void
put_sale(struct sugu_json_writer *writer, const struct sugu_terminal_request *request)
{
    char acquirer[128];

    sugu_json_open(writer, "SaleData", '{');
    sugu_json_open(writer, "SaleTransactionID", '{');
    sugu_json_put_text(writer, "TransactionID", request->transaction_id);
    put_time(writer, "TimeStamp", request->utc_us);
    sugu_json_close(writer, '}');
    if (request->deed == SUGU_TERMINAL_REGISTER) {
        snprintf(acquirer, sizeof acquirer, "shopperReference=%s&recurringProcessingModel=%s",
                 request->transaction_id, PROCESSING_MODEL);
        sugu_json_put_text(writer, "TokenRequestedType", "Customer");
        sugu_json_put_text(writer, "SaleToAcquirerData", acquirer);
    }
    sugu_json_close(writer, '}');
}

static void
put_payment(struct sugu_json_writer *writer, const struct sugu_terminal_request *request)
{
    put_sale(writer, request);
    sugu_json_open(writer, "PaymentTransaction", '{');
    sugu_json_open(writer, "AmountsReq", '{');
    sugu_json_put_text(writer, "Currency", "JPY");
    sugu_json_put_whole(writer, "RequestedAmount", request->amount_yen);
    sugu_json_close(writer, '}');
    sugu_json_close(writer, '}');
    sugu_json_open(writer, "PaymentData", '{');
    sugu_json_put_text(writer, "PaymentType", "Normal");
    sugu_json_close(writer, '}');
}

/* The amount always stands there: "absent = all" would give back what a part refund had left. */
static void
put_reversal(struct sugu_json_writer *writer, const struct sugu_terminal_request *request)
{
    int64_t original_us = request->original_utc_us ? request->original_utc_us : request->utc_us;

    put_sale(writer, request);
    sugu_json_open(writer, "OriginalPOITransaction", '{');
    sugu_json_open(writer, "POITransactionID", '{');
    sugu_json_put_text(writer, "TransactionID", request->original_id);
    put_poi_time(writer, "TimeStamp", original_us);
    sugu_json_close(writer, '}');
    sugu_json_close(writer, '}');
    sugu_json_put_text(writer, "ReversalReason", REVERSAL_REASON);
    sugu_json_put_whole(writer, "ReversedAmount", request->amount_yen);
}

static const struct {
    enum sugu_nexo_category category;
    void (*put)(struct sugu_json_writer *writer, const struct sugu_terminal_request *request);
} deeds[] = {
    [SUGU_TERMINAL_PAY] = {SUGU_NEXO_PAYMENT, put_payment},
    [SUGU_TERMINAL_REGISTER] = {SUGU_NEXO_PAYMENT, put_payment},
    [SUGU_TERMINAL_REVERSE] = {SUGU_NEXO_REVERSAL, put_reversal},
};

enum sugu_nexo_category
sugu_nexo_category_of(enum sugu_terminal_deed deed)
{
    return deeds[deed].category;
}

bool
sugu_nexo_write_deed(struct sugu_json_writer *writer,
                     const struct sugu_nexo_header *header,
                     const struct sugu_terminal_request *request)
{
    sugu_nexo_begin(writer, header);
    deeds[request->deed].put(writer, request);
    return sugu_nexo_end(writer);
}

/* ---- about a deed */

static void
put_reference(struct sugu_json_writer *writer,
              const struct sugu_nexo_header *header,
              const struct sugu_terminal_request *request)
{
    sugu_json_open(writer, "MessageReference", '{');
    sugu_json_put_text(writer, "MessageCategory",
                       sugu_nexo_category_name(sugu_nexo_category_of(request->deed)));
    sugu_json_put_text(writer, "ServiceID", request->service_id);
    sugu_json_put_text(writer, "SaleID", header->sale_id);
    sugu_json_put_text(writer, "POIID", header->poi_id);
    sugu_json_close(writer, '}');
}

bool
sugu_nexo_write_status(struct sugu_json_writer *writer,
                       const struct sugu_nexo_header *header,
                       const struct sugu_terminal_request *request)
{
    sugu_nexo_begin(writer, header);
    put_reference(writer, header, request);
    sugu_json_put_bool(writer, "ReceiptReprintFlag", false);
    return sugu_nexo_end(writer);
}

bool
sugu_nexo_write_abort(struct sugu_json_writer *writer,
                      const struct sugu_nexo_header *header,
                      const struct sugu_terminal_request *request)
{
    sugu_nexo_begin(writer, header);
    put_reference(writer, header, request);
    sugu_json_put_text(writer, "AbortReason", ABORT_REASON);
    return sugu_nexo_end(writer);
}
