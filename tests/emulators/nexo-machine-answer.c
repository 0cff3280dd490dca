/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nexo-machine-answer - the emulated terminal's messages: opened, written, sealed
 */
#include "emulators/nexo-machine-private.h"

#include "base/text.h"

#include <assert.h>

#define CARD_MASKED "541333 **** 9999"
#define TIME_STAMP  "2024-04-01T00:00:00.000Z"

/* ---- opening */

static bool
read_trailer(const struct sugu_json *json, int trailer, struct sugu_nexo_sealed *sealed)
{
    uint8_t bytes[96];
    char text[128];
    size_t size;

    if (!sugu_json_text(json, sugu_json_at(json, trailer, "Nonce"), text, sizeof text) ||
        !sugu_base64_decode(text, bytes, sizeof bytes, &size) || size != sizeof sealed->nonce)
        return false;
    memcpy(sealed->nonce, bytes, size);
    if (!sugu_json_text(json, sugu_json_at(json, trailer, "Hmac"), text, sizeof text) ||
        !sugu_base64_decode(text, bytes, sizeof bytes, &size) || size != sizeof sealed->hmac)
        return false;
    memcpy(sealed->hmac, bytes, size);
    return true;
}

static bool
unseal(const struct sugu_emulated_machine *machine,
       const char *body,
       size_t size,
       struct emulated_request *request)
{
    struct sugu_nexo_sealed sealed = {.blob = malloc(size + 1)};
    char *text = malloc(size + 1);
    size_t plain_size = 0;
    int message;
    bool is_good = text && sealed.blob && !sugu_json_parse(&request->json, body, size, NULL);

    message = is_good ? sugu_json_at(&request->json, 0, "SaleToPOIRequest") : -1;
    is_good = is_good &&
              sugu_json_text(&request->json, sugu_json_at(&request->json, message, "NexoBlob"),
                             text, size + 1) &&
              sugu_base64_decode(text, sealed.blob, size, &sealed.blob_size) &&
              read_trailer(&request->json, sugu_json_at(&request->json, message, "SecurityTrailer"),
                           &sealed) &&
              !sugu_nexo_unseal(machine->key, &sealed, &request->plain, &plain_size, NULL) &&
              !sugu_json_parse(&request->json, request->plain, plain_size, NULL);
    free(sealed.blob);
    free(text);
    return is_good;
}

bool
emulated_open_request(const struct sugu_emulated_machine *machine,
                      const char *body,
                      size_t size,
                      struct emulated_request *request)
{
    const struct sugu_json *json = &request->json;
    char name[48];
    int header;

    if (!unseal(machine, body, size, request))
        return false;
    header = sugu_json_at(json, 0, "SaleToPOIRequest.MessageHeader");
    if (!sugu_json_is(json, sugu_json_at(json, header, "ProtocolVersion"), "3.0") ||
        !sugu_json_text(json, sugu_json_at(json, header, "MessageClass"), request->class,
                        sizeof request->class) ||
        !sugu_json_text(json, sugu_json_at(json, header, "MessageCategory"), request->category,
                        sizeof request->category) ||
        !sugu_json_text(json, sugu_json_at(json, header, "ServiceID"), request->service_id, 11) ||
        !sugu_json_text(json, sugu_json_at(json, header, "SaleID"), request->sale_id,
                        sizeof request->sale_id) ||
        !sugu_json_text(json, sugu_json_at(json, header, "POIID"), request->poi_id,
                        sizeof request->poi_id))
        return false;
    snprintf(name, sizeof name, "%sRequest", request->category);
    request->body = sugu_json_at(json, sugu_json_at(json, 0, "SaleToPOIRequest"), name);
    return request->body >= 0 && strcmp(request->poi_id, SUGU_EMULATED_POI) == 0;
}

/* ---- envelopes */

static void
put_header(struct sugu_json_writer *writer,
           const struct emulated_request *request,
           const char *category,
           const char *service_id,
           const char *poi_id)
{
    sugu_json_open(writer, "MessageHeader", '{');
    sugu_json_put_text(writer, "ProtocolVersion", "3.0");
    sugu_json_put_text(writer, "SaleID", request->sale_id);
    sugu_json_put_text(writer, "MessageClass", request->class);
    sugu_json_put_text(writer, "MessageCategory", category);
    sugu_json_put_text(writer, "ServiceID", service_id);
    sugu_json_put_text(writer, "POIID", poi_id);
    sugu_json_put_text(writer, "MessageType", "Response");
    sugu_json_close(writer, '}');
}

static void
put_envelope(struct sugu_json_writer *writer,
             const struct sugu_nexo_key *key,
             const struct sugu_nexo_sealed *sealed)
{
    char *blob = malloc(sealed->blob_size * 2 + 8);
    char nonce[64], hmac[64];

    assert(blob);
    sugu_base64_encode(blob, sealed->blob, sealed->blob_size);
    sugu_base64_encode(nonce, sealed->nonce, sizeof sealed->nonce);
    sugu_base64_encode(hmac, sealed->hmac, sizeof sealed->hmac);
    sugu_json_put_text(writer, "NexoBlob", blob);
    sugu_json_open(writer, "SecurityTrailer", '{');
    sugu_json_put_text(writer, "KeyIdentifier", key->identifier);
    sugu_json_put_whole(writer, "KeyVersion", key->version);
    sugu_json_put_whole(writer, "AdyenCryptoVersion", 1);
    sugu_json_put_text(writer, "Nonce", nonce);
    sugu_json_put_text(writer, "Hmac", hmac);
    sugu_json_close(writer, '}');
    free(blob);
}

/* A message that is being written: begun, its members put, then ended into an envelope. */
struct reply {
    char text[EMULATED_MESSAGE_MAX];
    struct sugu_json_writer writer;
    const struct sugu_emulated_machine *machine;
    const struct emulated_request *request;
    enum emulated_fault fault;
    const char *service_id, *poi_id; /* as they stand in the header */
};

static struct reply *
begin_reply(const struct sugu_emulated_machine *machine,
            const struct emulated_request *request,
            enum emulated_fault fault)
{
    struct reply *reply = malloc(sizeof *reply);
    char name[48];

    assert(reply);
    snprintf(name, sizeof name, "%sResponse", request->category);
    reply->machine = machine;
    reply->request = request;
    reply->fault = fault;
    reply->writer = (struct sugu_json_writer){.to = reply->text, .size = sizeof reply->text};
    reply->service_id = fault == FAULT_WRONG_SERVICE_ID ? "WRONG" : request->service_id;
    reply->poi_id = fault == FAULT_WRONG_POI_ID ? "EMU400-999999999" : request->poi_id;
    sugu_json_open(&reply->writer, NULL, '{');
    sugu_json_open(&reply->writer, "SaleToPOIResponse", '{');
    put_header(&reply->writer, request, request->category, reply->service_id, reply->poi_id);
    sugu_json_open(&reply->writer, name, '{');
    return reply;
}

/* Ends the message and puts it into its envelope; frees the reply. */
static char *
end_reply(struct reply *reply)
{
    const struct sugu_emulated_machine *machine = reply->machine;
    struct sugu_json_writer envelope = {.size = 2 * reply->writer.length + 4096};
    struct sugu_nexo_sealed sealed;

    for (int i = 0; i < 3; i++)
        sugu_json_close(&reply->writer, '}');
    assert(!reply->writer.is_full);
    if (sugu_nexo_seal(machine->key, machine->random, reply->text, reply->writer.length, &sealed,
                       NULL))
        abort();
    if (reply->fault == FAULT_BAD_HMAC)
        sealed.hmac[7] ^= 0x10;
    envelope.to = malloc(envelope.size);
    assert(envelope.to);
    sugu_json_open(&envelope, NULL, '{');
    sugu_json_open(&envelope, "SaleToPOIResponse", '{');
    put_header(&envelope, reply->request, reply->request->category,
               reply->fault == FAULT_SWAPPED_HEADER ? "SWAPPED" : reply->service_id, reply->poi_id);
    put_envelope(&envelope, machine->key, &sealed);
    sugu_json_close(&envelope, '}');
    sugu_json_close(&envelope, '}');
    assert(!envelope.is_full);
    free(sealed.blob);
    free(reply);
    return envelope.to;
}

/* ---- parts */

/* `condition` "" = Success, or Partial; `additional` "" = none. */
static void
put_response(struct reply *reply, const char *condition, bool is_partial, const char *additional)
{
    struct sugu_json_writer *writer = &reply->writer;
    const char *pan = reply->machine->pan;
    char text[512];

    snprintf(text, sizeof text, "%s%s%s%s%s", *condition ? "message=emulated " : "",
             *condition ? pan : "", *condition && *additional ? "&" : "", additional,
             *pan ? "&cardHolderName=x" : "");
    if (*pan)
        snprintf(text + strlen(text), sizeof text - strlen(text), "&cardSummary=%s", pan);
    sugu_json_open(writer, "Response", '{');
    if (*condition)
        sugu_json_put_text(writer, "ErrorCondition", condition);
    if (*text)
        sugu_json_put_text(writer, "AdditionalResponse", text);
    sugu_json_put_text(writer, "Result",
                       *condition   ? "Failure"
                       : is_partial ? "Partial"
                                    : "Success");
    sugu_json_close(writer, '}');
}

/* A whole number, or what a double would make of it. */
static void
put_yen(struct sugu_json_writer *writer, const char *key, int64_t yen, bool is_double)
{
    sugu_json_put_whole(writer, key, yen);
    if (!is_double)
        return;
    assert(writer->length + 4 < writer->size);
    memcpy(writer->to + writer->length, ".00", 4);
    writer->length += 3;
}

/* What every deed's answer has: how the terminal calls it. */
static void
put_provider_id(struct reply *reply, const struct emulated_row *row)
{
    struct sugu_json_writer *writer = &reply->writer;
    const char *pan = reply->machine->pan;
    char id[128];

    snprintf(id, sizeof id, "EMU%06u.%s%s", row->number, row->service_id, pan);
    sugu_json_open(writer, "POIData", '{');
    sugu_json_open(writer, "POITransactionID", '{');
    sugu_json_put_text(writer, "TransactionID", id);
    sugu_json_put_text(writer, "TimeStamp", *pan ? pan : TIME_STAMP);
    sugu_json_close(writer, '}');
    if (*pan)
        sugu_json_put_text(writer, "POIReconciliationID", pan);
    sugu_json_close(writer, '}');
}

static void
put_card(struct reply *reply)
{
    struct sugu_json_writer *writer = &reply->writer;
    const char *pan = reply->machine->pan;

    sugu_json_open(writer, "PaymentInstrumentData", '{');
    sugu_json_open(writer, "CardData", '{');
    sugu_json_put_text(writer, "MaskedPan", *pan ? pan : CARD_MASKED);
    sugu_json_put_text(writer, "PaymentBrand", *pan ? pan : "mc");
    if (reply->fault == FAULT_CARD_DATA) {
        sugu_json_open(writer, "SensitiveCardData", '{');
        sugu_json_put_text(writer, "PAN", "5413330089099999");
        sugu_json_close(writer, '}');
    }
    sugu_json_close(writer, '}');
    sugu_json_put_text(writer, "PaymentInstrumentType", "Card");
    sugu_json_close(writer, '}');
}

/* The receipts, which nobody reads: a terminal sends them all the same. */
static void
put_receipt(struct reply *reply)
{
    struct sugu_json_writer *writer = &reply->writer;
    char line[160];

    if (!*reply->machine->pan)
        return;
    snprintf(line, sizeof line, "name=PAN&value=%s", reply->machine->pan);
    sugu_json_open(writer, "PaymentReceipt", '[');
    sugu_json_open(writer, NULL, '{');
    sugu_json_put_text(writer, "DocumentQualifier", "CustomerReceipt");
    sugu_json_open(writer, "OutputContent", '{');
    sugu_json_open(writer, "OutputText", '[');
    sugu_json_open(writer, NULL, '{');
    sugu_json_put_text(writer, "Text", line);
    sugu_json_close(writer, '}');
    sugu_json_close(writer, ']');
    sugu_json_close(writer, '}');
    sugu_json_close(writer, '}');
    sugu_json_close(writer, ']');
}

static void
put_paid(struct reply *reply, const struct emulated_row *row)
{
    struct sugu_json_writer *writer = &reply->writer;
    const char *pan = reply->machine->pan;

    sugu_json_open(writer, "PaymentResult", '{');
    sugu_json_put_bool(writer, "OnlineFlag", true);
    sugu_json_open(writer, "AmountsResp", '{');
    sugu_json_put_text(writer, "Currency", "JPY");
    if (reply->fault != FAULT_NO_AMOUNT)
        put_yen(writer, "AuthorizedAmount", row->approved_yen, reply->fault == FAULT_DOUBLE_AMOUNT);
    sugu_json_close(writer, '}');
    put_card(reply);
    sugu_json_open(writer, "PaymentAcquirerData", '{');
    sugu_json_put_text(writer, "MerchantID", *pan ? pan : "EMULATED");
    sugu_json_put_text(writer, "ApprovalCode", *pan ? pan : "123456");
    sugu_json_close(writer, '}');
    sugu_json_close(writer, '}');
    put_receipt(reply);
}

/* The amount is a copy that may be missing; with a fault, or where it differs, it is there. */
static void
put_given_back(struct reply *reply, const struct emulated_row *row)
{
    struct sugu_json_writer *writer = &reply->writer;

    if (reply->fault == FAULT_DOUBLE_AMOUNT ||
        (row->approved_yen != row->asked_yen && reply->fault != FAULT_NO_AMOUNT))
        put_yen(writer, "ReversedAmount", row->approved_yen, reply->fault == FAULT_DOUBLE_AMOUNT);
    if (reply->fault == FAULT_CARD_DATA) {
        sugu_json_open(writer, "SensitiveCardData", '{');
        sugu_json_put_text(writer, "PAN", "5413330089099999");
        sugu_json_close(writer, '}');
    }
    put_receipt(reply);
}

/* ---- answers */

/* The members of a PaymentResponse or ReversalResponse. */
static void
put_row(struct reply *reply, const struct emulated_row *row)
{
    const struct sugu_emulated_machine *machine = reply->machine;
    bool is_approved = !*row->condition;
    bool is_reversal = row->deed == SUGU_TERMINAL_REVERSE;
    bool is_partial =
        row->approved_yen < row->asked_yen || (is_reversal && reply->fault == FAULT_NO_AMOUNT);
    char additional[320] = "", token[160];

    if (is_approved && row->deed == SUGU_TERMINAL_REGISTER && !row->has_no_token) {
        snprintf(token, sizeof token, "%s", machine->token);
        if (!*token)
            snprintf(token, sizeof token, "TOK%06uQZRW44SX", row->number);
        snprintf(additional, sizeof additional,
                 "expiryMonth=11&expiryYear=2027&recurring.recurringDetailReference=%s", token);
    }
    put_response(reply, row->condition, is_partial, additional);
    put_provider_id(reply, row);
    if (is_approved && is_reversal)
        put_given_back(reply, row);
    else if (is_approved)
        put_paid(reply, row);
}

char *
emulated_reply_condition(const struct sugu_emulated_machine *machine,
                         const struct emulated_request *request,
                         const char *condition)
{
    struct reply *reply = begin_reply(machine, request, FAULT_NONE);

    put_response(reply, condition, false, "");
    return end_reply(reply);
}

char *
emulated_reply_row(const struct sugu_emulated_machine *machine,
                   const struct emulated_request *request,
                   const struct emulated_row *row,
                   enum emulated_fault fault)
{
    struct reply *reply = begin_reply(machine, request, fault);

    put_row(reply, row);
    return end_reply(reply);
}

char *
emulated_reply_repeated(const struct sugu_emulated_machine *machine,
                        const struct emulated_request *request,
                        const struct emulated_row *row)
{
    struct reply *reply = begin_reply(machine, request, FAULT_NONE);
    bool is_reversal = row->deed == SUGU_TERMINAL_REVERSE;

    put_response(reply, "", false, "");
    sugu_json_open(&reply->writer, "RepeatedMessageResponse", '{');
    put_header(&reply->writer, request, is_reversal ? "Reversal" : "Payment", row->service_id,
               request->poi_id);
    sugu_json_open(&reply->writer, "RepeatedResponseMessageBody", '{');
    sugu_json_open(&reply->writer, is_reversal ? "ReversalResponse" : "PaymentResponse", '{');
    put_row(reply, row);
    for (int i = 0; i < 3; i++)
        sugu_json_close(&reply->writer, '}');
    return end_reply(reply);
}

char *
emulated_reply_diagnosis(const struct sugu_emulated_machine *machine,
                         const struct emulated_request *request)
{
    struct reply *reply = begin_reply(machine, request, FAULT_NONE);

    put_response(reply, "", false, "");
    sugu_json_open(&reply->writer, "POIStatus", '{');
    sugu_json_put_text(&reply->writer, "GlobalStatus",
                       emulated_is_running(machine) ? "Busy" : machine->diagnosis);
    sugu_json_put_bool(&reply->writer, "CommunicationOKFlag", true);
    sugu_json_close(&reply->writer, '}');
    return end_reply(reply);
}

char *
emulated_reply_display(const struct sugu_emulated_machine *machine,
                       const struct emulated_request *request,
                       const char *condition)
{
    struct reply *reply = begin_reply(machine, request, FAULT_NONE);

    sugu_json_open(&reply->writer, "OutputResult", '[');
    sugu_json_open(&reply->writer, NULL, '{');
    sugu_json_put_text(&reply->writer, "Device", "CustomerDisplay");
    sugu_json_put_text(&reply->writer, "InfoQualify", "Display");
    put_response(reply, condition, false, "");
    sugu_json_close(&reply->writer, '}');
    sugu_json_close(&reply->writer, ']');
    return end_reply(reply);
}

static void
put_total(struct sugu_json_writer *writer, const char *type, int64_t count, int64_t yen)
{
    if (count == 0)
        return;
    sugu_json_open(writer, NULL, '{');
    sugu_json_put_text(writer, "TransactionType", type);
    sugu_json_put_whole(writer, "TransactionCount", count);
    sugu_json_put_whole(writer, "TransactionAmount", yen);
    sugu_json_close(writer, '}');
}

char *
emulated_reply_totals(const struct sugu_emulated_machine *machine,
                      const struct emulated_request *request,
                      const struct emulated_period *period)
{
    struct reply *reply = begin_reply(machine, request, FAULT_NONE);
    struct sugu_json_writer *writer = &reply->writer;

    put_response(reply, "", false, "");
    sugu_json_put_whole(writer, "POIReconciliationID", period->number);
    if (strcmp(request->category, "Reconciliation") == 0)
        sugu_json_put_text(writer, "ReconciliationType", "SaleReconciliation");
    sugu_json_open(writer, "TransactionTotals", '[');
    sugu_json_open(writer, NULL, '{');
    sugu_json_put_text(writer, "PaymentInstrumentType", "Card");
    sugu_json_put_text(writer, "CardBrand", *machine->pan ? machine->pan : "mc");
    sugu_json_put_text(writer, "PaymentCurrency", "JPY");
    sugu_json_open(writer, "PaymentTotals", '[');
    put_total(writer, "Debit", period->debits, period->debit_yen);
    put_total(writer, "Credit", period->credits, period->credit_yen);
    sugu_json_close(writer, ']');
    sugu_json_close(writer, '}');
    sugu_json_close(writer, ']');
    return end_reply(reply);
}
